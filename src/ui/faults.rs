//! The faults of an embedded place: which there are, which are under way.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::hits::{Extent, Hit};
use super::overlay::{centred, cursor_row, popup};
use crate::theme::Role;
use crate::view::vm::{FaultRowVm, FaultsVm, Level};

/// Draws the list: a mark and a word for what is under way, so that colour is not needed to see it.
pub fn draw(canvas: &mut Canvas<'_>, body: Rect, faults: &FaultsVm) {
    let widest = |text: fn(&FaultRowVm) -> &str, most: u16| {
        faults.rows.iter().map(|row| canvas.width(text(row))).max().unwrap_or(0).min(most)
    };
    let (names, docs, states) =
        (widest(|row| &row.name, 30), widest(|row| &row.doc, 60), widest(|row| &row.state, 24));
    let wanted = names + docs + states.max(12) + 14;
    let height = (faults.rows.len().min(1000) as u16 + 2).min(body.height.saturating_sub(2));
    let area = centred(body, wanted.min(body.width), height.max(3));
    let seen = area.height.saturating_sub(2);
    let offset = faults.cursor.saturating_add(1).saturating_sub(usize::from(seen));
    let inner = popup(canvas, area, &faults.title, &faults.below, "");
    let ground = canvas.style(Role::Overlay);
    let text = ground.patch(canvas.style(Role::Text));
    let dim = ground.patch(canvas.style(Role::TextDim));
    let strong = ground.patch(canvas.style(Role::TextStrong));
    let on = ground.patch(canvas.style(Role::LevelWarning));
    for ((index, row), y) in faults.rows.iter().enumerate().skip(offset).zip(inner.top()..inner.bottom()) {
        let place = Rect { x: area.x + 1, y, width: area.width.saturating_sub(2), height: 1 };
        canvas.hit(place, Hit::Choice(index));
        let mark = canvas.glyphs().level(if row.on { Level::Warning } else { Level::Ok });
        let mut x = inner.x + 1;
        if row.on {
            canvas.symbol(x, y, mark, on);
        }
        x += 2;
        canvas.text(x, y, names, &row.name, if row.on { strong } else { text });
        x += names + 2;
        let state = canvas.width(&row.state).min(inner.width / 3);
        let room = (inner.right().saturating_sub(x)).saturating_sub(state + 2);
        canvas.text(x, y, room, &row.doc, dim);
        canvas.text_right(
            inner.right().saturating_sub(state),
            y,
            state,
            &row.state,
            if row.on { on } else { dim },
        );
        if index == faults.cursor {
            cursor_row(canvas, place);
        }
    }
    let content = faults.rows.len().min(usize::from(u16::MAX)) as u16;
    canvas.hits.extent = Extent { content, viewport: seen };
    canvas.scroll_bar(area.right() - 1, inner.y, seen, offset, faults.rows.len());
}
