//! Personal data that was masked in what is known now: which streams write it, of what kind, how much.

use std::collections::{BTreeMap, BTreeSet};

use super::Store;
use crate::model::ask::Answer;
use crate::model::{Leak, SourceId, Time};

/// Streams and kinds of a live tail that are told apart; further ones are left to the pages of lines.
const MOST: usize = 2000;

/// A stream and a kind of data in it.
type Stream<'l> = (&'l Option<Box<str>>, &'l Option<Box<str>>);

impl Store {
    /// Leaks in a source's answers that are still known, the most frequent first.
    ///
    /// Answers overlap (a page, the same page further down, a filter on it), so their counts are not added up: the
    /// count of a stream and kind is the greatest of any one answer, and there are at least so many. First and
    /// last are the outermost of all.
    pub fn leaks(&self, source: &SourceId) -> Vec<Leak> {
        let mut all: BTreeMap<Stream<'_>, (u64, Time, Time)> = BTreeMap::new();
        for leak in self.told(source) {
            let known = all.entry((&leak.stream, &leak.kind)).or_insert((0, leak.first, leak.last));
            *known = (known.0.max(leak.count), known.1.min(leak.first), known.2.max(leak.last));
        }
        let mut all: Vec<Leak> = all
            .into_iter()
            .map(|((stream, kind), (count, first, last))| Leak {
                stream: stream.clone(),
                kind: kind.clone(),
                count,
                first,
                last,
            })
            .collect();
        all.sort_by_key(|leak| std::cmp::Reverse(leak.count));
        all
    }

    /// How many streams of a source are known to hold personal data. Asked for with every frame, so that nothing is
    /// copied for it.
    pub fn leaking_streams(&self, source: &SourceId) -> usize {
        self.told(source).map(|leak| leak.stream.as_deref().unwrap_or("")).collect::<BTreeSet<_>>().len()
    }

    /// Every leak as an answer tells it; answers overlap.
    fn told(&self, source: &SourceId) -> impl Iterator<Item = &Leak> {
        let answers = self.explored.iter().filter(|(key, _)| key.source() == *source);
        let answers = answers.filter_map(|(_, remote)| remote.value()).map(|answer| leaks_of(answer));
        let tail = self.tail.iter().filter(|_| *source == SourceId::LOKI).map(|tail| tail.leaks.as_slice());
        answers.chain(tail).flatten()
    }
}

fn leaks_of(answer: &Answer) -> &[Leak] {
    match answer {
        Answer::Logs(page) => &page.leaks,
        Answer::Traces(list) => &list.leaks,
        Answer::Trace(doc) => &doc.leaks,
        _ => &[],
    }
}

/// Adds what further lines held to what those before did: no line comes twice.
pub(super) fn add(known: &mut Vec<Leak>, more: Vec<Leak>) {
    for leak in more {
        let full = known.len() >= MOST;
        match known.iter_mut().find(|one| one.stream == leak.stream && one.kind == leak.kind) {
            Some(one) => {
                one.count = one.count.saturating_add(leak.count);
                one.first = one.first.min(leak.first);
                one.last = one.last.max(leak.last);
            }
            None if !full => known.push(leak),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::ask::{Answered, Ask, Key};
    use crate::model::{LogPage, TailBatch};

    fn at(second: i64) -> Time {
        Time::from_timestamp(second, 0).expect("a moment")
    }

    fn leak(stream: &str, kind: &str, count: u64, first: i64, last: i64) -> Leak {
        Leak { stream: Some(stream.into()), kind: Some(kind.into()), count, first: at(first), last: at(last) }
    }

    fn page(store: &mut Store, query: &str, leaks: Vec<Leak>) {
        let key = Key::Logs { query: query.into(), limit: 10, forward: false };
        let ask = Ask::Window { key, start: at(0), end: at(100) };
        let answer = Answer::Logs(LogPage { leaks, ..LogPage::default() });
        let answered = Answered { answer, took_ms: 1, warnings: Vec::new(), clock_skew_s: None };
        store.take(&ask, at(100), Ok(answered));
    }

    #[test]
    fn answers_that_overlap_are_not_counted_twice() {
        let mut store = Store::default();
        page(
            &mut store,
            "{a=\"b\"}",
            vec![leak("{a=\"b\"}", "cpf", 12, 30, 60), leak("{a=\"b\"}", "email", 3, 30, 30)],
        );
        page(&mut store, "{a=\"b\"} |= `x`", vec![leak("{a=\"b\"}", "cpf", 4, 10, 40)]);
        assert_eq!(
            store.leaks(&SourceId::LOKI),
            [leak("{a=\"b\"}", "cpf", 12, 10, 60), leak("{a=\"b\"}", "email", 3, 30, 30)]
        );
        assert_eq!(store.leaks(&SourceId::TEMPO), []);
        let streams = [SourceId::LOKI, SourceId::TEMPO].map(|source| store.leaking_streams(&source));
        assert_eq!(streams, [1, 0]);
        store.forget_window();
        assert_eq!(store.leaks(&SourceId::LOKI), []);
    }

    #[test]
    fn batches_of_a_tail_are_added_up_within_bounds() {
        let mut store = Store::default();
        let batch =
            |leaks| TailBatch { query: Arc::from("{}"), number: 1, entries: Vec::new(), event: None, leaks };
        store.take_tail(batch(vec![leak("s", "cpf", 2, 5, 6)]));
        store.take_tail(batch(vec![leak("s", "cpf", 3, 4, 5)]));
        assert_eq!(store.leaks(&SourceId::LOKI), [leak("s", "cpf", 5, 4, 6)]);
        store.take_tail(batch(
            (0..3 * MOST).map(|stream| leak(&stream.to_string(), "cpf", 1, 1, 1)).collect(),
        ));
        assert_eq!(store.leaks(&SourceId::LOKI).len(), MOST);
    }
}
