//! Words about who is on call: the command `rota`, and what is wrong with a calendar.

/// What is said.
#[derive(Debug)]
pub struct RotaText {
    /// A calendar's file was not read.
    pub no_calendar: fn(&str) -> String,
    /// Something is wrong in a calendar: line, what.
    pub in_line: fn(usize, &str) -> String,
    /// It is no calendar.
    pub not_a_calendar: &'static str,
    /// It ends within something.
    pub cut_off: &'static str,
    /// A line without a colon.
    pub no_colon: &'static str,
    /// A moment that is none.
    pub bad_moment: fn(&str) -> String,
    /// A zone nobody knows.
    pub unknown_zone: fn(&str) -> String,
    /// An event without a start.
    pub no_start: &'static str,
    /// An event that ends before it begins.
    pub backwards: &'static str,
    /// A duration that is none.
    pub bad_duration: fn(&str) -> String,
    /// A part of a rule of repetition that is not understood.
    pub bad_rule: fn(&str) -> String,
    /// An event that names nobody.
    pub names_nobody: &'static str,
    /// Heads of the list.
    pub columns: [&'static str; 5],
    /// Nobody is on call.
    pub nobody: &'static str,
    /// Without end.
    pub always: &'static str,
    /// No rota is configured.
    pub none: &'static str,
    /// A level's rota cannot be read: level, why.
    pub broken: fn(&str, &str) -> String,
}

/// English.
pub const EN: RotaText = RotaText {
    no_calendar: |path| format!("{path}: the calendar was not read"),
    in_line: |line, what| format!("line {line}: {what}"),
    not_a_calendar: "is not an iCalendar file: it does not begin with BEGIN:VCALENDAR",
    cut_off: "ends within an event",
    no_colon: "a line without a colon",
    bad_moment: |text| format!("`{text}` is not a date or time of iCalendar"),
    unknown_zone: |zone| format!("the time zone `{zone}` is not known; name one such as America/Sao_Paulo"),
    no_start: "an event has no DTSTART",
    backwards: "an event ends before it begins",
    bad_duration: |text| format!("`{text}` is not a duration of iCalendar"),
    bad_rule: |part| {
        format!(
            "the repetition `{part}` is not understood; DAILY and WEEKLY with INTERVAL, COUNT, UNTIL and BYDAY are"
        )
    },
    names_nobody: "an event names nobody: neither SUMMARY nor ATTENDEE",
    columns: ["LEVEL", "NOW", "UNTIL", "NEXT", "FROM"],
    nobody: "nobody",
    always: "always",
    none: "nobody is configured to be on call; see [[rota]] in docs/configuration.md",
    broken: |level, why| format!("{level}: {why}"),
};
