//! The frame of a box: its lines, titles and what they say of the content.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::roles;
use crate::theme::Role;
use crate::view::vm::{Level, PaneState};

/// A piece of a reason shorter than this says nothing.
const REASON: u16 = 20;

/// What a frame says.
#[derive(Clone, Copy, Default)]
pub struct Frame<'a> {
    /// Left title.
    pub title: &'a str,
    /// Follows the title, dimmer: a summary.
    pub subtitle: &'a str,
    /// Right title: age and completeness.
    pub note: &'a str,
    /// At the far right: a card's word.
    pub word: &'a str,
    /// At the bottom left.
    pub below: &'a str,
    /// At the bottom right: a position in a list.
    pub position: &'a str,
    /// State of the content.
    pub state: PaneState,
    /// Worst level inside.
    pub level: Level,
    /// Whether it has the focus.
    pub focus: bool,
}

/// The area inside a frame: one cell of line and one of air on each side, no air above and below.
pub fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(2),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    }
}

/// Draws a frame and returns the area inside. Content that is not known to be true now has broken
/// lines, which can be told apart without colour.
pub fn frame(canvas: &mut Canvas<'_>, area: Rect, frame: &Frame<'_>) -> Rect {
    if area.width < 2 || area.height < 2 {
        return Rect { width: 0, height: 0, ..area };
    }
    let line_style = canvas.line_style(border(frame));
    lines(canvas, area, line_style, roles::unknown(frame.state));
    top(canvas, area, frame);
    bottom(canvas, area, frame);
    inside(area)
}

fn border(frame: &Frame<'_>) -> Role {
    match (frame.focus, roles::unknown(frame.state), frame.level) {
        (true, ..) => Role::BorderFocus,
        (_, true, _) => Role::BorderUnknown,
        (_, _, Level::Critical) => Role::BorderCritical,
        (_, _, Level::Warning) => Role::BorderWarning,
        _ => Role::Border,
    }
}

/// The four lines and corners.
pub fn lines(canvas: &mut Canvas<'_>, area: Rect, style: Style, broken: bool) {
    let glyphs = canvas.glyphs();
    let [across, down] = if broken { glyphs.broken_lines } else { glyphs.lines };
    let [top_left, top_right, bottom_left, bottom_right] = glyphs.corners;
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    for (y, left_corner, right_corner) in [(area.y, top_left, top_right), (bottom, bottom_left, bottom_right)]
    {
        canvas.symbol(area.x, y, left_corner, style);
        canvas.run(area.x + 1, y, area.width - 2, across, style);
        canvas.symbol(right, y, right_corner, style);
    }
    for y in area.y + 1..bottom {
        canvas.symbol(area.x, y, down, style);
        canvas.symbol(right, y, down, style);
    }
}

