//! `config check` and `config show`.

use super::{Exit, Output};
use crate::config::{Files, Inputs, Loaded, load, show};
use crate::document::Problem;
use crate::text::cli::EN as WORDS;

/// `config check`: every problem, or which files were used and what is worth knowing of them.
pub fn check(inputs: &Inputs, out: &mut Output<'_>) -> Exit {
    match load(inputs) {
        Ok(loaded) => {
            files(&loaded.files, out);
            for note in &loaded.notes {
                out.result(&format!("{}\n", super::output::harmless(&(WORDS.note)(note))));
            }
            if loaded.config.active().is_empty() {
                out.result(&format!("{}\n", (WORDS.note)(WORDS.no_sources)));
            }
            out.result(&format!("{}\n", WORDS.config_fine));
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

/// `config show`: the effective configuration with the origin of each value.
pub fn show(inputs: &Inputs, out: &mut Output<'_>) -> Exit {
    match load_or_refuse(inputs, out) {
        Ok(loaded) => {
            out.result(&show::toml(&loaded));
            Exit::Done
        }
        Err(exit) => exit,
    }
}

/// Loads for a command that needs a configuration: problems are told on stderr, notes too.
pub fn load_or_refuse(inputs: &Inputs, out: &mut Output<'_>) -> Result<Loaded, Exit> {
    let loaded = load(inputs).map_err(|problems| refuse(&problems, out))?;
    for note in &loaded.notes {
        out.say(&(WORDS.note)(note));
    }
    Ok(loaded)
}

fn refuse(problems: &[Problem], out: &mut Output<'_>) -> Exit {
    out.problems(problems);
    out.say(&(WORDS.problem_count)(problems.len()));
    Exit::Usage
}

fn files(files: &Files, out: &mut Output<'_>) {
    for path in &files.looked {
        let used = files.system.as_ref() == Some(path) || files.user.as_ref() == Some(path);
        let word = if used { WORDS.file_used } else { WORDS.file_absent };
        out.result(&super::output::harmless(&format!("{}: {word}\n", path.display())));
    }
}
