//! The card at the bottom: a step of the guided tour.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::hits::Hit;
use super::overlay::popup;
use crate::theme::Role;
use crate::view::vm::CardVm;

/// Draws the card: what to see, and in its frame where in the tour one is and which keys go on.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, card: &CardVm) {
    if area.height < 3 {
        return;
    }
    let inner = popup(canvas, area, &card.title, "", &card.own);
    let ground = canvas.style(Role::Overlay);
    let dim = ground.patch(canvas.style(Role::TextDim));
    let width = canvas.width(&card.position).min(inner.width / 3);
    let x = area.right().saturating_sub(4 + width);
    canvas.run(x, area.y, width + 2, " ", dim);
    canvas.text(x + 1, area.y, width, &card.position, dim);
    let text = ground.patch(canvas.style(Role::Text));
    for (line, y) in canvas.wrap(&card.body, inner.width).iter().zip(inner.top()..inner.bottom()) {
        canvas.text(inner.x, y, inner.width, line, text);
    }
    keys(canvas, area, card);
    canvas.hit(area, Hit::Overlay);
}

fn keys(canvas: &mut Canvas<'_>, area: Rect, card: &CardVm) {
    let ground = canvas.style(Role::Overlay);
    let dim = ground.patch(canvas.style(Role::TextDim));
    let mut key_style = canvas.style(Role::FooterKey);
    key_style.bg = ground.bg.or(key_style.bg);
    let own = if card.own.is_empty() { 0 } else { canvas.width(&card.own) + 3 };
    let (y, end) = (area.bottom() - 1, area.right().saturating_sub(3 + own));
    let mut x = area.x + 2;
    for (key, words) in &card.keys {
        let (key_width, words_width) = (canvas.width(key), canvas.width(words));
        let width = key_width.saturating_add(words_width).saturating_add(3);
        if x.saturating_add(width) > end {
            break;
        }
        canvas.run(x, y, width, " ", dim);
        canvas.text(x + 1, y, key_width, key, key_style);
        canvas.text(x + 2 + key_width, y, words_width, words, dim);
        x += width;
    }
}
