//! How lines of one moment, more than the server gives at once, are told apart: by a label's value, or by a
//! character of the line. A condition and its complement give all of them, each once.
//!
//! This alone looks at an answer's raw text, because a condition on a masked text would match nothing. What it
//! makes of it goes to the server that it came from, and nowhere else.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::text::{literal, quoted};

/// Lines that are looked at: a sample tells where to cut.
const SAMPLE: usize = 1024;
/// Characters behind the common beginning that are looked at.
const REACH: usize = 2048;
/// Characters before one that decides; an expression for more is refused by servers.
const FARTHEST: usize = 20_000;
/// Bytes of a line that can be asked for as a whole.
const LONGEST: usize = 16_384;
/// The most repetitions that RE2 takes at once.
const REPEAT: usize = 1000;

/// A condition on a line. Holds raw text: neither shown nor kept beyond the paging.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// A label, of the stream or of the entry, has this value.
    Label(String, String),
    /// The character after so many of a label's value is at most this one.
    LabelUpto(String, usize, char),
    /// The character after so many of the line is at most this one.
    Upto(usize, char),
    /// The line is this one.
    Line(String),
}

impl Condition {
    /// As a stage of a query: what satisfies it, or the rest.
    pub fn stage(&self, kept: bool) -> String {
        let (equal, like) = if kept { ("=", "|~") } else { ("!=", "!~") };
        match self {
            Self::Label(name, value) => format!("| {name}{equal}{}", quoted(value)),
            Self::LabelUpto(name, before, last) => {
                let like = if kept { "=~" } else { "!~" };
                format!("| {name}{like}`(?s:{}.*)`", upto(*before, *last))
            }
            Self::Upto(before, last) => format!("{like} `^(?s:{})`", upto(*before, *last)),
            Self::Line(line) => format!("{like} {}", quoted(&format!("^(?s:{})$", literal(line)))),
        }
    }
}

/// An expression for a text whose character after so many is at most this one.
fn upto(before: usize, last: char) -> String {
    let mut pattern = format!(".{{{REPEAT}}}").repeat(before / REPEAT);
    // Writing to a string cannot fail.
    let _ = write!(pattern, ".{{{}}}[\\x{{0}}-\\x{{{:x}}}]", before % REPEAT, u32::from(last));
    pattern
}

/// How the lines of an answer differ.
pub(super) enum Differ {
    /// By this condition, some satisfy it and some do not.
    By(Condition),
    /// They do not. Others of the same moment may: what they all satisfy, the whole line first.
    Nowhere(Vec<Condition>),
}

