//! What one log line says: its level, and its fields as JSON or logfmt.
//!
//! Owns reading a line; must not know how it is shown.

use crate::model::LogEntry;
use crate::pack::Level;
use crate::query::logql::{self, Leaf};

/// Between the keys of a path while it is read: no key holds it.
const JOIN: char = '\u{1f}';

/// Keys under which loggers write what a line says in words, best first.
pub const MESSAGE: [&str; 6] = ["message", "msg", "event", "body", "text", "log"];

/// How grave a line says it is, worst first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogLevel {
    /// `critical`, `fatal`, `emergency`, `alert`, `panic`.
    Critical,
    /// `error`.
    Error,
    /// `warning`.
    Warning,
    /// `info`, `notice`.
    Info,
    /// `debug`, `trace`.
    Debug,
    /// It says nothing, or a word that nobody knows.
    #[default]
    Unknown,
}

impl LogLevel {
    /// All of them, worst first.
    pub const ALL: [Self; 6] =
        [Self::Critical, Self::Error, Self::Warning, Self::Info, Self::Debug, Self::Unknown];

    /// The level of a word, however it is spelt; `None` for a word that is none.
    pub fn of_word(word: &str) -> Option<Self> {
        const WORDS: [(&str, LogLevel); 24] = [
            ("info", LogLevel::Info),
            ("error", LogLevel::Error),
            ("warning", LogLevel::Warning),
            ("warn", LogLevel::Warning),
            ("debug", LogLevel::Debug),
            ("critical", LogLevel::Critical),
            ("fatal", LogLevel::Critical),
            ("crit", LogLevel::Critical),
            ("err", LogLevel::Error),
            ("trace", LogLevel::Debug),
            ("notice", LogLevel::Info),
            ("information", LogLevel::Info),
            ("informational", LogLevel::Info),
            ("inf", LogLevel::Info),
            ("wrn", LogLevel::Warning),
            ("dbg", LogLevel::Debug),
            ("trc", LogLevel::Debug),
            ("emergency", LogLevel::Critical),
            ("emerg", LogLevel::Critical),
            ("alert", LogLevel::Critical),
            ("panic", LogLevel::Critical),
            ("severe", LogLevel::Error),
            ("verbose", LogLevel::Debug),
            ("log", LogLevel::Info),
        ];
        let word = word.trim();
        WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, level)| *level)
    }

    /// How bad that is.
    pub fn level(self) -> Level {
        match self {
            Self::Critical | Self::Error => Level::Critical,
            Self::Warning => Level::Warning,
            Self::Info | Self::Debug | Self::Unknown => Level::Ok,
        }
    }
}

/// The level of a line: of its stream, its metadata, else of what the line itself says. `names` are the
/// labels and fields that hold it, best first.
pub fn level(entry: &LogEntry, names: &[String]) -> LogLevel {
    labelled(entry, names).unwrap_or_else(|| written(&entry.line, names))
}

/// The level that labels tell.
pub fn labelled(entry: &LogEntry, names: &[String]) -> Option<LogLevel> {
    [&entry.labels, &entry.metadata]
        .into_iter()
        .filter(|labels| !labels.is_empty())
        .find_map(|labels| names.iter().find_map(|name| labels.get(name).and_then(LogLevel::of_word)))
}

/// The level that a line itself tells: a field of JSON or logfmt, else the first word that is one among its first.
pub fn written(line: &str, names: &[String]) -> LogLevel {
    let mut found: Option<(usize, LogLevel)> = None;
    let mut note = |name: &str, value: &str| {
        if let Some(rank) = names.iter().position(|known| known == name)
            && let Some(level) = LogLevel::of_word(value)
            && found.is_none_or(|(best, _)| rank < best)
        {
            found = Some((rank, level));
        }
    };
    match Form::of(line) {
        Form::Json => {
            logql::json_leaves(line, JOIN, &mut |path, leaf| {
                if let Leaf::Text(text) = leaf {
                    note(path, &text);
                }
            });
        }
        Form::Logfmt => {
            for (key, value) in logql::logfmt_pairs(line) {
                note(&key, &value);
            }
        }
        Form::Text => {
            let words = line.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2);
            // Further on in a sentence `error` is a word like any other.
            return words
                .take(12)
                .filter(|word| !word.eq_ignore_ascii_case("log"))
                .find_map(LogLevel::of_word)
                .unwrap_or_default();
        }
    }
    found.map_or(LogLevel::Unknown, |(_, level)| level)
}

