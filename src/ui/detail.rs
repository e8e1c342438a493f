//! One alert in full.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::boxes::{self, Frame};
use super::canvas::Canvas;
use super::hits::Extent;
use super::{pane, roles};
use crate::model::Severity;
use crate::theme::Role;
use crate::view::vm::{DetailVm, SectionVm};

/// Terminals this wide have the trend at the side.
const SIDE_MIN: u16 = 110;
/// Lines of the trend under the text, its frame included.
const TREND: u16 = 9;
/// The widest column of names.
const NAME_MAX: u16 = 24;

/// One line of the text, laid out.
struct Line {
    name: String,
    indent: u16,
    text: String,
    style: Style,
}

/// Draws the detail, with the trend at its side or under it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &DetailVm) {
    let (text_area, trend_area) = match &vm.trend {
        Some(_) if area.width >= SIDE_MIN => {
            let side = area.width * 2 / 5;
            (
                Rect { width: area.width - side, ..area },
                Rect { x: area.right() - side, width: side, height: area.height.min(16), ..area },
            )
        }
        Some(_) if area.height >= TREND * 2 => (
            Rect { height: area.height - TREND, ..area },
            Rect { y: area.bottom() - TREND, height: TREND, ..area },
        ),
        _ => (area, Rect::ZERO),
    };
    text(canvas, text_area, vm);
    if let Some(trend) = vm.trend.as_ref().filter(|_| !trend_area.is_empty()) {
        let frame =
            Frame { title: &trend.title, note: &vm.trend_note, state: trend.state, ..Frame::default() };
        let inner = boxes::frame(canvas, trend_area, &frame);
        pane::draw(canvas, inner, trend);
    }
}

/// Draws the text in its frame.
pub(super) fn text(canvas: &mut Canvas<'_>, area: Rect, vm: &DetailVm) {
    let title = match vm.severity {
        Severity::None => vm.title.clone(),
        severity => format!("{} {}", canvas.glyphs().severity(severity), vm.title),
    };
    let inner = boxes::inside(area);
    let lines = layout(canvas, &vm.sections, inner.width);
    let extent = Extent { content: lines.len().min(usize::from(u16::MAX)) as u16, viewport: inner.height };
    let scroll = vm.scroll.min(extent.max_scroll());
    let position = if extent.max_scroll() == 0 {
        String::new()
    } else {
        let last = (scroll + inner.height).min(extent.content);
        (canvas.words().position)(usize::from(scroll) + 1, usize::from(last), usize::from(extent.content))
    };
    let frame =
        Frame { title: &title, note: &vm.note, position: &position, state: vm.state, ..Frame::default() };
    boxes::frame(canvas, area, &frame);
    // The title wears its severity as far as it was written.
    let width = canvas.width(&title).min(area.width.saturating_sub(6));
    let note = canvas.width(&vm.note);
    let severity = canvas.style(roles::severity(vm.severity));
    let seen = width.min(area.width.saturating_sub(note.min(area.width / 2) + 8));
    canvas.patch(Rect { x: area.x + 3, y: area.y, width: seen, height: 1 }, severity);
    let name_style = canvas.style(Role::Label);
    for (line, y) in lines.iter().skip(usize::from(scroll)).zip(inner.top()..inner.bottom()) {
        canvas.text(inner.x, y, line.indent.saturating_sub(2).min(inner.width), &line.name, name_style);
        let x = inner.x + line.indent;
        canvas.text(x, y, inner.width.saturating_sub(line.indent), &line.text, line.style);
    }
    canvas.hits.extent = extent;
    let content = usize::from(extent.content);
    canvas.scroll_bar(area.right() - 1, inner.y, inner.height, usize::from(scroll), content);
}

/// Lays the sections out in lines of at most `width` cells.
fn layout(canvas: &Canvas<'_>, sections: &[SectionVm], width: u16) -> Vec<Line> {
    let mut lines = Vec::new();
    let head = canvas.style(Role::Title);
    let blank = || Line { name: String::new(), indent: 0, text: String::new(), style: Style::default() };
    // One column of names through all sections.
    let all = sections.iter().flat_map(|section| &section.lines);
    let names = all.map(|(name, _)| canvas.width(name)).max().unwrap_or(0).min(NAME_MAX).min(width / 3);
    for section in sections {
        if !lines.is_empty() {
            lines.push(blank());
        }
        if !section.title.is_empty() {
            lines.push(Line { text: section.title.clone(), style: head, ..blank() });
        }
        let mut verbatim = false;
        for (name, value) in &section.lines {
            if name.is_empty() {
                prose(canvas, value, width, &mut verbatim, &mut lines);
                continue;
            }
            let style = canvas.style(Role::Value);
            for (at, text) in canvas.wrap(value, width.saturating_sub(names + 2)).into_iter().enumerate() {
                let name = if at == 0 { name.clone() } else { String::new() };
                lines.push(Line { name, indent: names + 2, text, style });
            }
        }
    }
    lines
}

/// Lines of text with the few marks of Markdown that runbooks use: heads, lists, and code, which
/// keeps its own lines.
fn prose(canvas: &Canvas<'_>, value: &str, width: u16, verbatim: &mut bool, lines: &mut Vec<Line>) {
    let plain = canvas.style(Role::Text);
    for paragraph in value.split('\n') {
        let body = paragraph.trim_start_matches(' ');
        let indent = canvas.width(paragraph).saturating_sub(canvas.width(body)).min(width / 4);
        if body.starts_with("```") {
            *verbatim = !*verbatim;
            continue;
        }
        let (style, body, hang) = if *verbatim {
            (canvas.style(Role::Value), body.to_owned(), 2)
        } else if let Some(head) = body.strip_prefix('#') {
            (canvas.style(Role::TextStrong), head.trim_start_matches('#').trim_start().to_owned(), 0)
        } else if let Some(item) = body.strip_prefix("- ").or_else(|| body.strip_prefix("* ")) {
            (plain, format!("{} {item}", canvas.glyphs().bullet), 2)
        } else {
            let digits = body.bytes().take_while(u8::is_ascii_digit).count();
            let numbered = digits > 0 && body[digits..].starts_with(". ");
            (plain, body.to_owned(), if numbered { digits as u16 + 2 } else { 0 })
        };
        let body = if *verbatim { body } else { body.replace("**", "") };
        let hang = hang.min(width / 4);
        let mut at_start = true;
        let room = width.saturating_sub(indent + hang);
        for text in hanging(canvas, &body, room, hang) {
            let indent = if at_start { indent } else { indent + hang };
            lines.push(Line { name: String::new(), indent, text, style });
            at_start = false;
        }
    }
}

/// Wraps so that the first line is `hang` cells longer than the others.
fn hanging(canvas: &Canvas<'_>, text: &str, room: u16, hang: u16) -> Vec<String> {
    let first = canvas.wrap(text, room + hang).into_iter().next().unwrap_or_default();
    match text.strip_prefix(first.as_str()) {
        Some(rest) if !rest.trim_start().is_empty() => {
            let mut lines = vec![first];
            lines.extend(canvas.wrap(rest.trim_start(), room));
            lines
        }
        Some(_) => vec![first],
        // Something was left out of the first line that a terminal cannot show.
        None => canvas.wrap(text, room),
    }
}
