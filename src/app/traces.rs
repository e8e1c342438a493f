//! `traces` and `trace`, put together.

use super::lists::table;
use super::query::range;
use super::{block_on, parts::Parts};
use crate::cli::query::QueryFormat;
use crate::cli::traces::{TraceArgs, TraceFormat, TracesArgs, TracesFormat};
use crate::cli::{Exit, Output, query_text};
use crate::client::Clients;
use crate::config::Loaded;
use crate::explore::hits;
use crate::explore::waterfall::Waterfall;
use crate::export;
use crate::export::query::Grid;
use crate::model::ask::{Answer, Answered, Ask, Key};
use crate::model::{Fault, FaultKind, Leak, Time, TraceDoc, TraceHit, Window};
use crate::state::State;
use crate::text::tracecmd::EN as WORDS;
use crate::view::clock;

/// Lists the traces that a query finds.
pub fn search(args: &TracesArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    let now = parts.clock.now();
    let (start, end) = match args.range.resolve(now, parts.pack.zone, loaded.config.ui.window_s) {
        Ok(range) => range,
        Err(problem) => {
            out.say(&problem);
            return Exit::Usage;
        }
    };
    let query = match query_text::needed(args.query.as_deref(), args.query_file.as_ref()) {
        Ok(query) => query,
        Err(problem) => {
            out.say(&problem);
            return Exit::Usage;
        }
    };
    if hits::is_metrics(&query) {
        return metrics(&query, (start, end), args.format, (loaded, parts), out);
    }
    let key = Key::Traces { query: query.as_str().into(), limit: args.limit, spans: args.spans };
    let (list, warnings) = match asked(&Ask::Window { key, start, end }, loaded, parts, out) {
        Ok((Answer::Traces(list), warnings)) => (list, warnings),
        Ok(_) => return Exit::Unreachable,
        Err(exit) => return exit,
    };
    match args.format {
        TracesFormat::Table => {
            let state = screen(loaded, parts, start, end);
            let rows: Vec<[String; 7]> = list.hits.iter().map(|hit| cells(&state, hit)).collect();
            out.result(&table(&WORDS.columns, &rows));
        }
        TracesFormat::Jsonl => {
            for hit in list.hits.iter() {
                out.result(&export::hit_json(hit));
                out.result("\n");
            }
        }
        TracesFormat::Json => {
            out.result("[");
            for (at, hit) in list.hits.iter().enumerate() {
                out.result(if at == 0 { "" } else { "," });
                out.result(&export::hit_json(hit));
            }
            out.result("]\n");
        }
    }
    if list.more {
        out.say(&(WORDS.more)(args.limit));
    }
    tell_leaks(&list.leaks, out);
    ended(&warnings, list.hits.is_empty(), out)
}

/// Writes the series of a query for numbers: Tempo's search would take it for one for traces, and list them all.
fn metrics(
    query: &str,
    (start, end): (Time, Time),
    format: TracesFormat,
    (loaded, parts): (&Loaded, &Parts),
    out: &mut Output<'_>,
) -> Exit {
    let step_s = Window::Past { start, end }.step_s(range::USUAL);
    let step_s = u32::try_from(step_s.max(1)).unwrap_or(u32::MAX);
    let ask = Ask::Window { key: Key::TraceRange(query.into(), step_s), start, end };
    let (series, warnings) = match asked(&ask, loaded, parts, out) {
        Ok((Answer::Matrix(series), warnings)) => (series, warnings),
        Ok(_) => return Exit::Unreachable,
        Err(exit) => return exit,
    };
    // Its moments are the server's, on a grid of its own.
    let times = || series.iter().flat_map(|one| one.points.iter().map(|point| point.t));
    let grid = Grid {
        start_ms: times().min().unwrap_or_else(|| start.timestamp_millis()),
        end_ms: times().max().unwrap_or_else(|| end.timestamp_millis()),
        step_ms: i64::from(step_s) * 1000,
    };
    let form = match format {
        TracesFormat::Table => Some(QueryFormat::Table),
        TracesFormat::Json => Some(QueryFormat::Json),
        TracesFormat::Jsonl => None,
    };
    match form {
        Some(form) => {
            let state = screen(loaded, parts, start, end);
            let stamp = |at: Time| clock::full(&state, at);
            range::written(query, (&series, &warnings), grid, form, &stamp, out);
        }
        None => {
            for one in &series {
                out.result(&export::query::series_json(one, grid));
                out.result("\n");
            }
        }
    }
    ended(&warnings, series.is_empty(), out)
}

