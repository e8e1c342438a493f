//! Draws log lines: moment, level, service, what they say; wrapped, scrolled, with their fields.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::canvas::Canvas;
use super::super::fit;
use crate::theme::Role;
use crate::view::vm::{FieldVm, LogLevel, LogRowVm, LogsVm, Span, Tone};

/// Most lines of one wrapped row.
const MOST: usize = 60;
/// A wrapped line is broken at a space when one stands within so many cells of its end.
const RAGGED: usize = 16;

/// A cell's symbol with its width and style.
type Cell = (String, u16, Style);

/// Draws the rows in sight. Those above the cursor give way when rows take more than one line.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &LogsVm) {
    let mut area = area;
    if !vm.heads.is_empty() && area.height > 1 {
        heads(canvas, Rect { height: 1, ..area }, vm);
        area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    }
    let text = text_area(area, vm);
    let blocks: Vec<Vec<Vec<Cell>>> = vm.rows.iter().map(|row| said(canvas, vm, row, text.width)).collect();
    let heights: Vec<usize> =
        vm.rows.iter().zip(&blocks).map(|(row, lines)| lines.len().max(1) + row.fields.len()).collect();
    let first = first_in_sight(vm, &blocks, &heights, usize::from(area.height));
    let mut y = i32::from(area.y) - first.1 as i32;
    for (at, row) in vm.rows.iter().enumerate().skip(first.0) {
        if y >= i32::from(area.bottom()) {
            break;
        }
        one(canvas, area, y, vm, at, row, &blocks[at]);
        y += heights[at] as i32;
    }
}

/// The first row to draw and how many of its lines are above the area: what the cursor is on stays in sight.
fn first_in_sight(vm: &LogsVm, blocks: &[Vec<Vec<Cell>>], heights: &[usize], room: usize) -> (usize, usize) {
    let Some(cursor) = vm.cursor.filter(|at| *at < heights.len()) else { return (0, 0) };
    let row = &vm.rows[cursor];
    let needed = match row.field {
        Some(field) if row.open => blocks[cursor].len().max(1) + field + 1,
        _ => heights[cursor].min(room),
    };
    let above: usize = heights[..cursor].iter().sum();
    let mut over = (above + needed).saturating_sub(room);
    for (at, height) in heights.iter().enumerate() {
        if over == 0 || at == cursor {
            return (at, over);
        }
        if over < *height {
            // A row is drawn whole or not at all, but for the one with the cursor.
            return (at + 1, 0);
        }
        over -= height;
    }
    (0, 0)
}

/// Where what lines say begins: after cursor, moment, level and service.
fn text_area(area: Rect, vm: &LogsVm) -> Rect {
    let service = if vm.service_width > 0 { vm.service_width + 1 } else { 0 };
    let before = 1 + vm.time_width + 1 + 7 + service;
    Rect { x: area.x + before, width: area.width.saturating_sub(before + 1), ..area }
}

fn heads(canvas: &mut Canvas<'_>, area: Rect, vm: &LogsVm) {
    let style = canvas.style(Role::Column);
    let text = text_area(area, vm);
    let cells: Vec<&str> = vm.heads.iter().map(|(name, ..)| name.as_str()).collect();
    for (at, cell) in columns(canvas, vm, &cells, style).into_iter().skip(usize::from(vm.shift)).enumerate() {
        if at as u16 >= text.width {
            break;
        }
        canvas.symbol(text.x + at as u16, area.y, &cell.0, style);
    }
}

/// What a row says, in lines of cells.
fn said(canvas: &Canvas<'_>, vm: &LogsVm, row: &LogRowVm, width: u16) -> Vec<Vec<Cell>> {
    let cells = if row.cells.is_empty() {
        spans(canvas, &row.text)
    } else {
        let style = canvas.style(Role::Text);
        let texts: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        columns(canvas, vm, &texts, style)
    };
    if vm.wrap {
        wrapped(cells, usize::from(width.max(8)))
    } else {
        vec![shifted(canvas, cells, vm.shift, width)]
    }
}

/// Texts in the widths of the columns.
fn columns(canvas: &Canvas<'_>, vm: &LogsVm, texts: &[&str], style: Style) -> Vec<Cell> {
    let ascii = canvas.glyphs().ascii;
    let mut cells = Vec::new();
    for ((_, width, number), text) in vm.heads.iter().zip(texts) {
        let whole = canvas.width(text);
        let tail = if whole > *width { canvas.glyphs().ellipsis } else { "" };
        let budget = width.saturating_sub(canvas.width(tail));
        let pad = if *number { width.saturating_sub(whole) } else { 0 };
        let start = cells.len();
        cells.extend((0..pad).map(|_| (" ".to_owned(), 1, style)));
        let mut used = 0;
        let put = |text: &str, most: u16, used: &mut u16, cells: &mut Vec<Cell>| {
            fit::each_cell(text, ascii, |symbol, w| {
                if *used + w > most {
                    return false;
                }
                cells.push((symbol.to_owned(), w, style));
                *used += w;
                true
            });
        };
        put(text, budget, &mut used, &mut cells);
        put(tail, *width, &mut used, &mut cells);
        let taken: u16 = cells[start..].iter().map(|(_, w, _)| *w).sum();
        cells.extend((taken..width + 2).map(|_| (" ".to_owned(), 1, style)));
    }
    cells
}

