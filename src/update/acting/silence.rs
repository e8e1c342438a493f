//! The dialog of a silence: its fields, completion, the look at what it mutes, the last word.

use super::after;
use super::dialog::Step;
use crate::command::CommandId;
use crate::message::Effect;
use crate::model::deed::{Order, Wanted};
use crate::model::{MatchOp, Matcher, duration, time};
use crate::privacy;
use crate::state::acting::{Look, SilenceDialog, SilenceField};
use crate::state::{State, matching};

/// Carries out a command.
pub(super) fn command(state: &mut State, dialog: &mut SilenceDialog, id: CommandId) -> Step {
    match id {
        CommandId::Accept | CommandId::DialogNext if dialog.chosen.is_some() => take(state, dialog),
        CommandId::Accept if dialog.field == SilenceField::Confirm => return make(state, dialog),
        CommandId::DialogPrevious => {
            dialog.chosen = None;
            dialog.field = dialog.field.previous();
        }
        CommandId::Down if dialog.field == SilenceField::Matchers => {
            let count = matching::completions(state, &dialog.matchers).entries.len();
            let next = dialog.chosen.map_or(0, |at| at + 1);
            dialog.chosen = count.checked_sub(1).map(|last| next.min(last));
        }
        CommandId::Up if dialog.field == SilenceField::Matchers => {
            dialog.chosen = dialog.chosen.and_then(|at| at.checked_sub(1));
        }
        CommandId::Accept | CommandId::DialogNext | CommandId::Down => {
            return go_to(state, dialog, dialog.field.next());
        }
        CommandId::Up => dialog.field = dialog.field.previous(),
        other => {
            let before = dialog.prompt().text.clone();
            dialog.prompt().edit(other);
            changed(dialog, &before);
        }
    }
    Step::Stay(Vec::new())
}

/// Types a text into the field.
pub(super) fn typed(dialog: &mut SilenceDialog, text: &str) {
    let before = dialog.prompt().text.clone();
    dialog.prompt().insert(text);
    changed(dialog, &before);
}

/// Other matchers mute something else: what was seen counts no more.
fn changed(dialog: &mut SilenceDialog, before: &str) {
    dialog.chosen = None;
    dialog.wrong = None;
    if dialog.field == SilenceField::Matchers && dialog.matchers.text != before {
        dialog.look = Look::Not;
        dialog.confirm.text.clear();
        dialog.confirm.cursor = 0;
    }
}

/// Puts the chosen completion into the matchers.
fn take(state: &State, dialog: &mut SilenceDialog) {
    let found = matching::completions(state, &dialog.matchers);
    if let Some(one) = dialog.chosen.and_then(|at| found.entries.get(at)) {
        let before = dialog.matchers.text.clone();
        let range = found.replaces.clone();
        if dialog.matchers.text.get(range.clone()).is_some() {
            dialog.matchers.text.replace_range(range.clone(), &one.insert);
            let end = range.start + one.insert.len();
            dialog.matchers.cursor = dialog.matchers.text.get(..end).map_or(0, |head| head.chars().count());
        }
        changed(dialog, &before);
    }
    dialog.chosen = None;
}

/// Goes on to a field, where the one that is left is right.
fn go_to(state: &mut State, dialog: &mut SilenceDialog, field: SilenceField) -> Step {
    dialog.chosen = None;
    dialog.wrong = None;
    if dialog.field < field
        && let Err(why) = check(state, dialog, dialog.field)
    {
        dialog.wrong = Some((dialog.field, why));
        return Step::Stay(Vec::new());
    }
    if field == SilenceField::Confirm {
        for field in [SilenceField::Matchers, SilenceField::Hold, SilenceField::Start, SilenceField::Why] {
            if let Err(why) = check(state, dialog, field) {
                dialog.wrong = Some((field, why));
                dialog.field = field;
                return Step::Stay(Vec::new());
            }
        }
    }
    dialog.field = field;
    Step::Stay(look(state, dialog))
}

/// Asks what it mutes, unless that is known or under way. What was typed about a person is masked before.
fn look(state: &mut State, dialog: &mut SilenceDialog) -> Vec<Effect> {
    if dialog.look != Look::Not {
        return Vec::new();
    }
    let Ok(matchers) = masked(state, dialog) else { return Vec::new() };
    if matchers.is_empty() {
        return Vec::new();
    }
    state.acting.looks += 1;
    dialog.look = Look::Under(state.acting.looks);
    vec![Effect::Act(Order::Look(state.acting.looks, matchers))]
}

fn check(state: &State, dialog: &SilenceDialog, field: SilenceField) -> Result<(), String> {
    let text = state.setup.text.acting;
    match field {
        SilenceField::Matchers if masked(state, dialog)?.is_empty() => Err(text.no_matchers.to_owned()),
        SilenceField::Hold => duration::parse(&dialog.hold.text)
            .and_then(|seconds| if seconds < 60 { Err(text.too_short.to_owned()) } else { Ok(()) }),
        SilenceField::Start => {
            time::parse_start(&dialog.start.text, state.now, state.setup.pack.zone).map(drop)
        }
        SilenceField::Why if dialog.why.text.trim().is_empty() => Err(text.empty.to_owned()),
        SilenceField::Matchers | SilenceField::Why | SilenceField::Confirm => Ok(()),
    }
}

/// The matchers with marks in place of what is about a person.
fn masked(state: &State, dialog: &SilenceDialog) -> Result<Vec<Matcher>, String> {
    let masked = |matcher: Matcher| {
        let shown = privacy::safe_value(&matcher.name, &matcher.value);
        if *shown == *matcher.value {
            return Ok(matcher);
        }
        // A pattern stands for nobody; it would be kept and sent as if it were somebody's name.
        if matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex) {
            return Err((state.setup.text.acting.masked_regex)(&matcher.name));
        }
        Matcher::new(&matcher.name, matcher.op, &shown)
    };
    dialog.parsed()?.into_iter().map(masked).collect()
}

/// The last word. Nothing is made before what it mutes has been seen, or what was refused was typed in full.
fn make(state: &mut State, dialog: &mut SilenceDialog) -> Step {
    let text = state.setup.text.acting;
    if !matches!(dialog.look, Look::Seen(_)) {
        return Step::Stay(look(state, dialog));
    }
    if let Some(refusal) = state.refusal(dialog)
        && dialog.confirm.text.trim() != refusal.word()
    {
        dialog.wrong = Some((SilenceField::Confirm, (text.wrong_word)(&refusal.word())));
        return Step::Stay(Vec::new());
    }
    let zone = state.setup.pack.zone;
    let (Ok(matchers), Ok(seconds), Ok(starts_at)) = (
        masked(state, dialog),
        duration::parse(&dialog.hold.text),
        time::parse_start(&dialog.start.text, state.now, zone),
    ) else {
        return Step::Stay(Vec::new());
    };
    let starts_at = starts_at.unwrap_or_else(|| after(state, 0));
    let wanted = Wanted {
        matchers,
        starts_at,
        ends_at: starts_at + chrono::TimeDelta::seconds(i64::from(seconds)),
        created_by: state.setup.operator.clone(),
        comment: privacy::safe_line(dialog.why.text.trim()).into_string(),
    };
    Step::Done(vec![Effect::Act(Order::Silence(wanted))])
}