/// Writes one trace.
pub fn one(args: &TraceArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    let (doc, warnings) = match asked(&Ask::Plain(Key::Trace(args.id)), loaded, parts, out) {
        Ok((Answer::Trace(doc), warnings)) => (doc, warnings),
        Ok(_) => return Exit::Unreachable,
        Err(exit) => return exit,
    };
    if doc.trace.spans.is_empty() {
        if warnings.is_empty() {
            out.say(&(WORDS.unknown)(&args.id.to_string()));
        }
        return ended(&warnings, true, out);
    }
    match args.format {
        TraceFormat::Json => export::trace_json(&doc, &mut |piece| out.result(piece)),
        TraceFormat::Text => text(&doc, loaded, parts, out),
    }
    tell_leaks(&doc.leaks, out);
    ended(&warnings, false, out)
}

fn text(doc: &TraceDoc, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) {
    let fall = Waterfall::of(&doc.trace);
    let start = Time::from_timestamp_nanos(fall.start);
    let state = screen(loaded, parts, start, start);
    let started = clock::full(&state, start);
    export::trace_text(doc, &fall, &started, loaded.config.ui.ascii, &mut |piece| out.result(piece));
    let rows: Vec<[String; 5]> = fall
        .services
        .iter()
        .map(|service| {
            [
                service.name.to_string(),
                service.spans.to_string(),
                service.errors.to_string(),
                export::span_time(service.own),
                export::span_time(service.critical),
            ]
        })
        .collect();
    out.result("\n");
    out.result(&table(&WORDS.service_columns, &rows));
}

/// The answer with the server's warnings, or how the command ends without one.
fn asked(
    ask: &Ask,
    loaded: &Loaded,
    parts: &Parts,
    out: &mut Output<'_>,
) -> Result<(Answer, Vec<String>), Exit> {
    if loaded.config.active().tempo.is_none() {
        out.say(WORDS.no_tempo);
        return Err(Exit::Usage);
    }
    let clients = Clients::with_clock(loaded.config.active(), parts.clock);
    match block_on(clients.ask(ask), out)? {
        Ok(Answered { answer, warnings, .. }) => Ok((answer, warnings)),
        Err(fault) => Err(failed(&fault, out)),
    }
}

fn failed(fault: &Fault, out: &mut Output<'_>) -> Exit {
    if fault.kind == FaultKind::BadQuery {
        out.say(&(WORDS.bad_query)(&fault.detail));
        return Exit::Usage;
    }
    out.say(&(WORDS.fault)(&fault.detail, (crate::text::fault::EN.advice)(fault.kind)));
    if fault.kind == FaultKind::Setup { Exit::Usage } else { Exit::Unreachable }
}

/// A state that knows the zone in which times are shown.
fn screen(loaded: &Loaded, parts: &Parts, start: Time, end: Time) -> State {
    parts.start(&loaded.config).state((120, 40), Window::Past { start, end })
}

fn cells(state: &State, hit: &TraceHit) -> [String; 7] {
    let number = |number: u32| number.to_string();
    // A server that does not tell of services tells of no number either.
    let sum = |of: fn(&crate::model::TraceService) -> u32| {
        if hit.services.is_empty() { String::new() } else { number(hit.services.iter().map(of).sum()) }
    };
    let services = if hit.services.is_empty() { String::new() } else { hit.services.len().to_string() };
    let root = match (&*hit.root_service, &*hit.root_name) {
        ("", "") => WORDS.no_root.to_owned(),
        ("", name) => name.to_owned(),
        (service, name) => format!("{service}  {name}"),
    };
    [
        clock::full(state, Time::from_timestamp_nanos(hit.start)),
        export::span_time(hit.duration),
        sum(|service| service.spans),
        sum(|service| service.errors),
        services,
        hit.id.to_string(),
        root,
    ]
}

/// Which streams hold personal data is worth knowing to whoever can mend it; the values are masked.
fn tell_leaks(leaks: &[Leak], out: &mut Output<'_>) {
    for leak in leaks {
        let stream = leak.stream.as_deref().unwrap_or(WORDS.others);
        let kind = leak.kind.as_deref().unwrap_or(WORDS.others);
        out.say(&(WORDS.leak)(stream, kind, leak.count));
    }
}

fn ended(warnings: &[String], empty: bool, out: &mut Output<'_>) -> Exit {
    for warning in warnings {
        out.say(&(WORDS.incomplete)(warning));
    }
    match (warnings.is_empty(), empty) {
        (false, _) => Exit::Incomplete,
        (true, true) => Exit::Negative,
        (true, false) => Exit::Done,
    }
}
