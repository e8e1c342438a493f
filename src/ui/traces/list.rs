//! Draws the list of traces.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::theme::Role;
use crate::ui::bars;
use crate::ui::boxes::{self, Frame};
use crate::ui::canvas::Canvas;
use crate::ui::hits::{Extent, Hit};
use crate::ui::table::GAP;
use crate::view::vm::{TraceColumn, TraceRowVm, TracesVm};

/// A service's name gets no more than this.
const SERVICE: u16 = 18;
/// What an operation's name keeps before there is room for what else is known.
const NAME_GOOD: u16 = 24;
const DURATION: u16 = 8;
const NUMBER: u16 = 6;

/// Widths of the columns; 0 where one is left out.
#[derive(Clone, Copy)]
struct Columns {
    start: u16,
    service: u16,
    name: u16,
    bar: u16,
    services: u16,
    about: u16,
}

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &TracesVm) {
    let last = vm.offset + vm.rows.len();
    let position = if vm.rows.len() < vm.lines {
        (canvas.words().position)(vm.offset + 1, last, vm.lines)
    } else {
        String::new()
    };
    let frame = Frame {
        title: canvas.ui.text.traces.list_title,
        note: &vm.note,
        below: &vm.below,
        position: &position,
        state: vm.state,
        focus: true,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.is_empty() {
        return;
    }
    if vm.rows.is_empty() {
        boxes::message(canvas, inner, vm.state, &vm.message);
        return;
    }
    let columns = measure(canvas, vm, inner.width);
    heads(canvas, inner, columns, vm);
    for ((at, row), y) in vm.rows.iter().enumerate().zip(inner.y + 1..inner.bottom()) {
        let place = Rect { x: inner.x - 1, y, width: inner.width + 2, height: 1 };
        canvas.hit(place, Hit::Line(at));
        line(canvas, Rect { y, height: 1, ..inner }, columns, row);
        if vm.cursor == Some(at) {
            let style = canvas.style(Role::Cursor);
            canvas.patch(place, style);
            let (mark, focus) = (canvas.glyphs().cursor, canvas.style(Role::BorderFocus));
            canvas.symbol(place.x, y, mark, focus);
        }
    }
    let viewport = inner.height.saturating_sub(1);
    canvas.hits.extent = Extent { content: vm.lines.min(usize::from(u16::MAX)) as u16, viewport };
    canvas.scroll_bar(area.right() - 1, inner.y + 1, viewport, vm.offset, vm.lines);
}

fn measure(canvas: &Canvas<'_>, vm: &TracesVm, width: u16) -> Columns {
    let most = |of: &dyn Fn(&TraceRowVm) -> &str, least: u16, cap: u16| {
        vm.rows
            .iter()
            .map(|row| canvas.width(of(row)))
            .max()
            .unwrap_or(0)
            .next_multiple_of(2)
            .max(least)
            .min(cap)
    };
    let start = most(&|row| &row.start, 8, 16);
    let service = most(&|row| &row.service, 8, SERVICE);
    let wide = width >= 100;
    let (bar, services) = (if wide { 10 } else { 6 }, if wide { 8 } else { 0 });
    // The mark, and what has a width of its own.
    let fixed = 2 + start + service + DURATION + 1 + bar + 2 * NUMBER + services + 6 * GAP;
    let room = width.saturating_sub(fixed);
    let about = room.saturating_sub(NAME_GOOD + GAP);
    let about = if wide && about >= 12 { about } else { 0 };
    let name = room.saturating_sub(if about > 0 { about + GAP } else { 0 });
    Columns { start, service, name, bar, services, about }
}

/// Writes one cell and returns where the next begins.
fn cell(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, text: &str, style: Style, right: bool) -> u16 {
    if width == 0 {
        return x;
    }
    if right {
        canvas.text_right(x, y, width, text, style);
    } else {
        canvas.text(x, y, width, text, style);
    }
    x + width + GAP
}

fn heads(canvas: &mut Canvas<'_>, inner: Rect, columns: Columns, vm: &TracesVm) {
    let style = canvas.style(Role::Column);
    let strong = style.patch(canvas.style(Role::TextStrong));
    let arrow = canvas.glyphs().sort[usize::from(vm.reversed)];
    let heads = canvas.ui.text.traces.list_heads;
    let y = inner.y;
    let head = |canvas: &mut Canvas<'_>, x, width, at: usize, column: Option<TraceColumn>, right| {
        let sorted = column == Some(vm.sort);
        let text = if sorted { format!("{} {arrow}", heads[at]) } else { heads[at].to_owned() };
        cell(canvas, x, y, width, &text, if sorted { strong } else { style }, right)
    };
    let mut x = inner.x + 2;
    x = head(canvas, x, columns.start, 0, Some(TraceColumn::Start), false);
    x = head(canvas, x, columns.service, 1, None, false);
    x = head(canvas, x, columns.name, 2, None, false);
    x = head(canvas, x, DURATION + 1 + columns.bar, 3, Some(TraceColumn::Duration), false);
    x = head(canvas, x, NUMBER, 4, Some(TraceColumn::Spans), true);
    x = head(canvas, x, NUMBER, 5, Some(TraceColumn::Errors), true);
    x = head(canvas, x, columns.services, 6, None, true);
    head(canvas, x, columns.about, 7, None, false);
}

fn line(canvas: &mut Canvas<'_>, area: Rect, columns: Columns, row: &TraceRowVm) {
    let y = area.y;
    if !row.more.is_empty() {
        let style = canvas.style(Role::Group);
        canvas.text(area.x + 2, y, area.width.saturating_sub(2), &row.more, style);
        return;
    }
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::TextDim));
    let (strong, value) = (canvas.style(Role::TextStrong), canvas.style(Role::Value));
    let critical = canvas.style(Role::LevelCritical);
    if row.marked {
        let (mark, style) = (canvas.glyphs().selected, canvas.style(Role::Prompt));
        canvas.symbol(area.x, y, mark, style);
    }
    let failed = !row.errors.is_empty();
    let mut x = cell(canvas, area.x + 2, y, columns.start, &row.start, dim, false);
    x = cell(canvas, x, y, columns.service, &row.service, text, false);
    x = cell(canvas, x, y, columns.name, &row.name, strong, false);
    canvas.text_right(x, y, DURATION, &row.duration, value);
    let fill = if failed { Role::LevelCritical } else { Role::BarFill };
    bars::draw(canvas, x + DURATION + 1, y, columns.bar, Some(row.share), fill);
    x += DURATION + 1 + columns.bar + GAP;
    x = cell(canvas, x, y, NUMBER, &row.spans, text, true);
    x = cell(canvas, x, y, NUMBER, &row.errors, critical, true);
    x = cell(canvas, x, y, columns.services, &row.services, dim, true);
    cell(canvas, x, y, columns.about, &row.about, dim, false);
}
