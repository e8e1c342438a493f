//! Variables in a pack's queries and texts: finding them, filling them in.
//!
//! Owns `$name`. Must not parse PromQL beyond what finding a broken bracket or quote takes.

use std::collections::BTreeSet;
use std::ops::Range;

/// The department of the page, card or row.
pub const DEPARTMENT: &str = "department";
/// The AI model of the card.
pub const MODEL: &str = "model";
/// Every variable.
pub const VARIABLES: [&str; 2] = [DEPARTMENT, MODEL];

/// The variables in a text, with the `$`'s place. `$` before anything that is not a letter or `_`
/// (a regular expression's end, a shell's `$1`) is no variable.
pub fn variables(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find('$').map(|at| from + at) {
        let rest = &text[at + 1..];
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let name = &rest[..length];
        if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            found.push((name, at..at + 1 + length));
        }
        from = at + 1 + length;
    }
    found
}

/// The set of variables in several texts.
pub(super) fn used<'t>(texts: impl IntoIterator<Item = &'t str>) -> BTreeSet<&'t str> {
    texts.into_iter().flat_map(variables).map(|(name, _)| name).collect()
}

/// Fills the variables of a query in. Values are escaped for a double-quoted PromQL string, so a
/// value that holds a quote stays inside it; a variable that `vars` does not name stays as it is.
/// Write `label="$department"`, never `label=~"$department"`: a value is text, not an expression.
pub fn substitute(query: &str, vars: &[(&str, &str)]) -> String {
    fill(query, vars, |value, out| {
        for c in value.chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                '"' => out.push_str("\\\""),
                '\n' => out.push_str("\\n"),
                other => out.push(other),
            }
        }
    })
}

/// Fills the variables of a title or a label value in, as they are.
pub fn substitute_text(text: &str, vars: &[(&str, &str)]) -> String {
    fill(text, vars, |value, out| out.push_str(value))
}

fn fill(text: &str, vars: &[(&str, &str)], write: impl Fn(&str, &mut String)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (name, range) in variables(text) {
        let Some((_, value)) = vars.iter().find(|(known, _)| *known == name) else { continue };
        out.push_str(&text[copied..range.start]);
        write(value, &mut out);
        copied = range.end;
    }
    out.push_str(&text[copied..]);
    out
}

/// What is visibly broken in a query: a quote or bracket that nothing closes, or one that nothing
/// opened. The server has the last word on everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// A string that does not end.
    Quote(char),
    /// A bracket without its partner.
    Bracket(char),
}

/// Finds the first broken quote or bracket of a query.
pub(super) fn broken(query: &str) -> Option<Broken> {
    let mut open = Vec::new();
    let mut chars = query.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\'' | '`' => loop {
                match chars.next() {
                    None => return Some(Broken::Quote(c)),
                    Some('\\') if c != '`' => {
                        chars.next();
                    }
                    Some(other) if other == c => break,
                    Some(_) => {}
                }
            },
            '#' => {
                chars.by_ref().find(|c| *c == '\n');
            }
            '(' | '[' | '{' => open.push(c),
            ')' | ']' | '}' => {
                let partner = match c {
                    ')' => '(',
                    ']' => '[',
                    _ => '{',
                };
                if open.pop() != Some(partner) {
                    return Some(Broken::Bracket(c));
                }
            }
            _ => {}
        }
    }
    open.pop().map(Broken::Bracket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_strangers_stay() {
        let vars = [(DEPARTMENT, "a\"} or up{x=\"\\\n"), (MODEL, "m")];
        assert_eq!(
            substitute("x{d=\"$department\",m=\"$model\",e=~\"5..$\",o=\"$other\"}", &vars),
            "x{d=\"a\\\"} or up{x=\\\"\\\\\\n\",m=\"m\",e=~\"5..$\",o=\"$other\"}"
        );
        assert_eq!(substitute("$department_x $model.", &vars), "$department_x m.", "whole names only");
        assert_eq!(substitute("$", &vars), "$");
        assert_eq!(substitute_text("$model: ç", &[(MODEL, "a\"b")]), "a\"b: ç");
    }

    #[test]
    fn a_value_is_not_expanded_again() {
        assert_eq!(substitute("$department", &[(DEPARTMENT, "$model"), (MODEL, "m")]), "$model");
    }

    #[test]
    fn broken_queries_are_seen() {
        assert_eq!(broken("sum by (le) (rate(x{a=\"(\\\"\"}[5m]))"), None);
        assert_eq!(broken("x # )\n"), None);
        assert_eq!(broken("sum(x"), Some(Broken::Bracket('(')));
        assert_eq!(broken("x[5m)"), Some(Broken::Bracket(')')));
        assert_eq!(broken("x{a=\"b}"), Some(Broken::Quote('"')));
        assert_eq!(broken("x}"), Some(Broken::Bracket('}')));
    }
}
