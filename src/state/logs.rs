//! State of the log view: what of a query's lines is shown, and where in them the person is.

use std::sync::Arc;

use super::{State, View};
use crate::explore::page::Lines;
use crate::explore::selector;
use crate::model::ask::{Answer, Key};
use crate::model::{LogEntry, LogStats, SourceId};

/// Lines asked for first.
pub const FIRST: u32 = 1_000;
/// Lines asked for when more are wanted, one after the other.
pub const MORE: [u32; 3] = [5_000, 20_000, 100_000];
/// A selector that reads less than this share of what is heavy is counted without being asked.
const CHEAP: u64 = 8;

/// How lines are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineForm {
    /// What they say first, their fields after it.
    #[default]
    Smart,
    /// Fields as columns.
    Columns,
    /// As they are.
    Raw,
}

impl LineForm {
    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Smart => Self::Columns,
            Self::Columns => Self::Raw,
            Self::Raw => Self::Smart,
        }
    }
}

/// Lines of the page that alone are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Only {
    /// What they have in common, in words.
    pub title: String,
    /// Which of the oldest lines, in order.
    pub lines: Arc<[u32]>,
}

/// Where what is searched for was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Rows that have it, from the oldest; of the loaded lines.
    pub rows: Arc<[u32]>,
    /// Whether all loaded lines were searched.
    pub whole: bool,
}

/// Patterns computed here, where the server has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PatternPlace {
    /// Whether they are shown instead of lines.
    pub open: bool,
    /// Cursor.
    pub cursor: usize,
    /// First one in sight.
    pub offset: usize,
    /// Of the loaded lines, the most frequent first.
    pub found: Arc<[crate::explore::patterns::Pattern]>,
    /// Of how many lines.
    pub of: usize,
}

/// Where the person is in it.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own that a key turns")]
pub struct LogsPlace {
    /// Cursor: an index into what is shown.
    pub cursor: usize,
    /// First line in sight.
    pub offset: usize,
    /// Whether the oldest stand first.
    pub oldest_first: bool,
    /// Most lines asked for; 0 is [`FIRST`].
    pub limit: u32,
    /// The window that all of this is about: `State::epoch`.
    pub epoch: u64,
    /// How lines are shown.
    pub form: LineForm,
    /// Whether long lines are wrapped.
    pub wrap: bool,
    /// Cells that lines are scrolled to the right.
    pub shift: u16,
    /// The line that shows its fields.
    pub expanded: Option<Row>,
    /// The field under the cursor, of the expanded line.
    pub field: usize,
    /// Patterns.
    pub patterns: PatternPlace,
    /// Lines that alone are shown.
    pub only: Option<Only>,
    /// What is searched for.
    pub find: String,
    /// Where it was found.
    pub found: Found,
    /// Number of the live tail, while it follows.
    pub follow: Option<u64>,
    /// Lines of the tail that have been taken note of, those that have left it included.
    pub heard: u64,
    /// Lines of the tail before this one are among the loaded ones already.
    pub fresh_from: u64,
    /// Whether a heavy query may run.
    pub allowed: bool,
    /// Whether the lines of the window are to be counted.
    pub counted: bool,
    /// The loaded lines.
    pub lines: Arc<Lines>,
}

/// What a row of the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// A loaded line, counted from the oldest.
    Line(usize),
    /// A line of the tail, counted from the oldest that it still has.
    Tail(usize),
    /// A stretch for which nobody listened: index into the tail's.
    Gap(usize),
}

/// What is known of what a query would read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// It has been asked for.
    Asked,
    /// Nobody knows: the server cannot tell, or what is asked about is not in its index yet.
    Unknown,
    /// It reads this, which is nothing to ask about.
    Fine(LogStats),
    /// It reads this, which somebody must want.
    Heavy(LogStats),
}

/// The query that a view of this text shows: the pack's first where there is none.
pub fn query_of(state: &State, text: &Arc<str>) -> Arc<str> {
    if !text.trim().is_empty() {
        return text.clone();
    }
    let explore = &state.setup.pack.explore;
    match explore.logs.first() {
        Some(ready) => ready.query.as_str().into(),
        None => format!("{{{}=~\".+\"}}", explore.log_any).into(),
    }
}

