//! Where a value stands on an axis, as a share of it from the bottom: linear or logarithmic.

/// An axis of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Value at the bottom.
    pub low: f64,
    /// Value at the top.
    pub high: f64,
    /// Whether equal distances are equal factors.
    pub log: bool,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// On the axis: 0 at the bottom, 1 at the top.
    On(f64),
    /// Infinitely far up.
    Above,
    /// Infinitely far down, or not above zero on a logarithmic axis.
    Below,
    /// Nowhere: no number.
    Nowhere,
}

impl Scale {
    /// The logarithmic axis from the power of ten at or below `low` to the one at or above `high`; `None` unless
    /// both are above zero.
    pub fn log(low: f64, high: f64) -> Option<Self> {
        if !(low > 0.0 && high >= low && high.is_finite()) {
            return None;
        }
        // The logarithm of a power of ten may miss it by a hair.
        let (from, mut to) = ((low.log10() + 1e-9).floor(), (high.log10() - 1e-9).ceil());
        if to <= from {
            to = from + 1.0;
        }
        let (from, to) = (from.max(-307.0), to.min(308.0));
        Some(Self { low: 10_f64.powf(from), high: 10_f64.powf(to), log: true })
    }

    /// Where a value stands.
    pub fn place(&self, value: f64) -> Place {
        if value.is_nan() {
            return Place::Nowhere;
        }
        if self.log && value <= 0.0 {
            return Place::Below;
        }
        if value.is_infinite() {
            return if value > 0.0 { Place::Above } else { Place::Below };
        }
        let share = if self.log {
            (value.log10() - self.low.log10()) / (self.high.log10() - self.low.log10())
        } else {
            // Halves first: the whole span may be beyond what a number holds.
            (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0)
        };
        if share.is_nan() { Place::Nowhere } else { Place::On(share.clamp(0.0, 1.0)) }
    }

    /// Up to `most` powers of ten of a logarithmic axis, evenly spaced from its bottom.
    pub fn powers(&self, most: usize) -> Vec<f64> {
        let (from, to) = (self.low.log10().round() as i32, self.high.log10().round() as i32);
        let every = ((to - from).max(1) as usize).div_ceil(most.max(2) - 1);
        (from..=to).step_by(every).map(|power| 10_f64.powi(power)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_log_axis_spans_whole_powers_and_refuses_what_has_none() {
        let scale = Scale::log(0.002, 30.0).expect("positive");
        assert!((scale.low - 0.001).abs() < 1e-12 && (scale.high - 100.0).abs() < 1e-9);
        assert_eq!(scale.powers(6).len(), 6);
        assert_eq!(scale.powers(4).len(), 3);
        assert_eq!(Scale::log(0.0, 5.0), None);
        assert_eq!(Scale::log(-1.0, 5.0), None);
        assert_eq!(Scale::log(1.0, f64::INFINITY), None);
        assert_eq!(scale.place(0.0), Place::Below);
        assert_eq!(scale.place(-3.0), Place::Below);
        assert_eq!(scale.place(f64::NAN), Place::Nowhere);
        assert_eq!(scale.place(f64::INFINITY), Place::Above);
    }

    fn share(scale: &Scale, value: f64) -> f64 {
        match scale.place(value) {
            Place::On(share) => share,
            other => panic!("{value} is {other:?} on {scale:?}"),
        }
    }

    proptest! {
        #[test]
        fn every_positive_number_has_a_place_and_order_is_kept(a in -300.0_f64..300.0, b in -300.0_f64..300.0) {
            let (low, high) = (10_f64.powf(a.min(b)), 10_f64.powf(a.max(b)));
            let log = Scale::log(low, high).expect("positive");
            prop_assert!(log.low <= low * (1.0 + 1e-6) && log.high >= high * (1.0 - 1e-6));
            for scale in [log, Scale { low, high: high * 2.0, log: false }] {
                prop_assert!((0.0..=1.0).contains(&share(&scale, low)));
                prop_assert!((0.0..=1.0).contains(&share(&scale, high)));
                prop_assert!(share(&scale, low) <= share(&scale, high));
            }
        }
    }
}
