//! Queries, rules, targets, names.

use plantao::model::ask::{Answer, Ask, Key, TargetHealth};
use plantao::model::{FaultKind, RuleHealth, Sample, Series, SourceId};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::replay::{ask_one, everything, instant, replay, time};

async fn vector(name: &str) -> Vec<Sample> {
    match ask_one(name, instant("up")).await.expect("an answer").answer {
        Answer::Vector(all) => all,
        other => panic!("{other:?}"),
    }
}

async fn matrix(name: &str) -> Vec<Series> {
    let ask = Ask::Range {
        query: "up".into(),
        start: time("2026-11-22T05:01:36Z"),
        end: time("2026-11-22T05:11:36Z"),
        step_s: 15,
    };
    match ask_one(name, ask).await.expect("an answer").answer {
        Answer::Matrix(all) => all,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_instant_vector_keeps_labels_values_and_time() {
    let all = vector("prometheus_query_vector").await;
    assert_eq!(all.len(), 13);
    assert_eq!(all.iter().filter(|sample| sample.value == 1.0).count(), 12);
    let down = all.iter().find(|sample| sample.value == 0.0).expect("one is down");
    assert_eq!(down.labels.to_string(), r#"up{instance="127.0.0.1:9999", job="down-on-purpose"}"#);
    assert_eq!(down.at, time("2026-11-22T05:11:36.027Z"));
}

#[tokio::test]
async fn nan_and_infinities_are_values() {
    let all = vector("prometheus_query_nan_inf").await;
    assert_eq!(all.len(), 2);
    assert!(all[0].value.is_nan() && all[0].labels.is_empty());
    assert_eq!((all[1].value, all[1].labels.get("s")), (f64::NEG_INFINITY, Some("neg")));
}

#[tokio::test]
async fn a_scalar_is_one_sample_and_nothing_is_nothing() {
    let all = vector("prometheus_query_scalar").await;
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].value, all[0].labels.len()), (2.0, 0));
    assert_eq!(vector("prometheus_query_empty").await, []);
}

#[tokio::test]
async fn a_string_is_no_answer_to_a_query_for_numbers() {
    let fault = ask_one("prometheus_query_string", instant("\"x\"")).await.expect_err("no numbers");
    assert_eq!(fault.kind, FaultKind::BadQuery);
}

