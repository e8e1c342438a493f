//! The alert list, in whole and in short.

use super::clock;
use super::status::{self, Status};
use super::vm::{AlertLineVm, AlertRowVm, AlertTableVm, AlertsVm, FilterVm, Level, PaneState};
use crate::model::{AlertState, Severity, SourceId};
use crate::state::alert_list::{Line, department_title};
use crate::state::demand::ALERTS;
use crate::state::{GroupBy, Overlay, State};
use crate::store::AlertRow;

/// Builds the alert view.
pub fn build(state: &State) -> AlertsVm {
    let text = state.setup.text.view;
    let list = state.shown_list();
    let place = &state.places.alerts;
    let status = status(state);
    let height = state.list_height();
    let lines = list.lines.len();
    let offset = place.offset.min(lines.saturating_sub(1));
    let shown = &list.lines[offset..lines.min(offset + height)];
    let rows = shown
        .iter()
        .filter_map(|line| match line {
            Line::Group { title, count, severity, folded } => Some(AlertRowVm::Group {
                title: if title.is_empty() { text.everywhere.to_owned() } else { title.clone() },
                count: *count,
                severity: *severity,
                folded: *folded,
            }),
            Line::Alert(at) => list.rows.get(*at).map(|row| AlertRowVm::Alert(self::line(state, row))),
        })
        .collect();
    let editing = match &state.overlay {
        Some(Overlay::Filter(prompt)) => Some(prompt),
        _ => None,
    };
    let filter = match editing {
        Some(prompt) => Some(FilterVm {
            text: prompt.text.clone(),
            cursor: Some(prompt.cursor),
            error: list.filter_error.clone(),
        }),
        None if place.filter.is_empty() => None,
        None => Some(FilterVm { text: place.filter.clone(), cursor: None, error: list.filter_error.clone() }),
    };
    AlertsVm {
        summary: match place.selected.len() {
            0 => summary(state),
            chosen => format!("{} · {}", summary(state), (text.notice.selected)(chosen)),
        },
        note: status.note.clone(),
        state: status.state,
        watchdog: watchdog(state),
        order: (text.order)(
            text.columns[place.sort as usize],
            place.reversed,
            text.groups[match place.group {
                GroupBy::Nothing => 0,
                GroupBy::Department => 1,
                GroupBy::Severity => 2,
                GroupBy::Name => 3,
            }],
        ),
        filter,
        sort: place.sort,
        reversed: place.reversed,
        table: AlertTableVm {
            rows,
            cursor: place.cursor.checked_sub(offset).filter(|_| lines > 0),
            matching: list.matching,
            total: list.rows.len(),
            offset,
            state: status.state,
            empty: if !list.rows.is_empty() && status.state == PaneState::Ready && !place.filter.is_empty() {
                vec![(text.no_match)(list.rows.len())]
            } else {
                empty_words(state, &status)
            },
        },
    }
}

/// One alert in one line.
pub fn line(state: &State, row: &AlertRow) -> AlertLineVm {
    let text = state.setup.text.view;
    let now = state.window.end(state.shown_now());
    let alert = &row.alert;
    let (clock, clock_level) = response_clock(state, row);
    let (state_word, until) = super::acting::standing(state, row)
        .unwrap_or_else(|| ((text.state)(alert.state).to_owned(), String::new()));
    let summary = alert
        .annotations
        .get("summary")
        .or_else(|| alert.annotations.get("description"))
        .or_else(|| alert.annotations.get("message"))
        .unwrap_or("");
    // The name says what the summary says; a short description says which and how much.
    let detail = alert.annotations.get("description").filter(|text| !text.is_empty() && text.len() <= 90);
    let summary = detail.unwrap_or(summary).to_owned();
    AlertLineVm {
        fingerprint: alert.fingerprint.clone(),
        severity: row.severity,
        severity_word: (text.severity)(row.severity).to_owned(),
        // What somebody has is not muted: it stays as bright as it is bad.
        state: if row.ack.is_some() { AlertState::Firing } else { alert.state },
        state_word,
        until,
        name: alert.name().to_owned(),
        department: department(state, row),
        component: row.component.to_string(),
        age: clock::age((now - alert.starts_at).num_seconds()),
        clock,
        clock_level,
        summary,
        selected: state.places.alerts.selected.contains(&alert.fingerprint),
    }
}

/// Department as a person knows it.
pub fn department(state: &State, row: &AlertRow) -> String {
    let pack = &state.setup.pack;
    if pack.alerting.department_all.iter().any(|word| **word == *row.department) {
        return state.setup.text.view.everywhere.to_owned();
    }
    department_title(pack, &row.department).to_owned()
}

/// Time left until somebody should have acknowledged, and how pressing that is.
pub fn response_clock(state: &State, row: &AlertRow) -> (String, Level) {
    let text = state.setup.text.view;
    let (Some(deadline), AlertState::Firing, None) = (row.deadline, row.alert.state, &row.ack) else {
        return (String::new(), Level::Ok);
    };
    let now = state.window.end(state.shown_now());
    let left = (deadline - now).num_seconds();
    if left < 0 {
        return ((text.late)(&clock::age(-left)), Level::Critical);
    }
    let whole = (deadline - row.alert.starts_at).num_seconds();
    let level = if left * 4 < whole { Level::Warning } else { Level::Ok };
    ((text.ack_in)(&clock::age(left)), level)
}

