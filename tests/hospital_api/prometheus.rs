//! Prometheus's API: the shapes of captures, and the console's own client on top.

use plantao::client::Clients;
use plantao::clock::Clock;
use plantao::config::{Source, Sources};
use plantao::demo::servers::Place;
use plantao::model::ask::{Answer, Ask, Key, TargetHealth};
use plantao::model::{RuleHealth, SourceId, SourceKind};
use serde_json::Value;

use crate::fixture::{RULES, START_MS, busy, serve};
use crate::shape::{self, capture};
use crate::support::http;

/// Captures whose shape ours must have, and what may differ and why.
const CAPTURES: &[(&str, Option<&str>, &[&str])] = &[
    ("prometheus_query_vector", None, &[]),
    ("prometheus_query_matrix", None, &[]),
    ("prometheus_query_scalar", None, &[]),
    ("prometheus_query_string", None, &[]),
    ("prometheus_query_empty", None, &[]),
    ("prometheus_query_bad", None, &[]),
    ("prometheus_query_many_to_many", None, &[]),
    ("prometheus_query_nan_inf", None, &[]),
    ("prometheus_range_alerts", None, &[]),
    ("prometheus_range_cpu", Some("load"), &[]),
    ("prometheus_range_quantile", Some("sum by (department) (load)"), &[]),
    ("prometheus_range_too_many_points", None, &[]),
    ("prometheus_labels", None, &[]),
    ("prometheus_label_values_department", None, &[]),
    ("prometheus_series", Some("load"), &[]),
    ("prometheus_metadata", None, &[]),
    // The capture has a recording rule; ours has alerts that fire in both groups.
    ("prometheus_rules", None, &[]),
    ("prometheus_alerts", None, &[]),
    ("prometheus_targets", None, &[]),
    ("prometheus_buildinfo", None, &[]),
    ("prometheus_tsdb", None, &[]),
    ("prometheus_exemplars", Some("rate(wait_seconds_bucket[5m])"), &[]),
];

#[test]
fn answers_have_the_shape_of_the_real_ones() {
    let place = busy();
    place.tick(60);
    let running = serve(&place, RULES);
    let now = START_MS + 60 * 15_000;
    for (name, query, but) in CAPTURES {
        let real = capture(name);
        let query: Vec<(String, String)> = real
            .query
            .iter()
            .map(|(key, value)| {
                let value = match (key.as_str(), query) {
                    ("query" | "match[]", Some(query)) => (*query).to_owned(),
                    ("start", _) if !name.contains("too_many") => format!("{}", now / 1000 - 600),
                    ("end", _) if !name.contains("too_many") => format!("{}", now / 1000),
                    _ => value.clone(),
                };
                (key.clone(), value)
            })
            .collect();
        let pairs: Vec<(&str, &str)> = query.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let url = http::address(&running.urls.prometheus, &real.path, &pairs);
        let (status, body) = http::get(&url).unwrap();
        assert_eq!(status, real.status, "{name}: {body}");
        let (ours, theirs): (Value, Value) =
            (serde_json::from_str(&body).unwrap(), serde_json::from_str(&real.answer).unwrap());
        assert_eq!(shape::difference(&ours, &theirs, but), Vec::<String>::new(), "{name}: {body}");
        assert_eq!(ours["errorType"], theirs["errorType"], "{name}");
        if name.contains("too_many") || name.contains("bad") {
            assert_eq!(ours["error"], theirs["error"], "{name}");
        }
    }
}

#[test]
fn a_form_is_as_good_as_a_query() {
    let place = busy();
    let running = serve(&place, RULES);
    let url = format!("{}/api/v1/query?query=2", running.urls.prometheus);
    let answer = http::wait_for(async {
        let request = http::client().post(&url).header("content-type", "application/x-www-form-urlencoded");
        request
            .body(format!("query=1%2B2&time={}", START_MS / 1000))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    });
    assert_eq!(
        answer,
        format!(
            r#"{{"status":"success","data":{{"resultType":"scalar","result":[{},"3"]}}}}"#,
            START_MS / 1000
        )
    );
}

