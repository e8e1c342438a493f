//! The metrics view: what it asks, how its series are listed, hidden, sorted and drawn, and what it says when there
//! is nothing to draw.

use std::sync::Arc;

use plantao::command::CommandId;
use plantao::message::{Effect, Msg, Target};
use plantao::model::ask::{Answer, Key, MetricMeta};
use plantao::model::{Exemplar, Fault, FaultKind, Labels, Point, Sample, Series, SourceId, TraceId};
use plantao::state::metrics::{self, Form};
use plantao::state::{View, demand};
use plantao::view::vm::{Body, MetricsBody, MetricsChartVm, MetricsVm, PaneState};

use crate::desk::{Desk, answered, at, labels};

const QUERY: &str = "sum by (job) (rate(http_requests_total[5m]))";

fn desk(query: &str) -> Desk {
    let mut desk = Desk::new();
    desk.state.stack.push(View::Metrics(query.into()));
    desk
}

fn keys(desk: &Desk) -> Vec<Key> {
    demand::wants(&desk.state).into_iter().map(|want| want.key).collect()
}

fn range(desk: &Desk, query: &str) -> Key {
    Key::Range(query.into(), desk.state.step_s())
}

/// A series of the window with a value at each step; `None` is a gap.
fn series(desk: &Desk, pairs: &[(&str, &str)], value: impl Fn(usize) -> Option<f64>) -> Series {
    let (start, step) = (at(desk.now - 3600).timestamp(), i64::from(desk.state.step_s()));
    let first = (start + step - 1).div_euclid(step) * step;
    let moments = (first..=at(desk.now).timestamp()).step_by(step as usize).enumerate();
    let points = moments.filter_map(|(index, t)| Some(Point { t: t * 1000, v: value(index)? })).collect();
    Series { labels: labels(pairs), points }
}

fn three(desk: &Desk) -> Vec<Series> {
    [("c", 3.0), ("a", 1.0), ("b", 2.0)]
        .map(|(job, v)| series(desk, &[("job", job)], move |_| Some(v)))
        .into()
}

fn shown(desk: &Desk) -> MetricsVm {
    match desk.screen().body {
        Body::Metrics(vm) => *vm,
        other => panic!("{other:?}"),
    }
}

fn chart(desk: &Desk) -> MetricsChartVm {
    match shown(desk).body {
        MetricsBody::Chart(chart) => chart,
        other => panic!("{other:?}"),
    }
}

fn names(desk: &Desk) -> Vec<String> {
    let legend = shown(desk).legend.expect("a list");
    legend.rows.iter().map(|row| row.name.clone()).collect()
}

fn notice(desk: &Desk) -> String {
    desk.state.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default()
}

fn with_three() -> Desk {
    let mut desk = desk(QUERY);
    let all = three(&desk);
    desk.answer(&range(&desk, QUERY), Answer::Matrix(all));
    desk
}

#[test]
fn it_asks_only_what_its_form_needs() {
    let mut desk = with_three();
    let has = |desk: &Desk, key: &Key| keys(desk).contains(key);
    let (instant, exemplars) = (Key::Instant(QUERY.into()), Key::Exemplars(QUERY.into()));
    assert!(has(&desk, &range(&desk, QUERY)) && has(&desk, &Key::Metadata));
    assert!(!has(&desk, &instant) && !has(&desk, &exemplars));
    desk.keys("X");
    assert!(has(&desk, &exemplars));
    desk.keys("V V");
    assert_eq!(shown(&desk).state, PaneState::Loading, "a table waits for its own answer");
    assert!(has(&desk, &instant));
}

