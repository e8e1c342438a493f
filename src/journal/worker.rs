//! A thread that has the journal, for callers that must not block.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use super::{Journal, JournalError, Options, Result};
use crate::clock::Clock;

/// Calls that may wait. When there are more, a call is refused at once rather than done when nobody waits any more.
const WAITING: usize = 256;

type Job = Box<dyn FnOnce(&mut Option<Journal>) + Send>;

/// A thread with a journal. It ends when the last handle goes, after what was handed to it is done.
#[derive(Clone, Debug)]
pub struct Worker {
    sender: SyncSender<Job>,
    options: Options,
    clock: Clock,
}

impl Worker {
    /// Starts it. The journal is opened at the first call, and again after it failed.
    pub fn start(options: Options, clock: Clock) -> Self {
        let (sender, receiver) = sync_channel(WAITING);
        std::thread::spawn(move || run(&receiver));
        Self { sender, options, clock }
    }

    /// Hands over a call; `done` gets what came of it, on the worker's thread. Where it returns an error instead,
    /// `done` is never called.
    pub fn call<T: 'static>(
        &self,
        work: impl FnOnce(&mut Journal) -> Result<T> + Send + 'static,
        done: impl FnOnce(Result<T>) + Send + 'static,
    ) -> Result<()> {
        let (options, clock) = (self.options.clone(), self.clock);
        let job: Job = Box::new(move |slot| {
            let result = opened(slot, &options, clock).and_then(work);
            // After an outage the next call begins anew: the file may have been put back, the disk have room.
            if result.as_ref().is_err_and(|error| error.is_outage() && !error.is_passing()) {
                *slot = None;
            }
            done(result);
        });
        self.sender.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => JournalError::Busy,
            TrySendError::Disconnected(_) => JournalError::Internal("its thread has ended".to_owned()),
        })
    }
}

fn opened<'s>(slot: &'s mut Option<Journal>, options: &Options, clock: Clock) -> Result<&'s mut Journal> {
    if slot.is_none() {
        *slot = Some(Journal::open(options, clock.now())?);
    }
    slot.as_mut().ok_or_else(|| JournalError::Internal("it is not open".to_owned()))
}

fn run(receiver: &Receiver<Job>) {
    let mut journal = None;
    while let Ok(job) = receiver.recv() {
        job(&mut journal);
    }
}
