//! Dialogs, and how an acknowledgement stands.

use super::vm::{DialogFieldVm, DialogVm, Level, SectionVm};
use super::{alerts, clock};
use crate::model::labels::Quoted;
use crate::model::radius::Radius;
use crate::model::{MatchOp, Severity, Silence, SourceId, duration, time};
use crate::state::acting::{About, AckDialog, AckField, Dialog, Look, SilenceDialog, SilenceField};
use crate::state::alert_list::department_title;
use crate::state::{Prompt, State, matching};
use crate::store::{AlertRow, Muting};

/// How an acknowledgement stands, in the list, and until when; `None` where there is none.
pub fn standing(state: &State, row: &AlertRow) -> Option<(String, String)> {
    let text = state.setup.text.acting;
    if row.ack.is_none() && state.acting.under_way.contains(&row.alert.fingerprint) {
        return Some((text.acking.to_owned(), String::new()));
    }
    let ack = row.ack.as_ref()?;
    let until = ack.until.map_or_else(String::new, |until| clock::near(state, until));
    Some(match ack.standing {
        Muting::NotYet(_) => ((text.acked_not_yet)(&ack.by), String::new()),
        Muting::Muted | Muting::Not => ((text.acked_in_list)(&ack.by), until),
    })
}

/// The same in full, in the detail of an alert.
pub fn section(state: &State, row: &AlertRow) -> Option<SectionVm> {
    let text = state.setup.text.acting;
    let ack = row.ack.as_ref()?;
    let since = ack.at.map_or_else(String::new, |at| clock::full(state, at));
    let until = ack.until.map_or_else(String::new, |until| clock::near(state, until));
    let how = match &ack.standing {
        Muting::Muted => (text.acked_mutes)(&until),
        Muting::NotYet(why) => (text.acked_waits)(why),
        Muting::Not => text.acked_loud.to_owned(),
    };
    let lines = [(text.acked_by)(&ack.by, &since, &ack.comment), how];
    Some(SectionVm {
        title: text.acked_section.to_owned(),
        lines: lines.into_iter().map(|line| (String::new(), line)).collect(),
    })
}

/// A dialog.
pub fn dialog(state: &State, dialog: &Dialog) -> DialogVm {
    let text = state.setup.text.acting;
    let mut vm = match &dialog.about {
        About::Ack(ack) => self::ack(state, ack),
        About::Unack(alerts, name) => DialogVm {
            title: (text.unack_title)(alerts.len(), name),
            said: vec![(Level::Ok, text.unack_will.to_owned())],
            keys: text.unack_keys.to_owned(),
            ..DialogVm::default()
        },
        About::Silence(silence) => self::silence(state, silence),
        About::Extend(silence, hold) => extend(state, silence, hold),
        About::Incident(incident) => super::incidents::dialog(state, incident),
        About::Offers(offers) => super::offers::dialog(offers),
        About::Run(run) => super::offers::run(state, run),
        About::Page(page) => super::paging::dialog(state, page),
        About::Reveal(reveal) => super::reveal::dialog(state, reveal),
        About::Expire(silence) => {
            let (count, worst) = state.under(silence);
            let level = if count > 0 { Level::Warning } else { Level::Ok };
            DialogVm {
                title: text.expire_title.to_owned(),
                about: about(state, silence),
                said: vec![(level, (text.expire_will)(count, worst.as_str()))],
                keys: text.expire_keys.to_owned(),
                ..DialogVm::default()
            }
        }
    };
    if let Some(why) = &state.acting.journal {
        vm.said.push((Level::Critical, (text.journal_down)(why)));
    }
    vm
}

fn field(label: &str, prompt: &Prompt, focus: bool, placeholder: &str) -> DialogFieldVm {
    DialogFieldVm {
        label: label.to_owned(),
        text: prompt.text.clone(),
        placeholder: placeholder.to_owned(),
        cursor: focus.then_some(prompt.cursor),
        ..DialogFieldVm::default()
    }
}

