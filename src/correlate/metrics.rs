//! Series: how far each is from what it was in calm time, in its own spreads.

mod scale;
mod series;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::channel::Scored;
use super::detail::Detail;
use super::frame::Frame;
use super::kinds::Metric;
use super::stats;
use crate::model::Labels;
use crate::model::evidence::Evidence;
use scale::Scale;
use series::{fingerprint, prepare};

/// One series, ready to be measured.
struct Measured {
    component: usize,
    kind: Metric,
    name: Arc<str>,
    labels: Labels,
    /// Values by piece.
    by_piece: Vec<Vec<f64>>,
    /// Its values, with their times.
    points: Vec<(f64, f64)>,
    /// Values of the window, with their times.
    window: Vec<(f64, f64)>,
    /// Spread of everything that is known of it, history included.
    wide: f64,
    /// A difference below this is none, however still the series was: a share of what is usual for its metric.
    floor: f64,
    /// The least by which its values differ: a count moves by one, a state by a step.
    grain: f64,
    /// How many components have the very same series: a machine's figures under each of its tenants.
    copies: f64,
}

/// All series.
pub struct Metrics {
    all: Vec<Measured>,
    components: usize,
    /// When the symptom began, where a series of it shows that within the window.
    onset: Option<f64>,
}

/// Share of what is usual for a metric below which a difference is none.
const FLEET: f64 = 0.1;
/// Spreads from which a split of the window is one.
const SPLIT: f64 = 3.0;

impl Metrics {
    /// Of the evidence.
    pub fn new(evidence: &Evidence, frame: &Frame) -> Self {
        let mut prepared = prepare(evidence, frame);
        prepared.sort_by(|a, b| (a.0, &a.1, &a.3).cmp(&(b.0, &b.1, &b.3)));
        let mut copies: HashMap<u64, std::collections::BTreeSet<usize>> = HashMap::new();
        for (component, _, points, _) in &prepared {
            copies.entry(fingerprint(points)).or_default().insert(*component);
        }
        let all = prepared
            .into_iter()
            .filter_map(|(component, name, points, labels)| {
                let mut by_piece = vec![Vec::new(); frame.pieces.len()];
                for (at, value) in &points {
                    if let Some(piece) = frame.piece((*at * 1e9) as i64) {
                        by_piece[piece].push(*value);
                    }
                }
                let window = points
                    .iter()
                    .filter(|(at, _)| frame.piece((*at * 1e9) as i64) == Some(0))
                    .copied()
                    .collect();
                let mut everything: Vec<f64> = points.iter().map(|point| point.1).collect();
                stats::sort(&mut everything);
                let known = by_piece.iter().skip(1).any(|values| !values.is_empty());
                known.then(|| Measured {
                    component,
                    kind: Metric::told(&name, &labels),
                    wide: stats::spread(&everything),
                    floor: 0.0,
                    grain: scale::grain(&everything),
                    copies: copies.get(&fingerprint(&points)).map_or(1, std::collections::BTreeSet::len)
                        as f64,
                    name,
                    labels,
                    by_piece,
                    window,
                    points,
                })
            })
            .collect();
        let mut metrics = Self { all, components: frame.len(), onset: None };
        metrics.floors();
        metrics.onset = evidence.manifest.symptom.as_ref().and_then(|symptom| {
            let component = frame.find(&symptom.component)?;
            metrics.began(component, Metric::of(&symptom.signal))
        });
        metrics
    }

    /// What is little for a metric: a tenth of the middle of all its series, so that a figure that is next to nothing
    /// where others are large can double without alarm.
    fn floors(&mut self) {
        let level = |one: &Measured| {
            let mut all: Vec<f64> = one.by_piece.iter().skip(1).flatten().map(|value| value.abs()).collect();
            stats::sort(&mut all);
            stats::quantile(&all, 0.5)
        };
        let mut by_name: BTreeMap<Arc<str>, Vec<f64>> = BTreeMap::new();
        for one in &self.all {
            by_name.entry(Arc::clone(&one.name)).or_default().push(level(one));
        }
        for one in &mut self.all {
            let middle = by_name.get(&one.name).map_or(0.0, |levels| stats::median(levels));
            one.floor = scale::relative(one.kind) * FLEET * middle;
        }
    }

    /// When a component's series of a kind left what they were: the split of the window that tells most, where its first
    /// part is still as calm time was.
    fn began(&self, component: usize, kind: Metric) -> Option<f64> {
        let mut best: Option<(f64, f64)> = None;
        for one in self.all.iter().filter(|one| one.component == component && one.kind == kind) {
            let all: Vec<f64> = one.by_piece.iter().skip(1).flatten().copied().collect();
            let Some(scale) = Scale::of(all, one) else { continue };
            for at in 1..one.window.len() {
                let mean =
                    |part: &[(f64, f64)]| stats::mean(&part.iter().map(|one| one.1).collect::<Vec<_>>());
                let (early, late) = (mean(&one.window[..at]), mean(&one.window[at..]));
                let noise = scale.noise(one.window.len() - at, at);
                let z = match kind.direction() {
                    1 => (late - early) / noise,
                    -1 => (early - late) / noise,
                    _ => ((late - early) / noise).abs(),
                };
                let calm = ((early - scale.before) / noise).abs();
                let tells = z - calm;
                if tells >= SPLIT && best.is_none_or(|best| tells > best.0) {
                    best = Some((tells, one.window[at].0));
                }
            }
        }
        best.map(|best| best.1)
    }

    /// Kinds that there are.
    pub fn kinds(&self) -> Vec<Metric> {
        Metric::ALL.into_iter().filter(|kind| self.all.iter().any(|one| one.kind == *kind)).collect()
    }