#[tokio::test]
async fn series_keep_every_point() {
    let Answer::Matrix(all) =
        ask_one("prometheus_query_matrix", instant("up[30s]")).await.expect("an answer").answer
    else {
        panic!("not a matrix")
    };
    assert_eq!((all.len(), all[0].points.len(), all[2].points.len()), (13, 6, 30));
    assert_eq!((all[0].points[0].t, all[0].points[5].t), (1_795_324_270_170, 1_795_324_295_170));

    let cpu = matrix("prometheus_range_cpu").await;
    assert_eq!((cpu.len(), cpu[0].points.len()), (2, 41));
    assert_eq!(cpu[0].labels.get("core_type"), Some("efficiency"));
    assert_eq!((cpu[0].points[0].v, cpu[0].points[1].v, cpu[0].points[40].v), (35.37, 28.94, 81.28));
    assert_eq!((cpu[0].points[0].t, cpu[0].points[40].t), (1_795_323_696_024, 1_795_324_296_024));

    let p95 = matrix("prometheus_range_quantile").await;
    assert_eq!(p95[0].labels.to_string(), r#"{model_name="facenet"}"#);
    assert_eq!(p95[0].points[40].v, 4.810_769_230_769_23);

    // A series that begins late has fewer points, not zeros.
    let alerts = matrix("prometheus_range_alerts").await;
    assert_eq!((alerts.len(), alerts[0].points.len(), alerts[3].points.len()), (14, 7, 2));
}

#[tokio::test]
async fn a_query_goes_as_a_form_with_its_moments() {
    let server = replay(&["prometheus_query_vector", "prometheus_range_cpu"]).await;
    let clients = everything(&server);
    let long = format!("up{{job=~\"{}\"}}", "x|".repeat(5000));
    clients.ask(&instant(&long)).await.expect("an answer");
    let range = Ask::Range {
        query: "a + b".into(),
        start: time("2026-11-22T05:01:30Z"),
        end: time("2026-11-22T05:11:30Z"),
        step_s: 15,
    };
    clients.ask(&range).await.expect("an answer");
    let requests = server.received_requests().await.expect("recorded");
    let form = |at: usize| -> Vec<(String, String)> {
        url::form_urlencoded::parse(&requests[at].body).into_owned().collect()
    };
    assert!(
        requests.iter().all(|request| request.method.as_str() == "POST" && request.url.query().is_none())
    );
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(form(0), [pair("query", &long), pair("time", "1795324296.027")]);
    assert_eq!(
        form(1),
        [pair("query", "a + b"), pair("start", "1795323690"), pair("end", "1795324290"), pair("step", "15")]
    );
}

#[tokio::test]
async fn a_bad_query_is_told_in_prometheuss_words() {
    for (name, status, words) in [
        ("prometheus_query_bad", 400, "1:6: parse error: unclosed left parenthesis"),
        ("prometheus_query_many_to_many", 422, "many-to-many matching not allowed"),
        ("prometheus_range_too_many_points", 400, "exceeded maximum resolution of 11,000 points"),
    ] {
        let ask = match name {
            "prometheus_range_too_many_points" => Ask::Range {
                query: "up".into(),
                start: time("2026-10-23T05:11:36Z"),
                end: time("2026-11-22T05:11:36Z"),
                step_s: 1,
            },
            _ => instant("rate("),
        };
        let fault = ask_one(name, ask).await.expect_err("a bad query");
        assert_eq!((fault.kind, fault.status), (FaultKind::BadQuery, Some(status)), "{name}");
        // The longest of them is cut at 200 characters.
        let head = words.split(" not ").next().expect("words");
        assert!(fault.detail.contains(head) || fault.detail.ends_with('…'), "{name}: {}", fault.detail);
        assert!(!fault.kind.is_transient());
    }
}

#[tokio::test]
async fn rules_keep_alerting_rules_with_their_elements() {
    let Answer::Rules(groups) =
        ask_one("prometheus_rules", Ask::Plain(Key::Rules)).await.expect("an answer").answer
    else {
        panic!("not rules")
    };
    let shape: Vec<(&str, &str, f64, usize)> =
        groups.iter().map(|g| (&*g.name, &*g.file, g.interval_s, g.rules.len())).collect();
    assert_eq!(
        shape,
        [
            ("demo", "/etc/prometheus/rules/demo.yml", 1.0, 3),
            ("medical_records_alerts", "/etc/prometheus/rules/hospital.yml", 5.0, 5)
        ]
    );
    let watchdog = &groups[0].rules[0];
    assert_eq!((&*watchdog.name, &*watchdog.query, watchdog.hold_s), ("Watchdog", "vector(1)", 0.0));
    // "1e+00" on the wire.
    assert_eq!((watchdog.active[0].value, watchdog.active[0].firing), (1.0, true));
    assert_eq!(watchdog.last_evaluation, Some(time("2026-11-22T05:11:35.646466862Z")));
    let pending = &groups[0].rules[2];
    assert_eq!((pending.hold_s, pending.active[0].firing), (86_400.0, false));
    assert_eq!(pending.active[0].active_at, time("2026-11-22T04:56:14.644386996Z"));
    let latency = &groups[1].rules[1];
    assert_eq!(latency.active.len(), 3);
    assert_eq!(latency.active[0].value, 9.7125);
    assert_eq!(
        latency.active[0].annotations.get("description"),
        Some("medgemma-4b inference latency: 9.7125s")
    );
    assert_eq!(
        latency.annotations.get("description"),
        Some("{{ $labels.model_name }} inference latency: {{ $value }}s")
    );
    let down = &groups[1].rules[0];
    assert_eq!((down.labels.get("severity"), down.active.len()), (Some("critical"), 0));
    assert!(groups.iter().flat_map(|g| &g.rules).all(|rule| rule.health == RuleHealth::Ok));
}

#[tokio::test]
async fn targets_labels_values_and_metadata() {
    let server = replay(&[
        "prometheus_targets",
        "prometheus_labels",
        "prometheus_label_values_department",
        "prometheus_metadata",
        "prometheus_buildinfo",
    ])
    .await;
    let clients = everything(&server);
    let ask = async |key: Key| clients.ask(&Ask::Plain(key)).await.expect("an answer").answer;

    let Answer::Targets(targets) = ask(Key::Targets).await else { panic!("not targets") };
    assert_eq!(targets.len(), 13);
    let down: Vec<_> = targets.iter().filter(|target| target.health == TargetHealth::Down).collect();
    assert_eq!(down.len(), 1);
    assert_eq!((&*down[0].job, &*down[0].instance), ("down-on-purpose", "127.0.0.1:9999"));
    assert!(down[0].last_error.ends_with("connect: connection refused"));
    assert_eq!(targets[0].last_scrape, Some(time("2026-11-22T05:11:35.643249084Z")));

    let Answer::Names(names) = ask(Key::LabelNames).await else { panic!("not names") };
    assert_eq!((names.len(), &*names[1]), (125, "__name__"));
    let Answer::Names(values) = ask(Key::LabelValues("department".into())).await else { panic!("not names") };
    assert_eq!(
        values.iter().map(|v| &**v).collect::<Vec<_>>(),
        ["cardiology", "emergency", "icu", "surgery"]
    );

    let Answer::Metadata(all) = ask(Key::Metadata).await else { panic!("not metadata") };
    assert_eq!(all.len(), 20);
    assert_eq!(&*all[0].metric, "alertmanager_nflog_snapshot_duration_seconds");
    assert_eq!(
        (&*all[0].kind, &*all[0].help),
        ("summary", "Duration of the last notification log snapshot.")
    );
    assert!(all.is_sorted_by(|a, b| a.metric < b.metric));

    let Answer::About(about) = ask(Key::BuildInfo(SourceId::PROMETHEUS)).await else { panic!("not about") };
    assert_eq!(&*about.version, "2.42.0+ds");
}

#[tokio::test]
async fn external_labels_come_from_the_configuration() {
    let server = MockServer::start().await;
    let yaml = "global:\\n  scrape_interval: 15s\\n  external_labels:\\n    cluster: medical-records-local\\n    hospital: real-portuguese\\nrule_files:\\n- a.yml\\n";
    Mock::given(path("/prefix/api/v1/status/config"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(
            format!(r#"{{"status":"success","data":{{"yaml":"{yaml}"}}}}"#),
            "application/json",
        ))
        .mount(&server)
        .await;
    let answered = everything(&server).ask(&Ask::Plain(Key::ExternalLabels)).await.expect("an answer");
    let Answer::ExternalLabels(labels) = answered.answer else { panic!("not labels") };
    assert_eq!(labels.to_string(), r#"{cluster="medical-records-local", hospital="real-portuguese"}"#);
}

#[tokio::test]
async fn exemplars_lead_to_their_traces() {
    let (start, end) = (time("2026-11-22T05:06:36.024Z"), time("2026-11-22T05:11:36.024Z"));
    let ask = Ask::Window { key: Key::Exemplars("traces_spanmetrics_latency_bucket".into()), start, end };
    let Answer::Exemplars(all) = ask_one("prometheus_exemplars", ask).await.expect("an answer").answer else {
        panic!("no exemplars")
    };
    assert!(all.len() > 1000, "{}", all.len());
    assert!(all.iter().all(|one| one.trace.is_some() && start <= one.at && one.at <= end));
    assert!(all.is_sorted_by_key(|one| one.at));
    let short = all.iter().find(|one| one.labels.get("traceID") == Some("1a88bf45ee10a95d075b8b4b6e5d7eb"));
    let one = short.expect("an id without its leading zero");
    assert_eq!(one.trace.map(|id| id.to_string()).as_deref(), Some("01a88bf45ee10a95d075b8b4b6e5d7eb"));
    assert_eq!((one.value, one.at), (0.015_521_024, time("2026-11-22T05:06:36.116Z")));
    assert_eq!(one.series.get("span_name"), Some("medical_operation.read_record"));
}
