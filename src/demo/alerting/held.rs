//! At which ticks a rule's condition held: evaluated in long stretches, kept in blocks.
//!
//! What was is what it stays, so that a block is computed once. Only the newest grows, tick by tick.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::episodes::Run;
use super::reader::Reader;
use super::{Alerting, Rule};
use crate::model::{Labels, Series};

/// Ticks of a block: ten minutes at a tick each 15 seconds. They are bits of one number.
pub(super) const BLOCK: i64 = 40;
/// Blocks that one evaluation covers at most: a day.
const STRETCH: i64 = 144;
/// Blocks that are kept: a month of a rule, or a day and a half of twenty of them in each of a week's days.
const MOST_BLOCKS: usize = 60_000;

/// Ten minutes of one rule.
#[derive(Debug, Default)]
struct Block {
    /// The first tick that is not known.
    upto: i64,
    /// For each alert the ticks at which it held, the block's first in the lowest bit.
    held: BTreeMap<Labels, u64>,
}

/// What is known of all rules.
#[derive(Debug)]
pub(super) struct Held {
    blocks: Mutex<BTreeMap<(usize, i64), Arc<Block>>>,
    /// One at a time evaluates a rule: whoever comes meanwhile finds it done.
    turns: Vec<Mutex<()>>,
    /// What the newest evaluation of each rule failed of, and its last tick.
    errors: Vec<Mutex<Option<(i64, String)>>>,
}

impl Held {
    pub(super) fn new(rules: usize) -> Self {
        Self {
            blocks: Mutex::default(),
            turns: (0..rules).map(|_| Mutex::default()).collect(),
            errors: (0..rules).map(|_| Mutex::default()).collect(),
        }
    }

    /// Each alert of a rule with the runs of ticks from `from` to `to` at which its condition held; `None`
    /// where that is not known and the reader cannot tell.
    pub(super) fn runs(
        &self,
        alerting: &Alerting,
        rule: usize,
        (from, to): (i64, i64),
        reader: &Reader<'_>,
    ) -> Option<BTreeMap<Labels, Vec<Run>>> {
        self.learn(alerting, rule, (from, to), reader)?;
        let mut all: BTreeMap<Labels, Vec<Run>> = BTreeMap::new();
        let blocks = lock(&self.blocks);
        for (&(_, number), block) in
            blocks.range((rule, from.div_euclid(BLOCK))..=(rule, to.div_euclid(BLOCK)))
        {
            for (labels, &bits) in &block.held {
                let first = number * BLOCK;
                let ticks = (0..BLOCK).filter(|at| bits >> at & 1 == 1).map(|at| first + at);
                for tick in ticks.filter(|tick| (from..=to).contains(tick)) {
                    let runs = match all.get_mut(labels) {
                        Some(runs) => runs,
                        None => all.entry(labels.clone()).or_default(),
                    };
                    match runs.last_mut() {
                        Some((_, stop)) if *stop + 1 == tick => *stop = tick,
                        _ => runs.push((tick, tick)),
                    }
                }
            }
        }
        Some(all)
    }

    /// What the evaluation at this tick failed of.
    pub(super) fn error(&self, rule: usize, tick: i64) -> Option<String> {
        let error = lock(self.errors.get(rule)?);
        error.as_ref().filter(|(at, _)| *at == tick).map(|(_, words)| words.clone())
    }

    /// Evaluates what is not known of these ticks; `None` where the reader cannot.
    fn learn(
        &self,
        alerting: &Alerting,
        rule: usize,
        (from, to): (i64, i64),
        reader: &Reader<'_>,
    ) -> Option<()> {
        let (turn, definition) = (self.turns.get(rule)?, alerting.rules().get(rule)?);
        while let Some((first, _)) = self.missing(rule, from, to) {
            // Before waiting for a turn, which may be a long one.
            if !reader.may_read(definition, first) {
                return None;
            }
            let _turn = lock(turn);
            // Somebody else may just have done it.
            let Some((first, last)) = self.missing(rule, from, to) else { break };
            if !reader.may_read(definition, first) {
                return None;
            }
            self.evaluate(alerting, rule, (first, last), reader)?;
        }
        Some(())
    }

    /// The first stretch of ticks that is not known, whole blocks but for the newest.
    fn missing(&self, rule: usize, from: i64, to: i64) -> Option<(i64, i64)> {
        let blocks = lock(&self.blocks);
        let known_to = |number: i64| blocks.get(&(rule, number)).map_or(number * BLOCK, |block| block.upto);
        let last_block = to.div_euclid(BLOCK);
        let mut number = from.div_euclid(BLOCK);
        let wanted = |number: i64| ((number + 1) * BLOCK - 1).min(to);
        while number <= last_block && known_to(number) > wanted(number) {
            number += 1;
        }
        if number > last_block {
            return None;
        }
        let (first, stretch) = (known_to(number), number);
        let mut last = wanted(number);
        while number < last_block
            && number - stretch < STRETCH
            && known_to(number + 1) == (number + 1) * BLOCK
        {
            number += 1;
            last = wanted(number);
        }
        Some((first, last))
    }

    fn evaluate(
        &self,
        alerting: &Alerting,
        rule: usize,
        (first, last): (i64, i64),
        reader: &Reader<'_>,
    ) -> Option<()> {
        let definition = alerting.rules().get(rule)?;
        let step = definition.interval_ms;
        let found = definition.query.range(reader.data(), first * step, last * step, step);
        if reader.is_stopped() {
            return None;
        }
        let series = match found {
            Ok(series) => series,
            Err(error) => {
                // As in Prometheus, an evaluation that fails finds nothing and says so.
                if let Some(kept) = self.errors.get(rule) {
                    *lock(kept) = Some((last, error.to_string()));
                }
                Vec::new()
            }
        };
        let mut fresh: BTreeMap<i64, BTreeMap<Labels, u64>> = BTreeMap::new();
        for one in &series {
            note(alerting, definition, one, &mut fresh);
        }
        let mut blocks = lock(&self.blocks);
        for number in first.div_euclid(BLOCK)..=last.div_euclid(BLOCK) {
            let known = blocks.get(&(rule, number));
            let mut held = known.map(|block| block.held.clone()).unwrap_or_default();
            for (labels, bits) in fresh.remove(&number).unwrap_or_default() {
                *held.entry(labels).or_default() |= bits;
            }
            let upto = ((number + 1) * BLOCK).min(last + 1);
            blocks.insert((rule, number), Arc::new(Block { upto, held }));
        }
        if blocks.len() > MOST_BLOCKS {
            // The newest hours are what is asked for again and again.
            let newest = last.div_euclid(BLOCK);
            blocks.retain(|&(_, number), _| (newest - STRETCH..=newest).contains(&number));
        }
        Some(())
    }
}

/// Notes the ticks of one series of a rule's answer.
fn note(alerting: &Alerting, rule: &Rule, series: &Series, fresh: &mut BTreeMap<i64, BTreeMap<Labels, u64>>) {
    let external = alerting.external_labels();
    let same = (!rule.labels_read_value).then(|| rule.alert_labels(&series.labels, external, 0.0));
    for point in &series.points {
        let tick = point.t.div_euclid(rule.interval_ms);
        let labels = match &same {
            Some(labels) => labels.clone(),
            None => rule.alert_labels(&series.labels, external, point.v),
        };
        let block = fresh.entry(tick.div_euclid(BLOCK)).or_default();
        *block.entry(labels).or_default() |= 1 << tick.rem_euclid(BLOCK);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is kept is whole at every moment.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
