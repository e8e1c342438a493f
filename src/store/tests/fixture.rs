//! Builders of alerts, rules and answers.

use std::sync::Arc;

use crate::model::ask::{Answer, Answered, Ask, Key};
use crate::model::rule::ActiveAlert;
use crate::model::{
    Alert, AlertState, Fault, FaultKind, Labels, Point, Rule, RuleGroup, RuleHealth, Series, Silence, Time,
};
use crate::pack::Pack;
use crate::store::Store;

/// The moment of a test, plus seconds.
pub fn at(seconds: i64) -> Time {
    chrono::DateTime::from_timestamp(1_795_300_000 + seconds, 0).expect("a time")
}

pub fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs.iter().copied().collect()
}

pub fn answered(answer: Answer) -> Answered {
    Answered { answer, took_ms: 7, warnings: Vec::new(), clock_skew_s: None }
}

pub fn fault(kind: FaultKind) -> Fault {
    Fault::new(kind, "the words of the server")
}

/// A series with a point every 10 s of the moments given; its value is the moment.
pub fn series(name: &str, moments: &[i64]) -> Series {
    let points = moments.iter().map(|s| Point { t: at(*s).timestamp_millis(), v: *s as f64 }).collect();
    Series { labels: labels(&[("name", name)]), points }
}

pub fn alert(fingerprint: &str, pairs: &[(&str, &str)], state: AlertState) -> Alert {
    Alert {
        fingerprint: fingerprint.into(),
        labels: labels(pairs),
        annotations: Labels::default(),
        state,
        starts_at: at(-60),
        updated_at: Some(at(0)),
        silenced_by: Vec::new(),
        inhibited_by: Vec::new(),
        generator_url: "".into(),
        receivers: Vec::new(),
    }
}

pub fn active(pairs: &[(&str, &str)], firing: bool, value: f64) -> ActiveAlert {
    let annotations = labels(&[("summary", "from the rule")]);
    ActiveAlert { labels: labels(pairs), annotations, firing, active_at: at(-60), value }
}

pub fn rule(name: &str, query: &str, active: Vec<ActiveAlert>) -> Rule {
    Rule {
        name: name.into(),
        query: query.into(),
        hold_s: 60.0,
        labels: Labels::default(),
        annotations: Labels::default(),
        health: RuleHealth::Ok,
        last_evaluation: Some(at(-5)),
        active,
    }
}

pub fn groups(rules: Vec<Rule>) -> Answer {
    Answer::Rules(vec![RuleGroup { name: "g".into(), file: "f.yml".into(), interval_s: 15.0, rules }])
}

pub fn hospital() -> Arc<Pack> {
    Arc::new(crate::pack::load("hospital", &[]).expect("the shipped pack"))
}

/// A store that was told this.
pub fn store(
    alerts: Option<Vec<Alert>>,
    rules: Option<Vec<Rule>>,
    external: Option<&[(&str, &str)]>,
) -> Store {
    let mut store = Store::default();
    let mut tell = |key: Key, answer: Answer| store.take(&Ask::Plain(key), at(0), Ok(answered(answer)));
    if let Some(alerts) = alerts {
        tell(Key::Alerts, Answer::Alerts(alerts));
    }
    if let Some(rules) = rules {
        tell(Key::Rules, groups(rules));
    }
    if let Some(external) = external {
        tell(Key::ExternalLabels, Answer::ExternalLabels(labels(external)));
    }
    store
}

pub fn silence(id: &str, by: &str, comment: &str) -> Silence {
    Silence {
        id: id.into(),
        matchers: Vec::new(),
        starts_at: at(-30),
        ends_at: at(600),
        created_by: by.into(),
        comment: comment.into(),
        state: crate::model::alert::SilenceState::Active,
    }
}
