//! The pack's rule file, read strictly.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::duration;
use super::template::{Context, Template};
use crate::document::Problem;
use crate::model::Labels;
use crate::query::promql::Promql;
use crate::text::alerting::EN as WORDS;

/// Seconds that an interval may have.
const INTERVALS_S: (i64, i64) = (1, 3600);

/// A group of rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Name.
    pub name: String,
    /// Milliseconds between two evaluations.
    pub interval_ms: i64,
}

/// An alerting rule.
#[derive(Debug)]
pub struct Rule {
    /// Name: the alert's.
    pub name: String,
    /// Name of its group.
    pub group: String,
    /// Milliseconds between two evaluations.
    pub interval_ms: i64,
    /// Milliseconds that its condition must hold before it fires.
    pub hold_ms: i64,
    /// Milliseconds that it goes on firing after its condition has ceased.
    pub keep_ms: i64,
    /// Labels it adds.
    pub labels: Vec<(String, Template)>,
    /// What it tells a person.
    pub annotations: Vec<(String, Template)>,
    text: String,
    pub(super) query: Promql,
    /// Whether a label it adds depends on the sample's value.
    pub(super) labels_read_value: bool,
}

impl Rule {
    /// The expression in one line.
    pub fn expression_text(&self) -> &str {
        &self.text
    }

    /// Ticks that its condition must have held for.
    pub(super) fn hold_ticks(&self) -> i64 {
        ticks(self.hold_ms, self.interval_ms)
    }

    /// Ticks that it goes on firing.
    pub(super) fn keep_ticks(&self) -> i64 {
        ticks(self.keep_ms, self.interval_ms)
    }

    /// The labels of the alert of one sample: the sample's without its name, the rule's, the alert's name.
    pub(super) fn alert_labels(&self, sample: &Labels, external: &Labels, value: f64) -> Labels {
        let context = Context { labels: sample, external, value };
        let own = self.labels.iter().map(|(name, template)| (name.clone(), template.fill(context)));
        let sample = sample.iter().filter(|(name, _)| *name != "__name__");
        let sample = sample.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let all = sample.chain(own).chain([("alertname".to_owned(), self.name.clone())]);
        let all = Labels::new(all);
        // A label without a value is none.
        if all.iter().any(|(_, value)| value.is_empty()) {
            return Labels::new(all.iter().filter(|(_, value)| !value.is_empty()));
        }
        all
    }

    /// What it tells of one sample.
    pub(super) fn annotations(&self, sample: &Labels, external: &Labels, value: f64) -> Labels {
        let context = Context { labels: sample, external, value };
        Labels::new(self.annotations.iter().map(|(name, template)| (name.as_str(), template.fill(context))))
    }
}

