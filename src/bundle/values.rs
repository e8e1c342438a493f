//! The values in a line: text that borrows where it can, numbers that may be `"NaN"` or `"+Inf"`, nanoseconds
//! as text, label sets. Read straight from the bytes, without a tree in between.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::model::{Labels, Time};

/// A text, borrowed from the line unless it holds escapes.
#[derive(Debug)]
pub struct Text<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(V)
    }
}

/// A whole number, written as such or as text.
pub struct Whole(pub i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Whole;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number of nanoseconds, as text or number")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Whole, E> {
                text.parse().map(Whole).map_err(|_| E::custom(format!("`{text}` is no whole number")))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Whole, E> {
                Ok(Whole(number))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Whole, E> {
                i64::try_from(number).map(Whole).map_err(|_| E::custom("the number is too large"))
            }
        }
        deserializer.deserialize_any(V)
    }
}

/// A moment, in RFC 3339.
#[derive(Clone, Copy)]
pub struct Moment(pub Time);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        chrono::DateTime::parse_from_rfc3339(&text.0)
            .map(|at| Self(at.to_utc()))
            .map_err(|_| D::Error::custom(format!("`{}` is no time in RFC 3339", text.0)))
    }
}

/// A sample's value: a number, `null` for a gap, `"NaN"`, `"+Inf"` or `"-Inf"`.
pub struct Value(pub Option<f64>);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Value;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, null, \"NaN\", \"+Inf\" or \"-Inf\"")
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
                Ok(Value(Some(number)))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
                Ok(Value(Some(number as f64)))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
                Ok(Value(Some(number as f64)))
            }
            fn visit_unit<E: Error>(self) -> Result<Value, E> {
                Ok(Value(None))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
                match text {
                    "NaN" => Ok(Value(Some(f64::NAN))),
                    "+Inf" | "Inf" => Ok(Value(Some(f64::INFINITY))),
                    "-Inf" => Ok(Value(Some(f64::NEG_INFINITY))),
                    _ => text.parse().map(|n| Value(Some(n))).map_err(|_| {
                        E::custom(format!("`{text}` is no value; write a number, null, NaN, +Inf or -Inf"))
                    }),
                }
            }
        }
        deserializer.deserialize_any(V)
    }
}

/// One sample: seconds and value.
struct Pair(f64, Option<f64>);

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Pair;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("[unix seconds, value]")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Pair, A::Error> {
                let short = || A::Error::custom("a sample is [unix seconds, value]");
                let at: f64 = seq.next_element()?.ok_or_else(short)?;
                let value: Value = seq.next_element()?.ok_or_else(short)?;
                if seq.next_element::<IgnoredAny>()?.is_some() {
                    return Err(short());
                }
                Ok(Pair(at, value.0))
            }
        }
        deserializer.deserialize_seq(V)
    }
}

/// The samples of a series, in the order of time.
pub struct Samples(pub Vec<(f64, Option<f64>)>);

impl<'de> Deserialize<'de> for Samples {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Samples;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of samples")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Samples, A::Error> {
                let mut all = Vec::new();
                while let Some(Pair(at, value)) = seq.next_element()? {
                    all.push((at, value));
                }
                all.sort_by(|a, b| a.0.total_cmp(&b.0));
                Ok(Samples(all))
            }
        }
        deserializer.deserialize_seq(V)
    }
}

/// A label set or a span's attributes: scalars by name. Lists and objects within are skipped.
pub struct Names(pub Labels);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Names;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of names and values")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
                let mut pairs: Vec<(Text<'de>, Cow<'de, str>)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<Text<'de>, Scalar<'de>>()? {
                    if let Some(value) = value.0 {
                        pairs.push((name, value));
                    }
                }
                Ok(Names(Labels::new(pairs.iter().map(|(name, value)| (&*name.0, &**value)))))
            }
        }
        deserializer.deserialize_map(V)
    }
}

/// Text, number or truth as text.
struct Scalar<'a>(Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Scalar<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number or true or false")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Borrowed(text))))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Owned(text.to_owned()))))
            }
            fn visit_bool<E: Error>(self, truth: bool) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Borrowed(if truth { "true" } else { "false" }))))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(number.to_string().into())))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(number.to_string().into())))
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(number.to_string().into())))
            }
            fn visit_unit<E: Error>(self) -> Result<Scalar<'de>, E> {
                Ok(Scalar(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar<'de>, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar(None))
            }
        }
        deserializer.deserialize_any(V)
    }
}
