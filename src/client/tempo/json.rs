//! OTLP's traces as JSON, as Tempo writes it (ids in base64) and as OTLP itself does (ids in hex); 64-bit numbers as
//! text or plain, enumerations by name or number. Spans are taken in one at a time, so that a large answer is not
//! held twice.

pub(super) mod lenient;
mod span;

use std::fmt;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::build::Builder;
use lenient::{Attributes, Enumeration, Text};
use span::SpanJson;

/// Reads an answer of either version into the builder.
pub(super) fn read(bytes: &[u8], builder: &mut Builder) -> Result<(), serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    Part(What::Document, builder).deserialize(&mut reader)?;
    reader.end()
}

/// The parts that hold spans, from the whole to the list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// `{"batches":[…]}`, `{"resourceSpans":[…]}`, or one of them in `{"trace":…}`.
    Document,
    /// Spans by resource.
    Batches,
    /// A resource with its spans.
    Batch,
    /// Spans by instrumentation.
    Scopes,
    /// The spans of one instrumentation. Its name stands before them, as everywhere where fields come in the
    /// protocol's order.
    Scope,
    /// A list of spans.
    Spans,
}

/// A part, and who takes it in.
struct Part<'b>(What, &'b mut Builder);

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            What::Document => "a trace",
            What::Batches => "a list of spans by resource",
            What::Batch => "a resource with its spans",
            What::Scopes => "a list of spans by instrumentation",
            What::Scope => "the spans of an instrumentation",
            What::Spans => "a list of spans",
        })
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<(), A::Error> {
        let builder = self.1;
        match self.0 {
            What::Batches => while all.next_element_seed(Part(What::Batch, &mut *builder))?.is_some() {},
            What::Scopes => while all.next_element_seed(Part(What::Scope, &mut *builder))?.is_some() {},
            What::Spans => {
                while let Some(span) = all.next_element::<SpanJson<'de>>()? {
                    builder.span(&span.into());
                }
            }
            What::Document | What::Batch | What::Scope => {
                return Err(A::Error::invalid_type(Unexpected::Seq, &Part(self.0, builder)));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(what, builder) = self;
        match what {
            What::Batch => builder.batch(),
            What::Scope => builder.scope(""),
            What::Document => {}
            What::Batches | What::Scopes | What::Spans => {
                return Err(A::Error::invalid_type(Unexpected::Map, &Part(what, builder)));
            }
        }
        while let Some(key) = map.next_key::<Text<'de>>()? {
            let part = match (what, &*key.0) {
                (What::Document, "trace") => What::Document,
                (What::Document, "batches" | "resourceSpans") => What::Batches,
                (What::Batch, "scopeSpans" | "instrumentationLibrarySpans") => What::Scopes,
                (What::Scope, "spans") => What::Spans,
                (What::Document, "status") => {
                    builder.partial(map.next_value::<Enumeration>()?.0 == 1);
                    continue;
                }
                (What::Document, "message") => {
                    builder.message(&map.next_value::<Text<'de>>()?.0);
                    continue;
                }
                (What::Batch, "resource") => {
                    let resource: Option<Resource<'de>> = map.next_value()?;
                    builder.resource(&resource.unwrap_or_default().attributes.0);
                    continue;
                }
                (What::Scope, "scope" | "instrumentationLibrary") => {
                    let scope: Option<Named<'de>> = map.next_value()?;
                    builder.scope(&scope.unwrap_or_default().name.0);
                    continue;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            map.next_value_seed(Part(part, &mut *builder))?;
        }
        Ok(())
    }
}

#[derive(Default, Deserialize)]
struct Resource<'a> {
    #[serde(borrow, default)]
    attributes: Attributes<'a>,
}

#[derive(Default, Deserialize)]
struct Named<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
}
