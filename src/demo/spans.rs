//! Spans made of what happens: one for every step that has ended, by whoever could tell of it.
//!
//! Must not know any attribute of the field, which are the pack's; what OpenTelemetry itself fixes
//! (the `exception` event, how resources are called) stands here.

use std::collections::HashMap;
use std::sync::Arc;

use super::event::{Finished, Notice, NoticeKind, Outcome, Sink, StepDone};
use super::recorder::Versions;
use super::signals::{By, Scene, Signals, What, caller, span_id, start_us};
use super::world::{ServiceId, World};
use crate::model::{self, Attributes, Span, SpanEvent, SpanKind, SpanStatus, Trace, TraceId};

/// Makes spans.
#[derive(Debug)]
pub struct SpanRecorder {
    world: Arc<World>,
    signals: Arc<Signals>,
    seed: u64,
    versions: Versions,
    /// By service; forgotten when its version changes.
    resources: HashMap<ServiceId, Arc<Attributes>>,
    names: Names,
    traces: Vec<Arc<Trace>>,
}

/// Texts that every trace shares.
#[derive(Debug)]
struct Names {
    exception: Arc<str>,
    kind: Arc<str>,
    message: Arc<str>,
    stack: Arc<str>,
    nothing: Arc<str>,
}

impl SpanRecorder {
    /// For the hospital of this seed.
    pub fn new(world: Arc<World>, signals: Arc<Signals>, seed: u64) -> Self {
        let versions = Versions::of(&world);
        let names = Names {
            exception: "exception".into(),
            kind: "exception.type".into(),
            message: "exception.message".into(),
            stack: "exception.stacktrace".into(),
            nothing: "".into(),
        };
        Self { world, signals, seed, versions, resources: HashMap::new(), names, traces: Vec::new() }
    }

    /// With the versions that run when recording begins, by service.
    #[must_use]
    pub fn with_versions(mut self, versions: &[Arc<str>]) -> Self {
        self.versions.set(versions);
        self
    }

    /// The traces, by the start of their first span.
    pub fn finish(mut self) -> Vec<Arc<Trace>> {
        self.traces.sort_by_key(|trace| trace.spans.first().map(|span| span.start));
        self.traces
    }

    /// Who tells of a step, and whether as the one who called it: a process that was never reached,
    /// or that writes no spans, leaves that to its caller.
    fn teller(&self, request: &Finished, step: &StepDone) -> (ServiceId, bool) {
        let silent = self.signals.silent.get(usize::from(step.service)) == Some(&true);
        match caller(request, step).filter(|caller| *caller != step.service) {
            Some(caller) if silent || self.signals.is_unheard(step) => (caller, true),
            _ => (step.service, false),
        }
    }

    /// Attributes of a service's resource.
    fn resource(&mut self, scene: &Scene<'_>) -> Arc<Attributes> {
        if let Some(known) = self.resources.get(&scene.writer) {
            return Arc::clone(known);
        }
        let mut all = Attributes::new();
        for (services, attributes) in &scene.signals.resources {
            if services.get(usize::from(scene.writer)) == Some(&true) {
                for (name, attribute) in attributes {
                    put(&mut all, name, attribute.fill(scene));
                }
            }
        }
        let all = Arc::new(all);
        self.resources.insert(scene.writer, Arc::clone(&all));
        all
    }

