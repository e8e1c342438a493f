//! The header line: where, from which sources, which time.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::hits::Hit;
use super::roles;
use crate::theme::Role;
use crate::view::vm::{Header, Lamp, PaneState};

/// Blank cells between the left half and the lamps, at least.
const GAP: u16 = 2;

/// How much of the header is said. Each step down gives up what is missed least; marks of lamps,
/// badges, the window and the clock are never given up.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Shown(u8);

impl Shown {
    const LAST: u8 = 8;

    /// Cells between two lamps.
    fn between(self) -> u16 {
        if self.0 < 4 { 2 } else { 1 }
    }

    fn operator(self) -> bool {
        self.0 < 1
    }
    /// Latencies of sources that are well.
    fn calm_notes(self) -> bool {
        self.0 < 2
    }
    fn context(self) -> bool {
        self.0 < 3
    }
    fn zone(self) -> bool {
        self.0 < 5
    }
    /// The way to the last part of the trail.
    fn way(self) -> bool {
        self.0 < 6
    }
    /// What troubles a source.
    fn notes(self) -> bool {
        self.0 < 7
    }
    fn names(self) -> bool {
        self.0 < 8
    }
}

/// Draws the header into one line.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, header: &Header) {
    let style = canvas.style(Role::Header);
    canvas.clear(area, style);
    let shown = (0..=Shown::LAST)
        .map(Shown)
        .find(|shown| {
            left_width(canvas, header, *shown)
                .saturating_add(GAP)
                .saturating_add(right_width(canvas, header, *shown))
                <= area.width
        })
        .unwrap_or(Shown(Shown::LAST));
    let right = right_width(canvas, header, shown).min(area.width);
    left(canvas, Rect { width: area.width - right, ..area }, header, shown);
    right_half(canvas, Rect { x: area.right() - right, width: right, ..area }, header, shown);
}

fn left_width(canvas: &Canvas<'_>, header: &Header, shown: Shown) -> u16 {
    let mut width = 1 + canvas.width(&header.program);
    for (at, part) in parts(header, shown).enumerate() {
        width = width.saturating_add(canvas.width(part) + if at == 0 { 2 } else { 3 });
    }
    width
}

/// Context and trail, as far as they are shown.
fn parts(header: &Header, shown: Shown) -> impl Iterator<Item = &str> {
    let context = Some(header.context.as_str()).filter(|c| !c.is_empty() && shown.context());
    let from = if shown.way() { 0 } else { header.trail.len().saturating_sub(1) };
    context.into_iter().chain(header.trail[from..].iter().map(String::as_str))
}

fn left(canvas: &mut Canvas<'_>, area: Rect, header: &Header, shown: Shown) {
    let mut x = area.x + 1;
    let end = area.right();
    let program = canvas.style(Role::HeaderProgram);
    x += canvas.text(x, area.y, end.saturating_sub(x), &header.program, program);
    let dim = canvas.style(Role::Header);
    let strong = canvas.style(Role::HeaderTrail);
    let last = parts(header, shown).count().saturating_sub(1);
    for (at, part) in parts(header, shown).enumerate() {
        if at > 0 {
            let symbol = canvas.glyphs().trail;
            x += 1;
            canvas.text(x, area.y, end.saturating_sub(x), symbol, dim);
            x += 2;
        } else {
            x += 2;
        }
        x += canvas.text(x, area.y, end.saturating_sub(x), part, if at == last { strong } else { dim });
    }
}

/// Name and note of a lamp, as far as they are shown.
fn lamp_texts(lamp: &Lamp, shown: Shown) -> (&str, &str) {
    let calm = matches!(lamp.state, PaneState::Ready | PaneState::Unconfigured);
    let name = if shown.names() { lamp.name.as_str() } else { "" };
    let note = if if calm { shown.calm_notes() } else { shown.notes() } { lamp.note.as_str() } else { "" };
    (name, note)
}

fn lamp_width(canvas: &Canvas<'_>, lamp: &Lamp, shown: Shown) -> u16 {
    let (name, note) = lamp_texts(lamp, shown);
    let spaced = |text: &str| if text.is_empty() { 0 } else { 1 + canvas.width(text) };
    1 + spaced(name) + spaced(note)
}

/// The clock without its zone where there is no room for it.
fn clock(header: &Header, shown: Shown) -> &str {
    match header.clock.split_once(' ') {
        Some((time, _)) if !shown.zone() => time,
        _ => &header.clock,
    }
}

fn right_width(canvas: &Canvas<'_>, header: &Header, shown: Shown) -> u16 {
    let between = shown.between();
    let mut width: u16 = 1;
    for lamp in &header.sources {
        width = width.saturating_add(lamp_width(canvas, lamp, shown) + between);
    }
    for badge in &header.badges {
        width = width.saturating_add(canvas.width(badge) + 3);
    }
    width = width.saturating_add(canvas.width(&header.window) + canvas.width(clock(header, shown)) + 3);
    if shown.operator() && !header.operator.is_empty() {
        width = width.saturating_add(2 + canvas.width(&header.operator));
    }
    width
}

fn right_half(canvas: &mut Canvas<'_>, area: Rect, header: &Header, shown: Shown) {
    let (mut x, y, end) = (area.x, area.y, area.right());
    let between = shown.between();
    let plain = canvas.style(Role::Header);
    for (at, lamp) in header.sources.iter().enumerate() {
        let start = x;
        let style = canvas.style(roles::state(lamp.state));
        let mark = canvas.glyphs().state(lamp.state);
        let (name, note) = lamp_texts(lamp, shown);
        x += canvas.text(x, y, end.saturating_sub(x), mark, plain.patch(style));
        if !name.is_empty() {
            let name_style =
                if lamp.state == PaneState::Unconfigured { plain } else { canvas.style(Role::HeaderClock) };
            x += 1 + canvas.text(x + 1, y, end.saturating_sub(x + 1), name, plain.patch(name_style));
        }
        if !note.is_empty() {
            let calm = lamp.state == PaneState::Ready;
            let note_style = if calm { plain } else { plain.patch(style) };
            x += 1 + canvas.text(x + 1, y, end.saturating_sub(x + 1), note, note_style);
        }
        canvas.hit(Rect { x: start, y, width: x - start, height: 1 }, Hit::Lamp(at));
        x += between;
    }
    let badge_style = canvas.style(Role::Badge);
    for badge in &header.badges {
        x += pill(canvas, x, y, end, badge, badge_style) + 1;
    }
    let window = canvas.style(if header.live { Role::WindowLive } else { Role::WindowPast });
    let used = pill(canvas, x, y, end, &header.window, window);
    canvas.hit(Rect { x, y, width: used, height: 1 }, Hit::Window);
    x += used + 1;
    let time = canvas.style(Role::HeaderClock);
    x += canvas.text(x, y, end.saturating_sub(x), clock(header, shown), plain.patch(time));
    if shown.operator() {
        x += 2;
        canvas.text(x, y, end.saturating_sub(x), &header.operator, plain);
    }
}

/// A text on its own ground, a space on each side.
fn pill(canvas: &mut Canvas<'_>, x: u16, y: u16, end: u16, text: &str, style: ratatui::style::Style) -> u16 {
    let room = end.saturating_sub(x);
    let width = (canvas.width(text) + 2).min(room);
    canvas.run(x, y, width, " ", style);
    canvas.text(x + 1, y, width.saturating_sub(1), text, style);
    width
}
