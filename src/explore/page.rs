//! A page of lines made ready to be shown: what is the same for every frame is found once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::events;
use super::lines::{self, Kind, LogLevel};
use crate::model::{Labels, Leak, LogEntry, LogPage};
use crate::pack::{EventKind, Explore};

/// Lines that columns and services are chosen from: enough to know a stream, few enough to read at once.
const SAMPLE: usize = 300;
/// Lines whose events are checked when they arrive, the newest: the others are when they are in sight.
pub const CHECKED: usize = 5_000;
/// Most columns.
const COLUMNS: usize = 8;
/// Widest column in cells.
const WIDEST: usize = 28;

/// A field shown as a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name: keys joined by dots.
    pub name: String,
    /// Cells it needs.
    pub width: u16,
    /// Whether its values are numbers, which stand at the right.
    pub number: bool,
}

/// Loaded lines with what was found about them.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// Whether there has been an answer at all.
    pub loaded: bool,
    /// The lines, in the order they were asked for.
    pub entries: Arc<[LogEntry]>,
    /// Whether that is newest first.
    pub backward: bool,
    /// Whether the window holds more.
    pub more: bool,
    /// Level of each line.
    pub levels: Vec<LogLevel>,
    /// Fields as columns: frequent ones first, of these the ones with few values.
    pub columns: Vec<Column>,
    /// Cells that service names need; 0 where all lines have the same one.
    pub service_width: u16,
    /// Personal data that was masked in them.
    pub leaks: Vec<Leak>,
    /// How many of the checked lines are typed events.
    pub events: usize,
    /// Of these the broken ones: how many.
    pub broken: usize,
    /// Fields that are wrong in them, with how often, the most frequent first.
    pub wrong: Vec<(String, usize)>,
    /// Length of the steps that they are counted in, milliseconds.
    pub step_ms: i64,
    /// Start of each step that has lines in unix milliseconds, and how many of each level, worst first.
    pub buckets: Vec<(i64, [u32; 6])>,
}

impl PartialEq for Lines {
    /// Two are the same when they are made of the same answer.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.entries, &other.entries) && self.backward == other.backward
    }
}

impl Lines {
    /// Makes a page ready; its lines are counted in steps of this many milliseconds.
    pub fn new(page: &LogPage, backward: bool, explore: &Explore, kinds: &[EventKind], step_ms: i64) -> Self {
        let entries = page.entries.clone();
        let mut known: Option<(Labels, Option<LogLevel>)> = None;
        let levels: Vec<LogLevel> = entries.iter().map(|entry| level(entry, explore, &mut known)).collect();
        let every = (entries.len() / SAMPLE).max(1);
        let sample: Vec<&LogEntry> = entries.iter().step_by(every).take(SAMPLE).collect();
        let mut lines = Self {
            loaded: true,
            backward,
            more: page.more,
            columns: columns(&sample, explore),
            service_width: service_width(&sample, explore),
            leaks: page.leaks.clone(),
            step_ms,
            buckets: buckets(&entries, &levels, step_ms),
            levels,
            entries,
            ..Self::default()
        };
        lines.check(kinds);
        lines
    }

    /// Checks the typed events among the newest lines.
    fn check(&mut self, kinds: &[EventKind]) {
        let mut wrong: HashMap<String, usize> = HashMap::new();
        let from = if kinds.is_empty() { self.len() } else { self.len().saturating_sub(CHECKED) };
        for at in from..self.len() {
            let fields = self.get(at).map(|entry| lines::parsed(&entry.line)).unwrap_or_default();
            let Some(event) = events::of(kinds, &fields) else { continue };
            self.events += 1;
            self.broken += usize::from(!event.wrong.is_empty());
            for one in event.wrong {
                *wrong.entry(one.field).or_default() += 1;
            }
        }
        self.wrong = wrong.into_iter().collect();
        self.wrong.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    }

    /// How many lines.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The index of the `at`th oldest line.
    pub fn oldest(&self, at: usize) -> usize {
        if self.backward { self.entries.len().saturating_sub(at + 1) } else { at }
    }

    /// The `at`th oldest line.
    pub fn get(&self, at: usize) -> Option<&LogEntry> {
        (at < self.len()).then(|| &self.entries[self.oldest(at)])
    }

    /// The level of the `at`th oldest line.
    pub fn level(&self, at: usize) -> LogLevel {
        self.levels.get(self.oldest(at)).copied().unwrap_or_default()
    }

    /// How many lines are older than a moment in unix nanoseconds.
    pub fn older_than(&self, ts: i64) -> usize {
        if self.backward {
            self.len() - self.entries.partition_point(|entry| entry.ts >= ts)
        } else {
            self.entries.partition_point(|entry| entry.ts < ts)
        }
    }

    /// Which oldest line this one is, where it is among them.
    pub fn find(&self, wanted: &LogEntry) -> Option<usize> {
        let from = self.older_than(wanted.ts);
        (from..self.len())
            .map(|at| (at, &self.entries[self.oldest(at)]))
            .take_while(|(_, entry)| entry.ts == wanted.ts)
            .find(|(_, entry)| entry.line == wanted.line && entry.labels == wanted.labels)
            .map(|(at, _)| at)
    }
}

