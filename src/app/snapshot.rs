//! `snapshot`: one view, rendered without a terminal.

use std::collections::BTreeSet;
use std::time::Duration;

use super::block_on;
use super::parts::{Parts, depth};
use crate::cli::output::write_file;
use crate::cli::{Exit, Output, SnapshotArgs, SnapshotFormat, Surroundings, query_text};
use crate::client::Clients;
use crate::config::Loaded;
use crate::document::did_you_mean;
use crate::export::{self, Completeness};
use crate::journal::Journal;
use crate::model::records::Book;
use crate::model::{Language, Window, time};
use crate::respond::incidents;
use crate::runtime;
use crate::state::{State, View};
use crate::theme::{Depth, Theme};
use crate::ui::{self, Glyphs, UiContext};
use crate::view::vm::{PaneState, PaneVm, Screen};
use crate::{state, update, view};

/// Renders a view.
pub fn run(
    args: &SnapshotArgs,
    around: &Surroundings,
    loaded: &Loaded,
    parts: &Parts,
    out: &mut Output<'_>,
) -> Exit {
    let now = parts.clock.now();
    let words = &crate::text::cli::EN;
    let is_drawn = args.format != SnapshotFormat::Json;
    if is_drawn && (args.size.width < ui::MIN_WIDTH || args.size.height < ui::MIN_HEIGHT) {
        // A picture of the words "this terminal is too small" is no answer to a script.
        out.say(&(words.too_small)(ui::MIN_WIDTH, ui::MIN_HEIGHT));
        return Exit::Usage;
    }
    let span_s = args.since.unwrap_or(loaded.config.ui.window_s);
    let window = match &args.at {
        None => Window::Live { span_s },
        Some(text) => match time::parse(text, now, parts.pack.zone) {
            Ok(end) if end > now => {
                out.say(&(words.at_in_future)(text));
                return Exit::Usage;
            }
            Ok(end) => {
                let start = end - chrono::TimeDelta::seconds(i64::from(span_s));
                Window::Past { start, end }
            }
            Err(problem) => {
                out.say(&format!("--at: {problem}"));
                return Exit::Usage;
            }
        },
    };
    let start = parts.start(&loaded.config);
    let mut state = start.state((args.size.width, args.size.height), window);
    let names = state::view_names(&state.setup.pack);
    let Some(chosen) = state::view_by_name(&state.setup.pack, &args.view) else {
        let near = did_you_mean(&args.view, names.iter().map(String::as_str));
        out.say(&(words.unknown_view)(&args.view, near, &names.join(", ")));
        return Exit::Usage;
    };
    let chosen = match queried(args, chosen) {
        Ok(chosen) => chosen,
        Err(why) => {
            out.say(&why);
            return Exit::Usage;
        }
    };
    if let View::Logs(query) = &chosen {
        // Nobody is there to be asked whether a heavy query may run: it was ordered.
        state.places.logs.entry(query.clone()).or_default().allowed = true;
    }
    update::views::start(&mut state, chosen);
    if state.setup.sources.is_empty() {
        out.say(words.no_sources);
        return Exit::Usage;
    }
    let clients = Clients::with_clock(loaded.config.active(), parts.clock);
    let wait = Duration::from_secs(u64::from(args.wait));
    let settled = async {
        runtime::headless::investigated(&mut state, &clients, parts.clock, parts.journal.as_ref()).await;
        runtime::headless::settle(&mut state, clients, parts.clock, wait).await;
    };
    if let Err(exit) = block_on(settled, out) {
        return exit;
    }
    state.now = parts.clock.now();
    read_journal(&mut state, parts);
    let screen = view::build(&state);
    let depth = match args.format {
        // What is written to a file or a pipe is looked at elsewhere.
        SnapshotFormat::Svg | SnapshotFormat::Html => Depth::True,
        _ => depth(around),
    };
    let theme = parts.theme.adapted(depth);
    let written = rendered(args, &state, &screen, &theme, loaded.config.ui.ascii);
    if let Err(exit) = write(args, &written, out) {
        return exit;
    }
    incomplete(&state, &screen, out)
}

/// What the journal says of incidents, where the view shows them. A picture makes no journal.
fn read_journal(state: &mut State, parts: &Parts) {
    if !matches!(state.view(), View::Incidents | View::Record(_)) {
        return;
    }
    let Some(options) = &parts.journal else { return };
    let now = state.now;
    let reading = |id: Option<std::sync::Arc<str>>| match Journal::open_existing(options)? {
        Some(journal) => {
            let one = id.map(|id| incidents::dossier(&journal, &id)).transpose()?.flatten();
            Ok((incidents::book(&journal, now)?, one))
        }
        None => Ok((Book::default(), None)),
    };
    // Which one is under the cursor is known only when the list is.
    for _ in 0..2 {
        let read =
            reading(state.looked_up()).map_err(|error: crate::journal::JournalError| error.to_string());
        update::incidents::read(state, read);
    }
}

