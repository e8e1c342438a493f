//! A trace by its id: protobuf, which is three times smaller and twice as fast, or JSON where a proxy or the server
//! refuses it; version 2, which tells of partial traces, or version 1 of older servers.

use crate::client::Told;
use crate::client::fault::{line, warning};
use crate::client::http::{Http, Request};
use crate::client::reply::Reply;
use crate::model::ask::Answer;
use crate::model::reveal::SpanAt;
use crate::model::{Fault, FaultKind, Trace, TraceDoc, TraceId};
use crate::privacy::Sealed;
use crate::text::fault::{Doubt, Why};

use super::build::{Builder, Built};
use super::{json, protobuf};

/// The two versions of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V1,
    V2,
}

/// Tempo compares the header as a whole.
const PROTOBUF: &str = "application/protobuf";
const JSON: &str = "application/json";

/// One trace; without spans where nobody knows it.
pub(super) async fn by_id(http: &Http, id: TraceId) -> Result<Told, Fault> {
    either(http, id, None).await.map(|(told, _)| told)
}

/// One attribute of one span of it, sealed; `None` where the trace does not have it.
pub(super) async fn sought(http: &Http, at: &SpanAt) -> Result<Option<Sealed>, Fault> {
    either(http, at.trace, Some(at)).await.map(|(_, found)| found)
}

/// A trace, and what was sought in it.
type Found = (Told, Option<Sealed>);

async fn either(http: &Http, id: TraceId, sought: Option<&SpanAt>) -> Result<Found, Fault> {
    match asked(http, id, Version::V2, sought).await {
        // Tempo before 2.7 has no version 2; from a proxy's rules it may be missing too.
        Err(fault) if fault.kind == FaultKind::NotFound => asked(http, id, Version::V1, sought).await,
        other => other,
    }
}

async fn asked(http: &Http, id: TraceId, version: Version, sought: Option<&SpanAt>) -> Result<Found, Fault> {
    let first = match once(http, id, version, PROTOBUF, sought).await {
        Err(fault) if refuses_protobuf(&fault) => fault,
        other => return other,
    };
    tracing::debug!(kind = ?first.kind, status = ?first.status, "protobuf does not come through, JSON is asked for");
    match once(http, id, version, JSON, sought).await {
        // What is wrong with the one is as a rule wrong with the other; the first is the better known.
        Err(fault) if fault.kind == first.kind => Err(first),
        other => other,
    }
}

/// Whether another encoding may help: the server does not have it, or something on the way spoils what is no text.
fn refuses_protobuf(fault: &Fault) -> bool {
    matches!(fault.status, Some(406 | 415 | 501)) || fault.kind == FaultKind::WrongFormat
}

async fn once(
    http: &Http,
    id: TraceId,
    version: Version,
    accept: &'static str,
    sought: Option<&SpanAt>,
) -> Result<Found, Fault> {
    let mut request = Request::get(match version {
        Version::V1 => "api/traces",
        Version::V2 => "api/v2/traces",
    });
    request.path.push(id.to_string().into());
    request.accept = accept;
    let reply = http.fetch(&request).await?;
    let clock_skew_s = reply.clock_skew_s;
    let nothing = TraceDoc { trace: Trace { id, spans: Vec::new() }.into(), ..TraceDoc::default() };
    if is_unknown(&reply, version) || (is_protobuf(&reply) && reply.is_success() && reply.body.is_empty()) {
        return Ok((Told { answer: Answer::Trace(nothing), warnings: Vec::new(), clock_skew_s }, None));
    }
    let reply = reply.checked(false)?;
    let sought = sought.cloned();
    let mut built = reply.aside(move |reply| read(reply, version, sought)).await?;
    let found = built.found.take();
    let (doc, warnings) = document(id, built);
    Ok((Told { answer: Answer::Trace(doc), warnings, clock_skew_s }, found))
}

/// Whether the server says that it has no such trace, rather than no such page.
fn is_unknown(reply: &Reply, version: Version) -> bool {
    let words = reply.body.trim_ascii();
    reply.status == 404
        && version == Version::V1
        && (words.is_empty() || words.to_ascii_lowercase().windows(15).any(|part| part == b"trace not found"))
}

fn is_protobuf(reply: &Reply) -> bool {
    ["protobuf", "x-protobuf", "octet-stream"].iter().any(|name| reply.media.contains(name))
}

/// Reads either encoding, whichever came.
pub(super) fn read(reply: &Reply, version: Version, sought: Option<SpanAt>) -> Result<Built, Fault> {
    let mut builder = Builder::seeking(sought);
    if is_protobuf(reply) {
        let read = match version {
            Version::V1 => protobuf::trace(&reply.body, &mut builder),
            Version::V2 => protobuf::response(&reply.body, &mut builder),
        };
        read.map_err(|broken| reply.wrong(&Why::BadProtobuf(broken.words())))?;
    } else {
        json::read(&reply.body, &mut builder).map_err(|error| reply.bad_json(&error))?;
    }
    Ok(builder.finish())
}

/// The document, and what is to be warned of.
pub(super) fn document(id: TraceId, built: Built) -> (TraceDoc, Vec<String>) {
    let mut warnings = Vec::new();
    if built.partial {
        warnings.push(if built.message.is_empty() {
            warning(&Doubt::PartialTrace)
        } else {
            line(&built.message)
        });
    }
    if built.beyond > 0 {
        warnings.push(warning(&Doubt::MoreSpans(built.spans.len(), built.beyond)));
    }
    if built.values_beyond > 0 {
        warnings.push(warning(&Doubt::MoreValues(built.values_beyond)));
    }
    let doc = TraceDoc {
        trace: Trace { id, spans: built.spans }.into(),
        partial: warnings.join("; ").into(),
        leaks: built.leaks.findings(),
    };
    (doc, warnings)
}
