//! What lines have in common, found in the loaded lines: also for JSON and logfmt, where Loki's own patterns are empty.
//!
//! Lines of fields are alike when they say the same words with the same fields; plain lines are grouped as Drain does it
//! (He et al., "Drain: An Online Log Parsing Approach with Fixed Depth Tree", 2017): by the number of their words, then
//! by how many of these agree.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::lines::{self, Field, Form, LogLevel};
use super::page::Lines;

/// Most lines that are compared: the newest.
pub const MOST_LINES: usize = 20_000;
/// Stands for what differs, as Loki writes it.
pub const ANY: &str = "<_>";
/// Share of words that two plain lines must have in common.
const ALIKE: f64 = 0.6;
/// Words of a plain line that are compared; what a stack trace says further on is its own business.
const WORDS: usize = 40;
/// Fields with the same value everywhere that a pattern names.
const CONSTANTS: usize = 6;

/// Lines that look alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// What they have in common, [`ANY`] where they differ.
    pub text: String,
    /// How many.
    pub count: u64,
    /// The worst level among them.
    pub level: LogLevel,
    /// Which of the oldest loaded lines, in order; empty where the server found the pattern.
    pub lines: Arc<[u32]>,
}

/// Patterns of the newest loaded lines, the most frequent first, and of how many lines.
pub fn of(page: &Lines) -> (Vec<Pattern>, usize) {
    let from = page.len().saturating_sub(MOST_LINES);
    let mut fields: HashMap<String, Group> = HashMap::new();
    let mut plain = Plain::default();
    for at in from..page.len() {
        let Some(entry) = page.get(at) else { continue };
        let parsed = lines::parsed(&entry.line);
        if Form::of(&entry.line) == Form::Text || parsed.is_empty() {
            plain.add(at, &entry.line, page.level(at));
        } else {
            let key = key(&parsed);
            fields.entry(key).or_insert_with(|| Group::new(&parsed)).add(at, &parsed, page.level(at));
        }
    }
    let mut all: Vec<Pattern> = fields.into_values().map(Group::finish).collect();
    all.extend(plain.finish());
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.text.cmp(&b.text)));
    (all, page.len() - from)
}

/// Whether some of the newest loaded lines are made of fields.
pub fn has_fields(page: &Lines) -> bool {
    let from = page.len().saturating_sub(MOST_LINES);
    (from..page.len()).filter_map(|at| page.get(at)).any(|entry| Form::of(&entry.line) != Form::Text)
}

/// The words of a text with everything that has a digit in it, or is masked, left open.
pub fn masked(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().map(open).collect();
    words.join(" ")
}

fn open(word: &str) -> &str {
    if word.contains(|c: char| c.is_ascii_digit() || c == '‹') { ANY } else { word }
}

/// What lines of fields have in common: their words, and which fields they have.
fn key(fields: &[Field]) -> String {
    let mut key = lines::message(fields).map_or_else(String::new, |at| masked(&fields[at].value));
    let mut names: Vec<String> = fields.iter().map(Field::name).collect();
    names.sort_unstable();
    for name in names {
        key.push('\u{1f}');
        key.push_str(&name);
    }
    key
}

/// Lines of fields that are alike.
struct Group {
    message: String,
    /// Name and value of each field; `None` once two lines differ in it.
    values: Vec<(String, Option<String>)>,
    level: LogLevel,
    lines: Vec<u32>,
}

impl Group {
    fn new(fields: &[Field]) -> Self {
        let message = lines::message(fields);
        let values = fields
            .iter()
            .enumerate()
            .filter(|(at, _)| Some(*at) != message)
            .map(|(_, field)| (field.name(), Some(field.value.clone())))
            .collect();
        Self {
            message: message.map_or_else(String::new, |at| masked(&fields[at].value)),
            values,
            level: LogLevel::Unknown,
            lines: Vec::new(),
        }
    }

    fn add(&mut self, at: usize, fields: &[Field], level: LogLevel) {
        self.level = self.level.min(level);
        self.lines.push(at as u32);
        for (name, value) in &mut self.values {
            if let Some(known) = value
                && !fields.iter().any(|field| field.value == *known && field.name() == *name)
            {
                *value = None;
            }
        }
    }

