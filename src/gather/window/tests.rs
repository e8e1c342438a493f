use super::*;
use crate::model::Labels;
use crate::model::evidence::AlertRecord;

fn at(minutes: i64) -> Time {
    chrono::DateTime::from_timestamp(1_795_323_600, 0).expect("a moment") + TimeDelta::minutes(minutes)
}

fn alert(name: &str, severity: Severity, start: i64, end: Option<i64>) -> SeenAlert {
    SeenAlert {
        record: AlertRecord {
            name: name.into(),
            labels: Labels::default(),
            starts_at: at(start),
            ends_at: end.map(at),
        },
        starts_at: at(start),
        ends_at: end.map(at),
        severity,
        component: Some("a".to_owned()),
        standing: false,
    }
}

fn seen(alerts: Vec<SeenAlert>) -> Seen {
    Seen { alerts, known: true }
}

fn minutes(period: Period) -> (i64, i64) {
    ((period.start - at(0)).num_minutes(), (period.end - at(0)).num_minutes())
}

fn chosen(seen: &Seen) -> Spans {
    choose(&Order::new(at(0), "x"), seen)
}

#[test]
fn the_window_finds_itself_from_the_onset_backwards() {
    let alerts = vec![
        alert("Late", Severity::High, -2, None),
        alert("First", Severity::Critical, -7, None),
        alert("Small", Severity::Low, -40, None),
        alert("Over", Severity::Critical, -100, Some(-60)),
    ];
    let spans = chosen(&seen(alerts));
    assert_eq!(minutes(spans.window), (-17, 0));
    assert_eq!(spans.symptom.map(|one| one.signal).as_deref(), Some("First"));
    assert_eq!(spans.onset, Some(at(-7)));
}

#[test]
fn where_nothing_fires_the_window_is_short_and_right_before_it_is_calm() {
    let spans = chosen(&seen(vec![]));
    assert_eq!(minutes(spans.window), (-15, 0));
    assert_eq!(spans.baselines.iter().copied().map(minutes).collect::<Vec<_>>(), [(-31, -16)]);
    assert_eq!((spans.calm, spans.symptom), (Calm::Quiet, None));
}

#[test]
fn an_old_onset_does_not_make_the_window_endless() {
    let spans = chosen(&seen(vec![alert("A", Severity::High, -150, None)]));
    assert_eq!(minutes(spans.window), (-160, -100));
}

#[test]
fn calm_time_is_looked_for_before_trouble() {
    let alerts = vec![alert("A", Severity::High, -5, None), alert("B", Severity::High, -40, Some(-20))];
    let spans = chosen(&seen(alerts));
    assert_eq!(minutes(spans.window), (-15, 0));
    // A stretch of three minutes after B is too short to count.
    assert_eq!(spans.baselines.iter().copied().map(minutes).collect::<Vec<_>>(), [(-60, -45)]);
    assert_eq!(spans.calm, Calm::Earlier(30 * 60));
}

#[test]
fn where_something_always_fires_or_nobody_knows_that_is_said() {
    let mut always = alert("A", Severity::High, -400, None);
    let order = Order { window: Some(Period { start: at(-20), end: at(0) }), ..Order::new(at(0), "x") };
    let spans = choose(&order, &seen(vec![always.clone()]));
    assert_eq!((spans.calm, minutes(spans.baselines[0])), (Calm::Nowhere, (-41, -21)));
    always.standing = true;
    let spans = choose(&order, &seen(vec![always]));
    assert_eq!(spans.calm, Calm::Quiet, "what has always fired is no news");
    let spans = choose(&order, &Seen { alerts: vec![], known: false });
    assert_eq!(spans.calm, Calm::Unknown);
}
