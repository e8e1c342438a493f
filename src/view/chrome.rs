//! Header and footer.

use super::vm::{Footer, Header, Lamp, PaneState};
use super::{clock, status};
use crate::command::{CommandId, Context};
use crate::model::{Role, SourceId, Window, duration};
use crate::state::{State, View};
use crate::store::Health;

/// The header line.
pub fn header(state: &State) -> Header {
    let text = state.setup.text.view;
    let now = state.shown_now();
    let mut badges = Vec::new();
    if state.demo.is_some() {
        badges.push(state.setup.text.demo.badge.to_owned());
    }
    if state.held.is_some() {
        badges.push(text.frozen.to_owned());
    }
    if state.bundle.is_some() {
        // Nothing can be done to a file: that it is one says enough.
        badges.push(state.setup.text.incident.badge.to_owned());
    } else if state.setup.role == Role::Viewer {
        badges.push(text.read_only.to_owned());
    }
    // What is masked here stands unmasked where it comes from: whoever is on call has to know it, wherever they are.
    let store = state.shown();
    let leaking: usize = state.setup.sources.keys().map(|source| store.leaking_streams(source)).sum();
    if leaking > 0 {
        badges.push((state.setup.text.leaks.badge)(leaking));
    }
    Header {
        program: text.program.to_owned(),
        context: state.context.clone().unwrap_or_default(),
        trail: trail(state),
        sources: state.setup.sources.keys().map(|source| lamp(state, source)).collect(),
        window: match state.window {
            Window::Live { span_s } => (text.live)(&duration::format(i64::from(span_s))),
            Window::Past { start, end } => (text.past)(&clock::near(state, start), &clock::near(state, end)),
        },
        live: state.window.is_live(),
        clock: format!("{} {}", clock::minutes(state, now), state.zone_name(now)),
        operator: state.setup.operator.clone(),
        badges,
    }
}

fn trail(state: &State) -> Vec<String> {
    let text = state.setup.text.view;
    let pack = &state.setup.pack;
    let page_title =
        |id: &str| pack.pages.iter().find(|page| page.id == id).map_or("", |page| page.title.as_str());
    let page = |id: &str, department: &Option<usize>| match department.and_then(|at| pack.departments.get(at))
    {
        Some(one) => vec![text.departments.to_owned(), one.title.clone()],
        None => vec![page_title(id).to_lowercase()],
    };
    match state.view() {
        View::Page { id, department } => page(id, department),
        View::Panel { page: id, department, pane } => {
            let mut all = page(id, department);
            let title = state.rows().into_iter().flat_map(|row| row.boxes).map(|one| one.title).next();
            all.push(title.unwrap_or_else(|| pane.to_string()));
            all
        }
        View::Alerts => vec![text.alerts.to_owned()],
        View::Detail(fingerprint) => {
            let name = state.shown_list().row(fingerprint).map_or("", |row| row.alert.name()).to_owned();
            vec![text.alerts.to_owned(), name]
        }
        View::Sources => vec![text.sources.to_owned()],
        View::Silences => vec![state.setup.text.acting.silences.to_owned()],
        View::Incidents => vec![state.setup.text.incidents.view.incidents.to_lowercase()],
        View::Record(id) => vec![state.setup.text.incidents.view.incidents.to_lowercase(), id.to_string()],
        View::Logs(_) => vec![text.logs.to_owned()],
        View::Traces(_) => vec![text.traces.to_owned()],
        View::Trace(id) => vec![text.traces.to_owned(), short(*id)],
        View::Compare(one, other) => {
            vec![text.traces.to_owned(), format!("{} · {}", short(*one), short(*other))]
        }
        View::Metrics(_) => vec![text.metrics.to_owned()],
        View::Incident => vec![state.setup.text.incident.title.to_lowercase()],
    }
}

/// The beginning of an id: enough to tell it from those beside it.
fn short(id: crate::model::TraceId) -> String {
    id.to_string().chars().take(8).collect()
}

/// The state of one source over all its questions.
pub fn lamp(state: &State, source: &SourceId) -> Lamp {
    let health = state.shown().health.get(source);
    let (pane, note) = source_state(state, source, health);
    let name = match source {
        SourceId::Page(name) => name.to_string(),
        SourceId::Server(kind) => kind.short().to_owned(),
    };
    Lamp { name, state: pane, note }
}

