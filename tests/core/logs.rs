//! The log view on answers made by hand.

use std::sync::Arc;

use plantao::command::CommandId;
use plantao::message::{Effect, Msg, Target};
use plantao::model::ask::{Answer, Key};
use plantao::model::{
    Fault, FaultKind, Labels, Leak, LogEntry, LogPage, LogStats, Point, Sample, Series, SourceId, TailBatch,
    TailEvent, TailGap, TraceId, Window,
};
use plantao::state::{View, demand, logs};
use plantao::view::vm::{Body, LogsVm, PaneState};

use crate::desk::{Desk, at, labels};

const QUERY: &str = r#"{service=~".+"}"#;

fn open(query: &str) -> Desk {
    let mut desk = Desk::new();
    desk.state.stack.push(View::Logs(query.into()));
    desk
}

fn vm(desk: &Desk) -> LogsVm {
    match desk.screen().body {
        Body::Logs(vm) => *vm,
        other => panic!("{other:?}"),
    }
}

fn wanted(desk: &Desk) -> Vec<Key> {
    demand::wants(&desk.state).into_iter().map(|want| want.key).filter(Key::is_explored).collect()
}

fn asks_lines(desk: &Desk) -> Option<(u32, bool)> {
    wanted(desk).into_iter().find_map(|key| match key {
        Key::Logs { limit, forward, .. } => Some((limit, forward)),
        _ => None,
    })
}

fn stats(desk: &mut Desk, bytes: u64) {
    let selector = logs::selector_of(QUERY).expect("a selector");
    let stats = LogStats { streams: 12, chunks: 40, entries: 9_000, bytes };
    desk.answer(&Key::LogStats(selector), Answer::LogStats(stats));
}

fn entry(second: i64, line: &str) -> LogEntry {
    LogEntry {
        ts: at(second).timestamp_nanos_opt().expect("this century"),
        labels: labels(&[("service", "api"), ("level", "info")]),
        line: line.into(),
        metadata: Labels::default(),
    }
}

/// Newest first, a line for each of these seconds ago.
fn page(seconds: &[i64], more: bool) -> LogPage {
    let entries: Vec<LogEntry> = seconds.iter().map(|ago| entry(-ago, &format!("line {ago}"))).collect();
    LogPage { entries: entries.into(), more, leaks: Vec::new() }
}

fn lines_key(desk: &Desk) -> Key {
    wanted(desk).into_iter().find(|key| matches!(key, Key::Logs { .. })).expect("lines are asked for")
}

fn lines(desk: &mut Desk, page: LogPage) {
    let key = lines_key(desk);
    desk.answer(&key, Answer::Logs(page));
}

fn ready(page: LogPage) -> Desk {
    let mut desk = open(QUERY);
    stats(&mut desk, 1000);
    lines(&mut desk, page);
    desk
}

fn texts(desk: &Desk) -> Vec<String> {
    vm(desk)
        .rows
        .iter()
        .map(|row| row.text.iter().map(|span| span.text.as_str()).collect::<String>())
        .collect()
}

fn under_cursor(desk: &Desk) -> String {
    let cursor = vm(desk).cursor.expect("a cursor");
    texts(desk)[cursor].clone()
}

fn tail(desk: &mut Desk, entries: Vec<LogEntry>, event: Option<TailEvent>) {
    let (query, number) = demand::tail(&desk.state).expect("a tail");
    desk.send(Msg::Tail(Box::new(TailBatch { query, number, entries, event, leaks: Vec::new() })));
}

#[test]
fn a_heavy_query_says_what_it_reads_and_waits_until_it_is_allowed() {
    let mut desk = open(QUERY);
    assert!(
        matches!(&wanted(&desk)[..], [Key::LogStats(_)]),
        "the cost is asked for before anything is read"
    );
    stats(&mut desk, 3_328_599_654);
    assert_eq!(asks_lines(&desk), None);
    let vm = vm(&desk);
    assert_eq!(vm.message[0], "This query reads at least 3.1 GiB in 12 streams: ctrl-r runs it");
    assert!(desk.keys("ctrl-r").is_empty(), "nothing has run that could run once more");
    assert_eq!(asks_lines(&desk), Some((1_000, false)));
    assert_eq!(desk.keys("ctrl-r"), [Effect::Refresh]);
    desk.command(CommandId::ZoomOut);
    stats(&mut desk, 3_328_599_654);
    assert_eq!(asks_lines(&desk), None, "a longer window reads more than what was allowed");
}

