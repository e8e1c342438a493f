//! The command line: its types, one file per headless subcommand, output and exit status.
//!
//! Owns arguments, what is written to stdout and stderr, exit statuses, and what is read of the
//! process's surroundings (environment, home, terminal). Must not know how a screen is drawn or a
//! server is asked: what a command needs of that comes in as a parameter.

pub mod acting;
pub mod audit;
pub mod bundle;
pub mod change;
pub mod completions;
pub mod config;
pub mod correlate;
pub mod demo;
pub mod detached;
pub mod doctor;
pub mod exit;
pub mod history;
pub mod identity;
pub mod incidents;
pub mod journal;
pub mod logging;
pub mod logs;
pub mod man;
pub mod masking;
pub mod output;
pub mod pack;
pub mod playbook;
pub mod query;
pub mod query_text;
pub mod range;
pub mod rules;
pub mod serve;
pub mod surroundings;
pub mod traces;
pub mod values;
pub mod watch;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::Flags;
use crate::model::Matcher;
pub use bundle::BundleCommand;
pub use demo::{DemoFlags, FaultArg, Wish};
pub use exit::Exit;
pub use output::Output;
pub use serve::{Listen, ServeArgs};
pub use surroundings::Surroundings;
pub use values::Size;

/// The console an on-call engineer opens at 3 a.m.
///
/// Without a command the console opens. It reads Prometheus, Alertmanager, Loki and Tempo; flags
/// suffice, a configuration file holds what stays.
#[derive(Clone, Debug, Parser)]
#[command(name = "plantao", bin_name = "plantao", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do; the console without one.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  plantao demo
  plantao --prometheus http://localhost:9090 --alertmanager http://localhost:9093
  plantao --context lab
  plantao snapshot overview --format json
  plantao alerts 'severity=critical'

Exit status: 0 done; 1 the answer is negative; 2 wrong usage or configuration; 3 a source that was
needed did not answer; 4 the answer is incomplete; 130 interrupted.";

/// Options that every command takes; each outranks its PLANTAO_ variable and the files.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Configuration file to read instead of your own (/etc/plantao/config.toml is still read)
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Context: a named set of servers from the configuration
    #[arg(long, global = true, value_name = "NAME")]
    pub context: Option<String>,
    /// Prometheus, or what speaks its API (Mimir, Thanos, VictoriaMetrics)
    #[arg(long, global = true, value_name = "URL")]
    pub prometheus: Option<String>,
    /// Alertmanager
    #[arg(long, global = true, value_name = "URL")]
    pub alertmanager: Option<String>,
    /// Loki
    #[arg(long, global = true, value_name = "URL")]
    pub loki: Option<String>,
    /// Tempo
    #[arg(long, global = true, value_name = "URL")]
    pub tempo: Option<String>,
    /// Pack: departments, panels, alert rules and runbooks of a field of work
    #[arg(long, global = true, value_name = "NAME")]
    pub pack: Option<String>,
    /// Who you are; your login name otherwise
    #[arg(long, global = true, value_name = "NAME")]
    pub operator: Option<String>,
    /// Only look: no action is possible
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Theme: dark, light, high-contrast, ansi16, mono, or one of your own
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// Keymap: default, vim, or one of your own
    #[arg(long, global = true, value_name = "NAME")]
    pub keymap: Option<String>,
    /// Draw with ASCII characters alone
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Language of the interface: en
    #[arg(long, global = true, value_name = "CODE")]
    pub lang: Option<String>,
    /// Show times in UTC
    #[arg(long, global = true)]
    pub utc: bool,
    /// A saved incident instead of servers: everything is answered from the file
    #[arg(long, global = true, value_name = "FILE")]
    pub bundle: Option<PathBuf>,
    /// Instead of servers.
    #[command(flatten)]
    pub embedded: DemoFlags,
}

impl Global {
    /// The same flags for another process of this program, on real servers.
    pub fn again(&self) -> Vec<std::ffi::OsString> {
        let mut all: Vec<std::ffi::OsString> = Vec::new();
        if let Some(config) = &self.config {
            // That one may run in another folder.
            let path = std::path::absolute(config).unwrap_or_else(|_| config.clone());
            all.extend(["--config".into(), path.into()]);
        }
        let texts = [
            ("--context", &self.context),
            ("--prometheus", &self.prometheus),
            ("--alertmanager", &self.alertmanager),
            ("--loki", &self.loki),
            ("--tempo", &self.tempo),
            ("--pack", &self.pack),
            ("--operator", &self.operator),
        ];
        for (flag, value) in texts {
            if let Some(value) = value {
                all.extend([flag.into(), value.into()]);
            }
        }
        all
    }

