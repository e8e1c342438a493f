//! The embedded hospital's samples, pages and recordings, read as the servers read them.
// Tests say what they expect by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use chrono::TimeDelta;
use plantao::clock::Clock;
use plantao::demo::hospital::Down;
use plantao::demo::{Fault, FaultKind, Hospital, Plan};
use plantao::model::{Labels, LogEntry, Matcher, Point, Series, Time};
use plantao::pack::Pack;
use plantao::query::{LogData, MetricData, Order, TraceData, is_stale};

/// The day begins at 07:00 UTC (04:00 there): this soon after it a test need not compute much.
const START: &str = "2026-11-20T07:00:00Z";

fn start() -> Time {
    START.parse().expect("a time")
}

fn minutes(count: i64) -> Time {
    start() + TimeDelta::minutes(count)
}

fn pack() -> Pack {
    plantao::pack::load("hospital", &[]).expect("the shipped pack")
}

fn hospital(plan: Plan, now: Time) -> Hospital {
    Hospital::new(&pack(), plan, Clock::Fixed(now))
        .unwrap_or_else(|problems| panic!("{}", problems.iter().map(ToString::to_string).collect::<String>()))
}

fn faulty(kind: FaultKind, onset: Time, end: Option<Time>) -> Plan {
    let fault = Fault { end, ..Fault::new(kind, onset) };
    Plan { faults: vec![fault], ..Plan::calm(7) }
}

fn named(name: &str) -> Vec<Matcher> {
    vec![Matcher::parse(&format!("__name__=\"{name}\"")).expect("a matcher")]
}

fn both(name: &str, more: &str) -> Vec<Matcher> {
    let mut matchers = named(name);
    matchers.push(Matcher::parse(more).expect("a matcher"));
    matchers
}

/// Bits instead of values: a staleness marker equals itself.
type Bits = BTreeMap<Labels, Vec<(i64, u64)>>;

fn bits(series: Vec<Series>) -> Bits {
    let mut all = Bits::new();
    for one in series {
        let points = one.points.iter().map(|point| (point.t, point.v.to_bits()));
        all.entry(one.labels).or_default().extend(points);
    }
    all
}

#[test]
fn slices_asked_in_any_order_are_the_whole() {
    let (from, to) = (minutes(0).timestamp_millis(), minutes(45).timestamp_millis());
    let plan = faulty(FaultKind::ServiceDown, minutes(12), Some(minutes(14)));
    let whole = bits(hospital(plan.clone(), minutes(45)).series(&[], from, to));
    let sliced = hospital(plan, minutes(45));
    let edges: Vec<i64> = (0..=9).map(|at| from + (to - from) * at / 9).collect();
    let mut parts: Vec<(i64, Bits)> = Vec::new();
    for at in [7, 0, 8, 3, 1, 2, 6, 5, 4] {
        let last = if at == 8 { to } else { edges[at + 1] - 1 };
        parts.push((edges[at], bits(sliced.series(&[], edges[at], last))));
    }
    parts.sort_by_key(|(edge, _)| *edge);
    let mut together = Bits::new();
    for (labels, points) in parts.into_iter().flat_map(|(_, part)| part) {
        together.entry(labels).or_default().extend(points);
    }
    assert_eq!(whole.len(), together.len());
    for (labels, points) in &whole {
        assert_eq!(Some(points), together.get(labels), "{labels}");
    }
}

#[test]
fn nothing_is_told_of_the_future_nor_of_a_time_long_ago() {
    let now = minutes(12);
    let hospital = hospital(Plan::calm(7), now);
    let later = now.timestamp_millis() + 3_600_000;
    let all = hospital.series(&[], now.timestamp_millis() - 60_000, later);
    let last = all.iter().flat_map(|series| &series.points).map(|point| point.t).max().expect("samples");
    assert!(last <= now.timestamp_millis() && last > now.timestamp_millis() - 5_000, "{last}");
    assert!(hospital.series(&[], now.timestamp_millis() + 1, later).is_empty());
    assert!(hospital.series(&[], 0, 3_600_000).is_empty());
    assert!(hospital.series(&[], later, 0).is_empty());
}

