//! The prompt of a query: typing, completion, history, running it.

use std::sync::Arc;

use super::views;
use crate::command::CommandId;
use crate::explore::complete::{Completion, Completions, Kind, Ranked, complete, problem};
use crate::message::Effect;
use crate::model::Language;
use crate::model::ask::Key;
use crate::pack::Level;
use crate::privacy;
use crate::state::prompt::{LONGEST, Learned, present, ready};
use crate::state::{Overlay, Prompt, QueryPrompt, State, View};

/// Opens the prompt with a text.
pub fn open(state: &mut State, language: Language, text: &str) {
    show(state, QueryPrompt::with(language, text));
}

/// Opens the prompt of the view in sight, or its ready queries; `None` where the command is neither.
pub fn opened(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    let opens = matches!(id, CommandId::QueryEdit | CommandId::QueryReady);
    let (language, query) = opens.then(|| present(state)).flatten()?;
    if id == CommandId::QueryEdit {
        open(state, language, &query);
    } else {
        show(state, QueryPrompt { ready: true, chosen: Some(0), ..QueryPrompt::with(language, "") });
    }
    Some(Vec::new())
}

/// Carries out a command in the open prompt.
pub fn command(state: &mut State, mut prompt: QueryPrompt, id: CommandId) -> Vec<Effect> {
    match id {
        CommandId::Cancel | CommandId::Back => return Vec::new(),
        CommandId::Accept => return accept(state, prompt),
        CommandId::QueryComplete => {
            prompt.chosen.get_or_insert(0);
            take(&mut prompt);
        }
        CommandId::QueryOlder => recall(state, &mut prompt, true),
        CommandId::QueryNewer => recall(state, &mut prompt, false),
        CommandId::Up => up(state, &mut prompt),
        CommandId::Down => down(state, &mut prompt),
        other => {
            let before = prompt.prompt.text.clone();
            if prompt.prompt.edit(other) {
                edited(&mut prompt, &before);
            }
        }
    }
    show(state, prompt);
    Vec::new()
}

/// Types a text into the open prompt.
pub fn typed(state: &mut State, text: &str) {
    let Some(Overlay::Query(mut prompt)) = state.overlay.take() else { return };
    let before = prompt.prompt.text.clone();
    // A query that was written on several lines is the same on one.
    let flat: String = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
    if !prompt.prompt.insert_within(&flat, LONGEST) {
        let words = (state.setup.text.prompt.cut)(LONGEST);
        state.notify(Level::Warning, words);
    }
    edited(&mut prompt, &before);
    show(state, *prompt);
}

/// Chooses the entry that was clicked, of those in sight, and takes it.
pub fn clicked(state: &mut State, entry: usize) -> Vec<Effect> {
    let Some(Overlay::Query(prompt)) = &mut state.overlay else { return Vec::new() };
    prompt.chosen = Some(prompt.first() + entry);
    super::command(state, CommandId::Accept)
}

/// An answer has come that what is being typed may be completed with.
pub fn arrived(state: &mut State, key: &Key) {
    let is_wanted =
        |one: &mut Overlay| matches!(one, Overlay::Query(prompt) if prompt.found.wants.contains(key));
    if let Some(Overlay::Query(mut prompt)) = state.overlay.take_if(is_wanted) {
        // What a person has chosen stays chosen, wherever it stands now.
        let chosen = prompt.chosen.and_then(|at| prompt.found.entries.get(at)).map(|one| one.insert.clone());
        prompt.chosen = None;
        show(state, *prompt);
        if let (Some(chosen), Some(Overlay::Query(prompt))) = (chosen, &mut state.overlay) {
            prompt.chosen = prompt.found.entries.iter().position(|one| one.insert == chosen);
        }
    }
}

/// Enter: takes what is chosen, else runs what is typed.
fn accept(state: &mut State, mut prompt: QueryPrompt) -> Vec<Effect> {
    let chosen = prompt.chosen.and_then(|at| prompt.found.entries.get(at));
    if prompt.ready {
        // Nothing matches: the list stays, and says so.
        let Some(query) = chosen.map(|one| one.insert.clone()) else {
            show(state, prompt);
            return Vec::new();
        };
        return run(state, prompt.language, &query);
    }
    if chosen.is_some() {
        take(&mut prompt);
        show(state, prompt);
        return Vec::new();
    }
    if prompt.prompt.text.trim().is_empty() {
        let words = state.setup.text.prompt.empty;
        state.notify(Level::Ok, words);
        show(state, prompt);
        return Vec::new();
    }
    run(state, prompt.language, &prompt.prompt.text)
}

/// Runs a query and remembers it. What is about a person in it is masked before anything keeps it.
pub fn run(state: &mut State, language: Language, query: &str) -> Vec<Effect> {
    let query: Arc<str> = privacy::safe_line(query.trim()).into();
    let same = present(state).is_some_and(|(own, present)| own == language && present == query);
    state.histories.remember(language, query.clone());
    let mut effects = vec![Effect::Remember(language, query.clone())];
    if same {
        effects.push(Effect::Refresh);
    } else {
        views::go(
            state,
            match language {
                Language::LogQl => View::Logs(query),
                Language::TraceQl => View::Traces(query),
                Language::PromQl => View::Metrics(query),
            },
        );
    }
    effects
}

