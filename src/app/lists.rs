//! `alerts` and `silences`: the lists for scripts.

use std::time::Duration;

use super::snapshot::{missing, nothing_answered};
use super::{block_on, parts::Parts};
pub(super) use crate::cli::output::table;
use crate::cli::{AlertsArgs, Exit, ListFormat, Output, SilencesArgs};
use crate::client::Clients;
use crate::config::Loaded;
use crate::export;
use crate::journal::{AckFilter, Journal};
use crate::model::deed::Held;
use crate::model::{SourceId, Window};
use crate::runtime;
use crate::state::alert_list::Filter;
use crate::state::{State, View, demand};
use crate::store::{AlertRow, Remote};
use crate::view;

/// How long the servers are waited for.
const WAIT: Duration = Duration::from_secs(30);

pub(super) fn asked(loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Result<State, Exit> {
    let start = parts.start(&loaded.config);
    let window = Window::Live { span_s: loaded.config.ui.window_s };
    let mut state = start.state((120, 40), window);
    // The lists need nobody else: a Loki that hangs must not hold them up.
    state.setup.sources.retain(|source, _| [SourceId::ALERTMANAGER, SourceId::PROMETHEUS].contains(source));
    state.stack = vec![View::Alerts];
    if !state.has(&SourceId::ALERTMANAGER) && !state.has(&SourceId::PROMETHEUS) {
        out.say(crate::text::cli::EN.no_sources);
        return Err(Exit::Usage);
    }
    let clients = Clients::with_clock(loaded.config.active(), parts.clock);
    state.acting.held = held(parts);
    block_on(runtime::headless::settle(&mut state, clients, parts.clock, WAIT), out)?;
    state.now = parts.clock.now();
    Ok(state)
}

/// Who has which alert, as far as a journal is there; to list alerts none is made.
fn held(parts: &Parts) -> Option<Held> {
    let journal = Journal::open_existing(parts.journal.as_ref()?);
    match journal.and_then(|journal| journal.map(|journal| journal.acks(AckFilter::default())).transpose()) {
        Ok(acks) => acks.map(|acks| Held { acks, ..Held::default() }),
        Err(error) => {
            tracing::warn!(%error, "the journal is not read");
            None
        }
    }
}

/// Every alert there is, or nothing where nobody who knows has answered.
pub(super) fn rows(
    loaded: &Loaded,
    parts: &Parts,
    out: &mut Output<'_>,
) -> Result<std::sync::Arc<[AlertRow]>, Exit> {
    let state = asked(loaded, parts, out)?;
    for line in missing(&state) {
        out.say(&line);
    }
    if nothing_answered(&state) { Err(Exit::Unreachable) } else { Ok(state.list.rows) }
}

/// Lists the alerts that match.
pub fn alerts(args: &AlertsArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    let state = match asked(loaded, parts, out) {
        Ok(state) => state,
        Err(exit) => return exit,
    };
    let filter = Filter::of_matchers(args.matchers.clone());
    let mut rows: Vec<&AlertRow> = state.list.rows.iter().filter(|row| filter.matches(row)).collect();
    rows.sort_by(|a, b| {
        (a.severity, a.alert.state, a.alert.starts_at, &a.alert.fingerprint).cmp(&(
            b.severity,
            b.alert.state,
            b.alert.starts_at,
            &b.alert.fingerprint,
        ))
    });
    for line in missing(&state) {
        out.say(&line);
    }
    if nothing_answered(&state) {
        return Exit::Unreachable;
    }
    match args.format {
        ListFormat::Json => out.result(&export::alerts_json(&state, rows.iter().copied())),
        ListFormat::Table => {
            let lines: Vec<[String; 8]> = rows.iter().map(|row| cells(&state, row)).collect();
            out.result(&table(&crate::text::cli::EN.alert_columns, &lines));
        }
    }
    match (whole(&state), rows.is_empty()) {
        (false, _) => Exit::Incomplete,
        (true, true) => Exit::Negative,
        (true, false) => Exit::Done,
    }
}

/// Whether everybody who knows of alerts has answered: what either knows alone is missing otherwise.
fn whole(state: &State) -> bool {
    fn answered<T>(remote: &Remote<T>) -> bool {
        remote.value().is_some() && remote.last_fault().is_none() && remote.warnings().is_empty()
    }
    let store = &state.store;
    // The list of a past moment, as that of a bundle is, is made of the series alone.
    if !state.window.is_live() {
        return store.instants.get(demand::ALERTS).is_some_and(answered);
    }
    let manager = answered(&store.alerts) && answered(&store.silences);
    (manager || !state.has(&SourceId::ALERTMANAGER))
        && (answered(&store.rules) || !state.has(&SourceId::PROMETHEUS))
}

fn cells(state: &State, row: &AlertRow) -> [String; 8] {
    let line = view::alerts::line(state, row);
    [
        row.severity.as_str().to_owned(),
        row.alert.state.as_str().to_owned(),
        line.name,
        line.department,
        line.component,
        line.age,
        line.fingerprint.to_string(),
        line.summary,
    ]
}

/// Lists the silences that match.
pub fn silences(args: &SilencesArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    if loaded.config.active().alertmanager.is_none() {
        out.say(crate::text::cli::EN.no_alertmanager);
        return Exit::Usage;
    }
    let state = match asked(loaded, parts, out) {
        Ok(state) => state,
        Err(exit) => return exit,
    };
    let Some(all) = state.store.silences.value() else {
        for line in missing(&state) {
            out.say(&line);
        }
        return Exit::Unreachable;
    };
    let matching: Vec<_> = all
        .iter()
        .filter(|silence| {
            let named =
                silence.matchers.iter().map(|(name, _, value)| (name.clone(), value.clone())).collect();
            args.matchers.iter().all(|matcher| matcher.matches(&named))
        })
        .collect();
    match args.format {
        ListFormat::Json => out.result(&export::silences_json(&matching)),
        ListFormat::Table => {
            let lines: Vec<[String; 6]> = matching
                .iter()
                .map(|silence| {
                    [
                        silence.id.to_string(),
                        silence.state.as_str().to_owned(),
                        view::clock::full(&state, silence.ends_at),
                        silence.created_by.to_string(),
                        export::matchers_text(silence),
                        silence.comment.to_string(),
                    ]
                })
                .collect();
            out.result(&table(&crate::text::cli::EN.silence_columns, &lines));
        }
    }
    if matching.is_empty() { Exit::Negative } else { Exit::Done }
}
