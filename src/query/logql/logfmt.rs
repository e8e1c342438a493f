//! Reads `key=value key="quoted value" flag`.

use std::borrow::Cow;

/// Gives `each` every pair of a line. Broken ones are passed over, or (strictly) the error.
pub(super) fn pairs<'l>(
    line: &'l str,
    strict: bool,
    mut each: impl FnMut(&'l str, Cow<'l, str>),
) -> Result<(), &'static str> {
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let key_end = rest.find(|c: char| c == '=' || c == '"' || c.is_whitespace()).unwrap_or(rest.len());
        let (key, after) = rest.split_at(key_end);
        if key.is_empty() || after.starts_with('"') {
            if strict {
                return Err("logfmt syntax error: unexpected character");
            }
            let skip = after.find(char::is_whitespace).unwrap_or(after.len());
            rest = after[skip..].trim_start();
            continue;
        }
        let Some(value) = after.strip_prefix('=') else {
            each(key, Cow::Borrowed(""));
            rest = after.trim_start();
            continue;
        };
        if let Some(open) = value.strip_prefix('"') {
            let Some(end) = closing(open) else {
                return if strict { Err("logfmt syntax error: unterminated quoted value") } else { Ok(()) };
            };
            let raw = &open[..end];
            let text = if raw.contains('\\') {
                match serde_json::from_str::<String>(&value[..end + 2]) {
                    Ok(text) => Cow::Owned(text),
                    Err(_) if strict => return Err("logfmt syntax error: invalid quoted value"),
                    Err(_) => Cow::Borrowed(raw),
                }
            } else {
                Cow::Borrowed(raw)
            };
            each(key, text);
            rest = open[end + 1..].trim_start();
        } else {
            let end = value.find(char::is_whitespace).unwrap_or(value.len());
            each(key, Cow::Borrowed(&value[..end]));
            rest = value[end..].trim_start();
        }
    }
    Ok(())
}

fn closing(open: &str) -> Option<usize> {
    let mut escaped = false;
    open.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_quotes_and_flags_are_read() {
        let read = |line: &str, strict| {
            let mut found = Vec::new();
            pairs(line, strict, |key, value| found.push(format!("{key}={value}"))).map(|()| found)
        };
        assert_eq!(
            read(r#"a=1 b="x \"y\"" flag c= é=ü"#, true),
            Ok(["a=1", "b=x \"y\"", "flag=", "c=", "é=ü"].map(String::from).to_vec())
        );
        assert_eq!(read("=x a=1", false), Ok(vec!["a=1".to_owned()]));
        assert!(read("=x a=1", true).is_err());
        assert_eq!(read("a=\"open", false), Ok(vec![]));
        assert!(read("a=\"open", true).is_err());
        assert_eq!(read("", true), Ok(vec![]));
    }
}
