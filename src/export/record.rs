//! Incidents as JSON.

use serde::Serialize;

use crate::model::records::{Dossier, Incident, ResponseClock};
pub use crate::text::incidents::{Telling, summary};

/// Something of an incident, with its response clock.
#[derive(Debug, Serialize)]
pub(super) struct WithClock<'a, T> {
    #[serde(flatten)]
    pub of: &'a T,
    pub clock: ResponseClock,
}

impl<'a, T> WithClock<'a, T> {
    pub fn new(of: &'a T, incident: &Incident, telling: &Telling<'_>) -> Self {
        Self { of, clock: telling.clock(incident) }
    }
}

/// A list of incidents as JSON.
pub fn list_json(incidents: &[Incident], telling: &Telling<'_>) -> String {
    let all: Vec<_> = incidents.iter().map(|of| WithClock { of, clock: telling.clock(of) }).collect();
    super::json::line(&all)
}

/// One incident, whole, as JSON.
pub fn json(dossier: &Dossier, telling: &Telling<'_>) -> String {
    super::json::line(&WithClock { of: dossier, clock: telling.clock(&dossier.incident) })
}

/// Changes that were noted, as JSON.
pub fn changes_json(changes: &[crate::model::records::Change]) -> String {
    super::json::line(&changes)
}
