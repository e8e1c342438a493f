//! From one signal to the next: what is in focus as a query of logs, traces or metrics.
//!
//! Pure: what a link says follows from the focus, the pack and what is known of the servers' names.

use std::fmt::Write as _;

use crate::model::labels::Quoted;
use crate::model::{Labels, Language, Time, TraceId, promql};
use crate::pack::{self, Explore, Pack};

/// What stands under the cursor, in the field's terms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Focus {
    /// Labels, as its source names them.
    pub labels: Labels,
    /// Service, where it is known.
    pub service: Option<String>,
    /// Id of the department, where it is known.
    pub department: Option<String>,
    /// Trace.
    pub trace: Option<TraceId>,
    /// PromQL that it was measured or judged by.
    pub query: Option<String>,
    /// The moment or stretch that it is about; `None` is the window.
    pub span: Option<(Time, Time)>,
}

/// What is known of the names on the servers.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The field.
    pub pack: &'a Pack,
    /// Labels that Prometheus adds to whatever it sends on: they tell nothing.
    pub external: Option<&'a Labels>,
    /// Names of stream labels; `None` while nobody has asked for them.
    pub streams: Option<&'a [Box<str>]>,
}

/// Where a link starts from, besides its focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct From {
    /// Language whose names the focus's labels have.
    pub language: Language,
    /// Whether something is wrong with it: then traces are narrowed to slow and failed ones.
    pub suspicious: bool,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Goal {
    /// A query of the language that was asked for.
    Query(String),
    /// The trace itself.
    Trace(TraceId),
}

/// A link.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Where it leads.
    pub goal: Goal,
    /// Labels that have no counterpart there, so that more is shown than the focus names.
    pub unused: Vec<String>,
    /// Whether only slow and failed traces are asked for.
    pub narrowed: bool,
}

/// Labels of Prometheus's own making, which say nothing about where to look.
const SILENT: [&str; 6] = ["__name__", "alertname", "alertstate", "severity", "le", "quantile"];

/// The attribute of OpenTelemetry that names the service.
const SERVICE: &str = "resource.service.name";

/// What a focus says, in the terms of the pack.
#[derive(Debug, Default)]
struct Facts<'a> {
    /// What the pack knows of a service that is none.
    component: Option<&'a pack::Component>,
    service: Option<String>,
    department: Option<String>,
    /// Links of the pack with the value that the focus has for them, in the pack's order.
    linked: Vec<(&'a pack::Link, String)>,
    /// Labels that nothing is known of.
    strange: Vec<String>,
}

/// The link from a focus to a language; `None` where it names nothing that leads there.
pub fn link(names: &Names<'_>, focus: &Focus, from: From, to: Language) -> Option<Link> {
    let facts = facts(names, focus, from.language);
    let explore = &names.pack.explore;
    match to {
        // Around a line stand its service's other lines, whatever they are about.
        Language::LogQl if from.language == Language::LogQl => {
            logs(names, focus, &Facts { linked: Vec::new(), ..facts })
        }
        Language::LogQl => logs(names, focus, &facts),
        Language::TraceQl => {
            if let Some(id) = focus.trace {
                return Some(plain(Goal::Trace(id)));
            }
            // From span to spans: of the same operation.
            let name = focus.labels.get("name").filter(|_| from.language == Language::TraceQl);
            traces(names, &facts, name, from.suspicious)
        }
        Language::PromQl => {
            if let Some(query) = &focus.query {
                let shown = promql::without_comparison(query).to_owned();
                return Some(plain(Goal::Query(shown)));
            }
            metrics(explore, &facts).map(|query| plain(Goal::Query(query)))
        }
    }
}

fn plain(goal: Goal) -> Link {
    Link { goal, unused: Vec::new(), narrowed: false }
}

/// Labels that say nothing about where to look.
fn is_silent(names: &Names<'_>, name: &str, value: &str) -> bool {
    SILENT.contains(&name)
        || names.pack.alerting.category_label == name
        || names.external.is_some_and(|external| external.get(name) == Some(value))
}

fn facts<'a>(names: &Names<'a>, focus: &Focus, language: Language) -> Facts<'a> {
    let (explore, alerting) = (&names.pack.explore, &names.pack.alerting);
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut facts =
        Facts { service: given(&focus.service), department: given(&focus.department), ..Facts::default() };
    let metric = language == Language::PromQl;
    let value = |label: &String| focus.labels.get(label).filter(|value| !value.is_empty());
    let (service, department) = match language {
        Language::PromQl => {
            (explore.service_labels.iter().find_map(value), value(&alerting.department_label))
        }
        Language::LogQl => {
            (explore.log_service.iter().find_map(value), explore.log_department.as_ref().and_then(value))
        }
        Language::TraceQl => {
            let of = |name: &String| attribute(&focus.labels, name);
            (attribute(&focus.labels, SERVICE), explore.trace_department.iter().find_map(of))
        }
    };
    facts.service = facts.service.or_else(|| service.map(str::to_owned));
    facts.department = facts.department.or_else(|| department.map(str::to_owned));
    facts.component = facts.service.as_deref().and_then(|name| explore.component(name));
    // Every department is no department to look in.
    facts.department = facts.department.filter(|id| !alerting.department_all.contains(id));
    for link in &explore.links {
        let value = match language {
            Language::PromQl => focus.labels.get(&link.label),
            Language::LogQl => link.log.iter().find_map(|name| focus.labels.get(name)),
            Language::TraceQl => link.trace.as_deref().and_then(|name| attribute(&focus.labels, name)),
        };
        if let Some(value) = value.filter(|value| !value.is_empty() && !link.is_silent()) {
            facts.linked.push((link, value.to_owned()));
        }
    }
    if metric {
        let known = |name: &str| {
            explore.links.iter().any(|link| link.label == name)
                || explore.service_labels.iter().any(|label| label == name)
                || alerting.department_label == name
        };
        let strange = focus
            .labels
            .iter()
            .filter(|(name, value)| !value.is_empty() && !known(name) && !is_silent(names, name, value));
        facts.strange = strange.map(|(name, _)| name.to_owned()).collect();
    }
    facts
}

