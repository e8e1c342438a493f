//! A pack: everything that belongs to one field of work, as data.
//!
//! Owns the types of a pack, reading and checking one, and the shipped packs. Must not know any
//! field's names in code: a service, a metric or a department stands only in `packs/`.

pub mod advice;
pub mod alerting;
mod alerts;
mod choice;
mod embedded;
pub mod events;
pub mod explore;
mod files;
pub mod incidents;
mod load;
mod manifest;
mod opening;
mod page;
mod panel;
pub mod playbook;
pub mod query;
pub mod response;
pub mod selector;
pub mod signals;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use advice::{Advice, Suspect};
pub use alerting::{Alerting, Category};
pub use events::{EventField, EventKind, EventValue};
pub use explore::{Component, Explore, Link, ReadyQuery};
pub use incidents::{IncidentRule, Incidents, Retention};
pub use load::{Listed, list, load, shipped};
pub use playbook::Playbook;
pub use query::substitute;
pub use response::{LevelInfo, Response, Rung};
pub use selector::Selector;
pub use signals::Signals;

use crate::model::{Severity, Unit};

/// A whole pack, checked: every reference inside it resolves.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// Name, as `--pack` takes it.
    pub name: String,
    /// Title for a person.
    pub title: String,
    /// Zone of bare times and of the local clock.
    pub zone: chrono_tz::Tz,
    /// How alerts are read in this field.
    pub alerting: Alerting,
    /// Departments, in display order.
    pub departments: Vec<Department>,
    /// AI models, in display order.
    pub models: Vec<AiModel>,
    /// Panels by id.
    pub panels: BTreeMap<String, Panel>,
    /// Pages by their order in the file: overview, department (a template), hardware, models, …
    pub pages: Vec<Page>,
    /// What is known of each alert, by alert name.
    pub alerts: BTreeMap<String, AlertInfo>,
    /// The alert rules, as one Prometheus rule file (YAML), notes included.
    pub rules: Arc<str>,
    /// How logs, traces and metrics are explored.
    pub explore: Explore,
    /// Typed events of log lines, by shape.
    pub events: Vec<EventKind>,
    /// Which alerts open an incident, and how long records are kept.
    pub incidents: Incidents,
    /// How the field responds: what opens an incident, who is told and when.
    pub response: Response,
    /// What to do about kinds of incidents.
    pub playbooks: Vec<Playbook>,
    /// What correlation watches.
    pub signals: Signals,
    /// What to do about likely causes.
    pub advice: Advice,
    /// The embedded place of this field, where the pack has one.
    pub demo: Option<DemoFiles>,
}

/// The texts of a pack's `demo/` folder; the embedded hospital reads them.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoFiles {
    /// Services, departments, kinds of requests, faults (`demo/world.toml`).
    pub world: DemoFile,
    /// Metrics made of what happens (`demo/metrics.toml`).
    pub metrics: DemoFile,
    /// Log lines and attributes of spans made of what happens (`demo/signals.toml`).
    pub signals: DemoFile,
    /// How alerts are evaluated and routed there (`demo/alertmanager.toml`).
    pub alerting: DemoFile,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoFile {
    /// What stands for it in messages.
    pub name: String,
    /// Its text.
    pub text: Arc<str>,
}

/// A department (or, in another field, whatever the team divides its world into).
#[derive(Clone, Debug, PartialEq)]
pub struct Department {
    /// Value of the department label; `$department` in queries.
    pub id: String,
    /// Title for a person.
    pub title: String,
    /// Panels only this department's page has, after the template's rows.
    pub rows: Vec<Row>,
}

/// An AI model; `$model` in queries.
#[derive(Clone, Debug, PartialEq)]
pub struct AiModel {
    /// Value of the model label.
    pub id: String,
    /// Title for a person.
    pub title: String,
    /// What it does, in a few words.
    pub role: String,
}

/// What the pack knows of an alert.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlertInfo {
    /// Severity assessed by the field; of this and the label's the worse counts.
    pub severity: Option<Severity>,
    /// Incident category.
    pub category: Option<String>,
    /// Runbook text (Markdown).
    pub runbook: Option<Arc<str>>,
}

/// How a panel is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelKind {
    /// One number a series, with a sparkline behind it where `spark` is set.
    Stat,
    /// A bar from `min` to `max`.
    Gauge,
    /// Only the trend.
    Sparkline,
    /// Lines over the window.
    Chart,
    /// A row per series.
    Table,
    /// A horizontal bar per series, longest first.
    BarList,
}

/// One panel: a query and how its answer is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Id, unique in the pack.
    pub id: String,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: PanelKind,
    /// PromQL; `$department` and `$model` are replaced from the page's variables.
    pub query: String,
    /// Only series with these label values are this panel's (values may hold variables): one query
    /// by department then serves all departments.
    pub select: Vec<(String, String)>,
    /// A plain selector over scraped pages that answers when Prometheus does not.
    pub fallback: Option<String>,
    /// Unit.
    pub unit: Unit,
    /// Scale's start (gauge, chart).
    pub min: Option<f64>,
    /// Scale's end (gauge, chart).
    pub max: Option<f64>,
    /// PromQL of the scale's end, such as a machine's total memory.
    pub max_query: Option<String>,
    /// The scale's end from scraped pages, for when Prometheus does not answer: alternatives, best
    /// first; each is a list of plain selectors whose first samples are added (total, else
    /// used + available). An alternative counts only when all its selectors find a sample.
    pub max_fallback: Vec<Vec<String>>,
    /// Marks.
    pub thresholds: Thresholds,
    /// Name of a series from its labels: `{core_type} cores`. Empty: the labels that differ.
    pub legend: String,
    /// Also fetch and show the trend over the window (chart and sparkline always do).
    pub spark: bool,
    /// Words for values: 3 → "critical".
    pub states: Vec<StateWord>,
    /// Values that mean a lost sensor and are shown as no data.
    pub lost: Vec<f64>,
}

