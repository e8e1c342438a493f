//! What only an embedded place has: its faults and the card of the tour, as data.

/// The faults of an embedded place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultsVm {
    /// Title.
    pub title: String,
    /// Rows.
    pub rows: Vec<FaultRowVm>,
    /// Cursor.
    pub cursor: usize,
    /// What can be done.
    pub below: String,
}

/// One kind of fault.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultRowVm {
    /// Name.
    pub name: String,
    /// What it does, in one line.
    pub doc: String,
    /// Since when, or since when no more.
    pub state: String,
    /// Whether it is under way.
    pub on: bool,
}

/// A step of the guided tour.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CardVm {
    /// Title.
    pub title: String,
    /// Which step of how many.
    pub position: String,
    /// What to see.
    pub body: String,
    /// Keys of the tour and what they do.
    pub keys: Vec<(String, String)>,
    /// The key that leads to this view without the tour.
    pub own: String,
    /// Lines it takes, frame included.
    pub lines: u16,
}
