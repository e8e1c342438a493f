//! `[machine]`.

use super::fields::{hours, number, numbers, pair};
use super::{Names, reference};
use crate::demo::world::{Heat, Machine, Memory};
use crate::document::{Problems, Section};
use crate::text::world::EN as WORDS;

/// Reads it.
pub(super) fn read(section: &Section<'_, '_>, names: &Names<'_>, problems: &mut Problems) -> Option<Machine> {
    let exporter = reference(section, "exporter", names, problems);
    let cores = pair(section, "cores", None, problems).0;
    let background = ["background_performance", "background_efficiency", "background_gpu"]
        .map(|key| hours(section, key, 1.0, problems));
    let noise = number(section, "noise", 0.0..=1.0, Some(0.05), problems);
    let heat = section.required("heat", problems).and_then(|value| value.section(problems));
    let heat = heat.map(|heat| self::heat(&heat, problems));
    let memory = section.required("memory", problems).and_then(|value| value.section(problems));
    let memory = memory.map(|memory| self::memory(&memory, problems));
    section.finish(problems);
    Some(Machine {
        exporter: exporter?,
        cores: (cores.0.max(1.0), cores.1.max(1.0)),
        background,
        noise,
        heat: heat?,
        memory: memory?,
    })
}

fn heat(section: &Section<'_, '_>, problems: &mut Problems) -> Heat {
    let states = rising(section, "states", 3, problems);
    let throttle = rising(section, "throttle", 2, problems);
    let watts = numbers(section, "watts", 3, 0.0..=100_000.0, problems);
    let at = |list: &[f64], n: usize| list.get(n).copied().unwrap_or_default();
    let heat = Heat {
        ambient: number(section, "ambient", -50.0..=60.0, None, problems),
        watts: (at(&watts, 0), at(&watts, 1), at(&watts, 2)),
        conductance: number(section, "conductance", 0.01..=1e6, None, problems),
        capacity: number(section, "capacity", 1.0..=1e9, None, problems),
        states: [at(&states, 0), at(&states, 1), at(&states, 2)],
        hysteresis: number(section, "hysteresis", 0.0..=50.0, Some(4.0), problems),
        throttle: (at(&throttle, 0), at(&throttle, 1)),
        least_clock: number(section, "least_clock", 0.05..=1.0, None, problems),
    };
    section.finish(problems);
    heat
}

/// Numbers of which each is larger than the one before.
fn rising(section: &Section<'_, '_>, key: &str, count: usize, problems: &mut Problems) -> Vec<f64> {
    let list = numbers(section, key, count, 0.0..=1000.0, problems);
    if let Some(value) = section.value(key)
        && !list.is_sorted_by(|a, b| a < b)
    {
        value.problem(WORDS.rising, None, problems);
    }
    list
}

fn memory(section: &Section<'_, '_>, problems: &mut Problems) -> Memory {
    let memory = Memory {
        total: number(section, "total_gb", 1.0..=1e6, None, problems) * 1e9,
        system: number(section, "system_gb", 0.0..=1e6, None, problems) * 1e9,
        cached: number(section, "cached_gb", 0.0..=1e6, None, problems) * 1e9,
        kill_at: number(section, "kill_at", 0.5..=1.0, Some(0.98), problems),
    };
    section.finish(problems);
    memory
}
