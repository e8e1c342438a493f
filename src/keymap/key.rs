//! One key press.

/// Which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyCode {
    /// A character as typed: shift is in the character, not a modifier.
    Char(char),
    /// Function key 1–24.
    F(u8),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab; with shift it is back-tab.
    Tab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow.
    Up,
    /// Arrow.
    Down,
    /// Arrow.
    Left,
    /// Arrow.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Which.
    pub code: KeyCode,
    /// Control.
    pub ctrl: bool,
    /// Alt.
    pub alt: bool,
    /// Shift, for keys that are no characters.
    pub shift: bool,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// The one form of all presses that a terminal cannot tell apart. Shift is part of a character;
    /// control makes no difference between `a` and `A`; and control with `i`, `m` or `[` is the
    /// byte of tab, enter or escape (ECMA-48 C0: control clears the upper bits of the letter).
    #[must_use]
    pub fn canonical(mut self) -> Self {
        if self.ctrl
            && let KeyCode::Char(c) = self.code
        {
            let same = match c.to_ascii_lowercase() {
                'i' => Some(KeyCode::Tab),
                'm' => Some(KeyCode::Enter),
                '[' => Some(KeyCode::Esc),
                lower => {
                    self.code = KeyCode::Char(lower);
                    None
                }
            };
            if let Some(code) = same {
                self.code = code;
                self.ctrl = false;
                self.shift = false;
            }
        }
        if matches!(self.code, KeyCode::Char(_)) {
            self.shift = false;
        }
        self
    }

    /// Whether it types a character into a prompt.
    pub fn types(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && !self.ctrl && !self.alt
    }
}
