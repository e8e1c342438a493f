//! Series: how far each is from what it was in calm time, in its own spreads.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::channel::Scored;
use super::detail::Detail;
use super::frame::Frame;
use super::kinds::{self, Metric};
use super::stats;
use crate::model::Labels;
use crate::model::evidence::Evidence;

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
/// A change by less than this share of the level is none.
const SMALL: f64 = 0.05;

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
                    kind: Metric::of(&name),
                    wide: stats::spread(&everything),
                    floor: 0.0,
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
    /// where others are large can double without alarm. Shares that succeed are measured from their top.
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
            one.floor = if one.kind == Metric::Availability { 0.005 * middle } else { FLEET * middle };
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

/// What a series was in calm, and how much it stirred.
struct Scale {
    before: f64,
    spread: f64,
    level: f64,
    floor: f64,
}

impl Scale {
    fn of(mut calm: Vec<f64>, one: &Measured) -> Option<Self> {
        if calm.is_empty() {
            return None;
        }
        stats::sort(&mut calm);
        let before = stats::quantile(&calm, 0.5);
        let spread = stats::spread(&calm);
        // Few samples know little of their own spread; history knows some, though other incidents may lie in it.
        let few = 4.0 / (calm.len() as f64 + 4.0);
        Some(Self {
            before,
            spread: (spread * spread * (1.0 - few) + one.wide * one.wide * few).sqrt(),
            level: if one.kind == Metric::Availability {
                0.0
            } else {
                before.abs().max(stats::quantile(&calm, 0.9).abs() * 0.5)
            },
            floor: one.floor,
        })
    }

    /// Spread of a difference between means of `n` and of `calm` values, never quite nothing.
    fn noise(&self, n: usize, calm: usize) -> f64 {
        let shares = 1.0 / n.max(1) as f64 + 1.0 / calm.max(1) as f64 + 0.25;
        let noise =
            (self.spread * self.spread * shares + (SMALL * self.level).powi(2) + self.floor * self.floor)
                .sqrt();
        noise.max(1e-9)
    }
}

type Prepared = (usize, Arc<str>, Vec<(f64, f64)>, Labels);

/// Counters as rates, sums and counts as means, buckets left out.
fn prepare(evidence: &Evidence, frame: &Frame) -> Vec<Prepared> {
    let mut counts: BTreeMap<(&str, &Labels), usize> = BTreeMap::new();
    for (at, one) in evidence.series.iter().enumerate() {
        if let Some(base) = one.name.strip_suffix("_count") {
            counts.insert((base, &one.labels), at);
        }
    }
    let mut all = Vec::new();
    for one in &evidence.series {
        let Some(component) = frame.component(&one.labels) else { continue };
        if one.name.ends_with("_bucket") {
            continue;
        }
        let finite: Vec<(f64, f64)> = one
            .samples
            .iter()
            .filter_map(|(at, value)| value.filter(|value| value.is_finite()).map(|value| (*at, value)))
            .collect();
        let base = one.name.strip_suffix("_sum");
        if let Some(other) = base.and_then(|base| counts.get(&(base, &one.labels))) {
            let counts: HashMap<u64, f64> = evidence.series[*other]
                .samples
                .iter()
                .filter_map(|(at, value)| value.map(|value| (at.to_bits(), value)))
                .collect();
            let means = finite
                .windows(2)
                .filter_map(|pair| {
                    let (a, b) = (pair[0], pair[1]);
                    let more = counts.get(&b.0.to_bits())? - counts.get(&a.0.to_bits())?;
                    (more > 0.0 && b.1 >= a.1).then(|| (b.0, (b.1 - a.1) / more))
                })
                .collect();
            all.push((component, base.unwrap_or_default().into(), means, one.labels.clone()));
            continue;
        }
        let points = if is_counter(&one.name, &finite) { rates(&finite) } else { finite };
        all.push((component, Arc::clone(&one.name), points, one.labels.clone()));
    }
    all
}

/// Whether a series only ever grows, as a name that ends like a counter's promises.
fn is_counter(name: &str, points: &[(f64, f64)]) -> bool {
    let named =
        kinds::words(name).last().is_some_and(|word| ["total", "sum", "count"].contains(&word.as_str()));
    let falls = points.windows(2).filter(|pair| pair[1].1 < pair[0].1).count();
    let rises = points.windows(2).filter(|pair| pair[1].1 > pair[0].1).count();
    // A counter falls when its process starts again, which is rare.
    named && falls * 10 <= rises && points.len() >= 3
}

fn rates(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    points
        .windows(2)
        .filter(|pair| pair[1].0 > pair[0].0)
        .map(|pair| {
            let more = if pair[1].1 >= pair[0].1 { pair[1].1 - pair[0].1 } else { pair[1].1 };
            (pair[1].0, more / (pair[1].0 - pair[0].0))
        })
        .collect()
}

fn fingerprint(points: &[(f64, f64)]) -> u64 {
    points.iter().fold(0xcbf2_9ce4_8422_2325, |h, (at, value)| {
        [at.to_bits(), value.to_bits()]
            .iter()
            .fold(h, |h: u64, bits| (h ^ bits).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(7))
    })
}
