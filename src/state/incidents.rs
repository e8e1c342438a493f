//! Where the person is in the incidents, and what of them is in sight.

use std::sync::Arc;

use super::{Prompt, State, View};
use crate::model::records::{Dossier, Incident, IncidentStatus};
use crate::store::Remote;

/// Cursor of the list of incidents.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct IncidentsPlace {
    /// Cursor.
    pub cursor: usize,
    /// Whether those that are resolved are listed.
    pub over: bool,
    /// First line in sight of the one that is open.
    pub scroll: u16,
}

/// What is asked about an incident; all of it is one line of text, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A title for a new one of these alerts.
    Open(Vec<Arc<str>>),
    /// Whether it is to be taken.
    Take(Arc<str>),
    /// A note.
    Note(Arc<str>),
    /// Who is to have it; empty is nobody.
    Assign(Arc<str>),
    /// What helped.
    Resolve(Arc<str>),
    /// Why it is opened again.
    Reopen(Arc<str>),
}

/// A dialog about an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentDialog {
    /// What is asked.
    pub asked: Asked,
    /// What is typed.
    pub text: Prompt,
}

impl State {
    /// Incidents in the order of their list: what nobody has first, the worst first, then the newest.
    pub fn incidents(&self) -> Vec<&Incident> {
        let book = self.shown().book.value();
        let all = book.map_or(&[][..], |book| &book.incidents[..]);
        let over = self.places.incidents.over;
        let mut shown: Vec<&Incident> =
            all.iter().filter(|one| over || one.status != IncidentStatus::Resolved).collect();
        shown.sort_by(|a, b| {
            // What nobody has waits for somebody; what is resolved waits for nobody.
            let rank = |one: &Incident| (one.status, one.severity);
            rank(a).cmp(&rank(b)).then(b.opened_at.cmp(&a.opened_at)).then(b.id.cmp(&a.id))
        });
        shown
    }

    /// The incident that an action is about: the one that is open, or the one under the cursor.
    pub fn incident_at_cursor(&self) -> Option<&Incident> {
        match self.view() {
            View::Incident(id) => self
                .dossier(id)
                .map(|dossier| &dossier.incident)
                .or_else(|| self.shown().book.value()?.incident(id)),
            View::Incidents => {
                let all = self.incidents();
                all.get(self.places.incidents.cursor.min(all.len().checked_sub(1)?)).copied()
            }
            _ => None,
        }
    }

    /// All that is known of an incident, where it was looked up.
    pub fn dossier(&self, id: &str) -> Option<&Dossier> {
        let (known, remote) = self.shown().dossier.as_ref()?;
        (**known == *id).then(|| remote.value()).flatten().map(|dossier| &**dossier)
    }

    /// The incident that is to be looked up as a whole: the one in sight, or the one under the cursor.
    pub fn looked_up(&self) -> Option<Arc<str>> {
        match self.view() {
            View::Incident(id) => Some(id.clone()),
            View::Incidents => self.incident_at_cursor().map(|incident| incident.id.clone()),
            _ => None,
        }
    }

    /// Every alert that there is, where a fresh answer says so: what is missing from it has ended.
    pub fn all_alerts(&self) -> Option<Arc<[Arc<crate::model::Alert>]>> {
        let alerts = &self.store.alerts;
        let fresh = alerts.freshness(self.now, self.interval_s()) == crate::store::remote::Freshness::Fresh;
        let whole = fresh && alerts.warnings().is_empty() && self.window.is_live();
        whole.then(|| alerts.value().cloned()).flatten()
    }

    /// Age and faults of what the journal said.
    pub fn journal_answer(&self) -> &Remote<Arc<crate::model::records::Book>> {
        &self.shown().book
    }
}
