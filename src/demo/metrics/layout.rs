//! Lays the families out over the targets: gives every series that there can be its place in a row.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::book::{ADDED, Book, FamilyDef, Hit, Kind, Listeners, SeriesDef, Source, Target};
use super::combine::combinations;
use super::field::{Dim, Domains};
use super::read::{self, Label, RawFamily, RawSource};
use super::source::{Gauge, On, Value};
use super::state::ABSENT;
use crate::demo::rng::{Rng, mix};
use crate::demo::world::World;
use crate::document::{Problem, Problems};
use crate::model::Labels;
use crate::pack::DemoFile;

/// What labels can tell of a request.
const OF_REQUEST: [Dim; 8] =
    [Dim::Class, Dim::Department, Dim::Role, Dim::Method, Dim::Origin, Dim::Logging, Dim::Status, Dim::Cause];
/// What they can tell of a call within it: the same, and where it went.
const OF_CALL: [Dim; 11] = {
    let [class, department, role, method, origin, logging, status, cause] = OF_REQUEST;
    [class, department, role, method, origin, logging, status, cause, Dim::Model, Dim::Step, Dim::Service]
};

/// No family needs more combinations of what its labels are made of.
pub(super) const MOST: usize = 200_000;
/// Versions of one process that are told apart.
pub const VERSIONS: u32 = 4;

/// Reads the file and lays its families out.
pub fn book(file: &DemoFile, world: &World, seed: u64) -> Result<Book, Vec<Problem>> {
    let domains = Domains::of(world);
    let (raw, mut list) = read::read(file, world, &domains);
    let observers = observers(world);
    let mut problems = Problems::new(&file.name, &file.text);
    let mut layout = Layout { world, domains, observers, families: &raw, sources: sources(&raw) };
    layout.check(&mut problems);
    list.extend(problems.into_list());
    if !list.is_empty() {
        list.sort_by_key(|problem| (problem.line, problem.column));
        return Err(list);
    }
    let mut series = Vec::new();
    let mut targets = Vec::new();
    for service in 0..world.services.len() {
        let target = layout.target(service, seed, &mut series);
        targets.push(target);
    }
    let mut by_name: BTreeMap<Arc<str>, Vec<u32>> = BTreeMap::new();
    for (at, one) in series.iter().enumerate() {
        let labels = one.labels.get().or(one.without_version.as_ref());
        let name = labels.map_or("", Labels::metric_name);
        match by_name.get_mut(name) {
            Some(list) => list.push(at as u32),
            None => {
                by_name.insert(name.into(), vec![at as u32]);
            }
        }
    }
    let families = raw
        .iter()
        .map(|family| FamilyDef {
            name: Arc::clone(&family.name),
            kind: family.kind,
            help: Arc::clone(&family.help),
            buckets: family.buckets.clone(),
            decimals: decimals(family),
            exemplars: family.exemplars,
        })
        .collect();
    let Layout { domains, observers, sources, .. } = layout;
    let listeners = (0..world.classes.len())
        .map(|class| listeners(&sources, &domains, &observers, world, class))
        .collect();
    let notices = numbers(&sources, |source| matches!(source.on, On::Notice(_)));
    let readings = (0..targets.len()).map(|target| readings(&sources, target)).collect();
    Ok(Book { families, sources, targets, series, by_name, domains, listeners, readings, notices, observers })
}

fn numbers(sources: &[Source], wanted: impl Fn(&Source) -> bool) -> Vec<usize> {
    sources.iter().enumerate().filter(|(_, source)| wanted(source)).map(|(at, _)| at).collect()
}

fn listeners(
    sources: &[Source],
    domains: &Domains,
    observers: &[bool],
    world: &World,
    class: usize,
) -> Listeners {
    let wants = |source: &Source, of: Dim, value: usize| {
        source.filters.iter().all(|(dim, wanted)| *dim != of || wanted.get(value) == Some(&true))
    };
    let hits = |wanted: &dyn Fn(&Source) -> bool, at: &dyn Fn(usize) -> bool| -> Vec<Hit> {
        let of_class = |source: &&usize| {
            sources.get(**source).is_some_and(|source| wants(source, Dim::Class, class) && wanted(source))
        };
        let all: Vec<usize> = (0..sources.len()).collect();
        let rows = |source: &usize| {
            let rows = sources.get(*source).map_or(&[][..], |source| &source.rows).iter().enumerate();
            let source = *source as u32;
            let here = rows.filter(|(_, (service, _))| at(usize::from(*service)));
            here.map(move |(row, _)| Hit { source, row: row as u32 }).collect::<Vec<_>>()
        };
        all.iter().filter(of_class).flat_map(rows).collect()
    };
    let steps = world.classes.get(class).map_or(0, |class| class.steps.len());
    let step = |step: usize| {
        let name = usize::from(domains.step(class, step));
        let by_service = |service: usize| {
            let wanted = |source: &Source| {
                matches!(source.on, On::Step | On::Call)
                    && wants(source, Dim::Step, name)
                    && wants(source, Dim::Service, service)
            };
            hits(&wanted, &|at| at == service || observers.get(at) == Some(&true))
        };
        (0..world.services.len()).map(by_service).collect()
    };
    Listeners {
        requests: hits(&|source| source.on == On::Request, &|_| true),
        steps: (0..steps).map(step).collect(),
    }
}

