//! Evidence from the embedded hospital, gathered over HTTP; and a bundle of it, opened elsewhere.
// Tests may end by panicking: that is how they fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::TimeDelta;
use plantao::blackbox;
use plantao::bundle::{self, Limits, Verdict};
use plantao::client::Clients;
use plantao::clock::Clock;
use plantao::config::{Source, Sources};
use plantao::demo::{Fault, FaultKind, Plan};
use plantao::gather::{Budget, Calm, Gathered, MissingKind, Order, gather};
use plantao::model::ask::{Answer, Ask, Key};
use plantao::model::evidence::{Evidence, Period};
use plantao::model::{SourceKind, Time};
use plantao::pack::{self, Pack};
use plantao::runtime::embedded::{Embedded, Order as Place};

const AT: &str = "2026-11-20T17:30:00Z";

fn now() -> Time {
    AT.parse().expect("a time")
}

/// The shipped pack, its place begun a few hours ago only, so that it is soon there.
fn shipped() -> Arc<Pack> {
    static PACK: OnceLock<Arc<Pack>> = OnceLock::new();
    let make = || {
        let mut pack = pack::load("hospital", &[]).expect("the shipped pack");
        let demo = pack.demo.as_mut().expect("it has a place");
        demo.world.text = demo.world.text.replace("day_starts_h = 4", "day_starts_h = 12").into();
        Arc::new(pack)
    };
    PACK.get_or_init(make).clone()
}

struct Hospital {
    embedded: Embedded,
    runtime: tokio::runtime::Runtime,
}

/// Twelve minutes ago the machine became too hot.
fn hospital() -> &'static Hospital {
    static HOSPITAL: OnceLock<Hospital> = OnceLock::new();
    HOSPITAL.get_or_init(|| {
        let fault = Fault::new(FaultKind::Thermal, now() - TimeDelta::minutes(12));
        let plan = Plan { faults: vec![fault], ..Plan::calm(7) };
        let order = Place { pack: shipped(), plan, clock: Clock::Fixed(now()) };
        Hospital {
            embedded: order.open().expect("the hospital"),
            runtime: tokio::runtime::Runtime::new().expect("a runtime"),
        }
    })
}

fn order() -> Order {
    let mut order = Order::new(now(), "test");
    // A debug build on a busy machine is no measure of anything.
    order.budget.time = Duration::from_secs(600);
    order
}

fn gathered(sources: &Sources, order: &Order) -> Gathered {
    let place = hospital();
    let clients = Clients::with_clock(sources, Clock::Fixed(now()));
    place.runtime.block_on(gather(&clients, &shipped(), order))
}

/// What is gathered of the whole hospital, once.
fn whole() -> &'static Gathered {
    static WHOLE: OnceLock<Gathered> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let mut order = order();
        order.recorded = vec!["sum by (department) (active_medical_sessions)".into()];
        gathered(hospital().embedded.sources(), &order)
    })
}

#[test]
fn the_window_finds_itself_from_the_first_urgent_alert_and_calm_time_lies_before() {
    let manifest = &whole().evidence.manifest;
    let onset = now() - TimeDelta::minutes(12);
    assert!(manifest.window.start < onset && manifest.window.end == now(), "{manifest:?}");
    assert!(manifest.baselines.iter().all(|calm| calm.end < onset), "{manifest:?}");
    assert!(manifest.id.starts_with("INC-20261120"), "{}", manifest.id);
    let symptom = manifest.symptom.as_ref().expect("something fires");
    assert!(!symptom.component.is_empty() && !symptom.signal.is_empty(), "{symptom:?}");
}

#[test]
fn every_signal_is_there_by_component_and_level() {
    let evidence = &whole().evidence;
    let of = |name: &str, service: &str| {
        let mut all = evidence.series.iter().filter(|one| &*one.name == name);
        all.any(|one| one.labels.get("service") == Some(service) && one.samples.len() > 20)
    };
    assert!(of("thermal_state", "mac-studio"), "the exporter's other name is the machine");
    assert!(of("http_latency_p95_seconds", "medical-api"));
    assert!(of("ai_inference_latency_p95_seconds", "ai-engine"));
    assert!(evidence.series.iter().any(|one| one.name.ends_with("_mean")), "histograms nobody named");
    assert!(evidence.series.iter().all(|one| one.labels.get("service").is_some()));
    let services: BTreeSet<&str> = evidence.logs.iter().filter_map(|one| one.labels.get("service")).collect();
    assert!(services.len() >= 4, "{services:?}");
    assert!(evidence.logs.iter().all(|one| one.labels.get("level").is_some()));
    assert!(evidence.logs.iter().any(|one| one.trace_id.is_some()));
    assert!(evidence.alerts.iter().any(|one| &*one.name == "MacStudioThermalThrottling"));
    assert!(evidence.alerts.iter().all(|one| &*one.name != "Watchdog"), "what always fires is no evidence");
    assert!(evidence.edges.iter().any(|one| &*one.callee == "mac-studio"));
}

