//! The alert list of a past moment.

use super::fixture::{at, hospital, labels};
use crate::model::{AlertState, Sample, Severity};
use crate::store::Origin;
use crate::store::alerts::from_series;

fn sample(pairs: &[(&str, &str)], value: f64) -> Sample {
    Sample { labels: labels(pairs), at: at(0), value }
}

const FIRING: &[(&str, &str)] =
    &[("__name__", "ALERTS"), ("alertname", "A"), ("alertstate", "firing"), ("severity", "critical")];
const SINCE: &[(&str, &str)] =
    &[("__name__", "ALERTS_FOR_STATE"), ("alertname", "A"), ("severity", "critical")];

#[test]
fn rows_are_rebuilt_with_state_and_start() {
    let pending = [("__name__", "ALERTS"), ("alertname", "B"), ("alertstate", "pending")];
    let started = at(-300).timestamp() as f64;
    let all =
        from_series(&[sample(FIRING, 1.0), sample(&pending, 1.0)], &[sample(SINCE, started)], &hospital());
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].alert.labels.to_string(), r#"{alertname="A", severity="critical"}"#);
    assert_eq!((all[0].alert.state, all[0].alert.starts_at), (AlertState::Firing, at(-300)));
    assert_eq!((all[0].origin, all[0].severity), (Origin::Series, Severity::Critical));
    assert_eq!(all[1].alert.state, AlertState::Pending);
    assert_eq!(all[1].alert.starts_at, at(0), "no start is known: not before this moment");
}

#[test]
fn zeros_and_the_switch_are_no_alerts() {
    let watchdog = [("__name__", "ALERTS"), ("alertname", "Watchdog"), ("alertstate", "firing")];
    let all = from_series(
        &[sample(FIRING, 0.0), sample(FIRING, f64::NAN), sample(&watchdog, 1.0)],
        &[],
        &hospital(),
    );
    assert_eq!(all, []);
}

#[test]
fn a_start_that_is_no_time_is_not_believed() {
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300, 8.2e12, f64::MAX] {
        let all = from_series(&[sample(FIRING, 1.0)], &[sample(SINCE, wrong)], &hospital());
        assert_eq!(all[0].alert.starts_at, at(0), "{wrong}");
    }
}
