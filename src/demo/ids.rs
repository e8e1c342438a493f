//! Trace ids that lead back to their request.
//!
//! Owns the mapping between a request (when it arrived, its number) and its trace id: a keyed
//! permutation of 128 bits, so that ids look like any tracer's and a past trace is still found
//! without an index. Must not be taken for a cipher: nothing here is secret.

use super::rng::{Rng, mix};

/// Rounds of the Feistel network (Luby and Rackoff, 1988): with four and a good mix every bit of the
/// input reaches every bit of the output.
const ROUNDS: usize = 4;
/// What the round keys are drawn for, so that they are nobody else's numbers.
const PURPOSE: u64 = 0x7472_6163_6569_6473;
/// Arrivals lie between 1970 and 2200; any other is a foreign id.
const ARRIVALS_US: std::ops::Range<i64> = 0..7_258_118_400_000_000;

/// The trace id of the request that arrived then (microseconds since the Unix epoch) with this number.
pub fn trace_id(seed: u64, arrival_us: i64, number: u64) -> u128 {
    let (mut left, mut right) = (arrival_us as u64, number);
    for key in keys(seed) {
        (left, right) = (right, left ^ mix(right ^ key));
    }
    u128::from(left) << 64 | u128::from(right)
}

/// Undoes [`trace_id`]: arrival and number. `None` where the id is none of this hospital's, as far as
/// that can be seen: of foreign ids one in 2,500 looks like an own one.
pub fn arrival_of(seed: u64, id: u128) -> Option<(i64, u64)> {
    let (mut left, mut right) = ((id >> 64) as u64, id as u64);
    for key in keys(seed).into_iter().rev() {
        (left, right) = (right ^ mix(left ^ key), left);
    }
    let arrival = i64::try_from(left).ok()?;
    ARRIVALS_US.contains(&arrival).then_some((arrival, right))
}

fn keys(seed: u64) -> [u64; ROUNDS] {
    let mut rng = Rng::of(&[seed, PURPOSE]);
    std::array::from_fn(|_| rng.bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARRIVAL: i64 = 1_795_324_296_027_123;

    #[test]
    fn an_id_leads_back_to_its_request() {
        for seed in [0, 1, 7, u64::MAX] {
            for number in [0, 1, 1 << 40, u64::MAX] {
                let id = trace_id(seed, ARRIVAL, number);
                assert_eq!(arrival_of(seed, id), Some((ARRIVAL, number)));
            }
            assert_eq!(arrival_of(seed, trace_id(seed, 0, 0)), Some((0, 0)));
        }
    }

    #[test]
    fn neighbours_look_unrelated() {
        let mut bits = 0;
        for number in 0..1000 {
            bits += (trace_id(7, ARRIVAL, number) ^ trace_id(7, ARRIVAL, number + 1)).count_ones();
        }
        assert!((60_000..68_000).contains(&bits), "{bits} of 128,000 bits differ");
        assert_ne!(trace_id(7, ARRIVAL, 1), trace_id(8, ARRIVAL, 1));
    }

    #[test]
    fn a_foreign_id_is_seldom_taken_for_an_own_one() {
        let mut rng = Rng::of(&[3]);
        let taken = (0..100_000)
            .filter(|_| arrival_of(7, u128::from(rng.bits()) << 64 | u128::from(rng.bits())).is_some())
            .count();
        assert!(taken < 100, "{taken} of 100,000");
    }
}