fn spans(canvas: &Canvas<'_>, spans: &[Span]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for span in spans {
        let role = match (span.hit, span.tone) {
            (true, _) => Role::Match,
            (_, Tone::Plain) => Role::Text,
            (_, Tone::Dim) => Role::TextDim,
            (_, Tone::Strong) => Role::TextStrong,
            (_, Tone::Bad) => Role::LevelWarning,
        };
        let style = canvas.style(role);
        let mut lines = span.text.split('\n');
        let put = |line: &str, cells: &mut Vec<Cell>| {
            fit::each_cell(line, canvas.glyphs().ascii, |symbol, w| {
                cells.push((symbol.to_owned(), w, style));
                true
            });
        };
        if let Some(line) = lines.next() {
            put(line, &mut cells);
        }
        for line in lines {
            cells.push(("\n".to_owned(), 0, style));
            put(line, &mut cells);
        }
    }
    cells
}

/// One line of a row that is not wrapped: from the cell it is scrolled to, with a mark where it goes on.
fn shifted(canvas: &Canvas<'_>, cells: Vec<Cell>, shift: u16, width: u16) -> Vec<Cell> {
    let dim = canvas.style(Role::TextDim);
    let mut skipped = 0;
    let mut rest: Vec<Cell> = cells
        .into_iter()
        .skip_while(|(_, w, _)| {
            let skip = skipped < shift;
            skipped += w;
            skip
        })
        .collect();
    let whole: u32 = rest.iter().map(|(_, w, _)| u32::from(*w)).sum();
    if whole > u32::from(width) {
        let ellipsis = canvas.glyphs().ellipsis;
        let room = width.saturating_sub(canvas.width(ellipsis));
        let mut used = 0;
        let end = rest.iter().position(|(_, w, _)| {
            used += w;
            used > room
        });
        rest.truncate(end.unwrap_or(rest.len()));
        rest.extend(ellipsis.chars().map(|c| (c.to_string(), 1, dim)));
    }
    rest
}

/// Lines of at most `width` cells, broken at spaces where that costs little.
fn wrapped(cells: Vec<Cell>, width: usize) -> Vec<Vec<Cell>> {
    let mut lines: Vec<Vec<Cell>> = vec![Vec::new()];
    let mut used = 0;
    for cell in cells {
        let Some(line) = lines.last_mut() else { break };
        let breaks = cell.0 == "\n";
        if !breaks && used + usize::from(cell.1) <= width {
            used += usize::from(cell.1);
            line.push(cell);
            continue;
        }
        if lines.len() >= MOST {
            break;
        }
        let mut next = Vec::new();
        if !breaks && let Some(line) = lines.last_mut() {
            let space = line.iter().rposition(|(symbol, ..)| symbol == " ");
            if let Some(space) = space.filter(|at| line.len() - at <= RAGGED) {
                next = line.split_off(space + 1);
            }
            next.push(cell);
        }
        used = next.iter().map(|(_, w, _)| usize::from(*w)).sum();
        lines.push(next);
    }
    lines
}

/// Mark and style of a level.
pub fn level(canvas: &Canvas<'_>, level: LogLevel) -> (&'static str, Style) {
    let marks = canvas.glyphs().severities;
    let (mark, role) = match level {
        LogLevel::Critical => (marks[0], Role::SeverityCritical),
        LogLevel::Error => (marks[1], Role::SeverityHigh),
        LogLevel::Warning => (marks[2], Role::SeverityMedium),
        LogLevel::Info => (marks[3], Role::SeverityLow),
        LogLevel::Debug => (marks[4], Role::TextDim),
        LogLevel::Unknown => (" ", Role::TextDim),
    };
    (mark, canvas.style(role))
}

