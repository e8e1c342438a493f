//! What happens in the metrics view.

use std::sync::Arc;

use super::views;
use crate::command::CommandId;
use crate::message::{Effect, Target};
use crate::model::ask::Key;
use crate::pack::Level;
use crate::state::metrics::{self, Form, MetricsPlace, Ready, Sort};
use crate::state::{State, View};

/// Carries out a command in the view in sight; `None` where it means nothing here.
pub fn command(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    let (key, query) = metrics::in_sight(state)?;
    match id {
        CommandId::Up
        | CommandId::Down
        | CommandId::PageUp
        | CommandId::PageDown
        | CommandId::Top
        | CommandId::Bottom => move_cursor(state, &key, query.as_ref(), id),
        CommandId::Open => open(state, &key, query.as_ref()),
        CommandId::Copy => return Some(copy(state, &key, query.as_ref())),
        CommandId::QueryRun => return Some(vec![Effect::Refresh]),
        CommandId::MetricsMode => next_form(state, &key, query.as_ref()),
        CommandId::MetricsScale => scale(state, &key, query.as_ref()),
        CommandId::MetricsHide => hide(state, &key, query.as_ref()),
        CommandId::MetricsOnly => only(state, &key, query.as_ref()),
        CommandId::MetricsSort => sort(state, &key, query.as_ref()),
        CommandId::MetricsReverse => {
            let place = state.places.metrics.entry(key.clone()).or_default();
            place.reversed = !place.reversed;
            follow(state, &key, query.as_ref());
        }
        CommandId::MetricsExemplars => {
            let place = state.places.metrics.entry(key).or_default();
            place.exemplars = !place.exemplars;
        }
        _ => return None,
    }
    Some(Vec::new())
}

fn place<'s>(state: &'s mut State, key: &Arc<str>) -> &'s mut MetricsPlace {
    state.places.metrics.entry(key.clone()).or_default()
}

/// How many lines the list has.
fn lines(state: &State, key: &Arc<str>, query: Option<&Arc<str>>) -> usize {
    let Some(query) = query else { return 0 };
    let place = metrics::place(state, key);
    if place.form == Form::Table {
        metrics::samples(state, &place, query).len()
    } else {
        metrics::ready(state, key, query).map_or(0, |ready| ready.rows.len())
    }
}

fn move_cursor(state: &mut State, key: &Arc<str>, query: Option<&Arc<str>>, id: CommandId) {
    let lines = lines(state, key, query) as i64;
    let page = metrics::list_height(state, key) as i64;
    let at = metrics::place(state, key).cursor as i64;
    let next = match id {
        CommandId::Up => at - 1,
        CommandId::Down => at + 1,
        CommandId::PageUp => at - page,
        CommandId::PageDown => at + page,
        CommandId::Top => 0,
        _ => lines - 1,
    };
    set_cursor(state, key, query, next.clamp(0, (lines - 1).max(0)) as usize);
}

/// Puts the cursor on a line and keeps it in sight.
fn set_cursor(state: &mut State, key: &Arc<str>, query: Option<&Arc<str>>, cursor: usize) {
    place(state, key).cursor = cursor;
    let chosen = query.and_then(|query| metrics::chosen(state, key, query));
    let (height, lines) = (metrics::list_height(state, key), lines(state, key, query));
    let place = place(state, key);
    place.chosen = chosen;
    place.offset = place.offset.clamp((cursor + 1).saturating_sub(height), cursor);
    place.offset = place.offset.min(lines.saturating_sub(height));
}

/// After the list has changed the cursor stays on the series that it was on.
fn follow(state: &mut State, key: &Arc<str>, query: Option<&Arc<str>>) {
    let Some(query) = query else { return };
    let place = metrics::place(state, key).into_owned();
    let found = place.chosen.as_ref().and_then(|chosen| {
        if place.form == Form::Table {
            return metrics::samples(state, &place, query).iter().position(|one| one.labels == *chosen);
        }
        let ready = metrics::ready(state, key, query)?;
        let order = metrics::order(&place, &ready);
        order.iter().position(|at| ready.of(&ready.rows[*at]).labels == *chosen)
    });
    let last = lines(state, key, Some(query)).saturating_sub(1);
    let cursor = found.unwrap_or(place.cursor).min(last);
    let chosen = place.chosen;
    set_cursor(state, key, Some(query), cursor);
    // One that has gone for a moment is still what the person chose.
    if found.is_none() && chosen.is_some() {
        self::place(state, key).chosen = chosen;
    }
}

/// The form after the one in sight that says something about the query; what is passed over is told.
fn next_form(state: &mut State, key: &Arc<str>, query: Option<&Arc<str>>) {
    let ready = query.and_then(|query| metrics::ready(state, key, query));
    let now = metrics::place(state, key).form;
    let at = Form::ALL.iter().position(|form| *form == now).unwrap_or(0);
    let mut reasons = Vec::new();
    let mut next = now;
    for step in 1..=Form::ALL.len() {
        next = Form::ALL[(at + step) % Form::ALL.len()];
        let unfit = ready.as_deref().zip(query).and_then(|(ready, query)| metrics::unfit(next, query, ready));
        let Some(unfit) = unfit else { break };
        reasons.push((state.setup.text.metrics.unfit)(unfit));
    }
    let place = place(state, key);
    place.form = next;
    place.offset = 0;
    follow(state, key, query);
    if !reasons.is_empty() {
        let text = state.setup.text.metrics;
        let words = (text.form_instead)((text.form)(next), &reasons.join("; "));
        state.notify(Level::Ok, words);
    }
}

