//! One series' values of one epoch as a few bits each: most counters stand still or move by a little.
//!
//! For every scrape: `0` as before (present with the same value, or still absent); `10` and a
//! difference; `110` gone; `111` there (again), and the difference to the last value it had. A
//! difference is six bits of length and that many bits, the sign lowest.

use super::bits::{Reader, Writer};
use crate::demo::metrics::state::ABSENT;

/// Writes a column: the values of all scrapes, [`ABSENT`] where there was none. `before`: whether the
/// series was there at the scrape before the first, so that its end is known. A column that says
/// nothing takes no byte.
pub fn write(values: impl Iterator<Item = i64> + Clone, before: bool, out: &mut Writer) {
    if !before && values.clone().all(|value| value == ABSENT) {
        return;
    }
    let mut last = 0_i64;
    let mut present = before;
    // The first value of a series that goes on is written whole: columns stand alone.
    let mut known = false;
    for value in values {
        if value == ABSENT {
            if present {
                out.put(0b110, 3);
            } else {
                out.put(0, 1);
            }
            present = false;
            continue;
        }
        if present && known && value == last {
            out.put(0, 1);
        } else if present && known {
            out.put(0b10, 2);
            difference(value.wrapping_sub(last), out);
        } else {
            out.put(0b111, 3);
            difference(value.wrapping_sub(last), out);
        }
        (present, known, last) = (true, true, value);
    }
    out.align();
}

fn difference(by: i64, out: &mut Writer) {
    let folded = ((by << 1) ^ (by >> 63)) as u64;
    let bits = 64 - folded.leading_zeros();
    // No difference takes one bit as well; a full 64 is written as 0.
    let bits = bits.max(1);
    out.put(u64::from(bits % 64), 6);
    out.put(folded, bits);
}

/// What a scrape said of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    Nothing,
    /// It ended: the staleness marker.
    Gone,
    /// This value.
    Value(i64),
}

/// Reads a column of that many scrapes.
pub fn read(bytes: &[u8], scrapes: usize) -> impl Iterator<Item = Said> {
    let mut bits = Reader::new(bytes);
    let silent = bytes.is_empty();
    let mut last = 0_i64;
    let mut present = false;
    (0..scrapes).map(move |_| {
        if silent {
            return Said::Nothing;
        }
        if bits.take(1) == 0 {
            return if present { Said::Value(last) } else { Said::Nothing };
        }
        if bits.take(1) == 1 && bits.take(1) == 0 {
            present = false;
            return Said::Gone;
        }
        let count = match bits.take(6) as u32 {
            0 => 64,
            count => count,
        };
        let folded = bits.take(count);
        let by = (folded >> 1) as i64 ^ -((folded & 1) as i64);
        last = last.wrapping_add(by);
        present = true;
        Said::Value(last)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn round(values: &[i64], before: bool) -> (Vec<Said>, usize) {
        let mut out = Writer::default();
        write(values.iter().copied(), before, &mut out);
        let bytes = out.into_bytes();
        (read(&bytes, values.len()).collect(), bytes.len())
    }

    /// What should come out.
    fn expected(values: &[i64], before: bool) -> Vec<Said> {
        let mut present = before;
        values
            .iter()
            .map(|value| {
                let was = present;
                present = *value != ABSENT;
                match *value {
                    ABSENT if was => Said::Gone,
                    ABSENT => Said::Nothing,
                    value => Said::Value(value),
                }
            })
            .collect()
    }

    fn values() -> impl Strategy<Value = Vec<i64>> {
        let one = prop_oneof![
            3 => Just(0_i64),
            4 => 0..5_i64,
            2 => 0..1_000_000_000_i64,
            1 => (i64::MIN + 1)..i64::MAX,
            2 => Just(ABSENT),
        ];
        (prop::collection::vec(one, 0..150), any::<bool>()).prop_map(|(steps, counter)| {
            let mut sum = 0_i64;
            let add = |step: i64| {
                if step == ABSENT || !counter {
                    return step;
                }
                sum = sum.wrapping_add(step).max(0);
                sum
            };
            steps.into_iter().map(add).collect()
        })
    }

    proptest! {
        #[test]
        fn what_went_in_comes_out(values in values(), before in any::<bool>()) {
            prop_assert_eq!(round(&values, before).0, expected(&values, before));
        }
    }

    #[test]
    fn what_stands_still_takes_next_to_nothing() {
        assert_eq!(round(&[ABSENT; 40], false).1, 0);
        assert!(round(&[0; 40], true).1 <= 8, "{}", round(&[0; 40], true).1);
        let counter: Vec<i64> = (0..40).map(|at| 1_000_000 + at / 3).collect();
        assert!(round(&counter, true).1 < 30, "{}", round(&counter, true).1);
    }
}
