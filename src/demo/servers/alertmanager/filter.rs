//! `filter=` and the parameters that are true or false.

use axum::http::StatusCode;

use super::super::form::Form;
use super::{Call, plain};
use crate::model::{Labels, MatchOp, Matcher};

/// The matchers of `filter`, all of which must hold.
pub(super) fn matchers(call: &Call) -> Result<Vec<Matcher>, (StatusCode, String)> {
    call.form
        .all("filter")
        .map(|text| matcher(text).map_err(|words| plain(StatusCode::BAD_REQUEST, &words)))
        .collect()
}

/// One matcher (`pkg/labels/parse.go`): a name, an operator, and the rest as it stands, quoted or not. So
/// `severity==` compares with `=`.
fn matcher(text: &str) -> Result<Matcher, String> {
    let bad = || format!("bad matcher format: {text}");
    let trimmed = text.trim();
    let end = trimmed
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | ':')))
        .filter(|end| *end > 0 && !trimmed.starts_with(|c: char| c.is_ascii_digit()))
        .ok_or_else(bad)?;
    let (name, rest) = (&trimmed[..end], trimmed[end..].trim_start());
    let operators =
        [("=~", MatchOp::Regex), ("!~", MatchOp::NotRegex), ("!=", MatchOp::NotEqual), ("=", MatchOp::Equal)];
    let (op, value) = operators
        .into_iter()
        .find_map(|(word, op)| rest.strip_prefix(word).map(|value| (op, value.trim())))
        .ok_or_else(bad)?;
    let value =
        unquoted(value).ok_or_else(|| format!("matcher value contains unescaped double quote: {value}"))?;
    Matcher::new(name, op, &value).map_err(|_| format!("error parsing regexp: `^(?:{value})$`"))
}

/// A value without its quotes, `\"`, `\\` and `\n` resolved.
fn unquoted(value: &str) -> Option<String> {
    let inner = value.strip_prefix('"').map_or(Some(value), |rest| rest.strip_suffix('"'))?;
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some(escaped @ ('"' | '\\')) => out.push(escaped),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            '"' => return None,
            other => out.push(other),
        }
    }
    Some(out)
}

/// Whether all matchers hold.
pub(super) fn holds(matchers: &[Matcher], labels: &Labels) -> bool {
    matchers.iter().all(|matcher| matcher.matches(labels))
}

/// A parameter that is true unless it says otherwise (`swag.ConvertBool` of Go's library for the API's description).
pub(super) fn flag(form: &Form, name: &str) -> bool {
    match form.get(name) {
        "" => true,
        text => matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "1" | "yes" | "ok" | "y" | "on" | "selected" | "checked" | "t" | "enabled"
        ),
    }
}

/// The receivers that `receiver` names: a regular expression of the whole.
pub(super) fn receiver(call: &Call) -> Result<Option<Matcher>, (StatusCode, String)> {
    match call.form.get("receiver") {
        "" => Ok(None),
        text => Matcher::new("receiver", MatchOp::Regex, text).map(Some).map_err(|_| {
            let words = format!("failed to parse receiver param: error parsing regexp: `^(?:{text})$`");
            plain(StatusCode::BAD_REQUEST, &words)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_as_alertmanager_reads_them() {
        for (text, name, op, value) in [
            ("severity=critical", "severity", MatchOp::Equal, "critical"),
            (" severity = \"a b\" ", "severity", MatchOp::Equal, "a b"),
            ("severity==", "severity", MatchOp::Equal, "="),
            ("a!=\"x\\\"y\\n\"", "a", MatchOp::NotEqual, "x\"y\n"),
            ("a=~\"x.*\"", "a", MatchOp::Regex, "x.*"),
            ("a!~x|y", "a", MatchOp::NotRegex, "x|y"),
            ("a=", "a", MatchOp::Equal, ""),
        ] {
            let read = matcher(text).unwrap_or_else(|words| panic!("{text}: {words}"));
            assert_eq!((&*read.name, read.op, &*read.value), (name, op, value), "{text}");
        }
        for (text, words) in [
            ("severity", "bad matcher format: severity"),
            ("=x", "bad matcher format: =x"),
            ("1a=x", "bad matcher format: 1a=x"),
            ("{a=\"b\"}", "bad matcher format: {a=\"b\"}"),
            ("a=~[", "error parsing regexp: `^(?:[)$`"),
            ("", "bad matcher format: "),
        ] {
            assert_eq!(matcher(text).expect_err(text), words);
        }
        assert!(matcher("a=\"b\"c\"").is_err() && matcher("a=\"").is_err());
    }
}
