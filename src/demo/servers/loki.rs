//! Loki's API over lines in memory, as Loki 3.7 answers: shapes, limits and errors in plain text.
//!
//! Owns what travels; what a query means is `query::logql`'s. Must not invent a line.

mod answer;
mod index;
mod params;
mod patterns;
mod query;
mod stats;
mod tail;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use crate::clock::Clock;
use crate::demo::hospital::Hospital;
use crate::query::LogData;

pub(super) use answer::{Refusal, typed};
pub(super) use params::{Asked, Params};

/// Loki's API over the hospital's lines.
pub fn router(hospital: Arc<Hospital>) -> Router {
    let clock = hospital.clock();
    over(hospital, clock)
}

/// Loki's API over any lines; `clock` says when a query without times is asked.
pub fn over<D: LogData + 'static>(data: Arc<D>, clock: Clock) -> Router {
    let server = Server { data, clock };
    let door = |handler: Handler| {
        let answer = move |State(server): State<Server>, asked: Asked| answer(server, asked, handler);
        get(answer).post(answer)
    };
    Router::new()
        .route("/ready", get(|| async { "ready\n" }))
        .route("/loki/api/v1/status/buildinfo", get(build_info))
        .route("/loki/api/v1/query_range", door(query::range))
        .route("/loki/api/v1/query", door(query::instant))
        .route("/loki/api/v1/labels", door(index::labels))
        .route("/loki/api/v1/label", door(index::labels))
        .route("/loki/api/v1/label/{name}/values", door(index::values))
        .route("/loki/api/v1/series", door(index::series))
        .route("/loki/api/v1/index/stats", door(index::stats))
        .route("/loki/api/v1/index/volume", door(index::volume))
        .route("/loki/api/v1/index/volume_range", door(index::volume_range))
        .route("/loki/api/v1/patterns", door(patterns::patterns))
        .route("/loki/api/v1/detected_fields", door(index::detected_fields))
        .route("/loki/api/v1/detected_field/{name}/values", door(index::detected_values))
        .route("/loki/api/v1/detected_labels", door(index::detected_labels))
        .route("/loki/api/v1/tail", get(tail::tail))
        .fallback(|| async { Refusal(StatusCode::NOT_FOUND, "404 page not found\n".to_owned()) })
        .with_state(server)
}

/// What a door has at hand.
#[derive(Clone)]
struct Server {
    data: Arc<dyn LogData>,
    clock: Clock,
}

impl Server {
    /// Now, in nanoseconds.
    fn now(&self) -> i64 {
        self.clock.now().timestamp_nanos_opt().unwrap_or(i64::MAX)
    }

    /// The window that is asked for: `start` and `end`, or `since`; by default the last hour.
    fn window(&self, params: &Params) -> Result<(i64, i64), Refusal> {
        const HOUR: i64 = 3_600_000_000_000;
        let end = params.moment("end", self.now())?;
        let since = params.duration("since")?.unwrap_or(HOUR);
        let start = params.moment("start", end.saturating_sub(since))?;
        if end < start {
            return Err(Refusal::bad("end timestamp must not be before or equal to start time"));
        }
        Ok((start, end))
    }
}

type Handler = fn(&Server, &Asked) -> Result<Response, Refusal>;

/// Answers away from the thread that serves, since a query may take its time.
async fn answer(server: Server, asked: Asked, handler: Handler) -> Response {
    let done = tokio::task::spawn_blocking(move || handler(&server, &asked)).await;
    match done {
        Ok(Ok(response)) => response,
        Ok(Err(refusal)) => refusal.into_response(),
        Err(_) => Refusal(StatusCode::INTERNAL_SERVER_ERROR, "the query ended unexpectedly".to_owned())
            .into_response(),
    }
}

async fn build_info() -> Response {
    typed(
        &json!({
            "version": "3.7.6", "revision": "embedded", "branch": "HEAD", "buildUser": "plantao",
            "buildDate": "", "goVersion": "",
        }),
        "application/json",
    )
}
