//! Searching for a text in lines: small letters find capital ones too, capital letters only themselves.

use std::ops::Range;

use memchr::{memchr2_iter, memmem};

/// A text that is searched for in many lines.
pub struct Finder<'t> {
    exact: Option<memmem::Finder<'t>>,
    text: &'t [u8],
    /// The rarest byte of the text, and where it stands there.
    rare: (u8, usize),
}

impl<'t> Finder<'t> {
    /// Searches for this text.
    pub fn new(text: &'t str) -> Self {
        let exact = text.chars().any(char::is_uppercase) || !text.bytes().any(|b| b.is_ascii_lowercase());
        let rank = |byte: u8| {
            // Letters of English text and JSON by how often they occur; whatever is not here is rare.
            b"\" etaoinsr,:_dlcump0123456789fghbvywk.-".iter().position(|known| *known == byte)
        };
        let rare = text
            .bytes()
            .enumerate()
            .min_by_key(|(_, byte)| std::cmp::Reverse(rank(byte.to_ascii_lowercase()).unwrap_or(usize::MAX)));
        Self {
            exact: exact.then(|| memmem::Finder::new(text)),
            text: text.as_bytes(),
            rare: rare.map_or((0, 0), |(at, byte)| (byte.to_ascii_lowercase(), at)),
        }
    }

    /// Where a line first has it, from a byte on.
    pub fn find(&self, line: &str, from: usize) -> Option<usize> {
        let bytes = line.as_bytes().get(from..)?;
        if self.text.is_empty() {
            return None;
        }
        if let Some(exact) = &self.exact {
            return exact.find(bytes).map(|at| at + from);
        }
        let (byte, place) = self.rare;
        memchr2_iter(byte, byte.to_ascii_uppercase(), bytes)
            .filter_map(|at| at.checked_sub(place))
            .find(|start| {
                bytes
                    .get(*start..start + self.text.len())
                    .is_some_and(|part| part.eq_ignore_ascii_case(self.text))
            })
            .map(|at| at + from)
    }

    /// Whether a line has it.
    pub fn is_in(&self, line: &str) -> bool {
        self.find(line, 0).is_some()
    }
}

/// Every place of a text in a line, one after the other.
pub fn places(line: &str, text: &str) -> Vec<Range<usize>> {
    let finder = Finder::new(text);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = finder.find(line, from) {
        from = at + text.len();
        found.push(at..from);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_letters_find_both_and_capitals_themselves() {
        assert_eq!(places("Timeout timeout TIMEOUT", "timeout"), [0..7, 8..15, 16..23]);
        assert_eq!(places("Timeout timeout", "Time"), vec![0..4]);
        assert_eq!(places("aaa", "aa"), vec![0..2]);
        assert_eq!(places("ação", "ção"), vec![1..6]);
        assert!(places("x", "").is_empty() && places("", "x").is_empty());
        assert_eq!(places("id 42", "42"), vec![3..5]);
    }

    proptest::proptest! {
        #[test]
        fn it_finds_what_a_plain_search_finds(line in "[a-cA-C\"é ]{0,40}", text in "[a-cé ]{1,4}") {
            let plain = line.to_ascii_lowercase().find(&text.to_ascii_lowercase());
            proptest::prop_assert_eq!(Finder::new(&text).find(&line, 0), plain);
            for place in places(&line, &text) {
                proptest::prop_assert!(line.is_char_boundary(place.start) && line.is_char_boundary(place.end));
            }
        }
    }
}
