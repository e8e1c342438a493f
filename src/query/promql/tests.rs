//! Edge cases whose right answer is known; agreement at large is `tests/promql_agreement`.

use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::*;
use crate::model::MatchOp;
use crate::query::{STALE_NAN, is_stale};

/// Series in a list.
#[derive(Default)]
struct Fixture {
    series: Vec<Series>,
    asked: AtomicUsize,
}

impl MetricData for Fixture {
    fn series(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let fits = |series: &&Series| matchers.iter().all(|matcher| matcher.matches(&series.labels));
        let cut = |series: &Series| Series {
            labels: series.labels.clone(),
            points: series.points.iter().filter(|p| (from_ms..=to_ms).contains(&p.t)).copied().collect(),
        };
        self.series.iter().filter(fits).map(cut).filter(|series| !series.points.is_empty()).collect()
    }
}

/// Series from text: `name{a="b"}` and values every 15 s from `BASE`, `_` for none and `stale`.
const BASE: i64 = 1_700_000_100_000;
const STEP: i64 = 15_000;

fn fixture(lines: &[(&str, &str)]) -> Fixture {
    let series = lines.iter().map(|(name, values)| {
        let matchers = selector(name).unwrap();
        let points = values.split(' ').zip(0..).filter(|(v, _)| *v != "_").map(|(v, at)| Point {
            t: BASE + at * STEP,
            v: if v == "stale" { f64::from_bits(STALE_NAN) } else { v.parse().unwrap() },
        });
        Series {
            labels: matchers.iter().map(|m| (m.name.clone(), m.value.clone())).collect(),
            points: points.collect(),
        }
    });
    Fixture { series: series.collect(), asked: AtomicUsize::new(0) }
}

fn instant(data: &Fixture, query: &str, after_s: i64) -> Vec<(String, f64)> {
    match Promql::parse(query).and_then(|promql| promql.instant(data, BASE + after_s * 1000)) {
        Ok(Value::Vector(elements)) => elements.into_iter().map(|(l, p)| (l.to_string(), p.v)).collect(),
        Ok(Value::Scalar(point)) => vec![("scalar".to_owned(), point.v)],
        other => panic!("{query}: {other:?}"),
    }
}

fn value(data: &Fixture, query: &str, after_s: i64) -> Option<f64> {
    let all = instant(data, query, after_s);
    assert!(all.len() < 2, "{query}: {all:?}");
    all.first().map(|(_, v)| *v)
}

fn error(query: &str) -> QueryError {
    let data = fixture(&[
        ("up{job=\"a\",instance=\"1\"}", "1 1 1"),
        ("up{job=\"a\",instance=\"2\"}", "1 1 1"),
        ("x{job=\"a\"}", "1 2 3"),
    ]);
    match Promql::parse(query) {
        Ok(promql) => promql.instant(&data, BASE + 30_000).unwrap_err(),
        Err(error) => error,
    }
}

#[test]
fn a_value_lasts_five_minutes_and_ends_with_its_marker() {
    let data = fixture(&[("a", "1 2"), ("b", "1 stale"), ("c", "1 stale 3")]);
    assert_eq!(value(&data, "a", -1), None);
    assert_eq!(value(&data, "a", 315), Some(2.0), "exactly five minutes is not too old in 2.42");
    assert_eq!(value(&data, "a", 316), None);
    assert_eq!(value(&data, "b", 14), Some(1.0));
    assert_eq!(value(&data, "b", 15), None);
    assert_eq!(value(&data, "count_over_time(c[1m])", 30), Some(2.0), "markers are no samples");
    assert_eq!(value(&data, "absent(b)", 15), Some(1.0));
}

#[test]
fn a_range_holds_both_of_its_ends() {
    let data = fixture(&[("a", "1 2 3 4 5")]);
    assert_eq!(value(&data, "count_over_time(a[30s])", 30), Some(3.0));
    assert_eq!(value(&data, "sum_over_time(a[30s] offset 15s)", 60), Some(2.0 + 3.0 + 4.0));
    assert_eq!(value(&data, "sum_over_time(a[30s] offset -15s)", 30), Some(2.0 + 3.0 + 4.0));
}

