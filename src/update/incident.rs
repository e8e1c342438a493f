//! What happens in the incident view, and when an incident is looked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;

use super::{time, views, windows};
use crate::command::CommandId;
use crate::explore::incident::{Found, Goal};
use crate::message::{Effect, Exporting, Saved, Target};
use crate::model::evidence::Period;
use crate::model::{Heard, Severity, Window};
use crate::pack::Level;
use crate::state::incident::{CauseRow, Inquiry, Side, split};
use crate::state::{State, View, laned};

/// Seconds after which a suggestion is looked for anew while the same alerts fire.
const AGAIN_S: i64 = 600;
/// Seconds that are left between two suggestions whatever fires.
const LEAST_S: i64 = 60;
/// Seconds around a piece of evidence that a link opens.
const MARGIN_S: i64 = 300;

/// Opens the view: with what is suggested, else it is looked for.
pub fn open(state: &mut State) -> Vec<Effect> {
    // Whoever looks at a past hour asks about that hour; a bundle has its own.
    let past = !state.window.is_live() && state.bundle.is_none();
    let wanted =
        past.then(|| Period { start: state.window.start(state.now), end: state.window.end(state.now) });
    let fits = |found: &Arc<Found>| {
        wanted.is_none_or(|wanted| found.window.start <= wanted.end && found.window.end >= wanted.start)
    };
    let incidents = &mut state.incidents;
    // What was found of another time is no answer.
    incidents.shown = incidents.shown.take().filter(fits);
    if let (None, Some(found)) = (&incidents.shown, incidents.suggested.clone().filter(fits)) {
        take(state, found);
    }
    let incidents = &state.incidents;
    let shown = incidents.shown.clone();
    let left = state.stack.len();
    let moved = *state.view() != View::Incident;
    views::go(state, View::Incident);
    if let Some(found) = shown {
        return look_at(state, &found, moved.then_some(left));
    }
    if let Some(asked) = state.incidents.asked.as_mut().filter(|asked| asked.window == wanted) {
        // What is looked for anyway is what the person wants.
        asked.suggestion = false;
        return Vec::new();
    }
    investigate(state, wanted)
}

/// Looks for the incident of a window; without one it finds itself.
pub fn investigate(state: &mut State, window: Option<Period>) -> Vec<Effect> {
    vec![Effect::Investigate(Box::new(inquiry(state, window, false)))]
}

fn inquiry(state: &mut State, window: Option<Period>, suggestion: bool) -> Inquiry {
    let source = state.context.clone().unwrap_or_else(|| state.setup.pack.title.clone());
    let (now, embedded) = (state.now, state.demo.is_some());
    let incidents = &mut state.incidents;
    incidents.numbers += 1;
    incidents.since = Some(now);
    incidents.fault = None;
    incidents.heard.clear();
    let inquiry = Inquiry { number: incidents.numbers, window, suggestion, source, embedded };
    incidents.asked = Some(inquiry.clone());
    inquiry
}

/// The servers have answered something.
pub fn heard(state: &mut State, number: u64, heard: Vec<Heard>) -> Vec<Effect> {
    if state.incidents.asked.as_ref().is_some_and(|asked| asked.number == number) {
        state.incidents.heard = heard;
    }
    Vec::new()
}

/// An inquiry has come to its end.
pub fn investigated(state: &mut State, number: u64, outcome: Result<Arc<Found>, String>) -> Vec<Effect> {
    let Some(asked) = state.incidents.asked.take_if(|asked| asked.number == number) else {
        return Vec::new();
    };
    state.incidents.since = None;
    match outcome {
        Err(why) => {
            if !asked.suggestion {
                state.notify(Level::Warning, why.clone());
            }
            state.incidents.fault = Some(why);
            Vec::new()
        }
        Ok(found) if asked.suggestion => {
            state.incidents.suggested = Some(found);
            Vec::new()
        }
        Ok(found) => {
            state.incidents.suggested = None;
            show(state, &found)
        }
    }
}

/// Makes an incident the one that the view shows. Whoever has gone elsewhere meanwhile is not fetched back.
fn show(state: &mut State, found: &Arc<Found>) -> Vec<Effect> {
    take(state, found.clone());
    if *state.view() == View::Incident {
        return look_at(state, found, None);
    }
    let words = (state.setup.text.incident.ready)(&found.id);
    state.notify(Level::Ok, words);
    Vec::new()
}

