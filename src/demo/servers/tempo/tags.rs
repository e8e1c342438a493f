//! Names and values of tags.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use axum::response::Response;
use serde_json::{Value, json};

use super::{Asked, Refusal, Server, json_answer};
use crate::query::traceql::{Field, TraceQl, Value as Of};

/// As Tempo lists them, those included that TraceQL over memory refuses.
const INTRINSICS: [&str; 24] = [
    "duration",
    "event:name",
    "event:timeSinceStart",
    "instrumentation:name",
    "instrumentation:version",
    "kind",
    "link:spanID",
    "link:traceID",
    "name",
    "rootName",
    "rootServiceName",
    "span:duration",
    "span:id",
    "span:kind",
    "span:name",
    "span:parentID",
    "span:status",
    "span:statusMessage",
    "status",
    "statusMessage",
    "trace:duration",
    "trace:id",
    "trace:rootName",
    "trace:rootService",
];
/// The most values of a tag that are told.
const MOST_VALUES: usize = 10_000;

/// Names of attributes of spans and of resources.
fn names(server: &Server, asked: &Asked) -> Result<[BTreeSet<Arc<str>>; 2], Refusal> {
    let (start, end) = server.window(&asked.params)?;
    let mut spans: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut resources: BTreeSet<Arc<str>> = BTreeSet::new();
    server.data.traces(start, end, &mut |trace| {
        for span in &trace.spans {
            resources.insert("service.name".into());
            for (names, attributes) in [(&mut spans, &span.attributes), (&mut resources, &*span.resource)] {
                for (name, _) in attributes {
                    if !names.contains(name) {
                        names.insert(name.clone());
                    }
                }
            }
        }
        ControlFlow::Continue(())
    });
    Ok([spans, resources])
}

/// `/api/v2/search/tags`.
pub(super) fn tags_v2(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let scope = asked.params.get("scope").unwrap_or("none");
    if !matches!(scope, "none" | "intrinsic" | "span" | "resource" | "event" | "link" | "instrumentation") {
        return Err(Refusal::bad(format!("invalid scope: {scope}")));
    }
    let [spans, resources] = names(server, asked)?;
    let mut intrinsics: Vec<Arc<str>> = INTRINSICS.iter().map(|name| Arc::from(*name)).collect();
    intrinsics.push("traceDuration".into());
    let all = [
        ("intrinsic", intrinsics),
        ("span", spans.into_iter().collect()),
        ("resource", resources.into_iter().collect()),
    ];
    let scopes: Vec<Value> = all
        .iter()
        .filter(|(name, tags)| (scope == "none" || scope == *name) && !tags.is_empty())
        .map(|(name, tags)| json!({ "name": name, "tags": tags }))
        .collect();
    Ok(json_answer(&json!({ "scopes": scopes, "metrics": { "inspectedBytes": "0" } })))
}

/// `/api/search/tags`.
pub(super) fn tags_v1(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let [mut spans, resources] = names(server, asked)?;
    spans.extend(resources);
    Ok(json_answer(&json!({ "tagNames": spans, "metrics": { "inspectedBytes": "0" } })))
}

/// Values of a field in the window, with their kind in Tempo's words.
fn values(server: &Server, asked: &Asked, field: &Field) -> Result<BTreeMap<String, &'static str>, Refusal> {
    let window = server.window(&asked.params)?;
    // A filter that cannot be read leaves nothing out, as in Tempo.
    let filter = asked.params.get("q").and_then(|text| TraceQl::parse(text).ok()).filter(|q| !q.is_metrics());
    let mut found = BTreeMap::new();
    let mut note = |value: &Of| {
        let kind = match value {
            Of::Nil => return,
            Of::Text(_) => "string",
            Of::Int(_) => "int",
            Of::Float(_) => "float",
            Of::Bool(_) => "bool",
            Of::Duration(_) => "duration",
            Of::Status(_) | Of::Kind(_) => "keyword",
        };
        if found.len() < MOST_VALUES {
            found.insert(value.to_string(), kind);
        }
    };
    match filter {
        Some(filter) => {
            for trace in filter.search(&*server.data, window, usize::MAX, &mut |_| true)? {
                for at in trace.sets.iter().flat_map(|set| &set.spans) {
                    note(&field.value(&trace.trace, *at));
                }
            }
        }
        None => server.data.traces(window.0, window.1, &mut |trace| {
            for at in 0..trace.spans.len() {
                note(&field.value(trace, at));
            }
            ControlFlow::Continue(())
        }),
    }
    Ok(found)
}

/// `/api/v2/search/tag/NAME/values`.
pub(super) fn values_v2(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let query = TraceQl::parse(&format!("{{}} | select({})", asked.name));
    let field = query.ok().and_then(|query| query.fields().first().cloned());
    let Some(field) = field else {
        return Err(Refusal::bad(format!("please provide a valid tagName: {}", asked.name)));
    };
    let one = |(value, kind): (&String, &&str)| json!({ "type": kind, "value": value });
    let values: Vec<Value> = values(server, asked, &field)?.iter().map(one).collect();
    Ok(json_answer(&json!({ "tagValues": values, "metrics": { "inspectedBytes": "0" } })))
}

/// `/api/search/tag/NAME/values`.
pub(super) fn values_v1(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let intrinsic = TraceQl::parse(&format!("{{}} | select({})", asked.name)).ok();
    let field = match intrinsic.and_then(|query| query.fields().first().cloned()) {
        Some(intrinsic) => intrinsic,
        None => Field::Any(asked.name.clone()),
    };
    let values: Vec<String> = values(server, asked, &field)?.into_keys().collect();
    Ok(json_answer(&json!({ "tagValues": values, "metrics": { "inspectedBytes": "0" } })))
}
