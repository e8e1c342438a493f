//! The sources' view: every server and scraped page, the one at the cursor in detail, and what
//! Prometheus scrapes.

use ratatui::layout::Rect;

use super::boxes::{self, Frame};
use super::canvas::Canvas;
use super::hits::{Extent, Hit};
use super::{roles, table};
use crate::theme::Role;
use crate::view::vm::{PaneState, SourceRowVm, SourcesVm};

/// Terminals this wide have detail and targets side by side.
const SIDE_MIN: u16 = 110;

/// Draws the sources' view.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &SourcesVm) {
    let list_height = (vm.rows.len().min(1000) as u16 + 3).clamp(4, area.height / 2);
    let list = Rect { height: list_height, ..area };
    let rest = Rect { y: area.y + list_height, height: area.height - list_height, ..area };
    sources(canvas, list, vm);
    let (detail_area, targets_area) = if area.width >= SIDE_MIN {
        let side = area.width * 2 / 5;
        (Rect { width: side, ..rest }, Rect { x: rest.x + side, width: rest.width - side, ..rest })
    } else {
        let height = (vm.detail.len().min(1000) as u16 + 2).clamp(3, (rest.height / 2).max(3));
        (
            Rect { height, ..rest },
            Rect { y: rest.y + height, height: rest.height.saturating_sub(height), ..rest },
        )
    };
    detail(canvas, detail_area, vm);
    targets(canvas, targets_area, vm);
}

fn sources(canvas: &mut Canvas<'_>, area: Rect, vm: &SourcesVm) {
    let capacity = area.height.saturating_sub(3);
    let offset = (vm.cursor + 1).saturating_sub(usize::from(capacity));
    let position = if vm.rows.len() > usize::from(capacity) {
        (canvas.words().position)(offset + 1, offset + usize::from(capacity), vm.rows.len())
    } else {
        String::new()
    };
    let frame = Frame {
        title: canvas.words().sources,
        position: &position,
        state: PaneState::Ready,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.is_empty() {
        return;
    }
    let words = canvas.words();
    // Name, state, latency, age, address, version, message: the figures together, the words last.
    let order = |row: &SourceRowVm| -> [String; 7] {
        let state = format!("{} {}", canvas.glyphs().state(row.state), (words.state)(row.state));
        let [name, latency, age] = [&row.name, &row.latency, &row.age].map(Clone::clone);
        [name, state, latency, age, row.url.clone(), row.version.clone(), row.message.clone()]
    };
    let cells: Vec<[String; 7]> = vm.rows.iter().map(order).collect();
    let [name, state, url, version, latency, age, message] = words.source_columns;
    let heads = [name, state, latency, age, url, version, message];
    // On a narrow screen address and version give way: the detail has them.
    let columns: &[usize] = if area.width >= SIDE_MIN { &[0, 1, 2, 3, 4, 5, 6] } else { &[0, 1, 2, 3, 6] };
    let width_of = |at: usize| {
        cells.iter().map(|row| canvas.width(&row[at])).max().unwrap_or(0).max(canvas.width(heads[at]))
    };
    let wanted: Vec<u16> = columns.iter().map(|at| width_of(*at)).collect();
    let widths = table::share(&wanted, inner.width);
    let right: Vec<bool> = columns.iter().map(|at| matches!(at, 2 | 3)).collect();
    let column = canvas.style(Role::Column);
    let head: Vec<_> = columns.iter().map(|at| (heads[*at], column)).collect();
    table::line(canvas, Rect { height: 1, ..inner }, &widths, &right, &head);
    for ((index, row), y) in vm.rows.iter().enumerate().skip(offset).zip(inner.y + 1..inner.bottom()) {
        let place = Rect { x: inner.x - 1, y, width: inner.width + 2, height: 1 };
        canvas.hit(place, Hit::Source(index));
        let state = canvas.style(roles::state(row.state));
        let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::TextDim));
        let strong = canvas.style(Role::TextStrong);
        let message = if row.state == PaneState::Ready { dim } else { state };
        let styles = [strong, state, text, dim, text, dim, message];
        let line: Vec<_> = columns.iter().map(|at| (cells[index][*at].as_str(), styles[*at])).collect();
        table::line(canvas, Rect { y, height: 1, ..inner }, &widths, &right, &line);
        if index == vm.cursor {
            let style = canvas.style(Role::Cursor);
            canvas.patch(place, style);
            let mark = canvas.glyphs().cursor;
            let focus = canvas.style(Role::BorderFocus);
            canvas.symbol(place.x, y, mark, focus);
        }
    }
    canvas.hits.extent =
        Extent { content: vm.rows.len().min(usize::from(u16::MAX)) as u16, viewport: capacity };
    canvas.scroll_bar(area.right() - 1, inner.y + 1, capacity, offset, vm.rows.len());
}

