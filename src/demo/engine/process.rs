//! A process: whether it runs, since when, what it has done.

use std::sync::Arc;

use super::resources::Station;
use crate::demo::world::Service;

/// Seconds after which a process is warm.
const WARM_S: f64 = 3600.0;

/// One process.
#[derive(Clone, Debug)]
pub(super) struct Process {
    pub(super) up: bool,
    /// Counts its lives.
    pub(super) epoch: u32,
    pub(super) started_us: i64,
    pub(super) version: Arc<str>,
    /// Nothing goes on in it before this.
    pub(super) paused_until: i64,
    pub(super) workers: Station,
    /// Connections to the database, leaked ones among the busy.
    pub(super) pool: Station,
    pub(super) leaked: u32,
    /// Core microseconds of work.
    pub(super) worked_us: f64,
    /// Bytes received and sent.
    pub(super) network: (f64, f64),
    /// Bytes that should have been given back.
    pub(super) leak_bytes: f64,
    /// Requests since its last report, and the longest of them.
    pub(super) reported: (u32, i64),
    /// When it last told that it waits for connections.
    pub(super) pool_told_us: i64,
}

impl Process {
    pub(super) fn new(service: &Service, start_us: i64) -> Self {
        Self {
            up: true,
            epoch: 0,
            started_us: start_us,
            version: service.version.clone(),
            paused_until: 0,
            workers: Station::new(service.workers),
            pool: Station::new(service.pool),
            leaked: 0,
            worked_us: 0.0,
            network: (0.0, 0.0),
            leak_bytes: 0.0,
            reported: (0, 0),
            pool_told_us: 0,
        }
    }

    /// It ends, and with it everything it held.
    pub(super) fn stop(&mut self) {
        self.up = false;
        self.epoch += 1;
        self.workers.reset();
        self.pool.reset();
        self.leaked = 0;
        self.leak_bytes = 0.0;
        self.paused_until = 0;
    }

    /// A new life.
    pub(super) fn start(&mut self, at_us: i64, version: Arc<str>) {
        self.up = true;
        self.started_us = at_us;
        self.version = version;
        self.worked_us = 0.0;
        self.network = (0.0, 0.0);
        self.reported = (0, 0);
    }

    /// Bytes of memory: caches fill over the first hours, each request in work holds a little.
    pub(super) fn resident(&self, service: &Service, at_us: i64) -> f64 {
        if !self.up {
            return 0.0;
        }
        let age_s = (at_us - self.started_us) as f64 / 1e6;
        let warm = 1.0 - libm::exp(-age_s / WARM_S);
        let held = f64::from(self.workers.busy) * 2e6;
        service.memory.0 + (service.memory.1 - service.memory.0) * warm + held + self.leak_bytes
    }

    /// Seconds of processor time since its start.
    pub(super) fn cpu_seconds(&self, service: &Service, at_us: i64) -> f64 {
        if !self.up {
            return 0.0;
        }
        let age_s = (at_us - self.started_us) as f64 / 1e6;
        self.worked_us / 1e6 + age_s * service.idle_cores
    }
}
