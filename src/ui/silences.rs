//! The list of silences, and the one under the cursor in full.

use ratatui::layout::Rect;

use super::boxes::{self, Frame};
use super::canvas::Canvas;
use super::hits::{Extent, Hit};
use super::{overlay, roles, table};
use crate::theme::Role;
use crate::view::vm::{Level, SilencesVm};

/// Draws the view.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &SilencesVm) {
    let detail = (vm.detail.len().min(100) as u16 + 3).min(area.height / 2);
    let detail = if vm.rows.is_empty() { 0 } else { detail };
    let list = Rect { height: area.height - detail, ..area };
    self::list(canvas, list, vm);
    if detail > 0 {
        self::detail(canvas, Rect { y: list.bottom(), height: detail, ..area }, vm);
    }
}

fn list(canvas: &mut Canvas<'_>, area: Rect, vm: &SilencesVm) {
    let capacity = area.height.saturating_sub(3);
    let seen = usize::from(capacity);
    let offset = (vm.cursor + 1).saturating_sub(seen);
    let position = if vm.rows.len() > seen {
        (canvas.words().position)(offset + 1, offset + seen, vm.rows.len())
    } else {
        String::new()
    };
    let title = canvas.words().silences;
    let frame = Frame {
        title,
        subtitle: &vm.summary,
        note: &vm.note,
        position: &position,
        state: vm.state,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.is_empty() {
        return;
    }
    if vm.rows.is_empty() {
        boxes::message(canvas, inner, vm.state, &vm.empty);
        return;
    }
    let wanted: Vec<u16> = (0..5)
        .map(|at| {
            let cells = vm.rows.iter().map(|row| canvas.width(&row.cells[at])).max().unwrap_or(0);
            let cells = cells.max(canvas.width(&vm.heads[at]));
            // Who and when are read before what and why.
            if at >= 3 { cells.min(40) } else { cells }
        })
        .collect();
    let widths = table::share(&wanted, inner.width);
    let column = canvas.style(Role::Column);
    let heads: Vec<_> = vm.heads.iter().map(|head| (head.as_str(), column)).collect();
    table::line(canvas, Rect { height: 1, ..inner }, &widths, &[], &heads);
    let (text, dim, strong) =
        (canvas.style(Role::Text), canvas.style(Role::TextDim), canvas.style(Role::TextStrong));
    for ((index, row), y) in vm.rows.iter().enumerate().skip(offset).zip(inner.y + 1..inner.bottom()) {
        let place = Rect { x: inner.x - 1, y, width: inner.width + 2, height: 1 };
        canvas.hit(place, Hit::Source(index));
        let when = match row.level {
            Level::Ok if row.active => strong,
            Level::Ok => dim,
            level => canvas.style(roles::level(level)),
        };
        let body = if row.active { text } else { dim };
        let styles = [body, when, body, body, dim];
        let cells: Vec<_> = row.cells.iter().map(String::as_str).zip(styles).collect();
        table::line(canvas, Rect { y, height: 1, ..inner }, &widths, &[], &cells);
        if index == vm.cursor {
            overlay::cursor_row(canvas, place);
        }
    }
    canvas.hits.extent =
        Extent { content: vm.rows.len().min(usize::from(u16::MAX)) as u16, viewport: capacity };
    canvas.scroll_bar(area.right() - 1, inner.y + 1, capacity, offset, vm.rows.len());
}

fn detail(canvas: &mut Canvas<'_>, area: Rect, vm: &SilencesVm) {
    let inner = boxes::frame(canvas, area, &Frame { state: vm.state, ..Frame::default() });
    let names = vm.detail.iter().map(|(name, _)| canvas.width(name)).max().unwrap_or(0).min(inner.width / 3);
    let (label, value) = (canvas.style(Role::Label), canvas.style(Role::Value));
    let mut y = inner.y;
    for (name, text) in &vm.detail {
        for (at, line) in canvas.wrap(text, inner.width.saturating_sub(names + 2)).iter().enumerate() {
            if y >= inner.bottom() {
                return;
            }
            if at == 0 {
                canvas.text(inner.x, y, names, name, label);
            }
            canvas.text(inner.x + names + 2, y, inner.width.saturating_sub(names + 2), line, value);
            y += 1;
        }
    }
}
