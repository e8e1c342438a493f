//! Reads a JSON line without a tree: every leaf with its path, numbers as they were written.

use std::borrow::Cow;

use super::ast::Step;

/// How deep objects may nest.
const DEEPEST: usize = 64;

/// A reader of one line.
struct Reader<'l> {
    text: &'l str,
    at: usize,
}

/// What a leaf of a JSON line is.
#[derive(Clone, Debug, PartialEq)]
pub enum Leaf<'l> {
    /// A string, unescaped.
    Text(Cow<'l, str>),
    /// A number, `true` or `false`, as written.
    Plain(&'l str),
    /// `null`.
    Null,
    /// An array as written; no parser looks into it.
    Array(&'l str),
}

/// What goes wrong, in words.
pub(super) type Wrong = &'static str;

impl<'l> Reader<'l> {
    fn skip(&mut self) {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Result<(), Wrong> {
        self.skip();
        if self.byte() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err("Value looks like object, but can't find closing '}' symbol")
    }

    fn string(&mut self) -> Result<Cow<'l, str>, Wrong> {
        self.take(b'"')?;
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut escaped = false;
        loop {
            match bytes.get(self.at) {
                None => return Err("Value looks like string, but can't find closing '\"' symbol"),
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                Some(_) => self.at += 1,
            }
        }
        let raw = self.text.get(start..self.at).ok_or("Malformed string escape sequence")?;
        let quoted = self.text.get(start - 1..=self.at).unwrap_or("");
        self.at += 1;
        if !escaped {
            return Ok(Cow::Borrowed(raw));
        }
        serde_json::from_str::<String>(quoted).map(Cow::Owned).map_err(|_| "Malformed string escape sequence")
    }

    fn plain(&mut self) -> &'l str {
        let start = self.at;
        while self
            .byte()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or("")
    }

    /// Skips a value of any kind; its text.
    fn whole(&mut self, depth: usize) -> Result<&'l str, Wrong> {
        self.skip();
        let start = self.at;
        match self.byte() {
            Some(b'"') => {
                self.string()?;
            }
            Some(open @ (b'{' | b'[')) => {
                if depth > DEEPEST {
                    return Err("the JSON nests too deeply");
                }
                self.at += 1;
                let close = if open == b'{' { b'}' } else { b']' };
                self.skip();
                if self.byte() == Some(close) {
                    self.at += 1;
                } else {
                    loop {
                        if open == b'{' {
                            self.skip();
                            self.string()?;
                            self.take(b':')?;
                        }
                        self.whole(depth + 1)?;
                        self.skip();
                        match self.byte() {
                            Some(b',') => self.at += 1,
                            Some(byte) if byte == close => {
                                self.at += 1;
                                break;
                            }
                            _ => return Err("Value looks like object, but can't find closing '}' symbol"),
                        }
                    }
                }
            }
            Some(_) if !self.plain().is_empty() => {}
            _ => return Err("Unknown value type"),
        }
        Ok(self.text.get(start..self.at).unwrap_or(""))
    }

    /// One value: a leaf, or `None` before an object, which is left to the caller.
    fn leaf(&mut self, depth: usize) -> Result<Option<Leaf<'l>>, Wrong> {
        self.skip();
        Ok(Some(match self.byte() {
            Some(b'{') => return Ok(None),
            Some(b'[') => Leaf::Array(self.whole(depth)?),
            Some(b'"') => Leaf::Text(self.string()?),
            _ => match self.plain() {
                "null" => Leaf::Null,
                "" => return Err("Unknown value type"),
                word @ ("true" | "false") => Leaf::Plain(word),
                word if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => Leaf::Plain(word),
                _ => return Err("Unknown value type"),
            },
        }))
    }

    fn object(
        &mut self,
        prefix: &mut String,
        join: char,
        depth: usize,
        each: &mut dyn FnMut(&str, Leaf<'l>),
    ) -> Result<(), Wrong> {
        if depth > DEEPEST {
            return Err("the JSON nests too deeply");
        }
        self.take(b'{')?;
        self.skip();
        if self.byte() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.skip();
            let key = self.string()?;
            self.take(b':')?;
            let size = prefix.len();
            if size > 0 {
                prefix.push(join);
            }
            prefix.push_str(&key);
            match self.leaf(depth)? {
                Some(leaf) => each(prefix, leaf),
                None => self.object(prefix, join, depth + 1, each)?,
            }
            prefix.truncate(size);
            self.skip();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err("Value looks like object, but can't find closing '}' symbol"),
            }
        }
    }
}

