//! The parts of a LogQL query that can be told without understanding the rest: its selector, its stages, whether it asks
//! for numbers. Works on queries that are newer than this program.

use std::ops::Range;

/// A piece of a query outside of quotes and comments.
fn each_bare(query: &str, mut each: impl FnMut(usize, u8) -> bool) {
    let bytes = query.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'"' | b'`' => {
                if !each(at, byte) {
                    return;
                }
                at += 1;
                while let Some(inner) = bytes.get(at) {
                    if *inner == b'\\' && byte == b'"' {
                        at += 1;
                    } else if *inner == byte {
                        break;
                    }
                    at += 1;
                }
            }
            b'#' => {
                while bytes.get(at).is_some_and(|inner| *inner != b'\n') {
                    at += 1;
                }
            }
            _ => {
                if !each(at, byte) {
                    return;
                }
            }
        }
        at += 1;
    }
}

/// Whether a query asks for numbers: one that does begins with a word or a bracket rather than a selector. An empty
/// text does not.
pub fn is_metric(query: &str) -> bool {
    let mut first = None;
    each_bare(query, |_, byte| {
        if byte.is_ascii_whitespace() {
            return true;
        }
        first = Some(byte);
        false
    });
    first.is_some_and(|byte| byte != b'{')
}

/// Where the first selector stands, its braces included; `None` where there is none that closes.
pub fn selector(query: &str) -> Option<Range<usize>> {
    let mut open = None;
    let mut found = None;
    each_bare(query, |at, byte| {
        match (byte, open) {
            (b'{', None) => open = Some(at),
            (b'}', Some(from)) => found = Some(from..at + 1),
            _ => {}
        }
        found.is_none()
    });
    found
}

/// The first words of a log query's stages: `json`, `logfmt`, `line_format`; filters of lines and labels have none
/// or the label's name.
pub fn stages(query: &str) -> Vec<&str> {
    let Some(selector) = selector(query) else { return Vec::new() };
    let rest = &query[selector.end..];
    let mut found = Vec::new();
    each_bare(rest, |at, byte| {
        let before = at.checked_sub(1).and_then(|before| rest.as_bytes().get(before));
        if byte == b'|' && before != Some(&b'|') {
            let text = rest[at + 1..].trim_start();
            let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
            if end > 0 {
                found.push(&text[..end]);
            }
        }
        true
    });
    found
}

/// The query with another text behind it, on a line of its own where it ends in a comment.
pub fn followed_by(query: &str, text: &str) -> String {
    let last = query.lines().next_back().unwrap_or("");
    let mut comment = false;
    let bare = {
        let mut length = 0;
        each_bare(last, |at, _| {
            length = at + 1;
            true
        });
        length
    };
    comment |= last[bare.min(last.len())..].contains('#');
    format!("{}{}{text}", query.trim_end(), if comment { "\n" } else { " " })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_found_whatever_stands_in_quotes_and_comments() {
        for (query, expected) in [
            (r#"{a="b"} |= "x""#, Some(r#"{a="b"}"#)),
            (r#"sum by (a) (rate({a="}", b=`{`}[5m]))"#, Some(r#"{a="}", b=`{`}"#)),
            (r#"{a="\"}"}"#, Some(r#"{a="\"}"}"#)),
            ("# {no=\"1\"}\n{a=\"1\"}", Some("{a=\"1\"}")),
            (r#"{a="b""#, None),
            ("", None),
            ("vector(1)", None),
        ] {
            assert_eq!(selector(query).map(|range| &query[range]), expected, "{query}");
        }
    }

    #[test]
    fn numbers_and_lines_are_told_apart() {
        for (query, metric) in [
            (r#"{a="b"}"#, false),
            (" # rate\n {a=\"b\"}", false),
            (r#"rate({a="b"}[5m])"#, true),
            (r#"(rate({a="b"}[5m]))"#, true),
            ("1 + 1", true),
            ("", false),
        ] {
            assert_eq!(is_metric(query), metric, "{query}");
        }
    }

    #[test]
    fn stages_have_names() {
        let query = r#"{a="b"} |= "| json" | json x="a.b" | logfmt | level="error" or b="c" |~ "x" | line_format `{{.a | b}}`"#;
        assert_eq!(stages(query), ["json", "logfmt", "level", "line_format"]);
        assert!(stages("{a=\"b\"} |= `x`").is_empty());
    }

    #[test]
    fn a_comment_at_the_end_swallows_nothing() {
        assert_eq!(followed_by("{a=\"b\"}", "| json"), "{a=\"b\"} | json");
        assert_eq!(followed_by("{a=\"b\"} # why\n", "| json"), "{a=\"b\"} # why\n| json");
        assert_eq!(followed_by("{a=\"#\"}", "| json"), "{a=\"#\"} | json");
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_is_typed_breaks_it(query in ".{0,80}") {
            let _ = (is_metric(&query), stages(&query), followed_by(&query, "| json"));
            if let Some(range) = selector(&query) {
                let inside = &query[range];
                let whole = inside.starts_with('{') && inside.ends_with('}');
                proptest::prop_assert!(whole, "{}", inside);
            }
        }
    }
}
