//! Checks of this machine: configuration, files, folders, terminal.

use std::fs;
use std::path::Path;

use super::super::{Exit, Surroundings, logging, surroundings};
use super::Examination;
use super::report::Report;
use crate::config::{Loaded, Source};
use crate::document::Problem;
use crate::journal::{Journal, JournalError, Options};
use crate::text::doctor::EN as WORDS;
use crate::text::incidents::EN as INCIDENTS;

/// The smallest screen that the console draws, in cells.
const SMALLEST: (u16, u16) = (80, 24);

/// Files found, problems, notes, and whether there is anything to ask.
pub fn configuration(examination: &Examination<'_>, report: &mut Report) {
    let about = WORDS.configuration;
    let loaded = match examination.loaded {
        Ok(loaded) => loaded,
        Err(problems) => return report.problems(about, problems),
    };
    for path in &loaded.files.looked {
        let used = loaded.files.system.as_ref() == Some(path) || loaded.files.user.as_ref() == Some(path);
        report.ok(about, (WORDS.file)(&path.display().to_string(), used));
    }
    for note in &loaded.notes {
        report.warn(about, note, "");
    }
    if let Some(context) = &loaded.config.context {
        report.ok(about, (WORDS.context)(context));
    }
    if loaded.config.active().is_empty() {
        report.warn(about, WORDS.no_sources, WORDS.no_sources_advice);
    }
}

/// Theme, keymap and pack.
pub fn parts(examination: &Examination<'_>, report: &mut Report) {
    let Ok(loaded) = examination.loaded else { return };
    let config = &loaded.config;
    let mut part = |about: &str, name: &str, problems: Option<&[Problem]>| match problems {
        Some(problems) => report.problems(about, problems),
        None => report.ok(about, (WORDS.loads)(name)),
    };
    if let Some(theme) = &examination.theme {
        part(WORDS.theme, &config.ui.theme, theme.as_ref().err().map(Vec::as_slice));
    }
    if let Some(keymap) = &examination.keymap {
        part(WORDS.keymap, &config.ui.keymap, keymap.as_ref().err().map(Vec::as_slice));
    }
    if let Some(pack) = &examination.pack {
        part(WORDS.pack, &config.pack, pack.as_ref().err().map(Vec::as_slice));
    }
}

/// State folder and the files of sources.
pub fn files(examination: &Examination<'_>, report: &mut Report) {
    match examination.around.state_dir() {
        None => report.warn(WORDS.state, WORDS.state_nowhere, ""),
        Some(folder) => match writable(folder) {
            Ok(()) => report.ok(WORDS.state, (WORDS.state_fine)(&folder.display().to_string())),
            Err(error) => report.warn(
                WORDS.state,
                (WORDS.state_unwritable)(&folder.display().to_string(), &error.to_string()),
                WORDS.state_advice,
            ),
        },
    }
    if let Ok(loaded) = examination.loaded {
        secrets(loaded, report);
    }
}

/// Whether a file can be made there. The folder is made as the console itself would make it.
fn writable(folder: &Path) -> std::io::Result<()> {
    logging::make_folder(folder)?;
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    fs::write(&probe, "")?;
    fs::remove_file(probe)
}

/// The journal: whether it can be read, is whole, and is nobody else's to read.
pub fn journal(examination: &Examination<'_>, report: &mut Report) {
    let about = WORDS.journal;
    let Ok(loaded) = examination.loaded else { return };
    let Some(file) = surroundings::journal(examination.around, &loaded.config) else { return };
    let options = Options { key: loaded.config.audit_key.clone(), ..Options::at(&file) };
    let journal = match Journal::open_existing(&options) {
        Ok(Some(journal)) => journal,
        Ok(None) => return report.ok(about, (WORDS.journal_none)(&file.display().to_string())),
        // An older schema is brought up to date by the next action.
        Err(JournalError::Refused(why)) => return report.warn(about, why, ""),
        Err(error) => return report.fail(about, error.to_string(), "", Exit::Unreachable),
    };
    let place = journal.place().clone();
    for path in [&place.file, &place.head, &place.key] {
        if fs::metadata(path).is_ok_and(|meta| others_may(&meta)) {
            let name = path.display().to_string();
            report.warn(about, (WORDS.journal_open)(&name), (WORDS.chmod)(&name));
        }
    }
    let damaged = |report: &mut Report, why: &str| {
        report.fail(about, (WORDS.journal_damaged)(why), WORDS.journal_damaged_advice, Exit::Unreachable);
    };
    match journal.integrity() {
        Ok(problems) if problems.is_empty() => {}
        Ok(problems) => return damaged(report, problems.first().map_or("", String::as_str)),
        Err(error) => return damaged(report, &error.to_string()),
    }
    match journal.verify_audit() {
        Ok(verdict) if verdict.is_whole() => {
            let audit =
                (INCIDENTS.audit_whole)(verdict.records, verdict.first, verdict.last, verdict.beyond_head);
            report.ok(about, (WORDS.journal_fine)(&place.file.display().to_string(), &audit));
        }
        Ok(verdict) => {
            for flaw in verdict.flaws {
                report.fail(
                    about,
                    (INCIDENTS.audit_broken)(&flaw.what),
                    WORDS.audit_advice,
                    Exit::Unreachable,
                );
            }
        }
        Err(error) => report.fail(about, error.to_string(), "", Exit::Unreachable),
    }
}

