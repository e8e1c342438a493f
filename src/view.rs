//! State → view-model: what a screen says, as plain data, before any colour or cell.
//!
//! Owns which facts each view shows and in what words (from `text`). Must not know colours, cells
//! of a terminal buffer, or how anything is fetched. The same view-model feeds the live console,
//! golden frames and `snapshot --format json`.

pub mod acting;
pub mod alerts;
pub mod axis;
pub mod chrome;
pub mod clock;
pub mod compare;
pub mod demo;
pub mod detail;
pub mod incident;
pub mod incidents;
pub mod logs;
pub mod metrics;
pub mod offers;
mod overlay;
pub mod page;
mod paging;
pub mod pane;
pub mod prompt;
pub mod reveal;
pub mod series;
pub mod silences;
pub mod sources;
pub mod status;
pub mod trace;
pub mod traces;
pub mod vm;

use crate::state::{State, View};
use vm::{Body, Screen};

/// The whole screen.
pub fn build(state: &State) -> Screen {
    let body = match state.view() {
        View::Page { .. } | View::Panel { .. } => Body::Page(page::build(state)),
        View::Alerts => Body::Alerts(alerts::build(state)),
        View::Detail(fingerprint) => Body::AlertDetail(detail::build(state, fingerprint)),
        View::Sources => Body::Sources(sources::build(state)),
        View::Silences => Body::Silences(silences::build(state)),
        View::Incidents => Body::Incidents(incidents::build(state)),
        View::Record(id) => Body::Record(Box::new(incidents::one(state, id))),
        View::Logs(query) => Body::Logs(Box::new(logs::build(state, query))),
        View::Traces(query) => Body::Traces(Box::new(traces::build(state, query))),
        View::Trace(id) => Body::Trace(Box::new(trace::build(state, *id))),
        View::Compare(one, other) => Body::Compare(Box::new(compare::build(state, *one, *other))),
        View::Metrics(query) => Body::Metrics(Box::new(metrics::build(state, query))),
        View::Incident => Body::Incident(Box::new(incident::build(state))),
    };
    Screen {
        header: chrome::header(state),
        body,
        footer: chrome::footer(state),
        card: demo::card(state),
        overlay: overlay::build(state),
    }
}

/// Every pane of the view in sight, for `snapshot --format json`.
pub fn panes(screen: &Screen) -> Vec<&vm::PaneVm> {
    match &screen.body {
        Body::Page(page) => page
            .rows
            .iter()
            .flat_map(|row| row.boxes.iter())
            .flat_map(|(_, one)| match &one.content {
                vm::Content::Pane(pane) => std::slice::from_ref(pane).iter(),
                vm::Content::Panes(panes) => panes.iter(),
                vm::Content::Alerts(_) | vm::Content::Text(_) => [].iter(),
            })
            .collect(),
        Body::AlertDetail(detail) => detail.trend.iter().collect(),
        Body::Alerts(_)
        | Body::Sources(_)
        | Body::Silences(_)
        | Body::Incidents(_)
        | Body::Record(_)
        | Body::Logs(_)
        | Body::Traces(_)
        | Body::Trace(_)
        | Body::Compare(_)
        | Body::Metrics(_)
        | Body::Incident(_) => Vec::new(),
    }
}
