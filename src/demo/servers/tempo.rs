//! Tempo's API over traces in memory, as Tempo 3.0 answers: shapes, both encodings, errors in plain text.
//!
//! Owns what travels; what a query means is `query::traceql`'s. Must not invent a span.

mod by_id;
mod found;
mod metrics;
pub mod otlp;
pub mod proto;
mod search;
mod tags;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

use super::loki::{Asked, Params, Refusal, typed};
use crate::clock::Clock;
use crate::demo::hospital::Hospital;
use crate::query::TraceData;
use crate::query::traceql::{self, TraceQlError};

/// Tempo's API over the hospital's traces.
pub fn router(hospital: Arc<Hospital>) -> Router {
    let clock = hospital.clock();
    over(hospital, clock)
}

/// Tempo's API over any traces; `clock` says when a query without times is asked.
pub fn over<D: TraceData + 'static>(data: Arc<D>, clock: Clock) -> Router {
    let server = Server { data, clock };
    let door = |handler: Handler| {
        let answer = move |State(server): State<Server>, asked: Asked| answer(server, asked, handler);
        get(answer)
    };
    Router::new()
        .route("/ready", get(|| async { "ready\n" }))
        .route("/api/echo", get(|| async { "echo" }))
        .route("/api/status/buildinfo", get(build_info))
        .route("/api/search", door(search::search))
        .route("/api/search/tags", door(tags::tags_v1))
        .route("/api/v2/search/tags", door(tags::tags_v2))
        .route("/api/search/tag/{name}/values", door(tags::values_v1))
        .route("/api/v2/search/tag/{name}/values", door(tags::values_v2))
        .route("/api/traces/{id}", door(by_id::v1))
        .route("/api/v2/traces/{id}", door(by_id::v2))
        .route("/api/metrics/query_range", door(metrics::range))
        .route("/api/metrics/query", door(metrics::instant))
        .fallback(|| async { Refusal(StatusCode::NOT_FOUND, "404 page not found\n".to_owned()) })
        .with_state(server)
}

/// What a door has at hand.
#[derive(Clone)]
struct Server {
    data: Arc<dyn TraceData>,
    clock: Clock,
}

impl Server {
    /// The window that is asked for: `start` and `end`, or `since`; by default the last hour. In
    /// nanoseconds.
    fn window(&self, params: &Params) -> Result<(i64, i64), Refusal> {
        const HOUR: i64 = 3_600_000_000_000;
        let now = self.clock.now().timestamp_nanos_opt().unwrap_or(i64::MAX);
        let end = params.moment("end", now)?;
        let since = params.duration("since")?.unwrap_or(HOUR);
        let start = params.moment("start", end.saturating_sub(since))?;
        if end < start {
            let second = |ns: i64| ns.div_euclid(1_000_000_000);
            return Err(Refusal::bad(format!(
                "http parameter start must be before end. received start={} end={}",
                second(start),
                second(end)
            )));
        }
        Ok((start, end))
    }
}

type Handler = fn(&Server, &Asked) -> Result<Response, Refusal>;

/// Answers away from the thread that serves, since a query may take its time.
async fn answer(server: Server, asked: Asked, handler: Handler) -> Response {
    match tokio::task::spawn_blocking(move || handler(&server, &asked)).await {
        Ok(Ok(response)) => response,
        Ok(Err(refusal)) => refusal.into_response(),
        Err(_) => Refusal(StatusCode::INTERNAL_SERVER_ERROR, "the query ended unexpectedly".to_owned())
            .into_response(),
    }
}

impl From<TraceQlError> for Refusal {
    fn from(error: TraceQlError) -> Self {
        Self::bad(error.to_string())
    }
}

/// JSON as Tempo sends it: without a line's end.
fn json_answer(value: &impl serde::Serialize) -> Response {
    let json = axum::http::HeaderValue::from_static("application/json");
    match serde_json::to_vec(value) {
        Ok(body) => ([(axum::http::header::CONTENT_TYPE, json)], body).into_response(),
        Err(error) => Refusal(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// A value as OTLP's JSON writes it.
fn any_value(value: &traceql::Value) -> Value {
    match value {
        traceql::Value::Bool(value) => json!({ "boolValue": value }),
        traceql::Value::Int(number) => json!({ "intValue": number.to_string() }),
        traceql::Value::Float(number) => json!({ "doubleValue": number }),
        other => json!({ "stringValue": other.to_string() }),
    }
}

/// `{"key":…,"value":…}`.
fn key_value((key, value): (&str, &traceql::Value)) -> Value {
    json!({ "key": key, "value": any_value(value) })
}

async fn build_info() -> Response {
    typed(
        &json!({
            "version": "3.0.3", "revision": "embedded", "branch": "HEAD", "buildUser": "", "buildDate": "",
            "goVersion": "",
        }),
        "application/json",
    )
}