fn source_state(state: &State, source: &SourceId, health: Option<&Health>) -> (PaneState, String) {
    let text = state.setup.text;
    let now = state.shown_now();
    let Some(health) = health else { return (PaneState::Loading, String::new()) };
    let age = health.answered_at.map(|at| (now - at).num_seconds().max(0));
    match (age, &health.fault) {
        (None, None) => (PaneState::Loading, String::new()),
        (None, Some(fault)) => (PaneState::Failed, (text.fault.short)(fault.kind, fault.status)),
        (Some(age), Some(fault)) => {
            let short = (text.fault.short)(fault.kind, fault.status);
            (PaneState::Stale, format!("{short} {}", clock::age(age)))
        }
        (Some(age), None) => {
            let words = not_ready(state, source);
            let pace = match source {
                SourceId::Page(name) => state.setup.page_interval_s.get(name).copied().unwrap_or(15),
                SourceId::Server(_) => state.interval_s(),
            };
            let expected = i64::from(pace.max(20)) * 3;
            if state.window.is_live() && age > expected {
                (PaneState::Stale, clock::age(age))
            } else if words {
                (PaneState::Stale, "not ready".to_owned())
            } else {
                (PaneState::Ready, latency(health.took_ms.unwrap_or(0)))
            }
        }
    }
}

fn not_ready(state: &State, source: &SourceId) -> bool {
    let ready = state.shown().ready.get(source).and_then(|remote| remote.value());
    ready.is_some_and(|about| about.ready == Some(false))
}

/// A latency in coarse steps, so that its noise is not drawn anew with every answer.
pub fn latency(ms: u32) -> String {
    const STEPS: [u32; 11] = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
    match STEPS.into_iter().find(|step| ms <= *step) {
        Some(step) if step < 1000 => format!("≤{step}ms"),
        Some(step) => format!("≤{}s", step / 1000),
        None => ">10s".to_owned(),
    }
}

/// The footer line.
pub fn footer(state: &State) -> Footer {
    let pending: Vec<String> = state.pending.iter().map(ToString::to_string).collect();
    // What lies on top has keys of its own to tell.
    let hint = state.demo.as_ref().is_some_and(|demo| demo.hint) && state.overlay.is_none();
    let lead = hint.then_some(state.setup.text.demo.hint);
    Footer {
        pending: pending.join(" "),
        notice: state
            .notice
            .as_ref()
            .filter(|notice| notice.until > state.now)
            .map(|notice| (notice.level, notice.text.clone())),
        lead: lead.map_or_else(String::new, str::to_owned),
        hints: if lead.is_some() { super::demo::hints(state) } else { hints(state) },
    }
}

/// The most useful keys of what has the keyboard.
fn hints(state: &State) -> Vec<(String, String)> {
    let modes = state.modes();
    let wanted = wanted(modes.iter().find(|mode| **mode != Context::Tour).copied());
    wanted
        .iter()
        .filter(|id| state.may(**id) && !(**id == CommandId::Accept && state.enter_is_refused()))
        .filter_map(|id| {
            let keys = state.setup.keymap.keys_for(&modes, *id);
            // Escape is what a hand tries first, whatever else does the same.
            let key = keys.iter().find(|key| *key == "esc").or(keys.first())?.clone();
            Some((key, id.command().title.to_lowercase()))
        })
        .collect()
}

