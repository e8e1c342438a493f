//! The dialog in which a person pages somebody by hand.

use super::dialog::Step;
use crate::command::CommandId;
use crate::message::Effect;
use crate::model::deed::{Order, Subject};
use crate::model::paging::{Page, Paged, Reach};
use crate::pack::Level;
use crate::privacy;
use crate::state::acting::About;
use crate::state::paging::{PageDialog, Sending};
use crate::state::{Overlay, Prompt, State, View};
use crate::text::page::EN as WORDS;

/// Lines that what is read is scrolled by.
const PAGE: usize = 4;

/// Opens it for the incident or the alert in sight, and asks who can be paged.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    let (about, title, text) = subject(state);
    let dialog = PageDialog {
        about: about.clone(),
        title,
        reach: None,
        chosen: 0,
        masked: masked(&text),
        text: Prompt::with(&text),
        scroll: 0,
        sending: Sending::Not,
    };
    super::open(state, About::Page(Box::new(dialog)));
    vec![Effect::Act(Order::Reach(about))]
}

/// What it is about, its name, and what is said of it at first. Nothing in sight is nothing in particular.
fn subject(state: &State) -> (Option<Subject>, String, String) {
    if matches!(state.view(), View::Incidents | View::Record(_)) {
        let Some(one) = state.incident_at_cursor() else { return (None, String::new(), String::new()) };
        let who = one.assignee.as_deref().or(one.acked_by.as_deref());
        let since = state.near(one.opened_at);
        let text = (WORDS.suggest)(one.severity.as_str(), &one.title, &since, who);
        return (Some(Subject::Incident(one.id.clone(), one.title.clone())), one.title.to_string(), text);
    }
    let Some(row) = state.acted_on().into_iter().next() else {
        return (None, String::new(), String::new());
    };
    let alert = &row.alert;
    let summary = alert.annotations.get("summary").unwrap_or("");
    let text = (WORDS.suggest_alert)(row.severity.as_str(), alert.name(), summary);
    let about = Subject::Alert(alert.fingerprint.clone(), alert.labels.clone());
    (Some(about), alert.name().to_owned(), text)
}

/// A command in it.
pub(super) fn command(state: &mut State, dialog: &mut PageDialog, id: CommandId) -> Step {
    match (&dialog.sending, id) {
        (Sending::Not, CommandId::Accept) => return send(state, dialog),
        (Sending::Sent(paged), CommandId::Accept) if paged.is_over() => {
            dialog.sending = Sending::Not;
            dialog.scroll = 0;
            return Step::Stay(vec![Effect::Act(Order::Reach(dialog.about.clone()))]);
        }
        (_, CommandId::PageDown) => dialog.scroll = (dialog.scroll + PAGE).min(most(dialog)),
        (_, CommandId::PageUp) => dialog.scroll = dialog.scroll.saturating_sub(PAGE),
        // What is under way is not changed by keys.
        (Sending::Asked(_) | Sending::Sent(_), _) => {}
        (Sending::Not, CommandId::Down | CommandId::DialogNext) => step(dialog, 1),
        (Sending::Not, CommandId::Up | CommandId::DialogPrevious) => {
            let count = dialog.count();
            step(dialog, count.saturating_sub(1));
        }
        (Sending::Not, other) => {
            dialog.text.edit(other);
            dialog.masked = masked(&dialog.text.text);
        }
    }
    Step::Stay(Vec::new())
}

/// What a person types is masked before anything keeps it, and shown as it is kept.
fn masked(text: &str) -> String {
    privacy::safe_line(text.trim()).into_string()
}

/// Text typed into it.
pub(super) fn typed(dialog: &mut PageDialog, text: &str) {
    if dialog.sending == Sending::Not {
        dialog.text.insert(text);
        dialog.masked = masked(&dialog.text.text);
    }
}

