//! A program of a step: no shell, no standard input, its own process group, its output bounded and masked.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::sync::watch;

use super::carry::{Live, told as stop_told};
use super::steps::Ended;
use crate::privacy;
use crate::text::run::EN as WORDS;

/// Bytes of output that are kept: the end says what went wrong.
const KEPT: usize = 16 * 1024;
/// Time between two looks of the journal at what was said.
const PACE: Duration = Duration::from_millis(500);
/// What a program gets of this process's environment: nothing that holds a secret of plantão's own.
const ENVIRONMENT: [&str; 6] = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "USER"];

/// Runs it.
pub(super) async fn run(
    argv: &[String],
    incident: Option<&str>,
    limit: Duration,
    live: &mut Live<'_>,
    stopped: &mut watch::Receiver<bool>,
) -> Ended {
    let Some((program, arguments)) = argv.split_first() else {
        return Ended::Failed(String::new(), WORDS.no_program.to_owned());
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .envs(ENVIRONMENT.iter().filter_map(|name| Some((*name, std::env::var_os(name)?))))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if let Some(incident) = incident {
        command.env("PLANTAO_INCIDENT", incident);
    }
    // A group of its own, so that what it starts ends with it.
    #[cfg(unix)]
    command.process_group(0);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Ended::Failed(String::new(), (WORDS.cannot_start)(program, &error.to_string())),
    };
    let group = child.id();
    let mut tail = Tail::default();
    let (mut out, mut err) = (child.stdout.take(), child.stderr.take());
    let deadline = tokio::time::sleep(limit);
    tokio::pin!(deadline);
    let mut look = tokio::time::interval(PACE);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut told = 0;
    let (mut one, mut other) = ([0_u8; 4096], [0_u8; 4096]);
    let status = loop {
        tokio::select! {
            read = read(&mut out, &mut one), if out.is_some() => take(&mut out, &read, &one, &mut tail),
            read = read(&mut err, &mut other), if err.is_some() => take(&mut err, &read, &other, &mut tail),
            status = child.wait(), if out.is_none() && err.is_none() => break status,
            () = &mut deadline => {
                end(group, &mut child).await;
                return Ended::Failed(tail.text(), (WORDS.too_long)(limit.as_secs()));
            }
            () = stop_told(stopped) => {
                end(group, &mut child).await;
                return Ended::Stopped(tail.text());
            }
            _ = look.tick() => {
                if tail.seen != told {
                    told = tail.seen;
                    live.said(&tail.text()).await;
                }
            }
        }
    };
    match status {
        Ok(status) if status.success() => Ended::Done(tail.text()),
        Ok(status) => Ended::Failed(tail.text(), (WORDS.exit_status)(&status.to_string())),
        Err(error) => Ended::Failed(tail.text(), error.to_string()),
    }
}

async fn read(from: &mut Option<impl AsyncReadExt + Unpin>, buffer: &mut [u8]) -> std::io::Result<usize> {
    match from {
        Some(from) => from.read(buffer).await,
        None => Ok(0),
    }
}

fn take<T>(from: &mut Option<T>, read: &std::io::Result<usize>, buffer: &[u8], tail: &mut Tail) {
    match read {
        Ok(count) if *count > 0 => tail.push(buffer.get(..*count).unwrap_or_default()),
        _ => *from = None,
    }
}

/// Ends the program and all that it started.
async fn end(group: Option<u32>, child: &mut tokio::process::Child) {
    #[cfg(unix)]
    if let Some(group) = group.and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw)
    {
        // It may have ended by itself just now.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    #[cfg(not(unix))]
    let _ = group;
    let _ = child.kill().await;
}

/// The end of what a program says.
#[derive(Default)]
struct Tail {
    bytes: Vec<u8>,
    /// Bytes that were said.
    seen: usize,
}

impl Tail {
    fn push(&mut self, bytes: &[u8]) {
        self.seen += bytes.len();
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() > KEPT * 2 {
            self.bytes.drain(..self.bytes.len() - KEPT);
        }
    }

    /// Masked, with a word of what is not kept.
    fn text(&self) -> String {
        let from = self.bytes.len().saturating_sub(KEPT);
        let kept = self.bytes.get(from..).unwrap_or_default();
        let text = privacy::safe(&String::from_utf8_lossy(kept)).into_string();
        let lost = self.seen - kept.len();
        if lost > 0 { (WORDS.output_cut)(lost, &text) } else { text }
    }
}