    /// The course of a component's series, of a kind or of any, that is furthest off in the window.
    pub fn course(&self, component: usize, kind: Option<Metric>, calm: &[usize]) -> Option<&[(f64, f64)]> {
        let mut best: Option<(f64, &Measured)> = None;
        let fits = |one: &&Measured| one.component == component && kind.is_none_or(|kind| one.kind == kind);
        for one in self.all.iter().filter(fits) {
            let z = one.shift(0, calm, self.onset).map_or(0.0, |shift| shift.2.abs());
            if best.is_none_or(|best| z > best.0) {
                best = Some((z, one));
            }
        }
        best.map(|best| &best.1.points[..])
    }

    /// When a component's figures first left what they were in calm, within the window: the first sample that is far off.
    pub fn left(&self, component: usize, calm: &[usize]) -> Option<f64> {
        let mut first: Option<(f64, f64)> = None;
        for one in self.all.iter().filter(|one| one.component == component) {
            let Some((before, after, z)) = one.shift(0, calm, self.onset) else { continue };
            if z.abs() < 4.0 || z.abs() <= first.map_or(0.0, |first| first.1) {
                continue;
            }
            let middle = f64::midpoint(before, after);
            let gone = |value: f64| if after > before { value >= middle } else { value <= middle };
            if let Some((at, _)) = one.window.iter().find(|(_, value)| gone(*value)) {
                first = Some((*at, z.abs()));
            }
        }
        first.map(|first| first.0)
    }

    /// By component, for one kind.
    pub fn score(&self, kind: Metric, target: usize, reference: &[usize]) -> Vec<Scored> {
        let mut all = vec![Scored::default(); self.components];
        for one in self.all.iter().filter(|one| one.kind == kind) {
            let onset = self.onset.filter(|_| target == 0);
            let Some((before, after, z)) = one.shift(target, reference, onset) else { continue };
            let nats = stats::cap(stats::tail(z.abs()), 20.0) / one.copies;
            let scored = &mut all[one.component];
            scored.nats = scored.nats.max(nats);
            scored.add(nats, || Detail::Series {
                name: Arc::clone(&one.name),
                labels: one.labels.clone(),
                kind,
                before,
                after,
                z,
            });
        }
        all
    }

    /// Components whose series end: how much less is told of them than calm time would have it. One series may end for
    /// many reasons; where most do, whoever tells them is gone. It does not depend on how much is asked of it.
    pub fn silence(&self, target: usize, reference: &[usize], seconds: &[f64]) -> Vec<Scored> {
        let mut all = vec![Scored::default(); self.components];
        let calm: f64 = reference.iter().map(|piece| seconds[*piece]).sum();
        let mut told: Vec<Vec<(f64, f64)>> = vec![Vec::new(); self.components];
        for one in &self.all {
            let before: usize = reference.iter().map(|piece| one.by_piece[*piece].len()).sum();
            let expected = before as f64 / calm.max(1.0) * seconds[target];
            if expected >= 1.0 {
                told[one.component].push((expected, one.by_piece[target].len() as f64));
            }
        }
        for (scored, told) in all.iter_mut().zip(told) {
            let ended = told.iter().filter(|(expected, count)| *count < 0.6 * expected).count();
            if ended * 5 < told.len() * 3 || told.len() < 3 {
                continue;
            }
            let middle = |values: Vec<f64>| stats::median(&values);
            let (expected, count) = (
                middle(told.iter().map(|one| one.0).collect()),
                middle(told.iter().map(|one| one.1).collect()),
            );
            let says =
                if count > 0.0 { count * stats::ln(count / expected) } else { 0.0 } - (count - expected);
            scored.nats = stats::cap(says.max(0.0), 20.0);
            scored.add(scored.nats, || Detail::Quiet { ended, of: told.len() });
        }
        all
    }
}

impl Measured {
    /// Before, after, and the deviation in spreads with its sign; 0 where the direction is harmless.
    fn shift(&self, target: usize, reference: &[usize], onset: Option<f64>) -> Option<(f64, f64, f64)> {
        let calm: Vec<f64> =
            reference.iter().filter_map(|piece| self.by_piece.get(*piece)).flatten().copied().collect();
        let count = calm.len();
        let scale = Scale::of(calm, self)?;
        let part = |late: bool| -> Vec<f64> {
            let side = |at: f64| onset.is_none_or(|onset| at >= onset) == late;
            self.window.iter().filter(|point| side(point.0)).map(|point| point.1).collect()
        };
        let mut sorted = if onset.is_some() { part(true) } else { self.by_piece.get(target)?.clone() };
        if sorted.is_empty() {
            return None;
        }
        stats::sort(&mut sorted);
        let noise = scale.noise(sorted.len(), count);
        let middle = stats::mean(&sorted);
        // The fault may have begun in the middle of the window: its half that is further off counts, a little less.
        let half = sorted.len().div_ceil(2);
        let (low, high) = (stats::mean(&sorted[..half]), stats::mean(&sorted[sorted.len() - half..]));
        let of = |value: f64| (value - scale.before) / noise;
        let mut up = of(middle).max(0.8 * of(high));
        let mut down = of(middle).min(0.8 * of(low));
        // What was so before the symptom is no cause of it.
        let early = if onset.is_some() { part(false) } else { Vec::new() };
        if !early.is_empty() {
            let since = (middle - stats::mean(&early)) / noise;
            up = up.min(since.max(0.0));
            down = down.max(since.min(0.0));
        }
        let z = match self.kind.direction() {
            1 => up.max(0.0),
            -1 => down.min(0.0),
            _ if up > -down => up,
            _ => down,
        };
        Some((scale.before, middle, z))
    }
}
