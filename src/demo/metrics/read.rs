//! Reads `demo/metrics.toml`, strictly: every mistake at once, each with its line.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::book::Kind;
use super::field::{Dim, Domains, Field};
use super::slow::Slow;
use super::source::{Gauge, On, Said, Value};
use crate::demo::world::World;
use crate::document::{Document, Problem, Problems, Section, Value as Entry, did_you_mean};
use crate::pack::DemoFile;

/// A family as the file has it.
#[derive(Debug)]
pub struct RawFamily {
    /// Name.
    pub name: Arc<str>,
    /// Kind.
    pub kind: Kind,
    /// Help text.
    pub help: Arc<str>,
    /// Jobs that export it.
    pub jobs: Vec<String>,
    /// Upper bounds.
    pub buckets: Vec<f64>,
    /// Decimals.
    pub decimals: Option<u8>,
    /// Whether a series appears with its first event only.
    pub lazy: bool,
    /// Whether trace ids are kept.
    pub exemplars: bool,
    /// Where its values come from.
    pub sources: Vec<RawSource>,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A source as the file has it.
#[derive(Debug)]
pub struct RawSource {
    /// What it listens to.
    pub on: On,
    /// What is observed.
    pub value: Value,
    /// Only these values.
    pub filters: Vec<(Dim, Vec<bool>)>,
    /// Labels.
    pub labels: Vec<(String, Label)>,
    /// Share of the events that count.
    pub chance: f64,
    /// Name of the draw.
    pub draw: Option<String>,
    /// Seconds after the event.
    pub delay_s: f64,
    /// See the book.
    pub factor: f64,
    /// See the book.
    pub complement: Option<f64>,
    /// See the book.
    pub integral: bool,
}

/// What a label's value is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Label {
    /// This text.
    Text(String),
    /// A field of the event, some of its values in other words.
    Field(Field, BTreeMap<String, String>),
    /// One of these, by chance.
    Pick {
        /// The values.
        of: Vec<String>,
        /// Whether the person decides, rather than the request.
        by_user: bool,
    },
    /// The version that runs.
    Version,
}

/// Reads the file's families. What could not be read is left out and told.
pub fn read(file: &DemoFile, world: &World, domains: &Domains) -> (Vec<RawFamily>, Vec<Problem>) {
    let mut problems = Problems::new(&file.name, &file.text);
    let mut families: Vec<RawFamily> = Vec::new();
    if let Some(document) = Document::parse(&file.text, &mut problems) {
        let root = document.root();
        for section in root.sections("metrics", &mut problems) {
            let reader = Reader { world, domains };
            let Some(family) = reader.family(&section, &mut problems) else { continue };
            if families.iter().any(|other| other.name == family.name) {
                let message = format!("there are two metrics `{}`", family.name);
                problems.push(section.span(), message, Some("give one of them several `from`".to_owned()));
            }
            families.push(family);
        }
        root.finish(&mut problems);
    }
    (families, problems.into_list())
}

struct Reader<'w> {
    world: &'w World,
    domains: &'w Domains,
}