fn detail(canvas: &mut Canvas<'_>, area: Rect, vm: &SourcesVm) {
    let row = vm.rows.get(vm.cursor);
    let frame = Frame {
        title: row.map_or("", |row| &row.name),
        state: row.map_or(PaneState::Ready, |row| row.state),
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    let names = vm.detail.iter().map(|(name, _)| canvas.width(name)).max().unwrap_or(0).min(inner.width / 3);
    let (label, value) = (canvas.style(Role::Label), canvas.style(Role::Value));
    let mut y = inner.y;
    for (name, text) in &vm.detail {
        let indent = if names == 0 { 0 } else { names + 2 };
        for (at, line) in canvas.wrap(text, inner.width.saturating_sub(indent)).iter().enumerate() {
            if y >= inner.bottom() {
                return;
            }
            if at == 0 {
                canvas.text(inner.x, y, names, name, label);
            }
            canvas.text(inner.x + indent, y, inner.width.saturating_sub(indent), line, value);
            y += 1;
        }
    }
}

fn targets(canvas: &mut Canvas<'_>, area: Rect, vm: &SourcesVm) {
    let capacity = usize::from(area.height.saturating_sub(3));
    let shown = vm.targets.len().min(capacity);
    let position = if shown < vm.targets.len() {
        (canvas.words().position)(1, shown, vm.targets.len())
    } else {
        String::new()
    };
    let words = canvas.words();
    let frame = Frame {
        title: words.targets,
        note: &vm.targets_note,
        position: if shown == 0 { "" } else { &position },
        state: vm.targets_state,
        ..Frame::default()
    };
    let inner = boxes::frame(canvas, area, &frame);
    if inner.is_empty() {
        return;
    }
    if vm.targets.is_empty() {
        let (state, why) = match vm.targets_state {
            PaneState::Ready => (PaneState::NoData, words.no_targets.to_owned()),
            state => (state, vm.targets_note.clone()),
        };
        boxes::message(canvas, inner, state, &[why]);
        return;
    }
    let seen = &vm.targets[..shown];
    let health: Vec<String> =
        seen.iter().map(|row| format!("{} {}", canvas.glyphs().level(row.level), row.health)).collect();
    let texts = |at: usize| -> [&str; 5] {
        let row = &seen[at];
        [&health[at], &row.job, &row.instance, &row.last_scrape, &row.error]
    };
    let wanted: Vec<u16> = (0..5)
        .map(|column| {
            let cells = (0..shown).map(|at| canvas.width(texts(at)[column])).max().unwrap_or(0);
            cells.max(canvas.width(words.target_columns[column]))
        })
        .collect();
    let widths = table::share(&wanted, inner.width);
    let right = [false, false, false, true, false];
    let column = canvas.style(Role::Column);
    table::line(
        canvas,
        Rect { height: 1, ..inner },
        &widths,
        &right,
        &words.target_columns.map(|h| (h, column)),
    );
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::TextDim));
    for (at, y) in (0..shown).zip(inner.y + 1..inner.bottom()) {
        let level = canvas.style(roles::level(seen[at].level));
        let [health, job, instance, scraped, error] = texts(at);
        let cells = [(health, level), (job, text), (instance, text), (scraped, dim), (error, level)];
        table::line(canvas, Rect { y, height: 1, ..inner }, &widths, &right, &cells);
    }
}
