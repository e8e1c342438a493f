//! The embedded place behind the console: building it, its servers as sources, its faults.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use url::Url;

use crate::clock::Clock;
use crate::config::{Source, Sources};
use crate::demo::{FaultKind, Hospital, Plan, Running, servers};
use crate::document::Problem;
use crate::model::Time;
use crate::pack::Pack;
use crate::state::PlannedFault;

/// Longest wait for an answer. It computes what it is asked for, on this machine: a slow one takes its
/// time, and nobody is helped by asking again.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is needed to build one, all of it checked as far as it can be without building.
#[derive(Clone, Debug)]
pub struct Order {
    /// The field of work.
    pub pack: Arc<Pack>,
    /// What happens in it.
    pub plan: Plan,
    /// Its clock, which is the console's too.
    pub clock: Clock,
}

/// Why there is none.
#[derive(Debug)]
pub enum NoPlace {
    /// Its files are wrong.
    Problems(Vec<Problem>),
    /// Its servers cannot listen.
    Servers(io::Error),
}

/// A place that runs until this is dropped.
#[derive(Debug)]
pub struct Embedded {
    hospital: Arc<Hospital>,
    sources: Sources,
    _running: Running,
}

impl Order {
    /// Builds the place and starts its servers.
    pub fn open(&self) -> Result<Embedded, NoPlace> {
        let hospital = Hospital::new(&self.pack, self.plan.clone(), self.clock).map_err(NoPlace::Problems)?;
        let hospital = Arc::new(hospital);
        let running = servers::start(&hospital, &self.pack).map_err(NoPlace::Servers)?;
        let at = |url: &str| {
            let url = Url::parse(url).map_err(|error| NoPlace::Servers(io::Error::other(error)))?;
            Ok(Some(Source { timeout: PATIENCE, ..Source::at(url) }))
        };
        let urls = &running.urls;
        let sources = Sources {
            prometheus: at(&urls.prometheus)?,
            alertmanager: at(&urls.alertmanager)?,
            loki: at(&urls.loki)?,
            tempo: at(&urls.tempo)?,
            grafana: None,
            exposition: Vec::new(),
        };
        Ok(Embedded { hospital, sources, _running: running })
    }

    /// The same on a thread of its own, so that a first frame need not wait for it.
    pub fn open_aside(&self) -> io::Result<Coming> {
        let (sender, receiver) = oneshot::channel();
        let order = self.clone();
        std::thread::Builder::new().name("embedded".to_owned()).spawn(move || {
            // Nobody waits any more when the person has left already.
            let _ = sender.send(order.open());
        })?;
        Ok(Coming(receiver))
    }
}

/// A place that is being built.
#[derive(Debug)]
pub struct Coming(oneshot::Receiver<Result<Embedded, NoPlace>>);

impl Coming {
    /// Waits for it.
    pub async fn arrived(&mut self) -> Result<Embedded, NoPlace> {
        // The sender only goes unsent when its thread has panicked.
        (&mut self.0).await.unwrap_or_else(|gone| Err(NoPlace::Servers(io::Error::other(gone))))
    }
}

impl Embedded {
    /// Its servers.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Begins a fault now, or mends it; a name that is none does nothing.
    pub fn toggle(&self, name: &str) {
        if let Ok(kind) = FaultKind::parse(name) {
            self.hospital.toggle_fault(kind);
        }
    }

    /// Its faults as they are now.
    pub fn faults(&self) -> Vec<PlannedFault> {
        faults(&self.hospital.plan(), self.hospital.clock().now())
    }
}

/// Every kind of fault: the last of its kind that has begun by `now`, else the next one.
pub fn faults(plan: &Plan, now: Time) -> Vec<PlannedFault> {
    FaultKind::ALL
        .into_iter()
        .map(|kind| {
            let of_kind = || plan.faults.iter().filter(|fault| fault.kind == kind);
            let last = of_kind().filter(|fault| fault.onset <= now).max_by_key(|fault| fault.onset);
            let fault = last.or_else(|| of_kind().min_by_key(|fault| fault.onset));
            PlannedFault {
                name: kind.as_str().into(),
                since: fault.map(|fault| fault.onset),
                until: fault.and_then(|fault| fault.end),
            }
        })
        .collect()
}
