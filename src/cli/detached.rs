//! Another process of this program, that outlives this one and its terminal.

use std::ffi::OsString;
use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Starts it, in a process group of its own and without a terminal. Gives its number.
pub fn start(arguments: impl IntoIterator<Item = OsString>) -> io::Result<u32> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().map(|child| child.id())
}

/// Waits a moment before another look.
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}
