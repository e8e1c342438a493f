//! Draws the log view: the query, the time axis, the lines or the patterns in sight.

mod line;
mod patterns;

use ratatui::layout::Rect;

use super::boxes::{self, Frame};
use super::canvas::Canvas;
use super::hits::{Extent, Hit};
use super::{axis, chart};
use crate::theme::Role;
use crate::view::vm::{LogsVm, PaneState};

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &LogsVm) {
    query(canvas, Rect { height: 1, ..area }, vm);
    let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if let Some(pane) = &vm.chart {
        let frame = Frame { title: &pane.title, note: &pane.message, state: pane.state, ..Frame::default() };
        let inner = boxes::frame(canvas, rest, &frame);
        if pane.series.is_empty() {
            let words =
                if pane.message.is_empty() { (canvas.words().state)(pane.state) } else { &pane.message };
            boxes::message(canvas, inner, pane.state, &[words.to_owned()]);
        } else {
            chart::draw(canvas, inner, pane);
        }
        return;
    }
    let axis_height = (vm.axis_lines + 2).min(rest.height);
    let axis_area = Rect { height: axis_height, ..rest };
    // A step that is missing is drawn as a gap; the frame says whether the rest is old.
    let state = if vm.axis.columns.is_empty() { PaneState::Ready } else { vm.axis.state };
    let frame = Frame { title: &vm.axis.title, state, ..Frame::default() };
    let inner = boxes::frame(canvas, axis_area, &frame);
    axis::draw(canvas, inner, &vm.axis);
    let list = Rect { y: axis_area.bottom(), height: rest.height - axis_height, ..rest };
    lines(canvas, list, vm);
}

/// The query with its language before it and what it reads behind it.
fn query(canvas: &mut Canvas<'_>, area: Rect, vm: &LogsVm) {
    let (label, text, dim) =
        (canvas.style(Role::Prompt), canvas.style(Role::TextStrong), canvas.style(Role::TextDim));
    let mut x = area.x + 1;
    x += canvas.text(x, area.y, area.width, &vm.language, label) + 1;
    let cost = canvas.width(&vm.cost);
    let room = area.right().saturating_sub(x + 1);
    let both = canvas.width(&vm.query) + cost + 3 <= room;
    canvas.text(x, area.y, room, &vm.query.replace('\n', " "), text);
    if both && cost > 0 {
        canvas.text_right(area.right() - 1 - cost, area.y, cost, &vm.cost, dim);
    }
}

fn lines(canvas: &mut Canvas<'_>, area: Rect, vm: &LogsVm) {
    let shown = vm.patterns.as_ref().map_or(vm.rows.len(), Vec::len);
    let position = if shown == 0 {
        String::new()
    } else {
        (canvas.words().position)(vm.offset + 1, vm.offset + shown, vm.total.max(shown))
    };
    let frame = Frame {
        title: &vm.title,
        subtitle: &vm.subtitle,
        note: &vm.note,
        below: &vm.below,
        position: &position,
        state: vm.state,
        level: vm.level,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    // Lines take the air at the sides: there the cursor stands.
    let mut body = Rect { x: inner.x.saturating_sub(1), width: inner.width + 2, ..inner };
    for finding in vm.findings.iter().take(usize::from(body.height / 2)) {
        let style = canvas.style(Role::LevelWarning);
        let mark = canvas.glyphs().levels[1];
        canvas.symbol(body.x + 1, body.y, mark, style);
        canvas.text(body.x + 3, body.y, body.width.saturating_sub(4), finding, style);
        body = Rect { y: body.y + 1, height: body.height - 1, ..body };
    }
    if !vm.message.is_empty() {
        boxes::message(canvas, body, vm.state, &vm.message);
        return;
    }
    match &vm.patterns {
        Some(rows) => patterns::draw(canvas, body, vm, rows),
        None => line::draw(canvas, body, vm),
    }
    canvas.hits.extent =
        Extent { content: vm.total.min(usize::from(u16::MAX)) as u16, viewport: body.height };
    canvas.scroll_bar(area.right() - 1, body.y, body.height, vm.offset, vm.total);
}

/// Notes what a click on a row's lines means.
fn clickable(canvas: &mut Canvas<'_>, area: Rect, row: usize) {
    canvas.hit(area, Hit::Line(row));
}
