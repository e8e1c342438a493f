//! Answers that are kept as they come, so that a console on the bundle shows its panels without the series behind them.

use std::sync::Arc;

use serde_json::{Value, json};

use super::asking::{Asker, Refused};
use super::pieces::Pieces;
use crate::model::ask::{Answer, Ask};
use crate::model::evidence::OtherRecord;
use crate::model::{Point, Series, SourceId};
use crate::text::gather::EN as WORDS;

/// Asks them, and writes the answers down.
pub(super) async fn gather(asker: &Asker<'_>, queries: &[Arc<str>], pieces: &Pieces) -> Vec<OtherRecord> {
    if !asker.has(&SourceId::PROMETHEUS) {
        return Vec::new();
    }
    let asks = queries.iter().map(|query| async move {
        let mut all: Vec<Series> = Vec::new();
        for piece in pieces.iter() {
            let ask = Ask::Range {
                query: query.clone(),
                start: piece.start,
                end: piece.end,
                step_s: pieces.step_s,
            };
            match asker.try_ask(WORDS.metrics, ask).await {
                Ok(Answer::Matrix(series)) => {
                    for one in series {
                        match all.iter_mut().find(|known| known.labels == one.labels) {
                            Some(known) => known.points.extend(one.points),
                            None => all.push(one),
                        }
                    }
                }
                // A panel whose query this server does not know is empty there, too.
                Ok(_) | Err(Refused::Query) => {}
                Err(Refused::Noted) => return None,
            }
        }
        Some(record(query, pieces.step_s, &all))
    });
    futures_util::future::join_all(asks).await.into_iter().flatten().collect()
}

fn record(query: &str, step_s: u32, series: &[Series]) -> OtherRecord {
    let series: Vec<Value> = series
        .iter()
        .map(
            |one| json!({ "labels": one.labels, "samples": one.points.iter().map(pair).collect::<Vec<_>>() }),
        )
        .collect();
    let rest =
        json!({ "source": "prometheus", "query": query, "step_s": step_s, "series": series }).to_string();
    let json = format!("{{\"kind\":\"query\",{}", rest.get(1..).unwrap_or("}"));
    OtherRecord { kind: "query".into(), json: json.into() }
}

/// Seconds and value; what JSON has no number for as a word.
fn pair(point: &Point) -> Value {
    let value = if point.v.is_finite() {
        json!(point.v)
    } else if point.v.is_nan() {
        json!("NaN")
    } else if point.v > 0.0 {
        json!("+Inf")
    } else {
        json!("-Inf")
    };
    json!([point.t as f64 / 1000.0, value])
}
