//! What the person is doing: the views and where in each, the window, the focus, what lies on top.
//!
//! Owns the whole state of the console and the pure questions about it (which boxes stand on this
//! page, what does this view need to know). Must not draw, do I/O or read a clock: `now` is set by
//! whoever calls `update`.

pub mod acting;
pub mod alert_list;
pub mod axis;
pub mod bundle;
pub mod demand;
pub mod demo;
pub mod focus;
pub mod incident;
pub mod incidents;
pub mod laned;
pub mod layout;
pub mod logs;
pub mod matching;
pub mod metrics;
pub mod names;
pub mod overlay;
pub mod paging;
pub mod place;
pub mod playbooks;
pub mod prompt;
pub mod reveal;
pub mod tour;
pub mod trace;
pub mod traces;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

pub use acting::{Acting, Dialog};
pub use alert_list::{AlertList, GroupBy};
pub use axis::Axis;
pub use bundle::{Bundle, Seal};
pub use demand::Want;
pub use demo::{Demo, PlannedFault};
pub use focus::Focus;
pub use incident::Incidents;
pub use incidents::IncidentsPlace;
pub use layout::{BoxKind, BoxSpec, PanelRef, RowSpec};
pub use logs::LogsPlace;
pub use metrics::MetricsPlace;
pub use names::{name_of_view, view_by_name, view_names};
pub use overlay::{Choice, Overlay, Prompt};
pub use place::{AlertsPlace, PagePlace, Places, SilencesPlace, View};
pub use prompt::{Histories, QueryPrompt};
pub use tour::Tour;
pub use trace::{Chosen, TracePlace};
pub use traces::TracesPlace;

use crate::command::{CommandId, Context};
use crate::keymap::{Key, Keymap};
use crate::model::ask::{Answered, Ask};
use crate::model::{Fault, Role, SourceId, SourceKind, Time, Window};
use crate::pack::{Level, Pack};
use crate::store::remote::Freshness;
use crate::store::{Remote, Store, Watchdog, alerts};
use crate::text::Text;

/// What does not change while the console runs, or only as a whole.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The field of work.
    pub pack: Arc<Pack>,
    /// Words.
    pub text: &'static Text,
    /// Keys.
    pub keymap: Arc<Keymap>,
    /// Who sits there.
    pub operator: String,
    /// What the person may do.
    pub role: Role,
    /// Seconds that an acknowledgement mutes before it is extended.
    pub ack_s: u32,
    /// Seconds that a masked value is revealed for; `None` where the person may not.
    pub reveal_s: Option<u32>,
    /// Names of the contexts to choose from; the empty one is the sources outside of any.
    pub contexts: Vec<String>,
    /// Names of the themes to choose from.
    pub themes: Vec<String>,
    /// Sources with the address shown to a person, of the active context.
    pub sources: BTreeMap<SourceId, String>,
    /// Scrape interval of each page, seconds.
    pub page_interval_s: BTreeMap<Arc<str>, u32>,
    /// Seconds between polls.
    pub interval_s: u32,
    /// Whether a new critical alert makes itself heard.
    pub announce: bool,
}

/// How far the scrolled part of the screen goes, in lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Lines that it has.
    pub content: u16,
    /// Lines of it that are seen at once.
    pub viewport: u16,
}

impl Extent {
    /// The largest offset that still fills the viewport.
    pub fn most(self) -> u16 {
        self.content.saturating_sub(self.viewport)
    }
}

/// One line for the person, until its time is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// How bad.
    pub level: Level,
    /// Words.
    pub text: String,
    /// When it goes away.
    pub until: Time,
}

/// What a held screen shows instead of what arrives.
#[derive(Clone, Debug)]
pub struct Held {
    /// Answers as they were.
    pub store: Store,
    /// The moment.
    pub now: Time,
    /// The list as it was.
    pub list: AlertList,
}

/// An answer that waits for a join under way.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// What was asked.
    pub ask: Ask,
    /// When the answer arrived.
    pub at: Time,
    /// What came.
    pub outcome: Result<Answered, Fault>,
}

