//! The sender: takes letters that are due and hands them to their channels, each of which sends on its own, so that
//! one that hangs keeps nobody else waiting. What a channel finds waiting when it comes back goes out together.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{Notify, Semaphore, mpsc};

use super::pace;
use crate::config::acting::{Acting, Channel};
use crate::journal::{Journal, JournalError, Tx};
use crate::model::Time;
use crate::model::records::{EventKind, IncidentStatus, Letter, NewEvent};
use crate::privacy;
use crate::respond::Hands;
use crate::respond::notify::{Message, Note, Place, Sent, What, send};
use crate::text::watch::EN as WORDS;

/// Letters that are taken at once.
const BATCH: u32 = 1000;
/// Longest sleep: a letter of another process, or one whose sender died, is found within it.
const NAP: Duration = Duration::from_secs(2);
/// Messages of one channel that cannot be put together and are under way at once.
const SIDE_BY_SIDE: usize = 8;
/// Letters in one message at most: a mail of a thousand incidents would be cut before its end.
const TOGETHER: usize = 200;
/// How much longer than its deadline a message is this process's.
const MARGIN: TimeDelta = TimeDelta::seconds(5);

/// What is counted.
#[derive(Debug, Default)]
pub struct Figures {
    /// Letters that were taken by their receivers.
    pub sent: AtomicU64,
    /// Tries that failed and are repeated.
    pub retried: AtomicU64,
    /// Letters given up.
    pub failed: AtomicU64,
    /// Messages that they went out in.
    pub messages: AtomicU64,
    /// Milliseconds from putting in to being taken, all letters together.
    pub waited_ms: AtomicU64,
}

/// What sends.
#[derive(Clone)]
pub struct Sender {
    /// The journal, and who this process is.
    pub hands: Hands,
    /// The channels.
    pub acting: Arc<Acting>,
    /// The place that speaks.
    pub place: Arc<Place>,
    /// Told whenever a letter was put in.
    pub wake: Arc<Notify>,
    /// What is counted.
    pub figures: Arc<Figures>,
}

/// A letter on its way through a channel.
struct Outgoing {
    letter: Letter,
    note: Note,
}

