//! TraceQL's metrics.

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{Asked, Refusal, Server, any_value, json_answer, key_value};
use crate::query::traceql::{self, Exemplar, MetricSeries, TraceQl};

const S: i64 = 1_000_000_000;

fn query(asked: &Asked) -> Result<TraceQl, Refusal> {
    let text = asked.params.get("q").or_else(|| asked.params.get("query")).unwrap_or("");
    Ok(TraceQl::parse(text)?)
}

fn labels(series: &MetricSeries) -> Vec<Value> {
    series.labels.iter().map(|(key, value)| key_value((key, value))).collect()
}

/// `/api/metrics/query_range`.
pub(super) fn range(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let window = server.window(&asked.params)?;
    let step = match asked.params.duration("step")? {
        Some(step) if step > 0 => step,
        Some(_) => return Err(Refusal::bad("step must be greater than 0")),
        // A round number of seconds for some sixty points.
        None => ((window.1 - window.0) / 60 / S).max(1) * S,
    };
    let exemplars = usize::try_from(asked.params.number("exemplars", 100)?).unwrap_or(0);
    let found = query(asked)?.metrics(&*server.data, window, step, exemplars)?;
    let series: Vec<Value> = found
        .iter()
        .map(|series| {
            let samples: Vec<Value> = series.points.iter().map(|point| sample(point.t, point.v)).collect();
            let mut out = json!({ "labels": labels(series), "samples": samples });
            if !series.exemplars.is_empty() {
                out["exemplars"] = series.exemplars.iter().map(|one| exemplar(one, series)).collect();
            }
            out
        })
        .collect();
    Ok(json_answer(&json!({ "series": series, "metrics": { "completedJobs": 1, "totalJobs": 1 } })))
}

/// A point; protobuf's JSON leaves a zero out.
fn sample(ms: i64, value: f64) -> Value {
    let mut out = Map::new();
    out.insert("timestampMs".to_owned(), ms.to_string().into());
    if value != 0.0 {
        out.insert("value".to_owned(), value.into());
    }
    out.into()
}

fn exemplar(exemplar: &Exemplar, series: &MetricSeries) -> Value {
    let trace = traceql::Value::Text(format!("{:x}", exemplar.trace.0).into());
    let mut labels = vec![key_value(("trace:id", &trace))];
    let own = series.labels.iter().filter(|(key, _)| !matches!(key.as_str(), "p" | "__bucket" | "__name__"));
    labels.extend(own.map(|(key, value)| key_value((key, value))));
    if let Some((key, value)) = &exemplar.field {
        labels.push(json!({ "key": key, "value": any_value(value) }));
    }
    json!({ "labels": labels, "value": exemplar.value, "timestampMs": exemplar.at_ms.to_string() })
}

/// `/api/metrics/query`: the window as one step.
pub(super) fn instant(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let found = query(asked)?.over_window(&*server.data, server.window(&asked.params)?)?;
    let one = |(series, value): &(MetricSeries, f64)| {
        let mut out = json!({ "labels": labels(series) });
        if *value != 0.0 {
            out["value"] = (*value).into();
        }
        out
    };
    let series: Vec<Value> = found.iter().map(one).collect();
    Ok(json_answer(&json!({ "series": series, "metrics": { "completedJobs": 1, "totalJobs": 1 } })))
}
