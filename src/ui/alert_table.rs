//! A list of alerts: the short one of a box, and the full one with heads.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::boxes;
use super::canvas::Canvas;
use super::hits::Hit;
use super::roles;
use crate::model::{AlertState, Severity};
use crate::theme::Role;
use crate::view::vm::{AlertColumn, AlertLineVm, AlertRowVm, AlertTableVm, Level, PaneState};

const GAP: u16 = 2;
/// A summary shorter than this is left out.
const SUMMARY_MIN: u16 = 12;
/// What a summary keeps before a component's column is given room.
const SUMMARY_GOOD: u16 = 30;
/// What a name keeps before the columns beside it are given room.
const NAME_GOOD: u16 = 26;
/// What it keeps in the full list before whole columns beside it go: how bad it is and who has it belong there.
const NAME_LEAST: u16 = 22;

/// Widths of the columns; 0 where one is left out.
#[derive(Clone, Copy, Default)]
struct Columns {
    /// Cells before the first column.
    gutter: u16,
    severity: u16,
    name: u16,
    department: u16,
    component: u16,
    age: u16,
    clock: u16,
    summary: u16,
}

/// The full list: heads, then the rows. `area` includes the cells of air beside the frame's lines.
pub fn full(canvas: &mut Canvas<'_>, area: Rect, table: &AlertTableVm, sort: AlertColumn, reversed: bool) {
    if area.is_empty() {
        return;
    }
    let columns = measure(canvas, table, area.width, 3, true);
    if !table.rows.is_empty() {
        heads(canvas, area, columns, sort, reversed);
    }
    let rest = Rect { y: area.y + 1, height: area.height - 1, ..area };
    rows(canvas, rest, table, columns, None);
}

/// The list of a box on a page.
pub fn short(canvas: &mut Canvas<'_>, area: Rect, table: &AlertTableVm, in_box: usize) {
    let columns = measure(canvas, table, area.width, 1, false);
    rows(canvas, area, table, columns, Some(in_box));
}

/// What a box says of alerts that it has no line for; empty when all are in sight.
pub fn hidden(canvas: &Canvas<'_>, table: &AlertTableVm, height: u16) -> String {
    let shown = table.rows.len().min(usize::from(height));
    if shown == 0 || table.matching <= shown {
        return String::new();
    }
    (canvas.words().position)(table.offset + 1, table.offset + shown, table.matching)
}

fn lines(table: &AlertTableVm) -> impl Iterator<Item = &AlertLineVm> {
    table.rows.iter().filter_map(|row| match row {
        AlertRowVm::Alert(line) => Some(line),
        AlertRowVm::Group { .. } => None,
    })
}

/// Shares the width. Columns follow what is in sight in steps of a few cells, so that scrolling
/// seldom moves them.
fn measure(canvas: &Canvas<'_>, table: &AlertTableVm, width: u16, gutter: u16, heads: bool) -> Columns {
    let head = |column| if heads { canvas.width((canvas.words().alert_column)(column)) + 2 } else { 0 };
    let most = |of: &dyn Fn(&AlertLineVm) -> u16, least: u16, cap: u16| {
        lines(table).map(of).max().unwrap_or(0).next_multiple_of(2).max(least).min(cap)
    };
    // Where there is one column for both, what has no department says which part of the house it is.
    let mut columns = Columns {
        gutter,
        severity: 2 + most(&|a| canvas.width(&a.severity_word), 8, 10),
        department: most(&|a| canvas.width(whereabouts(a)), head(AlertColumn::Department), 18),
        age: most(&|a| canvas.width(&a.age), head(AlertColumn::Age).max(6), 8),
        clock: most(&|a| clock_width(canvas, a), head(AlertColumn::Clock), if width < 100 { 14 } else { 22 }),
        ..Columns::default()
    };
    let wanted = most(&|a| canvas.width(&a.name), 12, 40).next_multiple_of(4);
    let gap = |w: u16| if w > 0 { w + GAP } else { 0 };
    let left = |c: &Columns| {
        let taken = gutter + gap(c.severity) + gap(c.department) + gap(c.age) + c.clock;
        // The air before the frame's right line.
        width.saturating_sub(taken + u16::from(c.clock > 0) + 1)
    };
    // An alert without its name says nothing: in a narrow box the rest gives way to it, the severity's
    // word (its mark stays) before the clock.
    let needed = wanted.min(NAME_GOOD);
    if left(&columns) < needed {
        columns.department = columns.department.min(13);
    }
    let needed = if heads { wanted.min(NAME_LEAST) } else { needed };
    if left(&columns) < needed {
        columns.severity = 1;
    }
    if left(&columns) < needed {
        columns.department = 0;
    }
    if left(&columns) < needed {
        columns.clock = 0;
    }
    let left = left(&columns);
    columns.name = wanted.min(left);
    let after = left.saturating_sub(columns.name + GAP);
    let component = most(&|a| canvas.width(&a.component), 0, 18);
    if component > 0 && heads && after >= component + GAP + SUMMARY_GOOD {
        columns.component = component;
        columns.summary = after - component - GAP - 1;
        let own = most(&|a| canvas.width(&a.department), head(AlertColumn::Department), 16);
        columns.summary += columns.department.saturating_sub(own);
        columns.department = columns.department.min(own);
    } else if after >= SUMMARY_MIN {
        columns.summary = after - 1;
    } else {
        columns.name = left.saturating_sub(u16::from(columns.clock > 0));
    }
    columns
}

