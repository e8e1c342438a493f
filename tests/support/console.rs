//! The console itself, as a person or a script would start it, away from the machine's own
//! configuration.

use std::env;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use portable_pty::CommandBuilder;
use serde_json::Value;
use tempfile::TempDir;

use super::process::Process;
use super::pty::Terminal;
use super::wait;

/// The program under test: the one Cargo built, or the one that `PLANTAO_BIN` names.
pub fn binary() -> PathBuf {
    // Only Cargo's tests and benches know where the binary is; an example that uses this room does not.
    const BUILT: Option<&str> = option_env!("CARGO_BIN_EXE_plantao");
    let named = env::var_os("PLANTAO_BIN").map(PathBuf::from);
    named.or(BUILT.map(PathBuf::from)).expect("PLANTAO_BIN, or a test that Cargo built")
}

/// What the terminal says it can do. Nothing of the developer's own environment reaches the console.
const ENVIRONMENT: [(&str, &str); 4] =
    [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8")];

/// A person's home with nothing in it.
pub struct Console {
    home: Arc<TempDir>,
    extra: Vec<(String, String)>,
}

/// What a finished command left.
#[derive(Debug)]
pub struct Finished {
    /// Exit status; `None` when a signal ended it.
    pub status: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Finished {
    /// The result as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("no JSON ({error}), status {:?}\n{}\n{}", self.status, self.stdout, self.stderr)
        })
    }
}

impl Console {
    /// A fresh home.
    pub fn new() -> Self {
        Self { home: Arc::new(TempDir::new().expect("a home")), extra: Vec::new() }
    }

    /// With one more environment variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.extra.push((name.to_owned(), value.to_owned()));
        self
    }

    fn environment(&self) -> Vec<(OsString, OsString)> {
        let home = self.home.path();
        let mut out: Vec<(OsString, OsString)> = vec![
            ("HOME".into(), home.into()),
            ("XDG_CONFIG_HOME".into(), home.join("config").into()),
            ("XDG_STATE_HOME".into(), home.join("state").into()),
            ("XDG_CACHE_HOME".into(), home.join("cache").into()),
            ("PATH".into(), env::var_os("PATH").unwrap_or_default()),
        ];
        out.extend(ENVIRONMENT.map(|(name, value)| (name.into(), value.into())));
        out.extend(self.extra.iter().map(|(name, value)| (name.into(), value.into())));
        out
    }

    /// Runs a command that ends by itself.
    pub fn run(&self, args: &[&str]) -> Finished {
        let mut child = Command::new(binary())
            .args(args)
            .env_clear()
            .envs(self.environment())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the console to start");
        // Both pipes are read at once, or a full one would stop the console.
        let mut stdout = child.stdout.take().expect("its output");
        let mut stderr = child.stderr.take().expect("its errors");
        let errors = thread::spawn(move || read(&mut stderr));
        let output = thread::spawn(move || read(&mut stdout));
        let ended = wait::try_until(wait::PATIENCE, || {
            child.try_wait().map_err(|error| error.to_string())?.ok_or_else(|| "it runs on".to_owned())
        });
        if ended.is_err() {
            let _ = child.kill();
        }
        let (stdout, stderr) = (output.join().expect("its output"), errors.join().expect("its errors"));
        match ended {
            Ok(status) => Finished { status: status.code(), stdout, stderr },
            Err(reason) => panic!("plantao {args:?}: {reason}\n{stdout}\n{stderr}"),
        }
    }

    /// Starts a command that runs on; all it says goes to `log`.
    pub fn start(&self, args: &[&str], log: &Path) -> Process {
        let mut line = vec![OsString::from("-i")];
        for (name, value) in self.environment() {
            let mut pair = name;
            pair.push("=");
            pair.push(value);
            line.push(pair);
        }
        line.push(binary().into());
        line.extend(args.iter().map(OsString::from));
        let line: Vec<String> = line.into_iter().map(|word| word.into_string().expect("UTF-8")).collect();
        Process::start("plantao", Path::new("/usr/bin/env"), &line, log).expect("the command to start")
    }

    /// Opens the console in a terminal.
    pub fn open(&self, args: &[&str], columns: u16, rows: u16) -> Terminal {
        Terminal::start_keeping(self.command(&[], args), columns, rows, self.home.clone())
    }

    /// Opens the console in a terminal as a job of a shell, the way a person does: Ctrl-Z then
    /// gives the terminal back to the shell, which says [`BACK`](Self::BACK) and waits for Enter
    /// to continue it.
    pub fn open_in_shell(&self, args: &[&str], columns: u16, rows: u16) -> Terminal {
        let script = "set -m; \"$@\"; echo \"shell: back with $?\"; read -r _; fg >/dev/null; echo \"shell: ended with $?\"";
        let command = self.command(&["sh", "-c", script, "sh"], args);
        Terminal::start_keeping(command, columns, rows, self.home.clone())
    }

    /// What the shell says when it has the terminal back.
    pub const BACK: &'static str = "shell: back with";
    /// What the shell says when the continued console has ended.
    pub const ENDED: &'static str = "shell: ended with";

    fn command(&self, before: &[&str], args: &[&str]) -> CommandBuilder {
        let mut line: Vec<OsString> = before.iter().map(OsString::from).collect();
        line.push(binary().into());
        line.extend(args.iter().map(OsString::from));
        let mut command = CommandBuilder::from_argv(line);
        command.env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command.cwd(self.home.path());
        command
    }
}

fn read(from: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = from.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
