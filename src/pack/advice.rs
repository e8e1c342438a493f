//! What this field does about a likely cause (`advice.toml`): recommendations, and the playbooks that fit.
//!
//! Owns the choice among the rules. Must not know how a cause was found; kinds of causes are words here.

mod read;

use std::collections::BTreeSet;

pub(super) use read::read;

use super::Pack;
use super::playbook::Case;
use crate::model::{Labels, Severity};

/// Kinds of causes, as findings name them.
pub const KINDS: [&str; 12] = [
    "latency",
    "error",
    "cpu",
    "memory",
    "disk",
    "thermal",
    "wrong_result",
    "quality",
    "dependency",
    "down",
    "traffic",
    "security",
];

/// The rules, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// All of them.
    pub rules: Vec<AdviceRule>,
}

/// One rule: every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdviceRule {
    /// One of these kinds of causes.
    pub causes: Vec<String>,
    /// One of these components.
    pub components: Vec<String>,
    /// An alert of one of these categories fires.
    pub categories: Vec<String>,
    /// The worst alert is one of these.
    pub severities: Vec<Severity>,
    /// What to do.
    pub say: Vec<String>,
    /// Playbooks that do it.
    pub playbooks: Vec<String>,
}

impl AdviceRule {
    fn holds(&self, suspect: &Suspect<'_>, facts: &Facts) -> bool {
        let one_of = |list: &[String], what: &str| list.is_empty() || list.iter().any(|one| one == what);
        one_of(&self.causes, suspect.kind)
            && one_of(&self.components, suspect.component)
            && (self.categories.is_empty()
                || self.categories.iter().any(|one| facts.categories.contains(one)))
            && (self.severities.is_empty()
                || facts.worst.is_some_and(|worst| self.severities.contains(&worst)))
    }

    /// How particular it is: a component says most.
    fn weight(&self) -> u32 {
        [(&self.components, 8), (&self.causes, 4), (&self.categories, 2)]
            .into_iter()
            .map(|(list, weight)| if list.is_empty() { 0 } else { weight })
            .sum::<u32>()
            + u32::from(!self.severities.is_empty())
    }
}

/// A likely cause, as advice is chosen for it.
#[derive(Clone, Copy, Debug)]
pub struct Suspect<'a> {
    /// Where.
    pub component: &'a str,
    /// In which way.
    pub kind: &'a str,
    /// The alerts of the incident, by their labels: name and component among them.
    pub alerts: &'a [Labels],
}

/// What the field says about a cause.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advised {
    /// What to do, the most particular first.
    pub say: Vec<String>,
    /// Names of playbooks, the most particular first.
    pub playbooks: Vec<String>,
}

/// What the alerts of an incident say of the whole.
struct Facts {
    worst: Option<Severity>,
    categories: BTreeSet<String>,
}

impl Pack {
    /// What to do about a cause: what the rules say, then the playbooks that are made for
    /// one of the component's alerts.
    pub fn advise(&self, suspect: &Suspect<'_>) -> Advised {
        let facts = Facts {
            worst: suspect.alerts.iter().map(|labels| self.severity_of(labels)).min(),
            categories: suspect.alerts.iter().filter_map(|labels| self.category_of(labels)).collect(),
        };
        let mut rules: Vec<&AdviceRule> =
            self.advice.rules.iter().filter(|rule| rule.holds(suspect, &facts)).collect();
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.weight()));
        let mut advised = Advised::default();
        let put = |list: &mut Vec<String>, one: &String| {
            if !list.contains(one) {
                list.push(one.clone());
            }
        };
        for rule in rules {
            rule.say.iter().for_each(|one| put(&mut advised.say, one));
            rule.playbooks.iter().for_each(|one| put(&mut advised.playbooks, one));
        }
        let own: Vec<Labels> = suspect
            .alerts
            .iter()
            .filter(|labels| self.signals.component(labels) == Some(suspect.component))
            .cloned()
            .collect();
        for labels in &own {
            let category = self.category_of(labels).unwrap_or_default();
            let alerts = std::slice::from_ref(labels);
            let case = Case { severity: self.severity_of(labels), category: &category, alerts };
            // Severity and category alone say nothing of this cause: more room for a slow service heats a hot machine.
            let fits = super::playbook::fitting(self.playbooks.iter(), &case).into_iter();
            for (playbook, _) in fits.filter(|(_, fit)| fit.alert.is_some() || !fit.labels.is_empty()) {
                put(&mut advised.playbooks, &playbook.name);
            }
        }
        advised
    }

    /// What people call a component; its name where they call it by that.
    pub fn title_of<'n>(&'n self, component: &'n str) -> &'n str {
        self.signals.titles.get(component).map_or(component, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(causes: &[&str], components: &[&str], say: &str) -> AdviceRule {
        let list = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        AdviceRule {
            causes: list(causes),
            components: list(components),
            say: vec![say.to_owned()],
            ..AdviceRule::default()
        }
    }

    fn pack() -> Pack {
        let mut pack = crate::pack::load("hospital", &[]).expect("the shipped pack");
        pack.advice.rules = vec![
            rule(&["thermal"], &[], "any heat"),
            AdviceRule { severities: vec![Severity::Critical], ..rule(&["thermal"], &[], "worst heat") },
            AdviceRule { playbooks: vec!["memory".to_owned()], ..rule(&["thermal"], &["m"], "heat of m") },
            rule(&["cpu"], &["m"], "processor of m"),
            AdviceRule { categories: vec!["security".to_owned()], ..rule(&["thermal"], &[], "arson") },
        ];
        pack
    }

    #[test]
    fn the_most_particular_rule_speaks_first_and_every_condition_must_hold() {
        let pack = pack();
        let said = |component: &str, alerts: &[Labels]| {
            pack.advise(&Suspect { component, kind: "thermal", alerts }).say
        };
        assert_eq!(said("m", &[]), ["heat of m", "any heat"]);
        assert_eq!(said("other", &[]), ["any heat"]);
        let critical = Labels::new([("alertname", "X"), ("severity", "critical")]);
        assert_eq!(said("other", std::slice::from_ref(&critical)), ["worst heat", "any heat"]);
        let break_in = critical.with("category", "security");
        assert_eq!(said("other", &[break_in]), ["arson", "worst heat", "any heat"]);
    }

    #[test]
    fn playbooks_that_a_components_own_alerts_ask_for_come_after_those_of_the_rules() {
        let pack = pack();
        let hot = Labels::new([("alertname", "MacStudioThermalThrottling"), ("service", "m")]);
        let suspect = Suspect { component: "m", kind: "thermal", alerts: std::slice::from_ref(&hot) };
        assert_eq!(pack.advise(&suspect).playbooks, ["memory", "thermal"]);
        let elsewhere = Suspect { component: "other", ..suspect };
        assert!(pack.advise(&elsewhere).playbooks.is_empty(), "another component's alert");
    }
}
