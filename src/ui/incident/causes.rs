//! The left side: causes, and under each what says so.

use ratatui::layout::Rect;

use crate::theme::Role;
use crate::ui::boxes::{self, Frame};
use crate::ui::canvas::Canvas;
use crate::ui::hits::Hit;
use crate::ui::roles;
use crate::view::vm::{CauseRowVm, IncidentVm, Level, Side};

/// Cells of a signal's word.
const SIGNAL: u16 = 7;

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &IncidentVm) {
    let words = canvas.ui.text.incident;
    let (offset, total) = vm.scroll;
    let last = offset + vm.rows.len();
    let position = if total > vm.rows.len() {
        (canvas.words().position)(offset + 1, last, total)
    } else {
        String::new()
    };
    // Alone on the screen, its frame tells what the other one would.
    let (title, note) =
        if vm.split.beside { (words.causes, "") } else { (vm.title.as_str(), vm.note.as_str()) };
    let frame = Frame {
        title,
        note,
        position: &position,
        state: vm.state,
        focus: vm.side == Side::Causes,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if vm.rows.is_empty() {
        boxes::message(canvas, inner, crate::view::vm::PaneState::NoData, &vm.message);
        return;
    }
    let detail = vm.split.detail.min(inner.height / 2);
    let list = Rect { height: inner.height - detail, ..inner };
    full(canvas, Rect { y: list.bottom(), height: detail, ..inner }, &vm.detail);
    for (at, (row, y)) in vm.rows.iter().zip(list.top()..list.bottom()).enumerate() {
        let line = Rect { y, height: 1, ..inner };
        match row {
            CauseRowVm::Cause { .. } => cause(canvas, line, row),
            CauseRowVm::Piece { signal, text, at } => piece(canvas, line, signal, text, at),
            CauseRowVm::Word { mark, text } => word(canvas, line, mark, text),
        }
        let whole = Rect { x: area.x + 1, width: area.width.saturating_sub(2), y, height: 1 };
        if vm.cursor == Some(at) {
            let cursor = canvas.style(Role::Cursor);
            if vm.side == Side::Causes {
                canvas.patch(whole, cursor);
            }
            let mark = canvas.glyphs().cursor;
            canvas.symbol(area.x + 1, y, mark, cursor);
        }
        canvas.hit(whole, Hit::Line(at));
    }
}

/// What is under the cursor, in full, under a line.
fn full(canvas: &mut Canvas<'_>, area: Rect, text: &str) {
    if area.height < 2 || text.is_empty() {
        return;
    }
    let line = canvas.line_style(Role::Border);
    let across = canvas.glyphs().lines[0];
    canvas.run(area.x, area.y, area.width, across, line);
    let plain = canvas.style(Role::Text);
    for (words, y) in canvas.wrap(text, area.width).iter().zip(area.y + 1..area.bottom()) {
        canvas.text(area.x, y, area.width, words, plain);
    }
}

fn cause(canvas: &mut Canvas<'_>, area: Rect, row: &CauseRowVm) {
    let CauseRowVm::Cause { rank, component, kind, sureness, level, onset, folded } = row else { return };
    let dim = canvas.style(Role::TextDim);
    let fold = canvas.glyphs().fold[usize::from(*folded)];
    canvas.symbol(area.x, area.y, fold, dim);
    let strong = canvas.style(Role::TextStrong);
    let mut x = area.x + 2;
    x += canvas.text(x, area.y, 3, rank, dim) + 1;
    // The sureness is what a hurried eye looks for: it keeps its place at the right.
    let loud = canvas.style(if *level == Level::Ok { Role::TextDim } else { roles::level(*level) });
    let mark = if *level == Level::Ok { "" } else { canvas.glyphs().level(*level) };
    let words = if mark.is_empty() { sureness.clone() } else { format!("{mark} {sureness}") };
    let width = canvas.width(&words).min(area.width / 2);
    canvas.text_right(area.x, area.y, area.width, &words, loud);
    let mut room = (area.right().saturating_sub(width + 2)).saturating_sub(x);
    let used = canvas.text(x, area.y, room, component, strong);
    (x, room) = (x + used + 2, room.saturating_sub(used + 2));
    let plain = canvas.style(Role::Text);
    let used = canvas.text(x, area.y, room, kind, plain);
    (x, room) = (x + used + 2, room.saturating_sub(used + 2));
    if canvas.width(onset) <= room {
        canvas.text(x, area.y, room, onset, dim);
    }
}

fn piece(canvas: &mut Canvas<'_>, area: Rect, signal: &str, text: &str, at: &str) {
    let (label, value, dim) =
        (canvas.style(Role::Label), canvas.style(Role::Text), canvas.style(Role::TextDim));
    let x = area.x + 4;
    canvas.text(x, area.y, SIGNAL, signal, label);
    let x = x + SIGNAL;
    let moment = canvas.width(at);
    let room = area.right().saturating_sub(x);
    let text_room = if moment > 0 && moment + 12 < room { room - moment - 1 } else { room };
    canvas.text(x, area.y, text_room, text, value);
    if text_room < room {
        canvas.text_right(area.x, area.y, area.width, at, dim);
    }
}

/// A word about a cause. What is to be done stands out from what was seen.
fn word(canvas: &mut Canvas<'_>, area: Rect, mark: &str, text: &str) {
    let (label, value) = (canvas.style(Role::TextStrong), canvas.style(Role::Text));
    let x = area.x + 4;
    if mark.is_empty() {
        let dim = canvas.style(Role::TextDim);
        canvas.text(x, area.y, area.right().saturating_sub(x), text, dim);
        return;
    }
    canvas.text(x, area.y, SIGNAL, mark, label);
    let x = x + SIGNAL;
    canvas.text(x, area.y, area.right().saturating_sub(x), text, value);
}
