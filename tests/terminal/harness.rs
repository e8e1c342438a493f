//! The terminal harness itself, on a shell instead of the console.

use std::time::Duration;

use portable_pty::CommandBuilder;

use crate::support::pty::{Terminal, keys};
use crate::support::{usage, wait};

fn shell(script: &str) -> Terminal {
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", script]);
    Terminal::start(command, 80, 24)
}

#[test]
fn keys_go_in_and_a_screen_comes_out() {
    let mut terminal = shell(
        "printf '\\033[?1049h\\033[?25l\\033[2;3Hready'; read -r line; printf '\\033[?25h\\033[?1049l'; echo \"got $line\"; exit 7",
    );
    terminal.wait_text("ready");
    terminal.look(|screen| {
        assert!(screen.alternate_screen() && screen.hide_cursor());
        assert_eq!(screen.cell(1, 2).map(vt100::Cell::contents), Some("r"));
    });
    assert!(terminal.answer_time("abc", Duration::from_secs(10)).is_some(), "the line is echoed");
    terminal.send(keys::ENTER);
    terminal.wait_text("got abc");
    assert_eq!(terminal.wait_exit().exit_code(), 7);
    terminal.look(|screen| assert!(!screen.alternate_screen() && !screen.hide_cursor()));
    assert!(terminal.bytes() > 0);
}

#[test]
fn the_program_hears_of_a_new_size() {
    let terminal = shell("trap 'stty size' WINCH; echo up; while :; do read -r _; done");
    terminal.wait_text("up");
    terminal.resize(132, 50);
    // The shell runs its trap once `read` is over.
    terminal.send(keys::ENTER);
    terminal.wait_text("50 132");
}

#[test]
fn a_job_stops_and_goes_on() {
    let terminal = shell(
        "set -m; sh -c 'echo running; exec cat'; echo \"back with $?\"; read -r _; fg >/dev/null; echo ended",
    );
    terminal.wait_text("running");
    let job = wait::until("the job", || usage::children(terminal.pid()).first().copied().ok_or("no child"));
    terminal.send(keys::CTRL_Z);
    terminal.wait_text("back with");
    assert_eq!(usage::state(job), Some('T'), "stopped");
    terminal.send(keys::ENTER);
    wait::until_true("the job to go on", || usage::state(job).is_some_and(|state| state != 'T'));
    terminal.send("\x04");
    terminal.wait_text("ended");
}

#[test]
fn a_closed_terminal_ends_its_program() {
    let terminal = shell("cat; echo never");
    let pid = terminal.pid();
    let job = wait::until("the job", || usage::children(pid).first().copied().ok_or("no child"));
    drop(terminal);
    wait::until_true("both to be gone", || usage::state(pid).is_none() && usage::state(job).is_none());
}

#[test]
fn a_synchronised_update_appears_whole() {
    let terminal = shell("printf '\\033[?2026hone'; read -r _; printf 'two\\033[?2026l'; read -r _");
    wait::until_true("its bytes", || terminal.raw(0).ends_with(b"one"));
    assert!(!terminal.text().contains("one"), "not yet");
    terminal.send(keys::ENTER);
    terminal.wait_text("two");
    assert!(terminal.text().contains("one"));
}
