//! What the analysis found, in the terms of the view: causes in words, each piece of evidence with the query that shows it.

use std::time::Instant;

use crate::correlate::detail::Detail;
use crate::correlate::findings::{Finding, Signal as Said, Verdict as Named, Witness};
use crate::correlate::{self, Advised, AdvisedFinding, Options, summary};
use crate::explore::incident::{Analysis, Cause, Goal, Piece, Signal, Verdict};
use crate::model::evidence::{AlertRecord, Evidence};
use crate::model::labels::Quoted;
use crate::model::{Labels, Time};
use crate::pack::{Pack, Suspect};

/// Analyses evidence, whoever gathered it.
pub fn analyse(evidence: &Evidence, pack: &Pack, is_bundle: bool) -> Analysis {
    let (found, took_ms) = timed(evidence, &options(pack));
    told(&found, &evidence.alerts, pack, is_bundle, took_ms)
}

/// What is found, and how many milliseconds that took.
pub fn timed(evidence: &Evidence, options: &Options) -> (correlate::Analysis, u64) {
    let began = Instant::now();
    let found = correlate::analyse(evidence, options);
    (found, u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX))
}

/// How the analysis finds components: the pack's names come first; evidence of others has others.
pub fn options(pack: &Pack) -> Options {
    let mut options = Options::default();
    let others = std::mem::take(&mut options.naming);
    let own = pack.signals.component_labels.iter().cloned();
    for name in std::iter::once("service".to_owned()).chain(own).chain(others) {
        if !options.naming.contains(&name) {
            options.naming.push(name);
        }
    }
    options
}

/// What the pack says of findings: what people call a component, what to do about it.
pub fn advised(found: &correlate::Analysis, alerts: &[AlertRecord], pack: &Pack) -> Advised {
    let alerts: Vec<Labels> =
        alerts.iter().map(|alert| alert.labels.with("alertname", &alert.name)).collect();
    let of = |finding: &Finding| {
        let (component, kind) = (&*finding.component, finding.cause.word());
        let title = pack.title_of(component);
        // What follows from another cause ends with it: whoever treats the victim loses time.
        let own = if finding.downstream_of.is_empty() {
            pack.advise(&Suspect { component, kind, alerts: &alerts })
        } else {
            crate::pack::advice::Advised::default()
        };
        AdvisedFinding {
            title: if title == component { String::new() } else { title.to_owned() },
            say: own.say,
            playbooks: own.playbooks,
        }
    };
    Advised::new(found, found.findings.iter().map(of).collect())
}

/// What was found, in the terms of the view.
pub fn told(
    found: &correlate::Analysis,
    alerts: &[AlertRecord],
    pack: &Pack,
    is_bundle: bool,
    took_ms: u64,
) -> Analysis {
    let links = Links { pack, is_bundle };
    let advised = advised(found, alerts, pack);
    Analysis {
        verdict: if found.verdict == Named::Culprit { Verdict::Culprit } else { Verdict::Unsure },
        causes: found
            .findings
            .iter()
            .zip(advised.findings)
            .map(|(one, own)| cause(one, own, &links))
            .collect(),
        recommendations: advised.recommendations,
        open: found.missing.iter().map(|one| summary::missing(*one).to_owned()).collect(),
        took_ms,
    }
}

fn cause(finding: &Finding, advised: AdvisedFinding, links: &Links<'_>) -> Cause {
    Cause {
        component: finding.component.to_string(),
        title: advised.title,
        kind: finding.cause.word().to_owned(),
        score: rounded(finding.score),
        confidence: rounded(finding.confidence),
        onset: finding.onset.and_then(moment),
        summary: summary::finding(finding),
        evidence: finding
            .witnesses
            .iter()
            .map(|witness| Piece {
                signal: match witness.signal {
                    Said::Metric => Signal::Metric,
                    Said::Log => Signal::Log,
                    Said::Trace => Signal::Trace,
                    Said::Alert => Signal::Alert,
                    Said::Change => Signal::Change,
                },
                summary: summary::detail(&witness.detail),
                strength: rounded(witness.strength),
                at: witness.at.and_then(moment),
                goal: links.goal(&finding.component, witness),
            })
            .collect(),
        downstream_of: finding.downstream_of.iter().map(ToString::to_string).collect(),
        advice: advised.say,
        playbooks: advised.playbooks,
    }
}