/// The value of an attribute, named with its scope or without.
fn attribute<'l>(labels: &'l Labels, name: &str) -> Option<&'l str> {
    let bare = ["span.", "resource.", "."].iter().find_map(|scope| name.strip_prefix(scope));
    labels.get(name).or_else(|| labels.get(bare?))
}

/// The first name that the server has; while that is not known, the first.
fn best<'n>(all: &'n [String], streams: Option<&[Box<str>]>) -> Option<&'n str> {
    let known = |name: &&String| streams.is_some_and(|streams| streams.iter().any(|one| **one == ***name));
    all.iter().find(known).or_else(|| all.first()).map(String::as_str)
}

fn logs(names: &Names<'_>, focus: &Focus, facts: &Facts<'_>) -> Option<Link> {
    let explore = &names.pack.explore;
    let every = || format!("{{{}=~\".+\"}}", explore.log_any);
    if let Some(id) = focus.trace {
        // As structured metadata and as a field of the line: a parser leaves alone what is there already.
        let any: Vec<String> = explore.log_trace.iter().map(|name| format!("{name}=\"{id}\"")).collect();
        if !any.is_empty() {
            return Some(plain(Goal::Query(format!("{} | json | {}", every(), any.join(" or ")))));
        }
    }
    if let Some(query) = facts.component.and_then(|one| one.logs.clone()) {
        return Some(plain(Goal::Query(query)));
    }
    let (mut selector, mut fields) = (Vec::new(), Vec::new());
    let mut unused = facts.strange.clone();
    if let Some(service) = &facts.service {
        match best(&explore.log_service, names.streams) {
            Some(name) => selector.push(format!("{name}={}", Quoted(service))),
            None => unused.extend(explore.service_labels.first().cloned()),
        }
    }
    if let Some(department) = &facts.department {
        match &explore.log_department {
            Some(name) => selector.push(format!("{name}={}", Quoted(department))),
            None => unused.push(names.pack.alerting.department_label.clone()),
        }
    }
    for (link, value) in &facts.linked {
        let Some(first) = link.log.first() else {
            unused.push(link.label.clone());
            continue;
        };
        let missing = names.streams.is_some_and(|streams| streams.iter().all(|one| **one != **first));
        let into = if link.log_is_field || missing { &mut fields } else { &mut selector };
        // Each shape of lines has its own name for it.
        let any: Vec<String> = link.log.iter().map(|name| format!("{name}={}", Quoted(value))).collect();
        into.push(any.join(" or "));
    }
    if selector.is_empty() && fields.is_empty() {
        return None;
    }
    let mut query = if selector.is_empty() { every() } else { format!("{{{}}}", selector.join(", ")) };
    if !fields.is_empty() {
        let _ = write!(query, " | json | {}", fields.join(" | "));
    }
    Some(Link { goal: Goal::Query(query), unused, narrowed: false })
}

/// Each condition is a spanset of its own: the span of the model need not be the one that names the department.
fn traces(names: &Names<'_>, facts: &Facts<'_>, name: Option<&str>, suspicious: bool) -> Option<Link> {
    let explore = &names.pack.explore;
    let mut sets = Vec::new();
    let mut unused = facts.strange.clone();
    let is = |attribute: &str, value: &str| format!("{attribute} = {}", Quoted(value));
    let elsewhere = facts.component.and_then(|one| one.traces.clone());
    let service = facts.service.as_deref().filter(|_| elsewhere.is_none());
    sets.extend(elsewhere);
    let own: Vec<String> = [(SERVICE, service), ("name", name)]
        .into_iter()
        .filter_map(|(attribute, value)| Some(is(attribute, value?)))
        .collect();
    if !own.is_empty() {
        sets.push(format!("{{{}}}", own.join(" && ")));
    }
    let mut set = |attribute: &str, value: &str| sets.push(format!("{{{}}}", is(attribute, value)));
    if let Some(department) = &facts.department {
        match explore.trace_department.first() {
            Some(name) => set(name, department),
            None => unused.push(names.pack.alerting.department_label.clone()),
        }
    }
    for (link, value) in &facts.linked {
        match &link.trace {
            Some(name) => set(name, value),
            None => unused.push(link.label.clone()),
        }
    }
    if sets.is_empty() {
        return None;
    }
    if suspicious {
        sets.push(format!("{{status = error || traceDuration > {}ms}}", explore.trace_slow_ms));
    }
    Some(Link { goal: Goal::Query(sets.join(" && ")), unused, narrowed: suspicious })
}

/// What shows how it does: the most telling label first, then the service, then the department.
fn metrics(explore: &Explore, facts: &Facts<'_>) -> Option<String> {
    let filled = |query: &str, value: &str| pack::substitute(query, &[("value", value)]);
    let linked = facts.linked.iter().find_map(|(link, value)| Some(filled(link.metrics.as_ref()?, value)));
    let of = |query: &Option<String>, value: &Option<String>| Some(filled(query.as_ref()?, value.as_ref()?));
    linked
        .or_else(|| facts.component.and_then(|one| one.metrics.clone()))
        .or_else(|| of(&explore.service_metrics, &facts.service))
        .or_else(|| of(&explore.department_metrics, &facts.department))
}
