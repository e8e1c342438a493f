//! The incident view as data, and the box that suggests one.

mod happened;

use super::vm::{BoxVm, CauseRowVm, Content, IncidentVm, LaneVm, Level, PaneState};
use super::{axis, clock};
use crate::explore::incident::{Cause, Found, Lane, LaneKind, Sureness, Verdict, value_at};
use crate::model::{Labels, Series, Time, Unit};
use crate::state::incident::{CauseRow, Side, split};
use crate::state::{Seal, State};

/// Evidence that the box of a suggestion shows.
const SUGGESTED: usize = 2;

/// The view.
pub fn build(state: &State) -> IncidentVm {
    let words = state.setup.text.incident;
    let incidents = &state.incidents;
    let split = split(state);
    let mut vm = IncidentVm {
        title: words.title.to_owned(),
        note: String::new(),
        state: PaneState::Loading,
        verdict: (Level::Ok, String::new()),
        missing: String::new(),
        message: Vec::new(),
        rows: Vec::new(),
        cursor: None,
        scroll: (0, 0),
        detail: String::new(),
        lanes: Vec::new(),
        lane_cursor: None,
        lane_scroll: (0, 0),
        axis: axis::empty(state),
        calm: Vec::new(),
        moment: String::new(),
        happened: Vec::new(),
        side: incidents.place.side,
        split,
    };
    let looking = incidents.asked.as_ref().map(|_| {
        let since = incidents.since.map_or(0, |since| (state.now - since).num_seconds().max(0));
        let words = if state.bundle.is_some() { words.analysing } else { words.looking };
        words(&clock::age(since))
    });
    let Some(found) = &incidents.shown else {
        let again = key(state, crate::command::CommandId::IncidentAgain);
        (vm.state, vm.message) = match (looking, &incidents.fault) {
            (Some(words), _) => (PaneState::Loading, vec![words]),
            (None, Some(why)) => (PaneState::Failed, vec![why.clone(), (words.try_again)(&again)]),
            (None, None) => (PaneState::NoData, vec![(words.nothing_yet)(&again)]),
        };
        return vm;
    };
    vm.title = (words.title_of)(
        &found.id,
        &clock::near(state, found.window.start),
        &clock::near(state, found.window.end),
    );
    vm.state = if found.incomplete { PaneState::Stale } else { PaneState::Ready };
    vm.note = looking.unwrap_or_else(|| note(state, found));
    vm.verdict = verdict(state, found);
    vm.missing = found
        .missing
        .iter()
        .chain([&found.calm].into_iter().filter(|calm| !calm.is_empty()))
        .cloned()
        .collect::<Vec<_>>()
        .join("; ");
    rows(state, found, &mut vm);
    lanes(state, &mut vm);
    vm.calm = found.baselines.iter().map(|one| (ms(one.start), ms(one.end))).collect();
    happened::build(state, found, &mut vm);
    vm
}

fn key(state: &State, id: crate::command::CommandId) -> String {
    state.setup.keymap.keys_for(&state.view_modes(), id).into_iter().next().unwrap_or_default()
}

fn ms(at: Time) -> i64 {
    at.timestamp_millis()
}

/// Age, or that it comes from a file, and what its seal says.
fn note(state: &State, found: &Found) -> String {
    let words = state.setup.text.incident;
    match &state.bundle {
        Some(bundle) => match bundle.seal {
            Seal::Holds => words.sealed.to_owned(),
            Seal::None => words.unsealed.to_owned(),
            Seal::Broken => words.seal_broken.to_owned(),
        },
        None => {
            let age = clock::age((state.now - found.at).num_seconds().max(0));
            (words.gathered)(&age, found.incomplete)
        }
    }
}

fn verdict(state: &State, found: &Found) -> (Level, String) {
    let words = state.setup.text.incident;
    match found.analysis.culprit() {
        Some(first) => {
            (Level::Warning, (words.culprit)(&first.component, (words.kind)(&first.kind), first.confidence))
        }
        None => (Level::Ok, words.unsure.to_owned()),
    }
}

