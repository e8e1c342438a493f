//! The little that the console itself needs to know of PromQL's shape.

/// A rule's expression without the comparison with a number at its end: `x > 5` → `x`, so that a
/// trend shows the value before it crosses the mark. Anything else is returned as it is.
pub fn without_comparison(query: &str) -> &str {
    let Some((at, length)) = last_comparison(query) else { return query };
    let right = query[at + length..].trim();
    let right = right.strip_prefix("bool ").unwrap_or(right).trim();
    let left = query[..at].trim_end();
    if right.parse::<f64>().is_ok() && !left.is_empty() { unwrap_parentheses(left) } else { query }
}

/// Position and length of the last comparison outside parentheses, braces and strings.
fn last_comparison(query: &str) -> Option<(usize, usize)> {
    let bytes = query.as_bytes();
    let (mut depth, mut quote, mut found, mut at) = (0_i32, 0_u8, None, 0_usize);
    while at < bytes.len() {
        let byte = bytes[at];
        if quote != 0 {
            match byte {
                b'\\' if quote != b'`' => at += 1,
                _ if byte == quote => quote = 0,
                _ => {}
            }
        } else {
            match byte {
                b'"' | b'\'' | b'`' => quote = byte,
                b'#' => at += query[at..].find('\n').unwrap_or(query.len() - at - 1),
                b'(' | b'{' | b'[' => depth += 1,
                b')' | b'}' | b']' => depth -= 1,
                b'<' | b'>' | b'=' | b'!' if depth == 0 => {
                    let length = if bytes.get(at + 1) == Some(&b'=') { 2 } else { 1 };
                    found = Some((at, length));
                    at += length - 1;
                }
                // `a > 5 and b` compares inside: the set operation is what the rule says.
                b'a' | b'o' | b'u' if depth == 0 && set_operator(query, at) => return None,
                _ => {}
            }
        }
        at += 1;
    }
    found
}

fn set_operator(query: &str, at: usize) -> bool {
    let before = query[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || c == ')' || c == '}');
    before
        && ["and", "or", "unless"].iter().any(|word| {
            query[at..]
                .strip_prefix(word)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == '('))
        })
}

/// Removes one pair of parentheses around the whole.
fn unwrap_parentheses(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else { return text };
    let mut depth = 0_i32;
    for c in inner.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return text;
        }
    }
    inner.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trend_of_a_rule_is_its_left_side() {
        for (query, trend) in [
            ("mac_studio_thermal_state >= 2", "mac_studio_thermal_state"),
            ("up{job=\"a\"} == 0", "up{job=\"a\"}"),
            ("up{job!=\"a>b\"} == 0", "up{job!=\"a>b\"}"),
            ("(a / b) * 100 > 90", "(a / b) * 100"),
            ("(sum(rate(x[5m]))) > 1e-3", "sum(rate(x[5m]))"),
            ("a > b", "a > b"),
            ("a > 5 and b < 3", "a > 5 and b < 3"),
            ("vector(1)", "vector(1)"),
            ("count(up == 0)", "count(up == 0)"),
            ("x > bool 2", "x"),
            ("> 5", "> 5"),
            ("", ""),
        ] {
            assert_eq!(without_comparison(query), trend, "{query}");
        }
    }
}
