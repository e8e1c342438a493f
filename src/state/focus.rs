//! What the person is looking at: what a link to logs, traces or metrics starts from.

pub use crate::explore::link::Focus;

use chrono::TimeDelta;

use super::{BoxKind, BoxSpec, State, View};
use crate::explore::line;
use crate::model::{Labels, Language, SourceId, Time};
use crate::store::AlertRow;

/// Least seconds after its beginning that an alert's link shows, whatever its response time.
const LEAST_S: u32 = 3600;

impl State {
    /// What the person is looking at.
    pub fn focus(&self) -> Focus {
        if let Some(row) = self.focused_alert() {
            return self.focus_of_alert(row);
        }
        match self.view() {
            View::Page { .. } | View::Panel { .. } => self.focus_of_page(),
            View::Sources => self.focus_of_source(),
            View::Traces(_) => super::traces::focused(self).unwrap_or_default(),
            View::Trace(_) | View::Compare(..) => super::trace::focused(self).unwrap_or_default(),
            View::Logs(_) => {
                let line = self.log_at_cursor();
                line.map(|entry| line::focus(&self.setup.pack.explore, &entry)).unwrap_or_default()
            }
            View::Metrics(_) => super::metrics::focused(self).unwrap_or_default(),
            View::Incident => super::incident::focused(self),
            _ => Focus::default(),
        }
    }

    /// The language in whose terms the labels of the focus are: that of the server which they come from.
    pub fn focus_language(&self) -> Language {
        self.view().language().unwrap_or(Language::PromQl)
    }

    /// The alert under the cursor, or the one in detail.
    pub fn focused_alert(&self) -> Option<&AlertRow> {
        let list = self.shown_list();
        match self.view() {
            View::Alerts => list.at(self.places.alerts.cursor),
            View::Detail(fingerprint) => list.row(fingerprint),
            View::Page { .. } | View::Panel { .. } => {
                let (one, inner) = self.focused_box()?;
                let BoxKind::Alerts { department } = one.kind else { return None };
                let needing = self.needing(department.as_deref());
                let at = needing.get(inner.min(needing.len().saturating_sub(1)))?;
                list.rows.get(*at)
            }
            _ => None,
        }
    }

    /// The box in focus, and the cursor inside of it.
    fn focused_box(&self) -> Option<(BoxSpec, usize)> {
        let place = self.places.pages.get(self.view()).copied().unwrap_or_default();
        let mut boxes: Vec<BoxSpec> = self.rows().into_iter().flat_map(|row| row.boxes).collect();
        if boxes.is_empty() {
            return None;
        }
        let at = place.focus.min(boxes.len() - 1);
        Some((boxes.swap_remove(at), place.inner))
    }

    /// What the box in focus holds.
    pub fn focused_kind(&self) -> Option<BoxKind> {
        self.focused_box().map(|(one, _)| one.kind)
    }

    fn focus_of_alert(&self, row: &AlertRow) -> Focus {
        let explore = &self.setup.pack.explore;
        let service = explore.service_labels.iter().find_map(|label| row.alert.labels.get(label));
        Focus {
            labels: row.alert.labels.clone(),
            service: service.map(str::to_owned),
            department: self.one_department(&row.department),
            trace: None,
            query: row.query.as_deref().map(str::to_owned),
            span: Some(self.span_of_alert(row)),
        }
    }

    /// From the moment that its condition began to hold until now; of an alert that has been there for long, its
    /// beginning, as long as its response time.
    fn span_of_alert(&self, row: &AlertRow) -> (Time, Time) {
        let now = self.window.end(self.shown_now());
        let hold_s = row.hold_s.filter(|hold| hold.is_finite() && *hold >= 0.0).unwrap_or(0.0);
        let start = row.alert.starts_at.min(now) - TimeDelta::seconds((hold_s as i64).min(86_400));
        let response = self.setup.pack.alerting.response_s.get(&row.severity).copied().unwrap_or(0);
        let longest = TimeDelta::seconds(i64::from(response.max(LEAST_S)));
        (start, now.min(start + longest))
    }

    fn one_department(&self, id: &str) -> Option<String> {
        let every = &self.setup.pack.alerting.department_all;
        (!id.is_empty() && every.iter().all(|word| word != id)).then(|| id.to_owned())
    }

    fn focus_of_page(&self) -> Focus {
        let pack = &self.setup.pack;
        let title = |at: &usize| pack.departments.get(*at).map(|one| one.id.clone());
        let here = match self.view() {
            View::Page { department, .. } | View::Panel { department, .. } => {
                department.as_ref().and_then(title)
            }
            _ => None,
        };
        let Some((one, _)) = self.focused_box() else {
            return Focus { department: here, ..Focus::default() };
        };
        // A department's card leads to its page; whoever looks at the card looks at the department.
        let card = match &one.link {
            Some(View::Page { department, .. }) => department.as_ref().and_then(title),
            _ => None,
        };
        let department = card.or(here);
        let (panel, alone) = match &one.kind {
            BoxKind::Panel(panel) => (Some(panel), true),
            BoxKind::Card(panels) => (panels.first(), panels.len() == 1),
            BoxKind::Alerts { .. } | BoxKind::Suggestion => (None, false),
        };
        let Some(panel) = panel else { return Focus { department, ..Focus::default() } };
        let labels: Labels =
            panel.select.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        // A card of several panels about one thing is that thing; else its first panel speaks for it.
        let about_something = department.is_some() || !labels.is_empty();
        let query = (alone || !about_something).then(|| panel.query.to_string());
        Focus { labels, department, query, ..Focus::default() }
    }

    /// A scraped page is named like what serves it; of the servers it is known whether they are up.
    fn focus_of_source(&self) -> Focus {
        let service = match self.all_sources().get(self.places.sources) {
            Some(SourceId::Page(name)) => Some(name.to_string()),
            _ => None,
        };
        Focus { service, query: Some("up".to_owned()), ..Focus::default() }
    }
}