#[test]
fn an_empty_query_is_the_pack_s_first() {
    let desk = desk("");
    let first = desk.state.setup.pack.explore.metrics.first().map(|ready| ready.query.clone());
    let asked = keys(&desk).into_iter().find_map(|key| match key {
        Key::Range(query, _) => Some(query.to_string()),
        _ => None,
    });
    assert_eq!(asked, first);
    let mut bare = desk.clone();
    let mut pack = (*bare.state.setup.pack).clone();
    pack.explore.metrics.clear();
    bare.state.setup.pack = Arc::new(pack);
    assert!(!keys(&bare).iter().any(|key| matches!(key, Key::Range(..))));
    assert!(matches!(shown(&bare).body, MetricsBody::Empty(lines) if lines[1].starts_with('Q')));
}

#[test]
fn the_cursor_stays_on_its_series_while_others_come_and_order_changes() {
    let mut desk = with_three();
    assert_eq!(names(&desk), ["a", "b", "c"]);
    desk.keys("down");
    assert_eq!(shown(&desk).legend.expect("a list").cursor, Some(1));
    desk.keys("o");
    assert_eq!(names(&desk), ["c", "b", "a"], "the largest first");
    desk.keys("O");
    assert_eq!(names(&desk), ["a", "b", "c"]);
    desk.keys("o o o o");
    let mut more = three(&desk);
    more.push(series(&desk, &[("job", "aa")], |_| Some(9.0)));
    desk.pass(60);
    desk.state.store.ranges.clear();
    desk.answer(&range(&desk, QUERY), Answer::Matrix(more));
    let legend = shown(&desk).legend.expect("a list");
    assert_eq!(legend.rows[legend.cursor.expect("a cursor")].name, "b");
    let focus = metrics::focused(&desk.state).expect("a focus");
    assert_eq!((focus.labels, focus.query.as_deref()), (labels(&[("job", "b")]), Some(QUERY)));
}

#[test]
fn series_are_hidden_shown_and_shown_alone() {
    let mut desk = with_three();
    let drawn = |desk: &Desk| {
        let mut marks: Vec<usize> = chart(desk).lines.iter().map(|line| line.mark).collect();
        marks.sort_unstable();
        marks
    };
    assert_eq!(drawn(&desk), [0, 1, 2]);
    desk.keys("space");
    assert_eq!(drawn(&desk), [1, 2], "a mark stays with its series");
    desk.keys("down I");
    assert_eq!(drawn(&desk), [1]);
    desk.keys("I");
    assert_eq!(drawn(&desk), [0, 1, 2]);
    for _ in 0..3 {
        desk.keys("space");
        desk.keys("down");
    }
    desk.keys("home space down");
    let all_hidden = shown(&desk);
    assert!(all_hidden.remarks.len() <= 1);
    assert_eq!(all_hidden.legend.expect("a list").total, 3, "a hidden one is still listed");
}

#[test]
fn gaps_stay_gaps_and_odd_values_are_told() {
    let mut desk = desk(QUERY);
    let values = |index: usize| match index {
        10..20 => None,
        30 => Some(f64::NAN),
        40 => Some(f64::INFINITY),
        _ => Some(5.0),
    };
    let one = series(&desk, &[("job", "a")], values);
    let (count, gap) = (one.points.len(), one.points[9].t + 60_000);
    desk.answer(&range(&desk, QUERY), Answer::Matrix(vec![one]));
    let chart = chart(&desk);
    // The first step lies before the first column, which a live window leaves to what comes next.
    assert_eq!(chart.lines[0].points.len(), count - 1);
    assert_eq!(chart.lines[0].points.iter().filter(|(_, place)| place.is_nan()).count(), 2);
    assert_eq!(chart.lines[0].beyond.len(), 1);
    assert!(shown(&desk).remarks[0].contains("NaN"), "{:?}", shown(&desk).remarks);
    desk.state.axis.cursor = chrono::DateTime::from_timestamp_millis(gap);
    assert_eq!(shown(&desk).legend.expect("a list").rows[0].figures[0], "gap");
}

#[test]
fn the_values_at_the_time_cursor_stand_first() {
    let mut desk = with_three();
    assert_eq!(shown(&desk).legend.expect("a list").heads.len(), 4);
    desk.state.axis.cursor = Some(at(-600));
    let legend = shown(&desk).legend.expect("a list");
    assert_eq!(legend.heads.len(), 5);
    assert_eq!(legend.rows[0].figures[0], "1/s");
    let (from, to) = metrics::focused(&desk.state).expect("a focus").span.expect("a moment");
    assert!(from < at(-600) && to > at(-600));
}

