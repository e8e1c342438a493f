//! What is on screen as text, ANSI, SVG, HTML or JSON.
//!
//! Owns formats. The frame comes drawn from `ui`, the data from `view`. Must not decide what is
//! shown, and must not write anywhere.

mod explore;
pub mod incident;
pub mod json;
pub mod picture;
pub mod query;
pub mod record;
pub mod report;
mod silences;
mod sources;
mod traces;
mod waterfall;

pub use explore::lacking;
pub use json::{Completeness, alerts_json, completeness, view_json};
pub use picture::{Ground, ansi, html, svg, text};
pub use silences::{matchers_text, silences_json};
pub use traces::{hit_json, trace_json};
pub use waterfall::{time as span_time, trace_text};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::theme::Theme;
use crate::ui::{self, UiContext};
use crate::view::vm::Screen;

/// The screen drawn on a frame of this many columns and lines.
pub fn frame(screen: &Screen, context: &UiContext<'_>, (width, height): (u16, u16)) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    ui::draw(screen, context, &mut buffer, area);
    buffer
}

/// The colours of the terminal that a theme was made for.
pub fn ground(theme: &Theme) -> Ground {
    let (fg, bg) = theme.terminal();
    Ground { fg: (fg.r, fg.g, fg.b), bg: (bg.r, bg.g, bg.b) }
}