#[test]
fn spans_come_with_their_parents_by_searches_alone() {
    let evidence = &whole().evidence;
    let ids: BTreeSet<(&str, &str)> =
        evidence.spans.iter().map(|one| (&*one.trace_id, &*one.span_id)).collect();
    let children: Vec<_> = evidence.spans.iter().filter(|one| one.parent_id.is_some()).collect();
    assert!(children.len() > evidence.spans.len() / 3, "{} of {}", children.len(), evidence.spans.len());
    let orphans =
        children.iter().filter(|one| !ids.contains(&(&one.trace_id, one.parent_id.as_deref().unwrap())));
    assert_eq!(orphans.count(), 0);
    let traces: BTreeSet<&str> = evidence.spans.iter().map(|one| &*one.trace_id).collect();
    assert!(traces.len() > 200, "{}", traces.len());
    assert!(whole().requests < 120, "{} requests for {} traces", whole().requests, traces.len());
    let before = evidence.spans.iter().filter(|one| one.start < evidence.manifest.window.nanos().0).count();
    assert!(before > 100, "calm counterparts");
}

#[test]
fn nothing_of_a_patient_is_in_it() {
    let mut bytes = Vec::new();
    let evidence = &whole().evidence;
    let mut writer = bundle::Writer::new(&mut bytes, &evidence.manifest, None).expect("a writer");
    writer.evidence(evidence).expect("written");
    writer.finish().expect("sealed");
    let text = String::from_utf8(bytes).expect("text");
    for line in text.lines().take(20_000) {
        assert_eq!(*plantao::privacy::safe(line), *line, "masked already");
    }
}

#[test]
fn the_budget_of_requests_is_kept_and_what_is_left_out_is_said() {
    let mut order = order();
    order.budget.requests = 9;
    let few = gathered(hospital().embedded.sources(), &order);
    assert!(few.requests <= 9, "{}", few.requests);
    let heard = order.course.heard();
    assert!(heard.iter().all(|one| one.waiting == 0), "nothing is asked any more: {heard:?}");
    let ended: u32 = heard.iter().map(|one| one.ended).sum();
    assert!(
        ended as usize >= few.requests && heard.len() == 4,
        "what was sent has come to its end: {heard:?}"
    );
    assert!(few.missing.iter().any(|one| one.words.contains("budget of requests")), "{:?}", few.missing);
}

#[test]
fn a_time_that_is_over_is_said_and_ends_it() {
    let mut order = order();
    order.budget.time = Duration::ZERO;
    let none = gathered(hospital().embedded.sources(), &order);
    assert!(none.is_unreachable() && none.is_incomplete());
    assert!(none.missing.iter().any(|one| one.words.contains("longer than the time")), "{:?}", none.missing);
    assert_eq!(none.calm, Calm::Unknown);
}

#[test]
fn few_lines_and_traces_are_an_equal_share_of_every_stretch() {
    let mut order = order();
    (order.budget.lines, order.budget.traces) = (600, 64);
    let few = gathered(hospital().embedded.sources(), &order);
    assert!(
        few.missing.iter().any(|one| one.source == Some(SourceKind::Loki) && one.kind == MissingKind::Cut)
    );
    assert!(
        few.missing.iter().any(|one| one.source == Some(SourceKind::Tempo) && one.kind == MissingKind::Cut)
    );
    assert!(!few.is_incomplete(), "a cut is no failure");
    let window = few.evidence.manifest.window;
    let half = window.start + (window.end - window.start) / 2;
    let late = few.evidence.logs.iter().filter(|one| one.ts > half.timestamp_nanos_opt().unwrap()).count();
    assert!(late > 20, "{late}: the end of the window is not what is cut");
    let lines: BTreeSet<_> = few.evidence.logs.iter().map(|one| (one.ts, &one.labels, &one.line)).collect();
    assert_eq!(lines.len(), few.evidence.logs.len(), "none twice");
}