/// What it needs to know, with seconds between answers (0 asks once).
pub fn wants(state: &State) -> Vec<(Key, u32)> {
    let View::Logs(text) = state.view() else { return Vec::new() };
    let query = query_of(state, text);
    let place = place(state, text);
    let live = state.window.is_live();
    let pace = |seconds: u32| if live { seconds.max(state.setup.interval_s).max(5) } else { 0 };
    let step = histogram_step(state);
    if selector::is_metric(&query) {
        return vec![(Key::LogRange(query, step), pace(step))];
    }
    let mut wants = Vec::new();
    if let Some(selector) = selector_of(&query) {
        wants.push((Key::LogStats(selector), 0));
    }
    if matches!(cost(state, &query), Cost::Asked | Cost::Heavy(_)) && !place.allowed {
        return wants;
    }
    wants.push((lines_key(&place, &query), if refreshes(state, &place) { pace(10) } else { 0 }));
    wants.push((Key::LogRange(histogram_query(state, &query), step), pace(step)));
    if place.counted || matches!(cost(state, &query), Cost::Fine(stats) if is_cheap(state, stats)) {
        wants.push((count_key(state, &query), 0));
    }
    if place.patterns.open
        && let Some(selector) = selector_of(&query)
    {
        wants.push((Key::LogPatterns(selector), 0));
    }
    if place.expanded.is_some() {
        wants.push((Key::LogFields(query), 0));
    }
    wants
}

fn is_cheap(state: &State, stats: LogStats) -> bool {
    stats.bytes > 0 && stats.bytes < state.setup.pack.explore.heavy_bytes / CHEAP
}

/// Whether new lines are asked for again and again: only while the newest are in sight and nothing is held on to.
pub fn refreshes(state: &State, place: &LogsPlace) -> bool {
    state.window.is_live()
        && place.follow.is_none()
        && place.limit <= FIRST
        && place.expanded.is_none()
        && place.only.is_none()
        && !place.patterns.open
        && !place.oldest_first
        && place.cursor == 0
}

/// The place of a query's view, or what it is before anything was done there.
pub fn place(state: &State, text: &Arc<str>) -> LogsPlace {
    let mut place = state.places.logs.get(text).cloned().unwrap_or_default();
    if place.epoch != state.epoch {
        // Lines of another window are never shown for this one, and what was allowed there is not allowed here.
        place = LogsPlace { epoch: state.epoch, ..kept(&place) };
    }
    place
}

/// What of a place outlives its window: how lines are shown, and what is searched for.
fn kept(place: &LogsPlace) -> LogsPlace {
    LogsPlace {
        oldest_first: place.oldest_first,
        form: place.form,
        wrap: place.wrap,
        find: place.find.clone(),
        follow: place.follow,
        patterns: PatternPlace { open: place.patterns.open, ..PatternPlace::default() },
        ..LogsPlace::default()
    }
}

/// The question for the lines.
pub fn lines_key(place: &LogsPlace, query: &Arc<str>) -> Key {
    Key::Logs {
        query: query.clone(),
        limit: place.limit.max(FIRST),
        // What follows live joins the newest lines.
        forward: place.oldest_first && place.follow.is_none(),
    }
}

/// The question how many lines the window has.
pub fn count_key(state: &State, query: &str) -> Key {
    let length = format!("[{}s]", state.window.span_s());
    Key::LogInstant(format!("sum(count_over_time({}))", counted(query, &length)).into())
}

/// The metric query of the histogram: lines of each step by everything that may hold their level.
pub fn histogram_query(state: &State, query: &str) -> Arc<str> {
    let names = state.setup.pack.explore.log_level.join(", ");
    let length = format!("[{}s]", histogram_step(state));
    format!("sum by ({names}) (count_over_time({}))", counted(query, &length)).into()
}

/// A log query with its range. A line that a parser could not read has an error, which a metric query is refused for:
/// it is a line all the same.
fn counted(query: &str, length: &str) -> String {
    let parses = selector::stages(query).iter().any(|stage| {
        matches!(*stage, "json" | "logfmt" | "unpack" | "regexp" | "pattern" | "line_format" | "label_format")
    });
    if parses {
        selector::followed_by(query, &format!("| drop __error__, __error_details__ {length}"))
    } else {
        selector::followed_by(query, length)
    }
}

/// Step of the histogram in seconds: about as many as there are cells.
pub fn histogram_step(state: &State) -> u32 {
    let points = if state.size.0 >= 110 { 110 } else { 72 };
    u32::try_from(state.window.step_s(points)).unwrap_or(86_400)
}

/// The selector of a query, as it stands there.
pub fn selector_of(query: &str) -> Option<Arc<str>> {
    selector::selector(query).map(|range| query[range].into())
}

