//! Evidence from live servers: what metrics, logs, traces, alerts and changes say of a window and of calm time before it.
//!
//! Owns which questions are asked, in which order and within which budget, and what of the answers becomes evidence.
//! What comes from the clients is masked already. What did not come is told in `missing`, never passed over. Must
//! not judge the evidence, and must not know what is shown of it.

mod alerts;
mod asking;
mod changes;
mod discover;
mod logs;
mod metrics;
mod pieces;
mod recorded;
mod traces;
pub mod window;

use std::sync::Arc;
use std::time::Duration;

use crate::client::Clients;
use crate::model::evidence::{ChangeRecord, EdgeRecord, Evidence, Manifest, Period, Symptom};
use crate::model::{Course, SourceId, SourceKind, Time};
use crate::pack::Pack;
use crate::text::gather::EN as WORDS;

use asking::Asker;
pub use window::{Calm, Spans};

/// How much may be asked. A server that is in trouble must not be asked to death by whoever wants to help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Requests in all.
    pub requests: usize,
    /// Requests at once.
    pub at_once: usize,
    /// Until when everything must have come.
    pub time: Duration,
    /// Series that are discovered, besides the pack's signals.
    pub series: usize,
    /// Log lines.
    pub lines: usize,
    /// Traces.
    pub traces: usize,
}

impl Budget {
    /// For what nobody has asked for: gentle to servers that have an incident to serve, and to the memory of a console
    /// that only watches.
    pub fn unasked() -> Self {
        Self { at_once: 2, lines: 10_000, traces: 1_000, ..Self::default() }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            requests: 160,
            at_once: 6,
            time: Duration::from_secs(45),
            series: 500,
            lines: 50_000,
            traces: 4_000,
        }
    }
}

/// Series that begin later than this after what was asked for do not reach as far, seconds.
const LATE_S: i64 = 120;

/// What is to be gathered.
#[derive(Clone, Debug)]
pub struct Order {
    /// What the clock shows.
    pub now: Time,
    /// The window, where somebody chose one; else it is found from the alerts.
    pub window: Option<Period>,
    /// Length of the window in seconds where nothing fires and nobody chose one.
    pub quiet_s: i64,
    /// Components where something was noticed; the causes may lie elsewhere.
    pub components: Vec<String>,
    /// Changes that people noted themselves.
    pub noted: Vec<ChangeRecord>,
    /// PromQL whose answers are kept as they come: what a console that opens the bundle will ask.
    pub recorded: Vec<Arc<str>>,
    /// Where the evidence comes from, in words.
    pub source: String,
    /// How much may be asked.
    pub budget: Budget,
    /// Where it is counted what has been answered.
    pub course: Arc<Course>,
}

impl Order {
    /// Length of the window where nothing fires: what began a minute ago must not drown in an hour.
    pub const QUIET_S: i64 = 15 * 60;

    /// An order without a window.
    pub fn new(now: Time, source: impl Into<String>) -> Self {
        Self {
            now,
            window: None,
            quiet_s: Self::QUIET_S,
            components: Vec::new(),
            noted: Vec::new(),
            recorded: Vec::new(),
            source: source.into(),
            budget: Budget::default(),
            course: Arc::default(),
        }
    }
}

/// Something that is not in the evidence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// Whose it is; `None` where it is nobody's fault.
    pub source: Option<SourceKind>,
    /// Why.
    pub kind: MissingKind,
    /// In a sentence.
    pub words: String,
}

/// Why something is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MissingKind {
    /// Its source is not configured: no failure.
    Unconfigured,
    /// Its source did not answer.
    Failed,
    /// There is more than the budget allows, or the server does not know how to tell it.
    Cut,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The evidence; its manifest says the window and the calm time.
    pub evidence: Evidence,
    /// How the calm time was found.
    pub calm: Calm,
    /// What is not there.
    pub missing: Vec<Missing>,
    /// Requests that were sent.
    pub requests: usize,
    /// How long the servers took for them, one after another.
    pub servers: Duration,
    /// Sources that are configured, and those of them that answered anything.
    pub sources: (usize, usize),
}

impl Gathered {
    /// Whether no source answered at all.
    pub fn is_unreachable(&self) -> bool {
        self.sources.1 == 0
    }

    /// Whether something is not there that should be.
    pub fn is_incomplete(&self) -> bool {
        self.missing.iter().any(|one| one.kind == MissingKind::Failed)
    }
}