/// Department, else component: where the trouble is.
fn whereabouts(alert: &AlertLineVm) -> &str {
    if alert.department.is_empty() { &alert.component } else { &alert.department }
}

/// The clock; an alert that has none says why it is quiet.
fn clock_text(alert: &AlertLineVm) -> &str {
    if alert.clock.is_empty() { &alert.state_word } else { &alert.clock }
}

/// How much room the clock wants: with until when an acknowledgement mutes behind it.
fn clock_width(canvas: &Canvas<'_>, alert: &AlertLineVm) -> u16 {
    let until = canvas.width(&alert.until);
    canvas.width(clock_text(alert)) + if until > 0 { until + 1 } else { 0 }
}

/// Who has it may be cut, until when is not: after that it rings again.
fn clock_cell(canvas: &mut Canvas<'_>, (x, y, width): (u16, u16, u16), alert: &AlertLineVm, style: Style) {
    let until = canvas.width(&alert.until);
    let room = if until > 0 && until + 6 <= width { width - until - 1 } else { width };
    let used = canvas.text(x, y, room, clock_text(alert), style);
    if room < width {
        canvas.text(x + used + 1, y, until, &alert.until, style);
    }
}

fn heads(canvas: &mut Canvas<'_>, area: Rect, columns: Columns, sort: AlertColumn, reversed: bool) {
    let style = canvas.style(Role::Column);
    let strong = style.patch(canvas.style(Role::TextStrong));
    let words = canvas.words();
    let arrow = canvas.glyphs().sort[usize::from(reversed)];
    let mut x = area.x + columns.gutter;
    let mut head = |canvas: &mut Canvas<'_>, width: u16, text: &str, sorted: bool, right: bool| {
        if width == 0 {
            return;
        }
        let text_width = canvas.width(text) + if sorted { 2 } else { 0 };
        let indent = if right { width.saturating_sub(text_width) } else { 0 };
        let used = canvas.text(x + indent, area.y, width - indent, text, if sorted { strong } else { style });
        if sorted && indent + used + 2 <= width + 1 {
            canvas.symbol(x + indent + used + 1, area.y, arrow, strong);
        }
        x += width + GAP;
    };
    for (width, column, right) in [
        (columns.severity, AlertColumn::Severity, false),
        (columns.name, AlertColumn::Name, false),
        (columns.department, AlertColumn::Department, false),
    ] {
        head(canvas, width, (words.alert_column)(column), sort == column, right);
    }
    head(canvas, columns.component, words.component, false, false);
    head(canvas, columns.age, (words.alert_column)(AlertColumn::Age), sort == AlertColumn::Age, true);
    head(canvas, columns.clock, (words.alert_column)(AlertColumn::Clock), sort == AlertColumn::Clock, false);
    head(canvas, columns.summary, words.summary, false, false);
}

fn rows(canvas: &mut Canvas<'_>, area: Rect, table: &AlertTableVm, columns: Columns, in_box: Option<usize>) {
    if table.rows.is_empty() {
        boxes::message(canvas, boxed(area), table.state, &table.empty);
        return;
    }
    for (index, (row, y)) in table.rows.iter().zip(area.top()..area.bottom()).enumerate() {
        let place = Rect { y, height: 1, ..area };
        canvas.hit(place, Hit::AlertRow { in_box, row: index });
        let cursor = table.cursor == Some(index);
        if cursor {
            let style = canvas.style(Role::Cursor);
            canvas.patch(place, style);
        }
        match row {
            AlertRowVm::Group { title, count, severity, folded } => {
                group(canvas, place, columns, title, *count, *severity, *folded);
            }
            AlertRowVm::Alert(line) => alert(canvas, place, columns, line, table.state),
        }
        if cursor {
            let style = canvas.style(Role::Cursor);
            canvas.patch(place, style);
            let mark = canvas.glyphs().cursor;
            let focus = canvas.style(Role::BorderFocus);
            canvas.symbol(area.x, y, mark, focus);
        }
    }
}

