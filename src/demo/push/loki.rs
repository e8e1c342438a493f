//! The body of Loki's `POST /loki/api/v1/push` in JSON, structured metadata included
//! (grafana.com/docs/loki/latest/reference/loki-http-api, "Ingest logs").

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::SerializeTuple;

use crate::model::{Labels, LogEntry};

/// Media type of the body.
pub(super) const MEDIA: &str = "application/json";

#[derive(Serialize)]
struct Push<'a> {
    streams: Vec<Stream<'a>>,
}

#[derive(Serialize)]
struct Stream<'a> {
    stream: &'a Labels,
    values: Vec<Value<'a>>,
}

struct Value<'a>(&'a LogEntry);

impl Serialize for Value<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let with = !self.0.metadata.is_empty();
        let mut tuple = serializer.serialize_tuple(if with { 3 } else { 2 })?;
        tuple.serialize_element(&self.0.ts.to_string())?;
        tuple.serialize_element(&self.0.line)?;
        if with {
            tuple.serialize_element(&self.0.metadata)?;
        }
        tuple.end()
    }
}

/// The body for these lines, whose order within a stream stays.
pub(super) fn body(lines: &[LogEntry]) -> Vec<u8> {
    let mut streams: BTreeMap<&Labels, Vec<Value<'_>>> = BTreeMap::new();
    for line in lines {
        streams.entry(&line.labels).or_default().push(Value(line));
    }
    let streams = streams.into_iter().map(|(stream, values)| Stream { stream, values }).collect();
    serde_json::to_vec(&Push { streams }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_grouped_by_stream_and_carry_their_metadata() {
        let line = |ts: i64, service: &str, metadata: Labels| LogEntry {
            ts,
            labels: Labels::new([("service", service)]),
            line: format!("\"{service}\" {ts}").into(),
            metadata,
        };
        let lines = [
            line(5, "b", Labels::default()),
            line(6, "a", Labels::new([("trace_id", "ff")])),
            line(7, "b", Labels::default()),
        ];
        assert_eq!(
            String::from_utf8(body(&lines)).expect("text"),
            r#"{"streams":[{"stream":{"service":"a"},"values":[["6","\"a\" 6",{"trace_id":"ff"}]]},{"stream":{"service":"b"},"values":[["5","\"b\" 5"],["7","\"b\" 7"]]}]}"#
        );
    }
}
