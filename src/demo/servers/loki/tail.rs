//! `tail`: lines as they are written, over a WebSocket, as Loki 3.7 sends them: a backlog first, then what is new.
//!
//! What is wrong with the query is told before the upgrade (400, plain text); that it is a metric query, after it
//! (close code 1011), as the real one does.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::answer::StreamJson;
use super::{Asked, Refusal, Server, query};
use crate::query::Order;
use crate::query::logql::{LogQl, Stream, Streams};

/// How often new lines are looked for.
const EVERY: Duration = Duration::from_millis(500);
/// Longest `delay_for`, in nanoseconds.
const LONGEST_DELAY: i64 = 5_000_000_000;
/// Close code of a server that cannot go on (RFC 6455, 7.4.1).
const INTERNAL_ERROR: u16 = 1011;

/// What is followed.
struct Tail {
    server: Server,
    query: LogQl,
    limit: usize,
    categorized: bool,
    delay: i64,
    /// Everything before this moment has been sent, nanoseconds.
    sent: i64,
}

/// `/loki/api/v1/tail`.
pub(super) async fn tail(
    State(server): State<Server>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    asked: Asked,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return Refusal::bad("websocket: the client is not using the websocket protocol").into_response();
    };
    let tail = match Tail::new(server, &asked) {
        Ok(tail) => tail,
        Err(refusal) => return refusal.into_response(),
    };
    upgrade.on_upgrade(move |socket| follow(socket, tail))
}

impl Tail {
    fn new(server: Server, asked: &Asked) -> Result<Self, Refusal> {
        const HOUR: i64 = 3_600_000_000_000;
        let delay = asked.params.number("delay_for", 0)?.saturating_mul(1_000_000_000);
        if !(0..=LONGEST_DELAY).contains(&delay) {
            return Err(Refusal::bad("delay_for can't be greater than 5"));
        }
        let sent = asked.params.moment("start", server.now().saturating_sub(HOUR))?;
        let (query, limit) = (query::parsed(asked)?, query::limit(asked)?);
        Ok(Self { server, query, limit, categorized: query::categorized(asked), delay, sent })
    }

    /// The lines from what has been sent on, and the moment up to which they are all. Of the backlog the newest, at most
    /// as many as were asked for.
    fn look(&self, backlog: bool) -> Result<(Streams, i64), Refusal> {
        let to = self.server.now().saturating_sub(self.delay);
        if to <= self.sent {
            return Ok((Streams::default(), self.sent));
        }
        let (limit, order) =
            if backlog { (self.limit, Order::Backward) } else { (usize::MAX, Order::Forward) };
        // What is followed live by a bare selector comes without structured metadata, asked for or not merged.
        let apart = self.categorized || !backlog && self.query.is_selector();
        let mut found = self.query.streams(&*self.server.data, (self.sent, to), limit, order, apart)?;
        if backlog {
            found.streams.iter_mut().for_each(|stream| stream.entries.reverse());
        }
        Ok((found, to))
    }
}

/// One frame.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Frame<'s> {
    streams: Vec<StreamJson<'s>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    encoding_flags: Vec<&'static str>,
}

fn frame(streams: &[Stream], categorized: bool) -> Result<Message, Refusal> {
    let frame = Frame {
        streams: streams.iter().map(|stream| StreamJson::new(stream, categorized)).collect(),
        encoding_flags: if categorized { vec!["categorize-labels"] } else { Vec::new() },
    };
    let text = serde_json::to_string(&frame).map_err(|error| Refusal::bad(error.to_string()))?;
    Ok(Message::Text(text.into()))
}

/// Sends until the other side leaves.
async fn follow(mut socket: WebSocket, tail: Tail) {
    let mut tail = Arc::new(tail);
    if tail.query.is_metric() {
        return close(socket, "only log selector is supported").await;
    }
    let mut pace = tokio::time::interval(EVERY);
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut backlog = true;
    loop {
        tokio::select! {
            _ = pace.tick() => {}
            said = socket.recv() => match said {
                // Pings are answered by the socket itself; nothing else is expected of a listener.
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            },
        }
        // Away from the thread that serves, since a look may take its time.
        let looking = Arc::clone(&tail);
        let looked = tokio::task::spawn_blocking(move || looking.look(backlog)).await;
        let (found, to) = match looked {
            Ok(Ok(found)) => found,
            Ok(Err(Refusal(_, words))) => return close(socket, &words).await,
            Err(_) => return close(socket, "the query ended unexpectedly").await,
        };
        if !found.streams.is_empty() {
            let Ok(message) = frame(&found.streams, tail.categorized) else { return };
            if socket.send(message).await.is_err() {
                return;
            }
        }
        backlog = false;
        // Nobody else holds it between two looks.
        match Arc::get_mut(&mut tail) {
            Some(tail) => tail.sent = to,
            None => return,
        }
    }
}

async fn close(mut socket: WebSocket, words: &str) {
    let frame = CloseFrame { code: INTERNAL_ERROR, reason: words.into() };
    // The other side may be gone already.
    let _ = socket.send(Message::Close(Some(frame))).await;
}
