//! `query_range` and `query`.

use axum::response::Response;
use serde_json::{Value, json};

use super::answer::{self, Data, Refusal, json_utf8, success};
use super::{Asked, Server, stats};
use crate::query::Order;
use crate::query::logql::{self, LogQl};

/// The most lines that one answer holds, as Loki's default.
const MOST_LINES: i64 = 5000;
const S: i64 = 1_000_000_000;

impl From<logql::LogQlError> for Refusal {
    fn from(error: logql::LogQlError) -> Self {
        Self::bad(error.to_string())
    }
}

/// How many lines are wanted.
pub(super) fn limit(asked: &Asked) -> Result<usize, Refusal> {
    let limit = asked.params.number("limit", 100)?;
    if limit > MOST_LINES {
        return Err(Refusal::bad(format!(
            "max entries limit per query exceeded, limit > max_entries_limit_per_query ({limit} > {MOST_LINES})"
        )));
    }
    match usize::try_from(limit) {
        Ok(limit) if limit > 0 => Ok(limit),
        _ => Err(Refusal::bad("limit must be a positive value")),
    }
}

/// Whether the asker wants labels by where they come from.
pub(super) fn categorized(asked: &Asked) -> bool {
    asked.headers.get_all("x-loki-response-encoding-flags").iter().any(|flags| {
        flags.to_str().is_ok_and(|flags| flags.split(',').any(|flag| flag.trim() == "categorize-labels"))
    })
}

/// The query itself.
pub(super) fn parsed(asked: &Asked) -> Result<LogQl, Refusal> {
    Ok(LogQl::parse(asked.params.get("query").unwrap_or(""))?)
}

/// `/loki/api/v1/query_range`.
pub(super) fn range(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let (start, end) = server.window(&asked.params)?;
    if end <= start && asked.params.get("start").is_some() {
        return Err(Refusal::bad("end timestamp must not be before or equal to start time"));
    }
    let query = parsed(asked)?;
    if !query.is_metric() {
        let order = match asked.params.get("direction").map(str::to_ascii_lowercase).as_deref() {
            None | Some("backward") => Order::Backward,
            Some("forward") => Order::Forward,
            Some(other) => return Err(Refusal::bad(format!("invalid direction '{other}'"))),
        };
        let categorized = categorized(asked);
        let found = query.streams(&*server.data, (start, end), limit(asked)?, order, categorized)?;
        let returned = found.streams.iter().map(|stream| stream.entries.len()).sum();
        let answer = answer::streams(&found, categorized, stats::block(&found.stats, returned, true));
        return Ok(answer::json_of_size(&answer, answer::bytes_of(&found)));
    }
    let step = match asked.params.duration("step")? {
        Some(step) if step <= 0 => {
            return Err(Refusal::bad(
                "zero or negative query resolution step widths are not accepted. Try a positive integer",
            ));
        }
        Some(step) => step.max(1_000_000),
        None => ((end - start) / 250 / S).max(1) * S,
    };
    // As the real one: steps lie on a grid, around what was asked for.
    let (start, end) = if step >= S {
        (start.div_euclid(step) * step, end.saturating_add(step - 1).div_euclid(step).saturating_mul(step))
    } else {
        (start, end)
    };
    let (series, seen) = query.range(&*server.data, (start, end), step)?;
    let stats = stats::block(&seen, series.len(), true);
    let result = answer::Matrix(&series);
    Ok(json_utf8(&success(Data { result_type: "matrix", encoding_flags: Vec::new(), result, stats })))
}

/// `/loki/api/v1/query`.
pub(super) fn instant(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let at = asked.params.moment("time", server.now())?;
    let query = parsed(asked)?;
    let (value, seen) = query.instant(&*server.data, at)?;
    let ms = at.div_euclid(1_000_000);
    let (result_type, returned, result) = match value {
        // A scalar's moment is in milliseconds, unlike every other.
        logql::Value::Scalar(value) => ("scalar", 1, json!([ms, answer::number(value)])),
        logql::Value::Vector(vector) => {
            let one = |(labels, value)| json!({ "metric": labels, "value": [answer::seconds(ms), answer::number(value)] });
            ("vector", vector.len(), vector.into_iter().map(one).collect::<Value>())
        }
    };
    let stats = stats::block(&seen, returned, result_type != "scalar");
    Ok(json_utf8(&success(Data { result_type, encoding_flags: Vec::new(), result, stats })))
}