    /// The same for `config`, which knows no command line.
    pub fn flags(&self) -> Flags {
        Flags {
            config: self.config.clone(),
            context: self.context.clone(),
            prometheus: self.prometheus.clone(),
            alertmanager: self.alertmanager.clone(),
            loki: self.loki.clone(),
            tempo: self.tempo.clone(),
            pack: self.pack.clone(),
            operator: self.operator.clone(),
            read_only: self.read_only,
            theme: self.theme.clone(),
            keymap: self.keymap.clone(),
            ascii: self.ascii,
            lang: self.lang.clone(),
            utc: self.utc,
        }
    }
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Open the console on the embedded hospital: nothing to install, nothing to configure
    Demo(DemoArgs),
    /// Render one view without a terminal
    Snapshot(SnapshotArgs),
    /// List the alerts, joined from Alertmanager and Prometheus
    Alerts(AlertsArgs),
    /// List the silences
    Silences(SilencesArgs),
    /// Acknowledge alerts: recorded, and muted while they fire
    Ack(acting::AckArgs),
    /// Take acknowledgements back
    Unack(acting::UnackArgs),
    /// Silence what matches, after a look at what that mutes
    Silence(acting::SilenceArgs),
    /// End silences
    Unsilence(acting::UnsilenceArgs),
    /// Incidents: list, show, open, note, assign, resolve
    Incidents(incidents::IncidentsArgs),
    /// Reports
    #[command(subcommand)]
    Report(incidents::ReportCommand),
    /// The audit: who did what, and whether the record of it is whole
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// The journal: copy, check, take out what is at the end of its term
    #[command(subcommand)]
    Journal(journal::JournalCommand),
    /// Log lines of a query, from Loki
    Logs(logs::LogsArgs),
    /// Traces that a query finds, from Tempo
    Traces(traces::TracesArgs),
    /// One trace, from Tempo
    Trace(traces::TraceArgs),
    /// Values or series of a query, from Prometheus
    Query(query::QueryArgs),
    /// Playbooks: what to do about a kind of incident, step by step
    #[command(subcommand)]
    Playbook(playbook::PlaybookCommand),
    /// The responder without a screen: takes alerts, tells people, goes a level up until somebody has it
    Watch(watch::WatchArgs),
    /// Who is on call now, and who is next
    Rota(watch::RotaArgs),
    /// Call somebody, by hand
    Page(watch::PageArgs),
    /// Channels and letters: try one out, see what waits
    #[command(subcommand)]
    Notify(watch::NotifyCommand),
    /// What broke first, and the evidence
    Correlate(correlate::CorrelateArgs),
    /// What was changed: note it, list it
    #[command(subcommand)]
    Change(change::ChangeCommand),
    /// Evidence of an incident as a file: gather, check, look into
    #[command(subcommand)]
    Bundle(BundleCommand),
    /// The pack's alert rules
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Packs: what belongs to a field of work, as data
    #[command(subcommand)]
    Pack(PackCommand),
    /// Check or show the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Check everything plantao needs: configuration, servers, clocks, terminal, files
    #[command(after_help = "\
Examples:
  plantao doctor
  plantao --context lab doctor --format json

Exit status: 0 nothing is broken (warnings may be told); 2 the configuration is wrong; 3 a source does not answer.")]
    Doctor(DoctorArgs),
    /// Write shell completions to stdout
    #[command(after_help = "\
Examples:
  plantao completions bash > /etc/bash_completion.d/plantao
  plantao completions fish > ~/.config/fish/completions/plantao.fish")]
    Completions(CompletionsArgs),
    /// Write the manual page to stdout
    #[command(after_help = "\
Example:
  plantao man > /usr/local/share/man/man1/plantao.1")]
    Man,
}

/// `demo`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao demo
  plantao demo --fault db-pool@20m --fault network-delay@5m
  plantao demo --fault none --at '2026-11-20 03:12'
  plantao --demo snapshot overview
  plantao demo serve --help

Faults: thermal, db-pool, brute-force, transcription-quality, bad-deploy, network-delay,
service-down, memory-leak, pii-leak. Without --fault the machine has been too hot for twelve
minutes (thermal@12m). In the console, :fault begins and mends them, and :tour shows you around.")]
pub struct DemoArgs {
    /// What the hospital's clock shows at the start; it runs on from there: RFC 3339, unix seconds,
    /// now-90m, today, 03:12, "2026-11-20 03:12" (bare times are in the pack's zone)
    #[arg(long, global = true, value_name = "TIME")]
    pub at: Option<String>,
    /// Instead of the console.
    #[command(subcommand)]
    pub instead: Option<DemoCommand>,
}

