//! The way in: what waits is written together, so that a thousand requests need a handful of transactions, and
//! each is answered when it is on disk.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::Shared;
use super::seen::Seen;

/// Requests that may wait; more are told to come again.
const WAITING: usize = 2048;
/// Alerts that are written at once.
const BATCH: usize = 5000;

/// Hands alerts to the journal. Cheap to clone.
#[derive(Clone)]
pub struct Intake(mpsc::Sender<Parcel>);

struct Parcel {
    seen: Vec<Seen>,
    done: oneshot::Sender<Result<(), String>>,
}

/// Why alerts were not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Too many wait.
    Full,
    /// The journal did not take them: why.
    Journal(String),
}

impl Intake {
    /// The handle, and the work behind it, which ends when every handle is gone.
    pub(super) fn new(shared: Shared) -> (Self, impl Future<Output = ()> + Send) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(sender), work(shared, receiver))
    }

    /// Hands alerts over and waits until they are on disk.
    pub async fn take(&self, seen: Vec<Seen>) -> Result<(), Refused> {
        let (done, waits) = oneshot::channel();
        self.0.try_send(Parcel { seen, done }).map_err(|_| Refused::Full)?;
        match waits.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(why)) => Err(Refused::Journal(why)),
            Err(_) => Err(Refused::Full),
        }
    }
}

async fn work(shared: Shared, mut queue: mpsc::Receiver<Parcel>) {
    while let Some(first) = queue.recv().await {
        let mut parcels = vec![first];
        let mut count = parcels[0].seen.len();
        while count < BATCH
            && let Ok(more) = queue.try_recv()
        {
            count += more.seen.len();
            parcels.push(more);
        }
        let all: Arc<[Seen]> =
            parcels.iter_mut().flat_map(|parcel| std::mem::take(&mut parcel.seen)).collect();
        let taken = shared.take_in(all).await.map(drop).map_err(|error| error.to_string());
        if let Err(why) = &taken {
            shared.figures.journal_failed();
            tracing::error!(why = %why, "alerts could not be written");
        }
        for parcel in parcels {
            // Who asked may have gone; the alerts are kept all the same.
            let _ = parcel.done.send(taken.clone());
        }
    }
}
