//! The lines in sight, each with what it says first and its fields.

use std::sync::Arc;

use super::super::clock;
use super::super::vm::{FieldVm, LogRowVm, LogsVm, Span, Tone};
use super::words;
use crate::explore::events::{self, Why, Wrong};
use crate::explore::lines::{self, Field, LogLevel, Origin};
use crate::model::LogEntry;
use crate::state::logs::{self, LineForm, LogsPlace, Row, Rows};
use crate::state::{Overlay, State, View};

/// Most bytes of a line that are read for one row: what is beyond is seen when it is copied.
const LONGEST: usize = 16_384;

/// Fills in the rows in sight.
pub fn fill(state: &State, place: &LogsPlace, list: Rows<'_>, vm: &mut LogsVm) {
    let height = state.logs_height();
    vm.total = list.len();
    vm.offset = place.offset.min(vm.total.saturating_sub(1));
    vm.cursor = Some(place.cursor.min(vm.total - 1).saturating_sub(vm.offset));
    vm.service_width = place.lines.service_width;
    let long = has_dates(state);
    vm.time_width = if long { 19 } else { 12 };
    if super::as_columns(place) {
        vm.heads = place.lines.columns.iter().map(|one| (one.name.clone(), one.width, one.number)).collect();
    }
    let find = sought(state, place);
    vm.rows = (vm.offset..vm.total.min(vm.offset + height))
        .filter_map(|at| list.at(at))
        .map(|row| match (row, list.entry(row)) {
            (_, Some(entry)) => line(state, place, row, entry, &find, long),
            (Row::Gap(at), None) => gap(state, place, at),
            (_, None) => LogRowVm::default(),
        })
        .collect();
}

/// What is searched for: as it is typed, or as it was.
fn sought(state: &State, place: &LogsPlace) -> String {
    match &state.overlay {
        Some(Overlay::Find(prompt)) => prompt.text.clone(),
        _ => place.find.clone(),
    }
}

/// Whether a moment without its date could be one of two.
fn has_dates(state: &State) -> bool {
    let now = state.shown_now();
    let day = |at| clock::format(state, at, "%Y-%m-%d");
    day(state.window.start(now)) != day(now)
}

fn gap(state: &State, place: &LogsPlace, at: usize) -> LogRowVm {
    let words = state.setup.text.logs;
    let text = logs::tail(state, place).and_then(|tail| {
        let gap = tail.gaps.get(at)?;
        let inside = tail.lines.iter().filter(|entry| (gap.from + 1..gap.to).contains(&entry.ts)).count();
        Some((words.gap)(&words::length(gap.to - gap.from), gap.filled.then_some(inside)))
    });
    let span = Span { text: text.unwrap_or_default(), tone: Tone::Bad, hit: false };
    LogRowVm { text: vec![span], gap: true, ..LogRowVm::default() }
}

fn line(state: &State, place: &LogsPlace, row: Row, entry: &LogEntry, find: &str, long: bool) -> LogRowVm {
    let explore = &state.setup.pack.explore;
    let level = match row {
        Row::Line(at) => place.lines.level(at),
        _ => lines::level(entry, &explore.log_level),
    };
    let fields = if place.form == LineForm::Raw { Vec::new() } else { lines::parsed(cut(&entry.line)) };
    let at = chrono::DateTime::from_timestamp_nanos(entry.ts);
    let mut vm = LogRowVm {
        time: clock::format(state, at, if long { "%d %b %H:%M:%S%.3f" } else { "%H:%M:%S%.3f" }),
        level,
        mark: state.setup.text.logs.marks[level as usize].to_owned(),
        service: lines::first(entry, &fields, &explore.log_service).unwrap_or("").to_owned(),
        ..LogRowVm::default()
    };
    if super::as_columns(place) && !fields.is_empty() {
        vm.cells = place
            .lines
            .columns
            .iter()
            .map(|column| {
                let found = fields.iter().find(|field| field.name() == column.name);
                found.map_or_else(String::new, |field| flat(&field.value))
            })
            .collect();
    } else {
        vm.text = said(state, place, entry, &fields, level);
    }
    if !find.is_empty() {
        vm.text = vm.text.into_iter().flat_map(|span| marked(&span, find)).collect();
    }
    if place.expanded == Some(row) {
        expand(state, place, entry, &mut vm);
    }
    vm
}

