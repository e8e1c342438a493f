//! Reading the rules of `demo/signals.toml`: lines, spans and their conditions.

use std::sync::Arc;

use super::draw::Draw;
use super::pick::{Pick, choice, set};
use super::place::{On, Place};
use super::read::{number, pair, pick_facts};
use super::template::{Attribute, Names, Template};
use super::when::{CAUSES, Test, When, bit};
use super::{By, Line, Share, SpanRule};
use crate::document::{Problems, Section, Value};
use crate::model::SpanKind;
use crate::text::signals::EN as WORDS;

const LEVELS: [(&str, ()); 5] =
    [("debug", ()), ("info", ()), ("warning", ()), ("error", ()), ("critical", ())];
const KINDS: [(&str, SpanKind); 5] = [
    ("internal", SpanKind::Internal),
    ("server", SpanKind::Server),
    ("client", SpanKind::Client),
    ("producer", SpanKind::Producer),
    ("consumer", SpanKind::Consumer),
];

/// What JSON lines of one kind begin and end with.
pub(super) struct Shape<'a, 't> {
    name: String,
    first: Option<Value<'a, 't>>,
    last: Option<Value<'a, 't>>,
}

/// The `[shapes.NAME]` of a file.
pub(super) fn shapes<'a, 't>(root: &Section<'a, 't>, problems: &mut Problems) -> Vec<Shape<'a, 't>> {
    let Some(section) = root.section("shapes", problems) else { return Vec::new() };
    let mut all = Vec::new();
    for (name, _, value) in section.entries() {
        let Some(shape) = value.section(problems) else { continue };
        all.push(Shape { name, first: shape.value("first"), last: shape.value("last") });
        shape.finish(problems);
    }
    all
}

/// `by`: who speaks.
pub(super) fn by(section: &Section<'_, '_>, problems: &mut Problems) -> Option<By> {
    let known = [("own", By::Own), ("caller", By::Caller)];
    choice(&section.value("by")?, WORDS.nouns.by, &known, problems)
}

fn share(section: &Section<'_, '_>, problems: &mut Problems) -> Option<Share> {
    let value = section.value("share")?;
    if value.value.as_array().is_some() {
        return pair(&value, 0.0, 1.0, problems).map(|(from, to)| Share::Between(from, to));
    }
    number(&value, 0.0, 1.0, problems).map(Share::Sampled)
}

/// A condition by its key: which lines can have it, and how it is made of what stands there.
type Condition<'c, T> = (&'c str, &'c [On], &'c dyn Fn(T) -> Test);

fn body(
    section: &Section<'_, '_>,
    shapes: &[Shape<'_, '_>],
    names: Names<'_>,
    problems: &mut Problems,
) -> Option<Template> {
    let shape = section.value("shape").and_then(|value| {
        let known: Vec<(&str, usize)> =
            shapes.iter().enumerate().map(|(at, shape)| (shape.name.as_str(), at)).collect();
        shapes.get(choice(&value, WORDS.nouns.shape, &known, problems)?)
    });
    match (section.value("text"), section.value("json")) {
        (Some(text), None) => Template::text(&text, names, problems),
        (None, Some(json)) => {
            let tables =
                [shape.and_then(|s| s.first.clone()), Some(json), shape.and_then(|s| s.last.clone())];
            let tables: Vec<Value<'_, '_>> = tables.into_iter().flatten().collect();
            Some(Template::json(&tables, names, problems))
        }
        _ => {
            problems.push(
                section.span(),
                format!("{}: {}", section.path(), (WORDS.one_of_two)("text", "json")),
                None,
            );
            None
        }
    }
}

/// Reads rules.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub pick: Pick<'a>,
    pub draws: &'a [Draw],
    pub methods: &'a [String],
}

