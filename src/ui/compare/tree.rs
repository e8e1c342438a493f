//! The spans of both under one tree.

use ratatui::layout::Rect;

use crate::theme::Role;
use crate::ui::boxes::{self, Frame};
use crate::ui::canvas::Canvas;
use crate::ui::hits::{Extent, Hit};
use crate::ui::roles;
use crate::ui::trace::{ruler, service_mark, span_bar};
use crate::view::vm::{CompareBarVm, CompareRowVm, CompareVm, Level};

const TIME: u16 = 7;
const ADDED: u16 = 8;
/// What remains of the names of the deepest spans before the tree is drawn narrower.
const NAME_GOOD: u16 = 16;

#[derive(Clone, Copy)]
struct Columns {
    name: u16,
    /// Left ends of both: bars, then durations.
    bars: [u16; 2],
    bar: u16,
    added: u16,
}

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &CompareVm) {
    let position = if vm.rows.len() < vm.shown {
        (canvas.words().position)(vm.offset + 1, vm.offset + vm.rows.len(), vm.shown)
    } else {
        String::new()
    };
    let frame = Frame {
        title: canvas.ui.text.traces.spans_title,
        note: &vm.note,
        below: &vm.mode,
        position: &position,
        state: vm.state,
        focus: true,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.is_empty() {
        return;
    }
    let columns = columns(inner);
    heads(canvas, inner, columns, vm);
    for ((at, row), y) in vm.rows.iter().enumerate().zip(inner.y + 1..inner.bottom()) {
        let place = Rect { x: inner.x - 1, y, width: inner.width + 2, height: 1 };
        canvas.hit(place, Hit::Line(at));
        line(canvas, inner.x, y, columns, row, vm.deepest);
        if vm.cursor == Some(at) {
            let style = canvas.style(Role::Cursor);
            canvas.patch(Rect { width: columns.name + 1, ..place }, style);
            canvas.patch(Rect { x: columns.added, width: place.right() - columns.added, ..place }, style);
            let (mark, focus) = (canvas.glyphs().cursor, canvas.style(Role::BorderFocus));
            canvas.symbol(place.x, y, mark, focus);
        }
    }
    let viewport = inner.height.saturating_sub(1);
    canvas.hits.extent = Extent { content: vm.shown.min(usize::from(u16::MAX)) as u16, viewport };
    canvas.scroll_bar(area.right() - 1, inner.y + 1, viewport, vm.offset, vm.shown);
}

fn columns(inner: Rect) -> Columns {
    let added = inner.right().saturating_sub(ADDED);
    let room = added.saturating_sub(inner.x);
    let name = (room * 2 / 5).max(20).min(room);
    let each = room.saturating_sub(name) / 2;
    // Two cells before each, one between bar and duration.
    let bar = each.saturating_sub(TIME + 2);
    let first = inner.x + name + 1;
    Columns { name, bars: [first, first + each], bar, added }
}

fn heads(canvas: &mut Canvas<'_>, inner: Rect, columns: Columns, vm: &CompareVm) {
    let (style, dim) = (canvas.style(Role::Column), canvas.style(Role::TextDim));
    let text = canvas.ui.text.traces;
    canvas.text(inner.x, inner.y, columns.name, text.span_heads[0], style);
    for (x, name) in columns.bars.iter().zip(text.side_heads) {
        canvas.text_right(x + columns.bar, inner.y, TIME, name, style);
        ruler(canvas, Rect { x: *x, y: inner.y, width: columns.bar, height: 1 }, &vm.ruler, dim);
    }
    canvas.text_right(columns.added, inner.y, ADDED, text.added_head, style);
}

fn line(canvas: &mut Canvas<'_>, left: u16, y: u16, columns: Columns, row: &CompareRowVm, deepest: u32) {
    name(canvas, left, y, columns.name, row, deepest);
    for (x, side) in columns.bars.iter().zip(&row.sides) {
        let place = Rect { x: *x, y, width: columns.bar, height: 1 };
        match side {
            Some(side) => bar(canvas, place, side, row.service),
            None => {
                let dim = canvas.style(Role::TextDim);
                let none = canvas.glyphs().states[5];
                canvas.text_right(x + columns.bar, y, TIME, none, dim);
            }
        }
    }
    let style = if row.level == Level::Ok {
        canvas.style(Role::TextDim)
    } else {
        canvas.style(roles::level(row.level))
    };
    canvas.text_right(columns.added, y, ADDED, &row.added, style);
}

fn bar(canvas: &mut Canvas<'_>, place: Rect, side: &CompareBarVm, service: usize) {
    let style = canvas.line_style(roles::series(service));
    let track = canvas.style(Role::BarTrack);
    let symbol = canvas.glyphs().broken_lines[1];
    canvas.symbol(place.x, place.y, symbol, track);
    // Of a bar its own part comes first: how the pieces lie in time the trace's own view tells.
    let (from, to) = side.bar;
    let own = [(from, from + (to - from) * side.own)];
    span_bar(canvas, place, side.bar, &own, &[], style);
    let value = if side.error { canvas.style(Role::LevelCritical) } else { canvas.style(Role::Value) };
    canvas.text_right(place.right(), place.y, TIME, &side.duration, value);
    if !side.count.is_empty() {
        let width = canvas.width(&side.count);
        let dim = canvas.style(Role::TextStrong);
        let end = place.x + (side.bar.1 * f64::from(place.width)).ceil() as u16 + 1;
        let x = end.min(place.right().saturating_sub(width));
        canvas.text(x, place.y, width, &side.count, dim);
    }
}

fn name(canvas: &mut Canvas<'_>, left: u16, y: u16, width: u16, row: &CompareRowVm, deepest: u32) {
    let end = left + width;
    let dim = canvas.style(Role::TextDim);
    let cells = |each: u32, depth: u32| (each * depth.min(2_000)) as u16;
    let each = if cells(2, deepest) + NAME_GOOD + 4 <= width { 2 } else { 1 };
    let mut x = left + cells(each, row.depth).min(width / 3);
    if let Some(folded) = row.folded {
        let style = canvas.style(Role::Group);
        canvas.symbol(x, y, canvas.glyphs().fold[usize::from(folded)], style);
    }
    x += 2;
    service_mark(canvas, x, y, row.service);
    x += 2;
    let room = |x: u16| end.saturating_sub(x);
    let wanted = canvas.width(&row.service_name);
    if wanted > 0 && room(x) > wanted + canvas.width(&row.name) + 1 {
        x += canvas.text(x, y, wanted, &row.service_name, dim) + 1;
    }
    // What only one of them has is what to look at.
    let both = row.sides.iter().all(Option::is_some);
    let style = match (row.found, both) {
        (true, _) => canvas.style(Role::Match),
        (_, true) => canvas.style(Role::Text),
        _ => canvas.style(Role::TextStrong),
    };
    canvas.text(x, y, room(x), &row.name, style);
}
