//! The queries that a person ran, kept for the next time: masked, in the state folder.
//!
//! One file, a line for each query, the oldest first: the language, a tab, the query. A line that cannot be read is
//! passed over. Consoles side by side only append, each line in one write, so that none loses what another keeps; a
//! file that has grown far beyond what is recalled is written anew beside and put in its place when a console starts.
//! The file is readable by its owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::Language;
use crate::privacy;
use crate::state::Histories;
use crate::state::prompt::LONGEST;

/// Name of the file in the state folder.
pub const FILE: &str = "history";

/// Size from which the file is written anew, in bytes.
const LARGE: u64 = 1024 * 1024;
/// Most bytes that are read: of a larger file its end.
const MOST: u64 = 4 * LARGE;

/// Where they are kept.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The file; `None` keeps nothing.
    pub file: Option<PathBuf>,
}

impl History {
    /// In this state folder.
    pub fn of(state_dir: Option<&Path>) -> Self {
        Self { file: state_dir.map(|folder| folder.join(FILE)) }
    }

    /// Keeps a query that was run. That it cannot be kept is logged, and no reason to stop.
    pub fn remember(&self, language: Language, query: &str) {
        let Some(path) = &self.file else { return };
        if let Err(error) = append(path, language, query) {
            tracing::warn!(%error, "a query could not be kept in the history");
        }
    }

    /// The queries of other times; none where there is no file or it cannot be read.
    pub fn load(&self) -> Histories {
        let Some(path) = &self.file else { return Histories::default() };
        match read(path) {
            Ok((text, size)) => {
                let found = parse(&text);
                if size > LARGE
                    && let Err(error) = compact(path, size, &found)
                {
                    tracing::warn!(%error, "the history could not be made smaller");
                }
                found
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::warn!(%error, "the history could not be read");
                }
                Histories::default()
            }
        }
    }
}

fn word(language: Language) -> &'static str {
    match language {
        Language::LogQl => "logql",
        Language::TraceQl => "traceql",
        Language::PromQl => "promql",
    }
}

fn language(word: &str) -> Option<Language> {
    [Language::LogQl, Language::TraceQl, Language::PromQl].into_iter().find(|one| self::word(*one) == word)
}

/// A line of the file. Masked once more, whoever calls: what stands in a file stays.
fn line(language: Language, query: &str) -> Option<String> {
    let masked = privacy::safe_line(query);
    let query = masked.trim();
    (!query.is_empty()).then(|| format!("{}\t{query}\n", word(language)))
}

fn parse(text: &str) -> Histories {
    let mut found = Histories::default();
    for line in text.lines() {
        let Some((word, query)) = line.split_once('\t') else { continue };
        let Some(language) = language(word) else { continue };
        // Whoever wrote the file: what is read from it is as safe to show as what a server says.
        let query: Arc<str> = privacy::safe_line(query).trim().into();
        if !query.is_empty() && query.chars().count() <= LONGEST {
            found.remember(language, query);
        }
    }
    found
}

/// The end of the file, from a whole line on, and its size.
fn read(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let from = meta.len().saturating_sub(MOST);
    io::Seek::seek(&mut file, io::SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(MOST).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let whole = if from > 0 { text.split_once('\n').map_or("", |(_, rest)| rest) } else { &text };
    Ok((whole.to_owned(), meta.len()))
}

fn append(path: &Path, language: Language, query: &str) -> io::Result<()> {
    let Some(mut line) = line(language, query) else { return Ok(()) };
    if let Some(folder) = path.parent() {
        super::logging::make_folder(folder)?;
    }
    let mut file = open(path, OpenOptions::new().append(true).read(true).create(true))?;
    // A line that was cut off (a full disk, a crash) must not take this one with it.
    if !ends_with_line(&mut file)? {
        line.insert(0, '\n');
    }
    file.write_all(line.as_bytes())
}

fn ends_with_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    io::Seek::seek(file, io::SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == [b'\n'])
}

/// Writes what is recalled into a file beside, and puts that in the place of the old one; not where another console
/// has kept a query meanwhile, which would be lost.
fn compact(path: &Path, size: u64, found: &Histories) -> io::Result<()> {
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let mut text = String::new();
    for (language, queries) in &found.0 {
        text.extend(queries.iter().rev().filter_map(|query| line(*language, query)));
    }
    let mut file = open(&beside, OpenOptions::new().write(true).create_new(true))?;
    let written = file.write_all(text.as_bytes()).and_then(|()| {
        if fs::metadata(path)?.len() == size { fs::rename(&beside, path).map(|()| true) } else { Ok(false) }
    });
    if !matches!(written, Ok(true)) {
        let _ = fs::remove_file(&beside);
    }
    written.map(drop)
}