/// How sure a cause is, and how loud that is said. Where nothing stands out no cause is loud.
fn sureness(state: &State, found: &Found, cause: &Cause) -> (Level, String) {
    let words = state.setup.text.incident;
    let (level, word) = match cause.sureness() {
        Sureness::Likely => (Level::Critical, words.likely),
        Sureness::Possible => (Level::Warning, words.possible),
        Sureness::Faint => (Level::Ok, words.faint),
    };
    let level = if found.analysis.verdict == Verdict::Unsure { Level::Ok } else { level };
    (level, (words.sure)(word, cause.confidence))
}

fn rows(state: &State, found: &Found, vm: &mut IncidentVm) {
    let words = state.setup.text.incident;
    let place = &state.incidents.place;
    let all = state.incidents.rows();
    let height = vm.split.rows();
    let moment = |at: Option<Time>| at.map_or_else(String::new, |at| clock::format(state, at, "%H:%M:%S"));
    if all.is_empty() {
        vm.message = vec![words.no_causes.to_owned()];
    }
    vm.scroll = (place.offset.min(all.len().saturating_sub(1)), all.len());
    vm.cursor = place.cursor.checked_sub(vm.scroll.0).filter(|at| *at < height);
    vm.detail = match all.get(place.cursor) {
        Some(CauseRow::Cause(at)) => found.analysis.causes.get(*at).map(|cause| {
            let follows = Some(&cause.downstream_of).filter(|all| !all.is_empty());
            let follows = follows.map(|all| (words.victim)(&all.join(", ")));
            follows.into_iter().chain([cause.summary.clone()]).collect::<Vec<_>>().join("; ")
        }),
        Some(CauseRow::Piece(cause, piece)) => {
            let cause = found.analysis.causes.get(*cause);
            cause.and_then(|cause| cause.evidence.get(*piece)).map(|piece| piece.summary.clone())
        }
        Some(row) => word(state, found, *row).map(|(mark, text)| {
            // What a playbook is for says more than its title.
            let about = playbook(state, found, *row).map(|playbook| playbook.about.clone());
            about.map_or_else(
                || if mark.is_empty() { text.clone() } else { format!("{mark} {text}") },
                |about| format!("{text}. {about}"),
            )
        }),
        None => None,
    }
    .unwrap_or_default();
    let in_sight = all.iter().skip(vm.scroll.0).take(height);
    vm.rows = in_sight
        .filter_map(|row| match row {
            CauseRow::Cause(at) => {
                let cause = found.analysis.causes.get(*at)?;
                let (level, sureness) = sureness(state, found, cause);
                Some(CauseRowVm::Cause {
                    rank: (at + 1).to_string(),
                    component: if cause.title.is_empty() { &cause.component } else { &cause.title }.clone(),
                    kind: (words.kind)(&cause.kind).to_owned(),
                    sureness,
                    level,
                    onset: moment(cause.onset),
                    folded: place.folded.contains(&cause.component)
                        && !(cause.evidence.is_empty() && cause.downstream_of.is_empty()),
                })
            }
            CauseRow::Piece(cause, piece) => {
                let piece = found.analysis.causes.get(*cause)?.evidence.get(*piece)?;
                Some(CauseRowVm::Piece {
                    signal: (words.signal)(piece.signal.word()).to_owned(),
                    text: piece.summary.clone(),
                    at: moment(piece.at),
                })
            }
            row => word(state, found, *row).map(|(mark, text)| CauseRowVm::Word { mark, text }),
        })
        .collect();
}

/// A row that is a word about a cause: what explains it, what to do about it.
fn word(state: &State, found: &Found, row: CauseRow) -> Option<(String, String)> {
    let words = state.setup.text.incident;
    let cause = found.analysis.causes.get(row.cause())?;
    match row {
        CauseRow::Follows(_) => Some((String::new(), (words.victim)(&cause.downstream_of.join(", ")))),
        CauseRow::Advice(_, at) => Some((words.advice.to_owned(), cause.advice.get(at)?.clone())),
        CauseRow::Playbook(_, at) => {
            let name = cause.playbooks.get(at)?;
            let title = playbook(state, found, row).map_or("", |playbook| playbook.title.as_str());
            let key = key(state, crate::command::CommandId::Playbooks);
            Some((key, (words.playbook)(name, title)))
        }
        CauseRow::Cause(_) | CauseRow::Piece(..) => None,
    }
}

