//! `logs`: log lines of a query, for scripts. Arguments, and how a line is written.

use std::io::IsTerminal;
use std::path::PathBuf;

use chrono_tz::Tz;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Output, query_text};
use crate::client::LogAsk;
use crate::model::{Labels, LogEntry, Time, duration, time};
use crate::text::logs_command::EN as WORDS;

/// Length of the window where none is given, in seconds.
const SINCE_S: u32 = 3600;

/// `logs`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao logs '{service=\"medical-api\"} |= \"error\"' --since 15m
  plantao logs '{job=\"api\"}' --from '2026-11-20 03:00' --to '2026-11-20 04:00' --all --format jsonl > lines.jsonl
  plantao logs '{service=\"auth-service\"}' --follow
  printf '%s' '{service=\"medical-api\"} |= \"529.982.247-25\"' | plantao logs --query-file -

What is about a person is written masked, and read from a file or stdin, never from arguments.

Exit status: 0 at least one line; 1 none matches; 2 wrong usage, or Loki refuses the query; 3 Loki did not answer;
4 not all lines came (told on stderr); 130 interrupted.")]
pub struct LogsArgs {
    /// LogQL, for lines; `-` reads it from stdin
    #[arg(value_name = "QUERY", required_unless_present = "query_file")]
    pub query: Option<String>,
    /// File that holds the query; `-` is stdin
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    pub query_file: Option<PathBuf>,
    /// Length of the window, such as 90s, 15m, 1h30m, 7d; 1h otherwise
    #[arg(long, value_name = "DUR", value_parser = duration::parse, conflicts_with = "from")]
    pub since: Option<u32>,
    /// First moment: RFC 3339, unix seconds, now-90m, today, 03:12, "2026-11-20 03:12" (bare times are in the
    /// pack's zone)
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Last moment, included; now otherwise
    #[arg(long, value_name = "TIME", conflicts_with = "follow")]
    pub to: Option<String>,
    /// Most lines
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: u64,
    /// Every line of the window, however many: in pages, so it needs no memory for them
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    /// Newest lines first, or oldest first
    #[arg(long, value_enum, default_value_t = Direction::Backward)]
    pub direction: Direction,
    /// The same as --direction forward
    #[arg(long, conflicts_with = "direction")]
    pub forward: bool,
    /// Go on with what comes live, oldest first, until interrupted
    #[arg(long, conflicts_with = "direction")]
    pub follow: bool,
    /// Form of the lines
    #[arg(long, value_enum, default_value_t = LineFormat::Text)]
    pub format: LineFormat,
}

/// Orders of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Direction {
    /// Newest first
    Backward,
    /// Oldest first
    Forward,
}

/// Forms of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LineFormat {
    /// Moment, labels, line
    Text,
    /// A JSON object for each line
    Jsonl,
}

impl LogsArgs {
    /// What is to be read, by the clock and in the zone of bare times.
    pub fn ask(&self, now: Time, zone: Tz) -> Result<LogAsk, String> {
        let moment = |option: &str, text: &Option<String>| match text {
            Some(text) => {
                time::parse(text, now, zone).map(Some).map_err(|why| (WORDS.bad_time)(option, &why))
            }
            None => Ok(None),
        };
        let to = moment("--to", &self.to)?.unwrap_or(now);
        let since = chrono::TimeDelta::seconds(i64::from(self.since.unwrap_or(SINCE_S)));
        let from = moment("--from", &self.from)?.unwrap_or(to - since);
        if from > to {
            return Err(WORDS.backwards.to_owned());
        }
        let ns = |at: Time| at.timestamp_nanos_opt().unwrap_or(i64::MAX - 1);
        Ok(LogAsk {
            query: query_text::needed(self.query.as_deref(), self.query_file.as_ref())?,
            from: ns(from),
            to: ns(to),
            forward: self.forward || self.direction == Direction::Forward || self.follow && self.all,
            limit: (!self.all).then_some(self.limit),
        })
    }
}

/// Writes lines.
#[derive(Clone, Copy, Debug)]
pub struct Writer {
    /// Form.
    pub format: LineFormat,
    /// Zone of moments.
    pub zone: Tz,
}

impl Writer {
    /// Writes one entry.
    pub fn write(&self, entry: &LogEntry, out: &mut Output<'_>) {
        #[derive(Serialize)]
        struct Written<'a> {
            ts: String,
            labels: &'a Labels,
            line: &'a str,
            metadata: &'a Labels,
        }
        let text = match self.format {
            LineFormat::Jsonl => {
                let line = Written {
                    ts: entry.ts.to_string(),
                    labels: &entry.labels,
                    line: &entry.line,
                    metadata: &entry.metadata,
                };
                // Strings and maps of strings always become JSON.
                serde_json::to_string(&line).unwrap_or_default()
            }
            // A line of several keeps them, each further one set in, so that the next entry is told from them.
            LineFormat::Text => {
                let line = entry.line.trim_end_matches('\n').replace('\n', "\n    ");
                format!("{} {} {line}", self.moment(entry.ts), entry.labels)
            }
        };
        out.result(&text);
        out.result("\n");
    }

    /// A moment, to the millisecond, with its zone.
    pub fn moment(&self, ns: i64) -> String {
        Time::from_timestamp_nanos(ns)
            .with_timezone(&self.zone)
            .format("%Y-%m-%dT%H:%M:%S%.3f%:z")
            .to_string()
    }
}

/// How far it is, while the lines go elsewhere than to the terminal.
#[derive(Debug)]
pub struct Progress {
    shown: bool,
    said: Option<std::time::Instant>,
}

impl Progress {
    /// Moves only where somebody sees it move, and where lines do not already.
    pub fn new(out: &Output<'_>) -> Self {
        Self { shown: out.is_watched() && !std::io::stdout().is_terminal(), said: None }
    }

    /// Whether it is shown at all.
    pub fn is_shown(&self) -> bool {
        self.shown
    }

    /// Says how far it is, ten times a second at most.
    pub fn say(&mut self, words: &str, out: &mut Output<'_>) {
        const PACE: std::time::Duration = std::time::Duration::from_millis(100);
        if self.shown && self.said.is_none_or(|said| said.elapsed() >= PACE) {
            self.said = Some(std::time::Instant::now());
            out.progress(words);
        }
    }
}
