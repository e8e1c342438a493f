//! Draws two traces side by side: one tree, a column of bars for each, and under it what differs.

mod differences;
mod tree;

use ratatui::layout::Rect;

use super::boxes::{self, Frame};
use super::canvas::Canvas;
use super::roles;
use crate::theme::Role;
use crate::view::vm::{CompareSplit, CompareVm, Level, PaneState, SideVm};

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &CompareVm) {
    if area.is_empty() {
        return;
    }
    if vm.rows.is_empty() {
        let frame = Frame { title: &vm.title, note: &vm.note, state: vm.state, ..Frame::default() };
        let inner = boxes::frame(canvas, area, &frame);
        let state = if vm.state == PaneState::Ready { PaneState::Loading } else { vm.state };
        boxes::message(canvas, inner, state, &vm.message);
        return;
    }
    let split = CompareSplit::of(area.height);
    let strong = canvas.style(Role::TextStrong);
    canvas.text(area.x + 1, area.y, area.width.saturating_sub(2), &vm.title, strong);
    let names = canvas.ui.text.traces.side_names;
    let widest = names.iter().map(|name| canvas.width(name)).max().unwrap_or(0);
    for (at, side) in (1_u16..).zip(&vm.sides) {
        if at < split.head {
            let line = Rect { y: area.y + at, height: 1, ..area };
            head(canvas, line, names[usize::from(at) - 1], widest, side);
        }
    }
    let place = Rect { y: area.y + split.head, height: split.tree, ..area };
    tree::draw(canvas, place, vm);
    let under = Rect { y: place.bottom(), height: split.differences, ..area };
    // Lines of the tree come first in what a click names.
    differences::draw(canvas, under, vm, split.rows());
}

/// One of the two in a line: which, how long, how many spans, why.
fn head(canvas: &mut Canvas<'_>, area: Rect, name: &str, widest: u16, side: &SideVm) {
    let (label, dim) = (canvas.style(Role::Label), canvas.style(Role::TextDim));
    let value = canvas.style(Role::Value);
    let dot = canvas.glyphs().dot;
    let right = area.right().saturating_sub(1);
    canvas.text(area.x + 1, area.y, widest, name, label);
    let mut x = area.x + widest + 3;
    x += canvas.text(x, area.y, right.saturating_sub(x), &side.id, value);
    let facts = side.facts.iter().map(|(level, text)| (*level, text.as_str()));
    let why = (!side.why.is_empty()).then_some((Level::Ok, side.why.as_str()));
    // Why this one was taken matters more than its services and when it was.
    let facts: Vec<_> = facts.collect();
    let (first, rest) = facts.split_at(facts.len().saturating_sub(2));
    let all = first.iter().copied().chain(why).chain(rest.iter().copied());
    for (level, text) in all {
        let width = canvas.width(text);
        if x + 3 + width > right {
            break;
        }
        canvas.symbol(x + 1, area.y, dot, dim);
        let style =
            if level == Level::Ok { canvas.style(Role::Text) } else { canvas.style(roles::level(level)) };
        x += 3 + canvas.text(x + 3, area.y, width, text, style);
    }
}
