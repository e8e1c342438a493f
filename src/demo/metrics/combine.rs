//! Every combination of label values that a family can have at a target.

use super::book::{NOWHERE, Pick};
use super::field::{Dim, Domains};
use super::layout::{Layout, MOST};
use super::read::{Label, RawSource};
use super::source::On;
use crate::demo::world::World;

/// Steps of dimensions, of picks, and the place of each combination.
pub(super) type Strides = (Vec<(Dim, u32)>, Vec<(Pick, u32)>, Vec<u32>);

/// Every combination that can occur at this target, with its place.
pub(super) fn combinations(
    world: &World,
    domains: &Domains,
    observers: &[bool],
    source: &RawSource,
    service: usize,
    put: &mut dyn FnMut(Vec<(String, String)>) -> u32,
) -> Strides {
    let mut dims = Layout::dims(source);
    if let On::Gauge(gauge) = source.on
        && let Some(dim) = gauge.dim()
        && dim != Dim::Service
        && !dims.contains(&dim)
    {
        dims.push(dim);
    }
    let picks: Vec<(&str, &[String], bool)> = source
        .labels
        .iter()
        .filter_map(|(name, label)| match label {
            Label::Pick { of, by_user } => Some((name.as_str(), of.as_slice(), *by_user)),
            _ => None,
        })
        .collect();
    let mut sizes: Vec<usize> = dims.iter().map(|dim| domains.size(*dim, world)).collect();
    sizes.extend(picks.iter().map(|(_, of, _)| of.len()));
    let mut strides = Vec::with_capacity(sizes.len());
    let mut total = 1_usize;
    for size in &sizes {
        strides.push(total as u32);
        total = total.saturating_mul(*size);
    }
    let total = total.min(MOST);
    let mut rows = vec![NOWHERE; total];
    for (slot, row) in rows.iter_mut().enumerate() {
        let mut rest = slot;
        let values: Vec<usize> = sizes
            .iter()
            .map(|size| {
                let value = rest % size;
                rest /= size;
                value
            })
            .collect();
        let value_of = |dim: Dim| dims.iter().position(|other| *other == dim).map(|at| values[at]);
        let passes = |dim: Dim, at: usize| {
            source.filters.iter().all(|(of, wanted)| *of != dim || wanted.get(at) == Some(&true))
        };
        if !dims.iter().zip(&values).all(|(dim, at)| passes(*dim, *at)) {
            continue;
        }
        if matches!(source.on, On::Request | On::Call | On::Step) {
            let occurs = |class: usize| {
                occurs(world, domains, observers, class, service, &value_of) && passes(Dim::Class, class)
            };
            let possible = match value_of(Dim::Class) {
                Some(class) => occurs(class),
                None => (0..world.classes.len()).any(occurs),
            };
            let own = value_of(Dim::Service)
                .is_none_or(|at| at == service || observers.get(service) == Some(&true));
            if !possible || !own {
                continue;
            }
        }
        let labels = source
            .labels
            .iter()
            .map(|(name, label)| {
                let value = match label {
                    Label::Text(text) => text.clone(),
                    Label::Field(field, words) => {
                        let text = domains.text(*field, value_of(field.dim).unwrap_or(0), world);
                        words.get(text).cloned().unwrap_or_else(|| text.to_owned())
                    }
                    Label::Pick { .. } => {
                        let at = picks.iter().position(|(other, ..)| other == name).unwrap_or(0);
                        let chosen = values.get(dims.len() + at).copied().unwrap_or(0);
                        picks.get(at).and_then(|(_, of, _)| of.get(chosen)).cloned().unwrap_or_default()
                    }
                    Label::Version => String::new(),
                };
                (name.clone(), value)
            })
            .collect();
        *row = put(labels);
    }
    let picked = picks
        .iter()
        .zip(strides.iter().skip(dims.len()))
        .map(|((_, of, by_user), stride)| (Pick { of: of.len() as u32, by_user: *by_user }, *stride))
        .collect();
    let dims = dims.into_iter().zip(strides.iter().copied()).collect();
    (dims, picked, rows)
}

/// Whether requests of this class occur at this target with what else is given.
fn occurs(
    world: &World,
    domains: &Domains,
    observers: &[bool],
    class: usize,
    service: usize,
    value_of: &dyn Fn(Dim) -> Option<usize>,
) -> bool {
    let Some(of) = world.classes.get(class) else { return false };
    let watches = observers.get(service) == Some(&true);
    let has_step = |at: usize| {
        let Some(step) = of.steps.get(at) else { return false };
        (watches || usize::from(step.service) == service)
            && value_of(Dim::Model).is_none_or(|model| step.model.map(usize::from) == Some(model))
            && value_of(Dim::Step).is_none_or(|name| usize::from(domains.step(class, at)) == name)
    };
    let share = value_of(Dim::Department)
        .is_none_or(|department| of.shares.get(department).is_none_or(|share| *share > 0.0));
    share && (0..of.steps.len()).any(has_step)
}
