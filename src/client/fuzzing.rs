//! What reads a server's bytes, without a server: doors for the fuzz targets, benches and tests.

use crate::model::ask::Answer;
use crate::model::{Fault, LogPage};

use super::exemplars::{self, ExemplarsData};
use super::loki::streams::{Read, Streams};
use super::query::{self, QueryData};
use super::reply::Reply;
use super::{alertmanager, exposition, tail, tempo};

fn reply(body: &[u8], media: &str) -> Reply {
    Reply {
        status: 200,
        media: media.to_owned(),
        retry_after_ms: None,
        clock_skew_s: None,
        received: crate::model::Time::UNIX_EPOCH,
        body: body.to_vec(),
    }
}

/// Reads a scraped page.
pub fn page(body: &[u8], open_metrics: bool) -> Result<Answer, Fault> {
    let media = if open_metrics { "application/openmetrics-text" } else { "text/plain" };
    exposition::read(&reply(body, media)).map(|(samples, _)| Answer::Page(samples))
}

/// Reads Alertmanager's list of alerts.
pub fn alerts(body: &[u8]) -> Result<Answer, Fault> {
    alertmanager::read_alerts(&reply(body, "application/json"))
}

/// Reads a trace as Tempo answers it by id: in protobuf or in JSON, of version 1 or 2.
pub fn trace(body: &[u8], protobuf: bool, version_2: bool) -> Result<Answer, Fault> {
    let media = if protobuf { "application/protobuf" } else { "application/json" };
    tempo::read_trace(&reply(body, media), version_2).map(Answer::Trace)
}

/// Reads what Tempo's search answers, as one that asked for so many traces.
pub fn traces(body: &[u8], limit: u32) -> Result<Answer, Fault> {
    tempo::read_traces(&reply(body, "application/json"), limit).map(Answer::Traces)
}

/// Reads TraceQL's metrics.
pub fn trace_metrics(body: &[u8]) -> Result<Answer, Fault> {
    tempo::read_metrics(&reply(body, "application/json")).map(Answer::Matrix)
}

/// Reads Loki's list of streams, with or without metadata apart.
pub fn streams(body: &[u8]) -> Result<Answer, Fault> {
    let mut read = Read::default();
    reply(body, "application/json").json_into(Streams(&mut read))?;
    let leaks = read.leaks.findings();
    Ok(Answer::Logs(LogPage { entries: read.entries.into(), leaks, ..LogPage::default() }))
}

/// Reads a frame of Loki's tail: its lines, and how many the server dropped before them.
pub fn tail_frame(text: &str) -> Result<(LogPage, u64), Fault> {
    let mut read = Read::default();
    let dropped = tail::frame::read(text, &mut read)?;
    let leaks = read.leaks.findings();
    Ok((LogPage { entries: read.entries.into(), leaks, ..LogPage::default() }, dropped))
}

/// Reads the result of a query: `{"resultType":"matrix","result":[…]}`.
pub fn result(body: &[u8]) -> Result<Answer, Fault> {
    query::answer(reply(body, "application/json").json::<QueryData>()?, &mut Vec::new())
}

/// Reads the list of exemplars by series.
pub fn exemplars(body: &[u8]) -> Result<Answer, Fault> {
    reply(body, "application/json")
        .json::<ExemplarsData>()
        .map(|data| Answer::Exemplars(exemplars::by_time(data)))
}
