//! The surface everything is drawn on: clipped, with the theme and the glyphs at hand.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::hits::{Hit, Hits};
use super::{Glyphs, UiContext, fit};
use crate::text::ui::UiText;
use crate::theme::Role;

/// Texts count as no wider than this, so that sums of a screen's widths stay within 16 bits.
const WIDEST: u16 = 2000;

/// A clipped part of a buffer.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    clip: Rect,
    /// What is drawn with.
    pub ui: UiContext<'a>,
    /// What has been drawn that can be clicked, and how far it goes.
    pub hits: Hits,
}

impl<'a> Canvas<'a> {
    /// A canvas over `clip`, which lies within the buffer.
    pub fn new(buffer: &'a mut Buffer, clip: Rect, ui: UiContext<'a>) -> Self {
        let clip = clip.intersection(buffer.area);
        Self { buffer, clip, ui, hits: Hits::default() }
    }

    /// Style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.ui.styles.style(role)
    }

    /// The style of a role for what is drawn with lines and blocks: reversed they would show their
    /// negative, a low trend as a high one.
    pub fn line_style(&self, role: Role) -> Style {
        self.style(role).remove_modifier(Modifier::REVERSED | Modifier::UNDERLINED)
    }

    /// The characters.
    pub fn glyphs(&self) -> &'a Glyphs {
        self.ui.glyphs
    }

    /// The words.
    pub fn words(&self) -> &'static UiText {
        self.ui.text.ui
    }

    /// Width of a text in cells as this canvas draws it, at most [`WIDEST`].
    pub fn width(&self, text: &str) -> u16 {
        fit::width(text, self.ui.glyphs.ascii).min(WIDEST)
    }

    /// Lines of at most `width` cells.
    pub fn wrap(&self, text: &str, width: u16) -> Vec<String> {
        fit::wrap(text, width, self.ui.glyphs.ascii)
    }

    /// Notes what a click in `area` means; later notes lie on top.
    pub fn hit(&mut self, area: Rect, hit: Hit) {
        let area = area.intersection(self.clip);
        if !area.is_empty() {
            self.hits.push(area, hit);
        }
    }

    /// Writes one symbol of one cell. What was drawn there before leaves nothing but its ground; a
    /// wide symbol that covered the cell goes as a whole.
    pub fn symbol(&mut self, x: u16, y: u16, symbol: &str, style: Style) {
        if x > self.clip.x
            && let Some(before) = self.buffer.cell_mut((x - 1, y))
            && before.symbol().len() > 1
            && before.symbol().width() > 1
        {
            before.set_symbol(" ");
        }
        self.cell(x, y, symbol, style);
    }

    fn cell(&mut self, x: u16, y: u16, symbol: &str, style: Style) {
        if self.clip.contains((x, y).into())
            && let Some(cell) = self.buffer.cell_mut((x, y))
        {
            cell.modifier = Modifier::empty();
            cell.set_symbol(symbol).set_style(style);
        }
    }

    /// Writes one character of one cell.
    pub fn char(&mut self, x: u16, y: u16, c: char, style: Style) {
        self.symbol(x, y, c.encode_utf8(&mut [0; 4]), style);
    }

    /// Repeats a symbol of one cell to the right.
    pub fn run(&mut self, x: u16, y: u16, width: u16, symbol: &str, style: Style) {
        for x in x..x.saturating_add(width).min(self.clip.right()) {
            self.symbol(x, y, symbol, style);
        }
    }

    /// Writes a text in at most `width` cells, cut with an ellipsis where it is longer, and
    /// returns how many cells it took.
    pub fn text(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        if width == 0 || y < self.clip.y || y >= self.clip.bottom() || x >= self.clip.right() {
            return 0;
        }
        let glyphs = self.ui.glyphs;
        let whole = self.width(text) <= width;
        let tail = if whole { "" } else { glyphs.ellipsis };
        // An ellipsis that does not fit is cut as well rather than left out.
        let budget = width - self.width(tail).min(width);
        let mut used = 0;
        fit::each_cell(text, glyphs.ascii, |symbol, w| {
            if used + w > budget {
                return false;
            }
            self.put(x.saturating_add(used), y, symbol, w, style);
            used += w;
            true
        });
        fit::each_cell(tail, glyphs.ascii, |symbol, w| {
            if used + w > width {
                return false;
            }
            self.put(x.saturating_add(used), y, symbol, w, style);
            used += w;
            true
        });
        used
    }

    /// A symbol of one or two cells; one that the edge would cut in half is a space.
    fn put(&mut self, x: u16, y: u16, symbol: &str, width: u16, style: Style) {
        let end = x.saturating_add(width);
        if width == 1 {
            self.symbol(x, y, symbol, style);
        } else if x < self.clip.x || end > self.clip.right() {
            self.run(x, y, width, " ", style);
        } else {
            self.symbol(x, y, symbol, style);
            // The terminal's cursor passes over what a wide symbol covers.
            for covered in x + 1..end {
                self.cell(covered, y, " ", style);
            }
        }
    }

    /// Writes a text so that it ends at the right end of `width` cells.
    pub fn text_right(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        let w = self.width(text).min(width);
        self.text(x + (width - w), y, w, text, style)
    }

    /// Writes a text in the middle of an area's first line.
    pub fn text_centre(&mut self, area: Rect, text: &str, style: Style) {
        let w = self.width(text).min(area.width);
        self.text(area.x + (area.width - w) / 2, area.y, w, text, style);
    }

    /// Lays a style over what is drawn already.
    pub fn patch(&mut self, area: Rect, style: Style) {
        self.buffer.set_style(area.intersection(self.clip), style);
    }

    /// Empties an area. A wide symbol that reaches into it from the left goes as well. What the style
    /// leaves open is the screen's own ground, not whatever the terminal happens to have.
    pub fn clear(&mut self, area: Rect, style: Style) {
        let area = area.intersection(self.clip);
        let style = self.style(Role::Background).patch(style);
        for y in area.top()..area.bottom() {
            if area.x > self.clip.x
                && let Some(before) = self.buffer.cell_mut((area.x - 1, y))
                && before.symbol().width() > 1
            {
                before.set_symbol(" ");
            }
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
        }
    }

    /// Draws something taller than `area` through it, `scroll` lines from its top. What is clicked
    /// and its extent move with it.
    pub fn scrolled(
        &mut self,
        area: Rect,
        height: u16,
        scroll: u16,
        draw: impl FnOnce(&mut Canvas<'_>, Rect),
    ) {
        let whole = Rect { x: area.x, y: 0, width: area.width, height };
        let mut scratch = Buffer::empty(whole);
        let mut inner = Canvas::new(&mut scratch, whole, self.ui);
        let background = inner.style(Role::Background);
        inner.clear(whole, background);
        draw(&mut inner, whole);
        let hits = std::mem::take(&mut inner.hits);
        for y in 0..area.height.min(height.saturating_sub(scroll)) {
            for x in area.left()..area.right() {
                if let (Some(from), Some(to)) =
                    (scratch.cell((x, scroll + y)), self.buffer.cell_mut((x, area.y + y)))
                {
                    to.clone_from(from);
                }
            }
        }
        for (place, hit) in hits.moved(area, scroll) {
            self.hit(place, hit);
        }
    }

    /// A scroll bar's handle on the vertical line at `x`: nothing where all is in sight.
    pub fn scroll_bar(&mut self, x: u16, y: u16, height: u16, offset: usize, content: usize) {
        let seen = usize::from(height);
        if height == 0 || content <= seen {
            return;
        }
        let length = (seen * seen / content).clamp(1, seen.saturating_sub(1).max(1));
        let room = seen - length;
        let last = content - seen;
        // The handle touches an end only when the list does.
        let at = match offset.min(last) {
            0 => 0,
            o if o == last => room,
            o => (o * room / last).clamp(1.min(room), room.saturating_sub(1).max(1.min(room))),
        };
        let style = self.style(Role::BorderFocus);
        let symbol = self.glyphs().scroll;
        for line in at..at + length {
            self.symbol(x, y + line as u16, symbol, style);
        }
    }
}