/// The area without the air beside the frame's lines.
fn boxed(area: Rect) -> Rect {
    Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area }
}

fn group(
    canvas: &mut Canvas<'_>,
    area: Rect,
    columns: Columns,
    title: &str,
    count: usize,
    severity: Severity,
    folded: bool,
) {
    let style = canvas.style(Role::Group);
    let worst = canvas.style(roles::severity(severity));
    let glyphs = canvas.glyphs();
    let mut x = area.x + columns.gutter;
    let y = area.y;
    // The fold stands in the gutter where there is one, so that group and alert marks align.
    if columns.gutter >= 3 {
        x -= 2;
    }
    canvas.symbol(x, y, glyphs.fold[usize::from(folded)], style);
    canvas.symbol(x + 2, y, glyphs.severity(severity), worst);
    x += 4;
    x += canvas.text(x, y, area.right().saturating_sub(x + 10), title, style) + 1;
    let dim = canvas.style(Role::TextDim);
    let count = count.to_string();
    x += canvas.text(x + 1, y, area.right().saturating_sub(x + 1), &count, dim) + 2;
    let line = canvas.style(Role::Border);
    canvas.run(x + 1, y, area.right().saturating_sub(x + 2), glyphs.lines[0], line);
}

fn alert(canvas: &mut Canvas<'_>, area: Rect, columns: Columns, alert: &AlertLineVm, list: PaneState) {
    let y = area.y;
    let quiet = match alert.state {
        AlertState::Firing => None,
        AlertState::Pending => Some(canvas.style(Role::AlertPending)),
        AlertState::Inhibited | AlertState::Silenced => Some(canvas.style(Role::AlertMuted)),
    };
    let old = (list == PaneState::Stale).then(|| canvas.style(Role::StateStale));
    let pick = |canvas: &Canvas<'_>, role: Role| quiet.or(old).unwrap_or_else(|| canvas.style(role));
    if alert.selected && columns.gutter >= 3 {
        let style = canvas.style(Role::Selected);
        let mark = canvas.glyphs().selected;
        canvas.symbol(area.x + 1, y, mark, style);
    }
    let severity = canvas.style(roles::alert(alert.severity, alert.state));
    let mut x = area.x + columns.gutter;
    let mark = canvas.glyphs().alert(alert.severity, alert.state);
    canvas.symbol(x, y, mark, severity);
    canvas.text(x + 2, y, columns.severity.saturating_sub(2), &alert.severity_word, severity);
    x += columns.severity + GAP;
    let mut name = pick(canvas, Role::TextStrong);
    if alert.selected {
        name = name.patch(canvas.style(Role::Selected));
    }
    cell(canvas, &mut x, y, columns.name, &alert.name, name);
    let text = pick(canvas, Role::Text);
    let dim = pick(canvas, Role::TextDim);
    let place = if columns.component > 0 { &alert.department } else { whereabouts(alert) };
    let place_style = if alert.department.is_empty() { dim } else { text };
    cell(canvas, &mut x, y, columns.department, place, place_style);
    cell(canvas, &mut x, y, columns.component, &alert.component, dim);
    canvas.text_right(x, y, columns.age, &alert.age, dim);
    x += columns.age + GAP;
    let clock = match alert.clock_level {
        _ if alert.clock.is_empty() => dim,
        Level::Ok => text,
        level => canvas.style(roles::level(level)),
    };
    if columns.clock > 0 {
        clock_cell(canvas, (x, y, columns.clock), alert, clock);
        x += columns.clock + GAP;
    }
    if columns.summary > 0 {
        let mut room = columns.summary;
        // A quiet alert with a clock of its own still says that it is quiet.
        if !alert.state_word.is_empty() && !alert.clock.is_empty() {
            let used = canvas.text(x, y, room, &alert.state_word, dim) + 1;
            x += used;
            room = room.saturating_sub(used);
        }
        canvas.text(x, y, room, &alert.summary, text);
    }
}

fn cell(canvas: &mut Canvas<'_>, x: &mut u16, y: u16, width: u16, text: &str, style: Style) {
    if width > 0 {
        canvas.text(*x, y, width, text, style);
        *x += width + GAP;
    }
}
