//! A PromQL query, read and evaluated over a few samples.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plantao::model::{Labels, Matcher, Point, Series};
use plantao::query::promql::{Promql, selector};
use plantao::query::{MetricData, STALE_NAN, is_stale};

/// First sample, milliseconds since the epoch.
const START_MS: i64 = 1_700_000_000_000;

struct Few;

impl MetricData for Few {
    fn series(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        let values = [1.0, f64::NAN, 3.0, f64::from_bits(STALE_NAN), f64::INFINITY, 0.0];
        ["up", "x", "b"]
            .iter()
            .map(|name| Labels::new([("__name__", *name), ("le", "+Inf"), ("a", "1")]))
            .filter(|labels| matchers.iter().all(|matcher| matcher.matches(labels)))
            .map(|labels| Series {
                labels,
                points: (0..)
                    .zip(values)
                    .map(|(at, v)| Point { t: START_MS + at * 15_000, v })
                    .filter(|point| (from_ms..=to_ms).contains(&point.t))
                    .collect(),
            })
            .filter(|series| !series.points.is_empty())
            .collect()
    }
}

fuzz_target!(|text: &str| {
    let _ = selector(text);
    let Ok(promql) = Promql::parse(text) else { return };
    let _ = promql.instant(&Few, START_MS + 60_000);
    if let Ok(series) = promql.range(&Few, START_MS, START_MS + 120_000, 15_000) {
        assert!(series.iter().flat_map(|series| &series.points).all(|point| !is_stale(point.v)));
    }
});