/// One row with its fields, from a line that may lie above the area.
fn one(
    canvas: &mut Canvas<'_>,
    area: Rect,
    y: i32,
    vm: &LogsVm,
    at: usize,
    row: &LogRowVm,
    lines: &[Vec<Cell>],
) {
    let inside = |y: i32| (i32::from(area.y)..i32::from(area.bottom())).contains(&y);
    let text = text_area(area, vm);
    let under_cursor = vm.cursor == Some(at);
    if inside(y) {
        head(canvas, Rect { y: y as u16, height: 1, ..area }, vm, row);
    }
    if row.gap {
        if inside(y) {
            let style = canvas.line_style(Role::LevelWarning);
            let [across, _] = canvas.glyphs().broken_lines;
            canvas.run(area.x + 1, y as u16, area.width.saturating_sub(2), across, style);
            let words: String = row.text.iter().flat_map(|span| [" ", &span.text, " "]).collect();
            canvas.text_centre(Rect { y: y as u16, height: 1, ..area }, &words, style);
        }
    } else {
        for (line, y) in lines.iter().zip(y..) {
            let mut x = text.x;
            for (symbol, w, style) in line.iter().filter(|_| inside(y)) {
                if x + w > text.right() {
                    break;
                }
                canvas.text(x, y as u16, *w, symbol, *style);
                x += w;
            }
        }
    }
    let below = y + lines.len().max(1) as i32;
    for (index, field) in row.fields.iter().enumerate() {
        let y = below + index as i32;
        if inside(y) {
            let chosen = under_cursor && row.field == Some(index);
            self::field(canvas, Rect { y: y as u16, height: 1, ..area }, row, field, chosen);
        }
    }
    let top = y.clamp(i32::from(area.y), i32::from(area.bottom())) as u16;
    let bottom = (below + row.fields.len() as i32).clamp(i32::from(area.y), i32::from(area.bottom())) as u16;
    super::clickable(canvas, Rect { y: top, height: bottom - top, ..area }, at);
    if under_cursor && row.fields.is_empty() {
        let own = (below.clamp(i32::from(area.y), i32::from(area.bottom())) as u16).saturating_sub(top);
        cursor(canvas, Rect { y: top, height: own, ..area });
    }
}

/// The row under the cursor: its ground, and a mark at its left.
fn cursor(canvas: &mut Canvas<'_>, area: Rect) {
    let style = canvas.style(Role::Cursor);
    canvas.patch(area, style);
    let mark = canvas.glyphs().cursor;
    for y in area.y..area.bottom() {
        canvas.symbol(area.x, y, mark, style);
    }
}

/// Moment, level, service.
fn head(canvas: &mut Canvas<'_>, area: Rect, vm: &LogsVm, row: &LogRowVm) {
    let (time, service) = (canvas.style(Role::TextDim), canvas.style(Role::Label));
    let mut x = area.x + 1;
    canvas.text(x, area.y, vm.time_width, &row.time, time);
    x += vm.time_width + 1;
    let (mark, style) = level(canvas, row.level);
    canvas.symbol(x, area.y, mark, style);
    canvas.text(x + 2, area.y, 4, &row.mark, style);
    x += 7;
    if vm.service_width > 0 {
        canvas.text(x, area.y, vm.service_width, &row.service, service);
    }
}

/// One field of an expanded line.
fn field(canvas: &mut Canvas<'_>, area: Rect, row: &LogRowVm, field: &FieldVm, chosen: bool) {
    let names = row.fields.iter().map(|field| canvas.width(&field.name)).max().unwrap_or(0).clamp(4, 32);
    let (dim, label, text) =
        (canvas.style(Role::TextDim), canvas.style(Role::Label), canvas.style(Role::Value));
    let rail = canvas.line_style(Role::Border);
    let [_, down] = canvas.glyphs().lines;
    let indent = area.x + 3;
    canvas.symbol(indent, area.y, down, rail);
    let mut x = indent + 2;
    canvas.text(x, area.y, 8, &field.origin, dim);
    x += 9;
    canvas.text(x, area.y, names, &field.name, label);
    x += names + 2;
    let mut end = area.right().saturating_sub(1);
    for (words, role) in [(&field.note, Role::TextDim), (&field.problem, Role::LevelCritical)] {
        let width = canvas.width(words);
        if width > 0 && x + 12 + width < end {
            let style = canvas.style(role);
            canvas.text(end - width, area.y, width, words, style);
            end -= width + 2;
        } else if width > 0 && role == Role::LevelCritical {
            let style = canvas.style(role);
            let room = (end.saturating_sub(x)) * 2 / 3;
            canvas.text(end - room, area.y, room, words, style);
            end = end.saturating_sub(room + 2);
        }
    }
    let style = if field.problem.is_empty() { text } else { canvas.style(Role::LevelCritical) };
    canvas.text(x, area.y, end.saturating_sub(x), &field.value, style);
    if chosen {
        let ground = Rect { x: indent, width: area.right().saturating_sub(indent), ..area };
        let style = canvas.style(Role::Cursor);
        canvas.patch(ground, style);
        let mark = canvas.glyphs().cursor;
        canvas.symbol(indent, area.y, mark, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Cell> {
        text.chars().map(|c| (c.to_string(), u16::from(c != '\n'), Style::default())).collect()
    }

    fn texts(lines: Vec<Vec<Cell>>) -> Vec<String> {
        lines.into_iter().map(|line| line.into_iter().map(|(symbol, ..)| symbol).collect()).collect()
    }

    #[test]
    fn wrapping_breaks_at_near_spaces_and_line_feeds() {
        assert_eq!(texts(wrapped(cells("one two three"), 8)), ["one two ", "three"]);
        assert_eq!(texts(wrapped(cells("abcdefghij"), 4)), ["abcd", "efgh", "ij"]);
        assert_eq!(texts(wrapped(cells("a\nb"), 8)), ["a", "b"]);
        assert_eq!(texts(wrapped(cells(""), 8)), [""]);
        let long = wrapped(cells(&"x".repeat(10_000)), 10);
        assert_eq!(long.len(), MOST);
    }
}