#[test]
fn a_log_scale_says_what_it_cannot_show_and_refuses_what_has_nothing_to_show() {
    let mut desk = desk("x");
    let values = |index: usize| Some(if (1..4).contains(&index) { 0.0 } else { 1.0 + index as f64 });
    let one = series(&desk, &[], values);
    desk.answer(&range(&desk, "x"), Answer::Matrix(vec![one]));
    desk.keys("S");
    let vm = shown(&desk);
    assert!(vm.facts.contains("log scale") && vm.remarks[0].starts_with("3 points"), "{:?}", vm.remarks);
    assert_eq!(chart(&desk).lines[0].beyond.len(), 3);
    desk.keys("S");
    assert!(!shown(&desk).facts.contains("log"));

    let mut below = self::desk("x");
    let one = series(&below, &[], |_| Some(-1.0));
    below.answer(&range(&below, "x"), Answer::Matrix(vec![one]));
    below.keys("S");
    assert!(notice(&below).contains("no value is above zero"));
    assert!(!shown(&below).facts.contains("log"));
}

#[test]
fn forms_that_say_nothing_are_passed_over_with_the_reason() {
    let mut desk = with_three();
    desk.keys("V");
    assert!(shown(&desk).facts.starts_with("stacked"));
    let chart = chart(&desk);
    assert_eq!((chart.areas.len(), chart.lines.len()), (3, 0));
    assert_eq!(chart.areas[0].pieces[0].2, chart.areas[1].pieces[0].1, "one stands on the other");

    let mut average = self::desk("avg by (job) (x)");
    let all = three(&average);
    average.answer(&range(&average, "avg by (job) (x)"), Answer::Matrix(all));
    average.keys("V");
    assert!(notice(&average).contains("averages do not add up"), "{}", notice(&average));
    assert!(notice(&average).contains("no histogram"));
    let place = metrics::place(&average.state, &"avg by (job) (x)".into()).into_owned();
    assert_eq!(place.form, Form::Table);
}

#[test]
fn a_quantile_s_heatmap_asks_for_the_buckets_behind_it() {
    let query = "histogram_quantile(0.9, sum by (le) (rate(x_seconds_bucket[5m])))";
    let buckets = "sum by (le) (rate(x_seconds_bucket[5m]))";
    let mut desk = desk(query);
    let one = series(&desk, &[], |_| Some(0.3));
    desk.answer(&range(&desk, query), Answer::Matrix(vec![one]));
    assert!(!keys(&desk).contains(&range(&desk, buckets)));
    desk.keys("V");
    assert!(keys(&desk).contains(&range(&desk, buckets)), "{:?}", keys(&desk));
    let bucket = |le: &str, v: f64| series(&desk, &[("le", le)], move |_| Some(v));
    let all = vec![bucket("+Inf", 4.0), bucket("0.5", 3.0), bucket("0.1", 1.0)];
    desk.answer(&range(&desk, buckets), Answer::Matrix(all));
    let MetricsBody::Heatmap(heat) = shown(&desk).body else { panic!("{:?}", shown(&desk).body) };
    assert_eq!(heat.rows, ["≤100ms", "≤500ms", ">500ms"]);
    assert_eq!(heat.columns[0].1, [0.5, 1.0, 0.5]);
    assert_eq!(heat.cut.expect("the last column").1[1].1, "2/s");
}

fn exemplar(at_s: i64, value: f64, trace: Option<&str>) -> Exemplar {
    let series = labels(&[("__name__", "x_seconds_bucket"), ("le", "1")]);
    let own = trace.map_or_else(Labels::default, |id| labels(&[("trace_id", id)]));
    Exemplar { series, labels: own, at: at(at_s), value, trace: trace.and_then(TraceId::parse) }
}