/// How a line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A JSON object.
    Json,
    /// `key=value` pairs from its start.
    Logfmt,
    /// Anything else.
    Text,
}

impl Form {
    /// The form of a line, from its beginning alone.
    pub fn of(line: &str) -> Self {
        let line = line.trim_start();
        if line.starts_with('{') {
            return Self::Json;
        }
        let key = line.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')));
        let is_pair = key.is_some_and(|end| end > 0 && line[end..].starts_with('='));
        // One pair may stand in any sentence; a line that is made of them has another.
        if is_pair && line.matches('=').nth(1).is_some() { Self::Logfmt } else { Self::Text }
    }
}

/// Where a field of a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A label of its stream.
    Stream,
    /// Structured metadata of the line.
    Metadata,
    /// A leaf of a JSON line.
    Json,
    /// An array of a JSON line, which no parser of Loki looks into.
    JsonArray,
    /// A pair of a logfmt line.
    Logfmt,
}

/// What kind of value a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A number, as written.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
    /// A JSON array, as written.
    Array,
}

/// One field of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Where it comes from.
    pub origin: Origin,
    /// Keys from the outside in; one for whatever does not nest.
    pub path: Vec<String>,
    /// Value: a string's content, else as written; empty for `null`.
    pub value: String,
    /// Kind of the value.
    pub kind: Kind,
}

impl Field {
    /// Its name for a person: keys joined by dots.
    pub fn name(&self) -> String {
        self.path.join(".")
    }

    /// The name of the label that Loki's parsers make of it, where no label has that name already.
    pub fn label(&self) -> String {
        logql::label_name(&self.path.join("_")).into_owned()
    }
}

/// The fields that a line itself holds, in its order; none for plain text.
pub fn parsed(line: &str) -> Vec<Field> {
    let mut found = Vec::new();
    match Form::of(line) {
        Form::Json => {
            logql::json_leaves(line, JOIN, &mut |path, leaf| {
                let (origin, kind, value) = match leaf {
                    Leaf::Text(text) => (Origin::Json, Kind::Text, text.into_owned()),
                    Leaf::Plain(word @ ("true" | "false")) => (Origin::Json, Kind::Bool, word.to_owned()),
                    Leaf::Plain(number) => (Origin::Json, Kind::Number, number.to_owned()),
                    Leaf::Null => (Origin::Json, Kind::Null, String::new()),
                    Leaf::Array(text) => (Origin::JsonArray, Kind::Array, text.to_owned()),
                };
                let path = path.split(JOIN).map(str::to_owned).collect();
                found.push(Field { origin, path, value, kind });
            });
        }
        Form::Logfmt => {
            found.extend(logql::logfmt_pairs(line).into_iter().map(|(key, value)| {
                let kind = match value.as_str() {
                    "true" | "false" => Kind::Bool,
                    text if text.parse::<f64>().is_ok() => Kind::Number,
                    _ => Kind::Text,
                };
                Field { origin: Origin::Logfmt, path: vec![key], value, kind }
            }));
        }
        Form::Text => {}
    }
    found
}

