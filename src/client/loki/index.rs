//! What the index knows: labels, their values, label sets, how much a selector would read, bytes by labels.

use serde::Deserialize;

use super::envelope::{given, plain, told};
use super::{ns, text};
use crate::client::Told;
use crate::client::fault::fault;
use crate::client::http::{Http, Request};
use crate::client::query::{self, QueryData};
use crate::client::wire::{Many, SafeLabels, SafeName};
use crate::model::ask::Answer;
use crate::model::{Fault, FaultKind, Labels, LogStats, Time};
use crate::privacy;
use crate::text::fault::Why;

/// Most series of a volume: the server's own default would be 100.
const MOST_VOLUMES: &str = "500";

/// Names of stream labels.
pub(super) async fn labels(http: &Http, start: Time, end: Time) -> Result<Told, Fault> {
    let request = within(Request::get("loki/api/v1/labels"), start, end);
    told(http, request, |data: Many<SafeName, Box<str>>| Answer::Names(data.0)).await
}

/// Values of a stream label.
pub(super) async fn values(http: &Http, name: &str, start: Time, end: Time) -> Result<Told, Fault> {
    let mut request = within(Request::get("loki/api/v1/label"), start, end);
    request.path.push(name.to_owned().into());
    request.path.push("values".into());
    let name = name.to_owned();
    // Values are judged by their label's name too, so they are masked here rather than while they are read.
    told(http, request, move |data: Many<String, String>| {
        Answer::Names(data.0.iter().map(|value| privacy::safe_value(&name, value)).collect())
    })
    .await
}

/// Label sets of a selector's streams.
pub(super) async fn series(http: &Http, query: &str, start: Time, end: Time) -> Result<Told, Fault> {
    let request = within(Request::form("loki/api/v1/series"), start, end).with("match[]", selector(query)?);
    told(http, request, |data: Many<SafeLabels, Labels>| {
        let mut all = data.0;
        all.sort();
        all.dedup();
        Answer::LabelSets(all)
    })
    .await
}

/// What a selector would read.
pub(super) async fn stats(http: &Http, query: &str, start: Time, end: Time) -> Result<Told, Fault> {
    #[derive(Deserialize)]
    struct Stats {
        #[serde(default)]
        streams: u64,
        #[serde(default)]
        chunks: u64,
        #[serde(default)]
        bytes: u64,
        #[serde(default)]
        entries: u64,
    }
    let request =
        within(Request::form("loki/api/v1/index/stats"), start, end).with("query", selector(query)?);
    plain(http, request, |read: Stats| {
        let Stats { streams, chunks, bytes, entries } = read;
        Answer::LogStats(LogStats { streams, chunks, entries, bytes })
    })
    .await
}

/// Bytes of a selector's streams, by labels.
pub(super) async fn volume(http: &Http, query: &str, start: Time, end: Time) -> Result<Told, Fault> {
    let request = within(Request::form("loki/api/v1/index/volume"), start, end)
        .with("query", selector(query)?)
        .with("limit", MOST_VOLUMES);
    given(http, request, |data: QueryData| match query::answer(data, &mut Vec::new())? {
        answer @ Answer::Vector(_) => Ok(answer),
        _ => Err(fault(FaultKind::WrongFormat, &Why::BadJson("not a vector"))),
    })
    .await
}

/// The selector of a query, as it is sent.
pub(super) fn selector(query: &str) -> Result<String, Fault> {
    match text::selector(query) {
        Some(selector) => text::raw(selector),
        None => Err(fault(FaultKind::BadQuery, &Why::NoSelector)),
    }
}

/// Both ends of a window.
pub(super) fn within(request: Request, start: Time, end: Time) -> Request {
    request.with("start", ns(start).to_string()).with("end", ns(end).to_string())
}

impl From<SafeLabels> for Labels {
    fn from(labels: SafeLabels) -> Self {
        labels.0
    }
}
