//! The series as a list: mark, name, figures.

use ratatui::layout::Rect;

use super::super::boxes::{self, Frame};
use super::super::canvas::Canvas;
use super::super::hits::Hit;
use super::{look, mark};
use crate::theme::Role;
use crate::view::vm::LegendVm;

/// Cells that a name keeps when the figures want all.
const NAME: u16 = 12;

/// Lines that it takes of a view so high.
pub(super) fn height(vm: &LegendVm, body: u16) -> u16 {
    let rows = u16::try_from(vm.total).unwrap_or(u16::MAX).min(vm.lines).max(1);
    rows.saturating_add(3).min(body / 2)
}

/// Draws it.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &LegendVm) {
    let position = super::position(vm.offset, vm.rows.len(), vm.total);
    let frame = Frame {
        title: &vm.title,
        subtitle: &vm.order,
        below: &vm.about,
        position: &position,
        focus: true,
        state: crate::view::vm::PaneState::Ready,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.height < 2 {
        return;
    }
    let widths = widths(canvas, inner.width, vm);
    let figures: u16 = widths.iter().map(|width| width + 2).sum();
    let name = inner.width.saturating_sub(figures + 2).min(longest(canvas, vm));
    heads(canvas, inner, name, &widths, vm);
    for (at, row) in vm.rows.iter().enumerate().take(usize::from(inner.height - 1)) {
        let y = inner.y + 1 + at as u16;
        let line = Rect { x: inner.x - 1, y, width: inner.width + 2, height: 1 };
        let cursor = vm.cursor == Some(at);
        if cursor {
            let style = canvas.style(Role::BorderFocus);
            let symbol = canvas.glyphs().cursor;
            canvas.symbol(area.x + 1, y, symbol, style);
        }
        let (dim, value) = (canvas.style(Role::TextDim), canvas.style(Role::Value));
        // A hidden one has no mark, since nothing of it is drawn.
        if row.shown {
            let (symbol, style) = (mark(canvas, row.mark), look(canvas, row.mark, cursor));
            canvas.symbol(inner.x, y, symbol, style);
        } else {
            let symbol = canvas.glyphs().states[5];
            canvas.symbol(inner.x, y, symbol, dim);
        }
        let label =
            if row.shown { canvas.style(if cursor { Role::TextStrong } else { Role::Label }) } else { dim };
        canvas.text(inner.x + 2, y, name, &row.name, label);
        let mut x = inner.x + 2 + name;
        // The value at the cursor, where there is one, and the newest.
        let first = vm.heads.len().saturating_sub(4);
        for (index, (text, width)) in row.figures.iter().zip(&widths).enumerate() {
            let style = if row.shown && index <= first { value } else { dim };
            canvas.text_right(x + 2, y, *width, text, style);
            x += width + 2;
        }
        if cursor {
            let style = canvas.style(Role::Cursor);
            canvas.patch(line, style);
        }
        canvas.hit(line, Hit::Line(at));
    }
    canvas.scroll_bar(area.right() - 1, inner.y + 1, inner.height - 1, vm.offset, vm.total);
}

fn longest(canvas: &Canvas<'_>, vm: &LegendVm) -> u16 {
    vm.rows.iter().map(|row| canvas.width(&row.name)).max().unwrap_or(0).max(NAME)
}

/// Widths of the figures from the left: as many as leave a name its room.
fn widths(canvas: &Canvas<'_>, room: u16, vm: &LegendVm) -> Vec<u16> {
    let mut widths = Vec::new();
    let mut left = room.saturating_sub(NAME + 2);
    for (at, head) in vm.heads.iter().enumerate() {
        // One more for the mark of the order.
        let cells = vm.rows.iter().filter_map(|row| row.figures.get(at)).map(|text| canvas.width(text));
        let width =
            cells.max().unwrap_or(0).max(canvas.width(head) + u16::from(vm.sorted == Some(at)) * 2).max(6);
        if width + 2 > left {
            break;
        }
        left -= width + 2;
        widths.push(width);
    }
    widths
}

fn heads(canvas: &mut Canvas<'_>, inner: Rect, name: u16, widths: &[u16], vm: &LegendVm) {
    let style = canvas.style(Role::Column);
    let mut x = inner.x + 2 + name;
    for (at, (head, width)) in vm.heads.iter().zip(widths).enumerate() {
        let [down, up] = canvas.glyphs().sort;
        let text = match (vm.sorted == Some(at), vm.reversed) {
            (true, false) => format!("{head} {down}"),
            (true, true) => format!("{head} {up}"),
            _ => head.clone(),
        };
        canvas.text_right(x + 2, inner.y, *width, &text, style);
        x += width + 2;
    }
}
