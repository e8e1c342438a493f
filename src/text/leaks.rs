//! Words for personal data that was found where it should not be. They name streams and kinds, never a value.

/// What is said of leaks.
#[derive(Debug)]
pub struct LeaksText {
    /// Badge of the header, on every view, while so many streams are known to hold personal data.
    pub badge: fn(usize) -> String,
    /// Heads the list.
    pub head: &'static str,
    /// In so many streams.
    pub streams: fn(usize) -> String,
    /// A stream, its kinds with counts, and since when; an empty stream is all the others, and so is an empty kind.
    pub stream: fn(&str, &[(&str, u64)], &str) -> String,
    /// So many further streams.
    pub more: fn(usize) -> String,
}

/// English.
pub const EN: LeaksText = LeaksText {
    badge: |streams| format!("PII {streams}"),
    head: "personal data",
    streams: |streams| match streams {
        1 => "personal data in 1 stream".to_owned(),
        many => format!("personal data in {many} streams"),
    },
    stream: |stream, kinds, since| {
        let kind = |(kind, count): &(&str, u64)| {
            format!("{} ×{count}", if kind.is_empty() { "other kinds" } else { kind })
        };
        let kinds: Vec<String> = kinds.iter().map(kind).collect();
        let stream = if stream.is_empty() { "other streams" } else { stream };
        // What is known is a part of what there is.
        format!("in {stream} at least {}, since {since}", kinds.join(", "))
    },
    more: |streams| format!("and in {streams} more"),
};