/// The whole state.
#[derive(Clone, Debug)]
pub struct State {
    /// The clock, as of the message being handled.
    pub now: Time,
    /// Screen size in cells.
    pub size: (u16, u16),
    /// What does not change.
    pub setup: Setup,
    /// The active context's name; `None` is the file's own sources.
    pub context: Option<String>,
    /// The theme's name.
    pub theme: String,
    /// What is known.
    pub store: Store,
    /// The alert list, joined, filtered and sorted.
    pub list: AlertList,
    /// A held screen.
    pub held: Option<Box<Held>>,
    /// The one window.
    pub window: Window,
    /// Number of the window and context: answers to older ones are dropped.
    pub epoch: u64,
    /// Where the person is; the last one is in sight. Never empty.
    pub stack: Vec<View>,
    /// Cursor and scroll of each view.
    pub places: Places,
    /// What lies on top.
    pub overlay: Option<Overlay>,
    /// How far what is scrolled goes, as last drawn.
    pub extent: Extent,
    /// Keys of a longer sequence.
    pub pending: Vec<Key>,
    /// One line for the person.
    pub notice: Option<Notice>,
    /// Times in UTC.
    pub utc: bool,
    /// What is special about an embedded place; `None` where servers are looked at.
    pub demo: Option<Demo>,
    /// The bundle that is looked at instead of servers.
    pub bundle: Option<Bundle>,
    /// The incident that is looked at, and the one that is suggested.
    pub incidents: Incidents,
    /// Since when the dead-man's switch is missing.
    pub watchdog_since: Option<Time>,
    /// Critical alerts heard of, by identity, so that only a new one rings; `None` before the first list.
    pub heard: Option<HashSet<u64>>,
    /// Whether a long list is being joined beside the loop.
    pub joining: bool,
    /// Answers that wait until it is.
    pub waiting: Vec<Waiting>,
    /// The cursor on the time axis.
    pub axis: Axis,
    /// Windows to return to: the length of the stack when it was left, and the window of then.
    pub windows: Vec<(usize, Window)>,
    /// Queries that were run.
    pub histories: Histories,
    /// Number of the last live tail that was begun.
    pub tails: u64,
    /// What is known of acknowledgements and silences that were ordered.
    pub acting: Acting,
}

impl State {
    /// A console that has just started, on the first page of its pack.
    pub fn new(setup: Setup, now: Time, size: (u16, u16), window: Window) -> Self {
        let first = setup.pack.pages.first().map_or("", |page| page.id.as_str());
        Self {
            now,
            size,
            context: None,
            theme: String::new(),
            store: Store::default(),
            list: AlertList::default(),
            held: None,
            window,
            epoch: 0,
            stack: vec![View::Page { id: first.into(), department: None }],
            places: Places::default(),
            overlay: None,
            extent: Extent::default(),
            pending: Vec::new(),
            notice: None,
            utc: false,
            demo: None,
            bundle: None,
            incidents: Incidents::default(),
            watchdog_since: None,
            heard: None,
            joining: false,
            waiting: Vec::new(),
            axis: Axis::default(),
            windows: Vec::new(),
            histories: Histories::default(),
            tails: 0,
            acting: Acting::default(),
            setup,
        }
    }

    /// The view in sight.
    pub fn view(&self) -> &View {
        self.stack.last().unwrap_or(&View::Alerts)
    }

    /// The answers that the screen shows: the held ones while it is frozen.
    pub fn shown(&self) -> &Store {
        self.held.as_ref().map_or(&self.store, |held| &held.store)
    }

    /// The moment that the screen shows.
    pub fn shown_now(&self) -> Time {
        self.held.as_ref().map_or(self.now, |held| held.now)
    }

    /// The alert list that the screen shows.
    pub fn shown_list(&self) -> &AlertList {
        self.held.as_ref().map_or(&self.list, |held| &held.list)
    }

    /// Whether a source is configured.
    pub fn has(&self, source: &SourceId) -> bool {
        self.setup.sources.contains_key(source)
    }

    /// Whether the person may do what a command does.
    pub fn may(&self, id: CommandId) -> bool {
        id.command().needs <= self.setup.role
    }

    /// Keymap modes of what has the keyboard, particular first.
    pub fn modes(&self) -> Vec<Context> {
        match (&self.overlay, self.view()) {
            (Some(Overlay::Palette(_) | Overlay::Filter(_) | Overlay::Find(_)), _) => vec![Context::Prompt],
            (Some(Overlay::Query(_)), _) => vec![Context::Query],
            (Some(Overlay::Dialog(_)), _) => vec![Context::Dialog],
            (Some(Overlay::Help { .. } | Overlay::Choose(_) | Overlay::Faults { .. }), _) => {
                vec![Context::Overlay, Context::Global]
            }
            (None, _) => self.view_modes(),
        }
    }

