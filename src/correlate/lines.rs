//! Log lines as templates: what a program says, without what it says it about.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::causes::Cause;
use super::frame::Frame;
use super::spans::{NONE, hash, masked};
use crate::model::evidence::Evidence;

/// One template of one component.
#[derive(Clone, Debug)]
pub struct Template {
    /// Whose.
    pub component: u32,
    /// Its words; `None` where they differ.
    words: Vec<Option<Arc<str>>>,
    /// One of its lines, from the window where there is one.
    pub sample: u32,
    /// Whether it speaks of an error.
    pub error: bool,
    /// Lines by piece.
    pub counts: Vec<u32>,
}

/// All templates, and which line has which.
pub struct Lines {
    /// Templates.
    pub templates: Vec<Template>,
    /// The template of each line of a piece: (record, template, piece).
    pub all: Vec<(u32, u32, u32)>,
}

/// Share of words that lines of one template have in common.
const ALIKE: f64 = 0.6;
/// Templates of one length and component beyond which a line joins the most similar one.
const MOST: usize = 200;
/// Bytes of a line that are looked at.
const LOOKED_AT: usize = 600;

/// Words that speak of an error.
const ERRORS: [&str; 16] = [
    "error",
    "exception",
    "fail",
    "fatal",
    "panic",
    "critical",
    "timeout",
    "timed out",
    "refused",
    "denied",
    "unavailable",
    "unreachable",
    "abort",
    "traceback",
    "invalid",
    "not found",
];

impl Lines {
    /// Of the evidence.
    pub fn new(evidence: &Evidence, frame: &Frame) -> Self {
        // Lines that are equal but for their numbers are one from here on.
        let mut kinds: HashMap<(u32, u64), u32> = HashMap::new();
        let mut distinct: Vec<(u32, String, u32)> = Vec::new();
        let mut all = Vec::new();
        for (at, record) in evidence.logs.iter().enumerate() {
            let Some(piece) = frame.piece(record.ts) else { continue };
            let Some(component) = frame.component(&record.labels) else { continue };
            let text = masked(head(&record.line));
            let key = (component as u32, hash(&text));
            let kind = *kinds.entry(key).or_insert_with(|| {
                distinct.push((component as u32, text, at as u32));
                distinct.len() as u32 - 1
            });
            all.push((at as u32, kind, piece as u32));
            // The sample of a kind does not depend on the order of lines.
            let line = &mut distinct[kind as usize];
            let rank = |at: u32| {
                let record = &evidence.logs[at as usize];
                (frame.piece(record.ts), record.ts, &record.line)
            };
            if rank(at as u32) < rank(line.2) {
                line.2 = at as u32;
            }
        }
        // The order of lines must not matter, so templates grow in the order of texts.
        let mut order: Vec<usize> = (0..distinct.len()).collect();
        order.sort_by(|a, b| (distinct[*a].0, &distinct[*a].1).cmp(&(distinct[*b].0, &distinct[*b].1)));
        let mut templates: Vec<Template> = Vec::new();
        let mut shelves: BTreeMap<(u32, usize, bool), Vec<u32>> = BTreeMap::new();
        let mut of_kind = vec![NONE; distinct.len()];
        for at in order {
            let (component, text, sample) = &distinct[at];
            let words: Vec<&str> = text
                .split([' ', '\t', ',', ';', '=', ':', '[', ']', '(', ')', '"'])
                .filter(|word| !word.is_empty())
                .collect();
            // What speaks of an error and what does not are never one template.
            let error = speaks_of_error(text);
            let shelf = shelves.entry((*component, words.len(), error)).or_default();
            of_kind[at] =
                place(&mut templates, shelf, *component, &words, *sample, error, frame.pieces.len());
        }
        for one in &mut all {
            one.1 = of_kind[one.1 as usize];
            let template = &mut templates[one.1 as usize];
            template.counts[one.2 as usize] += 1;
            let rank = |at: u32| {
                let record = &evidence.logs[at as usize];
                (frame.piece(record.ts), record.ts, &record.line)
            };
            if rank(one.0) < rank(template.sample) {
                template.sample = one.0;
            }
        }
        Self { templates, all }
    }
}

