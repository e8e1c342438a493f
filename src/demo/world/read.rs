//! Reading `demo/world.toml`: services, people and what they ask for.

mod classes;
mod faults;
mod fields;
mod machine;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{Model, Service, Share, Traffic, World};
use crate::document::{Problems, Section};
use crate::pack::Pack;
use crate::text::world::EN as WORDS;
use fields::{list, number, pair, required, resolve, words};

/// What later sections refer to.
struct Names<'n> {
    services: Vec<&'n str>,
    departments: Vec<&'n str>,
    models: Vec<&'n str>,
}

/// Reads the whole file. What is missing has its problem and a harmless value.
pub(super) fn world(root: &Section<'_, '_>, pack: &Pack, problems: &mut Problems) -> Option<World> {
    let day_starts_h = number(root, "day_starts_h", 0.0..=23.0, Some(4.0), problems) as u8;
    let services = services(root, problems);
    let (departments, hours) = departments(root, pack, problems);
    let roles = roles(root, problems);
    let models = models(root, pack, problems);
    let names = Names {
        services: services.iter().map(|service| &*service.name).collect(),
        departments: departments.iter().map(|department| &*department.id).collect(),
        models: models.iter().map(|model| &*model.id).collect(),
    };
    let front = reference(root, "front", &names, problems)?;
    let database = root
        .value("database")
        .and_then(|value| resolve(&value, WORDS.nouns.service, &names.services, problems));
    let classes = classes::read(root, &names, front, problems);
    let traffic = root
        .required("traffic", problems)
        .and_then(|value| value.section(problems))
        .map(|section| traffic(&section, hours, problems));
    let machine = root
        .required("machine", problems)
        .and_then(|value| value.section(problems))
        .and_then(|section| machine::read(&section, &names, problems));
    let faults = faults::read(root, &names, &classes, problems);
    let distractors = faults::distractors(root, &names, problems);
    root.finish(problems);
    Some(World {
        zone: pack.zone,
        day_starts_h,
        front,
        database,
        traffic: traffic?,
        machine: machine?,
        faults,
        distractors,
        classes,
        services,
        departments,
        roles,
        models,
    })
}

/// A required reference to a service.
fn reference(section: &Section<'_, '_>, key: &str, names: &Names<'_>, problems: &mut Problems) -> Option<u8> {
    let value = section.required(key, problems)?;
    resolve(&value, WORDS.nouns.service, &names.services, problems)
}

fn services(root: &Section<'_, '_>, problems: &mut Problems) -> Vec<Service> {
    let mut all: Vec<Service> = Vec::new();
    for section in list(root, "services", 64, problems) {
        let name =
            fields::unique(&section, "name", WORDS.nouns.service, all.iter().map(|s| &*s.name), problems);
        let job = required(&section, "job", problems);
        let instance = required(&section, "instance", problems);
        let service = Service {
            name: name.unwrap_or_default(),
            job: job.unwrap_or_default(),
            instance: instance.unwrap_or_default(),
            scrape_s: number(&section, "scrape_s", 1.0..=3600.0, Some(15.0), problems) as u32,
            workers: number(&section, "workers", 1.0..=10_000.0, Some(32.0), problems) as u32,
            version: required(&section, "version", problems).unwrap_or_default(),
            queue: number(&section, "queue", 0.0..=100_000.0, Some(64.0), problems) as u32,
            pool: number(&section, "pool", 0.0..=10_000.0, Some(0.0), problems) as u32,
            pool_wait_us: fields::ms(&section, "pool_wait_ms", Some(5000.0), problems),
            cores: number(&section, "cores", 0.0..=64.0, Some(0.8), problems),
            idle_cores: number(&section, "idle_cores", 0.0..=64.0, Some(0.05), problems),
            memory: pair(&section, "memory_mb", Some((400.0, 600.0)), problems).scaled(1e6),
            restart_us: fields::ms(&section, "restart_ms", Some(7000.0), problems),
            pause_us: number(&section, "pause_ms", 0.0..=60_000.0, Some(0.0), problems) * 1000.0,
        };
        section.finish(problems);
        all.push(service);
    }
    all
}

