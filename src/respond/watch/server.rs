//! What a watcher serves: Alertmanager's webhook, figures for Prometheus, and whether it is well.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::intake::{Intake, Refused};
use super::seen::{Seen, Wrong};
use super::{Shared, figures};
use crate::model::Time;
use crate::text::watch::EN as WORDS;

/// Largest body: Alertmanager's own are far below it unless it is told to send thousands of alerts at once.
const BODY: usize = 16 * 1024 * 1024;
/// KiB of bodies that are held at once. What is beyond is told to come again before it is read.
const AT_ONCE: usize = 256 * 1024;
/// Bytes that are read and thrown away of a body that is refused, so that its sender hears why.
const HEARD_OUT: usize = 4 * BODY;
/// Longest time that a body may take to come.
const SLOW: Duration = Duration::from_secs(10);

/// What the handlers share.
pub struct Door {
    shared: Shared,
    intake: Intake,
    /// Hash of the token: comparing hashes takes the same time whatever is sent.
    token: Option<[u8; 32]>,
    places: Semaphore,
    bucket: std::sync::Mutex<Bucket>,
}

/// Alerts that may still be taken, refilled every second.
struct Bucket {
    left: f64,
    at: Time,
}

impl Door {
    pub fn new(shared: Shared, intake: Intake, token: Option<String>) -> Self {
        let bucket = Bucket {
            left: f64::from(shared.acting.watch.alerts_per_second) * 2.0,
            at: shared.hands.clock.now(),
        };
        Self {
            shared,
            intake,
            token: token.map(|text| Sha256::digest(text.as_bytes()).into()),
            places: Semaphore::new(AT_ONCE),
            bucket: std::sync::Mutex::new(bucket),
        }
    }

    /// Whether the request may come in.
    fn knows(&self, headers: &HeaderMap) -> bool {
        let Some(expected) = &self.token else { return true };
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map_or("", |(_, token)| token.trim());
        let given: [u8; 32] = Sha256::digest(given.as_bytes()).into();
        // Every byte is looked at, wherever the first difference is.
        given.iter().zip(expected).fold(0_u8, |differ, (a, b)| differ | (a ^ b)) == 0
    }

    /// Takes so many alerts out of this second's; `false` where there are not as many left. A single webhook that
    /// is larger than the whole is taken when the bucket is full, or it never could be.
    fn allowed(&self, alerts: usize) -> bool {
        let now = self.shared.hands.clock.now();
        let rate = f64::from(self.shared.acting.watch.alerts_per_second);
        let most = rate * 2.0;
        let mut bucket = match self.bucket.lock() {
            Ok(bucket) => bucket,
            Err(poisoned) => poisoned.into_inner(),
        };
        let passed = (now - bucket.at).num_milliseconds().max(0) as f64 / 1000.0;
        bucket.left = (bucket.left + passed * rate).min(most);
        bucket.at = now;
        let wanted = (alerts as f64).min(most);
        let fits = bucket.left >= wanted;
        if fits {
            bucket.left -= wanted;
        }
        fits
    }
}

/// Serves until the socket fails.
pub(super) async fn serve(listener: TcpListener, door: Door) -> std::io::Result<()> {
    let router = Router::new()
        .route("/webhook", post(webhook))
        .route("/metrics", get(metrics))
        .route("/healthz", get(health))
        .with_state(Arc::new(door));
    axum::serve(listener, router).await
}