#[test]
fn zero_is_not_cheap_but_unknown_and_runs_without_being_counted() {
    let mut desk = open(QUERY);
    stats(&mut desk, 0);
    assert_eq!(vm(&desk).cost, "cost unknown: not in the index yet");
    assert!(asks_lines(&desk).is_some());
    let counted = |desk: &Desk| wanted(desk).iter().any(|key| matches!(key, Key::LogInstant(_)));
    assert!(!counted(&desk));
    lines(&mut desk, page(&[1, 2], true));
    desk.keys("#");
    assert!(counted(&desk));
    let mut desk = open(QUERY);
    stats(&mut desk, 1000);
    assert!(counted(&desk), "what is cheap is counted without being asked");
}

#[test]
fn how_many_of_how_many_is_always_said() {
    let mut desk = ready(page(&[1, 2], true));
    assert_eq!(vm(&desk).subtitle, "2 of more · newest first");
    let step = logs::histogram_step(&desk.state);
    let histogram = Key::LogRange(logs::histogram_query(&desk.state, QUERY), step);
    let t = at(0).timestamp() / i64::from(step) * i64::from(step) * 1000;
    let points = vec![Point { t, v: 1500.0 }];
    desk.answer(&histogram, Answer::Matrix(vec![Series { labels: labels(&[("level", "info")]), points }]));
    assert_eq!(vm(&desk).subtitle, "2 of about 1.5k · newest first");
    let count = Sample { labels: Labels::default(), at: at(0), value: 170_085.0 };
    desk.answer(&logs::count_key(&desk.state, QUERY), Answer::Vector(vec![count]));
    assert_eq!(vm(&desk).subtitle, "2 of 170,085 · newest first");
    assert_eq!(vm(&ready(page(&[1, 2], false))).subtitle, "all 2 · newest first");
}

#[test]
fn more_lines_come_in_steps_while_the_others_stay() {
    let mut desk = ready(page(&[1, 2], true));
    desk.keys(".");
    assert_eq!(asks_lines(&desk), Some((5_000, false)));
    assert_eq!(texts(&desk), ["line 1", "line 2"], "the smaller page stays");
    assert_eq!((vm(&desk).state, vm(&desk).note.as_str()), (PaneState::Ready, "loading 5,000"));
    desk.keys("j");
    lines(&mut desk, page(&[1, 2, 3], true));
    assert_eq!(under_cursor(&desk), "line 2");
    desk.keys("G");
    assert_eq!(asks_lines(&desk), Some((5_000, false)));
    desk.keys("j .");
    assert_eq!(asks_lines(&desk), Some((20_000, false)), "going on at the end loads more, once at a time");
    lines(&mut desk, page(&[1, 2, 3, 4], false));
    desk.keys(".");
    assert_eq!(asks_lines(&desk), Some((20_000, false)), "there is nothing more");
}

#[test]
fn a_live_page_is_asked_again_only_while_nobody_reads_further_down() {
    let mut desk = ready(page(&[1, 2, 3], true));
    let every = |desk: &Desk| {
        let wants = demand::wants(&desk.state);
        wants.into_iter().find(|want| matches!(want.key, Key::Logs { .. })).expect("lines").every_s
    };
    assert!(every(&desk) > 0);
    desk.keys("j");
    assert_eq!(every(&desk), 0);
    assert!(vm(&desk).note.starts_with("as of "), "{}", vm(&desk).note);
    // An answer that was under way does not move the line away from under the cursor.
    lines(&mut desk, page(&[0, 1, 2, 3], true));
    assert_eq!(under_cursor(&desk), "line 2");
    desk.pass(120);
    assert_eq!(vm(&desk).state, PaneState::Ready, "what was read stays readable");
}

#[test]
fn lines_of_another_window_are_not_shown_for_this_one() {
    let mut desk = ready(page(&[1, 2], false));
    desk.command(CommandId::ZoomOut);
    assert!(vm(&desk).rows.is_empty());
    assert_eq!(vm(&desk).state, PaneState::Loading);
    stats(&mut desk, 10);
    lines(&mut desk, page(&[1, 2, 3], false));
    assert_eq!(texts(&desk).len(), 3);
}

#[test]
fn what_was_typed_is_found_and_gone_through() {
    let mut desk = ready(page(&[1, 10, 2, 12, 13], false));
    desk.keys("/");
    desk.type_text("line 1");
    desk.keys("enter");
    assert_eq!(under_cursor(&desk), "line 1");
    let hit = &vm(&desk).rows[0].text[0];
    assert_eq!((hit.text.as_str(), hit.hit), ("line 1", true));
    let mut seen = Vec::new();
    for key in ["n", "n", "n", "n", "N"] {
        desk.keys(key);
        seen.push(under_cursor(&desk));
    }
    assert_eq!(seen, ["line 10", "line 12", "line 13", "line 1", "line 13"]);
    assert!(vm(&desk).below.contains("/line 1  4 of 4"), "{}", vm(&desk).below);
    desk.keys("/");
    desk.type_text("9");
    desk.keys("enter");
    assert!(vm(&desk).below.contains("not in the loaded lines"));
}

