//! Key ⇄ text: `x`, `X`, `space`, `ctrl-a`, `alt-x`, `shift-tab`, `f1`, `pageup`.

use std::fmt;
use std::str::FromStr;

use super::{Key, KeyCode};

/// Names of keys that are more than a character, function keys aside.
const NAMES: &[(&str, KeyCode)] = &[
    ("space", KeyCode::Char(' ')),
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
];

/// What other programs call some of them; only for advice.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("escape", "esc"),
    ("return", "enter"),
    ("ret", "enter"),
    ("cr", "enter"),
    ("spc", "space"),
    ("del", "delete"),
    ("ins", "insert"),
    ("bs", "backspace"),
    ("pgup", "pageup"),
    ("pgdn", "pagedown"),
    ("page-up", "pageup"),
    ("page-down", "pagedown"),
    ("backtab", "shift-tab"),
    ("minus", "-"),
    ("plus", "+"),
];

/// Why a text is no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// Nobody knows it; maybe it is meant to be this.
    Unknown(Option<String>),
    /// The key is known, but its one spelling is this.
    Spelling(String),
    /// A terminal sends this instead and nobody can tell the two apart.
    Same(Key),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (on, name) in [(self.ctrl, "ctrl-"), (self.alt, "alt-"), (self.shift, "shift-")] {
            if on {
                f.write_str(name)?;
            }
        }
        match (NAMES.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((name, _)), _) => f.write_str(name),
            (None, KeyCode::F(number)) => write!(f, "f{number}"),
            (None, KeyCode::Char(c)) => write!(f, "{c}"),
            // Every other code has a name, which a test holds.
            (None, _) => Ok(()),
        }
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let key = parse(text).ok_or_else(|| KeyError::Unknown(guess(text)))?;
        let canonical = key.canonical();
        let spelling = canonical.to_string();
        if canonical.code != key.code
            && !matches!((canonical.code, key.code), (KeyCode::Char(_), KeyCode::Char(_)))
        {
            return Err(KeyError::Same(canonical));
        }
        if spelling == text { Ok(key) } else { Err(KeyError::Spelling(spelling)) }
    }
}

/// Modifiers in any order, then a name or a single character.
fn parse(text: &str) -> Option<Key> {
    let mut key = Key::plain(KeyCode::Esc);
    let mut rest = text;
    loop {
        let (flag, tail) = if let Some(tail) = rest.strip_prefix("ctrl-") {
            (&mut key.ctrl, tail)
        } else if let Some(tail) = rest.strip_prefix("alt-") {
            (&mut key.alt, tail)
        } else if let Some(tail) = rest.strip_prefix("shift-") {
            (&mut key.shift, tail)
        } else {
            break;
        };
        if *flag || tail.is_empty() {
            return None;
        }
        *flag = true;
        rest = tail;
    }
    key.code = code(rest)?;
    if key.shift
        && let KeyCode::Char(c) = key.code
    {
        // `shift-a` is `A`; what shift makes of a sign is up to the keyboard.
        key.code = KeyCode::Char(c.is_alphabetic().then(|| c.to_uppercase().next())??);
    }
    Some(key)
}

fn code(text: &str) -> Option<KeyCode> {
    if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == text) {
        return Some(*code);
    }
    if let Some(number) = text.strip_prefix('f').filter(|number| !number.starts_with(['0', '+']))
        && let Ok(number) = number.parse::<u8>()
    {
        return (1..=24).contains(&number).then_some(KeyCode::F(number));
    }
    let mut chars = text.chars();
    let c = chars.next().filter(|c| !c.is_control() && !c.is_whitespace())?;
    chars.next().is_none().then_some(KeyCode::Char(c))
}

/// What an unknown text may have been meant to be.
fn guess(text: &str) -> Option<String> {
    let mut lower = text.trim().trim_start_matches('<').trim_end_matches('>').to_lowercase();
    if lower.chars().count() > 1 {
        lower = lower.replace('+', "-");
    }
    for (from, to) in
        [("control-", "ctrl-"), ("c-", "ctrl-"), ("m-", "alt-"), ("a-", "alt-"), ("s-", "shift-")]
    {
        if let Some(rest) = lower.strip_prefix(from) {
            lower = format!("{to}{rest}");
        }
    }
    if let Some(rest) = lower.strip_prefix('^').filter(|rest| rest.chars().count() == 1) {
        lower = format!("ctrl-{rest}");
    }
    let (modifiers, name) = split(&lower);
    let name = OTHER_NAMES.iter().find(|(other, _)| *other == name).map_or(name, |(_, own)| own);
    let known = parse(&format!("{modifiers}{name}")).or_else(|| {
        let names = NAMES.iter().map(|(name, _)| *name);
        let near = crate::document::did_you_mean(name, names).filter(|_| name.chars().count() > 2)?;
        parse(&format!("{modifiers}{near}"))
    });
    known.map(|key| key.canonical().to_string())
}

