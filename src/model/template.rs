//! Texts with places: `{severity}: {title}`, where what is put in stays data whatever it holds.
//!
//! A template is cut into pieces once, before anything is put in. Nothing that is put in is ever read as a
//! template, as a shell's text, or as syntax of what surrounds it: an argument stays one argument, and who
//! writes JSON or a form encodes each value for itself.

use std::fmt;

/// A text with places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

/// One piece of it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// As it stands.
    Text(String),
    /// A place, by its name.
    Place(String),
}

impl Template {
    /// Reads a text. `{name}` is a place; `{{` and `}}` are braces. The error is the byte at which a brace
    /// has no partner or a name is none.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let here = text.len() - rest.len() + at;
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
                continue;
            }
            if brace == "}" {
                return Err(here);
            }
            let end = rest.find('}').ok_or(here)?;
            let name = &rest[..end];
            if !is_name(name) {
                return Err(here);
            }
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Place(name.to_owned()));
            rest = &rest[end + 1..];
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self(pieces))
    }

    /// The names of its places, in their order.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Place(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// Whether the whole is one place, so that what it begins with is what is put in.
    pub fn begins_with_place(&self) -> bool {
        matches!(self.0.first(), Some(Piece::Place(_)))
    }

    /// The text with every place filled. The error is the name of the first place that has no value.
    pub fn fill(&self, value: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Place(name) => text.push_str(&value(name).ok_or_else(|| name.clone())?),
            }
        }
        Ok(text)
    }
}

impl fmt::Display for Template {
    /// As it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Text(plain) => f.write_str(&plain.replace('{', "{{").replace('}', "}}"))?,
                Piece::Place(name) => write!(f, "{{{name}}}")?,
            }
        }
        Ok(())
    }
}

/// Whether a place may be called so: words of letters, digits and `_`, joined by dots.
fn is_name(name: &str) -> bool {
    name.split('.').all(|word| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Template {
        Template::parse(text).expect("a template")
    }

    #[test]
    fn places_are_filled_and_what_is_put_in_stays_data() {
        let hostile = "$(reboot); `x` \"q\"\n{title} }{";
        let filled = parse("a {{b}} {label.service}/{x}!").fill(&|name| match name {
            "label.service" => Some(hostile.to_owned()),
            "x" => Some("{label.service}".to_owned()),
            _ => None,
        });
        assert_eq!(filled, Ok(format!("a {{b}} {hostile}/{{label.service}}!")));
    }

    #[test]
    fn a_place_without_a_value_is_named() {
        assert_eq!(parse("{a}{b}").fill(&|name| (name == "a").then(String::new)), Err("b".to_owned()));
    }

    #[test]
    fn braces_without_partner_have_their_place() {
        for (text, at) in
            [("{", 0), ("ab}", 2), ("a{b", 1), ("{}", 0), ("{a b}", 0), ("{a..b}", 0), ("é{", 2)]
        {
            assert_eq!(Template::parse(text), Err(at), "{text}");
        }
    }

    #[test]
    fn it_is_written_as_it_was_read() {
        for text in ["", "plain", "{a}{b.c} {{x}}", "}}{{"] {
            assert_eq!(parse(text).to_string(), text);
        }
        assert!(parse("{a}b").begins_with_place() && !parse("b{a}").begins_with_place());
        assert_eq!(parse("{a} {b}").places().collect::<Vec<_>>(), ["a", "b"]);
    }
}
