//! Where a pack's files come from: the program itself, or a folder.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::embedded;
use crate::document::Problem;
use crate::text::pack::EN as WORDS;

/// The files of one pack.
#[derive(Clone, Debug)]
pub(super) enum Files {
    /// Shipped: (relative path, text).
    Embedded {
        /// Pack name.
        name: &'static str,
        /// Its files.
        files: &'static [(&'static str, &'static str)],
    },
    /// A folder on disk.
    Folder(PathBuf),
}

impl Files {
    /// The files of a pack: the first of `dirs` that has a folder of this name with a `pack.toml`,
    /// else the shipped ones.
    pub(super) fn find(name: &str, dirs: &[PathBuf]) -> Option<Self> {
        let folder = dirs.iter().map(|dir| dir.join(name)).find(|folder| is_pack(folder));
        folder.map(Self::Folder).or_else(|| {
            embedded::PACKS
                .iter()
                .find(|(shipped, _)| *shipped == name)
                .map(|(name, files)| Self::Embedded { name, files })
        })
    }

    /// What stands for a file in messages.
    pub(super) fn shown(&self, file: &str) -> String {
        match self {
            Self::Embedded { name, .. } => format!("packs/{name}/{file}"),
            Self::Folder(folder) => folder.join(file).display().to_string(),
        }
    }

    /// A file's text; `None` where there is no such file, a problem where it cannot be read.
    pub(super) fn read(&self, file: &str) -> Result<Option<Cow<'static, str>>, Problem> {
        match self {
            Self::Embedded { files, .. } => {
                Ok(files.iter().find(|(known, _)| *known == file).map(|(_, text)| Cow::Borrowed(*text)))
            }
            Self::Folder(folder) => match std::fs::read_to_string(folder.join(file)) {
                Ok(text) => Ok(Some(Cow::Owned(text))),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => {
                    Err(Problem::bare(self.shown(file), (WORDS.file_unreadable)(&error.to_string())))
                }
            },
        }
    }

    /// The names of the files right in a folder that end in `.toml`, sorted; none where there is no such folder.
    pub(super) fn list(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Self::Embedded { files, .. } => files
                .iter()
                .filter_map(|(path, _)| path.strip_prefix(folder)?.strip_prefix('/'))
                .map(str::to_owned)
                .collect(),
            Self::Folder(at) => std::fs::read_dir(at.join(folder))
                .map(|entries| {
                    entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect()
                })
                .unwrap_or_default(),
        };
        names.retain(|name| {
            name.strip_suffix("toml").is_some_and(|stem| stem.ends_with('.')) && !name.starts_with('.')
        });
        names.sort();
        names
    }
}

/// Whether a folder is meant as a pack: it has a `pack.toml`, readable or not.
pub(super) fn is_pack(folder: &Path) -> bool {
    folder.join("pack.toml").symlink_metadata().is_ok()
}
