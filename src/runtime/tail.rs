//! The live tail of the view in sight: one task, ended when nobody wants it.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::tasks::Back;
use crate::client::{Clients, TailAsk};
use crate::message::Msg;

/// Lines that are fetched of one stretch for which nobody listened: as many as the store keeps.
const MOST: u64 = crate::store::TAIL_LINES as u64;

/// The tail under way.
#[derive(Debug, Default)]
pub(super) struct Following(Option<(Arc<str>, u64, AbortHandle)>);

impl Following {
    /// Follows what is wanted, and nothing else.
    pub fn want(&mut self, wanted: Option<(Arc<str>, u64)>, clients: &Clients, sender: &mpsc::Sender<Back>) {
        let same = match (&self.0, &wanted) {
            (Some((query, number, _)), Some(wanted)) => (query, number) == (&wanted.0, &wanted.1),
            (None, None) => true,
            _ => false,
        };
        if same {
            return;
        }
        self.stop();
        let Some((query, number)) = wanted else { return };
        let ask = TailAsk { query: query.clone(), number, from: None, most: Some(MOST), delay_s: 0 };
        let (mut tail, sender) = (clients.tail(ask), sender.clone());
        let task = tokio::spawn(async move {
            while let Some(batch) = tail.next().await {
                // A loop that is behind holds up the tail, and so the server. It has ended when nobody receives.
                if sender.send(Back::Ready(Msg::Tail(Box::new(batch)))).await.is_err() {
                    return;
                }
            }
        });
        self.0 = Some((query, number, task.abort_handle()));
    }

    /// Ends it; what is wanted next begins anew.
    pub fn stop(&mut self) {
        if let Some((_, _, task)) = self.0.take() {
            task.abort();
        }
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.stop();
    }
}