/// Puts the chosen completion into the text; of a ready query, its text to be changed.
fn take(prompt: &mut QueryPrompt) {
    let Some(one) = prompt.chosen.and_then(|at| prompt.found.entries.get(at)) else {
        prompt.chosen = None;
        return;
    };
    if prompt.ready {
        *prompt = QueryPrompt::with(prompt.language, &one.insert);
        return;
    }
    let range = prompt.found.replaces.clone();
    if prompt.prompt.text.get(range.clone()).is_some() {
        let insert = one.insert.clone();
        prompt.prompt.text.replace_range(range.clone(), &insert);
        let end = range.start + insert.len();
        prompt.prompt.cursor = prompt.prompt.text.get(..end).map_or(0, |head| head.chars().count());
    }
    prompt.chosen = None;
    prompt.recalled = None;
}

/// After a change of the text nothing is chosen any more, and it is no longer what was recalled.
fn edited(prompt: &mut QueryPrompt, before: &str) {
    prompt.chosen = prompt.ready.then_some(0);
    if prompt.prompt.text != before {
        prompt.recalled = None;
    }
}

/// Up the list; above it lies the history.
fn up(state: &State, prompt: &mut QueryPrompt) {
    match prompt.chosen {
        Some(0) if !prompt.ready => prompt.chosen = None,
        Some(at) => prompt.chosen = Some(at.saturating_sub(1)),
        None => recall(state, prompt, true),
    }
}

/// Down through the history, and into the list.
fn down(state: &State, prompt: &mut QueryPrompt) {
    if prompt.recalled.is_some() {
        return recall(state, prompt, false);
    }
    let last = prompt.found.entries.len().checked_sub(1);
    prompt.chosen = last.map(|last| prompt.chosen.map_or(0, |at| (at + 1).min(last)));
}

fn recall(state: &State, prompt: &mut QueryPrompt, older: bool) {
    if prompt.ready {
        return;
    }
    let history = state.histories.of(prompt.language);
    let next = match (prompt.recalled, older) {
        (None, true) => 0,
        (Some(at), true) => at + 1,
        (Some(at), false) if at > 0 => at - 1,
        (Some(_), false) => {
            let draft = std::mem::take(&mut prompt.draft);
            prompt.prompt = Prompt { before: prompt.prompt.before.clone(), ..Prompt::with(&draft) };
            prompt.recalled = None;
            prompt.chosen = None;
            return;
        }
        (None, false) => return,
    };
    let Some(query) = history.get(next) else { return };
    if prompt.recalled.is_none() {
        prompt.draft.clone_from(&prompt.prompt.text);
    }
    prompt.prompt = Prompt { before: prompt.prompt.before.clone(), ..Prompt::with(query) };
    prompt.recalled = Some(next);
    prompt.chosen = None;
}

/// Puts the prompt on top, with what can be chosen in it.
fn show(state: &mut State, mut prompt: QueryPrompt) {
    if prompt.ready {
        prompt.found = choices(state, &prompt);
    } else if prompt.recalled.is_some() {
        // What is recalled is whole: the keys belong to the history until it is changed.
        prompt.found = Completions::default();
    } else {
        let (text, cursor) = (&prompt.prompt.text, prompt.prompt.cursor);
        let words = state.setup.text.languages;
        prompt.found = complete(prompt.language, text, cursor, &Learned(&state.store), words);
    }
    let wrong = || {
        let (text, cursor) = (&prompt.prompt.text, prompt.prompt.cursor);
        problem(prompt.language, text, cursor, state.setup.text.languages)
    };
    prompt.problem = if prompt.ready { None } else { wrong() };
    let last = prompt.found.entries.len().checked_sub(1);
    prompt.chosen = prompt.chosen.and_then(|at| last.map(|last| at.min(last)));
    state.overlay = Some(Overlay::Query(Box::new(prompt)));
}

/// The pack's ready queries, and beneath them those that were run.
fn choices(state: &State, prompt: &QueryPrompt) -> Completions {
    let mut ranked = Ranked::by_words(&prompt.prompt.text);
    let ready = ready(&state.setup.pack, prompt.language);
    for one in ready {
        let shown = format!("{} {}", one.title, one.query);
        ranked.offer(&shown, 100_000, || Completion {
            shown: one.title.as_str().into(),
            hits: Vec::new(),
            insert: one.query.as_str().into(),
            kind: Kind::Ready,
            note: one.query.as_str().into(),
        });
    }
    for query in state.histories.of(prompt.language) {
        if ready.iter().all(|one| *one.query != **query) {
            ranked.offer(query, 0, || Completion {
                shown: (&**query).into(),
                hits: Vec::new(),
                insert: (&**query).into(),
                kind: Kind::Recent,
                note: "".into(),
            });
        }
    }
    let (entries, matching) = ranked.finish();
    Completions { replaces: 0..0, entries, matching, wants: Vec::new() }
}