fn scale(state: &mut State, key: &Arc<str>, query: Option<&Arc<str>>) {
    let ready = query.and_then(|query| metrics::ready(state, key, query));
    let text = state.setup.text.metrics;
    let positive = |ready: &Ready| ready.rows.iter().any(|row| row.figures.max > 0.0);
    let place = place(state, key);
    if place.log {
        place.log = false;
    } else if matches!(place.form, Form::Stacked | Form::Heatmap | Form::Table) {
        let why = (text.no_log_in)((text.form)(place.form));
        state.notify(Level::Warning, why);
    } else if ready.is_some_and(|ready| !positive(&ready)) {
        state.notify(Level::Warning, text.no_log);
    } else {
        place.log = true;
    }
}

fn hide(state: &mut State, key: &Arc<str>, query: Option<&Arc<str>>) {
    if metrics::place(state, key).form == Form::Table {
        return;
    }
    let Some(chosen) = query.and_then(|query| metrics::chosen(state, key, query)) else { return };
    let all = query.and_then(|query| metrics::ready(state, key, query));
    let place = place(state, key);
    if let Some(only) = place.only.take() {
        // What was hidden by showing one only is hidden by name from now on.
        let rows = all.iter().flat_map(|ready| ready.rows.iter().map(|row| ready.of(row).labels.clone()));
        place.hidden = rows.filter(|labels| *labels != only).collect();
    }
    if !place.hidden.remove(&chosen) {
        place.hidden.insert(chosen);
    }
}

fn only(state: &mut State, key: &Arc<str>, query: Option<&Arc<str>>) {
    if metrics::place(state, key).form == Form::Table {
        return;
    }
    let Some(chosen) = query.and_then(|query| metrics::chosen(state, key, query)) else { return };
    let place = place(state, key);
    if place.only.as_ref() == Some(&chosen) {
        place.only = None;
        place.hidden.clear();
    } else {
        place.only = Some(chosen);
    }
}

fn sort(state: &mut State, key: &Arc<str>, query: Option<&Arc<str>>) {
    let samples = query.map(|query| metrics::samples(state, &metrics::place(state, key), query));
    let columns = samples.map_or(0, |samples| metrics::columns(&samples).len());
    let place = place(state, key);
    if place.form == Form::Table {
        place.column = match place.column {
            None if columns > 0 => Some(0),
            Some(at) if at + 1 < columns => Some(at + 1),
            _ => None,
        };
    } else {
        let at = Sort::ALL.iter().position(|sort| *sort == place.sort).unwrap_or(0);
        place.sort = Sort::ALL[(at + 1) % Sort::ALL.len()];
    }
    place.reversed = false;
    follow(state, key, query);
}

/// Opens the trace of the chosen exemplar; without one, shows the series under the cursor alone.
fn open(state: &mut State, key: &Arc<str>, query: Option<&Arc<str>>) {
    let traced = query.filter(|_| metrics::place(state, key).exemplars).and_then(|query| {
        let at = metrics::chosen_exemplar(state, query)?;
        metrics::exemplars(state, query).get(at)?.trace
    });
    match traced {
        Some(id) => views::go(state, View::Trace(id)),
        None => only(state, key, query),
    }
}

fn copy(state: &mut State, key: &Arc<str>, query: Option<&Arc<str>>) -> Vec<Effect> {
    let chosen = query.and_then(|query| metrics::chosen(state, key, query));
    let text = match chosen {
        Some(labels) if !labels.is_empty() => labels.to_string(),
        _ => query.map(ToString::to_string).unwrap_or_default(),
    };
    if text.is_empty() {
        return Vec::new();
    }
    let words = (state.setup.text.metrics.copied)(&text);
    state.notify(Level::Ok, words);
    vec![Effect::Copy(text)]
}

/// An answer that this view may show has come: it is made ready to be drawn.
pub fn arrived(state: &mut State, key: &Key) {
    let Some((view, Some(query))) = metrics::in_sight(state) else { return };
    match key {
        Key::Range(asked, _) if *asked == query => {}
        Key::Instant(asked) if *asked == query => {}
        // The unit may be another one now.
        Key::Metadata => place(state, &view).ready = None,
        _ => return,
    }
    // A held screen shows what it held.
    if state.held.is_some() {
        return;
    }
    let ready = metrics::ready(state, &view, &query);
    // What other views have made of their answers would keep those for ever.
    for (_, place) in state.places.metrics.iter_mut().filter(|(key, _)| **key != view) {
        place.ready = None;
    }
    place(state, &view).ready = ready;
    follow(state, &view, Some(&query));
}

/// A click on a line moves the cursor there; on the line with the cursor it hides or shows the series.
pub fn click(state: &mut State, target: &Target) -> Vec<Effect> {
    let Some((key, query)) = metrics::in_sight(state) else { return Vec::new() };
    if let Target::Line(line) = target {
        let place = metrics::place(state, &key);
        let (at, was) = (place.offset + line, place.cursor);
        if at < lines(state, &key, query.as_ref()) {
            if at == was {
                hide(state, &key, query.as_ref());
            }
            set_cursor(state, &key, query.as_ref(), at);
        }
    }
    Vec::new()
}
