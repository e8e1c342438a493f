//! What can stand at a place, and how it is written there.

use std::collections::HashSet;
use std::ops::Range;

use super::quote::{self, Quoting};
use super::{Completion, Completions, Kind, Known, Ranked};
use crate::model::ask::{Key, MetricMeta};
use crate::text::languages::{LanguagesText, Word};

/// The place of the cursor: what is typed there, what a completion replaces, and what can stand there.
#[derive(Debug)]
pub(super) struct Spot {
    pub typed: String,
    pub replaces: Range<usize>,
    pub offers: Vec<Offer>,
}

/// Things that can stand there. `first` says how much they are preferred to others that match as well.
#[derive(Debug)]
pub(super) struct Offer {
    pub what: What,
    pub kind: Kind,
    pub write: Write,
    pub first: u32,
}

/// Where they come from.
#[derive(Debug)]
pub(super) enum What {
    /// Words of the language.
    Words(Vec<Word>),
    /// Words made of what is typed, with what they mean.
    Made(Vec<(String, &'static str)>),
    /// Names or values that a server knows.
    Names(Key),
    /// Fields of log lines that a server found.
    Fields(Key),
    /// Labels that series of these metrics were seen with.
    LabelsOf(Vec<String>),
}

/// How one of them is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Write {
    /// As it is, and this behind it.
    Then(&'static str),
    /// A name with this behind it; in quotes where it is no plain name.
    Name(&'static str),
    /// A metric; a range behind it where a function wants one.
    Metric {
        /// Whether a range is wanted.
        range: bool,
    },
    /// An attribute of spans; whether its scope is left out.
    Attribute {
        /// `.http.method` in place of `span.http.method`.
        unscoped: bool,
    },
    /// A value.
    Value(Quoting),
}

impl Offer {
    pub fn words(words: &[Word], kind: Kind, then: &'static str, first: u32) -> Self {
        Self { what: What::Words(words.to_vec()), kind, write: Write::Then(then), first }
    }

    pub fn names(key: Key, kind: Kind, write: Write, first: u32) -> Self {
        Self { what: What::Names(key), kind, write, first }
    }
}

impl Spot {
    /// What of it matches, as far as names are known.
    pub fn complete(self, text: &str, known: &dyn Known, words: &LanguagesText) -> Completions {
        let rest = text.get(self.replaces.end..).unwrap_or("");
        let there = text.get(self.replaces.clone()).unwrap_or("");
        let mut ranked = Ranked::by(&self.typed);
        let mut taken: HashSet<Box<str>> = HashSet::new();
        let mut wants = Vec::new();
        for offer in &self.offers {
            match &offer.what {
                What::Names(key) | What::Fields(key) => wants.push(key.clone()),
                What::Words(_) | What::Made(_) | What::LabelsOf(_) => {}
            }
            if offer.kind == Kind::Metric {
                wants.push(Key::Metadata);
            }
            offer.each(known, words, &mut |name, note: &dyn Fn() -> String| {
                if taken.contains(name) {
                    return;
                }
                let whole = *name == self.typed && offer.kind == Kind::Metric;
                let Some((shown, insert)) = offer.write.write(name, whole) else { return };
                let insert = fit(insert, rest);
                if insert == there && !there.is_empty() {
                    return;
                }
                taken.insert(name.into());
                let near = if self.typed.is_empty() { 0 } else { offer.near(&shown) };
                ranked.offer(&shown, offer.first + near, || Completion {
                    shown: shown.as_str().into(),
                    hits: Vec::new(),
                    insert: insert.into(),
                    kind: offer.kind,
                    note: note().into(),
                });
            });
        }
        wants.sort_unstable();
        wants.dedup();
        let (entries, matching) = ranked.finish();
        Completions { replaces: self.replaces, entries, matching, wants }
    }
}

impl Offer {
    /// Of names that begin alike the shorter is nearer. The words of a language stand in the order of their use.
    fn near(&self, shown: &str) -> u32 {
        let by_length = matches!(self.what, What::Names(_) | What::Fields(_)) || self.kind == Kind::Operator;
        if by_length { 60 - shown.len().min(60) as u32 } else { 0 }
    }

    /// Gives each name with what it means, which is written for those that match alone.
    fn each(
        &self,
        known: &dyn Known,
        words: &LanguagesText,
        give: &mut dyn FnMut(&str, &dyn Fn() -> String),
    ) {
        match &self.what {
            What::Words(list) => {
                for (word, note) in list {
                    give(word, &|| (*note).to_owned());
                }
            }
            What::Made(list) => {
                for (word, note) in list {
                    give(word, &|| (*note).to_owned());
                }
            }
            What::Names(key) if self.kind == Kind::Metric => {
                let metadata = known.metadata().unwrap_or_default();
                for name in known.names(key).unwrap_or_default() {
                    give(name, &|| about(metadata, name, words));
                }
            }
            What::Names(key) => {
                for name in known.names(key).unwrap_or_default() {
                    give(name, &String::new);
                }
            }
            What::Fields(key) => {
                for field in known.fields(key).unwrap_or_default() {
                    let parsers = field.parsers.join(", ");
                    give(&field.name, &|| (words.field)(&field.kind, field.cardinality, &parsers));
                }
            }
            What::LabelsOf(metrics) => {
                for name in metrics.iter().flat_map(|metric| known.labels_of(metric)) {
                    give(&name, &|| words.of_metric.to_owned());
                }
            }
        }
    }
}

/// Type, unit and help of a metric; those of a histogram stand under its name without the suffix.
fn about(metadata: &[MetricMeta], name: &str, words: &LanguagesText) -> String {
    let find =
        |name: &str| metadata.binary_search_by(|one| (*one.metric).cmp(name)).ok().map(|at| &metadata[at]);
    let base = ["_bucket", "_count", "_sum", "_total"].iter().find_map(|suffix| name.strip_suffix(suffix));
    let found = find(name).or_else(|| base.and_then(find));
    found.map_or_else(String::new, |one| (words.metric)(&one.kind, &one.unit, &one.help))
}

impl Write {
    /// How a name is listed and written; `None` where it cannot be written.
    fn write(self, name: &str, whole: bool) -> Option<(String, String)> {
        let same = |text: String| Some((text.clone(), text));
        match self {
            Self::Then(then) => Some((name.to_owned(), format!("{name}{then}"))),
            Self::Name(then) => {
                let written = if is_plain(name, false) { name.to_owned() } else { quoted(name)? };
                Some((name.to_owned(), format!("{written}{then}")))
            }
            // What is typed already goes on with what usually follows.
            Self::Metric { range: true } if whole => same(format!("{name}[5m]")),
            Self::Metric { range: false } if whole => same(format!("{name}{{")),
            Self::Metric { .. } if is_plain(name, true) => same(name.to_owned()),
            Self::Metric { .. } => Some((name.to_owned(), format!("{{{}}}", quoted(name)?))),
            Self::Attribute { unscoped } => {
                let (scope, rest) = name.split_once('.')?;
                let plain = |c: char| !c.is_whitespace() && !"{}()[]=!<>~&|+*/^%,\"`'".contains(c);
                let rest = if rest.chars().all(plain) { rest.to_owned() } else { quoted(rest)? };
                same(if unscoped { format!(".{rest}") } else { format!("{scope}.{rest}") })
            }
            Self::Value(how) => Some((name.to_owned(), quote::value(name, how)?)),
        }
    }
}

fn quoted(name: &str) -> Option<String> {
    quote::value(name, Quoting { open: None, closed: false, regex: false, bare: false })
}

/// Whether a name needs no quotes; those of metrics may have colons.
fn is_plain(name: &str, colons: bool) -> bool {
    let fits = |c: char| c == '_' || c.is_ascii_alphanumeric() || colons && c == ':';
    name.starts_with(|c: char| fits(c) && !c.is_ascii_digit()) && name.chars().all(fits)
}

/// Leaves out the end of what is written where it stands there already.
fn fit(mut insert: String, rest: &str) -> String {
    let next = rest.trim_start().chars().next();
    let stands = match insert.chars().last() {
        Some(end @ ('(' | '{' | ']')) => next == Some(end),
        Some('=') => matches!(next, Some('=' | '!')),
        Some(' ') => rest.starts_with(' '),
        _ => false,
    };
    if stands && insert.len() > 1 {
        insert.pop();
        insert.truncate(insert.trim_end().len());
    }
    insert
}
