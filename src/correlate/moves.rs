//! Blame that moves between components that share a machine, or of which one is gone: what one trouble explains of all.

use super::causes::{self, Cause};
use super::channel::Look;
use super::fuse::Voice;
use super::kinds::Metric;

/// How much a component's own figures must say before it is blamed for what others show, in nats: ten to one.
pub const STIRRED: f64 = 2.3;

/// The strongest of some channels for a component; none below nothing.
pub fn strongest(voices: &[Voice], at: usize, which: impl Fn(Look) -> bool) -> f64 {
    voices.iter().filter(|voice| which(voice.look)).map(|voice| voice.ratio[at]).fold(0.0, f64::max)
}

fn time(look: Look) -> bool {
    matches!(look, Look::Latency | Look::Excess)
}

fn behaviour(look: Look) -> bool {
    matches!(look, Look::Structure | Look::Shape | Look::Logs | Look::Metric(Metric::Error))
}

/// Moves blame to machines. A machine has no spans: that it is in trouble shows as time that is spent on what runs on
/// it. So one whose own figures stir gains what its tenants show of time, and they lose it. Heat is the machine's own;
/// its processor, memory and disks are what tenants make of them, so for these it counts only as far as more than one
/// tenant is slow: what one alone shows is that one's trouble, and the machine's figures follow. `hosts` are tenants
/// with their machines.
pub fn to_machines(explained: &mut [(f64, Cause)], voices: &[Voice], hosts: &[(usize, usize)]) {
    let mut machines: Vec<usize> = hosts.iter().map(|(_, machine)| *machine).collect();
    machines.sort_unstable();
    machines.dedup();
    for machine in machines {
        let physical = [Cause::Thermal, Cause::Cpu, Cause::Memory, Cause::Disk]
            .map(|cause| {
                let shows =
                    |look| matches!(look, Look::Metric(_)) && causes::shows(cause, look) >= causes::FULL;
                (strongest(voices, machine, shows), cause)
            })
            .into_iter()
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, cause)) = physical.filter(|(nats, _)| *nats >= STIRRED) else { continue };
        let mut slow: Vec<(f64, usize)> = hosts
            .iter()
            .filter(|(_, host)| *host == machine)
            .map(|(tenant, _)| (strongest(voices, *tenant, time), *tenant))
            .collect();
        slow.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        slow.dedup();
        let which = usize::from(cause != Cause::Thermal);
        let shown = slow.get(which).map_or(0.0, |one| one.0);
        if shown > 0.0 {
            explained[machine].0 += shown;
            explained[machine].1 = cause;
            for (nats, tenant) in slow {
                explained[tenant].0 -= nats.min(shown);
            }
        }
    }
}

/// Moves blame to what is gone. A component whose own figures end in the window cannot show what is wrong with it: those
/// who call it fail, wait and try again instead. It gains what the loudest of its callers shows, and they lose it.
pub fn to_gone(
    explained: &mut [(f64, Cause)],
    voices: &[Voice],
    callers: &[std::collections::BTreeSet<usize>],
) {
    let gone: Vec<usize> = (0..explained.len())
        .filter(|at| strongest(voices, *at, |look| look == Look::Silence) >= STIRRED)
        .collect();
    for at in &gone {
        let shown = |caller: usize| strongest(voices, caller, time).max(strongest(voices, caller, behaviour));
        let waiting: Vec<usize> =
            callers[*at].iter().copied().filter(|caller| !gone.contains(caller)).collect();
        let most = waiting.iter().map(|caller| shown(*caller)).fold(0.0, f64::max);
        explained[*at].1 = Cause::Down;
        explained[*at].0 += most;
        for caller in waiting {
            explained[caller].0 -= shown(caller);
        }
    }
}