    /// Keymap modes of the view in sight, whatever lies on top: the tour first, while it is on.
    pub fn view_modes(&self) -> Vec<Context> {
        let tour = self.tour().map(|_| Context::Tour);
        tour.into_iter().chain([self.view().context(), Context::Global]).collect()
    }

    /// The tour, while it is on.
    pub fn tour(&self) -> Option<&Tour> {
        self.demo.as_ref().and_then(|demo| demo.tour.as_ref())
    }

    /// The rows of boxes of the page in sight; none for views that are no page.
    pub fn rows(&self) -> Vec<RowSpec> {
        layout::rows(self, self.view())
    }

    /// Seconds after which a new answer is expected for what is polled at the common pace.
    pub fn interval_s(&self) -> u32 {
        self.setup.interval_s
    }

    /// Step of trends in seconds, for the window.
    pub fn step_s(&self) -> u32 {
        u32::try_from(self.window.step_s(180)).unwrap_or(86_400)
    }

    /// What the dead-man's switch says: now, or at the past window's end.
    pub fn watchdog(&self) -> Watchdog {
        self.watchdog_of(&self.store, self.now)
    }

    /// The same, as far as the screen shows it.
    pub fn shown_watchdog(&self) -> Watchdog {
        self.watchdog_of(self.shown(), self.shown_now())
    }

    fn watchdog_of(&self, store: &Store, now: Time) -> Watchdog {
        let pack = &self.setup.pack;
        if !self.window.is_live() {
            let samples = store.instants.get(demand::ALERTS).and_then(Remote::value);
            return alerts::watchdog_then(samples.map(|samples| &samples[..]), pack);
        }
        let fresh = |freshness| freshness == Freshness::Fresh;
        let interval = self.interval_s();
        let manager = self.has(&SourceId::ALERTMANAGER).then(|| fresh(store.alerts.freshness(now, interval)));
        alerts::watchdog(store, pack, manager, fresh(store.rules.freshness(now, interval)))
    }

    /// Indices into the shown list of the alerts that need somebody, of a department or of all,
    /// worst first. Alerts that concern every department are in each.
    pub fn needing(&self, department: Option<&str>) -> Vec<usize> {
        let list = self.shown_list();
        let all = &self.setup.pack.alerting.department_all;
        list.needs_somebody
            .iter()
            .copied()
            .filter(|at| match (department, list.rows.get(*at)) {
                (Some(id), Some(row)) => {
                    *row.department == *id || all.iter().any(|word| **word == *row.department)
                }
                (None, Some(_)) => true,
                (_, None) => false,
            })
            .collect()
    }

    /// Every source that can be there: the four servers, configured or not, then the pages.
    pub fn all_sources(&self) -> Vec<SourceId> {
        let mut all: Vec<SourceId> = SourceKind::SERVERS.into_iter().map(SourceId::Server).collect();
        all.extend(self.setup.sources.keys().filter(|source| matches!(source, SourceId::Page(_))).cloned());
        all
    }

    /// Lines of the alert list that fit: the screen without header, footer, frame, heads, the line
    /// of the dead-man's switch, that of the filter and the card of the tour.
    pub fn list_height(&self) -> usize {
        let watchdog = self.setup.pack.alerting.watchdog.is_some();
        let filter =
            matches!(self.overlay, Some(Overlay::Filter(_))) || !self.places.alerts.filter.is_empty();
        let card = if self.tour().is_some() { tour::CARD_LINES } else { 0 };
        let taken = 5 + u16::from(watchdog) + u16::from(filter) + card;
        usize::from(self.size.1.saturating_sub(taken)).max(1)
    }

    /// The screen's zone as a person knows it: its abbreviation (`-03`), or `UTC`.
    pub fn zone_name(&self, at: Time) -> String {
        if self.utc {
            "UTC".to_owned()
        } else {
            at.with_timezone(&self.setup.pack.zone).format("%Z").to_string()
        }
    }

    /// Says one line to the person for a few seconds.
    pub fn notify(&mut self, level: Level, text: impl Into<String>) {
        let seconds = if level == Level::Ok { 4 } else { 10 };
        self.notice =
            Some(Notice { level, text: text.into(), until: self.now + chrono::TimeDelta::seconds(seconds) });
    }
}
