//! Pieces of JSON that every server uses, made safe while they are read: there is no moment at which
//! an answer exists unmasked in memory but as the body's bytes.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::model::{Labels, Time};
use crate::privacy;

/// Text that may have several lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Safe(pub Box<str>);

/// Text on one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SafeLine(pub Box<str>);

/// A name: on one line, not masked.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SafeName(pub Box<str>);

/// A string through a function, without an owned copy in between.
struct Through(fn(&str) -> Box<str>);

impl Visitor<'_> for Through {
    type Value = Box<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Box<str>, E> {
        Ok((self.0)(text))
    }

    // Go writes a missing string as null here and there.
    fn visit_unit<E: Error>(self) -> Result<Box<str>, E> {
        Ok(Box::default())
    }
}

impl<'de> Deserialize<'de> for Safe {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Through(privacy::safe)).map(Self)
    }
}

impl<'de> Deserialize<'de> for SafeLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Through(privacy::safe_line)).map(Self)
    }
}

impl<'de> Deserialize<'de> for SafeName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Through(privacy::safe_name)).map(Self)
    }
}

/// A value whose name is known, through a function of both.
struct Named<'n>(&'n str, fn(&str, &str) -> Box<str>);

impl<'de> DeserializeSeed<'de> for Named<'_> {
    type Value = Box<str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Box<str>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Named<'_> {
    type Value = Box<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Box<str>, E> {
        Ok((self.1)(self.0, text))
    }

    fn visit_unit<E: Error>(self) -> Result<Box<str>, E> {
        Ok(Box::default())
    }
}

/// A label set: names stripped, values safe and on one line, each judged by its name too. Null is the empty set; of a name that
/// stands twice the last value stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SafeLabels(pub Labels);

/// Annotations: as labels, but values keep their lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SafeNotes(pub Labels);

struct Pairs(fn(&str, &str) -> Box<str>);

impl<'de> Visitor<'de> for Pairs {
    type Value = Labels;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of names and string values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
        let mut pairs: Vec<(Box<str>, Box<str>)> = Vec::with_capacity(12);
        while let Some(SafeName(name)) = map.next_key()? {
            let value = map.next_value_seed(Named(&name, self.0))?;
            pairs.push((name, value));
        }
        Ok(Labels::new(pairs))
    }

    fn visit_unit<E: Error>(self) -> Result<Labels, E> {
        Ok(Labels::default())
    }
}

impl From<Safe> for Box<str> {
    fn from(text: Safe) -> Self {
        text.0
    }
}

impl From<SafeLine> for Box<str> {
    fn from(text: SafeLine) -> Self {
        text.0
    }
}

impl From<SafeName> for Box<str> {
    fn from(text: SafeName) -> Self {
        text.0
    }
}

impl<'de> Deserialize<'de> for SafeLabels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Pairs(privacy::safe_value)).map(Self)
    }
}

impl<'de> Deserialize<'de> for SafeNotes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Pairs(privacy::safe_note)).map(Self)
    }
}

/// A number, as Prometheus writes it in a string (`"1e+00"`, `"NaN"`, `"+Inf"`) or as JSON does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Number(pub f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, as a string or plain")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
                number(text)
                    .map(Number)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<Number, E> {
                Ok(Number(value))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<Number, E> {
                Ok(Number(value as f64))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Number, E> {
                Ok(Number(value as f64))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// Reads a float as Prometheus does: Go's decimal forms, `NaN`, `Inf` with or without sign, in any
/// case; no hexadecimal, no underscores, no spaces.
pub(super) fn number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.eq_ignore_ascii_case("nan") && unsigned.len() != text.len() {
        return None;
    }
    // Rust reads the same forms, and nothing else.
    text.parse().ok()
}

/// An array made into model types element by element; null is the empty list.
#[derive(Debug)]
pub(super) struct Many<W, M>(pub Vec<M>, PhantomData<W>);

impl<W, M> Default for Many<W, M> {
    fn default() -> Self {
        Self(Vec::new(), PhantomData)
    }
}

impl<'de, W: Deserialize<'de> + Into<M>, M> Deserialize<'de> for Many<W, M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<W, M>(PhantomData<(W, M)>);
        impl<'de, W: Deserialize<'de> + Into<M>, M> Visitor<'de> for Reader<W, M> {
            type Value = Many<W, M>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = seq.next_element::<W>()? {
                    all.push(one.into());
                }
                Ok(Many(all, PhantomData))
            }
            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Many::default())
            }
        }
        deserializer.deserialize_any(Reader(PhantomData))
    }
}

/// An id that the server chose: stripped, on one line, not masked, since it is sent back as it is.
pub(super) fn safe_id(text: &str) -> Box<str> {
    privacy::safe_name(text)
}

/// A list of safe lines.
pub(super) type Lines = Many<SafeLine, Box<str>>;

/// A time that Go may have left at its zero, which is the year 1.
pub(super) fn real(time: Option<Time>) -> Option<Time> {
    use chrono::Datelike;
    time.filter(|time| time.year() > 1)
}

/// A moment from seconds since the epoch, as Prometheus writes it, to the millisecond.
pub(super) fn moment_ms(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_prometheus_writes_them() {
        for (text, expected) in [
            ("1", 1.0),
            ("1e+00", 1.0),
            ("-2.5e-3", -0.0025),
            ("+Inf", f64::INFINITY),
            ("Inf", f64::INFINITY),
            ("-inf", f64::NEG_INFINITY),
            (".5", 0.5),
            ("1.", 1.0),
            ("1e999", f64::INFINITY),
        ] {
            assert_eq!(number(text), Some(expected), "{text}");
        }
        assert!(number("NaN").is_some_and(f64::is_nan));
        for text in ["", "x", "+NaN", "-nan", "1_000", "0x10", " 1", "1 ", "1,5", "--1", "1e"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
