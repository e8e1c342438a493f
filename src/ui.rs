//! View-model → frame: boxes, tables, charts, gauges, overlays.
//!
//! Owns drawing alone. Must not decide what is said (that is `view`) or keep any state: the same
//! screen, glyphs and styles always give the same cells, and nothing is drawn outside the area.

mod alert_table;
mod alerts;
mod ascii;
mod axis;
mod bars;
mod boxes;
mod canvas;
mod card;
mod chart;
mod columns;
mod compare;
mod detail;
mod dialog;
mod faults;
mod fit;
mod footer;
mod glyphs;
mod header;
mod hits;
mod incident;
mod incidents;
mod logs;
mod metrics;
mod overlay;
mod page;
mod palette;
mod pane;
mod panes;
mod plot;
mod prompt;
mod roles;
mod silences;
mod sources;
mod spark;
mod table;
mod trace;
mod traces;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub use alerts::alert_rows;
pub use glyphs::Glyphs;
pub use hits::{Extent, Hit, Hits};
pub use overlay::palette_rows;

use crate::text::Text;
use crate::theme::{Role, Theme};
use crate::view::vm::{Body, Overlay, Screen};
use canvas::Canvas;

/// Columns that every screen fits in.
pub const MIN_WIDTH: u16 = 80;
/// Lines that every screen fits in.
pub const MIN_HEIGHT: u16 = 24;

/// What gives each role its style.
pub trait Styles {
    /// The style of a role, complete: nothing is left for the drawing to fall back to.
    fn style(&self, role: Role) -> Style;
}

impl<F: Fn(Role) -> Style> Styles for F {
    fn style(&self, role: Role) -> Style {
        self(role)
    }
}

impl Styles for Theme {
    fn style(&self, role: Role) -> Style {
        Theme::style(self, role)
    }
}

/// What a screen is drawn with.
#[derive(Clone, Copy)]
pub struct UiContext<'a> {
    /// The theme.
    pub styles: &'a dyn Styles,
    /// The characters.
    pub glyphs: &'a Glyphs,
    /// The words.
    pub text: &'a Text,
}

/// Draws a screen into `area` of `buffer` and says what a click on each place means.
///
/// An area smaller than [`MIN_WIDTH`]×[`MIN_HEIGHT`] shows only that it is too small.
pub fn draw(screen: &Screen, ui: &UiContext<'_>, buffer: &mut Buffer, area: Rect) -> Hits {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return Hits::default();
    }
    let mut canvas = Canvas::new(buffer, area, *ui);
    let background = canvas.style(Role::Background);
    canvas.clear(area, background);
    if area.width < MIN_WIDTH || area.height < MIN_HEIGHT {
        too_small(&mut canvas, area);
        return canvas.hits;
    }
    let card_lines = screen.card.as_ref().map_or(0, |card| card.lines.min(area.height / 3));
    let body = Rect { y: area.y + 1, height: area.height - 2 - card_lines, ..area };
    header::draw(&mut canvas, Rect { height: 1, ..area }, &screen.header);
    match &screen.body {
        Body::Page(page) => page::draw(&mut canvas, body, page),
        Body::Alerts(alerts) => alerts::draw(&mut canvas, body, alerts),
        Body::AlertDetail(detail) => detail::draw(&mut canvas, body, detail),
        Body::Sources(sources) => sources::draw(&mut canvas, body, sources),
        Body::Silences(silences) => silences::draw(&mut canvas, body, silences),
        Body::Incidents(list) => incidents::draw(&mut canvas, body, list),
        Body::Record(incident) => incidents::one(&mut canvas, body, incident),
        Body::Logs(logs) => logs::draw(&mut canvas, body, logs),
        Body::Traces(traces) => traces::draw(&mut canvas, body, traces),
        Body::Trace(trace) => trace::draw(&mut canvas, body, trace),
        Body::Compare(compare) => compare::draw(&mut canvas, body, compare),
        Body::Metrics(metrics) => metrics::draw(&mut canvas, body, metrics),
        Body::Incident(incident) => incident::draw(&mut canvas, body, incident),
    }
    if let Some(card) = &screen.card {
        card::draw(&mut canvas, Rect { y: body.bottom(), height: card_lines, ..area }, card);
    }
    footer::draw(&mut canvas, Rect { y: area.bottom() - 1, height: 1, ..area }, &screen.footer);
    match &screen.overlay {
        None => {}
        Some(Overlay::Palette(palette)) => palette::draw(&mut canvas, body, palette),
        Some(Overlay::Help { groups, scroll }) => overlay::help(&mut canvas, body, groups, *scroll),
        Some(Overlay::Query(query)) => prompt::draw(&mut canvas, body, query),
        Some(Overlay::Find(find)) => prompt::find(&mut canvas, body, find),
        Some(Overlay::Dialog(dialog)) => dialog::draw(&mut canvas, body, dialog),
        Some(Overlay::Faults(faults)) => faults::draw(&mut canvas, body, faults),
        Some(Overlay::Choose { title, entries, cursor }) => {
            overlay::choose(&mut canvas, body, title, entries, *cursor);
        }
    }
    canvas.hits
}

/// The one sentence of a terminal that is too small, wrapped and centred.
fn too_small(canvas: &mut Canvas<'_>, area: Rect) {
    let text = (canvas.ui.text.ui.too_small)(area.width, area.height, MIN_WIDTH, MIN_HEIGHT);
    let lines = canvas.wrap(&text, area.width);
    let style = canvas.style(Role::TextStrong);
    let top = area.y + area.height.saturating_sub(lines.len() as u16) / 2;
    for (line, y) in lines.iter().zip(top..area.bottom()) {
        canvas.text_centre(Rect { y, height: 1, ..area }, line, style);
    }
}
