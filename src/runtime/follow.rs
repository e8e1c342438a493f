//! Looks at a run in the journal while a person does: what it says is in sight a moment later.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::tasks::Back;
use crate::message::Msg;
use crate::model::records::Progress;
use crate::respond::{Hands, playbook};

/// Time between two looks.
const PACE: Duration = Duration::from_millis(250);

/// A run that is looked at, until this is dropped.
pub(super) struct Following {
    run: Arc<str>,
    task: AbortHandle,
}

impl Following {
    /// Begins to look.
    pub fn new(hands: &Hands, run: Arc<str>, sender: mpsc::Sender<Back>) -> Self {
        let task = tokio::spawn(look(hands.clone(), run.clone(), sender)).abort_handle();
        Self { run, task }
    }

    /// Which run.
    pub fn run(&self) -> &Arc<str> {
        &self.run
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn look(hands: Hands, run: Arc<str>, sender: mpsc::Sender<Back>) {
    let mut told: Option<Result<Progress, String>> = None;
    loop {
        let seen = playbook::progress(&hands, &run).await.map_err(|error| error.to_string());
        // What is told is what has changed: a calm screen sends nothing.
        if told.as_ref() != Some(&seen) {
            let msg = Msg::Ran(Box::new(seen.clone()));
            told = Some(seen);
            if sender.send(Back::Ready(msg)).await.is_err() {
                return;
            }
        }
        tokio::time::sleep(PACE).await;
    }
}
