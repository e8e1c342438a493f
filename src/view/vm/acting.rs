//! Dialogs about something that is to be done, and the list of silences, as data.

use super::{Level, PaneState};

/// A dialog.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DialogVm {
    /// Title.
    pub title: String,
    /// What it is about, a line each.
    pub about: Vec<String>,
    /// Fields.
    pub fields: Vec<DialogFieldVm>,
    /// Lines that are shown whole and strong: what it was opened for.
    pub plain: Vec<String>,
    /// Completions of the field that has the keys.
    pub completions: Vec<(String, String)>,
    /// Chosen completion.
    pub chosen: Option<usize>,
    /// A table: heads and rows.
    pub table: Option<([String; 3], Vec<[String; 3]>)>,
    /// Whether the last column is shown whole, on as many lines as it takes: nothing of it may be hidden.
    pub whole: bool,
    /// Lines of the table that are scrolled away where there is no room for all.
    pub scroll: usize,
    /// What something says while it goes on: a head, the lines, how many of the last are scrolled away.
    pub output: Option<(String, Vec<String>, usize)>,
    /// What will happen, and what is wrong.
    pub said: Vec<(Level, String)>,
    /// What keys do.
    pub keys: String,
}

/// One field of a dialog.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DialogFieldVm {
    /// Label.
    pub label: String,
    /// What is in it.
    pub text: String,
    /// What stands there while it is empty.
    pub placeholder: String,
    /// Cursor in characters; `None` for a field that has not the keys.
    pub cursor: Option<usize>,
    /// A switch: nothing is typed into it.
    pub switch: bool,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// The list of silences.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SilencesVm {
    /// How many of each.
    pub summary: String,
    /// Age and completeness.
    pub note: String,
    /// What the note says.
    pub state: PaneState,
    /// Heads.
    pub heads: [String; 5],
    /// Rows.
    pub rows: Vec<SilenceRowVm>,
    /// Cursor.
    pub cursor: usize,
    /// The one under the cursor in full.
    pub detail: Vec<(String, String)>,
    /// What stands in place of an empty list.
    pub empty: Vec<String>,
}

/// One silence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SilenceRowVm {
    /// State, when, by, mutes, comment.
    pub cells: [String; 5],
    /// How pressing its end is.
    pub level: Level,
    /// Whether it mutes now.
    pub active: bool,
}
