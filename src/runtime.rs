//! What runs: the loop that feeds `update`, the poll schedule, the executor of effects.
//!
//! Owns time and tasks. Must not decide what is shown or asked; `state` and `update` do.

pub mod acting;
mod analysis;
pub mod collect;
pub mod console;
pub mod embedded;
mod follow;
pub mod headless;
pub mod investigate;
mod paging;
pub mod poll;
pub mod records;
pub mod save;
mod tail;
pub mod tasks;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cli::history::History;
use crate::clock::Clock;
use crate::config::{Config, Notify, Sources};
use crate::keymap::Keymap;
use crate::message::ActiveContext;
use crate::model::{Identity, Role, SourceId, SourceKind, Window};
use crate::pack::Pack;
use crate::state::{Bundle, Demo, Setup, State};
use crate::text;

/// What the console is started with, all of it checked.
#[derive(Clone, Debug)]
pub struct Start {
    /// Configuration.
    pub config: Config,
    /// Pack.
    pub pack: Arc<Pack>,
    /// Keymap.
    pub keymap: Arc<Keymap>,
    /// Names of themes to choose from.
    pub themes: Vec<String>,
    /// What tells the time.
    pub clock: Clock,
    /// The embedded place, where that is the source of everything.
    pub embedded: Option<embedded::Order>,
    /// Where queries that were run are kept.
    pub history: History,
    /// Whom the system knows the person as.
    pub who: Identity,
    /// Where what is done is recorded; `None` where nothing can be, so that nothing is done.
    pub journal: Option<crate::journal::Options>,
    /// The bundle that is looked at instead of servers.
    pub bundle: Option<Bundle>,
}

impl Start {
    /// What the person may do.
    pub fn role(&self) -> Role {
        if self.config.read_only { Role::Viewer } else { self.config.roles.of(&self.who) }
    }

    /// The state of a console that has just started.
    pub fn state(&self, size: (u16, u16), window: Window) -> State {
        let active = active_context(&self.config, self.config.context.as_deref().unwrap_or(""));
        let setup = Setup {
            pack: self.pack.clone(),
            text: &text::EN,
            keymap: self.keymap.clone(),
            operator: self.config.operator.clone(),
            role: self.role(),
            ack_s: self.config.ack_s,
            reveal_s: self.config.reveal.filter(|rule| self.role() >= rule.role).map(|rule| rule.for_s),
            contexts: contexts(&self.config),
            themes: self.themes.clone(),
            sources: active.sources,
            page_interval_s: active.page_interval_s,
            interval_s: self.config.ui.interval_s.max(1),
            announce: self.config.ui.notify != Notify::Off,
        };
        // Of a saved incident there is no present.
        let of_bundle = self.bundle.as_ref().filter(|_| window.is_live()).map(Bundle::window);
        let mut state = State::new(setup, self.clock.now(), size, of_bundle.unwrap_or(window));
        state.bundle.clone_from(&self.bundle);
        if let Some(order) = &self.embedded {
            let faults = embedded::faults(&order.plan, state.now);
            state.demo = Some(Demo { faults, ..Demo::default() });
            if state.setup.sources.is_empty() {
                let starting = text::EN.demo.starting.to_owned();
                state.setup.sources =
                    SourceKind::SERVERS.map(|kind| (SourceId::Server(kind), starting.clone())).into();
            }
        }
        state.context.clone_from(&self.config.context);
        state.theme.clone_from(&self.config.ui.theme);
        state.utc = self.config.ui.utc;
        state.histories = self.history.load();
        state
    }
}

/// The contexts to choose from; an empty name is the sources outside of any, where there are some to
/// go back to.
fn contexts(config: &Config) -> Vec<String> {
    let outside = !config.contexts.is_empty() && !config.sources.is_empty();
    outside.then(String::new).into_iter().chain(config.contexts.keys().cloned()).collect()
}

/// The sources of a context as the state knows them; an unknown name means the file's own.
pub fn active_context(config: &Config, name: &str) -> ActiveContext {
    context_of(name, config.contexts.get(name).unwrap_or(&config.sources))
}

fn context_of(name: &str, sources: &Sources) -> ActiveContext {
    let mut known = BTreeMap::new();
    for (kind, source) in servers(sources) {
        if let Some(source) = source {
            known.insert(SourceId::Server(kind), source.shown_url());
        }
    }
    let mut page_interval_s = BTreeMap::new();
    for page in &sources.exposition {
        let id: Arc<str> = page.name.as_str().into();
        page_interval_s.insert(id.clone(), u32::try_from(page.interval.as_secs().max(1)).unwrap_or(3600));
        known.insert(SourceId::Page(id), page.source.shown_url());
    }
    ActiveContext { name: name.to_owned(), sources: known, page_interval_s }
}

fn servers(sources: &Sources) -> [(SourceKind, Option<&crate::config::Source>); 4] {
    [
        (SourceKind::Prometheus, sources.prometheus.as_ref()),
        (SourceKind::Alertmanager, sources.alertmanager.as_ref()),
        (SourceKind::Loki, sources.loki.as_ref()),
        (SourceKind::Tempo, sources.tempo.as_ref()),
    ]
}

/// Runs a future to its end. Two workers: one parses a large answer while the other waits for more.
pub fn block_on<T>(future: impl Future<Output = T>) -> std::io::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let result = runtime.block_on(future);
    // A request that still hangs must not hold up the end.
    runtime.shutdown_background();
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, Inputs, load};

    #[test]
    fn the_sources_outside_of_any_context_are_a_choice_where_there_are_some() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("config.toml");
        let named = |own: &str| {
            let text = format!("{own}[contexts.lab.sources.prometheus]\nurl = \"http://lab:9090\"\n");
            std::fs::write(&file, text).expect("a file");
            let flags = Flags { config: Some(file.clone()), ..Flags::default() };
            contexts(&load(&Inputs { flags, ..Inputs::default() }).expect("a configuration").config)
        };
        assert_eq!(named("[sources.prometheus]\nurl = \"http://p:9090\"\n"), ["", "lab"]);
        assert_eq!(named(""), ["lab"]);
        let flags = Flags { prometheus: Some("http://p:9090".to_owned()), ..Flags::default() };
        let config = load(&Inputs { flags, ..Inputs::default() }).expect("a configuration").config;
        assert!(contexts(&config).is_empty(), "nothing to choose among");
    }
}