/// The most useful commands of a mode, best first.
fn wanted(mode: Option<Context>) -> &'static [CommandId] {
    match mode {
        Some(Context::Prompt) => &[CommandId::Accept, CommandId::Cancel, CommandId::DeleteAll],
        Some(Context::Overlay) => &[CommandId::Open, CommandId::Back],
        Some(Context::Dialog) => {
            &[CommandId::Accept, CommandId::DialogNext, CommandId::DialogPrevious, CommandId::Cancel]
        }
        Some(Context::Silences) => &[
            CommandId::Help,
            CommandId::Silence,
            CommandId::SilenceExtend,
            CommandId::SilenceExpire,
            CommandId::SilenceUndo,
            CommandId::SilencesOver,
            CommandId::Back,
            CommandId::Palette,
        ],
        Some(Context::Incidents) => &[
            CommandId::Help,
            CommandId::Open,
            CommandId::IncidentTake,
            CommandId::IncidentNote,
            CommandId::IncidentAssign,
            CommandId::IncidentResolve,
            CommandId::PageSomebody,
            CommandId::IncidentsOver,
            CommandId::Copy,
            CommandId::Back,
            CommandId::Palette,
        ],
        Some(Context::Record) => &[
            CommandId::Help,
            CommandId::IncidentTake,
            CommandId::IncidentNote,
            CommandId::IncidentAssign,
            CommandId::IncidentResolve,
            CommandId::PageSomebody,
            CommandId::Back,
            CommandId::Copy,
            CommandId::Palette,
        ],
        Some(Context::Alerts) => &[
            CommandId::Help,
            CommandId::Ack,
            CommandId::Silence,
            CommandId::IncidentOpen,
            CommandId::Open,
            CommandId::Filter,
            CommandId::Sort,
            CommandId::Group,
            CommandId::Muted,
            CommandId::Select,
            CommandId::Overview,
            CommandId::Palette,
            CommandId::Quit,
        ],
        Some(Context::Query) => {
            &[CommandId::Accept, CommandId::QueryComplete, CommandId::QueryOlder, CommandId::Cancel]
        }
        Some(Context::Logs) => &[
            CommandId::Help,
            CommandId::QueryEdit,
            CommandId::QueryReady,
            CommandId::LogsFollow,
            CommandId::LogsExpand,
            CommandId::Find,
            CommandId::LogsPatterns,
            CommandId::AxisMark,
            CommandId::LinkTraces,
            CommandId::Back,
        ],
        Some(Context::Traces) => &[
            CommandId::Help,
            CommandId::QueryEdit,
            CommandId::QueryReady,
            CommandId::Open,
            CommandId::TracesSort,
            CommandId::TraceCompare,
            CommandId::AxisMark,
            CommandId::LinkLogs,
            CommandId::Back,
        ],
        Some(Context::Trace) => &[
            CommandId::Help,
            CommandId::TraceFold,
            CommandId::TraceCritical,
            CommandId::TraceNextError,
            CommandId::TraceServices,
            CommandId::TraceCompare,
            CommandId::Find,
            CommandId::LinkLogs,
            CommandId::Back,
        ],
        Some(Context::Metrics) => &[
            CommandId::Help,
            CommandId::QueryEdit,
            CommandId::QueryReady,
            CommandId::MetricsMode,
            CommandId::MetricsScale,
            CommandId::MetricsHide,
            CommandId::MetricsExemplars,
            CommandId::AxisMark,
            CommandId::LinkLogs,
            CommandId::Back,
        ],
        Some(Context::Incident) => &[
            CommandId::Help,
            CommandId::Open,
            CommandId::NextBox,
            CommandId::IncidentNextEvent,
            CommandId::AxisRight,
            CommandId::IncidentAgain,
            CommandId::IncidentExport,
            CommandId::ZoomIn,
            CommandId::Back,
        ],
        Some(Context::Detail) => &[
            CommandId::Help,
            CommandId::Ack,
            CommandId::Silence,
            CommandId::IncidentOpen,
            CommandId::Back,
            CommandId::LinkLogs,
            CommandId::LinkTraces,
            CommandId::LinkMetrics,
            CommandId::Copy,
            CommandId::Browse,
            CommandId::Palette,
            CommandId::Quit,
        ],
        _ => &[
            CommandId::Help,
            CommandId::Palette,
            CommandId::Open,
            CommandId::Alerts,
            CommandId::Department,
            CommandId::Hardware,
            CommandId::Models,
            CommandId::Sources,
            CommandId::LinkLogs,
            CommandId::LinkTraces,
            CommandId::LinkMetrics,
            CommandId::TimeBack,
            CommandId::Quit,
        ],
    }
}

/// The words of a source's fault, in one line; empty when it answers.
pub fn fault_words(state: &State, health: &Health) -> String {
    health.fault.as_ref().map_or_else(String::new, |fault| status::words(state, fault))
}
