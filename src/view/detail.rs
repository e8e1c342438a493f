//! One alert in full.

use super::vm::{DetailVm, PaneVm, SectionVm};
use super::{alerts, clock, pane};
use crate::model::{Unit, duration};
use crate::pack::{Panel, PanelKind, Thresholds};
use crate::state::{PanelRef, State, demand};
use crate::store::{AlertRow, Origin};

/// Builds the detail of an alert; one that has gone says so.
pub fn build(state: &State, fingerprint: &std::sync::Arc<str>) -> DetailVm {
    let text = state.setup.text.view;
    let status = alerts::status(state);
    let Some(row) = state.shown_list().row(fingerprint) else {
        return DetailVm {
            note: status.note,
            state: status.state,
            sections: vec![section("", vec![(String::new(), text.gone.to_owned())])],
            ..DetailVm::default()
        };
    };
    let mut sections = vec![said(state, row), facts(state, row)];
    sections.extend(super::acting::section(state, row));
    sections.extend(super::incidents::of_alert(state, row));
    sections.extend(muted_by(state, row));
    sections.push(pairs(text.sections.labels, &row.alert.labels));
    sections.push(rule(row, text));
    sections.push(runbook(state, row));
    sections.retain(|section| !section.lines.is_empty());
    let (trend, trend_note) = trend(state, fingerprint).unzip();
    let trend_note = trend_note.unwrap_or_default();
    DetailVm {
        title: row.alert.name().to_owned(),
        severity: row.severity,
        note: status.note,
        state: status.state,
        sections,
        trend,
        trend_note,
        scroll: state.places.detail,
    }
}

fn section(title: &str, lines: Vec<(String, String)>) -> SectionVm {
    SectionVm { title: title.to_owned(), lines }
}

