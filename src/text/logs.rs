//! Words of the log view.

use crate::model::Unit;
use crate::pack::EventValue;

/// What the log view says. Arguments that are texts are already formatted for a person.
#[derive(Debug)]
pub struct LogsText {
    /// Before the query.
    pub query: &'static str,
    /// Title of the lines.
    pub lines: &'static str,
    /// Title of the time axis, with its step.
    pub axis: fn(&str) -> String,
    /// Names of levels, worst first, as the axis says them.
    pub levels: [&'static str; 6],
    /// The same, four cells wide, as a line says them.
    pub marks: [&'static str; 6],
    /// How lines are shown: smart, columns, raw.
    pub forms: [&'static str; 3],
    /// Lines are wrapped.
    pub wrapped: &'static str,
    /// Newest first, oldest first.
    pub orders: [&'static str; 2],
    /// All lines of the window are loaded: how many.
    pub all: fn(usize) -> String,
    /// So many of so many.
    pub of: fn(usize, u64) -> String,
    /// So many of about so many: what the time axis adds up to.
    pub of_about: fn(usize, &str) -> String,
    /// So many of nobody knows how many.
    pub of_more: fn(usize) -> String,
    /// A larger page is on its way: how many lines.
    pub loading_more: fn(u32) -> String,
    /// Lines as they were at a moment.
    pub as_of: fn(&str) -> String,
    /// What a query reads at least: bytes, streams.
    pub cost: fn(u64, u64) -> String,
    /// It is not known what a query reads.
    pub cost_unknown: &'static str,
    /// A heavy query waits: what it reads, the key that runs it.
    pub heavy: fn(&str, &str) -> String,
    /// What else can be done about it: the key for a shorter window, the key for the query.
    pub heavy_help: fn(&str, &str) -> String,
    /// No lines: from, to.
    pub empty: fn(&str, &str) -> String,
    /// What to try then: keys for a longer window, for the query, for ready queries.
    pub empty_help: fn(&str, &str, &str) -> String,
    /// Key for the query, where it was refused.
    pub refused_help: fn(&str) -> String,
    /// The axis counts loaded lines, because the query for it was refused: why.
    pub counts_loaded: fn(&str) -> String,
    /// Lines at the cursor of the axis: moment, lines, of these by level.
    pub at_cursor: fn(&str, &str, &str) -> String,
    /// At the cursor of the axis nothing is known.
    pub gap_at_cursor: fn(&str) -> String,
    /// Following: how many have come.
    pub following: fn(u64) -> String,
    /// It would follow, but the connection is gone: why.
    pub follow_lost: fn(&str) -> String,
    /// It is about to follow.
    pub follow_connecting: &'static str,
    /// The server does not let it follow: why.
    pub follow_refused: fn(&str) -> String,
    /// New lines beyond the screen: how many.
    pub unseen: fn(usize) -> String,
    /// Lines that were dropped, and that have left the ring.
    pub dropped: fn(u64) -> String,
    /// A stretch for which nobody listened: how long, lines fetched since (`None`: they may be missing).
    pub gap: fn(&str, Option<usize>) -> String,
    /// Only in a live window lines can be followed.
    pub follow_live_only: &'static str,
    /// Personal data was found: stream, kind, how often.
    pub leak: fn(&str, &str, u64) -> String,
    /// How a finding of personal data begins.
    pub leaks: &'static str,
    /// Only some lines are shown: what they have in common, the key that shows all.
    pub only: fn(&str, &str) -> String,
    /// What is searched for: text, which place of how many, whether all was searched.
    pub found: fn(&str, Option<usize>, usize, bool) -> String,
    /// What is searched for is not there.
    pub not_found: fn(&str) -> String,
    /// Where a field comes from: stream, metadata, JSON, JSON array, logfmt.
    pub origins: [&'static str; 5],
    /// Different values of a field in the window.
    pub values: fn(u64) -> String,
    /// Title of the patterns.
    pub patterns: &'static str,
    /// Patterns of so many loaded lines.
    pub patterns_loaded: fn(usize) -> String,
    /// Patterns that the server found in the whole window.
    pub patterns_server: &'static str,
    /// No patterns.
    pub no_patterns: &'static str,
    /// All lines that can be loaded at once are.
    pub most: fn(u32) -> String,
    /// Everything of the window is loaded.
    pub nothing_more: &'static str,
    /// A value is to be chosen first: the key that expands a line.
    pub no_field: fn(&str) -> String,
    /// A field cannot be filtered by: why.
    pub no_filter: &'static str,
    /// Copied.
    pub copied: &'static str,
    /// Counting.
    pub counting: &'static str,
    /// Lines of that moment are not loaded: the key that loads more.
    pub not_loaded: fn(&str) -> String,
    /// Typed events that are broken: how many of how many, which fields.
    pub broken: fn(usize, usize, &str) -> String,
    /// Before what is wrong with one.
    pub broken_mark: &'static str,
    /// A field that is not there.
    pub missing: &'static str,
    /// A value of another kind than this.
    pub not_a: fn(EventValue) -> &'static str,
    /// A number below or above what is allowed: least, greatest.
    pub beyond: fn(Option<f64>, Option<f64>) -> String,
    /// A value that does not look like this.
    pub unlike: fn(&str) -> String,
    /// A value that is none of these.
    pub none_of: fn(&[String]) -> String,
}

/// English.
pub const EN: LogsText = LogsText {
    query: "LogQL",
    lines: "Lines",
    axis: |step| format!("lines per {step}"),
    levels: ["critical", "error", "warning", "info", "debug", "no level"],
    marks: ["CRIT", "ERR ", "WARN", "info", "dbg ", "    "],
    forms: ["smart", "columns", "raw"],
    wrapped: "wrapped",
    orders: ["newest first", "oldest first"],
    all: |lines| match lines {
        1 => "the only line".to_owned(),
        lines => format!("all {}", thousands(lines as u64)),
    },
    of: |lines, all| format!("{} of {}", thousands(lines as u64), thousands(all)),
    of_about: |lines, all| format!("{} of about {all}", thousands(lines as u64)),
    of_more: |lines| format!("{} of more", thousands(lines as u64)),
    loading_more: |lines| format!("loading {}", thousands(u64::from(lines))),
    as_of: |moment| format!("as of {moment}"),
    cost: |bytes, streams| {
        // The index does not know what has not been written out yet: a real one knew 30,408 lines of 45,549.
        format!(
            "reads at least {} in {}",
            Unit::Bytes.format(bytes as f64),
            plural(streams, "stream", "streams")
        )
    },
    cost_unknown: "cost unknown: not in the index yet",
    heavy: |cost, key| format!("This query {cost}: {key} runs it"),
    heavy_help: |shorter, query| {
        format!("A shorter window ({shorter}) or a narrower selector ({query}) reads less.")
    },
    empty: |from, to| format!("No lines from {from} to {to}"),
    empty_help: |longer, query, ready| {
        format!("Try a longer window ({longer}), another query ({query}) or a ready one ({ready}).")
    },
    refused_help: |query| format!("Edit the query with {query}."),
    counts_loaded: |why| format!("counts only loaded lines: {why}"),
    at_cursor: |moment, lines, grave| {
        if grave.is_empty() { format!("{moment}  {lines}") } else { format!("{moment}  {lines}: {grave}") }
    },
    gap_at_cursor: |moment| format!("{moment}  not known"),
    following: |lines| format!("following, {} came", thousands(lines)),
    follow_lost: |why| format!("following is interrupted: {why}"),
    follow_connecting: "following: connecting",
    follow_refused: |why| format!("cannot follow: {why}"),
    unseen: |lines| format!("{} new", thousands(lines as u64)),
    dropped: |lines| format!("{} dropped", thousands(lines)),
    gap: |length, fetched| match fetched {
        Some(lines) => {
            format!("nobody listened for {length}; {} fetched since", plural(lines as u64, "line", "lines"))
        }
        None => format!("nobody listened for {length}; lines of it may be missing"),
    },
    follow_live_only: "only a live window can be followed",
    leak: |stream, kind, count| format!("{stream} {kind} ×{}", thousands(count)),
    leaks: "personal data, masked here, stands in the logs:",
    only: |what, key| format!("only: {what} ({key} shows all)"),
    found: |text, at, of, whole| {
        let more = if whole { "" } else { "+" };
        match at {
            Some(at) => format!("/{text}  {} of {}{more}", thousands(at as u64), thousands(of as u64)),
            None => format!("/{text}  {}{more}", plural(of as u64, "line", "lines")),
        }
    },
    not_found: |text| format!("/{text}  not in the loaded lines"),
    origins: ["stream", "metadata", "json", "json", "logfmt"],
    values: |count| plural(count, "value", "values"),
    patterns: "Patterns",
    patterns_loaded: |lines| format!("of the newest {} loaded", plural(lines as u64, "line", "lines")),
    patterns_server: "of the whole window, as the server finds them",
    no_patterns: "No lines, no patterns",
    most: |lines| format!("{} lines is the most that is loaded at once", thousands(u64::from(lines))),
    nothing_more: "every line of the window is loaded",
    no_field: |key| format!("expand a line with {key}, then choose a field"),
    no_filter: "Loki cannot filter by this field",
    copied: "line copied",
    counting: "counting",
    not_loaded: |key| format!("lines of that moment are not loaded; {key} loads more"),
    broken: |broken, of, fields| {
        format!(
            "{} of {} {} broken: {fields}",
            thousands(broken as u64),
            plural(of as u64, "typed event", "typed events"),
            if broken == 1 { "is" } else { "are" }
        )
    },
    broken_mark: "broken:",
    missing: "is missing",
    not_a: |kind| match kind {
        EventValue::Text => "is no text",
        EventValue::Number => "is no number",
        EventValue::Whole => "is no whole number",
        EventValue::Bool => "is neither true nor false",
        EventValue::Time => "is no moment",
        EventValue::Address => "is no address",
        EventValue::Any => "is not there",
    },
    beyond: |min, max| match (min, max) {
        (Some(min), Some(max)) => format!("is not between {min} and {max}"),
        (Some(min), None) => format!("is below {min}"),
        (None, Some(max)) => format!("is above {max}"),
        (None, None) => "is out of range".to_owned(),
    },
    unlike: |expected| format!("is not {expected}"),
    none_of: |words| format!("is none of {}", words.join(", ")),
};

/// `170,085`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn plural(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_people() {
        assert_eq!(
            [0, 999, 1_000, 170_085, 1_234_567].map(thousands),
            ["0", "999", "1,000", "170,085", "1,234,567"]
        );
        assert_eq!((EN.of)(5_000, 170_085), "5,000 of 170,085");
        assert_eq!((EN.cost)(3_328_599_654, 12), "reads at least 3.1 GiB in 12 streams");
    }
}