#[test]
fn a_rate_is_drawn_on_but_not_below_zero_and_not_far() {
    // 10 in 15 s, first sample 30 s after the range's start, last at its end.
    let data = fixture(&[("born_full", "100 110"), ("born_empty", "1 11")]);
    let rate = value(&data, "increase(born_full[45s])", 15).unwrap();
    assert!((rate - 10.0 * (15.0 + 7.5) / 15.0).abs() < 1e-9, "by half a step: {rate}");
    let rate = value(&data, "increase(born_empty[45s])", 15).unwrap();
    assert!((rate - 10.0 * (15.0 + 1.5) / 15.0).abs() < 1e-9, "to the counter's zero: {rate}");
    assert_eq!(value(&data, "increase(born_full[45s])", 0), None, "one sample is no rate");
    let data = fixture(&[("reset", "10 20 5 10")]);
    assert_eq!(value(&data, "increase(reset[45s])", 45), Some(20.0));
    assert_eq!(value(&data, "resets(reset[45s])", 45), Some(1.0));
    assert_eq!(value(&data, "delta(reset[45s])", 45), Some(0.0));
    assert_eq!(value(&data, "irate(reset[1m])", 30), Some(5.0 / 15.0), "after a reset from zero");
}

#[test]
fn at_fixes_the_moment_and_offset_moves_it() {
    let data = fixture(&[("a", "1 2 3 4 5")]);
    let at = BASE / 1000 + 30;
    assert_eq!(value(&data, &format!("a @ {at}"), 6000), Some(3.0));
    assert_eq!(value(&data, &format!("a @ {at} offset 15s"), 6000), Some(2.0));
    assert_eq!(value(&data, &format!("a offset 15s @ {at}"), 6000), Some(2.0));
    let promql = Promql::parse("a @ end() - a @ start() + 0 * a").unwrap();
    let series = promql.range(&data, BASE, BASE + 60_000, 15_000).unwrap();
    assert_eq!(series[0].points.iter().map(|p| p.v).collect::<Vec<_>>(), [4.0; 5]);
    let line = Promql::parse(&format!("predict_linear(a[30s] @ {at}, 0)")).unwrap();
    let series = line.range(&data, BASE, BASE + 30_000, 15_000).unwrap();
    let values: Vec<f64> = series[0].points.iter().map(|p| p.v.round()).collect();
    assert_eq!(values, [1.0, 2.0, 3.0], "the samples stay, the moment that is predicted from does not");
    let inside = format!("sum_over_time((a @ {at})[30s:15s])");
    assert_eq!(value(&data, &inside, 30), Some(3.0 * 3.0));
}

#[test]
fn a_subquery_steps_at_multiples_of_its_step() {
    let data = fixture(&[("a", "0 1 2 3 4 5 6 7 8")]);
    // BASE is a multiple of 20 s; 15 s steps of the default are, too.
    assert_eq!(BASE % 60_000 % 20_000, 0);
    let Ok(Value::Matrix(series)) = Promql::parse("a[1m:20s]").unwrap().instant(&data, BASE + 70_000) else {
        panic!()
    };
    let times: Vec<_> = series[0].points.iter().map(|p| ((p.t - BASE) / 1000, p.v)).collect();
    assert_eq!(times, [(20, 1.0), (40, 2.0), (60, 4.0)]);
    assert_eq!(value(&data, "count_over_time(a[1m:])", 61), Some(4.0));
    assert_eq!(value(&data, "max_over_time(a[30s:15s] offset 15s)", 61), Some(3.0));
}

