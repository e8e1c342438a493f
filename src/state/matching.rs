//! Completion of matchers while they are typed: names and values of the alerts that are known.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Prompt, State};
use crate::model::labels::Quoted;

/// Completions in sight at most.
const MOST: usize = 6;

/// What can be put where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Completions {
    /// Bytes of the text that a completion takes the place of.
    pub replaces: Range<usize>,
    /// Completions, the best first.
    pub entries: Vec<Completion>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Completion {
    /// As it is shown.
    pub shown: String,
    /// What is put in.
    pub insert: String,
    /// Alerts that have it.
    pub count: usize,
}

/// What the matcher at the cursor can be completed with.
pub fn completions(state: &State, prompt: &Prompt) -> Completions {
    let byte = prompt.text.char_indices().nth(prompt.cursor).map_or(prompt.text.len(), |(at, _)| at);
    let head = &prompt.text[..byte];
    let start = token_start(head);
    let token = &head[start..];
    let name_end = token.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(token.len());
    let (name, rest) = token.split_at(name_end);
    let operator = ["=~", "!~", "!=", "="].into_iter().find(|operator| rest.starts_with(operator));
    let rows = state.shown_list().rows.iter().map(|row| &row.alert.labels);
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    let (typed, replaces) = match operator {
        None if !rest.is_empty() => return Completions::default(),
        None => {
            for labels in rows {
                for (name, _) in labels.iter() {
                    *found.entry(name).or_default() += 1;
                }
            }
            (name, start..byte)
        }
        Some(operator) => {
            for labels in rows {
                if let Some(value) = labels.get(name) {
                    *found.entry(value).or_default() += 1;
                }
            }
            let at = name_end + operator.len();
            (token[at..].trim_start_matches('"'), start + at..byte)
        }
    };
    let typed = typed.to_lowercase();
    let mut entries: Vec<(bool, usize, &str)> = found
        .into_iter()
        .filter(|(text, _)| text.to_lowercase().contains(&typed) && text.to_lowercase() != typed)
        .map(|(text, count)| (text.to_lowercase().starts_with(&typed), count, text))
        .collect();
    entries.sort_by(|a, b| (b.0, b.1, a.2).cmp(&(a.0, a.1, b.2)));
    entries.truncate(MOST);
    let entry = |(_, count, text): (bool, usize, &str)| Completion {
        shown: text.to_owned(),
        insert: if operator.is_some() { format!("{} ", Quoted(text)) } else { format!("{text}=") },
        count,
    };
    Completions { replaces, entries: entries.into_iter().map(entry).collect() }
}

/// Where the token that ends here begins: after the last white space outside of quotes.
fn token_start(head: &str) -> usize {
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, c) in head.char_indices() {
        if c.is_whitespace() && !quoted {
            start = at + c.len_utf8();
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = c == '\\' && !escaped;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_begins_after_white_space_outside_of_quotes() {
        for (head, start) in
            [("", 0), ("a", 0), ("a=\"x y", 0), ("a=\"x y\" b", 8), ("a=\"x\\\" y", 0), ("a=b ", 4)]
        {
            assert_eq!(token_start(head), start, "{head}");
        }
    }
}
