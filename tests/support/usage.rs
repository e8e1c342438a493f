//! What the operating system knows of a process.

use std::fs;
use std::path::Path;
use std::process::Command;

/// State letter of a process (`R`, `S`, `T` stopped, …); `None` when there is none, or it is only
/// waiting to be collected.
pub fn state(pid: u32) -> Option<char> {
    let letter = if Path::new("/proc/self/stat").exists() {
        stat(pid)?.first()?.chars().next()
    } else {
        let out = Command::new("ps").args(["-o", "state=", "-p", &pid.to_string()]).output().ok()?;
        String::from_utf8_lossy(&out.stdout).trim().chars().next()
    };
    letter.filter(|letter| !matches!(letter, 'Z' | 'X'))
}

/// User and system time it has used, in seconds. Only where there is a `/proc`.
pub fn cpu_seconds(pid: u32) -> Option<f64> {
    let fields = stat(pid)?;
    // proc(5): utime and stime are fields 14 and 15; the list starts at field 3, the state.
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    let out = Command::new("getconf").arg("CLK_TCK").output().ok()?;
    let per_second: f64 = String::from_utf8_lossy(&out.stdout).trim().parse().ok()?;
    Some(ticks / per_second)
}

/// Memory in use now and at its highest, in MiB. Only where there is a `/proc`.
pub fn memory_mib(pid: u32) -> Option<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    Some((kib(&status, "VmRSS:")? / 1024.0, kib(&status, "VmHWM:")? / 1024.0))
}

/// Memory that a process keeps for itself now, in MiB, without the pages of its program file: those
/// come in with whatever code runs for the first time, tens of MiB of them in a debug build. Only
/// where there is a `/proc`.
pub fn own_memory_mib(pid: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    kib(&status, "RssAnon:").map(|kib| kib / 1024.0)
}

/// The children of a process, where there is a `/proc`.
pub fn children(pid: u32) -> Vec<u32> {
    let list = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    list.split_whitespace().filter_map(|child| child.parse().ok()).collect()
}

/// Sends a signal by name: `TERM`, `HUP`, `CONT`.
pub fn signal(pid: u32, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().expect("kill");
    assert!(status.success(), "kill -{name} {pid}: {status}");
}

/// A line of `/proc/PID/status` that counts KiB.
fn kib(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Fields of `/proc/PID/stat` from the state on; the name before it may hold anything.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}
