//! The terminal: enter, leave, suspend, panic hook, input, signals, synchronised output.
//!
//! Owns the terminal's modes, and gives them back however the program ends. Must not know what is
//! drawn or what a key means.

mod paint;

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
    Event, EventStream, MouseButton, MouseEventKind,
};
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{clipboard::CopyToClipboard, cursor, execute, queue};
use futures_util::StreamExt;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::config::Notify;
use crate::keymap::Key;
use crate::message::{Msg, Target};
use paint::Painter;

/// Whether the terminal is in our hands, for the panic hook.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while the console has it.
#[derive(Debug)]
pub struct Terminal {
    inner: ratatui::Terminal<Painter<io::Stdout>>,
    mouse: bool,
}

impl Terminal {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste, and the mouse if wanted.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        if !io::stdout().is_terminal() {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "standard output is not a terminal"));
        }
        take(mouse)?;
        let inner = ratatui::Terminal::new(Painter::new(io::stdout()))?;
        Ok(Self { inner, mouse })
    }

    /// Columns and lines.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        crossterm::terminal::size()
    }

    /// Draws a frame: only cells that differ from the last one are sent, in one synchronised update.
    pub fn draw<R>(&mut self, render: impl FnOnce(&mut Buffer, Rect) -> R) -> io::Result<R> {
        let mut result = None;
        self.inner.draw(|frame| {
            let area = frame.area();
            result = Some(render(frame.buffer_mut(), area));
        })?;
        result.ok_or_else(|| io::Error::other("the frame was not drawn"))
    }

    /// Forgets what is on the screen: the next frame is sent whole.
    pub fn clear(&mut self) -> io::Result<()> {
        // Not the library's `clear`, which asks the terminal for its cursor: the answer races with the
        // reading of keys, and a terminal that gives none would end the console.
        let (width, height) = self.size()?;
        self.inner.resize(Rect::new(0, 0, width, height))
    }

    /// Puts a text on the clipboard of the person's own terminal (OSC 52), through SSH too.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))
    }

    /// Rings the bell, or asks the terminal for a desktop notification (OSC 9).
    pub fn announce(&mut self, how: Notify, text: &str) -> io::Result<()> {
        let mut out = io::stdout();
        match how {
            Notify::Off => return Ok(()),
            Notify::Bell => out.write_all(b"\x07")?,
            Notify::Osc9 => {
                let clean: String = text.chars().filter(|c| !c.is_control()).collect();
                write!(out, "\x1b]9;{clean}\x07")?;
            }
        }
        out.flush()
    }

    /// Gives the terminal back, stops the process until it is continued, and takes it again.
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        #[cfg(unix)]
        signal_hook::low_level::raise(signal_hook::consts::SIGSTOP)?;
        self.retake()
    }

    /// Takes the terminal again after the process was stopped: whoever had it meanwhile may have set
    /// it up as they like.
    pub fn retake(&mut self) -> io::Result<()> {
        give_back();
        take(self.mouse)?;
        self.clear()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = io::stdout();
    queue!(out, EnterAlternateScreen, cursor::Hide, DisableLineWrap, EnableBracketedPaste)?;
    if mouse {
        queue!(out, EnableMouseCapture)?;
    }
    out.flush()
}

/// Makes an interrupt (Ctrl-C) end a command without a screen at once, with the status that scripts
/// expect of one, wherever it stands. The console itself has its own keys and signals.
pub fn exit_on_interrupt(status: u8) {
    #[cfg(unix)]
    {
        use std::sync::Arc;
        let armed = Arc::new(AtomicBool::new(true));
        let status = i32::from(status);
        // Where a handler cannot be set the system's own ends the process, with a signal for status.
        let _ = signal_hook::flag::register_conditional_shutdown(signal_hook::consts::SIGINT, status, armed);
    }
    #[cfg(not(unix))]
    let _ = status;
}

/// Lets a process live on when its terminal is closed.
pub fn ignore_hangup() {
    #[cfg(unix)]
    {
        // A flag that nobody reads: the signal is taken and nothing follows.
        let unheard = std::sync::Arc::new(AtomicBool::new(false));
        let _ = signal_hook::flag::register(signal_hook::consts::SIGHUP, unheard);
    }
}

/// Columns and lines of standard output; `None` where it is no terminal.
pub fn size_of_stdout() -> Option<(u16, u16)> {
    io::stdout().is_terminal().then(|| crossterm::terminal::size().ok()).flatten()
}