#[test]
fn quantiles_of_buckets_have_their_edges() {
    let bucket = |le: &str| format!("b{{le=\"{le}\"}}");
    let all = |les: &[(&str, &str)]| {
        let names: Vec<String> = les.iter().map(|(le, _)| bucket(le)).collect();
        fixture(&names.iter().zip(les).map(|(name, (_, v))| (name.as_str(), *v)).collect::<Vec<_>>())
    };
    let good = all(&[("1", "10"), ("2", "20"), ("+Inf", "20")]);
    assert_eq!(value(&good, "histogram_quantile(0.75, b)", 0), Some(1.5));
    assert_eq!(value(&good, "histogram_quantile(0.25, b)", 0), Some(0.5), "the first bucket begins at zero");
    assert_eq!(value(&good, "histogram_quantile(-1, b)", 0), Some(f64::NEG_INFINITY));
    assert_eq!(value(&good, "histogram_quantile(2, b)", 0), Some(f64::INFINITY));
    let beyond = all(&[("1", "10"), ("+Inf", "20")]);
    assert_eq!(value(&beyond, "histogram_quantile(0.9, b)", 0), Some(1.0), "the highest finite bound");
    let endless = all(&[("1", "10"), ("2", "20")]);
    assert!(value(&endless, "histogram_quantile(0.9, b)", 0).unwrap().is_nan());
    let falling = all(&[("1", "10"), ("2", "8"), ("4", "20"), ("+Inf", "20")]);
    assert_eq!(value(&falling, "histogram_quantile(0.75, b)", 0), Some(3.0));
    let empty = all(&[("1", "0"), ("+Inf", "0")]);
    assert!(value(&empty, "histogram_quantile(0.9, b)", 0).unwrap().is_nan());
}

#[test]
fn names_stay_only_where_the_value_is_the_metrics_own() {
    let data = fixture(&[("a{x=\"1\"}", "1 2 3"), ("b{x=\"1\"}", "5 5 5")]);
    for (query, labels) in [
        ("a > 1", "a{x=\"1\"}"),
        ("a > bool 1", "{x=\"1\"}"),
        ("a + 1", "{x=\"1\"}"),
        ("-a", "{x=\"1\"}"),
        ("1 < a", "a{x=\"1\"}"),
        ("a < b", "a{x=\"1\"}"),
        ("a < on (x) b", "{x=\"1\"}"),
        ("a and b", "a{x=\"1\"}"),
        ("last_over_time(a[1m])", "a{x=\"1\"}"),
        ("max_over_time(a[1m])", "{x=\"1\"}"),
        ("topk(1, a)", "a{x=\"1\"}"),
        ("sum without (x) (a)", "{}"),
        ("label_replace(a, \"y\", \"$1\", \"x\", \"(.*)\")", "a{x=\"1\", y=\"1\"}"),
        ("abs(a)", "{x=\"1\"}"),
    ] {
        assert_eq!(instant(&data, query, 30)[0].0, labels, "{query}");
    }
}

#[test]
fn nothing_meets_something() {
    let data = fixture(&[("a", "1 2 3")]);
    for query in ["a + none", "none + a", "a and none", "sum(none)", "none > 1", "topk(3, none)", "-none"] {
        assert_eq!(value(&data, query, 0), None, "{query}");
    }
    assert_eq!(value(&data, "a or none", 0), Some(1.0));
    assert_eq!(value(&data, "a unless none", 0), Some(1.0));
    assert!(value(&data, "scalar(none)", 0).unwrap().is_nan());
    assert_eq!(value(&data, "sum(none) or vector(0)", 0), Some(0.0));
    assert_eq!(instant(&data, "absent(none{job=\"x\"})", 0), [("{job=\"x\"}".to_owned(), 1.0)]);
    assert_eq!(value(&data, "absent_over_time(a[1m])", 0), None);
}