async fn webhook(State(door): State<Arc<Door>>, headers: HeaderMap, body: Body) -> Response {
    let figures = &door.shared.figures;
    if !door.knows(&headers) {
        figures.refused(401);
        // No more is listened to of a stranger than an honest sender with a wrong token would say.
        discard(body, HEARD_OUT / 4).await;
        let mut response = said(StatusCode::UNAUTHORIZED, WORDS.bad_token);
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return response;
    }
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<usize>().ok());
    if announced.is_some_and(|length| length > BODY) {
        figures.refused(413);
        discard(body, HEARD_OUT).await;
        return said(StatusCode::PAYLOAD_TOO_LARGE, &(WORDS.too_large)(BODY));
    }
    // One that does not say how large it is may be as large as any.
    let kib = u32::try_from(announced.unwrap_or(BODY) / 1024 + 1).unwrap_or(u32::MAX);
    let Ok(_place) = door.places.try_acquire_many(kib) else {
        figures.refused(503);
        discard(body, HEARD_OUT).await;
        return later(StatusCode::SERVICE_UNAVAILABLE, WORDS.full);
    };
    let bytes = match tokio::time::timeout(SLOW, read(body)).await {
        Ok(Came::Whole(bytes)) => bytes,
        // Too large without having said so, or cut off: both are the sender's to mend.
        Ok(Came::TooLarge(rest)) => {
            figures.refused(413);
            discard(rest, HEARD_OUT).await;
            return said(StatusCode::PAYLOAD_TOO_LARGE, &(WORDS.too_large)(BODY));
        }
        Ok(Came::CutOff) => {
            figures.refused(400);
            return said(StatusCode::BAD_REQUEST, &(WORDS.not_a_webhook)("it was cut off"));
        }
        Err(_) => {
            figures.refused(408);
            return said(StatusCode::REQUEST_TIMEOUT, &(WORDS.not_a_webhook)("it came too slowly"));
        }
    };
    let seen = match Seen::webhook(&bytes) {
        Ok(seen) => seen,
        Err(Wrong(why)) => {
            figures.refused(400);
            return said(StatusCode::BAD_REQUEST, &why);
        }
    };
    if !door.allowed(seen.len()) {
        figures.refused(429);
        return later(StatusCode::TOO_MANY_REQUESTS, WORDS.too_fast);
    }
    let count = seen.len() as u64;
    match door.intake.take(seen).await {
        Ok(()) => {
            figures.webhook(count, door.shared.hands.clock.now());
            (StatusCode::OK, "").into_response()
        }
        Err(Refused::Full) => {
            figures.refused(503);
            later(StatusCode::SERVICE_UNAVAILABLE, WORDS.full)
        }
        Err(Refused::Journal(why)) => {
            figures.refused(503);
            later(StatusCode::SERVICE_UNAVAILABLE, &(WORDS.journal_down)(&why))
        }
    }
}

/// How a body came.
enum Came {
    Whole(Vec<u8>),
    /// More than [`BODY`]; what has not been read of it.
    TooLarge(Body),
    CutOff,
}

async fn read(body: Body) -> Came {
    let mut frames = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(frame) = frames.next().await {
        let Ok(frame) = frame else { return Came::CutOff };
        if bytes.len() + frame.len() > BODY {
            return Came::TooLarge(Body::from_stream(frames));
        }
        bytes.extend_from_slice(&frame);
    }
    Came::Whole(bytes)
}

/// Reads on and throws away, up to `most` bytes and for no longer than [`SLOW`]. A connection that is closed while the
/// other side still writes is reset, and the answer, which says what is wrong, is lost with it.
async fn discard(body: Body, most: usize) {
    let hear_out = async {
        let mut frames = body.into_data_stream();
        let mut heard = 0;
        while let Some(Ok(frame)) = frames.next().await {
            heard += frame.len();
            if heard > most {
                break;
            }
        }
    };
    // Whoever is too slow to be heard out has no answer, which is theirs to mend.
    let _ = tokio::time::timeout(SLOW, hear_out).await;
}

async fn metrics(State(door): State<Arc<Door>>) -> Response {
    let text = figures::exposition(&door.shared).await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

async fn health(State(door): State<Arc<Door>>) -> Response {
    match door.shared.hands.read(|journal| journal.version()).await {
        Ok(_) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            (StatusCode::SERVICE_UNAVAILABLE, (WORDS.journal_down)(&error.to_string()) + "\n").into_response()
        }
    }
}

fn said(status: StatusCode, words: &str) -> Response {
    (status, format!("{words}\n")).into_response()
}

fn later(status: StatusCode, words: &str) -> Response {
    let mut response = said(status, words);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}
