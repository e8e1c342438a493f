//! Label sets and the matchers that select them, as Prometheus, Alertmanager and Loki share them.

use std::fmt;
use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// A label set: unique names, sorted by name, cheap to clone. All of its text lies in one piece,
/// since a list of alerts holds ten thousand sets and replaces them every few seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Labels {
    /// Names and values one after another.
    text: Arc<str>,
    /// Where each of them ends in `text`: name, value, name, value.
    ends: Arc<[u32]>,
}

impl Labels {
    /// Builds a set from pairs in any order; of equal names the last one stays.
    pub fn new<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let mut all: Vec<(N, V)> = pairs.into_iter().collect();
        all.sort_by(|(a, _), (b, _)| a.as_ref().cmp(b.as_ref()));
        let mut text =
            String::with_capacity(all.iter().map(|(n, v)| n.as_ref().len() + v.as_ref().len()).sum());
        let mut ends = Vec::with_capacity(all.len() * 2);
        for (at, (name, value)) in all.iter().enumerate() {
            // The order of equal names is kept, so that the last of them is the one to stay.
            if all.get(at + 1).is_some_and(|(next, _)| next.as_ref() == name.as_ref()) {
                continue;
            }
            for part in [name.as_ref(), value.as_ref()] {
                text.push_str(part);
                // The client caps answers at 64 MiB.
                ends.push(text.len() as u32);
            }
        }
        Self { text: text.into(), ends: ends.into() }
    }

    /// The `at`th text: names are even, values odd.
    fn part(&self, at: usize) -> &str {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = if at == 0 { 0 } else { end(at - 1) };
        self.text.get(start..end(at)).unwrap_or("")
    }

    /// The value of `name`, or `None` where the label is absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            match self.part(middle * 2).cmp(name) {
                std::cmp::Ordering::Equal => return Some(self.part(middle * 2 + 1)),
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        None
    }

    /// All names and values in one piece: what is not in here is in none of them.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Name and value pairs, sorted by name.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &str)> + ExactSizeIterator {
        (0..self.len()).map(|at| (self.part(at * 2), self.part(at * 2 + 1)))
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.ends.len() / 2
    }

    /// Whether there is no label at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The same set without the named labels.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        Self::new(self.iter().filter(|(name, _)| !names.contains(name)))
    }

    /// Whether both are the same set, the named labels left out.
    pub fn same_without(&self, other: &Self, names: &[&str]) -> bool {
        let kept = |(name, _): &(&str, &str)| !names.contains(name);
        self == other || self.iter().filter(kept).eq(other.iter().filter(kept))
    }

    /// The same set with one label set to `value`.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        Self::new(self.iter().chain(std::iter::once((name, value))))
    }

    /// The value of `__name__`, empty where there is none.
    pub fn metric_name(&self) -> &str {
        self.get("__name__").unwrap_or("")
    }
}

impl Ord for Labels {
    /// By names and values, pair by pair.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.iter().cmp(other.iter())
    }
}

impl PartialOrd for Labels {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Labels {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(pairs: T) -> Self {
        Self::new(pairs)
    }
}

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> serde::Deserialize<'de> for Labels {
    /// Reads a JSON object of strings, without an intermediate tree.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Labels;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of label names and string values")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
                let mut pairs: Vec<(Box<str>, Box<str>)> = Vec::with_capacity(map.size_hint().unwrap_or(8));
                while let Some(pair) = map.next_entry::<Box<str>, Box<str>>()? {
                    pairs.push(pair);
                }
                Ok(Labels::new(pairs))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

impl fmt::Display for Labels {
    /// `{a="1", b="2"}`, values quoted as PromQL quotes them; the metric name stands before.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.metric_name())?;
        f.write_str("{")?;
        let mut first = true;
        for (name, value) in self.iter().filter(|(name, _)| *name != "__name__") {
            if !first {
                f.write_str(", ")?;
            }
            first = false;
            write!(f, "{name}={}", Quoted(value))?;
        }
        f.write_str("}")
    }
}

/// A label value as PromQL and Alertmanager write it: double quotes, `\\`, `\"` and `\n` escaped.
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for c in self.0.chars() {
            match c {
                '\\' => f.write_str("\\\\")?,
                '"' => f.write_str("\\\"")?,
                '\n' => f.write_str("\\n")?,
                other => write!(f, "{other}")?,
            }
        }
        f.write_str("\"")
    }
}

/// How a matcher compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`, fully anchored
    Regex,
    /// `!~`, fully anchored
    NotRegex,
}

impl MatchOp {
    /// The operator as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Regex => "=~",
            Self::NotRegex => "!~",
        }
    }
}

/// One condition on one label. An absent label compares as the empty string, as in Prometheus.
#[derive(Clone, Debug)]
pub struct Matcher {
    /// Label name.
    pub name: String,
    /// Comparison.
    pub op: MatchOp,
    /// Right side, unquoted.
    pub value: String,
    regex: Option<regex::Regex>,
}