#[test]
fn a_process_that_is_down_ends_its_series_and_begins_again_at_nothing() {
    let plan = faulty(FaultKind::ServiceDown, minutes(8), Some(minutes(11)));
    let hospital = hospital(plan, minutes(16));
    let (from, to) = (start().timestamp_millis(), minutes(16).timestamp_millis());
    let job = "job=\"medical-api\"";
    let up = hospital.series(&both("up", job), from, to).pop().expect("up");
    let values: Vec<f64> = up.points.iter().map(|point| point.v).collect();
    assert!(
        values.first() == Some(&1.0) && values.contains(&0.0) && values.last() == Some(&1.0),
        "{values:?}"
    );
    assert!(up.points.iter().all(|point| !is_stale(point.v)), "`up` itself goes on");
    let down: Vec<i64> = up.points.iter().filter(|point| point.v == 0.0).map(|point| point.t).collect();
    let others = hospital.series(&[Matcher::parse(job).expect("a matcher")], from, to);
    let mut ended = 0;
    for series in &others {
        let name = series.labels.metric_name();
        if matches!(name, "up" | "scrape_duration_seconds" | "scrape_samples_scraped") {
            continue;
        }
        let stale: Vec<i64> =
            series.points.iter().filter(|point| is_stale(point.v)).map(|point| point.t).collect();
        let said_when_down: Vec<&Point> =
            series.points.iter().filter(|point| down.contains(&point.t) && !is_stale(point.v)).collect();
        assert!(said_when_down.is_empty(), "{}", series.labels);
        ended += usize::from(stale.first() == down.first());
    }
    assert!(ended > 100, "{ended} of {} series ended", others.len());
    let total = "medical_record_operations_total";
    let sum = |t: i64| -> f64 {
        let at = hospital.series(&both(total, job), t, t);
        at.iter().flat_map(|series| &series.points).map(|point| point.v).sum()
    };
    let before = sum(up.points.iter().rfind(|point| point.t < down[0]).expect("a scrape").t);
    let after = sum(up
        .points
        .iter()
        .find(|point| point.t > *down.last().expect("down") && point.v == 1.0)
        .expect("up")
        .t);
    assert!(before > 20.0 && after < before / 3.0, "{before} before, {after} after");
    let targets = hospital.targets();
    assert_eq!(targets.len(), 6);
    assert!(
        targets.iter().all(|target| target.up && target.last.is_some() && target.took_s > 0.0),
        "{targets:?}"
    );
}

#[test]
fn the_page_of_a_process_that_is_down_is_refused() {
    let plan = faulty(FaultKind::ServiceDown, minutes(3), None);
    let hospital = hospital(plan, minutes(5));
    assert_eq!(hospital.exposition("medical-api"), Some(Err(Down)));
    assert!(hospital.exposition("auth-service").is_some_and(|page| page.is_ok()));
    assert_eq!(hospital.exposition("medical"), None);
    let down: Vec<_> =
        hospital.targets().into_iter().filter(|target| !target.up).map(|target| target.job).collect();
    assert_eq!(down, ["medical-api".into()]);
}

/// A page's lines as the text format defines them, without escapes (there are none in these pages).
fn lines(page: &str) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    for line in page.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').expect("a value");
        let before = all.insert(series.to_owned(), value.parse().expect("a number"));
        assert_eq!(before, None, "{series} twice");
    }
    all
}

