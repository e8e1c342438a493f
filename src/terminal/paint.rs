//! Changed cells as bytes: as few as a slow link deserves.
//!
//! Differs from ratatui's own crossterm backend in what it sends: only the half of a colour that
//! changed, a column instead of a whole position, nothing at all for a frame without changes, and
//! never a question to the terminal, whose answer would come between the person's keys.
//! Sequences are those of ECMA-48 (cursor 8.3.9 and 8.3.21, SGR 8.3.117) and xterm's colours.

use std::io::{self, Write};

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

/// Codes of the modifiers that set them.
const MODIFIERS: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// Collects a frame and sends it in one write, between the marks of a synchronised update.
#[derive(Debug, Default)]
pub(super) struct Painter<W> {
    out: W,
    frame: Vec<u8>,
}

/// How the terminal writes the next character.
#[derive(Clone, Copy, PartialEq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// The pen of a terminal that was reset.
const PLAIN: Pen = Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

impl<W: Write> Painter<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, frame: Vec::new() }
    }
}

impl Pen {
    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// Writes what makes this pen out of the one before.
    fn write(self, mut before: Self, out: &mut Vec<u8>) {
        let mut codes = Vec::with_capacity(48);
        // Codes that take one modifier back differ between terminals; a reset takes all of them.
        if !self.modifier.contains(before.modifier) {
            codes.extend_from_slice(b"0;");
            before = PLAIN;
        }
        for (modifier, code) in MODIFIERS {
            if (self.modifier - before.modifier).contains(modifier) {
                codes.extend([b'0' + code, b';']);
            }
        }
        if self.fg != before.fg {
            colour(&mut codes, self.fg, 30);
        }
        if self.bg != before.bg {
            colour(&mut codes, self.bg, 40);
        }
        if codes.pop().is_some() {
            out.extend_from_slice(b"\x1b[");
            out.append(&mut codes);
            out.push(b'm');
        }
    }
}

/// Writes a colour: `base` is 30 for the text, 40 for what is behind it.
fn colour(out: &mut Vec<u8>, colour: Color, base: u8) {
    let plain = |n: u8| format!("{};", base + n);
    let code = match colour {
        Color::Reset => plain(9),
        Color::Black => plain(0),
        Color::Red => plain(1),
        Color::Green => plain(2),
        Color::Yellow => plain(3),
        Color::Blue => plain(4),
        Color::Magenta => plain(5),
        Color::Cyan => plain(6),
        Color::Gray => plain(7),
        Color::DarkGray => plain(60),
        Color::LightRed => plain(61),
        Color::LightGreen => plain(62),
        Color::LightYellow => plain(63),
        Color::LightBlue => plain(64),
        Color::LightMagenta => plain(65),
        Color::LightCyan => plain(66),
        Color::White => plain(67),
        Color::Indexed(index) => format!("{};5;{index};", base + 8),
        Color::Rgb(r, g, b) => format!("{};2;{r};{g};{b};", base + 8),
    };
    out.extend_from_slice(code.as_bytes());
}

