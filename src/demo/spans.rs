//! Spans made of what happens: one for every step that has ended, by whoever could tell of it. When a trace is
//! from is told apart from its spans, so that whoever wants few of many has only those made.
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

/// Makes spans of requests.
#[derive(Debug)]
pub struct Tracer {
    world: Arc<World>,
    signals: Arc<Signals>,
    seed: u64,
    names: Names,
}

/// Attributes of the resources that run one set of versions, by service.
pub type Resources = HashMap<ServiceId, Arc<Attributes>>;

/// Texts that every trace shares.
#[derive(Debug)]
struct Names {
    exception: Arc<str>,
    kind: Arc<str>,
    message: Arc<str>,
    stack: Arc<str>,
    nothing: Arc<str>,
}

impl Tracer {
    /// For the hospital of this seed.
    pub fn new(world: Arc<World>, signals: Arc<Signals>, seed: u64) -> Self {
        let names = Names {
            exception: "exception".into(),
            kind: "exception.type".into(),
            message: "exception.message".into(),
            stack: "exception.stacktrace".into(),
            nothing: "".into(),
        };
        Self { world, signals, seed, names }
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

    /// When the span of a step begins and ends, in microseconds, by the clock of who tells of it.
    fn told_us(&self, step: &StepDone, (teller, called): (ServiceId, bool)) -> (i64, i64) {
        let skew = self.signals.skew_us.get(usize::from(teller)).copied().unwrap_or(0);
        (start_us(step, !called) + skew, step.end_us + skew)
    }

    /// When the first span of a request begins and the last one ends, nanoseconds since the Unix epoch.
    pub fn bounds(&self, request: &Finished) -> (i64, i64) {
        let steps = request.steps.iter();
        let (start, end) = steps.fold((i64::MAX, i64::MIN), |(start, end), step| {
            let told = self.told_us(step, self.teller(request, step));
            (start.min(told.0), end.max(told.1).max(told.0))
        });
        if start > end { (0, 0) } else { (start * 1000, end * 1000) }
    }

    /// The trace of a request; `versions` are those that run, and `resources` what is known of theirs.
    pub fn trace(&self, request: &Finished, versions: &[Arc<str>], resources: &mut Resources) -> Trace {
        let mut spans: Vec<Span> = Vec::with_capacity(request.steps.len());
        for (index, step) in request.steps.iter().enumerate() {
            spans.extend(self.span(request, (index, step), versions, resources));
        }
        spans.sort_by_key(|span| span.start);
        Trace { id: TraceId(request.trace_id), spans }
    }

    fn span(
        &self,
        request: &Finished,
        (index, step): (usize, &StepDone),
        versions: &[Arc<str>],
        resources: &mut Resources,
    ) -> Option<Span> {
        let Self { world, signals, .. } = self;
        let planned = world.classes.get(usize::from(request.class))?.steps.get(usize::from(step.step))?;
        let (teller, called) = self.teller(request, step);
        let (begun_us, ended_us) = self.told_us(step, (teller, called));
        let department = world.departments.get(usize::from(request.department));
        let scene = Scene {
            world,
            signals,
            seed: self.seed,
            versions,
            what: What::Step(request, index),
            writer: teller,
            at_ns: ended_us * 1000,
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
            start: begun_us * 1000,
            duration: (ended_us - begun_us).max(0) * 1000,
            status,
            status_message: message,
            attributes,
            resource: resource(&scene, resources),
            events,
            ..Span::default()
        })
    }
}

/// Attributes of a service's resource.
fn resource(scene: &Scene<'_>, known: &mut Resources) -> Arc<Attributes> {
    if let Some(known) = known.get(&scene.writer) {
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
    known.insert(scene.writer, Arc::clone(&all));
    all
}

/// Adds an attribute; a later rule's value replaces an earlier one's, in its place.
fn put(all: &mut Attributes, name: &Arc<str>, value: Option<model::Attribute>) {
    let Some(value) = value else { return };
    match all.iter_mut().find(|(known, _)| known == name) {
        Some((_, old)) => *old = value,
        None => all.push((Arc::clone(name), value)),
    }
}

/// Makes the traces of all requests as they end.
#[derive(Debug)]
pub struct SpanRecorder {
    tracer: Tracer,
    versions: Versions,
    /// Forgotten when a service's version changes.
    resources: Resources,
    traces: Vec<Arc<Trace>>,
}

impl SpanRecorder {
    /// For the hospital of this seed.
    pub fn new(world: Arc<World>, signals: Arc<Signals>, seed: u64) -> Self {
        let versions = Versions::of(&world);
        let tracer = Tracer::new(world, signals, seed);
        Self { tracer, versions, resources: Resources::new(), traces: Vec::new() }
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
}

impl Sink for SpanRecorder {
    fn finished(&mut self, request: &Finished) {
        let trace = self.tracer.trace(request, self.versions.all(), &mut self.resources);
        self.traces.push(Arc::new(trace));
    }

    fn notice(&mut self, notice: &Notice) {
        if matches!(notice.what, NoticeKind::Started { .. }) {
            self.versions.heard(notice);
            self.resources.remove(&notice.service);
        }
    }
}