#[test]
fn pages_parse_and_say_what_the_store_has_at_that_moment() {
    let first = hospital(Plan::calm(7), minutes(25));
    for job in ["api-gateway", "auth-service", "medical-api", "ai-engine", "postgresql", "node-exporter"] {
        let matcher = format!("job=\"{job}\"");
        let (from, to) = (minutes(0).timestamp_millis(), minutes(25).timestamp_millis());
        let up = first.series(&both("up", &matcher), from, to).pop().expect("up");
        let at = up.points.last().expect("a scrape").t;
        let then = hospital(Plan::calm(7), Time::from_timestamp_millis(at).expect("a time"));
        let page = then.exposition(job).expect("a job").expect("up");
        let parsed = prometheus_parse::Scrape::parse(page.lines().map(|line| Ok(line.to_owned())));
        assert!(!parsed.expect("parses").samples.is_empty());
        let mut said = lines(&page);
        let stored = then.series(&[Matcher::parse(&matcher).expect("a matcher")], at, at);
        for series in stored {
            let name = series.labels.metric_name();
            if matches!(name, "up" | "scrape_duration_seconds" | "scrape_samples_scraped") {
                continue;
            }
            let bare = series.labels.without(&["job", "instance"]);
            let text = if bare.len() == 1 { name.to_owned() } else { bare.to_string().replace(", ", ",") };
            assert_eq!(said.remove(&text), Some(series.points[0].v), "{text}");
        }
        assert!(said.is_empty(), "not stored: {said:?}");
        cumulative(&page);
        for (name, word) in page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')) {
            let family = then.families().into_iter().find(|family| &*family.name == name).expect(name);
            assert_eq!(family.kind, word);
        }
    }
}

/// Buckets never fall, and the last is the count.
fn cumulative(page: &str) {
    let all = lines(page);
    let mut last: BTreeMap<String, f64> = BTreeMap::new();
    for line in page.lines().filter(|line| line.contains("_bucket{")) {
        let (series, value) = line.rsplit_once(' ').expect("a value");
        let value: f64 = value.parse().expect("a number");
        let key: String = series.split("le=\"").next().unwrap_or_default().to_owned()
            + series.split("le=\"").nth(1).and_then(|rest| rest.split_once('"')).map_or("", |(_, rest)| rest);
        assert!(last.insert(key, value).is_none_or(|before| before <= value), "{line}");
    }
    let infinite: f64 =
        all.iter().filter(|(name, _)| name.contains("le=\"+Inf\"")).map(|(_, value)| *value).sum();
    let counted: f64 = all
        .iter()
        .filter(|(name, _)| name.split('{').next().is_some_and(|name| name.ends_with("_count")))
        .filter(|(name, _)| all.contains_key(&name.replacen("_count", "_sum", 1)))
        .map(|(_, value)| *value)
        .sum();
    assert_eq!(infinite, counted);
}

/// The metrics that a PromQL expression names.
fn metrics_of(promql: &str) -> BTreeSet<String> {
    use promql_parser::parser::{Expr, VectorSelector};
    use promql_parser::util::{ExprVisitor, walk_expr};
    struct Names(BTreeSet<String>);
    impl ExprVisitor for Names {
        type Error = ();
        fn pre_visit(&mut self, expr: &Expr) -> Result<bool, ()> {
            let selector: Option<&VectorSelector> = match expr {
                Expr::VectorSelector(selector) => Some(selector),
                Expr::MatrixSelector(selector) => Some(&selector.vs),
                _ => None,
            };
            self.0.extend(selector.and_then(|selector| selector.name.clone()));
            Ok(true)
        }
    }
    let expr = promql_parser::parser::parse(promql).unwrap_or_else(|error| panic!("{promql}: {error}"));
    let mut names = Names(BTreeSet::new());
    let _ = walk_expr(&mut names, &expr);
    names.0
}

/// The expressions of a rule file: `expr: …` and `expr: |` with what is indented below it.
fn expressions(rules: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut lines = rules.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(rest) = line.trim().strip_prefix("expr:") else { continue };
        let indent = line.len() - line.trim_start().len();
        let mut expr = rest.trim().trim_start_matches('|').to_owned();
        while let Some(next) = lines.next_if(|next| next.len() - next.trim_start().len() > indent) {
            expr.push('\n');
            expr.push_str(next);
        }
        all.push(expr);
    }
    all
}

