//! Answers as Loki writes them: JSON, or an error in plain text.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::model::{Labels, Point, Series};
use crate::query::logql::{Stream, StreamEntry, Streams};

/// A refusal: status and words.
#[derive(Debug)]
pub(in crate::demo::servers) struct Refusal(pub StatusCode, pub String);

impl Refusal {
    /// The request is at fault.
    pub(in crate::demo::servers) fn bad(words: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, words.into())
    }
}

impl From<String> for Refusal {
    fn from(words: String) -> Self {
        Self::bad(words)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        (self.0, [(header::CONTENT_TYPE, plain)], self.1).into_response()
    }
}

/// Bytes that a line takes beside its text and its labels.
const A_LINE: usize = 120;

/// About how many bytes streams take as JSON.
pub(super) fn bytes_of(found: &Streams) -> usize {
    let entry = |entry: &StreamEntry| {
        let text = entry.line.len() + entry.metadata.text().len() + entry.parsed.text().len();
        // Quotes within are escaped.
        text + text / 8 + A_LINE
    };
    found.streams.iter().flat_map(|stream| &stream.entries).map(entry).sum()
}

/// The same of something that takes about so many bytes.
pub(super) fn json_of_size(value: &impl Serialize, about: usize) -> Response {
    written(value, "application/json; charset=UTF-8", Vec::with_capacity(about))
}

/// JSON with Loki's own spelling of the type.
pub(super) fn json_utf8(value: &impl Serialize) -> Response {
    typed(value, "application/json; charset=UTF-8")
}

/// JSON with this content type.
pub(in crate::demo::servers) fn typed(value: &impl Serialize, kind: &'static str) -> Response {
    written(value, kind, Vec::new())
}

fn written(value: &impl Serialize, kind: &'static str, mut body: Vec<u8>) -> Response {
    match serde_json::to_writer(&mut body, value) {
        Ok(()) => {
            body.push(b'\n');
            ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
        }
        Err(error) => Refusal(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// `{"status":"success","data":…}`.
#[derive(Serialize)]
pub(super) struct Success<T: Serialize> {
    pub(super) status: &'static str,
    pub(super) data: T,
}

pub(super) fn success<T: Serialize>(data: T) -> Success<T> {
    Success { status: "success", data }
}

/// What a query door answers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Data<T: Serialize> {
    pub(super) result_type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) encoding_flags: Vec<&'static str>,
    pub(super) result: T,
    pub(super) stats: Value,
}

/// Streams of a query.
pub(super) fn streams(
    found: &Streams,
    categorized: bool,
    stats: Value,
) -> Success<Data<Vec<StreamJson<'_>>>> {
    success(Data {
        result_type: "streams",
        encoding_flags: if categorized { vec!["categorize-labels"] } else { Vec::new() },
        result: found.streams.iter().map(|stream| StreamJson::new(stream, categorized)).collect(),
        stats,
    })
}

/// A stream.
#[derive(Serialize)]
pub(super) struct StreamJson<'s> {
    stream: &'s Labels,
    values: Vec<EntryJson<'s>>,
}

impl<'s> StreamJson<'s> {
    pub(super) fn new(stream: &'s Stream, categorized: bool) -> Self {
        let entry = |entry| EntryJson { entry, categorized };
        Self { stream: &stream.labels, values: stream.entries.iter().map(entry).collect() }
    }
}

/// `["ns","line"]`, with a third part where labels are categorised.
struct EntryJson<'s> {
    entry: &'s StreamEntry,
    categorized: bool,
}

impl Serialize for EntryJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Parts<'a> {
            #[serde(skip_serializing_if = "Labels::is_empty")]
            structured_metadata: &'a Labels,
            #[serde(skip_serializing_if = "Labels::is_empty")]
            parsed: &'a Labels,
        }
        let mut list = serializer.serialize_seq(None)?;
        list.serialize_element(&self.entry.ts.to_string())?;
        list.serialize_element(&*self.entry.line)?;
        if self.categorized {
            let parts = Parts { structured_metadata: &self.entry.metadata, parsed: &self.entry.parsed };
            list.serialize_element(&parts)?;
        }
        list.end()
    }
}

/// A moment in seconds: whole where it is, else with milliseconds.
pub(super) fn seconds(ms: i64) -> Value {
    if ms % 1000 == 0 { json!(ms / 1000) } else { json!(ms as f64 / 1000.0) }
}

/// A number as Go writes it.
pub(super) fn number(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
    } else {
        value.to_string()
    }
}

/// Series with their points.
pub(super) struct Matrix<'s>(pub(super) &'s [Series]);

impl Serialize for Matrix<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct One<'s> {
            metric: &'s Labels,
            values: Points<'s>,
        }
        serializer.collect_seq(
            self.0.iter().map(|series| One { metric: &series.labels, values: Points(&series.points) }),
        )
    }
}

struct Points<'s>(&'s [Point]);

impl Serialize for Points<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|point| (seconds(point.t), number(point.v))))
    }
}
