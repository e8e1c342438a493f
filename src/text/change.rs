//! Words of `change`.

/// The words.
#[derive(Debug)]
pub struct ChangeText {
    /// Heads of the list.
    pub columns: [&'static str; 5],
    /// Not a label: the text.
    pub not_a_label: fn(&str) -> String,
    /// A change without a title.
    pub untitled: &'static str,
    /// A title that is too long: how long it may be.
    pub too_long: fn(usize) -> String,
    /// A moment that is no moment: why.
    pub not_a_time: fn(&str) -> String,
    /// A change that has not happened: when.
    pub in_future: fn(&str) -> String,
    /// It was noted: its number, when, what.
    pub noted: fn(i64, &str, &str) -> String,
}

/// English.
pub const EN: ChangeText = ChangeText {
    columns: ["AT", "COMPONENT", "CHANGE", "LABELS", "BY"],
    not_a_label: |text| format!("`{text}` is not NAME=VALUE, a name of letters, digits and `_`"),
    untitled: "say what was changed",
    too_long: |most| format!("what was changed must fit into {most} characters; put the rest behind a link"),
    not_a_time: |why| format!("--at: {why}"),
    in_future: |at| format!("--at: {at} lies in the future; note a change when it has been made"),
    noted: |id, at, title| format!("change {id} noted: {at} {title}"),
};
