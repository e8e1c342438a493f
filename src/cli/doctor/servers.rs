//! Checks of the servers: do they answer, are the clocks right, are there rules, does the dead man's
//! switch fire, do Prometheus's alerts arrive at Alertmanager.

use std::sync::Arc;

use futures_util::future::{join, join_all};

use super::super::Exit;
use super::Prober;
use super::report::Report;
use crate::config::Sources;
use crate::model::ask::{About, Answer, Answered, Ask, Key};
use crate::model::{Alert, Fault, FaultKind, Labels, RuleGroup, RuleHealth, SourceId, SourceKind, Time};
use crate::pack::Pack;
use crate::text::doctor::EN as WORDS;

/// Beyond this many seconds ages and windows are visibly wrong. A `Date` header has whole seconds.
const SKEW_S: i64 = 5;

/// Asks every source at once and tells in the order of the configuration.
pub async fn examine(
    sources: &Sources,
    pack: Option<&Pack>,
    prober: &dyn Prober,
    now: Time,
    report: &mut Report,
) {
    let all = sources.all();
    let first = join_all(all.iter().map(|(id, _)| visit(id, prober, now)));
    let (visits, alerting) = join(first, alerting(sources, prober)).await;
    for ((id, source), visit) in all.iter().zip(visits) {
        let is_silent = visit.ready.is_err();
        tell_visit(id, &source.shown_url(), visit, report);
        match id {
            // What else cannot be read of it has the same cause, and one is enough.
            _ if is_silent => {}
            SourceId::Server(SourceKind::Prometheus) => tell_prometheus(&alerting, pack, report),
            SourceId::Server(SourceKind::Alertmanager) => tell_alertmanager(&alerting, report),
            _ => {}
        }
    }
}

/// What one source said of itself.
struct Visit {
    ready: Result<Answered, Fault>,
    build: Option<Answered>,
}

async fn visit(id: &SourceId, prober: &dyn Prober, now: Time) -> Visit {
    if let SourceId::Page(name) = id {
        return Visit { ready: prober.ask(Ask::Plain(Key::Page(name.clone()))).await, build: None };
    }
    let ready = prober.ask(Ask::Plain(Key::Ready(id.clone())));
    let build = prober.ask(Ask::Plain(Key::BuildInfo(id.clone())));
    let (mut ready, build) = join(ready, build).await;
    // What only speaks Prometheus's API may serve neither; whether it answers queries is what counts.
    let missing = ready.as_ref().err().is_some_and(|fault| fault.kind == FaultKind::NotFound);
    if missing && *id == SourceId::PROMETHEUS {
        ready = prober.ask(Ask::Instant { query: Arc::from("vector(1)"), at: now }).await;
    }
    Visit { ready, build: build.ok() }
}

fn tell_visit(id: &SourceId, url: &str, visit: Visit, report: &mut Report) {
    let about = id.to_string();
    let answered = match visit.ready {
        Ok(answered) => answered,
        Err(fault) => {
            let advice = (crate::text::fault::EN.advice)(fault.kind);
            let advice = if advice.is_empty() { (WORDS.fault_advice)(fault.kind) } else { advice };
            return report.fail(
                &about,
                (WORDS.no_answer)(url, &fault.to_string()),
                advice,
                Exit::Unreachable,
            );
        }
    };
    let version = match visit.build.as_ref().map(|build| &build.answer) {
        Some(Answer::About(About { version, .. })) => version.as_ref(),
        _ => "",
    };
    match &answered.answer {
        Answer::About(said) if said.ready == Some(false) => {
            report.warn(&about, (WORDS.not_ready)(url, &said.words), WORDS.not_ready_advice);
        }
        Answer::Page(samples) => report.ok(&about, (WORDS.page)(url, samples.len(), answered.took_ms)),
        _ => report.ok(&about, (WORDS.answers)(url, version, answered.took_ms)),
    }
    let skew = answered.clock_skew_s.or(visit.build.and_then(|build| build.clock_skew_s));
    match skew {
        Some(skew) if skew.abs() > SKEW_S => report.warn(&about, (WORDS.skew)(skew), WORDS.skew_advice),
        Some(_) => report.ok(&about, WORDS.clock),
        None => {}
    }
}

/// What is known of alerting; `None` where the server is not configured.
struct Alerting {
    rules: Option<Result<Vec<RuleGroup>, Fault>>,
    external: Option<Result<Labels, Fault>>,
    alerts: Option<Result<Vec<Alert>, Fault>>,
}

