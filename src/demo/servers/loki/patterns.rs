//! Patterns of plain lines: what their lines share, `<_>` where they differ, with counts by step.
//!
//! A fixed-depth parse tree in the manner of Drain (He et al., 2017): lines are grouped by the number
//! of their words and their first word, then by how many words they share with a group. JSON lines
//! have none, as in the real Loki.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use axum::response::Response;
use serde_json::{Value, json};

use super::answer::{Refusal, success, typed};
use super::{Asked, Server};
use crate::query::Order;

/// What stands for words that differ.
const ANY: &str = "<_>";
/// Share of words that a line must have in common with a group.
const ALIKE: f64 = 0.5;
/// More groups than this are not opened.
const MOST: usize = 300;

/// Lines that are alike.
#[derive(Debug)]
struct Group {
    words: Vec<String>,
    /// Lines by step (milliseconds of its start).
    counts: BTreeMap<i64, u64>,
}

/// Groups of lines.
#[derive(Debug, Default)]
struct Groups {
    all: Vec<Group>,
    /// By number of words and first word.
    leaves: HashMap<(usize, String), Vec<usize>>,
}

/// A word that holds a digit is a parameter from the start.
fn word(text: &str) -> &str {
    if text.bytes().any(|byte| byte.is_ascii_digit()) { ANY } else { text }
}

impl Groups {
    fn add(&mut self, line: &str, step: i64) {
        let words: Vec<&str> = line.split_whitespace().take(80).map(word).collect();
        let Some(first) = words.first() else { return };
        let leaf = self.leaves.entry((words.len(), (*first).to_owned())).or_default();
        let shared = |group: &Group| {
            let same = group.words.iter().zip(&words).filter(|(a, b)| a.as_str() == **b).count();
            same as f64 / words.len() as f64
        };
        let best = leaf
            .iter()
            .filter_map(|at| self.all.get(*at).map(|group| (*at, shared(group))))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
            .filter(|(_, share)| *share >= ALIKE);
        if let Some((at, _)) = best
            && let Some(group) = self.all.get_mut(at)
        {
            for (mine, theirs) in group.words.iter_mut().zip(&words) {
                if mine != theirs {
                    ANY.clone_into(mine);
                }
            }
            *group.counts.entry(step).or_default() += 1;
        } else if self.all.len() < MOST {
            leaf.push(self.all.len());
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            self.all.push(Group { words, counts: BTreeMap::from([(step, 1)]) });
        }
    }
}

/// `/loki/api/v1/patterns`.
pub(super) fn patterns(server: &Server, asked: &Asked) -> Result<Response, Refusal> {
    let (start, end) = server.window(&asked.params)?;
    let step = asked.params.duration("step")?.unwrap_or(0).max(10_000_000_000);
    let query = super::query::parsed(asked)?;
    let Some(matchers) = query.matchers() else {
        return Err(Refusal::bad("only log selector is supported"));
    };
    let mut groups = Groups::default();
    server.data.entries(matchers, start, end, Order::Forward, &mut |entry| {
        if !entry.line.trim_start().starts_with('{') {
            groups.add(&entry.line, entry.ts.div_euclid(step) * (step / 1_000_000));
        }
        ControlFlow::Continue(())
    });
    let mut all: Vec<(u64, String, &Group)> =
        groups.all.iter().map(|group| (group.counts.values().sum(), group.words.join(" "), group)).collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let one = |(_, pattern, group): &(u64, String, &Group)| {
        let samples: Vec<Value> = group.counts.iter().map(|(ms, count)| json!([ms / 1000, count])).collect();
        json!({ "pattern": pattern, "samples": samples })
    };
    Ok(typed(&success(all.iter().map(one).collect::<Vec<_>>()), "application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_share_most_words_are_one_pattern() {
        let mut groups = Groups::default();
        for (at, line) in [
            "connection to db1 lost after 12 ms",
            "connection to db2 lost after 900 ms",
            "connection to ldap lost after 3 ms",
            "connection pool exhausted",
            "started",
            "",
        ]
        .iter()
        .enumerate()
        {
            groups.add(line, at as i64 % 2);
        }
        let patterns: Vec<String> = groups.all.iter().map(|group| group.words.join(" ")).collect();
        assert_eq!(patterns, ["connection to <_> lost after <_> ms", "connection pool exhausted", "started"]);
        assert_eq!(groups.all[0].counts, BTreeMap::from([(0, 2), (1, 1)]));
    }
}
