//! Values as they are written in a query.

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quoting {
    /// The quote that is open already.
    pub open: Option<char>,
    /// Whether its end stands there already.
    pub closed: bool,
    /// Whether it is a piece of a regular expression.
    pub regex: bool,
    /// Whether numbers and truth values stand without quotes.
    pub bare: bool,
}

/// The value as it has to be written; `None` where it cannot be.
pub(super) fn value(value: &str, how: Quoting) -> Option<String> {
    if how.bare && how.open.is_none() && is_bare(value) {
        return Some(value.to_owned());
    }
    let quote = how.open.unwrap_or('"');
    let mut out = String::with_capacity(value.len() + 2);
    if how.open.is_none() {
        out.push(quote);
    }
    for c in value.chars() {
        // RE2's signs: <https://github.com/google/re2/wiki/Syntax>.
        if how.regex
            && matches!(c, '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$')
        {
            push('\\', quote, &mut out)?;
        }
        push(c, quote, &mut out)?;
    }
    if !how.closed {
        out.push(quote);
    }
    Some(out)
}

/// Writes a character between quotes; all three languages share Go's escapes.
fn push(c: char, quote: char, out: &mut String) -> Option<()> {
    if quote == '`' {
        if c == '`' || c.is_control() {
            return None;
        }
        out.push(c);
        return Some(());
    }
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        c if c == quote => {
            out.push('\\');
            out.push(c);
        }
        c if c.is_control() => return None,
        c => out.push(c),
    }
    Some(())
}

fn is_bare(value: &str) -> bool {
    matches!(value, "true" | "false")
        || value.starts_with(|c: char| c.is_ascii_digit() || c == '-') && value.parse::<f64>().is_ok()
}

/// What is typed of a value, without its escapes: what it is found by.
pub(super) fn plain(typed: &str) -> String {
    typed.replace('\\', "")
}

/// The piece of a regular expression that the cursor is in: alternatives stand for themselves. Bytes from the begin.
pub(super) fn alternative(typed: &str) -> usize {
    let mut escaped = false;
    let mut from = 0;
    for (at, c) in typed.char_indices() {
        if !escaped && matches!(c, '|' | '(' | '^') {
            from = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: Quoting = Quoting { open: None, closed: false, regex: false, bare: false };

    #[test]
    fn values_are_quoted_and_escaped_for_where_they_stand() {
        let open = |quote, closed| Quoting { open: Some(quote), closed, ..NEW };
        let regex = |open| Quoting { open, regex: true, ..NEW };
        for (text, how, want) in [
            ("api", NEW, Some("\"api\"")),
            ("a\"b\\c", NEW, Some(r#""a\"b\\c""#)),
            ("a\"b", open('\'', false), Some("a\"b'")),
            ("it's", open('\'', true), Some("it\\'s")),
            (r"C:\x", open('`', false), Some(r"C:\x`")),
            ("a`b", open('`', false), None),
            ("two\nlines", NEW, Some(r#""two\nlines""#)),
            ("two\nlines", open('`', false), None),
            ("bell\u{7}", NEW, None),
            ("10.0.0.1:9090", regex(None), Some(r#""10\\.0\\.0\\.1:9090""#)),
            ("a+b", regex(Some('`')), Some(r"a\+b`")),
            ("200", Quoting { bare: true, ..NEW }, Some("200")),
            ("true", Quoting { bare: true, ..NEW }, Some("true")),
            ("200", Quoting { bare: true, ..open('"', true) }, Some("200")),
            ("2.0-beta", Quoting { bare: true, ..NEW }, Some("\"2.0-beta\"")),
            ("infinity", Quoting { bare: true, ..NEW }, Some("\"infinity\"")),
            ("coração", NEW, Some("\"coração\"")),
            ("", NEW, Some("\"\"")),
        ] {
            assert_eq!(value(text, how).as_deref(), want, "{text:?} {how:?}");
        }
    }

    #[test]
    fn an_alternative_of_an_expression_begins_after_its_sign() {
        for (typed, want) in
            [("", 0), ("a", 0), ("a|b", 2), ("(a|b", 3), (r"a\\|b", 4), (r"a\|b", 0), ("^a", 1)]
        {
            assert_eq!(alternative(typed), want, "{typed}");
        }
    }
}