/// Asks the servers.
pub async fn gather(clients: &Clients, pack: &Pack, order: &Order) -> Gathered {
    let asker = Asker::new(clients, order.budget, order.course.clone());
    asker.note_unconfigured();
    let cut = until_now(order);
    if cut.is_some() {
        asker.note(None, MissingKind::Cut, WORDS.beyond_now.to_owned());
    }
    let order = cut.as_ref().unwrap_or(order);
    let seen = alerts::gather(&asker, pack, order).await;
    let spans = window::choose(order, &seen);
    let manifest = manifest(order, &spans);
    let mut evidence = Evidence::new(manifest);
    let pieces = pieces::of(&spans);
    let (signals, found, lines, traces, changes, recorded) = tokio::join!(
        metrics::signals(&asker, pack, &pieces),
        discover::gather(&asker, pack, &pieces, order.budget.series),
        logs::gather(&asker, pack, &spans, order.budget.lines),
        traces::gather(&asker, pack, &spans, order.budget.traces),
        changes::gather(&asker, pack, &pieces),
        recorded::gather(&asker, &order.recorded, &pieces),
    );
    evidence.series = signals;
    evidence.series.extend(found);
    evidence.series.sort_by(|a, b| (&a.name, &a.labels).cmp(&(&b.name, &b.labels)));
    note_reach(&asker, &evidence, &pieces);
    evidence.logs = lines;
    evidence.spans = traces;
    evidence.alerts = seen.of(&spans);
    evidence.changes = changes;
    evidence.others = recorded;
    let about = |at: Time| pieces.iter().any(|piece| (piece.start..=piece.end).contains(&at));
    evidence.changes.extend(order.noted.iter().filter(|one| about(one.at)).cloned());
    evidence.changes.sort_by(|a, b| (a.at, &a.title).cmp(&(b.at, &b.title)));
    evidence.edges = pack
        .signals
        .edges
        .iter()
        .map(|edge| EdgeRecord {
            caller: edge.caller.as_str().into(),
            callee: edge.callee.as_str().into(),
            relation: edge.relation,
        })
        .collect();
    asker.finish(evidence, spans.calm)
}

/// The same order with a window that ends now, where it reaches beyond.
fn until_now(order: &Order) -> Option<Order> {
    let window = order.window.filter(|window| window.end > order.now)?;
    let start = window.start.min(order.now - chrono::TimeDelta::seconds(1));
    Some(Order { window: Some(Period { start, end: order.now }), ..order.clone() })
}

/// Says where the series do not reach as far back as was asked: what a server keeps ends somewhere.
fn note_reach(asker: &Asker<'_>, evidence: &Evidence, pieces: &pieces::Pieces) {
    if !asker.has(&SourceId::PROMETHEUS) || !asker.answered(&SourceId::PROMETHEUS) {
        return;
    }
    let told = |words: String| asker.note(Some(SourceKind::Prometheus), MissingKind::Cut, words);
    let first = evidence.series.iter().filter_map(|one| one.samples.first()).map(|sample| sample.0);
    let first = first.fold(f64::INFINITY, f64::min);
    let Some(asked) = pieces.first().map(|piece| piece.start) else { return };
    let Some(begins) =
        chrono::DateTime::from_timestamp_millis((first * 1000.0) as i64).filter(|_| first.is_finite())
    else {
        return told(WORDS.no_series.to_owned());
    };
    let late = (begins - asked).num_seconds();
    let whole = pieces.iter().map(|piece| (piece.end - piece.start).num_seconds()).sum::<i64>();
    if late > LATE_S.max(whole / 10) {
        let at = begins.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        told((WORDS.series_begin)(&at, late / 60));
    }
}

fn manifest(order: &Order, spans: &Spans) -> Manifest {
    let symptom = match (order.components.first(), &spans.symptom) {
        (Some(component), _) => Some(Symptom { component: component.clone(), signal: String::new() }),
        (None, symptom) => symptom.clone(),
    };
    Manifest {
        id: id(spans.onset.unwrap_or(spans.window.start)),
        window: spans.window,
        baselines: spans.baselines.clone(),
        symptom,
        source: order.source.clone(),
    }
}

/// The id of an incident that was noticed at this moment.
pub fn id(at: Time) -> String {
    at.format("INC-%Y%m%d%H%M%S").to_string()
}
