//! The alert list: order, groups, selection, filter; copying.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::command::CommandId;
use crate::message::Effect;
use crate::pack::Level;
use crate::state::alert_list::{AlertColumn, Line};
use crate::state::{Overlay, Prompt, State, View};
use crate::store::AlertRow;

/// Carries out a command of the list.
pub fn command(state: &mut State, id: CommandId) {
    let notices = &state.setup.text.view.notice;
    let place = &mut state.places.alerts;
    match id {
        CommandId::Filter => {
            let prompt = Prompt::with(&place.filter);
            super::views::go(state, View::Alerts);
            state.overlay = Some(Overlay::Filter(prompt));
            // Its line takes one from the list.
            super::move_cursor::keep_in_sight(state);
            return;
        }
        CommandId::Sort => {
            place.sort = match place.sort {
                AlertColumn::Severity => AlertColumn::Age,
                AlertColumn::Age => AlertColumn::Clock,
                AlertColumn::Clock => AlertColumn::Department,
                AlertColumn::Department => AlertColumn::Name,
                AlertColumn::Name => AlertColumn::Severity,
            };
        }
        CommandId::Reverse => place.reversed = !place.reversed,
        CommandId::Group => {
            place.group = place.group.next();
            let name = state.setup.text.view.groups[place.group as usize];
            state.notify(Level::Ok, (notices.grouped)(name));
        }
        CommandId::Muted => {
            place.muted = !place.muted;
            let text = (notices.muted)(place.muted);
            state.notify(Level::Ok, text);
        }
        CommandId::Pending => {
            place.pending = !place.pending;
            let text = (notices.pending)(place.pending);
            state.notify(Level::Ok, text);
        }
        CommandId::Select => {
            select(state);
            return;
        }
        CommandId::SelectAll => {
            select_all(state);
            return;
        }
        _ => return,
    }
    reorder(state);
}

/// Orders the list anew; the cursor stays on its alert.
pub fn reorder(state: &mut State) {
    let under_cursor = fingerprint_at_cursor(state);
    let pack = state.setup.pack.clone();
    state.list = std::mem::take(&mut state.list).ordered(&state.places.alerts, &pack);
    if let Some(held) = &mut state.held {
        held.list = std::mem::take(&mut held.list).ordered(&state.places.alerts, &pack);
    }
    follow(state, under_cursor);
}

/// The alert under the list's cursor, as the screen shows it.
pub fn fingerprint_at_cursor(state: &State) -> Option<Arc<str>> {
    state.shown_list().at(state.places.alerts.cursor).map(|row| row.alert.fingerprint.clone())
}

/// Another list stands on the screen: alerts that have gone are no longer selected, and the cursor
/// stays on its alert.
pub fn settle(state: &mut State, under_cursor: Option<Arc<str>>) {
    if state.places.alerts.selected.is_empty() {
        return follow(state, under_cursor);
    }
    let known: BTreeSet<&Arc<str>> = state.list.rows.iter().map(|row| &row.alert.fingerprint).collect();
    state.places.alerts.selected.retain(|fingerprint| known.contains(fingerprint));
    follow(state, under_cursor);
}

fn follow(state: &mut State, fingerprint: Option<Arc<str>>) {
    if let Some(line) = fingerprint.and_then(|fingerprint| state.shown_list().line_of(&fingerprint)) {
        state.places.alerts.cursor = line;
    }
    super::move_cursor::keep_in_sight(state);
}

/// Folds or unfolds the group at the cursor.
pub fn fold(state: &mut State) {
    if let Some(Line::Group { title, folded, .. }) = state.shown_list().lines.get(state.places.alerts.cursor)
    {
        let (title, folded) = (title.clone(), *folded);
        if folded {
            state.places.alerts.folded.remove(&title);
        } else {
            state.places.alerts.folded.insert(title);
        }
        reorder(state);
    }
}

/// Folds (from a member: goes to its head first) or unfolds.
pub fn fold_to(state: &mut State, fold_it: bool) {
    let cursor = state.places.alerts.cursor;
    match state.shown_list().lines.get(cursor) {
        Some(Line::Group { folded, .. }) if *folded != fold_it => fold(state),
        Some(Line::Alert(_)) if fold_it => {
            let head = state.shown_list().lines[..cursor]
                .iter()
                .rposition(|line| matches!(line, Line::Group { .. }));
            if let Some(head) = head {
                state.places.alerts.cursor = head;
                super::move_cursor::keep_in_sight(state);
            }
        }
        _ => {}
    }
}

