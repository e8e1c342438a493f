//! One receiver: a batch at a time, again and again until it is taken, refused or too old.

use std::sync::Arc;
use std::time::Duration;

use super::outbox::{Batch, Items, Outbox};
use super::{Feed, Pace, Reply, Signal, Target, Tell, loki, otlp};
use crate::clock::Clock;
use crate::model::Time;
use crate::text::serve::EN as WORDS;

/// Longest part of an answer that is told.
const LONGEST_SAID: usize = 200;

/// Sends to one target.
pub(super) struct Sender {
    feed: Arc<dyn Feed>,
    clock: Clock,
    target: Target,
    pace: Pace,
    tell: Tell,
    losses: Losses,
    /// Whether the last try failed, which has been told.
    waiting: bool,
}

/// What has not been taken since it was last told.
#[derive(Debug, Default)]
struct Losses {
    refused: u64,
    why: String,
    dropped: u64,
    told: Option<Time>,
}

/// What became of a try.
enum Tried {
    Taken,
    Refused(u64, String),
    Again(String, Option<Duration>),
}

impl Sender {
    pub(super) fn new(feed: Arc<dyn Feed>, clock: Clock, target: Target, pace: Pace, tell: Tell) -> Self {
        Self { feed, clock, target, pace, tell, losses: Losses::default(), waiting: false }
    }

    /// What happens from `start` on, until it is dropped.
    pub(super) async fn run(mut self, start: Time) {
        let mut outbox = Outbox::new(self.target.signal, nanos(start));
        loop {
            let (feed, pace, now) = (Arc::clone(&self.feed), self.pace, nanos(self.clock.now()));
            // What is new is computed, which must not hold up what else this thread does.
            let looked = tokio::task::spawn_blocking(move || {
                let batch = outbox.next(&*feed, now, &pace);
                (outbox, batch)
            });
            let Ok((back, batch)) = looked.await else {
                (self.tell)(&(WORDS.stopped)(&self.target.name));
                return;
            };
            outbox = back;
            self.losses.dropped += batch.skipped;
            let more = batch.more;
            if batch.items.len() > 0 {
                self.deliver(batch).await;
            }
            self.tell_losses();
            if !more {
                tokio::time::sleep(self.pace.tick).await;
            }
        }
    }

    async fn deliver(&mut self, batch: Batch) {
        let count = batch.items.len() as u64;
        let newest = batch.items.newest();
        let (media, body) = match &batch.items {
            Items::Lines(lines) => (loki::MEDIA, loki::body(lines)),
            Items::Spans(spans) => (otlp::MEDIA, otlp::body(spans)),
        };
        drop(batch);
        let mut wait = self.pace.first_wait;
        loop {
            match self.judge(self.target.post.post(media, body.clone()).await, count) {
                Tried::Taken => {
                    self.recovered();
                    return;
                }
                Tried::Refused(count, why) => {
                    self.recovered();
                    self.losses.refused += count;
                    self.losses.why = why;
                    return;
                }
                Tried::Again(said, asked) => {
                    // Never sooner than the receiver asks.
                    let pause = asked.map_or(wait, |asked| asked.max(wait));
                    if !self.waiting {
                        (self.tell)(&(WORDS.waiting)(&self.target.name, &said, pause.as_secs().max(1)));
                    }
                    self.waiting = true;
                    self.tell_losses();
                    tokio::time::sleep(pause).await;
                    wait = (wait * 2).min(self.pace.longest_wait);
                }
            }
            let lag = self.pace.max_lag.num_nanoseconds().unwrap_or(i64::MAX);
            if newest < nanos(self.clock.now()).saturating_sub(lag) {
                self.losses.dropped += count;
                return;
            }
        }
    }

    /// 429 and whatever may pass is tried again; what else is no success is the batch's own fault.
    fn judge(&self, answer: Result<Reply, String>, count: u64) -> Tried {
        let reply = match answer {
            Ok(reply) => reply,
            Err(said) => return Tried::Again(said, None),
        };
        match reply.status {
            200..=299 => {
                match (self.target.signal == Signal::Spans).then(|| otlp::rejected(&reply.body)).flatten() {
                    Some((rejected, why)) => Tried::Refused(rejected, short(&why)),
                    None => Tried::Taken,
                }
            }
            408 | 425 | 429 | 500..=599 => {
                Tried::Again((WORDS.status)(reply.status), reply.retry_after_ms.map(Duration::from_millis))
            }
            status => {
                let said = String::from_utf8_lossy(&reply.body);
                let line = short(said.lines().find(|line| !line.trim().is_empty()).unwrap_or(""));
                let status = (WORDS.status)(status);
                Tried::Refused(count, if line.is_empty() { status } else { format!("{status}: {line}") })
            }
        }
    }

    fn recovered(&mut self) {
        if self.waiting {
            (self.tell)(&(WORDS.again)(&self.target.name));
        }
        self.waiting = false;
    }

    /// Tells what was lost: at once, then once a minute.
    fn tell_losses(&mut self) {
        let losses = &mut self.losses;
        if losses.refused == 0 && losses.dropped == 0 {
            return;
        }
        let now = self.clock.now();
        if losses.told.is_some_and(|told| now - told < chrono::TimeDelta::minutes(1)) {
            return;
        }
        (self.tell)(&(WORDS.lost)(&self.target.name, losses.refused, &losses.why, losses.dropped));
        *losses = Losses { told: Some(now), ..Losses::default() };
    }
}

/// What a receiver said, safe for a line of its own.
fn short(said: &str) -> String {
    said.trim().chars().filter(|c| !c.is_control()).take(LONGEST_SAID).collect()
}

fn nanos(at: Time) -> i64 {
    at.timestamp_nanos_opt().unwrap_or(i64::MAX)
}
