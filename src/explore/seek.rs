//! Spans that have a text in their name, service, status or the value of an attribute, whatever the case.

use super::facts::value_text;
use super::waterfall::Waterfall;
use crate::model::{Attribute, Attributes, Span, Trace};

/// Rows that have the text, in order. The empty text is nowhere.
pub fn rows(trace: &Trace, fall: &Waterfall, text: &str) -> Vec<u32> {
    let needle = text.trim().to_lowercase();
    if needle.is_empty() {
        return Vec::new();
    }
    let has = |(at, row): (usize, &super::waterfall::Row)| {
        trace.spans.get(row.span).is_some_and(|span| span_has(span, &needle)).then_some(at as u32)
    };
    fall.rows.iter().enumerate().filter_map(has).collect()
}

fn span_has(span: &Span, needle: &str) -> bool {
    has(&span.name, needle)
        || has(&span.service, needle)
        || has(&span.status_message, needle)
        || attributes_have(&span.attributes, needle)
        || attributes_have(&span.resource, needle)
        || span
            .events
            .iter()
            .any(|event| has(&event.name, needle) || attributes_have(&event.attributes, needle))
}

fn attributes_have(attributes: &Attributes, needle: &str) -> bool {
    attributes.iter().any(|(_, value)| match value {
        Attribute::Text(text) => has(text, needle),
        other => has(&value_text(other), needle),
    })
}

/// Whether a text has another one, already in lower case, in it.
fn has(text: &str, needle: &str) -> bool {
    if !(text.is_ascii() && needle.is_ascii()) {
        return text.to_lowercase().contains(needle);
    }
    // Without a copy: a search looks at every value of every span at each key.
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let Some(first) = needle.first() else { return false };
    let starts = text.len().checked_sub(needle.len()).map_or(0, |last| last + 1);
    (0..starts).any(|at| {
        text[at].eq_ignore_ascii_case(first) && text[at..at + needle.len()].eq_ignore_ascii_case(needle)
    })
}

#[cfg(test)]
mod tests {
    use super::has;

    #[test]
    fn case_does_not_matter() {
        for (text, needle, found) in [
            ("POST /v1/Login", "/v1/login", true),
            ("POST", "post /v1", false),
            ("Ação", "ação", true),
            ("", "x", false),
            ("aab", "ab", true),
        ] {
            assert_eq!(has(text, needle), found, "{text} {needle}");
        }
    }
}
