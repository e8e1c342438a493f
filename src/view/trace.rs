//! One trace as data.

mod rows;

use super::vm::{FactVm, PaneState, ServiceRowVm, ServicesVm, SpanDetailVm, TraceVm};
use super::{clock, series, status};
use crate::explore::waterfall::Waterfall;
use crate::explore::{facts, findings};
use crate::model::ask::Key;
use crate::model::{SourceId, TraceDoc, TraceId, Unit};
use crate::pack::Level;
use crate::state::{State, TracePlace, trace};
use crate::store::Remote;
use crate::text::traces::nanos;

/// What is asked once never grows old by itself.
const ONCE: u32 = u32::MAX / 4;

/// The view of a trace.
pub fn build(state: &State, id: TraceId) -> TraceVm {
    let text = state.setup.text.traces;
    let (pane, note, message) = answer(state, id);
    let mut vm =
        TraceVm { title: (text.trace)(&id.to_string()), note, state: pane, message, ..TraceVm::default() };
    let Some((doc, fall, place)) = trace::known(state, id).filter(|(doc, ..)| !doc.trace.spans.is_empty())
    else {
        return vm;
    };
    (vm.title, vm.facts) = head(state, doc, fall);
    vm.findings = findings::of(doc, fall, text);
    vm.ruler = ruler(fall.duration());
    let height = trace::split(state, id).rows();
    let offset = place.offset.min(place.shown.len());
    vm.rows = rows::build(state, doc, fall, place, offset..place.shown.len().min(offset + height));
    vm.cursor = place.cursor.checked_sub(offset).filter(|at| *at < vm.rows.len());
    (vm.offset, vm.shown, vm.total) = (offset, place.shown.len(), fall.rows.len());
    vm.legend = fall.services.iter().enumerate().map(|(at, one)| (at, one.name.to_string())).collect();
    vm.deepest = fall.deepest;
    vm.mode = mode(state, place);
    vm.detail = detail(state, doc, fall, place);
    vm.services = place.services.map(|cursor| services(state, fall, cursor));
    vm
}

/// State and note of the answer, and what stands in place of the spans when there are none.
pub(super) fn answer(state: &State, id: TraceId) -> (PaneState, String, Vec<String>) {
    let text = state.setup.text.traces;
    let remote = state.shown().explored(&Key::Trace(id));
    let status = status::of(state, remote, &SourceId::TEMPO, ONCE, false);
    let doc = state.shown().trace(id);
    if status.state == PaneState::Ready {
        let at = remote.and_then(Remote::answered_at).map_or_else(String::new, |at| clock::near(state, at));
        let nobody = doc.is_some_and(|doc| doc.trace.spans.is_empty());
        return if nobody {
            (PaneState::NoData, (text.as_of)(&at), (text.unknown)(&id.to_string()).to_vec())
        } else {
            (PaneState::Ready, (text.as_of)(&at), Vec::new())
        };
    }
    let message = if status.message.is_empty() { status.note.clone() } else { status.message };
    (status.state, status.note, vec![message])
}

/// Service and operation of the root, and the facts about the whole.
pub(super) fn head(state: &State, doc: &TraceDoc, fall: &Waterfall) -> (String, Vec<(Level, String)>) {
    let text = state.setup.text.traces;
    let root = fall.root.and_then(|row| doc.trace.spans.get(fall.rows[row].span));
    let whole = fall.root.is_some_and(|row| fall.rows[row].origin == crate::explore::waterfall::Origin::Root);
    let title = match root {
        Some(root) if whole => format!("{} {}", root.service, root.name),
        Some(root) => format!("{} {} ({})", root.service, root.name, text.no_root),
        None => (text.trace)(&doc.trace.id.to_string()),
    };
    let mut facts = vec![(Level::Ok, nanos(fall.duration())), (Level::Ok, (text.spans)(fall.rows.len()))];
    if fall.errors > 0 {
        facts.push((Level::Critical, (text.errors)(fall.errors)));
    }
    facts.push((Level::Ok, (text.services)(fall.services.len())));
    facts.push((Level::Ok, (text.started)(&moment(state, fall.start))));
    (title, facts)
}

