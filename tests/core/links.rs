//! Links: what is in focus, where it leads, and the way back.

use std::sync::Arc;

use plantao::command::CommandId::{self, Back};
use plantao::model::ask::Key;
use plantao::model::{Labels, Language, TraceId, Window};
use plantao::pack::Pack;
use plantao::query::{logql::LogQl, promql::Promql, traceql::TraceQl};
use plantao::state::{Focus, View};
use plantao::update::links::open;
use proptest::prelude::*;

use crate::desk::{Desk, PACK, active, alert, at, labels, rule};

pub const LIVE: Window = Window::Live { span_s: 3600 };

/// A desk with one alert, in its detail.
pub fn detail(pairs: &[(&str, &str)], query: &str) -> Desk {
    let mut desk = Desk::new();
    desk.rules(vec![rule("Slow", query, vec![active(pairs, true)])]);
    desk.alerts(vec![alert("f", pairs)]);
    desk.command(CommandId::Alerts);
    desk.keys("enter");
    assert_eq!(*desk.state.view(), View::Detail("f".into()));
    desk
}

pub const AI: &[(&str, &str)] = &[("alertname", "Slow"), ("severity", "warning"), ("model_name", "facenet")];

pub fn view(desk: &Desk) -> View {
    desk.state.view().clone()
}

pub fn said(desk: &Desk) -> String {
    desk.state.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default()
}

