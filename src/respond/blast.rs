//! The blast radius of a silence: what it mutes now, and what it would have muted in the last days.
//!
//! Now is what Alertmanager itself has, compared raw. Of the days before, Prometheus's `ALERTS` tell, a day at a time
//! so that one question stays within what servers allow. They lack the external labels that Alertmanager's alerts
//! carry, so conditions on those are judged here and not by Prometheus.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::client::Clients;
use crate::model::ask::{Answer, Ask, Key};
use crate::model::radius::{DAYS, Muted, Radius};
use crate::model::{Fault, FaultKind, Labels, MatchOp, Matcher, Sample, Time};
use crate::pack::Pack;

/// Looks at what a silence with these matchers mutes.
pub async fn radius(clients: &Clients, pack: &Pack, matchers: &[Matcher], now: Time) -> Radius {
    let mut radius = Radius { everything: is_boundless(matchers), ..Radius::default() };
    let watchdog = pack.alerting.watchdog.as_deref();
    let mut total = 0;
    match clients.originals().await.and_then(|all| {
        total = all.0.len();
        all.matching(matchers)
    }) {
        Ok(hit) => radius.now = hit.into_iter().map(|(_, labels)| muted(pack, labels)).collect(),
        Err(fault) => radius.now_fault = Some(fault),
    }
    let mut whole = radius.now_fault.is_none() && total == radius.now.len();
    match external(clients).await {
        Ok(external) => {
            let selector = selector(matchers, &external);
            let mut seen: BTreeMap<Labels, Muted> = BTreeMap::new();
            for day in 0..DAYS {
                let at = now - TimeDelta::days(day as i64);
                match of_day(clients, &selector, at).await {
                    Ok((samples, fired)) => {
                        let hit: Vec<Labels> = samples
                            .iter()
                            .map(|sample| sample.labels.without(&["__name__", "alertstate"]))
                            .filter(|own| holds(matchers, own, &external))
                            .collect();
                        whole &= hit.len() == fired;
                        for labels in hit {
                            seen.entry(labels.clone()).or_insert_with(|| muted(pack, labels));
                        }
                        radius.days += 1;
                    }
                    Err(fault) => {
                        radius.past_fault = Some(fault);
                        break;
                    }
                }
            }
            radius.past = seen.into_values().collect();
        }
        Err(fault) => radius.past_fault = Some(fault),
    }
    let named = |one: &Muted| one.labels.get("alertname").unwrap_or("").to_owned();
    let names: BTreeSet<String> = radius.now.iter().chain(&radius.past).map(named).collect();
    radius.watchdog = watchdog.is_some_and(|name| names.contains(name));
    // Where there is but one alert at all, whatever mutes it mutes "everything": that says nothing.
    radius.everything |= whole && names.len() > 1;
    let rest = |one: &Muted| watchdog != one.labels.get("alertname");
    radius.now.retain(rest);
    radius.past.retain(rest);
    radius
}

/// Departments that a silence says it is about: those that an equality names.
pub fn home(pack: &Pack, matchers: &[Matcher]) -> BTreeSet<String> {
    matchers
        .iter()
        .filter(|one| one.op == MatchOp::Equal && one.name == pack.alerting.department_label)
        .map(|one| one.value.clone())
        .collect()
}

/// Whether it would mute an alert of which only the name is known, and that name is nobody's.
pub fn is_boundless(matchers: &[Matcher]) -> bool {
    let nobodys = Labels::new([("alertname", "AnAlertThatNobodyHasThoughtOfYet")]);
    matchers.iter().all(|matcher| matcher.matches(&nobodys))
}

fn muted(pack: &Pack, labels: Labels) -> Muted {
    let department = labels.get(&pack.alerting.department_label).unwrap_or("").into();
    Muted { severity: pack.severity_of(&labels), department, labels }
}

pub(super) async fn external(clients: &Clients) -> Result<Labels, Fault> {
    match clients.ask(&Ask::Plain(Key::ExternalLabels)).await {
        Ok(answered) => Ok(match answered.answer {
            Answer::ExternalLabels(labels) => labels,
            _ => Labels::default(),
        }),
        // Servers that are no Prometheus do not tell their configuration; their alerts have the labels they have.
        Err(fault) if matches!(fault.kind, FaultKind::NotFound | FaultKind::Forbidden) => {
            Ok(Labels::default())
        }
        Err(fault) => Err(fault),
    }
}

/// What Prometheus itself can judge.
fn selector(matchers: &[Matcher], external: &Labels) -> String {
    let own = matchers.iter().filter(|one| external.get(&one.name).is_none()).map(ToString::to_string);
    let all: Vec<String> = std::iter::once("alertstate=\"firing\"".to_owned()).chain(own).collect();
    format!("ALERTS{{{}}}", all.join(","))
}

/// What only can be judged here: conditions on labels that Alertmanager's alerts have from Prometheus's configuration,
/// unless an alert has a label of that name itself.
fn holds(matchers: &[Matcher], own: &Labels, external: &Labels) -> bool {
    let sent: Labels = external.iter().chain(own.iter()).collect();
    matchers.iter().filter(|one| external.get(&one.name).is_some()).all(|one| one.matches(&sent))
}

/// The alerts of a selector that fired in the day before a moment, and how many fired at all.
async fn of_day(clients: &Clients, selector: &str, at: Time) -> Result<(Vec<Sample>, usize), Fault> {
    let all = "count(count_over_time(ALERTS{alertstate=\"firing\"}[1d]))".to_owned();
    let hit = instant(clients, format!("count_over_time({selector}[1d])"), at);
    let (hit, fired) = futures_util::future::join(hit, instant(clients, all, at)).await;
    Ok((hit?, fired?.first().map_or(0.0, |sample| sample.value) as usize))
}

async fn instant(clients: &Clients, query: String, at: Time) -> Result<Vec<Sample>, Fault> {
    match clients.ask(&Ask::Instant { query: query.into(), at }).await?.answer {
        Answer::Vector(samples) => Ok(samples),
        _ => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matchers(texts: &[&str]) -> Vec<Matcher> {
        texts.iter().map(|text| Matcher::parse(text).expect("a matcher")).collect()
    }

    #[test]
    fn what_would_mute_anything_is_known_without_asking() {
        for boundless in
            [&["alertname=~\".+\""][..], &["alertname!=\"\"", "severity!=\"x\""], &[], &["a!~\"b\""]]
        {
            assert!(is_boundless(&matchers(boundless)), "{boundless:?}");
        }
        for bounded in
            [&["severity=\"critical\""][..], &["alertname=\"X\""], &["alertname=~\".+\"", "job=\"a\""]]
        {
            assert!(!is_boundless(&matchers(bounded)), "{bounded:?}");
        }
    }

    #[test]
    fn conditions_on_external_labels_are_judged_here_and_the_rest_by_prometheus() {
        let external = Labels::new([("cluster", "local"), ("hospital", "x")]);
        let all = matchers(&["cluster=\"local\"", "alertname=\"a\\\"\\n$(x);\"", "hospital!=\"y\""]);
        assert_eq!(
            selector(&all, &external),
            r#"ALERTS{alertstate="firing",alertname="a\"n$(x);"}"#.replace("\"n$", "\"\\n$")
        );
        assert!(holds(&all, &Labels::default(), &external));
        assert!(!holds(&all, &Labels::new([("cluster", "other")]), &external), "its own label wins");
        assert!(!holds(&matchers(&["cluster=\"other\""]), &Labels::default(), &external));
    }
}