fn take(state: &mut State, found: Arc<Found>) {
    let place = &mut state.incidents.place;
    (place.cursor, place.offset, place.lane, place.lane_offset) = (0, 0, 0, 0);
    // Of ten causes the evidence of three is enough to begin with.
    place.folded = found.analysis.causes.iter().skip(3).map(|cause| cause.component.clone()).collect();
    state.incidents.shown = Some(found);
}

/// The window and the cursor go to the incident.
fn look_at(state: &mut State, found: &Found, left: Option<usize>) -> Vec<Effect> {
    let span = found.span();
    let window = Window::Past { start: span.start, end: span.end };
    let onset = found.analysis.causes.first().and_then(|cause| cause.onset);
    let mut effects = Vec::new();
    if window != state.window {
        windows::remember(state, left);
        effects = time::apply(state, window);
    }
    if state.axis.cursor.is_none() {
        state.axis.cursor = onset.filter(|at| (span.start..=span.end).contains(at));
    }
    effects
}

/// Carries out a command in the view in sight; `None` where it means nothing here.
pub fn command(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    if id == CommandId::IncidentPin {
        return Some(pin(state));
    }
    if *state.view() != View::Incident {
        return None;
    }
    match id {
        CommandId::Up
        | CommandId::Down
        | CommandId::PageUp
        | CommandId::PageDown
        | CommandId::Top
        | CommandId::Bottom => walk(state, id),
        CommandId::NextBox | CommandId::PreviousBox => {
            let place = &mut state.incidents.place;
            place.side = if place.side == Side::Causes { Side::Signals } else { Side::Causes };
        }
        CommandId::Open => return Some(enter(state)),
        CommandId::IncidentAgain => {
            let (start, end) = (state.window.start(state.now), state.window.end(state.now));
            let found = state.incidents.shown.as_ref().map(|found| found.span());
            // A window that nobody has moved finds itself anew.
            let moved = found.is_none_or(|span| (span.start, span.end) != (start, end));
            let window = (moved && !state.window.is_live()).then_some(Period { start, end });
            return Some(investigate(state, window));
        }
        CommandId::IncidentNextEvent => jump(state, true),
        CommandId::IncidentPreviousEvent => jump(state, false),
        CommandId::IncidentUnpin => unpin(state),
        CommandId::IncidentExport => return Some(export(state)),
        CommandId::Copy => return Some(copy(state)),
        _ => return None,
    }
    Some(Vec::new())
}

fn walk(state: &mut State, id: CommandId) {
    let split = split(state);
    let (rows, lanes) = (state.incidents.rows().len(), state.incidents.lanes().count());
    let place = &mut state.incidents.place;
    let (at, count, height) = match place.side {
        Side::Causes => (place.cursor, rows, split.rows()),
        Side::Signals => (place.lane, lanes, split.lanes()),
    };
    let Some(next) = super::trace::moved(id, at, count.saturating_sub(1), height) else { return };
    let height = height.max(1);
    let keep = |offset: usize| offset.clamp((next + 1).saturating_sub(height), next);
    match place.side {
        Side::Causes => (place.cursor, place.offset) = (next, keep(place.offset)),
        Side::Signals => (place.lane, place.lane_offset) = (next, keep(place.lane_offset)),
    }
    if place.side == Side::Causes {
        follow(state);
    }
}

/// The cursor of time goes to where the piece of evidence began.
fn follow(state: &mut State) {
    let Some(found) = state.incidents.shown.clone() else { return };
    let causes = &found.analysis.causes;
    let at = match state.incidents.rows().get(state.incidents.place.cursor) {
        Some(CauseRow::Cause(cause)) => causes.get(*cause).and_then(|cause| cause.onset),
        Some(CauseRow::Piece(cause, piece)) => causes
            .get(*cause)
            .and_then(|cause| cause.evidence.get(*piece).and_then(|piece| piece.at).or(cause.onset)),
        Some(row) => causes.get(row.cause()).and_then(|cause| cause.onset),
        None => None,
    };
    let (start, end) = (state.window.start(state.now), state.window.end(state.now));
    if let Some(at) = at.filter(|at| (start..=end).contains(at)) {
        state.axis.cursor = Some(at);
    }
}

