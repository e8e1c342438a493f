//! Metric queries: vectors at one moment, series over a window.

use super::envelope::given;
use super::{ns, text};
use crate::client::Told;
use crate::client::fault::fault;
use crate::client::http::{Http, Request};
use crate::client::query::{self, QueryData};
use crate::model::ask::Answer;
use crate::model::{Fault, FaultKind, Time};
use crate::text::fault::Why;

/// Seconds since the epoch of no real sample: what is beyond it was meant as milliseconds, which is how Loki writes
/// a scalar's moment.
const BEYOND_S: i64 = 100_000_000_000;

/// Series of a metric query; the server aligns to the step and may go over the window's ends, which is cut off.
pub(super) async fn range(
    http: &Http,
    query: &str,
    (start, end): (Time, Time),
    step_s: u32,
) -> Result<Told, Fault> {
    let request = Request::form("loki/api/v1/query_range")
        .with("query", numbers(query)?)
        .with("start", ns(start).to_string())
        .with("end", ns(end).to_string())
        .with("step", step_s.max(1).to_string());
    given(http, request, move |data: QueryData| {
        let mut answer = query::answer(data, &mut Vec::new())?;
        match &mut answer {
            Answer::Matrix(all) => {
                let within = start.timestamp_millis()..=end.timestamp_millis();
                for series in &mut *all {
                    series.points.retain(|point| within.contains(&point.t));
                }
                all.retain(|series| !series.points.is_empty());
                Ok(answer)
            }
            _ => Err(fault(FaultKind::WrongFormat, &Why::BadJson("not a matrix"))),
        }
    })
    .await
}

/// Values of a metric query at one moment.
pub(super) async fn instant(http: &Http, query: &str, at: Time) -> Result<Told, Fault> {
    sent(http, numbers(query)?, ns(at)).await
}

/// Values at one moment (unix nanoseconds) of a query that is sent as it is.
pub(super) async fn sent(http: &Http, query: String, at: i64) -> Result<Told, Fault> {
    let request = Request::form("loki/api/v1/query").with("query", query).with("time", at.to_string());
    given(http, request, |data: QueryData| {
        let mut answer = query::answer(data, &mut Vec::new())?;
        match &mut answer {
            Answer::Vector(all) => {
                for sample in &mut *all {
                    if sample.at.timestamp() > BEYOND_S {
                        sample.at = Time::from_timestamp_millis(sample.at.timestamp()).unwrap_or(sample.at);
                    }
                }
                Ok(answer)
            }
            _ => Err(fault(FaultKind::WrongFormat, &Why::BadJson("not a vector"))),
        }
    })
    .await
}

/// A query for numbers, as it is sent; Loki would answer one for lines in another shape.
fn numbers(query: &str) -> Result<String, Fault> {
    if text::is_log_query(query) {
        return Err(fault(FaultKind::BadQuery, &Why::NotNumbers));
    }
    text::raw(query)
}