fn moment(at: f64) -> Option<Time> {
    let ms = (at * 1e3).round();
    if ms.abs() < 1e15 { chrono::DateTime::from_timestamp_millis(ms as i64) } else { None }
}

/// Four digits: more would differ from machine to machine for nothing.
fn rounded(value: f64) -> f64 {
    if value.is_finite() { (value * 1e4).round() / 1e4 + 0.0 } else { 0.0 }
}

/// Where evidence is seen: in a bundle under the names of the evidence, on servers under theirs.
struct Links<'a> {
    pack: &'a Pack,
    is_bundle: bool,
}

impl Links<'_> {
    fn goal(&self, component: &str, witness: &Witness) -> Goal {
        match (&witness.detail, witness.signal) {
            (Detail::Series { name, labels, .. }, _) => Goal::Metrics(self.series(name, labels).into()),
            (Detail::Gap { caller, .. }, _) => Goal::Traces(spans(caller).into()),
            (Detail::Own { operation, .. }, _) => {
                let service = spans(component);
                let service = service.trim_end_matches('}').trim_end();
                Goal::Traces(format!("{service} && name = {} }}", Quoted(operation)).into())
            }
            (_, Said::Trace) => Goal::Traces(spans(component).into()),
            (_, Said::Alert) => Goal::Alerts,
            (_, Said::Change) => Goal::Moment,
            (_, Said::Log | Said::Metric) => Goal::Logs(self.lines(component).into()),
        }
    }

    /// PromQL of a series of the evidence.
    fn series(&self, name: &str, labels: &Labels) -> String {
        if self.is_bundle {
            return format!("{name}{labels}");
        }
        if let Some(signal) = self.pack.signals.metrics.iter().find(|signal| signal.name == name) {
            return signal.query.clone();
        }
        // The component is the evidence's own label, where the server's labels name it otherwise.
        let known = labels.without(&["service"]);
        let own = if self.pack.signals.component(&known).is_some() { known } else { labels.clone() };
        if let Some(base) = name.strip_suffix("_mean") {
            return format!("rate({base}_sum{own}[5m]) / rate({base}_count{own}[5m])");
        }
        match name.strip_suffix("_per_second") {
            Some(base) => format!("rate({base}_total{own}[5m])"),
            None => format!("{name}{own}"),
        }
    }

    /// LogQL of a component's lines.
    fn lines(&self, component: &str) -> String {
        let explore = &self.pack.explore;
        let label = explore.log_service.first().map_or("service", String::as_str);
        let names: Vec<String> =
            self.pack.signals.names_of(component).into_iter().map(regex::escape).collect();
        if self.is_bundle || names.len() == 1 {
            let label = if self.is_bundle { "service" } else { label };
            return format!("{{{label}={}}}", Quoted(component));
        }
        format!("{{{label}=~{}}}", Quoted(&names.join("|")))
    }
}

/// TraceQL of a component's spans.
fn spans(component: &str) -> String {
    format!("{{ resource.service.name = {} }}", Quoted(component))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_can_name_every_kind_of_cause() {
        let mut kinds: Vec<&str> = correlate::Cause::ALL.map(correlate::Cause::word).to_vec();
        let mut named = crate::pack::advice::KINDS.to_vec();
        kinds.sort_unstable();
        named.sort_unstable();
        assert_eq!(kinds, named);
    }

    #[test]
    fn the_shipped_pack_has_a_word_about_every_kind_of_cause() {
        let pack = crate::pack::load("hospital", &[]).expect("the shipped pack");
        for kind in crate::pack::advice::KINDS {
            let suspect = Suspect { component: "anything", kind, alerts: &[] };
            assert!(!pack.advise(&suspect).say.is_empty(), "{kind}");
        }
    }
}