/// What a query would read.
pub fn cost(state: &State, query: &str) -> Cost {
    let Some(selector) = selector_of(query) else { return Cost::Unknown };
    let Some(remote) = state.shown().explored(&Key::LogStats(selector)) else { return Cost::Asked };
    match remote.value().map(|answer| &**answer) {
        // Zero is what an index says of data that is not in it yet.
        Some(Answer::LogStats(stats)) if stats.bytes == 0 => Cost::Unknown,
        Some(Answer::LogStats(stats)) if stats.bytes >= state.setup.pack.explore.heavy_bytes => {
            Cost::Heavy(*stats)
        }
        Some(Answer::LogStats(stats)) => Cost::Fine(*stats),
        _ if remote.is_known() => Cost::Unknown,
        _ => Cost::Asked,
    }
}

/// The query that is followed live in the view in sight, and the number of its tail.
pub fn followed(state: &State) -> Option<(Arc<str>, u64)> {
    let View::Logs(text) = state.view() else { return None };
    let number = state.places.logs.get(text)?.follow?;
    (state.window.is_live() && state.has(&SourceId::LOKI)).then(|| (query_of(state, text), number))
}

/// The tail that a place follows, as far as the screen shows it.
pub fn tail<'s>(state: &'s State, place: &LogsPlace) -> Option<&'s crate::store::Tail> {
    let number = place.follow?;
    state.shown().tail.as_ref().filter(|tail| tail.number == number)
}

/// Rows from the oldest to the newest: how many there are, and what each is.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'s> {
    place: &'s LogsPlace,
    tail: Option<&'s crate::store::Tail>,
    /// First line of the tail that is not among the loaded ones.
    skipped: usize,
}

impl<'s> Rows<'s> {
    /// The rows of a place.
    pub fn of(state: &'s State, place: &'s LogsPlace) -> Self {
        // Of lines that alone are shown the tail knows nothing.
        let tail = if place.only.is_some() { None } else { tail(state, place) };
        let skipped = tail.map_or(0, |tail| {
            (place.fresh_from.saturating_sub(tail.forgotten) as usize).min(tail.lines.len())
        });
        Self { place, tail, skipped }
    }

    fn loaded(&self) -> usize {
        self.place.only.as_ref().map_or(self.place.lines.len(), |only| only.lines.len())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        let tail = self.tail.map_or(0, |tail| tail.lines.len() - self.skipped + tail.gaps.len());
        self.loaded() + tail
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The `at`th from the oldest.
    pub fn oldest(&self, at: usize) -> Option<Row> {
        if at < self.loaded() {
            let line = self.place.only.as_ref().map_or(at, |only| only.lines[at] as usize);
            return Some(Row::Line(line));
        }
        let tail = self.tail?;
        let mut rest = at - self.loaded();
        // Gaps are few: each stands before the first line that was heard after it.
        let mut before = self.skipped;
        for (index, gap) in tail.gaps.iter().enumerate() {
            let stands = tail.lines.partition_point(|entry| entry.ts <= gap.from).max(before);
            if rest < stands - before {
                return Some(Row::Tail(before + rest));
            }
            rest -= stands - before;
            if rest == 0 {
                return Some(Row::Gap(index));
            }
            rest -= 1;
            before = stands;
        }
        (before + rest < tail.lines.len()).then_some(Row::Tail(before + rest))
    }

    /// The row shown at a place of the list.
    pub fn at(&self, row: usize) -> Option<Row> {
        let count = self.len();
        if row >= count {
            return None;
        }
        self.oldest(if self.place.oldest_first { row } else { count - 1 - row })
    }

    /// The place in the list of the `at`th row from the oldest.
    pub fn place_of(&self, at: usize) -> usize {
        if self.place.oldest_first { at } else { self.len().saturating_sub(at + 1) }
    }

    /// The entry of a row; a gap has none.
    pub fn entry(&self, row: Row) -> Option<&'s LogEntry> {
        match row {
            Row::Line(at) => self.place.lines.get(at),
            Row::Tail(at) => self.tail?.lines.get(at),
            Row::Gap(_) => None,
        }
    }
}

impl State {
    /// The log line under the cursor of the log view in sight.
    pub fn log_at_cursor(&self) -> Option<LogEntry> {
        let View::Logs(text) = self.view() else { return None };
        let place = place(self, text);
        let rows = Rows::of(self, &place);
        rows.at(place.cursor).and_then(|row| rows.entry(row)).cloned()
    }

    /// Lines of the log view that fit at once.
    pub fn logs_height(&self) -> usize {
        let body = super::axis::body(self);
        let findings = match self.view() {
            View::Logs(text) => self.places.logs.get(text).map_or(0, |place| {
                u16::from(!place.lines.leaks.is_empty()) + u16::from(place.lines.broken > 0)
            }),
            _ => 0,
        };
        // The query, the axis in its frame, the list's frame.
        usize::from(body.saturating_sub(1 + super::axis::lines(body) + 2 + 2 + findings)).max(1)
    }
}
