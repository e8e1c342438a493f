//! Patterns: `<ip> - <_> "<method> <path>"`, as a parser and as a line filter.

/// Text and captures in turn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
    /// `None` for `<_>`.
    Capture(Option<String>),
}

impl Pattern {
    /// Reads a pattern. The error says what is wrong with it. A filter may have no named capture, a
    /// parser must.
    pub(super) fn parse(text: &str, filter: bool) -> Result<Self, String> {
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = text;
        let mut plain = String::new();
        while let Some(c) = rest.chars().next() {
            let capture = rest.strip_prefix('<').and_then(|open| {
                let name = &open[..open.find('>')?];
                let word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
                (word && starts).then_some(name)
            });
            let Some(name) = capture else {
                plain.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            };
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            } else if matches!(parts.last(), Some(Part::Capture(_))) {
                return Err(format!("found consecutive capture '{name}': put text between captures"));
            }
            if name != "_" && parts.iter().any(|part| matches!(part, Part::Capture(Some(n)) if n == name)) {
                return Err(format!("duplicate capture name '{name}'"));
            }
            parts.push(Part::Capture((name != "_").then(|| name.to_owned())));
            rest = &rest[name.len() + 2..];
        }
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        let named = parts.iter().any(|part| matches!(part, Part::Capture(Some(_))));
        match (filter, named) {
            (true, true) => Err("a pattern filter takes <_> alone, no named capture".to_owned()),
            (false, false) => Err("at least one named capture is required, as <name>".to_owned()),
            _ => Ok(Self { parts }),
        }
    }

    /// Gives `each` the captures of a line, as far as it follows the pattern; whether it follows to
    /// the end.
    pub(super) fn captures<'l>(&self, line: &'l str, mut each: impl FnMut(&str, &'l str)) -> bool {
        let mut rest = line;
        let mut parts = self.parts.iter().peekable();
        if let Some(Part::Text(text)) = parts.peek() {
            let Some(at) = rest.find(text.as_str()) else { return false };
            rest = &rest[at + text.len()..];
            parts.next();
        }
        while let Some(part) = parts.next() {
            let Part::Capture(name) = part else { return false };
            let value = match parts.next() {
                Some(Part::Text(text)) => {
                    let Some(at) = rest.find(text.as_str()) else {
                        // What is left belongs to this capture, as in Loki.
                        if let Some(name) = name {
                            each(name, rest);
                        }
                        return false;
                    };
                    let value = &rest[..at];
                    rest = &rest[at + text.len()..];
                    value
                }
                _ => std::mem::take(&mut rest),
            };
            if let Some(name) = name {
                each(name, value);
            }
        }
        true
    }

    /// Whether a line holds the pattern's texts one after another.
    pub(super) fn is_match(&self, line: &str) -> bool {
        self.captures(line, |_, _| {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str, line: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        Pattern::parse(pattern, false)
            .expect("a pattern")
            .captures(line, |name, value| found.push((name.to_owned(), value.to_owned())));
        found
    }

    #[test]
    fn captures_lie_between_texts() {
        let pairs = |all: &[(&str, &str)]| {
            all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(
            read("<ip> - <_> \"<method> <path>\" <status>", "10.0.0.1 - x \"GET /a b\" 200"),
            pairs(&[("ip", "10.0.0.1"), ("method", "GET"), ("path", "/a b"), ("status", "200")])
        );
        assert_eq!(read("took <ms>ms", "it took 12ms"), pairs(&[("ms", "12")]));
        assert_eq!(read("a<b>c", "nothing"), pairs(&[]));
        assert!(Pattern::parse("<_> failed <_>", true).is_ok_and(|p| p.is_match("login failed for x")));
        for (pattern, filter) in [("<a><b>", false), ("<a> <a>", false), ("plain", false), ("<a>", true)] {
            assert!(Pattern::parse(pattern, filter).is_err(), "{pattern}");
        }
    }
}
