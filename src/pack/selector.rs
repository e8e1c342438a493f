//! A plain selector, as scraped pages can answer it: a metric's name and label matchers.

use crate::model::{Labels, MatchOp, Matcher};
use crate::text::pack::EN as WORDS;

/// `name{label="v",other=~"a|b"}`. A page has neither history nor functions, so nothing more.
#[derive(Clone, Debug, PartialEq)]
pub struct Selector {
    /// All must hold; the metric's name is one of them.
    matchers: Vec<Matcher>,
}

impl Selector {
    /// Parses; the error says in words what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || (WORDS.not_a_selector)(text);
        let trimmed = text.trim();
        let brace = trimmed.find('{').unwrap_or(trimmed.len());
        let name = trimmed[..brace].trim_end();
        let mut chars = name.chars();
        let named = chars.next().is_none_or(|c| c.is_ascii_alphabetic() || matches!(c, '_' | ':'))
            && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
        if !named {
            return Err(wrong());
        }
        let mut matchers = Vec::new();
        if !name.is_empty() {
            matchers.push(Matcher::new("__name__", MatchOp::Equal, name)?);
        }
        if let Some(rest) = trimmed[brace..].strip_prefix('{') {
            let inner = rest.strip_suffix('}').ok_or_else(wrong)?;
            let mut parts = split(inner).ok_or_else(wrong)?;
            if parts.last().is_some_and(|part| part.trim().is_empty()) {
                parts.pop(); // PromQL allows one comma at the end
            }
            for part in parts {
                if !part.trim_end().ends_with('"') {
                    return Err(wrong()); // PromQL wants values quoted, unlike the command line
                }
                matchers.push(Matcher::parse(part.trim())?);
            }
        }
        // As in Prometheus: what matches every series there is selects nothing in particular.
        let empty = Labels::default();
        if matchers.iter().all(|matcher| matcher.matches(&empty)) {
            return Err(wrong());
        }
        Ok(Self { matchers })
    }

    /// Whether a sample of a page is meant.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.matchers.iter().all(|matcher| matcher.matches(labels))
    }
}

/// Splits at commas outside quotes; `None` when a quote does not end.
fn split(text: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    if quoted {
        return None;
    }
    parts.push(&text[from..]);
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(name: &str, pairs: &[(&str, &str)]) -> Labels {
        Labels::new(pairs.iter().copied().chain([("__name__", name)]))
    }

    #[test]
    fn plain_selectors_select() {
        let used = labels("mac_memory_bytes", &[("type", "used"), ("x", "a,b")]);
        for (text, expected) in [
            ("mac_memory_bytes", true),
            ("mac_memory_bytes{}", true),
            (" mac_memory_bytes { type = \"used\" , } ", true),
            ("mac_memory_bytes{type=\"used\",x=\"a,b\"}", true),
            ("mac_memory_bytes{type=~\"us.*\"}", true),
            ("mac_memory_bytes{type!=\"used\"}", false),
            ("mac_memory_bytes{gone=\"\"}", true),
            ("mac_memory", false),
            ("{type=\"used\"}", true),
            ("{type=\"free\"}", false),
        ] {
            assert_eq!(Selector::parse(text).map(|s| s.matches(&used)), Ok(expected), "{text}");
        }
    }

    #[test]
    fn anything_more_is_refused_in_words() {
        for text in [
            "",
            "{}",
            "{a=\"\"}",
            "{a=~\".*\"}",
            "rate(x[5m])",
            "x[5m]",
            "x{a=\"b\"",
            "x{a=\"b}",
            "x{a=b}",
            "x{a}",
            "x + y",
            "x{a=\"b\"} > 3",
            "x{,}",
            "x{a=\"b\",,c=\"d\"}",
            "x{a=~\"(\"}",
            "1x",
            "é",
        ] {
            assert!(Selector::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            Selector::parse("rate(x[5m])").unwrap_err(),
            "`rate(x[5m])` is not a plain selector such as name{label=\"value\"}"
        );
    }
}
