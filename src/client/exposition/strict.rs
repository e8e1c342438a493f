//! Our own reader of one sample line, after the grammar of
//! <https://prometheus.io/docs/instrumenting/exposition_formats> (text format 0.0.4), with the quoted names of
//! Prometheus 3 and, for `OpenMetrics`, float timestamps and exemplars (which are read over).

use crate::client::wire::{moment_ms, number};
use crate::text::fault::LineFlaw;

use super::Line;

/// Reads a line that is neither blank nor a comment, without blanks at its ends.
pub(super) fn read(text: &str, open_metrics: bool) -> Result<Line, LineFlaw<'_>> {
    let length = text.find(|c: char| !is_name_char(c)).unwrap_or(text.len());
    let (mut name, mut rest) = (text[..length].to_owned(), &text[length..]);
    if !name.is_empty() && !is_metric_name(&name) {
        return Err(LineFlaw::NoName);
    }
    let mut labels = Vec::new();
    let spaced = rest.trim_start_matches(BLANK);
    if let Some(open) = spaced.strip_prefix('{') {
        let (quoted, found, after) = braces(open).ok_or(LineFlaw::Labels)?;
        match quoted {
            Some(_) if !name.is_empty() => return Err(LineFlaw::Labels),
            Some(quoted) => name = quoted,
            None => {}
        }
        labels = found;
        rest = after;
    } else if !rest.is_empty() && spaced.len() == rest.len() {
        return Err(LineFlaw::NoName);
    }
    if name.is_empty() {
        return Err(LineFlaw::NoName);
    }
    labels.sort_by(|a: &(String, String), b| a.0.cmp(&b.0));
    if let Some(pair) = labels.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        // The flaw borrows from the line: the name stands there, unless it was escaped.
        let twice = text.find(pair[0].0.as_str()).map_or("", |at| &text[at..at + pair[0].0.len()]);
        return Err(LineFlaw::LabelTwice(twice));
    }
    let (value, at_ms) = tail(rest, open_metrics)?;
    Ok(Line { name, labels, value, at_ms })
}

const BLANK: [char; 2] = [' ', '\t'];

/// Value, timestamp, and nothing more.
fn tail(rest: &str, open_metrics: bool) -> Result<(f64, Option<i64>), LineFlaw<'_>> {
    let rest = match rest.find(" # ") {
        Some(at) if open_metrics => &rest[..at],
        _ => rest,
    };
    let mut words = rest.split(BLANK).filter(|word| !word.is_empty());
    let word = words.next().ok_or(LineFlaw::NoValue)?;
    let value = number(word).ok_or(LineFlaw::BadValue(word))?;
    let at_ms = match words.next() {
        None => None,
        Some(word) if open_metrics => {
            Some(moment_ms(number(word).filter(|s| s.is_finite()).ok_or(LineFlaw::BadTimestamp(word))?))
        }
        Some(word) => Some(word.parse::<i64>().map_err(|_| LineFlaw::BadTimestamp(word))?),
    };
    match words.next() {
        Some(word) => Err(LineFlaw::Trailing(word)),
        None => Ok((value, at_ms)),
    }
}

/// A quoted metric name, the labels, and what follows the closing brace.
type Braces<'a> = (Option<String>, Vec<(String, String)>, &'a str);

/// Reads from behind the opening brace.
fn braces(open: &str) -> Option<Braces<'_>> {
    let (mut name, mut labels) = (None, Vec::new());
    let mut rest = open.trim_start_matches(BLANK);
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return Some((name, labels, after));
        }
        let (key, after, is_quoted) = if let Some(inner) = rest.strip_prefix('"') {
            let (key, after) = quoted(inner)?;
            (key, after, true)
        } else {
            let length = rest.find(|c: char| !is_name_char(c)).unwrap_or(rest.len());
            (rest[..length].to_owned(), &rest[length..], false)
        };
        rest = after.trim_start_matches(BLANK);
        if let Some(after) = rest.strip_prefix('=') {
            if !is_quoted && !is_label_name(&key) || key.is_empty() {
                return None;
            }
            let (value, after) = quoted(after.trim_start_matches(BLANK).strip_prefix('"')?)?;
            labels.push((key, value));
            rest = after.trim_start_matches(BLANK);
        } else if is_quoted && name.is_none() && labels.is_empty() && !key.is_empty() {
            name = Some(key);
        } else {
            return None;
        }
        match rest.strip_prefix(',') {
            Some(after) => rest = after.trim_start_matches(BLANK),
            None if rest.starts_with('}') => {}
            None => return None,
        }
    }
}

/// The text up to the closing quote with `\\`, `\"` and `\n` undone, and what follows. Other escapes stay
/// as they are, as Prometheus leaves them.
fn quoted(inner: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = inner.chars();
    loop {
        match chars.next()? {
            '"' => return Some((out, chars.as_str())),
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                known @ ('\\' | '"') => out.push(known),
                other => out.extend(['\\', other]),
            },
            other => out.push(other),
        }
    }
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | ':')
}

/// `[a-zA-Z_:][a-zA-Z0-9_:]*`
pub(super) fn is_metric_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(is_name_char)
}

/// `[a-zA-Z_][a-zA-Z0-9_]*`
pub(super) fn is_label_name(name: &str) -> bool {
    is_metric_name(name) && !name.contains(':')
}
