//! Words for problems of a place's rules and of its `demo/alertmanager.toml`.

/// What is wrong. Each is one line without the file's name and place.
#[derive(Debug)]
pub struct AlertingText {
    /// A pack without a `demo/` folder.
    pub no_place: &'static str,
    /// The rule file is no YAML, or not of this shape: the reader's words.
    pub not_rules: fn(&str) -> String,
    /// A rule, by group and name, and what is wrong with it.
    pub rule: fn(&str, &str, &str) -> String,
    /// A rule without a name, and its group.
    pub nameless: fn(&str) -> String,
    /// A recording rule.
    pub recording: &'static str,
    /// A rule over `ALERTS`.
    pub over_alerts: &'static str,
    /// Not a duration.
    pub duration: fn(&str) -> String,
    /// An interval finer or coarser than can be: least and most seconds.
    pub interval: fn(i64, i64) -> String,
    /// A template cannot be read: which label or annotation, why.
    pub template: fn(&str, &str) -> String,
    /// `{{` without `}}`.
    pub open_braces: &'static str,
    /// A function, variable or word of a template that is not known.
    pub unknown_word: fn(&str) -> String,
    /// A pipeline that has nothing to print.
    pub empty_braces: &'static str,
    /// A quote that does not end.
    pub open_quote: &'static str,
    /// A format that is not understood.
    pub format: fn(&str) -> String,
    /// Too few or too many arguments.
    pub arguments: fn(&str) -> String,
    /// A number outside its range: least, most.
    pub out_of_range: fn(i64, i64) -> String,
    /// A receiver that is not among the receivers.
    pub unknown_receiver: fn(&str) -> String,
    /// No label name.
    pub label_name: fn(&str) -> String,
}

/// English.
pub const EN: AlertingText = AlertingText {
    no_place: "this pack describes no place: its demo/ folder is missing",
    not_rules: |why| format!("not a Prometheus rule file: {why}"),
    rule: |group, name, why| format!("group {group}, rule {name}: {why}"),
    nameless: |group| format!("group {group}: a rule needs `alert`"),
    recording: "recording rules are not evaluated by the embedded hospital; write their expression into the rule",
    over_alerts: "a rule over ALERTS is not evaluated by the embedded hospital; write the other rule's expression",
    duration: |text| format!("`{text}` is not a duration; write 30s, 5m, 1h30m"),
    interval: |least, most| format!("the interval must be whole seconds from {least} to {most}"),
    template: |name, why| format!("template of `{name}`: {why}"),
    open_braces: "`{{` without `}}`",
    unknown_word: |word| {
        format!(
            "`{word}` is not supported by the embedded hospital; there are $labels.NAME, $externalLabels.NAME, \
             $value, printf, humanize, humanize1024, humanizeDuration, humanizePercentage, title, toUpper, toLower"
        )
    },
    empty_braces: "`{{ }}` with nothing in it",
    open_quote: "a quote that does not end",
    format: |format| format!("the format {format} is not supported; write %s, %v, %q, %d, %e, %f, %g"),
    arguments: |name| format!("`{name}` takes another number of arguments"),
    out_of_range: |least, most| format!("must be from {least} to {most}"),
    unknown_receiver: |name| format!("`{name}` is not among [[receivers]]"),
    label_name: |name| format!("`{name}` is not a label name: letters, digits and `_`, no digit first"),
};
