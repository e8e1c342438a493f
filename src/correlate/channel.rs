//! A channel: one way of looking at components, measured for any piece of time against others. What it says of the
//! window counts only as far as it says more than of calm pieces.

use super::detail::Detail;

/// What a channel says of one component in one piece.
#[derive(Clone, Debug, Default)]
pub struct Scored {
    /// Evidence in nats, none below zero.
    pub nats: f64,
    /// What it rests on, strongest first.
    pub details: Vec<(f64, Detail)>,
}

impl Scored {
    /// Keeps the strongest few details.
    pub fn add(&mut self, nats: f64, detail: impl FnOnce() -> Detail) {
        const KEPT: usize = 4;
        if nats <= 0.0 || self.details.len() >= KEPT && self.details.last().is_some_and(|last| last.0 >= nats)
        {
            return;
        }
        let at = self.details.partition_point(|one| one.0 >= nats);
        self.details.insert(at, (nats, detail()));
        self.details.truncate(KEPT);
    }
}

/// Which way of looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Look {
    /// Own time and gaps of spans.
    Latency,
    /// The share of all time that is spent too much.
    Excess,
    /// Calls that are missing, new or failed.
    Structure,
    /// How often work takes which shape.
    Shape,
    /// Who takes part in slow and odd requests, and not in others.
    Spectrum,
    /// Log lines.
    Logs,
    /// Metrics of a kind.
    Metric(super::kinds::Metric),
    /// Figures that end.
    Silence,
    /// Alerts.
    Alerts,
    /// Changes.
    Changes,
}

/// All that one channel says.
pub struct Channel {
    /// Which.
    pub look: Look,
    /// Of the window, by component.
    pub window: Vec<Scored>,
    /// Of each calm piece, by component: nats alone.
    pub calm: Vec<Vec<f64>>,
}

impl Channel {
    /// The same with calm pieces as if they held as much as the window: what is counted grows with how much there is to
    /// count, and so do its false alarms.
    #[must_use]
    pub fn grown(mut self, volume: &[f64]) -> Self {
        let whole = volume.first().copied().unwrap_or(0.0);
        for (piece, nats) in self.calm.iter_mut().enumerate() {
            let part = volume.get(piece + 1).copied().unwrap_or(0.0);
            let factor = (whole / part.max(1.0)).sqrt().clamp(1.0, 4.0);
            for nats in nats.iter_mut() {
                *nats = (*nats * factor).min(20.0);
            }
        }
        self
    }

    /// Measures the window against calm time, and every calm piece against the other ones.
    pub fn measure(look: Look, pieces: usize, mut score: impl FnMut(usize, &[usize]) -> Vec<Scored>) -> Self {
        let calm: Vec<usize> = (1..pieces).collect();
        let window = score(0, &calm);
        let calm = calm
            .iter()
            .filter(|_| calm.len() > 1)
            .map(|piece| {
                let others: Vec<usize> = calm.iter().copied().filter(|other| other != piece).collect();
                score(*piece, &others).iter().map(|scored| scored.nats).collect()
            })
            .collect();
        Self { look, window, calm }
    }
}