/// Lines of each step by level. Lines come by time, so a step is one run of them, but for those of one moment.
fn buckets(entries: &[LogEntry], levels: &[LogLevel], step_ms: i64) -> Vec<(i64, [u32; 6])> {
    let step_ns = step_ms.max(1).saturating_mul(1_000_000);
    let mut found: Vec<(i64, [u32; 6])> = Vec::new();
    for (entry, level) in entries.iter().zip(levels) {
        let at = entry.ts.div_euclid(step_ns) * step_ms.max(1);
        if found.last().is_none_or(|(last, _)| *last != at) {
            found.push((at, [0; 6]));
        }
        if let Some((_, counts)) = found.last_mut() {
            counts[*level as usize] += 1;
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found
}

/// The level of a line; what its stream's labels say is asked once for neighbours of one stream.
fn level(entry: &LogEntry, explore: &Explore, known: &mut Option<(Labels, Option<LogLevel>)>) -> LogLevel {
    let of_stream = match known {
        Some((labels, level)) if *labels == entry.labels => *level,
        _ => {
            let stream = LogEntry { metadata: Labels::default(), line: "".into(), ..entry.clone() };
            let level = lines::labelled(&stream, &explore.log_level);
            *known = Some((entry.labels.clone(), level));
            level
        }
    };
    of_stream.unwrap_or_else(|| lines::level(entry, &explore.log_level))
}

fn service_width(sample: &[&LogEntry], explore: &Explore) -> u16 {
    let services: BTreeSet<String> = sample
        .iter()
        .map(|entry| lines::first(entry, &[], &explore.log_service).unwrap_or("").to_owned())
        .collect();
    let widest = services.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    if services.len() < 2 { 0 } else { widest.min(18) as u16 }
}

#[derive(Default)]
struct Seen {
    count: usize,
    first: usize,
    values: BTreeSet<String>,
    widest: usize,
    numbers: usize,
}

/// Fields that most lines have; those with few values first, for they tell lines apart at a glance.
fn columns(sample: &[&LogEntry], explore: &Explore) -> Vec<Column> {
    let mut seen: HashMap<String, Seen> = HashMap::new();
    let mut order = 0;
    for entry in sample {
        for field in lines::parsed(&entry.line) {
            let name = field.name();
            // What the line's own columns show, or its stream says, needs no other one.
            let stands = field.path.len() == 1
                && (explore.log_level.contains(&name)
                    || explore.log_service.contains(&name)
                    || explore.log_trace.contains(&name)
                    || entry.labels.get(&name) == Some(&field.value)
                    || matches!(name.as_str(), "timestamp" | "time" | "ts" | "@timestamp"));
            if stands || field.value.is_empty() || field.kind == Kind::Array {
                continue;
            }
            let one = seen.entry(name).or_insert_with(|| {
                order += 1;
                Seen { first: order, ..Seen::default() }
            });
            one.count += 1;
            one.widest = one.widest.max(field.value.chars().count());
            one.numbers += usize::from(field.kind == Kind::Number);
            if one.values.len() < SAMPLE {
                one.values.insert(field.value);
            }
        }
    }
    let mut all: Vec<(String, Seen)> =
        seen.into_iter().filter(|(_, one)| one.count * 10 >= sample.len()).collect();
    // Tenths of all lines: a field that nearly all have is as good as one that all have.
    all.sort_by_key(|(_, one)| {
        (std::cmp::Reverse(one.count * 10 / sample.len().max(1)), one.values.len(), one.first)
    });
    all.truncate(COLUMNS);
    all.into_iter()
        .map(|(name, one)| Column {
            width: one.widest.max(name.chars().count()).clamp(2, WIDEST) as u16,
            number: one.numbers == one.count,
            name,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(lines: &[(i64, &str, &str)]) -> LogPage {
        let entries = lines
            .iter()
            .map(|(ts, service, line)| LogEntry {
                ts: *ts,
                labels: Labels::new([("service", *service), ("level", "info")]),
                line: (*line).into(),
                metadata: Labels::default(),
            })
            .collect();
        LogPage { entries, ..LogPage::default() }
    }

    #[test]
    fn lines_are_found_by_age_whatever_their_order() {
        let forward = page(&[(1, "a", "x"), (2, "a", "y"), (2, "a", "z"), (5, "a", "w")]);
        let mut newest = forward.entries.to_vec();
        newest.reverse();
        let backward = LogPage { entries: newest.into(), ..LogPage::default() };
        let explore = Explore::default();
        for lines in
            [Lines::new(&forward, false, &explore, &[], 1), Lines::new(&backward, true, &explore, &[], 1)]
        {
            assert_eq!(lines.get(0).map(|e| e.ts), Some(1));
            assert_eq!(lines.get(3).map(|e| e.ts), Some(5));
            assert_eq!(lines.get(4), None);
            assert_eq!([0, 2, 3, 9].map(|ts| lines.older_than(ts)), [0, 1, 3, 4]);
            let wanted = forward.entries[2].clone();
            assert_eq!(lines.find(&wanted).and_then(|at| lines.get(at)).map(|e| &*e.line), Some("z"));
            assert_eq!(lines.find(&LogEntry { ts: 3, ..wanted }), None);
        }
    }

    #[test]
    fn columns_are_frequent_first_and_of_these_the_telling_ones() {
        let lines = [
            (1, "a", r#"{"timestamp":"1","event":"x","ms":1.5,"user":"u1","rare":1}"#),
            (2, "b", r#"{"timestamp":"2","event":"x","ms":2.5,"user":"u2"}"#),
            (3, "b", r#"{"timestamp":"3","event":"y","ms":3.5,"user":"u3","level":"info"}"#),
        ];
        let lines = Lines::new(&page(&lines), false, &Explore::default(), &[], 1000);
        let names: Vec<&str> = lines.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["event", "ms", "user", "rare"]);
        assert!(lines.columns[1].number && !lines.columns[2].number);
        assert_eq!(lines.service_width, 1);
        assert_eq!(lines.level(0), LogLevel::Info);
    }
}