    fn span(&mut self, request: &Finished, index: usize, step: &StepDone) -> Option<Span> {
        let (world, signals) = (Arc::clone(&self.world), Arc::clone(&self.signals));
        let versions = self.versions.clone();
        let planned = world.classes.get(usize::from(request.class))?.steps.get(usize::from(step.step))?;
        let (teller, called) = self.teller(request, step);
        let begun_us = start_us(step, !called);
        let skew = signals.skew_us.get(usize::from(teller)).copied().unwrap_or(0);
        let department = world.departments.get(usize::from(request.department));
        let scene = Scene {
            world: &world,
            signals: &signals,
            seed: self.seed,
            versions: versions.all(),
            what: What::Step(request, index),
            writer: teller,
            at_ns: (step.end_us + skew) * 1000,
            category: "",
            level: "",
            department: department.map_or("", |share| &share.id),
            salt: 0,
        };
        let mut kind = match caller(request, step) {
            _ if called => SpanKind::Client,
            Some(caller) if caller == step.service => SpanKind::Internal,
            _ => SpanKind::Server,
        };
        let mut attributes = Attributes::new();
        let rules = signals.spans_of.get(usize::from(request.class))?.get(usize::from(step.step))?;
        for rule in rules.iter().filter_map(|rule| signals.spans.get(usize::from(*rule))) {
            if !rule.when.holds(request, step, !called) {
                continue;
            }
            // What the teller is to the call is known better here.
            if let Some(wanted) = rule.kind.filter(|_| !called) {
                kind = wanted;
            }
            for (name, attribute) in &rule.attributes {
                put(&mut attributes, name, attribute.fill(&scene));
            }
        }
        let (status, message, events) = match step.outcome {
            Outcome::Ok => (SpanStatus::Unset, Arc::clone(&self.names.nothing), Vec::new()),
            Outcome::Failed(cause) => {
                let by = if called { By::Caller } else { By::Own };
                let error = signals.error(cause, by, teller, request.class);
                let message: Arc<str> =
                    error.map_or_else(|| "".into(), |error| error.message.filled(&scene).into());
                let events = error.map(|error| {
                    let text = |text: &str| model::Attribute::Text(text.into());
                    let mut about = vec![
                        (Arc::clone(&self.names.kind), text(&error.kind)),
                        (Arc::clone(&self.names.message), model::Attribute::Text(Arc::clone(&message))),
                    ];
                    if let Some(stack) = &error.stack {
                        about.push((Arc::clone(&self.names.stack), text(&stack.filled(&scene))));
                    }
                    SpanEvent { at: scene.at_ns, name: Arc::clone(&self.names.exception), attributes: about }
                });
                (SpanStatus::Error, message, events.into_iter().collect())
            }
        };
        Some(Span {
            trace_id: TraceId(request.trace_id),
            span_id: span_id(self.seed, request.number, index),
            parent_id: step.parent.map(|parent| span_id(self.seed, request.number, usize::from(parent))),
            service: world
                .services
                .get(usize::from(teller))
                .map_or_else(|| "".into(), |s| Arc::clone(&s.name)),
            name: Arc::clone(&planned.name),
            kind,
            start: (begun_us + skew) * 1000,
            duration: (step.end_us - begun_us).max(0) * 1000,
            status,
            status_message: message,
            attributes,
            resource: self.resource(&scene),
            events,
            ..Span::default()
        })
    }
}

/// Adds an attribute; a later rule's value replaces an earlier one's, in its place.
fn put(all: &mut Attributes, name: &Arc<str>, value: Option<model::Attribute>) {
    let Some(value) = value else { return };
    match all.iter_mut().find(|(known, _)| known == name) {
        Some((_, old)) => *old = value,
        None => all.push((Arc::clone(name), value)),
    }
}

impl Sink for SpanRecorder {
    fn finished(&mut self, request: &Finished) {
        let mut spans: Vec<Span> = Vec::with_capacity(request.steps.len());
        for (index, step) in request.steps.iter().enumerate() {
            spans.extend(self.span(request, index, step));
        }
        spans.sort_by_key(|span| span.start);
        self.traces.push(Arc::new(Trace { id: TraceId(request.trace_id), spans }));
    }

    fn notice(&mut self, notice: &Notice) {
        if matches!(notice.what, NoticeKind::Started { .. }) {
            self.versions.heard(notice);
            self.resources.remove(&notice.service);
        }
    }
}