/// Every field of an entry: the stream's labels, its metadata, what the line holds.
pub fn all(entry: &LogEntry) -> Vec<Field> {
    let labels = |origin: Origin, labels: &crate::model::Labels| -> Vec<Field> {
        labels
            .iter()
            .map(|(name, value)| Field {
                origin,
                path: vec![name.to_owned()],
                value: value.to_owned(),
                kind: Kind::Text,
            })
            .collect()
    };
    let mut found = labels(Origin::Stream, &entry.labels);
    found.extend(labels(Origin::Metadata, &entry.metadata));
    found.extend(parsed(&entry.line));
    found
}

/// The first of these names that the entry has: as a label, as metadata, as a field of the line.
pub fn first<'e>(entry: &'e LogEntry, fields: &'e [Field], names: &[String]) -> Option<&'e str> {
    names.iter().find_map(|name| {
        entry
            .labels
            .get(name)
            .or_else(|| entry.metadata.get(name))
            .or_else(|| {
                let found = fields.iter().find(|field| field.path.len() == 1 && field.path[0] == *name);
                found.map(|field| field.value.as_str())
            })
            .filter(|value| !value.is_empty())
    })
}

/// What a line says in words, and the index of the field that says it.
pub fn message(fields: &[Field]) -> Option<usize> {
    MESSAGE.iter().find_map(|name| {
        fields.iter().position(|field| {
            field.path.len() == 1
                && field.kind == Kind::Text
                && !field.value.is_empty()
                && field.path[0].eq_ignore_ascii_case(name)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Labels;

    fn names() -> Vec<String> {
        crate::pack::Explore::default().log_level
    }

    fn entry(line: &str, labels: &[(&str, &str)]) -> LogEntry {
        LogEntry {
            ts: 0,
            labels: labels.iter().copied().collect(),
            line: line.into(),
            metadata: Labels::default(),
        }
    }

    #[test]
    fn the_level_comes_from_labels_first_and_else_from_the_line() {
        for (line, labels, expected) in [
            (r#"{"level":"info"}"#, &[("level", "critical")][..], LogLevel::Critical),
            (r#"{"a":1,"severity":"WARN"}"#, &[], LogLevel::Warning),
            (r#"{"severity":"error","level":"debug"}"#, &[], LogLevel::Debug),
            ("level=error msg=\"x\" a=1", &[], LogLevel::Error),
            ("2026-11-22 03:12:07 [311] medical@records FATAL:  sorry", &[], LogLevel::Critical),
            ("2026-11-22 [311] LOG:  checkpoint complete", &[], LogLevel::Unknown),
            (r#"{"level":"loud"}"#, &[], LogLevel::Unknown),
            (r#"{"level":"info""#, &[], LogLevel::Info),
            ("", &[("detected_level", "unknown")], LogLevel::Unknown),
        ] {
            assert_eq!(level(&entry(line, labels), &names()), expected, "{line}");
        }
    }

    #[test]
    fn fields_nest_and_keep_their_text_as_written() {
        let found =
            parsed(r#"{"event":"x","details":{"attempts":3,"ok":true},"l":[1,"a"],"n":null,"d":4.10}"#);
        let shown: Vec<String> =
            found.iter().map(|f| format!("{}|{}|{}|{:?}", f.name(), f.label(), f.value, f.kind)).collect();
        assert_eq!(
            shown,
            [
                "event|event|x|Text",
                "details.attempts|details_attempts|3|Number",
                "details.ok|details_ok|true|Bool",
                "l|l|[1,\"a\"]|Array",
                "n|n||Null",
                "d|d|4.10|Number",
            ]
        );
        let found = parsed("time=1 level=INFO msg=\"Starting x\" ok=true");
        assert_eq!(
            found.iter().map(|f| f.value.as_str()).collect::<Vec<_>>(),
            ["1", "INFO", "Starting x", "true"]
        );
        assert!(parsed("a plain line with one=pair").is_empty());
        assert_eq!(message(&parsed(r#"{"event":"e","message":"m"}"#)), Some(1));
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_too_strange_to_read(line in ".{0,200}") {
            let _ = (parsed(&line), written(&line, &names()));
        }
    }
}
