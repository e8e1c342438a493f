//! Which view, and where in it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::alert_list::AlertColumn;
use super::{GroupBy, LogsPlace, MetricsPlace, TracePlace, TracesPlace};
use crate::command::Context;
use crate::model::{Language, TraceId};
use crate::pack::Explore;

/// One view of the console.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// A page of the pack; the department is an index into the pack's.
    Page {
        /// Page id.
        id: Arc<str>,
        /// Which department, on the department's page.
        department: Option<usize>,
    },
    /// One panel of a page, as large as the screen.
    Panel {
        /// Page id.
        page: Arc<str>,
        /// Which department.
        department: Option<usize>,
        /// Pane id.
        pane: Arc<str>,
    },
    /// The alert list.
    Alerts,
    /// One alert, by fingerprint.
    Detail(Arc<str>),
    /// The sources.
    Sources,
    /// The silences.
    Silences,
    /// The incidents.
    Incidents,
    /// One incident, by its id.
    Record(Arc<str>),
    /// Log lines of a query; the empty one is what the pack starts with.
    Logs(Arc<str>),
    /// Traces that a query finds.
    Traces(Arc<str>),
    /// One trace.
    Trace(TraceId),
    /// Two traces side by side: the one in question, and the one it is compared with.
    Compare(TraceId, TraceId),
    /// Series of a query.
    Metrics(Arc<str>),
    /// The incident.
    Incident,
}

impl View {
    /// The keymap mode.
    pub fn context(&self) -> Context {
        match self {
            Self::Page { .. } | Self::Panel { .. } => Context::Page,
            Self::Alerts => Context::Alerts,
            Self::Detail(_) => Context::Detail,
            Self::Sources => Context::Sources,
            Self::Silences => Context::Silences,
            Self::Incidents => Context::Incidents,
            Self::Record(_) => Context::Record,
            Self::Logs(_) => Context::Logs,
            Self::Traces(_) => Context::Traces,
            Self::Trace(_) | Self::Compare(..) => Context::Trace,
            Self::Metrics(_) => Context::Metrics,
            Self::Incident => Context::Incident,
        }
    }

    /// The language of what an explorer's view shows; `None` for views that are no explorer.
    pub fn language(&self) -> Option<Language> {
        match self {
            Self::Logs(_) => Some(Language::LogQl),
            Self::Traces(_) | Self::Trace(_) | Self::Compare(..) => Some(Language::TraceQl),
            Self::Metrics(_) => Some(Language::PromQl),
            _ => None,
        }
    }

    /// What an explorer begins with: the pack's first ready query, else the empty one.
    pub fn first(language: Language, explore: &Explore) -> Self {
        let ready = match language {
            Language::LogQl => &explore.logs,
            Language::TraceQl => &explore.traces,
            Language::PromQl => &explore.metrics,
        };
        Self::asking(language, ready.first().map_or("", |first| first.query.as_str()))
    }

    /// The explorer of a language, with a query.
    pub fn asking(language: Language, query: &str) -> Self {
        match language {
            Language::LogQl => Self::Logs(query.into()),
            Language::TraceQl => Self::Traces(query.into()),
            Language::PromQl => Self::Metrics(query.into()),
        }
    }

    /// The query that an explorer's view asks, empty ones included.
    pub fn query(&self) -> Option<&Arc<str>> {
        match self {
            Self::Logs(query) | Self::Traces(query) | Self::Metrics(query) => Some(query),
            _ => None,
        }
    }
}

/// Cursor and scroll of one page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PagePlace {
    /// Focused box, counted row by row.
    pub focus: usize,
    /// First line in sight.
    pub scroll: u16,
    /// Cursor inside the focused box's alert list.
    pub inner: usize,
}

/// Sort, filter and cursor of the alert list.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertsPlace {
    /// Column it is sorted by.
    pub sort: AlertColumn,
    /// Whether the order is reversed.
    pub reversed: bool,
    /// Grouping.
    pub group: GroupBy,
    /// Filter as typed.
    pub filter: String,
    /// Whether silenced and inhibited alerts are listed.
    pub muted: bool,
    /// Whether pending alerts are listed.
    pub pending: bool,
    /// Groups whose members are hidden.
    pub folded: BTreeSet<String>,
    /// Chosen alerts, by fingerprint.
    pub selected: BTreeSet<Arc<str>>,
    /// Cursor: an index into the list's lines.
    pub cursor: usize,
    /// First line in sight.
    pub offset: usize,
}

impl Default for AlertsPlace {
    fn default() -> Self {
        Self {
            sort: AlertColumn::default(),
            reversed: false,
            group: GroupBy::default(),
            filter: String::new(),
            muted: false,
            // What is about to fire is worth seeing a minute early.
            pending: true,
            folded: BTreeSet::new(),
            selected: BTreeSet::new(),
            cursor: 0,
            offset: 0,
        }
    }
}

/// Cursor of the list of silences.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SilencesPlace {
    /// Cursor.
    pub cursor: usize,
    /// Whether those that are over are listed.
    pub over: bool,
}

/// Cursor and scroll of every view.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Pages, each department for itself.
    pub pages: HashMap<View, PagePlace>,
    /// The alert list.
    pub alerts: AlertsPlace,
    /// Scroll of the alert detail.
    pub detail: u16,
    /// Cursor of the sources.
    pub sources: usize,
    /// The list of silences.
    pub silences: SilencesPlace,
    /// The incidents.
    pub incidents: super::IncidentsPlace,
    /// Log views, by query.
    pub logs: HashMap<Arc<str>, LogsPlace>,
    /// Lists of traces, by query.
    pub traces: HashMap<Arc<str>, TracesPlace>,
    /// Traces and comparisons.
    pub trace: HashMap<View, TracePlace>,
    /// Metrics views, by query.
    pub metrics: HashMap<Arc<str>, MetricsPlace>,
    /// Explorers' views that were gone to, the last one at the end.
    pub visited: Vec<View>,
}

/// Views of explorers whose places are kept although nobody can go back to them.
const VISITED: usize = 64;

impl Places {
    /// Notes that an explorer's view is gone to. The place of the one left longest ago is forgotten, unless it
    /// stands on the stack.
    pub fn visit(&mut self, view: &View, stack: &[View]) {
        if view.language().is_none() {
            return;
        }
        self.visited.retain(|known| known != view);
        self.visited.push(view.clone());
        while self.visited.len() > VISITED {
            let Some(at) = self.visited.iter().position(|known| !stack.contains(known) && known != view)
            else {
                return;
            };
            let gone = self.visited.remove(at);
            self.forget(&gone);
        }
    }

    fn forget(&mut self, view: &View) {
        match view {
            View::Logs(query) => drop(self.logs.remove(query)),
            View::Traces(query) => drop(self.traces.remove(query)),
            View::Metrics(query) => drop(self.metrics.remove(query)),
            other => drop(self.trace.remove(other)),
        }
    }

    /// The last view of a language that was gone to and can be gone to again by its key: single traces are none.
    pub fn last(&self, language: Language) -> Option<&View> {
        let listed = |view: &&View| {
            view.language() == Some(language) && !matches!(view, View::Trace(_) | View::Compare(..))
        };
        self.visited.iter().rev().find(listed)
    }
}
