//! What Go's regular expressions refuse although ours would take it, so that a query is right here if
//! and only if it is right for Prometheus.

/// Most repetitions that `{n}` may ask for.
const MAX_REPEAT: u32 = 1000;

/// Says what is wrong with an expression by Go's rules alone.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    let mut rest = pattern;
    // Whether an operator of repetition came just before, and whether it is lazy already.
    let (mut repeated, mut lazy) = (false, false);
    let mut in_class = false;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let operator = match c {
            '\\' => {
                rest = rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or("");
                false
            }
            '[' if !in_class => {
                in_class = true;
                // A bracket that comes first is one of the characters.
                rest = rest.strip_prefix('^').unwrap_or(rest);
                rest = rest.strip_prefix(']').unwrap_or(rest);
                false
            }
            ']' if in_class => {
                in_class = false;
                false
            }
            '*' | '+' | '?' => !in_class,
            '{' if !in_class => match counts(rest) {
                Some((length, most)) => {
                    if most > MAX_REPEAT {
                        return Err(format!("invalid repeat count in {pattern:?}"));
                    }
                    rest = &rest[length..];
                    true
                }
                None => false,
            },
            '(' if !in_class && rest.starts_with('?') => {
                rest = &rest[1..];
                false
            }
            _ => false,
        };
        if !operator {
            (repeated, lazy) = (false, false);
        } else if !repeated {
            repeated = true;
        } else if c == '?' && !lazy {
            lazy = true;
        } else {
            return Err(format!("invalid nested repetition operator in {pattern:?}"));
        }
    }
    Ok(())
}

/// The length of `n}`, `n,}` or `n,m}` and the greater number; `None` where the brace is only a brace.
fn counts(text: &str) -> Option<(usize, u32)> {
    let end = text.find('}')?;
    let (least, most) = match text[..end].split_once(',') {
        Some((least, most)) => (least, if most.is_empty() { least } else { most }),
        None => (&text[..end], &text[..end]),
    };
    let number = |digits: &str| {
        let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        all.then(|| digits.parse().unwrap_or(u32::MAX))
    };
    Some((end + 1, number(least)?.max(number(most)?)))
}
