//! Draws the prompt of a query with its completions.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;

use super::canvas::Canvas;
use super::hits::{Extent, Hit};
use super::{fit, overlay};
use crate::theme::Role;
use crate::view::vm::{CompletionVm, FilterVm, QueryPromptVm};

/// Completions in sight at most.
const ROWS: u16 = 8;
/// Lines of a long query in sight at most.
const LINES: u16 = 4;

/// Draws it over the top of the body: the text on as many lines as it needs, what there is to say of it, and beneath
/// the completions. The list keeps its place while it is typed.
pub fn draw(canvas: &mut Canvas<'_>, body: Rect, vm: &QueryPromptVm) {
    let margin = u16::from(body.width >= 100);
    let width = body.width.saturating_sub(2 * margin);
    let room = width.saturating_sub(6);
    let text = Lines::of(canvas, vm, room);
    let lines = text.count().clamp(1, LINES);
    let height = (lines + 3 + ROWS).min(body.height);
    let area = Rect { x: body.x + margin, y: body.y, width, height };
    let inner = overlay::popup(canvas, area, &vm.title, &vm.count, "");
    if inner.height < lines || inner.width < 8 {
        return;
    }
    let ground = canvas.style(Role::Overlay);
    let prompt = ground.patch(canvas.style(Role::Prompt));
    canvas.symbol(inner.x, inner.y, ">", prompt);
    let dim = ground.patch(canvas.style(Role::TextDim));
    if vm.text.is_empty() {
        canvas.text(inner.x + 3, inner.y, room.saturating_sub(1), &vm.placeholder, dim);
    }
    text.draw(canvas, Rect { x: inner.x + 2, width: room, height: lines, ..inner }, vm.problem);
    let y = inner.y + lines;
    if y >= inner.bottom() {
        return;
    }
    message(canvas, Rect { x: inner.x + 2, y, width: room, height: 1 }, vm);
    let list = Rect { y: y + 1, height: inner.bottom() - y - 1, ..inner };
    entries(canvas, area, list, vm);
}

/// What is wrong is marked by a sign as well as by its colour.
fn message(canvas: &mut Canvas<'_>, area: Rect, vm: &QueryPromptVm) {
    let ground = canvas.style(Role::Overlay);
    if vm.warning {
        let style = ground.patch(canvas.style(Role::LevelWarning));
        let mark = canvas.glyphs().states[3];
        canvas.symbol(area.x - 2, area.y, mark, style);
        canvas.text(area.x, area.y, area.width, &vm.message, style);
    } else {
        let style = ground.patch(canvas.style(Role::TextDim));
        canvas.text(area.x, area.y, area.width, &vm.message, style);
    }
}

fn entries(canvas: &mut Canvas<'_>, area: Rect, list: Rect, vm: &QueryPromptVm) {
    let content = vm.matching.min(usize::from(u16::MAX)) as u16;
    canvas.hits.extent = Extent { content, viewport: list.height };
    let widest = |text: fn(&CompletionVm) -> &str| {
        vm.entries.iter().map(|one| canvas.width(text(one))).max().unwrap_or(0)
    };
    let kinds = widest(|one| &one.kind);
    let room = list.width.saturating_sub(kinds + 4);
    // In steps, so that the columns stand still from key to key.
    let texts = widest(|one| &one.text).next_multiple_of(8);
    let texts = texts.clamp(16.min(room), (room / 2).max(16.min(room)));
    for (index, (one, y)) in vm.entries.iter().zip(list.top()..list.bottom()).enumerate() {
        let place = Rect { x: area.x + 1, y, width: area.width.saturating_sub(2), height: 1 };
        canvas.hit(place, Hit::PaletteEntry(index));
        entry(
            canvas,
            Rect { x: list.x + 1, y, width: list.width.saturating_sub(1), height: 1 },
            (texts, kinds),
            one,
        );
        if vm.selected == Some(index) {
            overlay::cursor_row(canvas, place);
        }
    }
}