/// One of these words, or a problem that names the near one.
fn word<T: Copy>(entry: &Entry<'_, '_>, known: &[(&'static str, T)], problems: &mut Problems) -> Option<T> {
    let text = entry.string(problems)?;
    let found = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        unknown(entry, &text, &names, problems);
    }
    found
}

fn unknown(entry: &Entry<'_, '_>, text: &str, known: &[&str], problems: &mut Problems) {
    let help = match did_you_mean(text, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known here: {}", known.join(", ")),
    };
    entry.problem(&format!("`{text}` is not known"), Some(help), problems);
}

fn is_name(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl Reader<'_> {
    fn family(&self, section: &Section<'_, '_>, problems: &mut Problems) -> Option<RawFamily> {
        let name = section.required("name", problems);
        let kind = section.required("type", problems).and_then(|kind| word(&kind, &Kind::ALL, problems));
        let help = section.required("help", problems).and_then(|help| help.string(problems));
        let jobs = self.jobs(section, problems);
        let buckets = Self::buckets(section, kind, problems);
        let decimals = section.value("decimals").and_then(|decimals| {
            let count = decimals.integer(problems)?;
            if !(0..=9).contains(&count) {
                decimals.problem("must be 0 to 9", None, problems);
                return None;
            }
            Some(count as u8)
        });
        let lazy = section.bool("lazy", problems).unwrap_or(false);
        let exemplars = section.bool("exemplars", problems).unwrap_or(false);
        let kind_or = kind.unwrap_or(Kind::Counter);
        let sources = if section.has("from") {
            let sections = section.sections("from", problems);
            sections.iter().filter_map(|section| self.source(section, kind_or, problems)).collect()
        } else {
            self.source_keys(section, kind_or, problems).into_iter().collect()
        };
        section.finish(problems);
        let text = name.as_ref().and_then(|name| name.string(problems))?;
        if !is_name(&text) {
            let name = name?;
            name.problem(&format!("`{text}` cannot be the name of a metric"), None, problems);
            return None;
        }
        let (kind, help, jobs) = (kind?, help?, jobs?);
        let span = section.span();
        Some(RawFamily {
            name: text.into(),
            kind,
            help: help.into(),
            jobs,
            buckets,
            decimals,
            lazy,
            exemplars,
            sources,
            span,
        })
    }

    fn jobs(&self, section: &Section<'_, '_>, problems: &mut Problems) -> Option<Vec<String>> {
        let known: Vec<&str> = self.world.services.iter().map(|service| &*service.job).collect();
        let entries = section.required("jobs", problems)?.array(problems)?;
        let mut jobs = Vec::new();
        for entry in entries {
            let Some(job) = entry.string(problems) else { continue };
            if job == "*" {
                jobs.extend(known.iter().map(|job| (*job).to_owned()));
            } else if known.contains(&job.as_str()) {
                jobs.push(job);
            } else {
                unknown(&entry, &job, &known, problems);
            }
        }
        Some(jobs)
    }

    fn buckets(section: &Section<'_, '_>, kind: Option<Kind>, problems: &mut Problems) -> Vec<f64> {
        let entry = section.value("buckets");
        match (&entry, kind) {
            (None, Some(Kind::Histogram)) => {
                problems.push(section.span(), "a histogram needs `buckets`", None);
                return Vec::new();
            }
            (Some(entry), Some(Kind::Counter | Kind::Gauge)) => {
                entry.problem("only a histogram has buckets", None, problems);
                return Vec::new();
            }
            _ => {}
        }
        let Some(entry) = entry else { return Vec::new() };
        let bounds: Vec<f64> = entry
            .array(problems)
            .unwrap_or_default()
            .iter()
            .filter_map(|bound| bound.float(problems))
            .collect();
        if bounds.is_empty() || bounds.windows(2).any(|pair| pair[0] >= pair[1]) {
            entry.problem("must rise from bound to bound", None, problems);
        }
        bounds
    }

    fn source(&self, section: &Section<'_, '_>, kind: Kind, problems: &mut Problems) -> Option<RawSource> {
        let source = self.source_keys(section, kind, problems);
        section.finish(problems);
        source
    }

    fn source_keys(
        &self,
        section: &Section<'_, '_>,
        kind: Kind,
        problems: &mut Problems,
    ) -> Option<RawSource> {
        let on = section.required("of", problems).and_then(|of| Self::on(section, &of, problems));
        let value = section.value("value").and_then(|value| Self::value(&value, problems));
        let filters = self.filters(section, problems);
        let labels = Self::labels(section, problems);
        let share = |key: &str, least: f64, most: f64, problems: &mut Problems| {
            let entry = section.value(key)?;
            let number = entry.float(problems)?;
            if !(least..=most).contains(&number) {
                entry.problem(&format!("must be {least} to {most}"), None, problems);
                return None;
            }
            Some(number)
        };
        let chance = share("chance", 0.0, 1.0, problems).unwrap_or(1.0);
        let delay_s = share("delay_s", 0.0, 86_400.0, problems).unwrap_or(0.0);
        let draw = section.string("draw", problems);
        let factor = section.float("factor", problems).unwrap_or(1.0);
        let complement = section.float("complement", problems);
        let integral = section.bool("integral", problems).unwrap_or(false);
        let on = on?;
        if kind == Kind::Histogram && matches!(on, On::Gauge(_) | On::Slow(_) | On::Constant(_)) {
            problems.push(section.span(), "a histogram counts events, not a gauge", None);
            return None;
        }
        if kind == Kind::Gauge && matches!(on, On::Request | On::Call | On::Step | On::Notice(_)) {
            let help = Some("make it a counter or a histogram".to_owned());
            problems.push(section.span(), "events cannot be a gauge", help);
            return None;
        }
        let value = value.unwrap_or(Value::One);
        Some(RawSource { on, value, filters, labels, chance, draw, delay_s, factor, complement, integral })
    }

    fn on(section: &Section<'_, '_>, of: &Entry<'_, '_>, problems: &mut Problems) -> Option<On> {
        let text = of.string(problems)?;
        let number = |key: &str, otherwise: f64, problems: &mut Problems| {
            section.float(key, problems).unwrap_or(otherwise)
        };
        match text.as_str() {
            "request" => return Some(On::Request),
            "call" => return Some(On::Call),
            "step" => return Some(On::Step),
            "nothing" => return Some(On::Nothing),
            "constant" => return Some(On::Constant(number("amount", 1.0, problems))),
            "slow" => {
                let mean = section.required("mean", problems).and_then(|mean| mean.float(problems))?;
                let period_h = number("period_h", 24.0, problems);
                if period_h <= 0.0 {
                    of.problem("period_h must be more than 0", None, problems);
                    return None;
                }
                let (min, max) = (number("min", 0.0, problems), number("max", f64::MAX, problems));
                if min > max {
                    of.problem("min is above max", None, problems);
                    return None;
                }
                return Some(On::Slow(Slow {
                    mean,
                    sway: number("sway", 0.0, problems),
                    period_h,
                    daily: number("daily", 0.0, problems),
                    whole: section.integer("whole", problems).unwrap_or(0).clamp(0, 1_000_000) as u32,
                    min,
                    max,
                }));
            }
            _ => {}
        }
        let notice = Said::ALL.iter().find(|(name, _)| *name == text).map(|(_, said)| On::Notice(*said));
        let gauge = || Gauge::ALL.iter().find(|(name, _)| *name == text).map(|(_, gauge)| On::Gauge(*gauge));
        let found = notice.or_else(gauge);
        if found.is_none() {
            let mut known = vec!["request", "call", "step", "nothing", "constant", "slow"];
            known.extend(Said::ALL.iter().map(|(name, _)| *name));
            known.extend(Gauge::ALL.iter().map(|(name, _)| *name));
            unknown(of, &text, &known, problems);
        }
        found
    }

    fn value(entry: &Entry<'_, '_>, problems: &mut Problems) -> Option<Value> {
        if entry.value.as_str().is_some() {
            return word(entry, &Value::WORDS, problems);
        }
        let drawn = entry.section(problems)?;
        let median = drawn.required("median", problems)?.float(problems)?;
        let sigma = drawn.float("sigma", problems).unwrap_or(0.0);
        drawn.finish(problems);
        Some(Value::Drawn(median, sigma))
    }

    fn filters(&self, section: &Section<'_, '_>, problems: &mut Problems) -> Vec<(Dim, Vec<bool>)> {
        let Some(table) = section.section("where", problems) else { return Vec::new() };
        let mut filters = Vec::new();
        for (name, span, entry) in table.entries() {
            let Some(field) = Field::parse(&name) else {
                let help = did_you_mean(&name, Field::names()).map_or_else(
                    || format!("fields: {}", Field::names().collect::<Vec<_>>().join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                problems.push(span, format!("`{name}` is not a field"), Some(help));
                continue;
            };
            let size = self.domains.size(field.dim, self.world);
            let texts: Vec<&str> = (0..size).map(|at| self.domains.text(field, at, self.world)).collect();
            let mut wanted = vec![false; size];
            let entries = if entry.value.as_str().is_some() {
                vec![entry]
            } else {
                entry.array(problems).unwrap_or_default()
            };
            for entry in entries {
                let Some(text) = entry.string(problems) else { continue };
                let mut found = false;
                for (at, known) in texts.iter().enumerate() {
                    let fits = match text.strip_suffix('*') {
                        Some(start) => known.starts_with(start),
                        None => *known == text,
                    };
                    wanted[at] |= fits;
                    found |= fits;
                }
                if !found {
                    let mut known = texts.clone();
                    known.sort_unstable();
                    known.dedup();
                    unknown(&entry, &text, &known, problems);
                }
            }
            filters.push((field.dim, wanted));
        }
        filters
    }

    fn labels(section: &Section<'_, '_>, problems: &mut Problems) -> Vec<(String, Label)> {
        let Some(table) = section.section("labels", problems) else { return Vec::new() };
        let mut labels = Vec::new();
        for (name, span, entry) in table.entries() {
            if !is_name(&name) || ["job", "instance", "le", "__name__"].contains(&name.as_str()) {
                problems.push(span, format!("`{name}` cannot be a label here"), None);
                continue;
            }
            if let Some(label) = Self::label(&entry, problems) {
                labels.push((name, label));
            }
        }
        labels
    }

    fn label(entry: &Entry<'_, '_>, problems: &mut Problems) -> Option<Label> {
        if entry.value.as_str().is_some() {
            let text = entry.string(problems)?;
            return match text.strip_prefix('$') {
                None => Some(Label::Text(text)),
                Some("version") => Some(Label::Version),
                Some(name) => {
                    Self::field(entry, name, problems).map(|field| Label::Field(field, BTreeMap::new()))
                }
            };
        }
        let table = entry.section(problems)?;
        if table.has("pick") {
            let of = table.strings("pick", problems).unwrap_or_default();
            let by =
                table.value("by").and_then(|by| word(&by, &[("user", true), ("request", false)], problems));
            table.finish(problems);
            if of.is_empty() {
                entry.problem("`pick` needs a value to pick", None, problems);
                return None;
            }
            return Some(Label::Pick { of, by_user: by.unwrap_or(false) });
        }
        let field = table.required("field", problems)?;
        let text = field.string(problems)?;
        let mut words = BTreeMap::new();
        if let Some(section) = table.section("words", problems) {
            for (from, _, to) in section.entries() {
                if let Some(to) = to.string(problems) {
                    words.insert(from, to);
                }
            }
        }
        table.finish(problems);
        let name = text.strip_prefix('$').unwrap_or(&text);
        Self::field(&field, name, problems).map(|field| Label::Field(field, words))
    }

    fn field(entry: &Entry<'_, '_>, name: &str, problems: &mut Problems) -> Option<Field> {
        let field = Field::parse(name);
        if field.is_none() {
            let known: Vec<&str> = Field::names().collect();
            unknown(entry, name, &known, problems);
        }
        field
    }
}
