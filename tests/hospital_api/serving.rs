//! The thread: many at once, one heavy beside many light ones, and nothing left behind.

use std::net::TcpStream;
use std::sync::Arc;

use plantao::clock::Clock;
use plantao::demo::{Hospital, Plan, servers};
use plantao::pack;

use crate::fixture::{Fixture, RULES, busy, pack as with_rules, serve};
use crate::support::{http, wait};

#[test]
fn a_hundred_at_once_are_all_answered() {
    let place = busy();
    place.tick(60);
    let running = serve(&place, RULES);
    let urls = &running.urls;
    let all: Vec<String> = (0..100)
        .map(|n| match n % 4 {
            0 => http::address(
                &urls.prometheus,
                "/api/v1/query",
                &[("query", "count(ALERTS{alertstate=\"firing\"})")],
            ),
            1 => format!("{}/api/v1/rules", urls.prometheus),
            2 => format!("{}/api/v2/alerts", urls.alertmanager),
            _ => http::address(&urls.prometheus, "/api/v1/query", &[("query", "sum(load)")]),
        })
        .collect();
    let answers = http::wait_for(async {
        let asked = all
            .iter()
            .map(|url| async move { http::client().get(url).send().await.unwrap().text().await.unwrap() });
        futures_util::future::join_all(asked).await
    });
    for (at, answer) in answers.iter().enumerate() {
        assert_eq!(answer, &answers[at % 4], "{}", all[at]);
    }
    assert!(answers[0].contains(r#""6""#) && answers[3].contains(r#""19""#), "{} {}", answers[0], answers[3]);
}

#[test]
fn dropping_closes_the_ports_and_leaves_no_thread() {
    let place = busy();
    let running = serve(&place, RULES);
    let urls = running.urls.clone();
    // A connection that is kept alive must not hold it up.
    http::get(&format!("{}/-/ready", urls.prometheus)).unwrap();
    let idle = TcpStream::connect(urls.alertmanager.trim_start_matches("http://")).unwrap();
    drop(running);
    for url in [&urls.prometheus, &urls.alertmanager, &urls.loki, &urls.tempo] {
        assert!(TcpStream::connect(url.trim_start_matches("http://")).is_err(), "{url}");
    }
    drop(idle);
    // What the servers shared is given back once their threads are gone.
    wait::until("the place to be nobody else's", || match Arc::strong_count(&place) {
        1 => Ok(()),
        n => Err(format!("{n} owners")),
    });
}

#[test]
fn wrong_rules_are_said_before_anything_listens() {
    let place = Fixture::new(Vec::new());
    let pack = with_rules(
        "groups:\n- name: g\n  rules:\n  - {alert: A, expr: 'rate('}\n  - {alert: B, expr: up, for: x}\n",
    );
    let error =
        servers::serve(place, &pack, axum::Router::new(), axum::Router::new()).expect_err("wrong rules");
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    let said = error.to_string();
    assert!(said.contains("rule A: ") && said.contains("rule B: `x` is not a duration"), "{said}");
}

#[test]
fn dates_are_of_the_places_own_clock() {
    let place = busy();
    let running = serve(&place, RULES);
    for url in [&running.urls.prometheus, &running.urls.alertmanager, &running.urls.loki] {
        let date = http::wait_for(async {
            let answer = http::client().get(format!("{url}/-/ready")).send().await.unwrap();
            answer.headers()["date"].to_str().unwrap().to_owned()
        });
        assert_eq!(date, "Fri, 20 Nov 2026 06:00:00 GMT", "{url}");
    }
}

#[test]
fn the_shipped_hospital_is_served() {
    let pack = Arc::new(pack::load("hospital", &[]).unwrap());
    let clock = Clock::Fixed("2026-11-20T07:20:00Z".parse().unwrap());
    let hospital = Arc::new(Hospital::new(&pack, Plan::calm(7), clock).unwrap());
    let running = servers::start(&hospital, &pack).unwrap();
    let rules = || -> Vec<serde_json::Value> {
        let url = format!("{}/api/v1/rules", running.urls.prometheus);
        let said = wait::until("the rules", || http::json(&url));
        let groups = said["data"]["groups"].as_array().unwrap();
        groups.iter().flat_map(|group| group["rules"].as_array().unwrap()).cloned().collect()
    };
    let first = rules();
    assert!(first.len() >= 21, "{}", first.len());
    // Only what looks back over a whole day is not known from the beginning.
    for rule in first.iter().filter(|rule| !rule["query"].as_str().unwrap().contains("[1d]")) {
        assert_eq!(rule["health"], "ok", "{rule}");
    }
    // The day before takes an unoptimised build its time.
    wait::until("every rule's evaluation", || {
        let waiting: Vec<_> = rules().into_iter().filter(|rule| rule["health"] != "ok").collect();
        if waiting.is_empty() { Ok(()) } else { Err(format!("{waiting:?}")) }
    });
    let up =
        http::json(&http::address(&running.urls.prometheus, "/api/v1/query", &[("query", "up")])).unwrap();
    assert!(!up["data"]["result"].as_array().unwrap().is_empty(), "{up}");
    let alerts = http::json(&format!("{}/api/v2/alerts", running.urls.alertmanager)).unwrap();
    assert!(
        alerts.as_array().unwrap().iter().any(|alert| alert["labels"]["alertname"] == "Watchdog"),
        "{alerts}"
    );
}
