//! A dialog: what it is about, its fields, what it will do, what keys do.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::canvas::Canvas;
use super::hits::Hit;
use super::overlay::{centred, cursor_row, popup};
use super::roles;
use crate::theme::Role;
use crate::view::vm::{DialogFieldVm, DialogVm, Level};

/// Lines of a long field in sight at most.
const LINES: usize = 3;

/// Draws it in the middle of the body; as high as it needs, its last words before its first fields.
pub fn draw(canvas: &mut Canvas<'_>, body: Rect, vm: &DialogVm) {
    let width = body.width.min(86);
    let room = width.saturating_sub(4);
    let labels = vm.fields.iter().map(|field| canvas.width(&field.label)).max().unwrap_or(0);
    let mut parts: Vec<Part> = Vec::new();
    for line in &vm.about {
        parts.extend(canvas.wrap(line, room).into_iter().take(2).map(Part::About));
    }
    if !vm.about.is_empty() && !vm.fields.is_empty() {
        parts.push(Part::Blank);
    }
    let value = room.saturating_sub(labels + 2);
    for field in &vm.fields {
        parts.extend(field_lines(field, value));
        parts.extend(field.problem.as_ref().map(|why| Part::Problem(why.clone())));
    }
    if !vm.completions.is_empty() {
        parts.push(Part::Blank);
        parts.extend((0..vm.completions.len()).map(Part::Completion));
    }
    if let Some((_, rows)) = &vm.table {
        parts.push(Part::Blank);
        parts.push(Part::Heads);
        parts.extend((0..rows.len()).map(Part::Row));
    }
    if !vm.said.is_empty() {
        parts.push(Part::Blank);
    }
    for (level, words) in &vm.said {
        let lines = canvas.wrap(words, room.saturating_sub(2));
        parts.extend(lines.into_iter().enumerate().map(|(at, line)| Part::Said(*level, at == 0, line)));
    }
    let height = (parts.len().min(200) as u16 + 2).min(body.height);
    fit(&mut parts, usize::from(height.saturating_sub(2)));
    let area = centred(body, width, height);
    let inner = popup(canvas, area, &vm.title, &vm.keys, "");
    for (part, y) in parts.iter().zip(inner.top()..inner.bottom()) {
        line(canvas, area, Rect { y, height: 1, ..inner }, labels, vm, part);
    }
}

/// Where there is no room for all of it blank lines give way, then rows of the table and completions.
fn fit(parts: &mut Vec<Part>, most: usize) {
    for gives_way in [
        (|part: &Part| matches!(part, Part::Blank)) as fn(&Part) -> bool,
        |part| matches!(part, Part::Row(_)),
        |part| matches!(part, Part::Completion(_)),
        |part| matches!(part, Part::About(_)),
    ] {
        while parts.len() > most {
            let Some(at) = parts.iter().rposition(gives_way) else { break };
            parts.remove(at);
        }
    }
}

enum Part {
    Blank,
    About(String),
    /// Label, what of the text is in sight, the cursor in it, whether it is the placeholder, a switch.
    Field {
        label: String,
        text: String,
        cursor: Option<usize>,
        dim: bool,
        focus: bool,
        switch: bool,
    },
    Problem(String),
    Completion(usize),
    Heads,
    Row(usize),
    Said(Level, bool, String),
}

/// A field on as many lines as it needs; of a long one those around the cursor.
fn field_lines(field: &DialogFieldVm, width: u16) -> Vec<Part> {
    let focus = field.cursor.is_some();
    let empty = field.text.is_empty();
    let shown = if empty { &field.placeholder } else { &field.text };
    let chars: Vec<char> = shown.chars().collect();
    let width = usize::from(width.max(1));
    let cursor = field.cursor.filter(|_| !field.switch);
    // One cell more for a cursor at the end.
    let count = (chars.len() + usize::from(cursor.is_some())).div_ceil(width).max(1);
    let at = cursor.map_or(0, |cursor| cursor / width);
    let first = (at + 1).saturating_sub(LINES).min(count.saturating_sub(LINES));
    (first..count.min(first + LINES))
        .map(|line| {
            let text: String = chars.iter().skip(line * width).take(width).collect();
            let here = cursor.filter(|cursor| cursor / width == line).map(|cursor| cursor % width);
            let label = if line == first { field.label.clone() } else { String::new() };
            Part::Field { label, text, cursor: here, dim: empty, focus, switch: field.switch }
        })
        .collect()
}

