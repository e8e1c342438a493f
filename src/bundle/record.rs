//! The lines of each kind, as structs that a line is read into.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::values::{Moment, Names, Samples, Text, Whole};

/// A struct whose keys may be missing or null, and which keeps the names of keys that nobody knows.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($key:literal => $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Default)]
        pub struct $name<'a> {
            $(pub $field: Option<$type>,)*
            /// Keys that nobody knows.
            pub unknown: Vec<Text<'a>>,
        }

        impl<'de: 'a, 'a> Deserialize<'de> for $name<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct V<'a>(std::marker::PhantomData<&'a ()>);
                impl<'de: 'a, 'a> Visitor<'de> for V<'a> {
                    type Value = $name<'a>;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }
                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$name<'a>, A::Error> {
                        let mut record = $name::default();
                        while let Some(key) = map.next_key::<Text<'de>>()? {
                            match &*key.0 {
                                $($key => {
                                    if record.$field.is_some() {
                                        return Err(A::Error::custom(concat!("`", $key, "` stands there twice")));
                                    }
                                    record.$field = map.next_value()?;
                                })*
                                "kind" => { map.next_value::<IgnoredAny>()?; }
                                _ => {
                                    map.next_value::<IgnoredAny>()?;
                                    record.unknown.push(key);
                                }
                            }
                        }
                        Ok(record)
                    }
                }
                deserializer.deserialize_map(V(std::marker::PhantomData))
            }
        }
    };
}

record! {
    /// A period.
    PeriodLine { "start" => start: Moment, "end" => end: Moment, }
}

record! {
    /// A symptom.
    SymptomLine { "component" => component: Text<'a>, "signal" => signal: Text<'a>, }
}

record! {
    /// `manifest`
    ManifestLine {
        "format" => format: Text<'a>,
        "version" => version: u64,
        "id" => id: Text<'a>,
        "window" => window: PeriodLine<'a>,
        "baselines" => baselines: Vec<PeriodLine<'a>>,
        "symptom" => symptom: SymptomLine<'a>,
        "source" => source: Text<'a>,
    }
}

record! {
    /// `series`
    SeriesLine { "name" => name: Text<'a>, "labels" => labels: Names, "samples" => samples: Samples, }
}

record! {
    /// `log`
    LogLine {
        "ts" => ts: Whole,
        "labels" => labels: Names,
        "line" => line: Text<'a>,
        "trace_id" => trace_id: Text<'a>,
        "span_id" => span_id: Text<'a>,
    }
}

record! {
    /// `span`
    SpanLine {
        "trace_id" => trace_id: Text<'a>,
        "span_id" => span_id: Text<'a>,
        "parent_id" => parent_id: Text<'a>,
        "service" => service: Text<'a>,
        "name" => name: Text<'a>,
        "start" => start: Whole,
        "duration_ns" => duration: Whole,
        "status" => status: Text<'a>,
        "attributes" => attributes: Names,
    }
}

record! {
    /// `alert`
    AlertLine {
        "name" => name: Text<'a>,
        "labels" => labels: Names,
        "starts_at" => starts_at: Moment,
        "ends_at" => ends_at: Moment,
    }
}

record! {
    /// `change`
    ChangeLine { "at" => at: Moment, "title" => title: Text<'a>, "labels" => labels: Names, }
}

record! {
    /// `edge`
    EdgeLine { "caller" => caller: Text<'a>, "callee" => callee: Text<'a>, "relation" => relation: Text<'a>, }
}

record! {
    /// `seal`
    SealLine {
        "lines" => lines: u64,
        "sha256" => sha256: Text<'a>,
        "hmac" => hmac: Text<'a>,
        "check" => check: Text<'a>,
    }
}

/// What a line is, whatever else it says.
pub struct Kind<'a>(pub Option<Text<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Kind<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Kind<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a kind")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Kind<'de>, A::Error> {
                let mut kind = None;
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    if &*key.0 == "kind" && kind.is_none() {
                        kind = Some(map.next_value()?);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Kind(kind))
            }
        }
        deserializer.deserialize_map(V)
    }
}