/// What a line says: its words, then its fields.
fn said(state: &State, place: &LogsPlace, entry: &LogEntry, fields: &[Field], level: LogLevel) -> Vec<Span> {
    let plain = |text: String, tone| Span { text, tone, hit: false };
    if place.form == LineForm::Raw || fields.is_empty() {
        let tone = if level == LogLevel::Debug { Tone::Dim } else { Tone::Plain };
        return vec![plain(flat_unless(cut(&entry.line), place.wrap), tone)];
    }
    if let Some(event) = events::of(&state.setup.pack.events, fields) {
        let mut spans = vec![plain(format!("{}  ", event.kind.name), Tone::Strong)];
        if !event.wrong.is_empty() {
            let wrong: Vec<String> =
                event.wrong.iter().map(|one| format!("{} {}", one.field, wrong(state, one))).collect();
            let words = state.setup.text.logs.broken_mark;
            spans.push(plain(format!("{words} {}  ", wrong.join("; ")), Tone::Bad));
        }
        let tone = if level == LogLevel::Debug { Tone::Dim } else { Tone::Plain };
        spans.push(plain(flat_unless(&events::summary(&event, fields), place.wrap), tone));
        return spans;
    }
    let explore = &state.setup.pack.explore;
    let message = lines::message(fields);
    let mut spans = Vec::new();
    if let Some(at) = message {
        let tone = if level == LogLevel::Debug { Tone::Dim } else { Tone::Plain };
        spans.push(plain(flat_unless(&fields[at].value, place.wrap), tone));
    }
    for (at, field) in fields.iter().enumerate() {
        if Some(at) == message
            || field.value.is_empty()
            || is_said_elsewhere(entry, field, &explore.log_level)
        {
            continue;
        }
        let gap = if spans.is_empty() { "" } else { "  " };
        spans.push(plain(format!("{gap}{}=", field.name()), Tone::Dim));
        let tone = if message.is_some() { Tone::Dim } else { Tone::Plain };
        spans.push(plain(flat(&field.value), tone));
    }
    spans
}

/// What is wrong with a field of an event.
fn wrong(state: &State, wrong: &Wrong) -> String {
    let words = state.setup.text.logs;
    match &wrong.why {
        Why::Missing => words.missing.to_owned(),
        Why::NotA(kind) => (words.not_a)(*kind).to_owned(),
        Why::Beyond(min, max) => (words.beyond)(*min, *max),
        Why::Unlike(expected) => (words.unlike)(expected),
        Why::NoneOf(known) => (words.none_of)(known),
    }
}

/// Whether another column, or the stream, says the same.
fn is_said_elsewhere(entry: &LogEntry, field: &Field, levels: &[String]) -> bool {
    let [name] = &field.path[..] else { return false };
    levels.contains(name)
        || matches!(name.as_str(), "timestamp" | "time" | "ts" | "@timestamp")
        || entry.labels.get(name) == Some(&field.value)
        || entry.metadata.get(name) == Some(&field.value)
}

/// The beginning of a line, cut between characters.
fn cut(line: &str) -> &str {
    let mut end = line.len().min(LONGEST);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[..end]
}

/// A text on one line.
fn flat(text: &str) -> String {
    if text.contains(['\n', '\t', '\r']) {
        text.split(['\n', '\r']).map(str::trim_end).collect::<Vec<_>>().join(" | ").replace('\t', "  ")
    } else {
        text.to_owned()
    }
}

fn flat_unless(text: &str, wrap: bool) -> String {
    if wrap { text.replace('\t', "  ") } else { flat(text) }
}

/// A piece of a line with what is searched for marked in it, capital or not where it is typed small.
fn marked(span: &Span, find: &str) -> Vec<Span> {
    let places = crate::explore::find::places(&span.text, find);
    let mut out = Vec::with_capacity(places.len() * 2 + 1);
    let mut from = 0;
    let mut push = |range: std::ops::Range<usize>, hit| {
        if !range.is_empty() {
            out.push(Span { text: span.text[range].to_owned(), tone: span.tone, hit });
        }
    };
    for place in places {
        push(from..place.start, false);
        from = place.end;
        push(place, true);
    }
    push(from..span.text.len(), false);
    out
}

/// The fields of a line, one a row.
fn expand(state: &State, place: &LogsPlace, entry: &LogEntry, vm: &mut LogRowVm) {
    let words = state.setup.text.logs;
    let query: Arc<str> = match state.view() {
        View::Logs(text) => logs::query_of(state, text),
        _ => "".into(),
    };
    vm.open = true;
    let parsed = lines::parsed(&entry.line);
    let event = events::of(&state.setup.pack.events, &parsed);
    let of_event = |field: &Field| {
        let from_line = !matches!(field.origin, Origin::Stream | Origin::Metadata);
        let found = event
            .as_ref()
            .filter(|_| from_line)
            .and_then(|event| event.wrong.iter().find(|one| one.field == field.name()));
        found.map_or_else(String::new, |one| wrong(state, one))
    };
    vm.fields = lines::all(entry)
        .into_iter()
        .map(|field| FieldVm {
            origin: words.origins[field.origin as usize].to_owned(),
            name: field.name(),
            value: flat(&field.value),
            note: if matches!(field.origin, Origin::Stream) {
                String::new()
            } else {
                words::values_of(state, &query, &field.label())
            },
            problem: of_event(&field),
        })
        .collect();
    // What is missing has no field to filter by: it stands after those that do.
    let count = vm.fields.len();
    let missing = event.iter().flat_map(|event| &event.wrong).filter(|one| one.why == Why::Missing);
    vm.fields.extend(missing.map(|one| FieldVm {
        name: one.field.clone(),
        problem: wrong(state, one),
        ..FieldVm::default()
    }));
    vm.field = (count > 0).then(|| place.field.min(count - 1));
}
