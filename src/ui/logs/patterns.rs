//! Draws patterns: how many lines, of which level, what they have in common.

use ratatui::layout::Rect;

use super::super::canvas::Canvas;
use crate::theme::Role;
use crate::view::vm::{LogsVm, PatternRowVm};

/// Cells of the bar.
const BAR: u16 = 10;

/// Draws the patterns in sight.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &LogsVm, rows: &[PatternRowVm]) {
    let counts = rows.iter().map(|row| canvas.width(&row.count)).max().unwrap_or(0);
    for (at, (row, y)) in rows.iter().zip(area.y..area.bottom()).enumerate() {
        let line = Rect { y, height: 1, ..area };
        let (value, text) = (canvas.style(Role::Value), canvas.style(Role::Text));
        let mut x = area.x + 1;
        canvas.text_right(x, y, counts, &row.count, value);
        x += counts + 1;
        bar(canvas, Rect { x, width: BAR, ..line }, row.share);
        x += BAR + 1;
        let (mark, style) = super::line::level(canvas, row.level);
        canvas.symbol(x, y, mark, style);
        canvas.text(x + 2, y, 4, &row.mark, style);
        x += 7;
        canvas.text(x, y, area.right().saturating_sub(x + 1), &row.text, text);
        if vm.cursor == Some(at) {
            let style = canvas.style(Role::Cursor);
            canvas.patch(line, style);
            let mark = canvas.glyphs().cursor;
            canvas.symbol(area.x, y, mark, style);
        }
        super::clickable(canvas, line, at);
    }
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, share: f64) {
    let (fill, track) = (canvas.line_style(Role::BarFill), canvas.line_style(Role::BarTrack));
    let full = ((share * f64::from(area.width)).round() as u16).clamp(1, area.width);
    let glyphs = canvas.glyphs();
    canvas.run(area.x, area.y, area.width, glyphs.track, track);
    canvas.run(area.x, area.y, full, glyphs.bar[7], fill);
}
