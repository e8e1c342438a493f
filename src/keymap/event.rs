//! The terminal library's key events as [`Key`].

use crossterm::event::{KeyCode as Code, KeyEvent, KeyEventKind, KeyModifiers};

use super::{Key, KeyCode};

impl Key {
    /// The key of an event; `None` for releases, for keys that a keymap cannot name (media keys, lone
    /// modifiers) and for those with a modifier the desktop owns (super, hyper, meta).
    pub fn from_event(event: &KeyEvent) -> Option<Self> {
        let foreign = KeyModifiers::SUPER | KeyModifiers::HYPER | KeyModifiers::META;
        if event.kind == KeyEventKind::Release || event.modifiers.intersects(foreign) {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let mut shift = event.modifiers.contains(KeyModifiers::SHIFT);
        let code = match event.code {
            // A terminal sends one byte for control with each of these signs; the library names it by a digit.
            Code::Char('4') if ctrl => KeyCode::Char('\\'),
            Code::Char('5') if ctrl => KeyCode::Char(']'),
            Code::Char('6') if ctrl => KeyCode::Char('^'),
            Code::Char('7') if ctrl => KeyCode::Char('_'),
            Code::Char(c) if c.is_control() || (c.is_whitespace() && c != ' ') => return None,
            // Some protocols send the unshifted letter with the modifier beside it.
            Code::Char(c) if shift && c.is_ascii_lowercase() => KeyCode::Char(c.to_ascii_uppercase()),
            Code::Char(c) => KeyCode::Char(c),
            Code::F(number @ 1..=24) => KeyCode::F(number),
            Code::BackTab => {
                shift = true;
                KeyCode::Tab
            }
            Code::Tab => KeyCode::Tab,
            Code::Enter => KeyCode::Enter,
            Code::Esc => KeyCode::Esc,
            Code::Backspace => KeyCode::Backspace,
            Code::Delete => KeyCode::Delete,
            Code::Insert => KeyCode::Insert,
            Code::Up => KeyCode::Up,
            Code::Down => KeyCode::Down,
            Code::Left => KeyCode::Left,
            Code::Right => KeyCode::Right,
            Code::Home => KeyCode::Home,
            Code::End => KeyCode::End,
            Code::PageUp => KeyCode::PageUp,
            Code::PageDown => KeyCode::PageDown,
            _ => return None,
        };
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        Some(Self { code, ctrl, alt, shift }.canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(code: Code, modifiers: KeyModifiers) -> Option<String> {
        Key::from_event(&KeyEvent::new(code, modifiers)).map(|key| key.to_string())
    }

    #[test]
    fn what_a_terminal_sends_is_what_a_keymap_writes() {
        let none = KeyModifiers::NONE;
        for (code, modifiers, want) in [
            (Code::Char('x'), none, Some("x")),
            (Code::Char('X'), KeyModifiers::SHIFT, Some("X")),
            (Code::Char('x'), KeyModifiers::SHIFT, Some("X")),
            (Code::Char('?'), KeyModifiers::SHIFT, Some("?")),
            (Code::Char(' '), none, Some("space")),
            (Code::Char(' '), KeyModifiers::CONTROL, Some("ctrl-space")),
            (Code::Char('l'), KeyModifiers::CONTROL, Some("ctrl-l")),
            (Code::Char('7'), KeyModifiers::CONTROL, Some("ctrl-_")),
            (Code::Char('i'), KeyModifiers::CONTROL, Some("tab")),
            (Code::BackTab, KeyModifiers::SHIFT, Some("shift-tab")),
            (Code::BackTab, none, Some("shift-tab")),
            (Code::PageUp, KeyModifiers::ALT, Some("alt-pageup")),
            (Code::F(5), none, Some("f5")),
            (Code::F(30), none, None),
            (Code::CapsLock, none, None),
            (Code::Char('x'), KeyModifiers::SUPER, None),
            (Code::Null, none, None),
        ] {
            assert_eq!(text(code, modifiers).as_deref(), want, "{code:?} {modifiers:?}");
        }
    }

    #[test]
    fn a_release_is_no_press_and_a_repeat_is() {
        let mut event = KeyEvent::new(Code::Down, KeyModifiers::NONE);
        event.kind = KeyEventKind::Release;
        assert_eq!(Key::from_event(&event), None);
        event.kind = KeyEventKind::Repeat;
        assert_eq!(Key::from_event(&event), Some(Key::plain(KeyCode::Down)));
    }
}
