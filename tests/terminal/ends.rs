//! How a session ends, or pauses: the terminal is always given back as it was.

use crate::needs;
use crate::support::console::Console;
use crate::support::fake::{Behaviour, Fake};
use crate::support::pty::{Terminal, keys};
use crate::support::{usage, wait};

fn open(fake: &Fake) -> Terminal {
    let args = fake.args();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let terminal = Console::new().open(&args, 120, 40);
    terminal.wait_text("overview");
    terminal
}

/// The terminal as the shell had it.
fn assert_restored(terminal: &Terminal) {
    terminal.look(|screen| {
        assert!(!screen.alternate_screen(), "the alternate screen is left");
        assert!(!screen.hide_cursor(), "the cursor is shown");
        assert!(!screen.bracketed_paste(), "bracketed paste is off");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is free");
    });
}

#[test]
fn quitting_restores_the_terminal() {
    let fake = Fake::start(Behaviour::default());
    let mut terminal = open(&fake);
    terminal.send("q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert_restored(&terminal);
    assert_eq!(terminal.text().trim(), "", "nothing is left on the shell's screen");
}

#[test]
fn a_signal_restores_the_terminal() {
    let fake = Fake::start(Behaviour::default());
    for name in ["TERM", "INT"] {
        let mut terminal = open(&fake);
        usage::signal(terminal.pid(), name);
        terminal.wait_exit();
        assert_restored(&terminal);
    }
}

#[test]
fn suspending_gives_the_terminal_back_and_fg_returns() {
    let fake = Fake::start(Behaviour { alerts: 5, ..Behaviour::default() });
    let args = fake.args();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let terminal = Console::new().open_in_shell(&args, 120, 40);
    terminal.wait_text("overview");
    let console =
        wait::until("the console", || usage::children(terminal.pid()).first().copied().ok_or("no child"));

    terminal.send(keys::CTRL_Z);
    terminal.wait_text(Console::BACK);
    assert_eq!(usage::state(console), Some('T'), "it is stopped");
    assert_restored(&terminal);

    terminal.send(keys::ENTER);
    terminal.wait_until("the whole frame again", |screen| {
        let text = screen.contents();
        screen.alternate_screen() && text.contains("overview") && !text.contains(Console::BACK)
    });
    terminal.send("2");
    terminal.wait_text("AIModelInferenceLatency");

    terminal.send("q");
    terminal.wait_text(Console::ENDED);
    assert!(terminal.text().contains(&format!("{} 0", Console::ENDED)), "{}", terminal.text());
    assert_restored(&terminal);
}

#[test]
fn a_stop_signal_from_elsewhere_is_survived() {
    let fake = Fake::start(Behaviour::default());
    let terminal = open(&fake);
    // SIGSTOP cannot be caught. Whoever has the terminal meanwhile leaves it in another state, so that
    // after SIGCONT everything is set up and painted anew.
    usage::signal(terminal.pid(), "STOP");
    wait::until_true("a stopped console", || terminal.stopped());
    let before = terminal.bytes();
    usage::signal(terminal.pid(), "CONT");
    let again = |sequence: &str| {
        wait::until_true(&format!("{sequence:?} again"), || {
            String::from_utf8_lossy(&terminal.raw(before)).contains(sequence)
        });
    };
    again("\x1b[?1049h");
    again("plant");
    terminal.send("6");
    terminal.wait_until("an answer to a key", |screen| {
        screen.alternate_screen()
            && screen.contents().lines().next().is_some_and(|line| line.contains("sources"))
    });
}

#[test]
fn the_stop_signal_of_a_terminal_suspends_too() {
    let fake = Fake::start(Behaviour::default());
    let args = fake.args();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let terminal = Console::new().open_in_shell(&args, 120, 40);
    terminal.wait_text("overview");
    let console =
        wait::until("the console", || usage::children(terminal.pid()).first().copied().ok_or("no child"));
    usage::signal(console, "TSTP");
    terminal.wait_text(Console::BACK);
    assert_eq!(usage::state(console), Some('T'), "it is stopped");
    assert_restored(&terminal);
    terminal.send(keys::ENTER);
    terminal.wait_until("the frame again", |screen| {
        screen.alternate_screen() && screen.contents().contains("overview")
    });
    terminal.send("q");
    terminal.wait_text(Console::ENDED);
    assert_restored(&terminal);
}

#[test]
fn a_panic_gives_the_terminal_back_first() {
    // This program plays the console: it takes the terminal, draws, and panics.
    if std::env::var_os("PLANTAO_TEST_PANICS").is_some() {
        plantao::terminal::install_panic_hook(|_| {});
        let mut terminal = plantao::terminal::Terminal::enter(true).expect("a terminal");
        terminal
            .draw(|buffer, area| buffer.set_string(area.x, area.y, "drawn", ratatui::style::Style::new()))
            .expect("a frame");
        // Until a key, so that the frame can be seen.
        std::io::Read::read(&mut std::io::stdin(), &mut [0]).expect("a key");
        panic!("the last words");
    }
    let mut command = portable_pty::CommandBuilder::new(std::env::current_exe().expect("this program"));
    command.args([
        "--exact",
        "ends::a_panic_gives_the_terminal_back_first",
        "--nocapture",
        "--test-threads=1",
    ]);
    command.env("PLANTAO_TEST_PANICS", "1");
    command.env("TERM", "xterm-256color");
    let mut terminal = Terminal::start(command, 120, 40);
    terminal.wait_until("a frame", |screen| screen.alternate_screen() && screen.contents().contains("drawn"));
    terminal.send("x");
    terminal.wait_exit();
    assert_restored(&terminal);
    let text = terminal.text();
    assert!(text.contains("the last words"), "readable, on the shell's own screen:\n{text}");
    // In raw mode a line would start where the one before it ended.
    let words = text.lines().find(|line| line.contains("the last words")).expect("the words");
    assert!(words.starts_with("the last words"), "{text}");
    let raw = String::from_utf8_lossy(&terminal.raw(0)).into_owned();
    assert!(raw.find("\x1b[?1049l") < raw.find("the last words"), "given back first");
}

#[test]
fn a_hangup_ends_it() {
    let fake = Fake::start(Behaviour::default());
    let mut terminal = open(&fake);
    usage::signal(terminal.pid(), "HUP");
    terminal.wait_exit();
}

#[test]
fn a_terminal_that_vanishes_ends_it() {
    needs!("terminal::ends"; TMUX);
    let fake = Fake::start(Behaviour::default());
    let tmux = Tmux::start(&fake);
    wait::until("the overview", || {
        let text = tmux.screen();
        if text.contains("overview") { Ok(()) } else { Err(text) }
    });
    let console = tmux.pid();
    assert!(usage::state(console).is_some());
    // The other end of the terminal is closed, as when an SSH connection breaks.
    tmux.kill();
    wait::until_true("the console to be gone", || usage::state(console).is_none());
}

/// A tmux server of its own.
struct Tmux {
    folder: tempfile::TempDir,
}

impl Tmux {
    fn start(fake: &Fake) -> Self {
        let tmux = Self { folder: tempfile::TempDir::new().expect("a folder") };
        let binary = crate::support::console::binary();
        let command = format!("exec '{}' {}", binary.display(), fake.args().join(" "));
        tmux.run(&["-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "40", &command]);
        tmux
    }

    fn run(&self, args: &[&str]) -> String {
        let out = std::process::Command::new("tmux")
            .arg("-S")
            .arg(self.folder.path().join("socket"))
            .args(args)
            .env("HOME", self.folder.path())
            .env("XDG_CONFIG_HOME", self.folder.path())
            .env("TERM", "xterm-256color")
            .env_remove("TMUX")
            .output()
            .expect("tmux");
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    fn screen(&self) -> String {
        self.run(&["capture-pane", "-p"])
    }

    fn pid(&self) -> u32 {
        let text = self.run(&["list-panes", "-F", "#{pane_pid}"]);
        text.trim().parse().unwrap_or_else(|_| panic!("no pid: {text:?}"))
    }

    fn kill(&self) {
        self.run(&["kill-server"]);
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.kill();
    }
}
