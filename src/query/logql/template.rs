//! The subset of Go's templates that `line_format` and `label_format` take here: fields, strings,
//! pipes and a handful of functions. Anything else is said to be unsupported.

use std::fmt::Write as _;

use super::LogQlError;
use crate::query::units;

/// A template.
#[derive(Debug)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    /// Calls whose result is the next one's last argument.
    Pipe(Vec<Call>),
}

#[derive(Debug)]
enum Call {
    Value(Value),
    Function(Function, Vec<Value>),
}

#[derive(Debug)]
enum Value {
    Field(String),
    Text(String),
    Line,
}

#[derive(Clone, Copy, Debug)]
enum Function {
    Lower,
    Upper,
    Trim,
    Trunc,
    Default,
    Replace,
    /// Go's `strings.Replace`: the text comes first.
    GoReplace,
    Substr,
}

impl Function {
    fn of(name: &str) -> Option<(Self, usize)> {
        Some(match name {
            "lower" | "ToLower" => (Self::Lower, 1),
            "upper" | "ToUpper" => (Self::Upper, 1),
            "trim" | "TrimSpace" => (Self::Trim, 1),
            "trunc" => (Self::Trunc, 2),
            "default" => (Self::Default, 2),
            "replace" => (Self::Replace, 3),
            "Replace" => (Self::GoReplace, 4),
            "substr" => (Self::Substr, 3),
            _ => return None,
        })
    }

    fn call(self, arguments: &[String]) -> String {
        let at = |index: usize| arguments.get(index).map_or("", String::as_str);
        let number = |index: usize| at(index).parse::<i64>().unwrap_or(0);
        match self {
            Self::Lower => at(0).to_lowercase(),
            Self::Upper => at(0).to_uppercase(),
            Self::Trim => at(0).trim().to_owned(),
            Self::Trunc => {
                let (want, text) = (number(0), at(1));
                let size = want.unsigned_abs() as usize;
                let skip = if want < 0 { text.chars().count().saturating_sub(size) } else { 0 };
                text.chars().skip(skip).take(size).collect()
            }
            Self::Default => at(usize::from(!at(1).is_empty())).to_owned(),
            Self::Replace if at(0).is_empty() => at(2).to_owned(),
            Self::Replace => at(2).replace(at(0), at(1)),
            Self::GoReplace if at(1).is_empty() => at(0).to_owned(),
            Self::GoReplace => match usize::try_from(number(3)) {
                Ok(count) => at(0).replacen(at(1), at(2), count),
                Err(_) => at(0).replace(at(1), at(2)),
            },
            Self::Substr => {
                let (from, to) = (number(0).max(0) as usize, number(1));
                let chars = at(2).chars().skip(from);
                match usize::try_from(to) {
                    Ok(to) => chars.take(to.saturating_sub(from)).collect(),
                    Err(_) => chars.collect(),
                }
            }
        }
    }
}

impl Template {
    /// Reads a template.
    pub(super) fn parse(text: &str) -> Result<Self, LogQlError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find("{{") {
            let (before, action) = (&rest[..open], &rest[open + 2..]);
            let close = action
                .find("}}")
                .ok_or_else(|| LogQlError::Parse(format!("invalid template `{text}`: unclosed action")))?;
            let (mut inner, mut after) = (&action[..close], &action[close + 2..]);
            let mut before = before;
            if let Some(trimmed) = inner.strip_prefix("- ") {
                (inner, before) = (trimmed, before.trim_end());
            }
            if let Some(trimmed) = inner.strip_suffix(" -") {
                (inner, after) = (trimmed, after.trim_start());
            }
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Pipe(pipe(inner)?));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// Fills it in. `field` gives a label's value.
    pub(super) fn fill<'a>(&self, line: &str, field: impl Fn(&str) -> Option<&'a str>) -> String {
        let mut out = String::new();
        let value = |value: &Value| match value {
            Value::Field(name) => field(name).unwrap_or("").to_owned(),
            Value::Text(text) => text.clone(),
            Value::Line => line.to_owned(),
        };
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Pipe(calls) => {
                    let mut carried: Option<String> = None;
                    for call in calls {
                        carried = Some(match call {
                            Call::Value(of) => value(of),
                            Call::Function(function, given) => {
                                let mut arguments: Vec<String> = given.iter().map(value).collect();
                                arguments.extend(carried.take());
                                function.call(&arguments)
                            }
                        });
                    }
                    let _ = write!(out, "{}", carried.unwrap_or_default());
                }
            }
        }
        out
    }
}

