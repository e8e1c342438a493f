//! A state drawn with a shipped theme, and that frame as text to review.

use std::fmt::Write as _;

use plantao::state::State;
use plantao::theme::{Depth, Theme};
use plantao::ui::{self, Glyphs, UiContext};
use plantao::{export, text, view};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

use crate::golden;

pub const SMALL: (u16, u16) = (80, 24);
pub const LARGE: (u16, u16) = (120, 40);

pub fn theme(name: &str) -> Theme {
    let theme = Theme::load(name, &[]).expect("a shipped theme loads");
    theme.adapted(match name {
        "mono" => Depth::None,
        "ansi16" => Depth::Ansi16,
        _ => Depth::True,
    })
}

/// The frame of a state.
pub fn draw(state: &State, theme: &Theme, glyphs: &Glyphs) -> Buffer {
    let area = Rect::new(0, 0, state.size.0, state.size.1);
    let mut buffer = Buffer::empty(area);
    let ui = UiContext { styles: theme, glyphs, text: &text::EN };
    ui::draw(&view::build(state), &ui, &mut buffer, area);
    buffer
}

/// The colours of a theme's file by the names it gives them.
fn palette(name: &str) -> Vec<(Color, String)> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/themes");
    let text = std::fs::read_to_string(format!("{file}/{name}.toml")).expect("a shipped theme");
    let table: toml::Table = text.parse().expect("TOML");
    let Some(palette) = table.get("palette").and_then(toml::Value::as_table) else { return Vec::new() };
    palette
        .iter()
        .filter_map(|(name, value)| {
            let hex = value.as_str().or_else(|| value.get("value")?.as_str())?.strip_prefix('#')?;
            let part = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
            Some((Color::Rgb(part(0)?, part(2)?, part(4)?), name.clone()))
        })
        .collect()
}

/// Compares a frame with its golden one.
pub fn check(name: &str, theme: &str, buffer: &Buffer) {
    if let Ok(dir) = std::env::var("PLANTAO_LOOK") {
        let mut placed = String::from("\x1b[?25l\x1b[2J");
        for (y, line) in export::ansi(buffer).lines().enumerate() {
            write!(placed, "\x1b[{};1H{line}", y + 1).expect("a String takes everything");
        }
        let file = std::path::Path::new(&dir).join(format!("{name}.ansi"));
        std::fs::write(file, placed).expect("the folder to look into takes files");
    }
    let palette = palette(theme);
    let colours: Vec<(Color, &str)> = palette.iter().map(|(colour, name)| (*colour, name.as_str())).collect();
    let plain = match theme {
        "ansi16" | "mono" => "reset on reset",
        _ => "ink on ground",
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let names = golden::Names { colours: &colours, plain };
    settings.bind(|| insta::assert_snapshot!(name, golden::golden(buffer, &names)));
}
