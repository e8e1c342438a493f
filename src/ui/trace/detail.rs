//! Draws everything about one span.

use ratatui::layout::Rect;

use super::service_mark;
use crate::theme::Role;
use crate::ui::boxes::{self, Frame};
use crate::ui::canvas::Canvas;
use crate::ui::roles;
use crate::view::vm::{FactVm, Level, SpanDetailVm};

/// A line of it as it is drawn: which fact, its name (only on its first line), a piece of its value.
struct Line {
    fact: usize,
    first: bool,
    text: String,
    /// Whether it has the whole width.
    wide: bool,
}

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &SpanDetailVm) {
    let frame = Frame {
        title: &vm.title,
        focus: vm.cursor.is_some(),
        state: crate::view::vm::PaneState::Ready,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.is_empty() || vm.lines.is_empty() {
        return;
    }
    service_mark(canvas, area.x + 1, area.y, vm.service);
    let wanted = vm.lines.iter().filter(|fact| !fact.heading).map(|fact| canvas.width(&fact.name)).max();
    let names = wanted.unwrap_or(0).min(inner.width * 2 / 5).min(12);
    let lines = laid_out(canvas, vm, inner.width, names);
    let height = usize::from(inner.height);
    // The line under the cursor is in sight, with all of its value where that fits.
    let cursor = vm.cursor.unwrap_or(0);
    let end = lines.iter().rposition(|line| line.fact == cursor).map_or(0, |at| at + 1);
    let start = lines.iter().position(|line| line.fact == cursor).unwrap_or(0);
    let offset = end.saturating_sub(height).min(start);
    for (line, y) in lines.iter().skip(offset).zip(inner.y..inner.bottom()) {
        fact(canvas, inner, y, names, &vm.lines[line.fact], line);
        if vm.cursor == Some(line.fact) {
            let style = canvas.style(Role::Cursor);
            canvas.patch(Rect { x: inner.x - 1, y, width: inner.width + 2, height: 1 }, style);
            let (mark, focus) = (canvas.glyphs().cursor, canvas.style(Role::BorderFocus));
            canvas.symbol(inner.x - 1, y, mark, focus);
        }
    }
    canvas.scroll_bar(area.right() - 1, inner.y, inner.height, offset, lines.len());
}

/// Lines of a value beside its name; a longer one stands under it.
const BESIDE: usize = 3;
/// Cells that a value under its name is set in.
const INDENT: u16 = 2;

fn laid_out(canvas: &Canvas<'_>, vm: &SpanDetailVm, width: u16, names: u16) -> Vec<Line> {
    let mut lines = Vec::new();
    for (at, fact) in vm.lines.iter().enumerate() {
        if fact.heading {
            lines.push(Line { fact: at, first: true, text: String::new(), wide: true });
            continue;
        }
        let beside = canvas.wrap(&fact.value, width.saturating_sub(names + 2).max(1));
        let under = canvas.wrap(&fact.value, width.saturating_sub(INDENT).max(1));
        // An id in one piece is worth a line; so is a stack trace that is not broken up.
        let whole = under.len() == 1 && beside.len() > 1 && !fact.value.contains(' ');
        let wide =
            whole || beside.len() > BESIDE || fact.value.contains('\n') || canvas.width(&fact.name) > names;
        if wide {
            lines.push(Line { fact: at, first: true, text: String::new(), wide });
        }
        for (index, text) in (if wide { under } else { beside }).into_iter().enumerate() {
            lines.push(Line { fact: at, first: index == 0 && !wide, text, wide });
        }
    }
    lines
}

fn fact(canvas: &mut Canvas<'_>, inner: Rect, y: u16, names: u16, fact: &FactVm, line: &Line) {
    if fact.heading {
        let style = canvas.style(Role::Group);
        let used = canvas.text(inner.x, y, inner.width, &fact.name, style);
        let (rule, across) = (canvas.style(Role::Border), canvas.glyphs().lines[0]);
        canvas.run(inner.x + used + 1, y, inner.width.saturating_sub(used + 1), across, rule);
        return;
    }
    let label = canvas.style(Role::Label);
    if line.first {
        canvas.text(inner.x, y, if line.wide { inner.width } else { names }, &fact.name, label);
    }
    let style = match (fact.leads, fact.level) {
        (true, _) => canvas.style(Role::Group),
        (_, Level::Ok) => canvas.style(Role::Value),
        (_, level) => canvas.style(roles::level(level)),
    };
    let x = inner.x + if line.wide { INDENT } else { names + 2 };
    let used = canvas.text(x, y, inner.right().saturating_sub(x), &line.text, style);
    if fact.leads && !line.text.is_empty() && x + used + 2 <= inner.right() {
        let arrow = canvas.glyphs().trail;
        canvas.symbol(x + used + 1, y, arrow, style);
    }
}
