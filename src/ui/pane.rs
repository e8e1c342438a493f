//! One panel that fills its box.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::{boxes, chart, panes, roles, spark, table};
use crate::theme::Role;
use crate::view::vm::{Draw, Item, Level, PaneState, PaneVm};

/// Draws a panel into the inside of its box.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, pane: &PaneVm) {
    if area.is_empty() {
        return;
    }
    if is_empty(pane) {
        let state = if pane.state == PaneState::Ready { PaneState::NoData } else { pane.state };
        let reason = panes::reason(canvas, pane).to_owned();
        boxes::message(canvas, area, state, &[reason]);
        return;
    }
    match &pane.draw {
        Draw::Stat(items) if items.len() == 1 && area.height >= 3 => big(canvas, area, pane, &items[0]),
        Draw::Sparkline(items) => bands(canvas, area, pane, items),
        Draw::Chart { .. } => chart::draw(canvas, area, pane),
        Draw::Table { columns, rows } => table::panel(canvas, area, columns, rows),
        Draw::Stat(_) | Draw::Gauge(_) | Draw::BarList(_) => {
            panes::draw(canvas, area, std::slice::from_ref(pane));
        }
    }
}

fn is_empty(pane: &PaneVm) -> bool {
    match &pane.draw {
        Draw::Stat(items) | Draw::Gauge(items) | Draw::Sparkline(items) | Draw::BarList(items) => {
            items.is_empty()
        }
        Draw::Chart { items, .. } => items.is_empty(),
        Draw::Table { rows, .. } => rows.is_empty(),
    }
}

/// One number, large in its box: the value in the middle, its trend beneath.
fn big(canvas: &mut Canvas<'_>, area: Rect, pane: &PaneVm, item: &Item) {
    let air = u16::from(area.height >= 5);
    let mut y = area.y + air;
    headline(canvas, Rect { y, height: 1, ..area }, pane, item);
    y += 1;
    if !item.label.is_empty() && item.label != pane.title && area.height >= 4 {
        let dim = canvas.style(Role::Label);
        canvas.text_centre(Rect { y, height: 1, ..area }, &item.label, dim);
        y += 1;
    }
    let room = area.bottom().saturating_sub(y + air);
    let height = room.min(6);
    if let Some(at) = item.series.filter(|_| height > 0) {
        let role = if pane.state == PaneState::Stale { Role::StateStale } else { roles::spark(item.level) };
        let style = canvas.style(role);
        let place = Rect { y: area.bottom() - height, height, ..area };
        spark::series(canvas, place, pane, at, spark::range(pane), style);
    }
}

/// State mark, number, level mark and word, centred as one.
fn headline(canvas: &mut Canvas<'_>, area: Rect, pane: &PaneVm, item: &Item) {
    let missing = item.text.is_empty();
    let text = if missing { panes::reason(canvas, pane) } else { &item.text };
    let state_mark = pane.state != PaneState::Ready;
    let role = match (pane.state, item.level) {
        (PaneState::Ready, _) if missing => Role::StateNoData,
        (PaneState::Ready, Level::Ok) => Role::TextStrong,
        (_, Level::Ok) => roles::state(pane.state),
        (_, level) => roles::level(level),
    };
    let style = canvas.style(role).add_modifier(ratatui::style::Modifier::BOLD);
    let word = match (item.level, item.word.is_empty()) {
        (Level::Ok, true) => 0,
        (Level::Ok, false) => canvas.width(&item.word) + 2,
        (_, true) => 3,
        (_, false) => canvas.width(&item.word) + 4,
    };
    let mark = if state_mark { 2 } else { 0 };
    let width = (mark + canvas.width(text) + word).min(area.width);
    let mut x = area.x + (area.width - width) / 2;
    if state_mark {
        let state_style = canvas.style(roles::state(pane.state));
        let symbol = canvas.glyphs().state(pane.state);
        canvas.symbol(x, area.y, symbol, state_style);
        x += 2;
    }
    x += canvas.text(x, area.y, area.right().saturating_sub(x), text, style);
    if word > 0 && x + 2 < area.right() {
        panes::word(canvas, x + 2, area.y, area.right() - x - 2, item);
    }
}

/// Trends under one another, each with its name and number on a line above it where there is room.
fn bands(canvas: &mut Canvas<'_>, area: Rect, pane: &PaneVm, items: &[Item]) {
    let each = area.height / (items.len().min(usize::from(area.height)) as u16).max(1);
    if each < 2 {
        panes::draw(canvas, area, std::slice::from_ref(pane));
        return;
    }
    let scale = spark::range(pane);
    for (item, at) in items.iter().zip(0_u16..) {
        let top = area.y + at * each;
        if top + each > area.bottom() {
            return;
        }
        let value_style = canvas.style(match (pane.state, item.level) {
            (PaneState::Ready, level) => roles::value(level),
            (state, Level::Ok) => roles::state(state),
            (_, level) => roles::level(level),
        });
        let label = canvas.style(Role::Label);
        let used = canvas.text_right(area.x, top, area.width, &item.text, value_style);
        let name = if item.label.is_empty() { &pane.title } else { &item.label };
        canvas.text(area.x, top, area.width.saturating_sub(used + 1), name, label);
        if let Some(series) = item.series {
            let last = usize::from(at) + 1 == items.len();
            let height = if last { area.bottom() - top - 1 } else { each - 1 };
            let role =
                if pane.state == PaneState::Stale { Role::StateStale } else { roles::spark(item.level) };
            let style = canvas.line_style(role);
            let place = Rect { y: top + 1, height, ..area };
            spark::series(canvas, place, pane, series, scale, style);
        }
    }
}
