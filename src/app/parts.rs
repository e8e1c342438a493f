//! Pack, keymap and theme of a configuration.

use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::Surroundings;
use crate::cli::history::History;
use crate::cli::pack::{PackEntry, Packs};
use crate::clock::Clock;
use crate::config::{Config, Loaded};
use crate::document::Problem;
use crate::journal;
use crate::keymap::Keymap;
use crate::model::Identity;
use crate::pack::{self, Pack};
use crate::respond::playbook::Collector;
use crate::runtime::collect::Keeper;
use crate::runtime::embedded::Order;
use crate::runtime::{self, Start};
use crate::state::Bundle;
use crate::theme::{Depth, Theme};

/// The loaded parts.
pub struct Parts {
    /// Pack.
    pub pack: Arc<Pack>,
    /// Keymap.
    pub keymap: Arc<Keymap>,
    /// Theme, as its file says.
    pub theme: Theme,
    /// What tells the time.
    pub clock: Clock,
    /// The embedded place, where it is the source of everything.
    pub embedded: Option<Order>,
    /// Where queries that were run are kept: nowhere, unless somebody sits there.
    pub history: History,
    /// Whom the system knows the person as.
    pub who: Identity,
    /// Where what is done is recorded.
    pub journal: Option<journal::Options>,
    /// Where that is, of an embedded place.
    scratch: Option<crate::cli::surroundings::Scratch>,
    /// The bundle that is the source of everything.
    pub bundle: Option<Bundle>,
    dirs: Vec<PathBuf>,
}

impl Parts {
    /// Loads all three; the problems of all of them come together.
    pub fn load(loaded: &Loaded) -> Result<Self, Vec<Problem>> {
        let dirs = &loaded.user_dirs;
        let config = &loaded.config;
        let mut problems = Vec::new();
        let pack = pack::load(&config.pack, &pack_dirs(dirs)).map_err(|list| problems.extend(list));
        let keymap = Keymap::load(&config.ui.keymap, dirs).map_err(|list| problems.extend(list));
        let theme = Theme::load(&config.ui.theme, dirs).map_err(|list| problems.extend(list));
        match (pack, keymap, theme) {
            (Ok(pack), Ok(keymap), Ok(theme)) => {
                let (pack, keymap, dirs) = (Arc::new(pack), Arc::new(keymap), dirs.clone());
                Ok(Self {
                    pack,
                    keymap,
                    theme,
                    clock: Clock::System,
                    embedded: None,
                    history: History::default(),
                    who: Identity::default(),
                    journal: None,
                    scratch: None,
                    bundle: None,
                    dirs,
                })
            }
            _ => Err(problems),
        }
    }

    /// Takes note of who sits there, and of where what they do is recorded. What is tried out in an embedded place
    /// is recorded for as long as that place is there.
    pub fn known(&mut self, around: &Surroundings, config: &Config) {
        self.who = crate::cli::identity::gather(around, config.roles.ssh_keys);
        let file = match &self.embedded {
            Some(_) => {
                let scratch = around.scratch();
                let file = scratch.file("journal.db");
                self.scratch = Some(scratch);
                Some(file)
            }
            None => crate::cli::surroundings::journal(around, config),
        };
        let key = config.audit_key.clone().filter(|_| self.embedded.is_none());
        self.journal = file.map(|file| journal::Options { key, ..journal::Options::at(file) });
    }

    /// What the console is started with.
    pub fn start(&self, config: &Config) -> Start {
        Start {
            config: config.clone(),
            pack: self.pack.clone(),
            keymap: self.keymap.clone(),
            themes: Theme::names(&self.dirs),
            clock: self.clock,
            embedded: self.embedded.clone(),
            history: self.history.clone(),
            who: self.who.clone(),
            journal: self.journal.clone(),
            bundle: self.bundle.clone(),
        }
    }

    /// Where evidence comes from, in words: the context, else the field of work.
    pub fn source_name(&self, config: &Config) -> String {
        config.context.clone().unwrap_or_else(|| self.pack.title.clone())
    }

    /// What saves evidence for a playbook's step: beside the journal.
    pub fn collector(&self, config: &Config) -> Collector {
        let (start, theme) = (self.start(config), self.theme.clone());
        runtime::collect::collector(Keeper {
            pack: self.pack.clone(),
            clock: self.clock,
            journal: self.journal.clone(),
            source: self.source_name(config),
            key: config.bundle_key.clone(),
            screen: Box::new(move |found| super::gathering::screen(found, &start, &theme)),
        })
    }

    /// Loads another theme; its problems in one line.
    pub fn other_theme(&self, name: &str, depth: Depth) -> Result<Theme, String> {
        Theme::load(name, &self.dirs).map(|theme| theme.adapted(depth)).map_err(|problems| {
            problems.first().map_or_else(String::new, |problem| {
                format!("{}:{}: {}", problem.file, problem.line, problem.message)
            })
        })
    }
}

/// Colours that the terminal, or whoever reads the result, can show.
pub fn depth(around: &Surroundings) -> Depth {
    Depth::detect(&|name| around.env.get(name).cloned())
}

/// Folders that hold packs.
pub fn pack_dirs(dirs: &[PathBuf]) -> Vec<PathBuf> {
    dirs.iter().map(|dir| dir.join("packs")).collect()
}

/// Packs in the person's folders and inside the program.
pub struct Folders<'a>(pub &'a [PathBuf]);

impl Packs for Folders<'_> {
    fn load(&self, name: &str) -> Result<Pack, Vec<Problem>> {
        pack::load(name, &pack_dirs(self.0))
    }

    fn list(&self) -> Vec<PackEntry> {
        let listed = pack::list(&pack_dirs(self.0)).into_iter();
        listed.map(|one| PackEntry { name: one.name, folder: one.folder }).collect()
    }
}
