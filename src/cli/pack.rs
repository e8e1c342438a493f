//! `pack list` and `pack check`.

use super::{Exit, Output};
use crate::document::Problem;
use crate::pack::Pack;
use crate::text::cli::EN as WORDS;

/// How packs are found; what stands behind it knows the folders.
pub trait Packs {
    /// Reads a pack by name, or tells every problem of it.
    fn load(&self, name: &str) -> Result<Pack, Vec<Problem>>;
    /// Every pack there is, sorted by name.
    fn list(&self) -> Vec<PackEntry>;
}

/// One pack of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackEntry {
    /// Name, as `--pack` takes it.
    pub name: String,
    /// Where it lies; `None` is shipped with the program.
    pub folder: Option<std::path::PathBuf>,
}

/// `pack list`: name, title and place of each, a line each. One that cannot be read is listed too.
pub fn list(packs: &dyn Packs, chosen: &str, out: &mut Output<'_>) -> Exit {
    let mut exit = Exit::Done;
    for entry in packs.list() {
        let title = match packs.load(&entry.name) {
            Ok(pack) => pack.title,
            Err(problems) => {
                exit = Exit::Usage;
                (WORDS.pack_broken)(problems.len(), &entry.name)
            }
        };
        let place = entry.folder.map_or(WORDS.shipped.to_owned(), |folder| folder.display().to_string());
        let mark = if entry.name == chosen { "*" } else { " " };
        let line = format!("{mark} {}\t{title}\t{place}\n", entry.name);
        out.result(
            &line
                .chars()
                .map(|c| if c.is_control() && !"\t\n".contains(c) { '\u{fffd}' } else { c })
                .collect::<String>(),
        );
    }
    exit
}

/// `pack check`: every problem, or what the pack holds.
pub fn check(packs: &dyn Packs, name: &str, out: &mut Output<'_>) -> Exit {
    match packs.load(name) {
        Ok(pack) => {
            let counts = [pack.departments.len(), pack.panels.len(), pack.pages.len(), pack.alerts.len()];
            out.result(&format!("{}\n", super::output::harmless(&(WORDS.pack_fine)(name, counts))));
            Exit::Done
        }
        Err(problems) => {
            for problem in &problems {
                out.result(&super::output::harmless(&problem.to_string()));
            }
            out.say(&(WORDS.problem_count)(problems.len()));
            Exit::Usage
        }
    }
}