#[test]
fn errors_say_which_kind_they_are() {
    for (query, wanted) in [
        ("", "no expression"),
        ("rate(", "unclosed left parenthesis"),
        ("rate(x)", "expected type range vector"),
        ("sum(x[5m])", "expected type instant vector"),
        ("x[5m] + 1", "scalar and instant vector"),
        ("1 == 1", "BOOL"),
        ("x[0s]", "greater than 0"),
        ("x[5]", "duration"),
        ("x offset 5", "duration"),
        ("x offset 1e300", "duration"),
        ("x @ NaN", "out of bounds"),
        ("x[99999999999y]", "out of range"),
        ("{job=~\".*\"}", "non-empty"),
        ("x{a=~\"(\"}", ""),
        ("x{a=~\"b**\"}", "nested repetition"),
        ("x{a=~\"(b{2,3}?)+{2}\"}", "nested repetition"),
        ("x{a=~\"b{1001}\"}", "repeat"),
        ("exp(NaN)", "expected type instant vector"),
        ("histogram_quantile(0.9)", "argument"),
        ("\"a", "unterminated"),
        ("x{a=\"b\"", "inside braces"),
        ("x)", "right parenthesis"),
        ("5m", "syntax"),
        ("x @ 5m", "syntax"),
        ("nosuch(x)", "unknown function"),
    ] {
        let Err(QueryError::BadData(words)) = Promql::parse(query).map(|_| ()) else {
            panic!("{query}: {:?}", Promql::parse(query))
        };
        assert!(words.contains(wanted), "{query}: {words}");
    }
    for query in ["limitk(2, x)", "{\"x\"}", "x{a=\"b\" or c=\"d\"}", "mad_over_time(x[5m])", "a + fill(0) b"]
    {
        let error = error(query);
        assert!(matches!(error, QueryError::Unsupported(_)), "{query}: {error:?}");
        assert!(error.to_string().ends_with("is not supported by the embedded hospital"), "{error}");
    }
    for (query, wanted) in [
        (
            "x + on () up",
            "found duplicate series for the match group {} on the right hand-side of the operation: [{__name__=\"up\", ",
        ),
        ("up * on (job) x", "many-to-one matching must be explicit"),
        ("label_replace(up, \"instance\", \"\", \"\", \"\")", "same labelset"),
        ("topk(NaN, up)", "overflows int64"),
        ("holt_winters(x[1m], 2, 0.5)", "invalid smoothing factor"),
        ("label_join(up, \"1\", \"\", \"job\")", "invalid destination label"),
    ] {
        let error = error(query);
        assert!(
            matches!(error, QueryError::Execution(_)) && error.to_string().contains(wanted),
            "{query}: {error}"
        );
    }
}

