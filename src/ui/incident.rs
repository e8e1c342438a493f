//! Draws the incident view: likely causes with their evidence, and the signals on one time axis.

mod causes;
mod lanes;

use ratatui::layout::Rect;

use super::boxes::{self, Frame};
use super::canvas::Canvas;
use super::roles;
use crate::theme::Role;
use crate::view::vm::{IncidentVm, Level, Side};

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &IncidentVm) {
    if area.is_empty() {
        return;
    }
    if vm.rows.is_empty() && vm.lanes.is_empty() {
        let frame =
            Frame { title: &vm.title, note: &vm.note, state: vm.state, focus: true, ..Frame::default() };
        let inner = boxes::frame(canvas, area, &frame);
        boxes::message(canvas, inner, vm.state, &vm.message);
        return;
    }
    head(canvas, Rect { height: 1, ..area }, vm);
    let rest = Rect { y: area.y + 1, height: area.height - 1, ..area };
    if vm.split.beside {
        let left = Rect { width: vm.split.causes.min(rest.width), ..rest };
        let right = Rect { x: left.right(), width: rest.width - left.width, ..rest };
        causes::draw(canvas, left, vm);
        lanes::draw(canvas, right, vm);
    } else {
        match vm.side {
            Side::Causes => causes::draw(canvas, rest, vm),
            Side::Signals => lanes::draw(canvas, rest, vm),
        }
    }
}

/// What the analysis says of the whole, and what is missing.
fn head(canvas: &mut Canvas<'_>, area: Rect, vm: &IncidentVm) {
    let (level, verdict) = &vm.verdict;
    let style = canvas.style(if *level == Level::Ok { Role::TextStrong } else { roles::level(*level) });
    let mark = if *level == Level::Ok { canvas.glyphs().states[4] } else { canvas.glyphs().level(*level) };
    canvas.symbol(area.x + 1, area.y, mark, style);
    let room = area.width.saturating_sub(4);
    let used = canvas.text(area.x + 3, area.y, room, verdict, style);
    if vm.missing.is_empty() || used + 12 > room {
        return;
    }
    let words = (canvas.ui.text.incident.missing)(&vm.missing);
    let left = room - used - 3;
    let width = canvas.width(&words).min(left);
    let warning = canvas.style(Role::StateStale);
    canvas.text(area.x + 3 + room - width, area.y, width, &words, warning);
}
