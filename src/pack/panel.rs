//! `panels.toml`: a table per panel, its key the panel's id.

use std::collections::{BTreeMap, BTreeSet};

use super::choice::{choice, finite, known_variables, required_text, text};
use super::query::{self, Broken, VARIABLES};
use super::{Level, Panel, PanelKind, Selector, StateWord, Thresholds};
use crate::document::{Problems, Section, Value};
use crate::model::Unit;
use crate::text::pack::EN as WORDS;

/// What `panels.toml` holds.
#[derive(Debug, Default)]
pub(super) struct Panels {
    /// Whether there was anything to read: without it no reference to a panel can be judged.
    pub(super) known: bool,
    /// The whole panels.
    pub(super) by_id: BTreeMap<String, Panel>,
    /// Every id, also of panels with problems: a reference to one of these is no second problem.
    pub(super) ids: BTreeSet<String>,
}

impl Panels {
    /// The variables that a panel uses.
    pub(super) fn variables(&self, id: &str) -> BTreeSet<&str> {
        let Some(panel) = self.by_id.get(id) else { return BTreeSet::new() };
        let texts = [&panel.title, &panel.query].into_iter();
        let texts =
            texts.chain(&panel.max_query).chain(&panel.fallback).chain(panel.max_fallback.iter().flatten());
        query::used(texts.chain(panel.select.iter().map(|(_, value)| value)).map(String::as_str))
    }
}

const KINDS: [(&str, PanelKind); 6] = [
    ("stat", PanelKind::Stat),
    ("gauge", PanelKind::Gauge),
    ("sparkline", PanelKind::Sparkline),
    ("chart", PanelKind::Chart),
    ("table", PanelKind::Table),
    ("bar_list", PanelKind::BarList),
];

const UNITS: [Unit; 11] = [
    Unit::None,
    Unit::Count,
    Unit::Percent,
    Unit::Ratio,
    Unit::Seconds,
    Unit::Bytes,
    Unit::PerSecond,
    Unit::Celsius,
    Unit::Watts,
    Unit::Bool,
    Unit::Days,
];

const LEVELS: [(&str, Level); 3] =
    [("ok", Level::Ok), ("warning", Level::Warning), ("critical", Level::Critical)];

/// Reads every panel.
pub(super) fn read(root: &Section<'_, '_>, problems: &mut Problems) -> Panels {
    let mut all = Panels { known: true, ..Panels::default() };
    for (id, _, value) in root.entries() {
        all.ids.insert(id.clone());
        let Some(section) = value.section(problems) else { continue };
        if let Some(panel) = one(&id, &section, problems) {
            all.by_id.insert(id, panel);
        }
        section.finish(problems);
    }
    all
}

fn one(id: &str, section: &Section<'_, '_>, problems: &mut Problems) -> Option<Panel> {
    let title = required_text(section, "title", problems);
    if let (Some(title), Some(value)) = (&title, section.value("title")) {
        known_variables(&value, title, problems);
    }
    let kind = section
        .required("kind", problems)
        .and_then(|value| choice(&value, WORDS.nouns.kind, &KINDS, problems));
    let unit = section
        .value("unit")
        .and_then(|value| {
            choice(&value, WORDS.nouns.unit, &UNITS.map(|unit| (unit.as_str(), unit)), problems)
        })
        .unwrap_or_default();
    let query = section.required("query", problems).and_then(|value| promql(&value, problems));
    let max_query = section.value("max_query").and_then(|value| promql(&value, problems));
    let fallback = section.value("fallback").and_then(|value| selector(&value, problems));
    let max_fallback = max_fallback(section, problems);
    let (min, max) = scale(section, kind, unit, max_query.is_some(), problems);
    let legend = section.value("legend").and_then(|value| legend(&value, problems)).unwrap_or_default();
    let select = select(section, problems);
    let thresholds = thresholds(section, problems);
    if thresholds.of_max && max.is_none() && max_query.is_none() {
        problems.push(section.span(), format!("{}: {}", section.path(), WORDS.of_max_without_max), None);
    }
    let states = states(section, problems);
    let lost = lost(section, problems);
    let spark = section.bool("spark", problems).unwrap_or(false);
    Some(Panel {
        id: id.to_owned(),
        title: title?,
        kind: kind?,
        query: query?,
        select,
        fallback,
        unit,
        min,
        max,
        max_query,
        max_fallback,
        thresholds,
        legend,
        spark,
        states,
        lost,
    })
}

/// A query: not empty, brackets and quotes closed, variables known.
fn promql(value: &Value<'_, '_>, problems: &mut Problems) -> Option<String> {
    let text = text(value, problems)?;
    if let Some(Broken::Quote(c) | Broken::Bracket(c)) = query::broken(&text) {
        value.problem(&(WORDS.unbalanced)(c), None, problems);
    }
    known_variables(value, &text, problems);
    Some(text.trim().to_owned())
}