#[test]
fn dead_servers_are_missing_and_the_rest_is_there() {
    let nobody: url::Url = "http://127.0.0.1:9".parse().expect("an address");
    let mut sources = hospital().embedded.sources().clone();
    sources.tempo = Some(Source::at(nobody.clone()));
    sources.loki = None;
    let some = gathered(&sources, &order());
    assert!(some.is_incomplete() && !some.is_unreachable());
    let of = |kind: SourceKind| {
        some.missing.iter().filter(move |one| one.source == Some(kind)).collect::<Vec<_>>()
    };
    assert_eq!(of(SourceKind::Tempo).len(), 1, "once, however often it was asked: {:?}", some.missing);
    assert_eq!(of(SourceKind::Tempo)[0].kind, MissingKind::Failed);
    assert_eq!(of(SourceKind::Loki)[0].kind, MissingKind::Unconfigured);
    assert!(!some.evidence.series.is_empty() && some.evidence.spans.is_empty());
    let dead = Sources {
        prometheus: Some(Source::at(nobody.clone())),
        loki: Some(Source::at(nobody)),
        ..Sources::default()
    };
    assert!(gathered(&dead, &order()).is_unreachable());
}

/// Asks a place behind servers.
fn ask(clients: &Clients, ask: &Ask) -> Answer {
    hospital().runtime.block_on(clients.ask(ask)).unwrap_or_else(|fault| panic!("{ask:?}: {fault}")).answer
}

/// The evidence written, verified, read again and served.
fn opened() -> (Evidence, Clients, plantao::demo::Running) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.jsonl.zst");
    bundle::write_file(&path, &whole().evidence, Some(b"0123456789abcdef")).expect("written");
    let verdict = bundle::verify_file(&path, Some(b"0123456789abcdef"), &Limits::default()).expect("read");
    assert!(matches!(verdict, Verdict::Holds { .. }), "{verdict:?}");
    let reading = bundle::read_file(&path, &Limits::default()).expect("read");
    assert!(reading.report.is_whole() && reading.sealed);
    let mut bytes = std::fs::read(&path).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).expect("written");
    let flipped = bundle::verify_file(&path, None, &Limits::default());
    assert!(!matches!(flipped, Ok(Verdict::Holds { .. })), "one byte: {flipped:?}");
    let running = blackbox::serve(&reading.evidence, &shipped()).expect("it listens");
    let at = |url: &str| {
        Some(Source { timeout: Duration::from_secs(60), ..Source::at(url.parse().expect("a URL")) })
    };
    let sources = Sources {
        prometheus: at(&running.urls.prometheus),
        alertmanager: at(&running.urls.alertmanager),
        loki: at(&running.urls.loki),
        tempo: at(&running.urls.tempo),
        grafana: None,
        exposition: Vec::new(),
    };
    let clients = Clients::with_clock(&sources, Clock::Fixed(reading.evidence.manifest.window.end));
    (reading.evidence, clients, running)
}

