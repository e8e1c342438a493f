//! Several panels in one frame: their lines share columns, charts and tables share what is left.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::columns::{self, Columns, GAP, Line};
use super::{bars, chart, roles, spark, table};
use crate::theme::Role;
use crate::view::vm::{Draw, Item, Level, PaneState, PaneVm};

/// Lines that a chart or a table gets at least, its title included.
const BLOCK_MIN: u16 = 5;

/// Draws panels under one another.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, list: &[PaneVm]) {
    if area.is_empty() {
        return;
    }
    let all: Vec<Line<'_>> = list.iter().flat_map(lines).collect();
    let columns = columns::share(canvas, &all, area.width);
    let blocks = list.iter().filter(|pane| is_block(pane)).count() as u16;
    let wanted = all.len() as u16 + blocks * BLOCK_MIN;
    let spare = area.height.saturating_sub(wanted);
    let mut y = area.y;
    let mut blocks_left = blocks;
    let mut done = 0;
    // Where not all fits, the last line says how many are missing.
    let end = if wanted > area.height { area.bottom() - 1 } else { area.bottom() };
    for pane in list {
        if is_block(pane) {
            let height = BLOCK_MIN + spare / blocks.max(1) + u16::from(spare % blocks.max(1) >= blocks_left);
            blocks_left -= 1;
            if y + 3 <= end {
                block(canvas, Rect { y, height: height.min(end - y), ..area }, pane);
            }
            y = y.saturating_add(height);
            continue;
        }
        let scale = spark::range(pane);
        for line in lines(pane) {
            if y < end {
                draw_line(canvas, Rect { y, height: 1, ..area }, &line, columns, scale);
                done += 1;
            }
            y = y.saturating_add(1);
        }
    }
    if wanted > area.height && done < all.len() {
        let dim = canvas.style(Role::TextDim);
        let text = (canvas.words().more)(all.len() - done);
        canvas.text(area.x, area.bottom() - 1, area.width, &text, dim);
    }
}

fn is_block(pane: &PaneVm) -> bool {
    matches!(pane.draw, Draw::Chart { .. } | Draw::Table { .. }) && lines(pane).next().is_none()
}

/// The lines of a panel: one for each item, or one for the message of a panel that has none. A
/// chart or table that has data is no line but a block.
fn lines(pane: &PaneVm) -> impl Iterator<Item = Line<'_>> {
    let (items, block): (&[Item], bool) = match &pane.draw {
        Draw::Stat(items) | Draw::Gauge(items) | Draw::Sparkline(items) | Draw::BarList(items) => {
            (items, false)
        }
        Draw::Chart { items, .. } => (&[], !items.is_empty()),
        Draw::Table { rows, .. } => (&[], !rows.is_empty()),
    };
    let bar = matches!(pane.draw, Draw::Gauge(_) | Draw::BarList(_));
    let message = (items.is_empty() && !block).then_some(Line { pane, item: None, bar: false });
    items.iter().map(move |item| Line { pane, item: Some(item), bar }).chain(message)
}

/// A chart or a table under its title.
fn block(canvas: &mut Canvas<'_>, area: Rect, pane: &PaneVm) {
    let title = canvas.style(Role::Label);
    canvas.text(area.x, area.y, area.width, &pane.title, title);
    let rest = Rect { y: area.y + 1, height: area.height - 1, ..area };
    match &pane.draw {
        Draw::Chart { .. } => chart::draw(canvas, rest, pane),
        Draw::Table { columns, rows } => table::panel(canvas, rest, columns, rows),
        _ => {}
    }
}

/// What a pane without data says of itself.
pub fn reason<'p>(canvas: &Canvas<'_>, pane: &'p PaneVm) -> &'p str {
    match (pane.message.is_empty(), pane.state) {
        (false, _) => &pane.message,
        (true, PaneState::Ready) => (canvas.words().state)(PaneState::NoData),
        (true, state) => (canvas.words().state)(state),
    }
}

fn draw_line(canvas: &mut Canvas<'_>, area: Rect, line: &Line<'_>, columns: Columns, scale: (f64, f64)) {
    let y = area.y;
    let label_style = canvas.style(Role::Label);
    canvas.text(area.x, y, columns.label, line.label(), label_style);
    let mut x = area.x + if columns.label > 0 { columns.label + GAP } else { 0 };
    let state = line.pane.state;
    let Some(item) = line.item else {
        let state = if state == PaneState::Ready { PaneState::NoData } else { state };
        let style = canvas.style(roles::state(state));
        let mark = canvas.glyphs().state(state);
        canvas.symbol(x, y, mark, style);
        let text = reason(canvas, line.pane);
        canvas.text(x + 2, y, area.right().saturating_sub(x + 2), text, style);
        return;
    };
    if columns.bar > 0 {
        if line.bar {
            let known = item.ratio.filter(|_| !matches!(state, PaneState::Failed | PaneState::NoData));
            let old = state == PaneState::Stale && item.level == Level::Ok;
            let fill = if old { Role::StateStale } else { roles::bar(item.level) };
            bars::draw(canvas, x, y, columns.bar, known, fill);
        }
        x += columns.bar + GAP;
    }
    value(canvas, x, y, columns.value, line, item);
    x += columns.value;
    if columns.word > 0 {
        word(canvas, x + GAP, y, columns.word, item);
        x += GAP + columns.word;
    }
    if let Some(at) = item.series.filter(|_| columns.spark > 0) {
        let role = if state == PaneState::Stale { Role::StateStale } else { roles::spark(item.level) };
        let style = canvas.line_style(role);
        let place = Rect { x: x + GAP, y, width: columns.spark, height: 1 };
        spark::series(canvas, place, line.pane, at, scale, style);
    }
}

/// The number, with the mark of a state that makes it doubtful; a doubtful number that is bad
/// keeps its level.
fn value(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, line: &Line<'_>, item: &Item) {
    let state = line.pane.state;
    let missing = item.text.is_empty();
    let role = match (state, item.level) {
        (PaneState::Ready, _) if missing => Role::StateNoData,
        (PaneState::Ready, level) => roles::value(level),
        (_, Level::Ok) => roles::state(state),
        (_, level) => roles::level(level),
    };
    let style = canvas.style(role);
    let used = canvas.text_right(x, y, width, line.value(canvas), style);
    // The level's mark stands nearest to its number, so that it needs no column of its own.
    let mut end = x + width - used;
    let level = line.level_mark(canvas).map(|mark| (mark, roles::level(item.level)));
    let doubt = line.state_mark(canvas).map(|mark| (mark, roles::state(state)));
    for (mark, role) in level.into_iter().chain(doubt) {
        if end >= x + 2 {
            end -= 2;
            let mark_style = canvas.style(role);
            canvas.symbol(end, y, mark, mark_style);
        }
    }
}

/// Mark and word of a level; a level that is well has no mark.
pub fn word(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, item: &Item) {
    let style = canvas.style(if item.level == Level::Ok { Role::TextDim } else { roles::level(item.level) });
    let mut start = x;
    if item.level != Level::Ok {
        let mark = canvas.glyphs().level(item.level);
        canvas.symbol(x, y, mark, style);
        start += 2;
    }
    canvas.text(start, y, (x + width).saturating_sub(start), &item.word, style);
}