/// A moment to the millisecond, with its date where it is not today's.
pub(super) fn moment(state: &State, nanoseconds: i64) -> String {
    let Some(at) = trace::moment(nanoseconds) else { return state.setup.text.traces.none.to_owned() };
    let day = clock::near(state, at);
    let date = day.rsplit_once(' ').map_or(String::new(), |(date, _)| format!("{date} "));
    format!("{date}{}", clock::format(state, at, "%H:%M:%S%.3f"))
}

/// Round marks over a duration: share and text.
pub(super) fn ruler(duration: i64) -> Vec<(f64, String)> {
    if duration <= 0 {
        return vec![(0.0, nanos(0))];
    }
    let seconds = duration as f64 / 1e9;
    let (_, _, marks) = series::scale(0.0, seconds, Unit::Seconds);
    let inside = marks.into_iter().filter(|mark| *mark <= seconds);
    inside.map(|mark| (mark / seconds, nanos((mark * 1e9).round() as i64))).collect()
}

pub(super) fn mode(state: &State, place: &TracePlace) -> String {
    let text = state.setup.text.traces;
    let mut parts = Vec::new();
    if place.usual.is_some() {
        parts.push(text.looking.to_owned());
    }
    if place.only_path {
        parts.push(text.only_path.to_owned());
    }
    if !place.sought.is_empty() {
        parts.push(if place.found.is_empty() {
            (text.none_found)(&place.sought)
        } else {
            let row = place.row().unwrap_or(0) as u32;
            let at = place.found.partition_point(|found| *found <= row).max(1);
            (text.found)(at, place.found.len(), &place.sought)
        });
    }
    parts.join(" · ")
}

fn detail(state: &State, doc: &TraceDoc, fall: &Waterfall, place: &TracePlace) -> SpanDetailVm {
    let Some(row) = place.row() else { return SpanDetailVm::default() };
    let at = |at: i64| moment(state, at);
    let all = facts::of(&doc.trace, fall, row, state.setup.text.traces, &at);
    SpanDetailVm {
        title: doc.trace.spans[fall.rows[row].span].name.to_string(),
        service: fall.rows[row].service,
        cursor: place.detail.map(|cursor| cursor.min(all.len().saturating_sub(1))),
        lines: all
            .into_iter()
            .map(|fact| FactVm {
                leads: fact.leads.is_some_and(|leads| leads != doc.trace.id),
                name: fact.name,
                value: fact.value,
                level: fact.level,
                heading: fact.heading,
            })
            .collect(),
    }
}

fn services(state: &State, fall: &Waterfall, cursor: usize) -> ServicesVm {
    let text = state.setup.text.traces;
    let share = |part: i64, whole: i64| if whole <= 0 { 0.0 } else { part as f64 / whole as f64 };
    let path: i64 = fall.services.iter().map(|service| service.critical).sum();
    let mut order: Vec<usize> = (0..fall.services.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(fall.services[*at].own), *at));
    let row = |at: usize| {
        let service = &fall.services[at];
        let (own, critical) = (share(service.own, fall.duration()), share(service.critical, path));
        ServiceRowVm {
            service: at,
            name: service.name.to_string(),
            spans: (text.number)(service.spans),
            errors: if service.errors == 0 { String::new() } else { (text.number)(service.errors) },
            own: nanos(service.own),
            own_share: own.min(1.0),
            own_percent: format!("{:.0}%", own * 100.0),
            critical: nanos(service.critical),
            critical_share: critical,
            critical_percent: format!("{:.0}%", critical * 100.0),
        }
    };
    ServicesVm {
        heads: text.service_heads.map(str::to_owned),
        rows: order.into_iter().map(row).collect(),
        cursor,
        legend: text.service_legend.to_owned(),
    }
}
