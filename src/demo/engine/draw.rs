//! Random numbers: each for one purpose, drawn from what it is about and never from a shared stream,
//! so that a fault in one place does not reshuffle the rest of the day.

use crate::demo::rng::Rng;

/// What a number is for.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(super) enum Purpose {
    Arrive = 1,
    Session,
    Role,
    Operation,
    Request,
    Think,
    Work,
    Deploy,
    Leaky,
    Confidence,
    Way,
    Faulty,
    BackOff,
    PoolLeak,
    Attack,
    Noise,
    Evaluation,
    Garbage,
    Distractor,
}

/// A generator for this purpose.
pub(super) fn rng(seed: u64, purpose: Purpose, parts: [u64; 2]) -> Rng {
    Rng::of(&[seed, purpose as u64, parts[0], parts[1]])
}

/// Log-normal around a median, cut at two and a half standard deviations: real work has an end.
pub(super) fn work(rng: &mut Rng, (median, sigma): (f64, f64)) -> f64 {
    median * libm::exp(sigma * rng.normal().clamp(-2.5, 2.5))
}
