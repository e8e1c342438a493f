//! Alerting: the pack's rules, really evaluated with `for`, and what Alertmanager makes of them.
//!
//! Owns rules, their states at any moment (a pure function of the samples, so that a console in the past
//! sees what was live then), the `ALERTS` series, silences, inhibition and routes. Must not know HTTP
//! or where samples come from.
//!
//! A rule is evaluated on the grid of its interval. Its states at a tick follow from the ticks before;
//! how far before is bounded by the place's day: Prometheus is restarted with everything else, and
//! nothing is active since before that (less the longest `for`, so that what fires goes on firing).
//!
//! A place computes its past when it is asked for it, which takes a while for a whole day: what needs
//! more than the present day is evaluated aside, and no live answer waits for it.

mod aside;
pub mod duration;
mod episodes;
mod expand;
pub mod fingerprint;
mod held;
mod live;
mod manager;
mod number;
mod reader;
mod rules;
mod settings;
mod silences;
mod template;
mod yaml;

use std::sync::{Arc, Mutex, PoisonError};

use crate::demo::servers::Place;
use crate::document::Problem;
use crate::model::{Labels, Time};
use crate::pack::Pack;

pub use crate::model::alert::SilenceState;
pub use aside::Evaluating;
pub use expand::WithAlerts;
pub use live::{Active, Live};
pub use manager::{Known, Posted, Source};
pub use rules::{Group, Rule};
pub(crate) use settings::is_label_name;
pub use settings::{Receiver, Route, Settings};
pub(crate) use silences::matcher;
pub use silences::{Silence, SilenceError};

use aside::Aside;
use held::Held;
use reader::Reader;

/// A place's alerting: everything that its Prometheus and Alertmanager know of alerts.
pub struct Alerting {
    place: Arc<dyn Place>,
    settings: Settings,
    /// Name of the pack, for the rule file's.
    pack: String,
    groups: Vec<Group>,
    rules: Vec<Rule>,
    held: Held,
    aside: Aside,
    live: Mutex<Option<Arc<Live>>>,
    manager: Mutex<manager::Manager>,
}

impl std::fmt::Debug for Alerting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Alerting")
            .field("pack", &self.pack)
            .field("rules", &self.rules.len())
            .finish_non_exhaustive()
    }
}

impl Alerting {
    /// Reads the pack's rules and its `demo/alertmanager.toml`. The error is every problem of both.
    pub fn new(place: Arc<dyn Place>, pack: &Pack) -> Result<Self, Vec<Problem>> {
        let settings = Settings::of_pack(pack);
        let interval_ms = settings.as_ref().map_or(settings::DEFAULT_INTERVAL_MS, |s| s.interval_ms);
        let rules = rules::read(&format!("{}/rules.yml", pack.name), &pack.rules, interval_ms);
        let (settings, (groups, rules)) = match (settings, rules) {
            (Ok(settings), Ok(rules)) => (settings, rules),
            (settings, rules) => {
                return Err([settings.err().unwrap_or_default(), rules.err().unwrap_or_default()].concat());
            }
        };
        place.expect(&reader::far_back(&rules, place.now().timestamp_millis()));
        Ok(Self {
            held: Held::new(rules.len()),
            aside: Aside::new(rules.len()),
            live: Mutex::new(None),
            manager: Mutex::new(manager::Manager::default()),
            pack: pack.name.clone(),
            place,
            settings,
            groups,
            rules,
        })
    }

    /// The place it watches.
    pub fn place(&self) -> &Arc<dyn Place> {
        &self.place
    }

    /// How alerts are evaluated and routed.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Groups in the file's order.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Rules in the file's order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Where Prometheus would have the rules.
    pub fn rule_file(&self) -> String {
        format!("/etc/prometheus/rules/{}.yml", self.pack)
    }

    /// When its Prometheus and its Alertmanager were started: with the place's day.
    pub fn started(&self) -> Time {
        let (started, _) = self.place.day_of(self.place.now().timestamp_millis());
        Time::from_timestamp_millis(started).unwrap_or_default()
    }

    /// The place's samples, and the series that the rules add to them.
    pub fn with_alerts(&self) -> WithAlerts<'_> {
        WithAlerts::new(self)
    }

    /// What is active now. Computed once for each tick; what it finds is kept. While there is an
    /// [`Evaluating`], rules that need more than the present day are as they were found last.
    pub fn live(&self) -> Arc<Live> {
        let _asking = self.aside.asking();
        let now = self.place.now();
        let mut kept = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some(live) if live.holds_at(now, self.aside.version()) => Arc::clone(live),
            _ => {
                let live = Arc::new(Live::compute(self, now));
                *kept = Some(Arc::clone(&live));
                live
            }
        }
    }

    /// Prometheus's configuration as it prints it. Targets are job, instance and seconds between two scrapes.
    pub fn prometheus_yaml(&self, alertmanager: &str, targets: &[(String, String, u32)]) -> String {
        yaml::prometheus(&self.settings, &self.rule_file(), alertmanager, targets)
    }

    /// Alertmanager's configuration as it prints it.
    pub fn alertmanager_yaml(&self) -> String {
        yaml::alertmanager(&self.settings)
    }

    /// Samples for an answer that must not wait.
    fn prompt_reader(&self, now: Time) -> Reader<'_> {
        if !self.aside.is_attached() {
            return Reader::whole(&*self.place);
        }
        let (day, _) = self.place.day_of(now.timestamp_millis());
        Reader::since(&*self.place, day)
    }

    fn external_labels(&self) -> &Labels {
        &self.settings.external_labels
    }
}
