//! Draws the spans: names on the left, bars on the right.

use ratatui::layout::Rect;

use super::bar::{ghost, span_bar};
use super::service_mark;
use crate::theme::Role;
use crate::ui::boxes::{self, Frame};
use crate::ui::canvas::Canvas;
use crate::ui::hits::{Extent, Hit};
use crate::ui::roles;
use crate::view::vm::{Level, SpanRowVm, TraceVm};

/// Cells of a duration.
const TIME: u16 = 7;
/// Cells of names and of bars that say something.
const NAME_LEAST: u16 = 22;
/// What remains of the names of the deepest spans before the tree is drawn narrower.
const NAME_GOOD: u16 = 18;

/// Where the columns stand.
#[derive(Clone, Copy)]
struct Columns {
    name: u16,
    bar: Rect,
    duration: u16,
    own: u16,
}

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &TraceVm) {
    let text = canvas.ui.text.traces;
    let last = vm.offset + vm.rows.len();
    let position = (canvas.words().position)(vm.offset + 1, last, vm.shown);
    let position = if vm.rows.len() < vm.shown { position } else { String::new() };
    let frame = Frame {
        title: text.spans_title,
        note: &vm.note,
        below: &vm.mode,
        position: &position,
        state: vm.state,
        focus: vm.detail.cursor.is_none(),
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.is_empty() {
        return;
    }
    let columns = columns(inner);
    heads(canvas, inner, columns, vm);
    let lines = inner.y + 1..inner.bottom();
    for (at, (row, y)) in vm.rows.iter().zip(lines).enumerate() {
        let place = Rect { x: inner.x - 1, y, width: inner.width + 2, height: 1 };
        canvas.hit(place, Hit::Line(at));
        let cursor = vm.cursor == Some(at);
        grid(canvas, columns, y, &vm.ruler);
        line(canvas, inner.x, y, columns, row, vm.deepest);
        if cursor {
            let style = canvas.style(Role::Cursor);
            canvas.patch(Rect { width: columns.name + 3, ..place }, style);
            canvas
                .patch(Rect { x: columns.duration, width: place.right() - columns.duration, ..place }, style);
            let (mark, focus) = (canvas.glyphs().cursor, canvas.style(Role::BorderFocus));
            canvas.symbol(place.x, y, mark, focus);
        }
    }
    legend(canvas, area, &vm.legend, &frame);
    let viewport = inner.height.saturating_sub(1);
    canvas.hits.extent = Extent { content: vm.shown.min(usize::from(u16::MAX)) as u16, viewport };
    canvas.scroll_bar(area.right() - 1, inner.y + 1, viewport, vm.offset, vm.shown);
}

/// Which mark is which service, in the frame's lower line where nothing else stands.
fn legend(canvas: &mut Canvas<'_>, area: Rect, services: &[(usize, String)], frame: &Frame<'_>) {
    let taken = |canvas: &Canvas<'_>, text: &str| if text.is_empty() { 0 } else { canvas.width(text) + 3 };
    let y = area.bottom() - 1;
    let mut x = area.x + 2 + taken(canvas, frame.below);
    let end = area.right().saturating_sub(3 + taken(canvas, frame.position));
    let style = canvas.style(Role::TextDim);
    for (at, (service, name)) in services.iter().enumerate() {
        let width = canvas.width(name) + 4;
        let more = (canvas.words().more)(services.len() - at);
        let rest = if at + 1 < services.len() { canvas.width(&more) + 2 } else { 0 };
        if x + width + rest > end {
            if at > 0 && x + canvas.width(&more) + 2 <= end {
                canvas.symbol(x, y, " ", style);
                x += 1 + canvas.text(x + 1, y, end - x - 1, &more, style);
                canvas.symbol(x, y, " ", style);
            }
            return;
        }
        canvas.symbol(x, y, " ", style);
        service_mark(canvas, x + 1, y, *service);
        canvas.symbol(x + 2, y, " ", style);
        x += 3 + canvas.text(x + 3, y, width, name, style);
        canvas.symbol(x, y, " ", style);
    }
}

fn columns(inner: Rect) -> Columns {
    let own = inner.right().saturating_sub(TIME);
    let duration = own.saturating_sub(TIME + 1);
    let room = duration.saturating_sub(inner.x);
    let name = (room / 2).max(NAME_LEAST).min(room);
    let bar = Rect { x: inner.x + name + 2, y: inner.y, width: room.saturating_sub(name + 3), height: 1 };
    Columns { name, bar, duration, own }
}

fn heads(canvas: &mut Canvas<'_>, inner: Rect, columns: Columns, vm: &TraceVm) {
    let style = canvas.style(Role::Column);
    let dim = canvas.style(Role::TextDim);
    let [span, duration, own] = canvas.ui.text.traces.span_heads;
    canvas.text(inner.x + 2, inner.y, columns.name.saturating_sub(2), span, style);
    canvas.text_right(columns.duration, inner.y, TIME, duration, style);
    canvas.text_right(columns.own, inner.y, TIME, own, style);
    ruler(canvas, columns.bar, &vm.ruler, dim);
}

/// The marks of a time ruler; one that would touch its neighbour is left out.
pub(in crate::ui) fn ruler(
    canvas: &mut Canvas<'_>,
    area: Rect,
    marks: &[(f64, String)],
    style: ratatui::style::Style,
) {
    let mut free = area.x;
    for (share, text) in marks {
        let x = place(area, *share);
        let width = canvas.width(text);
        if x >= free && x + width <= area.right() {
            canvas.text(x, area.y, width, text, style);
            free = x + width + 1;
        }
    }
}

fn place(area: Rect, share: f64) -> u16 {
    area.x + ((share.clamp(0.0, 1.0) * f64::from(area.width)) as u16).min(area.width.saturating_sub(1))
}

/// Faint lines down from the ruler's marks.
fn grid(canvas: &mut Canvas<'_>, columns: Columns, y: u16, marks: &[(f64, String)]) {
    if columns.bar.is_empty() {
        return;
    }
    let (style, symbol) = (canvas.style(Role::BarTrack), canvas.glyphs().broken_lines[1]);
    for (share, _) in marks.iter().filter(|(share, _)| *share < 1.0) {
        canvas.symbol(place(columns.bar, *share), y, symbol, style);
    }
}

fn line(canvas: &mut Canvas<'_>, left: u16, y: u16, columns: Columns, row: &SpanRowVm, deepest: u32) {
    let dim = canvas.style(Role::TextDim);
    name(canvas, left, y, columns.name, row, deepest);
    let bar = Rect { y, ..columns.bar };
    if let Some(shifted) = row.shifted {
        ghost(canvas, bar, shifted, row.bar);
    }
    let style = canvas.line_style(roles::series(row.service));
    span_bar(canvas, bar, row.bar, &row.own, &row.path, style);
    let value = if row.error { canvas.style(Role::LevelCritical) } else { canvas.style(Role::Value) };
    canvas.text_right(columns.duration, y, TIME, &row.duration, value);
    canvas.text_right(columns.own, y, TIME, &row.own_time, dim);
}

/// Mark of an error, place in the tree, mark of the service, its name where it changes, operation, what is odd.
fn name(canvas: &mut Canvas<'_>, left: u16, y: u16, width: u16, row: &SpanRowVm, deepest: u32) {
    let glyphs = canvas.glyphs();
    let end = left + width;
    let critical = canvas.style(Role::LevelCritical);
    let dim = canvas.style(Role::TextDim);
    if row.error || row.error_below {
        let style = if row.error { critical } else { dim };
        canvas.symbol(left, y, glyphs.level(Level::Critical), style);
    }
    // A deep tree must leave room for what it holds.
    let cells = |each: u32, depth: u32| (each * depth.min(2_000)) as u16;
    let each = if cells(2, deepest) + NAME_GOOD + 6 <= width { 2 } else { 1 };
    let indent = cells(each, row.depth).min(width / 3);
    let mut x = left + 2 + indent;
    if let Some(folded) = row.folded {
        let style = canvas.style(Role::Group);
        canvas.symbol(x, y, glyphs.fold[usize::from(folded)], style);
    }
    x += 2;
    service_mark(canvas, x, y, row.service);
    x += 2;
    let odd = canvas.width(&row.odd);
    let hidden = if row.hidden > 0 { format!("+{}", row.hidden) } else { String::new() };
    let room = |x: u16| end.saturating_sub(x);
    if !row.service_name.is_empty() && room(x) > canvas.width(&row.name) + 4 {
        let wanted = canvas.width(&row.service_name);
        let service = wanted.min(room(x).saturating_sub(canvas.width(&row.name) + 1));
        // A piece of a name that is not the name tells nothing.
        if service >= wanted.min(8) {
            x += canvas.text(x, y, service, &row.service_name, dim) + 1;
        }
    }
    let style = match (row.found, row.error, row.critical) {
        (true, ..) => canvas.style(Role::Match),
        (_, true, _) => critical,
        (_, _, true) => canvas.style(Role::TextStrong),
        _ => canvas.style(Role::Text),
    };
    x += canvas.text(x, y, room(x), &row.name, style) + 1;
    if !hidden.is_empty() && room(x) > canvas.width(&hidden) {
        x += canvas.text(x, y, room(x), &hidden, dim) + 1;
    }
    if odd > 0 && room(x) >= odd.min(8) {
        let warning = canvas.style(Role::LevelWarning);
        canvas.text(x, y, room(x), &row.odd, warning);
    }
}
