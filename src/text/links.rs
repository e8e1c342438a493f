//! Words of links, of the time axis and of the window's history.

use crate::model::Language;
use crate::model::ask::Key;

/// What is said where one view leads to another.
#[derive(Debug)]
pub struct LinksText {
    /// What a language asks for: `log lines`, `traces`, `series`.
    pub what: fn(Language) -> &'static str,
    /// What is in focus names nothing that leads there: to what.
    pub nothing: fn(&str) -> String,
    /// Labels that are not asked for, because there they have no counterpart: what is shown, labels.
    pub unused: fn(&str, &[String]) -> String,
    /// Only slow and failed traces are asked for: from how many milliseconds on.
    pub narrowed: fn(u32) -> String,
    /// The link leads to what is in sight already.
    pub here: fn(&str) -> String,
    /// A piece of the axis is being brushed: the keys that move, make it the window, leave it.
    pub brushing: fn(&str, &str) -> String,
    /// The piece is nothing yet.
    pub nothing_brushed: &'static str,
    /// There is no window to return to.
    pub no_window: &'static str,
    /// The window is that of before.
    pub window_back: &'static str,
    /// A page of more: how many are on it.
    pub of_more: fn(usize) -> String,
    /// Title of what a question answers.
    pub pane: fn(&Key) -> &'static str,
}

/// English.
pub const EN: LinksText = LinksText {
    what: |language| match language {
        Language::LogQl => "log lines",
        Language::TraceQl => "traces",
        Language::PromQl => "series",
    },
    nothing: |what| {
        format!("nothing to go by: what is in focus names no service, department or label that {what} have")
    },
    unused: |what, labels| format!("not asked for, {what} do not have it: {}", labels.join(", ")),
    narrowed: |ms| {
        let slow = if ms % 1000 == 0 { format!("{} s", ms / 1000) } else { format!("{ms} ms") };
        format!("only traces over {slow} or with an error")
    },
    here: |what| format!("these are the {what} of what is in focus"),
    brushing: |mark, leave| {
        format!("move the cursor to the other end; {mark} makes the piece the window, {leave} leaves it")
    },
    nothing_brushed: "nothing is brushed yet: move the cursor first",
    no_window: "there is no window before this one",
    window_back: "the window of before",
    of_more: |count| format!("{} of more", grouped(count)),
    pane: |key| match key {
        Key::Logs { .. } => "Lines",
        Key::LogRange(..) => "Lines over time",
        Key::LogInstant(_) => "Lines counted",
        Key::LogStats(_) => "What is read",
        Key::Traces { .. } => "Traces",
        Key::Trace(_) => "Spans",
        Key::TraceRange(..) => "Traces over time",
        Key::Range(..) => "Series",
        Key::Instant(_) => "Values",
        _ => "",
    },
};

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
