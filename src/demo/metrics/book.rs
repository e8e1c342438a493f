//! The book of metrics: every family and every series that there can be, laid out by what is
//! scraped, so that an event finds its series by arithmetic.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::field::{Dim, Domains};
use super::source::{On, Value};
use crate::demo::world::ServiceId;
use crate::model::{Labels, Matcher};

/// No series for this combination.
pub const NOWHERE: u32 = u32::MAX;

/// Kind of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Observations by size.
    Histogram,
}

impl Kind {
    /// All with their names, which are the text format's.
    pub const ALL: [(&'static str, Self); 3] =
        [("counter", Self::Counter), ("gauge", Self::Gauge), ("histogram", Self::Histogram)];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// A metric family.
#[derive(Clone, Debug)]
pub struct FamilyDef {
    /// Name.
    pub name: Arc<str>,
    /// Kind.
    pub kind: Kind,
    /// Help text.
    pub help: Arc<str>,
    /// Upper bounds, ascending, without infinity.
    pub buckets: Vec<f64>,
    /// Decimals that its values (a histogram's sum) are kept with.
    pub decimals: u8,
    /// Whether trace ids are kept as exemplars.
    pub exemplars: bool,
}

/// One of the values of an event that is chosen by chance, the same for the same event.
#[derive(Clone, Debug)]
pub struct Pick {
    /// How many there are.
    pub of: u32,
    /// Whether the person decides rather than the request.
    pub by_user: bool,
}

/// A source, resolved against a world.
#[derive(Clone, Debug)]
pub struct Source {
    /// Index into [`Book::families`].
    pub family: u16,
    /// What it listens to.
    pub on: On,
    /// What is observed.
    pub value: Value,
    /// Only these values, by [`Dim`].
    pub filters: Vec<(Dim, Vec<bool>)>,
    /// What its labels need, with the stride in `rows`.
    pub dims: Vec<(Dim, u32)>,
    /// What is picked, with the stride in `rows`.
    pub picks: Vec<(Pick, u32)>,
    /// Share of the events that count, and the number of the draw that decides.
    pub chance: f64,
    /// Number of the draw: sources with equal ones draw alike.
    pub draw: u64,
    /// Microseconds after the event at which it counts.
    pub delay_us: i64,
    /// Gauges: `(complement - x) * factor`, or `x * factor`.
    pub factor: f64,
    /// See `factor`.
    pub complement: Option<f64>,
    /// Whether a gauge is summed up over time (unit times seconds).
    pub integral: bool,
    /// By target: the first value of the series in its row, by the sum of value × stride.
    pub rows: Vec<(ServiceId, Vec<u32>)>,
}

/// One series.
#[derive(Debug)]
pub struct SeriesDef {
    /// Index into [`Book::targets`].
    pub target: u16,
    /// Place in the target's row.
    pub at: u32,
    /// Its values are this many decimals of a whole number.
    pub decimals: u8,
    /// Index into [`Book::families`]; `None` for what Prometheus itself adds.
    pub family: Option<u16>,
    /// Labels with `__name__`; empty for a version that has not been seen yet.
    pub labels: OnceLock<Labels>,
    /// Labels of such a version, the version left out.
    pub without_version: Option<Labels>,
}

/// What is scraped: a process.
#[derive(Clone, Debug)]
pub struct Target {
    /// Whose.
    pub service: ServiceId,
    /// `job` label.
    pub job: Arc<str>,
    /// `instance` label.
    pub instance: Arc<str>,
    /// Milliseconds between two scrapes.
    pub every_ms: i64,
    /// Scrapes are at multiples of that, plus this.
    pub offset_ms: i64,
    /// Index of its first series in [`Book::series`]; the rest follow in the order of its row.
    pub first: u32,
    /// How long its row is, what Prometheus adds included.
    pub len: u32,
    /// What it begins with.
    pub start: Arc<[i64]>,
}

/// Places of what Prometheus adds, from the end of a row.
pub const ADDED: usize = 3;

/// A source at one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Index into [`Book::sources`].
    pub source: u32,
    /// Index into the source's `rows`.
    pub row: u32,
}

/// Who a kind of request may concern, found once so that an event need not look for it.
#[derive(Clone, Debug, Default)]
pub struct Listeners {
    /// Of the request as a whole.
    pub requests: Vec<Hit>,
    /// Of its steps and calls: by the step's number within its class, then by the service that did it.
    pub steps: Vec<Vec<Vec<Hit>>>,
}

impl Listeners {
    /// Of a step that this service did.
    pub fn of_step(&self, step: u16, service: ServiceId) -> &[Hit] {
        let of = self.steps.get(usize::from(step)).and_then(|by| by.get(usize::from(service)));
        of.map_or(&[], Vec::as_slice)
    }
}

/// Everything that is measured in one place.
#[derive(Debug)]
pub struct Book {
    /// Families, in the file's order.
    pub families: Vec<FamilyDef>,
    /// Sources.
    pub sources: Vec<Source>,
    /// Targets, in the world's order of services; every service is one.
    pub targets: Vec<Target>,
    /// Series.
    pub series: Vec<SeriesDef>,
    /// Which series have this name.
    pub by_name: BTreeMap<Arc<str>, Vec<u32>>,
    /// Values of fields.
    pub domains: Domains,
    /// Sources by the kind of request they may listen to.
    pub listeners: Vec<Listeners>,
    /// By target: sources that are read at a scrape, and which of their `rows` is the target's.
    pub readings: Vec<Vec<(usize, usize)>>,
    /// Sources that listen to notices.
    pub notices: Vec<usize>,
    /// Which services take no part in requests and so see all of them, as a machine's exporter does.
    pub observers: Vec<bool>,
}

impl Book {
    /// What a hit stands for: the source, its target, and the places of its series there.
    pub fn hit(&self, hit: Hit) -> Option<(&Source, ServiceId, &[u32])> {
        let source = self.sources.get(hit.source as usize)?;
        let (service, places) = source.rows.get(hit.row as usize)?;
        Some((source, *service, places))
    }

    /// Numbers of the series that satisfy all matchers, as far as they have their labels.
    pub fn select(&self, matchers: &[Matcher]) -> Vec<u32> {
        let fits = |at: &u32| {
            let labels = self.series.get(*at as usize).and_then(|series| series.labels.get());
            labels.is_some_and(|labels| matchers.iter().all(|matcher| matcher.matches(labels)))
        };
        self.candidates(matchers).into_iter().filter(fits).collect()
    }

    /// Numbers of the series that may satisfy all matchers: those whose version is not known yet too.
    pub fn candidates(&self, matchers: &[Matcher]) -> Vec<u32> {
        let name = matchers
            .iter()
            .find(|matcher| matcher.name == "__name__" && matcher.op == crate::model::MatchOp::Equal);
        let fits = |at: &u32| {
            let labels = self.series.get(*at as usize).and_then(|series| series.labels.get());
            labels.is_none_or(|labels| matchers.iter().all(|matcher| matcher.matches(labels)))
        };
        match name {
            Some(name) => {
                let named = self.by_name.get(name.value.as_str()).map_or(&[][..], Vec::as_slice);
                named.iter().copied().filter(fits).collect()
            }
            None => (0..self.series.len() as u32).filter(fits).collect(),
        }
    }

    /// Names the version of a process: the place among a process's versions where it is kept.
    pub fn version_series(&self, first: u32, places: u32, version: &str) -> Option<u32> {
        (first..first + places).find(|at| {
            let Some(series) = self.series.get(*at as usize) else { return false };
            let Some(bare) = &series.without_version else { return false };
            let labels = series.labels.get_or_init(|| bare.with("version", version));
            labels.get("version") == Some(version)
        })
    }
}
