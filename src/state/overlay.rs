//! What lies on top of a view.

use crate::command::CommandId;

/// Entries of the palette on a screen of this height.
pub fn palette_rows(height: u16) -> usize {
    usize::from(height.saturating_sub(12).clamp(1, 14))
}

/// Most characters of a prompt: a paste beyond it is a slip, and searching it at each key slow.
const LONGEST: usize = 1000;

/// An overlay with its own place.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// The command palette.
    Palette(Prompt),
    /// The filter of the alert list while it is typed; holds what it was before.
    Filter(Prompt),
    /// A query while it is typed.
    Query(Box<super::QueryPrompt>),
    /// What is searched for in what is loaded, while it is typed.
    Find(Prompt),
    /// Keys of the view.
    Help {
        /// First line in sight.
        scroll: u16,
    },
    /// A choice of one from a list.
    Choose(Choice),
    /// A dialog about something that is to be done.
    Dialog(Box<super::Dialog>),
    /// The faults of an embedded place.
    Faults {
        /// Cursor.
        cursor: usize,
    },
}

/// A line of text being typed, and the cursor of the list under it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    /// Text.
    pub text: String,
    /// Cursor in characters.
    pub cursor: usize,
    /// Chosen entry of the list.
    pub selected: usize,
    /// What the text was before, to return to.
    pub before: String,
}

impl Prompt {
    /// A prompt that starts with a text, cursor at its end.
    pub fn with(text: &str) -> Self {
        Self { text: text.to_owned(), cursor: text.chars().count(), selected: 0, before: text.to_owned() }
    }

    /// Byte position of a cursor in characters.
    fn byte(&self, cursor: usize) -> usize {
        self.text.char_indices().nth(cursor).map_or(self.text.len(), |(at, _)| at)
    }

    /// Types a text at the cursor; control characters are left out.
    pub fn insert(&mut self, text: &str) {
        self.insert_within(text, LONGEST);
    }

    /// Types a text where it may have at most so many characters; `false` where not all of it had room.
    pub fn insert_within(&mut self, text: &str, most: usize) -> bool {
        let room = most.saturating_sub(self.text.chars().count());
        let mut typed = text.chars().filter(|c| !c.is_control());
        let clean: String = typed.by_ref().take(room).collect();
        let at = self.byte(self.cursor);
        self.text.insert_str(at, &clean);
        self.cursor += clean.chars().count();
        self.selected = 0;
        typed.next().is_none()
    }

    /// Applies an editing command; `false` when it is none.
    pub fn edit(&mut self, command: CommandId) -> bool {
        let length = self.text.chars().count();
        match command {
            CommandId::DeleteBack if self.cursor > 0 => self.cut(self.cursor - 1, self.cursor),
            CommandId::DeleteForward if self.cursor < length => self.cut(self.cursor, self.cursor + 1),
            CommandId::DeleteWord => {
                let before: Vec<char> = self.text.chars().take(self.cursor).collect();
                let word = before.iter().rev().skip_while(|c| c.is_whitespace()).count();
                let rest = before[..word].iter().rev().skip_while(|c| !c.is_whitespace()).count();
                self.cut(rest, self.cursor);
            }
            CommandId::DeleteAll => self.cut(0, length),
            CommandId::CursorLeft => self.cursor = self.cursor.saturating_sub(1),
            CommandId::CursorRight => self.cursor = (self.cursor + 1).min(length),
            CommandId::CursorStart => self.cursor = 0,
            CommandId::CursorEnd => self.cursor = length,
            CommandId::DeleteBack | CommandId::DeleteForward => {}
            _ => return false,
        }
        true
    }

    fn cut(&mut self, from: usize, to: usize) {
        let range = self.byte(from)..self.byte(to);
        self.text.replace_range(range, "");
        self.cursor = from;
        self.selected = 0;
    }
}

/// A choice of one from a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What is chosen.
    pub what: What,
    /// Names.
    pub names: Vec<String>,
    /// Cursor.
    pub cursor: usize,
}

/// What a choice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A context.
    Context,
    /// A theme.
    Theme,
    /// A view, by the name that scripts use.
    View,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_edits_by_characters_not_bytes() {
        let mut prompt = Prompt::with("olá mundo");
        assert!(prompt.edit(CommandId::DeleteWord));
        assert_eq!((prompt.text.as_str(), prompt.cursor), ("olá ", 4));
        assert!(prompt.edit(CommandId::DeleteBack) && prompt.edit(CommandId::DeleteBack));
        assert_eq!(prompt.text, "ol");
        prompt.insert("á\u{1b}\n!");
        assert_eq!((prompt.text.as_str(), prompt.cursor), ("olá!", 4));
        assert!(prompt.edit(CommandId::CursorStart) && prompt.edit(CommandId::DeleteForward));
        assert_eq!((prompt.text.as_str(), prompt.cursor), ("lá!", 0));
        assert!(prompt.edit(CommandId::DeleteBack), "nothing to delete is no other command");
        assert!(!prompt.edit(CommandId::Quit));
        assert!(prompt.edit(CommandId::DeleteAll));
        assert_eq!(prompt.text, "");
    }
}
