//! External labels out of Prometheus's configuration, which it answers as YAML text.
//!
//! This is no YAML reader. It accepts what Prometheus itself writes: a top-level `global:`, in it
//! `external_labels:`, in it lines `name: value` that are indented deeper, each value a plain, single-quoted
//! or double-quoted scalar, which may go on on deeper lines. Anything else in that block (anchors, flow
//! mappings, block scalars, comments behind values) is reported, never guessed.

use crate::model::Labels;
use crate::privacy;
use crate::text::fault::Doubt;

use super::fault::warning;

/// The labels, and a warning for each line of the block that cannot be read.
pub(super) fn read(yaml: &str) -> (Labels, Vec<String>) {
    let mut pairs: Vec<(Box<str>, Box<str>)> = Vec::new();
    let mut warnings = Vec::new();
    for (number, entry) in entries(yaml) {
        match pair(&entry) {
            Some((name, value)) => {
                pairs.push((privacy::safe_name(&name), privacy::safe_value(&name, &value)));
            }
            None => warnings.push(warning(&Doubt::ConfigLine(number))),
        }
    }
    (Labels::new(pairs), warnings)
}

/// The entries of the block, continued lines joined, with the number of their first line.
fn entries(yaml: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let (mut in_global, mut block, mut level) = (false, None, None);
    for (at, line) in yaml.lines().enumerate() {
        let text = line.trim();
        let indent = line.len() - line.trim_start_matches(' ').len();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if indent == 0 {
            if block.is_some() {
                break;
            }
            in_global = text == "global:";
        } else if let Some(outer) = block {
            if indent <= outer {
                break;
            }
            let level = *level.get_or_insert(indent);
            match found.last_mut() {
                Some((_, entry)) if indent > level => {
                    entry.push(' ');
                    entry.push_str(text);
                }
                _ => found.push((at + 1, text.to_owned())),
            }
        } else if in_global && text == "external_labels:" {
            block = Some(indent);
        }
    }
    found
}

fn pair(entry: &str) -> Option<(String, String)> {
    let (name, value) = if entry.starts_with(['"', '\'']) {
        let close = entry[1..].find(&entry[..1])? + 2;
        (scalar(&entry[..close])?, entry[close..].strip_prefix(':')?)
    } else {
        let (name, value) = entry.split_once(':')?;
        (name.to_owned(), value)
    };
    if name.is_empty() || !(value.is_empty() || value.starts_with(' ')) {
        return None;
    }
    Some((name, scalar(value.trim())?))
}

/// A scalar without tags, anchors or block forms.
fn scalar(text: &str) -> Option<String> {
    if let Some(open) = text.strip_prefix('\'') {
        let inner = open.strip_suffix('\'')?;
        let plain = inner.replace("''", "\0");
        return (!plain.contains('\'')).then(|| plain.replace('\0', "'"));
    }
    if let Some(open) = text.strip_prefix('"') {
        return unescaped(open);
    }
    let odd = text.starts_with(['|', '>', '&', '*', '!', '{', '[', '%', '@', '`']);
    (!odd && !text.contains(" #") && !text.contains(": ")).then(|| text.to_owned())
}

/// The text of a double-quoted scalar after its opening quote; `None` for an escape that is not
/// among those Go's YAML library writes.
fn unescaped(open: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = open.chars();
    loop {
        match chars.next()? {
            '"' => return chars.next().is_none().then_some(out),
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                '0' => out.push('\0'),
                'e' => out.push('\u{1b}'),
                known @ ('"' | '\\' | '/' | ' ') => out.push(known),
                kind @ ('x' | 'u' | 'U') => {
                    let length = match kind {
                        'x' => 2,
                        'u' => 4,
                        _ => 8,
                    };
                    let digits = chars.as_str().get(..length)?;
                    out.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
                    chars = chars.as_str()[length..].chars();
                }
                _ => return None,
            },
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_that_prometheus_writes_is_read() {
        let yaml = "global:\n  scrape_interval: 15s\n  external_labels:\n    cluster: medical-records-local\n    \
            environment: production\n    quoted: 'it''s: here'\n    double: \"a\\tb \\u00e9\"\n    number: \"12\"\n    \
            url: http://x:1/\n    long: one\n      two\n    empty: \"\"\n  evaluation_interval: 15s\nrule_files:\n- x\n";
        let (labels, warnings) = read(yaml);
        assert_eq!(warnings, Vec::<String>::new());
        let all: Vec<_> = labels.iter().collect();
        assert_eq!(
            all,
            [
                ("cluster", "medical-records-local"),
                ("double", "a b é"),
                ("empty", ""),
                ("environment", "production"),
                ("long", "one two"),
                ("number", "12"),
                ("quoted", "it's: here"),
                ("url", "http://x:1/"),
            ]
        );
    }

    #[test]
    fn only_the_global_block_counts() {
        for yaml in [
            "",
            "global:\n  scrape_interval: 15s\n",
            "remote:\n  external_labels:\n    a: b\n",
            "global:\n  external_labels: {}\n",
            "scrape_configs:\n- job_name: x\n  external_labels:\n    a: b\n",
        ] {
            assert_eq!(read(yaml), (Labels::default(), Vec::new()), "{yaml}");
        }
    }

    #[test]
    fn what_it_does_not_understand_is_reported() {
        for value in ["|", "&a x", "*a", "{b: c}", "x # comment", "'open", "\"bad \\q\"", "a: b"] {
            let (labels, warnings) =
                read(&format!("global:\n  external_labels:\n    a: {value}\n    b: ok\n"));
            assert_eq!(labels.get("b"), Some("ok"), "{value}");
            assert_eq!(labels.len(), 1, "{value}");
            assert_eq!(warnings.len(), 1, "{value}");
            assert!(warnings[0].contains("line 3"), "{warnings:?}");
        }
    }
}