/// However long what is read is in words, it has no more lines than this.
fn most(dialog: &PageDialog) -> usize {
    let lines = |text: &str| text.lines().map(|line| 1 + line.chars().count() / 30).sum::<usize>();
    dialog.whom().map_or(0, |one| one.ways.iter().map(|way| lines(&way.reads)).sum())
}

fn step(dialog: &mut PageDialog, by: usize) {
    let count = dialog.count();
    if count > 0 {
        dialog.chosen = (dialog.chosen + by) % count;
        dialog.scroll = 0;
    }
}

/// Chooses one of those in sight: a click sends nothing.
pub fn choose(dialog: &mut PageDialog, entry: usize) {
    let at = dialog.in_sight().start + entry;
    if dialog.sending == Sending::Not && at < dialog.count() {
        dialog.chosen = at;
        dialog.scroll = 0;
    }
}

fn send(state: &mut State, dialog: &mut PageDialog) -> Step {
    let refusal = if state.demo.is_some() {
        Some(WORDS.embedded.to_owned())
    } else {
        match dialog.whom() {
            None => Some(WORDS.no_choice.to_owned()),
            Some(one) if one.ways.is_empty() => Some((WORDS.not_reached)(&one.name)),
            Some(_) if dialog.masked.is_empty() => Some(WORDS.no_text.to_owned()),
            Some(_) => None,
        }
    };
    if let Some(why) = refusal {
        state.notify(Level::Warning, why);
        return Step::Stay(Vec::new());
    }
    let Some(one) = dialog.whom() else { return Step::Stay(Vec::new()) };
    state.acting.pages += 1;
    let number = state.acting.pages;
    let page =
        Page { number, about: dialog.about.clone(), whom: one.whom.clone(), message: dialog.masked.clone() };
    dialog.sending = Sending::Asked(number);
    dialog.scroll = 0;
    Step::Stay(vec![Effect::Act(Order::Page(Box::new(page)))])
}

/// Who can be paged has come: it belongs to the dialog that asked, if that is still there.
pub(super) fn came(state: &mut State, reach: Reach) {
    if let Some(dialog) = open_one(state)
        && dialog.about == reach.about
        && dialog.sending == Sending::Not
    {
        // Whoever was chosen stays chosen, wherever they stand now.
        let whom = dialog.whom().map(|one| one.whom.clone());
        let at = whom.and_then(|whom| reach.people.iter().position(|one| one.whom == whom));
        dialog.chosen = at.unwrap_or(0);
        dialog.reach = Some(reach);
    }
}

/// How a page stands has come. Where nobody looks at it any more, it is told once it is known, and when it goes wrong.
pub(super) fn stands(state: &mut State, paged: Paged) {
    if let Some(dialog) = open_one(state)
        && dialog.number() == Some(paged.number)
    {
        dialog.sending = Sending::Sent(paged);
        return;
    }
    let first_failure = paged.letters.iter().any(|one| one.attempts == 1 && !one.error.is_empty());
    if !paged.is_over() && !first_failure && paged.trouble.is_none() {
        return;
    }
    let level = match (paged.taken(), paged.is_over()) {
        (0, true) => Level::Critical,
        (_, true) => Level::Ok,
        (_, false) => Level::Warning,
    };
    let words = match &paged.trouble {
        Some(why) => (WORDS.unknown)(why),
        None => (WORDS.notice)(&paged.who, paged.taken(), paged.letters.len(), paged.is_over()),
    };
    state.notify(level, words);
}

/// It was refused: another may be chosen.
pub(super) fn refused(state: &mut State) {
    if let Some(dialog) = open_one(state)
        && matches!(dialog.sending, Sending::Asked(_))
    {
        dialog.sending = Sending::Not;
    }
}

fn open_one(state: &mut State) -> Option<&mut PageDialog> {
    match &mut state.overlay {
        Some(Overlay::Dialog(dialog)) => match &mut dialog.about {
            About::Page(dialog) => Some(dialog),
            _ => None,
        },
        _ => None,
    }
}
