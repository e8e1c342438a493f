//! `[faults.NAME]` and `[distractors]`.

use std::sync::Arc;

use super::classes::operation;
use super::fields::{self, advice, number, pair, required, resolve, words};
use super::{Names, each, reference};
use crate::demo::plan::FaultKind;
use crate::demo::world::{Batch, Class, Distractors, Effect, FaultShape, Target};
use crate::document::{Problems, Section, Value};
use crate::text::world::EN as WORDS;

/// Reads `[faults]`.
pub(super) fn read(
    root: &Section<'_, '_>,
    names: &Names<'_>,
    classes: &[Class],
    problems: &mut Problems,
) -> Vec<FaultShape> {
    let mut all = Vec::new();
    let Some(table) = root.section("faults", problems) else { return all };
    for (name, span, value) in table.entries() {
        let Some(kind) = FaultKind::ALL.into_iter().find(|kind| kind.as_str() == name) else {
            let known = FaultKind::ALL.map(FaultKind::as_str);
            problems.push(span, (WORDS.unknown)(WORDS.nouns.fault, &name), advice(&name, &known));
            continue;
        };
        let Some(section) = value.section(problems) else { continue };
        let target = target(kind, &section, names, problems);
        let shape = FaultShape {
            kind,
            target: target.unwrap_or(Target::Machine),
            grow_us: fields::seconds(&section, "grow_s", Some(60.0), problems),
            recover_us: fields::seconds(&section, "recover_s", Some(60.0), problems),
            effect: effect(kind, &section, names, classes, problems),
        };
        section.finish(problems);
        all.push(shape);
    }
    all
}

fn target(
    kind: FaultKind,
    section: &Section<'_, '_>,
    names: &Names<'_>,
    problems: &mut Problems,
) -> Option<Target> {
    if kind == FaultKind::Thermal {
        return Some(Target::Machine);
    }
    let value = section.required("target", problems)?;
    match kind {
        FaultKind::BruteForce => {
            resolve(&value, WORDS.nouns.department, &names.departments, problems).map(Target::Department)
        }
        FaultKind::TranscriptionQuality => {
            resolve(&value, WORDS.nouns.model, &names.models, problems).map(Target::Model)
        }
        FaultKind::NetworkDelay => edge(&value, names, problems).map(|(a, b)| Target::Edge(a, b)),
        _ => resolve(&value, WORDS.nouns.service, &names.services, problems).map(Target::Service),
    }
}

/// `caller>callee`.
fn edge(value: &Value<'_, '_>, names: &Names<'_>, problems: &mut Problems) -> Option<(u8, u8)> {
    let text = value.string(problems)?;
    let at = |name: &str| names.services.iter().position(|known| *known == name.trim());
    let found = text.split_once('>').and_then(|(a, b)| Some((at(a)? as u8, at(b)? as u8)));
    if found.is_none() {
        let help = (WORDS.one_of)(&names.services.join(", "));
        value.problem(&(WORDS.target)(WORDS.nouns.edge), Some(help), problems);
    }
    found
}

fn effect(
    kind: FaultKind,
    section: &Section<'_, '_>,
    names: &Names<'_>,
    classes: &[Class],
    problems: &mut Problems,
) -> Effect {
    let chance = |key: &str, problems: &mut Problems| number(section, key, 0.0..=1.0, None, problems);
    match kind {
        FaultKind::Thermal => Effect::Cooling {
            lost: chance("lost", problems),
            ambient: number(section, "ambient", 0.0..=60.0, Some(0.0), problems),
        },
        FaultKind::DbPool => Effect::PoolLeak {
            chance: chance("chance", problems),
            held_us: fields::seconds(section, "held_s", None, problems),
        },
        FaultKind::BruteForce => Effect::Logins {
            per_s: number(section, "per_s", 0.01..=100.0, None, problems),
            face: chance("face", problems),
        },
        FaultKind::TranscriptionQuality => {
            let mut passed_on = Vec::new();
            let table = section.section("passed_on", problems);
            for (name, span, value) in table.map(|table| table.entries()).unwrap_or_default() {
                let share = fields::within(&value, &(0.0..=1.0), problems);
                match names.models.iter().position(|model| *model == name) {
                    Some(at) => passed_on.push((at as u8, share.unwrap_or_default())),
                    None => {
                        let message = (WORDS.unknown)(WORDS.nouns.model, &name);
                        problems.push(span, message, advice(&name, &names.models));
                    }
                }
            }
            Effect::Quality {
                confidence: chance("confidence", problems),
                accuracy: chance("accuracy", problems),
                passed_on,
            }
        }
        FaultKind::BadDeploy => Effect::Deploy {
            version: required(section, "version", problems).unwrap_or_default(),
            classes: words(section, "operations", problems)
                .iter()
                .filter_map(|value| operation(value, classes, problems))
                .collect(),
            fails: chance("fails", problems),
            slow: chance("slow", problems),
            slow_us: pair(section, "slow_ms", None, problems).scaled_first(1000.0),
            leaky: 0.0,
        },
        FaultKind::PiiLeak => Effect::Deploy {
            version: required(section, "version", problems).unwrap_or_default(),
            classes: Vec::new(),
            fails: 0.0,
            slow: 0.0,
            slow_us: (0.0, 0.0),
            leaky: chance("share", problems),
        },
        FaultKind::NetworkDelay => Effect::Packets {
            delay_us: pair(section, "delay_ms", None, problems).scaled_first(1000.0),
            loss: chance("loss", problems),
        },
        FaultKind::ServiceDown => Effect::Gone,
        FaultKind::MemoryLeak => {
            Effect::Leak { bytes_per_s: number(section, "mb_per_s", 0.0..=1e6, None, problems) * 1e6 }
        }
    }
}

/// Reads `[distractors]`; absent: there are none.
pub(super) fn distractors(root: &Section<'_, '_>, names: &Names<'_>, problems: &mut Problems) -> Distractors {
    let Some(section) = root.section("distractors", problems) else {
        return Distractors { burst: 1.0, ..Distractors::default() };
    };
    let batches = section
        .sections("batches", problems)
        .iter()
        .map(|batch| self::batch(batch, names, problems))
        .collect();
    let restarts = each(&section, "restarts", WORDS.nouns.service, &names.services, problems);
    let loss =
        words(&section, "loss", problems).iter().filter_map(|value| edge(value, names, problems)).collect();
    let distractors = Distractors {
        batches,
        restarts,
        restarts_a_day: number(&section, "restarts_a_day", 0.0..=100.0, Some(1.0), problems) as u32,
        neighbour: number(&section, "neighbour", 0.0..=1.0, Some(0.0), problems),
        burst: number(&section, "burst", 1.0..=10.0, Some(1.0), problems),
        loss,
    };
    section.finish(problems);
    distractors
}

fn batch(section: &Section<'_, '_>, names: &Names<'_>, problems: &mut Problems) -> Batch {
    let batch = Batch {
        name: required(section, "name", problems).unwrap_or_else(|| Arc::from("")),
        service: reference(section, "service", names, problems).unwrap_or_default(),
        hour: number(section, "hour", 0.0..=24.0, None, problems),
        takes_us: fields::seconds(section, "takes_s", None, problems),
        cpu: number(section, "cpu", 0.0..=1.0, Some(0.0), problems),
        gpu: number(section, "gpu", 0.0..=1.0, Some(0.0), problems),
        database: number(section, "database", 1.0..=10.0, Some(1.0), problems),
    };
    section.finish(problems);
    batch
}