async fn alerting(sources: &Sources, prober: &dyn Prober) -> Alerting {
    let ask = |there: bool, key: Key| async move {
        if there { Some(prober.ask(Ask::Plain(key)).await) } else { None }
    };
    let (prometheus, alertmanager) = (sources.prometheus.is_some(), sources.alertmanager.is_some());
    let ((rules, external), alerts) = join(
        join(ask(prometheus, Key::Rules), ask(prometheus, Key::ExternalLabels)),
        ask(alertmanager, Key::Alerts),
    )
    .await;
    Alerting {
        rules: pick(rules, |answer| if let Answer::Rules(groups) = answer { Some(groups) } else { None }),
        external: pick(external, |answer| {
            if let Answer::ExternalLabels(labels) = answer { Some(labels) } else { None }
        }),
        alerts: pick(alerts, |answer| if let Answer::Alerts(alerts) = answer { Some(alerts) } else { None }),
    }
}

fn pick<T>(
    answered: Option<Result<Answered, Fault>>,
    wanted: impl FnOnce(Answer) -> Option<T>,
) -> Option<Result<T, Fault>> {
    let strange = || Fault::new(FaultKind::WrongFormat, WORDS.strange);
    answered.map(|answered| answered.and_then(|answered| wanted(answered.answer).ok_or_else(strange)))
}

fn tell_prometheus(alerting: &Alerting, pack: Option<&Pack>, report: &mut Report) {
    let about = SourceKind::Prometheus.as_str();
    match &alerting.external {
        Some(Ok(labels)) if labels.is_empty() => report.ok(about, WORDS.no_external),
        Some(Ok(labels)) => report.ok(about, (WORDS.external)(&labels.to_string())),
        Some(Err(fault)) => {
            report.warn(about, (WORDS.external_unknown)(&fault.to_string()), WORDS.external_advice);
        }
        None => {}
    }
    let groups = match &alerting.rules {
        Some(Ok(groups)) => groups,
        Some(Err(fault)) => {
            return report.warn(about, (WORDS.rules_unknown)(&fault.to_string()), WORDS.rules_unknown_advice);
        }
        None => return,
    };
    let rules: Vec<_> = groups.iter().flat_map(|group| &group.rules).collect();
    if rules.is_empty() {
        report.warn(about, WORDS.no_rules, WORDS.no_rules_advice);
    } else {
        report.ok(about, (WORDS.rules)(rules.len()));
    }
    for rule in &rules {
        if let RuleHealth::Err(why) = &rule.health {
            report.warn(about, (WORDS.rule_broken)(&rule.name, why), WORDS.rule_broken_advice);
        }
    }
    if let Some(watchdog) = pack.and_then(|pack| pack.alerting.watchdog.as_deref()) {
        let mut there = rules.iter().filter(|rule| &*rule.name == watchdog).peekable();
        if there.peek().is_none() {
            report.warn(about, (WORDS.no_watchdog)(watchdog), WORDS.no_watchdog_advice);
        } else if there.flat_map(|rule| &rule.active).any(|active| active.firing) {
            report.ok(about, (WORDS.watchdog)(watchdog));
        } else {
            report.warn(about, (WORDS.watchdog_silent)(watchdog), WORDS.watchdog_silent_advice);
        }
    }
}

fn tell_alertmanager(alerting: &Alerting, report: &mut Report) {
    let about = SourceKind::Alertmanager.as_str();
    let alerts = match &alerting.alerts {
        Some(Ok(alerts)) => alerts,
        Some(Err(fault)) => {
            return report.fail(about, (WORDS.alerts_unknown)(&fault.to_string()), "", Exit::Unreachable);
        }
        None => return,
    };
    let Some(Ok(groups)) = &alerting.rules else {
        return report.ok(about, (WORDS.alerts)(alerts.len()));
    };
    let external = match &alerting.external {
        Some(Ok(labels)) => labels.clone(),
        _ => Labels::default(),
    };
    let names: Vec<&str> = external.iter().map(|(name, _)| name).collect();
    let known: Vec<Labels> = alerts.iter().map(|alert| alert.labels.without(&names)).collect();
    let firing: Vec<Labels> = groups
        .iter()
        .flat_map(|group| &group.rules)
        .flat_map(|rule| &rule.active)
        .filter(|active| active.firing)
        .map(|active| active.labels.without(&names))
        .collect();
    // Labels that alert relabelling or unread external labels added do not make another alert.
    let arrived = firing
        .iter()
        .filter(|wanted| {
            known.iter().any(|labels| wanted.iter().all(|(name, value)| labels.get(name) == Some(value)))
        })
        .count();
    let counts = (arrived, firing.len(), alerts.len());
    if firing.is_empty() || arrived == firing.len() {
        report.ok(about, (WORDS.joined)(counts));
    } else {
        report.warn(about, (WORDS.not_joined)(counts), WORDS.not_joined_advice);
    }
}