#[test]
fn every_metric_of_the_packs_panels_and_rules_has_data_in_a_calm_hour() {
    let pack = pack();
    let mut names = BTreeSet::new();
    for panel in pack.panels.values() {
        let queries = [Some(&panel.query), panel.fallback.as_ref(), panel.max_query.as_ref()];
        for query in queries.into_iter().flatten() {
            names.extend(metrics_of(&query.replace("$department", "icu").replace("$model", "facenet")));
        }
    }
    let rules = expressions(&pack.rules);
    assert!(rules.len() > 20, "{}", rules.len());
    names.extend(rules.iter().flat_map(|expr| metrics_of(expr)));
    names.remove("ALERTS");
    assert!(names.len() > 25, "{names:?}");
    // The middle of a working morning.
    let now: Time = "2026-11-20T08:00:00Z".parse().expect("a time");
    let hospital = hospital(Plan::calm(7), now);
    let (from, to) = (now.timestamp_millis() - 3_600_000, now.timestamp_millis());
    for name in names {
        let series = hospital.series(&named(&name), from, to);
        assert!(series.iter().any(|series| series.points.len() > 3), "{name} has no data");
        let dead = ["anvisa", "medication_adverse", "cfm_medical", "log_personal"]
            .iter()
            .any(|start| name.starts_with(start));
        let moved = series.iter().any(|series| series.points.iter().any(|point| point.v != 0.0));
        assert!(moved || dead || name == "mac_studio_thermal_state", "{name} never moves");
    }
    for (name, more) in [
        ("auth_attempts_total", "method=\"face_recognition\""),
        ("auth_attempts_total", "result=\"failed\""),
        ("patient_records_accessed_total", "access_type=\"unauthorized\""),
        ("cfm_digital_signature_total", "signature_valid=\"false\""),
        ("cfm_medical_record_integrity_checks_total", "integrity_status=\"failed\""),
        ("mac_studio_memory_bytes", "type=\"total\""),
        ("ai_model_inference_seconds_count", "model_name=\"triage_classifier\""),
    ] {
        assert!(!hospital.series(&both(name, more), from, to).is_empty(), "{name}{{{more}}}");
    }
    let first: Vec<Series> = hospital.series(&named("anvisa_sngpc_reports_total"), from, from + 120_000);
    assert!(
        !first.is_empty() && first.iter().all(|series| series.points[0].v == 0.0),
        "there from the start"
    );
}

#[test]
fn exemplars_lead_to_their_traces() {
    let now = minutes(31);
    let hospital = hospital(Plan::calm(7), now);
    let (from, to) = (start().timestamp_millis(), now.timestamp_millis());
    let found = hospital.exemplars(&named("medical_record_processing_seconds_bucket"), from, to);
    assert!(!found.is_empty());
    for one in &found {
        assert!(one.samples.len() <= 8, "a few of each epoch: {}", one.samples.len());
        let le = one.labels.get("le").expect("le");
        let bound: f64 = le.parse().expect("a bound");
        for sample in &one.samples {
            assert!(sample.value <= bound && (from..=to).contains(&sample.at_ms));
            let trace = hospital.trace(sample.trace_id).unwrap_or_else(|| panic!("{}", sample.trace_id));
            let seconds = |duration: i64| duration as f64 / 1e9;
            assert!(trace.spans.iter().any(|span| (seconds(span.duration) - sample.value).abs() < 0.01));
        }
    }
    let quiet = hospital.exemplars(&named("medical_record_processing_seconds_bucket"), to + 1, to + 1000);
    assert!(quiet.is_empty());
}

fn entries(hospital: &Hospital, from_ns: i64, to_ns: i64, order: Order) -> Vec<LogEntry> {
    let mut all = Vec::new();
    hospital.entries(&[], from_ns, to_ns, order, &mut |entry| {
        all.push(entry.clone());
        ControlFlow::Continue(())
    });
    all
}

fn ns(at: Time) -> i64 {
    at.timestamp_nanos_opt().expect("a moment")
}

