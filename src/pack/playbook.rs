//! Playbooks: what to do about a kind of incident, step by step, as data.
//!
//! Owns the types, reading one strictly, and which fit an incident and why. Carries nothing out.

mod fit;
mod library;
mod read;
mod step;

use std::collections::BTreeMap;

pub(super) use fit::fitting;
pub use fit::{Case, Fit};
pub use library::{Entry, Library};
pub(super) use read::read;

use crate::model::{Labels, Matcher, Severity, Template};

/// A playbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Playbook {
    /// Its name: that of its file.
    pub name: String,
    /// Title for a person.
    pub title: String,
    /// What it is for, in a sentence or two.
    pub about: String,
    /// When it fits.
    pub fits: Conditions,
    /// What its steps may be told, by name.
    pub params: BTreeMap<String, Param>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// When a playbook fits: every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditions {
    /// One of these severities.
    pub severities: Vec<Severity>,
    /// One of these categories.
    pub categories: Vec<String>,
    /// One of these alerts.
    pub alerts: Vec<String>,
    /// All of these on the labels of one alert.
    pub labels: Vec<Matcher>,
}

impl Conditions {
    /// Whether it says nothing, so that it fits only where somebody asks for it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Something that a playbook's steps are told.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// What it is.
    pub about: String,
    /// What it is when nobody says; a template over the incident.
    pub default: Option<Template>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it does, for a person; a template as its texts are.
    pub title: Template,
    /// What it does.
    pub action: Action,
    /// Longest time a try may take, seconds; `None` leaves it to the kind.
    pub timeout_s: Option<u32>,
    /// Further tries after one that failed.
    pub retries: u32,
    /// Seconds before each of them.
    pub retry_wait_s: u32,
    /// What happens when all tries failed.
    pub on_failure: OnFailure,
    /// Whether it may be repeated without asking; `None` leaves it to the kind.
    pub idempotent: Option<bool>,
    /// Whether a person confirms it by typing; `None` leaves it to the kind.
    pub dangerous: Option<bool>,
    /// Whether a watcher carries it out by itself; `None` leaves it to the pack.
    pub automatic: Option<bool>,
}

/// What happens when a step failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// The run ends.
    #[default]
    Stop,
    /// The next step is done.
    Continue,
    /// A person is asked.
    Ask,
}

impl OnFailure {
    /// Its names in a playbook.
    pub const NAMES: [(&'static str, Self); 3] =
        [("stop", Self::Stop), ("continue", Self::Continue), ("ask", Self::Ask)];

    /// Its name in a playbook.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Continue => "continue",
            Self::Ask => "ask",
        }
    }
}

/// Kinds of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StepKind {
    /// Tells somebody.
    Notify,
    /// Runs a program.
    Command,
    /// Calls a service over HTTP.
    Http,
    /// Silences alerts.
    Silence,
    /// Saves evidence.
    Collect,
    /// Waits until something holds.
    WaitUntil,
    /// Asks a person.
    Confirm,
}

impl StepKind {
    /// Its names in a playbook.
    pub const NAMES: [(&'static str, Self); 7] = [
        ("notify", Self::Notify),
        ("command", Self::Command),
        ("http", Self::Http),
        ("silence", Self::Silence),
        ("collect", Self::Collect),
        ("wait_until", Self::WaitUntil),
        ("confirm", Self::Confirm),
    ];

    /// Its name in a playbook and in the journal.
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// What a step does. Texts are templates over the incident and the playbook's parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Tells a level of the escalation.
    Notify {
        /// Level.
        level: String,
        /// What is said besides what is known of the incident.
        message: Option<Template>,
    },
    /// Runs a program that the configuration binds.
    Command {
        /// Its name there.
        command: String,
        /// Its parameters.
        with: BTreeMap<String, Template>,
    },
    /// Calls a service.
    Http {
        /// `GET`, `POST`, `PUT`, `DELETE`.
        method: String,
        /// Address.
        url: Template,
        /// JSON whose texts are templates.
        json: Option<serde_json::Value>,
        /// File that holds a bearer token.
        bearer_token_file: Option<std::path::PathBuf>,
        /// Statuses that are good; empty is 2xx.
        expect: Vec<u16>,
    },
    /// Silences.
    Silence {
        /// Name and value of each equality matcher.
        matchers: Vec<(String, Template)>,
        /// Seconds.
        for_s: u32,
        /// Why.
        comment: Template,
    },
    /// Saves evidence.
    Collect {
        /// Seconds before the incident began that are of interest.
        window_s: u32,
    },
    /// Waits.
    WaitUntil {
        /// A PromQL query; it holds when its answer is not empty.
        query: Template,
        /// Seconds between looks.
        every_s: u32,
    },
    /// Asks.
    Confirm {
        /// What is asked.
        question: Template,
    },
}

/// The kind of what a step is to do: an action, and what comes of it when everything is filled in, have the same ones.
macro_rules! kind_of {
    ($step:expr) => {
        match $step {
            Self::Notify { .. } => StepKind::Notify,
            Self::Command { .. } => StepKind::Command,
            Self::Http { .. } => StepKind::Http,
            Self::Silence { .. } => StepKind::Silence,
            Self::Collect { .. } => StepKind::Collect,
            Self::WaitUntil { .. } => StepKind::WaitUntil,
            Self::Confirm { .. } => StepKind::Confirm,
        }
    };
}
pub(crate) use kind_of;

impl Action {
    /// Its kind.
    pub fn kind(&self) -> StepKind {
        kind_of!(self)
    }
}

/// What a template of a playbook may name: facts of the incident, `label.NAME` of its alerts, and the
/// playbook's parameters as `param.NAME`.
pub const PLACES: &[&str] =
    &["incident", "title", "severity", "category", "department", "component", "alert", "operator"];

/// Alerts of a case: their labels, masked.
pub type Alerts<'a> = &'a [Labels];
