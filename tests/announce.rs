//! A new critical alert is heard once, and what was there before the console is no news.
// Tests stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/night.rs"]
mod night;

use night::Night;
use plantao::model::ask::{Answer, Key};
use plantao::model::rule::ActiveAlert;
use plantao::model::{Alert, Labels, Rule, RuleGroup, RuleHealth, Time};
use plantao::state::View;

const EXTERNAL: [(&str, &str); 1] = [("cluster", "hospital")];

fn moment() -> Time {
    "2026-11-22T06:10:00Z".parse().expect("a time")
}

/// A critical alert as Prometheus's rules tell it: without external labels.
fn rules(name: &str) -> Answer {
    let labels = Labels::new([("alertname", name), ("severity", "critical")]);
    let active =
        ActiveAlert { labels, annotations: Labels::default(), firing: true, active_at: moment(), value: 3.0 };
    let rule = Rule {
        name: name.into(),
        query: "vector(3)".into(),
        hold_s: 0.0,
        labels: Labels::default(),
        annotations: Labels::default(),
        health: RuleHealth::Ok,
        last_evaluation: Some(moment()),
        active: vec![active],
    };
    Answer::Rules(vec![RuleGroup { name: "g".into(), file: "f".into(), interval_s: 5.0, rules: vec![rule] }])
}

/// The Watchdog, and the critical alert of that name when it has arrived: with external labels.
fn manager(name: Option<&str>) -> Answer {
    let list = night::alerts();
    let like = |alert: &Alert, name: &str, severity: &str, fingerprint: &str| Alert {
        labels: Labels::new([("alertname", name), ("severity", severity)].into_iter().chain(EXTERNAL)),
        fingerprint: fingerprint.into(),
        ..alert.clone()
    };
    let mut all = vec![like(&list[2], "Watchdog", "none", "0")];
    all.extend(name.map(|name| like(&list[0], name, "critical", "8b4f88836f19632e")));
    Answer::Alerts(all)
}

fn external() -> Answer {
    Answer::ExternalLabels(Labels::new(EXTERNAL))
}

#[test]
fn what_was_there_at_the_start_is_no_news_in_whatever_order_the_answers_come() {
    let answers = || {
        [
            (Key::Rules, rules("MacStudioThermalThrottling")),
            (Key::Alerts, manager(Some("MacStudioThermalThrottling"))),
            (Key::ExternalLabels, external()),
            (Key::Silences, Answer::Silences(Vec::new())),
        ]
    };
    for turn in 0..4 {
        for backwards in [false, true] {
            let mut order = answers();
            order.rotate_left(turn);
            if backwards {
                order.reverse();
            }
            let mut night = Night::asleep(View::Alerts);
            let keys: Vec<Key> = order.iter().map(|(key, _)| key.clone()).collect();
            for (key, answer) in order {
                night.hear(key, answer);
                assert_eq!(night.notice(), None, "{keys:?}");
            }
        }
    }
}

#[test]
fn a_new_one_is_told_when_prometheus_has_it_and_not_again_when_it_arrives() {
    let mut night = Night::asleep(View::Alerts);
    night.hear(Key::Rules, Answer::Rules(Vec::new()));
    night.hear(Key::Alerts, manager(None));
    night.hear(Key::Silences, Answer::Silences(Vec::new()));
    night.hear(Key::ExternalLabels, external());
    assert_eq!(night.notice(), None);
    night.hear(Key::Rules, rules("HospitalSystemDown"));
    assert_eq!(night.notice(), Some("New critical alert: HospitalSystemDown"));
    night.forget_notice();
    night.hear(Key::Alerts, manager(Some("HospitalSystemDown")));
    assert_eq!(night.notice(), None);
    night.hear(Key::Alerts, manager(Some("DatabaseDown")));
    assert!(night.notice().is_some(), "another one is news again");
}
