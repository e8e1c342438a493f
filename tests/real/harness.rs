//! The harness itself: what it starts really runs, and what it breaks really breaks.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::needs;
use crate::support::fake::{Behaviour, Fake};
use crate::support::feed::series::{Series, page};
use crate::support::feed::{Feed, Mode, hospital};
use crate::support::flaky::{Fault, Flaky};
use crate::support::servers::{Alertmanager, EXTERNAL_LABELS, Prometheus, PrometheusConfig};
use crate::support::{http, wait};

const RULES: &str = "
groups:
  - name: harness
    rules:
      - alert: MacStudioThermalThrottling
        expr: mac_studio_thermal_state >= 2
        labels: {severity: critical, department: all}
        annotations: {summary: 'Thermal state: {{ $value }}'}
      - alert: MacStudioHighCPU
        expr: mac_studio_cpu_usage_percent > 85
        labels: {severity: warning, department: all}
";

#[test]
fn prometheus_scrapes_the_hospital() {
    needs!("real::harness"; PROMETHEUS);
    let feed = Feed::start();
    let prometheus = Prometheus::start(&feed.prometheus());
    prometheus.wait_scraped(hospital::JOBS.len());
    assert_eq!(prometheus.value("sum(up)"), Ok(6.0));
    assert_eq!(prometheus.value("mac_studio_memory_bytes{type=\"total\"}"), Ok(256.0 * 1_073_741_824.0));

    feed.set("active_medical_sessions{department=\"icu\"}", 77.0);
    wait::until_true("the value that was set", || {
        prometheus.value("active_medical_sessions{department=\"icu\"}") == Ok(77.0)
    });
    assert_eq!(prometheus.value("active_medical_sessions{department=\"surgery\"}"), Ok(23.0));

    // A counter grows by its rate and a quantile lies where the observations are put.
    feed.set("auth_attempts_total{result=\"failed\",department=\"icu\",method=\"face\"}", 40.0);
    feed.observe("ai_model_inference_seconds{model_name=\"medgemma-4b\"}", 50.0, 12.4);
    wait::until("the rate that was set", || {
        let rate = prometheus
            .value("rate(auth_attempts_total{result=\"failed\",department=\"icu\",method=\"face\"}[4s])")?;
        if (36.0..44.0).contains(&rate) { Ok(()) } else { Err(format!("{rate}")) }
    });
    wait::until("the latency that was set", || {
        let latency = prometheus.value(
            "histogram_quantile(0.95, sum by (le) (rate(ai_model_inference_seconds_bucket{model_name=\"medgemma-4b\"}[4s])))",
        )?;
        if (10.0..=30.0).contains(&latency) { Ok(()) } else { Err(format!("{latency}")) }
    });

    // Every way a job fails is seen as down, and it comes back.
    for mode in [Mode::Refuse, Mode::Status(500), Mode::Html, Mode::Hang] {
        feed.mode("medical-api", mode);
        wait::until_true("a job that is down", || prometheus.value("up{job=\"medical-api\"}") == Ok(0.0));
        assert_eq!(prometheus.value("up{job=\"ai-engine\"}"), Ok(1.0), "{mode:?}");
        feed.mode("medical-api", Mode::Up);
        wait::until_true("a job that is back", || prometheus.value("up{job=\"medical-api\"}") == Ok(1.0));
    }
}

#[test]
fn rules_fire_into_alertmanager_where_silence_and_inhibition_mute() {
    needs!("real::harness"; PROMETHEUS, ALERTMANAGER);
    let feed = Feed::start();
    let alertmanager = Alertmanager::start();
    let config = PrometheusConfig {
        rules: RULES.to_owned(),
        alertmanager: Some(alertmanager.url().to_owned()),
        ..feed.prometheus()
    };
    let prometheus = Prometheus::start(&config);
    prometheus.wait_scraped(hospital::JOBS.len());
    assert_eq!(alertmanager.alerts(), Ok(Vec::new()), "a calm hospital is quiet");

    feed.set("mac_studio_cpu_usage_percent{core_type=\"performance\"}", 98.5);
    let cpu = alertmanager.wait_alert("MacStudioHighCPU");
    assert_eq!(cpu["status"]["state"], "active");
    for (name, value) in EXTERNAL_LABELS {
        assert_eq!(cpu["labels"][name], value, "Alertmanager's alerts carry the external labels");
    }
    let own = prometheus.alerts().expect("alerts");
    assert!(own.iter().all(|alert| alert["labels"]["cluster"].is_null()), "Prometheus's own do not: {own:?}");

    // A critical alert inhibits the warning.
    feed.set("mac_studio_thermal_state", 3.0);
    let thermal = alertmanager.wait_alert("MacStudioThermalThrottling");
    assert_eq!(thermal["annotations"]["summary"], "Thermal state: 3");
    alertmanager.wait_alert_where("MacStudioHighCPU", "inhibited", |alert| {
        alert["status"]["inhibitedBy"] == json!([thermal["fingerprint"]])
    });

    let silence = alertmanager.silence("alertname", "MacStudioThermalThrottling");
    alertmanager.wait_alert_where("MacStudioThermalThrottling", "silenced", |alert| {
        alert["status"]["silencedBy"] == json!([silence])
    });
}

