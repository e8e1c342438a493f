//! Channels to one answer. Each channel is a likelihood ratio between "this component is the culprit" and "it is not", as
//! loud as its false alarms let it be: those of calm time, and those of all other components in this very window.

use super::causes::{self, Cause};
use super::channel::{Channel, Look};
use super::kinds::Metric;
use super::stats;

/// What a channel says of each component.
pub struct Voice {
    /// Which channel.
    pub look: Look,
    /// Logarithm of the likelihood ratio, by component.
    pub ratio: Vec<f64>,
    /// What the strongest component has beyond the strongest of calm time, in nats.
    pub beyond: f64,
}

/// How often a channel sees a fault of its sort. A channel that is blind for a fault says nothing of it, so that the
/// culprit of one sort of fault is not lost for lack of the signs of another.
const SEES: f64 = 0.8;
/// Typical evidence of a culprit, in nats.
const TYPICAL: f64 = 30.0;
/// Evidence that chance alone brings among many components, in nats.
const CHANCE: f64 = 4.0;
/// How far beyond the largest false alarm anybody believes a tail, in nats.
const BEYOND: f64 = 4.0;

/// One channel's voice.
pub fn voice(channel: &Channel) -> Voice {
    let usual = usual(channel);
    let values: Vec<f64> =
        channel.window.iter().zip(&usual).map(|(scored, usual)| (scored.nats - usual).max(0.0)).collect();
    let mut calm: Vec<f64> = channel
        .calm
        .iter()
        .flat_map(|piece| piece.iter().zip(&usual).map(|(nats, usual)| (nats - usual).max(0.0)))
        .collect();
    stats::sort(&mut calm);
    let mut now = values.clone();
    stats::sort(&mut now);
    let ratio = values
        .iter()
        .map(|value| {
            let false_alarm = 0.5 * survival(&calm, *value, false) + 0.5 * survival(&now, *value, true);
            let culprit = stats::exp(-value / TYPICAL);
            // What is no more than chance among many is nothing, even where calm time was calmer still.
            let real = value * value / (value * value + CHANCE * CHANCE);
            stats::ln((1.0 - SEES) + SEES * real * culprit / false_alarm)
        })
        .collect();
    // The strongest voice of each calm piece: what this channel says when nothing is the matter.
    let mut tops: Vec<f64> = channel
        .calm
        .iter()
        .map(|piece| piece.iter().zip(&usual).map(|(nats, usual)| nats - usual).fold(0.0, f64::max))
        .collect();
    stats::sort(&mut tops);
    let top = now.last().copied().unwrap_or(0.0);
    Voice { look: channel.look, ratio, beyond: top - stats::quantile(&tops, 0.5) - stats::spread(&tops) }
}

/// How often so much is said when nothing is meant: the share of sorted values that reach `value`. Beyond the largest
/// the tail falls like an exponential, as fast as the values so far did, and not for ever. `own` says that the value
/// itself is among them.
fn survival(sorted: &[f64], value: f64, own: bool) -> f64 {
    let all = sorted.len().saturating_sub(usize::from(own)) as f64;
    if all <= 0.0 {
        return 0.5;
    }
    let below = sorted.partition_point(|one| *one < value);
    let reach = (sorted.len() - below).saturating_sub(usize::from(own)) as f64;
    if reach >= 1.0 {
        return ((reach + 0.5) / (all + 1.0)).min(1.0);
    }
    let largest = match (own, sorted.len()) {
        (true, n) if n > 1 => sorted[n - 2],
        (false, n) if n > 0 => sorted[n - 1],
        _ => 0.0,
    };
    let slope = (largest - stats::quantile(sorted, 0.8)).max(2.0) / stats::ln(all * 0.2 + 2.0).max(1.0);
    let far = ((value - largest) / slope.max(1.0)).min(BEYOND);
    0.5 / (all + 1.0) * stats::exp(-far)
}

/// What each component usually says in calm: the middle of its pieces, for one that is always loud.
fn usual(channel: &Channel) -> Vec<f64> {
    (0..channel.window.len())
        .map(|at| {
            let mut said: Vec<f64> =
                channel.calm.iter().map(|piece| piece.get(at).copied().unwrap_or(0.0)).collect();
            stats::sort(&mut said);
            stats::quantile(&said, 0.5)
        })
        .collect()
}

/// What channels that see the same thing add to the strongest of them.
const SHARED: f64 = 0.3;

/// For each component the cause that explains most of what is seen of it, and how much that is.
pub fn explain(voices: &[Voice], count: usize, symptom: Option<Metric>) -> Vec<(f64, Cause)> {
    (0..count)
        .map(|at| {
            Cause::ALL
                .into_iter()
                // A cause that no channel here could show in full is no answer.
                .filter(|cause| voices.iter().any(|voice| causes::shows(*cause, voice.look) >= causes::FULL))
                .map(|cause| (causes::prior(cause, symptom) + explained(voices, at, cause), cause))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
                .unwrap_or((0.0, Cause::Latency))
        })
        .collect()
}

/// How much a channel counts for a cause.
pub fn weight(cause: Cause, look: Look) -> f64 {
    causes::shows(cause, look)
}

/// How much of what is seen of a component a cause explains. Channels that look at one thing are no independent
/// witnesses: the strongest of a group counts in full, the others add little.
pub fn explained(voices: &[Voice], at: usize, cause: Cause) -> f64 {
    let traced = voices.iter().any(|voice| voice.look == Look::Latency);
    let mut groups: [Vec<f64>; causes::GROUPS] = Default::default();
    for voice in voices {
        // A latency that a metric tells includes all callees'; where spans tell whose time it is, it adds little.
        let inclusive = traced && voice.look == Look::Metric(Metric::Latency);
        let shows = causes::shows(cause, voice.look) * if inclusive { 0.2 } else { 1.0 };
        groups[causes::group(voice.look)].push(shows * voice.ratio[at]);
    }
    groups
        .iter()
        .map(|said| {
            let top = said.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            if said.is_empty() { 0.0 } else { top + SHARED * (said.iter().sum::<f64>() - top) }
        })
        .sum()
}
