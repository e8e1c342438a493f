//! The live console.

use super::parts::{Parts, depth};
use crate::cli::{self, Exit, Surroundings};
use crate::config::Loaded;
use crate::runtime;
use crate::runtime::console::{Ended, Look, run as run_console};
use crate::terminal;
use crate::ui::Glyphs;

/// Opens the console and stays until the person leaves.
pub fn run(around: &Surroundings, loaded: &Loaded, parts: &Parts) -> Exit {
    terminal::install_panic_hook(|words| tracing::error!("{words}"));
    let depth = depth(around);
    let start = parts.start(&loaded.config);
    let look = Look {
        theme: parts.theme.adapted(depth),
        glyphs: if loaded.config.ui.ascii { &Glyphs::ASCII } else { &Glyphs::UNICODE },
    };
    let load_theme = |name: &str| parts.other_theme(name, depth);
    let ended = runtime::block_on(run_console(&start, look, &loaded.notes, &load_theme));
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
