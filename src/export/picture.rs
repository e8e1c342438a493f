//! A drawn frame as text, ANSI, SVG and HTML.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// Red, green, blue.
pub type Rgb = (u8, u8, u8);

/// Colours of the terminal that the theme was made for: what `Reset` means in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// Text.
    pub fg: Rgb,
    /// Background.
    pub bg: Rgb,
}

/// Width and height of a cell in an SVG, pixels.
const CELL: (f64, f64) = (8.4, 17.0);
/// Margin around the frame, pixels.
const MARGIN: f64 = 10.0;

/// Only the characters; spaces at the end of lines are dropped.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for line in lines(buffer) {
        let mut row = String::new();
        for (cell, _) in line {
            row.push_str(cell.symbol());
        }
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}

/// Characters with SGR sequences, each line closed, so that any line can be cut out.
pub fn ansi(buffer: &Buffer) -> String {
    let mut out = String::new();
    for line in lines(buffer) {
        let mut current = None;
        for (cell, _) in line {
            let style = (cell.fg, cell.bg, cell.modifier);
            if current != Some(style) {
                out.push_str("\x1b[0");
                sgr_modifiers(&mut out, cell.modifier);
                sgr_color(&mut out, cell.fg, 30);
                sgr_color(&mut out, cell.bg, 40);
                out.push('m');
                current = Some(style);
            }
            out.push_str(cell.symbol());
        }
        out.push_str("\x1b[0m\n");
    }
    out
}

/// The cells of each line, without those that a wide character covers.
fn lines(buffer: &Buffer) -> impl Iterator<Item = Vec<(&Cell, u16)>> {
    let area = buffer.area;
    (area.top()..area.bottom()).map(move |y| {
        let mut cells = Vec::with_capacity(usize::from(area.width));
        let mut x = area.left();
        while x < area.right() {
            let cell = &buffer[(x, y)];
            cells.push((cell, x - area.left()));
            x += (cell.symbol().width() as u16).max(1);
        }
        cells
    })
}

fn sgr_modifiers(out: &mut String, modifier: Modifier) {
    for (flag, code) in [
        (Modifier::BOLD, ";1"),
        (Modifier::DIM, ";2"),
        (Modifier::ITALIC, ";3"),
        (Modifier::UNDERLINED, ";4"),
        (Modifier::REVERSED, ";7"),
    ] {
        if modifier.contains(flag) {
            out.push_str(code);
        }
    }
}

/// A colour's place among the sixteen.
fn index16(color: Color) -> Option<u8> {
    Some(match color {
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        _ => return None,
    })
}

fn sgr_color(out: &mut String, color: Color, base: u8) {
    // Writing to a string cannot fail.
    let _ = match (color, index16(color)) {
        (Color::Rgb(r, g, b), _) => write!(out, ";{};2;{r};{g};{b}", base + 8),
        (Color::Indexed(n), _) => write!(out, ";{};5;{n}", base + 8),
        (_, Some(n)) if n < 8 => write!(out, ";{}", base + n),
        (_, Some(n)) => write!(out, ";{}", base + 60 + n - 8),
        (_, None) => Ok(()),
    };
}

/// The xterm palette's first sixteen.
const BASE16: [Rgb; 16] = [
    (0, 0, 0),
    (205, 49, 49),
    (13, 188, 121),
    (229, 229, 16),
    (36, 114, 200),
    (188, 63, 188),
    (17, 168, 205),
    (229, 229, 229),
    (102, 102, 102),
    (241, 76, 76),
    (35, 209, 139),
    (245, 245, 67),
    (59, 142, 234),
    (214, 112, 214),
    (41, 184, 219),
    (255, 255, 255),
];

fn rgb(color: Color, reset: Rgb) -> Rgb {
    match color {
        Color::Rgb(r, g, b) => (r, g, b),
        Color::Indexed(n @ 0..=15) => BASE16[usize::from(n)],
        Color::Indexed(n @ 16..=231) => {
            let step = |v: u8| if v == 0 { 0 } else { 55 + v * 40 };
            let n = n - 16;
            (step(n / 36), step(n / 6 % 6), step(n % 6))
        }
        Color::Indexed(n) => {
            let grey = 8 + (n - 232) * 10;
            (grey, grey, grey)
        }
        other => index16(other).map_or(reset, |n| BASE16[usize::from(n)]),
    }
}

/// Colours of a cell after reverse and dim.
fn colours(cell: &Cell, ground: Ground) -> (Rgb, Rgb) {
    let mut fg = rgb(cell.fg, ground.fg);
    let mut bg = rgb(cell.bg, ground.bg);
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut fg, &mut bg);
    }
    if cell.modifier.contains(Modifier::DIM) {
        let mixed = |a: u8, b: u8| ((u16::from(a) * 3 + u16::from(b) * 2) / 5) as u8;
        fg = (mixed(fg.0, bg.0), mixed(fg.1, bg.1), mixed(fg.2, bg.2));
    }
    (fg, bg)
}

fn hex((r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Characters that no XML document may hold, escaped or not.
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                out.push('\u{fffd}');
            }
            other => out.push(other),
        }
    }
}

/// A run of cells with one style.
struct Run {
    text: String,
    column: u16,
    width: u16,
    fg: Rgb,
    bg: Rgb,
    modifier: Modifier,
}

