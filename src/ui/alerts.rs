//! The alerts' view: one frame around watchdog, filter, heads and rows.

use ratatui::layout::Rect;

use super::boxes::{self, Frame};
use super::canvas::Canvas;
use super::hits::Extent;
use super::{alert_table, roles};
use crate::theme::Role;
use crate::view::vm::{AlertsVm, FilterVm, Level};

/// How many rows the alerts' view has on a screen of `height` lines, with or without a line for
/// the watchdog and one for the filter.
pub fn alert_rows(height: u16, watchdog: bool, filter: bool) -> u16 {
    // Header, footer, two lines of frame, the heads.
    height.saturating_sub(5 + u16::from(watchdog) + u16::from(filter))
}

/// Draws the alerts' view.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &AlertsVm) {
    let above = u16::from(vm.watchdog.is_some()) + u16::from(vm.filter.is_some());
    let capacity = area.height.saturating_sub(3 + above);
    let shown = vm.table.rows.len().min(usize::from(capacity));
    let position = if shown == 0 {
        String::new()
    } else {
        (canvas.words().position)(vm.table.offset + 1, vm.table.offset + shown, vm.table.matching.max(shown))
    };
    let frame = Frame {
        title: canvas.words().alerts,
        subtitle: &vm.summary,
        note: &vm.note,
        below: &vm.order,
        position: &position,
        state: vm.state,
        level: vm.watchdog.as_ref().map_or(Level::Ok, |(level, _)| *level),
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    let mut y = inner.y;
    if let Some((level, text)) = &vm.watchdog {
        let style = canvas.style(roles::level(*level));
        let mark = canvas.glyphs().level(*level);
        canvas.symbol(inner.x, y, mark, style);
        canvas.text(inner.x + 2, y, inner.width.saturating_sub(2), text, style);
        y += 1;
    }
    if let Some(filter) = &vm.filter {
        filter_line(canvas, Rect { y, height: 1, ..inner }, filter);
        y += 1;
    }
    let list = Rect { x: inner.x - 1, y, width: inner.width + 2, height: inner.bottom().saturating_sub(y) };
    alert_table::full(canvas, list, &vm.table, vm.sort, vm.reversed);
    canvas.hits.extent =
        Extent { content: vm.table.matching.min(usize::from(u16::MAX)) as u16, viewport: capacity };
    canvas.scroll_bar(area.right() - 1, y + 1, capacity, vm.table.offset, vm.table.matching);
}

/// The filter with its prompt; what is wrong with it stands at the right.
fn filter_line(canvas: &mut Canvas<'_>, area: Rect, filter: &FilterVm) {
    let prompt = canvas.style(Role::Prompt);
    canvas.symbol(area.x, area.y, "/", prompt);
    let mut room = area.width.saturating_sub(2);
    if let Some(error) = &filter.error {
        let style = canvas.style(Role::LevelCritical);
        let mark = canvas.glyphs().states[3];
        let width = canvas.width(error).min(area.width / 2);
        let x = area.right() - width;
        canvas.symbol(x - 2, area.y, mark, style);
        canvas.text(x, area.y, width, error, style);
        room = room.saturating_sub(width + 4);
    }
    let style = canvas.style(Role::TextStrong);
    super::palette::input(canvas, area.x + 2, area.y, room, &filter.text, filter.cursor, style);
}
