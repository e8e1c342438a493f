//! One style as a theme says it, before it meets a terminal.

use ratatui::style::{Color, Modifier, Style};

use super::{Depth, Rgb};

/// A colour with what stands for it where there are only sixteen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paint {
    pub(super) full: Color,
    pub(super) ansi16: Option<Color>,
}

impl Paint {
    pub(super) fn new(full: Color) -> Self {
        Self { full, ansi16: None }
    }

    fn at(self, depth: Depth) -> Option<Color> {
        match (depth, self.full) {
            (Depth::None, _) => None,
            (Depth::Ansi16, full) => Some(self.ansi16.unwrap_or_else(|| match full {
                Color::Rgb(..) | Color::Indexed(16..) => Rgb::of(full).map_or(full, Rgb::nearest_16),
                other => other,
            })),
            (Depth::Ansi256, Color::Rgb(r, g, b)) => Some(Rgb::new(r, g, b).nearest_256()),
            (Depth::True | Depth::Ansi256, full) => Some(full),
        }
    }
}

/// A style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) fg: Option<Paint>,
    pub(super) bg: Option<Paint>,
    pub(super) add: Modifier,
    pub(super) remove: Modifier,
}

impl Look {
    /// Whether it says anything in colour.
    pub(super) fn is_coloured(&self) -> bool {
        self.fg.is_some() || self.bg.is_some()
    }

    /// The style at a depth. A look of only a background is a highlight under text of any colour;
    /// among sixteen colours no background leaves all the others legible, so there it is reversed.
    pub(super) fn at(&self, depth: Depth) -> Style {
        let mut style = Style::new().add_modifier(self.add).remove_modifier(self.remove);
        style.fg = self.fg.and_then(|paint| paint.at(depth));
        style.bg = self.bg.and_then(|paint| paint.at(depth));
        let shade = self.bg.is_some_and(|paint| paint.ansi16.is_none() && paint.full != Color::Reset);
        if depth == Depth::Ansi16 && self.fg.is_none() && shade {
            style.bg = None;
            style = style.add_modifier(Modifier::REVERSED);
        }
        style
    }
}
