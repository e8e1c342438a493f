//! Horizontal bars, as exact as the characters are.

use super::canvas::Canvas;
use crate::theme::Role;

/// Draws a bar of `width` cells. `None` is an unknown value: an empty, dotted track.
pub fn draw(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, ratio: Option<f64>, fill: Role) {
    let glyphs = canvas.glyphs();
    let track = canvas.style(Role::BarTrack);
    let Some(ratio) = ratio.filter(|ratio| ratio.is_finite()) else {
        canvas.run(x, y, width, glyphs.unknown_track, track);
        return;
    };
    let style = canvas.line_style(fill);
    let ratio = ratio.clamp(0.0, 1.0);
    let mut eighths = (ratio * f64::from(width) * 8.0).round() as u16;
    // Something is never drawn as nothing, and not quite all never as all.
    if ratio > 0.0 {
        eighths = eighths.max(1);
    }
    if ratio < 1.0 && width > 0 {
        eighths = eighths.min(width * 8 - 1);
    }
    let full = eighths / 8;
    canvas.run(x, y, width, glyphs.track, track);
    canvas.run(x, y, full, glyphs.bar[7], style);
    if !eighths.is_multiple_of(8) {
        let part = glyphs.bar[usize::from(eighths % 8) - 1];
        if part != " " {
            canvas.symbol(x + full, y, part, style);
        }
    }
}