fn clients(prometheus: &str, alertmanager: &str, clock: Clock) -> Clients {
    // The one provider of cryptography that the clients need.
    let _ = http::client();
    let source = |url: &str| Some(Source::at(url.parse().unwrap()));
    let sources =
        Sources { prometheus: source(prometheus), alertmanager: source(alertmanager), ..Sources::default() };
    Clients::with_clock(&sources, clock)
}

#[test]
fn the_consoles_own_client_reads_every_answer() {
    let place = busy();
    place.tick(60);
    let running = serve(&place, RULES);
    let clients =
        clients(&running.urls.prometheus, &running.urls.alertmanager, Clock::Fixed(Place::now(&*place)));
    let ask = |ask: Ask| {
        let answered = http::wait_for(clients.ask(&ask)).unwrap_or_else(|fault| panic!("{ask:?}: {fault:?}"));
        assert_eq!(answered.warnings, Vec::<String>::new(), "{ask:?}");
        answered.answer
    };
    let plain = |key: Key| ask(Ask::Plain(key));
    let Answer::Rules(groups) = plain(Key::Rules) else { panic!("rules") };
    assert_eq!(groups.iter().map(|group| &*group.name).collect::<Vec<_>>(), ["load", "machines"]);
    let high = &groups[0].rules[1];
    assert_eq!((&*high.name, high.hold_s, high.health.clone()), ("HighLoad", 60.0, RuleHealth::Ok));
    assert_eq!(high.active.len(), 2);
    assert!(high.active.iter().all(|alert| alert.firing && alert.value == 9.5));
    assert_eq!(high.active[0].annotations.get("description"), Some("load 9.5"));
    let Answer::Targets(targets) = plain(Key::Targets) else { panic!("targets") };
    assert_eq!(
        targets.iter().map(|target| target.health).collect::<Vec<_>>(),
        [TargetHealth::Up, TargetHealth::Down, TargetHealth::Unknown]
    );
    assert_eq!(targets[2].last_scrape, None);
    let Answer::ExternalLabels(external) = plain(Key::ExternalLabels) else { panic!("labels") };
    assert_eq!(external.get("hospital"), Some("real-portuguese"));
    let Answer::Names(names) = plain(Key::LabelNames) else { panic!("names") };
    assert!(["alertname", "alertstate", "department"].iter().all(|name| names.iter().any(|n| &**n == *name)));
    let Answer::Names(values) = plain(Key::LabelValues("department".into())) else { panic!("values") };
    assert_eq!(values.iter().map(|value| &**value).collect::<Vec<_>>(), ["all", "icu", "surgery"]);
    let Answer::Metadata(metadata) = plain(Key::Metadata) else { panic!("metadata") };
    assert_eq!((metadata.len(), &*metadata[1].kind), (2, "histogram"));
    let Answer::Alerts(alerts) = plain(Key::Alerts) else { panic!("alerts") };
    assert!(alerts.iter().all(|alert| alert.labels.get("cluster") == Some("medical-records-local")));
    assert!(matches!(plain(Key::Silences), Answer::Silences(all) if all.is_empty()));
    for kind in [SourceKind::Prometheus, SourceKind::Alertmanager] {
        plain(Key::BuildInfo(SourceId::Server(kind)));
        plain(Key::Ready(SourceId::Server(kind)));
    }
    let end = Place::now(&*place);
    let start = end - chrono::TimeDelta::minutes(10);
    let Answer::Matrix(series) = ask(Ask::Range { query: "ALERTS".into(), start, end, step_s: 15 }) else {
        panic!("series")
    };
    assert!(series.iter().any(|one| one.labels.get("alertstate") == Some("pending")));
    assert!(
        matches!(ask(Ask::Instant { query: "up".into(), at: end }), Answer::Vector(all) if all.len() == 2)
    );
}
