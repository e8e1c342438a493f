//! Frames of a tail: `{"streams":[…],"dropped_entries":[…]}`.

use std::fmt;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::client::fault::fault;
use crate::client::loki::streams::{Read, Streams};
use crate::client::wire::Many;
use crate::model::{Fault, FaultKind};
use crate::text::fault::Why;

/// Reads a frame into what is at hand; gives how many lines the server dropped before it.
pub(in crate::client) fn read(text: &str, into: &mut Read) -> Result<u64, Fault> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Frame(into).deserialize(&mut reader).and_then(|dropped| reader.end().map(|()| dropped));
    read.map_err(|error| fault(FaultKind::WrongFormat, &Why::BadJson(&error.to_string())))
}

struct Frame<'r>(&'r mut Read);

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Key {
    Streams,
    DroppedEntries,
    #[serde(other)]
    Other,
}

/// Something that is only counted.
struct Counted;

impl From<IgnoredAny> for Counted {
    fn from(_: IgnoredAny) -> Self {
        Self
    }
}

impl<'de> DeserializeSeed<'de> for Frame<'_> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Frame<'_> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a frame of a tail")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<u64, A::Error> {
        let (mut dropped, mut known) = (0, false);
        while let Some(key) = map.next_key()? {
            match key {
                Key::Streams => {
                    known = true;
                    map.next_value_seed(Streams(&mut *self.0))?;
                }
                Key::DroppedEntries => {
                    known = true;
                    dropped += map.next_value::<Many<IgnoredAny, Counted>>()?.0.len() as u64;
                }
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if known { Ok(dropped) } else { Err(A::Error::missing_field("streams")) }
    }
}