fn secrets(loaded: &Loaded, report: &mut Report) {
    let config = &loaded.config;
    for (id, source) in config.active().all() {
        let about = id.to_string();
        let secret = [
            ("password_file", source.basic.as_ref().map(|basic| basic.password_file.as_path())),
            ("bearer_token_file", source.bearer_token_file.as_deref()),
            ("key_file", source.key_file.as_deref()),
        ];
        let open = [("ca_file", source.ca_file.as_deref()), ("cert_file", source.cert_file.as_deref())];
        for (key, path) in secret {
            if let Some(path) = path {
                file(&about, key, path, true, report);
            }
        }
        for (key, path) in open {
            if let Some(path) = path {
                file(&about, key, path, false, report);
            }
        }
        if source.insecure_skip_verify {
            report.warn(&about, WORDS.insecure, WORDS.insecure_advice);
        }
    }
    // Header values stand in the configuration itself.
    let has_headers = |source: &Source| !source.headers.is_empty();
    let all = std::iter::once(&config.sources).chain(config.contexts.values());
    if all.flat_map(crate::config::Sources::all).any(|(_, source)| has_headers(source)) {
        for path in [&loaded.files.system, &loaded.files.user].into_iter().flatten() {
            if fs::metadata(path).is_ok_and(|meta| others_may(&meta)) {
                let name = path.display().to_string();
                report.warn(WORDS.configuration, (WORDS.headers_open)(&name), (WORDS.chmod)(&name));
            }
        }
    }
}

fn file(about: &str, key: &str, path: &Path, secret: bool, report: &mut Report) {
    let name = path.display().to_string();
    let opened = fs::File::open(path).and_then(|file| file.metadata());
    match opened {
        Err(error) => {
            let told = (WORDS.file_unreadable)(key, &name, &error.to_string());
            report.fail(about, told, WORDS.file_unreadable_advice, Exit::Usage);
        }
        Ok(meta) if !meta.is_file() => {
            report.fail(about, (WORDS.file_no_file)(key, &name), WORDS.file_unreadable_advice, Exit::Usage);
        }
        Ok(meta) if meta.len() == 0 => {
            report.fail(about, (WORDS.file_empty)(key, &name), WORDS.file_unreadable_advice, Exit::Usage);
        }
        Ok(meta) if secret && others_may(&meta) => {
            report.warn(about, (WORDS.file_open)(key, &name), (WORDS.chmod)(&name));
        }
        Ok(_) => report.ok(about, (WORDS.file_fine)(key, &name)),
    }
}

/// Whether everybody on this machine may read or write the file.
#[cfg(unix)]
fn others_may(meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o006 != 0
}

/// Elsewhere permissions are not told by a mode.
#[cfg(not(unix))]
fn others_may(_: &fs::Metadata) -> bool {
    false
}

/// TERM, colours, characters, size, clipboard.
pub fn terminal(examination: &Examination<'_>, report: &mut Report) {
    let (about, around) = (WORDS.terminal, examination.around);
    let term = around.var("TERM").unwrap_or("");
    if term.is_empty() || term == "dumb" {
        report.warn(about, (WORDS.term_dumb)(term), WORDS.term_advice);
    } else {
        report.ok(about, (WORDS.colours)(term, colours(around)));
    }
    if around.no_color() {
        report.ok(about, WORDS.no_color);
    }
    let ascii = examination.loaded.is_ok_and(|loaded| loaded.config.ui.ascii);
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| around.var(name)).unwrap_or("");
    let plain = locale.to_ascii_lowercase().replace('-', "");
    if plain.ends_with("utf8") || plain.contains("utf8@") || cfg!(target_os = "macos") {
        report.ok(about, WORDS.utf8);
    } else if ascii {
        report.ok(about, WORDS.ascii);
    } else {
        report.warn(about, (WORDS.not_utf8)(locale), WORDS.not_utf8_advice);
    }
    match examination.terminal.size {
        None => report.ok(about, WORDS.no_terminal),
        Some((width, height)) if width < SMALLEST.0 || height < SMALLEST.1 => {
            report.warn(about, (WORDS.too_small)((width, height), SMALLEST), WORDS.too_small_advice);
        }
        Some(size) => report.ok(about, (WORDS.size)(size)),
    }
    if around.var("TMUX").is_some() || term.starts_with("tmux") {
        report.hint(about, WORDS.tmux, WORDS.tmux_advice);
    } else if around.var("STY").is_some() || term.starts_with("screen") {
        report.hint(about, WORDS.screen, WORDS.screen_advice);
    }
}

/// How many colours the environment promises: 16,777,216, 256, 16 or 2.
fn colours(around: &Surroundings) -> u32 {
    let term = around.var("TERM").unwrap_or("");
    let colorterm = around.var("COLORTERM").unwrap_or("");
    if ["truecolor", "24bit"].contains(&colorterm) || term.ends_with("-direct") {
        1 << 24
    } else if term.contains("256color") {
        256
    } else if term.starts_with("vt") {
        2
    } else {
        16
    }
}
