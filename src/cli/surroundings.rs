//! What is read of the process's surroundings, once, at the start: environment, home, folders. The
//! rest of the program gets it as a value.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::config::{Config, Flags, Inputs, Paths};

/// Environment and folders of this process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Environment; what is no UTF-8 has replacement characters.
    pub env: BTreeMap<String, String>,
    /// Home folder.
    pub home: Option<PathBuf>,
    /// Folder for the log and what else outlives a session; `None` where there is no home.
    pub state_dir: Option<PathBuf>,
    /// Configuration folders.
    pub paths: Paths,
}

impl Surroundings {
    /// Reads the process's own.
    pub fn gather() -> Self {
        let text = |s: std::ffi::OsString| s.to_string_lossy().into_owned();
        let env: BTreeMap<String, String> =
            std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
        let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
        let state = directories::ProjectDirs::from("", "", "plantao")
            .map(|dirs| dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned());
        Self::of(env, home, state, cfg!(target_os = "macos"))
    }

    /// The same from given values. `state` is the platform's place, which `XDG_STATE_HOME` outranks.
    pub fn of(
        env: BTreeMap<String, String>,
        home: Option<PathBuf>,
        state: Option<PathBuf>,
        macos: bool,
    ) -> Self {
        let absolute = |name: &str| env.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let mut user: Vec<PathBuf> =
            absolute("XDG_CONFIG_HOME").into_iter().map(|path| path.join("plantao")).collect();
        if let Some(home) = &home {
            user.push(home.join(".config/plantao"));
            if macos {
                user.push(home.join("Library/Application Support/plantao"));
            }
        }
        let mut unique: Vec<PathBuf> = Vec::new();
        user.retain(|path| {
            let new = !unique.contains(path);
            unique.push(path.clone());
            new
        });
        let state_dir = absolute("XDG_STATE_HOME").map(|path| path.join("plantao")).or(state);
        let paths = Paths { system: Some(PathBuf::from("/etc/plantao")), user, home: home.clone() };
        Self { env, home, state_dir, paths }
    }

    /// What loading the configuration starts from.
    pub fn inputs(&self, flags: Flags) -> Inputs {
        let env = self.env.iter().filter(|(name, _)| name.starts_with("PLANTAO_"));
        Inputs {
            flags,
            env: env.map(|(name, value)| (name.clone(), value.clone())).collect(),
            paths: self.paths.clone(),
            login: self.var("USER").or_else(|| self.var("LOGNAME")).map(str::to_owned),
        }
    }

    /// A variable that is set and not empty.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.env.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whether the person wants no colour (<https://no-color.org>: set and not empty).
    pub fn no_color(&self) -> bool {
        self.var("NO_COLOR").is_some()
    }

    /// A folder of this process for what need not outlive it; it goes when this does.
    pub fn scratch(&self) -> Scratch {
        let folder = self.var("TMPDIR").map(PathBuf::from).filter(|folder| folder.is_absolute());
        let name = format!("plantao-{}-{:016x}", std::process::id(), fastrand::u64(..));
        Scratch(folder.unwrap_or_else(|| PathBuf::from("/tmp")).join(name))
    }

    /// Folder for the log and what else outlives a session.
    pub fn state_dir(&self) -> Option<&Path> {
        self.state_dir.as_deref()
    }
}

/// A folder that goes, with what is in it, when this does. Whoever needs it makes it.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It may never have been made.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The file of the journal: the configured one, else the one in the folder for state.
pub fn journal(around: &Surroundings, config: &Config) -> Option<PathBuf> {
    config.journal.clone().or_else(|| around.state_dir().map(|folder| folder.join("journal.db")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn folders_stand_in_their_order() {
        let home = Some(PathBuf::from("/home/ana"));
        let around = Surroundings::of(env(&[("XDG_CONFIG_HOME", "/x")]), home.clone(), None, true);
        let user: Vec<_> = around.paths.user.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        assert_eq!(
            user,
            ["/x/plantao", "/home/ana/.config/plantao", "/home/ana/Library/Application Support/plantao"]
        );
        // The specification says that a relative folder is ignored.
        let around = Surroundings::of(env(&[("XDG_CONFIG_HOME", "x")]), home.clone(), None, false);
        assert_eq!(around.paths.user, [PathBuf::from("/home/ana/.config/plantao")]);
        let doubled = Surroundings::of(env(&[("XDG_CONFIG_HOME", "/home/ana/.config")]), home, None, false);
        assert_eq!(doubled.paths.user.len(), 1);
    }

    #[test]
    fn state_folder_and_login_come_from_the_environment() {
        let env = env(&[
            ("XDG_STATE_HOME", "/s"),
            ("LOGNAME", "ana"),
            ("USER", ""),
            ("PLANTAO_UTC", "1"),
            ("PATH", "/"),
        ]);
        let around = Surroundings::of(env, None, Some("/platform".into()), false);
        assert_eq!(around.state_dir(), Some(Path::new("/s/plantao")));
        let inputs = around.inputs(Flags::default());
        assert_eq!(inputs.login.as_deref(), Some("ana"));
        assert_eq!(inputs.env.len(), 1);
    }
}
