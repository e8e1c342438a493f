//! `query`: one PromQL query, for scripts.

use std::io::Read;

use clap::{Args, ValueEnum};

use super::values;
use crate::model::duration;
use crate::text::metrics::EN as WORDS;

/// Longest query that is read from a file, bytes.
const MOST: u64 = 65_536;

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
    /// PromQL
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
    pub query_file: Option<String>,
}

impl QueryArgs {
    /// The query, from wherever it comes; else what is wrong, in words.
    pub fn text(&self) -> Result<String, String> {
        let text = match (&self.query, self.query_file.as_deref()) {
            (Some(query), None) => query.clone(),
            (None, Some("-")) => {
                read(&mut std::io::stdin().lock()).map_err(|why| (WORDS.query.file)("-", &why))?
            }
            (None, Some(path)) => std::fs::File::open(path)
                .map_err(|error| error.to_string())
                .and_then(|mut file| read(&mut file))
                .map_err(|why| (WORDS.query.file)(path, &why))?,
            _ => return Err(WORDS.query.one_query.to_owned()),
        };
        let text = text.trim();
        if text.is_empty() { Err(WORDS.query.empty.to_owned()) } else { Ok(text.to_owned()) }
    }
}

fn read(from: &mut dyn Read) -> Result<String, String> {
    let mut text = String::new();
    let mut bounded = from.take(MOST + 1);
    bounded.read_to_string(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > MOST { Err((WORDS.query.too_long)(MOST)) } else { Ok(text) }
}
