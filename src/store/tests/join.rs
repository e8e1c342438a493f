//! The alert list made of Alertmanager's and Prometheus's.

use super::fixture::{active, alert, answered, at, hospital, rule, silence, store};
use crate::model::ask::{Answer, Ask, Key};
use crate::model::{AlertState, Severity};
use crate::store::alerts::join;
use crate::store::{AlertRow, Origin, Store};

const A: &[(&str, &str)] = &[("alertname", "A"), ("instance", "x"), ("severity", "critical")];
const A_SENT: &[(&str, &str)] =
    &[("alertname", "A"), ("cluster", "um"), ("instance", "x"), ("severity", "critical")];

fn rows(store: &Store) -> Vec<AlertRow> {
    join(store, &hospital(), &[])
}

fn origins(store: &Store) -> Vec<(String, Origin)> {
    rows(store).into_iter().map(|row| (row.alert.labels.to_string(), row.origin)).collect()
}

#[test]
fn an_alert_that_both_know_is_one_row_with_rule_value_and_state() {
    let told = store(
        Some(vec![alert("f1", A_SENT, AlertState::Firing)]),
        Some(vec![rule("A", "up == 0", vec![active(A, true, 3.5)])]),
        Some(&[("cluster", "um")]),
    );
    let all = rows(&told);
    assert_eq!(all.len(), 1);
    let row = &all[0];
    assert_eq!((row.origin, row.value, row.query.as_deref()), (Origin::Both, Some(3.5), Some("up == 0")));
    assert_eq!((row.hold_s, row.severity), (Some(60.0), Severity::Critical));
    assert_eq!(&*row.alert.fingerprint, "f1");
    assert_eq!(row.deadline, Some(at(-60 + 15 * 60)), "the pack gives a critical alert a quarter of an hour");
}

#[test]
fn external_labels_that_are_not_known_are_taken_from_what_alertmanager_has_beside() {
    for external in [None, Some(&[][..])] {
        let told = store(
            Some(vec![alert("f1", A_SENT, AlertState::Firing)]),
            Some(vec![rule("A", "up == 0", vec![active(A, true, 3.5)])]),
            external,
        );
        assert_eq!(
            rows(&told).iter().map(|row| row.origin).collect::<Vec<_>>(),
            [Origin::Both],
            "{external:?}"
        );
    }
}

#[test]
fn an_alert_of_another_prometheus_is_not_taken_for_ours() {
    let theirs = [("alertname", "A"), ("cluster", "other"), ("instance", "x"), ("severity", "critical")];
    let told = store(
        Some(vec![alert("theirs", &theirs, AlertState::Firing), alert("ours", A_SENT, AlertState::Silenced)]),
        Some(vec![rule("A", "q", vec![active(A, true, 1.0)])]),
        Some(&[("cluster", "um")]),
    );
    let all = rows(&told);
    let by: Vec<_> = all.iter().map(|row| (&*row.alert.fingerprint, row.origin, row.value)).collect();
    assert_eq!(by, [("theirs", Origin::Alertmanager, None), ("ours", Origin::Both, Some(1.0))]);
    assert_eq!(all[0].query.as_deref(), Some("q"), "a rule of that name still tells the query");
}

#[test]
fn a_label_that_relabelling_dropped_does_not_part_them() {
    let told = store(
        Some(vec![alert("f1", A_SENT, AlertState::Firing)]),
        Some(vec![rule("A", "q", vec![active(A, true, 1.0)])]),
        Some(&[("cluster", "um"), ("replica", "1")]),
    );
    assert_eq!(rows(&told).iter().map(|row| row.origin).collect::<Vec<_>>(), [Origin::Both]);
}

#[test]
fn alerts_that_differ_only_in_a_label_named_like_an_external_one_are_two() {
    let eu = [("alertname", "A"), ("region", "eu")];
    let us = [("alertname", "A"), ("region", "us")];
    let told = store(
        Some(vec![alert("eu", &eu, AlertState::Firing)]),
        Some(vec![rule("A", "q", vec![active(&eu, true, 1.0), active(&us, false, 2.0)])]),
        Some(&[("region", "br")]),
    );
    assert_eq!(
        origins(&told),
        [
            ("{alertname=\"A\", region=\"eu\"}".to_owned(), Origin::Both),
            ("{alertname=\"A\", region=\"us\"}".to_owned(), Origin::Prometheus)
        ]
    );
    assert_eq!(rows(&told)[1].alert.state, AlertState::Pending);
}