fn pipe(text: &str) -> Result<Vec<Call>, LogQlError> {
    let unsupported = || LogQlError::Unsupported(format!("the template action `{{{{{text}}}}}`"));
    let mut calls: Vec<Call> = Vec::new();
    let mut words: Vec<Word> = Vec::new();
    let mut rest = text.trim_start();
    loop {
        let ended = rest.is_empty();
        if ended || rest.starts_with('|') {
            calls.push(call(std::mem::take(&mut words), !calls.is_empty()).ok_or_else(unsupported)?);
            if ended {
                return Ok(calls);
            }
            rest = rest[1..].trim_start();
            continue;
        }
        let size = if rest.starts_with(['"', '`']) {
            let (value, size) = units::quoted(rest).ok_or_else(unsupported)?;
            words.push(Word::Value(Value::Text(value)));
            size
        } else {
            let size = rest.find(|c: char| c.is_whitespace() || c == '|').unwrap_or(rest.len());
            let word = &rest[..size];
            let named = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            words.push(match word.strip_prefix('.') {
                Some(name) if named(name) && !name.is_empty() => Word::Value(Value::Field(name.to_owned())),
                Some(_) => return Err(unsupported()),
                None if word == "__line__" => Word::Value(Value::Line),
                None if word.parse::<i64>().is_ok() => Word::Value(Value::Text(word.to_owned())),
                None => Word::Name(word.to_owned()),
            });
            size
        };
        rest = rest[size..].trim_start();
    }
}

enum Word {
    Value(Value),
    Name(String),
}

fn call(words: Vec<Word>, piped: bool) -> Option<Call> {
    let mut words = words.into_iter();
    match words.next()? {
        Word::Value(value) => (words.next().is_none() && !piped).then_some(Call::Value(value)),
        Word::Name(name) => {
            let (function, wants) = Function::of(&name)?;
            let mut given = Vec::new();
            for word in words {
                let Word::Value(value) = word else { return None };
                given.push(value);
            }
            (given.len() + usize::from(piped) == wants).then_some(Call::Function(function, given))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_pipes_and_functions_fill_in() {
        let field = |name: &str| (name == "op").then_some("Create Record");
        for (template, expected) in [
            ("{{.op}}", "Create Record"),
            ("a {{ .op | ToUpper }} b", "a CREATE RECORD b"),
            ("{{ .op | lower | trunc 6 }}", "create"),
            ("{{ .none | default \"-\" }}", "-"),
            ("{{ replace \" \" \"_\" .op }}", "Create_Record"),
            ("{{ Replace .op \"e\" \"3\" -1 }}", "Cr3at3 R3cord"),
            ("{{ substr 0 3 .op }}|{{ __line__ }}", "Cre|the line"),
            ("no action", "no action"),
            ("x {{- .op -}} y", "xCreate Recordy"),
        ] {
            let parsed = Template::parse(template).expect(template);
            assert_eq!(parsed.fill("the line", field), expected, "{template}");
        }
    }

    #[test]
    fn what_it_cannot_do_it_says() {
        for template in
            ["{{ if .a }}x{{ end }}", "{{ printf \"%s\" .a }}", "{{ .a.b }}", "{{ }}", "{{ lower }}"]
        {
            assert!(matches!(Template::parse(template), Err(LogQlError::Unsupported(_))), "{template}");
        }
        assert!(matches!(Template::parse("{{ .a"), Err(LogQlError::Parse(_))));
    }
}
