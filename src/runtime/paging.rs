//! A page by hand: put into the outbox, sent from here while the console is open, and told of whenever it stands
//! otherwise. What is left when the console closes is a watcher's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::acting::Shelf;
use super::tasks::Back;
use crate::message::Msg;
use crate::model::deed::Report;
use crate::model::paging::{Page, Paged};
use crate::respond::outbox::Sender;
use crate::respond::{Hands, page};

/// Time between two looks at how it stands, while somebody waits for it.
const SOON: Duration = Duration::from_millis(250);
/// The same later, when it is tried again now and then.
const LATER: Duration = Duration::from_secs(5);
/// Time between two looks whether something is due to be sent.
const AGAIN: Duration = Duration::from_secs(1);
/// For so long somebody waits.
const WAITS: Duration = Duration::from_secs(60);

/// Pages somebody; what comes of it later goes to the loop by itself.
pub(super) async fn page(hands: &Hands, shelf: &Shelf, page: &Page, sender: &mpsc::Sender<Back>) -> Report {
    let put = match page::put(hands, &shelf.acting, &shelf.place, page).await {
        Ok(put) => put,
        Err(error) => return Report::Refused(error.to_string()),
    };
    let mut paged = Paged { number: page.number, who: put.who, letters: Vec::new(), trouble: None };
    look(hands, &put.key, &mut paged).await;
    tokio::spawn(deliver(hands.clone(), shelf.clone(), put.key, paged.clone(), sender.clone()));
    Report::Paged(Box::new(paged))
}

async fn look(hands: &Hands, key: &str, paged: &mut Paged) {
    match page::answers(hands, key).await {
        Ok(letters) => (paged.letters, paged.trouble) = (letters, None),
        Err(error) => paged.trouble = Some(error.to_string()),
    }
}

/// Sends until every letter of it was taken or given up.
async fn deliver(hands: Hands, shelf: Shelf, key: String, mut told: Paged, sender: mpsc::Sender<Back>) {
    let letters = Sender {
        hands: hands.clone(),
        acting: shelf.acting.clone(),
        place: shelf.place.clone(),
        wake: Arc::default(),
        figures: Arc::default(),
    };
    let over = Arc::new(AtomicBool::new(false));
    // It comes to its end by itself: a letter that is under way is never broken off, for it would go out twice.
    tokio::spawn(send(letters, over.clone()));
    let begun = Instant::now();
    while !told.is_over() {
        tokio::time::sleep(if begun.elapsed() < WAITS { SOON } else { LATER }).await;
        let mut seen = told.clone();
        look(&hands, &key, &mut seen).await;
        if seen != told {
            told = seen;
            let report = Report::Paged(Box::new(told.clone()));
            // The loop has ended when nobody receives.
            if sender.send(Back::Ready(Msg::Acted(Box::new(report)))).await.is_err() {
                break;
            }
        }
    }
    over.store(true, Ordering::Release);
}

/// Sends whatever is due, again and again.
async fn send(letters: Sender, over: Arc<AtomicBool>) {
    while !over.load(Ordering::Acquire) {
        if let Err(error) = letters.flush().await {
            tracing::warn!(%error, "letters wait in the journal");
        }
        tokio::time::sleep(AGAIN).await;
    }
}