impl Reader<'_> {
    /// One `[[lines]]`.
    pub(super) fn line(
        self,
        section: &Section<'_, '_>,
        shapes: &[Shape<'_, '_>],
        problems: &mut Problems,
    ) -> Option<Line> {
        let on = section.required("on", problems);
        let on = on.and_then(|value| choice(&value, WORDS.nouns.on, &On::ALL, problems))?;
        let when = self.when(section, on, problems);
        let names = Names { place: Place { on, leaky: when.is_leaky(), in_error: false }, draws: self.draws };
        let by = by(section, problems);
        let level = section.required("level", problems).and_then(|value| {
            choice(&value, WORDS.nouns.level, &LEVELS, problems)?;
            value.string(problems)
        });
        let category = section.required("category", problems).and_then(|v| v.string(problems));
        let department = section.string("department", problems);
        let at = [("start", true), ("end", false)];
        let at = section.value("at").and_then(|v| choice(&v, WORDS.nouns.at, &at, problems));
        let mut labels = Vec::new();
        for (name, _, value) in
            section.section("labels", problems).map(|all| all.entries()).unwrap_or_default()
        {
            labels.extend(Template::text(&value, names, problems).map(|text| (name, text)));
        }
        let share = share(section, problems);
        let traced = section.bool("traced", problems).unwrap_or(true);
        let body = body(section, shapes, names, problems);
        Some(Line {
            on,
            when,
            by: by.unwrap_or(By::Own),
            category: category?,
            level: level?,
            department,
            labels,
            share,
            traced,
            at_start: at.unwrap_or(false),
            body: body?,
        })
    }

    /// One `[[spans]]`.
    pub(super) fn span(self, section: &Section<'_, '_>, problems: &mut Problems) -> SpanRule {
        let when = self.when(section, On::Step, problems);
        let kind = section.value("kind");
        let kind = kind.and_then(|value| choice(&value, WORDS.nouns.kind, &KINDS, problems));
        SpanRule { when, kind, attributes: self.attributes(section, problems) }
    }

    /// `attributes` of a span or a resource.
    pub(super) fn attributes(
        self,
        section: &Section<'_, '_>,
        problems: &mut Problems,
    ) -> Vec<(Arc<str>, Attribute)> {
        let place = Place { on: On::Step, leaky: false, in_error: false };
        let names = Names { place, draws: self.draws };
        let table = section.section("attributes", problems);
        let mut all = Vec::new();
        for (name, _, value) in table.map(|table| table.entries()).unwrap_or_default() {
            let attribute = Attribute::read(&value, names, problems);
            all.extend(attribute.map(|attribute| (Arc::from(name.as_str()), attribute)));
        }
        all
    }

    /// `when` of a rule; everything where there is none.
    fn when(self, rule: &Section<'_, '_>, on: On, problems: &mut Problems) -> When {
        let mut when = When::default();
        let Some(section) = rule.section("when", problems) else { return when };
        self.who(&section, &mut when, problems);
        self.what(&section, on, &mut when, problems);
        section.finish(problems);
        let world = self.pick.world;
        let possible = match on {
            On::Step => (0..world.classes.len()).any(|class| {
                (0..world.classes.get(class).map_or(0, |planned| planned.steps.len()))
                    .any(|step| pick_facts(world, class, step).is_some_and(|facts| when.may_hold(facts)))
            }),
            _ => (0..world.services.len()).any(|service| when.may_hold_for(service)),
        };
        if !possible {
            problems.push(section.span(), format!("{}: {}", section.path(), WORDS.never), None);
        }
        when
    }

    /// Conditions on who and what kind, which hold or not before anything has happened.
    fn who(self, section: &Section<'_, '_>, when: &mut When, problems: &mut Problems) {
        let world = self.pick.world;
        when.services = self.pick.services(section, "service", problems);
        when.callers = self.pick.services(section, "caller", problems);
        let names = |known: Vec<&str>, key: &str, noun: &str, problems: &mut Problems| {
            set(&section.value(key)?, noun, &known, problems)
        };
        let operations = world.classes.iter().map(|class| &*class.operation).collect();
        when.classes = names(operations, "operation", WORDS.nouns.operation, problems);
        let models = world.models.iter().map(|model| &*model.id).collect();
        when.models = names(models, "model", WORDS.nouns.model, problems);
        let departments = world.departments.iter().map(|share| &*share.id).collect();
        let departments = names(departments, "department", WORDS.nouns.department, problems);
        when.tests.extend(departments.map(Test::Departments));
        let roles = world.roles.iter().map(|share| &*share.id).collect();
        when.tests.extend(names(roles, "role", WORDS.nouns.role, problems).map(Test::Roles));
        let steps: Vec<&str> =
            world.classes.iter().flat_map(|class| class.steps.iter().map(|step| &*step.name)).collect();
        when.steps = section.value("step").and_then(|value| {
            set(&value, WORDS.nouns.step, &steps, problems)?;
            value.strings(problems)
        });
        when.has_model = section.bool("has_model", problems);
        when.entry = section.bool("entry", problems);
        when.root = section.bool("root", problems);
    }

    /// Conditions on how it went.
    fn what(self, section: &Section<'_, '_>, on: On, when: &mut When, problems: &mut Problems) {
        use On::{Batch, Pause, PoolWait, Report, Retransmits, Started, Step, Stopped, Thermal};
        // Whether the condition is there and makes sense for this kind of line.
        let asked = |key: &str, of: &[On], problems: &mut Problems| {
            let value = section.value(key)?;
            if of.contains(&on) {
                return Some(value);
            }
            let name = On::ALL.iter().find(|(_, known)| *known == on).map_or("", |(name, _)| name);
            value.problem(&(WORDS.condition_misplaced)(key, name), None, problems);
            None
        };
        let flags: [Condition<'_, bool>; 7] = [
            ("retry", &[Step], &Test::Retry),
            ("retried", &[Step], &Test::Retried),
            ("foreign", &[Step], &Test::Foreign),
            ("leaky", &[Step], &Test::Leaky),
            ("deployed", &[Started], &Test::Deployed),
            ("killed", &[Stopped], &Test::Killed),
            ("began", &[Batch], &Test::Began),
        ];
        for (key, of, test) in flags {
            let value = asked(key, of, problems).and_then(|value| value.bool(problems));
            when.tests.extend(value.map(test));
        }
        let ms = |value: f64| libm::round(value * 1000.0) as i64;
        let marks: [Condition<'_, f64>; 6] = [
            ("over_ms", &[Step, PoolWait, Pause, Report], &|value| Test::Over(ms(value))),
            ("under_ms", &[Step, PoolWait, Pause, Report], &|value| Test::Under(ms(value))),
            ("waited_over_ms", &[Step], &|value| Test::WaitedOver(ms(value))),
            ("confidence_below", &[Step], &Test::ConfidenceBelow),
            ("confidence_over", &[Step], &Test::ConfidenceOver),
            ("count_over", &[Retransmits], &|value| Test::CountOver(value as i64)),
        ];
        for (key, of, test) in marks {
            let value = asked(key, of, problems).and_then(|value| number(&value, 0.0, 1e9, problems));
            when.tests.extend(value.map(test));
        }
        if let Some(value) = asked("outcome", &[Step], problems) {
            let known = [("ok", true), ("failed", false)];
            let ok = choice(&value, WORDS.nouns.outcome, &known, problems);
            when.tests.extend(ok.map(Test::Ok));
        }
        if let Some(value) = asked("cause", &[Step], problems) {
            let causes = value.array(problems).unwrap_or_default();
            let causes = causes.iter().filter_map(|v| choice(v, WORDS.nouns.cause, &CAUSES, problems));
            let all = causes.fold(0, |all, cause| all | bit(cause));
            when.tests.push(Test::Cause(all));
        }
        if let Some(value) = asked("status", &[Step], problems) {
            let range = pair(&value, 0.0, 999.0, problems);
            when.tests.extend(range.map(|(from, to)| Test::Status(from as u16, to as u16)));
        }
        if let Some(value) = asked("auth_method", &[Step], problems) {
            let known: Vec<(&str, u8)> =
                self.methods.iter().enumerate().map(|(at, name)| (name.as_str(), at as u8)).collect();
            let method = choice(&value, WORDS.nouns.method, &known, problems);
            when.tests.extend(method.map(Test::AuthMethod));
        }
        if let Some(value) = asked("state", &[Thermal], problems) {
            let states = value.array(problems).unwrap_or_default();
            let states = states.iter().filter_map(|state| state.integer(problems));
            when.tests.push(Test::States(states.collect()));
        }
        if let Some(value) = asked("name", &[Batch], problems) {
            let names = value.strings(problems).unwrap_or_default();
            when.tests.push(Test::Name(names));
        }
    }
}
