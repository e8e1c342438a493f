//! Numbers that look random and are the same on every machine.

/// `SplitMix64` (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014): small,
/// quick, and cheap to start at any point, which is what makes any moment computable.
#[derive(Clone, Debug)]
pub struct Rng(u64);

/// Mixes one number well.
pub fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Rng {
    /// A generator for these numbers, in this order: seed, purpose, day, index…
    pub fn of(parts: &[u64]) -> Self {
        let mut state = 0x6a09_e667_f3bc_c909;
        for part in parts {
            state = mix(state ^ mix(part.wrapping_add(0x9e37_79b9_7f4a_7c15)));
        }
        Self(state)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// At least 0, below 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Below `n`; 0 where `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// True with this chance.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Exponentially distributed with this mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(1.0 - self.unit())
    }

    /// Standard normal (Box and Muller, one of the pair).
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(2.0 * std::f64::consts::PI * self.unit())
    }

    /// Log-normal by its median and the standard deviation of its logarithm: how long work takes.
    pub fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * libm::exp(sigma * self.normal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_numbers_everywhere() {
        let mut rng = Rng::of(&[7, 1]);
        assert_eq!((rng.bits(), rng.bits()), {
            let mut again = Rng::of(&[7, 1]);
            (again.bits(), again.bits())
        });
        assert_ne!(Rng::of(&[7, 1]).bits(), Rng::of(&[1, 7]).bits());
    }

    #[test]
    fn distributions_have_their_means() {
        let mut rng = Rng::of(&[3]);
        let n = 20_000;
        let mean = |draw: &mut dyn FnMut() -> f64| (0..n).map(|_| draw()).sum::<f64>() / f64::from(n);
        assert!((mean(&mut || rng.unit()) - 0.5).abs() < 0.01);
        assert!((mean(&mut || rng.exponential(4.0)) - 4.0).abs() < 0.15);
        assert!(mean(&mut || rng.normal()).abs() < 0.03);
        assert!((0..1000).all(|_| rng.below(7) < 7) && rng.below(0) == 0);
    }
}
