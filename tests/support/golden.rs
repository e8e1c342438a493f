//! A frame as text that a person can review: the grid, then for each line its runs of styles by
//! name. Also the same frame as a terminal would get it, to look at.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

/// The names of a theme's colours.
pub struct Names<'n> {
    /// A colour with its name; the first of equal ones counts.
    pub colours: &'n [(Color, &'n str)],
    /// The style that most of a screen has and no run names: `text on ground`.
    pub plain: &'n str,
}

/// The grid of a buffer, a line each, without what a wide symbol covers.
pub fn grid(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        out.push_str(line(buffer, y).trim_end());
        out.push('\n');
    }
    out
}

fn line(buffer: &Buffer, y: u16) -> String {
    let mut out = String::new();
    let mut covered = 0;
    for x in buffer.area.left()..buffer.area.right() {
        if covered > 0 {
            covered -= 1;
            continue;
        }
        out.push_str(buffer[(x, y)].symbol());
        covered = buffer[(x, y)].symbol().width().saturating_sub(1);
    }
    out
}

/// Grid and styles of a buffer. Background and plain text are left out of the runs.
pub fn golden(buffer: &Buffer, names: &Names<'_>) -> String {
    let mut out = grid(buffer);
    out.push_str("───\n");
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        for x in buffer.area.left()..buffer.area.right() {
            let name = style_name(&buffer[(x, y)], names);
            match runs.last_mut() {
                Some((_, end, last)) if *last == name && *end + 1 == x => *end = x,
                _ => runs.push((x, x, name)),
            }
        }
        let runs: Vec<String> = runs
            .into_iter()
            .filter(|(.., name)| name != names.plain)
            .map(
                |(from, to, name)| {
                    if from == to { format!("{from} {name}") } else { format!("{from}-{to} {name}") }
                },
            )
            .collect();
        if !runs.is_empty() {
            writeln!(out, "{y:>2}: {}", runs.join(" · ")).expect("a String takes everything");
        }
    }
    out
}

fn colour_name(colour: Color, names: &Names<'_>) -> String {
    match names.colours.iter().find(|(known, _)| *known == colour) {
        Some((_, name)) => (*name).to_owned(),
        None => format!("{colour:?}").to_lowercase(),
    }
}

fn style_name(cell: &Cell, names: &Names<'_>) -> String {
    // A blank shows only its background (and what reversal makes of it).
    let blank = cell.symbol() == " " && !cell.modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED);
    let plain = names.plain.split_once(" on ").map_or("", |(text, _)| text);
    let mut name = if blank { plain.to_owned() } else { colour_name(cell.fg, names) };
    write!(name, " on {}", colour_name(cell.bg, names)).expect("a String takes everything");
    for (modifier, word) in [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "faint"),
        (Modifier::REVERSED, "reversed"),
        (Modifier::UNDERLINED, "underlined"),
    ] {
        if cell.modifier.contains(modifier) && !blank {
            write!(name, " {word}").expect("a String takes everything");
        }
    }
    name
}

/// The frame as escape sequences, each line placed by itself.
pub fn ansi(buffer: &Buffer) -> String {
    let mut out = String::from("\x1b[?25l\x1b[2J");
    for y in buffer.area.top()..buffer.area.bottom() {
        write!(out, "\x1b[{};1H", y + 1).expect("a String takes everything");
        let mut covered = 0;
        for x in buffer.area.left()..buffer.area.right() {
            if covered > 0 {
                covered -= 1;
                continue;
            }
            let cell = &buffer[(x, y)];
            out.push_str("\x1b[0");
            for (modifier, code) in [
                (Modifier::BOLD, ";1"),
                (Modifier::DIM, ";2"),
                (Modifier::UNDERLINED, ";4"),
                (Modifier::REVERSED, ";7"),
            ] {
                if cell.modifier.contains(modifier) {
                    out.push_str(code);
                }
            }
            for (colour, base) in [(cell.fg, 38), (cell.bg, 48)] {
                if let Color::Rgb(r, g, b) = colour {
                    write!(out, ";{base};2;{r};{g};{b}").expect("a String takes everything");
                }
            }
            out.push('m');
            out.push_str(cell.symbol());
            covered = cell.symbol().width().saturating_sub(1);
        }
    }
    out.push_str("\x1b[0m");
    out
}
