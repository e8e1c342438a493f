//! `traces` and `trace`: traces of a query, and one trace, for scripts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::range::RangeArgs;
use crate::model::TraceId;
use crate::text::tracecmd::EN as WORDS;

/// `traces`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao traces '{status=error}' --since 30m
  plantao traces '{duration>2s}' --from 03:00 --to 03:30 --limit 100 --format jsonl | jq -r .trace_id
  plantao traces '{resource.service.name=\"api-gateway\"} >> {status=error} | select(span.http.route)' --format json
  plantao traces '{status=error} | rate() by (resource.service.name)' --since 1h
  printf '%s' '{span.cpf=\"529.982.247-25\"}' | plantao traces --query-file -

What is about a person is written masked, and read from a file or stdin, never from arguments.

Exit status: 0 at least one trace is listed; 1 none matches; 2 Tempo refuses the query; 3 Tempo did not answer;
4 its answer is incomplete (told on stderr).")]
pub struct TracesArgs {
    /// TraceQL; {} is every trace, with a `rate` of them numbers over time; `-` reads it from stdin
    #[arg(value_name = "QUERY", required_unless_present = "query_file")]
    pub query: Option<String>,
    /// File that holds the query; `-` is stdin: for what must not stand among the arguments of a process
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    pub query_file: Option<PathBuf>,
    /// When.
    #[command(flatten)]
    pub range: RangeArgs,
    /// Most traces
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
    /// Most matched spans of each trace
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub spans: u32,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = TracesFormat::Table)]
    pub format: TracesFormat,
}

/// Forms of a list of traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TracesFormat {
    /// For a person
    Table,
    /// For a program: one object a line
    Jsonl,
    /// For a program: one array
    Json,
}

/// `trace`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao trace 19f3f0e3dfb8f65015a10f507efb6740
  plantao trace 19f3f0e3dfb8f65015a10f507efb6740 --format json | jq '.spans[] | select(.status == \"error\")'

Exit status: 0 the trace is written; 1 Tempo does not know it; 2 the id is none; 3 Tempo did not answer;
4 spans of it are missing (told on stderr).")]
pub struct TraceArgs {
    /// Id of the trace in hex, or a traceparent header
    #[arg(value_name = "ID", value_parser = id)]
    pub id: TraceId,
    /// Form of the trace
    #[arg(long, value_enum, default_value_t = TraceFormat::Text)]
    pub format: TraceFormat,
}

/// Forms of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TraceFormat {
    /// A tree with bars, for a person
    Text,
    /// For a program
    Json,
}

/// Hex digits, or a traceparent header (w3.org/TR/trace-context): `00-TRACE-SPAN-01`.
fn id(text: &str) -> Result<TraceId, String> {
    let text = text.trim();
    let parts: Vec<&str> = text.split('-').collect();
    let hex = match parts[..] {
        [version, trace, span, flags] if (version.len(), span.len(), flags.len()) == (2, 16, 2) => trace,
        _ => text,
    };
    TraceId::parse(hex).ok_or_else(|| (WORDS.bad_id)(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_people_copy_them() {
        let whole = "19f3f0e3dfb8f65015a10f507efb6740";
        for text in [whole, " 19F3F0E3DFB8F65015A10F507EFB6740\n", &format!("00-{whole}-00f067aa0ba902b7-01")]
        {
            assert_eq!(id(text).map(|id| id.to_string()).as_deref(), Ok(whole));
        }
        assert_eq!(id("ab"), Ok(TraceId(0xab)), "Tempo's search drops leading zeros");
        for text in ["", "zzz", "19f3-f0e3", &"1".repeat(33), "00--00f067aa0ba902b7-01"] {
            assert!(id(text).expect_err(text).contains("is not the id of a trace"));
        }
    }
}
