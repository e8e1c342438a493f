//! Values as JSON of protobuf writes them, and as other writers do.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::client::tempo::wire::{MOST_ATTRIBUTES, Pairs, Raw};

/// Text, borrowed where nothing in it is escaped; null is the empty text.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::client::tempo) struct Text<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
            fn visit_unit<E: Error>(self) -> Result<Text<'de>, E> {
                Ok(Text::default())
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// A whole number, as text or plain.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::client::tempo) struct Whole(pub i128);

impl Whole {
    /// Below zero is zero, beyond 64 bits is the largest.
    pub fn unsigned(self) -> u64 {
        u64::try_from(self.0.max(0)).unwrap_or(u64::MAX)
    }

    fn signed(self) -> i64 {
        i64::try_from(self.0).unwrap_or(if self.0 < 0 { i64::MIN } else { i64::MAX })
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Whole;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, as a string or plain")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Whole, E> {
                text.parse::<i64>()
                    .map(i128::from)
                    .or_else(|_| text.parse::<u64>().map(i128::from))
                    .map(Whole)
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Str("text"), &self))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Whole, E> {
                Ok(Whole(number.into()))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Whole, E> {
                Ok(Whole(number.into()))
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Whole, E> {
                Ok(Whole(number as i128))
            }
            fn visit_unit<E: Error>(self) -> Result<Whole, E> {
                Ok(Whole::default())
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// A number of an enumeration, or one of the names that are shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Enumeration(pub i64);

impl<'de> Deserialize<'de> for Enumeration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Enumeration;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name or a number")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Enumeration, E> {
                Ok(Enumeration(match text {
                    "SPAN_KIND_INTERNAL" | "STATUS_CODE_OK" | "PARTIAL" => 1,
                    "SPAN_KIND_SERVER" | "STATUS_CODE_ERROR" => 2,
                    "SPAN_KIND_CLIENT" => 3,
                    "SPAN_KIND_PRODUCER" => 4,
                    "SPAN_KIND_CONSUMER" => 5,
                    _ => 0,
                }))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Enumeration, E> {
                Ok(Enumeration(number))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Enumeration, E> {
                Ok(Enumeration(i64::try_from(number).unwrap_or_default()))
            }
            fn visit_unit<E: Error>(self) -> Result<Enumeration, E> {
                Ok(Enumeration::default())
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// An id of so many bytes, in hex or in base64.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Id<const N: usize>(pub u128);

impl<'de, const N: usize> Deserialize<'de> for Id<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        id::<N>(&text.0).map(Self).ok_or_else(|| D::Error::custom("an id that is neither hex nor base64"))
    }
}

/// Hex has two letters a byte; base64 has four for three, so that their lengths tell them apart.
fn id<const N: usize>(text: &str) -> Option<u128> {
    if text.len() == 2 * N {
        return u128::from_str_radix(text, 16).ok();
    }
    let (mut bits, mut id, mut bytes) = (0_u32, 0_u128, 0);
    for (at, letter) in text.trim_end_matches('=').bytes().enumerate() {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        if at % 4 != 0 {
            let left = 6 - 2 * (at as u32 % 4);
            id = id << 8 | u128::from(bits >> left & 0xff);
            bytes += 1;
            if bytes > N {
                return None;
            }
        }
    }
    Some(id)
}

/// A list of names and values, and how many were too many.
#[derive(Debug, Default)]
pub(in crate::client::tempo) struct Attributes<'a>(pub Pairs<'a>, pub u64);

#[derive(Deserialize)]
struct Pair<'a> {
    #[serde(borrow, default)]
    key: Text<'a>,
    #[serde(borrow)]
    value: Option<Raw<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Attributes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Attributes<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of keys and values")
            }
            fn visit_unit<E: Error>(self) -> Result<Attributes<'de>, E> {
                Ok(Attributes::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, all: A) -> Result<Attributes<'de>, A::Error> {
                let (mut read, mut beyond) = (Pairs::new(), 0);
                up_to(all, MOST_ATTRIBUTES, &mut beyond, |pair: Pair<'de>| {
                    read.push((pair.key.0, pair.value.unwrap_or_default()));
                })?;
                Ok(Attributes(read, beyond))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// Takes so many elements, and counts the rest.
fn up_to<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(
    mut all: A,
    most: usize,
    beyond: &mut u64,
    mut take: impl FnMut(T),
) -> Result<(), A::Error> {
    for _ in 0..most {
        match all.next_element()? {
            Some(one) => take(one),
            None => return Ok(()),
        }
    }
    while all.next_element::<IgnoredAny>()?.is_some() {
        *beyond += 1;
    }
    Ok(())
}

/// A list of at most so many, and how many were too many; null is the empty one.
#[derive(Debug)]
pub(super) struct Capped<T, const N: usize> {
    pub all: Vec<T>,
    pub beyond: u64,
}

impl<T, const N: usize> Default for Capped<T, N> {
    fn default() -> Self {
        Self { all: Vec::new(), beyond: 0 }
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Capped<T, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T, const N: usize>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for Reader<T, N> {
            type Value = Capped<T, N>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Capped::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, all: A) -> Result<Self::Value, A::Error> {
                let mut read = Capped::default();
                up_to(all, N, &mut read.beyond, |one| read.all.push(one))?;
                Ok(read)
            }
        }
        deserializer.deserialize_any(Reader(PhantomData))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    // The JSON reader itself bounds how deep values may lie in values.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Raw<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value of an attribute")
            }
            fn visit_unit<E: Error>(self) -> Result<Raw<'de>, E> {
                Ok(Raw::Empty)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw<'de>, A::Error> {
                let mut raw = Raw::Empty;
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    raw = match &*key.0 {
                        "stringValue" => Raw::Text(map.next_value::<Text<'de>>()?.0),
                        "boolValue" => Raw::Bool(map.next_value()?),
                        "intValue" => Raw::Int(map.next_value::<Whole>()?.signed()),
                        "doubleValue" => Raw::Float(map.next_value::<crate::client::wire::Number>()?.0),
                        "arrayValue" => Raw::List(map.next_value::<List<'de>>()?.values.all),
                        "kvlistValue" => Raw::Map(map.next_value::<Map<'de>>()?.values.0),
                        "bytesValue" => {
                            let text = map.next_value::<Text<'de>>()?.0;
                            Raw::Bytes(text.trim_end_matches('=').len() * 3 / 4)
                        }
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                            continue;
                        }
                    };
                }
                Ok(raw)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow, default)]
    values: Capped<Raw<'a>, MOST_ATTRIBUTES>,
}

#[derive(Deserialize)]
struct Map<'a> {
    #[serde(borrow, default)]
    values: Attributes<'a>,
}
