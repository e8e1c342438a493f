//! The live console.

use super::parts::{Parts, depth};
use std::sync::Arc;

use crate::cli::{self, Exit, Global, Surroundings};
use crate::config::Loaded;
use crate::pack::playbook::Library;
use crate::respond::notify::Place;
use crate::runtime;
use crate::runtime::acting::Shelf;
use crate::runtime::console::{Beside, Ended, Look, run as run_console};
use crate::terminal;
use crate::ui::Glyphs;

/// Opens the console and stays until the person leaves.
pub fn run(global: &Global, around: &Surroundings, loaded: &Loaded, parts: &Parts) -> Exit {
    terminal::install_panic_hook(|words| tracing::error!("{words}"));
    let depth = depth(around);
    let start = parts.start(&loaded.config);
    let look = Look {
        theme: parts.theme.adapted(depth),
        glyphs: if loaded.config.ui.ascii { &Glyphs::ASCII } else { &Glyphs::UNICODE },
    };
    let load_theme = |name: &str| parts.other_theme(name, depth);
    let shelf = Shelf {
        library: Arc::new(Library::load(&parts.pack, &loaded.user_dirs)),
        acting: Arc::new(loaded.config.acting.clone()),
        place: Arc::new(Place { title: parts.pack.title.clone(), zone: parts.pack.zone }),
        collector: parts.collector(&loaded.config),
        again: parts.embedded.is_none().then(|| global.again()),
    };
    let beside = Beside { notes: &loaded.notes, shelf: Some(shelf) };
    let ended = runtime::block_on(run_console(&start, look, beside, &load_theme));
    terminal::give_back();
    match ended.and_then(|ended| ended) {
        Ok(Ended::Left) => Exit::Done,
        Ok(Ended::NoPlace(why)) => cli::output::with_std(|out| super::embedded::refuse(&why, out)),
        Err(error) => cli::output::with_std(|out| {
            out.say(&(crate::text::cli::EN.no_terminal)(&error.to_string(), parts.embedded.is_some()));
            Exit::Usage
        }),
    }
}
