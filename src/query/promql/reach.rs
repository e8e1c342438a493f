//! How far back a query looks, without evaluating it.

use super::LOOKBACK_MS;
use super::plan::{At, Node, Shift, Source, What};

/// Milliseconds before a step at which the oldest sample lies that the step may read; `None` where it
/// reads none. What `@` binds to a fixed moment reaches as far as there is.
pub(super) fn of(node: &Node) -> Option<i64> {
    match &node.what {
        What::Number(_) | What::Text(_) => None,
        What::Select(select) => Some(shifted(select.shift, LOOKBACK_MS)),
        What::Window(window) => {
            let inner = match &window.source {
                Source::Samples(_) => Some(0),
                Source::Subquery(inner, _) => of(inner),
            };
            inner.map(|inner| shifted(window.shift, inner.saturating_add(window.range_ms)))
        }
        What::Negate(inner) => of(inner),
        What::Binary(binary) => of(&binary.left).max(of(&binary.right)),
        What::Aggregate(aggregate) => of(&aggregate.inner).max(aggregate.parameter.as_ref().and_then(of)),
        What::Call(_, arguments) => arguments.iter().filter_map(of).max(),
    }
}

fn shifted(shift: Shift, reach: i64) -> i64 {
    match shift.at {
        Some(At::Moment(_)) => i64::MAX,
        // The ends of a range are steps of it: none of them lies before the first.
        Some(At::Start | At::End) | None => reach.saturating_add(shift.offset_ms).max(0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Promql;

    #[test]
    fn a_query_reaches_as_far_as_its_farthest_part() {
        const MINUTE: i64 = 60_000;
        for (query, minutes) in [
            ("vector(1)", None),
            ("time()", None),
            ("up == 0", Some(5)),
            ("up offset 5m", Some(10)),
            ("up offset -3m", Some(2)),
            ("up offset -1h", Some(0)),
            ("rate(a[5m]) > 1", Some(5)),
            ("rate(a[5m] offset 1h) > 1", Some(65)),
            ("(a > 0 unless a offset 5m) and on (job) (up offset 6m == 1)", Some(11)),
            ("sum(increase(a[1d])) - on () (sum(rate(b[1m])) or on () vector(0)) > 10", Some(1440)),
            ("max_over_time(rate(a[5m])[1h:1m])", Some(65)),
            ("max_over_time(rate(a[5m] offset 2m)[1h:1m] offset 10m)", Some(77)),
            ("topk(scalar(count(last_over_time(a[2h:]))), b)", Some(125)),
            ("-a", Some(5)),
            ("label_replace(a, \"x\", \"$1\", \"y\", \"(.*)\")", Some(5)),
            ("max_over_time(vector(1)[1h:])", None),
        ] {
            let reach = Promql::parse(query).unwrap_or_else(|error| panic!("{query}: {error}")).reach_ms();
            assert_eq!(reach, minutes.map(|n: i64| n * MINUTE), "{query}");
        }
        assert_eq!(Promql::parse("a @ 1000").map(|query| query.reach_ms()), Ok(Some(i64::MAX)));
    }
}