fn runs(line: &[(&Cell, u16)], ground: Ground) -> Vec<Run> {
    let shown = Modifier::BOLD | Modifier::ITALIC | Modifier::UNDERLINED;
    let mut runs: Vec<Run> = Vec::new();
    for (cell, column) in line {
        let (fg, bg) = colours(cell, ground);
        let modifier = cell.modifier & shown;
        let width = (cell.symbol().width() as u16).max(1);
        match runs.last_mut() {
            Some(run) if (run.fg, run.bg, run.modifier) == (fg, bg, modifier) => {
                run.text.push_str(cell.symbol());
                run.width += width;
            }
            _ => runs.push(Run { text: cell.symbol().to_owned(), column: *column, width, fg, bg, modifier }),
        }
    }
    runs
}

/// A picture of the frame. Every run is stretched to its cells, so that columns stay columns
/// whatever monospaced font a viewer has.
pub fn svg(buffer: &Buffer, ground: Ground) -> String {
    let (w, h) = (f64::from(buffer.area.width) * CELL.0, f64::from(buffer.area.height) * CELL.1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {:.0} {:.0}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n",
        w + 2.0 * MARGIN,
        h + 2.0 * MARGIN,
        hex(ground.bg)
    );
    for (row, line) in lines(buffer).enumerate() {
        let top = MARGIN + row as f64 * CELL.1;
        for run in runs(&line, ground) {
            svg_run(&mut out, &run, top, ground);
        }
    }
    out.push_str("</svg>\n");
    out
}

fn svg_run(out: &mut String, run: &Run, top: f64, ground: Ground) {
    let x = MARGIN + f64::from(run.column) * CELL.0;
    let width = f64::from(run.width) * CELL.0;
    // Writing to a string cannot fail.
    if run.bg != ground.bg {
        let _ = writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
            CELL.1,
            hex(run.bg)
        );
    }
    let body = run.text.trim_matches(' ');
    if body.is_empty() {
        return;
    }
    // Leading spaces become a shift: viewers collapse or stretch them differently.
    let lead = run.text.chars().take_while(|c| *c == ' ').count();
    let _ = write!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"",
        x + lead as f64 * CELL.0,
        top + CELL.1 * 0.78,
        body.width() as f64 * CELL.0,
        hex(run.fg)
    );
    for (flag, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ] {
        if run.modifier.contains(flag) {
            out.push_str(attribute);
        }
    }
    out.push_str(" xml:space=\"preserve\">");
    escape(body, out);
    out.push_str("</text>\n");
}

/// A page that shows the frame.
pub fn html(buffer: &Buffer, ground: Ground, title: &str) -> String {
    let mut head = String::new();
    escape(title, &mut head);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{head}</title>\n\
         <style>body{{background:{};color:{};margin:1em}}\
         pre{{font:14px/1.25 ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}}</style></head>\n<body><pre>",
        hex(ground.bg),
        hex(ground.fg)
    );
    for line in lines(buffer) {
        for run in runs(&line, ground) {
            if run.fg == ground.fg && run.bg == ground.bg && run.modifier.is_empty() {
                escape(&run.text, &mut out);
                continue;
            }
            let _ = write!(out, "<span style=\"color:{}", hex(run.fg));
            if run.bg != ground.bg {
                let _ = write!(out, ";background:{}", hex(run.bg));
            }
            for (flag, rule) in [
                (Modifier::BOLD, ";font-weight:bold"),
                (Modifier::ITALIC, ";font-style:italic"),
                (Modifier::UNDERLINED, ";text-decoration:underline"),
            ] {
                if run.modifier.contains(flag) {
                    out.push_str(rule);
                }
            }
            out.push_str("\">");
            escape(&run.text, &mut out);
            out.push_str("</span>");
        }
        out.push('\n');
    }
    out.push_str("</pre></body></html>\n");
    out
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    const GROUND: Ground = Ground { fg: (200, 200, 200), bg: (16, 18, 22) };

    fn frame() -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 2));
        buffer.set_string(0, 0, "a<b", Style::new().fg(Color::Rgb(255, 0, 0)).add_modifier(Modifier::BOLD));
        buffer.set_string(0, 1, "日本 x", Style::new().fg(Color::LightBlue).bg(Color::Indexed(16)));
        buffer
    }

    #[test]
    fn text_keeps_wide_characters_whole_and_drops_trailing_space() {
        assert_eq!(text(&frame()), "a<b\n日本 x\n");
    }

    #[test]
    fn ansi_names_every_style_and_closes_each_line() {
        let all = ansi(&frame());
        assert!(all.starts_with("\x1b[0;1;38;2;255;0;0ma<b\x1b[0m     \x1b[0m\n"), "{all:?}");
        assert!(all.contains("\x1b[0;94;48;5;16m日本 x"), "{all:?}");
    }

    #[test]
    fn pictures_escape_what_markup_would_read() {
        let svg = svg(&frame(), GROUND);
        assert!(svg.contains(">a&lt;b</text>"), "{svg}");
        assert!(svg.contains("fill=\"#ff0000\" font-weight=\"bold\""), "{svg}");
        assert!(svg.contains("fill=\"#000000\"/>"), "the second line has a background: {svg}");
        let page = html(&frame(), GROUND, "a & b");
        assert!(page.contains("<title>a &amp; b</title>") && page.contains("a&lt;b</span>"), "{page}");
    }
}
