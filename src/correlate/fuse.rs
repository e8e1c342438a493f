//! Channels to one answer. Each channel is a likelihood ratio between "this component is the culprit" and "it is not",
//! as loud as calm time lets it be.

use super::channel::{Channel, Look};
use super::kinds::Metric;
use super::stats;

/// What a channel says of each component after calm time has been heard.
pub struct Voice {
    /// Which channel.
    pub look: Look,
    /// Logarithm of the likelihood ratio, by component.
    pub ratio: Vec<f64>,
    /// What the strongest component has beyond the strongest of calm time, in nats.
    pub beyond: f64,
}

/// How often a fault shows in a channel at all, before anything is known of it. A channel that is blind for a fault
/// says nothing of it, so that the culprit of one sort of fault is not lost for lack of the signs of another.
fn sees(look: Look) -> f64 {
    match look {
        Look::Latency | Look::Structure | Look::Shape | Look::Logs => 0.8,
        Look::Spectrum => 0.6,
        Look::Excess | Look::Metric(Metric::Error | Metric::Availability | Metric::Latency | Metric::Cpu | Metric::Thermal) => 0.7,
        Look::Metric(Metric::Memory | Metric::Saturation | Metric::Disk | Metric::Network | Metric::Quality) | Look::Alerts => 0.5,
        Look::Metric(Metric::Load | Metric::Other) | Look::Changes => 0.3,
    }
}

/// One channel's voice.
pub fn voice(channel: &Channel) -> Voice {
    let count = channel.window.len();
    let usual = usual(channel);
    let values: Vec<f64> =
        channel.window.iter().zip(&usual).map(|(scored, usual)| (scored.nats - usual).max(0.0)).collect();
    let top = values.iter().copied().fold(0.0, f64::max);
    // The strongest voice of each calm piece: what this channel says when nothing is the matter.
    let tops: Vec<f64> = channel
        .calm
        .iter()
        .map(|piece| piece.iter().zip(&usual).map(|(nats, usual)| nats - usual).fold(0.0, f64::max))
        .collect();
    let threshold = threshold(&tops, count);
    let heat = 2.0;
    let weight = |nats: f64| stats::exp(nats / heat);
    let all: f64 = values.iter().map(|nats| weight(*nats) - 1.0).sum::<f64>() + weight(threshold);
    let sees = sees(channel.look);
    let ratio = values
        .iter()
        .map(|nats| {
            let share = (weight(*nats) - 1.0) / all;
            let nobody = weight(threshold) / all;
            // What is left when nobody is named lies on all alike.
            stats::ln((1.0 - sees) + sees * (share * count as f64 + nobody) + 1e-6)
        })
        .collect();
    Voice { look: channel.look, ratio, beyond: top - threshold }
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

fn threshold(tops: &[f64], count: usize) -> f64 {
    let floor = stats::ln(count.max(2) as f64) + 1.0;
    if tops.is_empty() {
        return floor + 3.0;
    }
    let mut sorted = tops.to_vec();
    stats::sort(&mut sorted);
    // The middle and a spread more: one calm piece that was not calm must not silence the channel.
    (stats::quantile(&sorted, 0.5) + stats::spread(&sorted)).max(floor)
}
