//! The language as a whole, over a few hundred lines.

use proptest::prelude::*;

use super::*;
use crate::query::fixture::{Fixture, S, START, line, lines};

const ALL: (i64, i64) = (START, START + 300 * S);

fn texts(query: &str) -> Vec<String> {
    let parsed = LogQl::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let found = parsed.streams(&lines(), ALL, 10_000, Order::Forward, false).expect("streams");
    let mut all: Vec<(i64, String)> = found
        .streams
        .iter()
        .flat_map(|stream| stream.entries.iter().map(|entry| (entry.ts, entry.line.to_string())))
        .collect();
    all.sort();
    all.into_iter().map(|(_, text)| text).collect()
}

fn value(query: &str) -> Value {
    let parsed = LogQl::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    parsed.instant(&lines(), START + 299 * S + 5).unwrap_or_else(|error| panic!("{query}: {error}")).0
}

#[test]
fn filters_keep_the_right_number_of_lines() {
    for (query, expected) in [
        (r#"{category="ai_inference"}"#, 300),
        (r#"{category=~"a.*"}"#, 330),
        (r#"{category="ai_inference", department!="icu"}"#, 225),
        (r#"{category="ai_inference"} |= "cardiology""#, 75),
        (r#"{category="ai_inference"} |= "cardiology" or "icu""#, 150),
        (r#"{category="ai_inference"} != "cardiology" or "icu""#, 150),
        (r#"{category="ai_inference"} |~ "car|sur""#, 150),
        (r#"{category="ai_inference"} !~ `c(ar|u)`"#, 75 + 75),
        (r#"{category="system"} |> "fan <_> speed""#, 10),
        (r#"{category="system"} !> "fan 30 <_>""#, 9),
        (r#"{category="ai_inference"} | json | success="false""#, 43),
        (r#"{category="ai_inference"} | json | inference_time_ms > 3000"#, 29),
        (r#"{category="ai_inference"} | json | inference_time_ms >= 3000 and success="true""#, 26),
        (r#"{category="ai_inference"} | json | inference_time_ms < 310 or inference_time_ms > 3280"#, 2),
        (
            r#"{category="ai_inference"} | json | (inference_time_ms < 310 or success="false"), department="icu""#,
            11,
        ),
        (r#"{category="ai_inference"} | json | http_status = 200"#, 300),
        (r#"{category="ai_inference"} | json code="http.status" | code="200""#, 300),
        (r#"{category="ai_inference"} | level_extracted="info""#, 0),
        (r#"{category="ai_inference"} | json | level_extracted="info" level="info""#, 300),
        (r#"{category="audit"} | detected_level="warn""#, 30),
        (r#"{category="audit"} | trace_id="abc""#, 30),
        (r#"{category="audit"} | logfmt | user="dr silva""#, 30),
        (r#"{category="audit"} | logfmt | took > 1s"#, 30),
        (r#"{category="audit"} | logfmt | took <= 1.5s | ms = 12.5"#, 30),
        (r#"{category="audit"} | logfmt | none > 5"#, 0),
        (r#"{category="audit"} | logfmt | user > 5"#, 30),
        (r#"{category="audit"} | logfmt | user > 5 | __error__="""#, 0),
        (r#"{category="audit"} | json | __error__="JSONParserErr""#, 30),
        (r#"{category="system"} | pattern "fan <n> speed changed to <rpm> rpm" | rpm > 1200"#, 3),
        (r#"{category="system"} | regexp "to (?P<rpm>\\d+)" | rpm <= 1200"#, 7),
        ("{category=\"system\"} # a comment\n |= \"fan 0\"", 1),
    ] {
        assert_eq!(texts(query).len(), expected, "{query}");
    }
}

#[test]
fn stages_change_lines_and_labels() {
    assert_eq!(
        texts(
            r#"{category="system"} |= "fan 30 " | regexp "(?P<rpm>\\d+) rpm" | line_format "{{.rpm}}/{{.service | ToUpper}}""#
        ),
        ["1030/MAC-STUDIO"]
    );
    let one = |query: &str| {
        let found = LogQl::parse(query)
            .expect(query)
            .streams(&lines(), (START, START + S), 1, Order::Forward, false)
            .expect("streams");
        found.streams[0].labels.to_string()
    };
    assert_eq!(
        one(r#"{category="ai_inference"} | json | keep level_extracted, success, http_status"#),
        r#"{http_status="200", level_extracted="info", success="false"}"#
    );
    assert_eq!(
        one(r#"{category="audit"} | drop category, level, trace_id="no", detected_level=~"w.*""#),
        r#"{service="medical-api", trace_id="abc"}"#
    );
    assert_eq!(
        one(
            r#"{category="audit"} | label_format who=service, both="{{.category}}-{{.level}}" | keep who, both"#
        ),
        r#"{both="audit-warning", who="medical-api"}"#
    );
    let fixture = Fixture {
        entries: vec![
            line(0, &[("a", "b")], "\u{1b}[31mred\u{1b}[0m"),
            line(1, &[("a", "c")], r#"{"_entry": "the line", "pod": "x"}"#),
        ],
        ..Fixture::default()
    };
    for (query, expected) in [
        (r#"{a="b"} | decolorize"#, "red"),
        (r#"{a="c"} | unpack"#, "the line"),
        (r#"{a="c"} | unpack | pod="x""#, "the line"),
    ] {
        let found = LogQl::parse(query)
            .expect(query)
            .streams(&fixture, ALL, 9, Order::Forward, false)
            .expect("streams");
        assert_eq!(&*found.streams[0].entries[0].line, expected, "{query}");
    }
}

#[test]
fn labels_are_merged_or_categorised() {
    let query = LogQl::parse(r#"{category="audit"} | logfmt"#).expect("parses");
    let merged = query.streams(&lines(), ALL, 1, Order::Backward, false).expect("streams");
    assert_eq!(
        merged.streams[0].labels.to_string(),
        r#"{action="access", category="audit", detected_level="warn", level="warning", ms="12.5", service="medical-api", took="1.5s", trace_id="abc", user="dr silva"}"#
    );
    let apart = query.streams(&lines(), ALL, 1, Order::Backward, true).expect("streams");
    let (stream, entry) = (&apart.streams[0], &apart.streams[0].entries[0]);
    assert_eq!(stream.labels.to_string(), r#"{category="audit", level="warning", service="medical-api"}"#);
    assert_eq!(entry.metadata.to_string(), r#"{detected_level="warn", trace_id="abc"}"#);
    assert_eq!(entry.parsed.to_string(), r#"{action="access", ms="12.5", took="1.5s", user="dr silva"}"#);
}

#[test]
fn a_range_holds_its_start_and_not_its_end_and_a_window_the_reverse() {
    let fixture = Fixture {
        entries: (0..=3).map(|second| line(second * S, &[("a", "b")], "x")).collect(),
        ..Fixture::default()
    };
    let found = LogQl::parse(r#"{a="b"}"#)
        .expect("parses")
        .streams(&fixture, (START, START + 2 * S), 9, Order::Forward, false)
        .expect("streams");
    assert_eq!(found.streams[0].entries.iter().map(|e| (e.ts - START) / S).collect::<Vec<_>>(), [0, 1]);
    for (query, expected) in [
        (r#"sum(count_over_time({a="b"}[2s]))"#, Some(2.0)),
        (r#"sum(count_over_time({a="b"}[2s] offset 1s))"#, Some(2.0)),
        (r#"sum(count_over_time({a="b"}[1s] offset 2s))"#, Some(1.0)),
        (r#"sum(count_over_time({a="b"}[1s] offset 3s))"#, None),
    ] {
        let (value, _) = LogQl::parse(query).expect(query).instant(&fixture, START + 2 * S).expect("a value");
        let expected = expected.map(|v| (Labels::default(), v)).into_iter().collect();
        assert_eq!(value, Value::Vector(expected), "{query}");
    }
}

#[test]
fn metric_queries_compute() {
    let single = |query: &str| match value(query) {
        Value::Vector(vector) => {
            assert_eq!(vector.len(), 1, "{query}: {vector:?}");
            vector[0].1
        }
        Value::Scalar(value) => value,
    };
    for (query, expected) in [
        (r#"sum(count_over_time({category="ai_inference"}[5m]))"#, 300.0),
        (r#"sum(rate({category="ai_inference"}[1m]))"#, 1.0),
        (r#"sum(bytes_over_time({category="audit"}[5m]))"#, 30.0 * 47.0),
        (r#"sum(bytes_rate({category="audit"}[1m]))"#, 6.0 * 47.0 / 60.0),
        (r#"sum(count_over_time({category="ai_inference"} | json | success="false" [5m]))"#, 43.0),
        (r#"sum(count_over_time({category="ai_inference"}[5m] | json | success="false"))"#, 43.0),
        (r#"max(max_over_time({category="ai_inference"} | json | unwrap inference_time_ms [5m]))"#, 3290.0),
        (
            r#"avg_over_time({category="ai_inference"} | json | unwrap inference_time_ms [5m]) by (level)"#,
            1795.0,
        ),
        (
            r#"quantile_over_time(0.5, {category="ai_inference"} | json | unwrap inference_time_ms [5m]) by (level)"#,
            1795.0,
        ),
        (r#"min_over_time({category="ai_inference"} | json | unwrap inference_time_ms [5m]) by ()"#, 300.0),
        (r#"sum(sum_over_time({category="audit"} | logfmt | unwrap duration(took) [5m]))"#, 45.0),
        (r#"first_over_time({category="ai_inference"} | json | unwrap inference_time_ms [5m]) by ()"#, 300.0),
        (r#"last_over_time({category="ai_inference"} | json | unwrap inference_time_ms [5m]) by ()"#, 3290.0),
        (r#"absent_over_time({category="none"}[5m])"#, 1.0),
        (r#"count(sum by (department) (count_over_time({category="ai_inference"}[5m])))"#, 4.0),
        (
            r#"sum(count_over_time({category="ai_inference"}[5m])) / sum(count_over_time({category="audit"}[5m]))"#,
            10.0,
        ),
        (r#"sum(rate({category="ai_inference"}[1m])) * 60 + 1"#, 61.0),
        (r#"sum(rate({category="ai_inference"}[1m])) > bool 2"#, 0.0),
        ("1 + 2 * 3 ^ 2 ^ 0", 7.0),
        ("(1 + 2) * -3", -9.0),
        ("vector(3) > 2", 3.0),
        (r#"sum(count_over_time({category="none"}[5m])) or vector(0)"#, 0.0),
        (r#"topk(1, sum by (category) (count_over_time({service=~".+"}[5m])))"#, 300.0),
    ] {
        let found = single(query);
        assert!((found - expected).abs() < 1e-9, "{query}: {found}, not {expected}");
    }
    assert_eq!(value("1 + 1"), Value::Scalar(2.0));
    assert_eq!(value("vector(1) > 2"), Value::Vector(vec![]));
    let by = value(r#"sum by (category) (count_over_time({service=~".+"}[5m]))"#);
    let expected = [("ai_inference", 300.0), ("audit", 30.0), ("system", 10.0)]
        .map(|(name, count)| (Labels::new([("category", name)]), count));
    assert_eq!(by, Value::Vector(expected.to_vec()));
    let replaced = value(
        r#"label_replace(sum by (service) (count_over_time({category="audit"}[5m])), "who", "$1", "service", "(.*)-api")"#,
    );
    let labels = Labels::new([("service", "medical-api"), ("who", "medical")]);
    assert_eq!(replaced, Value::Vector(vec![(labels, 30.0)]));
}

#[test]
fn the_pushed_grouping_changes_nothing() {
    for inner in [r#"count_over_time({service=~".+"}[1m])"#, r#"bytes_rate({service=~".+"}[1m])"#] {
        for grouping in ["by (level)", "by (department, category)", "without (department)", ""] {
            let pushed = LogQl::parse(&format!("sum {grouping} ({inner})")).expect("parses");
            // An operator between keeps the grouping outside.
            let apart = LogQl::parse(&format!("sum {grouping} ({inner} + 0)")).expect("parses");
            let run = |query: &LogQl| query.range(&lines(), ALL, 30 * S).expect("a matrix").0;
            let (pushed, apart) = (run(&pushed), run(&apart));
            assert!(!pushed.is_empty());
            assert_eq!(pushed.len(), apart.len());
            for (a, b) in pushed.iter().zip(&apart) {
                assert_eq!(a.labels, b.labels);
                for (a, b) in a.points.iter().zip(&b.points) {
                    assert!(a.t == b.t && (a.v - b.v).abs() < 1e-9);
                }
            }
        }
    }
}

#[test]
fn a_range_query_has_a_point_a_step() {
    let query =
        LogQl::parse(r#"sum by (category) (count_over_time({category="audit"}[10s]))"#).expect("parses");
    let (series, stats) = query.range(&lines(), (START, START + 60 * S), 20 * S).expect("a matrix");
    assert_eq!(series.len(), 1);
    let t: Vec<i64> = series[0].points.iter().map(|point| (point.t - START / 1_000_000) / 1000).collect();
    // At 0 s nothing has been: the first line comes a nanosecond later.
    assert_eq!(t, [20, 40, 60]);
    assert!(series[0].points.iter().all(|point| point.v == 1.0));
    assert!(stats.lines >= 6);
    assert!(matches!(query.range(&lines(), (START, START + 60_000 * S), S), Err(LogQlError::Run(_))));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (query, expected) in [
        ("{service=", "parse error at line 1, col 10: syntax error: unexpected $end, expecting STRING"),
        ("", "parse error at line 1, col 1: syntax error: unexpected $end"),
        ("{", "parse error at line 1, col 2: syntax error: unexpected $end, expecting IDENTIFIER or }"),
        ("{a=\"b\"", "parse error at line 1, col 7: syntax error: unexpected $end, expecting } or ,"),
        (
            "{a=\"b\"}\n| json |",
            "parse error at line 2, col 9: syntax error: unexpected $end, expecting IDENTIFIER",
        ),
        (
            "{a=\"b\"} | json | success=false",
            "parse error at line 1, col 26: syntax error: unexpected IDENTIFIER, expecting STRING or NUMBER or DURATION or BYTES",
        ),
        ("{a=~\"(\"}", "parse error at line 1, col 5: error parsing regexp: `(`"),
        ("{a=\"b\"} |~ \"(\"", "parse error at line 1, col 12: error parsing regexp: `(`"),
        ("{a=\"b", "parse error at line 1, col 4: literal not terminated or invalid escape"),
        (
            "rate({a=\"b\"})",
            "parse error at line 1, col 13: syntax error: unexpected ), expecting [ and a duration",
        ),
        ("sum_over_time({a=\"b\"}[5m])", "parse error at line 1, col 26: invalid aggregation without unwrap"),
        ("{a=\"b\"} ; x", "parse error at line 1, col 9: syntax error: unexpected character ';'"),
        (
            "foo(1)",
            "parse error at line 1, col 1: syntax error: unexpected IDENTIFIER, expecting a selector, a number or a function",
        ),
        (
            "{a=\"b\"} | ip == ip(\"1.1.1.1\")",
            "the label filter ip() is not supported by the embedded hospital",
        ),
        (
            "{a=\"b\"} | line_format \"{{ printf .a }}\"",
            "the template action `{{ printf .a }}` is not supported by the embedded hospital",
        ),
    ] {
        match LogQl::parse(query) {
            Ok(_) => panic!("{query} was read"),
            Err(error) => assert_eq!(error.to_string(), expected, "{query}"),
        }
    }
    for query in ["{a=~\".*\"}", "{}", "{a!=\"b\"}", "{a=\"\"}"] {
        let error = LogQl::parse(query).expect_err(query).to_string();
        assert!(error.contains("at least one regexp or equality matcher"), "{query}: {error}");
    }
    for query in [
        "{a=\"b\"}[5m]",
        "rate({a=\"b\"}[0s])",
        "sum({a=\"b\"})",
        "{a=\"b\"} + 1",
        "1 + {a=\"b\"}",
        "topk(rate({a=\"b\"}[5m]))",
        "count_over_time({a=\"b\"} | unwrap x [5m])",
        "sum(rate({a=\"b\"}[5m])) by level",
        "{a=\"b\"} | label_format a=b, a=c",
        "{a=\"b\"} | json x=\"a..b\"",
        "{a=\"b\"} | pattern \"<a><b>\"",
        "{a=\"b\"} | regexp \"x\"",
        "rate(1)",
        "1 +",
        "(1",
    ] {
        assert!(LogQl::parse(query).is_err(), "{query} was read");
    }
    let deep = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(LogQl::parse(&deep).is_err());
    assert!(LogQl::parse(&"(".repeat(1000)).is_err());
}

#[test]
fn a_line_that_a_stage_cannot_read_fails_a_metric_query() {
    let query = LogQl::parse(r#"sum(count_over_time({category="audit"} | json [5m]))"#).expect("parses");
    let error = query.instant(&lines(), START + 60 * S).expect_err("an error").to_string();
    assert!(error.starts_with("pipeline error: 'JSONParserErr' for series: '{category="), "{error}");
    let query = LogQl::parse(r#"sum(count_over_time({category="audit"} | json | __error__="" [5m]))"#);
    assert_eq!(
        query.expect("parses").instant(&lines(), START + 60 * S).expect("fine").0,
        Value::Vector(vec![])
    );
}

#[test]
fn levels_are_detected_of_labels_json_logfmt_and_words() {
    for (labels, text, expected) in [
        (&[("level", "warning")][..], "x", "warn"),
        (&[("a", "b")], r#"{"severity": "CRITICAL"}"#, "critical"),
        (&[("a", "b")], "ts=1 level=dbg x", "debug"),
        (&[("a", "b")], "12:00 ERROR broke", "error"),
        (&[("a", "b")], "all fine", "unknown"),
    ] {
        assert_eq!(level::detected(&line(0, labels, text)), expected, "{text}");
    }
}

proptest! {
    /// Whatever is typed or written, nothing panics.
    #[test]
    fn any_text_is_read_or_refused(
        text in "(\\{a=\"b\"\\}|sum|rate|\\(|\\)|\\||json|logfmt|unwrap|[a-z]|\"[^\"]{0,5}\"|\\[5m\\]|[=!~<>,]| |\\PC){0,24}",
        written in "\\PC{0,40}",
    ) {
        let fixture = Fixture { entries: vec![line(0, &[("a", "b")], &written)], ..Fixture::default() };
        if let Ok(query) = LogQl::parse(&text) {
            let _ = query.streams(&fixture, ALL, 10, Order::Forward, true);
            let _ = query.instant(&fixture, START + S);
        }
        for stage in ["json", "logfmt --strict", "unpack", "pattern \"<a> <b>\"", "decolorize"] {
            let query = LogQl::parse(&format!("{{a=\"b\"}} | {stage}")).expect("parses");
            prop_assert!(query.streams(&fixture, ALL, 10, Order::Forward, false).is_ok());
        }
    }

    /// Forwards and backwards are the same lines.
    #[test]
    fn both_directions_give_the_same_lines(from in 0_i64..200, size in 1_i64..200, filter in 0_usize..4) {
        let filter = ["", "|= \"icu\"", "| json", "| json | inference_time_ms > 1000"][filter];
        let query = LogQl::parse(&format!("{{service=~\".+\"}} {filter}")).expect("parses");
        let window = (START + from * S, START + (from + size) * S);
        let mut both = [Order::Forward, Order::Backward].map(|order| {
            let found = query.streams(&lines(), window, 100_000, order, false).expect("streams");
            let mut all: Vec<_> = found
                .streams
                .into_iter()
                .flat_map(|s| s.entries.into_iter().map(move |e| (e.ts, s.labels.clone(), e.line)))
                .collect();
            all.sort();
            all
        });
        let [forward, backward] = &mut both;
        prop_assert_eq!(forward, backward);
    }
}