fn pairs(title: &str, labels: &crate::model::Labels) -> SectionVm {
    section(title, labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// What the alert says of itself: summary first, then the rest; links come with the runbook.
fn said(state: &State, row: &AlertRow) -> SectionVm {
    let annotations = &row.alert.annotations;
    let first = ["summary", "message", "description"];
    let links = ["runbook_url", "runbook"];
    let known = first.iter().filter_map(|name| annotations.get(name));
    let rest = annotations.iter().filter(|(name, _)| !first.contains(name) && !links.contains(name));
    let mut lines: Vec<(String, String)> = known.map(|text| (String::new(), text.to_owned())).collect();
    lines.extend(rest.map(|(name, value)| (name.to_owned(), value.to_owned())));
    section(state.setup.text.view.sections.annotations, lines)
}

fn facts(state: &State, row: &AlertRow) -> SectionVm {
    let text = state.setup.text.view;
    let words = &text.sections;
    let now = state.window.end(state.shown_now());
    let since = (now - row.alert.starts_at).num_seconds();
    let mut lines = vec![
        (words.state, (text.state_long)(row.alert.state).to_owned()),
        (
            words.since,
            format!("{} ({})", clock::full(state, row.alert.starts_at), (text.ago)(&clock::age(since))),
        ),
    ];
    let (left, _) = alerts::response_clock(state, row);
    if let (false, Some(deadline)) = (left.is_empty(), row.deadline) {
        lines.push((words.deadline, format!("{left} ({})", clock::near(state, deadline))));
    }
    let department = alerts::department(state, row);
    if !department.is_empty() {
        lines.push((words.department, department));
    }
    if let Some(value) = row.value {
        lines.push((words.value, number(value)));
    }
    let origin = match row.origin {
        Origin::Alertmanager => "Alertmanager".to_owned(),
        Origin::Both => "Alertmanager, Prometheus".to_owned(),
        Origin::Series => "ALERTS".to_owned(),
        Origin::Console => state.setup.text.view.program.to_owned(),
        Origin::Prometheus if row.alert.state == crate::model::AlertState::Firing => {
            words.not_delivered.to_owned()
        }
        Origin::Prometheus => "Prometheus".to_owned(),
    };
    lines.push((words.origin, origin));
    if !row.alert.receivers.is_empty() {
        lines.push((words.receivers, row.alert.receivers.join(", ")));
    }
    lines.push((words.fingerprint, row.alert.fingerprint.to_string()));
    section(words.status, lines.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A rule's value has no unit: up to six significant digits.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return Unit::None.format(value);
    }
    let text = format!("{value:.6}");
    if value.abs() >= 1e9 || (value != 0.0 && value.abs() < 1e-4) {
        return format!("{value:.3e}");
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn muted_by(state: &State, row: &AlertRow) -> Vec<SectionVm> {
    let words = &state.setup.text.view.sections;
    let store = state.shown();
    let mut sections = Vec::new();
    if !row.alert.silenced_by.is_empty() {
        let known = store.silences.value().map_or(&[][..], |list| &list[..]);
        let lines = row.alert.silenced_by.iter().map(|id| {
            let line = known.iter().find(|silence| silence.id == *id).map_or_else(
                || id.to_string(),
                |silence| {
                    (words.silence)(
                        &silence.created_by,
                        &clock::near(state, silence.ends_at),
                        &silence.comment,
                    )
                },
            );
            (String::new(), line)
        });
        sections.push(section(words.silenced_by, lines.collect()));
    }
    if !row.alert.inhibited_by.is_empty() {
        let lines = row.alert.inhibited_by.iter().map(|id| {
            let line =
                state.shown_list().row(id).map_or_else(|| id.to_string(), |by| by.alert.labels.to_string());
            (String::new(), line)
        });
        sections.push(section(words.inhibited_by, lines.collect()));
    }
    sections
}

fn rule(row: &AlertRow, text: &crate::text::view::ViewText) -> SectionVm {
    let words = &text.sections;
    let lines = match &row.query {
        None => vec![(String::new(), words.no_rule.to_owned())],
        Some(query) => {
            let mut lines =
                vec![(words.query.to_owned(), query.split_whitespace().collect::<Vec<_>>().join(" "))];
            if let Some(hold) = row.hold_s {
                lines.push((words.hold.to_owned(), duration::format(hold as i64)));
            }
            lines
        }
    };
    section(words.rule, lines)
}

fn runbook(state: &State, row: &AlertRow) -> SectionVm {
    let words = &state.setup.text.view.sections;
    let mut lines = Vec::new();
    let link = row.alert.annotations.get("runbook_url").or_else(|| row.alert.annotations.get("runbook"));
    if let Some(url) = link {
        lines.push((String::new(), url.to_owned()));
    }
    if let Some(runbook) =
        state.setup.pack.alerts.get(row.alert.name()).and_then(|info| info.runbook.as_ref())
    {
        lines.extend(runbook.lines().map(|line| (String::new(), line.to_owned())));
    }
    if lines.is_empty() {
        lines.push((String::new(), words.no_runbook.to_owned()));
    }
    section(words.runbook, lines)
}

/// The trend of the rule's expression, for the series of this alert where it can be told.
fn trend(state: &State, fingerprint: &std::sync::Arc<str>) -> Option<(PaneVm, String)> {
    let query = demand::detail_query(state, fingerprint)?;
    let row = state.shown_list().row(fingerprint)?;
    let history = state.shown().ranges.get(&(query.clone(), state.step_s()))?;
    let all = history.remote.value()?;
    // The alert's labels are the series' and the rule's own: a series of this alert has no label
    // that contradicts them.
    let mine = |labels: &crate::model::Labels| {
        labels.iter().all(|(name, value)| {
            name == "__name__" || row.alert.labels.get(name).is_none_or(|own| own == value)
        })
    };
    let select: Vec<(String, String)> = all
        .iter()
        .find(|series| mine(&series.labels) && all.len() > 1)
        .map(|series| {
            series
                .labels
                .iter()
                .filter(|(name, _)| *name != "__name__")
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        })
        .unwrap_or_default();
    let panel = PanelRef {
        id: format!("alert.{fingerprint}").into(),
        panel: Panel {
            id: "trend".to_owned(),
            title: state.setup.text.view.sections.trend.to_owned(),
            kind: PanelKind::Chart,
            query: query.to_string(),
            select: Vec::new(),
            fallback: None,
            unit: Unit::None,
            min: None,
            max: None,
            max_query: None,
            max_fallback: Vec::new(),
            thresholds: Thresholds::default(),
            legend: String::new(),
            spark: false,
            states: Vec::new(),
            lost: Vec::new(),
        },
        query,
        max_query: None,
        select,
        trend: true,
    };
    let mut pane = pane::build(state, &panel);
    let status = super::status::of(
        state,
        Some(&history.remote),
        &crate::model::SourceId::PROMETHEUS,
        state.step_s(),
        pane.series.is_empty(),
    );
    pane.state = status.state;
    pane.message = status.message;
    pane.evaluated_at = history.remote.evaluated_at();
    pane.age_s = history.remote.age_s(state.shown_now());
    Some((pane, status.note))
}