impl PartialEq for Matcher {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.op, &self.value) == (&other.name, other.op, &other.value)
    }
}

impl Eq for Matcher {}

impl Matcher {
    /// Makes a matcher; a regular expression that does not compile is an error in words.
    pub fn new(name: &str, op: MatchOp, value: &str) -> Result<Self, String> {
        let regex = match op {
            MatchOp::Regex | MatchOp::NotRegex => {
                Some(regex::Regex::new(&format!("^(?s:{value})$")).map_err(|_| {
                    format!("{name}{}{}: not a valid regular expression", op.as_str(), Quoted(value))
                })?)
            }
            MatchOp::Equal | MatchOp::NotEqual => None,
        };
        Ok(Self { name: name.to_owned(), op, value: value.to_owned(), regex })
    }

    /// Parses `name=value`, `name="value"`, `name!=…`, `name=~…`, `name!~…`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a matcher; write name=\"value\", with =, !=, =~ or !~");
        let at = text.find(['=', '!']).ok_or_else(wrong)?;
        let (name, rest) = (text[..at].trim(), &text[at..]);
        let (op, value) = if let Some(value) = rest.strip_prefix("=~") {
            (MatchOp::Regex, value)
        } else if let Some(value) = rest.strip_prefix("!~") {
            (MatchOp::NotRegex, value)
        } else if let Some(value) = rest.strip_prefix("!=") {
            (MatchOp::NotEqual, value)
        } else if let Some(value) = rest.strip_prefix('=') {
            (MatchOp::Equal, value)
        } else {
            return Err(wrong());
        };
        let mut chars = name.chars();
        let named = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !named {
            return Err(wrong());
        }
        let value = value.trim();
        let value = match value.strip_prefix('"') {
            Some(open) => unquote(open).ok_or_else(wrong)?,
            None if value.starts_with(['=', '~']) => return Err(wrong()),
            None => value.to_owned(),
        };
        Self::new(name, op, &value)
    }

    /// Whether the label set satisfies this condition.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.matches_value(labels.get(&self.name).unwrap_or(""))
    }

    /// Whether a value of its label satisfies it; an absent one is empty.
    pub fn matches_value(&self, value: &str) -> bool {
        match (self.op, &self.regex) {
            (MatchOp::NotEqual, _) => value != self.value,
            (MatchOp::Regex, Some(regex)) => regex.is_match(value),
            (MatchOp::NotRegex, Some(regex)) => !regex.is_match(value),
            _ => value == self.value,
        }
    }
}

/// Undoes [`Quoted`] for the text after the opening quote; `None` unless it ends with the closing one.
fn unquote(open: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = open.chars();
    loop {
        match chars.next()? {
            '"' => return chars.next().is_none().then_some(out),
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.name, self.op.as_str(), Quoted(&self.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_sorted_unique_and_shown_as_promql() {
        let labels = Labels::new([("b", "2"), ("__name__", "up"), ("a", "x\"y"), ("b", "3")]);
        assert_eq!(labels.to_string(), r#"up{a="x\"y", b="3"}"#);
        assert_eq!(labels.get("b"), Some("3"));
        assert_eq!(labels.get("c"), None);
        assert_eq!(labels.without(&["a"]).len(), 2);
        assert_eq!(labels.iter().next_back(), Some(("b", "3")));
        assert_eq!(Labels::new([("b", "3"), ("a", "x\"y"), ("__name__", "up")]), labels);
        assert_ne!(Labels::new([("a", "bc")]), Labels::new([("ab", "c")]));
        assert!(Labels::new([("a", "z")]) < Labels::new([("ab", "a")]), "by pairs, not by their text");
        assert!(labels.same_without(&labels.without(&["a", "b"]).with("a", "1"), &["a", "b"]));
        assert!(!labels.same_without(&labels.without(&["a", "b"]), &["a"]));
        assert_eq!(Labels::new([("", "")]).get(""), Some(""));
    }

    #[test]
    fn matchers_parse_match_and_print() {
        let labels = Labels::new([("severity", "critical"), ("job", "api")]);
        for (text, expected) in [
            ("severity=critical", true),
            ("severity=\"critical\"", true),
            ("severity!=critical", false),
            ("severity=~\"crit.*\"", true),
            ("severity=~crit", false),
            ("job!~\"db|web\"", true),
            ("absent=\"\"", true),
        ] {
            assert_eq!(Matcher::parse(text).map(|m| m.matches(&labels)), Ok(expected), "{text}");
        }
        for text in ["", "severity", "==x", "1a=b", "a==b", "a=\"b", "a=~\"(\"", "a!b"] {
            assert!(Matcher::parse(text).is_err(), "{text}");
        }
        let matcher = Matcher::parse("a=\"x\\\"\\\\y\"").expect("parses");
        assert_eq!(Matcher::parse(&matcher.to_string()), Ok(matcher));
    }
}
