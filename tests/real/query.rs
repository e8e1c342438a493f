//! `query` says what the server itself says.

use serde_json::Value;

use crate::needs;
use crate::stack::{as_json, run};
use crate::support::feed::{Feed, hospital};
use crate::support::servers::Prometheus;

const QUERIES: [&str; 5] = [
    "up",
    "sum by (department) (active_medical_sessions)",
    "histogram_quantile(0.95, sum by (le, model_name) (rate(ai_model_inference_seconds_bucket[10s])))",
    "mac_studio_memory_bytes / 0",
    "up{job=\"nobody\"}",
];

/// Label sets with their points, in a fixed order.
fn sorted(mut series: Vec<(Value, Vec<(f64, Value)>)>) -> Vec<(Value, Vec<(f64, Value)>)> {
    series.sort_by_key(|(labels, _)| labels.to_string());
    series
}

#[test]
fn values_at_a_moment_and_over_time_are_the_server_s_own() {
    needs!("real::query"; PROMETHEUS);
    let feed = Feed::start();
    let prometheus = Prometheus::start(&feed.prometheus());
    prometheus.wait_scraped(hospital::JOBS.len());
    let nobody = "http://127.0.0.1:1";
    // A moment of which the server has stored everything.
    let end = prometheus.value("time()").expect("its clock") as i64 - 2;
    let start = end - 60;
    for query in QUERIES {
        let at = end.to_string();
        let own = prometheus.instant(query, Some(&at)).expect("an answer");
        let done = run(prometheus.url(), nobody, &["query", query, "--at", &at, "--format", "json"]);
        assert_eq!(done.status, Some(i32::from(own.is_empty())), "{query}: {}", done.stderr);
        let told = done.json();
        let expected = own.iter().map(|one| {
            let value = as_json(one["value"][1].as_str().expect("a value"));
            (one["metric"].clone(), vec![(0.0, value)])
        });
        let values = told["values"].as_array().expect("values").iter();
        let values = values.map(|one| (one["labels"].clone(), vec![(0.0, one["value"].clone())]));
        assert_eq!(sorted(values.collect()), sorted(expected.collect()), "{query}");

        let own = prometheus.range(query, start, end, 1).expect("an answer");
        let (from, to) = (start.to_string(), at.clone());
        let arguments =
            ["query", query, "--range", "--from", &from, "--to", &to, "--step", "1s", "--format", "json"];
        let told = run(prometheus.url(), nobody, &arguments).json();
        let expected = own.iter().map(|one| {
            let points = one["values"].as_array().expect("values").iter();
            let point = |point: &Value| {
                (point[0].as_f64().expect("a moment"), as_json(point[1].as_str().expect("a value")))
            };
            (one["metric"].clone(), points.map(point).collect())
        });
        let series = told["series"].as_array().expect("series").iter().map(|one| {
            let points = one["points"].as_array().expect("points");
            assert_eq!(points.len(), 61, "{query}: every moment is there, a gap as null");
            let kept = points.iter().filter(|point| !point[1].is_null());
            (one["labels"].clone(), kept.map(|p| (p[0].as_f64().expect("a moment"), p[1].clone())).collect())
        });
        assert_eq!(sorted(series.collect()), sorted(expected.collect()), "{query}");
    }
    let refused = run(prometheus.url(), nobody, &["query", "sum("]);
    assert_eq!(refused.status, Some(2));
    assert!(refused.stderr.contains("parse error"), "{}", refused.stderr);
}
