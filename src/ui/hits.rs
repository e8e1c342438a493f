//! What a click on a place of the screen means, and how far what is scrolled goes.

use ratatui::layout::{Position, Rect};

/// What is at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A source's lamp in the header, by index.
    Lamp(usize),
    /// The time window in the header.
    Window,
    /// A box of a page, counted row by row.
    Box(usize),
    /// A row of an alert list: index within its `rows`; the box it stands in, on a page.
    AlertRow {
        /// Box of the page.
        in_box: Option<usize>,
        /// Index within `AlertTableVm::rows`.
        row: usize,
    },
    /// A row of the sources' view.
    Source(usize),
    /// An entry of the palette, by index within its visible entries.
    PaletteEntry(usize),
    /// An entry of a list to choose from.
    Choice(usize),
    /// An overlay where nothing can be chosen: a click does nothing, not even to what lies under.
    Overlay,
    /// A line of an explorer, by index of those in sight.
    Line(usize),
    /// A time axis: where on it a click falls is told by the column.
    Axis {
        /// First column of the axis.
        left: u16,
        /// Its columns.
        width: u16,
    },
    /// A hint of the footer, by index.
    Hint(usize),
    /// The footer elsewhere.
    Footer,
}

/// How far the scrolled part of the screen goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Lines that it has.
    pub content: u16,
    /// Lines of it that are seen at once.
    pub viewport: u16,
}

impl Extent {
    /// The largest offset that still fills the viewport.
    pub fn max_scroll(self) -> u16 {
        self.content.saturating_sub(self.viewport)
    }
}

/// Everything that can be clicked, in drawing order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    regions: Vec<(Rect, Hit)>,
    /// The extent of the page, detail or help on screen, or of the list (its viewport is then how
    /// many rows fit).
    pub extent: Extent,
}

impl Hits {
    pub(super) fn push(&mut self, area: Rect, hit: Hit) {
        self.regions.push((area, hit));
    }

    /// What is on top at a place.
    pub fn at(&self, x: u16, y: u16) -> Option<Hit> {
        let place = Position { x, y };
        self.regions.iter().rev().find(|(area, _)| area.contains(place)).map(|(_, hit)| *hit)
    }

    /// Every region with its meaning, lowest first.
    pub fn regions(&self) -> &[(Rect, Hit)] {
        &self.regions
    }

    /// The regions of something drawn from line 0 and shown through `window` from line `scroll` on.
    pub(super) fn moved(self, window: Rect, scroll: u16) -> impl Iterator<Item = (Rect, Hit)> {
        self.regions.into_iter().filter_map(move |(area, hit)| {
            let seen = Rect { y: scroll, ..window }.intersection(area);
            (!seen.is_empty()).then(|| (Rect { y: seen.y - scroll + window.y, ..seen }, hit))
        })
    }
}
