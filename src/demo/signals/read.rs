//! Reading `demo/signals.toml`: everything but the rules themselves.

use super::draw::{Draw, Of};
use super::pick::{Pick, advice, choice};
use super::place::{On, Place};
use super::template::{Names, Template};
use super::when::{CAUSES, StepFacts, bit};
use super::{ErrorText, Line, Signals, field, rules};
use crate::demo::identifiers;
use crate::demo::people::Words;
use crate::demo::world::World;
use crate::document::{Document, Problem, Problems, Section, Value};
use crate::pack::DemoFile;
use crate::text::signals::EN as WORDS;

impl Signals {
    /// Reads a pack's file for this world. The error is every problem of the file.
    pub fn read(file: &DemoFile, world: &World) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new(file.name.clone(), &file.text);
        let mut signals = Self::default();
        if let Some(document) = Document::parse(&file.text, &mut problems) {
            let root = document.root();
            signals.read_root(&root, world, &mut problems);
            root.finish(&mut problems);
        }
        let problems = problems.into_list();
        if problems.is_empty() { Ok(signals) } else { Err(problems) }
    }

    fn read_root(&mut self, root: &Section<'_, '_>, world: &World, problems: &mut Problems) {
        let pick = Pick { world };
        if let Some(section) = required(root, "people", problems) {
            self.people = people(&section, pick, problems);
            section.finish(problems);
        }
        if let Some(section) = required(root, "words", problems) {
            self.methods = full_list(&section, "auth_methods", problems);
            self.states = full_list(&section, "thermal_states", problems);
            section.finish(problems);
        }
        self.silent = vec![false; world.services.len()];
        self.skew_us = vec![0; world.services.len()];
        if let Some(section) = required(root, "calls", problems) {
            self.calls(&section, pick, problems);
            section.finish(problems);
        }
        if let Some(section) = root.section("draws", problems) {
            for (name, span, value) in section.entries() {
                let taken = field::names().any(|field| field == name);
                if taken {
                    problems.push(span, (WORDS.name_taken)(&name), None);
                }
                if let Some(of) = draw(&value, pick, problems) {
                    self.draws.push(Draw { name, of });
                }
            }
        }
        for section in root.sections("errors", problems) {
            self.error_text(&section, pick, problems);
            section.finish(problems);
        }
        let reader = rules::Reader { pick, draws: &self.draws, methods: &self.methods };
        let shapes = rules::shapes(root, problems);
        let mut lines: Vec<Line> = Vec::new();
        for section in root.sections("lines", problems) {
            lines.extend(reader.line(&section, &shapes, problems));
            section.finish(problems);
        }
        let mut spans = Vec::new();
        for section in root.sections("spans", problems) {
            spans.push(reader.span(&section, problems));
            section.finish(problems);
        }
        for section in root.sections("resources", problems) {
            let services = pick.services(&section, "services", problems);
            let attributes = reader.attributes(&section, problems);
            section.finish(problems);
            self.resources.push((services.unwrap_or_else(|| pick.all_services()), attributes));
        }
        self.lines = lines;
        self.spans = spans;
        self.tables(world);
    }

    fn calls(&mut self, section: &Section<'_, '_>, pick: Pick<'_>, problems: &mut Problems) {
        for value in section.value("unheard").and_then(|v| v.array(problems)).unwrap_or_default() {
            if let Some(cause) = choice(&value, WORDS.nouns.cause, &CAUSES, problems) {
                self.unheard |= bit(cause);
            }
        }
        if let Some(silent) = pick.services(section, "silent", problems) {
            self.silent = silent;
        }
        let Some(skews) = section.section("skew_ms", problems) else { return };
        for (name, span, value) in skews.entries() {
            let at = pick.world.services.iter().position(|service| *service.name == *name);
            if at.is_none() {
                let help = advice(&name, pick.world.services.iter().map(|service| &*service.name));
                problems.push(span, (WORDS.unknown)(WORDS.nouns.service, &name), help);
            }
            let skew = number(&value, -10_000.0, 10_000.0, problems);
            if let (Some(slot), Some(skew)) = (at.and_then(|at| self.skew_us.get_mut(at)), skew) {
                *slot = libm::round(skew * 1000.0) as i64;
            }
        }
    }

    fn error_text(&mut self, section: &Section<'_, '_>, pick: Pick<'_>, problems: &mut Problems) {
        let cause = section.required("cause", problems);
        let cause = cause.and_then(|value| choice(&value, WORDS.nouns.cause, &CAUSES, problems));
        let services = pick.services(section, "services", problems).unwrap_or_else(|| pick.all_services());
        let by = rules::by(section, problems);
        let place = Place { on: On::Step, leaky: false, in_error: true };
        let names = Names { place, draws: &self.draws };
        let kind = section.required("type", problems).and_then(|value| value.string(problems));
        let message =
            section.required("message", problems).and_then(|value| Template::text(&value, names, problems));
        let stack = section.value("stack").and_then(|value| Template::text(&value, names, problems));
        if let (Some(cause), Some(kind), Some(message)) = (cause, kind, message) {
            self.errors.push(ErrorText { cause, by, services, kind, message, stack });
        }
    }

    /// Which rules can concern which step or notice.
    fn tables(&mut self, world: &World) {
        let of = |holds: &dyn Fn(usize, StepFacts<'_>) -> bool, rules: usize| {
            let classes = world.classes.iter().enumerate();
            classes
                .map(|(class, planned)| {
                    let steps = 0..planned.steps.len();
                    let may = |step, rule: &u16| {
                        pick_facts(world, class, step).is_some_and(|facts| holds(usize::from(*rule), facts))
                    };
                    steps.map(|step| (0..rules as u16).filter(|rule| may(step, rule)).collect()).collect()
                })
                .collect::<super::StepTable>()
        };
        let (lines, spans) = (&self.lines, &self.spans);
        self.lines_of =
            of(&|rule, facts| lines[rule].on == On::Step && lines[rule].when.may_hold(facts), lines.len());
        self.spans_of = of(&|rule, facts| spans[rule].when.may_hold(facts), spans.len());
        self.notices_of = On::ALL
            .iter()
            .map(|(_, on)| {
                let may = |service: usize, line: &Line| line.on == *on && line.when.may_hold_for(service);
                let rules = |service| {
                    let all = lines.iter().enumerate();
                    all.filter(|(_, line)| may(service, line)).map(|(at, _)| at as u16).collect()
                };
                (0..world.services.len()).map(rules).collect()
            })
            .collect();
    }
}

