//! The language as a whole, over thirty traces.

use proptest::prelude::*;

use super::*;
use crate::model::{SpanId, Trace};
use crate::query::fixture::{Fixture, S, START, span, traces};

const ALL: (i64, i64) = (START, START + 300 * S);

/// How many traces, and how many of their spans.
fn counts(query: &str) -> (usize, usize) {
    let parsed = TraceQl::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let found = parsed.search(&traces(), ALL, 1000, &mut |_| true).expect("a search");
    (found.len(), found.iter().flat_map(|found| &found.sets).map(|set| set.spans.len()).sum())
}

#[test]
fn filters_find_the_right_spans() {
    for (query, expected) in [
        ("{}", (30, 105)),
        ("{ }", (30, 105)),
        ("{name=\"tokenise\"}", (15, 15)),
        ("{name=~\"ai_inference.*\"}", (30, 30)),
        ("{name=~\"inference\"}", (0, 0)),
        ("{name!~\"ai_.*\"}", (30, 75)),
        ("{status=error}", (6, 12)),
        ("{status!=error}", (30, 93)),
        ("{status=ok}", (30, 30)),
        ("{kind=server}", (30, 30)),
        ("{duration>1s}", (5, 10)),
        ("{duration >= 2s && kind = server}", (5, 5)),
        ("{duration>1s || status=error}", (10, 21)),
        ("{traceDuration>1s}", (5, 20)),
        ("{rootServiceName=\"api-gateway\" && name=\"tokenise\"}", (15, 15)),
        ("{rootName=\"nothing\"}", (0, 0)),
        ("{statusMessage=\"refused\"}", (6, 6)),
        ("{resource.service.name=\"ai-engine\"}", (30, 45)),
        ("{.service.name=\"ai-engine\"}", (30, 45)),
        ("{span.service.name=\"ai-engine\"}", (0, 0)),
        ("{resource.deployment.environment=\"production\"}", (30, 105)),
        ("{span.ai.confidence>0.7}", (9, 9)),
        ("{span.ai.confidence * 2 > 1.4}", (9, 9)),
        ("{span.ai.success=true}", (30, 30)),
        ("{span.ai.success!=true}", (0, 0)),
        ("{span.ai.success=nil}", (30, 75)),
        ("{span.ai.success!=nil}", (30, 30)),
        ("{span.http.response.status_code=200}", (30, 30)),
        ("{span.\"http.response.status_code\">=200}", (30, 30)),
        ("{!(status=error)}", (30, 93)),
        ("{duration > 100ms + 60ms}", (30, 35)),
        ("{nestedSetParent<0}", (30, 30)),
        ("{childCount=2}", (30, 30)),
        ("{span:name=\"tokenise\"}", (15, 15)),
        ("{trace:id=\"ab0000\"}", (1, 4)),
        ("{name=1}", (0, 0)),
    ] {
        assert_eq!(counts(query), expected, "{query}");
    }
}

#[test]
fn spansets_stand_to_each_other_as_asked() {
    for (query, expected) in [
        ("{kind=server} > {name=\"auth.verify\"}", (30, 30)),
        ("{kind=server} > {name=\"tokenise\"}", (0, 0)),
        ("{kind=server} >> {name=\"tokenise\"}", (15, 15)),
        ("{name=\"tokenise\"} << {kind=server}", (15, 15)),
        ("{name=\"tokenise\"} < {kind=server}", (0, 0)),
        ("{name=\"tokenise\"} < {name=~\"ai.*\"}", (15, 15)),
        ("{name=\"auth.verify\"} ~ {name=~\"ai.*\"}", (30, 30)),
        ("{name=\"auth.verify\"} ~ {name=\"auth.verify\"}", (0, 0)),
        ("{kind=server} !>> {}", (30, 30)),
        ("{name=~\"ai.*\"} !> {kind!=server}", (30, 60)),
        ("{status=error} && {name=\"tokenise\"}", (3, 9)),
        ("{status=error} || {name=\"tokenise\"}", (18, 27)),
        ("({status=error} && {duration>1s}) || {name=\"none\"}", (1, 3)),
        ("{kind=server} > {name=~\"ai.*\"} > {name=\"tokenise\"}", (15, 15)),
        ("({status=error} | count() > 1) >> {name=\"tokenise\"}", (3, 3)),
    ] {
        assert_eq!(counts(query), expected, "{query}");
    }
}