impl Sender {
    /// Sends until the task is dropped. A journal that fails is tried again; letters stay in it.
    pub async fn run(self) {
        let mut channels: BTreeMap<String, mpsc::UnboundedSender<Outgoing>> = BTreeMap::new();
        let mut last_sweep = None;
        loop {
            let now = self.hands.clock.now();
            let sweep = last_sweep.is_none_or(|at: Time| now - at >= TimeDelta::seconds(5));
            let next = match self.take(sweep, now).await {
                Ok((letters, next)) => {
                    if sweep {
                        last_sweep = Some(now);
                    }
                    let full = letters.len() >= BATCH as usize;
                    for letter in letters {
                        self.dispatch(&mut channels, letter).await;
                    }
                    if full {
                        continue;
                    }
                    next
                }
                Err(error) => {
                    tracing::warn!(%error, "letters wait in the journal");
                    None
                }
            };
            let nap = next
                .map_or(NAP, |at| (at - self.hands.clock.now()).to_std().unwrap_or_default())
                .clamp(Duration::from_millis(5), NAP);
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(nap) => {}
            }
        }
    }

    /// Sends everything that is due once, and waits for it: for a command that does not stay.
    pub async fn flush(&self) -> Result<(), JournalError> {
        let now = self.hands.clock.now();
        let (letters, _) = self.take(true, now).await?;
        let mut by_channel: BTreeMap<String, Vec<Outgoing>> = BTreeMap::new();
        for letter in letters {
            if let Some(one) = self.readable(letter).await {
                by_channel.entry(one.letter.channel.to_string()).or_default().push(one);
            }
        }
        // One that hangs keeps no other waiting.
        let sending = by_channel.into_iter().filter_map(|(name, letters)| {
            let channel = self.acting.channels.get(&name)?;
            Some(self.send_all(channel, letters))
        });
        futures_util::future::join_all(sending).await;
        Ok(())
    }

    /// Letters that are due, and when the next one is.
    async fn take(&self, sweep: bool, now: Time) -> Result<(Vec<Letter>, Option<Time>), JournalError> {
        let owner = self.hands.holder.clone();
        let until = now + self.patience() + MARGIN;
        self.hands
            .read(move |journal| {
                let due = journal.next_letter_at()?.is_some_and(|at| at <= now);
                let letters = if due || sweep {
                    journal.write(|tx| tx.take_letters(&owner, BATCH, until, now))?
                } else {
                    Vec::new()
                };
                Ok((letters, journal.next_letter_at()?))
            })
            .await
    }

    /// The longest deadline of a channel.
    fn patience(&self) -> TimeDelta {
        let longest = self.acting.channels.values().map(deadline).max().unwrap_or_default();
        // A message may wait for the one before it.
        TimeDelta::from_std(longest * 2).unwrap_or(TimeDelta::seconds(60))
    }

    async fn dispatch(
        &self,
        channels: &mut BTreeMap<String, mpsc::UnboundedSender<Outgoing>>,
        letter: Letter,
    ) {
        let name = letter.channel.to_string();
        let Some(one) = self.readable(letter).await else { return };
        let queue = channels.entry(name.clone()).or_insert_with(|| {
            let (sender, receiver) = mpsc::unbounded_channel();
            tokio::spawn(self.clone().channel(name, receiver));
            sender
        });
        // The task lives as long as its queue.
        let _ = queue.send(one);
    }

    /// A letter that can be sent; one that cannot is given up, which is said.
    async fn readable(&self, letter: Letter) -> Option<Outgoing> {
        if !self.acting.channels.contains_key(&*letter.channel) {
            // Another process may know it: its configuration is another one. It waits as after a failure.
            let why = (WORDS.no_channel)(&letter.channel);
            self.mark(vec![letter], Sent::Later(why, Some(30_000))).await;
            return None;
        }
        match serde_json::from_str::<Note>(&letter.payload) {
            Ok(note) => Some(Outgoing { letter, note }),
            Err(error) => {
                self.mark(vec![letter], Sent::Refused((WORDS.unreadable_letter)(&error.to_string()))).await;
                None
            }
        }
    }

    /// One channel's work.
    async fn channel(self, name: String, mut queue: mpsc::UnboundedReceiver<Outgoing>) {
        let Some(channel) = self.acting.channels.get(&name).cloned() else { return };
        while let Some(first) = queue.recv().await {
            let mut letters = vec![first];
            while let Ok(more) = queue.try_recv() {
                letters.push(more);
            }
            self.send_all(&channel, letters).await;
        }
    }

    /// Sends letters of one channel: together where that is wanted, else side by side.
    async fn send_all(&self, channel: &Channel, letters: Vec<Outgoing>) {
        // What waited so long that it may be another process's by now is left to that one.
        let last = self.hands.clock.now() + TimeDelta::from_std(deadline(channel)).unwrap_or_default();
        let mut letters: Vec<Outgoing> = letters
            .into_iter()
            .filter(|one| one.letter.owned_until.is_some_and(|until| until > last))
            .collect();
        self.refresh(&mut letters).await;
        let mut groups: BTreeMap<(String, usize), Vec<Outgoing>> = BTreeMap::new();
        for (at, one) in letters.into_iter().enumerate() {
            // What a person says to somebody is not lost among incidents that go out at the same moment.
            let together = channel.coalesce && one.note.event != What::Page;
            let alone = if together { 0 } else { at + 1 };
            groups.entry((one.note.contact.clone(), alone)).or_default().push(one);
        }
        let places = Arc::new(Semaphore::new(SIDE_BY_SIDE));
        let sending = groups.into_values().flat_map(pieces).map(|group| {
            let places = places.clone();
            async move {
                // Never closed.
                let _place = places.acquire().await.ok();
                self.send_one(channel, group).await;
            }
        });
        futures_util::future::join_all(sending).await;
    }

    async fn send_one(&self, channel: &Channel, mut group: Vec<Outgoing>) {
        group.sort_by_key(|one| (rank(&one.note.severity), one.letter.id));
        let notes: Vec<Note> = group.iter().map(|one| one.note.clone()).collect();
        let contact = notes.first().and_then(|note| self.acting.contacts.get(&note.contact));
        let Some(first) = group.first() else { return };
        let message = Message {
            notes: &notes,
            dedup: &first.letter.dedup,
            doubtful: group.iter().any(|one| one.letter.doubtful),
            contact,
            place: &self.place,
        };
        let sent = send(channel, &message).await;
        self.figures.messages.fetch_add(1, Ordering::Relaxed);
        self.mark(group.into_iter().map(|one| one.letter).collect(), sent).await;
    }

    /// What has waited is told as it stands now.
    async fn refresh(&self, letters: &mut [Outgoing]) {
        let now = self.hands.clock.now();
        let old: Vec<Arc<str>> = letters
            .iter()
            .filter(|one| now - one.letter.at > TimeDelta::seconds(30))
            .filter_map(|one| one.letter.incident.clone())
            .collect();
        if old.is_empty() {
            return;
        }
        let statuses = self
            .hands
            .read(move |journal| {
                let mut all = BTreeMap::new();
                for id in old {
                    if let Some(incident) = journal.incident(&id)? {
                        all.insert(id, (incident.status, incident.assignee));
                    }
                }
                Ok(all)
            })
            .await;
        let Ok(statuses) = statuses else { return };
        for one in letters {
            let Some((status, who)) = one.letter.incident.as_ref().and_then(|id| statuses.get(id)) else {
                continue;
            };
            status.as_str().clone_into(&mut one.note.status);
            one.note.responder = who.as_deref().unwrap_or("").to_owned();
            if *status == IncidentStatus::Resolved && one.note.event != What::Resolved {
                WORDS.resolved_meanwhile.clone_into(&mut one.note.message);
            }
        }
    }

    /// Writes down what came of letters that went out together.
    async fn mark(&self, letters: Vec<Letter>, sent: Sent) {
        let now = self.hands.clock.now();
        let count = letters.len() as u64;
        match &sent {
            Sent::Taken => {
                self.figures.sent.fetch_add(count, Ordering::Relaxed);
                let waited: i64 = letters.iter().map(|one| (now - one.at).num_milliseconds().max(0)).sum();
                self.figures.waited_ms.fetch_add(waited.unsigned_abs(), Ordering::Relaxed);
            }
            Sent::Later(why, _) => {
                self.figures.retried.fetch_add(count, Ordering::Relaxed);
                tracing::warn!(why = %privacy::safe_line(why), count, "letters are tried again");
            }
            Sent::Refused(why) => {
                self.figures.failed.fetch_add(count, Ordering::Relaxed);
                tracing::error!(why = %privacy::safe_line(why), count, "letters are given up");
            }
        }
        let owner = self.hands.holder.clone();
        let marked = self.hands.read(move |journal| write_down(journal, &letters, &sent, &owner, now)).await;
        if let Err(error) = marked {
            // They are this process's until their time is over; then they go out again, marked.
            tracing::warn!(%error, "what came of letters could not be written down");
        }
    }
}

