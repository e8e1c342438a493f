//! Arguments of what acts: `ack`, `unack`, `silence`, `unsilence`.

use clap::Args;

use super::values;
use crate::model::Matcher;

/// `ack`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao ack 9d3be1a4c5f6a7b8 --comment 'looking into it'
  plantao ack alertname=HighFailedAuthRate department=icu --comment 'known, change 4711' --for 30m
  plantao ack 9d3be1a4c5f6a7b8 --comment 'mine, but keep ringing' --no-silence

The acknowledgement is recorded in the journal and, as a lease, made a silence that a console or a watcher extends
while the alert fires.

Exit status: 0 acknowledged; 1 no alert matches, or a colleague has it; 2 wrong usage, or your role may not;
3 Alertmanager did not answer: nothing is known of alerts; 4 recorded, but not all is at Alertmanager yet.")]
pub struct AckArgs {
    /// A fingerprint, or conditions that must all hold: name="value", with =, !=, =~ or !~
    #[arg(value_name = "FINGERPRINT|MATCHER", required = true, value_parser = Which::parse)]
    pub which: Vec<Which>,
    /// Why, for whoever comes next
    #[arg(long, value_name = "TEXT")]
    pub comment: String,
    /// How long it mutes before it is extended; the configured time otherwise
    #[arg(long = "for", value_name = "DUR", value_parser = values::hold)]
    pub hold: Option<u32>,
    /// Record it, but let Alertmanager go on notifying
    #[arg(long)]
    pub no_silence: bool,
}

/// `unack`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Example:
  plantao unack 9d3be1a4c5f6a7b8

Exit status: 0 taken back; 1 nothing that matches is acknowledged in the journal; 2 wrong usage, or your role may not;
4 taken back, but a silence still stands at Alertmanager: its end is tried again.")]
pub struct UnackArgs {
    /// A fingerprint, or conditions that must all hold: name="value", with =, !=, =~ or !~
    #[arg(value_name = "FINGERPRINT|MATCHER", required = true, value_parser = Which::parse)]
    pub which: Vec<Which>,
}

/// `silence`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao silence alertname=MacStudioHighCPU --for 2h --comment 'load test' --dry-run
  plantao silence alertname=MacStudioHighCPU --for 2h --comment 'load test'
  plantao silence department=icu job=ai-engine --start 22:00 --for 3h --comment 'maintenance window'

What it mutes now, and would have muted in the last 7 days, is told on stderr (with --dry-run, on stdout) by
department and severity. What mutes everything, or critical alerts of a department that no matcher names, is refused
unless --confirm repeats the words that the refusal names.

Exit status: 0 done; 1 refused for what it would mute; 2 wrong usage, or your role may not; 3 Alertmanager did not
answer; 4 (--dry-run) not all of it could be looked at.")]
pub struct SilenceArgs {
    /// Conditions that must all hold: name="value", with =, !=, =~ or !~
    #[arg(value_name = "MATCHER", required = true, value_parser = Matcher::parse)]
    pub matchers: Vec<Matcher>,
    /// How long
    #[arg(long = "for", value_name = "DUR", value_parser = values::silence)]
    pub hold: u32,
    /// Why, for whoever comes next
    #[arg(long, value_name = "TEXT")]
    pub comment: String,
    /// From when: RFC 3339, unix seconds, +2h, 22:00 (the next one), "2026-11-20 03:12" (bare times are in the pack's
    /// zone); at once otherwise
    #[arg(long, value_name = "TIME")]
    pub start: Option<String>,
    /// Only tell what it would mute
    #[arg(long)]
    pub dry_run: bool,
    /// The words that a refusal names, in full
    #[arg(long, value_name = "WORDS")]
    pub confirm: Option<String>,
    /// Form of what it mutes
    #[arg(long, value_enum, default_value_t = super::ListFormat::Table)]
    pub format: super::ListFormat,
}

/// `unsilence`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Example:
  plantao unsilence 4f6ad1a0-5a0e-4d1e-9e54-1d9b6f1a2c3d

Exit status: 0 ended; 1 there is no such silence, or it is over; 2 wrong usage, or your role may not; 3 Alertmanager did
not answer.")]
pub struct UnsilenceArgs {
    /// Id of the silence, as `plantao silences` lists it
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
}

/// What names alerts.
#[derive(Clone, Debug, PartialEq)]
pub enum Which {
    /// Alertmanager's fingerprint.
    Fingerprint(String),
    /// A condition.
    Matcher(Matcher),
}

impl Which {
    /// Reads one.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Self::Fingerprint(text.to_ascii_lowercase()));
        }
        Matcher::parse(text).map(Self::Matcher).map_err(|why| (crate::text::cli::EN.no_fingerprint)(&why))
    }
}
