//! OTLP's traces as protobuf, read in one pass and without copies (opentelemetry-proto 1.x `trace.proto`,
//! `common.proto`, `resource.proto`; Tempo's `tempo.proto`; the wire format: protobuf.dev/programming-guides/encoding).
//! Fields that nobody shows are skipped.

use std::borrow::Cow;

use prost::DecodeError;
use prost::bytes::Buf;
use prost::encoding::{WireType, decode_key, decode_varint};

use super::build::Builder;
use super::wire::{
    DEEPEST, MOST_ATTRIBUTES, MOST_EVENTS, MOST_OF_A_SPAN, Pairs, Raw, RawEvent, RawLink, RawSpan,
};

/// Why bytes are no such message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// They end within a message.
    Cut,
    /// A key, a length or a number that cannot be.
    Malformed,
    /// A field is of another type than the protocol says.
    WrongType,
    /// An id of a length that no id has.
    Id,
}

impl Broken {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Cut => "the bytes end within a message",
            Self::Malformed => "a key, a length or a number that cannot be",
            Self::WrongType => "a field of another type than the protocol says",
            Self::Id => "an id of a length that no id has",
        }
    }
}

impl From<DecodeError> for Broken {
    fn from(_: DecodeError) -> Self {
        Self::Malformed
    }
}

/// The value of one field.
#[derive(Clone, Copy)]
enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Other,
}

impl<'a> Value<'a> {
    fn bytes(self) -> Result<&'a [u8], Broken> {
        if let Self::Bytes(bytes) = self { Ok(bytes) } else { Err(Broken::WrongType) }
    }

    fn text(self) -> Result<Cow<'a, str>, Broken> {
        // A writer that does not keep to UTF-8 must not cost the whole trace.
        self.bytes().map(String::from_utf8_lossy)
    }

    fn varint(self) -> Result<u64, Broken> {
        if let Self::Varint(number) = self { Ok(number) } else { Err(Broken::WrongType) }
    }

    fn fixed64(self) -> Result<u64, Broken> {
        if let Self::Fixed64(number) = self { Ok(number) } else { Err(Broken::WrongType) }
    }

    fn trace_id(self) -> Result<u128, Broken> {
        let bytes = self.bytes()?;
        if bytes.len() > 16 {
            return Err(Broken::Id);
        }
        Ok(bytes.iter().fold(0, |id, byte| id << 8 | u128::from(*byte)))
    }

    fn span_id(self) -> Result<u64, Broken> {
        let bytes = self.bytes()?;
        if bytes.len() > 8 {
            return Err(Broken::Id);
        }
        Ok(bytes.iter().fold(0, |id, byte| id << 8 | u64::from(*byte)))
    }
}

/// Hands over every field of a message.
fn fields<'a>(
    mut rest: &'a [u8],
    mut take: impl FnMut(u32, Value<'a>) -> Result<(), Broken>,
) -> Result<(), Broken> {
    while !rest.is_empty() {
        let (tag, kind) = decode_key(&mut rest)?;
        let value = match kind {
            WireType::Varint => Value::Varint(decode_varint(&mut rest)?),
            WireType::SixtyFourBit => {
                let (bytes, behind) = rest.split_first_chunk::<8>().ok_or(Broken::Cut)?;
                rest = behind;
                Value::Fixed64(u64::from_le_bytes(*bytes))
            }
            WireType::LengthDelimited => {
                let length = usize::try_from(decode_varint(&mut rest)?).map_err(|_| Broken::Malformed)?;
                let (bytes, behind) = rest.split_at_checked(length).ok_or(Broken::Cut)?;
                rest = behind;
                Value::Bytes(bytes)
            }
            WireType::ThirtyTwoBit => {
                if rest.len() < 4 {
                    return Err(Broken::Cut);
                }
                rest.advance(4);
                Value::Other
            }
            // Groups are older than this protocol.
            WireType::StartGroup | WireType::EndGroup => return Err(Broken::Malformed),
        };
        take(tag, value)?;
    }
    Ok(())
}

/// Reads `tempopb.Trace`, which v1 answers.
pub(super) fn trace(bytes: &[u8], builder: &mut Builder) -> Result<(), Broken> {
    fields(bytes, |tag, value| match tag {
        1 => batch(value.bytes()?, builder),
        _ => Ok(()),
    })
}

/// Reads `tempopb.TraceByIDResponse`, which v2 answers.
pub(super) fn response(bytes: &[u8], builder: &mut Builder) -> Result<(), Broken> {
    fields(bytes, |tag, value| {
        match tag {
            1 => trace(value.bytes()?, builder)?,
            3 => builder.partial(value.varint()? == 1),
            4 => builder.message(&value.text()?),
            _ => {}
        }
        Ok(())
    })
}

/// `ResourceSpans`. The resource is wanted first, wherever it stands.
fn batch(bytes: &[u8], builder: &mut Builder) -> Result<(), Broken> {
    let mut attributes = Pairs::new();
    let mut room = Room::default();
    fields(bytes, |tag, value| match tag {
        1 => fields(value.bytes()?, |tag, value| match tag {
            1 => room.pair(&mut attributes, value.bytes()?, 0),
            _ => Ok(()),
        }),
        _ => Ok(()),
    })?;
    builder.batch();
    builder.resource(&attributes);
    let mut span = RawSpan::default();
    fields(bytes, |tag, value| match tag {
        2 => scope(value.bytes()?, &mut span, builder),
        _ => Ok(()),
    })
}

