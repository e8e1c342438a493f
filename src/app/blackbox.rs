//! A bundle as the source of everything: from the flag to servers that listen.

use std::path::Path;
use std::sync::Arc;

use crate::blackbox;
use crate::bundle::{self, Limits, Verdict};
use crate::cli::{Cli, Exit, Output};
use crate::clock::Clock;
use crate::config::{Loaded, Source, Sources};
use crate::demo::Running;
use crate::pack;
use crate::state::{Bundle, Seal};
use crate::text::bundle::EN as WORDS;

use super::parts::pack_dirs;

/// A bundle that answers until this is dropped.
pub struct Opened {
    /// What the console knows of it.
    pub bundle: Bundle,
    /// Its clock stands at the window's end.
    pub clock: Clock,
    _running: Running,
}

/// The flag that cannot stand beside `--bundle`, in a sentence.
pub fn conflict(cli: &Cli) -> Option<String> {
    let global = &cli.global;
    global.bundle.as_ref()?;
    let flags = [
        ("--demo", global.embedded.demo || matches!(cli.command, Some(crate::cli::Command::Demo(_)))),
        ("--context", global.context.is_some()),
        ("--prometheus", global.prometheus.is_some()),
        ("--alertmanager", global.alertmanager.is_some()),
        ("--loki", global.loki.is_some()),
        ("--tempo", global.tempo.is_some()),
    ];
    flags.into_iter().find(|(_, given)| *given).map(|(flag, _)| (WORDS.not_with_bundle)(flag))
}

/// Reads the file, and makes it the only source of the configuration.
pub fn open(path: &Path, loaded: &mut Loaded, out: &mut Output<'_>) -> Result<Opened, Exit> {
    let read = bundle::read_file(path, &Limits::default());
    let reading = read.map_err(|error| super::bundle::refuse(&error, out))?;
    crate::cli::bundle::tell(&reading.report, out);
    // A file that cannot be read a second time is not the one that was read.
    let seal = match bundle::verify_file(path, None, &Limits::default()) {
        Ok(Verdict::Holds { .. }) => Seal::Holds,
        Ok(Verdict::Unsealed) => Seal::None,
        Ok(Verdict::Broken(_)) | Err(_) => Seal::Broken,
    };
    let pack = pack::load(&loaded.config.pack, &pack_dirs(&loaded.user_dirs)).map_err(|problems| {
        out.problems(&problems);
        Exit::Usage
    })?;
    let evidence = crate::privacy::safe_evidence(reading.evidence);
    let running = blackbox::serve(&evidence, &pack).map_err(|error| {
        out.say(&(WORDS.no_servers)(&error.to_string()));
        Exit::Unreachable
    })?;
    let at = |url: &str| {
        url::Url::parse(url).map(|url| Some(Source::at(url))).map_err(|error| {
            out.say(&(WORDS.no_servers)(&error.to_string()));
            Exit::Unreachable
        })
    };
    let mut at = at;
    let urls = &running.urls;
    let config = &mut loaded.config;
    config.sources = Sources {
        prometheus: at(&urls.prometheus)?,
        alertmanager: at(&urls.alertmanager)?,
        loki: at(&urls.loki)?,
        tempo: at(&urls.tempo)?,
        grafana: None,
        exposition: Vec::new(),
    };
    config.contexts.clear();
    config.context = Some((WORDS.context)(&evidence.manifest.id));
    let window = evidence.manifest.window;
    config.ui.window_s = u32::try_from((window.end - window.start).num_seconds().max(60)).unwrap_or(u32::MAX);
    // Nothing that is done here can reach anybody.
    config.read_only = true;
    let clock = Clock::Fixed(window.end);
    Ok(Opened { bundle: Bundle { evidence: Arc::new(evidence), seal }, clock, _running: running })
}
