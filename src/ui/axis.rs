//! Draws a time axis: columns by level, the cursor, the brushed piece. The one widget of every explorer.

use ratatui::layout::Rect;

use super::boxes;
use super::canvas::Canvas;
use super::hits::Hit;
use super::roles;
use crate::theme::Role;
use crate::view::vm::{AxisVm, Level, PaneState};

/// From this height on a line names the layers.
const WITH_LEGEND: u16 = 4;

/// Draws it: how many of what level, the columns, moments under them. Too low an area loses the first line, then the last.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &AxisVm) {
    if area.is_empty() {
        return;
    }
    let legend_lines = u16::from(area.height >= WITH_LEGEND);
    let label_lines = u16::from(area.height >= 2);
    let plot = Rect { y: area.y + legend_lines, height: area.height - legend_lines - label_lines, ..area };
    if legend_lines > 0 {
        legend(canvas, Rect { height: 1, ..area }, vm);
    }
    if vm.columns.is_empty() && vm.state != PaneState::Ready {
        let words = if vm.message.is_empty() { (canvas.words().state)(vm.state) } else { &vm.message };
        boxes::message(canvas, plot, vm.state, &[words.to_owned()]);
    } else {
        columns(canvas, plot, vm);
    }
    canvas.hit(plot, Hit::Axis { left: plot.x, width: plot.width });
    if label_lines > 0 {
        let under = Rect { y: plot.bottom(), height: 1, ..area };
        labels(canvas, under, vm);
        canvas.hit(under, Hit::Axis { left: plot.x, width: plot.width });
        pointer(canvas, under, vm);
    }
    brushed(canvas, Rect { height: plot.height + label_lines, ..plot }, vm);
}

/// Draws what stands under and over another widget's plot on the same span: moments on the line below it, the
/// pointer, the brushed piece, and what a click there means.
pub fn under(canvas: &mut Canvas<'_>, plot: Rect, vm: &AxisVm) {
    let line = Rect { y: plot.bottom(), height: 1, ..plot };
    labels(canvas, line, vm);
    pointer(canvas, line, vm);
    brushed(canvas, Rect { height: plot.height + 1, ..plot }, vm);
    canvas.hit(Rect { height: plot.height + 1, ..plot }, Hit::Axis { left: plot.x, width: plot.width });
}

/// Draws the hair of the cursor through a plot, for what is drawn after it to lie on top.
pub fn hair(canvas: &mut Canvas<'_>, plot: Rect, vm: &AxisVm) {
    if let Some(x) = column_of(vm, plot.width, vm.cursor) {
        let style = canvas.line_style(Role::Mark);
        let hair = canvas.glyphs().hair;
        for y in plot.y..plot.bottom() {
            canvas.symbol(plot.x + x, y, hair, style);
        }
    }
}

/// Symbol and role of each layer. Layers come worst first; of one level the first is the denser.
fn looks(canvas: &Canvas<'_>, vm: &AxisVm) -> Vec<(&'static str, Role)> {
    const ROLES: [Role; 6] = [
        Role::SeverityCritical,
        Role::SeverityHigh,
        Role::SeverityMedium,
        Role::Spark,
        Role::TextDim,
        Role::TextDim,
    ];
    let mut seen = [0_usize; 3];
    vm.layers
        .iter()
        .map(|(_, level)| {
            let (first, room) = match level {
                Level::Critical => (0, 2),
                Level::Warning => (2, 1),
                Level::Ok => (3, 3),
            };
            let nth = &mut seen[*level as usize];
            let at = first + (*nth).min(room - 1);
            *nth += 1;
            (canvas.glyphs().layers[at], ROLES[at])
        })
        .collect()
}

fn legend(canvas: &mut Canvas<'_>, area: Rect, vm: &AxisVm) {
    let dim = canvas.style(Role::TextDim);
    let mut end = area.right();
    let trouble = !vm.message.is_empty() && !vm.columns.is_empty();
    let (right, style) = match (trouble, vm.note.is_empty()) {
        (true, _) => (vm.message.as_str(), canvas.style(roles::state(vm.state))),
        (false, false) => (vm.note.as_str(), canvas.style(Role::TextStrong)),
        (false, true) => ("", dim),
    };
    if !right.is_empty() {
        let width = canvas.width(right).min(area.width * 2 / 3);
        canvas.text_right(end - width, area.y, width, right, style);
        end = (end - width).saturating_sub(2);
    }
    let mut x = area.x;
    let looks = looks(canvas, vm);
    for (at, ((name, _), (symbol, role))) in vm.layers.iter().zip(looks).enumerate() {
        let total: f64 = vm.columns.iter().filter_map(|(_, counts)| counts.get(at)).sum();
        if total <= 0.0 {
            continue;
        }
        let text = format!("{} {name}", crate::model::Unit::Count.format(total));
        let needed = canvas.width(&text) + 2;
        if x + needed > end {
            break;
        }
        let style = canvas.line_style(role);
        canvas.symbol(x, area.y, symbol, style);
        canvas.text(x + 2, area.y, needed - 2, &text, dim);
        x += needed + 2;
    }
}

