//! `audit`: its arguments, and what it writes.

use clap::{Args, Subcommand, ValueEnum};

use super::{Exit, ListFormat, Output, output, values};
use crate::journal::{AuditFilter, Verdict};
use crate::model::Time;
use crate::model::records::Record;
use crate::text::incidents::EN as WORDS;

/// `audit`
#[derive(Clone, Debug, Subcommand)]
pub enum AuditCommand {
    /// List who did what
    #[command(
        after_help = "Exit status: 0 at least one record is listed; 1 none is; 3 the journal cannot be read."
    )]
    List {
        /// Which records
        #[command(flatten)]
        which: Which,
        /// Form of the list
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
    },
    /// Verify that no record was changed, taken out, put in, moved or cut off
    #[command(
        after_help = "Exit status: 0 the audit is whole; 1 it is not, and the first bad record is named; 3 the journal cannot be read."
    )]
    Verify {
        /// Form of the answer
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
    },
    /// Write the records for another program
    #[command(after_help = "\
Example:
  plantao audit export --format csv --since 30d > audit.csv

Exit status: 0 at least one record is written; 1 none is; 3 the journal cannot be read.")]
    Export {
        /// Which records
        #[command(flatten)]
        which: Which,
        /// Form
        #[arg(long, value_enum, default_value_t = AuditFormat::Jsonl)]
        format: AuditFormat,
    },
}

/// Which records.
#[derive(Args, Clone, Debug, Default)]
pub struct Which {
    /// Of the last: 90m, 7d
    #[arg(long, value_name = "DUR", value_parser = values::span)]
    pub since: Option<u32>,
    /// Of this operator
    #[arg(long = "by", value_name = "NAME")]
    pub by: Option<String>,
    /// Of this action, such as ack, silence.expire, or all that begin with it: incident
    #[arg(long, value_name = "ACTION")]
    pub action: Option<String>,
    /// About this object: an incident, a fingerprint, a run
    #[arg(long, value_name = "ID")]
    pub object: Option<String>,
    /// The last so many
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub limit: u32,
}

impl Which {
    /// The same for the journal.
    pub fn filter(&self, now: Time) -> AuditFilter {
        AuditFilter {
            since: self.since.map(|seconds| now - chrono::TimeDelta::seconds(i64::from(seconds))),
            until: None,
            operator: self.by.as_deref().map(Into::into),
            action: self.action.as_deref().map(Into::into),
            object: self.object.as_deref().map(Into::into),
            limit: self.limit,
        }
    }
}

/// Forms of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// A JSON object a line
    Jsonl,
    /// Comma-separated values, RFC 4180
    Csv,
}

/// Writes the list.
pub fn list(records: &[Record], format: ListFormat, zone: chrono_tz::Tz, out: &mut Output<'_>) -> Exit {
    match format {
        ListFormat::Json => out.result(&format!("{}\n", json(&records))),
        ListFormat::Table => {
            let rows: Vec<_> = records.iter().map(|record| row(record, zone)).collect();
            out.result(&output::table(&WORDS.audit_columns, &rows));
        }
    }
    if records.is_empty() { Exit::Negative } else { Exit::Done }
}

fn row(record: &Record, zone: chrono_tz::Tz) -> [String; 8] {
    let actor = &record.actor;
    let who = if actor.origin.is_empty() {
        actor.os_user.to_string()
    } else {
        format!("{} {}", actor.os_user, actor.origin)
    };
    [
        record.seq.to_string(),
        record.at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %Z").to_string(),
        actor.operator.to_string(),
        who,
        record.action.to_string(),
        record.object.to_string(),
        record.outcome.as_str().to_owned(),
        record.details.to_string(),
    ]
}

/// Writes the verdict.
pub fn verify(verdict: &Verdict, format: ListFormat, out: &mut Output<'_>) -> Exit {
    match format {
        ListFormat::Json => {
            let whole = serde_json::json!({ "whole": verdict.is_whole() });
            out.result(&format!("{}\n", merged(&serde_json::to_value(verdict).unwrap_or_default(), &whole)));
        }
        ListFormat::Table if verdict.is_whole() => {
            let words =
                (WORDS.audit_whole)(verdict.records, verdict.first, verdict.last, verdict.beyond_head);
            out.result(&format!("{words}\n"));
        }
        ListFormat::Table => {
            for flaw in &verdict.flaws {
                out.result(&format!("{}\n", output::harmless(&(WORDS.audit_broken)(&flaw.what))));
            }
        }
    }
    if verdict.is_whole() { Exit::Done } else { Exit::Negative }
}

fn merged(one: &serde_json::Value, other: &serde_json::Value) -> serde_json::Value {
    let objects = [other, one].into_iter().filter_map(serde_json::Value::as_object);
    objects.flat_map(|object| object.iter().map(|(name, value)| (name.clone(), value.clone()))).collect()
}

fn json(value: &impl serde::Serialize) -> String {
    // Nothing that the journal gives has keys that are no text.
    serde_json::to_string(value).unwrap_or_default()
}

/// Writes the export.
pub fn export(records: &[Record], format: AuditFormat, out: &mut Output<'_>) -> Exit {
    if format == AuditFormat::Csv {
        out.result("seq,at,operator,os_user,origin,action,object,details,outcome,hash\r\n");
    }
    for record in records {
        match format {
            AuditFormat::Jsonl => out.result(&format!("{}\n", json(record))),
            AuditFormat::Csv => out.result(&csv(record)),
        }
        if !out.is_open() {
            break;
        }
    }
    if records.is_empty() { Exit::Negative } else { Exit::Done }
}

fn csv(record: &Record) -> String {
    let at = record.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let seq = record.seq.to_string();
    let cells = [&*seq, &*at].into_iter().chain(record.texts()).chain([&*record.hash]);
    cells.map(cell).collect::<Vec<_>>().join(",") + "\r\n"
}

/// A cell: in quotes where it must be. What a spreadsheet would take for a formula gets a quote in front.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_cells_and_are_no_formulas() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a,\"b\"\nc"), "\"a,\"\"b\"\"\nc\"");
        assert_eq!(cell("=HYPERLINK(1)"), "'=HYPERLINK(1)");
    }
}