#[test]
fn an_expanded_line_has_a_field_cursor_and_its_value_becomes_a_query() {
    let mut page = page(&[2], false);
    let line = entry(-1, r#"{"event":"x","level":"warning","details":{"ok":true}}"#);
    page.entries = [line, page.entries[0].clone()].into();
    let mut desk = ready(page);
    desk.keys("space");
    let names = |desk: &Desk| {
        vm(desk).rows[0]
            .fields
            .iter()
            .map(|field| format!("{} {}", field.origin, field.name))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&desk),
        ["stream level", "stream service", "json event", "json level", "json details.ok"]
    );
    desk.keys("j j j");
    assert_eq!(vm(&desk).rows[0].field, Some(3));
    desk.keys("I");
    let refined: Arc<str> = r#"{service=~".+"} | json | level_extracted="warning""#.into();
    assert_eq!(*desk.state.view(), View::Logs(refined));
    desk.keys("backspace");
    assert_eq!(*desk.state.view(), View::Logs(QUERY.into()));
    desk.keys("j X");
    let refined: Arc<str> = r#"{service=~".+"} | json | details_ok!="true""#.into();
    assert_eq!(*desk.state.view(), View::Logs(refined));
    desk.keys("backspace j");
    assert_eq!(under_cursor(&desk), "line 2", "beyond the last field stands the next line");
    desk.keys("k");
    assert_eq!(vm(&desk).rows[0].field, Some(4), "and from below one comes at the last");
    desk.keys("esc");
    assert!(vm(&desk).rows[0].fields.is_empty());
}

