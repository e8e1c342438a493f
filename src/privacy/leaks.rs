//! Which streams write personal data, and how much: counted while it is masked, never kept.

use std::collections::BTreeMap;

pub use crate::model::Leak;
use crate::model::Time;

/// Streams that are told apart; more are counted together.
const MOST_STREAMS: usize = 500;

/// Kinds that are told apart within a stream.
const MOST_KINDS: usize = 32;

/// Longest name of a stream, in characters.
const LONGEST: usize = 200;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Tally {
    count: u64,
    first: Time,
    last: Time,
}

type Kinds = BTreeMap<Option<Box<str>>, Tally>;

/// Counts by stream and kind; bounded, and without any value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaks {
    streams: BTreeMap<Option<Box<str>>, Kinds>,
}

impl Leaks {
    /// Counts one find of this kind in a line of that moment. The name of the stream is masked: label values
    /// are a server's text too.
    pub fn note(&mut self, stream: &str, kind: &str, at: Time) {
        let kinds = match self.streams.get_mut(&Some(stream.into())) {
            Some(kinds) => kinds,
            None => {
                let safe = super::safe_line(stream);
                let safe: Box<str> = match safe.char_indices().nth(LONGEST) {
                    Some((end, _)) => safe[..end].into(),
                    None => safe,
                };
                let full = self.streams.len() >= MOST_STREAMS;
                let key = Some(safe).filter(|safe| !full || self.streams.contains_key(&Some(safe.clone())));
                self.streams.entry(key).or_default()
            }
        };
        let full = kinds.len() >= MOST_KINDS;
        let kind = Some(Box::from(kind));
        let key = if full && !kinds.contains_key(&kind) { None } else { kind };
        let tally = kinds.entry(key).or_insert(Tally { count: 0, first: at, last: at });
        tally.count = tally.count.saturating_add(1);
        tally.first = tally.first.min(at);
        tally.last = tally.last.max(at);
    }

    /// Adds what another counter saw.
    pub fn merge(&mut self, other: &Self) {
        for (stream, kinds) in &other.streams {
            let full = self.streams.len() >= MOST_STREAMS && !self.streams.contains_key(stream);
            let mine = self.streams.entry(stream.clone().filter(|_| !full)).or_default();
            for (kind, theirs) in kinds {
                let full = mine.len() >= MOST_KINDS && !mine.contains_key(kind);
                let tally = mine
                    .entry(kind.clone().filter(|_| !full))
                    .or_insert(Tally { count: 0, ..theirs.clone() });
                tally.count = tally.count.saturating_add(theirs.count);
                tally.first = tally.first.min(theirs.first);
                tally.last = tally.last.max(theirs.last);
            }
        }
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    /// What was found, the most frequent first.
    pub fn findings(&self) -> Vec<Leak> {
        let mut all: Vec<Leak> = self
            .streams
            .iter()
            .flat_map(|(stream, kinds)| kinds.iter().map(move |(kind, tally)| (stream, kind, tally)))
            .map(|(stream, kind, tally)| Leak {
                stream: stream.clone(),
                kind: kind.clone(),
                count: tally.count,
                first: tally.first,
                last: tally.last,
            })
            .collect();
        all.sort_by_key(|leak| std::cmp::Reverse(leak.count));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Time {
        Time::from_timestamp(second, 0).expect("a moment")
    }

    #[test]
    fn finds_are_counted_by_stream_and_kind_without_their_values() {
        let mut leaks = Leaks::default();
        let masker = super::super::Masker::default();
        for second in [5, 3, 9] {
            let line = r#"{"patient_name":"Ana","note":"CPF 529.982.247-25"}"#;
            masker.mask_noting(line, &mut |kind| leaks.note("{service=\"api\"}", kind, at(second)));
        }
        let found = leaks.findings();
        assert_eq!(found.len(), 2, "{found:?}");
        for leak in &found {
            assert_eq!(leak.stream.as_deref(), Some("{service=\"api\"}"));
            assert_eq!((leak.count, leak.first, leak.last), (3, at(3), at(9)));
        }
        let kinds: Vec<_> = found.iter().filter_map(|leak| leak.kind.as_deref()).collect();
        assert_eq!(kinds, ["cpf", "patient_name"]);
        assert!(!format!("{leaks:?}").contains("Ana"));
    }

    #[test]
    fn streams_and_kinds_are_bounded_and_nothing_is_lost() {
        let mut leaks = Leaks::default();
        for stream in 0..MOST_STREAMS * 3 {
            leaks.note(&format!("s{stream}"), "cpf", at(1));
        }
        for kind in 0..MOST_KINDS * 3 {
            leaks.note("s1", &format!("k{kind}"), at(1));
        }
        leaks.note("patient 529.982.247-25", "cpf", at(1));
        assert!(leaks.streams.len() <= MOST_STREAMS + 1);
        assert!(leaks.streams.values().all(|kinds| kinds.len() <= MOST_KINDS + 1));
        let total: u64 = leaks.findings().iter().map(|leak| leak.count).sum();
        assert_eq!(total as usize, MOST_STREAMS * 3 + MOST_KINDS * 3 + 1);
        let mut both = leaks.clone();
        both.merge(&leaks);
        let total: u64 = both.findings().iter().map(|leak| leak.count).sum();
        assert_eq!(total as usize, 2 * (MOST_STREAMS * 3 + MOST_KINDS * 3 + 1));
        assert!(!format!("{both:?}").contains("529.982"));
    }
}