/// The word for one value of a state metric.
#[derive(Clone, Debug, PartialEq)]
pub struct StateWord {
    /// Value.
    pub value: f64,
    /// Word.
    pub word: String,
    /// How bad it is.
    pub level: Level,
}

/// How bad a value is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Within its marks, or without any.
    #[default]
    Ok,
    /// Beyond the warning mark.
    Warning,
    /// Beyond the critical mark.
    Critical,
}

/// The marks of a panel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Thresholds {
    /// Warning from here on.
    pub warning: Option<f64>,
    /// Critical from here on.
    pub critical: Option<f64>,
    /// `true` where low values are the bad ones (accuracy, `up`).
    pub low_is_bad: bool,
    /// `true` where the marks are shares (0 to 1) of the scale's end, as for memory in bytes.
    pub of_max: bool,
}

impl Thresholds {
    /// Level of a value on a scale that ends at `max`. Marks that are shares of the scale say nothing
    /// (`Ok`) while its end is unknown; other marks ignore it.
    pub fn level_at(&self, value: f64, max: Option<f64>) -> Level {
        match (self.of_max, max) {
            (false, _) => self.level(value),
            (true, Some(max)) if max > 0.0 => self.level(value / max),
            (true, _) => Level::Ok,
        }
    }

    /// Level of a value in the marks' own measure: at the mark is beyond it. NaN has none and is `Ok`; the pane says "no data".
    pub fn level(&self, value: f64) -> Level {
        let beyond =
            |mark: Option<f64>| mark.is_some_and(|m| if self.low_is_bad { value <= m } else { value >= m });
        if beyond(self.critical) {
            Level::Critical
        } else if beyond(self.warning) {
            Level::Warning
        } else {
            Level::Ok
        }
    }
}

/// A page of panels.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Id: `overview`, `department`, `hardware`, `models`, or the pack's own.
    pub id: String,
    /// Title; may hold a variable.
    pub title: String,
    /// Rows from top to bottom.
    pub rows: Vec<Row>,
}

/// A row of cells of equal height.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Height in lines, borders included; `None` shares what is left.
    pub height: Option<u16>,
    /// Least height of a row that shares what is left; the page scrolls rather than go below it.
    pub min_height: u16,
    /// Cells from left to right.
    pub cells: Vec<Cell>,
}

impl Default for Row {
    fn default() -> Self {
        Self { height: None, min_height: Self::MIN_HEIGHT, cells: Vec::new() }
    }
}

impl Row {
    /// Least height of a sharing row where the pack names none: a frame with three lines.
    pub const MIN_HEIGHT: u16 = 5;
}

/// What stands in a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// One panel in a frame of its own.
    Panel {
        /// Panel id.
        id: String,
        /// Share of the width.
        weight: u16,
    },
    /// Several panels in one frame, a line (or a few) each: a department's card, the hardware box.
    Card {
        /// Title; may hold a variable.
        title: String,
        /// Panel ids.
        panels: Vec<String>,
        /// Share of the width.
        weight: u16,
    },
    /// A card for every department; `$department` runs through them. On a narrow screen they wrap.
    Departments {
        /// Panel ids of each card.
        panels: Vec<String>,
    },
    /// A card for every AI model; `$model` runs through them.
    Models {
        /// Panel ids of each card.
        panels: Vec<String>,
    },
    /// The alerts that need somebody, worst first.
    NeedsYou,
    /// The department's own alerts (on a department's page).
    DepartmentAlerts,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_work_both_ways_and_as_shares() {
        let high = Thresholds { warning: Some(85.0), critical: Some(95.0), ..Thresholds::default() };
        assert_eq!(
            [84.9, 85.0, 95.0, f64::NAN].map(|v| high.level(v)),
            [Level::Ok, Level::Warning, Level::Critical, Level::Ok]
        );
        let low = Thresholds { warning: Some(0.9), critical: Some(0.85), low_is_bad: true, of_max: false };
        assert_eq!([0.91, 0.9, 0.85].map(|v| low.level(v)), [Level::Ok, Level::Warning, Level::Critical]);
        let share = Thresholds { warning: Some(0.8), critical: Some(0.9), low_is_bad: false, of_max: true };
        assert_eq!(share.level_at(230.0, Some(256.0)), Level::Warning);
        assert_eq!(share.level_at(240.0, Some(256.0)), Level::Critical);
        assert_eq!(share.level_at(240.0, None), Level::Ok);
        assert_eq!(share.level_at(240.0, Some(0.0)), Level::Ok);
        assert_eq!(high.level_at(96.0, None), Level::Critical);
    }
}