fn ack(state: &State, dialog: &AckDialog) -> DialogVm {
    let text = state.setup.text.acting;
    let rows: Vec<&AlertRow> =
        dialog.alerts.iter().filter_map(|(fingerprint, _)| state.shown_list().row(fingerprint)).collect();
    let name = dialog.alerts.first().and_then(|(_, labels)| labels.get("alertname")).unwrap_or("");
    let about = match rows.as_slice() {
        [one] => {
            let summary = alerts::line(state, one).summary;
            let department = alerts::department(state, one);
            [one.severity.as_str(), &department, &one.component, &summary]
                .into_iter()
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" · ")
        }
        many => worst(state, many),
    };
    let mut fields = vec![
        field(text.why, &dialog.why, dialog.field == AckField::Why, text.default_why),
        DialogFieldVm {
            label: text.mute.to_owned(),
            text: (text.mute_words)(dialog.silence).to_owned(),
            cursor: (dialog.field == AckField::Silence).then_some(0),
            switch: true,
            ..DialogFieldVm::default()
        },
    ];
    if dialog.silence {
        fields.push(field(text.hold, &dialog.hold, dialog.field == AckField::Hold, ""));
    }
    let mut said = Vec::new();
    // What a colleague has done meanwhile is seen at once.
    for row in &rows {
        if let Some(ack) = &row.ack {
            let since = ack.at.map_or_else(String::new, |at| clock::near(state, at));
            said.push(if *ack.by == *state.setup.operator {
                (Level::Warning, (text.own)(row.alert.name()))
            } else {
                (Level::Warning, (text.taken)(row.alert.name(), &ack.by, &since, &ack.comment))
            });
        }
    }
    said.truncate(3);
    said.extend(what_it_does(state, dialog));
    DialogVm {
        title: (text.ack_title)(dialog.alerts.len(), name),
        about: vec![about],
        fields,
        said,
        keys: text.ack_keys.to_owned(),
        ..DialogVm::default()
    }
}

/// Whether it mutes, until when, and what happens when nobody runs.
fn what_it_does(state: &State, dialog: &AckDialog) -> Option<(Level, String)> {
    let text = state.setup.text.acting;
    if !state.has(&SourceId::ALERTMANAGER) {
        return Some((Level::Warning, text.no_manager.to_owned()));
    }
    if !dialog.silence {
        return Some((Level::Ok, text.mutes_not.to_owned()));
    }
    let fault = state.store.health.get(&SourceId::ALERTMANAGER).and_then(|health| health.fault.as_ref());
    if let Some(fault) = fault {
        return Some((Level::Warning, (text.manager_down)(&fault.detail)));
    }
    let seconds = duration::parse(&dialog.hold.text).ok()?;
    let until = clock::near(state, state.now + chrono::TimeDelta::seconds(i64::from(seconds)));
    let watched = state.acting.held.as_ref().is_some_and(|held| held.watcher);
    let words = if watched { text.mutes_with_watcher } else { text.mutes_alone };
    Some((Level::Ok, words(&until)))
}

/// `2 critical · 1 warning`.
fn worst(state: &State, rows: &[&AlertRow]) -> String {
    let text = state.setup.text.view;
    let count = |severity| rows.iter().filter(|row| row.severity == severity).count();
    let parts: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|severity| count(*severity) > 0)
        .map(|severity| (text.count)(count(severity), severity))
        .collect();
    parts.join(" · ")
}

fn silence(state: &State, dialog: &SilenceDialog) -> DialogVm {
    let text = state.setup.text.acting;
    let is = |field| dialog.field == field;
    let mut fields = vec![
        field(text.matchers, &dialog.matchers, is(SilenceField::Matchers), text.matchers_hint),
        field(text.length, &dialog.hold, is(SilenceField::Hold), ""),
        field(text.start, &dialog.start, is(SilenceField::Start), text.start_now),
        field(text.why, &dialog.why, is(SilenceField::Why), ""),
    ];
    let refusal = state.refusal(dialog);
    if refusal.is_some() {
        fields.push(field(text.confirm, &dialog.confirm, is(SilenceField::Confirm), ""));
    }
    if let Some((at, why)) = &dialog.wrong
        && let Some(field) = fields.get_mut(*at as usize)
    {
        field.problem = Some(why.clone());
    }
    let mut vm = DialogVm { title: text.silence_title.to_owned(), fields, ..DialogVm::default() };
    if is(SilenceField::Matchers) {
        let found = matching::completions(state, &dialog.matchers);
        vm.completions = found.entries.into_iter().map(|one| (one.shown, one.count.to_string())).collect();
        vm.chosen = dialog.chosen;
        text.silence_keys.clone_into(&mut vm.keys);
        return vm;
    }
    if let Some(lasts) = lasts(state, dialog) {
        vm.said.push((Level::Ok, lasts));
    }
    match &dialog.look {
        Look::Not => vm.said.push((Level::Ok, text.look_first.to_owned())),
        Look::Under(_) => vm.said.push((Level::Ok, text.looking.to_owned())),
        Look::Seen(radius) => {
            vm.table = Some(table(state, radius));
            vm.said.extend(doubts(state, radius));
        }
    }
    if let Some(refusal) = &refusal {
        let titles = match refusal {
            crate::model::radius::Refusal::Others(departments) => departments
                .iter()
                .map(|id| department_title(&state.setup.pack, id))
                .collect::<Vec<_>>()
                .join(", "),
            _ => String::new(),
        };
        vm.said.push((Level::Critical, (text.refusal)(refusal, &titles)));
    }
    vm.keys = match (is(SilenceField::Confirm), &dialog.look, &refusal) {
        (true, Look::Seen(_), Some(refusal)) => (text.type_keys)(&refusal.word()),
        (true, Look::Seen(_), None) => text.make_keys.to_owned(),
        (true, ..) => text.wait_keys.to_owned(),
        _ => text.silence_keys.to_owned(),
    };
    vm
}