/// Opens what is under the cursor: a piece of evidence, a lane; folds a cause.
fn enter(state: &mut State) -> Vec<Effect> {
    let Some(found) = state.incidents.shown.clone() else { return Vec::new() };
    if state.incidents.place.side == Side::Signals {
        let lane = state.incidents.lanes().nth(state.incidents.place.lane);
        let goal = lane.map_or(Goal::Moment, |lane| lane.goal.clone());
        return follow_goal(state, &goal, state.axis.cursor);
    }
    match state.incidents.rows().get(state.incidents.place.cursor).copied() {
        Some(CauseRow::Cause(at)) => {
            if let Some(cause) = found.analysis.causes.get(at) {
                let folded = &mut state.incidents.place.folded;
                if !folded.remove(&cause.component) {
                    folded.insert(cause.component.clone());
                }
            }
            Vec::new()
        }
        Some(CauseRow::Piece(cause, piece)) => {
            let cause = found.analysis.causes.get(cause);
            let Some((cause, piece)) = cause.and_then(|one| Some((one, one.evidence.get(piece)?))) else {
                return Vec::new();
            };
            follow_goal(state, &piece.goal, piece.at.or(cause.onset))
        }
        // To what it follows from.
        Some(CauseRow::Follows(at)) => {
            let upstream = found.analysis.causes.get(at).and_then(|cause| cause.downstream_of.first());
            let wanted = found.analysis.causes.iter().position(|cause| Some(&cause.component) == upstream);
            let rows = state.incidents.rows();
            if let Some(row) =
                rows.iter().position(|row| wanted.is_some_and(|at| *row == CauseRow::Cause(at)))
            {
                let height = split(state).rows().max(1);
                let place = &mut state.incidents.place;
                place.cursor = row;
                place.offset = place.offset.clamp((row + 1).saturating_sub(height), row);
                follow(state);
            }
            Vec::new()
        }
        // What is run is shown whole before, in the dialog that every playbook has.
        Some(CauseRow::Playbook(..)) => {
            super::acting::command(state, CommandId::Playbooks).unwrap_or_default()
        }
        Some(CauseRow::Advice(..)) | None => Vec::new(),
    }
}

/// Goes where a piece of evidence is seen, with a window around its moment; Back returns with the window of now.
fn follow_goal(state: &mut State, goal: &Goal, at: Option<crate::model::Time>) -> Vec<Effect> {
    let view = match goal {
        Goal::Metrics(query) => View::Metrics(query.clone()),
        Goal::Logs(query) => View::Logs(query.clone()),
        Goal::Traces(query) => View::Traces(query.clone()),
        Goal::Trace(id) => View::Trace(*id),
        Goal::Alerts => View::Alerts,
        Goal::Moment => {
            let words = state.setup.text.incident.only_moment;
            state.notify(Level::Ok, words);
            return Vec::new();
        }
    };
    let left = state.stack.len();
    views::push(state, view);
    let Some(at) = at.filter(|_| !matches!(goal, Goal::Trace(_))) else { return Vec::new() };
    let margin = TimeDelta::seconds(MARGIN_S);
    let end = (at + margin).min(state.now);
    let window = Window::Past { start: at - margin, end: end.max(at) };
    windows::remember(state, Some(left));
    let effects = time::apply(state, window);
    state.axis.cursor = Some(at);
    effects
}

/// The cursor of time goes to the next moment at which something happened, or to the one before.
fn jump(state: &mut State, forward: bool) {
    let Some(found) = state.incidents.shown.clone() else { return };
    let (start, end) = (state.window.start(state.now), state.window.end(state.now));
    let (first, last) = (start.timestamp_millis(), end.timestamp_millis());
    let here =
        state.axis.cursor.map_or(if forward { first - 1 } else { last + 1 }, |at| at.timestamp_millis());
    let within = |at: i64| (first..=last).contains(&at);
    let mut events = found.events.iter().map(|event| event.at_ms).filter(|at| within(*at));
    let next = if forward { events.find(|at| *at > here) } else { events.rfind(|at| *at < here) };
    match next.and_then(chrono::DateTime::from_timestamp_millis) {
        Some(at) => state.axis.cursor = Some(at),
        None => {
            let words = state.setup.text.incident.no_event;
            state.notify(Level::Ok, words);
        }
    }
}

