//! The way between two services: how long packets take, and what becomes of lost ones.

use super::draw::{Purpose, rng, work};
use super::trouble::Item;
use crate::demo::world::{Effect, ServiceId, Target};

/// Median of a call's way there and back on a healthy machine, and its spread.
const WAY_US: (f64, f64) = (240.0, 0.3);
/// First retransmission timeout of TCP (RFC 6298 allows less than its second; systems use this).
const RTO_US: i64 = 200_000;
/// So many losses in a row and the connection is given up.
const MOST_LOSSES: u32 = 6;

/// What becomes of one call on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// Microseconds until it is there, or until it is given up.
    pub(super) takes_us: i64,
    pub(super) arrives: bool,
    /// Packets sent again.
    pub(super) retransmits: u32,
}

/// Retransmits from a caller to a callee since somebody last looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Retransmits {
    pub(super) from: ServiceId,
    pub(super) to: ServiceId,
    pub(super) count: u32,
}

/// Sends something: `call` tells which (request, step, attempt).
pub(super) fn way<'i>(
    items: impl Iterator<Item = &'i Item>,
    seed: u64,
    call: [u64; 2],
    (from, to): (ServiceId, ServiceId),
    at_us: i64,
) -> Way {
    let mut takes = work(&mut rng(seed, Purpose::Way, call), WAY_US);
    let mut way = Way { takes_us: 0, arrives: true, retransmits: 0 };
    for item in items {
        let Effect::Packets { delay_us, loss } = item.effect else { continue };
        let level = item.level(at_us);
        if level <= 0.0 || item.target != Target::Edge(from, to) {
            continue;
        }
        let mut rng = rng(seed, Purpose::Faulty, call);
        takes += level * work(&mut rng, delay_us);
        // There and back: either packet can be lost, each again and again.
        for _ in 0..2 {
            let mut losses = 0;
            while rng.chance((loss * level).min(0.95)) && losses < MOST_LOSSES {
                takes += (RTO_US << losses) as f64;
                losses += 1;
            }
            way.retransmits += losses;
            way.arrives &= losses < MOST_LOSSES;
        }
    }
    way.takes_us = takes as i64;
    way
}