fn select(state: &mut State) {
    let Some(fingerprint) = fingerprint_at_cursor(state) else { return };
    let selected = &mut state.places.alerts.selected;
    if !selected.remove(&fingerprint) {
        selected.insert(fingerprint);
    }
    let text = (state.setup.text.view.notice.selected)(selected.len());
    state.notify(Level::Ok, text);
    super::move_cursor::command(state, CommandId::Down);
}

fn select_all(state: &mut State) {
    let list = state.shown_list();
    let all: BTreeSet<_> = list
        .lines
        .iter()
        .filter_map(|line| match line {
            Line::Alert(at) => list.rows.get(*at).map(|row| row.alert.fingerprint.clone()),
            Line::Group { .. } => None,
        })
        .collect();
    let selected = &mut state.places.alerts.selected;
    *selected = if *selected == all { BTreeSet::new() } else { all };
    let text = (state.setup.text.view.notice.selected)(selected.len());
    state.notify(Level::Ok, text);
}

/// The alert under the cursor of the view in sight.
fn under_cursor(state: &State) -> Option<&AlertRow> {
    match state.view() {
        View::Alerts => state.shown_list().at(state.places.alerts.cursor),
        View::Detail(fingerprint) => state.shown_list().row(fingerprint),
        _ => None,
    }
}

/// Copies what is under the cursor: an alert as its labels, a selection as a line each, a panel as
/// its query, a source as its address; or the runbook link.
pub fn copy(state: &mut State, id: CommandId) -> Vec<Effect> {
    let notices = &state.setup.text.view.notice;
    let copied = if id == CommandId::Browse {
        let link =
            under_cursor(state).and_then(|row| row.alert.annotations.get("runbook_url").map(str::to_owned));
        if link.is_none() {
            state.notify(Level::Warning, notices.no_link);
            return Vec::new();
        }
        link
    } else {
        what_to_copy(state)
    };
    match copied.filter(|text| !text.is_empty()) {
        Some(text) => {
            state.notify(Level::Ok, (notices.copied)(text.chars().count()));
            vec![Effect::Copy(text)]
        }
        None => {
            state.notify(Level::Warning, notices.nothing_to_copy);
            Vec::new()
        }
    }
}

fn what_to_copy(state: &State) -> Option<String> {
    match state.view() {
        View::Alerts if !state.places.alerts.selected.is_empty() => {
            let chosen = state
                .shown_list()
                .rows
                .iter()
                .filter(|row| state.places.alerts.selected.contains(&row.alert.fingerprint));
            Some(chosen.map(|row| row.alert.labels.to_string()).collect::<Vec<_>>().join("\n"))
        }
        View::Alerts | View::Detail(_) => under_cursor(state).map(|row| row.alert.labels.to_string()),
        // Explorers and incidents copy what is theirs before a command comes here.
        View::Incidents
        | View::Record(_)
        | View::Incident
        | View::Logs(_)
        | View::Traces(_)
        | View::Trace(_)
        | View::Compare(..)
        | View::Metrics(_) => None,
        View::Silences => state.silence_at_cursor().map(|silence| silence.id.to_string()),
        View::Sources => {
            let all = state.all_sources();
            state.setup.sources.get(all.get(state.places.sources)?).cloned()
        }
        View::Page { .. } | View::Panel { .. } => {
            use crate::state::BoxKind;
            let place = state.places.pages.get(state.view()).copied().unwrap_or_default();
            let one = state.rows().into_iter().flat_map(|row| row.boxes).nth(place.focus)?;
            match one.kind {
                BoxKind::Panel(panel) => Some(panel.query.to_string()),
                BoxKind::Card(panels) => {
                    Some(panels.iter().map(|panel| panel.query.to_string()).collect::<Vec<_>>().join("\n"))
                }
                BoxKind::Suggestion => state.incidents.suggested.as_ref().map(|found| found.id.clone()),
                BoxKind::Alerts { department } => {
                    let needing = state.needing(department.as_deref());
                    let at = needing.get(place.inner.min(needing.len().saturating_sub(1)))?;
                    state.shown_list().rows.get(*at).map(|row| row.alert.labels.to_string())
                }
            }
        }
    }
}
