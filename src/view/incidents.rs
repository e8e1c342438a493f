//! Incidents: the list, one of them, and the dialogs about them.

use super::vm::{
    DetailVm, DialogFieldVm, DialogVm, IncidentRowVm, IncidentsVm, Level, PaneState, RecordVm, SectionVm,
};
use super::{clock, status};
use crate::model::duty::OnCall;
use crate::model::records::{Dossier, Incident, IncidentStatus, ResponseClock};
use crate::model::{Severity, duration};
use crate::state::State;
use crate::state::incidents::{Asked, IncidentDialog};
use crate::store::AlertRow;
use crate::store::remote::Freshness;
use crate::text::incidents::{EN as WORDS, seconds};

/// Seconds between two looks into the journal.
const PACE: u32 = 3;
/// Alerts that are listed of an incident; the rest is counted.
const ALERTS: usize = 12;

/// Builds the list.
pub fn build(state: &State) -> IncidentsVm {
    let text = &WORDS.view;
    let incidents = state.incidents();
    let (pane, note) = answered(state);
    let cursor = state.places.incidents.cursor.min(incidents.len().saturating_sub(1));
    let known = matches!(pane, PaneState::Ready | PaneState::Stale);
    let over = state.places.incidents.over;
    let empty = if known { (text.none)(over).to_owned() } else { note.clone() };
    IncidentsVm {
        summary: summary(state),
        note,
        state: pane,
        on_call: on_call(state),
        heads: text.heads.map(str::to_owned),
        rows: incidents.iter().map(|incident| row(state, incident)).collect(),
        cursor,
        detail: incidents.get(cursor).map_or_else(Vec::new, |incident| under_cursor(state, incident)),
        empty: vec![empty],
    }
}

/// What is known of the journal: state and note.
fn answered(state: &State) -> (PaneState, String) {
    let text = state.setup.text.view;
    let remote = state.journal_answer();
    let why = || remote.last_fault().map_or_else(String::new, |fault| status::words(state, fault));
    let now = state.shown_now();
    let age = clock::age(remote.age_s(now).unwrap_or(0));
    match remote.freshness(now, PACE) {
        Freshness::Waiting if state.acting.journal.is_some() => {
            (PaneState::Failed, (text.unknown)(state.acting.journal.as_deref().unwrap_or("")))
        }
        Freshness::Waiting => (PaneState::Loading, text.loading.to_owned()),
        Freshness::Failed => (PaneState::Failed, (text.unknown)(&why())),
        Freshness::Stale if remote.last_fault().is_some() => (PaneState::Stale, (text.stale)(&age, &why())),
        Freshness::Stale => (PaneState::Stale, (text.silent)(&age)),
        Freshness::Fresh => (PaneState::Ready, WORDS.view.from_journal.to_owned()),
    }
}

/// Who is on call now and next, level by level; empty where no rota says so.
fn on_call(state: &State) -> Vec<(Level, String)> {
    let text = &WORDS.view;
    let one = |duty: &OnCall| match &duty.trouble {
        Some(why) => (Level::Warning, (text.duty_unknown)(&duty.level, why)),
        None => {
            let until = duty.until.map(|until| clock::near(state, until)).unwrap_or_default();
            let level = if duty.now.is_empty() { Level::Warning } else { Level::Ok };
            (level, (text.duty)(&duty.level, &duty.now.join(", "), &until, &duty.next.join(", ")))
        }
    };
    state.acting.on_call.iter().map(one).collect()
}

fn summary(state: &State) -> String {
    let all = state.shown().book.value().map_or(&[][..], |book| &book.incidents[..]);
    let count = |status| all.iter().filter(|one| one.status == status).count();
    let counts = [IncidentStatus::Open, IncidentStatus::Acknowledged]
        .map(|status| (count(status), (WORDS.status)(status)));
    let parts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    parts.collect::<Vec<_>>().join(" · ")
}

fn response(state: &State, incident: &Incident) -> ResponseClock {
    incident.clock(state.setup.pack.alerting.response_s.get(&incident.severity).copied(), state.shown_now())
}

