//! All samples of one epoch, column by column.

use super::bits::Writer;
use super::column::{self, Said};
use crate::demo::metrics::Book;
use crate::demo::metrics::state::{self, Exemplar};
use crate::model::Point;
use crate::query::STALE_NAN;

/// One target's scrapes as they happen: when, and the row then.
pub type Rows = Vec<(i64, Box<[i64]>)>;

/// The samples of one target.
#[derive(Clone, Debug, Default)]
struct Part {
    /// When it was scraped first, milliseconds since the Unix epoch, how often from there, how many times.
    first_ms: i64,
    every_ms: i64,
    scrapes: u32,
    /// Which series of the target these columns are, rising; `None`: all.
    which: Option<Box<[u32]>>,
    /// Where each column ends in `bits`.
    ends: Box<[u32]>,
    bits: Box<[u8]>,
}

impl Part {
    /// The column of a series; `None` where it says nothing.
    fn column(&self, series: u32) -> Option<&[u8]> {
        let at = match &self.which {
            Some(which) => which.binary_search(&series).ok()?,
            None => series as usize,
        };
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = if at == 0 { 0 } else { end(at - 1) };
        self.bits.get(start..end(at)).filter(|bytes| !bytes.is_empty())
    }
}

/// The samples of all targets in one epoch, and its exemplars.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    parts: Vec<Part>,
    exemplars: Box<[Exemplar]>,
}

impl Chunk {
    /// Packs what was scraped. `before`: each target's row at its last scrape before.
    pub fn pack(rows: &[Rows], before: &[Option<Box<[i64]>>], exemplars: &[Exemplar]) -> Self {
        let part = |(at, rows): (usize, &Rows)| {
            let before = before.get(at).and_then(Option::as_deref);
            let series = rows.first().map_or(0, |(_, row)| row.len());
            let mut ends = Vec::with_capacity(series);
            let mut bits = Writer::default();
            for series in 0..series {
                let was = before.and_then(|row| row.get(series)).is_some_and(|cell| *cell != state::ABSENT);
                let values = rows.iter().map(|(_, row)| row.get(series).copied().unwrap_or(state::ABSENT));
                column::write(values, was, &mut bits);
                ends.push(bits.len() as u32);
            }
            let first_ms = rows.first().map_or(0, |(at_ms, _)| *at_ms);
            Part {
                first_ms,
                every_ms: rows.get(1).map_or(0, |(at_ms, _)| at_ms - first_ms),
                scrapes: rows.len() as u32,
                which: None,
                ends: ends.into(),
                bits: bits.into_bytes(),
            }
        };
        Self { parts: rows.iter().enumerate().map(part).collect(), exemplars: exemplars.into() }
    }

    /// Appends a series' samples within the range (milliseconds, both included).
    pub fn points(&self, book: &Book, series: u32, from_ms: i64, to_ms: i64, out: &mut Vec<Point>) {
        let Some(of) = book.series.get(series as usize) else { return };
        let Some(part) = self.parts.get(usize::from(of.target)) else { return };
        let Some(bytes) = part.column(of.at) else { return };
        let times = (0..i64::from(part.scrapes)).map(|at| part.first_ms + at * part.every_ms);
        for (t, said) in times.zip(column::read(bytes, part.scrapes as usize)) {
            if t < from_ms {
                continue;
            }
            if t > to_ms {
                return;
            }
            let v = match said {
                Said::Nothing => continue,
                Said::Gone => f64::from_bits(STALE_NAN),
                Said::Value(whole) => state::value(whole, of.decimals),
            };
            out.push(Point { t, v });
        }
    }

    /// The same samples of these series alone, in the order of their numbers; no exemplars.
    #[must_use]
    pub fn only(&self, book: &Book, series: &[u32]) -> Self {
        let mut wanted: Vec<Vec<u32>> = vec![Vec::new(); self.parts.len()];
        for of in series.iter().filter_map(|at| book.series.get(*at as usize)) {
            if let Some(wanted) = wanted.get_mut(usize::from(of.target)) {
                wanted.push(of.at);
            }
        }
        let part = |(part, wanted): (&Part, Vec<u32>)| {
            let (mut ends, mut bits, mut which) = (Vec::new(), Vec::new(), Vec::new());
            for at in wanted {
                if let Some(column) = part.column(at) {
                    bits.extend_from_slice(column);
                    ends.push(bits.len() as u32);
                    which.push(at);
                }
            }
            Part { which: Some(which.into()), ends: ends.into(), bits: bits.into(), ..*part }
        };
        Self { parts: self.parts.iter().zip(wanted).map(part).collect(), exemplars: Box::default() }
    }

    /// The exemplars of the epoch.
    pub fn exemplars(&self) -> &[Exemplar] {
        &self.exemplars
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        let part = |part: &Part| {
            let which = part.which.as_ref().map_or(0, |which| which.len() * 4);
            size_of::<Part>() + which + part.ends.len() * 4 + part.bits.len()
        };
        size_of::<Self>()
            + self.parts.iter().map(part).sum::<usize>()
            + self.exemplars.len() * size_of::<Exemplar>()
    }
}
