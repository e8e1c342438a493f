//! Clients of the sources: HTTP with deadline, authentication, TLS, size cap and retries; one file
//! per server; a scraped page.
//!
//! Owns the wire. What leaves this room is `model` data that has passed `privacy`, or a `Fault`.
//! Must not know panes, polls or screens.

mod alertmanager;
mod clock;
pub mod deeds;
mod exemplars;
mod exposition;
mod external_labels;
mod fault;
pub mod fuzzing;
mod grafana;
mod http;
mod loki;
mod pager;
pub mod post;
mod prometheus;
mod query;
mod reply;
mod rules;
mod sealed;
mod status;
mod tail;
mod targets;
mod tempo;
pub mod tls;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use crate::clock::Clock;
use crate::config::{Source, Sources};
use crate::model::ask::{Answer, Answered, Ask, Key};
use crate::model::{Fault, FaultKind, SourceId, SourceKind};
use crate::text::fault::Why;

pub use loki::paging::LogAsk;
pub use pager::LogPager;
pub use tail::{Tail, TailAsk};

use fault::fault;
use http::Http;

/// The clients of one context; cheap to clone.
#[derive(Clone)]
pub struct Clients(Arc<All>);

struct All {
    prometheus: Option<Http>,
    alertmanager: Option<Http>,
    loki: Option<Http>,
    tempo: Option<Http>,
    grafana: Option<Http>,
    pages: BTreeMap<Arc<str>, Http>,
}

/// What one exchange gave: the answer, what the server warned of, and its clock minus ours.
struct Told {
    answer: Answer,
    warnings: Vec<String>,
    clock_skew_s: Option<i64>,
}

impl Clients {
    /// Takes note of the sources. Does no I/O and no TLS set-up: each source is set up when it is
    /// first asked, and what is wrong with its settings is then a fault of that source.
    pub fn new(sources: &Sources) -> Self {
        Self::with_clock(sources, Clock::System)
    }

    /// The same for servers that live at another hour, as an embedded hospital's may.
    pub fn with_clock(sources: &Sources, clock: Clock) -> Self {
        let one = |source: &Option<Source>| source.clone().map(|source| Http::new(source, clock));
        Self(Arc::new(All {
            prometheus: one(&sources.prometheus),
            alertmanager: one(&sources.alertmanager),
            loki: one(&sources.loki),
            tempo: one(&sources.tempo),
            grafana: one(&sources.grafana),
            pages: sources
                .exposition
                .iter()
                .map(|page| (Arc::from(page.name.as_str()), Http::new(page.source.clone(), clock)))
                .collect(),
        }))
    }

    /// Whether the source is in this context.
    pub fn is_configured(&self, source: &SourceId) -> bool {
        self.http(source).is_some()
    }

    /// Asks one question and waits for its answer, at most the source's deadline plus the time that
    /// parsing takes. Dropping the future aborts the request.
    pub async fn ask(&self, ask: &Ask) -> Result<Answered, Fault> {
        let source = ask.key().source();
        let Some(http) = self.http(&source) else {
            return Err(fault(FaultKind::Setup, &Why::NotConfigured(&source.to_string())));
        };
        let began = Instant::now();
        let told = Self::put(http, source.kind(), ask).await;
        let took_ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        match told {
            Ok(Told { answer, warnings, clock_skew_s }) => {
                tracing::debug!(%source, took_ms, "answered");
                Ok(Answered { answer, took_ms, warnings, clock_skew_s })
            }
            Err(fault) => {
                tracing::debug!(%source, took_ms, kind = ?fault.kind, status = ?fault.status, "failed");
                Err(fault)
            }
        }
    }

    async fn put(http: &Http, kind: SourceKind, ask: &Ask) -> Result<Told, Fault> {
        match ask {
            Ask::Instant { query, at } => prometheus::instant(http, query, *at).await,
            Ask::Range { query, start, end, step_s } => {
                prometheus::range(http, query, *start, *end, *step_s).await
            }
            Ask::Plain(Key::Rules) => prometheus::rules(http).await,
            Ask::Plain(Key::Targets) => prometheus::targets(http).await,
            Ask::Plain(Key::ExternalLabels) => prometheus::external_labels(http).await,
            Ask::Plain(Key::LabelNames) => prometheus::label_names(http).await,
            Ask::Plain(Key::LabelValues(name)) => prometheus::label_values(http, name).await,
            Ask::Plain(Key::Metadata) => prometheus::metadata(http).await,
            Ask::Plain(Key::Alerts) => alertmanager::alerts(http).await,
            Ask::Plain(Key::Silences) => alertmanager::silences(http).await,
            Ask::Plain(Key::Status) => alertmanager::status(http).await,
            Ask::Plain(Key::Page(_)) => exposition::page(http).await,
            Ask::Plain(Key::BuildInfo(source)) => match kind {
                SourceKind::Prometheus => prometheus::build_info(http).await,
                SourceKind::Alertmanager => alertmanager::status(http).await,
                SourceKind::Loki => loki::build_info(http).await,
                SourceKind::Tempo => tempo::build_info(http).await,
                SourceKind::Grafana => grafana::health(http).await,
                SourceKind::Exposition => Err(fault(FaultKind::Setup, &Why::NotAskable(&source.to_string()))),
            },
            Ask::Plain(Key::Ready(_)) => match kind {
                SourceKind::Prometheus => prometheus::ready(http).await,
                SourceKind::Alertmanager => alertmanager::ready(http).await,
                SourceKind::Loki => loki::ready(http).await,
                SourceKind::Tempo => tempo::ready(http).await,
                SourceKind::Exposition => exposition::ready(http).await,
                SourceKind::Grafana => grafana::health(http).await,
            },
            Ask::Window { key: Key::Exemplars(query), start, end } => {
                prometheus::exemplars(http, query, *start, *end).await
            }
            Ask::Window { key: Key::Annotations(limit), start, end } => {
                grafana::annotations(http, *limit, *start, *end).await
            }
            Ask::Window { key, start, end } if kind == SourceKind::Loki => {
                loki::explore(http, key, *start, *end).await
            }
            Ask::Window { key, start, end } => tempo::explore(http, key, *start, *end).await,
            Ask::Plain(Key::Trace(id)) => tempo::trace(http, *id).await,
            // A moment is missing: only `Ask::Instant` and `Ask::Range` carry one.
            Ask::Plain(key) => Err(fault(FaultKind::Setup, &Why::NotAskable(&key.source().to_string()))),
        }
    }

    fn http(&self, source: &SourceId) -> Option<&Http> {
        match source {
            SourceId::Server(SourceKind::Prometheus) => self.0.prometheus.as_ref(),
            SourceId::Server(SourceKind::Alertmanager) => self.0.alertmanager.as_ref(),
            SourceId::Server(SourceKind::Loki) => self.0.loki.as_ref(),
            SourceId::Server(SourceKind::Tempo) => self.0.tempo.as_ref(),
            SourceId::Server(SourceKind::Grafana) => self.0.grafana.as_ref(),
            SourceId::Server(SourceKind::Exposition) => None,
            SourceId::Page(name) => self.0.pages.get(name),
        }
    }
}
