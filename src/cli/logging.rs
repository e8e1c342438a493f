//! The log: a file in the state folder, never the terminal, which belongs to the screen.
//!
//! Every line passes a mask before it reaches the file. The file is readable by its owner alone
//! and is put aside as `plantao.log.1` when it has grown to 5 MB, so that at most 10 MB are used.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::text::cli::EN as WORDS;

/// Name of the file in the state folder.
pub const FILE: &str = "plantao.log";

/// Size at which the file is put aside, in bytes.
pub const LIMIT: u64 = 5 * 1024 * 1024;

/// What is logged when nobody says otherwise.
const USUAL: &str = "warn,plantao=info";

/// Makes a line safe to keep: identifiers masked, escapes taken out.
pub type Mask = fn(&str) -> String;

/// Starts logging for this process. What goes wrong is told as notes, and the program goes on
/// without a log.
///
/// `filter` is `PLANTAO_LOG`: `debug`, or `plantao::client=trace,warn`.
pub fn start(state_dir: Option<&Path>, filter: Option<&str>, mask: Mask) -> Vec<String> {
    let mut notes = Vec::new();
    let Some(folder) = state_dir else { return vec![WORDS.log_nowhere.to_owned()] };
    match LogFile::open(folder, LIMIT, mask) {
        Ok(file) => {
            let filter = self::filter(filter, &mut notes);
            // Fails only where a log was started before, which then goes on.
            let _ = tracing::subscriber::set_global_default(subscriber(file, filter));
        }
        Err(error) => {
            let path = folder.join(FILE);
            notes.push((WORDS.log_unusable)(&path.display().to_string(), &error.to_string()));
        }
    }
    notes
}

fn filter(text: Option<&str>, notes: &mut Vec<String>) -> EnvFilter {
    match text.map(|text| (text, EnvFilter::try_new(text))) {
        Some((_, Ok(filter))) => filter,
        Some((text, Err(error))) => {
            notes.push((WORDS.log_filter)(text, &error.to_string()));
            EnvFilter::new(USUAL)
        }
        None => EnvFilter::new(USUAL),
    }
}

fn subscriber(file: LogFile, filter: EnvFilter) -> impl Subscriber + Send + Sync {
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(file).finish()
}

/// The file, shared by all threads.
#[derive(Clone)]
pub struct LogFile {
    inner: Arc<Mutex<Inner>>,
    mask: Mask,
}

struct Inner {
    path: PathBuf,
    file: File,
    size: u64,
    limit: u64,
}

impl LogFile {
    /// Opens (or makes) the file in this folder; a file beyond the limit is put aside first.
    pub fn open(folder: &Path, limit: u64, mask: Mask) -> io::Result<Self> {
        make_folder(folder)?;
        let path = folder.join(FILE);
        if fs::metadata(&path).is_ok_and(|meta| meta.is_file() && meta.len() > limit) {
            put_aside(&path)?;
        }
        let (file, size) = open(&path)?;
        Ok(Self { inner: Arc::new(Mutex::new(Inner { path, file, size, limit })), mask })
    }
}

fn put_aside(path: &Path) -> io::Result<()> {
    fs::rename(path, path.with_extension("log.1"))
}

fn open(path: &Path) -> io::Result<(File, u64)> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    #[cfg(unix)]
    {
        // A file that was there before may have been made by hand. Of somebody else's it fails,
        // and then it is theirs to decide.
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        let _ = file.set_permissions(private);
    }
    Ok((file, meta.len()))
}

/// Makes the state folder, for its owner alone where it is new.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { log: self, text: Vec::new() }
    }
}

/// One event, gathered whole so that the mask sees it whole.
pub struct Line<'a> {
    log: &'a LogFile,
    text: Vec<u8>,
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = String::from_utf8_lossy(&self.text);
        let masked = (self.log.mask)(text.trim_end_matches('\n'));
        // One event is one line: what a server said cannot forge another, nor move a terminal
        // that shows the file.
        let mut line: String = masked.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        line.push('\n');
        let mut inner = self.log.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.size + line.len() as u64 > inner.limit
            && put_aside(&inner.path).is_ok()
            && let Ok((file, size)) = open(&inner.path)
        {
            (inner.file, inner.size) = (file, size);
        }
        // A log that cannot be written must not stop the console, and cannot be told of here.
        if inner.file.write_all(line.as_bytes()).is_ok() {
            inner.size += line.len() as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(line: &str) -> String {
        line.replace("529.982.247-25", "•••")
    }

    #[test]
    fn lines_are_masked_single_and_private() {
        let folder = tempfile::tempdir().expect("folder");
        let log = LogFile::open(&folder.path().join("new"), LIMIT, mask).expect("opens");
        tracing::subscriber::with_default(subscriber(log, EnvFilter::new("info")), || {
            tracing::info!("patient 529.982.247-25\nforged \u{1b}[2J");
            tracing::debug!("not logged");
        });
        let path = folder.path().join("new").join(FILE);
        let text = fs::read_to_string(&path).expect("reads");
        assert!(text.contains("patient •••"), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).expect("meta").permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn the_file_is_bounded_at_the_start_and_while_running() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join(FILE);
        fs::write(&path, vec![b'x'; 2000]).expect("writes");
        let log = LogFile::open(folder.path(), 1000, mask).expect("opens");
        assert_eq!(fs::metadata(folder.path().join("plantao.log.1")).expect("aside").len(), 2000);
        for _ in 0..100 {
            log.make_writer().write_all(&[b'y'; 99]).expect("writes");
        }
        assert!(fs::metadata(&path).expect("meta").len() <= 1000);
        assert!(fs::metadata(folder.path().join("plantao.log.1")).expect("aside").len() <= 1000);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_a_note() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("file");
        fs::write(&file, "").expect("writes");
        let notes = start(Some(&file.join("below")), None, mask);
        assert_eq!(notes.len(), 1);
        assert!(notes[0].starts_with("nothing is logged: "), "{notes:?}");
        assert_eq!(start(None, None, mask), ["nothing is logged: there is no home folder for a log file"]);
    }

    #[test]
    fn a_bad_filter_is_a_note() {
        let mut notes = Vec::new();
        filter(Some("plantao=lots"), &mut notes);
        assert_eq!(notes.len(), 1, "{notes:?}");
        filter(Some("plantao::client=trace,warn"), &mut notes);
        filter(None, &mut notes);
        assert_eq!(notes.len(), 1);
    }
}
