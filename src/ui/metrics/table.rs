//! The values of one moment as a table.

use ratatui::layout::Rect;

use super::super::canvas::Canvas;
use super::super::hits::Hit;
use super::super::table;
use crate::theme::Role;
use crate::view::vm::MetricsTableVm;

/// Labels, the value, and the same exactly.
type Cells = (Vec<String>, String, String);

/// Draws it.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &MetricsTableVm) {
    if area.height < 2 {
        return;
    }
    let numbers =
        |pick: &dyn Fn(&Cells) -> &str| vm.rows.iter().map(|row| canvas.width(pick(row))).max().unwrap_or(0);
    let mut wanted: Vec<u16> = (0..vm.columns.len())
        .map(|at| {
            let cells = vm.rows.iter().filter_map(|row| row.0.get(at)).map(|cell| canvas.width(cell));
            cells.max().unwrap_or(0).max(canvas.width(&vm.columns[at]) + 2)
        })
        .collect();
    wanted.push(numbers(&|row| &row.1).max(canvas.width(&vm.value) + 2));
    // The exact number stands beside the short one where they differ.
    let exact = vm.rows.iter().any(|row| row.1 != row.2);
    if exact {
        wanted.push(numbers(&|row| &row.2));
    }
    let mut widths = table::share(&wanted, area.width);
    let count = vm.columns.len();
    if let (Some(width), Some(want)) = (widths.last_mut(), wanted.last()) {
        *width = (*width).min(*want);
    }
    let right: Vec<bool> = (0..widths.len()).map(|at| at >= count).collect();
    let head = canvas.style(Role::Column);
    let sorted = vm.sorted.unwrap_or(count);
    let [down, up] = canvas.glyphs().sort;
    // A label goes from a to z, a value from the largest down.
    let arrow = if (sorted == count) == vm.reversed { up } else { down };
    let titled = |(at, name): (usize, &String)| {
        (if at == sorted { format!("{name} {arrow}") } else { name.clone() }, head)
    };
    let heads: Vec<(String, _)> = vm.columns.iter().chain([&vm.value]).enumerate().map(titled).collect();
    let mut cells: Vec<(&str, _)> = heads.iter().map(|(text, style)| (text.as_str(), *style)).collect();
    if exact {
        cells.push(("", head));
    }
    table::line(canvas, Rect { height: 1, ..area }, &widths, &right, &cells);
    let (label, value, dim) =
        (canvas.style(Role::Label), canvas.style(Role::Value), canvas.style(Role::TextDim));
    for (at, row) in vm.rows.iter().enumerate().take(usize::from(area.height - 1)) {
        let line = Rect { y: area.y + 1 + at as u16, height: 1, ..area };
        let mut cells: Vec<(&str, _)> = row.0.iter().map(|cell| (cell.as_str(), label)).collect();
        cells.push((&row.1, value));
        if exact {
            cells.push((&row.2, dim));
        }
        table::line(canvas, line, &widths, &right, &cells);
        if vm.cursor == Some(at) {
            let style = canvas.style(Role::BorderFocus);
            let symbol = canvas.glyphs().cursor;
            canvas.symbol(area.x - 1, line.y, symbol, style);
            let style = canvas.style(Role::Cursor);
            canvas.patch(line, style);
        }
        canvas.hit(line, Hit::Line(at));
    }
    canvas.scroll_bar(area.right() + 1, area.y + 1, area.height - 1, vm.offset, vm.total);
}
