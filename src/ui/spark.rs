//! Sparklines: a trend in a line or a few. A gap is a gap: never zero, never a line across.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use crate::model::Series;
use crate::view::vm::PaneVm;

/// A series resampled to columns: the largest value of each, `None` where there is no point.
pub fn resample(series: &Series, span_ms: (i64, i64), step_ms: i64, columns: u16) -> Vec<Option<f64>> {
    let mut out = vec![None; usize::from(columns)];
    if columns == 0 {
        return out;
    }
    let (start, end) = (i128::from(span_ms.0), i128::from(span_ms.1));
    let length = (end - start).max(1);
    let step = i128::from(step_ms).clamp(1, length);
    // Points stand on a grid that includes both ends; each grid point owns a share of the columns.
    let count = length / step + 1;
    let width = i128::from(columns);
    for point in series.points.iter().filter(|point| point.v.is_finite()) {
        let offset = i128::from(point.t) - start;
        if offset < 0 || offset > length {
            continue;
        }
        let at = ((offset + step / 2) / step).min(count - 1);
        let first = at * width / count;
        let last = ((at + 1) * width / count).max(first + 1);
        for column in first..last.min(width) {
            let slot = &mut out[column as usize];
            *slot = Some(slot.map_or(point.v, |before: f64| before.max(point.v)));
        }
    }
    out
}

/// Smallest and largest finite value of a pane's series: one scale for all of them, so that they
/// can be compared. A nearly flat trend is drawn flat, not blown up to its noise.
pub fn range(pane: &PaneVm) -> (f64, f64) {
    let mut range: Option<(f64, f64)> = None;
    for point in pane.series.iter().flat_map(|series| &series.points).filter(|point| point.v.is_finite()) {
        range =
            Some(range.map_or((point.v, point.v), |(lo, hi)| (f64::min(lo, point.v), f64::max(hi, point.v))));
    }
    let (lo, hi) = range.unwrap_or((0.0, 1.0));
    let least = hi.abs().max(lo.abs()) * 0.1;
    if least == 0.0 {
        // All zero: along the bottom.
        (0.0, 1.0)
    } else if hi - lo < least {
        let middle = lo / 2.0 + hi / 2.0;
        (middle - least * 0.4, middle + least * 0.6)
    } else {
        (lo, hi)
    }
}

/// Draws columns into an area of any height, eight steps a line. The topmost eighth stays free, so
/// that trends under one another do not run together.
pub fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    columns: &[Option<f64>],
    (lo, hi): (f64, f64),
    style: Style,
) {
    if area.is_empty() {
        return;
    }
    let ramp = canvas.glyphs().ramp;
    let steps = u32::from(area.height) * 8 - 1;
    let spread = if hi > lo { hi - lo } else { 1.0 };
    for (x, value) in (area.left()..area.right()).zip(columns) {
        let Some(value) = value else { continue };
        let share = ((value - lo) / spread).clamp(0.0, 1.0);
        // The smallest value still leaves a mark: only a gap is blank.
        let mut level = 1 + (share * f64::from(steps - 1)).round() as u32;
        for y in (area.top()..area.bottom()).rev() {
            if level == 0 {
                break;
            }
            let here = level.min(8);
            canvas.symbol(x, y, ramp[here as usize - 1], style);
            level -= here;
        }
    }
}

/// Draws one series of a pane.
pub fn series(
    canvas: &mut Canvas<'_>,
    area: Rect,
    pane: &PaneVm,
    at: usize,
    scale: (f64, f64),
    style: Style,
) {
    if let Some(series) = pane.series.get(at) {
        let columns = resample(series, pane.span_ms, pane.step_ms, area.width);
        draw(canvas, area, &columns, scale, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Point;

    fn of(points: &[(i64, f64)]) -> Series {
        Series { points: points.iter().map(|&(t, v)| Point { t, v }).collect(), ..Series::default() }
    }

    #[test]
    fn a_gap_stays_blank_at_every_width() {
        let series = of(&[(0, 1.0), (10, 2.0), (40, 5.0), (50, f64::NAN)]);
        assert_eq!(resample(&series, (0, 50), 10, 6), [Some(1.0), Some(2.0), None, None, Some(5.0), None]);
        assert_eq!(resample(&series, (0, 50), 10, 3), [Some(2.0), None, Some(5.0)]);
        let wide = resample(&series, (0, 50), 10, 12);
        assert_eq!(wide[..4], [Some(1.0), Some(1.0), Some(2.0), Some(2.0)]);
        assert_eq!(wide[4..8], [None; 4]);
    }

    #[test]
    fn nonsense_spans_do_not_panic() {
        let series = of(&[(i64::MIN, 1.0), (i64::MAX, 2.0), (0, 3.0)]);
        for span in [(0, 0), (10, -10), (i64::MIN, i64::MAX)] {
            for step in [i64::MIN, -1, 0, 1, i64::MAX] {
                assert_eq!(resample(&series, span, step, 5).len(), 5);
            }
        }
        assert!(resample(&series, (0, 1), 1, 0).is_empty());
    }
}