fn write_down(
    journal: &mut Journal,
    letters: &[Letter],
    sent: &Sent,
    owner: &str,
    now: Time,
) -> Result<(), JournalError> {
    journal.write(|tx| {
        for letter in letters {
            match one_down(tx, letter, sent, owner, now) {
                // Another process has it by now, and says what came of it.
                Err(JournalError::NotOwner { .. }) => {}
                other => other?,
            }
        }
        Ok(())
    })
}

fn one_down(tx: &Tx<'_>, letter: &Letter, sent: &Sent, owner: &str, now: Time) -> Result<(), JournalError> {
    let (text, told) = match sent {
        Sent::Taken => {
            tx.letter_sent(letter.id, owner, now)?;
            ((WORDS.letter_taken)(&letter.channel), true)
        }
        Sent::Later(why, least) => {
            let next = pace::next(letter.attempts, letter.at, *least, fastrand::f64(), now);
            tx.letter_failed(letter.id, owner, why, next)?;
            ((WORDS.letter_failed)(&letter.channel, why), next.is_none())
        }
        Sent::Refused(why) => {
            tx.letter_failed(letter.id, owner, why, None)?;
            ((WORDS.letter_failed)(&letter.channel, why), true)
        }
    };
    // The first failure is told too: a person who waits for an answer wants to know.
    if let Some(incident) = letter.incident.as_deref().filter(|_| told || letter.attempts == 1) {
        let kind = EventKind::Notified;
        tx.event(
            &NewEvent { incident: Some(incident), kind, who: owner, text: &text, about: &letter.dedup },
            now,
        )?;
    }
    Ok(())
}

/// Letters that go together, in messages that are not too long for a mail: what would be cut off was told to nobody.
fn pieces(mut letters: Vec<Outgoing>) -> Vec<Vec<Outgoing>> {
    // The worst are in the first message.
    letters.sort_by_key(|one| (rank(&one.note.severity), one.letter.id));
    let mut all = Vec::new();
    while letters.len() > TOGETHER {
        let rest = letters.split_off(TOGETHER);
        all.push(std::mem::replace(&mut letters, rest));
    }
    all.push(letters);
    all
}

/// The deadline of one message.
fn deadline(channel: &Channel) -> Duration {
    use crate::config::acting::Way;
    match &channel.way {
        Way::Slack(post) | Way::PagerDuty { post, .. } | Way::Webhook { post, .. } => post.source.timeout,
        Way::Email(mail) => mail.timeout,
    }
}

/// The worst first.
fn rank(severity: &str) -> usize {
    crate::model::Severity::ALL.iter().position(|one| one.as_str() == severity).unwrap_or(usize::MAX)
}