fn lasts(state: &State, dialog: &SilenceDialog) -> Option<String> {
    let text = state.setup.text.acting;
    let seconds = duration::parse(&dialog.hold.text).ok()?;
    let start = time::parse_start(&dialog.start.text, state.now, state.setup.pack.zone).ok()?;
    let from = start.map_or_else(String::new, |at| clock::near(state, at));
    let until = start.unwrap_or(state.now) + chrono::TimeDelta::seconds(i64::from(seconds));
    Some((text.lasts)(&from, &clock::near(state, until)))
}

/// What it mutes, by department and severity, now and in the days before.
fn table(state: &State, radius: &Radius) -> ([String; 3], Vec<[String; 3]>) {
    let text = state.setup.text.acting;
    let (now, past) = (Radius::tally(&radius.now), Radius::tally(&radius.past));
    let all: std::collections::BTreeSet<&str> = now.keys().chain(past.keys()).map(|key| &**key).collect();
    let none = [0; 5];
    let title = |id: &str| match id {
        "" => text.nowhere.to_owned(),
        id if state.setup.pack.alerting.department_all.iter().any(|word| word == id) => {
            state.setup.text.view.everywhere.to_owned()
        }
        id => department_title(&state.setup.pack, id).to_owned(),
    };
    let rows = all
        .into_iter()
        .map(|id| {
            let cell = |of: &std::collections::BTreeMap<Box<str>, [usize; 5]>| {
                (text.radius_cell)(of.get(id).unwrap_or(&none))
            };
            [title(id), cell(&now), cell(&past)]
        })
        .collect();
    (text.radius_heads.map(str::to_owned), rows)
}

fn doubts(state: &State, radius: &Radius) -> Vec<(Level, String)> {
    let text = state.setup.text.acting;
    let mut said = Vec::new();
    match &radius.now_fault {
        Some(fault) => said.push((Level::Warning, (text.now_unknown)(&fault.detail))),
        None if radius.now.is_empty() => said.push((Level::Ok, text.mutes_nothing.to_owned())),
        None => {}
    }
    if let Some(fault) = &radius.past_fault {
        said.push((Level::Warning, (text.days_unknown)(radius.days, &fault.detail)));
    }
    said
}

fn extend(state: &State, silence: &Silence, hold: &Prompt) -> DialogVm {
    let text = state.setup.text.acting;
    let said = match duration::parse(&hold.text) {
        Ok(seconds) => {
            let until = silence.ends_at.max(state.now) + chrono::TimeDelta::seconds(i64::from(seconds));
            (Level::Ok, (text.extend_will)(&clock::near(state, until)))
        }
        Err(why) => (Level::Warning, why),
    };
    DialogVm {
        title: text.extend_title.to_owned(),
        about: about(state, silence),
        fields: vec![field(text.length, hold, true, "")],
        said: vec![said],
        keys: text.extend_keys.to_owned(),
        ..DialogVm::default()
    }
}

/// A silence in two lines: what it mutes, whose it is.
fn about(state: &State, silence: &Silence) -> Vec<String> {
    let text = state.setup.text.acting;
    let ends = (text.ends)(&clock::near(state, silence.ends_at));
    vec![matchers(silence), format!("{} · {} · {ends}", silence.created_by, silence.comment)]
}

/// `X, department=~"icu|er"`: in a list the name of what is muted is what is looked for.
pub fn matchers_in_short(silence: &Silence) -> String {
    let is_name =
        |(name, op, _): &&(Box<str>, MatchOp, Box<str>)| &**name == "alertname" && *op == MatchOp::Equal;
    let Some(named) = silence.matchers.iter().find(is_name) else { return matchers(silence) };
    let rest = silence.matchers.iter().filter(|one| !std::ptr::eq(*one, named));
    let rest = rest.map(|(name, op, value)| format!("{name}{}{}", op.as_str(), Quoted(value)));
    std::iter::once(named.2.to_string()).chain(rest).collect::<Vec<_>>().join(", ")
}

/// `alertname="X", department=~"icu|er"`.
pub fn matchers(silence: &Silence) -> String {
    let all =
        silence.matchers.iter().map(|(name, op, value)| format!("{name}{}{}", op.as_str(), Quoted(value)));
    all.collect::<Vec<_>>().join(", ")
}
