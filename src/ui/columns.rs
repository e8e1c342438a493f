//! How the width of a card is shared between label, bar, number, word and trend, the same for
//! every line of the card.

use super::canvas::Canvas;
use crate::view::vm::{Item, Level, PaneState, PaneVm};

/// Cells between two columns.
pub const GAP: u16 = 2;
/// A trend or bar narrower than this says nothing.
const LEAST: u16 = 4;

/// Widths in cells; 0 where a column is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Names.
    pub label: u16,
    /// Bars.
    pub bar: u16,
    /// Numbers, right-aligned.
    pub value: u16,
    /// Marks and words of levels.
    pub word: u16,
    /// Trends.
    pub spark: u16,
}

/// What the columns are measured from: one line of a card.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// Its pane.
    pub pane: &'a PaneVm,
    /// Its item; `None` for a pane that has nothing but a message.
    pub item: Option<&'a Item>,
    /// Whether it has a bar.
    pub bar: bool,
}

impl<'a> Line<'a> {
    /// Name: the item's own, or the pane's where the item has none.
    pub fn label(&self) -> &'a str {
        match self.item {
            Some(item) if !item.label.is_empty() => &item.label,
            _ => &self.pane.title,
        }
    }

    /// Number, or the word that stands for one.
    pub fn value(&self, canvas: &Canvas<'_>) -> &'a str {
        match self.item {
            Some(item) if !item.text.is_empty() => &item.text,
            Some(_) if self.pane.state == PaneState::Ready => (canvas.words().state)(PaneState::NoData),
            Some(_) => (canvas.words().state)(self.pane.state),
            None => "",
        }
    }

    /// Mark before the number of a pane whose number is not known to be true now.
    pub fn state_mark(&self, canvas: &Canvas<'_>) -> Option<&'static str> {
        (self.pane.state != PaneState::Ready).then(|| canvas.glyphs().state(self.pane.state))
    }

    /// Mark before the number of a level that is not well; where a word follows, the mark is the word's.
    pub fn level_mark(&self, canvas: &Canvas<'_>) -> Option<&'static str> {
        let item = self.item.filter(|item| item.word.is_empty() && item.level != Level::Ok)?;
        Some(canvas.glyphs().level(item.level))
    }

    fn value_width(&self, canvas: &Canvas<'_>) -> u16 {
        let marks = [self.state_mark(canvas), self.level_mark(canvas)];
        canvas.width(self.value(canvas)) + marks.into_iter().flatten().count() as u16 * 2
    }

    fn word_width(&self, canvas: &Canvas<'_>) -> u16 {
        let Some(item) = self.item else { return 0 };
        let word = canvas.width(&item.word);
        match (item.level, word) {
            (Level::Ok, word) | (_, word @ 0) => word,
            (_, word) => word + 2,
        }
    }
}

/// Shares `width` between the columns that `lines` need.
pub fn share(canvas: &Canvas<'_>, lines: &[Line<'_>], width: u16) -> Columns {
    let most = |of: &dyn Fn(&Line<'_>) -> u16| lines.iter().map(of).max().unwrap_or(0);
    let bars = lines.iter().any(|line| line.bar);
    let sparks = lines
        .iter()
        .any(|line| line.item.and_then(|item| item.series).is_some_and(|at| at < line.pane.series.len()));
    let mut columns = Columns {
        label: most(&|line| canvas.width(line.label())),
        value: most(&|line| line.value_width(canvas)).min(width / 2),
        word: most(&|line| line.word_width(canvas)).min(width / 3),
        ..Columns::default()
    };
    let gap = |w: u16| if w > 0 { w + GAP } else { 0 };
    let others = columns.value + GAP + if columns.word > 0 { columns.word + GAP } else { 0 };
    // A name gives way to a bar, but not to a longer one than says something.
    let bar = if bars { LEAST + GAP } else { 0 };
    let most_label = (width / 2).max(width.saturating_sub(others + bar));
    columns.label = columns.label.min(most_label);
    let taken = |c: &Columns| gap(c.label) + c.value + if c.word > 0 { c.word + GAP } else { 0 };
    if taken(&columns) > width {
        columns.word = columns.word.min(1);
        let over = taken(&columns).saturating_sub(width);
        columns.label = columns.label.saturating_sub(over);
    }
    let left = width.saturating_sub(taken(&columns));
    match (bars, sparks) {
        (true, true) if left >= 30 => {
            columns.spark = (left / 3).clamp(8, 32);
            columns.bar = left - columns.spark - 2 * GAP;
        }
        (true, _) if left >= LEAST + GAP => columns.bar = left - GAP,
        (false, true) if left >= LEAST + GAP => columns.spark = left - GAP,
        _ => {}
    }
    if columns.bar == 0 && columns.spark == 0 {
        // Numbers stand at the right edge.
        columns.value += left;
    }
    columns
}
