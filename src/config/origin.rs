//! Where a value of the configuration came from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// The place that decided a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    #[default]
    Default,
    /// A file, with the line.
    File {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
    },
    /// An environment variable.
    Env(&'static str),
    /// A flag, with its dashes.
    Flag(&'static str),
    /// The login name of the person.
    Login,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Env(name) | Self::Flag(name) => f.write_str(name),
            Self::Login => f.write_str("login name"),
        }
    }
}

/// The origin of every value that is not a default, by dotted path:
/// `ui.theme`, `sources.loki.url`, `contexts.lab.sources.exposition.node.interval`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(BTreeMap<String, Origin>);

impl Origins {
    /// Who decided the value at this path.
    pub fn get(&self, path: &str) -> &Origin {
        const DEFAULT: &Origin = &Origin::Default;
        self.0.get(path).unwrap_or(DEFAULT)
    }

    /// Every path that somebody decided, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Origin)> {
        self.0.iter().map(|(path, origin)| (path.as_str(), origin))
    }

    pub(super) fn set(&mut self, path: String, origin: Origin) {
        self.0.insert(path, origin);
    }
}