fn readings(sources: &[Source], target: usize) -> Vec<(usize, usize)> {
    let is_read = |source: &Source| matches!(source.on, On::Gauge(_) | On::Slow(_));
    numbers(sources, is_read)
        .into_iter()
        .filter_map(|at| {
            let rows = &sources.get(at)?.rows;
            Some((at, rows.iter().position(|(service, _)| usize::from(*service) == target)?))
        })
        .collect()
}

/// Services that no request passes: they watch.
fn observers(world: &World) -> Vec<bool> {
    let takes_part = |at: usize| {
        world.classes.iter().any(|class| class.steps.iter().any(|step| usize::from(step.service) == at))
    };
    (0..world.services.len()).map(|at| !takes_part(at)).collect()
}

fn decimals(family: &RawFamily) -> u8 {
    let fine = |source: &RawSource| match (&source.on, source.value) {
        (On::Gauge(_) | On::Slow(_) | On::Constant(_), _) => 3,
        (_, Value::Seconds | Value::Waited | Value::Confidence | Value::Drawn(..)) => 6,
        _ => 0,
    };
    family.decimals.unwrap_or_else(|| family.sources.iter().map(fine).max().unwrap_or(0))
}

fn number_of(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| mix(hash ^ u64::from(byte)))
}

fn sources(families: &[RawFamily]) -> Vec<Source> {
    let mut all = Vec::new();
    for (family, raw) in families.iter().enumerate() {
        for source in &raw.sources {
            let draw = number_of(source.draw.as_deref().unwrap_or(&raw.name));
            all.push(Source {
                family: family as u16,
                on: source.on.clone(),
                value: source.value,
                filters: source.filters.clone(),
                dims: Vec::new(),
                picks: Vec::new(),
                chance: source.chance,
                draw,
                delay_us: (source.delay_s * 1e6) as i64,
                factor: source.factor,
                complement: source.complement,
                integral: source.integral,
                rows: Vec::new(),
            });
        }
    }
    all
}

pub(super) struct Layout<'w> {
    world: &'w World,
    domains: Domains,
    observers: Vec<bool>,
    families: &'w [RawFamily],
    sources: Vec<Source>,
}

impl Layout<'_> {
    /// What of each thing a source's labels need.
    pub(super) fn dims(source: &RawSource) -> Vec<Dim> {
        let mut dims: Vec<Dim> = source
            .labels
            .iter()
            .filter_map(|(_, label)| match label {
                Label::Field(field, _) => Some(field.dim),
                _ => None,
            })
            .collect();
        dims.sort_unstable();
        dims.dedup();
        dims
    }

    /// Whether labels and sources fit together.
    fn check(&self, problems: &mut Problems) {
        for family in self.families {
            for source in &family.sources {
                let dims = Self::dims(source);
                let mut wrong = |text: String| problems.push(family.span.clone(), text, None);
                let size: usize = dims.iter().map(|dim| self.domains.size(*dim, self.world)).product();
                if size > MOST {
                    wrong(format!("`{}`: {size} combinations of labels are too many", family.name));
                }
                let version = source.labels.iter().any(|(_, label)| *label == Label::Version);
                if version != (source.on == On::Gauge(Gauge::Version)) {
                    wrong(format!("`{}`: $version belongs to gauge.service.version", family.name));
                }
                if version && dims.contains(&Dim::Service) {
                    wrong(format!("`{}`: a process exports its own version only", family.name));
                }
                let allowed: &[Dim] = match &source.on {
                    On::Request => &OF_REQUEST,
                    On::Call | On::Step => &OF_CALL,
                    On::Notice(_) => &[Dim::Service, Dim::Peer],
                    On::Gauge(gauge) => match gauge.dim() {
                        Some(Dim::Department) => &[Dim::Department],
                        Some(Dim::Model) => &[Dim::Model],
                        Some(Dim::Service) => &[Dim::Service],
                        _ => &[],
                    },
                    // All combinations of what the place has, at their start.
                    On::Nothing | On::Slow(_) | On::Constant(_) => {
                        &[Dim::Class, Dim::Department, Dim::Role, Dim::Method, Dim::Model, Dim::Service]
                    }
                };
                let asked = dims.iter().chain(source.filters.iter().map(|(dim, _)| dim));
                if let Some(dim) = asked.into_iter().find(|dim| !allowed.contains(dim)) {
                    wrong(format!("`{}`: what it counts has no {dim:?}", family.name));
                }
                let picks = source.labels.iter().any(|(_, label)| matches!(label, Label::Pick { .. }));
                if picks && !matches!(source.on, On::Request | On::Call | On::Step | On::Nothing) {
                    wrong(format!("`{}`: only requests and steps can pick a label", family.name));
                }
            }
        }
    }

    /// One target with all its series.
    fn target(&mut self, service: usize, seed: u64, series: &mut Vec<SeriesDef>) -> Target {
        let first = series.len() as u32;
        let target = service as u16;
        let mut start = Vec::new();
        let Some(of) = self.world.services.get(service) else {
            return Target {
                service: service as u8,
                job: "".into(),
                instance: "".into(),
                every_ms: 15_000,
                offset_ms: 0,
                first,
                len: 0,
                start: start.into(),
            };
        };
        let own = [("job", &*of.job), ("instance", &*of.instance)];
        let mut at_source = 0;
        for (number, family) in self.families.iter().enumerate() {
            let sources = at_source..at_source + family.sources.len();
            at_source = sources.end;
            if !family.jobs.iter().any(|job| **job == *of.job) {
                continue;
            }
            let mut places: BTreeMap<Vec<(String, String)>, u32> = BTreeMap::new();
            for (raw, source) in family.sources.iter().zip(sources) {
                let mut put = |labels: Vec<(String, String)>| {
                    *places.entry(labels).or_insert_with_key(|labels| {
                        let begin = begin(family, raw);
                        push(family, number as u16, labels, own, target, begin, &mut start, series)
                    })
                };
                if raw.on == On::Gauge(Gauge::Version) {
                    let place = start.len() as u32;
                    for _ in 0..VERSIONS {
                        push_version(family, number as u16, raw, own, target, &mut start, series);
                    }
                    if let Some(source) = self.sources.get_mut(source) {
                        source.rows.push((service as u8, vec![place]));
                    }
                    continue;
                }
                let (dims, picks, rows) =
                    combinations(self.world, &self.domains, &self.observers, raw, service, &mut put);
                if let Some(source) = self.sources.get_mut(source) {
                    source.dims = dims;
                    source.picks = picks;
                    source.rows.push((service as u8, rows));
                }
            }
        }
        for (name, decimals) in [("up", 0), ("scrape_duration_seconds", 9), ("scrape_samples_scraped", 0)] {
            let labels = Labels::new(own.into_iter().chain([("__name__", name)]));
            let at = start.len() as u32;
            start.push(ABSENT);
            series.push(SeriesDef {
                target,
                at,
                decimals,
                family: None,
                labels: OnceLock::from(labels),
                without_version: None,
            });
        }
        debug_assert!(start.len() >= ADDED);
        let every_ms = i64::from(of.scrape_s.max(1)) * 1000;
        let offset_ms = Rng::of(&[seed, 0x6f66_6673_6574, service as u64]).below(every_ms as u64) as i64;
        Target {
            service: service as u8,
            job: Arc::clone(&of.job),
            instance: Arc::clone(&of.instance),
            every_ms,
            offset_ms,
            first,
            len: start.len() as u32,
            start: start.into(),
        }
    }
}

