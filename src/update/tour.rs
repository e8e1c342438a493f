//! The guided tour: it moves the console itself, and leaves it as it was.

use chrono::TimeDelta;

use super::{alerts, time, views};
use crate::command::CommandId;
use crate::message::Effect;
use crate::model::Window;
use crate::pack::Level;
use crate::state::tour::{self, STEPS, Stop};
use crate::state::{State, Tour, View};

/// Begins, moves on, goes back, ends.
pub fn command(state: &mut State, id: CommandId) -> Vec<Effect> {
    let Some(demo) = &mut state.demo else {
        let words = state.setup.text.demo.only_embedded;
        state.notify(Level::Ok, words);
        return Vec::new();
    };
    if id == CommandId::Tour {
        demo.hint = false;
        let mut effects = leave(state);
        let first = tour::there(state).first().copied().unwrap_or(0);
        effects.extend(arrive(state, first));
        return effects;
    }
    let Some(at) = demo.tour.as_ref().map(|tour| tour.at) else { return Vec::new() };
    let mut effects = leave(state);
    let there = tour::there(state);
    let next = match id {
        CommandId::TourNext => there.into_iter().find(|step| *step > at),
        CommandId::TourBack => Some(there.into_iter().rev().find(|step| *step < at).unwrap_or(at)),
        _ => None,
    };
    match next {
        Some(step) => effects.extend(arrive(state, step)),
        None => {
            let words = state.setup.text.demo.tour_over;
            state.notify(Level::Ok, words);
        }
    }
    effects
}

/// Ends the step: what it has set is as before, unless the person has set something else meanwhile.
fn leave(state: &mut State) -> Vec<Effect> {
    let Some(tour) = state.demo.as_mut().and_then(|demo| demo.tour.take()) else { return Vec::new() };
    if let Some((set, before)) = tour.filter
        && state.places.alerts.filter == set
    {
        state.places.alerts.filter = before;
        alerts::reorder(state);
    }
    match tour.window {
        Some((set, before)) if state.window == set => time::set(state, before),
        _ => Vec::new(),
    }
}

fn arrive(state: &mut State, at: usize) -> Vec<Effect> {
    let mut tour = Tour { at, there: tour::there(state), ..Tour::default() };
    let mut effects = Vec::new();
    match STEPS[at].stop {
        Stop::FirstPage => views::go(state, tour::first_page(state)),
        Stop::NeedsSomebody => {
            let page = tour::first_page(state);
            if let Some(focus) = tour::alert_box(state) {
                let place = state.places.pages.entry(page.clone()).or_default();
                (place.focus, place.inner) = (focus, 0);
            }
            views::go(state, page);
        }
        Stop::WorstAlert => {
            let row = tour::worst(state).and_then(|at| state.shown_list().rows.get(at));
            if let Some(fingerprint) = row.map(|row| row.alert.fingerprint.clone()) {
                views::go(state, View::Detail(fingerprint));
            }
        }
        Stop::Page(id) => views::go(state, View::Page { id: id.into(), department: None }),
        Stop::Department => {
            let department = Some(tour::department(state));
            views::go(state, View::Page { id: "department".into(), department });
        }
        Stop::Filtered => {
            let row = tour::worst(state).and_then(|at| state.shown_list().rows.get(at));
            if let Some(severity) = row.and_then(|row| row.alert.labels.get("severity")) {
                let filter = format!("severity=\"{severity}\"");
                tour.filter = Some((filter.clone(), state.places.alerts.filter.clone()));
                state.places.alerts.filter = filter;
                alerts::reorder(state);
            }
            views::go(state, View::Alerts);
        }
        Stop::Before => {
            let window = before(state);
            tour.window = Some((window, state.window));
            effects = time::set(state, window);
            views::go(state, tour::first_page(state));
        }
        Stop::Sources => views::go(state, View::Sources),
    }
    if let Some(demo) = &mut state.demo {
        demo.tour = Some(tour);
    }
    super::move_cursor::keep_in_sight(state);
    effects
}

/// A window of the same length that ends where the first fault under way began, or half of it earlier.
fn before(state: &State) -> Window {
    let (start, end) = (state.window.start(state.now), state.window.end(state.now));
    let began = state.demo.iter().flat_map(|demo| demo.under_way(state.now)).filter_map(|fault| fault.since);
    let shift = began.min().filter(|began| *began < end).map_or((end - start) / 2, |began| end - began);
    let shift = shift.max(TimeDelta::seconds(1));
    Window::Past { start: start - shift, end: end - shift }
}