/// What `demo` does instead of opening the console.
#[derive(Clone, Debug, Subcommand)]
pub enum DemoCommand {
    /// Feed a real stack: pages for Prometheus, log lines to Loki, spans to whatever takes OTLP
    Serve(ServeArgs),
}

/// `snapshot`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao snapshot overview
  plantao snapshot hardware --size 120x40 --format svg --out hardware.svg
  plantao snapshot overview --format json --since 6h --at '2026-11-20 03:12'

Exit status: 0 whole; 3 a source that was needed did not answer; 4 some panes are not filled (told on stderr).")]
pub struct SnapshotArgs {
    /// Name of a view: overview, hardware, models, alerts, sources, department/ID, a page of the pack, logs, traces,
    /// metrics, trace/ID, compare/ID/ID
    #[arg(value_name = "VIEW")]
    pub view: String,
    /// Width and height of the screen in cells
    #[arg(long, value_name = "WxH", default_value = "120x40")]
    pub size: Size,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = SnapshotFormat::Text)]
    pub format: SnapshotFormat,
    /// File to write instead of stdout; `-` is stdout
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Length of the window, such as 90s, 15m, 1h30m, 7d; the configured one otherwise
    #[arg(long, value_name = "DUR", value_parser = values::window)]
    pub since: Option<u32>,
    /// End of the window: RFC 3339, unix seconds, now-90m, today, 03:12, "2026-11-20 03:12"
    /// (bare times are in the pack's zone); now otherwise
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Query of the views logs, traces and metrics; the pack's first ready query otherwise
    #[arg(long, value_name = "QUERY", conflicts_with = "query_file")]
    pub query: Option<String>,
    /// File that holds the query, `-` for stdin: for what is about a person and must not stand in arguments
    #[arg(long, value_name = "FILE")]
    pub query_file: Option<PathBuf>,
    /// How long to wait until every pane is filled
    #[arg(long, value_name = "DUR", default_value = "15s", value_parser = values::wait)]
    pub wait: u32,
}

/// Forms of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SnapshotFormat {
    /// Plain text
    Text,
    /// Text with colours as ANSI sequences
    Ansi,
    /// A picture
    Svg,
    /// A page with colours
    Html,
    /// The raw values of every pane
    Json,
}

/// `alerts`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao alerts
  plantao alerts --format json 'severity=~\"critical|high\"' department=icu

Exit status: 0 at least one alert is listed; 1 none matches; 3 the servers did not answer; 4 only some did.")]
pub struct AlertsArgs {
    /// Form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,
    /// Conditions that must all hold: name="value", with =, !=, =~ or !~
    #[arg(value_name = "MATCHER", value_parser = Matcher::parse)]
    pub matchers: Vec<Matcher>,
}

/// `silences`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao silences
  plantao silences --format json department=icu

Exit status: 0 at least one silence is listed; 1 none matches; 3 Alertmanager did not answer.")]
pub struct SilencesArgs {
    /// Form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,
    /// Conditions that must all hold on what the silence's own matchers name: name="value", with =, !=, =~ or !~
    #[arg(value_name = "MATCHER", value_parser = Matcher::parse)]
    pub matchers: Vec<Matcher>,
}

/// Forms of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For a person
    Table,
    /// For a program
    Json,
}

/// `rules`
#[derive(Clone, Debug, Subcommand)]
pub enum RulesCommand {
    /// Write the pack's alert rules to stdout, as a rule file of Prometheus
    #[command(after_help = "\
Example:
  plantao rules export > /etc/prometheus/rules/hospital.yml && promtool check rules /etc/prometheus/rules/hospital.yml")]
    Export,
    /// Check that the rules fit the pack and, with a Prometheus, that it has them and can evaluate them
    #[command(after_help = "\
Exit status: 0 they do; 1 some are missing or broken; 2 the pack is wrong; 3 Prometheus did not answer.")]
    Check,
}

/// `pack`
#[derive(Clone, Debug, Subcommand)]
pub enum PackCommand {
    /// List the packs: shipped ones and your own
    List,
    /// Read a pack and tell every problem of it
    Check {
        /// Pack; the configured one otherwise
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
}

/// `config`
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Read the configuration and tell every problem of it
    #[command(after_help = "Exit status: 0 no problem; 2 at least one.")]
    Check,
    /// Write the effective configuration as TOML, each value with its origin; secrets are not shown
    Show,
}

/// `doctor`
#[derive(Args, Clone, Copy, Debug)]
pub struct DoctorArgs {
    /// Form of the report
    #[arg(long, value_enum, default_value_t = DoctorFormat::Text)]
    pub format: DoctorFormat,
}

/// Forms of the doctor's report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DoctorFormat {
    /// For a person
    Text,
    /// For a program
    Json,
}

/// `completions`
#[derive(Args, Clone, Copy, Debug)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