fn head(line: &str) -> &str {
    let end = line.char_indices().map(|(at, _)| at).take_while(|at| *at <= LOOKED_AT).last().unwrap_or(0);
    if line.len() <= LOOKED_AT { line } else { &line[..end] }
}

/// Whether a line speaks of an error: by a word of its own, for `errors=0` and `"error":null` speak of none.
pub fn speaks_of_error(line: &str) -> bool {
    let small = head(line).to_lowercase();
    ERRORS.iter().any(|word| {
        small.match_indices(word).any(|(at, _)| {
            let after = small[at + word.len()..].trim_start_matches(['s', '"', ' ', ':', '=']);
            let none =
                ["null", "0", "false", "none", "\"\"", "[]"].iter().any(|none| after.starts_with(none));
            let within = small[..at].chars().next_back().is_some_and(char::is_alphabetic)
                && *word != "exception"
                && *word != "error";
            !none && !within
        })
    })
}

fn place(
    templates: &mut Vec<Template>,
    shelf: &mut Vec<u32>,
    component: u32,
    words: &[&str],
    sample: u32,
    error: bool,
    pieces: usize,
) -> u32 {
    let mut best: Option<(f64, u32)> = None;
    for at in shelf.iter() {
        let template = &templates[*at as usize];
        let same = template.words.iter().zip(words).filter(|(a, b)| a.as_deref() == Some(**b)).count() as f64;
        // A word that differs anyway neither speaks for nor against.
        let fixed = template.words.iter().filter(|word| word.is_some()).count().max(1) as f64;
        let alike = (same / fixed).min(same / words.len().max(1) as f64 + 0.2);
        if best.is_none_or(|best| alike > best.0) {
            best = Some((alike, *at));
        }
    }
    let join = best.filter(|(alike, _)| *alike >= ALIKE || shelf.len() >= MOST);
    if words.is_empty() && best.is_some() || join.is_some() {
        let at = best.map_or(0, |best| best.1);
        for (word, other) in templates[at as usize].words.iter_mut().zip(words) {
            if word.as_deref() != Some(*other) {
                *word = None;
            }
        }
        return at;
    }
    templates.push(Template {
        component,
        words: words.iter().map(|word| Some((*word).into())).collect(),
        sample,
        error,
        counts: vec![0; pieces],
    });
    shelf.push(templates.len() as u32 - 1);
    templates.len() as u32 - 1
}

/// What lines speak of beside errors, in the words that programs commonly use for it.
const TOPICS: [(Cause, &[&str]); 6] = [
    (
        Cause::Security,
        &[
            "authentication fail",
            "authentication failure",
            "failed login",
            "login failed",
            "invalid credential",
            "invalid password",
            "invalid_password",
            "bad password",
            "unauthorized",
            "intrusion",
            "brute force",
        ],
    ),
    (
        Cause::Memory,
        &[
            "out of memory",
            "outofmemory",
            "oom",
            "garbage collection",
            "gc overhead",
            "heap space",
            "cannot allocate",
        ],
    ),
    (
        Cause::Dependency,
        &[
            "pool limit",
            "queuepool limit",
            "pool exhausted",
            "pool is exhausted",
            "connection pool",
            "connections in use",
            "too many connections",
            "too many clients",
            "queue is full",
            "queue full",
            "max connections",
        ],
    ),
    (Cause::Disk, &["no space left", "disk full", "disk is full", "read-only file system", "quota exceeded"]),
    (Cause::Quality, &["low confidence", "model drift", "low accuracy"]),
    (Cause::Thermal, &["overheat", "thermal throttl", "temperature above"]),
];

/// The topic of a line.
pub fn topic(line: &str) -> Option<Cause> {
    let small = head(line).to_lowercase();
    let speaks = |word: &&str| {
        small
            .match_indices(*word)
            .any(|(at, _)| !small[..at].chars().next_back().is_some_and(char::is_alphabetic))
    };
    TOPICS.iter().find(|(_, words)| words.iter().any(speaks)).map(|(cause, _)| *cause)
}

/// Whether a line holds a name as a word of its own.
pub fn names(line: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let line = head(line);
    name.len() > 2
        && line.match_indices(name).any(|(at, _)| {
            !line[..at].chars().next_back().is_some_and(part)
                && !line[at + name.len()..].chars().next().is_some_and(part)
        })
}
