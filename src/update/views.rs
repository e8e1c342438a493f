//! Going from view to view.

use std::sync::Arc;

use crate::command::CommandId;
use crate::message::Effect;
use crate::model::Language;
use crate::pack::Level;
use crate::state::{BoxKind, State, View};

/// Most views that Back can return through.
const DEPTH: usize = 32;

/// Goes where a command leads.
pub fn command(state: &mut State, id: CommandId) {
    match id {
        CommandId::Overview => go(state, first_page(state)),
        CommandId::Alerts => go(state, View::Alerts),
        CommandId::Sources => go(state, View::Sources),
        CommandId::Silences => go(state, View::Silences),
        CommandId::Incidents => go(state, View::Incidents),
        CommandId::Hardware => page(state, "hardware", id),
        CommandId::Models => page(state, "models", id),
        CommandId::Logs => explorer(state, Language::LogQl),
        CommandId::Traces => explorer(state, Language::TraceQl),
        CommandId::Metrics => explorer(state, Language::PromQl),
        CommandId::Department => next_department(state, 1),
        CommandId::NextPage => neighbour(state, 1),
        CommandId::PreviousPage => neighbour(state, -1),
        CommandId::Open => open(state),
        _ => {}
    }
}

fn first_page(state: &State) -> View {
    let id = state.setup.pack.pages.first().map_or("", |page| page.id.as_str());
    View::Page { id: id.into(), department: None }
}

/// A page of the pack, if it has one of that id.
fn page(state: &mut State, id: &str, command: CommandId) {
    if state.setup.pack.pages.iter().any(|page| page.id == id) {
        go(state, View::Page { id: id.into(), department: None });
    } else {
        let text = (state.setup.text.view.notice.not_here)(command.command().title);
        state.notify(Level::Warning, text);
    }
}

/// The view of a name; an explorer as it was left.
pub fn named(state: &State, name: &str) -> Option<View> {
    let view = crate::state::view_by_name(&state.setup.pack, name)?;
    match (view.query(), view.language()) {
        (Some(_), Some(language)) => Some(explorer_view(state, language)),
        _ => Some(view),
    }
}

/// An explorer as it was left, else with the pack's first ready query, else with a query to be typed.
fn explorer(state: &mut State, language: Language) {
    let view = explorer_view(state, language);
    let empty = view.query().is_some_and(|query| query.is_empty());
    go(state, view);
    if empty {
        super::prompt::open(state, language, "");
    }
}

fn explorer_view(state: &State, language: Language) -> View {
    let kind = |view: &&View| view.language() == Some(language) && view.query().is_some();
    let left = state.stack.iter().rev().find(kind).or_else(|| state.places.last(language));
    left.cloned().unwrap_or_else(|| View::first(language, &state.setup.pack.explore))
}

/// The page of the next department; from elsewhere, of the first.
fn next_department(state: &mut State, step: isize) {
    let count = state.setup.pack.departments.len();
    if count == 0 || !state.setup.pack.pages.iter().any(|page| page.id == "department") {
        let text = (state.setup.text.view.notice.not_here)(CommandId::Department.command().title);
        state.notify(Level::Warning, text);
        return;
    }
    let next = match state.view() {
        View::Page { department: Some(at), .. } => (*at as isize + step).rem_euclid(count as isize) as usize,
        _ => 0,
    };
    go(state, View::Page { id: "department".into(), department: Some(next) });
}

/// The views in their order: pages, each department, alerts, sources, explorers.
fn all(state: &State) -> Vec<View> {
    let pack = &state.setup.pack;
    let mut all = Vec::new();
    for page in &pack.pages {
        let id: Arc<str> = page.id.as_str().into();
        if page.id == "department" {
            let each = 0..pack.departments.len();
            all.extend(each.map(|at| View::Page { id: id.clone(), department: Some(at) }));
        } else {
            all.push(View::Page { id, department: None });
        }
        if all.len() == 1 {
            all.push(View::Alerts);
        }
    }
    if all.is_empty() {
        all.push(View::Alerts);
    }
    all.extend([View::Incidents, View::Silences, View::Sources]);
    all.extend(
        [Language::LogQl, Language::TraceQl, Language::PromQl].map(|language| explorer_view(state, language)),
    );
    all
}

