//! PromQL over memory says what a real Prometheus 2.42 says of the same samples: to every query of
//! the pack, to edge cases that were thought of, and to more than a thousand that were not.
//!
//! The samples go to the server by remote write, because neither a scrape nor `promtool` can say
//! "this series ended here".
// Tests end by panicking; what they need and cannot get is an expect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod compare;
mod data;
mod edges;
mod generate;
mod pack_queries;
mod write;

use compare::{Memory, Question, Tally};
use support::servers::{Prometheus, PrometheusConfig};

/// Names the stream of generated queries; `PROMQL_SEED` in the environment gives another.
const SEED: u64 = 42;
/// How many of them are asked.
const GENERATED: usize = 1_200;

#[test]
fn memory_and_prometheus_agree() {
    needs!("promql_agreement"; PROMETHEUS);
    let (server, memory) = both(data::samples());
    let seed = std::env::var("PROMQL_SEED").map_or(SEED, |seed| seed.parse().expect("a number"));

    let mut tally = Tally::default();
    let pack = compare::ask(&server, &memory, pack_queries::questions(data::END_MS));
    let empty: Vec<&str> =
        pack.iter().filter(|a| a.values == 0 && a.question.must_have).map(|a| &*a.question.query).collect();
    assert!(empty.is_empty(), "the data set has nothing for these queries of the pack: {empty:#?}");
    tally.add("pack", &pack);
    let edges = compare::ask(&server, &memory, edges::questions());
    let silent: Vec<&str> =
        edges.iter().filter(|a| a.refused && a.wrong.is_none()).map(|a| &*a.question.query).collect();
    tally.add("edge cases", &edges);
    let refused = compare::ask(&server, &memory, edges::refused());
    let accepted: Vec<&str> =
        refused.iter().filter(|a| !a.refused && a.wrong.is_none()).map(|a| &*a.question.query).collect();
    tally.add("to refuse", &refused);
    let generated = compare::ask(&server, &memory, generate::questions(seed, GENERATED));
    let telling = generated.iter().filter(|answer| answer.values > 0).count();
    tally.add("generated", &generated);
    eprintln!("{tally}");
    assert!(silent.is_empty(), "both refuse what both should answer: {silent:#?}");
    assert!(accepted.is_empty(), "both answer what both should refuse: {accepted:#?}");
    assert!(tally.wrong.is_empty(), "seed {seed}: {} differ\n{}", tally.wrong.len(), tally.first(40));
    assert!(
        telling * 10 >= generated.len() * 6,
        "only {telling} of {} generated queries have an answer",
        generated.len()
    );
}

/// What the embedded hospital itself has measured while a fault grew, asked of both.
#[test]
fn the_embedded_hospital_and_prometheus_agree() {
    needs!("promql_agreement"; PROMETHEUS);
    let (series, end_ms) = data::hospital();
    let (server, memory) = both(series);
    let answers = compare::ask(&server, &memory, pack_queries::questions(end_ms));
    let telling = answers.iter().filter(|answer| answer.values > 0).count();
    let mut tally = Tally::default();
    tally.add("the embedded hospital", &answers);
    eprintln!("{tally}");
    assert!(tally.wrong.is_empty(), "{} differ\n{}", tally.wrong.len(), tally.first(40));
    assert!(telling * 10 >= answers.len() * 7, "only {telling} of {} queries have an answer", answers.len());
}

/// A server and a memory with the same samples.
fn both(series: Vec<plantao::model::Series>) -> (Prometheus, Memory) {
    let server = Prometheus::start(&PrometheusConfig {
        // What a subquery without a step takes.
        interval_s: 15,
        remote_write: true,
        ..PrometheusConfig::default()
    });
    write::all(server.url(), &series);
    (server, Memory::new(series))
}

/// Asks at these moments: an instant or a range, by chance.
fn at_some_time(query: String, random: &mut fastrand::Rng) -> Question {
    let (from, to) = (data::START_MS + 600_000, data::END_MS + 400_000);
    if random.bool() {
        return Question::instant(query, random.i64(from..to));
    }
    let step = *random.choice(&[7_000, 15_000, 30_000, 60_000, 61_500]).unwrap();
    let steps = random.i64(1..40);
    let start = random.i64(from..to - steps * step);
    Question::range(query, start, start + steps * step + random.i64(0..step), step)
}
