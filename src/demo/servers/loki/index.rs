//! What Loki answers of its index: labels, series, volumes, and the fields it detects in lines.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use axum::response::Response;
use serde_json::{Value, json};

use super::answer::{self, Refusal, json_utf8, success};
use super::{Asked, Server, stats};
use crate::model::{Labels, LogEntry, Matcher};
use crate::query::Order;
use crate::query::logql::{self, LogQl, Stats};

/// The matchers of a selector, or of a log query: of its selector.
fn selector(text: Option<&str>) -> Result<Vec<Matcher>, Refusal> {
    let Some(text) = text.filter(|text| *text != "{}") else { return Ok(Vec::new()) };
    let query = LogQl::parse(text)?;
    query.matchers().map(<[Matcher]>::to_vec).ok_or_else(|| Refusal::bad("only label matchers are supported"))
}

/// Every stream with a line in the window.
fn streams(server: &Server, matchers: &[Matcher], window: (i64, i64)) -> BTreeSet<Labels> {
    let mut seen = std::collections::HashSet::new();
    server.data.entries(matchers, window.0, window.1, Order::Forward, &mut |entry| {
        if !seen.contains(&entry.labels) {
            seen.insert(entry.labels.clone());
        }
        ControlFlow::Continue(())
    });
    seen.into_iter().collect()
}

/// `/loki/api/v1/labels`.
pub(super) fn labels(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let matchers = selector(asked.params.get("query"))?;
    let streams = streams(server, &matchers, server.window(&asked.params)?);
    let names: BTreeSet<&str> = streams.iter().flat_map(Labels::iter).map(|(name, _)| name).collect();
    Ok(json_utf8(&success(names)))
}

/// `/loki/api/v1/label/NAME/values`.
pub(super) fn values(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let matchers = selector(asked.params.get("query"))?;
    let streams = streams(server, &matchers, server.window(&asked.params)?);
    let values: BTreeSet<&str> = streams.iter().filter_map(|labels| labels.get(&asked.name)).collect();
    Ok(json_utf8(&success(values)))
}

/// `/loki/api/v1/series`.
pub(super) fn series(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let window = server.window(&asked.params)?;
    let mut found = BTreeSet::new();
    let asked_for: Vec<&str> = asked.params.all("match[]").chain(asked.params.all("match")).collect();
    for text in if asked_for.is_empty() { vec!["{}"] } else { asked_for } {
        found.extend(streams(server, &selector(Some(text))?, window));
    }
    Ok(json_utf8(&success(found)))
}

/// `/loki/api/v1/index/stats`. The real one is behind by what it has not flushed; this one is not.
pub(super) fn stats(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let matchers = selector(asked.params.get("query"))?;
    let window = server.window(&asked.params)?;
    let (mut bytes, mut entries) = (0_u64, 0_u64);
    let mut seen = std::collections::HashSet::new();
    server.data.entries(&matchers, window.0, window.1, Order::Forward, &mut |entry| {
        bytes += size(entry);
        entries += 1;
        if !seen.contains(&entry.labels) {
            seen.insert(entry.labels.clone());
        }
        ControlFlow::Continue(())
    });
    let streams = seen.len();
    Ok(json_utf8(&json!({ "streams": streams, "chunks": streams, "bytes": bytes, "entries": entries })))
}

fn size(entry: &LogEntry) -> u64 {
    (entry.line.len() + entry.metadata.text().len()) as u64
}

/// A group of streams, and its bytes by the milliseconds at which each step ends.
type Volume = (Labels, BTreeMap<i64, u64>);

/// Bytes by labels and step.
struct Volumes {
    /// Of each group: bytes by the milliseconds at which its step ends.
    groups: HashMap<Labels, BTreeMap<i64, u64>>,
    seen: Stats,
}

fn volumes(server: &Server, asked: &Asked, step: Option<i64>) -> Result<Volumes, Refusal> {
    let matchers = selector(asked.params.get("query"))?;
    let (start, end) = server.window(&asked.params)?;
    let targets: Vec<&str> = asked.params.all("targetLabels").flat_map(|all| all.split(',')).collect();
    let by_labels = asked.params.get("aggregateBy") == Some("labels");
    let names: Vec<&str> =
        if targets.is_empty() { matchers.iter().map(|m| m.name.as_str()).collect() } else { targets };
    let last = end.saturating_add(999_999).div_euclid(1_000_000);
    let mut found = Volumes { groups: HashMap::new(), seen: Stats::default() };
    let mut groups: HashMap<Labels, Vec<Labels>> = HashMap::new();
    server.data.entries(&matchers, start, end, Order::Forward, &mut |entry| {
        found.seen.lines += 1;
        found.seen.bytes += entry.line.len() as u64;
        found.seen.kept += 1;
        if !groups.contains_key(&entry.labels) {
            let picked = entry.labels.iter().filter(|(name, _)| names.is_empty() || names.contains(name));
            let of_stream = if by_labels {
                let wanted = entry.labels.iter();
                wanted
                    .filter(|(name, _)| names.contains(name))
                    .map(|(name, _)| Labels::new([(name, "")]))
                    .collect()
            } else {
                vec![Labels::new(picked)]
            };
            groups.insert(entry.labels.clone(), of_stream);
        }
        let ends = step.map_or(last, |step| {
            ((entry.ts.div_euclid(step) + 1).saturating_mul(step) / 1_000_000 - 1).min(last)
        });
        for group in groups.get(&entry.labels).into_iter().flatten() {
            if !found.groups.contains_key(group) {
                found.groups.insert(group.clone(), BTreeMap::new());
            }
            if let Some(volumes) = found.groups.get_mut(group) {
                *volumes.entry(ends).or_default() += size(entry);
            }
        }
        ControlFlow::Continue(())
    });
    Ok(found)
}

