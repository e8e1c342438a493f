//! What differs, the largest difference first.

use ratatui::layout::Rect;

use crate::theme::Role;
use crate::ui::boxes::{self, Frame};
use crate::ui::canvas::Canvas;
use crate::ui::hits::Hit;
use crate::ui::trace::service_mark;
use crate::ui::{bars, roles};
use crate::view::vm::{CompareVm, Level, PaneState};

const ADDED: u16 = 8;
const BAR: u16 = 10;

/// Draws it; a click on its first line names the line `before`.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &CompareVm, before: usize) {
    let text = canvas.ui.text.traces;
    let height = usize::from(area.height.saturating_sub(2));
    let more = vm.differing.saturating_sub(height);
    let position = if more > 0 { (canvas.words().more)(more) } else { String::new() };
    let frame = Frame {
        title: text.differences_title,
        position: &position,
        state: PaneState::Ready,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.is_empty() {
        return;
    }
    if vm.differences.is_empty() {
        boxes::message(canvas, inner, PaneState::Ready, &[text.no_difference.to_owned()]);
        return;
    }
    let widest = vm.differences.iter().map(|one| canvas.width(&one.name)).max().unwrap_or(0);
    let name = widest.min(inner.width * 2 / 5);
    for ((at, one), y) in vm.differences.iter().enumerate().zip(inner.y..inner.bottom()) {
        let place = Rect { x: inner.x - 1, y, width: inner.width + 2, height: 1 };
        canvas.hit(place, Hit::Line(before + at));
        let level = canvas.style(roles::level(one.level));
        let (plain, dim) = (canvas.style(Role::Text), canvas.style(Role::TextDim));
        let style = if one.level == Level::Ok { plain } else { level };
        canvas.text_right(inner.x, y, ADDED, &one.added, style);
        let fill = if one.level == Level::Ok { Role::BarFill } else { roles::level(one.level) };
        bars::draw(canvas, inner.x + ADDED + 1, y, BAR, Some(one.share), fill);
        let x = inner.x + ADDED + BAR + 3;
        service_mark(canvas, x, y, one.service);
        canvas.text(x + 2, y, name, &one.name, if one.here { canvas.style(Role::TextStrong) } else { plain });
        let x = x + name + 4;
        canvas.text(x, y, inner.right().saturating_sub(x), &one.words, dim);
        if one.here {
            let (mark, focus) = (canvas.glyphs().cursor, canvas.style(Role::BorderFocus));
            canvas.symbol(place.x, y, mark, focus);
        }
    }
}
