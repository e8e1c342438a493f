//! A range, in pieces that every server answers and that fit in memory, written as they come.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;

use super::{WORDS, columns, ended, moment, refused};
use crate::cli::query::{QueryArgs, QueryFormat};
use crate::cli::{Exit, Output};
use crate::client::Clients;
use crate::export::query::{Csv, Grid, RangeJson, raw};
use crate::model::ask::{Answer, Answered, Ask};
use crate::model::{Fault, FaultKind, Labels, Series, Time, Window, duration};
use crate::privacy;

/// Most steps of one piece: Prometheus refuses over 11,000 points a series.
const STEPS: i64 = 10_000;
/// Up to this many steps nothing is asked of the number of series first.
const SHORT: i64 = 2000;
/// Most values of one piece, by the number of series at the range's end.
const VALUES: i64 = 2_000_000;
/// Steps that a range has of itself.
pub const USUAL: u16 = 250;
/// Length of a range of which nothing is said, seconds.
const SPAN_S: u32 = 3600;
/// Cells of the trend in a table.
const TREND: usize = 24;
/// Heights of the trend.
const RAMP: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The moments that are asked for; both ends are included.
pub fn plan(args: &QueryArgs, now: Time, zone: Tz) -> Result<Grid, String> {
    let end = args.to.as_deref().map(|text| moment("--to", text, now, zone)).transpose()?.unwrap_or(now);
    let start = match (&args.from, args.since) {
        (Some(from), _) => moment("--from", from, now, zone)?,
        (None, since) => end - TimeDelta::seconds(i64::from(since.unwrap_or(SPAN_S))),
    };
    if end < start {
        return Err(WORDS.backwards.to_owned());
    }
    let step_s = match args.step {
        Some(0) => return Err(WORDS.no_step.to_owned()),
        Some(step) => i64::from(step),
        None => Window::Past { start, end }.step_s(USUAL),
    };
    Ok(Grid { start_ms: start.timestamp_millis(), end_ms: end.timestamp_millis(), step_ms: step_s * 1000 })
}

/// What the pieces are written as.
enum Sink {
    Json(RangeJson),
    Csv(Option<Csv>),
    Table(BTreeMap<Labels, Figures>),
}

/// Asks and writes piece by piece.
pub fn run(
    query: &str,
    grid: Grid,
    format: QueryFormat,
    clients: &Clients,
    stamp: &dyn Fn(Time) -> String,
    out: &mut Output<'_>,
) -> Exit {
    let mut sink = match format {
        QueryFormat::Json => Sink::Json(RangeJson::default()),
        QueryFormat::Csv => Sink::Csv(None),
        QueryFormat::Table => Sink::Table(BTreeMap::new()),
    };
    let mut size = match size(query, grid, clients, out) {
        Ok(size) => size,
        Err(exit) => return exit,
    };
    let (mut from, mut pieces, mut some) = (grid.start_ms, 0_usize, false);
    let mut warnings: Vec<String> = Vec::new();
    let mut whole = true;
    while from <= grid.end_ms && out.is_open() {
        let left = Grid { start_ms: from, ..grid }.steps();
        let piece = Grid {
            start_ms: from,
            end_ms: grid.end_ms.min(from.saturating_add((size.min(left) - 1) * grid.step_ms)),
            step_ms: grid.step_ms,
        };
        let total = pieces + usize::try_from((left + size - 1) / size).unwrap_or(1);
        if total > 1 {
            out.progress(&(WORDS.piece)(pieces + 1, total));
        }
        match ask(query, piece, clients, out) {
            Err(exit) => return exit,
            Ok(Err(fault)) if fault.kind == FaultKind::TooLarge && size > 1 => {
                size = (size.min(left) / 2).max(1);
                continue;
            }
            Ok(Err(fault)) if pieces == 0 => return refused(&fault, out),
            Ok(Err(fault)) => {
                let why = (WORDS.cut)(&stamp(at(from)), &fault.detail);
                out.say(&why);
                warnings.push(why);
                whole = false;
                break;
            }
            Ok(Ok((series, new))) => {
                for warning in new {
                    whole = false;
                    if !warnings.contains(&warning) {
                        out.say(&(WORDS.warning)(&warning));
                        warnings.push(warning);
                    }
                }
                if pieces == 0 {
                    begin(&mut sink, query, grid, &series, piece.end_ms + grid.step_ms <= grid.end_ms, out);
                }
                some |= !series.is_empty();
                for one in &series {
                    take(&mut sink, one, piece, grid, out);
                }
            }
        }
        pieces += 1;
        from = piece.end_ms.saturating_add(grid.step_ms);
    }
    out.progress("");
    match sink {
        Sink::Json(json) => out.result(&json.end(&warnings, whole)),
        Sink::Csv(_) => {}
        Sink::Table(all) => table(&all, grid, stamp, out),
    }
    ended(!some, whole, out)
}

/// Writes the whole of a range that came at once, as a document or a table.
pub fn written(
    query: &str,
    (series, warnings): (&[Series], &[String]),
    grid: Grid,
    format: QueryFormat,
    stamp: &dyn Fn(Time) -> String,
    out: &mut Output<'_>,
) {
    let mut sink = match format {
        QueryFormat::Json => Sink::Json(RangeJson::default()),
        QueryFormat::Csv => Sink::Csv(None),
        QueryFormat::Table => Sink::Table(BTreeMap::new()),
    };
    begin(&mut sink, query, grid, series, false, out);
    for one in series {
        take(&mut sink, one, grid, grid, out);
    }
    match sink {
        Sink::Json(json) => out.result(&json.end(warnings, warnings.is_empty())),
        Sink::Csv(_) => {}
        Sink::Table(all) => table(&all, grid, stamp, out),
    }
}

