//! A histogram over time: a line or more for each bucket, the smallest at the bottom, the more the darker.

use ratatui::layout::Rect;

use super::super::axis;
use super::super::canvas::Canvas;
use crate::theme::Role;
use crate::view::vm::{AxisVm, HeatmapVm};

/// Cells of the bars of the distribution at the cursor.
const BARS: u16 = 12;
/// From this width on they are there.
const WIDE: u16 = 60;

/// Draws it.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &HeatmapVm, time: &AxisVm) {
    if area.height < 4 || vm.rows.is_empty() {
        return;
    }
    let key = Rect { y: area.y, height: 1, ..area };
    let area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let numbers = vm.cut.as_ref().map_or(0, |(moment, cells)| {
        cells
            .iter()
            .map(|(_, text)| canvas.width(text))
            .max()
            .unwrap_or(0)
            .max(canvas.width(moment).saturating_sub(BARS))
    });
    let beside = if vm.cut.is_some() && area.width >= WIDE { BARS + numbers + 3 } else { 0 };
    let name = vm.rows.iter().map(|row| canvas.width(row)).max().unwrap_or(0).min(area.width / 4);
    let plot = Rect {
        x: area.x + name + 1,
        width: area.width.saturating_sub(name + 1 + beside),
        height: area.height - 1,
        ..area
    };
    if plot.is_empty() {
        return;
    }
    shades(canvas, key, vm);
    let lines = Lines::new(plot, vm.rows.len());
    for x in 0..plot.width {
        let Some(cells) = cells(vm, time, plot.width, x) else { continue };
        for (band, (y, height)) in lines.bands().enumerate() {
            let value = lines.value(band, |bucket| cells.get(bucket).copied().unwrap_or(f64::NAN));
            let (symbol, style) = shade(canvas, value);
            for y in y..y + height {
                canvas.symbol(plot.x + x, y, symbol, style);
            }
        }
    }
    cursor(canvas, plot, time);
    names(canvas, area, name, &lines, vm);
    if beside > 0 {
        cut(canvas, Rect { x: plot.right() + 2, width: beside - 2, ..plot }, key, &lines, vm);
    }
    exemplars(canvas, plot, &lines, vm, time);
    axis::under(canvas, plot, time);
}

/// How buckets share the lines of a plot: several lines each, or where there are too many buckets, neighbours on
/// one line.
struct Lines {
    plot: Rect,
    buckets: usize,
    /// Buckets on one line, at least one.
    merged: usize,
    bands: usize,
}

impl Lines {
    fn new(plot: Rect, buckets: usize) -> Self {
        let merged = buckets.div_ceil(usize::from(plot.height).max(1)).max(1);
        Self { plot, buckets, merged, bands: buckets.div_ceil(merged) }
    }

    /// First line and number of lines of each band, the smallest bucket at the bottom.
    fn bands(&self) -> impl Iterator<Item = (u16, u16)> + '_ {
        let (height, bands) = (usize::from(self.plot.height), self.bands.max(1));
        (0..self.bands).map(move |band| {
            let (low, high) = (height * band / bands, height * (band + 1) / bands);
            (self.plot.bottom() - high as u16, (high - low) as u16)
        })
    }

    /// What stands in a band: of several buckets the largest, since a sum would be darker than the scale.
    fn value(&self, band: usize, of: impl Fn(usize) -> f64) -> f64 {
        let buckets = band * self.merged..((band + 1) * self.merged).min(self.buckets);
        buckets.map(of).fold(f64::NAN, f64::max)
    }

    fn band_of(&self, bucket: usize) -> usize {
        bucket / self.merged
    }
}

/// The cells of a column: of the steps that lie in it the mean; none where none does.
fn cells(vm: &HeatmapVm, time: &AxisVm, width: u16, x: u16) -> Option<Vec<f64>> {
    let (from, to) = (i128::from(time.span_ms.0), i128::from(time.span_ms.1));
    let edge = |x: u16| from + (to - from) * i128::from(x) / i128::from(width.max(1));
    let (left, right) = (edge(x), edge(x + 1));
    let first = vm.columns.partition_point(|(t, _)| i128::from(*t) < left);
    let inside: Vec<&Vec<f64>> = vm.columns[first..]
        .iter()
        .take_while(|(t, _)| i128::from(*t) < right)
        .map(|(_, cells)| cells)
        .collect();
    if inside.is_empty() {
        // A step is wider than a cell: the nearest speaks, if it is not further than half a step.
        let middle = left + (right - left) / 2;
        let near = [first.checked_sub(1), Some(first)].into_iter().flatten();
        let (t, cells) = near
            .filter_map(|at| vm.columns.get(at))
            .min_by_key(|(t, _)| (i128::from(*t) - middle).unsigned_abs())?;
        let distance = (i128::from(*t) - middle).unsigned_abs();
        return (distance * 2 <= i128::from(time.step_ms).unsigned_abs()).then(|| cells.clone());
    }
    let buckets = inside.iter().map(|cells| cells.len()).max().unwrap_or(0);
    let mean = |bucket: usize| {
        let known: Vec<f64> =
            inside.iter().filter_map(|cells| cells.get(bucket)).copied().filter(|v| v.is_finite()).collect();
        if known.is_empty() { f64::NAN } else { known.iter().sum::<f64>() / known.len() as f64 }
    };
    Some((0..buckets).map(mean).collect())
}

