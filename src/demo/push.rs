//! Feeding a real stack: log lines to a Loki, spans to whatever takes OTLP.
//!
//! Owns what is sent when, and what happens when a receiver is slow, refuses or is gone. Must not know
//! how a request is sent: whoever starts it brings a [`Post`] for each target.
//!
//! What has been sent up to when is remembered and the rest asked of the place again, so nothing waits
//! in memory but one batch: a slow receiver makes the place wait. Who is behind by more than
//! [`Pace::max_lag`] loses the oldest part; that is counted and told once a minute.

mod loki;
mod otlp;
mod outbox;
mod sender;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;

use crate::clock::Clock;
use crate::model::Time;
use crate::query::{LogData, TraceData};

/// What a receiver answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// From `Retry-After`.
    pub retry_after_ms: Option<u64>,
    /// Its body, or the beginning of it.
    pub body: Vec<u8>,
}

/// An answer that will come; the error is a sentence about why there is none.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Reply, String>> + Send + 'a>>;

/// Posts to one address.
pub trait Post: Send + Sync {
    /// Sends a body of this media type and waits for the answer, whatever its status. It has a
    /// deadline of its own.
    fn post(&self, media: &'static str, body: Vec<u8>) -> Answering<'_>;
}

/// What is pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Log lines, as Loki takes them.
    Logs,
    /// Spans, as OTLP/HTTP in JSON.
    Spans,
}

impl Signal {
    /// Path below a receiver's address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Logs => "loki/api/v1/push",
            Self::Spans => "v1/traces",
        }
    }

    /// The address to post to: the path is added to a receiver's address unless it ends so already.
    pub fn address(self, base: &str) -> String {
        let base = base.trim_end_matches('/');
        if base.ends_with(self.path()) { base.to_owned() } else { format!("{base}/{}", self.path()) }
    }
}

/// Whom to push to.
#[derive(Clone)]
pub struct Target {
    /// Name in messages.
    pub name: String,
    /// What it takes.
    pub signal: Signal,
    /// How to reach it.
    pub post: Arc<dyn Post>,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("name", &self.name)
            .field("signal", &self.signal)
            .finish_non_exhaustive()
    }
}

/// How often and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Between two looks at what is new.
    pub tick: Duration,
    /// Before the second try of a batch; doubled for every further one.
    pub first_wait: Duration,
    /// The longest wait between two tries, unless the receiver asks for a longer one.
    pub longest_wait: Duration,
    /// Lines or spans in one batch.
    pub batch: usize,
    /// How far a receiver may be behind before the oldest part is dropped.
    pub max_lag: TimeDelta,
    /// How late something may appear: a request's lines are known when it has ended.
    pub late: TimeDelta,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            tick: Duration::from_secs(2),
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(30),
            batch: 1000,
            max_lag: TimeDelta::minutes(10),
            late: TimeDelta::minutes(3),
        }
    }
}

/// What there is to push.
pub trait Feed: LogData + TraceData {}

impl<T: LogData + TraceData> Feed for T {}

/// Who is told of trouble, one line at a time.
pub type Tell = Arc<dyn Fn(&str) + Send + Sync>;

/// Pushes to every target, each at its own speed.
pub struct Pusher {
    feed: Arc<dyn Feed>,
    clock: Clock,
    targets: Vec<Target>,
    pace: Pace,
    tell: Tell,
    since: Option<Time>,
}

impl fmt::Debug for Pusher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pusher")
            .field("targets", &self.targets)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}

impl Pusher {
    /// For what happens from now on, by this clock. `tell` gets what a person should know.
    pub fn new(feed: Arc<dyn Feed>, clock: Clock, targets: Vec<Target>, tell: Tell) -> Self {
        Self { feed, clock, targets, pace: Pace::default(), tell, since: None }
    }

    /// At another pace.
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// With what has happened since this moment.
    #[must_use]
    pub fn since(mut self, start: Time) -> Self {
        self.since = Some(start);
        self
    }

    /// Pushes until it is dropped. Without a target it ends at once.
    pub async fn run(self) {
        let Self { feed, clock, targets, pace, tell, since } = self;
        let start = since.unwrap_or_else(|| clock.now());
        let senders = targets.into_iter().map(|target| {
            sender::Sender::new(Arc::clone(&feed), clock, target, pace, Arc::clone(&tell)).run(start)
        });
        join_all(senders).await;
    }
}