/// A plain selector; checked with a harmless word in place of its variables.
fn selector(value: &Value<'_, '_>, problems: &mut Problems) -> Option<String> {
    let text = text(value, problems)?;
    known_variables(value, &text, problems);
    if let Err(message) = Selector::parse(&query::substitute(&text, &VARIABLES.map(|name| (name, "x")))) {
        value.problem(&message, Some(WORDS.selector_help.to_owned()), problems);
    }
    Some(text.trim().to_owned())
}

fn max_fallback(section: &Section<'_, '_>, problems: &mut Problems) -> Vec<Vec<String>> {
    let Some(alternatives) = section.value("max_fallback").and_then(|value| value.array(problems)) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for alternative in &alternatives {
        let Some(summands) = alternative.array(problems) else { continue };
        if summands.is_empty() {
            alternative.problem(WORDS.nothing_inside, None, problems);
        }
        all.push(summands.iter().filter_map(|value| selector(value, problems)).collect());
    }
    all
}

/// Start and end of the scale; percent and ratio have natural ones.
fn scale(
    section: &Section<'_, '_>,
    kind: Option<PanelKind>,
    unit: Unit,
    has_max_query: bool,
    problems: &mut Problems,
) -> (Option<f64>, Option<f64>) {
    let (mut min, mut max) = (finite(section, "min", problems), finite(section, "max", problems));
    if kind == Some(PanelKind::Gauge) {
        min = min.or(Some(0.0));
        max = max.or(match unit {
            Unit::Percent => Some(100.0),
            Unit::Ratio => Some(1.0),
            _ => None,
        });
        if max.is_none() && !has_max_query {
            problems.push(section.span(), format!("{}: {}", section.path(), WORDS.gauge_without_max), None);
        }
    }
    if let (Some(low), Some(high)) = (min, max)
        && low >= high
        && let Some(value) = section.value("max").or_else(|| section.value("min"))
    {
        value.problem(WORDS.scale_order, None, problems);
    }
    (min, max)
}

fn legend(value: &Value<'_, '_>, problems: &mut Problems) -> Option<String> {
    let text = value.string(problems)?;
    let mut open = false;
    for c in text.chars() {
        let wrong = match c {
            '{' => std::mem::replace(&mut open, true),
            '}' => !std::mem::replace(&mut open, false),
            _ => false,
        };
        if wrong {
            value.problem(WORDS.legend_braces, None, problems);
            return None;
        }
    }
    if open {
        value.problem(WORDS.legend_braces, None, problems);
        return None;
    }
    Some(text)
}

fn select(section: &Section<'_, '_>, problems: &mut Problems) -> Vec<(String, String)> {
    let Some(table) = section.section("select", problems) else { return Vec::new() };
    let mut all = Vec::new();
    for (label, _, value) in table.entries() {
        if let Some(text) = value.string(problems) {
            known_variables(&value, &text, problems);
            all.push((label, text));
        }
    }
    all
}

fn thresholds(section: &Section<'_, '_>, problems: &mut Problems) -> Thresholds {
    let Some(table) = section.section("thresholds", problems) else { return Thresholds::default() };
    let thresholds = Thresholds {
        warning: finite(&table, "warning", problems),
        critical: finite(&table, "critical", problems),
        low_is_bad: table.bool("low_is_bad", problems).unwrap_or(false),
        of_max: table.bool("of_max", problems).unwrap_or(false),
    };
    table.finish(problems);
    if let (Some(warning), Some(critical)) = (thresholds.warning, thresholds.critical) {
        let right = if thresholds.low_is_bad { critical < warning } else { warning < critical };
        if !right {
            let (message, help) = (WORDS.marks_order)(thresholds.low_is_bad);
            problems.push(table.span(), format!("{}: {message}", table.path()), Some(help.to_owned()));
        }
    }
    thresholds
}

fn states(section: &Section<'_, '_>, problems: &mut Problems) -> Vec<StateWord> {
    let mut all: Vec<StateWord> = Vec::new();
    for table in section.sections("states", problems) {
        table.required("value", problems);
        let value = finite(&table, "value", problems);
        let word = required_text(&table, "word", problems);
        let level = table
            .value("level")
            .and_then(|value| choice(&value, WORDS.nouns.level, &LEVELS, problems))
            .unwrap_or_default();
        table.finish(problems);
        let (Some(value), Some(word)) = (value, word) else { continue };
        if all.iter().any(|known| known.value.total_cmp(&value).is_eq()) {
            let message = (WORDS.twice)(WORDS.nouns.state, &value.to_string());
            problems.push(table.span(), format!("{}: {message}", table.path()), None);
        }
        all.push(StateWord { value, word, level });
    }
    all
}

fn lost(section: &Section<'_, '_>, problems: &mut Problems) -> Vec<f64> {
    let Some(values) = section.value("lost").and_then(|value| value.array(problems)) else {
        return Vec::new();
    };
    values.iter().filter_map(|value| value.float(problems)).collect()
}
