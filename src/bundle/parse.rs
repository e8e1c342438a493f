//! From a line to a record.

use super::error::{BundleError, Report};
use super::intern::Interner;
use super::record::{
    AlertLine, ChangeLine, EdgeLine, Kind, LogLine, ManifestLine, PeriodLine, SeriesLine, SpanLine,
};
use super::values::{Moment, Names, Text};
use super::{FORMAT, VERSION};
use crate::model::evidence::{
    AlertRecord, ChangeRecord, EdgeRecord, Evidence, LogRecord, Manifest, OtherRecord, Period, Relation,
    SeriesRecord, SpanRecord, Symptom,
};
use crate::model::{Labels, SpanStatus};

/// The manifest of a bundle's first line.
pub fn manifest(line: &str, report: &mut Report) -> Result<Manifest, BundleError> {
    let wrong = |why: String| BundleError::Manifest(why);
    let kind: Kind<'_> = serde_json::from_str(line).map_err(|why| wrong(told(&why)))?;
    match &kind.0 {
        Some(kind) if kind.0 == "manifest" => {}
        Some(kind) => return Err(wrong(format!("its kind is `{}`", kind.0))),
        None => return Err(wrong("it has no kind".to_owned())),
    }
    let read: ManifestLine<'_> = serde_json::from_str(line).map_err(|why| wrong(told(&why)))?;
    match read.format {
        Some(format) if format.0 == FORMAT => {}
        Some(format) => return Err(wrong(format!("its format is `{}`", format.0))),
        None => return Err(wrong("it names no format".to_owned())),
    }
    match read.version {
        Some(VERSION) => {}
        Some(later) if later > VERSION => return Err(BundleError::Version(later)),
        _ => return Err(wrong("it names no version".to_owned())),
    }
    for key in &read.unknown {
        report.unknown_key(&key.0);
    }
    let window = read.window.ok_or_else(|| wrong("it has no window".to_owned()))?;
    Ok(Manifest {
        id: owned(read.id),
        window: period(&window).map_err(|why| wrong(format!("its window {why}")))?,
        baselines: read
            .baselines
            .unwrap_or_default()
            .iter()
            .map(|one| period(one).map_err(|why| wrong(format!("a baseline {why}"))))
            .collect::<Result<_, _>>()?,
        symptom: read
            .symptom
            .map(|symptom| Symptom { component: owned(symptom.component), signal: owned(symptom.signal) }),
        source: owned(read.source),
    })
}

fn period(read: &PeriodLine<'_>) -> Result<Period, &'static str> {
    match (read.start, read.end) {
        (Some(Moment(start)), Some(Moment(end))) if start <= end => Ok(Period { start, end }),
        (Some(_), Some(_)) => Err("ends before it starts"),
        _ => Err("has no start or no end"),
    }
}

/// What one line was.
pub enum Parsed {
    /// A record, now in the evidence.
    Kept,
    /// The seal, which must be the last.
    Seal,
    /// Nothing that anybody knows.
    Unknown,
}

/// The kind of a line. Writers put it first; others are read for it.
fn kind(line: &str) -> Result<std::borrow::Cow<'_, str>, String> {
    if let Some(rest) = line.strip_prefix("{\"kind\":\"")
        && let Some(end) = rest.find(['"', '\\'])
        && rest.as_bytes().get(end) == Some(&b'"')
    {
        return Ok(std::borrow::Cow::Borrowed(&rest[..end]));
    }
    let kind: Kind<'_> = serde_json::from_str(line).map_err(|why| told(&why))?;
    kind.0.map(|kind| kind.0).ok_or_else(|| "it has no kind".to_owned())
}

