//! The dead-man's switch: every combination of what is known.

use super::fixture::{active, alert, hospital, rule, store};
use crate::model::AlertState;
use crate::store::Watchdog::{self, Alive, Missing, NotUsed, Unknown};
use crate::store::alerts::watchdog;

const SWITCH: &[(&str, &str)] = &[("alertname", "Watchdog")];

#[test]
fn truth_table() {
    let cut = Missing { fires_in_prometheus: true };
    let missing = Missing { fires_in_prometheus: false };
    // Alertmanager is fresh (or not configured), has it; rules are fresh, have it.
    let table: [(Option<bool>, bool, bool, bool, Watchdog); 14] = [
        (Some(true), true, true, true, Alive),
        (Some(true), true, false, false, Alive),
        (Some(true), true, true, false, Alive),
        (Some(true), false, true, true, cut),
        (Some(true), false, false, true, missing),
        (Some(true), false, true, false, missing),
        (Some(true), false, false, false, missing),
        (Some(false), true, true, true, Unknown),
        (Some(false), false, true, true, Unknown),
        (Some(false), true, false, false, Unknown),
        (None, false, true, true, Alive),
        (None, false, true, false, missing),
        (None, false, false, true, Unknown),
        (None, false, false, false, Unknown),
    ];
    let pack = hospital();
    for (manager, in_manager, fresh_rules, in_rules, expected) in table {
        let alerts = if in_manager { vec![alert("w", SWITCH, AlertState::Firing)] } else { vec![] };
        let rules =
            rule("Watchdog", "vector(1)", if in_rules { vec![active(SWITCH, true, 1.0)] } else { vec![] });
        let told = store(Some(alerts), Some(vec![rules]), None);
        assert_eq!(
            watchdog(&told, &pack, manager, fresh_rules),
            expected,
            "manager {manager:?} has it {in_manager}, rules fresh {fresh_rules} have it {in_rules}"
        );
    }
}

#[test]
fn a_pending_switch_is_none() {
    let told = store(None, Some(vec![rule("Watchdog", "q", vec![active(SWITCH, false, 1.0)])]), None);
    assert_eq!(watchdog(&told, &hospital(), None, true), Missing { fires_in_prometheus: false });
}

#[test]
fn a_field_without_a_switch_has_no_alarm() {
    let mut pack = (*hospital()).clone();
    pack.alerting.watchdog = None;
    assert_eq!(watchdog(&store(None, None, None), &pack, Some(true), true), NotUsed);
}