impl Volumes {
    /// The largest first, at most as many as asked for.
    fn sorted(self, asked: &Asked) -> Result<(Vec<Volume>, Stats), Refusal> {
        let limit = usize::try_from(asked.params.number("limit", 100)?)
            .map_err(|_| Refusal::bad("limit must be a positive value"))?;
        let mut all: Vec<_> = self.groups.into_iter().collect();
        let total = |volumes: &BTreeMap<i64, u64>| volumes.values().sum::<u64>();
        all.sort_by(|a, b| total(&b.1).cmp(&total(&a.1)).then_with(|| a.0.cmp(&b.0)));
        all.truncate(limit);
        Ok((all, self.seen))
    }
}

/// `{"name":""}` of `aggregateBy=labels` is a label without a value there too.
fn volume_answer(kind: &'static str, result: &[Value], seen: &Stats) -> Response {
    let stats = stats::block(seen, result.len(), false);
    json_utf8(&success(json!({ "resultType": kind, "result": result, "stats": stats })))
}

/// `/loki/api/v1/index/volume`.
pub(super) fn volume(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let (all, seen) = volumes(server, asked, None)?.sorted(asked)?;
    let one = |(labels, volumes): &Volume| {
        let (at, bytes) = volumes.iter().next_back().map_or((0, 0), |(at, bytes)| (*at, *bytes));
        json!({ "metric": labels, "value": [answer::seconds(at), bytes.to_string()] })
    };
    let result: Vec<Value> = all.iter().map(one).collect();
    Ok(volume_answer("vector", &result, &seen))
}

/// `/loki/api/v1/index/volume_range`.
pub(super) fn volume_range(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let step = asked.params.duration("step")?.filter(|step| *step >= 1_000_000).unwrap_or(60_000_000_000);
    let (all, seen) = volumes(server, asked, Some(step))?.sorted(asked)?;
    let one = |(labels, volumes): &Volume| {
        let points: Vec<Value> =
            volumes.iter().map(|(at, bytes)| json!([answer::seconds(*at), bytes.to_string()])).collect();
        json!({ "metric": labels, "values": points })
    };
    let result: Vec<Value> = all.iter().map(one).collect();
    Ok(volume_answer("matrix", &result, &seen))
}

/// The fields of the newest lines of a query.
fn fields(server: &Server, asked: &Asked, limit: usize) -> Result<Vec<logql::Field>, Refusal> {
    let window = server.window(&asked.params)?;
    let lines = usize::try_from(asked.params.number("line_limit", 1000)?).unwrap_or(1000).clamp(1, 5000);
    let query = super::query::parsed(asked)?;
    Ok(query.fields(&*server.data, window, lines, limit)?)
}

/// `/loki/api/v1/detected_fields`.
pub(super) fn detected_fields(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let limit = usize::try_from(asked.params.number("limit", 1000)?).unwrap_or(1000);
    let fields = fields(server, asked, limit)?;
    let one = |field: &logql::Field| {
        let mut one = json!({
            "label": field.label,
            "type": field.kind.as_str(),
            "cardinality": field.values.len(),
            "parsers": field.parser.map(|parser| vec![parser]),
        });
        if !field.path.is_empty() {
            one["jsonPath"] = json!(field.path);
        }
        one
    };
    Ok(json_utf8(&json!({ "fields": fields.iter().map(one).collect::<Vec<_>>(), "limit": limit })))
}

/// `/loki/api/v1/detected_field/NAME/values`.
pub(super) fn detected_values(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let limit = usize::try_from(asked.params.number("limit", 1000)?).unwrap_or(1000);
    let fields = fields(server, asked, 1000)?;
    let field = fields.iter().find(|field| field.label == asked.name);
    let values: Vec<&String> = field.iter().flat_map(|field| &field.values).take(limit).collect();
    Ok(json_utf8(&json!({ "values": values, "limit": limit })))
}

/// `/loki/api/v1/detected_labels`.
pub(super) fn detected_labels(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let matchers = selector(asked.params.get("query"))?;
    let streams = streams(server, &matchers, server.window(&asked.params)?);
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in streams.iter().flat_map(Labels::iter) {
        all.entry(name).or_default().insert(value);
    }
    let all: Vec<Value> =
        all.iter().map(|(name, values)| json!({ "label": name, "cardinality": values.len() })).collect();
    Ok(json_utf8(&json!({ "detectedLabels": all })))
}