/// Reads a line into the evidence.
pub fn line(
    line: &str,
    into: &mut Evidence,
    intern: &mut Interner,
    report: &mut Report,
) -> Result<Parsed, String> {
    let kind = kind(line)?;
    match &*kind {
        "span" => {
            let read: SpanLine<'_> = parse(line)?;
            unknown(&read.unknown, report);
            into.spans.push(span(read, intern)?);
        }
        "log" => {
            let read: LogLine<'_> = parse(line)?;
            unknown(&read.unknown, report);
            let text = need(read.line, "line")?;
            into.logs.push(LogRecord {
                ts: need(read.ts, "ts")?.0,
                labels: labels(read.labels, intern),
                line: intern.single(&text.0),
                trace_id: read.trace_id.filter(|id| !id.0.is_empty()).map(|id| intern.text(&id.0)),
                span_id: read.span_id.filter(|id| !id.0.is_empty()).map(|id| intern.single(&id.0)),
            });
        }
        "series" => {
            let quoted;
            let read: SeriesLine<'_> = match parse(line) {
                Ok(read) => read,
                // Python's writer leaves NaN and Infinity bare, which JSON does not know; a whole series is too
                // much to lose by that.
                Err(why) => {
                    quoted = bare_words_quoted(line).ok_or(why)?;
                    parse(&quoted)?
                }
            };
            unknown(&read.unknown, report);
            let samples = need(read.samples, "samples")?.0;
            intern.bytes += samples.len() * size_of::<(f64, Option<f64>)>();
            into.series.push(SeriesRecord {
                name: intern.text(&need(read.name, "name")?.0),
                labels: labels(read.labels, intern),
                samples,
            });
        }
        "alert" => {
            let read: AlertLine<'_> = parse(line)?;
            unknown(&read.unknown, report);
            into.alerts.push(AlertRecord {
                name: intern.text(&need(read.name, "name")?.0),
                labels: labels(read.labels, intern),
                starts_at: need(read.starts_at, "starts_at")?.0,
                ends_at: read.ends_at.map(|at| at.0),
            });
        }
        "change" => {
            let read: ChangeLine<'_> = parse(line)?;
            unknown(&read.unknown, report);
            into.changes.push(ChangeRecord {
                at: need(read.at, "at")?.0,
                title: owned(read.title),
                labels: labels(read.labels, intern),
            });
        }
        "edge" => {
            let read: EdgeLine<'_> = parse(line)?;
            unknown(&read.unknown, report);
            into.edges.push(EdgeRecord {
                caller: intern.text(&need(read.caller, "caller")?.0),
                callee: intern.text(&need(read.callee, "callee")?.0),
                relation: match read.relation.as_ref().map(|word| &*word.0) {
                    None | Some("calls") => Relation::Calls,
                    Some("runs_on") => Relation::RunsOn,
                    Some(word) => return Err(format!("`{word}` is no relation; write calls or runs_on")),
                },
            });
        }
        word @ ("query" | "finding" | "action" | "screen") => {
            serde_json::from_str::<serde::de::IgnoredAny>(line).map_err(|why| told(&why))?;
            intern.bytes += line.len();
            into.others.push(OtherRecord { kind: intern.text(word), json: line.into() });
        }
        "seal" => return Ok(Parsed::Seal),
        "manifest" => return Err("a second manifest; there is one, on the first line".to_owned()),
        word => {
            serde_json::from_str::<serde::de::IgnoredAny>(line).map_err(|why| told(&why))?;
            report.unknown_kind(word);
            return Ok(Parsed::Unknown);
        }
    }
    Ok(Parsed::Kept)
}

/// The line with `,NaN]` and the like as text; `None` where there is none.
fn bare_words_quoted(line: &str) -> Option<String> {
    let quoted =
        line.replace("NaN]", "\"NaN\"]").replace("-Infinity]", "\"-Inf\"]").replace("Infinity]", "\"+Inf\"]");
    (quoted != line).then_some(quoted)
}

fn span(read: SpanLine<'_>, intern: &mut Interner) -> Result<SpanRecord, String> {
    let duration = need(read.duration, "duration_ns")?.0;
    Ok(SpanRecord {
        trace_id: intern.text(&need(read.trace_id, "trace_id")?.0),
        span_id: intern.single(&need(read.span_id, "span_id")?.0),
        parent_id: read.parent_id.filter(|id| !id.0.is_empty()).map(|id| intern.single(&id.0)),
        service: intern.text(&need(read.service, "service")?.0),
        name: intern.text(read.name.as_ref().map_or("", |name| &*name.0)),
        start: need(read.start, "start")?.0,
        duration: u64::try_from(duration)
            .map_err(|_| format!("the duration is {duration} ns, less than nothing"))?,
        status: match read.status.as_ref().map(|word| &*word.0) {
            None | Some("unset" | "") => SpanStatus::Unset,
            Some("ok") => SpanStatus::Ok,
            Some("error") => SpanStatus::Error,
            Some(word) => return Err(format!("`{word}` is no status; write unset, ok or error")),
        },
        attributes: labels(read.attributes, intern),
    })
}

fn parse<'a, T: serde::Deserialize<'a>>(line: &'a str) -> Result<T, String> {
    serde_json::from_str(line).map_err(|why| told(&why))
}

/// What the parser says, without the line number, which is always 1 here.
fn told(why: &serde_json::Error) -> String {
    why.to_string().replace(" at line 1 column ", " at column ")
}

fn need<T>(value: Option<T>, key: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("`{key}` is missing"))
}

fn owned(text: Option<Text<'_>>) -> String {
    text.map_or_else(String::new, |text| text.0.into_owned())
}

fn labels(read: Option<Names>, intern: &mut Interner) -> Labels {
    read.map_or_else(Labels::default, |names| intern.labels(names.0))
}

fn unknown(keys: &[Text<'_>], report: &mut Report) {
    for key in keys {
        report.unknown_key(&key.0);
    }
}