/// Title at the left, note and word at the right. The word gives way to the title where its mark
/// says enough; the note is cut, or left out when all is well, before the title is.
fn top(canvas: &mut Canvas<'_>, area: Rect, frame: &Frame<'_>) {
    let y = area.y;
    let mut end = area.right() - 2;
    let start = area.x + 2;
    let title_width = canvas.width(frame.title);
    if !frame.word.is_empty() {
        let unknown = frame.state != PaneState::Ready;
        let (mark, role) = if unknown {
            (canvas.glyphs().state(frame.state), roles::state(frame.state))
        } else {
            (canvas.glyphs().level(frame.level), roles::level(frame.level))
        };
        let style = canvas.style(role);
        let needed = title_width + canvas.width(frame.word) + 7;
        if !unknown && needed > end - start {
            // The mark says it as well; a card without its name says nothing.
            canvas.symbol(end - 2, y, " ", style);
            canvas.symbol(end - 1, y, mark, style);
            canvas.symbol(end, y, " ", style);
            end = end.saturating_sub(3);
        } else {
            end = right_title(canvas, start, end, y, Some(mark), frame.word, style);
        }
    }
    let calm = frame.state == PaneState::Ready;
    let fallback = if calm || !frame.word.is_empty() { "" } else { (canvas.words().state)(frame.state) };
    let note = if frame.note.is_empty() { fallback } else { frame.note };
    if !note.is_empty() {
        let mark = (!calm && frame.word.is_empty()).then(|| canvas.glyphs().state(frame.state));
        let style = canvas.style(if calm { Role::TextDim } else { roles::state(frame.state) });
        let room = end.saturating_sub(start + title_width + 4);
        let needed = canvas.width(note) + if mark.is_some() { 4 } else { 2 };
        // Half a sentence about a calm pane helps nobody; of trouble every letter does.
        // Nor does the beginning of a reason: then the state and its age stand alone.
        let head = note.split(" · ").next().unwrap_or(note);
        let kept = canvas.width(head) + needed - canvas.width(note);
        let note = if needed > room && kept <= room && room - kept < REASON { head } else { note };
        let needed = needed.min(canvas.width(note) + if mark.is_some() { 4 } else { 2 });
        let cut = needed > room;
        if !cut || (!calm && room >= 8 && frame.word.is_empty()) {
            let floor = end.saturating_sub(room.min(needed));
            end = right_title(canvas, floor, end, y, mark, note, style);
        }
    }
    let title_style = canvas.style(if frame.focus { Role::TitleFocus } else { Role::Title });
    let room = end.saturating_sub(start + 2);
    if title_width == 0 || room == 0 {
        return;
    }
    canvas.symbol(start, y, " ", title_style);
    let mut x = start + 1 + canvas.text(start + 1, y, room, frame.title, title_style);
    canvas.symbol(x, y, " ", title_style);
    let room = end.saturating_sub(x + 4);
    if !frame.subtitle.is_empty() && room >= 6 {
        let dim = canvas.style(Role::TextDim);
        let dot = canvas.glyphs().dot;
        canvas.symbol(x + 1, y, dot, dim);
        canvas.symbol(x + 2, y, " ", dim);
        x += 3;
        x += canvas.text(x, y, room, frame.subtitle, dim);
        canvas.symbol(x, y, " ", dim);
    }
}

/// A text set into the top line so that it ends before `end`; returns where it starts.
fn right_title(
    canvas: &mut Canvas<'_>,
    start: u16,
    end: u16,
    y: u16,
    mark: Option<&str>,
    text: &str,
    style: Style,
) -> u16 {
    let extra = if mark.is_some() { 4 } else { 2 };
    let width = (canvas.width(text) + extra).min(end.saturating_sub(start));
    if width <= extra {
        return end;
    }
    let from = end - width;
    canvas.run(from, y, width, " ", style);
    let mut x = from + 1;
    if let Some(mark) = mark {
        canvas.symbol(x, y, mark, style);
        x += 2;
    }
    canvas.text(x, y, width - extra, text, style);
    from.saturating_sub(1)
}

fn bottom(canvas: &mut Canvas<'_>, area: Rect, frame: &Frame<'_>) {
    let y = area.bottom() - 1;
    let dim = canvas.style(Role::TextDim);
    let mut end = area.right() - 2;
    if !frame.position.is_empty() {
        end = right_title(canvas, area.x + 2, end, y, None, frame.position, dim);
    }
    let room = end.saturating_sub(area.x + 4);
    if !frame.below.is_empty() && room > 4 {
        canvas.symbol(area.x + 2, y, " ", dim);
        let used = canvas.text(area.x + 3, y, room, frame.below, dim);
        canvas.symbol(area.x + 3 + used, y, " ", dim);
    }
}

/// Lines in the middle of an area: what stands in place of content. The first has the state's
/// mark and style.
pub fn message(canvas: &mut Canvas<'_>, area: Rect, state: PaneState, lines: &[String]) {
    if area.is_empty() {
        return;
    }
    let mut texts = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let line = if at == 0 && state != PaneState::Ready {
            format!("{} {line}", canvas.glyphs().state(state))
        } else {
            line.clone()
        };
        texts.extend(canvas.wrap(&line, area.width).into_iter().map(|text| (at == 0, text)));
    }
    let head = canvas.style(if state == PaneState::Ready { Role::Text } else { roles::state(state) });
    let dim = canvas.style(Role::TextDim);
    let top = area.y + area.height.saturating_sub(texts.len() as u16) / 2;
    for ((first, text), y) in texts.iter().zip(top..area.bottom()) {
        canvas.text_centre(Rect { y, height: 1, ..area }, text, if *first { head } else { dim });
    }
}
