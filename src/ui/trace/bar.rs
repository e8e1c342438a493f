//! A span's bar: where it stands in time to half a cell, and what its time was spent on. The higher, the more it matters:
//! full is the critical path, half its own time, a thin line the time its children were at work in.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::theme::Role;
use crate::ui::canvas::Canvas;

/// What half a cell shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    #[default]
    Free,
    Waiting,
    Own,
    Critical,
}

/// Draws a bar into an area of one line. Shares run from 0 to 1 over the area.
pub fn span_bar(
    canvas: &mut Canvas<'_>,
    area: Rect,
    bar: (f64, f64),
    own: &[(f64, f64)],
    path: &[(f64, f64)],
    style: Style,
) {
    let parts = parts(area.width, bar, own, path);
    for (x, cell) in (area.left()..area.right()).zip(parts.chunks(2)) {
        let [left, right] = [cell[0], cell.get(1).copied().unwrap_or_default()];
        if let Some(symbol) = symbol(left, right, canvas.glyphs().ascii) {
            canvas.symbol(x, area.y, symbol, style);
        }
    }
}

/// Draws where a bar would stand, as dots in the cells that are free.
pub fn ghost(canvas: &mut Canvas<'_>, area: Rect, shifted: (f64, f64), bar: (f64, f64)) {
    let taken = parts(area.width, bar, &[], &[]);
    let dots = parts(area.width, shifted, &[], &[]);
    // Without Unicode the dot of texts is what a child's time looks like.
    let dot = if canvas.glyphs().ascii { "." } else { canvas.glyphs().dot };
    let style = canvas.line_style(Role::LevelWarning);
    for (at, x) in (area.left()..area.right()).enumerate() {
        let free = |parts: &[Part]| parts[at * 2..at * 2 + 2].iter().all(|part| *part == Part::Free);
        if free(&taken) && !free(&dots) {
            canvas.symbol(x, area.y, dot, style);
        }
    }
}

/// Two parts for each cell.
fn parts(width: u16, (from, to): (f64, f64), own: &[(f64, f64)], path: &[(f64, f64)]) -> Vec<Part> {
    let slots = usize::from(width) * 2;
    let mut parts = vec![Part::Free; slots];
    if slots == 0 || !from.is_finite() || !to.is_finite() {
        return parts;
    }
    let scale = slots as f64;
    // Something is never drawn as nothing.
    let first = ((from * scale).floor().max(0.0) as usize).min(slots - 1);
    let last = ((to * scale).ceil().max(0.0) as usize).clamp(first + 1, slots);
    let own = covered(slots, own);
    let path = covered(slots, path);
    for at in first..last {
        // As much of the half cell as the bar has of it.
        let share = ((to * scale).min((at + 1) as f64) - (from * scale).max(at as f64)).max(0.0) / 2.0;
        parts[at] = if path[at] > 0.0 && path[at] >= share {
            Part::Critical
        } else if own[at] >= share {
            Part::Own
        } else {
            Part::Waiting
        };
    }
    parts
}

/// How much of each slot the pieces cover.
fn covered(slots: usize, pieces: &[(f64, f64)]) -> Vec<f64> {
    let mut cover = vec![0.0; slots];
    let scale = slots as f64;
    for (from, to) in pieces {
        let (from, to) = ((from * scale).clamp(0.0, scale), (to * scale).clamp(0.0, scale));
        let mut at = from;
        while at < to {
            let slot = (at.floor() as usize).min(slots - 1);
            let next = ((slot + 1) as f64).min(to);
            cover[slot] += next - at;
            if next <= at {
                break;
            }
            at = next;
        }
    }
    cover
}

fn symbol(left: Part, right: Part, ascii: bool) -> Option<&'static str> {
    if ascii {
        return match left.max(right) {
            Part::Free => None,
            Part::Waiting => Some("-"),
            Part::Own => Some("="),
            Part::Critical => Some("#"),
        };
    }
    Some(match (left, right) {
        (Part::Free, Part::Free) => return None,
        (Part::Critical, Part::Critical) => "█",
        (Part::Critical, Part::Own) => "▙",
        (Part::Own, Part::Critical) => "▟",
        (Part::Critical, _) => "▌",
        (_, Part::Critical) => "▐",
        (Part::Own, Part::Own) => "▄",
        (Part::Own, _) => "▖",
        (_, Part::Own) => "▗",
        _ => "▁",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: u16, bar: (f64, f64), own: &[(f64, f64)], path: &[(f64, f64)]) -> String {
        let parts = parts(width, bar, own, path);
        parts.chunks(2).map(|cell| symbol(cell[0], cell[1], false).unwrap_or(" ")).collect()
    }

    #[test]
    fn bars_are_exact_to_half_a_cell() {
        assert_eq!(drawn(4, (0.0, 1.0), &[(0.0, 1.0)], &[]), "▄▄▄▄");
        assert_eq!(drawn(4, (0.125, 0.625), &[(0.125, 0.625)], &[]), "▗▄▖ ");
        assert_eq!(drawn(4, (0.0, 1.0), &[(0.0, 0.25)], &[(0.5, 1.0)]), "▄▁██");
        assert_eq!(drawn(4, (0.0, 1.0), &[(0.0, 1.0)], &[(0.0, 0.375)]), "█▙▄▄");
    }

    #[test]
    fn what_takes_no_time_is_still_seen_and_nonsense_draws_something_or_nothing() {
        assert_eq!(drawn(4, (1.0, 1.0), &[], &[]), "   ▗");
        assert_eq!(drawn(4, (0.0, 0.0), &[], &[(0.0, 0.0)]), "▖   ");
        assert_eq!(drawn(0, (0.0, 1.0), &[], &[]), "");
        for wild in [(f64::NAN, 1.0), (-3.0, 9.0), (0.9, 0.1), (f64::NEG_INFINITY, f64::INFINITY)] {
            assert_eq!(drawn(3, wild, &[wild], &[wild]).chars().count(), 3);
        }
    }
}
