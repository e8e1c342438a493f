//! What a finding is called. Which kind explains most decides who comes first; but slowness, a busy processor, full pools
//! and odd courses are also what other kinds lead to. Where something more particular speaks up, the finding is called
//! that.

use super::causes::{self, Cause};
use super::channel::{Channel, Look};
use super::detail::Detail;
use super::fuse::{self, Voice};
use super::kinds::Metric;
use super::lines;
use super::moves::{STIRRED, strongest};

/// How much less a more particular kind may explain, in nats.
const NEAR: f64 = 4.0;

/// What the loudest lines of a component speak of, and whether they speak of errors.
fn spoken(channels: &[Channel], at: usize) -> (Option<Cause>, bool) {
    let said = channels.iter().filter(|channel| channel.look == Look::Logs);
    let details = said.filter_map(|channel| channel.window.get(at)).flat_map(|scored| &scored.details);
    let mut told = (None, false);
    for (nats, detail) in details {
        if let Detail::Lines { sample, count, expected, error, .. } = detail
            && *nats >= STIRRED
            && *count as f64 > *expected
        {
            told.0 = told.0.or_else(|| lines::topic(sample));
            told.1 |= error;
        }
    }
    told
}

/// The kind that a component's finding is called.
pub fn call(best: Cause, channels: &[Channel], voices: &[Voice], at: usize) -> Cause {
    use Cause as C;
    if !matches!(best, C::Cpu | C::Latency | C::WrongResult | C::Traffic | C::Dependency | C::Error) {
        return best;
    }
    let (topic, errors) = spoken(channels, at);
    let logs = strongest(voices, at, |look| look == Look::Logs);
    let metric = |kind| strongest(voices, at, |look| look == Look::Metric(kind));
    let explains = |cause| causes::prior(cause, None) + fuse::explained(voices, at, cause);
    let most = explains(best);
    let particular = [
        (C::Security, metric(Metric::Security)),
        (topic.unwrap_or(best), if topic.is_some() { logs } else { 0.0 }),
        (C::Error, metric(Metric::Error).max(if errors { logs } else { 0.0 })),
    ];
    // Pools fill behind whatever is slow; where work fails besides, for want of what is pooled, they are the matter.
    let full = best == C::Dependency && metric(Metric::Saturation) >= STIRRED;
    for (cause, said) in particular {
        if full && cause == C::Error && said >= STIRRED {
            return best;
        }
        let spoken = Some(cause) == topic;
        // What is said in words need not show anywhere else.
        if cause != best && said >= STIRRED && (spoken || explains(cause) >= most - NEAR) {
            return cause;
        }
        if cause == best && spoken && said >= STIRRED {
            return best;
        }
    }
    let slow = strongest(voices, at, |look| matches!(look, Look::Latency | Look::Excess));
    if best == C::Dependency && slow >= STIRRED { C::Latency } else { best }
}