#[test]
fn strings_and_numbers_are_read_as_go_reads_them() {
    let data = fixture(&[("a{x=\"1.5\"}", "1")]);
    for (query, wanted) in [
        ("0x1F", 31.0),
        ("017", 15.0),
        ("08", 8.0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-2 ^ 2", -4.0),
        ("2 ^ 3 ^ 2", 512.0),
        ("Inf", f64::INFINITY),
    ] {
        assert_eq!(value(&data, query, 0), Some(wanted), "{query}");
    }
    for query in [
        "a{x=~`\\d\\.\\d`}",
        "a{x=~'[*+?]?|1+?.*?5{1,2}?'}",
        "a{x=~\"\\\\d\\\\.\\\\d\"}",
        "a{x='1\\x2e5'}",
        "a # {\n",
        "a{x!='2',}",
    ] {
        assert_eq!(value(&data, query, 0), Some(1.0), "{query}");
    }
}

#[test]
fn a_selector_is_only_a_selector() {
    let matchers = selector("up{job=~\"a|b\"}").unwrap();
    assert_eq!(matchers.len(), 2);
    assert_eq!((matchers[1].name.as_str(), matchers[1].op), ("job", MatchOp::Regex));
    for text in ["up offset 5m", "up[5m]", "1", "sum(up)", "up @ 5", "{}"] {
        assert!(selector(text).is_err(), "{text}");
    }
}

#[test]
fn a_range_asks_each_selector_once_and_comes_in_order() {
    let data = fixture(&[("a{x=\"2\"}", "1 2 3"), ("a{x=\"1\"}", "1 2 3")]);
    let series = Promql::parse("rate(a[1m])").unwrap().range(&data, BASE, BASE + 60_000, 1000).unwrap();
    assert_eq!(data.asked.load(Ordering::Relaxed), 1);
    assert_eq!(series.iter().map(|s| s.labels.to_string()).collect::<Vec<_>>(), ["{x=\"1\"}", "{x=\"2\"}"]);
    let promql = Promql::parse("a").unwrap();
    for (start, end, step) in [(1, 0, 1), (0, 1, 0), (0, 11_001, 1)] {
        assert!(matches!(promql.range(&data, start, end, step), Err(QueryError::BadData(_))));
    }
    assert!(promql.range(&data, 0, 11_000, 1).is_ok());
    assert!(Promql::parse("a[5m]").unwrap().range(&data, 0, 1, 1).is_err());
}

#[test]
fn what_is_too_heavy_is_an_error() {
    let data = fixture(&[("a", "1 2 3")]);
    for query in ["count_over_time(a[1y:1ms])", "count_over_time(a[1y:1ms])[1y:1ms]", "a[200y]"] {
        let answer = Promql::parse(query).unwrap().instant(&data, BASE);
        assert!(answer.is_err() || query == "a[200y]", "{query}: {answer:?}");
    }
}

#[test]
fn bombs_are_refused_before_they_are_read() {
    let deep = |n: usize| format!("{}x{}", "(".repeat(n), ")".repeat(n));
    assert!(Promql::parse(&deep(lex::MAX_DEPTH)).is_ok());
    assert!(Promql::parse(&deep(lex::MAX_DEPTH + 1)).is_err());
    assert!(Promql::parse(&deep(100_000)).is_err());
    let long = |n: usize| format!("x{}", "+x".repeat(n));
    assert!(Promql::parse(&long(100_000)).is_err());
    assert!(Promql::parse(&format!("{}x", "-".repeat(100_000))).is_err());
    assert!(Promql::parse(&format!("x{}", "[5m:]".repeat(10_000))).is_err());
    // As deep as it gets is evaluated on an ordinary stack.
    let data = fixture(&[("x", "1")]);
    let worst = format!(
        "{}{}{}",
        "sum(".repeat(lex::MAX_DEPTH),
        long(lex::MAX_OPERATORS),
        ")".repeat(lex::MAX_DEPTH)
    );
    assert_eq!(value(&data, &worst, 0), Some(257.0));
}

/// Pieces that queries are made of, so that chance finds its way past the first token.
fn fragments() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "x",
        "up",
        "rate",
        "sum",
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
        "offset",
        "bool",
        "and",
        "or",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        "=",
        "!=",
        "=~",
        "\"a\"",
        "'b'",
        "`c`",
        "5m",
        "1h30m",
        ":",
        "@",
        "start",
        "end",
        "-",
        "+",
        "*",
        "/",
        "^",
        "%",
        "==",
        ">",
        "1",
        "0x",
        "1e300",
        "NaN",
        "Inf",
        "topk",
        "quantile",
        "count_values",
        "histogram_quantile",
        "label_replace",
        "absent",
        "#",
        "\n",
        " ",
        "é",
        "\\",
        "\"",
        "offset 5m",
        "[5m]",
        "[5m:1m]",
        "step",
        "fill",
        "holt_winters",
        "1d",
        "99999999999999999999",
        "atan2",
        "unless",
        "__name__",
        "le",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_text_is_a_panic(text in prop_oneof![".{0,64}", fragments()], at in any::<i64>()) {
        let data = fixture(&[("x{a=\"a\"}", "1 NaN 3"), ("up", "1 1 _ 1")]);
        if let Ok(promql) = Promql::parse(&text) {
            for moment in [BASE + 60_000, at] {
                if let Ok(Value::Vector(elements)) = promql.instant(&data, moment) {
                    prop_assert!(elements.iter().all(|(_, point)| !is_stale(point.v)));
                }
            }
            let _ = promql.range(&data, BASE, BASE + 120_000, 15_000);
        }
    }
}
