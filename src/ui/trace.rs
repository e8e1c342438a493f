//! Draws the trace view.

mod bar;
mod detail;
mod services;
mod waterfall;

use ratatui::layout::Rect;

pub(super) use bar::span_bar;
pub(super) use waterfall::ruler;

use super::boxes;
use super::canvas::Canvas;
use super::roles;
use crate::theme::Role;
use crate::view::vm::{Level, PaneState, Split, TraceVm};

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &TraceVm) {
    if area.is_empty() {
        return;
    }
    if vm.rows.is_empty() && vm.services.is_none() {
        let frame =
            boxes::Frame { title: &vm.title, note: &vm.note, state: vm.state, ..boxes::Frame::default() };
        let inner = boxes::frame(canvas, area, &frame);
        let state = if vm.state == PaneState::Ready { PaneState::NoData } else { vm.state };
        boxes::message(canvas, inner, state, &vm.message);
        return;
    }
    let rest = head(canvas, area, &vm.title, &vm.facts, &vm.findings);
    if let Some(list) = &vm.services {
        services::draw(canvas, rest, vm, list);
        return;
    }
    let split = Split::of(rest.width, rest.height, vm.detail.cursor.is_some());
    let spans = Rect { width: split.width, height: split.height, ..rest };
    let beside = if split.beside {
        Rect { x: spans.right(), width: rest.width - spans.width, ..rest }
    } else {
        Rect { y: spans.bottom(), height: rest.height - spans.height, ..rest }
    };
    waterfall::draw(canvas, spans, vm);
    detail::draw(canvas, beside, &vm.detail);
}

/// The lines above: what it is, and what has to be known before it is believed. Returns the rest.
pub(super) fn head(
    canvas: &mut Canvas<'_>,
    area: Rect,
    title: &str,
    facts: &[(Level, String)],
    findings: &[(Level, String)],
) -> Rect {
    let strong = canvas.style(Role::TextStrong);
    let dim = canvas.style(Role::TextDim);
    let dot = canvas.glyphs().dot;
    let (left, right) = (area.x + 1, area.right().saturating_sub(1));
    let facts_width: u16 = facts.iter().map(|(_, text)| canvas.width(text) + 3).sum();
    // What it is gives way to nothing but its duration.
    let least = facts.first().map_or(0, |(_, text)| canvas.width(text) + 3);
    let room = right.saturating_sub(left);
    let title_room = room.saturating_sub(facts_width).max(room / 2).min(room.saturating_sub(least));
    let mut x = left + canvas.text(left, area.y, title_room, title, strong);
    for (level, text) in facts {
        let width = canvas.width(text);
        if x + 3 + width > right {
            break;
        }
        canvas.symbol(x + 1, area.y, dot, dim);
        let style =
            if *level == Level::Ok { canvas.style(Role::Text) } else { canvas.style(roles::level(*level)) };
        x += 3 + canvas.text(x + 3, area.y, width, text, style);
    }
    let mut y = area.y + 1;
    for (level, text) in findings {
        if y >= area.bottom() {
            break;
        }
        let style = canvas.style(roles::level(*level));
        let mark = canvas.glyphs().level(*level);
        canvas.symbol(left, y, mark, style);
        canvas.text(left + 2, y, room.saturating_sub(2), text, style);
        y += 1;
    }
    Rect { y, height: area.bottom().saturating_sub(y), ..area }
}

/// The mark by which a service is told from others, whatever the colours.
pub(super) fn service_mark(canvas: &mut Canvas<'_>, x: u16, y: u16, service: usize) {
    let style = canvas.line_style(roles::series(service));
    let symbol = canvas.glyphs().series[service % canvas.glyphs().series.len()];
    canvas.symbol(x, y, symbol, style);
}
