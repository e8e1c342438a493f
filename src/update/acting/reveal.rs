//! The dialog in which a masked value is revealed.

use std::sync::Arc;

use super::dialog::Step;
use crate::command::CommandId;
use crate::message::Effect;
use crate::model::deed::Order;
use crate::model::reveal::{Field, Hidden, LineAt, Place, Revealing, SpanAt};
use crate::model::{Attribute, Raw, Time, TraceId};
use crate::pack::Level;
use crate::privacy;
use crate::state::acting::About;
use crate::state::reveal::{Reveal, RevealDialog};
use crate::state::{Overlay, Prompt, State, View, logs, trace};
use crate::text::reveal::EN as WORDS;

/// What of a place is masked: what it is of, which values, as they are shown.
type Masked = (String, Vec<(Hidden, String)>);

/// Opens it for what is in sight: the line or the span under the cursor, else the alert.
pub(super) fn open(state: &mut State) {
    if state.setup.reveal_s.is_none() {
        state.notify(Level::Warning, WORDS.not_configured);
        return;
    }
    let (found, none) = match state.view() {
        View::Logs(text) => (of_line(state, text), WORDS.no_line),
        View::Trace(id) => (of_span(state, *id), WORDS.no_line),
        _ => (of_alert(state), state.setup.text.acting.no_alert),
    };
    let Some((of, values)) = found else {
        state.notify(Level::Warning, none);
        return;
    };
    if values.is_empty() {
        state.notify(Level::Ok, WORDS.nothing_masked);
        return;
    }
    let dialog = RevealDialog { of, values, chosen: 0, why: Prompt::default(), seen: Reveal::Not };
    super::open(state, About::Reveal(Box::new(dialog)));
}

fn is_masked(value: &str) -> bool {
    value.contains('‹')
}

fn of_alert(state: &State) -> Option<Masked> {
    let row = state.acted_on().into_iter().next()?;
    let alert = &row.alert;
    let masked = |(_, value): &(&str, &str)| is_masked(value);
    let labels = alert.labels.iter().filter(masked).map(|(name, value)| (Field::Label(name.into()), value));
    let notes = alert.annotations.iter().filter(masked);
    let notes = notes.map(|(name, value)| (Field::Annotation(name.into()), value));
    let which =
        |(field, value): (Field, &str)| (Hidden::Alert(alert.fingerprint.clone(), field), value.to_owned());
    Some((alert.name().to_owned(), labels.chain(notes).map(which).collect()))
}

/// The whole line: a mark within it tells nobody where it began.
fn of_line(state: &State, text: &Arc<str>) -> Option<Masked> {
    let entry = state.log_at_cursor()?;
    let query = logs::query_of(state, text);
    let line = entry.line.clone();
    let at = LineAt { query, ts: entry.ts, labels: entry.labels, line: entry.line };
    let values = is_masked(&line).then(|| (Hidden::Line(Box::new(at)), line.to_string()));
    Some((String::new(), values.into_iter().collect()))
}

/// The attributes of the span, its resource and its events.
fn of_span(state: &State, id: TraceId) -> Option<Masked> {
    let (doc, fall, place) = trace::known(state, id)?;
    let span = doc.trace.spans.get(fall.rows.get(place.row()?)?.span)?;
    let events = span.events.iter().enumerate();
    let all = std::iter::once((Place::Span, &span.attributes))
        .chain(events.map(|(at, event)| (Place::Event(at), &event.attributes)))
        .chain([(Place::Resource, &*span.resource)]);
    let values = all.flat_map(|(place, attributes)| {
        attributes.iter().filter_map(move |(name, value)| {
            let Attribute::Text(shown) = value else { return None };
            let at =
                SpanAt { trace: id, span: span.span_id, place, name: name.clone(), shown: shown.clone() };
            is_masked(shown).then(|| (Hidden::Span(Box::new(at)), shown.to_string()))
        })
    });
    Some((span.service.to_string(), values.collect()))
}

/// A command in it.
pub(super) fn command(state: &mut State, dialog: &mut RevealDialog, id: CommandId) -> Step {
    let count = dialog.values.len().max(1);
    match (&dialog.seen, id) {
        // Any key but those that leave does nothing to what is in sight.
        (Reveal::Seen(..) | Reveal::Asked, _) => {}
        (Reveal::Not, CommandId::Accept) => return ask(state, dialog),
        (Reveal::Not, CommandId::Down | CommandId::DialogNext) => dialog.chosen = (dialog.chosen + 1) % count,
        (Reveal::Not, CommandId::Up | CommandId::DialogPrevious) => {
            dialog.chosen = (dialog.chosen + count - 1) % count;
        }
        (Reveal::Not, other) => {
            dialog.why.edit(other);
        }
    }
    Step::Stay(Vec::new())
}

fn ask(state: &mut State, dialog: &mut RevealDialog) -> Step {
    // What a person types is masked before anything keeps it.
    let why = privacy::safe_line(dialog.why.text.trim()).into_string();
    if why.chars().count() < Revealing::REASON {
        state.notify(Level::Warning, WORDS.no_reason);
        return Step::Stay(Vec::new());
    }
    let Some((what, _)) = dialog.values.get(dialog.chosen) else { return Step::Stay(Vec::new()) };
    let order = Revealing { what: what.clone(), of: dialog.of.clone(), why };
    dialog.seen = Reveal::Asked;
    Step::Stay(vec![Effect::Act(Order::Reveal(Box::new(order)))])
}

/// The value has come: it belongs to the dialog that asked, if that is still there and its time is not over.
pub(super) fn came(state: &mut State, order: &Revealing, raw: Raw, until: Time) {
    if let Some(Overlay::Dialog(dialog)) = &mut state.overlay
        && let About::Reveal(dialog) = &mut dialog.about
        && dialog.seen == Reveal::Asked
        && dialog.values.get(dialog.chosen).is_some_and(|(what, _)| *what == order.what)
    {
        dialog.seen = Reveal::Seen(raw, until);
    }
}

/// It was refused: another reason may be typed.
pub(super) fn refused(state: &mut State) {
    if let Some(Overlay::Dialog(dialog)) = &mut state.overlay
        && let About::Reveal(dialog) = &mut dialog.about
        && dialog.seen == Reveal::Asked
    {
        dialog.seen = Reveal::Not;
    }
}
