//! Draws the metrics view: the query, what is drawn of it, the list of its series.

mod areas;
mod chart;
mod heat;
mod legend;
mod table;

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::boxes::{self, Frame};
use super::canvas::Canvas;
use super::roles;
use crate::theme::Role;
use crate::view::vm::{MetricsBody, MetricsVm, PaneState};

/// Lines of a tall view, which shows a long query on more than one.
const TALL: u16 = 28;

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &MetricsVm) {
    let list = vm.legend.as_ref().map_or(0, |legend| legend::height(legend, area.height));
    let place = Rect { height: area.height - list, ..area };
    let counted = match &vm.body {
        MetricsBody::Table(table) => position(table.offset, table.rows.len(), table.total),
        _ => String::new(),
    };
    let frame = Frame {
        title: &vm.title,
        note: &vm.note,
        state: vm.state,
        below: &vm.facts,
        position: &counted,
        focus: vm.legend.is_none(),
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, place, &frame);
    let inner = query(canvas, inner, vm);
    let inner = remarks(canvas, inner, vm);
    match &vm.body {
        MetricsBody::Empty(lines) => {
            let state = if vm.state == PaneState::Ready { PaneState::NoData } else { vm.state };
            boxes::message(canvas, inner, state, lines);
        }
        MetricsBody::Chart(chart) => chart::draw(canvas, inner, chart, &vm.axis),
        MetricsBody::Heatmap(heat) => heat::draw(canvas, inner, heat, &vm.axis),
        MetricsBody::Table(table) => table::draw(canvas, inner, table),
    }
    if let Some(legend) = &vm.legend {
        legend::draw(canvas, Rect { y: place.bottom(), height: list, ..area }, legend);
    }
}

/// `3–12 of 40`, where not all are in sight.
fn position(offset: usize, shown: usize, total: usize) -> String {
    if shown >= total { String::new() } else { format!("{}–{} of {total}", offset + 1, offset + shown) }
}

/// The query, on as many lines as it needs and there are, with a mark under what the server points at. Returns
/// what is left.
fn query(canvas: &mut Canvas<'_>, area: Rect, vm: &MetricsVm) -> Rect {
    if vm.query.is_empty() || area.height < 4 {
        return area;
    }
    let most = if area.height >= TALL { 3 } else { 2 };
    let flat: String = vm.query.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let (prompt, style) = (canvas.style(Role::Prompt), canvas.style(Role::Text));
    let width = usize::from(area.width.saturating_sub(2)).max(1);
    let mut used = 0;
    let chars: Vec<char> = flat.chars().collect();
    let mut begun = 0;
    while begun < chars.len() && used < most {
        let last = used + 1 == most;
        let end = if last { chars.len() } else { piece(&chars, begun, width) };
        let text: String = chars[begun..end].iter().collect();
        let y = area.y + used;
        if used == 0 {
            canvas.text(area.x, y, 1, "›", prompt);
        }
        canvas.text(area.x + 2, y, area.width.saturating_sub(2), &text, style);
        used += 1;
        if let Some(at) =
            vm.caret.filter(|at| (begun..=end).contains(at) && (*at < end || end == chars.len()))
        {
            let x = (area.x + 2).saturating_add(u16::try_from(at - begun).unwrap_or(u16::MAX));
            if x < area.right() && used < area.height {
                let style = canvas.style(Role::StateFailed);
                canvas.text(x, area.y + used, 1, "^", style);
                used += 1;
            }
        }
        begun = end;
    }
    Rect { y: area.y + used, height: area.height - used, ..area }
}

/// Where a line of at most `width` characters ends: after a blank, comma or bracket where there is one.
fn piece(chars: &[char], begun: usize, width: usize) -> usize {
    let end = (begun + width).min(chars.len());
    if end == chars.len() {
        return end;
    }
    let fits = (begun + width / 2..end).rev().find(|at| matches!(chars[*at], ' ' | ',' | ')' | '('));
    fits.map_or(end, |at| at + 1)
}

/// What has to be known to read the drawing right, and the exemplar. Returns what is left.
fn remarks(canvas: &mut Canvas<'_>, area: Rect, vm: &MetricsVm) -> Rect {
    let most = usize::from(area.height / 4);
    let mut y = area.y;
    let strong = canvas.style(Role::TextStrong);
    if !vm.exemplar.is_empty() && most > 0 {
        let [symbol, _] = canvas.glyphs().exemplar;
        canvas.symbol(area.x, y, symbol, strong);
        canvas.text(area.x + 2, y, area.width.saturating_sub(2), &vm.exemplar, strong);
        y += 1;
    }
    let dim = canvas.style(roles::value(crate::view::vm::Level::Warning));
    for line in vm.remarks.iter().take(most.saturating_sub(usize::from(y - area.y))) {
        canvas.text(area.x, y, area.width, line, dim);
        y += 1;
    }
    Rect { y, height: area.bottom() - y, ..area }
}

/// Letters of the marks after the glyphs.
const LETTERS: [&str; 52] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u",
    "v", "w", "x", "y", "z", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P",
    "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
];

/// The mark of a series: each has its own, whatever its colour.
fn mark(canvas: &Canvas<'_>, at: usize) -> &'static str {
    let glyphs = canvas.glyphs();
    // Without Unicode two of the glyphs are letters themselves.
    match at.checked_sub(glyphs.series.len()) {
        None => glyphs.series[at],
        Some(at) => {
            let free = LETTERS.iter().filter(|letter| !glyphs.series.contains(letter));
            free.cycle().nth(at % LETTERS.len()).copied().unwrap_or("?")
        }
    }
}

/// The style of a series; the chosen one is bold.
fn look(canvas: &Canvas<'_>, at: usize, chosen: bool) -> ratatui::style::Style {
    let style = canvas.style(roles::series(at));
    if chosen { style.add_modifier(Modifier::BOLD) } else { style }
}

/// The value axis: texts with a faint line each. Returns the plot beside it and above a line for the moments.
fn y_axis(canvas: &mut Canvas<'_>, area: Rect, labels: &[(f64, String)]) -> Rect {
    let width = labels.iter().map(|(_, label)| canvas.width(label)).max().unwrap_or(0).min(area.width / 4);
    let indent = if width > 0 { width + 1 } else { 0 };
    let plot = Rect {
        x: area.x + indent,
        width: area.width.saturating_sub(indent),
        height: area.height.saturating_sub(1),
        ..area
    };
    if plot.is_empty() {
        return plot;
    }
    let (line, text) = (canvas.style(Role::Axis), canvas.style(Role::TextDim));
    let grid = canvas.glyphs().grid;
    // Where there are more labels than lines, every second, third … one.
    let steps = labels.len().saturating_sub(1).max(1);
    let every = (1..=steps).find(|every| steps / every <= usize::from(plot.height.saturating_sub(1)).max(1));
    let mut free = plot.bottom();
    for (share, label) in labels.iter().step_by(every.unwrap_or(1)) {
        let y = row(plot, *share);
        if y >= free {
            continue;
        }
        free = y;
        canvas.run(plot.x, y, plot.width, grid, line);
        if width > 0 {
            canvas.text_right(area.x, y, width, label, text);
        }
    }
    plot
}

/// The line of a share of the value axis.
fn row(plot: Rect, share: f64) -> u16 {
    plot.y + ((1.0 - share.clamp(0.0, 1.0)) * f64::from(plot.height.saturating_sub(1))).round() as u16
}