/// What a series of this source begins with.
fn begin(family: &RawFamily, source: &RawSource) -> i64 {
    match source.on {
        On::Gauge(_) if !source.integral => ABSENT,
        On::Slow(_) => ABSENT,
        On::Constant(amount) => super::state::whole(amount, decimals(family)),
        _ if family.lazy => ABSENT,
        _ => 0,
    }
}

#[allow(clippy::too_many_arguments)] // what a series is, piece by piece
fn push(
    family: &RawFamily,
    number: u16,
    labels: &[(String, String)],
    own: [(&str, &str); 2],
    target: u16,
    begin: i64,
    start: &mut Vec<i64>,
    series: &mut Vec<SeriesDef>,
) -> u32 {
    let place = start.len() as u32;
    let mut one = |name: String, le: Option<String>, decimals: u8| {
        let pairs = labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let le = le.iter().map(|le| ("le", le.as_str()));
        // The target's labels last: they win, as with Prometheus's honor_labels left off.
        let all = pairs.chain(le).chain(own).chain([("__name__", name.as_str())]);
        let at = start.len() as u32;
        start.push(begin);
        series.push(SeriesDef {
            target,
            at,
            decimals,
            family: Some(number),
            labels: OnceLock::from(Labels::new(all)),
            without_version: None,
        });
    };
    if family.kind == Kind::Histogram {
        for bound in &family.buckets {
            one(format!("{}_bucket", family.name), Some(bound.to_string()), 0);
        }
        one(format!("{}_bucket", family.name), Some("+Inf".to_owned()), 0);
        one(format!("{}_sum", family.name), None, decimals(family));
        one(format!("{}_count", family.name), None, 0);
    } else {
        one(family.name.to_string(), None, decimals(family));
    }
    place
}

fn push_version(
    family: &RawFamily,
    number: u16,
    source: &RawSource,
    own: [(&str, &str); 2],
    target: u16,
    start: &mut Vec<i64>,
    series: &mut Vec<SeriesDef>,
) {
    let texts = source.labels.iter().filter_map(|(name, label)| match label {
        Label::Text(text) => Some((name.as_str(), text.as_str())),
        _ => None,
    });
    let labels = Labels::new(texts.chain(own).chain([("__name__", &*family.name)]));
    let at = start.len() as u32;
    start.push(ABSENT);
    series.push(SeriesDef {
        target,
        at,
        decimals: decimals(family),
        family: Some(number),
        labels: OnceLock::new(),
        without_version: Some(labels),
    });
}
