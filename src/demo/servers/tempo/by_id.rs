//! A trace by its id.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use prost::Message;
use serde_json::json;

use super::{Asked, Refusal, Server, json_answer, otlp, proto};
use crate::model::TraceId;

/// The id in the path. The errors are Tempo's.
fn id(asked: &Asked) -> Result<TraceId, Refusal> {
    let text = &asked.name;
    if let Some((at, c)) = text.chars().enumerate().find(|(_, c)| !c.is_ascii_hexdigit()) {
        return Err(Refusal::bad(format!(
            "trace IDs can only contain hex characters: invalid character '{c}' at position {}",
            at + 1
        )));
    }
    TraceId::parse(text).ok_or_else(|| Refusal::bad("trace IDs can't be larger than 128 bits"))
}

fn wants_protobuf(asked: &Asked) -> bool {
    let accept = asked.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/protobuf"))
}

fn protobuf(message: &impl Message) -> Response {
    let kind = HeaderValue::from_static("application/protobuf");
    ([(header::CONTENT_TYPE, kind)], message.encode_to_vec()).into_response()
}

/// `/api/traces/ID`: an unknown id is not found, without a word.
pub(super) fn v1(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let Some(trace) = server.data.trace(id(asked)?) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let message = otlp::messages(&trace);
    Ok(if wants_protobuf(asked) {
        protobuf(&message)
    } else {
        json_answer(&json!({ "batches": otlp::json(&message) }))
    })
}

/// `/api/v2/traces/ID`: an unknown id is an empty trace.
pub(super) fn v2(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let found = server.data.trace(id(asked)?).map(|trace| otlp::messages(&trace));
    let inspected_bytes = found.as_ref().map_or(0, |trace| trace.encoded_len() as u64);
    if wants_protobuf(asked) {
        let metrics = Some(proto::Metrics { inspected_bytes });
        return Ok(protobuf(&proto::TraceById {
            trace: Some(found.unwrap_or_default()),
            metrics,
            ..proto::TraceById::default()
        }));
    }
    Ok(json_answer(&match found {
        None => json!({ "trace": {}, "metrics": {} }),
        Some(trace) => json!({
            "trace": { "resourceSpans": otlp::json(&trace) },
            "metrics": { "inspectedBytes": inspected_bytes.to_string() },
        }),
    }))
}
