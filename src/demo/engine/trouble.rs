//! Faults at their place in time: how strong each is at any moment.

use crate::demo::plan::{Fault, Plan};
use crate::demo::world::{Effect, FaultShape, ServiceId, Target, World};

const MINUTE_US: i64 = 60_000_000;

/// Something that goes wrong for a while.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) onset_us: i64,
    /// `i64::MAX` while nobody has mended it.
    pub(super) end_us: i64,
    pub(super) grow_us: i64,
    pub(super) recover_us: i64,
    pub(super) severity: f64,
    pub(super) target: Target,
    pub(super) effect: Effect,
}

impl Item {
    /// How strong it is, 0 to its severity.
    pub(super) fn level(&self, at_us: i64) -> f64 {
        if at_us < self.onset_us {
            return 0.0;
        }
        let grown = ramp(at_us.min(self.end_us).saturating_sub(self.onset_us), self.grow_us);
        let left = if at_us < self.end_us {
            1.0
        } else {
            1.0 - ramp(at_us.saturating_sub(self.end_us), self.recover_us)
        };
        self.severity * grown * left
    }

    /// Between onset and end.
    pub(super) fn on(&self, at_us: i64) -> bool {
        (self.onset_us..self.end_us).contains(&at_us)
    }

    /// Whether it holds a process down.
    pub(super) fn gone(&self, at_us: i64) -> bool {
        let phase = at_us.saturating_sub(self.onset_us).rem_euclid(MINUTE_US) as f64;
        self.on(at_us) && phase < self.severity * MINUTE_US as f64
    }

    /// When [`Item::gone`] changes next, after `at_us`.
    pub(super) fn next_change(&self, at_us: i64) -> Option<i64> {
        if at_us < self.onset_us {
            return Some(self.onset_us);
        }
        if at_us >= self.end_us {
            return None;
        }
        let end = (self.end_us < i64::MAX).then_some(self.end_us);
        if self.severity >= 1.0 {
            return end;
        }
        let minute = at_us - at_us.saturating_sub(self.onset_us).rem_euclid(MINUTE_US);
        let up = minute + (self.severity * MINUTE_US as f64) as i64;
        let next = if up > at_us { up } else { minute + MINUTE_US };
        Some(end.map_or(next, |end| end.min(next)))
    }
}

/// Everything that goes wrong in a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Trouble {
    pub(super) items: Vec<Item>,
}

impl Trouble {
    /// Of the plan's faults, those that this place knows; a target that it does not know is what the
    /// place names for the kind.
    pub(super) fn of(world: &World, plan: &Plan) -> Self {
        let known = |fault: &Fault| {
            let shape = world.faults.iter().find(|shape| shape.kind == fault.kind)?;
            Some(item(world, shape, fault))
        };
        Self { items: plan.faults.iter().filter_map(known).collect() }
    }

    /// The version of a service that a deploy has put there.
    pub(super) fn version(&self, service: ServiceId, at_us: i64) -> Option<&std::sync::Arc<str>> {
        let deployed =
            self.items.iter().filter(|item| item.target == Target::Service(service) && item.on(at_us));
        deployed
            .filter_map(|item| match &item.effect {
                Effect::Deploy { version, .. } => Some((item.onset_us, version)),
                _ => None,
            })
            .max_by_key(|(onset, _)| *onset)
            .map(|(_, version)| version)
    }

    /// Whether a service's process is held down.
    pub(super) fn gone(&self, service: ServiceId, at_us: i64) -> bool {
        self.items.iter().any(|item| {
            item.target == Target::Service(service) && item.effect == Effect::Gone && item.gone(at_us)
        })
    }

    /// What a model loses of its confidence and of its accuracy.
    pub(super) fn quality(&self, model: u8, at_us: i64) -> (f64, f64) {
        let mut lost = (0.0, 0.0);
        for item in &self.items {
            let Effect::Quality { confidence, accuracy, passed_on } = &item.effect else { continue };
            let share = if item.target == Target::Model(model) {
                1.0
            } else {
                passed_on.iter().find(|(to, _)| *to == model).map_or(0.0, |(_, share)| *share)
            };
            let level = item.level(at_us) * share;
            lost = (lost.0 + level * confidence, lost.1 + level * accuracy);
        }
        lost
    }
}

fn ramp(passed: i64, whole: i64) -> f64 {
    if whole <= 0 { 1.0 } else { (passed as f64 / whole as f64).clamp(0.0, 1.0) }
}

fn item(world: &World, shape: &FaultShape, fault: &Fault) -> Item {
    let named = fault.target.as_deref().and_then(|name| target(world, shape.target, name));
    Item {
        onset_us: fault.onset.timestamp_micros(),
        end_us: fault.end.map_or(i64::MAX, |end| end.timestamp_micros()),
        grow_us: shape.grow_us,
        recover_us: shape.recover_us,
        severity: fault.severity.max(0.0),
        target: named.unwrap_or(shape.target),
        effect: shape.effect.clone(),
    }
}

/// A target of the same sort as the usual one, by its name.
fn target(world: &World, usual: Target, name: &str) -> Option<Target> {
    match usual {
        Target::Machine => None,
        Target::Service(_) => world.service(name).map(Target::Service),
        Target::Department(_) => world.department(name).map(Target::Department),
        Target::Model(_) => world.model(name).map(Target::Model),
        Target::Edge(..) => {
            let (caller, callee) = name.split_once('>')?;
            Some(Target::Edge(world.service(caller.trim())?, world.service(callee.trim())?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(severity: f64) -> Item {
        Item {
            onset_us: 100 * MINUTE_US,
            end_us: 110 * MINUTE_US,
            grow_us: 2 * MINUTE_US,
            recover_us: 4 * MINUTE_US,
            severity,
            target: Target::Service(0),
            effect: Effect::Gone,
        }
    }

    #[test]
    fn it_grows_holds_and_recovers() {
        let item = item(0.5);
        let levels = [99, 100, 101, 105, 112, 114, 200].map(|minute| item.level(minute * MINUTE_US));
        assert_eq!(levels, [0.0, 0.0, 0.25, 0.5, 0.25, 0.0, 0.0]);
    }

    #[test]
    fn below_full_severity_a_process_comes_and_goes() {
        let item = item(0.25);
        assert!(item.gone(100 * MINUTE_US) && !item.gone(100 * MINUTE_US + MINUTE_US / 2));
        let mut at = 0;
        let mut changes = Vec::new();
        while let Some(next) = item.next_change(at) {
            changes.push((next, item.gone(next)));
            at = next;
        }
        assert_eq!(changes.len(), 21, "{changes:?}");
        assert_eq!(changes.last(), Some(&(110 * MINUTE_US, false)));
    }
}