#[test]
fn the_exemplar_nearest_to_the_time_cursor_opens_its_trace() {
    const FIRST: &str = "0000000000000000000000000000000a";
    const SECOND: &str = "0000000000000000000000000000000b";
    let query = "histogram_quantile(0.9, sum by (le) (rate(x_seconds_bucket[5m])))";
    let mut desk = desk(query);
    let one = series(&desk, &[], |_| Some(0.3));
    desk.answer(&range(&desk, query), Answer::Matrix(vec![one]));
    desk.keys("X");
    let all =
        vec![exemplar(-1800, 0.2, Some(FIRST)), exemplar(-600, 0.25, Some(SECOND)), exemplar(-1, 0.1, None)];
    desk.answer(&Key::Exemplars(query.into()), Answer::Exemplars(all));
    assert_eq!(chart(&desk).exemplars.len(), 3);
    assert!(shown(&desk).exemplar.contains(SECOND), "the newest that has a trace: {}", shown(&desk).exemplar);
    desk.state.axis.cursor = Some(at(-1700));
    assert!(shown(&desk).exemplar.contains(FIRST));
    assert_eq!(metrics::focused(&desk.state).expect("a focus").trace, TraceId::parse(FIRST));
    desk.command(CommandId::Open);
    let id = TraceId::parse(FIRST).expect("an id");
    assert_eq!(*desk.state.view(), View::Trace(id));
    desk.command(CommandId::Back);
    desk.keys("X");
    desk.command(CommandId::Open);
    assert_eq!(
        *desk.state.view(),
        View::Metrics(query.into()),
        "without exemplars it shows one series alone"
    );
}

#[test]
fn a_refused_query_shows_the_server_s_words_and_where() {
    let mut desk = desk("sum(");
    let ask = demand::ask(&desk.state, &range(&desk, "sum(")).expect("a question");
    let words = "invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis";
    desk.tell(ask, Err(Fault::new(FaultKind::BadQuery, words)));
    let vm = shown(&desk);
    assert_eq!((vm.state, vm.caret), (PaneState::Failed, Some(4)));
    assert!(matches!(vm.body, MetricsBody::Empty(lines) if lines[1] == words));
}

#[test]
fn a_metric_that_does_not_exist_suggests_the_one_that_was_meant() {
    let mut desk = desk("http_request_total");
    desk.answer(&range(&desk, "http_request_total"), Answer::Matrix(Vec::new()));
    let names = Key::LabelValues("__name__".into());
    assert!(keys(&desk).contains(&names));
    desk.answer(&names, Answer::Names(vec!["http_requests_total".into(), "up".into()]));
    let MetricsBody::Empty(lines) = shown(&desk).body else { panic!("nothing is drawn") };
    assert!(lines[0].starts_with("No series between"));
    assert!(lines[1].ends_with("Did you mean http_requests_total?"), "{lines:?}");
    desk.answer(&names, Answer::Names(vec!["http_request_total".into()]));
    let MetricsBody::Empty(lines) = shown(&desk).body else { panic!("nothing is drawn") };
    assert!(lines[1].contains("exists, but nothing of it matches"), "{lines:?}");
}

#[test]
fn what_cannot_be_drawn_is_not_asked_for_and_says_why() {
    for (query, said) in [("\"hello\"", "\"hello\""), ("up[5m]", "A stretch of samples")] {
        let desk = desk(query);
        assert!(!keys(&desk).iter().any(|key| matches!(key, Key::Range(..) | Key::Instant(_))), "{query}");
        assert!(
            matches!(shown(&desk).body, MetricsBody::Empty(lines) if lines[0].starts_with(said)),
            "{query}"
        );
    }
    let mut scalar = desk("1 + 1");
    let one = series(&scalar, &[], |_| Some(2.0));
    scalar.answer(&range(&scalar, "1 + 1"), Answer::Matrix(vec![one]));
    assert_eq!(names(&scalar), ["{}"]);
}

