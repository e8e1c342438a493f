//! Versions, readiness, scraped pages.

use std::sync::Arc;

use plantao::client::Clients;
use plantao::config::{Page, Sources};
use plantao::model::ask::{Answer, Answered, Ask, Key};
use plantao::model::{Fault, SourceId, SourceKind};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::replay::{everything, replay, source, time, wire};

/// Scrapes a page that a server answers with this body.
async fn scrape(body: String) -> Result<Answered, Fault> {
    let server = MockServer::start().await;
    Mock::given(path("/prefix/"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(body, "text/plain; version=0.0.4"))
        .mount(&server)
        .await;
    let page =
        Page { name: "mac".to_owned(), interval: std::time::Duration::from_secs(5), source: source(&server) };
    let clients = Clients::new(&Sources { exposition: vec![page], ..Sources::default() });
    assert!(clients.is_configured(&SourceId::Page("mac".into())));
    assert!(!clients.is_configured(&SourceId::Server(SourceKind::Prometheus)));
    clients.ask(&Ask::Plain(Key::Page(Arc::from("mac")))).await
}

#[tokio::test]
async fn servers_say_who_they_are() {
    let server = replay(&["alertmanager_status", "loki_buildinfo", "tempo_buildinfo"]).await;
    let clients = everything(&server);
    for (key, version) in [
        (Key::Status, "0.25.0"),
        (Key::BuildInfo(SourceId::ALERTMANAGER), "0.25.0"),
        (Key::BuildInfo(SourceId::LOKI), "3.7.6"),
        (Key::BuildInfo(SourceId::TEMPO), "3.0.3"),
    ] {
        let Answer::About(about) = clients.ask(&Ask::Plain(key.clone())).await.expect("an answer").answer
        else {
            panic!("not about")
        };
        assert_eq!(&*about.version, version, "{key:?}");
        if key == Key::Status {
            assert_eq!(about.since, Some(time("2026-11-22T04:56:08.122Z")));
            assert_eq!(&*about.words, "disabled");
        }
    }
}

#[tokio::test]
async fn readiness_is_the_servers_own_word() {
    let server = MockServer::start().await;
    let text = |status: u16, body: &str| ResponseTemplate::new(status).set_body_raw(body, "text/plain");
    Mock::given(path("/prefix/-/ready"))
        .respond_with(text(200, "Prometheus Server is Ready.\n"))
        .mount(&server)
        .await;
    Mock::given(path("/prefix/ready"))
        .respond_with(text(503, "Ingester not ready: waiting for 15s after being ready\n"))
        .mount(&server)
        .await;
    let clients = everything(&server);
    for (source, ready, words) in [
        (SourceId::PROMETHEUS, true, "Prometheus Server is Ready."),
        (SourceId::ALERTMANAGER, true, "Prometheus Server is Ready."),
        (SourceId::LOKI, false, "Ingester not ready: waiting for 15s after being ready"),
        (SourceId::TEMPO, false, "Ingester not ready: waiting for 15s after being ready"),
    ] {
        let Answer::About(about) =
            clients.ask(&Ask::Plain(Key::Ready(source.clone()))).await.expect("an answer").answer
        else {
            panic!("not about")
        };
        assert_eq!((about.ready, &*about.words), (Some(ready), words), "{source}");
    }
}

#[tokio::test]
async fn where_readiness_is_hidden_the_version_answers() {
    let server = replay(&["prometheus_buildinfo", "loki_buildinfo"]).await;
    let clients = everything(&server);
    for (source, version) in [(SourceId::PROMETHEUS, "2.42.0+ds"), (SourceId::LOKI, "3.7.6")] {
        let Answer::About(about) =
            clients.ask(&Ask::Plain(Key::Ready(source))).await.expect("an answer").answer
        else {
            panic!("not about")
        };
        assert_eq!((about.ready, &*about.version), (None, version));
    }
}

#[tokio::test]
async fn real_pages_lose_no_sample() {
    for (name, count) in [("mac_studio", 8), ("ai_engine", 50), ("node_exporter", 507)] {
        let text = wire(&format!("exposition_{name}.txt"));
        let expected: Vec<f64> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.rsplit(' ').next().expect("a value").parse().expect("a number"))
            .collect();
        let answered = scrape(text).await.expect("an answer");
        assert_eq!(answered.warnings, Vec::<String>::new(), "{name}");
        let Answer::Page(all) = answered.answer else { panic!("not a page") };
        assert_eq!(all.len(), count, "{name}");
        let values: Vec<f64> = all.iter().map(|sample| sample.value).collect();
        assert_eq!(values, expected, "{name}");
    }
}

#[tokio::test]
async fn gauges_and_buckets_of_a_page_are_plain_samples() {
    let Answer::Page(all) = scrape(wire("exposition_ai_engine.txt")).await.expect("an answer").answer else {
        panic!("not a page")
    };
    let find = |text: &str| all.iter().find(|s| s.labels.to_string() == text).map(|s| s.value);
    assert_eq!(
        find(
            r#"ai_model_inference_seconds_bucket{input_type="audio", le="0.5", model_name="whisper-large"}"#
        ),
        Some(89.0)
    );
    assert_eq!(
        find(r#"ai_model_accuracy_score{evaluation_type="confidence", model_name="facenet"}"#),
        Some(0.9257)
    );
    assert_eq!(find("voice_transcription_confidence_sum{}"), Some(589.886_869_905_622));
}