/// Text with what matched, what it means, and what it is at the right.
fn entry(canvas: &mut Canvas<'_>, area: Rect, (texts, kinds): (u16, u16), one: &CompletionVm) {
    let ground = canvas.style(Role::Overlay);
    let (plain, dim) = (ground.patch(canvas.style(Role::Text)), ground.patch(canvas.style(Role::TextDim)));
    let x = area.x + 1;
    // What has no note takes its room.
    let texts = if one.note.is_empty() { area.width.saturating_sub(kinds + 3) } else { texts };
    canvas.text(x, area.y, texts, &one.text, plain);
    let matched = canvas.style(Role::Match);
    for hit in &one.hits {
        let Some((at, c)) = one.text.char_indices().nth(*hit as usize) else { continue };
        let before = canvas.width(&one.text[..at]);
        let width = canvas.width(&one.text[at..at + c.len_utf8()]);
        if before + width <= texts {
            canvas.patch(Rect { x: x + before, y: area.y, width, height: 1 }, matched);
        }
    }
    let kind = canvas.width(&one.kind).min(kinds);
    canvas.text(area.right().saturating_sub(kind), area.y, kind, &one.kind, dim);
    let start = x + texts + 2;
    let room = area.right().saturating_sub(kinds + 2).saturating_sub(start);
    if room >= 8 {
        canvas.text(start, area.y, room, &one.note, dim);
    }
}

/// A text broken into lines of cells, and where its cursor is.
struct Lines {
    /// Line, column, symbol, and the character that it begins with.
    cells: Vec<(u16, u16, String, usize)>,
    /// Line and column of the cursor.
    cursor: (u16, u16),
    last: u16,
}

impl Lines {
    fn of(canvas: &Canvas<'_>, vm: &QueryPromptVm, width: u16) -> Self {
        let ascii = canvas.glyphs().ascii;
        let width = width.max(2);
        let mut lines = Self { cells: Vec::new(), cursor: (0, 0), last: 0 };
        let (mut x, mut y) = (0_u16, 0_u16);
        let mut at = 0;
        let mut cursor = None;
        for grapheme in vm.text.graphemes(true) {
            let next = at + grapheme.chars().count();
            let is_here = (at..next).contains(&vm.cursor);
            if is_here {
                cursor = Some((y, x));
            }
            let mut is_first = true;
            fit::each_cell(grapheme, ascii, |symbol, w| {
                if x + w > width {
                    (x, y) = (0, y.saturating_add(1));
                }
                // A character that goes to the next line takes the cursor with it.
                if is_here && std::mem::take(&mut is_first) {
                    cursor = Some((y, x));
                }
                lines.cells.push((y, x, symbol.to_owned(), at));
                x += w;
                true
            });
            at = next;
        }
        // Behind the last character it is on a new line where that one is full.
        lines.cursor = cursor.unwrap_or(if x >= width { (y.saturating_add(1), 0) } else { (y, x) });
        lines.last = y.max(lines.cursor.0);
        lines
    }

    fn count(&self) -> u16 {
        self.last.saturating_add(1)
    }

    /// Draws the lines around the cursor's.
    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, problem: Option<usize>) {
        let first = (self.cursor.0 + 1).saturating_sub(area.height);
        let ground = canvas.style(Role::Overlay);
        let strong = ground.patch(canvas.style(Role::TextStrong));
        let wrong = ground.patch(canvas.style(Role::LevelWarning)).add_modifier(Modifier::UNDERLINED);
        for (y, x, symbol, at) in &self.cells {
            let Some(line) = y.checked_sub(first).filter(|line| *line < area.height) else { continue };
            let style = if problem == Some(*at) { wrong } else { strong };
            canvas.text(area.x + x, area.y + line, area.width - x, symbol, style);
        }
        let (y, x) = (self.cursor.0 - first, self.cursor.1);
        let caret =
            Rect { x: area.x + x.min(area.width.saturating_sub(1)), y: area.y + y, width: 1, height: 1 };
        canvas.patch(caret, strong.add_modifier(Modifier::REVERSED));
    }
}

/// Draws what is searched for, on the last line of the body.
pub fn find(canvas: &mut Canvas<'_>, body: Rect, vm: &FilterVm) {
    let Some(y) = body.bottom().checked_sub(1).filter(|_| body.height > 0) else { return };
    let area = Rect { y, height: 1, ..body };
    let ground = canvas.style(Role::Overlay);
    canvas.clear(area, ground);
    canvas.hit(area, Hit::Overlay);
    let prompt = ground.patch(canvas.style(Role::Prompt));
    canvas.symbol(area.x, y, "/", prompt);
    let mut room = area.width.saturating_sub(3);
    if let Some(words) = vm.error.as_deref().filter(|words| !words.is_empty()) {
        let dim: Style = ground.patch(canvas.style(Role::TextDim));
        let width = canvas.width(words).min(area.width / 2);
        canvas.text(area.right().saturating_sub(width + 1), y, width, words, dim);
        room = room.saturating_sub(width + 3);
    }
    let strong = ground.patch(canvas.style(Role::TextStrong));
    super::palette::input(canvas, area.x + 2, y, room, &vm.text, vm.cursor, strong);
}
