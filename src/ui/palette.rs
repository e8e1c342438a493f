//! The command palette, and text being typed.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::canvas::Canvas;
use super::fit;
use super::hits::{Extent, Hit};
use super::overlay::{self, palette_rows};
use crate::theme::Role;
use crate::view::vm::{PaletteEntryVm, PaletteVm};

/// The widest palette.
const WIDTH: u16 = 96;

/// Draws the palette. Its size depends on the screen alone, so that it does not jump while typing.
pub fn draw(canvas: &mut Canvas<'_>, body: Rect, vm: &PaletteVm) {
    let rows = palette_rows(body.height + 2);
    let area = overlay::centred(body, WIDTH.min(body.width.saturating_sub(4)), rows + 4);
    let below = (canvas.words().matching)(vm.matching);
    let inner = overlay::popup(canvas, area, canvas.words().palette, "", &below);
    if inner.height < 3 {
        return;
    }
    let ground = canvas.style(Role::Overlay);
    let prompt = ground.patch(canvas.style(Role::Prompt));
    canvas.symbol(inner.x, inner.y, ":", prompt);
    let room = inner.width.saturating_sub(2);
    if vm.input.is_empty() {
        let dim = ground.patch(canvas.style(Role::TextDim));
        canvas.text(inner.x + 3, inner.y, room.saturating_sub(1), canvas.words().palette_prompt, dim);
    }
    let strong = ground.patch(canvas.style(Role::TextStrong));
    input(canvas, inner.x + 2, inner.y, room, &vm.input, Some(vm.cursor), strong);
    let line = canvas.style(Role::OverlayBorder);
    canvas.run(area.x + 1, inner.y + 1, area.width - 2, canvas.glyphs().lines[0], line);
    let list = Rect { y: inner.y + 2, height: inner.height - 2, ..inner };
    canvas.hits.extent =
        Extent { content: vm.matching.min(usize::from(u16::MAX)) as u16, viewport: list.height };
    if vm.entries.is_empty() {
        let dim = ground.patch(canvas.style(Role::TextDim));
        canvas.text(list.x + 2, list.y, list.width.saturating_sub(2), canvas.words().nothing_matches, dim);
        return;
    }
    let titles = vm.entries.iter().map(|entry| canvas.width(&entry.title)).max().unwrap_or(0);
    let titles = titles.next_multiple_of(4).clamp(16, inner.width / 2);
    for (index, (found, y)) in vm.entries.iter().zip(list.top()..list.bottom()).enumerate() {
        let place = Rect { x: area.x + 1, y, width: area.width - 2, height: 1 };
        canvas.hit(place, Hit::PaletteEntry(index));
        entry(canvas, Rect { y, height: 1, ..list }, titles, found);
        if index == vm.selected {
            overlay::cursor_row(canvas, place);
        }
    }
}

/// Title with what matched, keys at the right, and what it does between them.
fn entry(canvas: &mut Canvas<'_>, area: Rect, titles: u16, entry: &PaletteEntryVm) {
    let ground = canvas.style(Role::Overlay);
    let dim = ground.patch(canvas.style(Role::TextDim));
    let (title, keys) = if entry.available {
        (
            ground.patch(canvas.style(Role::Text)),
            canvas.style(Role::FooterKey).patch(Style { bg: ground.bg, ..Style::default() }),
        )
    } else {
        (dim, dim)
    };
    let x = area.x + 1;
    canvas.text(x, area.y, titles, &entry.title, title);
    let matched = canvas.style(Role::Match);
    for hit in &entry.hits {
        let Some((at, c)) = entry.title.char_indices().nth(*hit as usize) else { continue };
        let before = canvas.width(&entry.title[..at]);
        let width = canvas.width(&entry.title[at..at + c.len_utf8()]);
        if before + width <= titles {
            canvas.patch(Rect { x: x + before, y: area.y, width, height: 1 }, matched);
        }
    }
    let key_width = canvas.width(&entry.keys).min(area.width / 3);
    canvas.text(area.right() - key_width, area.y, key_width, &entry.keys, keys);
    let start = x + titles + 2;
    let room = (area.right() - key_width).saturating_sub(start + 2);
    if room >= 8 {
        canvas.text(start, area.y, room, &entry.doc, dim);
    }
}

/// Draws text being typed, moved so that its cursor (in characters) is in sight. The cursor is a
/// cell with colours exchanged, which needs no colour.
pub fn input(
    canvas: &mut Canvas<'_>,
    x: u16,
    y: u16,
    width: u16,
    text: &str,
    cursor: Option<usize>,
    style: Style,
) {
    if width == 0 {
        return;
    }
    let Some(cursor) = cursor else {
        canvas.text(x, y, width, text, style);
        return;
    };
    let ascii = canvas.glyphs().ascii;
    let byte = text.char_indices().nth(cursor).map_or(text.len(), |(at, _)| at);
    let at = canvas.width(&text[..byte]);
    // The cursor's own cell needs room as well, and a wide character two.
    let skip = (at + 2).saturating_sub(width);
    let mut cells = Vec::new();
    let mut before = 0_u16;
    fit::each_cell(text, ascii, |symbol, w| {
        if before >= skip && before + w - skip <= width {
            cells.push((before - skip, symbol.to_owned()));
        }
        before = before.saturating_add(w);
        before < skip.saturating_add(width)
    });
    for (offset, symbol) in &cells {
        canvas.text(x + offset, y, width - offset, symbol, style);
    }
    let caret = at.saturating_sub(skip).min(width - 1);
    canvas.patch(Rect { x: x + caret, y, width: 1, height: 1 }, style.add_modifier(Modifier::REVERSED));
}
