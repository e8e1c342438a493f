//! What each stage of a pipeline does to a line.

use std::borrow::Cow;

use regex::Regex;

use super::ast::{Filter, LineMatch, Source, Stage, Step, Unit};
use super::json::{self, Leaf};
use super::line::{Line, Origin};
use super::logfmt;
use crate::model::{MatchOp, Matcher};
use crate::query::units;

/// Runs a line through all stages; whether it is kept.
pub(super) fn run(stages: &[Stage], line: &mut Line<'_>) -> bool {
    stages.iter().all(|stage| step(stage, line))
}

fn step(stage: &Stage, line: &mut Line<'_>) -> bool {
    match stage {
        Stage::Line { negated, any } => {
            let text: &str = &line.text;
            let found = any.iter().any(|wanted| match wanted {
                LineMatch::Text(wanted) => text.contains(wanted.as_str()),
                LineMatch::Regex(regex) => regex.is_match(text),
                LineMatch::Pattern(pattern) => pattern.is_match(text),
            });
            return found != *negated;
        }
        Stage::Json(only) if only.is_empty() => all_json(line),
        Stage::Json(only) => some_json(line, only),
        Stage::Logfmt { strict, keep_empty, only } => logfmt_stage(line, *strict, *keep_empty, only),
        Stage::Pattern(pattern) => {
            let text = line.text.clone();
            let mut found = Vec::new();
            pattern.captures(&text, |name, value| found.push((name.to_owned(), value.to_owned())));
            for (name, value) in found {
                extract(line, &name, Cow::Owned(value));
            }
        }
        Stage::Regexp(regex) => {
            let text = line.text.clone();
            if let Some(captures) = regex.captures(&text) {
                for name in regex.capture_names().flatten() {
                    if let Some(value) = captures.name(name) {
                        extract(line, name, Cow::Owned(value.as_str().to_owned()));
                    }
                }
            }
        }
        Stage::Unpack => unpack(line),
        Stage::Filter(filter) => return holds(filter, line),
        Stage::LineFormat(template) => {
            line.text = Cow::Owned(template.fill(&line.text, |name| line.get(name)));
        }
        Stage::LabelFormat(all) => {
            for (name, source) in all {
                match source {
                    Source::Label(from) => {
                        let Some((value, origin)) = line.find(from).map(|(v, o)| (v.to_owned(), o)) else {
                            continue;
                        };
                        line.remove(from);
                        line.set(Cow::Owned(name.clone()), Cow::Owned(value), origin);
                    }
                    Source::Template(template) => {
                        let value = template.fill(&line.text, |name| line.get(name));
                        line.set(Cow::Owned(name.clone()), Cow::Owned(value), Origin::Parsed);
                    }
                }
            }
        }
        Stage::Select { keep, names } => select(line, *keep, names),
        Stage::Decolorize => {
            if line.text.contains('\u{1b}') {
                line.text = Cow::Owned(without_colour(&line.text));
            }
        }
    }
    true
}

/// Label names have letters, digits and underscores; other characters become underscores.
pub(super) fn label_name(key: &str) -> Cow<'_, str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let digit_first = key.starts_with(|c: char| c.is_ascii_digit());
    if !digit_first && key.bytes().all(fits) {
        return Cow::Borrowed(key);
    }
    let mut name = String::with_capacity(key.len() + 1);
    if digit_first {
        name.push('_');
    }
    name.extend(key.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }));
    Cow::Owned(name)
}

/// A label that a parser found: with `_extracted` where the stream has one of that name; of two, the
/// first stays.
fn extract<'e>(line: &mut Line<'e>, key: &str, value: Cow<'e, str>) {
    let name = label_name(key.trim());
    if name.is_empty() {
        return;
    }
    let name = if line.stream_has(&name) { format!("{name}_extracted") } else { name.into_owned() };
    if !line.is_set(&name) {
        line.set(Cow::Owned(name), value, Origin::Parsed);
    }
}

fn all_json(line: &mut Line<'_>) {
    let text = line.text.clone();
    let done = json::leaves(&text, '_', &mut |path, leaf| match leaf {
        Leaf::Text(value) => extract(line, path, Cow::Owned(value.into_owned())),
        Leaf::Plain(value) => extract(line, path, Cow::Owned(value.to_owned())),
        Leaf::Null | Leaf::Array(_) => {}
    });
    if let Err(details) = done {
        line.fail("JSONParserErr", details);
    }
}