/// `ScopeSpans`.
fn scope<'a>(bytes: &'a [u8], span: &mut RawSpan<'a>, builder: &mut Builder) -> Result<(), Broken> {
    let mut name = Cow::Borrowed("");
    fields(bytes, |tag, value| match tag {
        1 => fields(value.bytes()?, |tag, value| {
            if tag == 1 {
                name = value.text()?;
            }
            Ok(())
        }),
        _ => Ok(()),
    })?;
    builder.scope(&name);
    fields(bytes, |tag, value| {
        if tag == 2 {
            span.clear();
            self::span(value.bytes()?, span)?;
            builder.span(span);
        }
        Ok(())
    })
}

fn span<'a>(bytes: &'a [u8], span: &mut RawSpan<'a>) -> Result<(), Broken> {
    let mut room = Room::default();
    fields(bytes, |tag, value| {
        match tag {
            1 => span.trace = value.trace_id()?,
            2 => span.id = value.span_id()?,
            4 => span.parent = value.span_id()?,
            5 => span.name = value.text()?,
            6 => span.kind = value.varint()? as i64,
            7 => span.start = value.fixed64()?,
            8 => span.end = value.fixed64()?,
            9 => room.pair(&mut span.attributes, value.bytes()?, 0)?,
            11 => {
                let event = event(value.bytes()?, &mut room)?;
                room.push(&mut span.events, event, MOST_EVENTS);
            }
            13 => {
                let link = link(value.bytes()?, &mut room)?;
                room.push(&mut span.links, link, MOST_EVENTS);
            }
            10 | 12 | 14 => span.dropped = span.dropped.saturating_add(value.varint()?),
            15 => fields(value.bytes()?, |tag, value| {
                match tag {
                    2 => span.message = value.text()?,
                    3 => span.code = value.varint()? as i64,
                    _ => {}
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    span.dropped = span.dropped.saturating_add(room.dropped);
    Ok(())
}

fn event<'a>(bytes: &'a [u8], room: &mut Room) -> Result<RawEvent<'a>, Broken> {
    let mut event = RawEvent::default();
    fields(bytes, |tag, value| {
        match tag {
            1 => event.at = value.fixed64()?,
            2 => event.name = value.text()?,
            3 => room.pair(&mut event.attributes, value.bytes()?, 0)?,
            4 => event.dropped = event.dropped.saturating_add(value.varint()?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(event)
}

fn link<'a>(bytes: &'a [u8], room: &mut Room) -> Result<RawLink<'a>, Broken> {
    let mut link = RawLink::default();
    fields(bytes, |tag, value| {
        match tag {
            1 => link.trace = value.trace_id()?,
            2 => link.id = value.span_id()?,
            4 => room.pair(&mut link.attributes, value.bytes()?, 0)?,
            5 => link.dropped = link.dropped.saturating_add(value.varint()?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(link)
}

/// What a span may still bring, and what it brought beyond that.
struct Room {
    left: usize,
    dropped: u64,
}

impl Default for Room {
    fn default() -> Self {
        Self { left: MOST_OF_A_SPAN, dropped: 0 }
    }
}

impl Room {
    fn push<T>(&mut self, all: &mut Vec<T>, one: T, most: usize) {
        if self.left == 0 || all.len() >= most {
            self.dropped = self.dropped.saturating_add(1);
        } else {
            self.left -= 1;
            all.push(one);
        }
    }

    /// `KeyValue`.
    fn pair<'a>(&mut self, all: &mut Pairs<'a>, bytes: &'a [u8], depth: usize) -> Result<(), Broken> {
        let (mut key, mut raw) = (Cow::Borrowed(""), Raw::Empty);
        fields(bytes, |tag, value| {
            match tag {
                1 => key = value.text()?,
                2 => raw = self.any(value.bytes()?, depth)?,
                _ => {}
            }
            Ok(())
        })?;
        self.push(all, (key, raw), MOST_ATTRIBUTES);
        Ok(())
    }

    /// `AnyValue`.
    fn any<'a>(&mut self, bytes: &'a [u8], depth: usize) -> Result<Raw<'a>, Broken> {
        let mut raw = Raw::Empty;
        fields(bytes, |tag, value| {
            match tag {
                1 => raw = Raw::Text(value.text()?),
                2 => raw = Raw::Bool(value.varint()? != 0),
                3 => raw = Raw::Int(value.varint()? as i64),
                4 => raw = Raw::Float(f64::from_bits(value.fixed64()?)),
                // Deeper than anybody writes: no answer may exhaust the stack.
                5 | 6 if depth >= DEEPEST => self.dropped = self.dropped.saturating_add(1),
                5 => {
                    let mut all = Vec::new();
                    fields(value.bytes()?, |tag, value| {
                        if tag == 1 {
                            let one = self.any(value.bytes()?, depth + 1)?;
                            self.push(&mut all, one, MOST_ATTRIBUTES);
                        }
                        Ok(())
                    })?;
                    raw = Raw::List(all);
                }
                6 => {
                    let mut all = Pairs::new();
                    fields(value.bytes()?, |tag, value| match tag {
                        1 => self.pair(&mut all, value.bytes()?, depth + 1),
                        _ => Ok(()),
                    })?;
                    raw = Raw::Map(all);
                }
                7 => raw = Raw::Bytes(value.bytes()?.len()),
                _ => {}
            }
            Ok(())
        })?;
        Ok(raw)
    }
}