fn line(canvas: &mut Canvas<'_>, frame: Rect, area: Rect, labels: u16, vm: &DialogVm, part: &Part) {
    let ground = canvas.style(Role::Overlay);
    let of = |canvas: &Canvas<'_>, role| ground.patch(canvas.style(role));
    let (text, dim, strong) =
        (of(canvas, Role::Text), of(canvas, Role::TextDim), of(canvas, Role::TextStrong));
    match part {
        Part::Blank => {}
        Part::About(words) => {
            canvas.text(area.x, area.y, area.width, words, text);
        }
        Part::Field { label, text: value, cursor, dim: is_dim, focus, switch } => {
            let label_style = if *focus { of(canvas, Role::Prompt) } else { of(canvas, Role::Label) };
            canvas.text(area.x, area.y, labels, label, label_style);
            let x = area.x + labels + 2;
            let room = area.width.saturating_sub(labels + 2);
            let style = if *is_dim { dim } else { text };
            canvas.text(x, area.y, room, value, style);
            if *focus && *switch {
                canvas.patch(
                    Rect { x, y: area.y, width: canvas.width(value), height: 1 },
                    style.add_modifier(Modifier::REVERSED),
                );
            }
            if let Some(cursor) = cursor {
                let before: String = value.chars().take(*cursor).collect();
                let at = Rect { x: x + canvas.width(&before), y: area.y, width: 1, height: 1 };
                canvas.patch(at, style.add_modifier(Modifier::REVERSED));
            }
            if *focus && !label.is_empty() {
                let mark = canvas.glyphs().cursor;
                let style = of(canvas, Role::BorderFocus);
                canvas.symbol(area.x.saturating_sub(1), area.y, mark, style);
            }
        }
        Part::Problem(why) => {
            let style = of(canvas, Role::LevelWarning);
            let x = area.x + labels + 2;
            let mark = canvas.glyphs().level(Level::Warning);
            canvas.symbol(x, area.y, mark, style);
            canvas.text(x + 2, area.y, area.width.saturating_sub(labels + 4), why, style);
        }
        Part::Completion(at) => {
            let Some((name, note)) = vm.completions.get(*at) else { return };
            let place = Rect { x: frame.x + 1, y: area.y, width: frame.width.saturating_sub(2), height: 1 };
            canvas.hit(place, Hit::PaletteEntry(*at));
            let x = area.x + labels + 2;
            let notes = canvas.width(note);
            canvas.text(x, area.y, area.width.saturating_sub(labels + 3 + notes), name, text);
            canvas.text_right(area.right().saturating_sub(notes), area.y, notes, note, dim);
            if vm.chosen == Some(*at) {
                cursor_row(canvas, place);
            }
        }
        Part::Heads | Part::Row(_) => {
            let Some((heads, rows)) = &vm.table else { return };
            let (cells, style) = match part {
                Part::Row(at) => (rows.get(*at), text),
                _ => (Some(heads), of(canvas, Role::Column)),
            };
            let Some([first, now, past]) = cells else { return };
            let wide = |column: fn(&[String; 3]) -> &String| {
                rows.iter().chain([heads]).map(|row| canvas.width(column(row))).max().unwrap_or(0)
            };
            let names = wide(|row| &row[0]).clamp(10, 20);
            let rest = area.width.saturating_sub(names + 4);
            let nows = wide(|row| &row[1]).clamp(8, rest / 2);
            let first_style = if matches!(part, Part::Row(_)) { strong } else { style };
            canvas.text(area.x, area.y, names, first, first_style);
            canvas.text(area.x + names + 2, area.y, nows, now, style);
            canvas.text(area.x + names + nows + 4, area.y, rest.saturating_sub(nows), past, style);
        }
        Part::Said(level, first, words) => {
            let style = if *level == Level::Ok { dim } else { of(canvas, roles::level(*level)) };
            if *first && *level != Level::Ok {
                let mark = canvas.glyphs().level(*level);
                canvas.symbol(area.x, area.y, mark, style);
            }
            let indent = if *level == Level::Ok { 0 } else { 2 };
            canvas.text(area.x + indent, area.y, area.width.saturating_sub(indent), words, style);
        }
    }
}