/// Looks at an answer to a log query; `None` where it cannot be read.
pub(super) fn look(body: &[u8]) -> Option<Differ> {
    #[derive(Deserialize)]
    struct Body {
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        result: Vec<Stream>,
    }
    #[derive(Deserialize)]
    struct Stream {
        stream: BTreeMap<String, String>,
        values: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry(IgnoredAny, String, #[serde(default)] Parts);
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Parts {
        structured_metadata: BTreeMap<String, String>,
        parsed: BTreeMap<String, String>,
    }

    let body: Body = serde_json::from_slice(body).ok()?;
    let streams = body.data.result;
    let count: usize = streams.iter().map(|stream| stream.values.len()).sum();
    let every = count.div_ceil(SAMPLE).max(1);
    let all = streams.iter().flat_map(|stream| stream.values.iter().map(move |entry| (stream, entry)));
    // Of each label the values, line by line; an absent one is empty.
    let mut labels: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut lines: Vec<&str> = Vec::with_capacity(SAMPLE);
    for (stream, Entry(_, line, parts)) in all.step_by(every) {
        let own = parts.structured_metadata.iter().chain(&parts.parsed);
        for (name, value) in stream.stream.iter().chain(own).filter(|(name, _)| is_name(name)) {
            let values = labels.entry(name).or_default();
            values.resize(lines.len(), "");
            values.push(value);
        }
        lines.push(line);
    }
    for values in labels.values_mut() {
        values.resize(lines.len(), "");
    }

    let mut best: Option<(usize, Condition)> = None;
    let mut offer = |side: usize, condition: &dyn Fn() -> Condition| {
        if side > 0 && best.as_ref().is_none_or(|(other, _)| side > *other) {
            best = Some((side, condition()));
        }
        // Good enough: looking further costs more than it gives.
        side * 4 >= lines.len()
    };
    let found = labels.iter().any(|(name, values)| {
        let (value, side) = common(values);
        offer(side, &|| Condition::Label((*name).to_owned(), value.to_owned()))
    });
    if !found {
        if let Some((side, before, last)) = cut(&lines) {
            offer(side, &|| Condition::Upto(before, last));
        }
        for (name, values) in &labels {
            if let Some((side, before, last)) = cut(values) {
                offer(side, &|| Condition::LabelUpto((*name).to_owned(), before, last));
            }
        }
    }
    if let Some((_, condition)) = best {
        return Some(Differ::By(condition));
    }
    let whole = lines.first().filter(|line| line.len() <= LONGEST);
    let mut same: Vec<Condition> =
        whole.map(|line| Condition::Line((*line).to_owned())).into_iter().collect();
    for (name, values) in labels {
        same.extend(values.first().map(|value| Condition::Label(name.to_owned(), (*value).to_owned())));
    }
    Some(Differ::Nowhere(same))
}

/// The value that divides best, and how many are on the smaller side.
fn common<'v>(values: &[&'v str]) -> (&'v str, usize) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for value in values.iter().filter(|value| !value.is_empty()) {
        *counts.entry(value).or_default() += 1;
    }
    let sides = counts.into_iter().map(|(value, count)| (value, count.min(values.len() - count)));
    // By value too, so that the same answer is always divided in the same way.
    sides.max_by_key(|(value, side)| (*side, *value)).unwrap_or_default()
}

/// Where a character divides texts best: how many are on the smaller side, how many characters stand before it,
/// and up to which one.
fn cut(lines: &[&str]) -> Option<(usize, usize, char)> {
    let first = lines.first()?;
    let common = lines.iter().map(|line| common_length(first, line)).min()?;
    let before = first.get(..common)?.chars().count();
    let ends: Vec<Vec<char>> =
        lines.iter().map(|line| line.get(common..).unwrap_or("").chars().take(REACH).collect()).collect();
    let longest = ends.iter().map(Vec::len).max()?;
    let mut best: Option<(usize, usize, char)> = None;
    let mut column: Vec<Option<char>> = Vec::with_capacity(ends.len());
    for at in 0..longest {
        if before + at > FARTHEST {
            break;
        }
        column.clear();
        column.extend(ends.iter().map(|end| end.get(at).copied()));
        // A line that ends before satisfies no condition on this character, as if it were the greatest.
        column.sort_unstable_by_key(|c| c.map_or(u32::MAX, u32::from));
        let Some((part, last)) = middle(&column) else { continue };
        if best.as_ref().is_none_or(|(other, ..)| part > *other) {
            best = Some((part, before + at, last));
            if part * 5 >= lines.len() * 2 {
                break;
            }
        }
    }
    best
}

/// Of a sorted column: the character up to which it is cut nearest to its middle, and the smaller side.
fn middle(column: &[Option<char>]) -> Option<(usize, char)> {
    let half = column.len() / 2;
    let pivot = *column.get(half)?;
    let key = |c: &Option<char>| c.map_or(u32::MAX, u32::from);
    let below = column.partition_point(|c| key(c) < key(&pivot));
    let upto = column.partition_point(|c| key(c) <= key(&pivot));
    let side = |cut: usize| cut.min(column.len() - cut);
    let cut = if side(below) >= side(upto) { below } else { upto };
    let last = column.get(cut.checked_sub(1)?).copied()??;
    (side(cut) > 0).then_some((side(cut), last))
}

/// Bytes at the beginning that both have, up to a character's end.
fn common_length(a: &str, b: &str) -> usize {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    (0..=same).rev().find(|at| a.is_char_boundary(*at) && b.is_char_boundary(*at)).unwrap_or(0)
}

/// What a label filter can name.
fn is_name(name: &str) -> bool {
    name.bytes()
        .enumerate()
        .all(|(at, b)| b == b'_' || b.is_ascii_alphabetic() || (at > 0 && b.is_ascii_digit()))
        && !name.is_empty()
}
