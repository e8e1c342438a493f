//! Lines over time, each with its mark along it.

use ratatui::layout::Rect;

use super::super::axis;
use super::super::canvas::Canvas;
use super::super::plot::Plot;
use super::{areas, look, mark, row, y_axis};
use crate::model::{Labels, Point, Series};
use crate::theme::Role;
use crate::view::vm::{AxisVm, ExemplarVm, LineVm, MetricsChartVm};

/// Cells between two marks of the chosen line.
const EVERY: u16 = 16;

/// Draws it.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, chart: &MetricsChartVm, vm: &AxisVm) {
    if area.height < 2 {
        return;
    }
    let plot = y_axis(canvas, area, &chart.y_labels);
    if plot.is_empty() {
        return;
    }
    axis::hair(canvas, plot, vm);
    if chart.areas.is_empty() {
        lines(canvas, plot, &chart.lines, vm);
    } else {
        areas::draw(canvas, plot, &chart.areas, vm);
    }
    exemplars(canvas, plot, &chart.exemplars, vm);
    axis::under(canvas, plot, vm);
}

fn lines(canvas: &mut Canvas<'_>, plot: Rect, lines: &[LineVm], vm: &AxisVm) {
    let mut grid = Plot::new(plot.width, plot.height);
    for (at, line) in lines.iter().enumerate().take(usize::from(u8::MAX)) {
        let points = line.points.iter().map(|(t, v)| Point { t: *t, v: *v }).collect();
        let series = Series { labels: Labels::default(), points };
        grid.series(&series, at as u8, vm.span_ms, vm.step_ms, (0.0, 1.0));
    }
    let several = lines.len() > 1;
    grid.write_with(canvas, plot, several, &|canvas, at| {
        lines.get(at).map_or(("?", canvas.style(Role::Text)), |line| {
            (mark(canvas, line.mark), look(canvas, line.mark, line.chosen))
        })
    });
    for line in lines {
        beyond(canvas, plot, line, vm);
    }
    if several {
        for line in lines {
            along(canvas, plot, line, vm);
        }
    }
}

/// Marks along a line: of the chosen one often, of another once within each third, each line elsewhere.
fn along(canvas: &mut Canvas<'_>, plot: Rect, line: &LineVm, vm: &AxisVm) {
    let every = if line.chosen { EVERY } else { (plot.width / 3).max(1) };
    let first = if line.chosen { EVERY / 2 } else { (line.mark as u16 * 5 + 3) % every };
    let (symbol, style) = (mark(canvas, line.mark), look(canvas, line.mark, line.chosen));
    let mut next = first;
    for (t, share) in &line.points {
        let Some(x) = axis::column_of(vm, plot.width, Some(*t)) else { continue };
        if x < next {
            continue;
        }
        // A gap where the mark was due has none.
        next += ((x - next) / every + 1) * every;
        if share.is_finite() {
            canvas.symbol(plot.x + x, row(plot, *share), symbol, style);
        }
    }
}

/// Points beyond the axis stand at its edge with a mark of their own.
fn beyond(canvas: &mut Canvas<'_>, plot: Rect, line: &LineVm, vm: &AxisVm) {
    let style = look(canvas, line.mark, line.chosen);
    for (t, above) in &line.beyond {
        let Some(x) = axis::column_of(vm, plot.width, Some(*t)) else { continue };
        let [down, up] = canvas.glyphs().sort;
        let (y, symbol) = if *above { (plot.y, up) } else { (plot.bottom() - 1, down) };
        canvas.symbol(plot.x + x, y, symbol, style);
    }
}

/// Exemplars: the chosen one is filled, and its mark is the one before its words.
fn exemplars(canvas: &mut Canvas<'_>, plot: Rect, all: &[ExemplarVm], vm: &AxisVm) {
    let [full, hollow] = canvas.glyphs().exemplar;
    let (strong, plain) = (canvas.style(Role::TextStrong), canvas.style(Role::Value));
    let chosen_last = all.iter().filter(|one| !one.chosen).chain(all.iter().filter(|one| one.chosen));
    for one in chosen_last {
        let Some(x) = axis::column_of(vm, plot.width, Some(one.t)) else { continue };
        let (symbol, style) = if one.chosen { (full, strong) } else { (hollow, plain) };
        canvas.symbol(plot.x + x, row(plot, one.place), symbol, style);
    }
}