#[test]
fn pipelines_compute_and_group() {
    for (query, expected) in [
        ("{} | count() > 3", (15, 60)),
        ("{} | count() = 3", (15, 45)),
        ("{} | avg(duration) > 500ms", (5, 20)),
        ("{} | max(duration) > 1s", (5, 20)),
        ("{} | min(duration) < 20ms", (15, 60)),
        ("{} | sum(duration) >= 3s", (5, 20)),
        ("{} | avg(span.ai.confidence) > 0.7", (9, 31)),
        ("{} | {status=error}", (6, 12)),
        ("{} | {status=error} | count() > 2", (0, 0)),
        ("{} | by(resource.service.name) | count() > 1", (15, 30)),
        ("{} | by(resource.service.name) | count() > 1 | coalesce()", (15, 30)),
        ("{status=error} | select(span.http.response.status_code, resource.service.name)", (6, 12)),
    ] {
        assert_eq!(counts(query), expected, "{query}");
    }
    let by = TraceQl::parse("{} | by(resource.service.name)").expect("parses");
    let found = by.search(&traces(), ALL, 1, &mut |_| true).expect("a search");
    let told: Vec<String> =
        found[0].sets.iter().map(|set| format!("{}={}", set.attributes[0].0, set.attributes[0].1)).collect();
    assert_eq!(
        told,
        ["api-gateway", "auth-service", "ai-engine"].map(|name| format!("by(resource.service.name)={name}"))
    );
}

#[test]
fn the_newest_come_first_and_the_limit_ends_it() {
    let query = TraceQl::parse("{status=error}").expect("parses");
    let mut seen = 0;
    let found = query
        .search(&traces(), ALL, 2, &mut |_| {
            seen += 1;
            true
        })
        .expect("a search");
    let ids: Vec<u128> = found.iter().map(|found| found.trace.id.0 - 0x00ab_0000).collect();
    assert_eq!((ids, seen), (vec![25, 20], 10));
}