#[test]
fn an_alert_leads_to_its_lines_and_back_with_view_cursor_and_window() {
    let mut desk = detail(AI, "histogram_quantile(0.95, x) > 5");
    let before = (desk.state.stack.clone(), desk.state.places.alerts.clone(), desk.state.window);
    desk.keys("L");
    assert_eq!(view(&desk), View::Logs(r#"{service_name=~".+"} | json | model_name="facenet""#.into()));
    // It began to hold two minutes ago (a minute of it as pending), and goes on.
    assert_eq!(desk.state.window, Window::Live { span_s: 60 + 60 + 300 });
    desk.command(Back);
    assert_eq!((desk.state.stack.clone(), desk.state.places.alerts.clone(), desk.state.window), before);
}

#[test]
fn an_alert_leads_to_the_slow_and_failed_traces_of_what_it_is_about() {
    let mut desk = detail(AI, "x > 5");
    desk.keys("T");
    assert_eq!(
        view(&desk),
        View::Traces(
            r#"{span.ai.model.name = "facenet"} && {status = error || traceDuration > 2000ms}"#.into()
        )
    );
    assert_eq!(said(&desk), "only traces over 2 s or with an error");
}

#[test]
fn an_alert_leads_to_what_its_rule_measures() {
    let mut desk = detail(AI, "histogram_quantile(0.95, x) > 5");
    desk.keys("M");
    assert_eq!(view(&desk), View::Metrics("histogram_quantile(0.95, x)".into()));
}

#[test]
fn an_alert_whose_rule_is_unknown_leads_to_how_its_service_does() {
    let mut desk = Desk::new();
    desk.alerts(vec![alert("f", &[("alertname", "A"), ("job", "ai-engine"), ("department", "all")])]);
    desk.command(CommandId::Alerts);
    desk.keys("M");
    assert_eq!(
        view(&desk),
        View::Metrics(r#"sum by (status) (rate(http_requests_total{job="ai-engine"}[5m]))"#.into())
    );
    desk.keys("backspace L");
    assert_eq!(view(&desk), View::Logs(r#"{service_name="ai-engine"}"#.into()), "every department is none");
    desk.keys("backspace T");
    assert_eq!(
        view(&desk),
        View::Traces(
            r#"{resource.service.name = "ai-engine"} && {status = error || traceDuration > 2000ms}"#.into()
        )
    );
}

/// A machine has no spans of its own, and a database answers no HTTP: the pack says where they are seen.
#[test]
fn what_is_no_service_leads_to_where_it_is_seen() {
    let of = |job: &str, key: &str| {
        let mut desk = Desk::new();
        desk.alerts(vec![alert("f", &[("alertname", "A"), ("job", job), ("department", "all")])]);
        desk.command(CommandId::Alerts);
        desk.keys(key);
        view(&desk)
    };
    let slow = "{status = error || traceDuration > 2000ms}";
    assert_eq!(
        of("node-exporter", "T"),
        View::Traces(format!(r#"{{resource.host.name =~ "mac-studio.*"}} && {slow}"#).into())
    );
    assert_eq!(of("node-exporter", "L"), View::Logs(r#"{service_name="node-exporter"}"#.into()));
    let figures = r#"{__name__=~"mac_studio_(cpu_usage_percent|gpu_usage_percent|temperature_celsius)"}"#;
    assert_eq!(of("node-exporter", "M"), View::Metrics(figures.into()));
    assert_eq!(
        of("postgresql", "T"),
        View::Traces(format!(r#"{{span.db.system.name = "postgresql"}} && {slow}"#).into())
    );
    assert_eq!(of("postgresql", "M"), View::Metrics("sum by (state) (pg_stat_activity_count)".into()));
    // Its lines have its name.
    assert_eq!(of("postgresql", "L"), View::Logs(r#"{service_name="postgresql"}"#.into()));
}

#[test]
fn what_a_link_cannot_ask_for_is_said() {
    let pairs = &[("alertname", "Beds"), ("department", "icu"), ("bed_type", "adult"), ("core_type", "p")];
    let mut desk = detail(pairs, "sus_bed_occupancy_rate_percent > 95");
    desk.keys("L");
    assert_eq!(view(&desk), View::Logs(r#"{department="icu"}"#.into()));
    assert_eq!(said(&desk), "not asked for, log lines do not have it: bed_type, core_type");
}

#[test]
fn prometheus_own_labels_are_no_label_to_look_for() {
    let pairs = &[("alertname", "A"), ("job", "ai-engine"), ("hospital", "real")];
    let mut desk = detail(pairs, "up == 0");
    desk.answer(
        &Key::ExternalLabels,
        plantao::model::ask::Answer::ExternalLabels(labels(&[("hospital", "real")])),
    );
    desk.keys("L");
    assert_eq!(
        (view(&desk), said(&desk)),
        (View::Logs(r#"{service_name="ai-engine"}"#.into()), String::new())
    );
}

#[test]
fn a_link_with_nothing_to_go_by_says_so_and_stays() {
    let mut desk = detail(&[("alertname", "Hot"), ("severity", "critical")], "thermal >= 2");
    let before = (desk.state.stack.clone(), desk.state.window);
    desk.keys("L");
    assert_eq!((desk.state.stack.clone(), desk.state.window), before);
    assert_eq!(
        said(&desk),
        "nothing to go by: what is in focus names no service, department or label that log lines have"
    );
}

#[test]
fn an_old_alert_shows_its_beginning() {
    let mut desk = detail(AI, "x > 5");
    desk.now = 30 * 3600;
    desk.keys("L");
    // Its response time is four hours; `for` is a minute, the margin five.
    let start = at(-60 - 60 - 300);
    assert_eq!(desk.state.window, Window::Past { start, end: at(-120 + 4 * 3600 + 300) });
}

#[test]
fn a_department_of_the_overview_leads_to_its_own() {
    let mut desk = Desk::new();
    desk.calm();
    for _ in 0..20 {
        let focus = desk.state.focus();
        if focus.department.as_deref() == Some("emergency") {
            break;
        }
        desk.keys("tab");
    }
    assert_eq!(desk.state.focus().department.as_deref(), Some("emergency"));
    desk.keys("L");
    assert_eq!(view(&desk), View::Logs(r#"{department="emergency"}"#.into()));
    assert_eq!(desk.state.window, LIVE, "it is about no moment: the window stays");
    desk.keys("esc T");
    assert_eq!(view(&desk), View::Traces(r#"{span.medical.department = "emergency"}"#.into()));
    desk.keys("esc M");
    let View::Metrics(query) = view(&desk) else { panic!("{:?}", view(&desk)) };
    assert!(query.contains(r#"department="emergency""#), "{query}");
    desk.keys("esc 3 L");
    assert_eq!(
        view(&desk),
        View::Logs(r#"{department="cardiology"}"#.into()),
        "its page is the department, too"
    );
}

#[test]
fn a_panel_leads_to_its_own_series_and_a_source_to_what_is_up() {
    let mut desk = Desk::new();
    desk.calm();
    desk.keys("4 M");
    let View::Metrics(query) = view(&desk) else { panic!("{:?}", view(&desk)) };
    assert!(PACK.panels.values().any(|panel| panel.query == *query), "{query}");
    desk.keys("esc 6 M");
    assert_eq!(view(&desk), View::Metrics("up".into()));
}

/// What an explorer has under its cursor, as it would tell it.
fn line(pairs: &[(&str, &str)], trace: Option<u128>, moment: i64) -> Focus {
    Focus {
        labels: labels(pairs),
        service: Some("medical-api".to_owned()),
        department: Some("icu".to_owned()),
        trace: trace.map(TraceId),
        query: None,
        span: Some((at(moment), at(moment))),
    }
}

#[test]
fn a_line_leads_to_its_trace_and_a_span_to_its_lines() {
    let mut desk = Desk::new();
    desk.keys("7");
    let query = view(&desk);
    let one = line(&[("service", "medical-api"), ("level", "error")], Some(0xab), -900);
    open(&mut desk.state, &one, Language::LogQl, Language::TraceQl);
    assert_eq!((view(&desk), desk.state.window), (View::Trace(TraceId(0xab)), LIVE));
    open(&mut desk.state, &one, Language::TraceQl, Language::LogQl);
    assert_eq!(
        view(&desk),
        View::Logs(r#"{service_name=~".+"} | json | trace_id="000000000000000000000000000000ab""#.into())
    );
    assert_eq!(desk.state.window, Window::Past { start: at(-1200), end: at(-600) });
    // The lines of a trace lead on to the lines around them.
    open(&mut desk.state, &one, Language::LogQl, Language::LogQl);
    assert_eq!(view(&desk), View::Logs(r#"{service_name="medical-api", department="icu"}"#.into()));
    open(&mut desk.state, &one, Language::LogQl, Language::PromQl);
    assert_eq!(
        view(&desk),
        View::Metrics(r#"sum by (status) (rate(http_requests_total{job="medical-api"}[5m]))"#.into())
    );
    desk.keys("esc esc esc");
    assert_eq!((view(&desk), desk.state.window), (View::Trace(TraceId(0xab)), LIVE));
    desk.keys("backspace");
    assert_eq!(view(&desk), query);
}

#[test]
fn a_span_leads_to_metrics_of_its_model() {
    let mut desk = Desk::new();
    let span = Focus { labels: labels(&[("ai.model.name", "facenet")]), ..line(&[], None, -60) };
    open(&mut desk.state, &span, Language::TraceQl, Language::PromQl);
    let View::Metrics(query) = view(&desk) else { panic!("{:?}", view(&desk)) };
    assert!(query.contains(r#"model_name="facenet""#), "{query}");
    open(&mut desk.state, &span, Language::TraceQl, Language::TraceQl);
    assert_eq!(
        view(&desk),
        View::Traces(
            r#"{resource.service.name = "medical-api"} && {span.medical.department = "icu"} && {span.ai.model.name = "facenet"}"#.into()
        )
    );
}

/// A trace whose one span failed in a model's call.
fn traced(desk: &mut Desk, id: TraceId) {
    use plantao::model::{Attribute, Span, SpanId, SpanKind, SpanStatus, Trace, TraceDoc};
    let nanoseconds = |seconds| at(seconds).timestamp_nanos_opt().expect("in range");
    let span = Span {
        trace_id: id,
        span_id: SpanId(1),
        service: "ai-engine".into(),
        name: "ai_inference.facenet".into(),
        kind: SpanKind::Server,
        start: nanoseconds(-900),
        duration: 2_000_000_000,
        status: SpanStatus::Error,
        attributes: vec![("ai.model.name".into(), Attribute::Text("facenet".into()))],
        ..Span::default()
    };
    let trace = Arc::new(Trace { id, spans: vec![span] });
    plantao::update::views::go(&mut desk.state, View::Trace(id));
    desk.answer(
        &Key::Trace(id),
        plantao::model::ask::Answer::Trace(TraceDoc { trace, ..TraceDoc::default() }),
    );
}

#[test]
fn from_a_trace_every_key_leads_on() {
    let mut desk = Desk::new();
    traced(&mut desk, TraceId(0xab));
    let before = (view(&desk), desk.state.places.trace.clone(), desk.state.window);
    desk.keys("L");
    assert_eq!(
        view(&desk),
        View::Logs(r#"{service_name=~".+"} | json | trace_id="000000000000000000000000000000ab""#.into())
    );
    assert_eq!(desk.state.window, Window::Past { start: at(-1200), end: at(-598) });
    desk.command(Back);
    assert_eq!((view(&desk), desk.state.places.trace.clone(), desk.state.window), before);
    desk.keys("T");
    assert_eq!(
        view(&desk),
        View::Traces(
            r#"{resource.service.name = "ai-engine" && name = "ai_inference.facenet"} && {span.ai.model.name = "facenet"}"#.into()
        ),
        "others of the same operation"
    );
    desk.keys("esc M");
    let View::Metrics(query) = view(&desk) else { panic!("{:?}", view(&desk)) };
    assert!(query.contains(r#"model_name="facenet""#), "{query}");
    desk.command(Back);
    assert_eq!((view(&desk), desk.state.window), (before.0, before.2));
}

#[test]
fn from_a_series_every_key_leads_on() {
    use plantao::model::{Point, Series};
    let mut desk = Desk::new();
    desk.keys("9");
    let View::Metrics(query) = view(&desk) else { panic!("{:?}", view(&desk)) };
    let key = plantao::state::demand::wants(&desk.state)
        .into_iter()
        .map(|want| want.key)
        .find(|key| matches!(key, Key::Range(asked, _) if *asked == query))
        .expect("its range");
    let points = (0..10).map(|step| Point { t: at(-600 + step * 60).timestamp_millis(), v: 1.0 }).collect();
    let series = Series { labels: labels(&[("department", "icu")]), points };
    desk.answer(&key, plantao::model::ask::Answer::Matrix(vec![series]));
    assert_eq!(desk.state.focus().labels.get("department"), Some("icu"));
    desk.keys("L");
    assert_eq!(view(&desk), View::Logs(r#"{department="icu"}"#.into()));
    desk.keys("esc T");
    assert_eq!(view(&desk), View::Traces(r#"{span.medical.department = "icu"}"#.into()));
    desk.keys("esc M");
    assert_ne!(view(&desk), View::Metrics(query), "on to what shows the department");
    // At the cursor of time: around that moment.
    desk.keys("esc h h L");
    assert!(!desk.state.window.is_live());
    desk.command(Back);
    assert_eq!(desk.state.window, LIVE);
}

#[test]
fn explorers_are_gone_back_to_as_they_were_left() {
    let mut desk = Desk::new();
    let first = &PACK.explore;
    desk.keys("7");
    assert_eq!(view(&desk), View::Logs(first.logs[0].query.as_str().into()));
    desk.keys("8");
    assert_eq!(view(&desk), View::Traces(first.traces[0].query.as_str().into()));
    desk.keys("9");
    assert_eq!(view(&desk), View::Metrics(first.metrics[0].query.as_str().into()));
    desk.keys("esc esc esc");
    plantao::update::views::go(&mut desk.state, View::Logs("{a=\"b\"}".into()));
    desk.keys("esc 7");
    assert_eq!(view(&desk), View::Logs("{a=\"b\"}".into()), "although no view of the stack has it any more");
    desk.keys("> <");
    assert_eq!(view(&desk), View::Logs("{a=\"b\"}".into()));
    desk.keys("<");
    assert_eq!(view(&desk), View::Sources);
}

#[test]
fn places_of_views_that_nobody_can_go_back_to_are_bounded() {
    let mut desk = Desk::new();
    for number in 0..300 {
        let query: Arc<str> = format!("{{a=\"{number}\"}}").into();
        desk.state.places.logs.insert(query.clone(), plantao::state::LogsPlace::default());
        plantao::update::views::go(&mut desk.state, View::Logs(query));
    }
    assert_eq!(desk.state.places.visited.len(), 64);
    assert_eq!(desk.state.places.logs.len(), 64);
    let kept = |view: &View| match view {
        View::Logs(query) => desk.state.places.logs.contains_key(query),
        _ => true,
    };
    assert!(desk.state.stack.iter().all(kept), "those on the stack stay");
}

#[test]
fn scripts_name_explorers_and_single_traces() {
    use plantao::state::{name_of_view, view_by_name};
    let of = |name: &str| view_by_name(&PACK, name);
    assert_eq!(of("logs"), Some(View::Logs(PACK.explore.logs[0].query.as_str().into())));
    assert_eq!(of("trace/ab"), Some(View::Trace(TraceId(0xab))));
    assert_eq!(of("compare/ab/cd"), Some(View::Compare(TraceId(0xab), TraceId(0xcd))));
    assert_eq!((of("trace/"), of("trace/xyz"), of("compare/ab")), (None, None, None));
    for name in plantao::state::view_names(&PACK) {
        assert_eq!(name_of_view(&PACK, &of(&name).expect(&name)), name);
    }
}

/// A pack without a word on explorers.
fn silent_pack() -> Pack {
    let mut pack = (**PACK).clone();
    pack.explore = plantao::pack::Explore::default();
    pack
}

#[test]
fn without_ready_queries_an_explorer_asks_nothing_yet() {
    let mut desk = Desk::new();
    desk.state.setup.pack = Arc::new(silent_pack());
    desk.keys("9");
    assert_eq!(view(&desk), View::Metrics("".into()));
}

proptest! {
    #[test]
    fn links_of_any_value_are_queries(
        service in "\\PC{0,12}|[\"\\\\\n`$#{}|=]{1,6}",
        model in "\\PC{1,12}|[\"\\\\\n`$#{}|=]{1,6}",
        department in "\\PC{0,12}",
        trace in proptest::option::of(any::<u128>()),
        shipped in any::<bool>(),
        suspicious in any::<bool>(),
    ) {
        use plantao::explore::link::{From, Goal, Names, link};
        let pack = if shipped { (**PACK).clone() } else { silent_pack() };
        let names = Names { pack: &pack, external: None, streams: None };
        let metric: Labels = labels(&[("job", &service), ("model_name", &model), ("department", &department)]);
        for (language, labels) in [
            (Language::PromQl, metric.clone()),
            (Language::LogQl, metric.clone()),
            (Language::TraceQl, labels(&[("span.ai.model.name", &model)])),
        ] {
            let focus = Focus {
                labels,
                service: (language != Language::PromQl).then(|| service.clone()),
                department: (language != Language::PromQl).then(|| department.clone()),
                trace: trace.map(TraceId),
                ..Focus::default()
            };
            for to in [Language::LogQl, Language::TraceQl, Language::PromQl] {
                let Some(found) = link(&names, &focus, From { language, suspicious }, to) else { continue };
                let Goal::Query(query) = found.goal else { continue };
                let wrong = match to {
                    Language::LogQl => LogQl::parse(&query).err().map(|error| error.to_string()),
                    Language::TraceQl => TraceQl::parse(&query).err().map(|error| error.to_string()),
                    Language::PromQl => Promql::parse(&query).err().map(|error| error.to_string()),
                };
                prop_assert_eq!(wrong, None, "{}", query);
            }
        }
    }
}
