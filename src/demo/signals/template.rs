//! Text with `$name` in it, and JSON objects with such text, compiled to pieces.

use std::sync::Arc;

use toml::de::DeValue;

use super::draw::Draw;
use super::field::{self, Field, NotHere};
use super::place::Place;
use super::scene::Scene;
use crate::document::{Problems, Value, did_you_mean};
use crate::model;
use crate::text::signals::EN as WORDS;

/// What stands for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Field(Field),
    /// Index of a draw.
    Draw(u16),
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// As it is.
    Plain,
    /// Inside of a JSON string.
    Escaped,
    /// As a JSON value: numbers stay numbers.
    Json,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Literal(String),
    Filled(Source, How),
}

/// A compiled text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::demo) struct Template(Vec<Piece>);

/// What a text may be filled with, where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    pub place: Place,
    pub draws: &'a [Draw],
}

impl Names<'_> {
    fn find(self, name: &str, at: &Value<'_, '_>, problems: &mut Problems) -> Option<Source> {
        if let Some(draw) = self.draws.iter().position(|draw| draw.name == name) {
            return Some(Source::Draw(draw as u16));
        }
        match field::find(name, self.place) {
            Ok(field) => return Some(Source::Field(field)),
            Err(NotHere::Unknown) => {
                let known = field::names()
                    .map(|name| -> &str { name })
                    .chain(self.draws.iter().map(|draw| draw.name.as_str()));
                let help = did_you_mean(name, known).map(|near| (WORDS.did_you_mean)(&format!("${near}")));
                at.problem(&(WORDS.unknown_field)(name), help, problems);
            }
            Err(NotHere::NoValue) => at.problem(&(WORDS.field_without_value)(name), None, problems),
            Err(NotHere::Identifies) => {
                at.problem(&(WORDS.field_identifies)(name), Some(WORDS.only_leaky.to_owned()), problems);
            }
        }
        None
    }
}

/// Parts of a text: what stands between names, and names. `$$` is a dollar sign; a dollar sign
/// before anything but a small letter is one too.
fn parts(text: &str) -> Vec<Result<&str, &str>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let length = after
            .find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))
            .unwrap_or(after.len());
        let named = after.starts_with(|c: char| c.is_ascii_lowercase());
        if named {
            out.push(Err(before));
            out.push(Ok(&after[..length]));
            rest = &after[length..];
        } else {
            out.push(Err(&rest[..=at]));
            rest = after.strip_prefix('$').unwrap_or(after);
        }
    }
    out.push(Err(rest));
    out
}

impl Template {
    /// Compiles a plain text.
    pub(super) fn text(value: &Value<'_, '_>, names: Names<'_>, problems: &mut Problems) -> Option<Self> {
        let text = value.string(problems)?;
        if text.trim().is_empty() {
            value.problem(WORDS.empty, None, problems);
            return None;
        }
        let mut template = Self::default();
        template.add(&text, How::Plain, value, names, problems);
        Some(template)
    }

    /// Compiles a JSON object: the entries of several tables, one after another.
    pub(super) fn json(tables: &[Value<'_, '_>], names: Names<'_>, problems: &mut Problems) -> Self {
        let mut template = Self::default();
        template.object(tables, names, problems);
        template
    }

    fn object(&mut self, tables: &[Value<'_, '_>], names: Names<'_>, problems: &mut Problems) {
        self.literal("{");
        let mut first = true;
        for table in tables {
            let Some(section) = table.section(problems) else { continue };
            for (key, _, value) in section.entries() {
                if !first {
                    self.literal(", ");
                }
                first = false;
                self.literal(&quoted(&key));
                self.literal(": ");
                self.value(&value, names, problems);
            }
        }
        self.literal("}");
    }

    fn value(&mut self, value: &Value<'_, '_>, names: Names<'_>, problems: &mut Problems) {
        match value.value {
            DeValue::String(text) => match parts(text).as_slice() {
                [Err(""), Ok(name), Err("")] => {
                    if let Some(source) = names.find(name, value, problems) {
                        self.0.push(Piece::Filled(source, How::Json));
                    }
                }
                _ => {
                    self.literal("\"");
                    self.add(text, How::Escaped, value, names, problems);
                    self.literal("\"");
                }
            },
            DeValue::Integer(_) => self.literal(&value.integer(problems).unwrap_or_default().to_string()),
            DeValue::Float(_) => {
                let number = value.float(problems).filter(|number| number.is_finite());
                if number.is_none() {
                    value.problem(WORDS.not_finite, None, problems);
                }
                self.literal(&number.unwrap_or_default().to_string());
            }
            DeValue::Boolean(word) => self.literal(if *word { "true" } else { "false" }),
            DeValue::Array(_) => {
                self.literal("[");
                for (at, element) in value.array(problems).unwrap_or_default().iter().enumerate() {
                    if at > 0 {
                        self.literal(", ");
                    }
                    self.value(element, names, problems);
                }
                self.literal("]");
            }
            DeValue::Table(_) => self.object(std::slice::from_ref(value), names, problems),
            DeValue::Datetime(_) => {
                let _: Option<()> = value.wrong(WORDS.json_value, problems);
            }
        }
    }