#[test]
fn states_are_told_apart() {
    assert_eq!(shown(&desk(QUERY)).state, PaneState::Loading);
    let mut none = Desk::with(&[SourceId::LOKI]);
    none.state.stack.push(View::Metrics(QUERY.into()));
    assert_eq!(shown(&none).state, PaneState::Unconfigured);
    let mut failed = desk(QUERY);
    failed.fail(&range(&failed, QUERY), FaultKind::Connect);
    assert_eq!(shown(&failed).state, PaneState::Failed);
    let mut stale = with_three();
    stale.pass(40);
    stale.fail(&range(&stale, QUERY), FaultKind::Timeout);
    let vm = shown(&stale);
    assert_eq!(vm.state, PaneState::Stale);
    assert!(matches!(vm.body, MetricsBody::Chart(_)), "what was known stays in sight");
    let mut partial = desk(QUERY);
    let ask = demand::ask(&partial.state, &range(&partial, QUERY)).expect("a question");
    let warned = answered(Answer::Matrix(three(&partial)));
    partial.tell(ask, Ok(plantao::model::ask::Answered { warnings: vec!["half".into()], ..warned }));
    assert!(shown(&partial).note.contains("half"));
}

#[test]
fn too_many_series_are_counted_and_not_drawn() {
    let mut desk = desk("x");
    let name = |at: usize| format!("s{at:03}");
    let all: Vec<Series> =
        (0..100).map(|at| series(&desk, &[("a", &name(at))], move |_| Some(at as f64))).collect();
    desk.answer(&range(&desk, "x"), Answer::Matrix(all));
    assert_eq!(chart(&desk).lines.len(), 40);
    let vm = shown(&desk);
    assert!(vm.remarks.iter().any(|line| line.starts_with("60 more series: topk(40")), "{:?}", vm.remarks);
    assert_eq!(vm.legend.expect("a list").rows[0].name, "s060", "the largest are kept");
}

#[test]
fn the_table_is_sorted_by_value_and_then_by_its_labels() {
    let mut desk = with_three();
    desk.keys("V V");
    let sample = |job: &str, value| Sample { labels: labels(&[("job", job)]), at: at(0), value };
    let all = vec![sample("a", f64::NAN), sample("b", 2.0), sample("c", 3.0)];
    desk.answer(&Key::Instant(QUERY.into()), Answer::Vector(all));
    let jobs = |desk: &Desk| match shown(desk).body {
        MetricsBody::Table(table) => table.rows.iter().map(|row| row.0[0].clone()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(jobs(&desk), ["c", "b", "a"], "what is no number stands last");
    desk.keys("o");
    assert_eq!(jobs(&desk), ["a", "b", "c"]);
    desk.keys("O");
    assert_eq!(jobs(&desk), ["c", "b", "a"]);
    desk.send(Msg::Click(Target::Line(1)));
    assert_eq!(metrics::focused(&desk.state).expect("a focus").labels, labels(&[("job", "b")]));
    let effects = desk.keys("y");
    assert_eq!(effects, [Effect::Copy("{job=\"b\"}".to_owned())]);
}

#[test]
fn metadata_tells_the_unit_and_what_the_metric_is() {
    let mut desk = desk("queue_depth");
    let one = series(&desk, &[("__name__", "queue_depth")], |_| Some(2048.0));
    desk.answer(&range(&desk, "queue_depth"), Answer::Matrix(vec![one]));
    assert_eq!(shown(&desk).legend.expect("a list").rows[0].figures[0], "2048");
    let meta = MetricMeta {
        metric: "queue_depth".into(),
        kind: "gauge".into(),
        help: "Waiting.".into(),
        unit: "bytes".into(),
    };
    desk.answer(&Key::Metadata, Answer::Metadata(vec![meta]));
    let legend = shown(&desk).legend.expect("a list");
    assert_eq!(legend.rows[0].figures[0], "2 KiB");
    assert_eq!(legend.about, "queue_depth · gauge · Waiting.");
}
