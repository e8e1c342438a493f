//! Columns and rows of texts.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::roles;
use crate::theme::Role;
use crate::view::vm::Level;

/// Cells between two columns.
pub const GAP: u16 = 2;
/// A column that has to shrink keeps this much.
const LEAST: u16 = 4;

/// Shares `total` cells between columns that would like `wanted`: the widest give way first. What
/// is left over goes to the last column.
pub fn share(wanted: &[u16], total: u16) -> Vec<u16> {
    let gaps = GAP * (wanted.len() as u16).saturating_sub(1);
    let room = total.saturating_sub(gaps);
    let mut widths: Vec<u16> = wanted.iter().map(|w| (*w).min(room)).collect();
    let mut sum: u32 = widths.iter().map(|w| u32::from(*w)).sum();
    while sum > u32::from(room) {
        let Some(widest) = widths.iter_mut().max().filter(|w| **w > LEAST) else { break };
        *widest -= 1;
        sum -= 1;
    }
    if let Some(last) = widths.last_mut() {
        *last += room.saturating_sub(sum as u16);
    }
    widths
}

/// One line of cells; columns marked in `right` end together.
pub fn line(canvas: &mut Canvas<'_>, area: Rect, widths: &[u16], right: &[bool], cells: &[(&str, Style)]) {
    let mut x = area.x;
    for (at, (width, (text, style))) in widths.iter().zip(cells).enumerate() {
        let width = (*width).min(area.right().saturating_sub(x));
        if right.get(at).copied().unwrap_or(false) {
            canvas.text_right(x, area.y, width, text, *style);
        } else {
            canvas.text(x, area.y, width, text, *style);
        }
        x = x.saturating_add(width + GAP);
    }
}

/// A table panel: heads, then rows with the mark of their level before them.
pub fn panel(canvas: &mut Canvas<'_>, area: Rect, heads: &[String], rows: &[(Level, Vec<String>)]) {
    if area.is_empty() {
        return;
    }
    let marked = rows.iter().any(|(level, _)| *level != Level::Ok);
    let indent = if marked { 2 } else { 0 };
    let inner = Rect { x: area.x + indent, width: area.width.saturating_sub(indent), ..area };
    let mut wanted = Vec::with_capacity(heads.len());
    let mut right = Vec::with_capacity(heads.len());
    for (at, head) in heads.iter().enumerate() {
        let cells = || rows.iter().filter_map(|(_, cells)| cells.get(at));
        wanted.push(cells().map(|cell| canvas.width(cell)).max().unwrap_or(0).max(canvas.width(head)));
        right.push(at > 0 && cells().all(|cell| is_number(cell)));
    }
    let last_numeric = right.last().copied().unwrap_or(false);
    let mut widths = share(&wanted, inner.width);
    if last_numeric && let (Some(width), Some(want)) = (widths.last_mut(), wanted.last()) {
        // Numbers stay near their row's name rather than at the far edge.
        *width = (*width).min(*want);
    }
    let column = canvas.style(Role::Column);
    let cells: Vec<_> = heads.iter().map(|head| (head.as_str(), column)).collect();
    line(canvas, Rect { height: 1, ..inner }, &widths, &right, &cells);
    let fits = usize::from(area.height - 1);
    let shown = if rows.len() > fits { fits.saturating_sub(1) } else { rows.len() };
    let mut y = area.y + 1;
    let (label, value) = (canvas.style(Role::Text), canvas.style(Role::Value));
    for (level, cells) in rows.iter().take(shown) {
        let style = canvas.style(roles::level(*level));
        if *level != Level::Ok {
            let mark = canvas.glyphs().level(*level);
            canvas.symbol(area.x, y, mark, style);
        }
        let styled: Vec<_> = cells
            .iter()
            .enumerate()
            .map(|(at, cell)| {
                let plain = if right.get(at) == Some(&true) { value } else { label };
                (cell.as_str(), if *level == Level::Ok { plain } else { style })
            })
            .collect();
        line(canvas, Rect { y, height: 1, ..inner }, &widths, &right, &styled);
        y += 1;
    }
    if shown < rows.len() && y < area.bottom() {
        let dim = canvas.style(Role::TextDim);
        let text = (canvas.words().more)(rows.len() - shown);
        canvas.text(inner.x, y, inner.width, &text, dim);
    }
}

/// Whether a cell is a number with or without a unit, or stands for one that is missing.
fn is_number(cell: &str) -> bool {
    let text = cell.trim_start_matches(['-', '+']);
    text.is_empty()
        || matches!(text, "–" | "∞")
        || (text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().count() <= 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_columns_give_way_first_and_the_last_takes_the_rest() {
        assert_eq!(share(&[5, 5], 20), [5, 13]);
        assert_eq!(share(&[5, 40, 5], 34), [5, 20, 5]);
        assert_eq!(share(&[50, 50], 4), [2, 2]);
        assert!(share(&[], 10).is_empty());
    }
}
