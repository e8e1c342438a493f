//! Rules with `for`: what is pending, fires and is gone at which tick; the past as it was; promtool's word.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use plantao::demo::alerting::Alerting;
use plantao::model::{Labels, Matcher, Series};
use plantao::query::promql::{Promql, Value};
use plantao::query::{MetricData, is_stale};

use crate::fixture::{Fixture, RULES, START_MS, TICK_MS, alerting, busy, line};
use crate::support::skip;

fn instant(alerting: &Alerting, query: &str, tick: i64) -> Vec<(String, f64)> {
    let value =
        Promql::parse(query).unwrap().instant(&alerting.with_alerts(), START_MS + tick * TICK_MS).unwrap();
    let Value::Vector(all) = value else { panic!("{value:?}") };
    let mut all: Vec<(String, f64)> =
        all.into_iter().map(|(labels, point)| (labels.to_string(), point.v)).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// `state name department` of everything active now, with its start.
fn live(alerting: &Alerting) -> BTreeMap<String, i64> {
    let tick = |ms: i64| (ms - START_MS).div_euclid(TICK_MS);
    alerting
        .live()
        .all()
        .map(|(_, alert)| {
            let state = if alert.is_firing() { "firing" } else { "pending" };
            (format!("{state} {}", alert.labels), tick(alert.active_at.timestamp_millis()))
        })
        .collect()
}

#[test]
fn an_alert_is_pending_then_fires_then_is_gone() {
    let high = |tick: i64| Some(if (20..40).contains(&tick) { 9.0 } else { 1.0 });
    let place = Fixture::new(vec![line(&[("__name__", "load"), ("department", "icu")], -240..100, high)]);
    let alerting = alerting(&place, RULES);
    let labels = r#"{alertname="HighLoad", department="icu", severity="warning"}"#;
    for (tick, state) in [
        (19, None),
        (20, Some("pending")),
        (23, Some("pending")),
        (24, Some("firing")),
        (39, Some("firing")),
        (40, None),
    ] {
        // Between two ticks nothing happens.
        for more in [0, 14_999] {
            place.turn(tick * TICK_MS + more);
            let all = live(&alerting);
            let found = all.iter().find(|(name, _)| name.ends_with(labels));
            let expected = state.map(|state| (format!("{state} {labels}"), 20));
            assert_eq!(found.map(|(name, since)| (name.clone(), *since)), expected, "{tick} {more}");
        }
    }
    place.tick(60);
    for (tick, state) in [(22, Some("pending")), (30, Some("firing")), (40, None)] {
        let found = instant(&alerting, r#"ALERTS{alertname="HighLoad"}"#, tick);
        let expected: Vec<(String, f64)> = state
            .map(|state| (format!(r#"ALERTS{{alertname="HighLoad", alertstate="{state}", department="icu", severity="warning"}}"#), 1.0))
            .into_iter()
            .collect();
        assert_eq!(found, expected, "{tick}");
    }
    let since = instant(&alerting, r#"ALERTS_FOR_STATE{department="icu"}"#, 30);
    assert_eq!(since[0].1, (START_MS / 1000 + 20 * 15) as f64);
}

/// Load that jumps about, gaps included: nothing that a formula would foresee.
fn restless(seed: u64, rule: &str) -> (Arc<Fixture>, String) {
    let value = move |tick: i64| {
        let mut rng = plantao::demo::rng::Rng::of(&[seed, (tick + 10_000) as u64 / 3]);
        (!rng.chance(0.1)).then(|| if rng.chance(0.7) { 9.0 } else { 1.0 })
    };
    let series = vec![
        line(&[("__name__", "load"), ("department", "icu")], -240..400, value),
        line(&[("__name__", "load"), ("department", "surgery")], -240..400, move |tick| value(tick + 1000)),
    ];
    let rules = format!(
        "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: load > 5\n    labels: {{severity: page}}\n{rule}"
    );
    (Fixture::new(series), rules)
}

/// It comes with Prometheus.
const PROMTOOL: skip::Program = skip::Program { package: "prometheus", names: &["promtool"] };

const LIVES: [&str; 4] =
    ["", "    for: 30s\n", "    for: 40s\n    keep_firing_for: 45s\n", "    keep_firing_for: 1m\n"];

#[test]
fn the_past_is_what_was_live() {
    for (seed, rule) in (0..).zip(LIVES) {
        let (place, rules) = restless(seed, rule);
        let watched = alerting(&place, &rules);
        let mut seen = BTreeMap::new();
        for tick in 0..200 {
            place.tick(tick);
            seen.insert(tick, live(&watched));
        }
        // Whoever comes later and has seen nothing finds the same: by ranges, by moments, in any order.
        for watched in [watched, alerting(&place, &rules)] {
            let mut states: BTreeMap<i64, BTreeMap<String, i64>> = BTreeMap::new();
            let (from, to) = (START_MS, START_MS + 199 * TICK_MS);
            let named = |name: &str| vec![Matcher::parse(&format!("__name__={name}")).unwrap()];
            let since = watched.with_alerts().series(&named("ALERTS_FOR_STATE"), from, to);
            let since_at = |labels: &Labels, t: i64| {
                let one = since
                    .iter()
                    .find(|s| s.labels.same_without(labels, &["__name__", "alertstate"]))
                    .unwrap();
                one.points.iter().find(|point| point.t == t).unwrap().v as i64
            };
            for Series { labels, points } in watched.with_alerts().series(&named("ALERTS"), from, to) {
                for point in points.iter().filter(|point| !is_stale(point.v)) {
                    let name = format!(
                        "{} {}",
                        labels.get("alertstate").unwrap(),
                        labels.without(&["__name__", "alertstate"])
                    );
                    let active = (since_at(&labels, point.t) * 1000 - START_MS) / TICK_MS;
                    states.entry((point.t - START_MS) / TICK_MS).or_default().insert(name, active);
                }
            }
            for (tick, live) in &seen {
                assert_eq!(states.get(tick).cloned().unwrap_or_default(), *live, "{rule} {tick}");
            }
        }
        for tick in [150, 20, 77] {
            let fresh = alerting(&place, &rules);
            assert_eq!(instant(&fresh, "ALERTS", tick).len(), seen[&tick].len(), "{rule} {tick}");
        }
    }
}

#[test]
fn what_fires_goes_on_firing_when_the_day_begins() {
    // 04:00 at the hospital is 240 ticks after the start.
    let place =
        Fixture::new(vec![line(&[("__name__", "load"), ("department", "icu")], -240..400, |_| Some(9.5))]);
    let alerting = alerting(&place, RULES);
    let mut last = i64::MIN;
    for tick in 230..250 {
        place.tick(tick);
        let all = live(&alerting);
        let (name, since) = all.iter().find(|(name, _)| name.contains("HighLoad")).unwrap();
        assert!(name.starts_with("firing"), "{tick}: {name}");
        assert!(*since >= last, "{tick}");
        last = *since;
    }
    // Since 04:00, less what `for` needs.
    assert_eq!(last, 240 - 4 - 1);
}

#[test]
fn alerts_are_series_like_others() {
    let place = busy();
    place.tick(60);
    let alerting = alerting(&place, RULES);
    let by = instant(&alerting, r#"count by (severity) (ALERTS{alertstate="firing"})"#, 60);
    assert_eq!(by.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [3.0, 1.0, 2.0]);
    let joined = instant(&alerting, r#"load and on (department) ALERTS{alertname="Overload"}"#, 60);
    assert_eq!(joined.len(), 2);
    assert_eq!(instant(&alerting, r#"{alertname="Watchdog",__name__="ALERTS"}"#, 60).len(), 1);
    assert_eq!(
        instant(&alerting, r#"count({department="icu"})"#, 60)[0].1,
        5.0,
        "load, and of two alerts state and start"
    );
    let counted = instant(
        &alerting,
        r#"count_over_time(ALERTS{alertname="HighLoad",alertstate="pending",department="icu"}[1h])"#,
        60,
    );
    assert_eq!(counted[0].1, 4.0);
}

#[test]
fn rest_costs_an_evaluation_a_rule_and_tick() {
    let place = busy();
    place.tick(60);
    let alerting = alerting(&place, RULES);
    alerting.live();
    let asked = |work: &dyn Fn()| {
        let before = place.asked.load(Ordering::Relaxed);
        work();
        place.asked.load(Ordering::Relaxed) - before
    };
    assert_eq!(asked(&|| drop((alerting.live(), alerting.known()))), 0, "the same tick again");
    place.tick(61);
    // Three rules with a selector: one range each, and one moment each for the values of what is active.
    assert_eq!(asked(&|| drop(alerting.live())), 6);
    let week = || {
        drop(alerting.with_alerts().series(
            &[Matcher::parse("__name__=ALERTS").unwrap()],
            START_MS - 3_600_000,
            START_MS + 61 * TICK_MS,
        ));
    };
    week();
    assert_eq!(asked(&week), 1, "what was is kept; only the samples themselves are asked for");
}

/// Prometheus's own `promtool test rules` on the same samples and rules, tick by tick.
#[test]
fn promtool_sees_the_same_states() {
    if !skip::ready("hospital_api", &[&PROMTOOL]) {
        return;
    }
    for (seed, rule) in (10..).zip(&LIVES[..3]) {
        let (place, rules) = restless(seed, rule);
        place.tick(0);
        let watched = alerting(&place, &rules);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("rules.yml"), &rules).unwrap();
        // promtool's samples and evaluations begin at 0; ours an hour before the start.
        let mut test = String::from(
            "rule_files: [rules.yml]\nevaluation_interval: 15s\ntests:\n- interval: 15s\n  input_series:\n",
        );
        let all =
            place.series(&[Matcher::parse("__name__=load").unwrap()], START_MS - 240 * TICK_MS, START_MS);
        for series in &all {
            let _ = write!(
                test,
                "  - series: 'load{{department=\"{}\"}}'\n    values: '",
                series.labels.get("department").unwrap()
            );
            for tick in -240..=0 {
                let point = series.points.iter().find(|point| point.t == START_MS + tick * TICK_MS);
                let _ = write!(test, "{} ", point.map_or("_".to_owned(), |point| point.v.to_string()));
            }
            test.push_str("'\n");
        }
        test.push_str("  promql_expr_test:\n");
        for tick in -200..=0_i64 {
            let _ =
                writeln!(test, "  - expr: ALERTS\n    eval_time: {}s\n    exp_samples:", (tick + 240) * 15);
            for (labels, _) in instant(&watched, "ALERTS", tick) {
                let _ = writeln!(test, "    - labels: '{labels}'\n      value: 1");
            }
        }
        let file = folder.path().join("test.yml");
        fs::write(&file, test).unwrap();
        let promtool = PROMTOOL.path().unwrap();
        let said = Command::new(promtool).args(["test", "rules"]).arg(&file).output().unwrap();
        let text =
            String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
        assert!(said.status.success(), "{rule}: {}", text.chars().take(3000).collect::<String>());
    }
}
