//! LogQL as text: where its selector stands, whether it asks for lines, and how a condition is added.
//!
//! Reads only as much of the language as that takes; what a query means is the server's to say.

use std::fmt::Write as _;

use crate::client::sealed;
use crate::model::{Fault, Language};

/// Whether a query asks for lines: it begins with a selector, possibly in parentheses.
pub(in crate::client) fn is_log_query(query: &str) -> bool {
    bare(query).is_some()
}

/// The query as it is sent, raw values behind its marks. Every query to Loki passes here.
pub(in crate::client) fn raw(query: &str) -> Result<String, Fault> {
    sealed::raw(Language::LogQl, query).map(|opened| opened.to_string())
}

/// The query with a condition after its last stage. Nothing for a metric query, which has no such place.
pub(super) fn with_stage(query: &str, stage: &str) -> Option<String> {
    // On a line of its own: a comment may end the query.
    bare(query).map(|bare| format!("{bare}\n{stage}"))
}

/// The first selector of any query, braces included.
pub(super) fn selector(query: &str) -> Option<&str> {
    let mut scan = Scan { text: query, at: 0 };
    let (start, _) = scan.find(|(_, c)| *c == '{')?;
    let end = closing(&mut scan, '}')?;
    query.get(start..=end)
}

/// A log query without comments before it and parentheses around it; `None` for anything else.
fn bare(query: &str) -> Option<&str> {
    let mut text = query;
    loop {
        let mut scan = Scan { text, at: 0 };
        let (start, first) = scan.next()?;
        match first {
            '{' => return text.get(start..).map(str::trim_end),
            '(' => {
                let end = closing(&mut scan, ')')?;
                if scan.next().is_some() {
                    return None;
                }
                text = text.get(start + 1..end)?;
            }
            _ => return None,
        }
    }
}

/// Where the bracket that was just opened is closed.
fn closing(scan: &mut Scan<'_>, close: char) -> Option<usize> {
    let open = if close == ')' { '(' } else { '{' };
    let mut depth = 1;
    loop {
        let (at, c) = scan.next()?;
        if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        } else if c == open {
            depth += 1;
        }
    }
}

/// Goes over a query's characters; spaces, comments and what stands in quotes are passed over.
struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Scan<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<(usize, char)> {
        loop {
            let rest = self.text.get(self.at..)?;
            let c = rest.chars().next()?;
            let start = self.at;
            self.at += c.len_utf8();
            match c {
                '#' => self.at = start + rest.find('\n').unwrap_or(rest.len()),
                '"' | '`' => {
                    self.at = start + quoted_length(rest, c);
                    return Some((start, c));
                }
                c if c.is_whitespace() => {}
                c => return Some((start, c)),
            }
        }
    }
}

/// Bytes of a string at the beginning of `text`, its quotes included; all of it where it never ends.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// A string as LogQL writes it, which is as Go does.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text as a regular expression that matches just it.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_for_lines_is_told_from_one_for_numbers() {
        for query in [
            "{a=\"b\"}",
            "  {a=\"}\"} |= `x` | json",
            "# a note\n{a=\"b\"}",
            "({a=\"b\"} |= \")\")",
            "( ( {a=`{`} ) )",
            "{service=",
        ] {
            assert!(is_log_query(query), "{query}");
        }
        for query in
            ["", "rate({a=\"b\"}[1m])", "({a=\"b\"}[1m]) / 2", "1+1", "# {a=\"b\"}", "(rate({a=\"b\"}[1m]))"]
        {
            assert!(!is_log_query(query), "{query}");
        }
    }

    #[test]
    fn a_condition_is_added_where_it_holds() {
        for (query, expected) in [
            ("{a=\"b\"}", Some("{a=\"b\"}\n| x=\"y\"")),
            ("({a=\"b\"} |= \"c\")", Some("{a=\"b\"} |= \"c\"\n| x=\"y\"")),
            ("{a=\"b\"} # ) note", Some("{a=\"b\"} # ) note\n| x=\"y\"")),
            ("sum(rate({a=\"b\"}[1m]))", None),
        ] {
            assert_eq!(with_stage(query, "| x=\"y\"").as_deref(), expected, "{query}");
        }
    }

    #[test]
    fn the_selector_is_found_in_any_query() {
        for (query, expected) in [
            ("{a=\"}\"} |= \"x\"", Some("{a=\"}\"}")),
            ("sum by (a) (rate({b=`{`}[1m]))", Some("{b=`{`}")),
            ("1+1", None),
            ("{a=\"b", None),
        ] {
            assert_eq!(selector(query), expected, "{query}");
        }
    }

    #[test]
    fn texts_are_quoted_as_go_reads_them() {
        assert_eq!(quoted("a\"b\\c\nd\te\u{1b}é"), r#""a\"b\\c\nd\u0009e\u001bé""#);
        assert_eq!(literal("a.b*c[é]"), "a\\.b\\*c\\[é\\]");
    }
}
