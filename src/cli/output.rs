//! The one place that writes: results to stdout, everything else to stderr.

use std::io::{self, ErrorKind, IsTerminal, Write};

use super::Exit;
use crate::document::Problem;
use crate::text::cli::EN as WORDS;

/// Where a command writes.
pub struct Output<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    state: State,
    /// Whether somebody watches: then what is told of the progress moves.
    watched: bool,
    /// Whether the line of the progress stands on the screen.
    begun: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// The reader has left (`plantao alerts | head`): nobody wants more, which is no failure.
    Left,
    /// The result could not be written (a full disk).
    Failed,
}

impl<'a> Output<'a> {
    /// Writes to these two.
    pub fn new(out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        Self { out, err, state: State::Open, watched: false, begun: false }
    }

    /// Writes a piece of the result, as it is.
    pub fn result(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// The same for bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        if self.state == State::Open {
            let written = self.out.write_all(bytes);
            self.took(written);
        }
    }

    /// Hands on what was written: for a result that goes on for a while.
    pub fn flush(&mut self) {
        if self.state == State::Open {
            let flushed = self.out.flush();
            self.took(flushed);
        }
    }

    /// Tells a person something beside the result, one line. Control characters, which could come
    /// from a file or a server, do not reach the terminal.
    pub fn say(&mut self, text: &str) {
        self.progress("");
        // Nobody can be told that telling failed.
        let _ = writeln!(self.err, "{}", harmless(text.trim_end_matches('\n')));
    }

    /// Tells how far it has come, on one line that the next word replaces and an empty one clears. Where nobody
    /// watches nothing is told.
    pub fn progress(&mut self, text: &str) {
        if self.watched && (self.begun || !text.is_empty()) {
            self.begun = !text.is_empty();
            let _ = write!(self.err, "\r\u{1b}[K{}", harmless(text).replace('\n', " "));
            let _ = self.err.flush();
        }
    }

    /// Tells problems.
    pub fn problems(&mut self, problems: &[Problem]) {
        for problem in problems {
            self.say(&problem.to_string());
        }
    }

    /// Whether what is told of the progress is seen.
    pub fn is_watched(&self) -> bool {
        self.watched
    }

    /// Whether more of the result would be read.
    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// Ends: what could not be written outranks a good end.
    pub fn finish(&mut self, exit: Exit) -> Exit {
        self.progress("");
        self.flush();
        if self.state == State::Failed && exit == Exit::Done { Exit::Incomplete } else { exit }
    }

    fn took(&mut self, written: io::Result<()>) {
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.state = State::Left,
            Err(error) => {
                self.state = State::Failed;
                self.say(&(WORDS.cannot_write)(&error.to_string()));
            }
        }
    }
}

/// Tells a person something beside the result, one line, from any thread: what a command says while it
/// runs on.
pub fn say_aside(text: &str) {
    let _ = writeln!(io::stderr(), "{}", harmless(text.trim_end_matches('\n')));
}

/// Writes a file whole or not at all. What is there and is no plain file (a pipe, `/dev/null`) is
/// written into: to put a file in its place would destroy it.
pub fn write_file(path: &std::path::Path, text: &str) -> io::Result<()> {
    let there = std::fs::canonicalize(path).ok();
    if there.as_ref().is_some_and(|path| !path.is_file()) {
        return std::fs::OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes());
    }
    // A link stays a link: its file is replaced.
    let target = there.unwrap_or_else(|| path.to_path_buf());
    let mut beside = target.clone().into_os_string();
    beside.push(format!(".{}.part", std::process::id()));
    std::fs::File::create(&beside)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, &target))
        .inspect_err(|_| {
            let _ = std::fs::remove_file(&beside);
        })
}

/// Columns as wide as their widest cell, two spaces between; the last one as it is.
pub fn table<const N: usize>(heads: &[&str; N], rows: &[[String; N]]) -> String {
    use unicode_width::UnicodeWidthStr;
    let mut widths = heads.map(UnicodeWidthStr::width);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut out = String::new();
    let mut line = |cells: &[&str]| {
        let mut text = String::new();
        for (at, cell) in cells.iter().enumerate() {
            text.push_str(cell);
            if at + 1 < cells.len() {
                text.push_str(&" ".repeat(widths[at] - cell.width() + 2));
            }
        }
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(heads);
    for row in rows {
        line(&row.each_ref().map(String::as_str));
    }
    out
}

/// Text whose control characters, line ends apart, are replaced.
pub fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// Runs a command with the process's own stdout and stderr.
pub fn with_std(run: impl FnOnce(&mut Output<'_>) -> Exit) -> Exit {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut err = io::stderr();
    let mut output = Output::new(&mut out, &mut err);
    output.watched = io::stderr().is_terminal();
    let exit = run(&mut output);
    output.finish(exit)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken(ErrorKind);
    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_leaves_ends_quietly() {
        let mut err = Vec::new();
        let mut out = Broken(ErrorKind::BrokenPipe);
        let mut output = Output::new(&mut out, &mut err);
        output.result("x");
        output.result("y");
        assert!(!output.is_open());
        assert_eq!(output.finish(Exit::Done), Exit::Done);
        assert!(err.is_empty());
    }

    #[test]
    fn a_full_disk_is_told_and_is_no_success() {
        let mut err = Vec::new();
        let mut out = Broken(ErrorKind::StorageFull);
        let mut output = Output::new(&mut out, &mut err);
        output.result("x");
        assert_eq!(output.finish(Exit::Done), Exit::Incomplete);
        assert_eq!(String::from_utf8(err).expect("text").lines().count(), 1);
    }

    #[test]
    fn nothing_on_stderr_moves_the_cursor() {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        Output::new(&mut out, &mut err).say("a\u{1b}[2Jb\rc\nd");
        assert_eq!(String::from_utf8(err).expect("text"), "a\u{fffd}[2Jb\u{fffd}c\nd\n");
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("out.json");
        write_file(&path, "old and longer").expect("written");
        write_file(&path, "new").expect("written");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "new");
        assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 1);
        assert!(write_file(&dir.path().join("none/out.json"), "x").is_err());
        assert!(write_file(dir.path(), "x").is_err(), "a folder is no place for a result");
        assert!(dir.path().is_dir());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_what_is_no_file_is_written_into() {
        use std::os::unix::fs::FileTypeExt;
        let dir = tempfile::tempdir().expect("a folder");
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        write_file(&file, "old").expect("written");
        std::os::unix::fs::symlink(&file, &link).expect("linked");
        write_file(&link, "new").expect("written");
        assert!(std::fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "new");
        let null = std::path::Path::new("/dev/null");
        write_file(null, "x").expect("written");
        assert!(std::fs::metadata(null).expect("there").file_type().is_char_device(), "it is still a device");
    }
}
