//! Loki's HTTP API (grafana.com/docs/loki/latest/reference/loki-http-api): whether it is ready, its version, and
//! what an explorer asks. Readiness works alike on all four servers, so it is here for the others too.

pub(super) mod count;
mod envelope;
mod found;
mod index;
mod lines;
mod metric;
pub(super) mod paging;
mod split;
pub(super) mod streams;
pub(super) mod text;

use serde::Deserialize;

use crate::model::ask::{About, Answer, Key};
use crate::model::{Fault, FaultKind, Time};
use crate::text::fault::Why;

use super::Told;
use super::fault::{fault, line};
use super::http::{Http, Request};
use super::wire::SafeLine;

/// Version.
pub(super) async fn build_info(http: &Http) -> Result<Told, Fault> {
    version(http, "loki/api/v1/status/buildinfo").await
}

/// Readiness; where a gateway hides that page, the version is asked instead.
pub(super) async fn ready(http: &Http) -> Result<Told, Fault> {
    match readiness(http, "ready").await {
        Err(fault) if fault.kind == FaultKind::NotFound => build_info(http).await,
        other => other,
    }
}

/// The answer of a readiness page: 200 is ready; 503 with plain words is a server that says it is not
/// ready yet, which is an answer too.
pub(super) async fn readiness(http: &Http, path: &'static str) -> Result<Told, Fault> {
    let mut request = Request::get(path);
    request.accept = "text/plain, */*;q=0.1";
    let reply = http.fetch(&request).await?;
    let words = String::from_utf8_lossy(&reply.body).trim().to_owned();
    let unready = reply.status == 503 && !words.is_empty() && !reply.is_html() && !words.starts_with('{');
    let reply = if unready { reply } else { reply.checked(false)? };
    let about = About {
        ready: Some(!unready),
        words: line(words.lines().next().unwrap_or("")).into(),
        ..About::default()
    };
    Ok(Told { answer: Answer::About(about), warnings: Vec::new(), clock_skew_s: reply.clock_skew_s })
}

/// A build information page without an envelope.
pub(super) async fn version(http: &Http, path: &'static str) -> Result<Told, Fault> {
    #[derive(Deserialize)]
    struct Build {
        version: SafeLine,
    }
    let reply = http.fetch(&Request::get(path)).await?.checked(false)?;
    let clock_skew_s = reply.clock_skew_s;
    let build: Build = reply.json()?;
    let about = About { version: build.version.0, ..About::default() };
    Ok(Told { answer: Answer::About(about), warnings: Vec::new(), clock_skew_s })
}

/// Asks what an explorer asks about a window, both ends included.
pub(super) async fn explore(http: &Http, key: &Key, start: Time, end: Time) -> Result<Told, Fault> {
    match key {
        Key::Logs { query, limit, forward } => lines::page(http, query, *limit, *forward, (start, end)).await,
        Key::LogRange(query, step_s) => metric::range(http, query, (start, end), *step_s).await,
        Key::LogInstant(query) => metric::instant(http, query, end).await,
        Key::LogStats(query) => index::stats(http, query, start, end).await,
        Key::LogVolume(query) => index::volume(http, query, start, end).await,
        Key::LogPatterns(query) => found::patterns(http, query, start, end).await,
        Key::LogFields(query) => found::fields(http, query, start, end).await,
        Key::LogSeries(query) => index::series(http, query, start, end).await,
        Key::LogLabels => index::labels(http, start, end).await,
        Key::LogLabelValues(name) => index::values(http, name, start, end).await,
        other => Err(fault(FaultKind::Setup, &Why::NotAskable(&other.source().to_string()))),
    }
}

/// Nanoseconds since the epoch; of a moment beyond their reach the last one.
fn ns(at: Time) -> i64 {
    at.timestamp_nanos_opt().unwrap_or(if at < Time::UNIX_EPOCH { i64::MIN } else { i64::MAX })
}
