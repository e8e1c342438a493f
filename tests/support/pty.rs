//! A terminal to run a program in: keys go in, and what a person would see comes out.

use std::any::Any;
use std::io::{Read as _, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use vt100::{Parser, Screen};

use super::usage;
use super::wait::{self, PATIENCE};

/// Keys as a terminal sends them.
pub mod keys {
    /// Enter.
    pub const ENTER: &str = "\r";
    /// Escape.
    pub const ESC: &str = "\x1b";
    /// Tab.
    pub const TAB: &str = "\t";
    /// Arrow down.
    pub const DOWN: &str = "\x1b[B";
    /// Arrow up.
    pub const UP: &str = "\x1b[A";
    /// Ctrl-C.
    pub const CTRL_C: &str = "\x03";
    /// Ctrl-Z.
    pub const CTRL_Z: &str = "\x1a";
}

struct Shared {
    parser: Parser,
    raw: Vec<u8>,
    /// When the last bytes came.
    last: Option<Instant>,
    ended: bool,
    /// Whether nothing is read: a link that hangs, or output stopped by the person.
    stalled: bool,
}

type Writer = Arc<Mutex<Box<dyn Write + Send>>>;

/// A program in a terminal. Dropping it hangs up and ends the program.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Writer,
    shared: Arc<(Mutex<Shared>, Condvar)>,
    started: Instant,
    /// What must outlive the program, such as its home.
    _keep: Box<dyn Any + Send>,
}

impl Terminal {
    /// Starts `command` in a terminal of `columns` × `rows`.
    pub fn start(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        Self::start_keeping(command, columns, rows, ())
    }

