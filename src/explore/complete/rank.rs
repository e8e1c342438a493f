//! Which of many candidates fit what is typed, best first.

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::{Completion, MOST};

/// Added where a candidate begins with what is typed: that is what a hand means that types from the left.
const BEGINS: u32 = 1_000;
/// Added where one of its words begins with it.
const WORD_BEGINS: u32 = 500;
/// Added where it stands in it somewhere, rather than scattered.
const STANDS: u32 = 250;
/// Added where it is the whole candidate.
const WHOLE: u32 = 10_000;

/// Candidates that fit what is typed.
#[derive(Debug)]
pub struct Ranked {
    words: Vec<Atom>,
    typed: String,
    matcher: Matcher,
    buffer: Vec<char>,
    /// Score and place of arrival of each.
    found: Vec<(u32, usize, Completion)>,
    matching: usize,
    arrived: usize,
}

impl Ranked {
    /// Ranks by one word that is typed; an empty one fits everything.
    pub fn by(typed: &str) -> Self {
        Self::with(typed, std::iter::once(typed), AtomKind::Fuzzy)
    }

    /// Ranks by several words, each of which must stand there as it is: in whole sentences a scattered match means
    /// nothing.
    pub fn by_words(typed: &str) -> Self {
        Self::with(typed.trim(), typed.split_whitespace(), AtomKind::Substring)
    }

    fn with<'t>(typed: &str, words: impl Iterator<Item = &'t str>, kind: AtomKind) -> Self {
        let atom = |word: &str| Atom::new(word, CaseMatching::Ignore, Normalization::Smart, kind, false);
        Self {
            words: words.filter(|word| !word.is_empty()).map(atom).collect(),
            typed: typed.to_owned(),
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
            found: Vec::new(),
            matching: 0,
            arrived: 0,
        }
    }

    /// Takes a candidate in if it fits; `searched` is the text that it is found by. `first` says how much it is
    /// preferred to others that fit as well. `make` is called for those that fit alone.
    pub fn offer(&mut self, searched: &str, first: u32, make: impl FnOnce() -> Completion) {
        let place = self.arrived;
        self.arrived += 1;
        let Some(score) = self.score(searched) else { return };
        self.matching += 1;
        self.found.push((score.saturating_add(first), place, make()));
        // Not sorted at each: a list of 100,000 names is cut now and then.
        if self.found.len() >= MOST * 16 {
            self.cut();
        }
    }

    /// The best of them, and how many fit.
    pub fn finish(mut self) -> (Vec<Completion>, usize) {
        self.cut();
        let matching = self.matching;
        let found = std::mem::take(&mut self.found);
        let entries = found.into_iter().map(|(_, _, mut one)| {
            one.hits = self.hits(&one.shown);
            one
        });
        (entries.collect(), matching)
    }

    fn cut(&mut self) {
        self.found.sort_by_key(|(score, place, _)| (std::cmp::Reverse(*score), *place));
        self.found.truncate(MOST);
    }

    fn score(&mut self, searched: &str) -> Option<u32> {
        let mut total = 0_u32;
        for word in &self.words {
            let text = Utf32Str::new(searched, &mut self.buffer);
            total = total.saturating_add(u32::from(word.score(text, &mut self.matcher)?));
        }
        if self.typed.is_empty() {
            return Some(total);
        }
        let length = self.typed.len();
        if searched.get(..length).is_some_and(|head| head.eq_ignore_ascii_case(&self.typed)) {
            let whole = if searched.len() == length { WHOLE } else { 0 };
            total = total.saturating_add(BEGINS + whole);
        } else if let Some(at) = find(searched, &self.typed) {
            let before = searched.get(..at).and_then(|head| head.chars().next_back());
            let begins = before.is_some_and(|c| !c.is_alphanumeric());
            total = total.saturating_add(if begins { WORD_BEGINS } else { STANDS });
        }
        Some(total)
    }

    /// Characters of what is shown that match.
    fn hits(&mut self, shown: &str) -> Vec<u32> {
        let mut hits = Vec::new();
        for word in &self.words {
            let text = Utf32Str::new(shown, &mut self.buffer);
            let mut places = Vec::new();
            if word.indices(text, &mut self.matcher, &mut places).is_some() {
                hits.append(&mut places);
            }
        }
        hits.sort_unstable();
        hits.dedup();
        hits
    }
}

/// Where one text stands in another, whatever the case of ASCII letters.
fn find(text: &str, part: &str) -> Option<usize> {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    text.windows(part.len().max(1)).position(|window| window.eq_ignore_ascii_case(part))
}
