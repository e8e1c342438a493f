//! The embedded hospital, as a newcomer meets it.

use crate::support::console::Console;
use crate::support::pty::keys;

#[test]
fn the_console_lives_at_the_hospitals_hour() {
    let terminal = Console::new().open(&["demo", "--at", "2026-11-20 03:12"], 120, 40);
    terminal.wait_until("the hospital's clock in the header", |screen| {
        let text = screen.contents();
        let header = text.lines().next().unwrap_or("");
        // It runs on: a slow machine may show the next minutes already.
        header.contains("DEMO") && header.contains("demo:hospital") && header.contains(" 03:1")
    });
    terminal.wait_text(":tour");
    // Its servers are the sources, like any others.
    terminal.send("6");
    terminal.wait_text("http://127.0.0.1:");
    terminal.send("q");
}

#[test]
fn a_fault_is_begun_and_mended_from_the_console() {
    let terminal = Console::new().open(&["demo", "--fault", "none"], 80, 24);
    terminal.send("6");
    terminal.wait_text("http://127.0.0.1:");
    terminal.send(":fault");
    terminal.send(keys::ENTER);
    terminal.wait_text("begins one now, or mends it");
    terminal.send(keys::ENTER);
    terminal.wait_text("thermal begins");
    terminal.send(keys::ENTER);
    terminal.wait_text("thermal is mended");
    terminal.send(keys::ESC);
    terminal.send("q");
}

#[test]
fn a_command_of_scripts_reads_the_hospital() {
    let done = Console::new().run(&["--demo", "--fault", "thermal@12m", "rules", "check"]);
    assert_eq!(done.status, Some(0), "{}\n{}", done.stdout, done.stderr);
}