/// Opens a file for its owner alone.
fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    #[cfg(unix)]
    {
        // One that was there before may have been made by hand. Of somebody else's it fails, and then it is theirs
        // to decide.
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        let _ = file.set_permissions(private);
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(home: &tempfile::TempDir) -> History {
        History::of(Some(&home.path().join("state")))
    }

    fn queries(history: &History, language: Language) -> Vec<String> {
        history.load().of(language).iter().map(ToString::to_string).collect()
    }

    fn text(history: &History) -> String {
        fs::read_to_string(history.file.as_ref().expect("a file")).expect("a text")
    }

    #[test]
    fn what_was_run_is_there_the_next_time_newest_first_each_once() {
        let home = tempfile::tempdir().expect("a folder");
        let history = history(&home);
        assert!(queries(&history, Language::PromQl).is_empty(), "no file is no fault");
        for query in ["up", "rate(x[5m])", "up"] {
            history.remember(Language::PromQl, query);
        }
        history.remember(Language::LogQl, "{a=\"ção\"}\n| json");
        assert_eq!(queries(&history, Language::PromQl), ["up", "rate(x[5m])"]);
        assert_eq!(queries(&history, Language::LogQl), ["{a=\"ção\"} | json"]);
        assert!(queries(&history, Language::TraceQl).is_empty());
        History::default().remember(Language::PromQl, "up");
        assert_eq!(History::default().load(), Histories::default());
    }

    #[test]
    fn nothing_about_a_person_reaches_the_file_or_comes_from_it() {
        let home = tempfile::tempdir().expect("a folder");
        let history = history(&home);
        history.remember(Language::LogQl, "{a=\"b\"} |= \"529.982.247-25\"");
        assert!(
            !text(&history).contains("529.982.247-25") && text(&history).contains("‹cpf:"),
            "{}",
            text(&history)
        );
        let masked = queries(&history, Language::LogQl);
        history.remember(Language::LogQl, &masked[0]);
        assert_eq!(queries(&history, Language::LogQl), masked, "a mark stays as it is");
        let path = history.file.clone().expect("a file");
        fs::write(path, "logql\t{a=\"b\"} |= \"529.982.247-25\"\u{1b}[31m\n").expect("a file");
        assert!(queries(&history, Language::LogQl)[0].contains("‹cpf:"));
        assert!(!queries(&history, Language::LogQl)[0].contains('\u{1b}'));
    }

    #[test]
    fn broken_lines_take_nothing_else_with_them() {
        let home = tempfile::tempdir().expect("a folder");
        let history = history(&home);
        history.remember(Language::PromQl, "first");
        let path = history.file.clone().expect("a file");
        let mut bytes = fs::read(&path).expect("a file");
        bytes.extend(b"\n\nsql\tselect\npromql\npromql\t   \n\xff\xfe\tx\npromql\t\xffy\npromql\tcut");
        fs::write(&path, bytes).expect("a file");
        history.remember(Language::PromQl, "last");
        assert_eq!(queries(&history, Language::PromQl), ["last", "cut", "\u{fffd}y", "first"]);
    }

    #[test]
    fn consoles_side_by_side_keep_each_others_queries() {
        let home = tempfile::tempdir().expect("a folder");
        let history = history(&home);
        let threads: Vec<_> = (0..4)
            .map(|console| {
                let history = history.clone();
                std::thread::spawn(move || {
                    for at in 0..25 {
                        history.remember(Language::PromQl, &format!("console_{console} + {at}"));
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("an end");
        }
        assert_eq!(queries(&history, Language::PromQl).len(), 100);
    }

    #[test]
    fn a_large_file_is_made_small_and_the_newest_stay() {
        let home = tempfile::tempdir().expect("a folder");
        let history = history(&home);
        history.remember(Language::PromQl, "x");
        let path = history.file.clone().expect("a file");
        let long = "a".repeat(100);
        let line = |at: u32| ["promql\t", &long, " + ", &at.to_string(), "\n"].concat();
        let lines: String = (0..60_000).map(line).collect();
        fs::write(&path, lines).expect("a file");
        let found = queries(&history, Language::PromQl);
        assert_eq!(found.len(), 200);
        assert!(found[0].ends_with("+ 59999") && found[199].ends_with("+ 59800"));
        assert!(fs::metadata(&path).expect("a file").len() < 30_000);
        assert_eq!(queries(&history, Language::PromQl), found);
        let left = fs::read_dir(path.parent().expect("a folder")).expect("a folder").count();
        assert_eq!(left, 1, "nothing is left beside");
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().expect("a folder");
        let history = history(&home);
        history.remember(Language::PromQl, "up");
        let path = history.file.clone().expect("a file");
        let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().expect("a folder")), 0o700);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("permissions");
        history.remember(Language::PromQl, "up");
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn a_folder_in_its_place_is_no_reason_to_stop() {
        let home = tempfile::tempdir().expect("a folder");
        let history = history(&home);
        fs::create_dir_all(history.file.as_ref().expect("a file")).expect("a folder");
        history.remember(Language::PromQl, "up");
        assert_eq!(history.load(), Histories::default());
    }
}
