//! Evidence from the configured servers, for the commands that need it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::{block_on, parts::Parts};
use crate::cli::bundle::GatherArgs;
use crate::cli::{Exit, Output};
use crate::client::Clients;
use crate::command::CommandId;
use crate::config::Loaded;
use crate::explore::incident::Found;
use crate::export;
use crate::gather::{Gathered, Order};
use crate::message::Msg;
use crate::model::ask::Key;
use crate::model::evidence::{Evidence, Period};
use crate::model::{Time, Window};
use crate::runtime::Start;
use crate::runtime::investigate::{self, circumstances};
use crate::runtime::save::{self, Beside};
use crate::state::{self, View, demand};
use crate::text::bundle::EN as WORDS;
use crate::theme::Theme;
use crate::ui::{Glyphs, UiContext};
use crate::update::update;
use crate::view;

/// Shortest window, seconds: of less nothing differs from calm time.
const SHORTEST_S: i64 = 10;
/// Size of a screen that nobody looks at.
const SCREEN: (u16, u16) = (120, 40);

/// Gathers; what is missing is told on stderr.
pub fn gathered(
    args: &GatherArgs,
    component: Option<&str>,
    panels: bool,
    loaded: &Loaded,
    parts: &Parts,
    out: &mut Output<'_>,
) -> Result<Gathered, Exit> {
    let clients = Clients::with_clock(loaded.config.active(), parts.clock);
    let order = order(args, component, panels, loaded, parts).map_err(|why| {
        out.say(&why);
        Exit::Usage
    })?;
    if loaded.config.active().is_empty() {
        out.say(crate::text::cli::EN.no_sources);
        return Err(Exit::Usage);
    }
    out.progress(WORDS.gathering);
    let asking = investigate::gathered(&clients, &parts.pack, order, parts.journal.clone());
    let gathered = block_on(asking, out)?;
    out.progress("");
    tell(&gathered, out);
    Ok(gathered)
}

/// What is to be gathered by the arguments.
fn order(
    args: &GatherArgs,
    component: Option<&str>,
    panels: bool,
    loaded: &Loaded,
    parts: &Parts,
) -> Result<Order, String> {
    let now = parts.clock.now();
    let window = window(args, now, loaded, parts)?;
    let source = parts.source_name(&loaded.config);
    let mut order = Order {
        window,
        components: component.map(str::to_owned).into_iter().collect(),
        ..Order::new(now, source)
    };
    if panels {
        order.recorded = asked_by_pages(loaded, parts);
        order.budget.requests += 2 * order.recorded.len();
    }
    Ok(order)
}

/// The window that the arguments name at this moment, the one that the order is made at: a later one would lie in its
/// future. Without arguments it finds itself.
fn window(args: &GatherArgs, now: Time, loaded: &Loaded, parts: &Parts) -> Result<Option<Period>, String> {
    let range = &args.range;
    if range.since.is_none() && range.from.is_none() && range.to.is_none() {
        return Ok(None);
    }
    let (start, end) = range.resolve(now, parts.pack.zone, loaded.config.ui.window_s)?;
    if (end - start).num_seconds() < SHORTEST_S {
        return Err((WORDS.window_too_short)(&start.to_rfc3339(), SHORTEST_S));
    }
    Ok(Some(Period { start, end }))
}

/// What the pages of the pack ask Prometheus: whoever opens the bundle will ask it of the file.
fn asked_by_pages(loaded: &Loaded, parts: &Parts) -> Vec<Arc<str>> {
    let mut state = parts.start(&loaded.config).state((120, 40), Window::DEFAULT);
    let names = state::view_names(&parts.pack);
    let mut queries: BTreeSet<Arc<str>> = BTreeSet::new();
    for view in names.iter().filter_map(|name| state::view_by_name(&parts.pack, name)) {
        if !matches!(view, View::Page { .. }) {
            continue;
        }
        state.stack = vec![view];
        for want in demand::wants(&state) {
            if let Key::Instant(query) | Key::Range(query, _) = want.key {
                queries.insert(query);
            }
        }
    }
    // The alerts of a past moment come from the records of alerts.
    queries.into_iter().filter(|query| !query.contains("ALERTS")).collect()
}

/// Says what is missing, and how calm time was found where that is worth knowing.
fn tell(gathered: &Gathered, out: &mut Output<'_>) {
    let about = circumstances(gathered);
    about.missing.iter().for_each(|one| out.say(one));
    if !about.calm.is_empty() {
        out.say(&about.calm);
    }
}

/// The status of what was gathered.
pub fn status(gathered: &Gathered) -> Exit {
    match (gathered.is_unreachable(), gathered.is_incomplete()) {
        (true, _) => Exit::Unreachable,
        (false, true) => Exit::Incomplete,
        (false, false) => Exit::Done,
    }
}

/// The key of a seal's signature: the flag's, else the configured one.
pub fn key(flag: Option<&Path>, loaded: &Loaded, out: &mut Output<'_>) -> Result<Option<Vec<u8>>, Exit> {
    save::key(flag.or(loaded.config.bundle_key.as_deref())).map_err(|why| {
        out.say(&why);
        Exit::Usage
    })
}

/// What was found, as a file keeps it: with what was done, and with what a console's screen would show.
pub fn whole(found: &Arc<Found>, loaded: &Loaded, parts: &Parts) -> Evidence {
    let beside = Beside {
        journal: parts.journal.clone(),
        key: None,
        screen: screen(found, &parts.start(&loaded.config), &parts.theme),
        now: parts.clock.now(),
    };
    save::whole(found, &parts.pack, &beside)
}

/// The incident view's text.
pub fn screen(found: &Arc<Found>, start: &Start, theme: &Theme) -> String {
    let mut state = start.state(SCREEN, Window::DEFAULT);
    let now = state.now;
    update(&mut state, now, Msg::Command(CommandId::Incident));
    let outcome = Box::new(Ok(found.clone()));
    let number = state.incidents.numbers;
    update(&mut state, now, Msg::Investigated { number, outcome });
    let ui = UiContext { styles: theme, glyphs: &Glyphs::UNICODE, text: state.setup.text };
    export::text(&export::frame(&view::build(&state), &ui, SCREEN))
}
