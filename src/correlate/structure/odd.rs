//! Which segments differ from calm time, and by what.

use std::collections::BTreeMap;

use super::{ANOMALOUS, Event, KNOWN, Kind, Oddity, Structure};
use crate::correlate::stats;

/// Of a kind: its usual number, events with their share in calm and whether they rose, known shapes.
type Model = (f64, Vec<(Event, f64, bool)>, Vec<u64>);

impl Structure {
    /// The strongest oddity of each segment of the pieces, and the sum of the strongest few.
    pub(super) fn oddities(&self, target: usize, reference: &[usize]) -> Vec<Option<Oddity>> {
        // By kind: event, share in calm, whether it rose.
        let mut models: BTreeMap<u32, Model> = BTreeMap::new();
        for (number, kind) in &self.kinds {
            let sum = |counts: &[u32]| reference.iter().map(|p| counts[*p]).sum::<u32>();
            let (all, now) = (f64::from(sum(&kind.all)), f64::from(kind.all[target]));
            let events = kind
                .events
                .iter()
                .map(|(event, counts)| {
                    let share = (f64::from(sum(counts)) + 0.5) / (all + 1.0);
                    let share_now = (f64::from(counts[target]) + 0.5) / (now + 1.0);
                    (*event, share, share_now > share)
                })
                .collect();
            models.insert(*number, (all, events, kind.implied(reference)));
        }
        self.segments
            .iter()
            .map(|segment| {
                let piece = segment.piece as usize;
                if piece != target && !reference.contains(&piece) {
                    return None;
                }
                let (all, events, implied) = models.get(&segment.kind)?;
                let mut worst: Option<Oddity> = None;
                for (event, share, rose) in events {
                    let there = segment.events.binary_search(event).is_ok();
                    if there != *rose {
                        continue;
                    }
                    if *all < f64::from(KNOWN) && !(there && self.is_failure(*event)) {
                        continue;
                    }
                    let mut surprise = -stats::ln(if there { *share } else { 1.0 - share });
                    if *all < f64::from(KNOWN) {
                        surprise = ANOMALOUS;
                    }
                    if there && self.is_failure(*event) {
                        surprise *= 1.5;
                    }
                    if worst.is_none_or(|worst| surprise > worst.surprise) {
                        worst = Some(Oddity { surprise, event: *event, missing: !there });
                    }
                }
                // What always comes with something that is there, and is not.
                let due = implied
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| segment.mask >> at & 1 == 1)
                    .fold(0, |due, (_, mask)| due | mask);
                let lacking = due & !segment.mask;
                if lacking != 0 && worst.is_none_or(|worst| worst.surprise < ANOMALOUS) {
                    let event =
                        *self.kinds.get(&segment.kind)?.frequent.get(lacking.trailing_zeros() as usize)?;
                    worst = Some(Oddity { surprise: ANOMALOUS, event, missing: true });
                }
                worst.filter(|worst| worst.surprise >= ANOMALOUS)
            })
            .collect()
    }
}

impl Kind {
    /// For each frequent event, which others come with it so surely that their absence is anomalous.
    fn implied(&self, reference: &[usize]) -> Vec<u64> {
        let width = self.frequent.len();
        let sum = |at: usize| reference.iter().map(|piece| f64::from(self.together[*piece][at])).sum::<f64>();
        let sums: Vec<f64> = (0..width * width).map(sum).collect();
        (0..width)
            .map(|a| {
                let all = sums[a * width + a];
                (0..width).filter(|b| *b != a).fold(0, |mask, b| {
                    let absent = (all - sums[a * width + b] + 0.5) / (all + 1.0);
                    if -stats::ln(absent) >= ANOMALOUS { mask | 1 << b } else { mask }
                })
            })
            .collect()
    }
}
