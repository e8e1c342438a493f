//! What stands on top of the body.

use super::{DialogVm, FaultsVm, FilterVm, QueryPromptVm};

/// What stands on top of the body.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// The command palette.
    Palette(PaletteVm),
    /// Keys and what they do in this view.
    Help {
        /// Titled groups of (keys, doc).
        groups: Vec<(String, Vec<(String, String)>)>,
        /// First line shown.
        scroll: u16,
    },
    /// A list to choose from: contexts, themes, windows.
    Choose {
        /// Title.
        title: String,
        /// Entries: text, and a note.
        entries: Vec<(String, String)>,
        /// Cursor.
        cursor: usize,
    },
    /// A dialog about something that is to be done.
    Dialog(Box<DialogVm>),
    /// The faults of an embedded place.
    Faults(FaultsVm),
    /// A query being typed.
    Query(Box<QueryPromptVm>),
    /// What is searched for, while it is typed.
    Find(FilterVm),
}

/// The command palette.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PaletteVm {
    /// What was typed.
    pub input: String,
    /// Cursor in characters.
    pub cursor: usize,
    /// Matches, best first: visible part only.
    pub entries: Vec<PaletteEntryVm>,
    /// Index within `entries`.
    pub selected: usize,
    /// How many match in all.
    pub matching: usize,
}

/// One command in the palette.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PaletteEntryVm {
    /// Title.
    pub title: String,
    /// Character positions in the title that matched.
    pub hits: Vec<u32>,
    /// Its keys.
    pub keys: String,
    /// What it does, in one line.
    pub doc: String,
    /// Whether it works in this view; others are shown dimmed with the reason.
    pub available: bool,
}
