//! What stands on top of the body: a cleared box, the help, a list to choose from.

use ratatui::layout::Rect;

use super::boxes;
use super::canvas::Canvas;
use super::hits::{Extent, Hit};
use crate::theme::Role;

/// Entries of the palette on a screen of `height` lines.
pub fn palette_rows(height: u16) -> u16 {
    height.saturating_sub(12).min(14)
}

/// Clears a box over the body and returns the area inside its frame. Clicks in it reach nothing
/// that lies under.
pub fn popup(canvas: &mut Canvas<'_>, area: Rect, title: &str, below: &str, position: &str) -> Rect {
    let ground = canvas.style(Role::Overlay);
    canvas.clear(area, ground);
    canvas.hit(area, Hit::Overlay);
    if area.width < 4 || area.height < 2 {
        return Rect { width: 0, height: 0, ..area };
    }
    let line = canvas.style(Role::OverlayBorder);
    boxes::lines(canvas, area, line, false);
    let title_style = ground.patch(canvas.style(Role::TitleFocus));
    if !title.is_empty() {
        let room = area.width.saturating_sub(6);
        let used = canvas.text(area.x + 3, area.y, room, title, title_style);
        canvas.symbol(area.x + 2, area.y, " ", title_style);
        canvas.symbol(area.x + 3 + used, area.y, " ", title_style);
    }
    let dim = ground.patch(canvas.style(Role::TextDim));
    let bottom = area.bottom() - 1;
    for (text, right) in [(below, false), (position, true)] {
        if text.is_empty() {
            continue;
        }
        let width = canvas.width(text).min(area.width.saturating_sub(6));
        let x = if right { area.right() - 3 - width } else { area.x + 3 };
        canvas.run(x - 1, bottom, width + 2, " ", dim);
        canvas.text(x, bottom, width, text, dim);
    }
    boxes::inside(area)
}

/// A box of some size in the middle of the body, a little above the centre.
pub fn centred(body: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(body.width), height.min(body.height));
    Rect { x: body.x + (body.width - width) / 2, y: body.y + (body.height - height) * 2 / 5, width, height }
}

