//! `demo/alertmanager.toml`: external labels, routes, receivers, inhibition.

use crate::document::{Document, Problem, Problems, Section};
use crate::model::{Labels, Matcher};
use crate::pack::{DemoFile, Pack};
use crate::text::alerting::EN as WORDS;

/// How often rules are evaluated where nobody says.
pub(super) const DEFAULT_INTERVAL_MS: i64 = 15_000;

/// How a place's alerts are evaluated and routed.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What Prometheus adds to every alert that it sends.
    pub external_labels: Labels,
    /// Milliseconds between two evaluations of a rule whose group names none.
    pub interval_ms: i64,
    /// The first route, which takes what no other takes.
    pub route: Route,
    /// Receivers, in the file's order.
    pub receivers: Vec<Receiver>,
    /// What mutes what.
    pub inhibitions: Vec<Inhibition>,
}

/// Somebody who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// Name.
    pub name: String,
}

/// A node of the tree of routes.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Who is told.
    pub receiver: String,
    /// All must match; none do for every alert.
    pub matchers: Vec<Matcher>,
    /// Labels that make a group.
    pub group_by: Vec<String>,
    /// Whether the routes after this one are tried too.
    pub goes_on: bool,
    /// Milliseconds to wait for a group's first alerts, and between two messages; shown only.
    pub timing_ms: [i64; 3],
    /// Finer routes, tried in order.
    pub routes: Vec<Route>,
}

/// Alerts that mute others.
#[derive(Clone, Debug, PartialEq)]
pub struct Inhibition {
    /// What mutes.
    pub source: Vec<Matcher>,
    /// What is muted.
    pub target: Vec<Matcher>,
    /// Labels whose values must be equal in both.
    pub equal: Vec<String>,
}

impl Settings {
    /// A pack's. The error is every problem of its file.
    pub fn of_pack(pack: &Pack) -> Result<Self, Vec<Problem>> {
        match &pack.demo {
            Some(demo) => Self::read(&demo.alerting),
            None => Err(vec![Problem::bare(pack.name.as_str(), WORDS.no_place)]),
        }
    }

    /// Reads the file.
    pub(super) fn read(file: &DemoFile) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new(file.name.as_str(), &file.text);
        let read = Document::parse(&file.text, &mut problems).map(|document| {
            let root = document.root();
            let read = Self::of(&root, &mut problems);
            root.finish(&mut problems);
            read
        });
        match read {
            Some(Some(settings)) if problems.is_empty() => Ok(settings),
            _ => Err(problems.into_list()),
        }
    }

    fn of(root: &Section<'_, '_>, problems: &mut Problems) -> Option<Self> {
        let mut external = Vec::new();
        if let Some(section) = root.section("external_labels", problems) {
            for (name, _, value) in section.entries() {
                if !is_label_name(&name) {
                    value.problem(&(WORDS.label_name)(&name), None, problems);
                }
                external.push((name, value.string(problems).unwrap_or_default()));
            }
        }
        let mut interval_s = None;
        if let Some(section) = root.section("evaluation", problems) {
            interval_s = within(&section, "interval_s", (1, 3600), problems);
            section.finish(problems);
        }
        let receivers: Vec<Receiver> = root
            .sections("receivers", problems)
            .iter()
            .filter_map(|section| {
                let name = section.required("name", problems)?.string(problems)?;
                section.finish(problems);
                Some(Receiver { name })
            })
            .collect();
        let route = root.required("route", problems)?.section(problems)?;
        let route = self::route(&route, None, &receivers, problems)?;
        let inhibitions = root.sections("inhibit_rules", problems);
        let inhibitions = inhibitions
            .iter()
            .map(|section| {
                let inhibition = Inhibition {
                    source: matchers(section, "source_matchers", problems),
                    target: matchers(section, "target_matchers", problems),
                    equal: section.strings("equal", problems).unwrap_or_default(),
                };
                section.finish(problems);
                inhibition
            })
            .collect();
        Some(Self {
            external_labels: Labels::new(external),
            interval_ms: interval_s.map_or(DEFAULT_INTERVAL_MS, |s| s * 1000),
            route,
            receivers,
            inhibitions,
        })
    }

    /// The routes that take an alert: receiver and labels of its group.
    pub fn routes_of<'a>(&'a self, labels: &Labels) -> Vec<&'a Route> {
        let mut found = Vec::new();
        collect(&self.route, labels, &mut found);
        found
    }
}

fn collect<'a>(route: &'a Route, labels: &Labels, found: &mut Vec<&'a Route>) {
    let before = found.len();
    for child in &route.routes {
        if child.matchers.iter().all(|matcher| matcher.matches(labels)) {
            collect(child, labels, found);
            if !child.goes_on {
                break;
            }
        }
    }
    if found.len() == before {
        found.push(route);
    }
}

fn route(
    section: &Section<'_, '_>,
    parent: Option<&Route>,
    receivers: &[Receiver],
    problems: &mut Problems,
) -> Option<Route> {
    let receiver = match (section.value("receiver"), parent) {
        (Some(value), _) => {
            let name = value.string(problems)?;
            if !receivers.iter().any(|receiver| receiver.name == name) {
                value.problem(&(WORDS.unknown_receiver)(&name), None, problems);
            }
            name
        }
        (None, Some(parent)) => parent.receiver.clone(),
        (None, None) => section.required("receiver", problems)?.string(problems)?,
    };
    let inherited = parent.map_or([30_000, 300_000, 14_400_000], |parent| parent.timing_ms);
    let mut timing_ms = inherited;
    for (at, key) in ["group_wait_s", "group_interval_s", "repeat_interval_s"].into_iter().enumerate() {
        if let Some(seconds) = within(section, key, (0, 604_800), problems) {
            timing_ms[at] = seconds * 1000;
        }
    }
    let group_by = section.strings("group_by", problems);
    let mut route = Route {
        receiver,
        matchers: matchers(section, "matchers", problems),
        group_by: group_by.or_else(|| parent.map(|parent| parent.group_by.clone())).unwrap_or_default(),
        goes_on: section.bool("continue", problems).unwrap_or(false),
        timing_ms,
        routes: Vec::new(),
    };
    let children = section.sections("routes", problems);
    route.routes =
        children.iter().filter_map(|child| self::route(child, Some(&route), receivers, problems)).collect();
    section.finish(problems);
    Some(route)
}

fn within(
    section: &Section<'_, '_>,
    key: &str,
    (least, most): (i64, i64),
    problems: &mut Problems,
) -> Option<i64> {
    let value = section.value(key)?;
    let number = value.integer(problems)?;
    if (least..=most).contains(&number) {
        return Some(number);
    }
    value.problem(&(WORDS.out_of_range)(least, most), None, problems);
    None
}

fn matchers(section: &Section<'_, '_>, key: &str, problems: &mut Problems) -> Vec<Matcher> {
    let Some(values) = section.value(key).and_then(|value| value.array(problems)) else { return Vec::new() };
    values
        .iter()
        .filter_map(|value| {
            let text = value.string(problems)?;
            Matcher::parse(&text).map_err(|why| value.problem(&why, None, problems)).ok()
        })
        .collect()
}

/// Whether this can be a label's name.
pub(crate) fn is_label_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