    /// The same, and keeps `keep` until the program has ended.
    pub fn start_keeping(command: CommandBuilder, columns: u16, rows: u16, keep: impl Any + Send) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pseudo-terminal");
        let mut reader = pair.master.try_clone_reader().expect("its output");
        let writer: Writer = Arc::new(Mutex::new(pair.master.take_writer().expect("its input")));
        let parser = Parser::new(rows, columns, 0);
        let shared = Shared { parser, raw: Vec::new(), last: None, ended: false, stalled: false };
        let shared = Arc::new((Mutex::new(shared), Condvar::new()));
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program to start");
        let (theirs, answers) = (shared.clone(), writer.clone());
        thread::spawn(move || {
            let mut chunk = vec![0; 64 * 1024];
            let mut unseen = Vec::new();
            loop {
                let going = theirs.1.wait_while(theirs.0.lock().expect("terminal"), |shared| shared.stalled);
                drop(going);
                // An error is how Linux says that nobody holds the other end any more.
                let read = reader.read(&mut chunk).unwrap_or(0);
                let mut shared = theirs.0.lock().expect("terminal");
                shared.ended = read == 0;
                unseen.extend_from_slice(&chunk[..read]);
                let shown = if read == 0 { unseen.len() } else { whole(&unseen) };
                shared.parser.process(&unseen[..shown]);
                unseen.drain(..shown);
                shared.raw.extend_from_slice(&chunk[..read]);
                shared.last = Some(Instant::now());
                drop(shared);
                theirs.1.notify_all();
                if read == 0 {
                    return;
                }
                reply(&chunk[..read], &answers);
            }
        });
        Self { child, master: pair.master, writer, shared, started, _keep: Box::new(keep) }
    }

    /// Process id of the program that was started.
    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("a process id")
    }

    /// Sends text as if typed.
    pub fn send(&self, text: &str) {
        let mut writer = self.writer.lock().expect("writer");
        // A program that just ended takes no more keys; the test finds out by what it waits for.
        let _ = writer.write_all(text.as_bytes()).and_then(|()| writer.flush());
    }

    /// Stops reading what the program writes, after what it is writing now, or reads on.
    pub fn stall(&self, stalled: bool) {
        self.lock().stalled = stalled;
        self.shared.1.notify_all();
    }

    /// Changes the terminal's size, which also tells the program.
    pub fn resize(&self, columns: u16, rows: u16) {
        self.lock().parser.screen_mut().set_size(rows, columns);
        self.master.resize(size(columns, rows)).expect("another size");
    }

    /// Waits until `holds`; gives the time since the program's start at which it was first seen to.
    pub fn wait_until(&self, what: &str, holds: impl Fn(&Screen) -> bool) -> Duration {
        match self.try_until(PATIENCE, holds) {
            Some(at) => at,
            None => panic!(
                "waited {PATIENCE:?} for {what}{}; the screen:\n{}",
                if self.lock().ended { " and the program has ended" } else { "" },
                self.text()
            ),
        }
    }

    /// The same with a patience of its own; `None` when it never held.
    pub fn try_until(&self, patience: Duration, holds: impl Fn(&Screen) -> bool) -> Option<Duration> {
        let deadline = Instant::now() + patience;
        let mut shared = self.lock();
        loop {
            if holds(shared.parser.screen()) {
                let at = shared.last.unwrap_or_else(Instant::now);
                return Some(at.saturating_duration_since(self.started));
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            if shared.ended {
                return None;
            }
            shared = self.shared.1.wait_timeout(shared, left).expect("terminal").0;
        }
    }

    /// Waits until this text stands on the screen.
    pub fn wait_text(&self, text: &str) -> Duration {
        self.wait_until(&format!("{text:?}"), |screen| screen.contents().contains(text))
    }

    /// Waits until nothing has come for `quiet`.
    pub fn wait_quiet(&self, quiet: Duration) {
        wait::until_true("a quiet terminal", || {
            let shared = self.lock();
            shared.ended || shared.last.is_some_and(|last| last.elapsed() >= quiet)
        });
    }

    /// Looks at the screen as it is now.
    pub fn look<T>(&self, look: impl FnOnce(&Screen) -> T) -> T {
        look(self.lock().parser.screen())
    }

    /// The screen as text, a line each.
    pub fn text(&self) -> String {
        self.look(Screen::contents)
    }

    /// Bytes that came so far.
    pub fn bytes(&self) -> usize {
        self.lock().raw.len()
    }

    /// The bytes that came from `from` on, for what leaves no mark on a screen.
    pub fn raw(&self, from: usize) -> Vec<u8> {
        self.lock().raw.get(from..).unwrap_or_default().to_vec()
    }

    /// Sends keys and gives the time until the next bytes came; `None` when none did in `patience`.
    pub fn answer_time(&self, keys: &str, patience: Duration) -> Option<Duration> {
        let before = self.bytes();
        let sent = Instant::now();
        self.send(keys);
        let mut shared = self.lock();
        while shared.raw.len() == before {
            let left = patience.checked_sub(sent.elapsed())?;
            shared = self.shared.1.wait_timeout(shared, left).expect("terminal").0;
        }
        shared.last.map(|last| last.saturating_duration_since(sent))
    }

    /// Waits until the program has ended and all it wrote has come.
    pub fn wait_exit(&mut self) -> ExitStatus {
        let child = &mut self.child;
        let status = wait::until("the program to end", || {
            child.try_wait().map_err(|error| error.to_string())?.ok_or_else(|| "it runs on".to_owned())
        });
        // A process that the program left behind may hold the terminal open for ever.
        let deadline = Instant::now() + Duration::from_secs(2);
        while !self.lock().ended && Instant::now() < deadline {
            thread::yield_now();
        }
        status
    }

    /// Whether the program is stopped, as by Ctrl-Z.
    pub fn stopped(&self) -> bool {
        usage::state(self.pid()) == Some('T')
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.0.lock().expect("terminal")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A reader that panicked leaves its lock poisoned, and the test fails already.
        if let Ok(mut shared) = self.shared.0.lock() {
            shared.stalled = false;
            self.shared.1.notify_all();
        }
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// How many of these bytes a terminal shows by now: a synchronised update appears when it is whole.
fn whole(bytes: &[u8]) -> usize {
    let last = |mark: &[u8]| bytes.windows(mark.len()).rposition(|window| window == mark);
    match (last(b"\x1b[?2026h"), last(b"\x1b[?2026l")) {
        (Some(begun), ended) if ended.is_none_or(|ended| ended < begun) => begun,
        _ => bytes.len(),
    }
}

/// Answers the questions that programs ask a terminal and wait for: the cursor's place, its kind.
fn reply(chunk: &[u8], writer: &Writer) {
    for (question, answer) in [(&b"\x1b[6n"[..], &b"\x1b[1;1R"[..]), (b"\x1b[c", b"\x1b[?62;22c")] {
        if chunk.windows(question.len()).any(|window| window == question) {
            let _ = writer.lock().expect("writer").write_all(answer);
        }
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}
