//! From evidence to findings: what broke first, in which way, how sure that is, and what says so.
//!
//! Owns the analysis: each component against its own calm time, signal by signal, and one answer of them all. Pure and
//! deterministic: the same evidence gives the same findings, in whatever order its lines stand. Must not do I/O, read
//! a clock, or know a data set, a service or a name of the field.

mod causes;
mod channel;
mod detail;
mod frame;
mod fuse;
mod kinds;
mod latency;
mod lines;
mod logs;
mod metrics;
mod spans;
mod spectrum;
mod stats;
mod structure;
mod topology;

use channel::{Channel, Look};
use frame::Frame;
use crate::model::evidence::Evidence;

/// debug
pub struct Raw { pub components: Vec<std::sync::Arc<str>>, pub channels: Vec<(Look, Vec<f64>, Vec<f64>)>, pub total: Vec<f64>, pub beyond: Vec<(Look,f64)>, pub details: Vec<Vec<(f64, detail::Detail)>> }

/// debug
pub fn raw(evidence: &Evidence, naming: &[String]) -> Raw {
    let frame = Frame::new(evidence, naming);
    let forest = spans::Forest::new(evidence, &frame);
    let lines = lines::Lines::new(evidence, &frame);
    let topology = topology::Topology::new(evidence, &frame, &forest);
    let pieces = frame.pieces.len();
    let mut channels = Vec::new();
    let latency = latency::Latency::new(&forest, &frame);
    if !latency.is_empty() {
        channels.push(Channel::measure(Look::Latency, pieces, |t, r| latency.score(t, r)));
        channels.push(Channel::measure(Look::Excess, pieces, |t, r| latency.excess(t, r)));
    }
    let structure = structure::Structure::new(evidence, &frame, &forest, &lines);
    let traces = latency.volume();
    if !structure.is_empty() {
        channels.push(Channel::measure(Look::Shape, pieces, |t, r| structure.shapes(t, r, &topology)).as_large(traces));
        let spectrum = spectrum::Spectrum::new(&forest, &frame, &structure);
        channels.push(Channel::measure(Look::Spectrum, pieces, |t, r| spectrum.score(t, r)).as_large(traces));
        channels.push(Channel::measure(Look::Structure, pieces, |t, r| {
            let mut all = structure.score(t, r);
            let values: Vec<f64> = all.iter().map(|s| s.nats).collect();
            for (s, v) in all.iter_mut().zip(topology.unexplained(&values, 0.5)) { s.nats = v; }
            all
        }).as_large(traces));
    }
    let rates = logs::Rates::new(evidence, &frame, &lines);
    if !rates.is_empty() {
        channels.push(Channel::measure(Look::Logs, pieces, |t, r| rates.score(t, r, &topology)).as_large(&rates.volume()));
    }
    let metrics = metrics::Metrics::new(evidence, &frame);
    for kind in metrics.kinds() {
        channels.push(Channel::measure(Look::Metric(kind), pieces, |t, r| {
            let mut all = metrics.score(kind, t, r);
            if matches!(kind, kinds::Metric::Latency | kinds::Metric::Error | kinds::Metric::Availability) {
                let values: Vec<f64> = all.iter().map(|s| s.nats).collect();
                for (s, v) in all.iter_mut().zip(topology.unexplained(&values, 0.7)) { s.nats = v; }
            }
            all
        }));
    }
    let mut total = vec![0.0; frame.len()];
    let mut out = Vec::new();
    let mut voices = Vec::new();
    let mut beyond = Vec::new();
    let mut details = vec![Vec::new(); frame.len()];
    for channel in &channels {
        if std::env::var("CALM").is_ok_and(|v| format!("{:?}", channel.look) == v) {
            for (i, piece) in channel.calm.iter().enumerate() {
                let mut order: Vec<usize> = (0..piece.len()).collect();
                order.sort_by(|a, b| piece[*b].total_cmp(&piece[*a]));
                eprintln!("  calm {i} {:?}", order.iter().take(4).map(|c| format!("{} {:.1}", frame.components[*c], piece[*c])).collect::<Vec<_>>());
            }
        }
        let voice = fuse::voice(channel);
        for (d, s) in details.iter_mut().zip(&channel.window) { d.extend(s.details.iter().take(1).cloned()); }
        beyond.push((channel.look, voice.beyond));
        out.push((channel.look, channel.window.iter().map(|s| s.nats).collect(), voice.ratio.clone()));
        voices.push(voice);
    }
    let explained = fuse::explain(&voices, frame.len(), evidence.manifest.symptom.as_ref().map(|s| kinds::Metric::of(&s.signal)));
    for (t, (sum, _)) in total.iter_mut().zip(&explained) { *t = *sum; }
    for (t, address) in total.iter_mut().zip(&topology.addresses) { if *address { *t -= 3.0; } }
    if !forest.nodes.is_empty() {
        let mut seen = vec![false; frame.len()];
        for node in &forest.nodes { if node.piece == 0 { seen[node.component as usize] = true; } }
        for (t, seen) in total.iter_mut().zip(seen) { if !seen { *t -= 2.5; } }
    }
    if let Some(symptom) = evidence.manifest.symptom.as_ref().and_then(|s| frame.find(&s.component)) && topology.known {
        for (t, r) in total.iter_mut().zip(topology.reachable(symptom)) { if !r { *t -= 1.6; } }
    }
    Raw { components: frame.components.clone(), channels: out, total, beyond, details }
}