#[test]
fn lines_come_in_order_and_slices_are_the_whole() {
    let now = minutes(34);
    let (from, to) = (ns(minutes(5)), ns(minutes(33)));
    let whole = entries(&hospital(Plan::calm(7), now), from, to, Order::Forward);
    assert!(whole.len() > 300, "{}", whole.len());
    assert!(whole.is_sorted_by_key(|entry| entry.ts));
    assert!(whole.iter().all(|entry| (from..to).contains(&entry.ts)));
    let hospital = hospital(Plan::calm(7), now);
    let middle = ns(minutes(20)) + 7;
    let late = entries(&hospital, middle, to, Order::Forward);
    let mut early = entries(&hospital, from, middle, Order::Forward);
    early.extend(late);
    assert_eq!(early, whole);
    let backward = entries(&hospital, from, to, Order::Backward);
    assert!(backward.is_sorted_by(|a, b| a.ts >= b.ts));
    let sorted = |mut list: Vec<LogEntry>| {
        list.sort_by(|a, b| (a.ts, &a.line).cmp(&(b.ts, &b.line)));
        list
    };
    assert_eq!(sorted(backward), sorted(whole.clone()));
    let mut seen = 0;
    hospital.entries(&[], from, to, Order::Backward, &mut |_| {
        seen += 1;
        if seen == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(seen, 10);
    let stream = whole[0].labels.clone();
    let matchers: Vec<Matcher> = stream
        .iter()
        .map(|(name, value)| Matcher::parse(&format!("{name}=\"{value}\"")).expect("a matcher"))
        .collect();
    let mut own = 0;
    hospital.entries(&matchers, from, to, Order::Forward, &mut |entry| {
        assert_eq!(entry.labels, stream);
        own += 1;
        ControlFlow::Continue(())
    });
    assert_eq!(own, whole.iter().filter(|entry| entry.labels == stream).count());
}

#[test]
fn traces_come_newest_first_and_are_found_by_id() {
    let now = minutes(34);
    let hospital = hospital(Plan::calm(7), now);
    let (from, to) = (ns(minutes(5)), ns(minutes(33)));
    let mut all = Vec::new();
    hospital.traces(from, to, &mut |trace| {
        all.push(trace.clone());
        ControlFlow::Continue(())
    });
    assert!(all.len() > 100, "{}", all.len());
    let start = |at: usize| all[at].spans.iter().map(|span| span.start).min().expect("spans");
    assert!((1..all.len()).all(|at| start(at - 1) >= start(at)));
    let ids: BTreeSet<_> = all.iter().map(|trace| trace.id).collect();
    assert_eq!(ids.len(), all.len(), "each once");
    for trace in all.iter().step_by(37) {
        assert!(trace.spans.iter().any(|span| span.start <= to && span.end() >= from));
        assert_eq!(hospital.trace(trace.id).as_ref(), Some(trace));
    }
    assert_eq!(hospital.trace(plantao::model::TraceId(7)), None);
}

#[test]
fn a_fault_that_begins_now_changes_nothing_that_has_been() {
    let now = minutes(23);
    let ours = hospital(Plan::calm(7), now);
    let (from, to) = (start().timestamp_millis(), now.timestamp_millis());
    let before = bits(ours.series(&[], from, to));
    ours.toggle_fault(FaultKind::Thermal);
    assert_eq!(ours.plan().faults, [Fault::new(FaultKind::Thermal, now)]);
    assert_eq!(bits(ours.series(&[], from, to)), before);
    // The same hospital later, and one in which it never happened.
    let later = minutes(32);
    let read = |plan: Plan, until: i64| {
        let hospital = hospital(plan, later);
        bits(hospital.series(&[], from, until))
    };
    assert_eq!(read(ours.plan(), to), before, "seen from later");
    let state = named("mac_studio_temperature_celsius");
    let hottest = |plan: Plan| {
        let series = hospital(plan, later).series(&state, to, later.timestamp_millis());
        series.iter().flat_map(|series| &series.points).map(|point| point.v).fold(0.0, f64::max)
    };
    assert!(hottest(ours.plan()) > hottest(Plan::calm(7)) + 5.0);
    ours.toggle_fault(FaultKind::Thermal);
    assert_eq!(ours.plan().faults[0].end, Some(now), "mended");
}

#[test]
fn a_calm_day_fits_its_room_and_breaks_no_rule_of_the_law() {
    // From the last minutes of a day one sees all of it.
    let now = start() + TimeDelta::hours(24) - TimeDelta::seconds(5);
    let hospital = hospital(Plan::calm(7), now);
    let (from, to) = (start().timestamp_millis(), now.timestamp_millis());
    let mut total: BTreeMap<&str, f64> = BTreeMap::new();
    for name in [
        "anvisa_controlled_substance_dispensing_total",
        "anvisa_sngpc_reports_total",
        "medication_adverse_events_total",
        "anvisa_adverse_events_reported_total",
    ] {
        let series = hospital.series(&named(name), from, to);
        // Restarts during the day would make the sum of last values too small; this one has none there.
        let grown = |series: &Series| {
            let values = series.points.iter().map(|point| point.v).filter(|value| !value.is_nan());
            let (mut grown, mut before) = (0.0, 0.0);
            for value in values {
                grown += if value < before { value } else { value - before };
                before = value;
            }
            grown
        };
        total.insert(name, series.iter().map(grown).sum());
    }
    let of = |name: &str| total[name];
    let open = of("anvisa_controlled_substance_dispensing_total") - of("anvisa_sngpc_reports_total");
    assert!(
        of("anvisa_controlled_substance_dispensing_total") > 20.0 && (0.0..5.0).contains(&open),
        "{total:?}"
    );
    let events = of("medication_adverse_events_total");
    assert!(events > 0.0 && events == of("anvisa_adverse_events_reported_total"), "{total:?}");
    for (name, limit) in [("sus_bed_occupancy_rate_percent", 95.0), ("sus_average_length_of_stay_days", 10.0)]
    {
        let series = hospital.series(&named(name), from, to);
        let highest =
            series.iter().flat_map(|series| &series.points).map(|point| point.v).fold(0.0, f64::max);
        assert!(highest > 1.0 && highest < limit, "{name}: {highest}");
    }
    for (name, more) in [
        ("patient_records_accessed_total", "access_type=\"unauthorized\""),
        ("cfm_medical_record_integrity_checks_total", "integrity_status=\"failed\""),
        ("cfm_digital_signature_total", "signature_valid=\"false\""),
    ] {
        let series = hospital.series(&both(name, more), from, to);
        assert!(series.iter().flat_map(|series| &series.points).all(|point| point.v == 0.0), "{name}");
    }
    let bytes = hospital.sample_bytes();
    assert!(bytes < 15 << 20, "{bytes} bytes");
    assert!(bytes > 1 << 20, "{bytes} bytes: is the day there at all?");
}

#[test]
fn a_long_range_asked_twice_says_the_same() {
    // Two days and a half; the second time from what was kept of the first.
    let now = minutes(10);
    let hospital = hospital(Plan::calm(7), now);
    let (from, to) = ((now - TimeDelta::hours(49)).timestamp_millis(), now.timestamp_millis());
    let question = named("auth_attempts_total");
    let first = bits(hospital.series(&question, from, to));
    assert_eq!(bits(hospital.series(&question, from, to)), first);
    let recent = (now - TimeDelta::minutes(30)).timestamp_millis();
    let short = bits(hospital.series(&question, recent, to));
    for (labels, points) in short {
        let tail: Vec<_> = first[&labels].iter().filter(|(t, _)| *t >= recent).copied().collect();
        assert_eq!(points, tail, "{labels}");
    }
    let restarted = first
        .values()
        .any(|points| points.windows(2).any(|pair| f64::from_bits(pair[1].1) < f64::from_bits(pair[0].1)));
    assert!(restarted, "counters begin again each day");
}
