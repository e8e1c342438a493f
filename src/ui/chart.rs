//! A chart: lines over time with axes, marks and a legend.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::plot::Plot;
use super::roles;
use crate::theme::Role;
use crate::view::vm::{Draw, Item, Level, PaneVm};

/// Cells of plot that a legend at its side must leave.
const PLOT_MIN: u16 = 40;
/// So few series have their figures under a tall chart rather than at its side.
const FEW: usize = 2;
/// Lines of a tall chart.
const TALL: u16 = 9;

/// Draws a chart panel.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, pane: &PaneVm) {
    let Draw::Chart { items, y, y_labels, x_labels, marks } = &pane.draw else { return };
    if area.is_empty() {
        return;
    }
    let area = legend(canvas, area, items);
    let axis = y_labels.iter().map(|label| canvas.width(label)).max().unwrap_or(0).min(area.width / 4);
    let below = u16::from(area.height >= 4 && !x_labels.is_empty());
    let indent = if axis > 0 { axis + 1 } else { 0 };
    let plot = Rect {
        x: area.x + indent,
        y: area.y,
        width: area.width.saturating_sub(indent),
        height: area.height - below,
    };
    if plot.is_empty() {
        return;
    }
    y_axis(canvas, plot, axis, y_labels);
    if below == 1 {
        x_axis(canvas, Rect { y: plot.bottom(), height: 1, ..plot }, x_labels);
    }
    draw_marks(canvas, plot, *y, marks);
    let mut grid = Plot::new(plot.width, plot.height);
    for (at, item) in items.iter().enumerate().take(usize::from(u8::MAX)) {
        if let Some(series) = item.series.and_then(|index| pane.series.get(index)) {
            grid.series(series, at as u8, pane.span_ms, pane.step_ms, *y);
        }
    }
    grid.write(canvas, plot);
}

/// Labels from bottom to top, each with a faint line across.
fn y_axis(canvas: &mut Canvas<'_>, plot: Rect, width: u16, labels: &[String]) {
    let (style, label_style) = (canvas.style(Role::Axis), canvas.style(Role::TextDim));
    let grid = canvas.glyphs().grid;
    let steps = (labels.len() as u16).saturating_sub(1).max(1);
    // Where there are more labels than lines, every second, third … one: even steps read best.
    let gaps = plot.height.saturating_sub(1).max(1);
    let every = (1..=steps).find(|every| steps.is_multiple_of(*every) && steps / every <= gaps).unwrap_or(1);
    let mut free = plot.bottom();
    for (label, at) in labels.iter().zip(0_u16..).filter(|(_, at)| at.is_multiple_of(every)) {
        // The same rounding as of the marks, so that a mark at a label's value meets its line.
        let y = row(plot, f64::from(at) / f64::from(steps));
        // Where two would share a line the lower one stays.
        if y >= free {
            continue;
        }
        free = y;
        canvas.run(plot.x, y, plot.width, grid, style);
        if width > 0 {
            canvas.text_right(plot.x - width - 1, y, width, label, label_style);
        }
    }
}

/// Line of a share of the y axis.
fn row(plot: Rect, share: f64) -> u16 {
    plot.y + ((1.0 - share.clamp(0.0, 1.0)) * f64::from(plot.height - 1)).round() as u16
}

/// Labels from left to right: the first begins, the last ends with the plot; one that would touch
/// its neighbour is left out.
fn x_axis(canvas: &mut Canvas<'_>, area: Rect, labels: &[String]) {
    let style = canvas.style(Role::TextDim);
    let last = labels.len().saturating_sub(1);
    let last_width = labels.last().map_or(0, |label| canvas.width(label));
    let mut free = area.x;
    for (at, label) in labels.iter().enumerate() {
        let width = canvas.width(label);
        if width > area.width {
            continue;
        }
        let centre = (u32::from(area.width - 1) * at as u32).checked_div(last as u32).unwrap_or(0) as u16;
        let x = area.x
            + centre.saturating_sub(if at == last { width } else { width / 2 }).min(area.width - width);
        let x = if at == last && last > 0 { area.right() - width } else { x };
        let crowds = at != last && at > 0 && x + width + 2 > area.right().saturating_sub(last_width);
        if x >= free && !crowds {
            canvas.text(x, area.y, width, label, style);
            free = x + width + 2;
        }
    }
}