fn neighbour(state: &mut State, step: isize) {
    let all = all(state);
    let top = match state.view() {
        View::Detail(_) => View::Alerts,
        View::Panel { page, department, .. } => View::Page { id: page.clone(), department: *department },
        other => other.clone(),
    };
    // Whatever an explorer asks, it stands in one place of the row.
    let same = |view: &View| match top.language() {
        Some(language) => view.language() == Some(language),
        None => *view == top,
    };
    let at = all.iter().position(same).unwrap_or(0);
    let next = (at as isize + step).rem_euclid(all.len() as isize) as usize;
    go(state, all[next].clone());
}

/// Goes to a view.
pub fn go(state: &mut State, view: View) {
    if *state.view() == view {
        return;
    }
    // Going back and forth between two views is no history.
    if state.stack.len() >= 2 && state.stack[state.stack.len() - 2] == view {
        state.stack.pop();
        state.places.visit(&view, &state.stack);
        // Whoever goes there without going back keeps the window of now.
        super::windows::forget_depths(state, state.stack.len());
        return;
    }
    push(state, view);
}

/// Begins with a view: there is nothing to return to.
pub fn start(state: &mut State, view: View) {
    state.stack.clear();
    push(state, view);
}

/// Puts a view on top, from which Back returns here.
pub fn push(state: &mut State, view: View) {
    if matches!(view, View::Detail(_)) {
        state.places.detail = 0;
    }
    state.places.visit(&view, &state.stack);
    state.stack.push(view);
    if state.stack.len() > DEPTH {
        state.stack.remove(1);
        super::windows::depth_removed(state);
    }
    state.axis.mark = None;
}

/// Returns to where the person came from, and to the window of then where a link has changed it; on the first view
/// there is nowhere to return to.
pub fn back(state: &mut State) -> Vec<Effect> {
    state.axis.mark = None;
    if state.stack.len() > 1 {
        state.stack.pop();
        let view = state.view().clone();
        state.places.visit(&view, &state.stack);
        return super::windows::returned(state);
    }
    if *state.view() != first_page(state) {
        state.stack = vec![first_page(state)];
        super::windows::forget_depths(state, 0);
    }
    Vec::new()
}

/// Opens what is under the cursor.
pub fn open(state: &mut State) {
    match state.view().clone() {
        View::Alerts => {
            let cursor = state.places.alerts.cursor;
            match state.shown_list().at(cursor).map(|row| row.alert.fingerprint.clone()) {
                Some(fingerprint) => go(state, View::Detail(fingerprint)),
                None => super::alerts::fold(state),
            }
        }
        View::Incidents => super::incidents::opened(state),
        View::Page { .. } | View::Panel { .. } => open_box(state),
        _ => {}
    }
}

fn open_box(state: &mut State) {
    let place = state.places.pages.get(state.view()).copied().unwrap_or_default();
    let boxes: Vec<_> = state.rows().into_iter().flat_map(|row| row.boxes).collect();
    let Some(one) = boxes.get(place.focus.min(boxes.len().saturating_sub(1))) else { return };
    if let BoxKind::Alerts { department } = &one.kind {
        let needing = state.needing(department.as_deref());
        let at = needing.get(place.inner.min(needing.len().saturating_sub(1))).copied();
        if let Some(row) = at.and_then(|at| state.shown_list().rows.get(at)) {
            let fingerprint = row.alert.fingerprint.clone();
            return go(state, View::Detail(fingerprint));
        }
    }
    if let Some(link) = one.link.clone() {
        go(state, link);
    }
}