/// The leading modifiers of a text, and the rest.
fn split(text: &str) -> (&str, &str) {
    let mut at = 0;
    while let Some(modifier) =
        ["ctrl-", "alt-", "shift-"].iter().find(|modifier| text[at..].starts_with(**modifier))
    {
        at += modifier.len();
    }
    text.split_at(at)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any key that a terminal can send.
    pub(in crate::keymap) fn any_key() -> impl Strategy<Value = Key> {
        let code = prop_oneof![
            4 => prop::char::range('!', '~').prop_map(KeyCode::Char),
            1 => any::<char>()
                .prop_filter("typed", |c| !c.is_control() && (*c == ' ' || !c.is_whitespace()))
                .prop_map(KeyCode::Char),
            1 => (1u8..=24).prop_map(KeyCode::F),
            3 => prop::sample::select(NAMES).prop_map(|(_, code)| code),
        ];
        (code, any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(code, ctrl, alt, shift)| Key { code, ctrl, alt, shift }.canonical())
    }

    proptest! {
        #[test]
        fn text_comes_back_as_the_same_key(key in any_key()) {
            prop_assert_eq!(key.to_string().parse::<Key>(), Ok(key));
        }

        #[test]
        fn any_text_is_a_key_in_its_one_spelling_or_an_error(text in ".{0,12}") {
            if let Ok(key) = text.parse::<Key>() {
                prop_assert_eq!(key.to_string(), text);
                prop_assert_eq!(key.canonical(), key);
            }
        }
    }

    #[test]
    fn every_way_to_write_a_key() {
        let key = |code| Key::plain(code);
        for (text, want) in [
            ("x", key(KeyCode::Char('x'))),
            ("X", key(KeyCode::Char('X'))),
            (":", key(KeyCode::Char(':'))),
            ("-", key(KeyCode::Char('-'))),
            ("ç", key(KeyCode::Char('ç'))),
            ("f", key(KeyCode::Char('f'))),
            ("f1", key(KeyCode::F(1))),
            ("f24", key(KeyCode::F(24))),
            ("space", key(KeyCode::Char(' '))),
            ("pageup", key(KeyCode::PageUp)),
            ("ctrl-a", Key { ctrl: true, ..key(KeyCode::Char('a')) }),
            ("ctrl--", Key { ctrl: true, ..key(KeyCode::Char('-')) }),
            ("alt-x", Key { alt: true, ..key(KeyCode::Char('x')) }),
            ("alt-X", Key { alt: true, ..key(KeyCode::Char('X')) }),
            ("shift-tab", Key { shift: true, ..key(KeyCode::Tab) }),
            ("ctrl-alt-shift-end", Key { code: KeyCode::End, ctrl: true, alt: true, shift: true }),
        ] {
            assert_eq!(text.parse(), Ok(want), "{text}");
        }
    }

    #[test]
    fn other_spellings_are_told_the_right_one() {
        for (text, want) in
            [("alt-ctrl-x", "ctrl-alt-x"), ("ctrl-A", "ctrl-a"), ("shift-a", "A"), ("alt-shift-a", "alt-A")]
        {
            assert_eq!(text.parse::<Key>(), Err(KeyError::Spelling(want.to_owned())), "{text}");
        }
    }

    #[test]
    fn keys_a_terminal_cannot_tell_apart_are_refused() {
        for (text, sent) in
            [("ctrl-i", "tab"), ("ctrl-m", "enter"), ("ctrl-[", "esc"), ("alt-ctrl-i", "alt-tab")]
        {
            let sent = sent.parse().expect("a key");
            assert_eq!(text.parse::<Key>(), Err(KeyError::Same(sent)), "{text}");
        }
    }

    #[test]
    fn strangers_are_guessed_where_that_is_possible() {
        for (text, near) in [
            ("escape", Some("esc")),
            ("Esc", Some("esc")),
            ("F1", Some("f1")),
            ("C-a", Some("ctrl-a")),
            ("<C-a>", Some("ctrl-a")),
            ("^a", Some("ctrl-a")),
            ("ctrl+a", Some("ctrl-a")),
            ("Ctrl+PgUp", Some("ctrl-pageup")),
            ("entre", Some("enter")),
            ("backtab", Some("shift-tab")),
            ("f25", None),
            ("f0", None),
            ("ctrl-", None),
            ("ctrl-ctrl-a", None),
            ("", None),
            ("\u{7}", None),
            ("e\u{301}", None),
            ("nonsense", None),
        ] {
            assert_eq!(text.parse::<Key>(), Err(KeyError::Unknown(near.map(str::to_owned))), "{text:?}");
        }
    }
}
