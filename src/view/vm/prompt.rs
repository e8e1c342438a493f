//! The prompt of a query.

/// A query being typed, with its completions; or a choice among ready queries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueryPromptVm {
    /// `PromQL query`.
    pub title: String,
    /// Text.
    pub text: String,
    /// Cursor in characters.
    pub cursor: usize,
    /// Stands in place of an empty text.
    pub placeholder: String,
    /// Character of the text at which something is wrong.
    pub problem: Option<usize>,
    /// What is wrong, what is loading, what the chosen completion means, where in the history this is.
    pub message: String,
    /// Whether the message is about something wrong.
    pub warning: bool,
    /// Completions in sight.
    pub entries: Vec<CompletionVm>,
    /// Index within `entries`; `None` while none is chosen.
    pub selected: Option<usize>,
    /// How many there are.
    pub matching: usize,
    /// That number in words; empty where there are none.
    pub count: String,
}

/// One completion.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CompletionVm {
    /// Text.
    pub text: String,
    /// Characters of it that match what is typed.
    pub hits: Vec<u32>,
    /// What it is, in a word.
    pub kind: String,
    /// What it means.
    pub note: String,
}
