//! The cursor on the time axis, and the piece of it that is being brushed: one for the whole console.

use crate::model::Time;

/// Where on the time axis the person is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Axis {
    /// The cursor; `None` where nobody has moved it.
    pub cursor: Option<Time>,
    /// The other end of what is being brushed, while it is.
    pub mark: Option<Time>,
}

/// Lines between header and footer.
pub fn body(state: &super::State) -> u16 {
    let card = if state.tour().is_some() { super::tour::CARD_LINES } else { 0 };
    state.size.1.saturating_sub(2 + card)
}

/// Lines that a time axis takes of a body this high, its frame not counted.
pub fn lines(body: u16) -> u16 {
    match body {
        0..=17 => 3,
        18..=27 => 4,
        28..=44 => 7,
        _ => 9,
    }
}