#[test]
fn pending_and_undelivered_alerts_are_prometheus_s_own() {
    let b = [("alertname", "B"), ("severity", "warning")];
    let told = store(
        Some(vec![]),
        Some(vec![rule("A", "q", vec![active(A, true, 1.0)]), rule("B", "r", vec![active(&b, false, 2.0)])]),
        Some(&[("cluster", "um")]),
    );
    let all = rows(&told);
    let states: Vec<_> = all.iter().map(|row| (row.alert.name(), row.alert.state, row.origin)).collect();
    let expected =
        [("A", AlertState::Firing, Origin::Prometheus), ("B", AlertState::Pending, Origin::Prometheus)];
    assert_eq!(states, expected);
    assert_eq!(all[0].alert.labels.get("cluster"), Some("um"), "with the labels it will have");
    assert!(all[0].alert.fingerprint.starts_with('p') && all[0].alert.fingerprint.len() == 17);
    assert!(all[0].deadline.is_some() && all[1].deadline.is_none(), "nobody is asked about a pending alert");
    assert_eq!(all[0].alert.annotations.get("summary"), Some("from the rule"));
}

#[test]
fn its_fingerprint_stays_when_the_external_labels_become_known() {
    let told = |external| store(None, Some(vec![rule("A", "q", vec![active(A, true, 1.0)])]), external);
    let one = rows(&told(None))[0].alert.fingerprint.clone();
    let two = rows(&told(Some(&[("cluster", "um")])))[0].alert.fingerprint.clone();
    assert_eq!(one, two);
}

#[test]
fn two_rules_with_one_alert_make_one_row_and_firing_outweighs_pending() {
    let rules = vec![rule("A", "q", vec![active(A, false, 1.0)]), rule("A", "r", vec![active(A, true, 2.0)])];
    let alone = rows(&store(Some(vec![]), Some(rules.clone()), None));
    assert_eq!(alone.len(), 1);
    assert_eq!((alone[0].alert.state, alone[0].value), (AlertState::Firing, Some(2.0)));
    let both = rows(&store(Some(vec![alert("f", A, AlertState::Firing)]), Some(rules), Some(&[])));
    assert_eq!(both.len(), 1, "and nothing of it is left as not delivered");
    assert_eq!(both[0].value, Some(2.0));
}

#[test]
fn an_alert_that_a_server_reports_twice_is_one_row() {
    let twice = vec![alert("f", A, AlertState::Firing), alert("f", A, AlertState::Silenced)];
    assert_eq!(rows(&store(Some(twice), None, None)).len(), 1);
}

#[test]
fn an_alert_without_a_name_or_any_label_is_a_row_too() {
    let told = store(Some(vec![alert("f", &[], AlertState::Firing)]), Some(vec![]), None);
    let all = rows(&told);
    assert_eq!((all.len(), all[0].alert.name(), all[0].severity), (1, "", Severity::Low));
}

#[test]
fn acknowledged_is_who_has_an_ack_silence() {
    for (comment, by) in [("ACK! on it", Some("ana")), ("planned work", None), ("", None)] {
        let mut muted = alert("f", A, AlertState::Silenced);
        muted.silenced_by = vec!["unknown".into(), "s1".into()];
        let mut told = store(Some(vec![muted]), None, None);
        let silence = silence("s1", "ana", comment);
        told.take(&Ask::Plain(Key::Silences), at(0), Ok(answered(Answer::Silences(vec![silence]))));
        let all = rows(&told);
        assert_eq!(all[0].ack.as_ref().map(|ack| &*ack.by), by, "{comment}");
        assert!(all[0].deadline.is_none(), "no clock runs for what is muted");
        assert!(!all[0].needs_somebody());
    }
    let mut muted = alert("f", A, AlertState::Silenced);
    muted.silenced_by = vec!["gone".into()];
    assert!(rows(&store(Some(vec![muted]), None, None))[0].ack.is_none(), "its silence is not known");
}

#[test]
fn the_dead_man_s_switch_is_no_row() {
    let watchdog = [("alertname", "Watchdog"), ("severity", "none")];
    let told = store(
        Some(vec![alert("w", &watchdog, AlertState::Firing)]),
        Some(vec![rule("Watchdog", "vector(1)", vec![active(&watchdog, true, 1.0)])]),
        None,
    );
    assert_eq!(rows(&told), []);
}

#[test]
fn ten_thousand_alerts_of_one_name_join_by_label_not_by_search() {
    let pair = |n: usize| [("alertname".to_owned(), "A".to_owned()), ("instance".to_owned(), n.to_string())];
    let told: Vec<_> = (0..10_000)
        .map(|n| {
            let mut one = alert(&format!("f{n}"), &[], AlertState::Firing);
            one.labels = pair(n).into_iter().collect::<crate::model::Labels>().with("cluster", "um");
            one
        })
        .collect();
    let known: Vec<_> = (0..10_000)
        .map(|n| {
            let mut one = active(&[], true, n as f64);
            one.labels = pair(n).into_iter().collect();
            one
        })
        .collect();
    for external in [None, Some(&[("cluster", "um")][..])] {
        let told = store(Some(told.clone()), Some(vec![rule("A", "q", known.clone())]), external);
        let all = rows(&told);
        assert_eq!(all.len(), 10_000);
        assert!(all.iter().all(|row| row.origin == Origin::Both && row.value.is_some()));
    }
}
