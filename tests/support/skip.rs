//! Suites whose servers are not installed.

use std::env;
use std::io::Write as _;
use std::path::PathBuf;

/// A program by the names it goes by.
pub struct Program {
    /// What a person calls it, and where to get it.
    pub package: &'static str,
    /// Its names on PATH, the first found counts.
    pub names: &'static [&'static str],
}

/// Prometheus.
pub const PROMETHEUS: Program = Program { package: "prometheus", names: &["prometheus"] };
/// Alertmanager: Debian's name first, then everybody else's.
pub const ALERTMANAGER: Program =
    Program { package: "prometheus-alertmanager", names: &["prometheus-alertmanager", "alertmanager"] };
/// Alertmanager's own tool: what it says is what everybody else sees.
pub const AMTOOL: Program = Program { package: "prometheus-alertmanager", names: &["amtool"] };
/// tmux: a terminal that can be taken away from a program.
pub const TMUX: Program = Program { package: "tmux", names: &["tmux"] };
/// OpenSSH's server, which lies where only root looks by itself.
pub const SSHD: Program = Program { package: "openssh-server", names: &["sshd"] };
/// OpenSSH's client.
pub const SSH: Program = Program { package: "openssh-client", names: &["ssh"] };
/// What makes its keys.
pub const SSH_KEYGEN: Program = Program { package: "openssh-client", names: &["ssh-keygen"] };

impl Program {
    /// Where it is, if it is on PATH.
    pub fn path(&self) -> Option<PathBuf> {
        let path = env::var_os("PATH")?;
        let more = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
        let folders: Vec<PathBuf> = env::split_paths(&path).chain(more).collect();
        self.names
            .iter()
            .find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
    }
}

/// Whether we run in CI, where nothing may be skipped.
pub fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}

/// Whether `suite` has all it needs. When not, says `SKIPPED suite: what is missing` past the
/// runner's capture, so that the run's summary can list it; in CI it fails instead.
pub fn ready(suite: &str, needs: &[&Program]) -> bool {
    let missing: Vec<_> =
        needs.iter().filter(|program| program.path().is_none()).map(|program| program.package).collect();
    if missing.is_empty() {
        return true;
    }
    let what = format!("{suite}: {} not installed (make test says how)", missing.join(", "));
    assert!(!in_ci(), "in CI nothing is skipped; {what}");
    // Not through `eprintln!`, which the runner would swallow for a test that passes.
    let _ = std::io::stderr().write_all(format!("\nSKIPPED {what}\n").as_bytes());
    false
}

/// Leaves the test when the suite lacks a server.
#[macro_export]
macro_rules! needs {
    ($suite:expr; $($program:ident),+ $(,)?) => {
        if !$crate::support::skip::ready($suite, &[$(&$crate::support::skip::$program),+]) {
            return;
        }
    };
}