#[test]
fn metrics_count_spans_by_step() {
    let run = |query: &str| {
        let parsed = TraceQl::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        assert!(parsed.is_metrics());
        parsed.metrics(&traces(), ALL, 60 * S, 10).expect("metrics")
    };
    let rate = run("{kind=server} | rate()");
    assert_eq!(rate.len(), 1);
    assert_eq!(rate[0].labels, [("__name__".to_owned(), Value::Text("rate".into()))]);
    let total: f64 = rate[0].points.iter().map(|point| point.v * 60.0).sum();
    assert!((total - 30.0).abs() < 1e-9, "{total}");
    // The grid lies on round minutes around the window, which begins at second 36.
    let t: Vec<i64> = rate[0].points.iter().map(|point| point.t / 1000 - START / S + 36).collect();
    assert_eq!(t, [0, 60, 120, 180, 240, 300, 360]);
    assert!(!rate[0].exemplars.is_empty() && rate[0].exemplars.len() <= 10);
    let by = run("{} | count_over_time() by (resource.service.name, kind)");
    let names: Vec<String> = by.iter().map(|s| format!("{}/{}", s.labels[0].1, s.labels[1].1)).collect();
    assert_eq!(names, ["ai-engine/client", "api-gateway/server", "auth-service/client"]);
    assert_eq!(by[0].labels[0].0, "resource.service.name");
    let one = |query: &str| run(query)[0].points.iter().map(|point| point.v).fold(f64::NAN, f64::max);
    assert_eq!(one("{kind=server} | max_over_time(duration)"), 2.0);
    assert_eq!(one("{kind=server} | min_over_time(duration)"), 0.2);
    assert!((one("{kind=server} | avg_over_time(duration)") - 0.56).abs() < 0.3);
    assert!((one("{name=\"auth.verify\"} | sum_over_time(duration)") - 0.12).abs() < 1e-9);
    let quantile = run("{kind=server} | quantile_over_time(duration, .5, .99)");
    assert_eq!(quantile[1].labels, [("p".to_owned(), Value::Float(0.99))]);
    // Within the power of two that holds the value: 200 ms lies in (134 ms, 268 ms].
    assert!(quantile[0].points.iter().all(|point| (0.134..=0.269).contains(&point.v)));
    assert!(quantile[1].points.iter().any(|point| (1.07..=2.15).contains(&point.v)));
    let histogram = run("{kind=server} | histogram_over_time(duration)");
    assert_eq!(histogram.len(), 2);
    assert_eq!(histogram[0].labels[0].0, "__bucket");
    let query = TraceQl::parse("{kind=server} | count_over_time()").expect("parses");
    let whole = query.over_window(&traces(), (START - S, START + 100 * S)).expect("metrics");
    assert_eq!(whole[0].1, 11.0);
    assert!(query.metrics(&traces(), (0, START), S, 0).is_err());
    assert!(query.search(&traces(), ALL, 1, &mut |_| true).is_err());
    assert!(TraceQl::parse("{}").expect("parses").metrics(&traces(), ALL, S, 0).is_err());
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let parse = "invalid TraceQL query: parse error at line 1, col";
    for (query, expected) in [
        ("{name=", format!("{parse} 7: syntax error: unexpected $end")),
        ("", format!("{parse} 1: syntax error: unexpected $end")),
        ("{", format!("{parse} 2: syntax error: unexpected $end")),
        ("{} |", format!("{parse} 5: syntax error: unexpected $end")),
        ("{} | nothing()", format!("{parse} 6: syntax error: unexpected IDENTIFIER")),
        ("{nothing=1}", format!("{parse} 2: syntax error: unexpected IDENTIFIER")),
        ("{name=~\"(\"}", format!("{parse} 8: error parsing regexp: `(`")),
        ("{name=\"x}", format!("{parse} 7: literal not terminated or invalid escape")),
        ("{.a=1;}", format!("{parse} 6: syntax error: unexpected character ';'")),
        ("{duration>5x}", format!("{parse} 11: no number or duration")),
        ("{} | quantile_over_time(duration, 2)", format!("{parse} 35: a quantile lies between 0 and 1")),
        (
            "{link:traceID=\"x\"}",
            "the intrinsic `link:traceID` is not supported by the embedded hospital".to_owned(),
        ),
        ("{event.a=1}", "the scope `event.` is not supported by the embedded hospital".to_owned()),
        ("{} &>> {}", "the union operator &>> is not supported by the embedded hospital".to_owned()),
        ("{} | compare({status=error})", "compare() is not supported by the embedded hospital".to_owned()),
        (
            "{} | rate() with (sample=true)",
            "a hint (`with`) is not supported by the embedded hospital".to_owned(),
        ),
    ] {
        match TraceQl::parse(query) {
            Ok(_) => panic!("{query} was read"),
            Err(error) => assert_eq!(error.to_string(), expected, "{query}"),
        }
    }
    for query in [
        "{}{}",
        "{} | count()",
        "{} | avg() > 1",
        "({}",
        "{} | rate() | rate()",
        "({} | rate())",
        "{} > ",
        "{a}",
        "{(name=\"a\"}",
    ] {
        assert!(TraceQl::parse(query).is_err(), "{query} was read");
    }
    for deep in
        ["(".repeat(100_000), format!("{{{}", "!".repeat(100_000)), format!("{{{}", "(".repeat(100_000))]
    {
        assert!(TraceQl::parse(&deep).is_err());
    }
}

#[test]
fn parents_in_a_circle_or_missing_end_all_the_same() {
    let mut trace = Trace { id: crate::model::TraceId(1), spans: vec![] };
    for (id, parent) in [(1, 3), (2, 1), (3, 2), (4, 99), (5, 5)] {
        trace.spans.push(span(&trace, id, parent, "a", "x", START, (0, 1)));
    }
    trace.spans[3].span_id = SpanId(4);
    let fixture = Fixture { traces: vec![std::sync::Arc::new(trace)], ..Fixture::default() };
    for operator in [">", ">>", "<", "<<", "~", "!>>", "!<<", "!~"] {
        let query =
            TraceQl::parse(&format!("{{span:id=\"0000000000000001\"}} {operator} {{}}")).expect("parses");
        let found = query.search(&fixture, ALL, 9, &mut |_| true).expect("a search");
        assert!(found.len() <= 1, "{operator}");
    }
}

proptest! {
    /// Whatever is typed, nothing panics.
    #[test]
    fn any_text_is_read_or_refused(
        text in "(\\{|\\}|name|duration|span\\.a|\\.b|status|=|!=|=~|>|>>|<<|~|&&|\\|\\||\\||count\\(\\)|rate\\(\\)|by\\(|\\(|\\)|1s|0\\.5|-|\"[^\"]{0,4}\"|error| |\\PC){0,20}",
    ) {
        if let Ok(query) = TraceQl::parse(&text) {
            let _ = query.search(&traces(), (START, START + 30 * S), 5, &mut |_| true);
            let _ = query.metrics(&traces(), (START, START + 30 * S), S, 5);
        }
    }
}