/// What is always so of a class's step; `None` where there is no such step.
pub(super) fn pick_facts(world: &World, class: usize, step: usize) -> Option<StepFacts<'_>> {
    let planned = world.classes.get(class)?;
    let done = planned.steps.get(step)?;
    let parent = done.parent.and_then(|parent| planned.steps.get(usize::from(parent)));
    Some(StepFacts {
        class,
        service: usize::from(done.service),
        caller: parent.map(|parent| usize::from(parent.service)),
        model: done.model.map(usize::from),
        name: &done.name,
        root: step == 0,
    })
}

fn required<'a, 't>(root: &Section<'a, 't>, key: &str, problems: &mut Problems) -> Option<Section<'a, 't>> {
    root.required(key, problems)?.section(problems)
}

/// A number within a range.
pub(super) fn number(value: &Value<'_, '_>, least: f64, most: f64, problems: &mut Problems) -> Option<f64> {
    let number = value.float(problems)?;
    if !(least..=most).contains(&number) {
        value.problem(&(WORDS.out_of_range)(least, most), None, problems);
        return None;
    }
    Some(number)
}

/// Two numbers in order.
pub(super) fn pair(
    value: &Value<'_, '_>,
    least: f64,
    most: f64,
    problems: &mut Problems,
) -> Option<(f64, f64)> {
    let elements = value.array(problems)?;
    let [from, to] = elements.as_slice() else {
        value.problem(WORDS.not_a_pair, None, problems);
        return None;
    };
    let (from, to) = (number(from, least, most, problems)?, number(to, least, most, problems)?);
    if from > to {
        value.problem(WORDS.range_order, None, problems);
        return None;
    }
    Some((from, to))
}

