//! `query`, put together.

pub(super) mod range;

use super::parts::Parts;
use crate::cli::query::{QueryArgs, QueryFormat};
use crate::cli::{Exit, Output, query_text};
use crate::client::Clients;
use crate::config::Loaded;
use crate::explore::series::differing;
use crate::export::query as write;
use crate::model::ask::{Answer, Ask};
use crate::model::{Fault, FaultKind, Labels, Sample, Series, SourceId, Time, time};
use crate::privacy;
use crate::text::metrics::EN as TEXT;

/// Words of this command.
const WORDS: &crate::text::metrics::QueryText = &TEXT.query;

/// Runs the command.
pub fn run(args: &QueryArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    let query = match query_text::needed(args.query.as_deref(), args.query_file.as_ref()) {
        Ok(query) => query,
        Err(why) => {
            out.say(&why);
            return Exit::Usage;
        }
    };
    let clients = Clients::with_clock(loaded.config.active(), parts.clock);
    if !clients.is_configured(&SourceId::PROMETHEUS) {
        out.say(WORDS.no_prometheus);
        return Exit::Usage;
    }
    let zone = parts.pack.zone;
    let stamp = move |at: Time| {
        let zone = if loaded.config.ui.utc { chrono_tz::UTC } else { zone };
        at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %Z").to_string()
    };
    if args.range {
        let planned = range::plan(args, parts.clock.now(), zone);
        return match planned {
            Ok(grid) => range::run(&query, grid, args.format, &clients, &stamp, out),
            Err(why) => {
                out.say(&why);
                Exit::Usage
            }
        };
    }
    let now = parts.clock.now();
    let at = match args.at.as_deref().map(|text| moment("--at", text, now, zone)).transpose() {
        Ok(at) => at.unwrap_or(now),
        Err(why) => {
            out.say(&why);
            return Exit::Usage;
        }
    };
    let at = chrono::DateTime::from_timestamp_millis(at.timestamp_millis()).unwrap_or(at);
    instant(&query, at, args.format, &clients, &stamp, out)
}

/// A moment of an argument.
fn moment(flag: &str, text: &str, now: Time, zone: chrono_tz::Tz) -> Result<Time, String> {
    time::parse(text, now, zone).map_err(|why| format!("{flag}: {why}"))
}

fn instant(
    query: &str,
    at: Time,
    format: QueryFormat,
    clients: &Clients,
    stamp: &dyn Fn(Time) -> String,
    out: &mut Output<'_>,
) -> Exit {
    let ask = Ask::Instant { query: query.into(), at };
    let answered = match super::block_on(clients.ask(&ask), out) {
        Ok(Ok(answered)) => answered,
        Ok(Err(fault)) => return refused(&fault, out),
        Err(exit) => return exit,
    };
    for warning in &answered.warnings {
        out.say(&(WORDS.warning)(warning));
    }
    let (samples, stretch): (Vec<Sample>, Vec<Series>) = match answered.answer {
        Answer::Vector(samples) => (samples, Vec::new()),
        Answer::Matrix(series) => (Vec::new(), series),
        _ => (Vec::new(), Vec::new()),
    };
    let masked = privacy::safe(query);
    match format {
        QueryFormat::Json => {
            let values = if stretch.is_empty() { Ok(&samples[..]) } else { Err(&stretch[..]) };
            out.result(&write::instant_json(&masked, at, values, &answered.warnings));
        }
        QueryFormat::Csv => {
            let sets = samples.iter().map(|one| &one.labels).chain(stretch.iter().map(|one| &one.labels));
            let (csv, head) = write::Csv::begin(sets, false);
            out.result(&head);
            for sample in &samples {
                out.result(&csv.line(&sample.labels, sample.at.timestamp_millis(), Some(sample.value)));
            }
            for one in &stretch {
                for point in &one.points {
                    out.result(&csv.line(&one.labels, point.t, Some(point.v)));
                }
            }
        }
        QueryFormat::Table if samples.is_empty() => {
            let rows = stretch.iter().flat_map(|one| {
                let value = |point: &crate::model::Point| {
                    let at = chrono::DateTime::from_timestamp_millis(point.t).unwrap_or(at);
                    vec![stamp(at), write::raw(point.v)]
                };
                one.points.iter().map(move |point| (&one.labels, value(point)))
            });
            let heads = [WORDS.time.to_owned(), TEXT.value.to_owned()];
            columns(&rows.collect::<Vec<_>>(), &heads, &[false, true], out);
        }
        QueryFormat::Table => {
            let rows: Vec<_> = samples.iter().map(|one| (&one.labels, vec![write::raw(one.value)])).collect();
            out.say(&(WORDS.at)(&stamp(at)));
            columns(&rows, &[TEXT.value.to_owned()], &[true], out);
        }
    }
    ended(samples.is_empty() && stretch.is_empty(), answered.warnings.is_empty(), out)
}

/// The status of an answer that came.
fn ended(nothing: bool, whole: bool, out: &mut Output<'_>) -> Exit {
    if nothing {
        out.say(WORDS.nothing);
    }
    match (whole, nothing) {
        (false, _) => Exit::Incomplete,
        (true, true) => Exit::Negative,
        (true, false) => Exit::Done,
    }
}

/// The status of an answer that did not come.
fn refused(fault: &Fault, out: &mut Output<'_>) -> Exit {
    out.say(&fault.detail);
    match fault.kind {
        FaultKind::BadQuery | FaultKind::Setup => Exit::Usage,
        _ => Exit::Unreachable,
    }
}

/// A table with a column for each label in which the rows differ, then the rest. What all have in common is told
/// beside it.
fn columns(rows: &[(&Labels, Vec<String>)], heads: &[String], right: &[bool], out: &mut Output<'_>) {
    let sets: Vec<&Labels> = rows.iter().map(|(labels, _)| *labels).collect();
    let Some(first) = sets.first() else { return };
    let metrics = sets.iter().any(|labels| labels.metric_name() != first.metric_name());
    let mut names: Vec<&str> = differing(&sets);
    let alone = names.is_empty() && !metrics;
    if alone {
        names = first.iter().map(|(name, _)| name).filter(|name| *name != "__name__").collect();
    }
    if metrics || alone && !first.metric_name().is_empty() {
        names.insert(0, "__name__");
    }
    let common: Vec<(&str, &str)> = first.iter().filter(|(name, _)| !names.contains(name)).collect();
    if !common.is_empty() {
        out.say(&(WORDS.common)(&common.into_iter().collect::<Labels>().to_string()));
    }
    let heads: Vec<String> =
        names.iter().map(|name| (*name).to_owned()).chain(heads.iter().cloned()).collect();
    let cell = |text: &str| crate::cli::output::harmless(text).replace('\n', " ");
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|(labels, rest)| {
            names
                .iter()
                .map(|name| cell(labels.get(name).unwrap_or("")))
                .chain(rest.iter().cloned())
                .collect()
        })
        .collect();
    let right: Vec<bool> = names.iter().map(|_| false).chain(right.iter().copied()).collect();
    out.result(&write::table(&heads, &lines, &right));
}
