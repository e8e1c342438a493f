//! What `ui` itself says.

use crate::view::vm::{AlertColumn, PaneState};

/// The drawing's own words.
#[derive(Debug)]
pub struct UiText {
    /// The terminal is too small: has, needs.
    pub too_small: fn(u16, u16, u16, u16) -> String,
    /// A state in a word or two, where nothing else says it.
    pub state: fn(PaneState) -> &'static str,
    /// Which of how many are in sight: first and last (from one) and the number that match.
    pub position: fn(usize, usize, usize) -> String,
    /// So many lines of a dialog do not fit, and how to see them: above, below.
    pub hidden_lines: fn(usize, usize) -> String,
    /// So many more do not fit.
    pub more: fn(usize) -> String,
    /// Heads of the alert list's sortable columns.
    pub alert_column: fn(AlertColumn) -> &'static str,
    /// Head of the component's column.
    pub component: &'static str,
    /// Head of the summary's column.
    pub summary: &'static str,
    /// Heads of a chart's legend: last, least, most, mean.
    pub legend: [&'static str; 4],
    /// Title of the alerts' view.
    pub alerts: &'static str,
    /// Title of the list of silences.
    pub silences: &'static str,
    /// Title of the sources' view.
    pub sources: &'static str,
    /// Title of the scrape targets.
    pub targets: &'static str,
    /// Heads of the list of sources: name, state, address, version, latency, age, message.
    pub source_columns: [&'static str; 7],
    /// Heads of the list of targets: health, job, instance, scraped, error.
    pub target_columns: [&'static str; 5],
    /// There are no scrape targets.
    pub no_targets: &'static str,
    /// Title of the palette.
    pub palette: &'static str,
    /// So many commands match.
    pub matching: fn(usize) -> String,
    /// No command matches.
    pub nothing_matches: &'static str,
    /// Stands in an empty palette.
    pub palette_prompt: &'static str,
    /// Title of the help.
    pub help: &'static str,
}

/// English.
pub const EN: UiText = UiText {
    too_small: |w, h, need_w, need_h| format!("This terminal is {w}×{h}. plantão needs {need_w}×{need_h}."),
    state: |state| match state {
        PaneState::Ready => "answered",
        PaneState::Loading => "asking…",
        PaneState::Stale => "stale",
        PaneState::Failed => "UNKNOWN",
        PaneState::NoData => "no data",
        PaneState::Unconfigured => "not configured",
    },
    position: |first, last, all| match (first == last, all) {
        (true, 1) => "1 of 1".to_owned(),
        (true, _) => format!("{} of {}", thousands(first), thousands(all)),
        (false, _) => format!("{}–{} of {}", thousands(first), thousands(last), thousands(all)),
    },
    hidden_lines: |above, below| match (above, below) {
        (0, below) => format!("… {below} more lines below"),
        (above, 0) => format!("… {above} more lines above"),
        (above, below) => format!("… {above} more lines above, {below} below"),
    },
    more: |count| format!("{} more", thousands(count)),
    alert_column: |column| match column {
        AlertColumn::Severity => "SEVERITY",
        AlertColumn::Age => "AGE",
        AlertColumn::Clock => "RESPONSE",
        AlertColumn::Department => "DEPARTMENT",
        AlertColumn::Name => "ALERT",
    },
    component: "COMPONENT",
    summary: "SUMMARY",
    legend: ["last", "min", "max", "avg"],
    alerts: "Alerts",
    silences: "Silences",
    sources: "Sources",
    targets: "Scrape targets",
    source_columns: ["SOURCE", "STATE", "ADDRESS", "VERSION", "LATENCY", "AGE", "MESSAGE"],
    target_columns: ["HEALTH", "JOB", "INSTANCE", "SCRAPED", "ERROR"],
    no_targets: "Prometheus has named no scrape targets.",
    palette: "Commands",
    matching: |count| match count {
        1 => "1 command".to_owned(),
        _ => format!("{} commands", thousands(count)),
    },
    nothing_matches: "No command matches.",
    palette_prompt: "Type what you want to do",
    help: "Help",
};

/// A count with a comma at each thousand.
pub(super) fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_read_well() {
        assert_eq!((EN.position)(12, 34, 10_000), "12–34 of 10,000");
        assert_eq!((EN.position)(1, 1, 1), "1 of 1");
        assert_eq!((EN.position)(7, 7, 1_234_567), "7 of 1,234,567");
        assert_eq!((EN.more)(999), "999 more");
    }
}
