//! The right side: a lane for each signal on one time axis, its onset marked, calm time told from the window; under the
//! axis what happened at the cursor.

use ratatui::layout::Rect;

use crate::theme::Role;
use crate::ui::boxes::{self, Frame};
use crate::ui::canvas::Canvas;
use crate::ui::hits::Hit;
use crate::ui::{axis, roles, spark};
use crate::view::vm::{IncidentVm, LaneKind, LaneVm, Level, Side};

/// What a click on the first lane is numbered; below are rows of causes.
const LANES: usize = 1000;
/// Cells of a value.
const VALUE: u16 = 8;

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &IncidentVm) {
    let (offset, total) = vm.lane_scroll;
    let position = if total > vm.lanes.len() {
        (canvas.words().position)(offset + 1, offset + vm.lanes.len(), total)
    } else {
        String::new()
    };
    let frame = Frame {
        title: &vm.title,
        note: &vm.note,
        position: &position,
        state: vm.state,
        focus: vm.side == Side::Signals,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.width < 30 || inner.height < 5 {
        return;
    }
    let happened = vm.split.happened.min(inner.height.saturating_sub(4));
    let lanes = inner.height - happened - 2;
    let titles = (inner.width * 3 / 8).min(34);
    let plot = Rect {
        x: inner.x + titles + 1,
        y: inner.y,
        width: inner.width - titles - VALUE - 2,
        // The line that tells calm time from the window belongs to the plot.
        height: lanes + 1,
    };
    axis::hair(canvas, plot, &vm.axis);
    let height = vm.split.lane.max(1);
    for (at, lane) in vm.lanes.iter().enumerate() {
        let y = inner.y + at as u16 * height;
        if y + height > inner.y + lanes {
            break;
        }
        let row = Rect { y, height, ..inner };
        self::lane(canvas, row, Rect { y, height, ..plot }, vm, lane);
        if vm.lane_cursor == Some(at) {
            let cursor = canvas.style(Role::Cursor);
            canvas.patch(Rect { width: titles, height: 1, ..row }, cursor);
            let mark = canvas.glyphs().cursor;
            canvas.symbol(area.x + 1, y, mark, cursor);
        }
        canvas.hit(Rect { width: titles, ..row }, Hit::Line(LANES + at));
    }
    ground(canvas, Rect { y: plot.bottom() - 1, height: 1, ..plot }, vm);
    axis::under(canvas, plot, &vm.axis);
    events(canvas, Rect { y: plot.bottom() + 1, height: happened, ..inner }, vm);
}

/// One lane: name, trend or stretches, value.
fn lane(canvas: &mut Canvas<'_>, row: Rect, plot: Rect, vm: &IncidentVm, lane: &LaneVm) {
    let titles = plot.x.saturating_sub(row.x + 1);
    let name = canvas.style(if lane.of_cause { Role::TextStrong } else { Role::Label });
    let title =
        if lane.pinned { format!("{} {}", canvas.glyphs().selected, lane.title) } else { lane.title.clone() };
    canvas.text(row.x, row.y, titles, &title, name);
    let value = canvas.style(Role::Value);
    canvas.text_right(
        plot.right() + 1,
        row.y,
        row.right().saturating_sub(plot.right() + 1),
        &lane.value,
        value,
    );
    match lane.kind {
        LaneKind::Alerts | LaneKind::Changes => stretches(canvas, plot, vm, lane),
        _ => trend(canvas, plot, vm, lane),
    }
    if let Some(x) = axis::column_of(&vm.axis, plot.width, lane.onset) {
        // The column before the onset: the trend itself stays to be seen.
        let style = canvas.style(Role::LevelCritical);
        let mark = canvas.glyphs().fold[1];
        canvas.symbol(plot.x + x.saturating_sub(1), plot.bottom() - 1, mark, style);
    }
}

/// Alerts as bars as long as they fired, changes as marks.
fn stretches(canvas: &mut Canvas<'_>, plot: Rect, vm: &IncidentVm, lane: &LaneVm) {
    let (from, to) = vm.axis.span_ms;
    let style = canvas.line_style(match lane.kind {
        LaneKind::Alerts => Role::LevelCritical,
        _ => Role::Mark,
    });
    for (start, end) in &lane.stretches {
        if *end < from || *start > to {
            continue;
        }
        let column = |at: i64| axis::column_of(&vm.axis, plot.width, Some(at.clamp(from, to)));
        let (Some(left), Some(right)) = (column(*start), column(*end)) else { continue };
        let symbol = if lane.kind == LaneKind::Alerts {
            canvas.glyphs().bar[7]
        } else {
            canvas.glyphs().severities[1]
        };
        canvas.run(plot.x + left, plot.bottom() - 1, right - left + 1, symbol, style);
    }
}

/// A trend; calm time is drawn dimmer than the window.
fn trend(canvas: &mut Canvas<'_>, plot: Rect, vm: &IncidentVm, lane: &LaneVm) {
    let (from, to) = vm.axis.span_ms;
    let columns = spark::resample(&lane.series, (from, to), lane.step_ms, plot.width);
    let finite = || columns.iter().flatten().copied();
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    if low > high {
        return;
    }
    let counts = lane.kind != LaneKind::Series;
    // What is counted begins at zero; a flat series is drawn flat.
    let low = if counts { 0.0 } else { low };
    let least = (high.abs().max(low.abs()) * 0.05).max(f64::MIN_POSITIVE);
    let high = if high - low < least { low + least } else { high };
    let role = match lane.kind {
        LaneKind::Errors | LaneKind::Failed => roles::spark(Level::Critical),
        LaneKind::Warnings | LaneKind::Slow => roles::spark(Level::Warning),
        _ => Role::Spark,
    };
    let loud = canvas.line_style(role);
    let dim = canvas.line_style(Role::TextDim);
    let calm = |x: u16| is_calm(vm, plot.width, x);
    for quiet in [true, false] {
        let of: Vec<Option<f64>> = columns
            .iter()
            .enumerate()
            .map(|(x, value)| {
                // Nothing of a kind that is counted leaves no mark.
                value.filter(|value| calm(x as u16) == quiet && (!counts || *value > 0.0))
            })
            .collect();
        spark::draw(canvas, plot, &of, (low, high), if quiet { dim } else { loud });
    }
}

/// Whether a column lies in calm time.
fn is_calm(vm: &IncidentVm, width: u16, x: u16) -> bool {
    let (from, to) = vm.axis.span_ms;
    let at = from + (to - from) * i64::from(x) / i64::from(width.max(1));
    vm.calm.iter().any(|(start, end)| (*start..=*end).contains(&at))
}

/// The line under the lanes: calm time and the window look different.
fn ground(canvas: &mut Canvas<'_>, line: Rect, vm: &IncidentVm) {
    let (calm, window) = (canvas.line_style(Role::BarTrack), canvas.line_style(Role::Axis));
    let (quiet, loud) = (canvas.glyphs().unknown_track, canvas.glyphs().lines[0]);
    for x in 0..line.width {
        if is_calm(vm, line.width, x) {
            canvas.symbol(line.x + x, line.y, quiet, calm);
        } else {
            canvas.symbol(line.x + x, line.y, loud, window);
        }
    }
    // The widest stretch of calm time says what the dots are.
    let (mut widest, mut from) = ((0, 0), 0);
    for x in 0..=line.width {
        if x == line.width || !is_calm(vm, line.width, x) {
            widest = widest.max((x.saturating_sub(from), from));
            from = x + 1;
        }
    }
    let word = canvas.ui.text.incident.calm;
    let room = canvas.width(word);
    let (width, start) = widest;
    if width >= room + 6 {
        let dim = canvas.style(Role::TextDim);
        canvas.text(line.x + start + (width - room) / 2, line.y, room, word, dim);
    }
}

/// What happened at the cursor.
fn events(canvas: &mut Canvas<'_>, area: Rect, vm: &IncidentVm) {
    if area.is_empty() {
        return;
    }
    let strong = canvas.style(Role::TextStrong);
    canvas.text(area.x, area.y, area.width, &vm.moment, strong);
    let (dim, plain) = (canvas.style(Role::TextDim), canvas.style(Role::Text));
    for ((level, at, text), y) in vm.happened.iter().zip(area.y + 1..area.bottom()) {
        let used = canvas.text(area.x, y, 9, at, dim);
        let mark = if *level == Level::Ok { " " } else { canvas.glyphs().level(*level) };
        let style = canvas.style(roles::level(*level));
        canvas.symbol(area.x + used + 1, y, mark, style);
        canvas.text(area.x + used + 3, y, area.width.saturating_sub(used + 3), text, plain);
    }
}
