//! A server of somebody else, started for a test and gone after it, whatever happens to the test.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

/// Runs the server and ends it when our end of its standard input closes: that happens when the
/// guard is dropped, and also when the test program is killed without a chance to clean up. The
/// shell stays in our process group, so that Ctrl-C reaches the servers too.
const GUARD: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ read -r _ <&3; kill -KILL "$server"; } 2>/dev/null &
watcher=$!
wait "$server"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
"#;

/// A running child with a folder for its data and its log. Dropping it ends the child first.
pub struct Process {
    name: String,
    child: Child,
    leash: Option<ChildStdin>,
    log: PathBuf,
}

impl Process {
    /// Starts `program` with `args`; both its outputs go to `log`.
    pub fn start(name: &str, program: &Path, args: &[String], log: &Path) -> io::Result<Self> {
        let out = File::create(log)?;
        let mut child = Command::new("sh")
            .args(["-c", GUARD, "sh"])
            .arg(program)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()?;
        let leash = child.stdin.take();
        Ok(Self { name: name.to_owned(), child, leash, log: log.to_owned() })
    }

    /// Its exit status, if it has ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child's status")
    }

    /// All it has written so far.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Ends it at once, as a crash would, and waits until it is gone.
    pub fn stop(&mut self) {
        drop(self.leash.take());
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<_> = log.lines().rev().take(15).collect();
            eprintln!("the last lines of {}:", self.name);
            for line in tail.iter().rev() {
                eprintln!("  {line}");
            }
        }
    }
}
