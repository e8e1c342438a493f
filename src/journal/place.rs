//! Where the journal lies, and who may read its files.
//!
//! A journal is shared through its folder: where the folder belongs to a group (set-group-ID, or the group may write),
//! the files may be read and written by that group, else by their owner alone. The process's umask changes nothing
//! about it.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The files of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The database.
    pub file: PathBuf,
    /// The head of the audit, kept apart from it.
    pub head: PathBuf,
    /// The key that signs the audit.
    pub key: PathBuf,
}

impl Place {
    /// The files that belong to a database; `key` where the configuration names one.
    pub fn of(file: &Path, key: Option<&Path>) -> Self {
        Self {
            file: file.to_owned(),
            head: beside(file, "head"),
            key: key.map_or_else(|| beside(file, "key"), Path::to_owned),
        }
    }
}

/// `journal.db` → `journal.head`.
pub(super) fn beside(file: &Path, extension: &str) -> PathBuf {
    file.with_extension(extension)
}

/// Makes a folder and those above it, each for its owner alone; one that is there stays as it is.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A file in a folder beside a journal, for what belongs to it and is no part of it. The folder is made, and is whose
/// the journal's is.
pub fn place_beside(journal: &Path, folder: &str, name: &str) -> io::Result<PathBuf> {
    let folder = journal.parent().unwrap_or(Path::new("")).join(folder);
    let known = folder.is_dir();
    make_folder(&folder)?;
    #[cfg(unix)]
    if !known && is_shared(journal) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o2770))?;
    }
    #[cfg(not(unix))]
    let _ = known;
    Ok(folder.join(name))
}

/// Lets nobody read a file but those who may read the journal.
pub fn private(file: &Path, journal: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = mode(journal) & if is_shared(journal) { 0o640 } else { 0o600 };
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode))
    }
    #[cfg(not(unix))]
    {
        let _ = (file, journal);
        Ok(())
    }
}

/// Whether the folder of a file is a group's.
pub fn is_shared(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::metadata(folder).is_ok_and(|meta| meta.permissions().mode() & 0o2020 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}

/// Makes a file that is not there yet; `Ok(None)` where it is. Exactly these permissions, whatever the umask.
pub(super) fn create(file: &Path, options: &mut OpenOptions, mode: u32) -> io::Result<Option<File>> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    match options.write(true).create_new(true).open(file) {
        Ok(made) => {
            #[cfg(unix)]
            made.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))?;
            #[cfg(not(unix))]
            let _ = mode;
            Ok(Some(made))
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
        Err(error) => Err(error),
    }
}

/// Permissions of a file that all who share the journal write.
pub(super) fn mode(file: &Path) -> u32 {
    if is_shared(file) { 0o660 } else { 0o600 }
}