/// `3 critical · 1 warning · 2 silenced`.
pub fn summary(state: &State) -> String {
    let text = state.setup.text.view;
    let counts = state.shown_list().counts;
    let mut parts: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|severity| counts.of(*severity) > 0)
        .map(|severity| (text.count)(counts.of(severity), severity))
        .collect();
    parts.extend((text.count_rest)(counts.silenced, counts.acked, counts.inhibited, counts.pending));
    if parts.is_empty() { text.none.to_owned() } else { parts.join(" · ") }
}

/// What is known of alerts at all: Alertmanager's answer, else Prometheus's rules, else nothing.
pub fn status(state: &State) -> Status {
    let text = state.setup.text.view;
    let store = state.shown();
    if !state.window.is_live() {
        let remote = store.instants.get(ALERTS);
        let mut status = status::of(state, remote, &SourceId::PROMETHEUS, state.interval_s(), false);
        if status.state == PaneState::Ready {
            let end = state.window.end(state.shown_now());
            status.note = (text.rebuilt)(&clock::near(state, end));
            status.message.clone_from(&status.note);
        }
        return status;
    }
    let rules = status::of(state, Some(&store.rules), &SourceId::PROMETHEUS, state.interval_s(), false);
    let has_manager = state.has(&SourceId::ALERTMANAGER);
    let has_rules = state.has(&SourceId::PROMETHEUS);
    if !has_manager {
        if !has_rules {
            let note = text.no_alert_source.to_owned();
            return Status { state: PaneState::Unconfigured, message: note.clone(), note };
        }
        if rules.state == PaneState::Ready {
            return Status { note: text.rules_only.to_owned(), message: text.rules_only.to_owned(), ..rules };
        }
        return rules;
    }
    let mut manager =
        status::of(state, Some(&store.alerts), &SourceId::ALERTMANAGER, state.interval_s(), false);
    let down = matches!(manager.state, PaneState::Stale | PaneState::Failed);
    if down && rules.state == PaneState::Ready {
        manager.note = (text.rules_instead)(&manager.note);
        manager.message.clone_from(&manager.note);
    } else if manager.state == PaneState::Ready
        && has_rules
        && matches!(rules.state, PaneState::Stale | PaneState::Failed)
    {
        manager.message = (text.no_rules)(&rules.note);
        manager.note.clone_from(&manager.message);
    }
    manager
}

/// What stands in place of an empty list. Calm and unknown never look alike.
pub fn empty_words(state: &State, status: &Status) -> Vec<String> {
    let text = state.setup.text.view;
    let store = state.shown();
    match status.state {
        PaneState::Loading => vec![text.loading.to_owned()],
        PaneState::Unconfigured => vec![status.note.clone()],
        PaneState::Ready | PaneState::NoData if !state.window.is_live() => {
            let mut words = vec![(text.calm_then)(&clock::near(state, state.window.end(state.shown_now())))];
            // No series at all looks like calm: only the dead-man's switch tells them apart.
            words.extend(watchdog(state).filter(|(level, _)| *level != Level::Ok).map(|(_, words)| words));
            words
        }
        PaneState::Ready | PaneState::NoData => {
            let (who, remote_age) = if state.has(&SourceId::ALERTMANAGER) {
                ("Alertmanager", store.alerts.age_s(state.shown_now()))
            } else {
                ("Prometheus", store.rules.age_s(state.shown_now()))
            };
            let usual = i64::from(state.interval_s()) * 2;
            let age = match remote_age {
                Some(age) if age >= usual => (text.ago)(&clock::age(age)),
                _ => (text.fresh)(usual as u32),
            };
            let mut words = vec![(text.calm)(who, &age)];
            if !status.message.is_empty() {
                words.push(status.message.clone());
            }
            words
        }
        PaneState::Stale | PaneState::Failed => {
            let age = store.alerts.age_s(state.shown_now()).map_or_else(String::new, clock::age);
            let mut words = vec![(text.alerts_unknown)(&age, &status.message)];
            if !age.is_empty() {
                words.push((text.last_seen)(&summary(state)));
            }
            words
        }
    }
}

/// The dead-man's switch in words, with how bad it is.
pub fn watchdog(state: &State) -> Option<(Level, String)> {
    use crate::store::Watchdog;
    let text = state.setup.text.view;
    let name = state.setup.pack.alerting.watchdog.as_deref()?;
    match state.shown_watchdog() {
        Watchdog::NotUsed => None,
        Watchdog::Unknown => Some((Level::Warning, (text.watchdog_unknown)(name))),
        Watchdog::Alive if !state.window.is_live() => Some((Level::Ok, (text.watchdog_fired)(name))),
        Watchdog::Missing { .. } if !state.window.is_live() => {
            Some((Level::Critical, (text.watchdog_was_missing)(name)))
        }
        Watchdog::Alive => Some((Level::Ok, (text.watchdog_alive)(name))),
        Watchdog::Missing { fires_in_prometheus: true } => Some((Level::Critical, (text.watchdog_cut)(name))),
        Watchdog::Missing { fires_in_prometheus: false } => {
            Some((Level::Critical, (text.watchdog_missing)(name)))
        }
    }
}