#[test]
fn a_bundle_answers_as_the_servers_did() {
    let live = Clients::with_clock(hospital().embedded.sources(), Clock::Fixed(now()));
    let (evidence, box_, _running) = opened();
    assert_eq!(evidence.manifest, whole().evidence.manifest);
    let window = evidence.manifest.window;
    let start = window.start + TimeDelta::seconds(60);
    // What a page asks.
    let instant =
        |at: Time| Ask::Instant { query: "sum by (department) (active_medical_sessions)".into(), at };
    for at in [window.end - TimeDelta::seconds(30), start] {
        let of = |clients: &Clients| match ask(clients, &instant(at)) {
            Answer::Vector(all) => {
                let mut all: Vec<_> =
                    all.into_iter().map(|one| (one.labels.to_string(), one.value)).collect();
                all.sort_by(|a, b| a.0.cmp(&b.0));
                all
            }
            other => panic!("{other:?}"),
        };
        let (here, there) = (of(&box_), of(&live));
        assert_eq!(here.len(), 4);
        for ((name, here), (other, there)) in here.iter().zip(&there) {
            assert_eq!(name, other);
            assert!((here - there).abs() <= 2.0, "{name}: {here} {there}: at most a step older");
        }
    }
    // Lines, whole.
    let key = Key::Logs { query: "{level=~\"error|critical\"}".into(), limit: 5000, forward: true };
    let lines =
        |clients: &Clients| match ask(clients, &Ask::Window { key: key.clone(), start, end: window.end }) {
            Answer::Logs(page) => {
                page.entries.iter().map(|one| (one.ts, one.line.clone())).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
    assert!(!lines(&box_).is_empty());
    assert_eq!(lines(&box_), lines(&live));
    // Traces that failed, by search and by id.
    let key = Key::Traces { query: "{status = error}".into(), limit: 500, spans: 3 };
    let traces =
        |clients: &Clients| match ask(clients, &Ask::Window { key: key.clone(), start, end: window.end }) {
            Answer::Traces(list) => list.hits.iter().map(|hit| (hit.id, hit.duration)).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
    let failed = traces(&box_);
    assert!(!failed.is_empty());
    assert_eq!(failed, traces(&live));
    let Answer::Trace(doc) = ask(&box_, &Ask::Plain(Key::Trace(failed[0].0))) else { panic!("a trace") };
    let Answer::Trace(other) = ask(&live, &Ask::Plain(Key::Trace(failed[0].0))) else { panic!("a trace") };
    assert_eq!(doc.trace.spans.len(), other.trace.spans.len());
    // Alerts of the past.
    let alerts = |clients: &Clients| match ask(
        clients,
        &Ask::Instant { query: "ALERTS{alertstate=\"firing\"}".into(), at: window.end },
    ) {
        Answer::Vector(all) => all
            .iter()
            .filter_map(|one| one.labels.get("alertname").map(str::to_owned))
            .collect::<BTreeSet<_>>(),
        other => panic!("{other:?}"),
    };
    let mut there = alerts(&live);
    there.remove("Watchdog");
    assert_eq!(alerts(&box_), there);
}

#[test]
fn a_bundle_opened_elsewhere_shows_the_same_findings_byte_for_byte() {
    use plantao::explore::incident::{Circumstances, Found};
    use plantao::export::incident::records;
    use plantao::runtime::investigate::analyse;
    let found = |evidence: Evidence| {
        let analysis = analyse(&evidence, &shipped(), true);
        Found::new(Arc::new(evidence), analysis, Circumstances::default(), now())
    };
    let here = found(whole().evidence.clone());
    let mut saved = whole().evidence.clone();
    saved.others.extend(records(&here.analysis, &here));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.jsonl");
    bundle::write_file(&path, &saved, None).expect("written");
    let reading = bundle::read_file(&path, &Limits::default()).expect("read");
    let kept: Vec<_> =
        reading.evidence.others.iter().filter(|one| &*one.kind == "finding").cloned().collect();
    let there = found(plantao::privacy::safe_evidence(reading.evidence));
    assert_eq!(records(&there.analysis, &there), kept);
    assert!(kept.len() > 1, "something was found: {kept:?}");
}

#[test]
fn the_hot_machine_is_found_first() {
    use plantao::explore::incident::Verdict;
    use plantao::runtime::investigate::analyse;
    let analysis = analyse(&whole().evidence, &shipped(), false);
    assert_eq!(analysis.verdict, Verdict::Culprit);
    assert_eq!(analysis.causes[0].component, "mac-studio", "{:?}", analysis.causes);
}

#[test]
fn a_window_that_nothing_is_kept_of_and_one_that_reaches_beyond_now_are_said() {
    let mut order = order();
    order.budget = Budget { series: 20, lines: 500, traces: 50, ..order.budget };
    let of = |from: i64, to: i64| Period {
        start: now() + TimeDelta::minutes(from),
        end: now() + TimeDelta::minutes(to),
    };
    order.window = Some(of(-15, 30));
    let beyond = gathered(hospital().embedded.sources(), &order);
    assert_eq!(beyond.evidence.manifest.window.end, now());
    assert!(beyond.missing.iter().any(|one| one.words.contains("into the future")), "{:?}", beyond.missing);
    assert!(!beyond.is_incomplete(), "nothing failed");
    // A server that keeps two minutes, and one that keeps nothing.
    let keeps = |values: &str| {
        let body = format!(
            "{{\"status\":\"success\",\"data\":{{\"resultType\":\"matrix\",\"result\":[{values}]}}}}"
        );
        hospital().runtime.block_on(async {
            let server = wiremock::MockServer::start().await;
            let answer = wiremock::ResponseTemplate::new(200).set_body_raw(body, "application/json");
            wiremock::Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&server).await;
            server
        })
    };
    order.window = Some(of(-60 * 24, 0));
    let at = now().timestamp();
    let late = format!("{{\"metric\":{{\"job\":\"a\"}},\"values\":[[{},\"1\"],[{at},\"2\"]]}}", at - 60);
    for (values, words) in [(late.as_str(), "has series from "), ("", "has no series of that time")] {
        let server = keeps(values);
        let source = Source::at(server.uri().parse().expect("an address"));
        let sources = Sources { prometheus: Some(source), ..Sources::default() };
        let some = gathered(&sources, &order);
        assert!(some.missing.iter().any(|one| one.words.contains(words)), "{:?}", some.missing);
    }
}

/// The moment at which the machine's own state leaves "nominal", as its exporter tells it.
fn onset() -> Time {
    let live = Clients::with_clock(hospital().embedded.sources(), Clock::Fixed(now()));
    let fault = now() - TimeDelta::minutes(12);
    let query = "max(mac_studio_thermal_state)".into();
    let Answer::Matrix(series) = ask(&live, &Ask::Range { query, start: fault, end: now(), step_s: 5 })
    else {
        panic!("a matrix")
    };
    let hot = series[0].points.iter().find(|point| point.v >= 1.0).expect("it becomes hot");
    Time::from_timestamp_millis(hot.t).expect("a moment")
}

#[test]
fn a_minute_after_the_machine_became_hot_it_is_first_and_the_engine_and_the_api_follow_from_it() {
    use plantao::runtime::investigate::analyse;
    let fault = now() - TimeDelta::minutes(12);
    let then = onset() + TimeDelta::seconds(60);
    // The fault grows for 80 s, and metal has a heat capacity: before that there is nothing to be seen.
    assert!((then - fault).num_seconds() < 300, "{then}");
    // A place whose clock stands there: nobody in it knows what comes later.
    let plan = Plan { faults: vec![Fault::new(FaultKind::Thermal, fault)], ..Plan::calm(7) };
    let place = Place { pack: shipped(), plan, clock: Clock::Fixed(then) }.open().expect("the hospital");
    let mut order = Order { now: then, ..order() };
    order.window = Some(Period { start: then - TimeDelta::minutes(5), end: then });
    let clients = Clients::with_clock(place.sources(), Clock::Fixed(then));
    let evidence = hospital().runtime.block_on(gather(&clients, &shipped(), &order)).evidence;
    let analysis = analyse(&evidence, &shipped(), false);
    let told: Vec<_> = analysis
        .causes
        .iter()
        .map(|one| (one.component.as_str(), one.kind.as_str(), one.confidence, &one.downstream_of))
        .collect();
    assert_eq!(told[0].0, "mac-studio", "{told:?}");
    for service in ["ai-engine", "medical-api"] {
        let one = told.iter().find(|one| one.0 == service);
        assert!(one.is_some_and(|one| one.3.iter().any(|of| of == "mac-studio")), "{service}: {told:?}");
    }
}

#[test]
fn a_window_of_ones_own_is_taken_as_it_is() {
    let mut order = order();
    let window = Period { start: now() - TimeDelta::minutes(40), end: now() - TimeDelta::minutes(30) };
    order.window = Some(window);
    order.components = vec!["medical-api".to_owned()];
    order.budget = Budget { series: 20, lines: 500, traces: 50, ..order.budget };
    let past = gathered(hospital().embedded.sources(), &order);
    assert_eq!(past.evidence.manifest.window, window);
    assert_eq!(
        past.evidence.manifest.symptom.as_ref().map(|one| one.component.as_str()),
        Some("medical-api")
    );
    assert_eq!(past.calm, Calm::Quiet, "{:?}", past.evidence.manifest.baselines);
    let starts = past.evidence.changes.iter().all(|one| one.at <= window.end);
    assert!(starts, "{:?}", past.evidence.changes);
}

#[test]
fn changes_of_every_origin_are_evidence_around_the_window_alone() {
    use plantao::model::Labels;
    use plantao::model::evidence::ChangeRecord;
    let place = hospital();
    let onset = now() - TimeDelta::minutes(12);
    let annotation = |minutes: i64, text: &str, tags: &str| {
        let ms = (onset + TimeDelta::minutes(minutes)).timestamp_millis();
        format!("{{\"id\":1,\"time\":{ms},\"timeEnd\":{ms},\"text\":\"{text}\",\"tags\":{tags}}}")
    };
    let body = format!(
        "[{},{},{}]",
        annotation(-1, "model 1.3 for 529.982.247-25", r#"["deploy","service:ai-engine"]"#),
        annotation(1, "", r#"["fan 2 replaced"]"#),
        annotation(-60 * 24, "last night", "null"),
    );
    let with = |body: wiremock::ResponseTemplate| {
        place.runtime.block_on(async {
            let server = wiremock::MockServer::start().await;
            wiremock::Mock::given(wiremock::matchers::path("/api/annotations"))
                .and(wiremock::matchers::query_param("type", "annotation"))
                .respond_with(body)
                .mount(&server)
                .await;
            server
        })
    };
    let server = with(wiremock::ResponseTemplate::new(200).set_body_raw(body, "application/json"));
    let mut sources = place.embedded.sources().clone();
    sources.grafana = Some(Source::at(server.uri().parse().expect("an address")));
    let note = |minutes: i64, title: &str| ChangeRecord {
        at: onset + TimeDelta::minutes(minutes),
        title: title.to_owned(),
        labels: Labels::new([("service", "mac-studio")]),
    };
    let mut order = order();
    order.budget = Budget { series: 20, lines: 500, traces: 50, ..order.budget };
    order.noted = vec![note(-2, "fan curve lowered"), note(-60 * 24, "yesterday")];
    let found = gathered(&sources, &order);
    let titles: Vec<(&str, Option<&str>)> =
        found.evidence.changes.iter().map(|one| (one.title.as_str(), one.labels.get("service"))).collect();
    assert!(titles.contains(&("fan curve lowered", Some("mac-studio"))), "{titles:?}");
    assert!(titles.contains(&("fan 2 replaced", None)), "its tags are its text: {titles:?}");
    let model = titles.iter().find(|(title, _)| title.starts_with("model 1.3 for ")).expect("the deploy");
    assert!(model.1 == Some("ai-engine") && model.0.contains("cpf:"), "{model:?}");
    assert!(titles.iter().all(|(title, _)| !matches!(*title, "yesterday" | "last night")), "{titles:?}");
    let moments: Vec<Time> = found.evidence.changes.iter().map(|one| one.at).collect();
    assert!(moments.is_sorted());
    assert!(found.evidence.others.iter().any(|one| one.json.contains("\"source\":\"grafana\"")));
    // What is no list of annotations is said, and nothing else is lost.
    for bad in [
        wiremock::ResponseTemplate::new(200).set_body_raw("<html>sign in</html>", "text/html"),
        wiremock::ResponseTemplate::new(401)
            .set_body_raw(r#"{"message":"Invalid API key"}"#, "application/json"),
        wiremock::ResponseTemplate::new(200).set_body_raw(r#"[{"text":"when?"}]"#, "application/json"),
    ] {
        let server = with(bad);
        sources.grafana = Some(Source::at(server.uri().parse().expect("an address")));
        let some = gathered(&sources, &order);
        let said: Vec<_> =
            some.missing.iter().filter(|one| one.source == Some(SourceKind::Grafana)).collect();
        assert_eq!(said.len(), 1, "{:?}", some.missing);
        assert!(some.is_incomplete() && said[0].words.contains("grafana"), "{said:?}");
        assert!(some.evidence.changes.iter().any(|one| one.title == "fan curve lowered"));
    }
}

#[test]
fn what_follows_from_the_machine_is_explained_by_it_and_has_no_playbook_of_its_own() {
    use plantao::runtime::investigate::analyse;
    let analysis = analyse(&whole().evidence, &shipped(), false);
    let first = &analysis.causes[0];
    assert_eq!((first.component.as_str(), first.title.as_str()), ("mac-studio", "Mac Studio"));
    assert_eq!(first.playbooks.first().map(String::as_str), Some("thermal"), "{first:?}");
    assert!(first.advice.iter().any(|one| one.contains("cooling")), "{:?}", first.advice);
    assert_eq!(analysis.recommendations, first.advice);
    for cause in analysis.causes.iter().filter(|cause| !cause.downstream_of.is_empty()) {
        assert!(cause.playbooks.is_empty() && cause.advice.is_empty(), "{cause:?}");
    }
    for service in ["ai-engine", "medical-api"] {
        let cause = analysis.causes.iter().find(|cause| cause.component == service).expect(service);
        assert!(cause.downstream_of.iter().any(|one| one == "mac-studio"), "{cause:?}");
    }
}
