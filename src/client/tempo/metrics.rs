//! TraceQL's metrics over a window.

use serde::Deserialize;

use super::json::lenient::{Text, Whole};
use super::wire::Raw;
use crate::client::Told;
use crate::client::fault::{line, warning};
use crate::client::http::{Http, Request};
use crate::client::reply::Reply;
use crate::client::sealed::raw;
use crate::client::wire::Number;
use crate::model::ask::Answer;
use crate::model::{Fault, Labels, Language, Point, Series, Time};
use crate::privacy;
use crate::text::fault::Doubt;

/// Evaluates over a window.
pub(super) async fn range(
    http: &Http,
    query: &str,
    start: Time,
    end: Time,
    step_s: u32,
) -> Result<Told, Fault> {
    let (start, end) = super::seconds(start, end);
    let request = Request::get("api/metrics/query_range")
        .with("q", &*raw(Language::TraceQl, query)?)
        .with("start", start)
        .with("end", end)
        .with("step", format!("{}s", step_s.max(1)));
    let reply = http.fetch(&request).await?.checked(true)?;
    let clock_skew_s = reply.clock_skew_s;
    let (series, warnings) = reply.aside(read).await?;
    Ok(Told { answer: Answer::Matrix(series), warnings, clock_skew_s })
}

#[derive(Deserialize)]
struct Found<'a> {
    #[serde(borrow)]
    series: Option<Vec<One<'a>>>,
    #[serde(borrow, default)]
    status: Text<'a>,
    #[serde(borrow, default)]
    message: Text<'a>,
}

#[derive(Deserialize)]
struct One<'a> {
    #[serde(borrow, default)]
    labels: super::json::lenient::Attributes<'a>,
    samples: Option<Vec<At>>,
}

#[derive(Deserialize)]
struct At {
    #[serde(default, rename = "timestampMs")]
    at: Whole,
    /// Left out where it is zero.
    #[serde(default)]
    value: Number,
}

/// Reads the answer.
pub(super) fn read(reply: &Reply) -> Result<(Vec<Series>, Vec<String>), Fault> {
    let found: Found<'_> = serde_json::from_slice(&reply.body).map_err(|error| reply.bad_json(&error))?;
    let mut warnings = Vec::new();
    if found.status.0 == "PARTIAL" {
        let words = line(&found.message.0);
        warnings.push(if words.is_empty() { warning(&Doubt::Partial) } else { words });
    }
    let series = found.series.unwrap_or_default().into_iter().map(one).collect();
    Ok((series, warnings))
}

fn one(one: One<'_>) -> Series {
    let pairs = one.labels.0.iter().map(|(key, raw)| {
        let name = privacy::safe_name(key);
        let value = privacy::safe_value(&name, &text(raw));
        (name, value)
    });
    let mut points: Vec<Point> = one
        .samples
        .into_iter()
        .flatten()
        .map(|at| Point { t: i64::try_from(at.at.0).unwrap_or_default(), v: at.value.0 })
        .collect();
    points.sort_by_key(|point| point.t);
    Series { labels: Labels::new(pairs), points }
}

/// A label's value in words.
fn text(raw: &Raw<'_>) -> String {
    match raw {
        Raw::Text(text) => text.to_string(),
        Raw::Bool(value) => value.to_string(),
        Raw::Int(number) => number.to_string(),
        Raw::Float(number) => number.to_string(),
        Raw::Empty | Raw::List(_) | Raw::Map(_) | Raw::Bytes(_) => String::new(),
    }
}
