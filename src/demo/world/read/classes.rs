//! Kinds of requests and their steps.

use super::Names;
use super::fields::{self, advice, number, pair, required, resolve};
use crate::demo::event::Cause;
use crate::demo::world::{Class, ServiceId, Step};
use crate::document::{Problems, Section, Value};
use crate::text::world::EN as WORDS;

/// How a login is done; the index is [`Class::login`].
const METHODS: [&str; 2] = ["password", "face"];

const CAUSES: [(&str, Cause); 10] = [
    ("timeout", Cause::Timeout),
    ("refused", Cause::Refused),
    ("pool-exhausted", Cause::PoolExhausted),
    ("internal", Cause::Internal),
    ("overloaded", Cause::Overloaded),
    ("dependency", Cause::Dependency),
    ("unauthorized", Cause::Unauthorized),
    ("forbidden", Cause::Forbidden),
    ("not-found", Cause::NotFound),
    ("network", Cause::Network),
];

/// Longest list of steps: with their retries they are counted in 16 bits.
const MOST_STEPS: usize = 64;

/// Reads `[[classes]]`.
pub(super) fn read(
    root: &Section<'_, '_>,
    names: &Names<'_>,
    front: ServiceId,
    problems: &mut Problems,
) -> Vec<Class> {
    let mut all: Vec<Class> = Vec::new();
    let mut corrections: Vec<(usize, Value<'_, '_>)> = Vec::new();
    let sections = fields::list(root, "classes", 1000, problems);
    for section in &sections {
        let login =
            section.value("login").and_then(|value| resolve(&value, WORDS.nouns.method, &METHODS, problems));
        if let Some(value) = section.value("corrected_by") {
            corrections.push((all.len(), value));
        }
        let class = Class {
            operation: required(section, "operation", problems).unwrap_or_default(),
            method: required(section, "method", problems).unwrap_or_default(),
            route: required(section, "route", problems).unwrap_or_default(),
            shares: shares(section, names, problems),
            login,
            corrected_by: None,
            unsure: number(section, "unsure", 0.0..=1.0, Some(0.0), problems),
            bytes: [
                pair(section, "request_bytes", Some((800.0, 0.4)), problems).0,
                pair(section, "response_bytes", Some((4000.0, 0.6)), problems).0,
            ],
            steps: steps(section, names, front, problems),
        };
        section.finish(problems);
        all.push(class);
    }
    for (at, value) in corrections {
        all[at].corrected_by = operation(&value, &all, problems);
    }
    let at = root.value("classes").map_or(0..0, |value| value.span);
    for (department, id) in names.departments.iter().enumerate() {
        for login in [true, false] {
            let some = |class: &Class| class.login.is_some() == login && class.shares[department] > 0.0;
            if !sections.is_empty() && !all.iter().any(some) {
                problems.push(at.clone(), (WORDS.nothing_to_do)(id, login), None);
            }
        }
    }
    all
}

/// A kind of request by its operation.
pub(super) fn operation(value: &Value<'_, '_>, classes: &[Class], problems: &mut Problems) -> Option<u16> {
    let name = value.string(problems)?;
    let at = classes.iter().position(|class| *class.operation == *name);
    if at.is_none() {
        let known: Vec<&str> = classes.iter().map(|class| &*class.operation).collect();
        value.problem(&(WORDS.unknown)(WORDS.nouns.operation, &name), advice(&name, &known), problems);
    }
    at.and_then(|at| u16::try_from(at).ok())
}

/// `shares`: one number for everybody, or a table by department.
fn shares(section: &Section<'_, '_>, names: &Names<'_>, problems: &mut Problems) -> Vec<f64> {
    let mut shares = vec![0.0; names.departments.len()];
    let Some(value) = section.required("shares", problems) else { return shares };
    if matches!(value.value, toml::de::DeValue::Table(_)) {
        for (name, span, value) in value.section(problems).map(|table| table.entries()).unwrap_or_default() {
            let share = fields::within(&value, &(0.0..=1e6), problems);
            match names.departments.iter().position(|id| *id == name) {
                Some(at) => shares[at] = share.unwrap_or_default(),
                None => {
                    let message = (WORDS.unknown)(WORDS.nouns.department, &name);
                    problems.push(span, message, advice(&name, &names.departments));
                }
            }
        }
    } else if let Some(share) = fields::within(&value, &(0.0..=1e6), problems) {
        shares.fill(share);
    }
    shares
}

fn steps(class: &Section<'_, '_>, names: &Names<'_>, front: ServiceId, problems: &mut Problems) -> Vec<Step> {
    let mut all: Vec<Step> = Vec::new();
    for section in fields::list(class, "steps", MOST_STEPS, problems) {
        let step = step(&section, &all, names, problems);
        let at = all.len() as u16;
        if let Some(parent) = step.parent
            && let Some(parent) = all.get_mut(usize::from(parent))
        {
            parent.children.push(at);
        }
        if at == 0 && step.service != front {
            let message = (WORDS.not_in_front)(names.services.get(usize::from(front)).unwrap_or(&""));
            problems.push(section.span(), message, None);
        }
        section.finish(problems);
        all.push(step);
    }
    all
}

fn step(section: &Section<'_, '_>, before: &[Step], names: &Names<'_>, problems: &mut Problems) -> Step {
    let parent = section.value("in").and_then(|value| {
        let name = value.string(problems)?;
        // The last of that name: a step may be done twice.
        let at = before.iter().rposition(|step| *step.name == *name);
        if at.is_none() {
            let known: Vec<&str> = before.iter().map(|step| &*step.name).collect();
            value.problem(&(WORDS.unknown)(WORDS.nouns.step, &name), advice(&name, &known), problems);
        }
        at.and_then(|at| u16::try_from(at).ok())
    });
    if !before.is_empty() && !section.has("in") {
        problems.push(section.span(), WORDS.no_parent, None);
    }
    let service = section
        .required("service", problems)
        .and_then(|value| resolve(&value, WORDS.nouns.service, &names.services, problems));
    let model =
        section.value("model").and_then(|value| resolve(&value, WORDS.nouns.model, &names.models, problems));
    Step {
        name: required(section, "name", problems).unwrap_or_default(),
        service: service.unwrap_or_default(),
        parent,
        model,
        own_us: (
            number(section, "ms", 0.0..=3_600_000.0, None, problems) * 1000.0,
            number(section, "sigma", 0.0..=2.0, Some(0.35), problems),
        ),
        timeout_us: fields::ms(section, "timeout_ms", Some(0.0), problems),
        retries: number(section, "retries", 0.0..=10.0, Some(0.0), problems) as u8,
        chance: number(section, "chance", 0.0..=1.0, Some(1.0), problems),
        failures: failures(section, problems),
        children: Vec::new(),
    }
}

/// `failures = { not-found = 0.01 }`.
fn failures(section: &Section<'_, '_>, problems: &mut Problems) -> Vec<(Cause, f64)> {
    let Some(table) = section.section("failures", problems) else { return Vec::new() };
    let mut all = Vec::new();
    for (name, span, value) in table.entries() {
        let chance = fields::within(&value, &(0.0..=1.0), problems);
        let cause = CAUSES.iter().find(|(known, _)| *known == name).map(|(_, cause)| *cause);
        match (cause, chance) {
            (Some(cause), Some(chance)) => all.push((cause, chance)),
            (None, _) => {
                let known = CAUSES.map(|(name, _)| name);
                problems.push(span, (WORDS.unknown)(WORDS.nouns.cause, &name), advice(&name, &known));
            }
            (Some(_), None) => {}
        }
    }
    all
}
