//! The list of incidents with the one under the cursor, and one incident beside its timeline.

use ratatui::layout::Rect;

use super::boxes::{self, Frame};
use super::canvas::Canvas;
use super::hits::{Extent, Hit};
use super::{detail, overlay, roles, table};
use crate::theme::Role;
use crate::view::vm::{IncidentsVm, Level, RecordVm};

/// Terminals this wide have the timeline at the side.
const SIDE_MIN: u16 = 110;

/// Draws the list.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &IncidentsVm) {
    let lines = (vm.detail.len().min(100) as u16 + 2).min(area.height / 2);
    let lines = if vm.rows.is_empty() { 0 } else { lines };
    list(canvas, Rect { height: area.height - lines, ..area }, vm);
    if lines > 0 {
        facts(canvas, Rect { y: area.bottom() - lines, height: lines, ..area }, vm);
    }
}

fn list(canvas: &mut Canvas<'_>, area: Rect, vm: &IncidentsVm) {
    let duties = duties(canvas, area.width.saturating_sub(4), vm);
    // A list of a few lines is for incidents.
    let duties = if area.height < 8 { Vec::new() } else { duties };
    let capacity = area.height.saturating_sub(3 + duties.len() as u16);
    let seen = usize::from(capacity);
    let offset = (vm.cursor + 1).saturating_sub(seen);
    let position = if vm.rows.len() > seen {
        (canvas.words().position)(offset + 1, offset + seen, vm.rows.len())
    } else {
        String::new()
    };
    let title = canvas.ui.text.incidents.view.incidents;
    let frame = Frame {
        title,
        subtitle: &vm.summary,
        note: &vm.note,
        position: &position,
        state: vm.state,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.is_empty() {
        return;
    }
    let inner = on_call(canvas, inner, &duties);
    if vm.rows.is_empty() {
        boxes::message(canvas, inner, vm.state, &vm.empty);
        return;
    }
    let mut wanted: Vec<u16> = (0..6)
        .map(|at| {
            let cells = vm.rows.iter().map(|row| canvas.width(&row.cells[at])).max().unwrap_or(0);
            cells.max(canvas.width(&vm.heads[at]))
        })
        .collect();
    // The severity's sign stands before its word, so that it is never colour alone.
    wanted[0] += 2;
    wanted[2] = wanted[2].min(16);
    let widths = table::share(&wanted, inner.width);
    let column = canvas.style(Role::Column);
    let heads: Vec<_> = vm.heads.iter().map(|head| (head.as_str(), column)).collect();
    table::line(canvas, Rect { height: 1, ..inner }, &widths, &[], &heads);
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::TextDim));
    for ((index, row), y) in vm.rows.iter().enumerate().skip(offset).zip(inner.y + 1..inner.bottom()) {
        let place = Rect { x: inner.x - 1, y, width: inner.width + 2, height: 1 };
        canvas.hit(place, Hit::Source(index));
        let body = if row.is_open { text } else { dim };
        let severity = if row.is_open { canvas.style(roles::severity(row.severity)) } else { dim };
        let clock = match row.level {
            Level::Ok => body,
            level => canvas.style(roles::level(level)),
        };
        let sign = format!("{} {}", canvas.glyphs().severity(row.severity), row.cells[0]);
        let styles = [severity, clock, body, body, dim, body];
        let mut cells: Vec<_> = row.cells.iter().map(String::as_str).zip(styles).collect();
        cells[0].0 = &sign;
        table::line(canvas, Rect { y, height: 1, ..inner }, &widths, &[], &cells);
        if index == vm.cursor {
            overlay::cursor_row(canvas, place);
        }
    }
    canvas.hits.extent =
        Extent { content: vm.rows.len().min(usize::from(u16::MAX)) as u16, viewport: capacity };
    canvas.scroll_bar(area.right() - 1, inner.y + 1, capacity, offset, vm.rows.len());
}

/// Who is on call, in lines: several levels on one where they have room.
fn duties(canvas: &Canvas<'_>, width: u16, vm: &IncidentsVm) -> Vec<Vec<(Level, String)>> {
    let mut lines: Vec<(u16, Vec<(Level, String)>)> = Vec::new();
    for duty in &vm.on_call {
        let wanted = canvas.width(&duty.1) + 3;
        match lines.last_mut() {
            Some((used, line)) if *used + wanted <= width + 3 => {
                *used += wanted;
                line.push(duty.clone());
            }
            _ => lines.push((wanted, vec![duty.clone()])),
        }
    }
    lines.into_iter().take(3).map(|(_, line)| line).collect()
}

/// Draws them over the list; gives what is left for that.
fn on_call(canvas: &mut Canvas<'_>, inner: Rect, lines: &[Vec<(Level, String)>]) -> Rect {
    let count = (lines.len() as u16).min(inner.height);
    for (line, y) in lines.iter().zip(inner.y..inner.y + count) {
        let mut x = inner.x;
        for (level, words) in line {
            let style = match level {
                Level::Ok => canvas.style(Role::TextDim),
                level => canvas.style(roles::level(*level)),
            };
            x += canvas.text(x, y, inner.right().saturating_sub(x), words, style) + 3;
        }
    }
    Rect { y: inner.y + count, height: inner.height - count, ..inner }
}

fn facts(canvas: &mut Canvas<'_>, area: Rect, vm: &IncidentsVm) {
    let inner = boxes::frame(canvas, area, &Frame { state: vm.state, ..Frame::default() });
    let names = vm.detail.iter().map(|(name, _)| canvas.width(name)).max().unwrap_or(0).min(inner.width / 3);
    let (label, value) = (canvas.style(Role::Label), canvas.style(Role::Value));
    for ((name, text), y) in vm.detail.iter().zip(inner.y..inner.bottom()) {
        canvas.text(inner.x, y, names, name, label);
        canvas.text(inner.x + names + 2, y, inner.width.saturating_sub(names + 2), text, value);
    }
}

/// Draws one incident: what it is, and beside it or under it what happened.
pub fn one(canvas: &mut Canvas<'_>, area: Rect, vm: &RecordVm) {
    if vm.timeline.sections.is_empty() {
        return detail::text(canvas, area, &vm.facts);
    }
    if area.width < SIDE_MIN {
        // One text that is scrolled as a whole: nothing is out of reach on a small screen.
        let mut whole = vm.facts.clone();
        let lines = vm.timeline.sections.iter().flat_map(|section| section.lines.clone()).collect();
        let title = format!("{} · {}", vm.timeline.title, vm.timeline.note);
        whole.sections.push(crate::view::vm::SectionVm { title, lines });
        return detail::text(canvas, area, &whole);
    }
    let left = area.width / 2;
    detail::text(canvas, Rect { width: left, ..area }, &vm.facts);
    let facts = canvas.hits.extent;
    detail::text(canvas, Rect { x: area.x + left, width: area.width - left, ..area }, &vm.timeline);
    // Both are scrolled together, as far as the longer one goes.
    canvas.hits.extent.content = canvas.hits.extent.content.max(facts.content);
}