/// The view with the query that was given. What is about a person in it is masked here, before the state has it.
fn queried(args: &SnapshotArgs, view: View) -> Result<View, String> {
    let words = &crate::text::cli::EN;
    let given = query_text::read(args.query.as_deref(), args.query_file.as_ref())?;
    match (given, view.query(), view.language()) {
        (Some(query), Some(_), Some(language)) => {
            Ok(View::asking(language, &crate::privacy::masker().mask(&query)))
        }
        (Some(_), ..) => Err((words.no_query_there)(&args.view)),
        (None, Some(query), Some(Language::PromQl)) if query.is_empty() => {
            Err((words.query_needed)(&args.view))
        }
        (None, ..) => Ok(view),
    }
}

fn rendered(args: &SnapshotArgs, state: &State, screen: &Screen, theme: &Theme, ascii: bool) -> String {
    if args.format == SnapshotFormat::Json {
        return export::view_json(state, screen, &args.view);
    }
    let glyphs = if ascii { &Glyphs::ASCII } else { &Glyphs::UNICODE };
    let ui = UiContext { styles: theme, glyphs, text: state.setup.text };
    let buffer = export::frame(screen, &ui, (args.size.width, args.size.height));
    let ground = export::ground(theme);
    match args.format {
        SnapshotFormat::Text => export::text(&buffer),
        SnapshotFormat::Ansi => export::ansi(&buffer),
        SnapshotFormat::Svg => export::svg(&buffer, ground),
        SnapshotFormat::Html => {
            export::html(&buffer, ground, &format!("{} · {}", state.setup.text.view.program, args.view))
        }
        SnapshotFormat::Json => String::new(),
    }
}

/// Writes to stdout or to the file.
fn write(args: &SnapshotArgs, text: &str, out: &mut Output<'_>) -> Result<(), Exit> {
    let Some(path) = args.out.as_ref().filter(|path| path.as_os_str() != "-") else {
        out.result(text);
        return Ok(());
    };
    write_file(path, text).map_err(|error| {
        out.say(&(crate::text::cli::EN.cannot_write_file)(&path.display().to_string(), &error.to_string()));
        Exit::Usage
    })
}

/// Says what is missing, and ends with the status for it.
fn incomplete(state: &State, screen: &Screen, out: &mut Output<'_>) -> Exit {
    let completeness = export::completeness(state, screen);
    if completeness == Completeness::Complete {
        return Exit::Done;
    }
    let mut said = missing(state);
    if said.is_empty() {
        said = wanting(screen);
        said.extend(export::lacking(state));
    }
    for line in said {
        out.say(&line);
    }
    match completeness {
        Completeness::Unreachable if nothing_answered(state) => Exit::Unreachable,
        _ => Exit::Incomplete,
    }
}

/// What each source that failed or kept silent says, a line each.
pub fn missing(state: &State) -> Vec<String> {
    let words = &crate::text::cli::EN;
    state
        .setup
        .sources
        .keys()
        .filter_map(|source| match state.store.health.get(source) {
            Some(health) => {
                health.fault.as_ref().map(|fault| format!("{source}: {}", view::status::words(state, fault)))
            }
            None => wanted(state, source).then(|| (words.no_answer_yet)(&source.to_string())),
        })
        .collect()
}

/// What each pane lacks, a line each: for what is no source's fault, such as a refused query.
fn wanting(screen: &Screen) -> Vec<String> {
    let lacking = |pane: &&PaneVm| {
        !pane.message.is_empty() && pane.state != PaneState::NoData && pane.state != PaneState::Ready
            || pane.message.starts_with(crate::text::EN.view.partial_mark)
    };
    let lines: BTreeSet<String> = view::panes(screen)
        .into_iter()
        .filter(lacking)
        .map(|pane| format!("{}: {}", pane.title, pane.message))
        .collect();
    lines.into_iter().collect()
}

fn wanted(state: &State, source: &crate::model::SourceId) -> bool {
    state::demand::wants(state).iter().any(|want| want.key.source() == *source)
}

/// Whether no source has answered anything.
pub fn nothing_answered(state: &State) -> bool {
    state.store.health.values().all(|health| health.answered_at.is_none())
}