/// The shade of a share of the most: of nothing a dot, of what is not known a blank. By the root, so that the few
/// among the many show.
fn shade(canvas: &Canvas<'_>, share: f64) -> (&'static str, ratatui::style::Style) {
    let (symbols, roles) = ramp(canvas);
    if !share.is_finite() {
        return (" ", canvas.style(Role::Background));
    }
    if share <= 0.0 {
        return (canvas.glyphs().layers[5], canvas.line_style(Role::Axis));
    }
    let at = ((share.sqrt() * symbols.len() as f64).ceil() as usize).clamp(1, symbols.len()) - 1;
    (symbols[at], canvas.line_style(roles[at]))
}

fn ramp(canvas: &Canvas<'_>) -> ([&'static str; 4], [Role; 4]) {
    let layers = canvas.glyphs().layers;
    ([layers[3], layers[2], layers[1], layers[0]], [Role::Chart1, Role::Chart1, Role::Chart2, Role::Chart2])
}

/// What the shades mean.
fn shades(canvas: &mut Canvas<'_>, area: Rect, vm: &HeatmapVm) {
    let dim = canvas.style(Role::TextDim);
    let (symbols, roles) = ramp(canvas);
    let none = canvas.glyphs().layers[5];
    let mut x = area.x;
    let axis = canvas.line_style(Role::Axis);
    canvas.symbol(x, area.y, none, axis);
    x += 2 + canvas.text(x + 2, area.y, area.right().saturating_sub(x + 2), "0", dim) + 2;
    for ((symbol, role), words) in symbols.iter().zip(roles).zip(&vm.shades) {
        let text = format!("≤{words}");
        if x + canvas.width(&text) + 3 > area.right() {
            return;
        }
        let style = canvas.line_style(role);
        canvas.run(x, area.y, 2, symbol, style);
        x += 3 + canvas.text(x + 3, area.y, canvas.width(&text), &text, dim) + 2;
    }
}

/// The cursor stands above and below the plot's cells, which it must not hide.
fn cursor(canvas: &mut Canvas<'_>, plot: Rect, time: &AxisVm) {
    if let Some(x) = axis::column_of(time, plot.width, time.cursor) {
        let ground = canvas.style(Role::Cursor);
        if let Some(background) = ground.bg {
            let style = ratatui::style::Style::default().bg(background);
            canvas.patch(Rect { x: plot.x + x, width: 1, ..plot }, style);
        }
        let style = canvas.style(Role::Mark);
        let hair = canvas.glyphs().hair;
        canvas.symbol(plot.x + x, plot.y, hair, style);
    }
}

/// Names of the buckets: of several on one line that of the largest, as the upper end of them all.
fn names(canvas: &mut Canvas<'_>, area: Rect, width: u16, lines: &Lines, vm: &HeatmapVm) {
    let style = canvas.style(Role::TextDim);
    for (band, (y, height)) in lines.bands().enumerate() {
        let last = ((band + 1) * lines.merged).min(vm.rows.len()) - 1;
        canvas.text_right(area.x, y + height / 2, width, &vm.rows[last], style);
    }
}

/// The distribution at the cursor: a bar and a number for each bucket.
fn cut(canvas: &mut Canvas<'_>, area: Rect, head: Rect, lines: &Lines, vm: &HeatmapVm) {
    let Some((moment, cells)) = &vm.cut else { return };
    let (column, value) = (canvas.style(Role::Column), canvas.style(Role::Value));
    canvas.text_right(area.x, head.y, area.width, moment, column);
    let bar = canvas.line_style(Role::BarFill);
    let symbol = canvas.glyphs().bar[7];
    for (band, (y, height)) in lines.bands().enumerate() {
        let share = lines.value(band, |bucket| cells.get(bucket).map_or(f64::NAN, |(share, _)| *share));
        let y = y + height / 2;
        let length =
            if share > 0.0 { (share * f64::from(BARS)).ceil().clamp(1.0, f64::from(BARS)) as u16 } else { 0 };
        canvas.run(area.x, y, length, symbol, bar);
        if lines.merged == 1
            && let Some((_, text)) = cells.get(band)
        {
            canvas.text_right(area.x + BARS + 1, y, area.width - BARS - 1, text, value);
        }
    }
}

fn exemplars(canvas: &mut Canvas<'_>, plot: Rect, lines: &Lines, vm: &HeatmapVm, time: &AxisVm) {
    let [full, hollow] = canvas.glyphs().exemplar;
    let (strong, plain) = (canvas.style(Role::TextStrong), canvas.style(Role::Value));
    let bands: Vec<(u16, u16)> = lines.bands().collect();
    let ordered = vm.exemplars.iter().filter(|one| !one.2).chain(vm.exemplars.iter().filter(|one| one.2));
    for (t, bucket, chosen) in ordered {
        let Some(x) = axis::column_of(time, plot.width, Some(*t)) else { continue };
        let Some((y, height)) = bands.get(lines.band_of(*bucket)) else { continue };
        let (symbol, style) = if *chosen { (full, strong) } else { (hollow, plain) };
        canvas.symbol(plot.x + x, y + height / 2, symbol, style);
    }
}
