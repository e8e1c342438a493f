//! What correlation watches in this field: signals of metrics, who lives on whom, where changes show (`signals.toml`).

mod read;

use std::collections::BTreeMap;

use crate::model::Labels;
use crate::model::evidence::Relation;

pub(super) use read::read;

/// What is gathered of an incident besides what is discovered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signals {
    /// Labels that name a component, best first; those of `explore.toml` where the pack does not say.
    pub component_labels: Vec<String>,
    /// Other names of a component: what a label says, the component.
    pub also: BTreeMap<String, String>,
    /// What people call a component, where that is not its name.
    pub titles: BTreeMap<String, String>,
    /// Signals of metrics.
    pub metrics: Vec<Signal>,
    /// Who needs whom, besides what spans tell.
    pub edges: Vec<Edge>,
    /// Where changes show in metrics.
    pub changes: Vec<ChangeSignal>,
}

/// A query that tells how components do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Its name in the evidence: `http_latency_p95_seconds`.
    pub name: String,
    /// PromQL.
    pub query: String,
    /// Whose signal it is.
    pub of: Owner,
}

/// Whose signal a series is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Always this component's.
    Component(String),
    /// That of the labels that name a component.
    Labels,
}

/// An edge of the topology.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Who needs.
    pub caller: String,
    /// Who is needed.
    pub callee: String,
    /// How.
    pub relation: Relation,
}

/// A query that tells of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSignal {
    /// What happened, in words; `{label}` is the value of a label.
    pub title: String,
    /// PromQL.
    pub query: String,
    /// How it tells.
    pub kind: ChangeKind,
}

/// How a query tells of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// Its value is the moment, in unix seconds.
    Moment,
    /// A label set that was not there before appears.
    Appears,
}

impl Signals {
    /// The component that labels name, by the labels of the pack.
    pub fn component<'l>(&'l self, labels: &'l Labels) -> Option<&'l str> {
        let named =
            self.component_labels.iter().find_map(|label| labels.get(label).filter(|v| !v.is_empty()))?;
        Some(self.known(named))
    }

    /// The component behind a name.
    pub fn known<'n>(&'n self, name: &'n str) -> &'n str {
        self.also.get(name).map_or(name, String::as_str)
    }

    /// Whether a word is known as the name of a component: the pack names it somewhere.
    pub fn is_component(&self, word: &str) -> bool {
        let owned = |signal: &Signal| matches!(&signal.of, Owner::Component(component) if component == word);
        self.titles.contains_key(word)
            || self.also.iter().any(|(name, component)| name == word || component == word)
            || self.edges.iter().any(|edge| edge.caller == word || edge.callee == word)
            || self.metrics.iter().any(owned)
    }

    /// Every name of a component: its own, and what labels call it.
    pub fn names_of<'n>(&'n self, component: &'n str) -> Vec<&'n str> {
        let others = self.also.iter().filter(|(_, of)| *of == component).map(|(name, _)| name.as_str());
        std::iter::once(component).chain(others).collect()
    }
}

impl ChangeSignal {
    /// The words for a change with these labels.
    pub fn words(&self, labels: &Labels) -> String {
        let mut out = String::with_capacity(self.title.len());
        let mut rest = self.title.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, end)) = after.split_once('}') else {
                out.push('{');
                out.push_str(after);
                return out;
            };
            out.push_str(labels.get(name).unwrap_or("?"));
            rest = end;
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_is_found_by_the_best_label_and_by_any_of_its_names() {
        let signals = Signals {
            component_labels: vec!["service".to_owned(), "job".to_owned()],
            also: [("exporter".to_owned(), "machine".to_owned())].into(),
            ..Signals::default()
        };
        let of = |pairs: &[(&str, &str)]| {
            signals.component(&Labels::new(pairs.iter().copied())).map(str::to_owned)
        };
        assert_eq!(of(&[("job", "b"), ("service", "a")]).as_deref(), Some("a"));
        assert_eq!(of(&[("service", ""), ("job", "exporter")]).as_deref(), Some("machine"));
        assert_eq!(of(&[("instance", "x")]), None);
        assert_eq!(signals.names_of("machine"), ["machine", "exporter"]);
    }

    #[test]
    fn the_words_of_a_change_name_its_labels() {
        let words = |title: &str| {
            ChangeSignal { title: title.to_owned(), query: String::new(), kind: ChangeKind::Moment }
                .words(&Labels::new([("job", "a"), ("version", "2.1")]))
        };
        assert_eq!(words("{job}: version {version}"), "a: version 2.1");
        assert_eq!(words("{nobody} started"), "? started");
        assert_eq!(words("open {job"), "open {job");
    }
}
