//! The prompt of a query as data.

use super::status;
use super::vm::{CompletionVm, QueryPromptVm};
use crate::model::SourceId;
use crate::state::prompt::{Asked, ROWS, asked};
use crate::state::{QueryPrompt, State, View};

/// The prompt with its completions.
pub fn build(state: &State, query: &QueryPrompt) -> QueryPromptVm {
    let text = state.setup.text.prompt;
    let language = (text.language)(query.language);
    let (found, first) = (&query.found, query.first());
    let entries = found.entries.iter().skip(first).take(ROWS).map(|one| CompletionVm {
        text: one.shown.to_string(),
        hits: one.hits.clone(),
        kind: (text.kind)(one.kind).to_owned(),
        note: one.note.to_string(),
    });
    let (message, warning) = message(state, query);
    QueryPromptVm {
        title: if query.ready { (text.ready_title)(language) } else { (text.title)(language) },
        text: query.prompt.text.clone(),
        cursor: query.prompt.cursor,
        placeholder: if query.ready { text.ready_placeholder } else { text.placeholder }.to_owned(),
        problem: query.problem.as_ref().map(|problem| problem.at),
        message,
        warning,
        entries: entries.collect(),
        selected: query.chosen.map(|at| at - first),
        matching: found.matching,
        count: match (found.matching, query.ready) {
            (0, _) => String::new(),
            (count, true) => (text.queries)(count),
            (count, false) => (text.matching)(count),
        },
    }
}

/// The one line under the text, and whether it is about something wrong.
fn message(state: &State, query: &QueryPrompt) -> (String, bool) {
    let text = state.setup.text.prompt;
    if query.ready {
        return match (query.found.entries.is_empty(), query.prompt.text.is_empty()) {
            (true, true) => (text.no_queries.to_owned(), false),
            (true, false) => (text.no_query.to_owned(), false),
            _ => (chosen(query).map(|one| one.insert.to_string()).unwrap_or_default(), false),
        };
    }
    if let Some(problem) = &query.problem {
        return ((text.problem)(problem.at + 1, &problem.words), true);
    }
    if let Some(at) = query.recalled {
        let all = state.histories.of(query.language).len();
        return ((text.history)(at + 1, all), false);
    }
    if let Some(note) = chosen(query).map(|one| one.note.to_string()).filter(|note| !note.is_empty()) {
        return (note, false);
    }
    missing(state, query)
}

/// What completion does not know: it failed, is still asked, or there is nobody to ask.
fn missing(state: &State, query: &QueryPrompt) -> (String, bool) {
    let text = state.setup.text.prompt;
    let mut loading = String::new();
    for key in &query.found.wants {
        let Some(what) = (text.asked)(key) else { continue };
        match asked(state, key) {
            Asked::Failed(fault) => return ((text.unknown)(&what, &status::words(state, fault)), true),
            Asked::Nobody => {
                let SourceId::Server(kind) = key.source() else { continue };
                return ((text.unknown)(&what, &(state.setup.text.view.not_configured)(kind)), true);
            }
            Asked::Waiting if loading.is_empty() => loading = (text.loading)(&what),
            Asked::Waiting | Asked::Answered => {}
        }
    }
    (loading, false)
}

fn chosen(query: &QueryPrompt) -> Option<&crate::explore::complete::Completion> {
    query.found.entries.get(query.chosen?)
}

/// How many places in what is loaded have what is searched for, in words; `None` where nothing is searched for.
pub fn found(state: &State, sought: &str) -> Option<String> {
    let count = match state.view() {
        View::Logs(query) => state.places.logs.get(query)?.found.rows.len(),
        view @ (View::Trace(_) | View::Compare(..)) => state.places.trace.get(view)?.found.len(),
        _ => return None,
    };
    (!sought.is_empty()).then(|| (state.setup.text.prompt.found)(count))
}