fn draw_marks(canvas: &mut Canvas<'_>, plot: Rect, (lo, hi): (f64, f64), marks: &[(f64, Level)]) {
    let symbol = canvas.glyphs().mark_line;
    for (value, level) in marks {
        let share = (value - lo) / (hi - lo);
        if !(0.0..=1.0).contains(&share) {
            continue;
        }
        let y = row(plot, share);
        let role = if *level == Level::Ok { Role::Mark } else { roles::level(*level) };
        let style = canvas.line_style(role);
        canvas.run(plot.x, y, plot.width, symbol, style);
    }
}

/// Draws the legend where there is room for one and returns what it leaves: at the side as a table
/// on a wide chart, else under it.
fn legend(canvas: &mut Canvas<'_>, area: Rect, items: &[Item]) -> Rect {
    let named = items.len() > 1 || items.iter().any(|item| !item.label.is_empty());
    let name = items.iter().map(|item| canvas.width(&item.label)).max().unwrap_or(0);
    let stats = stat_widths(canvas, items);
    let table = 2 + name.min(24) + stats.iter().map(|w| if *w > 0 { w + 2 } else { 0 }).sum::<u16>();
    let under = items.len() <= FEW && area.height >= TALL;
    if named && !under && stats[0] > 0 && area.width >= PLOT_MIN + table + 3 && area.height >= 3 {
        let place = Rect { x: area.right() - table, width: table, ..area };
        side(canvas, place, items, name.min(24), stats);
        return Rect { width: area.width - table - 3, ..area };
    }
    if area.height < 5 || items.is_empty() {
        return area;
    }
    let lines = flow(canvas, area, items, area.height / 4);
    Rect { height: area.height - lines, ..area }
}

fn stat_widths(canvas: &Canvas<'_>, items: &[Item]) -> [u16; 4] {
    let heads = canvas.words().legend;
    std::array::from_fn(|at| {
        let widest = items.iter().filter_map(|i| i.stats.as_ref()).map(|s| canvas.width(&s[at])).max();
        widest.map_or(0, |w| w.max(canvas.width(heads[at])))
    })
}

/// A line for each series with last, least, most and mean.
fn side(canvas: &mut Canvas<'_>, area: Rect, items: &[Item], name: u16, stats: [u16; 4]) {
    let head = canvas.style(Role::Column);
    let heads = canvas.words().legend;
    let mut x = area.x + 2 + name;
    for (text, width) in heads.iter().zip(stats) {
        canvas.text_right(x + 2, area.y, width, text, head);
        x += width + 2;
    }
    let fits = usize::from(area.height - 1);
    let shown = if items.len() > fits { fits.saturating_sub(1) } else { items.len() };
    let (label, dim) = (canvas.style(Role::Label), canvas.style(Role::TextDim));
    for (at, item) in items.iter().enumerate().take(shown) {
        let y = area.y + 1 + at as u16;
        mark(canvas, area.x, y, at);
        canvas.text(area.x + 2, y, name, &item.label, label);
        let Some(values) = &item.stats else { continue };
        let mut x = area.x + 2 + name;
        for (index, (text, width)) in values.iter().zip(stats).enumerate() {
            let style = if index == 0 { canvas.style(roles::value(item.level)) } else { dim };
            canvas.text_right(x + 2, y, width, text, style);
            x += width + 2;
        }
    }
    if shown < items.len() {
        let text = (canvas.words().more)(items.len() - shown);
        canvas.text(area.x + 2, area.bottom() - 1, area.width - 2, &text, dim);
    }
}

