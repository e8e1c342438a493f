//! Pages that together are all lines: none lost, none twice.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use plantao::client::{Clients, LogAsk};
use plantao::model::{FaultKind, Labels, LogEntry};
use proptest::prelude::*;

use crate::fake::{Loki, Manner, entry};

const QUERY: &str = "{app=\"shop\"}";

fn ask(forward: bool, limit: Option<u64>) -> LogAsk {
    LogAsk { query: QUERY.to_owned(), from: 0, to: i64::MAX / 2, forward, limit }
}

/// What was read.
#[derive(Debug, Default)]
struct All {
    entries: Vec<LogEntry>,
    largest: usize,
    requests: u64,
    short: u64,
    unsure: bool,
    more: bool,
}

async fn read(clients: &Clients, ask: LogAsk) -> Result<All, plantao::model::Fault> {
    let mut pager = clients.pages(ask)?;
    let mut all = All::default();
    while let Some(page) = pager.next_page().await? {
        assert!(!page.is_empty());
        all.largest = all.largest.max(page.len());
        all.entries.extend(page);
    }
    (all.requests, all.short, all.unsure, all.more) =
        (pager.requests(), pager.short(), pager.unsure(), pager.more());
    Ok(all)
}

type Bag = HashMap<(i64, String, Arc<str>, String), usize>;

fn bag(entries: &[LogEntry]) -> Bag {
    let mut bag = Bag::new();
    for entry in entries {
        // The server adds a level.
        let own = |labels: &Labels| labels.without(&["detected_level"]).to_string();
        let key = (entry.ts, own(&entry.labels), entry.line.clone(), own(&entry.metadata));
        *bag.entry(key).or_default() += 1;
    }
    bag
}

fn in_order(entries: &[LogEntry], forward: bool) -> bool {
    if forward {
        entries.is_sorted_by_key(|e| e.ts)
    } else {
        entries.is_sorted_by_key(|e| std::cmp::Reverse(e.ts))
    }
}