    fn add(&mut self, text: &str, how: How, at: &Value<'_, '_>, names: Names<'_>, problems: &mut Problems) {
        for part in parts(text) {
            match part {
                Err(literal) if how == How::Escaped => {
                    let mut escaped = String::new();
                    escape(literal, &mut escaped);
                    self.literal(&escaped);
                }
                Err(literal) => self.literal(literal),
                Ok(name) => {
                    if let Some(source) = names.find(name, at, problems) {
                        self.0.push(Piece::Filled(source, how));
                    }
                }
            }
        }
    }

    fn literal(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Literal(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push(Piece::Literal(text.to_owned())),
        }
    }

    /// Fills it.
    pub(in crate::demo) fn fill(&self, scene: &Scene<'_>, out: &mut String) {
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Filled(source, how) => {
                    let value = scene.value(*source);
                    match how {
                        How::Plain => value.plain(out),
                        How::Escaped => value.escaped(out),
                        How::Json => value.json(out),
                    }
                }
            }
        }
    }

    /// Fills it into a text of its own.
    pub(in crate::demo) fn filled(&self, scene: &Scene<'_>) -> String {
        let mut out = String::new();
        self.fill(scene, &mut out);
        out
    }
}

/// The value of a span's attribute, before it is filled.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) enum Attribute {
    /// The same for every span.
    Fixed(model::Attribute),
    /// Text with names in it.
    Text(Template),
    /// A single name, whose type stays; nothing where it has no value.
    Value(TypedSource),
}

/// What a single name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) struct TypedSource(Source);

impl Attribute {
    /// Compiles one; a list holds fixed texts only.
    pub(super) fn read(value: &Value<'_, '_>, names: Names<'_>, problems: &mut Problems) -> Option<Self> {
        let fixed = |value| Some(Self::Fixed(value));
        match value.value {
            DeValue::String(text) => match parts(text).as_slice() {
                [Err(""), Ok(name), Err("")] => {
                    names.find(name, value, problems).map(|source| Self::Value(TypedSource(source)))
                }
                [Err(text)] => fixed(model::Attribute::Text(Arc::from(*text))),
                _ => Template::text(value, names, problems).map(Self::Text),
            },
            DeValue::Integer(_) => fixed(model::Attribute::Int(value.integer(problems)?)),
            DeValue::Float(_) => fixed(model::Attribute::Float(value.float(problems)?)),
            DeValue::Boolean(word) => fixed(model::Attribute::Bool(*word)),
            DeValue::Array(_) => {
                let texts = value.strings(problems)?;
                let texts = texts.into_iter().map(|text| model::Attribute::Text(text.into()));
                fixed(model::Attribute::List(texts.collect()))
            }
            DeValue::Datetime(_) | DeValue::Table(_) => value.wrong(WORDS.attribute_value, problems),
        }
    }

    /// Fills it; `None` where there is no value.
    pub(in crate::demo) fn fill(&self, scene: &Scene<'_>) -> Option<model::Attribute> {
        match self {
            Self::Fixed(value) => Some(value.clone()),
            Self::Text(template) => Some(model::Attribute::Text(template.filled(scene).into())),
            Self::Value(source) => scene.value(source.0).attribute(),
        }
    }
}

/// A JSON string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    escape(text, &mut out);
    out.push('"');
    out
}

/// Writes what stands between the quotes of a JSON string (RFC 8259, section 7).
pub(super) fn escape(text: &str, out: &mut String) {
    use std::fmt::Write as _;
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_dollar_signs() {
        assert_eq!(parts("a $b_2-c"), [Err("a "), Ok("b_2"), Err("-c")]);
        assert_eq!(parts("$a$b"), [Err(""), Ok("a"), Err(""), Ok("b"), Err("")]);
        assert_eq!(parts("R$ 5, $$x, $1, $"), [Err("R$"), Err(" 5, $"), Err("x, $"), Err("1, $"), Err("")]);
    }

    #[test]
    fn json_strings_are_escaped() {
        assert_eq!(quoted("a\"b\\c\nd\u{1}ç"), r#""a\"b\\c\nd\u0001ç""#);
    }
}
