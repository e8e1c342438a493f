//! Areas on top of one another. Neighbours differ in texture as well as in colour.

use ratatui::layout::Rect;

use super::super::axis;
use super::super::canvas::Canvas;
use super::{look, mark};
use crate::view::vm::{AreaVm, AxisVm};

/// Draws them.
pub(super) fn draw(canvas: &mut Canvas<'_>, plot: Rect, areas: &[AreaVm], vm: &AxisVm) {
    for x in 0..plot.width {
        for (at, area) in areas.iter().enumerate() {
            let Some((from, to)) = piece(area, plot.width, x, vm) else { continue };
            column(canvas, plot, x, (from, to), area, at, areas.len());
        }
    }
    for area in areas {
        name(canvas, plot, area, vm);
    }
}

/// Where the area begins and ends in a column of cells: at the step that its middle lies in.
fn piece(area: &AreaVm, width: u16, x: u16, vm: &AxisVm) -> Option<(f64, f64)> {
    let (from, to) = vm.span_ms;
    let length = i128::from(to) - i128::from(from);
    let moment = i128::from(from) + length * (i128::from(x) * 2 + 1) / (i128::from(width.max(1)) * 2);
    let moment = i64::try_from(moment).ok()?;
    let after = area.pieces.partition_point(|(t, _, _)| *t < moment);
    let near = [after.checked_sub(1), Some(after)].into_iter().flatten().filter_map(|at| area.pieces.get(at));
    let (t, low, high) = near.min_by_key(|(t, _, _)| t.abs_diff(moment))?;
    // Half a step to each side belongs to a point: further away is a gap.
    (t.abs_diff(moment).saturating_mul(2) <= vm.step_ms.unsigned_abs().max(1)).then_some((*low, *high))
}

/// The cells of which at least half lie within the area.
fn column(
    canvas: &mut Canvas<'_>,
    plot: Rect,
    x: u16,
    (from, to): (f64, f64),
    area: &AreaVm,
    at: usize,
    count: usize,
) {
    let height = f64::from(plot.height);
    let (low, high) = ((from * height).round() as u16, (to * height).round() as u16);
    let style = look(canvas, area.mark, area.chosen);
    let symbol = texture(canvas, area.mark, at);
    for cell in low..high.min(plot.height) {
        canvas.symbol(plot.x + x, plot.bottom() - 1 - cell, symbol, style);
    }
    // The uppermost one ends as finely as a cell can be cut.
    if at + 1 == count && !canvas.glyphs().ascii {
        let part = to * height - f64::from(high);
        let ramp = canvas.glyphs().ramp;
        if part > 0.06 && high < plot.height {
            let step = ((part * 8.0) as usize).min(ramp.len() - 1);
            canvas.symbol(plot.x + x, plot.bottom() - 1 - high, ramp[step], style);
        }
    }
}

fn texture(canvas: &Canvas<'_>, of: usize, at: usize) -> &'static str {
    if canvas.glyphs().ascii {
        return mark(canvas, of);
    }
    ["█", "▒", "▓", "░"][at % 4]
}

/// The mark of an area within it, where it is high enough: near its end.
fn name(canvas: &mut Canvas<'_>, plot: Rect, area: &AreaVm, vm: &AxisVm) {
    let height = f64::from(plot.height);
    let highest = area.pieces.iter().rev().find(|(_, from, to)| (to - from) * height >= 1.0);
    let Some((t, from, to)) = highest else { return };
    let Some(x) = axis::column_of(vm, plot.width, Some(*t)) else { return };
    let middle = (f64::midpoint(*from, *to) * height).floor() as u16;
    let style = look(canvas, area.mark, true);
    let (symbol, x) = (mark(canvas, area.mark), x.min(plot.width.saturating_sub(2)));
    let y = plot.bottom() - 1 - middle.min(plot.height - 1);
    canvas.text(plot.x + x.saturating_sub(2), y, 3, &format!(" {symbol} "), style);
}