/// Gives everything back, once, however often it is called. Failures are ignored: the terminal may
/// be gone, and there is nobody left to tell.
pub fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = queue!(
        out,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste,
        EnableLineWrap,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// Makes a panic give the terminal back before it is reported, so that its words are readable and
/// the shell is usable. `log` gets the words too.
pub fn install_panic_hook(log: fn(&str)) {
    let main = std::thread::current().id();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        log(&info.to_string());
        // A task that panics fails its own request; the console goes on and its screen stays.
        if std::thread::current().id() == main {
            give_back();
            before(info);
        }
    }));
}

/// What the terminal tells us.
#[derive(Debug)]
pub enum TerminalEvent {
    /// A key.
    Key(Key),
    /// A paste.
    Paste(String),
    /// Another size.
    Resize(u16, u16),
    /// A left click.
    Click(u16, u16),
    /// The wheel: lines down.
    Wheel(i32, u16, u16),
    /// Nothing that means anything here.
    Other,
}

/// Where a click lands, as the drawing knows.
pub trait Places {
    /// What stands at a cell.
    fn target(&self, column: u16, row: u16) -> Option<Target>;
}

impl TerminalEvent {
    /// As a message, with what stands at the place of a click.
    pub fn into_msg(self, places: &dyn Places) -> Option<Msg> {
        match self {
            Self::Key(key) => Some(Msg::Key(key)),
            Self::Paste(text) => Some(Msg::Paste(text)),
            Self::Resize(width, height) => Some(Msg::Resize(width, height)),
            Self::Click(column, row) => places.target(column, row).map(Msg::Click),
            Self::Wheel(lines, column, row) => Some(Msg::Scroll(lines, places.target(column, row))),
            Self::Other => None,
        }
    }
}

/// Keys, pastes, clicks and sizes.
#[derive(Debug)]
pub struct Input {
    stream: Option<EventStream>,
}

impl Input {
    /// Starts reading.
    pub fn new() -> Self {
        Self { stream: Some(EventStream::new()) }
    }

    /// Stops reading, while another program has the terminal.
    pub fn pause(&mut self) {
        self.stream = None;
    }

    /// Reads again.
    pub fn resume(&mut self) {
        self.stream = Some(EventStream::new());
    }

    /// The next event; `None` when the terminal is gone.
    pub async fn next(&mut self) -> io::Result<Option<TerminalEvent>> {
        let Some(stream) = &mut self.stream else { return std::future::pending().await };
        let Some(event) = stream.next().await else { return Ok(None) };
        Ok(Some(match event? {
            Event::Key(key) => Key::from_event(&key).map_or(TerminalEvent::Other, TerminalEvent::Key),
            Event::Paste(text) => TerminalEvent::Paste(text),
            Event::Resize(width, height) => TerminalEvent::Resize(width, height),
            Event::Mouse(mouse) => match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => TerminalEvent::Click(mouse.column, mouse.row),
                MouseEventKind::ScrollDown => TerminalEvent::Wheel(3, mouse.column, mouse.row),
                MouseEventKind::ScrollUp => TerminalEvent::Wheel(-3, mouse.column, mouse.row),
                _ => TerminalEvent::Other,
            },
            Event::FocusGained | Event::FocusLost => TerminalEvent::Other,
        }))
    }
}

impl Default for Input {
    fn default() -> Self {
        Self::new()
    }
}

/// What the system tells us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The session has ended, or somebody asks us to.
    Leave,
    /// Somebody asks us to stop for a while.
    Suspend,
    /// We were stopped, and go on.
    Resumed,
}

/// Signals: hang-up, termination, interrupt, stop, continue.
#[cfg(unix)]
#[derive(Debug)]
pub struct Signals {
    hangup: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    stop: tokio::signal::unix::Signal,
    resume: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Starts listening.
    pub fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            stop: signal(SignalKind::from_raw(signal_hook::consts::SIGTSTP))?,
            resume: signal(SignalKind::from_raw(signal_hook::consts::SIGCONT))?,
        })
    }

    /// The next one.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.hangup.recv() => Signal::Leave,
            _ = self.terminate.recv() => Signal::Leave,
            _ = self.interrupt.recv() => Signal::Leave,
            _ = self.stop.recv() => Signal::Suspend,
            _ = self.resume.recv() => Signal::Resumed,
        }
    }
}

/// Signals where there are none but the interrupt.
#[cfg(not(unix))]
#[derive(Debug)]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Starts listening.
    pub fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// The next one.
    pub async fn next(&mut self) -> Signal {
        let _ = tokio::signal::ctrl_c().await;
        Signal::Leave
    }
}