/// Adds what the view in sight has under its cursor as lanes.
fn pin(state: &mut State) -> Vec<Effect> {
    let words = state.setup.text.incident;
    if !laned::is_laned(state.view()) {
        state.notify(Level::Ok, words.pin_where);
        return Vec::new();
    }
    let made = laned::of_sight(state);
    let Some(first) = made.first() else {
        state.notify(Level::Warning, words.pin_nothing);
        return Vec::new();
    };
    let notice = (words.pinned)(&first.name, made.len());
    for lane in made {
        let lanes = &mut state.incidents.pinned;
        lanes.retain(|known| (&known.name, &known.goal) != (&lane.name, &lane.goal));
        lanes.push(lane);
    }
    state.notify(Level::Ok, notice);
    Vec::new()
}

fn unpin(state: &mut State) {
    let incidents = &mut state.incidents;
    if incidents.place.lane < incidents.pinned.len() {
        incidents.pinned.remove(incidents.place.lane);
        incidents.place.lane = incidents.place.lane.saturating_sub(1);
    } else {
        let words = state.setup.text.incident.unpin_nothing;
        state.notify(Level::Ok, words);
    }
}

fn copy(state: &mut State) -> Vec<Effect> {
    let notices = &state.setup.text.view.notice;
    match state.incidents.shown.as_ref().map(|found| found.id.clone()) {
        Some(id) => {
            state.notify(Level::Ok, (notices.copied)(id.chars().count()));
            vec![Effect::Copy(id)]
        }
        None => {
            state.notify(Level::Warning, notices.nothing_to_copy);
            Vec::new()
        }
    }
}

/// Saves the incident and what the screen says of it.
fn export(state: &mut State) -> Vec<Effect> {
    match state.incidents.shown.clone() {
        Some(found) => vec![Effect::Export(Exporting { found, state: Saved(Box::new(state.clone())) })],
        None => {
            let words = state.setup.text.incident.nothing_to_export;
            state.notify(Level::Warning, words);
            Vec::new()
        }
    }
}

/// The bundle is written, or not.
pub fn exported(
    state: &mut State,
    outcome: Result<(String, Option<String>), (String, String)>,
) -> Vec<Effect> {
    let words = state.setup.text.incident;
    match outcome {
        Ok((file, key)) => state.notify(Level::Ok, (words.exported)(&file, key.as_deref())),
        Err((file, why)) => state.notify(Level::Critical, (words.not_exported)(&file, &why)),
    }
    Vec::new()
}

/// A click on a row puts the cursor there; again, it opens it.
pub fn click(state: &mut State, target: &Target) -> Vec<Effect> {
    let Target::Line(line) = target else { return Vec::new() };
    let rows = state.incidents.rows().len();
    let place = &mut state.incidents.place;
    // Causes come first, then the lanes: the drawing numbers them so.
    let (side, at) = match line.checked_sub(LANES) {
        Some(lane) => (Side::Signals, place.lane_offset + lane),
        None => (Side::Causes, place.offset + line),
    };
    let again = place.side == side
        && match side {
            Side::Causes => place.cursor == at,
            Side::Signals => place.lane == at,
        };
    place.side = side;
    match side {
        Side::Causes => place.cursor = at.min(rows.saturating_sub(1)),
        Side::Signals => place.lane = at,
    }
    if again { enter(state) } else { Vec::new() }
}

/// What a click on the first lane is numbered: below it are rows of causes.
pub const LANES: usize = 1000;

/// The alerts have changed: whether an incident is to be looked for before anybody asks.
pub fn alerts_changed(state: &mut State) -> Vec<Effect> {
    if !state.window.is_live() || state.bundle.is_some() || state.held.is_some() {
        return Vec::new();
    }
    let list = &state.list;
    let urgent: BTreeSet<u64> = list
        .needs_somebody
        .iter()
        .filter_map(|at| list.rows.get(*at))
        .filter(|row| row.severity <= Severity::High)
        .map(|row| row.identity)
        .collect();
    let now = state.now;
    let incidents = &mut state.incidents;
    if urgent.is_empty() {
        // What is over needs no suggestion.
        incidents.suggested = None;
        incidents.about.clear();
        return Vec::new();
    }
    let since = incidents.suggested_at.map_or(i64::MAX, |at| (now - at).num_seconds());
    let news = urgent.iter().any(|one| !incidents.about.contains(one));
    if incidents.asked.is_some() || since < LEAST_S || (!news && since < AGAIN_S) {
        return Vec::new();
    }
    incidents.about = urgent;
    incidents.suggested_at = Some(now);
    vec![Effect::Investigate(Box::new(inquiry(state, None, true)))]
}