#[test]
fn a_stopped_server_is_gone_and_a_bad_configuration_is_told() {
    needs!("real::harness"; PROMETHEUS);
    let mut prometheus = Prometheus::start(&PrometheusConfig::default());
    let ready = format!("{}/-/ready", prometheus.url());
    assert_eq!(http::get(&ready).map(|(status, _)| status), Ok(200));
    prometheus.stop();
    assert!(http::get(&ready).is_err(), "the port is closed");

    let bad = PrometheusConfig {
        rules: "groups: [{name: x, rules: [{alert: A, expr: '('}]}]".to_owned(),
        ..PrometheusConfig::default()
    };
    let told = std::panic::catch_unwind(|| Prometheus::start(&bad)).err().expect("it cannot start");
    let told = told.downcast_ref::<String>().cloned().unwrap_or_default();
    assert!(told.contains("could not parse expression"), "{told}");
}

#[test]
fn counters_and_histograms_only_grow_and_agree() {
    let mut latency =
        Series::histogram("t_seconds", &[], &[0.1, 1.0, 10.0], 3.7, &[(0.05, 0.5), (0.4, 0.3), (20.0, 0.2)]);
    let mut last: Vec<f64> = Vec::new();
    for tenth in 0..600 {
        let at = f64::from(tenth) / 10.0;
        if tenth == 300 {
            latency.observe(at, 9.1, &[(5.0, 0.9), (0.01, 0.1)]);
        }
        let text = page(&[latency.clone()], at);
        let numbers: Vec<f64> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.rsplit(' ').next().and_then(|value| value.parse().ok()).expect("a number"))
            .collect();
        // Three bounds and +Inf, the sum, the count.
        let [buckets @ .., sum, count] = numbers.as_slice() else { panic!("{text}") };
        assert!(buckets.is_sorted(), "cumulative: {text}");
        assert_eq!(buckets.last(), Some(count), "{text}");
        assert!(*sum >= 0.0);
        assert!(last.iter().zip(&numbers).all(|(before, now)| before <= now), "{last:?} then {text}");
        last = numbers;
    }
}

#[test]
fn the_proxy_breaks_what_it_is_told_to_and_counts() {
    let fake = Fake::start(Behaviour { alerts: 20, ..Behaviour::default() });
    let flaky = Flaky::start(&fake.url());
    let alerts = format!("{}/api/v2/alerts", flaky.url());
    let query = http::address(&flaky.url(), "/api/v1/query", &[("query", "up"), ("time", "1795324296.027")]);

    let whole = http::json(&alerts).expect("through the proxy");
    assert_eq!(whole.as_array().map(Vec::len), Some(21));
    let answer = http::json(&query).expect("through the proxy");
    assert_eq!(answer["data"]["result"][0]["value"][0], json!(1_795_324_296.027));
    assert_eq!((flaky.count("/api/v2/"), flaky.count("/api/v1/query"), flaky.count("/")), (1, 1, 2));
    assert_eq!(flaky.seen("/api/v1/query")[0].parameter("query"), Some("up"));

    flaky.set(Fault::Status(503));
    flaky.set_path("/api/v1/", Fault::Html);
    assert_eq!(http::get(&alerts).map(|(status, _)| status), Ok(503));
    assert!(http::get(&query).expect("a page").1.starts_with("<!doctype html>"));

    flaky.set(Fault::Cut);
    let cut = http::get(&alerts).expect_err("half a body is an error");
    assert!(cut.contains("Body") && cut.contains("EOF"), "{cut}");

    flaky.set(Fault::Delay(Duration::from_millis(120)));
    let sent = Instant::now();
    http::json(&alerts).expect("late");
    assert!(sent.elapsed() >= Duration::from_millis(120));

    flaky.set(Fault::Flood(1_000_000));
    assert!(http::get(&alerts).expect("much").1.len() > 900_000);

    flaky.close();
    assert!(http::get(&alerts).is_err(), "refused");
    flaky.set(Fault::None);
    flaky.open();
    assert!(http::json(&alerts).is_ok(), "back at the same address");
}

#[test]
fn the_fake_answers_queries_as_the_hospital_would() {
    let fake = Fake::start(Behaviour::default());
    let ask = |query: &str| {
        let url = http::address(&fake.url(), "/api/v1/query", &[("query", query), ("time", "1795324296")]);
        let answer = http::json(&url).expect("an answer");
        let result = answer["data"]["result"].as_array().cloned().unwrap_or_default();
        result.into_iter().map(|sample| sample["metric"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ask("sum by (department) (active_medical_sessions)").len(), 4);
    assert_eq!(ask("mac_studio_cpu_usage_percent{core_type=\"performance\"}").len(), 1);
    assert_eq!(
        ask(
            "histogram_quantile(0.95, sum by (le, model_name) (rate(ai_model_inference_seconds_bucket[5m])))"
        )
        .len(),
        5
    );
    assert_eq!(ask("sum(rate(http_requests_total[5m]))"), vec![json!({})]);
    assert_eq!(ask("up{job=\"medical-api\"}").len(), 1);

    let range = http::address(
        &fake.url(),
        "/api/v1/query_range",
        &[
            ("query", "mac_studio_gpu_usage_percent"),
            ("start", "1000000"),
            ("end", "1000600"),
            ("step", "60"),
        ],
    );
    let answer = http::json(&range).expect("an answer");
    assert_eq!(answer["data"]["result"][0]["values"].as_array().map(Vec::len), Some(11), "both ends");
}
