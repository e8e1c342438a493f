//! `rules export` and `rules check`.

use std::collections::BTreeSet;

use super::pack::Packs;
use super::{Exit, Output};
use crate::model::{Fault, RuleGroup, RuleHealth};
use crate::pack::Pack;
use crate::text::cli::EN as WORDS;

/// `rules export`: the pack's rule file, byte by byte.
pub fn export(packs: &dyn Packs, name: &str, out: &mut Output<'_>) -> Exit {
    match packs.load(name) {
        Ok(pack) => {
            out.result(&pack.rules);
            Exit::Done
        }
        Err(problems) => {
            out.problems(&problems);
            Exit::Usage
        }
    }
}

/// `rules check`: whether rules and pack know the same alerts and, where a Prometheus is configured
/// (`server` is its answer), whether it has every rule and can evaluate it.
pub fn check(
    packs: &dyn Packs,
    name: &str,
    server: Option<Result<Vec<RuleGroup>, Fault>>,
    out: &mut Output<'_>,
) -> Exit {
    let pack = match packs.load(name) {
        Ok(pack) => pack,
        Err(problems) => {
            out.problems(&problems);
            return Exit::Usage;
        }
    };
    let defined = names(&pack.rules);
    let mut findings = within(&pack, &defined);
    match server {
        None => out.say(WORDS.rules_no_server),
        Some(Err(fault)) => {
            tell(&findings, out);
            out.say(&(WORDS.rules_unreachable)(&fault.to_string()));
            return Exit::Unreachable;
        }
        Some(Ok(groups)) => findings.extend(against(&defined, &groups)),
    }
    tell(&findings, out);
    if !findings.is_empty() {
        return Exit::Negative;
    }
    out.result(&format!("{}\n", (WORDS.rules_fine)(defined.len())));
    Exit::Done
}

fn tell(findings: &[String], out: &mut Output<'_>) {
    for finding in findings {
        out.result(&format!("{}\n", super::output::harmless(finding)));
    }
}

/// The alert names of a rule file: the values of its `alert:` keys. A rule file that Prometheus
/// accepts has one such key a rule, on a line of its own.
fn names(rules: &str) -> Vec<&str> {
    rules
        .lines()
        .filter_map(|line| line.trim_start().trim_start_matches("- ").trim_start().strip_prefix("alert:"))
        .map(|name| name.split(" #").next().unwrap_or("").trim().trim_matches(['"', '\'']))
        .filter(|name| !name.is_empty())
        .collect()
}

fn within(pack: &Pack, defined: &[&str]) -> Vec<String> {
    let rules: BTreeSet<&str> = defined.iter().copied().collect();
    let mut findings: Vec<String> = Vec::new();
    findings.extend(
        pack.alerts
            .keys()
            .filter(|name| !rules.contains(name.as_str()))
            .map(|name| (WORDS.rule_absent)(name)),
    );
    findings.extend(
        rules.iter().filter(|name| !pack.alerts.contains_key(**name)).map(|name| (WORDS.rule_unknown)(name)),
    );
    if let Some(watchdog) = pack.alerting.watchdog.as_deref()
        && !rules.contains(watchdog)
    {
        findings.push((WORDS.rule_no_watchdog)(watchdog));
    }
    findings
}

fn against(defined: &[&str], groups: &[RuleGroup]) -> Vec<String> {
    let mut findings = Vec::new();
    for name in defined.iter().copied().collect::<BTreeSet<_>>() {
        let mut there =
            groups.iter().flat_map(|group| &group.rules).filter(|rule| &*rule.name == name).peekable();
        if there.peek().is_none() {
            findings.push((WORDS.rule_missing)(name));
        }
        for rule in there {
            if let RuleHealth::Err(why) = &rule.health {
                findings.push((WORDS.rule_broken)(name, why));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alert_names_are_found_in_a_rule_file() {
        let rules = "groups:\n- name: a\n  rules:\n  - alert: One # why\n    expr: up == 0\n  - expr: x\n    alert: \"Two\"\n  - record: x\n    # alert: No\n";
        assert_eq!(names(rules), ["One", "Two"]);
    }
}
