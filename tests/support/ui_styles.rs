//! Two themes for golden frames: dark, whose styles have names to print, and mono.

use plantao::theme::Role;
use ratatui::style::{Color, Modifier, Style};

/// The dark theme's colours with the names that golden frames print.
pub const PALETTE: [(Color, &str); 21] = [
    (Color::Rgb(0x3b, 0x8d, 0x95), "teal"),
    (Color::Rgb(0xc9, 0xd1, 0xd9), "text"),
    (Color::Rgb(0x7d, 0x87, 0x93), "dim"),
    (Color::Rgb(0xf0, 0xf6, 0xfc), "strong"),
    (Color::Rgb(0x10, 0x12, 0x16), "ground"),
    (Color::Rgb(0x3a, 0x42, 0x4d), "border"),
    (Color::Rgb(0x2d, 0x33, 0x3b), "track"),
    (Color::Rgb(0x4f, 0xc1, 0xc9), "accent"),
    (Color::Rgb(0xff, 0x6b, 0x6b), "red"),
    (Color::Rgb(0xff, 0x9e, 0x64), "orange"),
    (Color::Rgb(0xe5, 0xc0, 0x7b), "yellow"),
    (Color::Rgb(0x7a, 0xa2, 0xf7), "blue"),
    (Color::Rgb(0x7e, 0xc6, 0x99), "green"),
    (Color::Rgb(0xbb, 0x9a, 0xf7), "violet"),
    (Color::Rgb(0xf7, 0x8f, 0xb3), "pink"),
    (Color::Rgb(0x17, 0x1b, 0x21), "bar"),
    (Color::Rgb(0x1f, 0x2a, 0x36), "cursor"),
    (Color::Rgb(0x1c, 0x37, 0x32), "live"),
    (Color::Rgb(0x4d, 0x3b, 0x16), "past"),
    (Color::Rgb(0x16, 0x1a, 0x20), "popup"),
    (Color::Rgb(0x9f, 0xa8, 0xb5), "label"),
];

fn colour(name: &str) -> Color {
    PALETTE.iter().find(|(_, n)| *n == name).unwrap_or_else(|| panic!("no colour {name}")).0
}

fn fg(name: &str) -> Style {
    Style::new().fg(colour(name))
}

/// Dark, in true colour. Arms follow the order of the roles, so equal styles may stand apart.
#[allow(clippy::match_same_arms)]
pub fn dark(role: Role) -> Style {
    let bold = Modifier::BOLD;
    match role {
        Role::Background => fg("text").bg(colour("ground")),
        Role::Text | Role::Value | Role::HeaderClock => fg("text"),
        Role::TextDim | Role::Column | Role::SeverityNone | Role::AlertMuted => fg("dim"),
        Role::Axis => fg("border"),
        Role::TextStrong | Role::Title => fg("strong").add_modifier(bold),
        Role::Border | Role::Mark => fg("border"),
        Role::BorderFocus | Role::Prompt | Role::Selected => fg("accent"),
        Role::BorderWarning => fg("yellow"),
        Role::BorderCritical => fg("red"),
        Role::BorderUnknown => fg("violet"),
        Role::TitleFocus | Role::HeaderProgram => fg("accent").add_modifier(bold),
        Role::Header => fg("dim").bg(colour("bar")),
        Role::HeaderTrail => fg("strong").bg(colour("bar")).add_modifier(bold),
        Role::WindowLive => fg("green").bg(colour("live")).add_modifier(bold),
        Role::WindowPast => fg("yellow").bg(colour("past")).add_modifier(bold),
        Role::Badge => fg("ground").bg(colour("violet")).add_modifier(bold),
        Role::FooterKey => fg("accent").bg(colour("bar")),
        Role::FooterText => fg("dim").bg(colour("bar")),
        Role::NoticeOk => fg("green").bg(colour("bar")),
        Role::NoticeWarning => fg("yellow").bg(colour("bar")),
        Role::NoticeCritical => fg("red").bg(colour("bar")),
        Role::SeverityCritical | Role::LevelCritical => fg("red").add_modifier(bold),
        Role::SeverityHigh => fg("orange"),
        Role::SeverityMedium | Role::LevelWarning => fg("yellow"),
        Role::SeverityLow | Role::StateLoading | Role::AlertPending => fg("blue"),
        Role::LevelOk | Role::StateReady => fg("green"),
        Role::StateStale => fg("violet"),
        Role::StateFailed => fg("red"),
        Role::StateNoData | Role::StateUnconfigured => fg("dim"),
        Role::Cursor => Style::new().bg(colour("cursor")),
        Role::Group => fg("strong").add_modifier(bold),
        Role::Label => fg("label"),
        Role::BarFill | Role::Chart1 => fg("accent"),
        Role::Spark => fg("teal"),
        Role::BarTrack => fg("track"),
        Role::Chart2 => fg("yellow"),
        Role::Chart3 => fg("violet"),
        Role::Chart4 => fg("green"),
        Role::Chart5 => fg("orange"),
        Role::Chart6 => fg("blue"),
        Role::Chart7 => fg("pink"),
        Role::Chart8 => fg("red"),
        Role::Match => fg("yellow").add_modifier(bold),
        Role::Overlay => fg("text").bg(colour("popup")),
        Role::OverlayBorder => fg("accent").bg(colour("popup")),
    }
}

/// Without any colour: weight and reversal alone.
#[allow(clippy::match_same_arms)] // as above
pub fn mono(role: Role) -> Style {
    let plain = Style::new().fg(Color::Reset).bg(Color::Reset);
    match role {
        Role::TextStrong
        | Role::Title
        | Role::HeaderProgram
        | Role::HeaderTrail
        | Role::FooterKey
        | Role::NoticeWarning
        | Role::LevelWarning
        | Role::SeverityHigh
        | Role::BorderFocus
        | Role::BorderWarning
        | Role::Group
        | Role::Selected => plain.add_modifier(Modifier::BOLD),
        Role::SeverityCritical
        | Role::LevelCritical
        | Role::NoticeCritical
        | Role::StateFailed
        | Role::BorderCritical => plain.add_modifier(Modifier::BOLD),
        Role::WindowPast | Role::Badge | Role::TitleFocus => plain.add_modifier(Modifier::REVERSED),
        Role::Cursor => Style::new().add_modifier(Modifier::REVERSED),
        Role::Match => Style::new().add_modifier(Modifier::UNDERLINED),
        Role::TextDim
        | Role::Axis
        | Role::Border
        | Role::BarTrack
        | Role::AlertMuted
        | Role::StateUnconfigured => plain.add_modifier(Modifier::DIM),
        _ => plain,
    }
}
