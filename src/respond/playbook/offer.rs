//! What fits an alert, and beginning what was shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Facts, Plan};
use crate::config::acting::Acting;
use crate::journal::{JournalError, Result};
use crate::model::Labels;
use crate::model::offer::{Offer, OfferedStep};
use crate::model::records::Run;
use crate::pack::playbook::{Case, Fit, Library};
use crate::respond::Hands;

/// The playbooks that a finding names, then those that fit an alert, the most particular first: with its incident where it
/// has one.
pub async fn offers(
    hands: &Hands,
    library: &Library,
    acting: &Acting,
    (fingerprint, labels): (&str, &Labels),
    named: &[(String, String)],
) -> Result<Vec<Offer>> {
    let wanted = fingerprint.to_owned();
    let incident = hands
        .read(move |journal| {
            let member = journal.open_memberships()?.into_iter().find(|one| *one.fingerprint == *wanted);
            let Some(member) = member else { return Ok(None) };
            let Some(incident) = journal.incident(&member.incident)? else { return Ok(None) };
            let members = journal.members(&member.incident)?;
            Ok(Some((incident, members.into_iter().map(|one| one.labels).collect::<Vec<_>>())))
        })
        .await?;
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
    Ok(first
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
                        what: step.doing.in_words(),
                        dangerous: step.dangerous,
                    })
                    .collect(),
                troubles: plan.troubles().into_iter().map(|(at, why)| (at + 1, why.to_owned())).collect(),
                dangerous: plan.is_dangerous(),
                incident: id.clone(),
                plan: serde_json::to_string(&plan).unwrap_or_default(),
            }
        })
        .collect())
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
