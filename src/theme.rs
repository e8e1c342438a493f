//! Roles and their styles. A theme is data: TOML with `inherits`, a style for each role, and a
//! fallback from the particular to the general (severity.critical → severity → text).
//!
//! Owns colour support (truecolor, 256, 16, none) and `NO_COLOR`. Must not know any view.

pub mod colour;
mod depth;
mod look;
mod read;
pub mod role;

use std::path::PathBuf;

use ratatui::style::Style;

pub use colour::Rgb;
pub use depth::Depth;
pub use role::Role;

use crate::document::{Library, Problem};
use crate::text;
use look::Look;

/// How many roles there are.
const ROLES: usize = Role::ALL.len();

/// What stands in where there are no colours.
const COLOURLESS: &str = "mono";

/// Foreground and background of a terminal of which a theme says nothing.
const PLAIN_TERMINAL: (Rgb, Rgb) = (Rgb::new(0xd0, 0xd0, 0xd0), Rgb::new(0, 0, 0));

/// Where themes come from.
const LIBRARY: Library = Library {
    what: text::theme::EN.what,
    folder: "themes",
    shipped: &[
        ("dark", include_str!("../themes/dark.toml")),
        ("light", include_str!("../themes/light.toml")),
        ("high-contrast", include_str!("../themes/high-contrast.toml")),
        ("ansi16", include_str!("../themes/ansi16.toml")),
        ("mono", include_str!("../themes/mono.toml")),
    ],
};

/// A style for every role, for a terminal of some depth.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    looks: [Look; ROLES],
    styles: [Style; ROLES],
    terminal: (Rgb, Rgb),
}

impl Theme {
    /// The theme of that name in full colour: `DIR/themes/NAME.toml` of the first of `dirs` that has
    /// it, else the shipped one. All problems of all files that it stands on come together.
    pub fn load(name: &str, dirs: &[PathBuf]) -> Result<Self, Vec<Problem>> {
        let loaded = LIBRARY.load(name, dirs);
        let (draft, found) = read::read(&loaded.layers, loaded.problems.is_empty());
        let mut problems = loaded.problems;
        problems.extend(found);
        if problems.is_empty() { Ok(Self::new(&draft.looks, draft.terminal)) } else { Err(problems) }
    }

    /// The shipped default.
    pub fn shipped() -> Self {
        // A test holds that it has no problem; a console without colours is better than none.
        Self::load("dark", &[]).unwrap_or_else(|_| Self::new(&[Look::default(); ROLES], PLAIN_TERMINAL))
    }

    /// Every name that [`Theme::load`] finds, the shipped ones first.
    pub fn names(dirs: &[PathBuf]) -> Vec<String> {
        LIBRARY.names(dirs)
    }

    /// The style of a role. What it does not set (a background, mostly) stays as it is underneath.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The same theme for a terminal of this depth: each colour becomes the nearest that there is (by
    /// `OKLab` distance), or the one its palette names for sixteen. Without colours a role that was
    /// told by colour takes its style from `mono`, so that nothing is told by colour alone.
    #[must_use]
    pub fn adapted(&self, depth: Depth) -> Self {
        let mut looks = self.looks;
        if depth == Depth::None
            && let Ok(mono) = Self::load(COLOURLESS, &[])
        {
            for (look, plain) in looks.iter_mut().zip(mono.looks) {
                if look.is_coloured() {
                    *look = plain;
                }
            }
        }
        Self { looks: self.looks, styles: looks.map(|look| look.at(depth)), terminal: self.terminal }
    }

    /// The foreground and background where no style sets one: those of the terminal the theme is
    /// made for. Exports paint with them.
    pub fn terminal(&self) -> (Rgb, Rgb) {
        self.terminal
    }

    fn new(looks: &[Look; ROLES], terminal: (Rgb, Rgb)) -> Self {
        Self { looks: *looks, styles: looks.map(|look| look.at(Depth::True)), terminal }
    }
}

#[cfg(test)]
mod tests;