/// What stands above one cell of the axis: a column, or nothing that is known.
fn at_cell(vm: &AxisVm, width: u16, x: u16) -> Option<&[f64]> {
    let (from, span) = (i128::from(vm.span_ms.0), i128::from(vm.span_ms.1) - i128::from(vm.span_ms.0));
    let (x, width) = (i128::from(x), i128::from(width.max(1)));
    let (left, right) = (from + span * x / width, from + span * (x + 1) / width);
    let step = i128::from(vm.step_ms.max(1));
    if right - left >= step {
        // Several columns in one cell: the highest speaks for them, so that heights stay comparable.
        let first = vm.columns.partition_point(|(start, _)| i128::from(*start) < left);
        let inside = vm.columns[first..].iter().take_while(|(start, _)| i128::from(*start) < right);
        let sum = |counts: &[f64]| counts.iter().sum::<f64>();
        return inside
            .max_by(|(_, a), (_, b)| sum(a).total_cmp(&sum(b)))
            .map(|(_, counts)| counts.as_slice());
    }
    let middle = left + (right - left) / 2;
    let at = vm.columns.partition_point(|(start, _)| i128::from(*start) <= middle);
    let (start, counts) = vm.columns.get(at.checked_sub(1)?)?;
    (middle < i128::from(*start) + step).then_some(counts.as_slice())
}

fn columns(canvas: &mut Canvas<'_>, plot: Rect, vm: &AxisVm) {
    if plot.height == 0 {
        return;
    }
    let looks = looks(canvas, vm);
    let highest = (0..plot.width)
        .filter_map(|x| at_cell(vm, plot.width, x))
        .map(|counts| counts.iter().sum::<f64>())
        .fold(0.0, f64::max);
    let (track, gap) = (canvas.glyphs().track, canvas.glyphs().unknown_track);
    let track_style = canvas.line_style(Role::BarTrack);
    for x in 0..plot.width {
        let bottom = plot.bottom() - 1;
        let Some(counts) = at_cell(vm, plot.width, x) else {
            canvas.symbol(plot.x + x, bottom, gap, track_style);
            continue;
        };
        let stack = stack(counts, highest, plot.height, vm);
        if stack.is_empty() {
            canvas.symbol(plot.x + x, bottom, track, track_style);
        }
        for (layer, y) in stack.iter().zip((plot.y..=bottom).rev()) {
            let Some((symbol, role)) = looks.get(*layer) else { continue };
            let style = canvas.line_style(*role);
            canvas.symbol(plot.x + x, y, symbol, style);
        }
    }
    if let Some(x) = column_of(vm, plot.width, vm.cursor) {
        let style = canvas.line_style(Role::Mark);
        let hair = canvas.glyphs().hair;
        let filled = at_cell(vm, plot.width, x)
            .map_or(0, |counts| stack(counts, highest, plot.height, vm).len() as u16);
        for y in plot.y..plot.bottom() - filled {
            canvas.symbol(plot.x + x, y, hair, style);
        }
    }
}

/// The layers of a column's cells from the bottom up, worst first. Whatever is critical has a cell, however little of it there is.
fn stack(counts: &[f64], highest: f64, rows: u16, vm: &AxisVm) -> Vec<usize> {
    let total: f64 = counts.iter().copied().filter(|count| *count > 0.0).sum();
    if total <= 0.0 || highest <= 0.0 {
        return Vec::new();
    }
    let cells = ((total / highest * f64::from(rows)).ceil() as usize).clamp(1, usize::from(rows));
    let mut out = Vec::with_capacity(cells);
    let mut passed = 0.0;
    for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
        passed += count;
        let grave = vm.layers.get(at).is_some_and(|(_, level)| *level == Level::Critical);
        let share = (passed / total * cells as f64).round() as usize;
        let until = share.max(out.len() + usize::from(grave)).min(cells);
        out.resize(until.max(out.len()), at);
    }
    // Rounding may leave the last cell: it belongs to the most.
    let most = counts.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(0, |(at, _)| at);
    out.resize(cells, most);
    out
}

/// The cell of a moment; `None` outside of the axis.
pub fn column_of(vm: &AxisVm, width: u16, at: Option<i64>) -> Option<u16> {
    let at = i128::from(at?);
    let (from, to) = (i128::from(vm.span_ms.0), i128::from(vm.span_ms.1));
    if width == 0 || at < from || at > to {
        return None;
    }
    let cell = (at - from) * i128::from(width) / (to - from).max(1);
    Some((cell as u16).min(width - 1))
}