/// A required list with something in it.
fn full_list(section: &Section<'_, '_>, key: &str, problems: &mut Problems) -> Vec<String> {
    let Some(value) = section.required(key, problems) else { return Vec::new() };
    full(&value, problems)
}

fn full(value: &Value<'_, '_>, problems: &mut Problems) -> Vec<String> {
    let Some(list) = value.strings(problems) else { return Vec::new() };
    if list.is_empty() || list.iter().any(|word| word.trim().is_empty()) {
        value.problem(if list.is_empty() { WORDS.empty_list } else { WORDS.empty }, None, problems);
    }
    list
}

fn full_text(section: &Section<'_, '_>, key: &str, problems: &mut Problems) -> String {
    let Some(value) = section.required(key, problems) else { return String::new() };
    let text = value.string(problems);
    if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
        value.problem(WORDS.empty, None, problems);
    }
    text.unwrap_or_default()
}

fn people(section: &Section<'_, '_>, pick: Pick<'_>, problems: &mut Problems) -> Words {
    let mut words = Words {
        given: full_list(section, "given", problems),
        family: full_list(section, "family", problems),
        mark: full_text(section, "mark", problems),
        domain: full_text(section, "domain", problems),
        state: full_text(section, "state", problems),
        cnpj: full_text(section, "cnpj", problems),
        cnes: full_text(section, "cnes", problems),
        user: full_text(section, "user", problems),
        agents: full_list(section, "agents", problems),
        foreign_agents: full_list(section, "foreign_agents", problems),
        networks: full_list(section, "networks", problems),
        foreign_networks: full_list(section, "foreign_networks", problems),
        ..Words::default()
    };
    if let Some(value) = section.value("cnpj")
        && identifiers::cnpj(&words.cnpj).is_none()
    {
        value.problem(WORDS.cnpj_base, None, problems);
    }
    let patients = section.required("patients", problems);
    let patients = patients.and_then(|value| number(&value, 1.0, 1e7, problems));
    words.patients = patients.map_or(1, |patients| patients as u64);
    if let Some(areas) = section.required("phone_areas", problems) {
        for area in areas.array(problems).unwrap_or_default() {
            words.areas.extend(number(&area, 10.0, 99.0, problems).map(|area| area as u8));
        }
        if words.areas.is_empty() {
            areas.problem(WORDS.empty_list, None, problems);
        }
    }
    let users = section.section("users", problems);
    for (role, span, value) in users.map(|users| users.entries()).unwrap_or_default() {
        if pick.world.roles.iter().all(|known| *known.id != *role) {
            let help = advice(&role, pick.world.roles.iter().map(|role| &*role.id));
            problems.push(span, (WORDS.unknown)(WORDS.nouns.role, &role), help);
        }
        words.users.extend(value.string(problems).map(|pattern| (role, pattern)));
    }
    words
}

fn draw(value: &Value<'_, '_>, pick: Pick<'_>, problems: &mut Problems) -> Option<Of> {
    let section = value.section(problems)?;
    let of = match (section.value("one_of"), section.value("range")) {
        (Some(list), None) => {
            let mut by_department = Vec::new();
            let own = section.section("by_department", problems);
            for (name, span, value) in own.map(|own| own.entries()).unwrap_or_default() {
                let at = pick.world.departments.iter().position(|known| *known.id == *name);
                if at.is_none() {
                    let help = advice(&name, pick.world.departments.iter().map(|known| &*known.id));
                    problems.push(span, (WORDS.unknown)(WORDS.nouns.department, &name), help);
                }
                by_department.extend(at.map(|at| (at as u8, full(&value, problems))));
            }
            Some(Of::Words(full(&list, problems), by_department))
        }
        (None, Some(range)) => {
            let decimals = section.value("decimals").and_then(|value| number(&value, 0.0, 6.0, problems));
            let (from, to) = pair(&range, -1e12, 1e12, problems)?;
            Some(match decimals.map(|decimals| decimals as u8) {
                None | Some(0) => Of::Whole(from as i64, to as i64),
                Some(decimals) => Of::Number(from, to, decimals),
            })
        }
        _ => {
            value.problem(&(WORDS.one_of_two)("one_of", "range"), None, problems);
            None
        }
    };
    section.finish(problems);
    of
}