fn ticks(ms: i64, interval_ms: i64) -> i64 {
    (ms + interval_ms - 1) / interval_ms
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    groups: Vec<WireGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireGroup {
    name: String,
    interval: Option<String>,
    #[serde(default)]
    rules: Vec<WireRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireRule {
    alert: Option<String>,
    record: Option<String>,
    expr: String,
    #[serde(rename = "for")]
    hold: Option<String>,
    keep_firing_for: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

/// Reads a rule file. `interval_ms` is that of groups without one.
pub(super) fn read(
    file: &str,
    text: &str,
    interval_ms: i64,
) -> Result<(Vec<Group>, Vec<Rule>), Vec<Problem>> {
    // A pack without rules has an empty text, which is no document.
    let wire: File = if text.trim().is_empty() {
        File { groups: Vec::new() }
    } else {
        serde_saphyr::from_str(text)
            .map_err(|error| vec![Problem::bare(file, (WORDS.not_rules)(&first_line(&error.to_string())))])?
    };
    let (mut groups, mut rules, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for group in wire.groups {
        let interval_ms = match group.interval.as_deref().map(interval) {
            None => interval_ms,
            Some(Ok(interval_ms)) => interval_ms,
            Some(Err(why)) => {
                problems.push(Problem::bare(file, (WORDS.rule)(&group.name, "interval", &why)));
                continue;
            }
        };
        for wire in group.rules {
            let name = wire.alert.as_ref().or(wire.record.as_ref()).cloned();
            let Some(name) = name else {
                problems.push(Problem::bare(file, (WORDS.nameless)(&group.name)));
                continue;
            };
            match rule(wire, &name, &group.name, interval_ms) {
                Ok(rule) => rules.push(rule),
                Err(why) => problems.push(Problem::bare(file, (WORDS.rule)(&group.name, &name, &why))),
            }
        }
        groups.push(Group { name: group.name, interval_ms });
    }
    if problems.is_empty() { Ok((groups, rules)) } else { Err(problems) }
}

fn first_line(text: &str) -> String {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("").trim().to_owned()
}

fn interval(text: &str) -> Result<i64, String> {
    let ms = span(text)?;
    let (least, most) = INTERVALS_S;
    let whole = ms % 1000 == 0 && (least..=most).contains(&(ms / 1000));
    if whole { Ok(ms) } else { Err((WORDS.interval)(least, most)) }
}

fn span(text: &str) -> Result<i64, String> {
    duration::parse_ms(text).ok_or_else(|| (WORDS.duration)(text))
}

fn rule(wire: WireRule, name: &str, group: &str, interval_ms: i64) -> Result<Rule, String> {
    if wire.record.is_some() {
        return Err(WORDS.recording.to_owned());
    }
    // Rules are evaluated over the samples alone, so that what they find depends on nothing else.
    if wire
        .expr
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .any(|word| word == "ALERTS" || word == "ALERTS_FOR_STATE")
    {
        return Err(WORDS.over_alerts.to_owned());
    }
    let templates = |wire: BTreeMap<String, String>| {
        wire.into_iter()
            .map(|(name, text)| {
                let template = Template::parse(&text).map_err(|why| (WORDS.template)(&name, &why))?;
                Ok((name, template))
            })
            .collect::<Result<Vec<_>, String>>()
    };
    let labels = templates(wire.labels)?;
    Ok(Rule {
        name: name.to_owned(),
        group: group.to_owned(),
        interval_ms,
        hold_ms: wire.hold.as_deref().map_or(Ok(0), span)?,
        keep_ms: wire.keep_firing_for.as_deref().map_or(Ok(0), span)?,
        labels_read_value: labels.iter().any(|(_, template)| template.reads_value()),
        labels,
        annotations: templates(wire.annotations)?,
        query: Promql::parse(&wire.expr).map_err(|error| error.to_string())?,
        text: one_line(&wire.expr),
    })
}

/// An expression in one line: what is white outside of quotes is one space, and none inside of
/// parentheses' ends. Comments end with their line.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quote, mut escaped, mut comment) = (None, false, false);
    for c in text.chars() {
        if comment {
            comment = c != '\n';
            continue;
        }
        match quote {
            Some(open) => {
                out.push(c);
                if !escaped && c == open {
                    quote = None;
                }
                escaped = !escaped && c == '\\' && open != '`';
            }
            None if c == '#' => comment = true,
            None if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with([' ', '(']) {
                    out.push(' ');
                }
            }
            None => {
                if c == ')' && out.ends_with(' ') {
                    out.pop();
                }
                if matches!(c, '"' | '\'' | '`') {
                    quote = Some(c);
                }
                out.push(c);
            }
        }
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "rules.yml";

    fn problems(text: &str) -> String {
        let problems = read(FILE, text, 15_000).expect_err(text);
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_rule_file_is_read() {
        let text = "groups:\n- name: g\n  interval: 1m\n  rules:\n  - alert: A\n    expr: |\n      sum by (job) (\n        up{a=\"b  c\"} # why\n      ) > 0\n    for: 90s\n    labels: {severity: page}\n    annotations: {summary: \"{{ $value }}\"}\n- name: empty\n";
        let (groups, rules) = read(FILE, text, 15_000).expect("rules");
        assert_eq!(
            groups.iter().map(|g| (&*g.name, g.interval_ms)).collect::<Vec<_>>(),
            [("g", 60_000), ("empty", 15_000)]
        );
        let rule = &rules[0];
        assert_eq!((&*rule.name, &*rule.group, rule.hold_ms, rule.hold_ticks()), ("A", "g", 90_000, 2));
        assert_eq!(rule.expression_text(), "sum by (job) (up{a=\"b  c\"}) > 0");
        let sample = Labels::new([("__name__", "up"), ("job", "x"), ("empty", "")]);
        let labels = rule.alert_labels(&sample, &Labels::default(), 5.0);
        assert_eq!(labels.to_string(), "{alertname=\"A\", job=\"x\", severity=\"page\"}");
        assert_eq!(rule.annotations(&sample, &Labels::default(), 5.0).get("summary"), Some("5"));
        assert!(read(FILE, "", 15_000).is_ok_and(|(groups, _)| groups.is_empty()));
    }

    #[test]
    fn a_wrong_rule_file_is_refused_with_every_problem() {
        let said = problems(
            "groups:\n- name: g\n  rules:\n  - {alert: A, expr: 'rate('}\n  - {record: 'a:b', expr: up}\n  - {expr: up}\n  - {alert: B, expr: 'ALERTS > 0'}\n  - {alert: C, expr: up, for: soon}\n  - {alert: D, expr: up, annotations: {summary: '{{ range }}'}}\n",
        );
        for part in [
            "rule A: ",
            "rule a:b: recording",
            "needs `alert`",
            "rule B: a rule over ALERTS",
            "rule C: `soon`",
            "rule D: template of `summary`: `range`",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(problems("groups:\n- name: g\n  interval: 1ms\n").contains("whole seconds"));
        for text in ["groups: 5", "x: 1", "groups:\n- name: g\n  rule: []\n", "groups:\n- name: [\n", "- a"] {
            assert!(problems(text).contains("not a Prometheus rule file"), "{text}: {}", problems(text));
        }
    }
}