/// Moments under the columns, from edge to edge: as many as leave air between them, and none where the cursor points.
fn labels(canvas: &mut Canvas<'_>, area: Rect, vm: &AxisVm) {
    let style = canvas.style(Role::Axis);
    let count = vm.labels.len();
    let widest = vm.labels.iter().map(|label| canvas.width(label)).max().unwrap_or(0);
    let every = (1..count.max(2))
        .find(|every| {
            count.saturating_sub(1).is_multiple_of(*every)
                && (count as u16 / *every as u16 + 1) * (widest + 2) <= area.width
        })
        .unwrap_or(count.max(1));
    let pointed = column_of(vm, area.width, vm.cursor);
    for (at, label) in vm.labels.iter().enumerate().filter(|(at, _)| at % every == 0) {
        let width = canvas.width(label).min(area.width);
        let middle = if count < 2 { 0 } else { usize::from(area.width) * at / (count - 1) } as u16;
        let x = middle.saturating_sub(width / 2).min(area.width - width);
        if pointed.is_none_or(|at| !(x..x + width).contains(&at)) {
            canvas.text(area.x + x, area.y, width, label, style);
        }
    }
}

fn pointer(canvas: &mut Canvas<'_>, area: Rect, vm: &AxisVm) {
    if let Some(x) = column_of(vm, area.width, vm.cursor) {
        let style = canvas.style(Role::Mark);
        let symbol = canvas.glyphs().pointer;
        canvas.symbol(area.x + x, area.y, symbol, style);
    }
}

/// The brushed piece: its ground, and a line under it that needs no colour.
fn brushed(canvas: &mut Canvas<'_>, area: Rect, vm: &AxisVm) {
    let Some((from, to)) = vm.brush.map(|(from, to)| (from.min(to), from.max(to))) else { return };
    // Not `clamp`, which an axis that ends before it begins would stop.
    let clamp = |at: i64| at.max(vm.span_ms.0).min(vm.span_ms.1);
    let ends = (column_of(vm, area.width, Some(clamp(from))), column_of(vm, area.width, Some(clamp(to))));
    let (Some(left), Some(right)) = ends else { return };
    let style = canvas.line_style(Role::Mark);
    let [across, _] = canvas.glyphs().lines;
    let y = area.bottom() - 1;
    canvas.run(area.x + left, y, right - left + 1, across, style);
    for x in [left, right] {
        let symbol = canvas.glyphs().pointer;
        canvas.symbol(area.x + x, y, symbol, style);
    }
    let ground = canvas.style(Role::Selected);
    if let Some(background) = ground.bg {
        let piece = Rect { x: area.x + left, width: right - left + 1, ..area };
        canvas.patch(piece, ratatui::style::Style::default().bg(background));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vm() -> AxisVm {
        AxisVm {
            span_ms: (0, 10_000),
            step_ms: 1000,
            layers: vec![("error".into(), Level::Critical), ("info".into(), Level::Ok)],
            columns: (0..10).filter(|s| *s != 4).map(|s| (s * 1000, vec![0.0, s as f64])).collect(),
            ..AxisVm::default()
        }
    }

    #[test]
    fn a_cell_shows_the_step_it_lies_in_and_a_missing_step_is_a_gap() {
        let vm = vm();
        let sums: Vec<Option<f64>> =
            (0..20).map(|x| at_cell(&vm, 20, x).map(|counts| counts.iter().sum())).collect();
        assert_eq!(sums[..4], [Some(0.0), Some(0.0), Some(1.0), Some(1.0)]);
        assert_eq!(sums[8..12], [None, None, Some(5.0), Some(5.0)]);
        let few: Vec<Option<f64>> =
            (0..5).map(|x| at_cell(&vm, 5, x).map(|counts| counts.iter().sum())).collect();
        assert_eq!(few, [Some(1.0), Some(3.0), Some(5.0), Some(7.0), Some(9.0)], "the highest of each cell");
    }

    #[test]
    fn what_is_critical_has_a_cell_however_little_and_stands_at_the_bottom() {
        let vm = vm();
        assert_eq!(stack(&[1.0, 999.0], 1000.0, 4, &vm), [0, 1, 1, 1]);
        assert_eq!(stack(&[0.0, 1.0], 1000.0, 4, &vm), [1]);
        assert_eq!(stack(&[500.0, 500.0], 1000.0, 4, &vm), [0, 0, 1, 1]);
        assert_eq!(stack(&[3.0, 0.0], 3.0, 2, &vm), [0, 0]);
        assert!(stack(&[0.0, 0.0], 3.0, 2, &vm).is_empty());
        assert!(stack(&[f64::NAN, 0.0], 3.0, 2, &vm).is_empty());
    }

    #[test]
    fn moments_have_cells_and_those_outside_have_none() {
        let vm = vm();
        assert_eq!(column_of(&vm, 10, Some(0)), Some(0));
        assert_eq!(column_of(&vm, 10, Some(9_999)), Some(9));
        assert_eq!(column_of(&vm, 10, Some(10_000)), Some(9));
        assert_eq!(column_of(&vm, 10, Some(10_001)), None);
        assert_eq!(column_of(&vm, 0, Some(1)), None);
        assert_eq!(column_of(&vm, 10, None), None);
    }
}