fn departments(root: &Section<'_, '_>, pack: &Pack, problems: &mut Problems) -> (Vec<Share>, Vec<Vec<f64>>) {
    let known: Vec<&str> = pack.departments.iter().map(|department| department.id.as_str()).collect();
    let mut all: Vec<Share> = Vec::new();
    let mut hours = Vec::new();
    for section in list(root, "departments", 16, problems) {
        let id =
            fields::of_pack(&section, WORDS.nouns.department, &known, all.iter().map(|d| &*d.id), problems);
        let share = number(&section, "share", 0.0..=1e6, None, problems);
        hours.push(fields::hours(&section, "hours", 100.0, problems));
        section.finish(problems);
        all.push(Share { id: id.unwrap_or_default(), share });
    }
    (all, hours)
}

fn roles(root: &Section<'_, '_>, problems: &mut Problems) -> Vec<Share> {
    let mut all: Vec<Share> = Vec::new();
    for section in list(root, "roles", 64, problems) {
        let id = fields::unique(&section, "id", WORDS.nouns.role, all.iter().map(|r| &*r.id), problems);
        let share = number(&section, "share", 0.0..=1e6, None, problems);
        section.finish(problems);
        all.push(Share { id: id.unwrap_or_default(), share });
    }
    all
}

fn models(root: &Section<'_, '_>, pack: &Pack, problems: &mut Problems) -> Vec<Model> {
    let known: Vec<&str> = pack.models.iter().map(|model| model.id.as_str()).collect();
    let mut all: Vec<Model> = Vec::new();
    // A place may do without models.
    for section in root.sections("models", problems) {
        let id = fields::of_pack(&section, WORDS.nouns.model, &known, all.iter().map(|m| &*m.id), problems);
        let model = Model {
            id: id.unwrap_or_default(),
            input_type: required(&section, "input_type", problems).unwrap_or_default(),
            provider: required(&section, "provider", problems).unwrap_or_default(),
            memory_bytes: number(&section, "memory_mb", 0.0..=1e9, None, problems) * 1e6,
            accuracy: number(&section, "accuracy", 0.0..=1.0, None, problems),
            slots: number(&section, "slots", 1.0..=1000.0, Some(4.0), problems) as u32,
            confidence: pair(&section, "confidence", Some((0.95, 0.02)), problems).0,
            gpu: number(&section, "gpu", 0.0..=1.0, Some(0.1), problems),
            cores: number(&section, "cores", 0.0..=64.0, Some(0.5), problems),
        };
        section.finish(problems);
        all.push(model);
    }
    if all.len() > 64 {
        let at = root.value("models").map_or(0..0, |value| value.span);
        problems.push(at, (WORDS.too_many)(64), None);
    }
    all
}

fn traffic(section: &Section<'_, '_>, hours: Vec<Vec<f64>>, problems: &mut Problems) -> Traffic {
    let traffic = Traffic {
        people: number(section, "people", 1.0..=1e6, None, problems) as u32,
        sessions_per_h: number(section, "sessions_per_h", 0.0..=5000.0, None, problems),
        operations: number(section, "operations", 1.0..=200.0, None, problems),
        think_us: pair(section, "think_s", None, problems).scaled_first(1e6),
        weekend: number(section, "weekend", 0.0..=10.0, Some(1.0), problems),
        hours,
        login_attempts: number(section, "login_attempts", 1.0..=20.0, Some(3.0), problems) as u32,
    };
    section.finish(problems);
    traffic
}

/// A list's words, each resolved; what does not resolve has its problem.
fn each(
    section: &Section<'_, '_>,
    key: &str,
    noun: &str,
    known: &[&str],
    problems: &mut Problems,
) -> Vec<u8> {
    words(section, key, problems).iter().filter_map(|value| resolve(value, noun, known, problems)).collect()
}

/// A shared text.
fn shared(text: &str) -> Arc<str> {
    Arc::from(text)
}