fn table(all: &BTreeMap<Labels, Figures>, grid: Grid, stamp: &dyn Fn(Time) -> String, out: &mut Output<'_>) {
    let step = duration::format(grid.step_ms / 1000);
    out.say(&(WORDS.over)(&stamp(at(grid.start_ms)), &stamp(at(grid.end_ms)), &step));
    let rows: Vec<_> = all.iter().map(|(labels, figures)| (labels, figures.cells())).collect();
    let heads = WORDS.heads.map(str::to_owned);
    columns(&rows, &heads, &[true, true, true, true, true, false], out);
}

fn at(ms: i64) -> Time {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

/// Steps of a piece. A long range asks first how many series there are.
fn size(query: &str, grid: Grid, clients: &Clients, out: &mut Output<'_>) -> Result<i64, Exit> {
    if grid.steps() <= SHORT {
        return Ok(SHORT);
    }
    let ask = Ask::Instant { query: query.into(), at: at(grid.end_ms) };
    let series = match super::super::block_on(clients.ask(&ask), out)? {
        Ok(Answered { answer: Answer::Vector(samples), .. }) => samples.len(),
        // The range itself will say what is wrong.
        _ => 1,
    };
    let series = i64::try_from(series.max(1)).unwrap_or(i64::MAX);
    Ok((VALUES / series).clamp(100, STEPS))
}

type Piece = (Vec<Series>, Vec<String>);

fn ask(
    query: &str,
    piece: Grid,
    clients: &Clients,
    out: &mut Output<'_>,
) -> Result<Result<Piece, Fault>, Exit> {
    let ask = Ask::Range {
        query: query.into(),
        start: at(piece.start_ms),
        end: at(piece.end_ms),
        step_s: u32::try_from(piece.step_ms / 1000).unwrap_or(u32::MAX),
    };
    let answered = super::super::block_on(clients.ask(&ask), out)?;
    Ok(answered.map(|answered| match answered.answer {
        Answer::Matrix(series) => (series, answered.warnings),
        _ => (Vec::new(), answered.warnings),
    }))
}

fn begin(sink: &mut Sink, query: &str, grid: Grid, series: &[Series], more: bool, out: &mut Output<'_>) {
    match sink {
        Sink::Json(json) => out.result(&json.begin(&privacy::safe(query), grid)),
        Sink::Csv(csv) => {
            let (table, head) = Csv::begin(series.iter().map(|one| &one.labels), more);
            out.result(&head);
            *csv = Some(table);
        }
        Sink::Table(_) => {}
    }
}

fn take(sink: &mut Sink, series: &Series, piece: Grid, grid: Grid, out: &mut Output<'_>) {
    match sink {
        Sink::Json(json) => out.result(&json.series(series, piece)),
        Sink::Csv(Some(csv)) => out.result(&csv.series(series, piece)),
        Sink::Csv(None) => {}
        Sink::Table(all) => all.entry(series.labels.clone()).or_default().take(series, grid),
    }
}

/// Figures of a series over all pieces, in memory that does not grow with its points.
#[derive(Clone, Debug, Default)]
struct Figures {
    points: u64,
    last: Option<f64>,
    /// Least and greatest finite value, their sum and number.
    finite: Option<(f64, f64)>,
    mean: f64,
    count: f64,
    /// Sum and number for each cell of the trend.
    trend: [(f64, f64); TREND],
}

impl Figures {
    fn take(&mut self, series: &Series, grid: Grid) {
        let span = (grid.end_ms - grid.start_ms).max(1);
        for point in &series.points {
            self.points += 1;
            self.last = Some(point.v);
            if !point.v.is_finite() {
                continue;
            }
            let (low, high) = self.finite.unwrap_or((point.v, point.v));
            self.finite = Some((low.min(point.v), high.max(point.v)));
            self.count += 1.0;
            self.mean += point.v / self.count - self.mean / self.count;
            let cell = (i128::from(point.t - grid.start_ms) * TREND as i128 / i128::from(span)) as usize;
            let (mean, count) = &mut self.trend[cell.min(TREND - 1)];
            *count += 1.0;
            *mean += point.v / *count - *mean / *count;
        }
    }

    fn cells(&self) -> Vec<String> {
        let number = |value: Option<f64>| value.map(short).unwrap_or_default();
        let mean = (self.count > 0.0).then_some(self.mean);
        let (low, high) = (self.finite.map(|range| range.0), self.finite.map(|range| range.1));
        let points = self.points.to_string();
        vec![points, number(self.last), number(low), number(high), number(mean), self.trend()]
    }

    /// The means of equal parts of the range, lowest to highest; a part without a value is a blank.
    fn trend(&self) -> String {
        let (low, high) = self.finite.unwrap_or((0.0, 0.0));
        let cell = |(mean, count): &(f64, f64)| {
            if *count == 0.0 {
                return ' ';
            }
            let share = if high > low { (mean / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0) } else { 0.0 };
            RAMP[((share * 7.0).round() as usize).min(7)]
        };
        self.trend.iter().map(cell).collect()
    }
}

/// Six significant digits: enough for a person, and short. The other formats are exact.
fn short(value: f64) -> String {
    if !value.is_finite() || value == 0.0 {
        return raw(value);
    }
    let digits = 5 - (value.abs().log10().floor() as i32);
    if !(0..=12).contains(&digits) {
        return if digits < 0 && digits > -10 { format!("{value:.0}") } else { format!("{value:.5e}") };
    }
    let text = format!("{value:.*}", digits as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
