//! `query`: one PromQL query, for scripts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::values;
use crate::model::duration;

/// How the answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum QueryFormat {
    /// Columns for a person; of a range the figures of each series
    #[default]
    Table,
    /// One JSON document with raw values (docs/json.md)
    Json,
    /// Comma-separated values (RFC 4180), a line for each value
    Csv,
}

/// `query`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao query 'sum by (job) (up)'
  plantao query 'rate(http_requests_total[5m])' --range --since 6h --format csv > requests.csv
  plantao query 'up' --at '2026-11-20 03:12' --format json
  plantao query --range --from 03:00 --to 04:00 --step 15s --query-file query.promql
  echo 'up{instance=\"…\"}' | plantao query --query-file -

Times are in the pack's zone unless they name one. A range includes both ends; a long one is asked for in
pieces and written as they come.

Exit status: 0 done; 1 nothing matches; 2 the query or the configuration is wrong; 3 Prometheus does not
answer; 4 the answer is incomplete (said on stderr); 130 interrupted.")]
pub struct QueryArgs {
    /// PromQL; `-` reads it from stdin
    #[arg(value_name = "PROMQL", conflicts_with = "query_file", required_unless_present = "query_file")]
    pub query: Option<String>,
    /// Values over time instead of at one moment
    #[arg(long)]
    pub range: bool,
    /// Length of the range, up to --to or now [default: 1h]
    #[arg(long, value_name = "DUR", value_parser = values::window, requires = "range", conflicts_with = "from")]
    pub since: Option<u32>,
    /// First moment of the range
    #[arg(long, value_name = "TIME", requires = "range")]
    pub from: Option<String>,
    /// Last moment of the range [default: now]
    #[arg(long, value_name = "TIME", requires = "range")]
    pub to: Option<String>,
    /// Seconds between two values of the range [default: some 250 steps]
    #[arg(long, value_name = "DUR", value_parser = duration::parse, requires = "range")]
    pub step: Option<u32>,
    /// The moment [default: now]
    #[arg(long, value_name = "TIME", conflicts_with = "range")]
    pub at: Option<String>,
    /// Output
    #[arg(long, value_enum, default_value_t)]
    pub format: QueryFormat,
    /// Read the query from a file, - is stdin: for what must not stand among the arguments of a process
    #[arg(long, value_name = "FILE")]
    pub query_file: Option<PathBuf>,
}