/// 170,000 lines of an hour, with bursts.
fn an_hour() -> Vec<LogEntry> {
    const S: i64 = 1_000_000_000;
    let start = 1_795_323_600 * S;
    let line = |n: usize| format!("order handled: s{:03} p{:03}", n / 1000, n % 1000);
    let mut all = Vec::new();
    // Bursts over four streams, the same lines in each of them.
    for burst in 0..5 {
        for n in 0..6000 {
            all.push(entry(start + (300 + burst * 600) * S, &format!("s{}", n % 4), &line(n / 4), ""));
        }
    }
    // A burst of one stream, and one whose lines are told apart by their metadata alone.
    for n in 0..6000 {
        all.push(entry(start + 400 * S, "s1", &line(n), ""));
        all.push(entry(start + 500 * S, "s2", "the same words each time", &format!("n{n}")));
    }
    // Lines that stand there more than once, in one stream and in several.
    for copy in 0..40 {
        all.push(entry(start + 900 * S, "s0", "again", ""));
        all.push(entry(start + 900 * S, &format!("s{}", copy % 4), "again", ""));
    }
    let mut n = 0;
    while all.len() < 170_000 {
        all.push(entry(start + n * 29_000_000, &format!("s{}", n % 4), &line(n as usize % 100_000), ""));
        n += 1;
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_with_bursts_is_read_whole_in_both_directions() {
    let entries = an_hour();
    let whole = bag(&entries);
    let loki = Loki::new(entries, 5000, Manner::Well);
    let clients = loki.listen().await;
    for forward in [true, false] {
        let before = loki.requests.load(Ordering::Relaxed);
        let all = read(&clients, ask(forward, None)).await.expect("lines");
        let requests = loki.requests.load(Ordering::Relaxed) - before;
        assert_eq!(all.requests, requests as u64);
        assert!(bag(&all.entries) == whole, "{} lines", all.entries.len());
        assert!(in_order(&all.entries, forward));
        assert_eq!((all.short, all.unsure, all.more), (0, false, false));
        assert!(all.largest <= 5000 && loki.largest.load(Ordering::Relaxed) <= 5000, "one page is held");
        // 34 full pages would be the least.
        assert!(requests < 90, "{requests} requests");
        println!("170,000 lines, forward {forward}: {requests} requests");
    }
}

#[tokio::test]
async fn lines_with_a_long_common_beginning_are_told_apart() {
    let long = "x".repeat(345);
    let entries: Vec<LogEntry> = (0..120).map(|n| entry(7, "s", &format!("{long}{n}"), "")).collect();
    let loki = Loki::new(entries.clone(), 20, Manner::Well);
    let all = read(&loki.listen().await, ask(true, None)).await.expect("lines");
    assert!(bag(&all.entries) == bag(&entries), "{} lines", all.entries.len());
    assert!(all.requests < 40, "{}", all.requests);
}

#[tokio::test]
async fn a_lower_cap_is_learnt_once() {
    let entries: Vec<LogEntry> = (0..950).map(|n| entry(n / 7, "s", &format!("line {n}"), "")).collect();
    let whole = bag(&entries);
    let loki = Loki::new(entries, 100, Manner::Well);
    let clients = loki.listen().await;
    for _ in 0..2 {
        let all = read(&clients, ask(true, None)).await.expect("lines");
        assert!(bag(&all.entries) == whole);
        assert!(all.largest <= 100);
        assert!(all.requests <= 14, "{}", all.requests);
    }
}

#[tokio::test]
async fn a_limit_gives_the_first_lines_and_says_whether_there_are_more() {
    let entries: Vec<LogEntry> = (0..500).map(|n| entry(n / 3, "s", &format!("line {n}"), "")).collect();
    let loki = Loki::new(entries.clone(), 50, Manner::Well);
    let clients = loki.listen().await;
    for (limit, more) in
        [(1, true), (49, true), (50, true), (51, true), (499, true), (500, false), (501, false)]
    {
        for forward in [true, false] {
            let all = read(&clients, ask(forward, Some(limit))).await.expect("lines");
            assert_eq!((all.entries.len() as u64, all.more), (limit.min(500), more), "{limit}");
            assert!(in_order(&all.entries, forward));
            let mut times: Vec<i64> = entries.iter().map(|entry| entry.ts).collect();
            if !forward {
                times.reverse();
            }
            times.truncate(all.entries.len());
            assert_eq!(all.entries.iter().map(|entry| entry.ts).collect::<Vec<_>>(), times, "{limit}");
        }
    }
}

#[tokio::test]
async fn identical_lines_beyond_the_cap_are_told() {
    let mut entries: Vec<LogEntry> = (0..30).map(|_| entry(5, "a", "the same", "m")).collect();
    entries.push(entry(5, "a", "another", "m"));
    entries.push(entry(5, "b", "the same", "m"));
    entries.push(entry(5, "a", "the same", ""));
    entries.push(entry(6, "a", "later", ""));
    for (manner, short, unsure) in
        [(Manner::Well, 20, false), (Manner::Countless, 0, true), (Manner::Merging, 20, false)]
    {
        let loki = Loki::new(entries.clone(), 10, manner);
        for forward in [true, false] {
            let all = read(&loki.listen().await, ask(forward, None)).await.expect("lines");
            assert_eq!((all.short, all.unsure), (short, unsure), "{manner:?}");
            assert_eq!(all.entries.len(), 14, "ten of the thirty, and the four others");
        }
    }
}

#[tokio::test]
async fn servers_that_do_not_as_they_are_told() {
    let entries: Vec<LogEntry> =
        (0..400).map(|n| entry(n / 30 * 100, "s", &format!("line {n}"), "")).collect();
    let whole = bag(&entries);
    for manner in [Manner::Silent, Manner::TooMany, Manner::OtherTimes, Manner::Narrow(40), Manner::Merging] {
        let loki = Loki::new(entries.clone(), 50, manner);
        for forward in [true, false] {
            let all = read(&loki.listen().await, ask(forward, None)).await.expect("lines");
            assert!(bag(&all.entries) == whole, "{manner:?}: {} lines", all.entries.len());
        }
    }
    // One that does not filter would give the same lines again and again.
    let loki = Loki::new(entries, 20, Manner::Deaf);
    let fault = read(&loki.listen().await, ask(true, None)).await.expect_err("other lines");
    assert_eq!(fault.kind, FaultKind::WrongFormat);
    assert!(fault.detail.contains("other lines"), "{}", fault.detail);
}

fn lines() -> impl Strategy<Value = Vec<LogEntry>> {
    let one = (0..5_i64, 0..3_u8, "[abé\n\\\\\"`]{0,3}", 0..3_u8).prop_map(|(ts, stream, line, node)| {
        let node = if node == 0 { String::new() } else { format!("n{node}") };
        entry(ts, &format!("s{stream}"), &line, &node)
    });
    proptest::collection::vec(one, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Whatever stands where: all lines, but for those of a group that nothing in stream or line tells apart and that
    /// is larger than the cap; of these at least as many as the server gives, and what is missing is counted.
    #[test]
    fn nothing_is_lost_or_repeated(entries in lines(), cap in 1..9_usize, forward: bool, limit in proptest::option::of(0..70_u64)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let whole = bag(&entries);
        let count = entries.len() as u64;
        let loki = Loki::new(entries, cap, Manner::Well);
        let all = runtime.block_on(async { read(&loki.listen().await, ask(forward, limit)).await.expect("lines") });
        prop_assert!(in_order(&all.entries, forward));
        let got = bag(&all.entries);
        for (key, times) in &got {
            prop_assert!(whole.get(key).is_some_and(|there| times <= there), "{key:?} {times} times");
        }
        // Metadata may tell apart what stream and line do not; a server that gives none of those that have it cannot be
        // asked for it.
        let alike = |bag: &Bag| {
            let mut groups = HashMap::new();
            for ((ts, stream, line, _), times) in bag {
                *groups.entry((*ts, stream.clone(), line.clone())).or_insert(0_usize) += *times;
            }
            groups
        };
        let beyond = alike(&whole).values().any(|there| *there > cap);
        match limit {
            None => {
                let came = alike(&got);
                for (group, there) in alike(&whole) {
                    let came = came.get(&group).copied().unwrap_or(0);
                    prop_assert!(came >= there.min(cap) && came <= there, "{group:?}: {came} of {there}");
                }
                let missing: usize = whole.values().sum::<usize>() - got.values().sum::<usize>();
                prop_assert_eq!(all.short, missing as u64);
            }
            Some(limit) => {
                prop_assert!(all.entries.len() as u64 <= limit);
                if !beyond {
                    prop_assert_eq!(all.entries.len() as u64, count.min(limit));
                    prop_assert!(all.more == (count > limit) || limit == 0);
                }
            }
        }
        prop_assert!(!all.unsure);
    }
}
