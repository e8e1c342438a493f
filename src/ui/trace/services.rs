//! Draws what each service did.

use ratatui::layout::Rect;

use super::service_mark;
use crate::theme::Role;
use crate::ui::boxes::{self, Frame};
use crate::ui::canvas::Canvas;
use crate::ui::hits::{Extent, Hit};
use crate::ui::{bars, roles};
use crate::view::vm::{ServicesVm, TraceVm};

/// Cells of a number, of a duration, of a share.
const NUMBER: u16 = 6;
const TIME: u16 = 8;
const PERCENT: u16 = 5;

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &TraceVm, list: &ServicesVm) {
    let frame = Frame {
        title: canvas.ui.text.traces.services_title,
        note: &vm.note,
        below: &list.legend,
        state: vm.state,
        focus: true,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.is_empty() {
        return;
    }
    let widest = list.rows.iter().map(|row| canvas.width(&row.name)).max().unwrap_or(0);
    let name = widest.max(canvas.width(&list.heads[0])).min(inner.width / 4) + 2;
    let fixed = name + 2 * (NUMBER + 2) + 2 * (TIME + PERCENT + 4);
    let bar = inner.width.saturating_sub(fixed) / 2;
    let mut x = [inner.x + 1; 5];
    x[1] = x[0] + name + 1;
    x[2] = x[1] + NUMBER + 2;
    x[3] = x[2] + NUMBER + 2;
    x[4] = x[3] + TIME + PERCENT + bar + 4;
    let head = canvas.style(Role::Column);
    canvas.text(x[0], inner.y, name, &list.heads[0], head);
    canvas.text_right(x[1], inner.y, NUMBER, &list.heads[1], head);
    canvas.text_right(x[2], inner.y, NUMBER, &list.heads[2], head);
    canvas.text_right(x[3], inner.y, TIME, &list.heads[3], head);
    canvas.text(x[4] + TIME.saturating_sub(8), inner.y, TIME + PERCENT + bar, &list.heads[4], head);
    let height = usize::from(inner.height - 1);
    let offset = (list.cursor + 1).saturating_sub(height);
    for ((at, row), y) in list.rows.iter().enumerate().skip(offset).zip(inner.y + 1..inner.bottom()) {
        let place = Rect { x: inner.x - 1, y, width: inner.width + 2, height: 1 };
        canvas.hit(place, Hit::Line(at));
        let (text, value) = (canvas.style(Role::Text), canvas.style(Role::Value));
        let (dim, critical) = (canvas.style(Role::TextDim), canvas.style(Role::LevelCritical));
        service_mark(canvas, x[0], y, row.service);
        canvas.text(x[0] + 2, y, name - 2, &row.name, text);
        canvas.text_right(x[1], y, NUMBER, &row.spans, value);
        canvas.text_right(x[2], y, NUMBER, &row.errors, critical);
        for (x, time, percent, share) in [
            (x[3], &row.own, &row.own_percent, row.own_share),
            (x[4], &row.critical, &row.critical_percent, row.critical_share),
        ] {
            canvas.text_right(x, y, TIME, time, value);
            canvas.text_right(x + TIME, y, PERCENT, percent, dim);
            bars::draw(canvas, x + TIME + PERCENT + 1, y, bar, Some(share), roles::series(row.service));
        }
        if at == list.cursor {
            let style = canvas.style(Role::Cursor);
            canvas.patch(Rect { width: x[3] + TIME + PERCENT - place.x, ..place }, style);
            let (mark, focus) = (canvas.glyphs().cursor, canvas.style(Role::BorderFocus));
            canvas.symbol(place.x, y, mark, focus);
        }
    }
    canvas.hits.extent = Extent {
        content: list.rows.len().min(usize::from(u16::MAX)) as u16,
        viewport: inner.height.saturating_sub(1),
    };
}