fn some_json(line: &mut Line<'_>, only: &[(String, Vec<Step>)]) {
    let text = line.text.clone();
    for (name, path) in only {
        match json::at(&text, path) {
            Ok(value) => {
                extract(line, name, Cow::Owned(value.map(Cow::into_owned).unwrap_or_default()));
            }
            Err(details) => return line.fail("JSONParserErr", details),
        }
    }
}

fn logfmt_stage(line: &mut Line<'_>, strict: bool, keep_empty: bool, only: &[(String, String)]) {
    let text = line.text.clone();
    let done = logfmt::pairs(&text, strict, |key, value| {
        if only.is_empty() {
            if !value.is_empty() || keep_empty {
                extract(line, key, Cow::Owned(value.into_owned()));
            }
        } else {
            for (name, wanted) in only {
                if wanted == key {
                    extract(line, name, Cow::Owned(value.clone().into_owned()));
                }
            }
        }
    });
    if let Err(details) = done {
        line.fail("LogfmtParserErr", details);
    }
}

fn unpack(line: &mut Line<'_>) {
    let text = line.text.clone();
    let mut entry = None;
    let done = json::leaves(&text, '_', &mut |path, leaf| {
        if let Leaf::Text(value) = leaf {
            if path == "_entry" {
                entry = Some(value.into_owned());
            } else {
                extract(line, path, Cow::Owned(value.into_owned()));
            }
        }
    });
    match (done, entry) {
        (Err(details), _) => line.fail("JSONParserErr", details),
        (Ok(()), Some(entry)) => line.text = Cow::Owned(entry),
        (Ok(()), None) => {}
    }
}

fn select(line: &mut Line<'_>, keep: bool, names: &[(String, Option<Matcher>)]) {
    let holds = |line: &Line<'_>, name: &str, matcher: Option<&Matcher>| {
        matcher.is_none_or(|matcher| {
            matcher.matches(&crate::model::Labels::new([(name, line.get(name).unwrap_or(""))]))
        })
    };
    if keep {
        for name in line.names() {
            let kept =
                names.iter().any(|(wanted, matcher)| *wanted == name && holds(line, &name, matcher.as_ref()));
            if !kept {
                line.remove(&name);
            }
        }
    } else {
        for (name, matcher) in names {
            if line.get(name).is_some() && holds(line, name, matcher.as_ref()) {
                line.remove(name);
            }
        }
    }
}

/// Whether a line satisfies a condition. A number that cannot be read fails the line, which then
/// stays: only a filter on `__error__` takes it out.
pub(super) fn holds(filter: &Filter, line: &mut Line<'_>) -> bool {
    match filter {
        // Both sides are looked at only as far as needed, as in Loki.
        Filter::And(left, right) => holds(left, line) && holds(right, line),
        Filter::Or(left, right) => holds(left, line) || holds(right, line),
        Filter::Text { name, op, value, regex } => {
            let found = line.get(name).unwrap_or("");
            match op {
                MatchOp::Equal => found == value,
                MatchOp::NotEqual => found != value,
                MatchOp::Regex => regex.as_ref().is_some_and(|regex| regex.is_match(found)),
                MatchOp::NotRegex => !regex.as_ref().is_some_and(|regex| regex.is_match(found)),
            }
        }
        Filter::Number { name, unit, op, value } => {
            if line.failed() {
                return true;
            }
            let Some(text) = line.get(name).filter(|text| !text.is_empty()) else { return false };
            if let Some(found) = number(text, *unit) {
                return op.holds(found, *value);
            }
            let details = format!("cannot convert {text:?}");
            line.fail("LabelFilterErr", &details);
            true
        }
    }
}

/// A label's text as a number; durations in nanoseconds.
pub(super) fn number(text: &str, unit: Unit) -> Option<f64> {
    match unit {
        Unit::Number => text.parse().ok(),
        Unit::Duration => units::duration(text).map(|ns| ns as f64),
        Unit::Bytes => units::bytes(text),
    }
}

fn without_colour(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' && chars.peek() == Some(&'[') {
            chars.next();
            for c in chars.by_ref() {
                if c.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// `label_replace`: the new value, where the pattern matches.
pub(super) fn replaced(regex: &Regex, template: &str, from: &str) -> Option<String> {
    let captures = regex.captures(from)?;
    let mut out = String::new();
    captures.expand(template, &mut out);
    Some(out)
}
