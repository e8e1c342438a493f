//! What loading starts from. Everything of the process (environment, home, login name) comes in
//! here, so that loading is the same in a test and in a terminal.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// All that decides a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Flags of the command line.
    pub flags: Flags,
    /// Environment; only names that start with `PLANTAO_` are looked at. An empty value counts as unset.
    pub env: BTreeMap<String, String>,
    /// Where files lie.
    pub paths: Paths,
    /// Login name, the operator when nobody says otherwise.
    pub login: Option<String>,
}

/// Global flags as the person wrote them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--context`
    pub context: Option<String>,
    /// `--prometheus`
    pub prometheus: Option<String>,
    /// `--alertmanager`
    pub alertmanager: Option<String>,
    /// `--loki`
    pub loki: Option<String>,
    /// `--tempo`
    pub tempo: Option<String>,
    /// `--pack`
    pub pack: Option<String>,
    /// `--operator`
    pub operator: Option<String>,
    /// `--read-only`
    pub read_only: bool,
    /// `--theme`
    pub theme: Option<String>,
    /// `--keymap`
    pub keymap: Option<String>,
    /// `--ascii`
    pub ascii: bool,
    /// `--lang`
    pub lang: Option<String>,
    /// `--utc`
    pub utc: bool,
}

/// Where files lie on this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// Folder of the system's `config.toml`: `/etc/plantao`. `None` looks for none.
    pub system: Option<PathBuf>,
    /// Folders of the person, in the order in which they are tried.
    pub user: Vec<PathBuf>,
    /// Home folder, what `~/` in a file means.
    pub home: Option<PathBuf>,
}
