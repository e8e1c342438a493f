//! `query`, `query_range`, `query_exemplars`.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use super::super::form::Form;
use super::moment::{self, write_seconds, write_value};
use super::{Outcome, Refused, Server, object, quoted};
use crate::demo::hospital::Exemplars;
use crate::model::{Matcher, Series};
use crate::query::MetricData;
use crate::query::promql::{Promql, QueryError, Value};

/// Points of a series that one answer may hold, less one.
const MOST_STEPS: i64 = 11_000;

/// One moment.
pub(super) fn instant(server: &Server, form: &Form, _: &str) -> Outcome {
    let now = server.alerting.place().now().timestamp_millis();
    let at = moment::optional(form, "time")?.unwrap_or(now);
    moment::check_timeout(form)?;
    let blame = |error: QueryError| Refused::query(Some("query"), &error);
    let query = parsed(server, form).map_err(blame)?;
    let value = query.instant(&server.alerting.with_alerts(), at).map_err(blame)?;
    Ok(written(&value, at))
}

/// A range, step by step.
pub(super) fn range(server: &Server, form: &Form, _: &str) -> Outcome {
    let (start, end) = (moment::required(form, "start")?, moment::required(form, "end")?);
    if end < start {
        return Err(Refused::parameter("end", "end timestamp must not be before start time"));
    }
    let step = moment::span(form.get("step")).map_err(|words| Refused::parameter("step", &words))?;
    if step <= 0 {
        let words = "zero or negative query resolution step widths are not accepted. Try a positive integer";
        return Err(Refused::parameter("step", words));
    }
    if (end - start) / step > MOST_STEPS {
        return Err(Refused::bad(
            "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution \
             (?step=XX)",
        ));
    }
    moment::check_timeout(form)?;
    let blame = |error: QueryError| Refused::query(None, &error);
    let query = parsed(server, form).map_err(blame)?;
    let series = query.range(&server.alerting.with_alerts(), start, end, step).map_err(blame)?;
    Ok(written(&Value::Matrix(series), end))
}

/// The query, or what stands for it there.
fn parsed(server: &Server, form: &Form) -> Result<Promql, QueryError> {
    let text = form.get("query");
    let other = server.alerting.place().stands_for(text);
    Promql::parse(other.as_deref().unwrap_or(text))
}

/// Traces behind the series that a query selects, sorted by series.
pub(super) fn exemplars(server: &Server, form: &Form, _: &str) -> Outcome {
    let (start, end) = (moment::optional(form, "start")?, moment::optional(form, "end")?);
    if matches!((start, end), (Some(start), Some(end)) if end < start) {
        return Err(Refused::bad("end timestamp must not be before start timestamp"));
    }
    let query = Promql::parse(form.get("query")).map_err(|error| Refused::query(None, &error))?;
    let (from, to) = moment::window(server, form)?;
    let asked = Asked::default();
    // What it answers over nothing does not matter, only what it asks for.
    let _ = query.instant(&asked, to);
    let selectors = asked.0.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut found: Vec<Exemplars> =
        selectors.iter().flat_map(|matchers| server.alerting.place().exemplars(matchers, from, to)).collect();
    found.sort_by(|a, b| a.labels.cmp(&b.labels));
    found.dedup_by(|a, b| a.labels == b.labels);
    let mut out = String::from("[");
    for (at, series) in found.iter().filter(|series| !series.samples.is_empty()).enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(r#"{"seriesLabels":"#);
        out.push_str(&object(&series.labels));
        out.push_str(r#","exemplars":["#);
        for (at, sample) in series.samples.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            // Writing to a string cannot fail.
            let _ = write!(out, r#"{{"labels":{{"trace_id":"{}"}},"value":"#, sample.trace_id);
            write_value(&mut out, sample.value);
            out.push_str(r#","timestamp":"#);
            write_seconds(&mut out, sample.at_ms);
            out.push('}');
        }
        out.push_str("]}");
    }
    out.push(']');
    Ok(out)
}

/// Data that has nothing and remembers what it was asked for.
#[derive(Default)]
struct Asked(Mutex<Vec<Vec<Matcher>>>);

impl MetricData for Asked {
    fn series(&self, matchers: &[Matcher], _: i64, _: i64) -> Vec<Series> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(matchers.to_vec());
        Vec::new()
    }
}

/// Bytes that a point takes, most of them, and a series beside its points and labels.
const A_POINT: usize = 30;
const A_SERIES: usize = 200;

/// `resultType` and `result`.
fn written(value: &Value, at_ms: i64) -> String {
    let mut out = String::new();
    match value {
        Value::Scalar(point) => {
            out.push_str(r#"{"resultType":"scalar","result":"#);
            write_pair(&mut out, at_ms, |out| write_value(out, point.v));
        }
        Value::String(_, text) => {
            out.push_str(r#"{"resultType":"string","result":"#);
            write_pair(&mut out, at_ms, |out| out.push_str(&quoted(text)));
        }
        Value::Vector(samples) => {
            out.push_str(r#"{"resultType":"vector","result":["#);
            for (at, (labels, point)) in samples.iter().enumerate() {
                out.push_str(if at == 0 { r#"{"metric":"# } else { r#",{"metric":"# });
                out.push_str(&object(labels));
                out.push_str(r#","value":"#);
                write_pair(&mut out, at_ms, |out| write_value(out, point.v));
                out.push('}');
            }
            out.push(']');
        }
        Value::Matrix(all) => {
            // At once as much as it will take, rather than twice that on the way.
            let one = |series: &Series| series.points.len() * A_POINT + series.labels.text().len() + A_SERIES;
            out.reserve_exact(all.iter().map(one).sum());
            out.push_str(r#"{"resultType":"matrix","result":["#);
            for (at, series) in all.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_series(&mut out, series);
            }
            out.push(']');
        }
    }
    out.push('}');
    out
}

fn write_series(out: &mut String, series: &Series) {
    out.push_str(r#"{"metric":"#);
    out.push_str(&object(&series.labels));
    out.push_str(r#","values":["#);
    for (at, point) in series.points.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_pair(out, point.t, |out| write_value(out, point.v));
    }
    out.push_str("]}");
}

fn write_pair(out: &mut String, ms: i64, value: impl FnOnce(&mut String)) {
    out.push('[');
    write_seconds(out, ms);
    out.push(',');
    value(out);
    out.push(']');
}
