//! How many lines a query has.

use super::metric;
use crate::client::http::Http;
use crate::model::Fault;
use crate::model::ask::Answer;

/// Lines of a log query, both moments included (unix nanoseconds). The query is sent as it is.
///
/// `count_over_time` leaves its range's start out and takes its end in, so the range begins a nanosecond before.
pub(in crate::client) async fn lines(http: &Http, query: &str, from: i64, to: i64) -> Result<u64, Fault> {
    let range = to.saturating_sub(from).saturating_add(1).max(1);
    // On a line of its own: a comment may end the query.
    let counting = format!("sum(count_over_time({query}\n[{range}ns]))");
    let told = metric::sent(http, counting, to).await?;
    Ok(match told.answer {
        Answer::Vector(samples) => samples.iter().map(|sample| sample.value.max(0.0) as u64).sum(),
        _ => 0,
    })
}
