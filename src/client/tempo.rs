//! Tempo: whether it is ready, its version; traces by TraceQL and by id, TraceQL's metrics, attributes and their values
//! (`grafana.com/docs/tempo/latest/api_docs`).

mod build;
mod json;
mod metrics;
mod protobuf;
mod search;
mod sought;
mod tags;
mod trace;
mod values;
mod wire;

use crate::model::ask::Key;
use crate::model::reveal::SpanAt;
use crate::model::{Fault, FaultKind, Series, Time, TraceDoc, TraceId, TraceList};
use crate::privacy::Sealed;
use crate::text::fault::Why;

use super::fault::fault;

use super::http::Http;
use super::reply::Reply;
use super::{Told, loki};

/// Version.
pub(super) async fn build_info(http: &Http) -> Result<Told, Fault> {
    loki::version(http, "api/status/buildinfo").await
}

/// Readiness; where a gateway hides that page, the version is asked instead.
pub(super) async fn ready(http: &Http) -> Result<Told, Fault> {
    match loki::readiness(http, "ready").await {
        Err(fault) if fault.kind == FaultKind::NotFound => build_info(http).await,
        other => other,
    }
}

/// Asks what an explorer asks about a window.
pub(super) async fn explore(http: &Http, key: &Key, start: Time, end: Time) -> Result<Told, Fault> {
    match key {
        Key::Traces { query, limit, spans } => search::search(http, query, *limit, *spans, start, end).await,
        Key::TraceRange(query, step_s) => metrics::range(http, query, start, end, *step_s).await,
        Key::TraceTags => tags::names(http, start, end).await,
        Key::TraceTagValues(name) => tags::values(http, name, start, end).await,
        key => Err(fault(FaultKind::Setup, &Why::NotAskable(&key.source().to_string()))),
    }
}

/// One trace.
pub(super) async fn trace(http: &Http, id: TraceId) -> Result<Told, Fault> {
    trace::by_id(http, id).await
}

/// An attribute of a span of one trace as it is there, asked anew.
pub(super) async fn raw_attribute(http: &Http, at: &SpanAt) -> Result<Option<Sealed>, Fault> {
    trace::sought(http, at).await
}

/// The seconds that hold a moment's window: both ends included.
fn seconds(start: Time, end: Time) -> (String, String) {
    let up = i64::from(end.timestamp_subsec_nanos() > 0);
    (start.timestamp().to_string(), (end.timestamp() + up).to_string())
}

/// Reads a trace by id without asking for it; the id is that of its first span.
pub(super) fn read_trace(reply: &Reply, version_2: bool) -> Result<TraceDoc, Fault> {
    let version = if version_2 { trace::Version::V2 } else { trace::Version::V1 };
    let built = trace::read(reply, version, None)?;
    let id = built.spans.first().map_or(TraceId::default(), |span| span.trace_id);
    Ok(trace::document(id, built).0)
}

/// Reads an answer of the search.
pub(super) fn read_traces(reply: &Reply, limit: u32) -> Result<TraceList, Fault> {
    search::read(reply, limit)
}

/// Reads an answer of the metrics.
pub(super) fn read_metrics(reply: &Reply) -> Result<Vec<Series>, Fault> {
    metrics::read(reply).map(|(series, _)| series)
}