#[test]
fn enter_opens_the_trace_of_a_line_that_names_one() {
    let id = "de6204f6e947bb02fd5633f90bf333c1";
    let mut page = page(&[2], false);
    let line = entry(-1, &format!(r#"{{"event":"x","trace_id":"{id}"}}"#));
    page.entries = [line, page.entries[0].clone()].into();
    let mut desk = ready(page);
    desk.keys("enter");
    assert_eq!(*desk.state.view(), View::Trace(TraceId::parse(id).expect("an id")));
    desk.keys("backspace j enter");
    assert!(vm(&desk).rows[1].open, "a line without one shows its fields");
}

#[test]
fn patterns_count_and_lead_to_their_lines() {
    let mut desk = ready(page(&[1, 2, 3], false));
    desk.keys("P");
    assert!(wanted(&desk).iter().any(|key| matches!(key, Key::LogPatterns(_))));
    let key = Key::LogPatterns(QUERY.into());
    desk.answer(&key, Answer::LogPatterns(vec![]));
    let rows = vm(&desk).patterns.expect("patterns");
    assert_eq!(
        rows.iter().map(|row| (row.count.as_str(), row.text.as_str())).collect::<Vec<_>>(),
        [("3", "line <_>")]
    );
    desk.keys("enter");
    assert_eq!(texts(&desk).len(), 3);
    assert!(vm(&desk).below.starts_with("only: line <_> (esc shows all)"), "{}", vm(&desk).below);
    desk.keys("esc P");
    let pattern =
        plantao::model::LogPattern { pattern: "line <_> \"x\"".into(), count: 7, level: "error".into() };
    desk.answer(&key, Answer::LogPatterns(vec![pattern]));
    assert_eq!(vm(&desk).subtitle, "of the whole window, as the server finds them");
    desk.keys("enter");
    assert_eq!(*desk.state.view(), View::Logs(r#"{service=~".+"} |> "line <_> \"x\"""#.into()));
}

#[test]
fn a_followed_query_grows_at_its_newest_end_and_says_what_it_missed() {
    let mut desk = ready(page(&[5, 6], false));
    desk.keys("F");
    assert_eq!(asks_lines(&desk), Some((1_000, false)));
    assert!(vm(&desk).note.contains("connecting"));
    let five = entry(-5, "line 5");
    tail(&mut desk, vec![five, entry(-4, "line 4")], Some(TailEvent::Connected { gap: None }));
    assert_eq!(texts(&desk), ["line 4", "line 5", "line 6"], "the backlog is not shown twice");
    assert_eq!(under_cursor(&desk), "line 4", "who stands at the newest goes on with it");
    desk.keys("j");
    tail(&mut desk, vec![entry(-3, "line 3"), entry(-2, "line 2")], None);
    assert_eq!(under_cursor(&desk), "line 5", "who reads further down is left alone");
    assert!(vm(&desk).note.contains("3 new"), "{}", vm(&desk).note);
    let (from, to) = (entry(-2, "").ts, entry(10, "").ts);
    let gap = TailGap { from, to, filled: true };
    tail(
        &mut desk,
        vec![entry(3, "line -3"), entry(11, "line -11")],
        Some(TailEvent::Connected { gap: Some(gap) }),
    );
    desk.keys("g");
    let texts = texts(&desk);
    assert_eq!(texts[0], "line -11");
    assert!(texts.iter().any(|text| text == "nobody listened for 12s; 1 line fetched since"), "{texts:?}");
    tail(&mut desk, vec![], Some(TailEvent::Dropped(34)));
    tail(&mut desk, vec![], Some(TailEvent::Lost(Fault::new(FaultKind::Connect, "connection refused"))));
    assert!(
        vm(&desk).note.contains("interrupted") && vm(&desk).note.contains("34 dropped"),
        "{}",
        vm(&desk).note
    );
    desk.keys("F");
    assert_eq!(demand::tail(&desk.state), None);
    desk.keys("F");
    let numbers = demand::tail(&desk.state).map(|(_, number)| number);
    assert_eq!(numbers, Some(2), "another tail is another number");
}

#[test]
fn only_a_live_window_is_followed() {
    let mut desk = open(QUERY);
    desk.state.window = Window::Past { start: at(-600), end: at(-300) };
    stats(&mut desk, 10);
    desk.keys("F");
    assert_eq!(demand::tail(&desk.state), None);
    assert!(desk.state.notice.is_some());
}

#[test]
fn the_cursors_of_list_and_axis_follow_each_other() {
    let mut desk = ready(page(&[10, 1000, 2000], false));
    assert_eq!(desk.state.axis.cursor, None);
    desk.keys("j");
    assert_eq!(desk.state.axis.cursor, None, "nobody has moved it");
    assert_eq!(vm(&desk).axis.cursor, Some(at(-1000).timestamp_millis()), "but it is shown");
    desk.state.axis.cursor = Some(at(-2000));
    plantao::update::logs::cursor_moved(&mut desk.state);
    assert_eq!(under_cursor(&desk), "line 2000");
    desk.keys("k");
    assert_eq!(desk.state.axis.cursor, Some(at(-1000)));
}

#[test]
fn the_axis_counts_levels_and_falls_back_to_what_is_loaded() {
    let mut desk = ready(page(&[10, 1000], true));
    let step = i64::from(logs::histogram_step(&desk.state));
    let histogram = Key::LogRange(logs::histogram_query(&desk.state, QUERY), step as u32);
    desk.fail(&histogram, FaultKind::BadQuery);
    let axis = vm(&desk).axis;
    assert!(axis.message.starts_with("counts only loaded lines: "), "{}", axis.message);
    assert_eq!(axis.columns.iter().map(|(_, counts)| counts.iter().sum::<f64>()).sum::<f64>(), 2.0);
    let t = at(0).timestamp() / step * step * 1000 - 10 * step * 1000;
    let series = |level: &[(&str, &str)], v| Series { labels: labels(level), points: vec![Point { t, v }] };
    desk.answer(
        &histogram,
        Answer::Matrix(vec![
            series(&[("level", "error")], 3.0),
            series(&[("detected_level", "warn")], 2.0),
            series(&[], 1.0),
        ]),
    );
    let axis = vm(&desk).axis;
    let column = axis.columns.iter().find(|(start, _)| *start == t - step * 1000).expect("the step before t");
    assert_eq!(column.1, [0.0, 3.0, 2.0, 0.0, 0.0, 1.0]);
    assert!(axis.columns.iter().all(|(_, counts)| counts.len() == 6));
    assert!(axis.message.is_empty());
}

#[test]
fn every_state_has_words_of_its_own() {
    let mut empty = ready(page(&[], false));
    assert_eq!(vm(&empty).state, PaneState::NoData);
    assert!(vm(&empty).message[0].starts_with("No lines from "), "{:?}", vm(&empty).message);
    assert!(vm(&empty).message[1].contains("longer window (-)"), "{:?}", vm(&empty).message);
    let key = lines_key(&empty);
    empty.fail(&key, FaultKind::Connect);
    assert_eq!(vm(&empty).state, PaneState::Stale);

    let mut refused = open(QUERY);
    stats(&mut refused, 10);
    let key = lines_key(&refused);
    refused.fail(&key, FaultKind::BadQuery);
    assert_eq!(vm(&refused).state, PaneState::Failed);
    assert_eq!(vm(&refused).message, ["words of the server", "Edit the query with Q."]);

    let mut nowhere = Desk::with(&[SourceId::PROMETHEUS]);
    nowhere.state.stack.push(View::Logs(QUERY.into()));
    assert_eq!(vm(&nowhere).state, PaneState::Unconfigured);
    assert_eq!(vm(&open(QUERY)).state, PaneState::Loading);
}

#[test]
fn personal_data_is_told_by_stream_and_kind_alone() {
    let mut page = page(&[1], false);
    let leak = |stream: &str, kind: &str, count| Leak {
        stream: Some(stream.into()),
        kind: Some(kind.into()),
        count,
        first: at(-1),
        last: at(-1),
    };
    page.leaks = vec![
        leak(r#"{level="info", service="api"}"#, "cpf", 5),
        leak(r#"{level="error", service="api"}"#, "cpf", 7),
    ];
    let mut desk = ready(page);
    assert_eq!(
        vm(&desk).findings,
        [r#"personal data, masked here, stands in the logs: {service="api"} cpf ×12"#]
    );
    // It is told wherever one goes from here, and the sources say more.
    let badges = |desk: &Desk| desk.screen().header.badges;
    assert!(badges(&desk).contains(&"PII 2".to_owned()), "{:?}", badges(&desk));
    desk.state.stack.truncate(1);
    assert!(badges(&desk).contains(&"PII 2".to_owned()), "{:?}", badges(&desk));
    assert!(!badges(&open(QUERY)).iter().any(|badge| badge.starts_with("PII")), "nothing is known of any");
}

#[test]
fn a_broken_event_is_flagged_with_what_is_wrong() {
    let line = r#"{"event":"AI inference completed","model_name":"m","inference_time_ms":3,"confidence_score":1.5,"success":true}"#;
    let mut page = page(&[], false);
    page.entries = [entry(-1, line)].into();
    let mut desk = ready(page);
    assert_eq!(
        texts(&desk),
        [
            "AIInferenceEvent  broken: confidence_score is not between 0 and 1  m · 3 ms · confidence 1.5 · success"
        ]
    );
    assert_eq!(vm(&desk).findings, ["1 of 1 typed event is broken: confidence_score ×1"]);
    desk.keys("space");
    let fields = vm(&desk).rows[0].fields.clone();
    let field = fields.iter().find(|field| field.name == "confidence_score").expect("the field");
    assert_eq!(field.problem, "is not between 0 and 1");
}

#[test]
fn columns_raw_and_smart_take_turns_and_the_mouse_works_too() {
    let mut page = page(&[], false);
    let lines = [r#"{"event":"a","ms":1.5}"#, r#"{"event":"b","ms":22.5}"#];
    page.entries = lines.iter().zip(1..).map(|(line, ago)| entry(-ago, line)).collect();
    let mut desk = ready(page);
    assert_eq!(texts(&desk)[0], "a  ms=1.5");
    desk.keys("C");
    let vm_columns = vm(&desk);
    assert_eq!(vm_columns.heads.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), ["event", "ms"]);
    assert_eq!(vm_columns.rows[1].cells, ["b", "22.5"]);
    desk.keys("C");
    assert_eq!(texts(&desk)[0], lines[0]);
    desk.keys("C O");
    assert_eq!(texts(&desk)[0], "b  ms=22.5", "the oldest first");
    desk.send(Msg::Click(Target::Line(1)));
    assert_eq!(vm(&desk).cursor, Some(1));
    desk.send(Msg::Click(Target::Line(1)));
    assert!(vm(&desk).rows[1].open);
    let copied = desk.keys("y");
    assert_eq!(copied, [Effect::Copy(lines[0].to_owned())]);
}

#[test]
fn a_query_for_numbers_shows_a_chart() {
    let mut desk = open(r#"sum by (level) (rate({service="api"}[5m]))"#);
    let keys = wanted(&desk);
    assert!(matches!(&keys[..], [Key::LogRange(..)]), "{keys:?}");
    let points = (0..10).map(|at| Point { t: self::at(-at * 60).timestamp_millis(), v: 1.0 }).rev().collect();
    desk.answer(&keys[0], Answer::Matrix(vec![Series { labels: labels(&[("level", "info")]), points }]));
    let chart = vm(&desk).chart.expect("a chart");
    assert_eq!((chart.state, chart.series.len()), (PaneState::Ready, 1));
}