/// The clock in words that move in steps, and how pressing it is.
fn clock_words(state: &State, incident: &Incident) -> (String, Level) {
    let response = response(state, incident);
    let seconds = seconds(response, state.shown_now());
    let level = match response {
        ResponseClock::Late { .. } => Level::Critical,
        ResponseClock::Runs { .. } if seconds < 300 => Level::Warning,
        ResponseClock::Missed { .. } if incident.status != IncidentStatus::Resolved => Level::Warning,
        _ => Level::Ok,
    };
    ((WORDS.clock)(response, &clock::age(seconds)), level)
}

fn row(state: &State, incident: &Incident) -> IncidentRowVm {
    let (words, level) = clock_words(state, incident);
    let is_open = incident.status != IncidentStatus::Resolved;
    let when = if is_open { words } else { (WORDS.status)(incident.status).to_owned() };
    IncidentRowVm {
        severity: incident.severity,
        cells: [
            incident.severity.as_str().to_uppercase(),
            when,
            incident.assignee.as_deref().unwrap_or("-").to_owned(),
            (WORDS.view.count)(incident.firing, incident.members),
            clock::near(state, incident.opened_at),
            incident.title.to_string(),
        ],
        level: if is_open { level } else { Level::Ok },
        is_open,
    }
}

fn under_cursor(state: &State, incident: &Incident) -> Vec<(String, String)> {
    let names = &WORDS.view.names;
    let mut lines = vec![(names.id, incident.id.to_string()), (names.title, incident.title.to_string())];
    lines.extend(facts(state, incident));
    if let Some(dossier) = state.dossier(&incident.id) {
        lines.extend(dossier.seen.first().map(|seen| (names.seen, seen_words(state, seen))));
        let last = dossier.events.last();
        lines.extend(last.map(|event| {
            let what = (WORDS.event)(event.kind, &event.text, &event.about);
            (names.last, format!("{} {}: {what}", clock::near(state, event.at), event.who))
        }));
    }
    lines.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn facts(state: &State, incident: &Incident) -> Vec<(&'static str, String)> {
    let names = &WORDS.view.names;
    let rule = match &incident.origin {
        crate::model::records::Origin::Hand => String::new(),
        crate::model::records::Origin::Rule(rule) => (WORDS.view.by_rule)(rule),
    };
    let (clock_words, _) = clock_words(state, incident);
    let category = state.setup.pack.alerting.categories.iter().find(|one| *one.id == *incident.category);
    let mut lines = vec![
        (
            names.status,
            [(WORDS.status)(incident.status), &clock_words].join(if clock_words.is_empty() {
                ""
            } else {
                " · "
            }),
        ),
        (names.assignee, incident.assignee.as_deref().unwrap_or(WORDS.view.nobody).to_owned()),
        (names.opened, format!("{}, {}{rule}", clock::full(state, incident.opened_at), incident.opened_by)),
        (names.category, category.map_or_else(|| incident.category.to_string(), |one| one.title.clone())),
    ];
    if let Some(at) = incident.resolved_at {
        let by = incident.resolved_by.as_deref().unwrap_or("");
        lines.push((names.resolved, format!("{}, {by}", clock::full(state, at))));
        let helped =
            if incident.resolution.is_empty() { WORDS.view.nobody_said } else { &incident.resolution };
        lines.push((names.helped, helped.to_owned()));
    }
    lines
}

fn seen_words(state: &State, seen: &crate::model::records::Seen) -> String {
    let when = clock::near(state, seen.incident.opened_at);
    let was = (WORDS.seen)(&when, seen.shared, seen.of, seen.is_same());
    format!("{}: {was}; {}", seen.incident.id, (WORDS.helped)(seen))
}

/// Builds the view of one incident.
pub fn one(state: &State, id: &str) -> RecordVm {
    let (pane, note) = answered(state);
    let dossier = state.dossier(id);
    let known = dossier.map(|dossier| &dossier.incident);
    let Some(incident) = known.or_else(|| state.shown().book.value()?.incident(id)) else {
        let waits = pane != PaneState::Ready;
        let words = if waits { note.clone() } else { (WORDS.no_such)(id) };
        let sections = vec![section("", vec![(String::new(), words)])];
        let facts = DetailVm { title: id.to_owned(), note, state: pane, sections, ..DetailVm::default() };
        return RecordVm { facts, timeline: DetailVm::default() };
    };
    let mut sections = vec![section("", strings(facts(state, incident)))];
    if let Some(dossier) = dossier {
        let seen = dossier.seen.iter().map(|seen| (String::new(), seen_words(state, seen))).collect();
        sections.push(section(WORDS.report.seen, seen));
        sections.push(alerts(state, dossier));
        sections.push(actions(dossier));
    }
    sections.retain(|section| !section.lines.is_empty());
    let events = dossier.map_or(&[][..], |dossier| &dossier.events[..]);
    let lines: Vec<(String, String)> = events
        .iter()
        .rev()
        .map(|event| {
            let when = format!("{} {}", clock::near(state, event.at), event.who);
            (when, (WORDS.event)(event.kind, &event.text, &event.about))
        })
        .collect();
    RecordVm {
        facts: DetailVm {
            title: format!("{} {}", incident.severity.as_str().to_uppercase(), incident.title),
            severity: incident.severity,
            note,
            state: pane,
            sections,
            scroll: state.places.incidents.scroll,
            ..DetailVm::default()
        },
        timeline: DetailVm {
            title: WORDS.report.timeline.to_owned(),
            severity: Severity::None,
            note: (WORDS.view.events)(events.len()),
            state: pane,
            sections: vec![section("", lines)],
            scroll: state.places.incidents.scroll,
            ..DetailVm::default()
        },
    }
}

fn section(title: &str, lines: Vec<(String, String)>) -> SectionVm {
    SectionVm { title: title.to_owned(), lines }
}

fn strings(lines: Vec<(&str, String)>) -> Vec<(String, String)> {
    lines.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn alerts(state: &State, dossier: &Dossier) -> SectionVm {
    let mut members: Vec<_> = dossier.members.iter().collect();
    members.sort_by_key(|member| (member.ended_at.is_some(), member.severity, member.starts_at));
    let mut lines: Vec<(String, String)> = members
        .iter()
        .take(ALERTS)
        .map(|member| {
            let since = member.starts_at.map_or(0, |at| (state.shown_now() - at).num_seconds());
            let stands = match member.ended_at {
                Some(at) => (WORDS.view.ended)(&clock::near(state, at)),
                None => clock::age(since),
            };
            let pack = &state.setup.pack.alerting;
            let department = member.labels.get(&pack.department_label).unwrap_or("");
            let name = member.labels.get("alertname").unwrap_or(&member.fingerprint);
            let component =
                pack.component_labels.iter().find_map(|label| member.labels.get(label)).unwrap_or("");
            let parts = [name, component, department, &*stands, &*member.summary];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            (member.severity.as_str().to_owned(), parts.join(" · "))
        })
        .collect();
    if members.len() > ALERTS {
        lines.push((String::new(), (WORDS.view.more)(members.len() - ALERTS)));
    }
    let title = format!(
        "{} · {}",
        WORDS.report.alerts,
        (WORDS.alerts)(dossier.incident.firing, dossier.incident.members)
    );
    section(&title, lines)
}

fn actions(dossier: &Dossier) -> SectionVm {
    let [_, run, letter, _] = WORDS.report.kinds;
    let runs = dossier
        .runs
        .iter()
        .map(|one| (run.to_owned(), format!("{} {}: {}", one.playbook, one.id, one.state.as_str())));
    let letters = dossier
        .letters
        .iter()
        .map(|one| (letter.to_owned(), format!("{}: {}", one.channel, one.state.as_str())));
    section(WORDS.report.actions, runs.chain(letters).collect())
}

/// The incident that an alert belongs to, in its detail.
pub fn of_alert(state: &State, row: &AlertRow) -> Option<SectionVm> {
    let incident = state.shown().book.value()?.of_alert(&row.alert.fingerprint)?;
    let (words, _) = clock_words(state, incident);
    let line = [&*incident.id, &*incident.title, (WORDS.status)(incident.status), &*words];
    let line: Vec<&str> = line.into_iter().filter(|part| !part.is_empty()).collect();
    Some(section(WORDS.view.incident, vec![(String::new(), line.join(" · "))]))
}

/// A dialog about an incident.
pub fn dialog(state: &State, dialog: &IncidentDialog) -> DialogVm {
    let text = &WORDS.view;
    let (title, label, placeholder) = match &dialog.asked {
        Asked::Open(alerts) => ((text.open_title)(alerts.len()), text.names.title, ""),
        Asked::Take(id) => ((text.take_title)(id), "", ""),
        Asked::Note(id) => ((text.note_title)(id), text.note, ""),
        Asked::Assign(id) => ((text.assign_title)(id), text.names.assignee, text.nobody),
        Asked::Resolve(id) => ((text.resolve_title)(id), text.names.helped, text.nobody_said),
        Asked::Reopen(id) => ((text.reopen_title)(id), text.why, ""),
    };
    let field = DialogFieldVm {
        label: label.to_owned(),
        text: dialog.text.text.clone(),
        placeholder: placeholder.to_owned(),
        cursor: Some(dialog.text.cursor),
        ..DialogFieldVm::default()
    };
    let fields = if label.is_empty() { Vec::new() } else { vec![field] };
    let (about, said) = match &dialog.asked {
        Asked::Open(alerts) => opening(state, alerts),
        Asked::Take(id) | Asked::Resolve(id) | Asked::Note(id) | Asked::Assign(id) | Asked::Reopen(id) => {
            let incident = state.shown().book.value().and_then(|book| book.incident(id));
            let still = incident.filter(|one| one.firing > 0 && matches!(dialog.asked, Asked::Resolve(_)));
            let said = still.map(|one| (Level::Warning, (text.still_firing)(one.firing)));
            // Whoever gives it away wants to know who is there to have it.
            let gives = matches!(dialog.asked, Asked::Assign(_));
            let duty = on_call(state).into_iter().filter(|_| gives);
            let said = said.into_iter().chain(duty);
            (incident.map(|one| one.title.to_string()).into_iter().collect(), said.collect())
        }
    };
    DialogVm { title, about, fields, said, keys: text.keys.to_owned(), ..DialogVm::default() }
}

/// What a new incident will be, and whether its alerts have one already.
fn opening(state: &State, alerts: &[std::sync::Arc<str>]) -> (Vec<String>, Vec<(Level, String)>) {
    let text = &WORDS.view;
    let pack = &state.setup.pack;
    let rows: Vec<&AlertRow> = alerts.iter().filter_map(|one| state.shown_list().row(one)).collect();
    let all: Vec<_> = rows.iter().map(|row| &*row.alert).collect();
    let new = pack.incident_of(&all, "", crate::model::records::Origin::Hand);
    let category = pack.alerting.categories.iter().find(|one| *one.id == *new.category);
    let category = category.map_or(&*new.category, |one| one.title.as_str());
    let response =
        pack.alerting.response_s.get(&new.severity).map(|seconds| duration::format(i64::from(*seconds)));
    let mut names: Vec<&str> = rows.iter().map(|row| row.alert.name()).collect();
    names.dedup();
    names.truncate(6);
    let about = if names.is_empty() { Vec::new() } else { vec![names.join(", ")] };
    let mut said = vec![(Level::Ok, (text.will_be)(new.severity.as_str(), category, response.as_deref()))];
    let book = state.shown().book.value();
    let there = book.and_then(|book| alerts.iter().find_map(|one| book.of_alert(one)));
    said.extend(there.map(|one| (Level::Warning, (text.has_one)(&one.id, &one.title))));
    (about, said)
}
