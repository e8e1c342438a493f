//! Values that the model does not have: which kind of record, how many tokens. Drawn from the
//! request's number, so that all lines and spans of one request say the same.

use super::scene::Value;
use crate::demo::rng::Rng;
use std::borrow::Cow;

const DRAW: u64 = 0xe1;

/// One named draw.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) struct Draw {
    pub name: String,
    pub of: Of,
}

/// What is drawn from.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) enum Of {
    /// One of these; by department its own list first.
    Words(Vec<String>, Vec<(u8, Vec<String>)>),
    /// A whole number, both ends included.
    Whole(i64, i64),
    /// A number, with this many decimals.
    Number(f64, f64, u8),
}

impl Draw {
    /// The value for this request (or notice): `number` tells them apart, `index` the draws.
    pub(super) fn value(&self, seed: u64, number: u64, index: u16, department: u8) -> Value<'_> {
        let mut rng = Rng::of(&[seed, DRAW, number, u64::from(index)]);
        match &self.of {
            Of::Words(all, by_department) => {
                let own = by_department.iter().find(|(of, _)| *of == department).map(|(_, words)| words);
                let words = own.unwrap_or(all);
                let word = words.get(rng.below(words.len() as u64) as usize);
                Value::Text(Cow::Borrowed(word.map_or("", String::as_str)))
            }
            Of::Whole(from, to) => Value::Int(from + rng.below((to - from + 1).max(0) as u64) as i64),
            Of::Number(from, to, decimals) => {
                let scale = f64::from(10_u32.pow(u32::from(*decimals)));
                Value::Float(libm::round((from + (to - from) * rng.unit()) * scale) / scale)
            }
        }
    }
}