    fn finish(self) -> Pattern {
        let single = self.lines.len() == 1;
        let mut text = self.message;
        let mut constants = 0;
        for (name, value) in &self.values {
            let shown = match value {
                // Of a single line nobody knows what would differ; a moment always would.
                Some(value) if single && open(value) == ANY => ANY,
                Some(value) => value.as_str(),
                None => ANY,
            };
            if shown == ANY || shown.is_empty() || constants >= CONSTANTS {
                continue;
            }
            constants += 1;
            let quoted = shown.contains(' ');
            let quote = if quoted { "\"" } else { "" };
            let gap = if text.is_empty() { "" } else { "  " };
            // Writing to a string does not fail.
            let _ = write!(text, "{gap}{name}={quote}{shown}{quote}");
        }
        if text.is_empty() {
            let names: Vec<&str> = self.values.iter().map(|(name, _)| name.as_str()).collect();
            text = format!("{{{}}}", names.join(", "));
        }
        Pattern { text, count: self.lines.len() as u64, level: self.level, lines: self.lines.into() }
    }
}

/// Words that lines share, their worst level, and where they stand.
type Alike = (Vec<String>, LogLevel, Vec<u32>);

/// Plain lines that are alike, by their number of words and the first of them.
#[derive(Default)]
struct Plain {
    groups: HashMap<(usize, String), Vec<Alike>>,
}

impl Plain {
    fn add(&mut self, at: usize, line: &str, level: LogLevel) {
        let line = line.lines().next().unwrap_or("");
        let words: Vec<&str> = line.split_whitespace().take(WORDS).map(open).collect();
        let head = words.iter().find(|word| **word != ANY).copied().unwrap_or("").to_owned();
        let groups = self.groups.entry((words.len(), head)).or_default();
        let like = |known: &[String]| {
            let same = known.iter().zip(&words).filter(|(known, word)| known.as_str() == **word).count();
            words.is_empty() || same as f64 >= ALIKE * words.len() as f64
        };
        match groups.iter_mut().find(|(known, ..)| like(known)) {
            Some((known, worst, lines)) => {
                for (known, word) in known.iter_mut().zip(&words) {
                    if known != word {
                        ANY.clone_into(known);
                    }
                }
                *worst = (*worst).min(level);
                lines.push(at as u32);
            }
            None => {
                groups.push((words.into_iter().map(str::to_owned).collect(), level, vec![at as u32]));
            }
        }
    }

    fn finish(self) -> impl Iterator<Item = Pattern> {
        self.groups.into_values().flatten().map(|(mut words, level, lines)| {
            // Several open words in a row say no more than one.
            words.dedup_by(|a, b| a == ANY && b == ANY);
            Pattern { text: words.join(" "), count: lines.len() as u64, level, lines: lines.into() }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Labels, LogEntry, LogPage};
    use crate::pack::Explore;

    fn patterns(lines: &[&str]) -> Vec<(String, u64)> {
        let entries = lines
            .iter()
            .zip(0..)
            .map(|(line, ts)| LogEntry {
                ts,
                labels: Labels::default(),
                line: (*line).into(),
                metadata: Labels::default(),
            })
            .collect();
        let page = LogPage { entries, ..LogPage::default() };
        let (found, of) = of(&Lines::new(&page, false, &Explore::default(), &[], 1));
        assert_eq!(of, lines.len());
        let mut seen: Vec<u32> = found.iter().flat_map(|pattern| pattern.lines.iter().copied()).collect();
        seen.sort_unstable();
        assert!(seen.into_iter().eq(0..lines.len() as u32), "every line is in one pattern");
        found.into_iter().map(|pattern| (pattern.text, pattern.count)).collect()
    }

    #[test]
    fn plain_lines_are_alike_but_for_what_differs() {
        let found = patterns(&[
            "10:01 [311] LOG: duration 12.5 ms execute",
            "10:02 [312] LOG: duration 99.1 ms execute",
            "10:03 [311] FATAL: sorry, too many clients",
        ]);
        assert_eq!(
            found,
            [
                ("<_> LOG: duration <_> ms execute".to_owned(), 2),
                ("<_> FATAL: sorry, too many clients".to_owned(), 1),
            ]
        );
    }

    #[test]
    fn json_lines_are_alike_by_their_words_and_fields() {
        let found = patterns(&[
            r#"{"timestamp":"2026-1","event":"Medical operation","operation":"read","result":"success","ms":3}"#,
            r#"{"timestamp":"2026-2","event":"Medical operation","operation":"write","result":"success","ms":4}"#,
            r#"{"timestamp":"2026-3","event":"timeout after 5 s calling x","operation":"write"}"#,
        ]);
        assert_eq!(
            found,
            [
                ("Medical operation  result=success".to_owned(), 2),
                ("timeout after <_> s calling x  operation=write".to_owned(), 1),
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn every_line_is_in_exactly_one_pattern(
            lines in proptest::collection::vec("[a-c0-9 {}=\":,]{0,30}", 0..40),
        ) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            patterns(&lines);
        }
    }
}
