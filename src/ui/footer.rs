//! The footer line: a notice, or what can be pressed.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::hits::Hit;
use crate::theme::Role;
use crate::view::vm::{Footer, Level};

/// Draws the footer into one line: the notice when there is one, else as many hints as fit; keys
/// typed so far of a longer sequence stand at the right end in any case.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, footer: &Footer) {
    let ground = canvas.style(Role::FooterText);
    canvas.clear(area, ground);
    canvas.hit(area, Hit::Footer);
    let mut end = area.right() - 1;
    if !footer.pending.is_empty() {
        let style = canvas.style(Role::FooterKey);
        let width = canvas.width(&footer.pending).min(area.width / 2);
        end -= canvas.text_right(end - width, area.y, width, &footer.pending, style) + 2;
    }
    let x = area.x + 1;
    match &footer.notice {
        Some((level, text)) => notice(canvas, x, area.y, end, *level, text),
        None => {
            let lead = canvas.style(Role::TextStrong);
            let used = canvas.text(x, area.y, end.saturating_sub(x), &footer.lead, lead);
            let x = if used > 0 { x + used + 2 } else { x };
            hints(canvas, x, area.y, end, &footer.hints);
        }
    }
}

fn notice(canvas: &mut Canvas<'_>, x: u16, y: u16, end: u16, level: Level, text: &str) {
    let style = canvas.style(match level {
        Level::Ok => Role::NoticeOk,
        Level::Warning => Role::NoticeWarning,
        Level::Critical => Role::NoticeCritical,
    });
    let mark = canvas.glyphs().level(level);
    canvas.symbol(x, y, mark, style);
    canvas.text(x + 2, y, end.saturating_sub(x + 2), text, style);
}

fn hints(canvas: &mut Canvas<'_>, mut x: u16, y: u16, end: u16, hints: &[(String, String)]) {
    let (key_style, text_style) = (canvas.style(Role::FooterKey), canvas.style(Role::FooterText));
    for (at, (key, text)) in hints.iter().enumerate() {
        let (key_width, text_width) = (canvas.width(key), canvas.width(text));
        let width = key_width + 1 + text_width;
        if x + width > end {
            break;
        }
        canvas.text(x, y, key_width, key, key_style);
        canvas.text(x + key_width + 1, y, text_width, text, text_style);
        canvas.hit(Rect { x, y, width, height: 1 }, Hit::Hint(at));
        x += width + 2;
    }
}