/// Gives `each` every leaf of an object with its path, its keys joined by `join`. What came before an
/// error has been given.
pub(super) fn leaves<'l>(
    line: &'l str,
    join: char,
    each: &mut dyn FnMut(&str, Leaf<'l>),
) -> Result<(), Wrong> {
    let mut reader = Reader { text: line, at: 0 };
    reader.skip();
    if reader.byte() != Some(b'{') {
        return Err("expecting json object(6), but it is not");
    }
    reader.object(&mut String::new(), join, 0, each)
}

/// The value at a path: a string's content, else its text. `Ok(None)` where there is none.
pub(super) fn at<'l>(line: &'l str, path: &[Step]) -> Result<Option<Cow<'l, str>>, Wrong> {
    let mut reader = Reader { text: line, at: 0 };
    reader.skip();
    if !matches!(reader.byte(), Some(b'{' | b'[')) {
        return Err("expecting json object(6), but it is not");
    }
    for step in path {
        if !reader.enter(step)? {
            return Ok(None);
        }
    }
    reader.skip();
    if reader.byte() == Some(b'"') {
        return reader.string().map(Some);
    }
    let text = reader.whole(0)?;
    Ok((text != "null").then_some(Cow::Borrowed(text)))
}

impl Reader<'_> {
    /// Moves to a key's or an index's value; whether there is one.
    fn enter(&mut self, step: &Step) -> Result<bool, Wrong> {
        self.skip();
        let object = match (self.byte(), step) {
            (Some(b'{'), Step::Key(_)) => true,
            (Some(b'['), Step::Index(_)) => false,
            _ => return Ok(false),
        };
        self.at += 1;
        self.skip();
        if matches!(self.byte(), Some(b'}' | b']')) {
            return Ok(false);
        }
        let mut index = 0;
        loop {
            let found = if object {
                self.skip();
                let key = self.string()?;
                self.take(b':')?;
                matches!(step, Step::Key(wanted) if *wanted == key)
            } else {
                matches!(step, Step::Index(wanted) if *wanted == index)
            };
            if found {
                return Ok(true);
            }
            self.whole(0)?;
            index += 1;
            self.skip();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b'}' | b']') => return Ok(false),
                _ => return Err("Value looks like object, but can't find closing '}' symbol"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_have_paths_and_their_text_as_written() {
        let mut found = Vec::new();
        let line =
            r#"{"a": "x\ny", "b": {"c": 330.0, "d": {"e": true}}, "f": [1,{"g":2}], "h": null, "i":{}}"#;
        leaves(line, '_', &mut |path, leaf| {
            found.push(match leaf {
                Leaf::Text(text) => format!("{path}=t:{text}"),
                Leaf::Plain(text) => format!("{path}=p:{text}"),
                Leaf::Null => format!("{path}=null"),
                Leaf::Array(_) => format!("{path}=array"),
            });
        })
        .expect("an object");
        assert_eq!(found, ["a=t:x\ny", "b_c=p:330.0", "b_d_e=p:true", "f=array", "h=null"]);
    }

    #[test]
    fn paths_lead_to_values_or_to_nothing() {
        let line = r#"{"a": {"b": [10, {"c d": "x"}]}, "n": null}"#;
        let key = |name: &str| Step::Key(name.to_owned());
        for (path, expected) in [
            (vec![key("a"), key("b"), Step::Index(0)], Some("10")),
            (vec![key("a"), key("b"), Step::Index(1), key("c d")], Some("x")),
            (vec![key("a"), key("b"), Step::Index(1)], Some("{\"c d\": \"x\"}")),
            (vec![key("a"), key("z")], None),
            (vec![key("a"), Step::Index(0)], None),
            (vec![key("n")], None),
        ] {
            assert_eq!(at(line, &path).expect("JSON").as_deref(), expected, "{path:?}");
        }
    }

    #[test]
    fn broken_lines_are_errors() {
        for line in [
            "",
            "x",
            "[1]",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":\"x",
            "{\"a\":\"\\",
            "{\"a\":}",
            "{a:1}",
        ] {
            assert!(leaves(line, '_', &mut |_, _| {}).is_err(), "{line}");
        }
        let deep = "{\"a\":".repeat(10_000);
        assert!(leaves(&deep, '_', &mut |_, _| {}).is_err());
        assert!(leaves(&format!("{{\"a\":{}", "[".repeat(100_000)), '_', &mut |_, _| {}).is_err());
    }
}