/// One line of the help: a group's head, keys and a piece of their doc, or a blank.
enum Line<'a> {
    Head(&'a str),
    Keys(&'a str, String),
    Blank,
}

/// Draws the help: groups under one another, in two columns on a wide screen.
pub fn help(canvas: &mut Canvas<'_>, body: Rect, groups: &[(String, Vec<(String, String)>)], scroll: u16) {
    let two = body.width >= 110;
    // A sliver of what lies under at each side would only distract.
    let width = if two { body.width - 4 } else { body.width.min(92) };
    let inner_width = width.saturating_sub(4);
    let column = if two { (inner_width - 4) / 2 } else { inner_width };
    let keys =
        groups.iter().flat_map(|(_, rows)| rows).map(|(keys, _)| canvas.width(keys)).max().unwrap_or(0);
    let keys = keys.clamp(1, 16);
    let blocks: Vec<Vec<Line<'_>>> = groups
        .iter()
        .map(|(title, rows)| {
            let mut lines = vec![Line::Head(title)];
            for (key, doc) in rows {
                for (at, text) in canvas.wrap(doc, column.saturating_sub(keys + 2)).into_iter().enumerate() {
                    lines.push(Line::Keys(if at == 0 { key } else { "" }, text));
                }
            }
            lines.push(Line::Blank);
            lines
        })
        .collect();
    let columns = columns(blocks, two);
    let content = columns.iter().map(Vec::len).max().unwrap_or(0).min(usize::from(u16::MAX)) as u16;
    let area = centred(body, width, content.saturating_add(2).min(body.height));
    let extent = Extent { content, viewport: area.height.saturating_sub(2) };
    let scroll = scroll.min(extent.max_scroll());
    let position = if extent.max_scroll() == 0 {
        String::new()
    } else {
        let last = (scroll + extent.viewport).min(content);
        (canvas.words().position)(usize::from(scroll) + 1, usize::from(last), usize::from(content))
    };
    let inner = popup(canvas, area, canvas.words().help, "", &position);
    let (head, key_style, doc) =
        (canvas.style(Role::Title), canvas.style(Role::FooterKey), canvas.style(Role::Text));
    let ground = canvas.style(Role::Overlay);
    for (at, lines) in columns.iter().enumerate() {
        let x = inner.x + at as u16 * (column + 4);
        for (line, y) in lines.iter().skip(usize::from(scroll)).zip(inner.top()..inner.bottom()) {
            match line {
                Line::Head(title) => {
                    canvas.text(x, y, column, title, ground.patch(head));
                }
                Line::Keys(key, text) => {
                    canvas.text(x, y, keys, key, key_style.patch(ground_only(ground)));
                    canvas.text(x + keys + 2, y, column.saturating_sub(keys + 2), text, ground.patch(doc));
                }
                Line::Blank => {}
            }
        }
    }
    canvas.hits.extent = extent;
    let seen = extent.viewport;
    canvas.scroll_bar(area.right() - 1, inner.y, seen, usize::from(scroll), usize::from(content));
}

/// The background of a style without anything else.
fn ground_only(style: ratatui::style::Style) -> ratatui::style::Style {
    ratatui::style::Style { bg: style.bg, ..ratatui::style::Style::default() }
}

/// Deals the blocks to one or two columns of about the same height, in order; the last blank of a
/// column goes.
fn columns(blocks: Vec<Vec<Line<'_>>>, two: bool) -> Vec<Vec<Line<'_>>> {
    let total: usize = blocks.iter().map(Vec::len).sum();
    let mut columns = vec![Vec::new()];
    let mut placed = 0;
    for block in blocks {
        // A block goes where most of it lies.
        if two && columns.len() == 1 && placed > 0 && placed + block.len() / 2 >= total / 2 {
            columns.push(Vec::new());
        }
        placed += block.len();
        if let Some(column) = columns.last_mut() {
            column.extend(block);
        }
    }
    for column in &mut columns {
        if matches!(column.last(), Some(Line::Blank)) {
            column.pop();
        }
    }
    columns
}

/// Draws a list to choose from.
pub fn choose(canvas: &mut Canvas<'_>, body: Rect, title: &str, entries: &[(String, String)], cursor: usize) {
    let texts = entries.iter().map(|(text, _)| canvas.width(text)).max().unwrap_or(0);
    let notes = entries.iter().map(|(_, note)| canvas.width(note)).max().unwrap_or(0);
    let wanted = texts.saturating_add(notes).saturating_add(if notes > 0 { 9 } else { 6 });
    let width = wanted.max(canvas.width(title).saturating_add(8)).clamp(28, body.width.min(84));
    let height = (entries.len().min(1000) as u16 + 2).min(body.height.saturating_sub(2));
    let area = centred(body, width, height.max(3));
    let seen = area.height.saturating_sub(2);
    let offset = (cursor + 1).saturating_sub(usize::from(seen));
    let position = if entries.len() > usize::from(seen) {
        (canvas.words().position)(offset + 1, offset + usize::from(seen), entries.len())
    } else {
        String::new()
    };
    let inner = popup(canvas, area, title, "", &position);
    let ground = canvas.style(Role::Overlay);
    let (text_style, dim) =
        (ground.patch(canvas.style(Role::Text)), ground.patch(canvas.style(Role::TextDim)));
    for (index, ((text, note), y)) in entries
        .iter()
        .enumerate()
        .skip(offset)
        .zip(inner.top()..inner.bottom())
        .map(|((i, e), y)| (i, (e, y)))
    {
        let place = Rect { x: area.x + 1, y, width: area.width - 2, height: 1 };
        canvas.hit(place, Hit::Choice(index));
        let note_width = canvas.width(note).min(inner.width / 2);
        canvas.text(inner.x + 1, y, inner.width.saturating_sub(note_width + 3), text, text_style);
        canvas.text_right(inner.right() - note_width, y, note_width, note, dim);
        if index == cursor {
            cursor_row(canvas, place);
        }
    }
    canvas.hits.extent = Extent { content: entries.len().min(usize::from(u16::MAX)) as u16, viewport: seen };
    canvas.scroll_bar(area.right() - 1, inner.y, seen, offset, entries.len());
}

/// The row with the cursor: its ground and the mark at its left.
pub fn cursor_row(canvas: &mut Canvas<'_>, place: Rect) {
    let style = canvas.style(Role::Cursor);
    canvas.patch(place, style);
    let mark = canvas.glyphs().cursor;
    let focus = canvas.style(Role::BorderFocus);
    canvas.symbol(place.x, place.y, mark, focus);
}
