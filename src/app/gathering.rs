//! Evidence from the configured servers, for the commands that need it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::{block_on, parts::Parts};
use crate::cli::bundle::GatherArgs;
use crate::cli::{Exit, Output};
use crate::client::Clients;
use crate::config::Loaded;
use crate::gather::{self, Calm, Gathered, MissingKind, Order};
use crate::model::Window;
use crate::model::ask::Key;
use crate::model::evidence::Period;
use crate::state::{self, View, demand};
use crate::text::bundle::EN as WORDS;

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
    let gathered = block_on(gather::gather(&clients, &parts.pack, &order), out)?;
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
    let window = window(args, loaded, parts)?;
    let source = loaded.config.context.clone().unwrap_or_else(|| parts.pack.title.clone());
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

/// The window that the arguments name; without one it finds itself.
pub fn window(args: &GatherArgs, loaded: &Loaded, parts: &Parts) -> Result<Option<Period>, String> {
    let range = &args.range;
    if range.since.is_none() && range.from.is_none() && range.to.is_none() {
        return Ok(None);
    }
    let (start, end) = range.resolve(parts.clock.now(), parts.pack.zone, loaded.config.ui.window_s)?;
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
    for one in gathered.missing.iter().filter(|one| one.kind != MissingKind::Unconfigured) {
        out.say(&one.words);
    }
    match gathered.calm {
        Calm::Quiet => {}
        Calm::Earlier(seconds) => out.say(&(WORDS.calm_earlier)(seconds / 60)),
        Calm::Nowhere => out.say(WORDS.calm_nowhere),
        Calm::Unknown => out.say(WORDS.calm_unknown),
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

/// The key of a seal's signature; its line end does not belong to it.
pub fn key(path: Option<&Path>, out: &mut Output<'_>) -> Result<Option<Vec<u8>>, Exit> {
    let Some(path) = path else { return Ok(None) };
    let said = |words: &str, out: &mut Output<'_>| {
        out.say(words);
        Err(Exit::Usage)
    };
    let name = path.display().to_string();
    match crate::cli::bundle::read_key(path) {
        Ok(key) if key.len() < 16 => said(&(WORDS.key_short)(&name), out),
        Ok(key) => Ok(Some(key)),
        Err(error) => said(&(WORDS.key_unreadable)(&name, &error.to_string()), out),
    }
}
