//! Streams of lines as Loki writes them (grafana.com/docs/loki/latest/reference/loki-http-api), masked while they
//! are read: pages of `query_range` and frames of a tail alike.
//!
//! With `categorize-labels` an entry has a third part, `{"structuredMetadata":{},"parsed":{}}`; without it, all of
//! that is merged into the stream's labels. Both are understood.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::client::wire::SafeName;
use crate::model::{Labels, LogEntry, Time};
use crate::privacy::{self, Leaks};

/// Label sets that are shared; beyond this many sharing starts anew.
const MOST_SHARED: usize = 10_000;
/// Metadata of an entry is looked for among shared sets up to this many bytes: longer ones differ from line to line.
const SHORT: usize = 64;

/// Label sets that were seen: a stream's labels are in memory once, however many pages it stands in.
#[derive(Debug, Default)]
pub(in crate::client) struct Shared(HashSet<Labels>);

impl Shared {
    fn one(&mut self, labels: Labels) -> Labels {
        if let Some(known) = self.0.get(&labels) {
            return known.clone();
        }
        if self.0.len() >= MOST_SHARED {
            self.0.clear();
        }
        self.0.insert(labels.clone());
        labels
    }
}

/// What was read.
#[derive(Debug, Default)]
pub(in crate::client) struct Read {
    /// Lines, stream by stream, as they came.
    pub entries: Vec<LogEntry>,
    /// Personal data that was masked.
    pub leaks: Leaks,
    /// Label sets that are shared.
    pub shared: Shared,
}

/// A find: what it was, and the moment of its line.
type Find = (Box<str>, i64);

/// Reads an array of streams into a [`Read`].
pub(in crate::client) struct Streams<'r>(pub &'r mut Read);

impl<'de> DeserializeSeed<'de> for Streams<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Streams<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of streams")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Stream(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

struct Stream<'r>(&'r mut Read);

impl<'de> DeserializeSeed<'de> for Stream<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum StreamKey {
    Stream,
    Values,
    #[serde(other)]
    Other,
}

impl<'de> Visitor<'de> for Stream<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a stream")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Read { entries, leaks, shared } = self.0;
        let first = entries.len();
        let (mut finds, mut own) = (Vec::new(), Vec::new());
        let mut labels = Labels::default();
        let mut known = false;
        while let Some(key) = map.next_key()? {
            match key {
                StreamKey::Stream => {
                    let mut pairs = Vec::with_capacity(12);
                    map.next_value_seed(Pairs { into: &mut pairs, finds: &mut own, at: 0 })?;
                    (labels, known) = (shared.one(Labels::new(pairs)), true);
                }
                StreamKey::Values => {
                    map.next_value_seed(Entries {
                        into: entries,
                        shared,
                        labels: &labels,
                        finds: &mut finds,
                    })?;
                }
                StreamKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if !known {
            return Err(A::Error::missing_field("stream"));
        }
        let mine = entries.get_mut(first..).unwrap_or_default();
        // Of a sender that writes the lines before their labels.
        for entry in mine.iter_mut().filter(|entry| entry.labels != labels) {
            entry.labels = labels.clone();
        }
        if let Some(entry) = mine.first() {
            finds.extend(own.into_iter().map(|(kind, _)| (kind, entry.ts)));
        }
        if !finds.is_empty() {
            let name = labels.to_string();
            for (kind, ts) in finds {
                leaks.note(&name, &kind, Time::from_timestamp_nanos(ts));
            }
        }
        Ok(())
    }
}

struct Entries<'r> {
    into: &'r mut Vec<LogEntry>,
    shared: &'r mut Shared,
    labels: &'r Labels,
    finds: &'r mut Vec<Find>,
}

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self { into, shared, labels, finds } = self;
        while let Some((ts, line, metadata)) = seq.next_element_seed(Entry { finds: &mut *finds })? {
            let metadata = Labels::new(metadata);
            let metadata = if metadata.text().len() <= SHORT { shared.one(metadata) } else { metadata };
            into.push(LogEntry { ts, labels: labels.clone(), line, metadata });
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

struct Entry<'r> {
    finds: &'r mut Vec<Find>,
}

type Pair = (Box<str>, Box<str>);

impl<'de> DeserializeSeed<'de> for Entry<'_> {
    type Value = (i64, Arc<str>, Vec<Pair>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entry<'_> {
    type Value = (i64, Arc<str>, Vec<Pair>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[\"nanoseconds\", \"line\"], possibly with labels of the entry's own")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let Nanos(ts) = seq.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &"2 or 3 parts"))?;
        let finds = self.finds;
        let line = seq
            .next_element_seed(Text { finds: &mut *finds, ts })?
            .ok_or_else(|| A::Error::invalid_length(1, &"2 or 3 parts"))?;
        let mut own = Vec::new();
        seq.next_element_seed(Parts { into: &mut own, finds, ts })?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok((ts, line, own))
    }
}

/// The line: cleaned, then masked.
struct Text<'r> {
    finds: &'r mut Vec<Find>,
    ts: i64,
}

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = Arc<str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Arc<str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Text<'_> {
    type Value = Arc<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a line")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Arc<str>, E> {
        let Self { finds, ts } = self;
        let cleaned = privacy::clean(text);
        let masked = privacy::masker().mask_noting(&cleaned, &mut |kind| finds.push((kind.into(), ts)));
        Ok(masked.into())
    }
}

/// `{"structuredMetadata":{},"parsed":{}}`.
struct Parts<'r> {
    into: &'r mut Vec<Pair>,
    finds: &'r mut Vec<Find>,
    ts: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum PartKey {
    StructuredMetadata,
    Parsed,
    #[serde(other)]
    Other,
}

impl<'de> DeserializeSeed<'de> for Parts<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Parts<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("labels of an entry by where they come from")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { into, finds, ts: at } = self;
        while let Some(key) = map.next_key()? {
            match key {
                PartKey::StructuredMetadata | PartKey::Parsed => {
                    map.next_value_seed(Pairs { into: &mut *into, finds: &mut *finds, at })?;
                }
                PartKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Labels: names stripped, values masked, each judged by its name too.
struct Pairs<'r> {
    into: &'r mut Vec<Pair>,
    finds: &'r mut Vec<Find>,
    at: i64,
}

impl<'de> DeserializeSeed<'de> for Pairs<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Pairs<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of names and string values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { into, finds, at } = self;
        while let Some(SafeName(name)) = map.next_key()? {
            let value = map.next_value_seed(Value { name: &name, finds: &mut *finds, at })?;
            into.push((name, value));
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

struct Value<'r> {
    name: &'r str,
    finds: &'r mut Vec<Find>,
    at: i64,
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = Box<str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Box<str>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Value<'_> {
    type Value = Box<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Box<str>, E> {
        let Self { name, finds, at } = self;
        let cleaned = privacy::clean_line(text);
        let masked =
            privacy::masker().value_noting(name, &cleaned, &mut |kind| finds.push((kind.into(), at)));
        Ok(masked.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Box<str>, E> {
        Ok(Box::default())
    }
}

/// Nanoseconds since the epoch, in a string or plain.
struct Nanos(i64);

impl<'de> Deserialize<'de> for Nanos {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Nanos;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("nanoseconds since the epoch")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Nanos, E> {
                text.parse().map(Nanos).map_err(|_| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<Nanos, E> {
                Ok(Nanos(value))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Nanos, E> {
                i64::try_from(value)
                    .map(Nanos)
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(value), &self))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
