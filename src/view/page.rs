//! A page of boxes.

use super::vm::{AlertRowVm, AlertTableVm, BoxVm, Content, Level, PageVm, PaneState, PaneVm, RowVm};
use super::{alerts, pane, status};
use crate::model::Severity;
use crate::state::{BoxKind, BoxSpec, PagePlace, State};

/// Builds the page in sight.
pub fn build(state: &State) -> PageVm {
    let place = state.places.pages.get(state.view()).copied().unwrap_or_default();
    let rows = state.rows();
    let boxes: usize = rows.iter().map(|row| row.boxes.len()).sum();
    let mut index = 0;
    let rows = rows
        .iter()
        .map(|row| RowVm {
            height: row.height,
            min_height: row.min_height,
            boxes: row
                .boxes
                .iter()
                .map(|spec| {
                    let focused = index == place.focus;
                    index += 1;
                    (spec.weight, one(state, spec, place, focused))
                })
                .collect(),
        })
        .collect();
    PageVm { rows, scroll: place.scroll, focus: (boxes > 0).then_some(place.focus.min(boxes - 1)) }
}

fn one(state: &State, spec: &BoxSpec, place: PagePlace, focused: bool) -> BoxVm {
    match &spec.kind {
        BoxKind::Panel(panel) => {
            let (pane, (pane_state, note)) = pane::with_note(state, panel);
            BoxVm {
                title: spec.title.clone(),
                note,
                state: pane_state,
                level: worst(&pane),
                word: String::new(),
                content: Content::Pane(pane),
            }
        }
        BoxKind::Card(panels) => {
            let (panes, notes): (Vec<PaneVm>, Vec<(PaneState, String)>) =
                panels.iter().map(|panel| pane::with_note(state, panel)).unzip();
            card(state, spec, panes, &notes)
        }
        BoxKind::Suggestion => super::incident::suggestion(state).unwrap_or_else(|| BoxVm {
            title: String::new(),
            note: String::new(),
            state: PaneState::NoData,
            level: Level::Ok,
            word: String::new(),
            content: Content::Text(Vec::new()),
        }),
        BoxKind::Alerts { department } => alert_box(state, spec, department.as_deref(), place, focused),
    }
}

fn worst(pane: &PaneVm) -> Level {
    pane.levels.iter().copied().max().unwrap_or_default()
}

fn card(state: &State, spec: &BoxSpec, panes: Vec<PaneVm>, notes: &[(PaneState, String)]) -> BoxVm {
    let text = state.setup.text.view;
    // The state of the whole is that of its worst pane, and so are the words.
    let overall = panes.iter().map(|pane| pane.state).reduce(status::worse).unwrap_or_default();
    let measured = panes.iter().flat_map(item_levels).max().unwrap_or_default();
    let level = measured.max(department_level(state, spec));
    let known = panes.iter().any(|pane| pane.state == PaneState::Ready);
    let word = match overall {
        PaneState::Failed | PaneState::Stale | PaneState::Unconfigured => text.word_unknown,
        PaneState::Loading => "",
        _ if !known && level == Level::Ok => text.word_no_data,
        _ => (text.word)(level),
    };
    let note = match overall {
        // One pane without data says so in its own line; the card is as fresh as the others.
        PaneState::NoData | PaneState::Ready => notes
            .iter()
            .find(|(s, _)| *s == PaneState::Ready)
            .or(notes.first())
            .map_or("", |(_, n)| n)
            .to_owned(),
        other => notes.iter().find(|(s, _)| *s == other).map_or("", |(_, n)| n).to_owned(),
    };
    let state_shown = if overall == PaneState::NoData && known { PaneState::Ready } else { overall };
    BoxVm {
        title: spec.title.clone(),
        note,
        state: state_shown,
        level,
        word: word.to_owned(),
        content: Content::Panes(panes),
    }
}

fn item_levels(pane: &PaneVm) -> Vec<Level> {
    use super::vm::Draw;
    match &pane.draw {
        Draw::Stat(items) | Draw::Gauge(items) | Draw::Sparkline(items) | Draw::BarList(items) => {
            items.iter().map(|item| item.level).collect()
        }
        Draw::Chart { items, .. } => items.iter().map(|item| item.level).collect(),
        Draw::Table { rows, .. } => rows.iter().map(|(level, _)| *level).collect(),
    }
}

/// A department whose alerts fire is not "ok", whatever its panels say.
fn department_level(state: &State, spec: &BoxSpec) -> Level {
    let Some(crate::state::View::Page { department: Some(at), .. }) = &spec.link else { return Level::Ok };
    let Some(department) = state.setup.pack.departments.get(*at) else { return Level::Ok };
    let list = state.shown_list();
    let worst = list
        .needs_somebody
        .iter()
        .filter_map(|at| list.rows.get(*at))
        .filter(|row| *row.department == *department.id)
        .map(|row| row.severity)
        .min();
    match worst {
        Some(Severity::Critical) => Level::Critical,
        Some(Severity::High | Severity::Medium) => Level::Warning,
        _ => Level::Ok,
    }
}

fn alert_box(
    state: &State,
    spec: &BoxSpec,
    department: Option<&str>,
    place: PagePlace,
    focused: bool,
) -> BoxVm {
    let text = state.setup.text.view;
    let needing = state.needing(department);
    let status = alerts::status(state);
    let list = state.shown_list();
    let cursor = place.inner.min(needing.len().saturating_sub(1));
    // A box is never higher than the screen.
    let rows: Vec<AlertRowVm> = needing
        .iter()
        .take(usize::from(state.size.1))
        .filter_map(|at| list.rows.get(*at))
        .map(|row| {
            let mut line = alerts::line(state, row);
            // In a department's own box its name on every line would only take room.
            if department.is_some_and(|id| *row.department == *id) {
                line.department.clear();
            }
            AlertRowVm::Alert(line)
        })
        .collect();
    let level = needing.first().and_then(|at| list.rows.get(*at)).map_or(Level::Ok, |row| {
        if row.severity == Severity::Critical { Level::Critical } else { Level::Warning }
    });
    let title =
        if needing.is_empty() { spec.title.clone() } else { (text.counted)(&spec.title, needing.len()) };
    BoxVm {
        title,
        note: status.note.clone(),
        state: status.state,
        level,
        word: String::new(),
        content: Content::Alerts(AlertTableVm {
            matching: needing.len(),
            total: list.rows.len(),
            cursor: (focused && !rows.is_empty()).then_some(cursor),
            offset: 0,
            state: status.state,
            empty: alerts::empty_words(state, &status),
            rows,
        }),
    }
}
