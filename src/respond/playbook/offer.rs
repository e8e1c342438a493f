//! What fits an alert, and beginning what was shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Facts, Plan};
use crate::config::acting::Acting;
use crate::journal::{JournalError, Result, RunFilter};
use crate::model::Labels;
use crate::model::deed::Subject;
use crate::model::offer::{Offer, OfferedStep};
use crate::model::records::{Progress, Run};
use crate::pack::playbook::{Case, Fit, Library};
use crate::respond::Hands;
use crate::text::run::EN as WORDS;

/// The playbooks that fit an alert, an incident or a likely cause, the most particular first, and the runs that go on
/// there. What a finding names comes before what fits. An alert counts as its incident where it has one.
pub async fn offers(
    hands: &Hands,
    library: &Library,
    acting: &Acting,
    subject: &Subject,
) -> Result<(Vec<Offer>, Vec<Run>)> {
    let wanted = subject.clone();
    let (incident, runs) = hands
        .read(move |journal| {
            let id = match &wanted {
                Subject::Alert(fingerprint, _) => {
                    journal.open_membership(fingerprint)?.map(|member| member.incident)
                }
                Subject::Cause(cause) => {
                    journal.open_membership(&cause.fingerprint)?.map(|member| member.incident)
                }
                Subject::Incident(id, _) => Some(id.clone()),
            };
            let incident = id.map(|id| journal.incident(&id)).transpose()?.flatten();
            let mut runs = journal.runs(&RunFilter::default())?;
            runs.retain(|run| run.incident.as_ref() == incident.as_ref().map(|one| &one.id));
            let Some(incident) = incident else { return Ok((None, runs)) };
            let members = journal.members(&incident.id)?;
            let labels: Vec<Labels> = members.into_iter().map(|one| one.labels).collect();
            Ok((Some((incident, labels)), runs))
        })
        .await?;
    let none = Labels::default();
    let (labels, named): (&Labels, &[(String, String)]) = match subject {
        Subject::Alert(_, labels) => (labels, &[]),
        Subject::Incident(..) => (&none, &[]),
        Subject::Cause(cause) => (&cause.labels, &cause.named),
    };
    let pack = &hands.pack;
    let operator = &hands.actor.operator;
    let alone = [labels.clone()];
    let category = pack.category_of(labels).unwrap_or_default();
    let (case, facts, id) = match &incident {
        Some((incident, alerts)) => (
            Case { severity: incident.severity, category: &incident.category, alerts },
            Facts::new(pack, incident, alerts, operator),
            Some(incident.id.clone()),
        ),
        None => (
            Case { severity: pack.severity_of(labels), category: &category, alerts: &alone },
            Facts::of_alert(pack, labels, operator),
            None,
        ),
    };
    let given = BTreeMap::new();
    // Where a finding has no alert of its own nothing fits but what it names.
    let fits = if labels.get("alertname").is_some() || incident.is_some() {
        library.fitting(&case)
    } else {
        Vec::new()
    };
    let fits = fits.into_iter().filter(|(playbook, _)| named.iter().all(|(name, _)| *name != playbook.name));
    let first = named.iter().filter_map(|(name, why)| {
        let playbook = library.get(name)?.read.as_ref().ok()?;
        Some((playbook, why.clone()))
    });
    let offers = first
        .chain(fits.map(|(playbook, fit)| (playbook, reasons(&fit))))
        .map(|(playbook, why)| {
            let plan = Plan::asked_for(playbook, &facts, &given, acting);
            Offer {
                name: playbook.name.clone(),
                title: playbook.title.clone(),
                why,
                steps: plan
                    .steps
                    .iter()
                    .map(|step| OfferedStep {
                        title: step.title.clone(),
                        what: step.in_words(),
                        dangerous: step.dangerous,
                    })
                    .collect(),
                troubles: plan.troubles().into_iter().map(|(at, why)| (at + 1, why.to_owned())).collect(),
                dangerous: plan.is_dangerous(),
                incident: id.clone(),
                plan: serde_json::to_string(&plan).unwrap_or_default(),
            }
        })
        .collect();
    Ok((offers, runs))
}

/// How a run stands.
pub async fn progress(hands: &Hands, id: &str) -> Result<Progress> {
    let id = id.to_owned();
    hands
        .read(move |journal| {
            let run = journal.run(&id)?.ok_or_else(|| JournalError::Refused((WORDS.no_run)(&id)))?;
            let plan = serde_json::from_str::<Plan>(&run.spec);
            let limits_s = plan.map(|plan| plan.steps.iter().map(|step| step.timeout_s).collect());
            Ok(Progress { steps: journal.steps(&id)?, run, limits_s: limits_s.unwrap_or_default() })
        })
        .await
}

/// Asks for a run to be stopped.
pub async fn stop(hands: &Hands, id: &str) -> Result<Run> {
    let (actor, now, id) = (hands.actor.clone(), hands.clock.now(), id.to_owned());
    hands.read(move |journal| journal.write(|tx| tx.stop_run(&id, &actor, now))).await
}

/// Begins what was shown, for nobody yet: whoever carries it out takes it. `false` where a run of the same playbook
/// for the same incident goes on already.
pub async fn begin(hands: &Hands, offer: &Offer) -> Result<(Run, bool)> {
    let plan: Plan =
        serde_json::from_str(&offer.plan).map_err(|error| JournalError::Internal(error.to_string()))?;
    let dedup = offer.incident.as_ref().map(|id| format!("{id}:{}", offer.name).into());
    let new = plan.new_run(offer.incident.as_ref().map(|id| Arc::from(&**id)), dedup);
    let (actor, now) = (hands.actor.clone(), hands.clock.now());
    hands.read(move |journal| journal.write(|tx| tx.begin_run(&new, &actor, now))).await
}

/// Why it fits, in words.
pub fn reasons(fit: &Fit) -> String {
    let alert = fit.alert.iter().cloned();
    let severity = fit.severity.iter().map(|one| one.as_str().to_owned());
    let all: Vec<String> =
        alert.chain(severity).chain(fit.category.iter().cloned()).chain(fit.labels.iter().cloned()).collect();
    all.join(", ")
}
