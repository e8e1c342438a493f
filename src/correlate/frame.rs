//! What everything is measured in: the components, the window, and calm time in pieces. Piece 0 is the window.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::Labels;
use crate::model::evidence::{Evidence, Period};

/// Fewest calm pieces that are aimed at, for one calm minute alone tells no spread between minutes.
const FEWEST: usize = 4;
/// Most calm pieces: each is measured against all others.
const MOST: usize = 24;
/// Shortest piece, in nanoseconds.
const SHORTEST: i64 = 15_000_000_000;

/// A piece of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Piece {
    /// First nanosecond.
    pub start: i64,
    /// Last nanosecond.
    pub end: i64,
}

/// Components and pieces.
pub struct Frame {
    /// Names in the order of the alphabet.
    pub components: Vec<Arc<str>>,
    /// The window, then calm pieces in the order of time.
    pub pieces: Vec<Piece>,
    /// Labels that name a component, the first that a record has.
    naming: Vec<String>,
}

impl Frame {
    /// Of the evidence.
    pub fn new(evidence: &Evidence, naming: &[String]) -> Self {
        let mut frame = Self {
            components: Vec::new(),
            pieces: pieces(&evidence.manifest.window, &evidence.manifest.baselines),
            naming: naming.to_vec(),
        };
        let mut names: BTreeSet<&str> = BTreeSet::new();
        names.extend(evidence.spans.iter().map(|span| &*span.service));
        names.extend(evidence.edges.iter().flat_map(|edge| [&*edge.caller, &*edge.callee]));
        let sets = evidence
            .series
            .iter()
            .map(|one| &one.labels)
            .chain(evidence.logs.iter().map(|one| &one.labels))
            .chain(evidence.alerts.iter().map(|one| &one.labels))
            .chain(evidence.changes.iter().map(|one| &one.labels));
        names.extend(sets.filter_map(|labels| frame.name(labels)));
        names.remove("");
        frame.components = names.into_iter().map(Into::into).collect();
        frame
    }

    /// The name of the component that labels belong to.
    fn name<'a>(&self, labels: &'a Labels) -> Option<&'a str> {
        self.naming.iter().find_map(|label| labels.get(label).filter(|name| !name.is_empty()))
    }

    /// The component of labels.
    pub fn component(&self, labels: &Labels) -> Option<usize> {
        self.name(labels).and_then(|name| self.find(name))
    }

    /// A component by its name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.components.binary_search_by(|one| (**one).cmp(name)).ok()
    }

    /// How many components there are.
    pub fn len(&self) -> usize {
        self.components.len()
    }

    /// Calm pieces.
    pub fn calm(&self) -> std::ops::Range<usize> {
        1..self.pieces.len()
    }

    /// The piece of a moment; the window comes first.
    pub fn piece(&self, at: i64) -> Option<usize> {
        let inside = |piece: &Piece| piece.start <= at && at <= piece.end;
        if self.pieces.first().is_some_and(inside) {
            return Some(0);
        }
        let calm = self.pieces.get(1..)?;
        let after = calm.partition_point(|piece| piece.start <= at);
        (after > 0 && inside(&calm[after - 1])).then_some(after)
    }

    /// Length of a piece in seconds.
    pub fn seconds(&self, piece: usize) -> f64 {
        self.pieces.get(piece).map_or(0.0, |piece| (piece.end - piece.start) as f64 / 1e9)
    }
}

fn pieces(window: &Period, baselines: &[Period]) -> Vec<Piece> {
    let (start, end) = window.nanos();
    let whole = Piece { start, end };
    // Calm time that the window covers is not calm; equal and overlapping baselines count once.
    let mut calm: Vec<Piece> = Vec::new();
    let mut sorted: Vec<(i64, i64)> = baselines.iter().map(Period::nanos).collect();
    sorted.sort_unstable();
    for (start, end) in sorted {
        let start = calm.last().map_or(start, |before| start.max(before.end.saturating_add(1)));
        let mut parts = vec![(start, end)];
        if start <= whole.end && end >= whole.start {
            parts = vec![(start, whole.start.saturating_sub(1)), (whole.end.saturating_add(1), end)];
        }
        calm.extend(
            parts.into_iter().filter(|(start, end)| start < end).map(|(start, end)| Piece { start, end }),
        );
    }
    let length = end.saturating_sub(start).max(SHORTEST);
    let total: i64 = calm.iter().map(|one| one.end - one.start).sum();
    // As long as the window where there is calm time enough, shorter where there is little.
    let mut aim = length;
    if calm.len() < FEWEST {
        aim = aim.min(total / FEWEST as i64);
    }
    let aim = aim.max(total / MOST as i64).max(SHORTEST);
    let mut all = vec![whole];
    for one in calm {
        let count = ((one.end - one.start + aim / 2) / aim).max(1);
        let step = (one.end - one.start) / count;
        for at in 0..count {
            let start = one.start + at * step;
            let end = if at + 1 == count { one.end } else { start + step - 1 };
            all.push(Piece { start, end });
        }
    }
    all
}