impl<W: Write> Backend for Painter<W> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, cells: I) -> io::Result<()> {
        let mut pen = PLAIN;
        let mut after: Option<(u16, u16)> = None;
        for (x, y, cell) in cells {
            match after {
                Some(at) if at == (x, y) => {}
                Some((_, line)) if line == y => write!(self.frame, "\x1b[{}G", u32::from(x) + 1)?,
                _ => write!(self.frame, "\x1b[{};{}H", u32::from(y) + 1, u32::from(x) + 1)?,
            }
            after = Some((x.saturating_add(1), y));
            let next = Pen::of(cell);
            next.write(pen, &mut self.frame);
            pen = next;
            self.frame.extend_from_slice(cell.symbol().as_bytes());
        }
        if pen != PLAIN {
            self.frame.extend_from_slice(b"\x1b[m");
        }
        Ok(())
    }

    // The cursor is hidden from entering to leaving.
    fn hide_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, _: P) -> io::Result<()> {
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.frame.extend_from_slice(b"\x1b[m\x1b[2J");
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        crossterm::terminal::size().map(|(width, height)| Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let mut whole = Vec::with_capacity(self.frame.len() + 16);
        queue!(whole, BeginSynchronizedUpdate)?;
        whole.append(&mut self.frame);
        queue!(whole, EndSynchronizedUpdate)?;
        self.out.write_all(&whole)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    fn sent(before: &Buffer, now: &Buffer) -> String {
        let mut painter = Painter::new(Vec::new());
        painter.draw(before.diff(now).into_iter()).expect("memory takes it");
        painter.flush().expect("memory takes it");
        String::from_utf8(painter.out).expect("UTF-8")
    }

    #[test]
    fn a_frame_without_changes_sends_nothing() {
        let buffer = Buffer::empty(Rect::new(0, 0, 20, 2));
        assert_eq!(sent(&buffer, &buffer), "");
    }

    #[test]
    fn only_what_changes_is_said() {
        let before = Buffer::empty(Rect::new(0, 0, 20, 2));
        let mut now = before.clone();
        let red = Style::new().fg(Color::Rgb(255, 0, 0));
        now.set_string(2, 0, "ab", red);
        now.set_string(9, 0, "c", red.bg(Color::Indexed(4)));
        now.set_string(0, 1, "d", Style::new().fg(Color::White).add_modifier(Modifier::BOLD));
        now.set_string(1, 1, "e", Style::new().fg(Color::White));
        assert_eq!(
            sent(&before, &now),
            "\x1b[?2026h\x1b[1;3H\x1b[38;2;255;0;0mab\x1b[10G\x1b[48;5;4mc\x1b[2;1H\x1b[1;97;49md\
             \x1b[0;97me\x1b[m\x1b[?2026l"
        );
    }

    /// What a terminal shows after the bytes is what the buffer holds, colours and all.
    #[test]
    fn a_terminal_ends_up_with_the_buffer() {
        let area = Rect::new(0, 0, 24, 6);
        let colours = [Color::Reset, Color::Rgb(1, 2, 3), Color::Indexed(200), Color::Red, Color::DarkGray];
        let modifiers =
            [Modifier::empty(), Modifier::BOLD, Modifier::REVERSED | Modifier::ITALIC, Modifier::UNDERLINED];
        // Two columns each, so that none covers half of another.
        let symbols = ["ab", "──", "日", "  ", "é "];
        let mut random = fastrand::Rng::with_seed(7);
        let mut before = Buffer::empty(area);
        let mut terminal = vt100::Parser::new(area.height, area.width, 0);
        for _ in 0..200 {
            let mut now = before.clone();
            for _ in 0..random.usize(1..30) {
                let style = Style::new()
                    .fg(colours[random.usize(..colours.len())])
                    .bg(colours[random.usize(..colours.len())])
                    .add_modifier(modifiers[random.usize(..modifiers.len())])
                    .remove_modifier(modifiers[random.usize(..modifiers.len())]);
                let (x, y) = (random.u16(..area.width / 2) * 2, random.u16(..area.height));
                now.set_string(x, y, symbols[random.usize(..symbols.len())], style);
            }
            terminal.process(sent(&before, &now).as_bytes());
            // The same screen drawn at once by ratatui's own backend.
            let mut whole = Vec::new();
            let mut peer = ratatui::backend::CrosstermBackend::new(&mut whole);
            peer.draw(Buffer::empty(area).diff(&now).into_iter()).expect("memory takes it");
            let mut expected = vt100::Parser::new(area.height, area.width, 0);
            expected.process(&whole);
            for y in 0..area.height {
                for x in 0..area.width {
                    let (is, should) = (terminal.screen().cell(y, x), expected.screen().cell(y, x));
                    let told = |cell: Option<&vt100::Cell>| {
                        cell.map(|c| {
                            let text =
                                if c.has_contents() { c.contents().to_owned() } else { " ".to_owned() };
                            (text, c.fgcolor(), c.bgcolor(), c.bold(), c.italic(), c.underline(), c.inverse())
                        })
                    };
                    assert_eq!(told(is), told(should), "at {x},{y}");
                }
            }
            before = now;
        }
    }
}