fn mark(canvas: &mut Canvas<'_>, x: u16, y: u16, at: usize) {
    let style = canvas.style(roles::series(at));
    let symbol = canvas.glyphs().series[at % canvas.glyphs().series.len()];
    canvas.symbol(x, y, symbol, style);
}

/// Series one after another under the chart, in at most `most` lines; returns how many it took.
fn flow(canvas: &mut Canvas<'_>, area: Rect, items: &[Item], most: u16) -> u16 {
    let alone = items.len() == 1 || (items.len() <= FEW && most * 4 >= TALL - 1);
    let heads = canvas.words().legend;
    let name_width = |canvas: &Canvas<'_>, item: &Item| {
        2 + if item.label.is_empty() { 0 } else { canvas.width(&item.label) + 1 }
    };
    let stat = |canvas: &Canvas<'_>, stats: &[String; 4], at: usize| {
        canvas.width(&stats[at]) + canvas.width(heads[at]) + 3
    };
    // Whole figures or none: half a number is a wrong one.
    let figures = if alone {
        let fits = |count: &usize| {
            items.iter().all(|item| {
                let stats = item.stats.as_ref();
                let width = stats.map_or(0, |s| (0..*count).map(|at| stat(canvas, s, at)).sum::<u16>());
                name_width(canvas, item) + width <= area.width + 2
            })
        };
        (1..=heads.len()).rev().find(fits).unwrap_or(1)
    } else {
        0
    };
    // All names without their figures say more than some with them.
    let with_text =
        |canvas: &Canvas<'_>, item: &Item| name_width(canvas, item) + canvas.width(&item.text) + 3;
    let all: u16 = items.iter().map(|item| with_text(canvas, item)).fold(0, u16::saturating_add);
    let names_only = !alone && most == 1 && all > area.width + 3 && items.iter().all(|i| !i.label.is_empty());
    let width_of = |canvas: &Canvas<'_>, item: &Item| {
        let stats = item.stats.as_ref();
        if alone {
            let figures = stats.map_or(0, |s| (0..figures).map(|at| stat(canvas, s, at)).sum::<u16>());
            name_width(canvas, item) + figures
        } else if names_only {
            name_width(canvas, item) - 1
        } else {
            name_width(canvas, item) + canvas.width(&item.text)
        }
    };
    // First how many lines, then where: the legend stands at the bottom.
    let mut lines = 1;
    let mut used = 0;
    let mut shown = 0;
    for item in items {
        let width = width_of(canvas, item);
        if used > 0 && used + width > area.width {
            if lines == most {
                break;
            }
            lines += 1;
            used = 0;
        }
        used += width + 3;
        shown += 1;
    }
    let (label, dim) = (canvas.style(Role::Label), canvas.style(Role::TextDim));
    let (mut x, mut y) = (area.x, area.bottom() - lines);
    for (at, item) in items.iter().enumerate().take(shown) {
        let width = width_of(canvas, item);
        if x > area.x && x + width > area.right() {
            x = area.x;
            y += 1;
        }
        let start = x;
        let end = area.right();
        mark(canvas, x, y, at);
        x += 2;
        if !item.label.is_empty() {
            x += canvas.text(x, y, end.saturating_sub(x), &item.label, label) + 1;
        }
        let value = canvas.style(roles::value(item.level));
        match &item.stats {
            Some(stats) if alone => {
                for (index, (text, head)) in stats.iter().zip(heads).enumerate().take(figures) {
                    x += canvas.text(x, y, end.saturating_sub(x), head, dim) + 1;
                    let style = if index == 0 { value } else { label };
                    x += canvas.text(x, y, end.saturating_sub(x), text, style) + 2;
                }
            }
            _ if names_only => {}
            _ => {
                canvas.text(x, y, end.saturating_sub(x), &item.text, value);
            }
        }
        x = start + width + 3;
    }
    if shown < items.len() {
        let text = (canvas.words().more)(items.len() - shown);
        if x + canvas.width(&text) <= area.right() {
            canvas.text(x, y, area.right() - x, &text, dim);
        }
    }
    lines
}
