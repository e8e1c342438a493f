//! The dialog in which a person pages somebody, as data.

use super::clock;
use super::vm::{DialogFieldVm, DialogVm, Level};
use crate::model::Time;
use crate::model::paging::{Answer, Duty, HOLE, Paged, Reachable};
use crate::model::records::LetterState;
use crate::state::State;
use crate::state::paging::{PageDialog, Sending};
use crate::text::page::EN as WORDS;

/// Builds it.
pub fn dialog(state: &State, dialog: &PageDialog) -> DialogVm {
    if let Sending::Sent(paged) = &dialog.sending {
        return sent(state, dialog, paged);
    }
    let mut vm = DialogVm {
        title: (WORDS.head)(&dialog.title),
        keys: WORDS.keys_none.to_owned(),
        scroll: dialog.scroll,
        whole: true,
        ..DialogVm::default()
    };
    let asked = matches!(dialog.sending, Sending::Asked(_));
    vm.fields.push(DialogFieldVm {
        label: WORDS.say.to_owned(),
        text: dialog.text.text.clone(),
        placeholder: WORDS.say_hint.to_owned(),
        cursor: (!asked).then_some(dialog.text.cursor),
        ..DialogFieldVm::default()
    });
    let Some(reach) = &dialog.reach else {
        vm.said.push((Level::Ok, WORDS.looking.to_owned()));
        return vm;
    };
    vm.about.extend(reach.incident.as_deref().map(|id| (WORDS.for_incident)(id)));
    let Some(chosen) = dialog.whom() else {
        vm.said.push((Level::Warning, WORDS.nobody.to_owned()));
        return vm;
    };
    WORDS.keys_not.clone_into(&mut vm.keys);
    let seen = dialog.in_sight();
    vm.completions =
        reach.people[seen.clone()].iter().map(|one| (one.name.clone(), duty(state, &one.duty))).collect();
    vm.chosen = Some(dialog.chosen - seen.start);
    if !chosen.ways.is_empty() {
        vm.table = Some((
            WORDS.heads.map(str::to_owned),
            chosen
                .ways
                .iter()
                .map(|way| {
                    let by = if way.everybody { WORDS.everybody.to_owned() } else { chosen.name.clone() };
                    [way.channel.clone(), by, way.reads.replace(HOLE, &dialog.masked)]
                })
                .collect(),
        ));
    }
    vm.said.extend(quiet(state, chosen));
    if asked {
        vm.said.push((Level::Ok, WORDS.sending.to_owned()));
    } else if state.demo.is_some() {
        vm.said.push((Level::Warning, WORDS.embedded.to_owned()));
    } else if chosen.ways.is_empty() {
        vm.said.push((Level::Warning, (WORDS.not_reached)(&chosen.name)));
    } else {
        vm.said.push((Level::Ok, (WORDS.will)(reach.incident.is_some()).to_owned()));
        WORDS.keys.clone_into(&mut vm.keys);
    }
    vm
}

fn duty(state: &State, duty: &Duty) -> String {
    let at = |at: &Option<Time>| at.map_or_else(String::new, |at| clock::near(state, at));
    match duty {
        Duty::Now(level, until) => (WORDS.now)(level, &at(until)),
        Duty::Gap(why) => (WORDS.gap)(why.as_deref()),
        Duty::Next(level, from) => (WORDS.next)(level, &at(from)),
        Duty::Of(level) => (WORDS.of)(level),
        Duty::Free => WORDS.free.to_owned(),
    }
}

/// The quiet hours that it passes over.
fn quiet(state: &State, chosen: &Reachable) -> Option<(Level, String)> {
    let held: Vec<&str> =
        chosen.ways.iter().filter(|way| way.quiet.is_some()).map(|way| way.channel.as_str()).collect();
    let last = chosen.ways.iter().filter_map(|way| way.quiet).max()?;
    Some((Level::Warning, (WORDS.quiet)(&held.join(", "), &clock::near(state, last))))
}

/// How it stands once it is under way.
fn sent(state: &State, dialog: &PageDialog, paged: &Paged) -> DialogVm {
    let over = paged.is_over();
    let mut vm = DialogVm {
        title: (WORDS.paged)(&paged.who),
        keys: if over { WORDS.keys_over } else { WORDS.keys_sent }.to_owned(),
        scroll: dialog.scroll,
        whole: true,
        about: vec![dialog.masked.clone()],
        ..DialogVm::default()
    };
    let rows = paged.letters.iter().map(|one| {
        let tried = !one.error.is_empty();
        [one.channel.clone(), (WORDS.state)(one.state, tried).to_owned(), answer(state, one)]
    });
    vm.table = Some((WORDS.answer_heads.map(str::to_owned), rows.collect()));
    let taken = paged.taken();
    let failed = paged.letters.iter().any(|one| !one.error.is_empty());
    let level = match (taken, over) {
        (0, true) => Level::Critical,
        (0, false) if failed => Level::Warning,
        _ => Level::Ok,
    };
    vm.said.push((level, (WORDS.stands)(taken, paged.letters.len(), over)));
    if let Some(why) = &paged.trouble {
        vm.said.push((Level::Critical, (WORDS.unknown)(why)));
    } else if !over {
        let watcher = state.acting.held.as_ref().is_some_and(|held| held.watcher);
        vm.said.push((Level::Ok, (WORDS.closed)(watcher).to_owned()));
    }
    vm
}

fn answer(state: &State, one: &Answer) -> String {
    match (one.state, one.sent_at) {
        (LetterState::Sent, Some(at)) => (WORDS.taken_at)(&clock::near(state, at)),
        (LetterState::Failed, _) => one.error.clone(),
        (LetterState::Queued, _) if !one.error.is_empty() => {
            (WORDS.again)(one.attempts, &clock::near(state, one.next_at), &one.error)
        }
        (LetterState::Queued, _) => WORDS.waits.to_owned(),
        _ => String::new(),
    }
}
