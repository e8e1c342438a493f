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
    for line in &vm.plain {
        parts.extend(canvas.wrap(line, room).into_iter().take(PLAIN).map(Part::Plain));
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
    let columns = vm.table.as_ref().map(|table| Widths::of(canvas, table, room));
    let rows = vm.table.as_ref().zip(columns).map_or_else(Vec::new, |((_, rows), widths)| {
        rows.iter().flat_map(|row| row_lines(canvas, row, widths, vm.whole)).collect()
    });
    let mut above = parts;
    if let (Some((heads, _)), Some(widths)) = (&vm.table, columns) {
        above.push(Part::Blank);
        above.push(Part::Row(heads.clone(), widths, true));
    }
    let output = vm.output.as_ref().map_or_else(Vec::new, |(_, lines, back)| {
        let wrapped = |line: &String| canvas.wrap(line, room.saturating_sub(2));
        let shown = lines.len().saturating_sub(*back).max(1);
        lines.iter().take(shown).flat_map(wrapped).collect::<Vec<_>>()
    });
    let mut below: Vec<Part> = Vec::new();
    if !vm.said.is_empty() {
        below.push(Part::Blank);
    }
    for (level, words) in &vm.said {
        let lines = canvas.wrap(words, room.saturating_sub(2));
        below.extend(lines.into_iter().enumerate().map(|(at, line)| Part::Said(*level, at == 0, line)));
    }
    let most = usize::from(body.height.saturating_sub(2));
    let parts = together(canvas, most, above, rows, vm, output, below);
    let height = (parts.len().min(200) as u16 + 2).min(body.height);
    let area = centred(body, width, height);
    let inner = popup(canvas, area, &vm.title, &vm.keys, "");
    for (part, y) in parts.iter().zip(inner.top()..inner.bottom()) {
        line(canvas, area, Rect { y, height: 1, ..inner }, labels, vm, part);
    }
}

/// Lines of one plain text at most.
const PLAIN: usize = 12;
/// Lines of output that keep their room while a table gives way.
const OUTPUT: usize = 6;

/// All of it in at most so many lines. What does not fit of a long table and of a long output is left out, and said to
/// be.
fn together(
    canvas: &Canvas<'_>,
    most: usize,
    mut above: Vec<Part>,
    rows: Vec<Part>,
    vm: &DialogVm,
    mut output: Vec<String>,
    mut below: Vec<Part>,
) -> Vec<Part> {
    let head = vm.output.as_ref().map(|(head, ..)| head.clone());
    let fixed = |above: &[Part], below: &[Part]| above.len() + below.len() + 2 * usize::from(head.is_some());
    let wanted = rows.len() + output.len().min(OUTPUT);
    // Where there is no room for all of it blank lines give way first.
    while fixed(&above, &below) + wanted > most {
        let is_blank = |part: &Part| matches!(part, Part::Blank);
        if let Some(at) = below.iter().rposition(is_blank) {
            below.remove(at);
        } else if let Some(at) = above.iter().rposition(is_blank) {
            above.remove(at);
        } else {
            break;
        }
    }
    for gives_way in [(|part: &Part| matches!(part, Part::Completion(_))) as fn(&Part) -> bool, |part| {
        matches!(part, Part::About(_))
    }] {
        while fixed(&above, &below) + rows.len().min(2) > most {
            let Some(at) = above.iter().rposition(gives_way) else { break };
            above.remove(at);
        }
    }
    let room = most.saturating_sub(fixed(&above, &below));
    let for_rows = rows.len().min(room.saturating_sub(output.len().min(OUTPUT)).max(room.min(3)));
    let for_output = room - for_rows.min(room);
    let mut parts = above;
    parts.extend(windowed(canvas, rows, for_rows, vm.scroll));
    if let Some(head) = head {
        parts.push(Part::Blank);
        parts.push(Part::OutputHead(head));
        output.drain(..output.len().saturating_sub(for_output));
        parts.extend(output.into_iter().map(Part::Output));
    }
    parts.extend(below);
    parts
}

/// So many lines of a table, from a place on, with a word of those that are hidden.
fn windowed(canvas: &Canvas<'_>, mut rows: Vec<Part>, room: usize, scroll: usize) -> Vec<Part> {
    if rows.len() <= room || room == 0 {
        rows.truncate(room);
        return rows;
    }
    let seen = room - 1;
    let first = scroll.min(rows.len() - seen);
    let below = rows.len() - seen - first;
    let mut shown: Vec<Part> = rows.drain(first..first + seen).collect();
    shown.push(Part::Hidden((canvas.words().hidden_lines)(first, below)));
    shown
}

/// Widths of a table's first two columns, and of the rest.
#[derive(Clone, Copy)]
struct Widths(u16, u16, u16);

impl Widths {
    fn of(canvas: &Canvas<'_>, (heads, rows): &([String; 3], Vec<[String; 3]>), room: u16) -> Self {
        let wide =
            |at: usize| rows.iter().chain([heads]).map(|row| canvas.width(&row[at])).max().unwrap_or(0);
        let first = wide(0).min(20);
        let rest = room.saturating_sub(first + 4);
        // The first of the two may take what the other does not need.
        let second = wide(1).min((rest / 2).max(rest.saturating_sub(wide(2))));
        Self(first, second, rest.saturating_sub(second))
    }
}

