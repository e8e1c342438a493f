//! Draws the traces view.

mod durations;
mod list;

use ratatui::layout::Rect;

use super::boxes::{self, Frame};
use super::canvas::Canvas;
use super::{axis, chart};
use crate::theme::Role;
use crate::view::vm::{ListSplit, PaneState, TracesVm};

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &TracesVm) {
    if area.is_empty() {
        return;
    }
    query(canvas, Rect { height: 1, ..area }, vm);
    let rest = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let text = canvas.ui.text.traces;
    if let Some(pane) = &vm.chart {
        let frame = Frame {
            title: if vm.title.is_empty() { text.series_title } else { &vm.title },
            note: &vm.note,
            below: &vm.below,
            state: vm.state,
            focus: true,
            ..Frame::default()
        };
        let inner = boxes::frame(canvas, rest, &frame);
        if vm.message.is_empty() {
            chart::draw(canvas, inner, pane);
        } else {
            boxes::message(canvas, inner, vm.state, &vm.message);
        }
        return;
    }
    let split = ListSplit::of(area.height);
    let charts = Rect { height: split.charts, ..rest };
    if split.charts > 0 {
        let left = Rect { width: charts.width * 3 / 5, ..charts };
        let right = Rect { x: left.right(), width: charts.width - left.width, ..charts };
        let calm = matches!(vm.state, PaneState::NoData | PaneState::Ready | PaneState::Stale);
        let state = if calm { PaneState::Ready } else { vm.state };
        let over_time = Frame { title: text.over_time, state, ..Frame::default() };
        let inner = boxes::frame(canvas, left, &over_time);
        axis::draw(canvas, inner, &vm.axis);
        let by_duration =
            Frame { title: text.by_duration, note: &vm.durations.note, state, ..Frame::default() };
        let inner = boxes::frame(canvas, right, &by_duration);
        durations::draw(canvas, inner, &vm.durations);
    }
    let place = Rect { y: charts.bottom(), height: rest.height - charts.height, ..rest };
    list::draw(canvas, place, vm);
}

/// The query, as a prompt would have it.
fn query(canvas: &mut Canvas<'_>, area: Rect, vm: &TracesVm) {
    let (prompt, value) = (canvas.style(Role::Prompt), canvas.style(Role::Value));
    let dim = canvas.style(Role::TextDim);
    let mark = canvas.glyphs().trail;
    canvas.symbol(area.x + 1, area.y, mark, prompt);
    let room = area.width.saturating_sub(4);
    let used = canvas.text(area.x + 3, area.y, room, &vm.query, value);
    let title = canvas.width(&vm.title);
    if title > 0 && used + 3 + title <= room {
        canvas.text_right(area.x + 3, area.y, room, &vm.title, dim);
    }
}
