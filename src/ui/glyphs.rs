//! The characters a screen is made of, in one set with Unicode and one without.

use crate::model::{AlertState, Severity};
use crate::view::vm::{Level, PaneState};

/// A set of characters. Every one is a single cell wide, the ellipsis of the ASCII set apart.
#[derive(Debug)]
pub struct Glyphs {
    /// Whether only ASCII may reach the screen: texts are then translated as well.
    pub ascii: bool,
    /// What stands where a text was cut.
    pub ellipsis: &'static str,
    /// Corners of a box: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// Horizontal and vertical border.
    pub lines: [&'static str; 2],
    /// Horizontal and vertical border of a box whose content is not known to be true now.
    pub broken_lines: [&'static str; 2],
    /// Marks of severities, worst first.
    pub severities: [&'static str; 5],
    /// Marks of levels: ok, warning, critical.
    pub levels: [&'static str; 3],
    /// Marks of states: ready, loading, stale, failed, no data, unconfigured.
    pub states: [&'static str; 6],
    /// Ramp of a sparkline, lowest first.
    pub ramp: [&'static str; 8],
    /// Parts of a bar's last cell, thinnest first; the last is the full cell.
    pub bar: [&'static str; 8],
    /// The part of a bar that is not filled.
    pub track: &'static str,
    /// A bar whose value is unknown.
    pub unknown_track: &'static str,
    /// Horizontal line of a chart's grid.
    pub grid: &'static str,
    /// Line of a threshold across a chart.
    pub mark_line: &'static str,
    /// Marks of a chart's series, in the order of the series' colours.
    pub series: [&'static str; 8],
    /// An exemplar: the chosen one, any other.
    pub exemplar: [&'static str; 2],
    /// Between parts of a trail.
    pub trail: &'static str,
    /// At the left of the row with the cursor.
    pub cursor: &'static str,
    /// Before a selected row.
    pub selected: &'static str,
    /// Head of an open and of a folded group.
    pub fold: [&'static str; 2],
    /// Sorted downwards and upwards.
    pub sort: [&'static str; 2],
    /// Handle of a scroll bar.
    pub scroll: &'static str,
    /// Between two facts on a line.
    pub dot: &'static str,
    /// Before each item of a list in prose.
    pub bullet: &'static str,
    /// Layers of a time axis' columns: two critical ones, warning, then three that are calm; the worse, the denser.
    pub layers: [&'static str; 6],
    /// The cursor of a time axis where no column stands.
    pub hair: &'static str,
    /// Where the cursor of a time axis stands, under its columns.
    pub pointer: &'static str,
}

impl Glyphs {
    /// For terminals with Unicode.
    pub const UNICODE: Self = Self {
        ascii: false,
        ellipsis: "…",
        corners: ["╭", "╮", "╰", "╯"],
        lines: ["─", "│"],
        broken_lines: ["╌", "╎"],
        severities: ["▲", "◆", "●", "○", "·"],
        levels: ["✓", "◆", "▲"],
        states: ["●", "◐", "◌", "×", "○", "–"],
        ramp: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
        // Half a line high, so that bars under one another stay apart; half a cell exact, the number
        // beside says the rest.
        bar: ["▖", "▖", "▖", "▖", "▖", "▖", "▖", "▄"],
        track: "▁",
        unknown_track: "┄",
        grid: "┈",
        mark_line: "╌",
        series: ["●", "◆", "▲", "■", "○", "◇", "△", "□"],
        exemplar: ["★", "☆"],
        trail: "›",
        cursor: "▌",
        selected: "✓",
        fold: ["▾", "▸"],
        sort: ["↓", "↑"],
        scroll: "┃",
        dot: "·",
        bullet: "•",
        layers: ["█", "▓", "▒", "░", "∙", "·"],
        hair: "┊",
        pointer: "▲",
    };

    /// For terminals, fonts and logs without it.
    pub const ASCII: Self = Self {
        ascii: true,
        ellipsis: "..",
        corners: ["+", "+", "+", "+"],
        lines: ["-", "|"],
        broken_lines: [".", ":"],
        severities: ["!", "#", "*", "o", "."],
        levels: ["+", "*", "!"],
        states: ["*", "~", "?", "x", "o", "-"],
        ramp: ["_", ".", ",", "-", "=", "+", "*", "#"],
        bar: [" ", " ", "-", "-", "=", "=", "#", "#"],
        track: ".",
        unknown_track: "-",
        grid: "-",
        mark_line: "=",
        series: ["*", "+", "o", "x", "#", "@", "%", "&"],
        exemplar: ["$", "~"],
        trail: ">",
        cursor: ">",
        selected: "+",
        fold: ["v", ">"],
        sort: ["v", "^"],
        scroll: "#",
        dot: "-",
        bullet: "*",
        layers: ["#", "X", "+", ":", "-", "."],
        hair: "|",
        pointer: "^",
    };

    /// Mark of a severity.
    pub fn severity(&self, severity: Severity) -> &'static str {
        self.severities[match severity {
            Severity::Critical => 0,
            Severity::High => 1,
            Severity::Medium => 2,
            Severity::Low => 3,
            Severity::None => 4,
        }]
    }

    /// Mark of an alert: that of its severity, or of what keeps it quiet.
    pub fn alert(&self, severity: Severity, state: AlertState) -> &'static str {
        match state {
            AlertState::Firing => self.severity(severity),
            AlertState::Pending => self.states[1],
            AlertState::Inhibited | AlertState::Silenced => self.states[5],
        }
    }

    /// Mark of a level.
    pub fn level(&self, level: Level) -> &'static str {
        self.levels[match level {
            Level::Ok => 0,
            Level::Warning => 1,
            Level::Critical => 2,
        }]
    }

    /// Mark of a state.
    pub fn state(&self, state: PaneState) -> &'static str {
        self.states[match state {
            PaneState::Ready => 0,
            PaneState::Loading => 1,
            PaneState::Stale => 2,
            PaneState::Failed => 3,
            PaneState::NoData => 4,
            PaneState::Unconfigured => 5,
        }]
    }
}