/// A row on one line, or on as many as its last column takes.
fn row_lines(canvas: &Canvas<'_>, row: &[String; 3], widths: Widths, whole: bool) -> Vec<Part> {
    if !whole {
        return vec![Part::Row(row.clone(), widths, false)];
    }
    let [first, second, last] = row;
    let (seconds, lasts) = (canvas.wrap(second, widths.1), canvas.wrap(last, widths.2));
    (0..seconds.len().max(lasts.len()).max(1))
        .map(|at| {
            let of = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
            let first = if at == 0 { first.clone() } else { String::new() };
            Part::Row([first, of(&seconds), of(&lasts)], widths, false)
        })
        .collect()
}

enum Part {
    Blank,
    About(String),
    Plain(String),
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
    /// Cells, widths, whether they are heads.
    Row([String; 3], Widths, bool),
    /// How much of a table is hidden.
    Hidden(String),
    OutputHead(String),
    Output(String),
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
    let pieces = pieces(&chars, width, cursor.is_some());
    let at = cursor.map_or(0, |cursor| pieces.iter().rposition(|piece| piece.start <= cursor).unwrap_or(0));
    let first = (at + 1).saturating_sub(LINES).min(pieces.len().saturating_sub(LINES));
    (first..pieces.len().min(first + LINES))
        .map(|line| {
            let piece = pieces[line].clone();
            let here = cursor.filter(|_| line == at).map(|cursor| cursor - piece.start);
            let text: String = chars.get(piece).unwrap_or_default().iter().collect();
            let label = if line == first { field.label.clone() } else { String::new() };
            Part::Field { label, text, cursor: here, dim: empty, focus, switch: field.switch }
        })
        .collect()
}

/// A text in pieces of at most so many characters, broken behind a space where there is one; with a piece more where a
/// cursor at its end would have no room.
fn pieces(chars: &[char], width: usize, has_cursor: bool) -> Vec<std::ops::Range<usize>> {
    let mut all = Vec::new();
    let mut start = 0;
    while chars.len() - start > width {
        let space = (start + 1..start + width).rev().find(|at| chars[*at] == ' ');
        let end = space.map_or(start + width, |at| at + 1);
        all.push(start..end);
        start = end;
    }
    all.push(start..chars.len());
    if has_cursor && chars.len() - start == width {
        all.push(chars.len()..chars.len());
    }
    all
}

fn line(canvas: &mut Canvas<'_>, frame: Rect, area: Rect, labels: u16, vm: &DialogVm, part: &Part) {
    let ground = canvas.style(Role::Overlay);
    let of = |canvas: &Canvas<'_>, role| ground.patch(canvas.style(role));
    let (text, dim, strong) =
        (of(canvas, Role::Text), of(canvas, Role::TextDim), of(canvas, Role::TextStrong));
    match part {
        Part::Blank => {}
        Part::Plain(words) => {
            canvas.text(area.x, area.y, area.width, words, strong);
        }
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
        Part::Row([first, second, last], Widths(one, two, rest), heads) => {
            let head = of(canvas, Role::Column);
            let (first_style, style) = if *heads { (head, head) } else { (strong, text) };
            // Its sign is the exclamation mark; colour alone says nothing.
            let danger = of(canvas, Role::LevelCritical);
            let first_style = if first.ends_with('!') { danger } else { first_style };
            canvas.text(area.x, area.y, *one, first, first_style);
            canvas.text(area.x + one + 2, area.y, *two, second, style);
            canvas.text(area.x + one + two + 4, area.y, *rest, last, style);
        }
        Part::Hidden(words) => {
            canvas.text(area.x, area.y, area.width, words, dim);
        }
        Part::OutputHead(words) => {
            let used = canvas.text(area.x, area.y, area.width, words, of(canvas, Role::Column));
            let rule = of(canvas, Role::Border);
            let lines = canvas.glyphs().lines[0];
            canvas.run(area.x + used + 1, area.y, area.width.saturating_sub(used + 1), lines, rule);
        }
        Part::Output(words) => {
            canvas.text(area.x + 2, area.y, area.width.saturating_sub(2), words, text);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_field_is_broken_between_words_and_loses_nothing() {
        let chars: Vec<char> = "alertname=\"A\" instance=\"mac:9100\" x".chars().collect();
        for width in 1..40 {
            let all = pieces(&chars, width, true);
            let whole: Vec<char> = all.iter().flat_map(|piece| chars[piece.clone()].to_vec()).collect();
            assert_eq!(whole, chars, "{width}");
            assert!(all.iter().all(|piece| piece.len() <= width), "{width}: {all:?}");
            let last = all.last().expect("a piece");
            assert!(last.len() < width, "{width}: the cursor at the end has room");
        }
        let all = pieces(&chars, 20, false);
        assert_eq!(all[0], 0..14, "behind a space");
    }
}