/// The playbook of a row, where the pack has it.
fn playbook<'s>(state: &'s State, found: &Found, row: CauseRow) -> Option<&'s crate::pack::Playbook> {
    let CauseRow::Playbook(cause, at) = row else { return None };
    let name = found.analysis.causes.get(cause)?.playbooks.get(at)?;
    state.setup.pack.playbooks.iter().find(|playbook| playbook.name == *name)
}

fn lanes(state: &State, vm: &mut IncidentVm) {
    let place = &state.incidents.place;
    let total = state.incidents.lanes().count();
    let height = vm.split.lanes();
    vm.lane_scroll = (place.lane_offset.min(total.saturating_sub(1)), total);
    vm.lane_cursor = (place.side == Side::Signals)
        .then(|| place.lane.min(total.saturating_sub(1)).checked_sub(vm.lane_scroll.0))
        .flatten()
        .filter(|at| *at < height);
    let cursor = vm.axis.cursor;
    vm.lanes = state
        .incidents
        .lanes()
        .skip(vm.lane_scroll.0)
        .take(height)
        .map(|lane| lane_vm(state, lane, cursor, vm.axis.span_ms))
        .collect();
}

fn lane_vm(state: &State, lane: &Lane, cursor: Option<i64>, span_ms: (i64, i64)) -> LaneVm {
    let words = state.setup.text.incident;
    let name = match lane.kind {
        LaneKind::Series => lane.name.clone(),
        LaneKind::Alerts if !lane.name.is_empty() => lane.name.clone(),
        other => (words.lane)(other).to_owned(),
    };
    let title = if lane.component.is_empty() { name } else { format!("{} {name}", lane.component) };
    let at = cursor.unwrap_or(span_ms.1);
    let value = match lane.kind {
        LaneKind::Alerts | LaneKind::Changes => {
            let there = lane.stretches.iter().filter(|(from, to)| *from <= at && *to >= at).count();
            if there == 0 { String::new() } else { there.to_string() }
        }
        LaneKind::Series => value_at(&lane.points, at, lane.step_ms * 4)
            .map_or_else(|| words.gap.to_owned(), |value| unit(&lane.name).format(value)),
        _ => value_at(&lane.points, at, lane.step_ms)
            .map_or_else(|| words.gap.to_owned(), |value| Unit::Count.format(value)),
    };
    LaneVm {
        kind: lane.kind,
        title,
        value,
        series: Series { labels: Labels::default(), points: lane.points.clone() },
        step_ms: lane.step_ms,
        stretches: lane.stretches.clone(),
        onset: lane.onset,
        of_cause: lane.of_cause,
        pinned: lane.pinned,
    }
}

/// The unit that a series' name tells.
fn unit(name: &str) -> Unit {
    let name = name.split(' ').next().unwrap_or(name);
    crate::explore::unit::of(&crate::explore::about::About::of(name).measure, &[])
}

/// The box of the suggested incident.
pub fn suggestion(state: &State) -> Option<BoxVm> {
    let words = state.setup.text.incident;
    let found = state.incidents.suggested.as_ref()?;
    let open = key(state, crate::command::CommandId::Incident);
    let mut lines = Vec::new();
    let (level, note) = match (found.analysis.verdict, found.analysis.causes.first()) {
        (Verdict::Culprit, Some(first)) => {
            let (level, sureness) = sureness(state, found, first);
            lines.push((words.suggested_cause)(&first.component, (words.kind)(&first.kind)));
            let about = |piece: &crate::explore::incident::Piece| format!("  {}", piece.summary);
            lines.extend(first.evidence.iter().take(SUGGESTED).map(about));
            (level.min(Level::Warning), sureness)
        }
        _ => {
            lines.push(words.unsure.to_owned());
            (Level::Ok, String::new())
        }
    };
    let playbooks = found.analysis.causes.first().is_some_and(|first| !first.playbooks.is_empty());
    let run = playbooks.then(|| key(state, crate::command::CommandId::Playbooks));
    lines.push((words.suggested_open)(&open, run.as_deref()));
    let onset = found.analysis.causes.first().and_then(|cause| cause.onset).unwrap_or(found.window.start);
    Some(BoxVm {
        title: (words.suggested)(&clock::format(state, onset, "%H:%M")),
        note,
        state: if found.incomplete { PaneState::Stale } else { PaneState::Ready },
        level,
        word: String::new(),
        content: Content::Text(lines),
    })
}
