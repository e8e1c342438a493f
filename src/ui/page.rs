//! A page of boxes in rows.

use ratatui::layout::Rect;

use super::boxes::{self, Frame};
use super::canvas::Canvas;
use super::hits::{Extent, Hit};
use super::{alert_table, pane, panes};
use crate::theme::Role;
use crate::view::vm::{BoxVm, Content, PageVm, RowVm};

/// Lines of a row that can show anything, borders included.
const LEAST: u16 = 3;

/// Draws a page; what does not fit is scrolled.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, page: &PageVm) {
    let heights = heights(&page.rows, area.height);
    let content = heights.iter().fold(0_u16, |sum, h| sum.saturating_add(*h));
    if content <= area.height {
        rows(canvas, area, page, &heights);
        canvas.hits.extent = Extent { content, viewport: area.height };
        return;
    }
    // Far beyond what any pack needs, and a bound on what a frame costs.
    let content = content.min(area.height.saturating_mul(32));
    let extent = Extent { content, viewport: area.height };
    let scroll = page.scroll.min(extent.max_scroll());
    canvas.scrolled(area, content, scroll, |inner, whole| rows(inner, whole, page, &heights));
    canvas.hits.extent = extent;
    let x = area.right() - 1;
    canvas.scroll_bar(x, area.y, area.height, usize::from(scroll), usize::from(content));
}

/// Height of each row: as given, and for the others an equal share of what is left, but never less
/// than each of them needs.
fn heights(rows: &[RowVm], height: u16) -> Vec<u16> {
    let own = |row: &RowVm| row.height.map(|height| height.max(2));
    let fixed = rows.iter().filter_map(own).fold(0_u16, u16::saturating_add);
    let mut left = height.saturating_sub(fixed);
    let mut sharing: Vec<u16> =
        rows.iter().filter(|row| row.height.is_none()).map(|row| row.min_height.max(LEAST)).collect();
    sharing.sort_unstable();
    // A row that needs more than its share takes it from the others, the neediest first.
    let mut share = 0;
    let mut extra = 0;
    while let Some(most) = sharing.last().copied() {
        let count = sharing.len() as u16;
        (share, extra) = (left / count, left % count);
        if most <= share {
            break;
        }
        left = left.saturating_sub(most);
        sharing.pop();
    }
    rows.iter()
        .map(|row| match own(row) {
            Some(height) => height,
            None if row.min_height.max(LEAST) > share => row.min_height.max(LEAST),
            None if extra > 0 => {
                extra -= 1;
                share + 1
            }
            None => share,
        })
        .collect()
}

fn rows(canvas: &mut Canvas<'_>, area: Rect, page: &PageVm, heights: &[u16]) {
    let mut y = area.y;
    let mut index = 0;
    for (row, height) in page.rows.iter().zip(heights) {
        if y >= area.bottom() {
            return;
        }
        let line = Rect { y, height: (*height).min(area.bottom() - y), ..area };
        let weights: u32 = row.boxes.iter().map(|(weight, _)| u32::from((*weight).max(1))).sum();
        let mut before: u32 = 0;
        for (weight, content) in &row.boxes {
            let edge = |w: u32| (u32::from(area.width) * w / weights.max(1)) as u16;
            let after = before + u32::from((*weight).max(1));
            let place = Rect { x: area.x + edge(before), width: edge(after) - edge(before), ..line };
            draw_box(canvas, place, content, index, page.focus == Some(index));
            before = after;
            index += 1;
        }
        y = y.saturating_add(*height);
    }
}

fn draw_box(canvas: &mut Canvas<'_>, area: Rect, content: &BoxVm, index: usize, focus: bool) {
    canvas.hit(area, Hit::Box(index));
    let position = match &content.content {
        Content::Alerts(table) => alert_table::hidden(canvas, table, area.height.saturating_sub(2)),
        _ => String::new(),
    };
    let frame = Frame {
        title: &content.title,
        note: &content.note,
        word: &content.word,
        position: &position,
        state: content.state,
        level: content.level,
        focus,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.is_empty() {
        return;
    }
    match &content.content {
        Content::Pane(vm) => pane::draw(canvas, inner, vm),
        Content::Panes(list) => panes::draw(canvas, inner, list),
        Content::Alerts(table) => {
            // A row's ground reaches to the frame, its text keeps the air.
            let wide = Rect { x: inner.x - 1, width: inner.width + 2, ..inner };
            alert_table::short(canvas, wide, table, index);
        }
        Content::Text(lines) => {
            let style = canvas.style(Role::Text);
            let mut y = inner.y;
            for text in lines.iter().flat_map(|line| canvas.wrap(line, inner.width)).collect::<Vec<_>>() {
                if y < inner.bottom() {
                    canvas.text(inner.x, y, inner.width, &text, style);
                    y += 1;
                }
            }
        }
    }
}
