//! Pages of a log query that together are its lines: none lost and none twice, in order, whatever shares a
//! timestamp and however few the server gives at once.
//!
//! A full page may end inside a timestamp, so its last timestamp is asked for again. Where one timestamp alone
//! fills a page, it is divided by a condition and its complement ([`super::split`]), again and again. Lines that
//! nothing tells apart are counted, and what is missing of them is said.
//!
//! Holds one page at a time: what was given is forgotten.

use super::envelope::LinesAnswer;
use super::split::{self, Condition, Differ};
use super::streams::{Read, Shared};
use super::{count, text};
use crate::client::fault::fault;
use crate::client::http::{Http, Request};
use crate::model::{Fault, FaultKind, LogEntry};
use crate::privacy::Leaks;
use crate::text::fault::Why;

/// Divisions of one timestamp within each other. Most of them halve, so nothing real comes near.
const DEEPEST: usize = 256;

/// What is to be read.
#[derive(Clone, Debug)]
pub struct LogAsk {
    /// LogQL, for lines.
    pub query: String,
    /// First moment, unix nanoseconds.
    pub from: i64,
    /// Last moment, included.
    pub to: i64,
    /// Oldest first, rather than newest first.
    pub forward: bool,
    /// Most lines; `None` for all.
    pub limit: Option<u64>,
}

/// A stretch of time, its end excluded, and the conditions on its lines.
#[derive(Clone)]
struct Piece {
    from: i64,
    to: i64,
    conditions: Vec<(Condition, bool)>,
}

/// Where the reading of a query is.
#[allow(clippy::struct_excessive_bools)] // Each is a fact of its own about the reading.
pub(in crate::client) struct Pages {
    query: String,
    forward: bool,
    /// What is still to be read, the next one last.
    pieces: Vec<Piece>,
    remaining: Option<u64>,
    /// Lines asked for at once: fewer after an answer that was too large.
    batch: u32,
    /// Whether a page with fewer lines than were asked for is believed to be the last.
    doubting: bool,
    shared: Shared,
    /// Personal data masked so far.
    pub leaks: Leaks,
    /// Whether there are more lines than the limit.
    pub more: bool,
    /// Lines that the server has and does not give.
    pub short: u64,
    /// Whether lines may be missing that nobody could count.
    pub unsure: bool,
    /// Requests so far.
    pub requests: u64,
    /// The server's clock minus ours, as it said last.
    pub clock_skew_s: Option<i64>,
}

/// One answer.
struct Got {
    entries: Vec<LogEntry>,
    /// Whether the server gave as many lines as were asked for.
    full: bool,
    /// How lines differ that fill a page with one timestamp.
    differ: Option<Differ>,
}

impl Pages {
    /// Nothing read yet. A query for numbers is refused.
    pub fn new(ask: &LogAsk) -> Result<Self, Fault> {
        if !text::is_log_query(&ask.query) {
            return Err(fault(FaultKind::BadQuery, &Why::NotLines));
        }
        let whole = Piece { from: ask.from, to: ask.to.saturating_add(1), conditions: Vec::new() };
        Ok(Self {
            query: ask.query.clone(),
            forward: ask.forward,
            pieces: if ask.limit == Some(0) || whole.to <= whole.from { Vec::new() } else { vec![whole] },
            remaining: ask.limit,
            batch: u32::MAX,
            doubting: false,
            shared: Shared::default(),
            leaks: Leaks::default(),
            more: false,
            short: 0,
            unsure: false,
            requests: 0,
            clock_skew_s: None,
        })
    }

    /// The next page, in order, never empty; `None` after the last. After a fault the same page can be asked for
    /// again.
    pub async fn next(&mut self, http: &Http) -> Result<Option<Vec<LogEntry>>, Fault> {
        while let Some(piece) = self.pieces.last().cloned() {
            let Got { mut entries, mut full, differ } = self.fetch(http, &piece).await?;
            let came = entries.len() as u64;
            if self.doubting && !full && self.has_kept_back(http, &piece, &entries).await? {
                let first = entries.first().map(|entry| entry.ts);
                if entries.last().map(|entry| entry.ts) == first {
                    // It gives so few at once, and does not say so.
                    http.learn_line_cap(u32::try_from(came).unwrap_or(u32::MAX));
                    continue;
                }
                full = true;
            }
            if let Some(remaining) = self.remaining
                && came > remaining
            {
                entries.truncate(usize::try_from(remaining).unwrap_or(usize::MAX));
                self.more = true;
                self.pieces.clear();
            } else if !full {
                self.pieces.pop();
            } else {
                let edge = entries.last().map_or(piece.from, |entry| entry.ts);
                let before = entries.partition_point(|entry| entry.ts != edge);
                if before > 0 {
                    entries.truncate(before);
                    self.go_on_at(edge);
                } else if self.divide(http, piece, edge, differ, came).await? {
                    continue;
                }
            }
            if let Some(remaining) = &mut self.remaining {
                *remaining = remaining.saturating_sub(entries.len() as u64);
                if *remaining == 0 && !self.more && !self.pieces.is_empty() {
                    // One more line is looked for: then there are more than were wanted.
                    self.more = self.is_there_more(http).await?;
                    self.pieces.clear();
                }
            }
            if !entries.is_empty() {
                return Ok(Some(entries));
            }
        }
        Ok(None)
    }

    /// A page with fewer lines than were asked for is not believed to be the last, at the price of a small request:
    /// for whoever wants everything.
    pub fn doubting(mut self) -> Self {
        self.doubting = true;
        self
    }

    /// Whether there are lines besides those of a page that should be the last: its last timestamp is asked for
    /// with one line more than came of it.
    async fn has_kept_back(
        &mut self,
        http: &Http,
        piece: &Piece,
        entries: &[LogEntry],
    ) -> Result<bool, Fault> {
        let (Some(last), true) = (entries.last(), piece.conditions.is_empty()) else { return Ok(false) };
        let at_last = entries.len() - entries.partition_point(|entry| entry.ts != last.ts);
        let mut rest = piece.clone();
        if self.forward {
            rest.from = last.ts;
        } else {
            rest.to = last.ts.saturating_add(1);
        }
        let limit = u32::try_from(at_last + 1).unwrap_or(u32::MAX);
        if self.ask(http, &rest, limit).await?.entries.len() > at_last {
            return Ok(true);
        }
        // A server that gives so few at once cannot show more of one timestamp, but it can count them.
        let alone = at_last == entries.len();
        Ok(alone && self.count_at(http, piece, last.ts).await?.is_some_and(|there| there > at_last as u64))
    }

    /// The piece under way begins (or, backwards, ends) with this moment.
    fn go_on_at(&mut self, edge: i64) {
        if let Some(piece) = self.pieces.last_mut() {
            if self.forward {
                piece.from = edge;
            } else {
                piece.to = edge.saturating_add(1);
            }
        }
    }

    /// One timestamp fills a page. Puts its parts in the place of the piece; `false` where nothing tells its lines
    /// apart, so that those that came are all there will be.
    async fn divide(
        &mut self,
        http: &Http,
        piece: Piece,
        edge: i64,
        differ: Option<Differ>,
        came: u64,
    ) -> Result<bool, Fault> {
        let known = |condition: &Condition| piece.conditions.iter().any(|(other, _)| other == condition);
        let deepest = piece.conditions.len() >= DEEPEST;
        let condition = match differ.map(|differ| if deepest { Differ::Nowhere(Vec::new()) } else { differ })
        {
            Some(Differ::By(condition)) => {
                if known(&condition) {
                    return Err(fault(FaultKind::WrongFormat, &Why::OtherLines));
                }
                Some(condition)
            }
            Some(Differ::Nowhere(same)) => {
                let there = self.count_at(http, &piece, edge).await?;
                if there.is_some_and(|there| there <= came) {
                    None
                } else {
                    // Others may hide behind those that came: they are asked for without these.
                    let next = same.into_iter().find(|condition| !known(condition));
                    if next.is_none() {
                        match there {
                            Some(there) => self.short += there - came,
                            None => self.unsure = true,
                        }
                    }
                    next
                }
            }
            None => {
                self.unsure = true;
                None
            }
        };
        self.pieces.pop();
        let Piece { from, to, conditions } = piece;
        let (from, to) = if self.forward { (edge.saturating_add(1), to) } else { (from, edge) };
        if from < to {
            self.pieces.push(Piece { from, to, conditions: conditions.clone() });
        }
        let Some(condition) = condition else { return Ok(false) };
        for kept in [false, true] {
            let mut conditions = conditions.clone();
            conditions.push((condition.clone(), kept));
            self.pieces.push(Piece { from: edge, to: edge.saturating_add(1), conditions });
        }
        Ok(true)
    }

    /// Lines of one moment of a piece; `None` where the server does not count them.
    async fn count_at(&mut self, http: &Http, piece: &Piece, edge: i64) -> Result<Option<u64>, Fault> {
        self.requests += 1;
        match count::lines(http, &self.sent(piece)?, edge, edge).await {
            Ok(there) => Ok(Some(there)),
            // A pipeline with errors gives lines, but no numbers.
            Err(fault) if fault.kind == FaultKind::BadQuery => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Whether any line is left.
    async fn is_there_more(&mut self, http: &Http) -> Result<bool, Fault> {
        let pieces = self.pieces.clone();
        for piece in pieces.iter().rev() {
            if !self.ask(http, piece, 1).await?.entries.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// One answer, with fewer lines where the server says or shows that it must be fewer.
    async fn fetch(&mut self, http: &Http, piece: &Piece) -> Result<Got, Fault> {
        loop {
            let wanted = self.remaining.map_or(u64::MAX, |remaining| remaining.saturating_add(1));
            let limit = http.line_cap().min(self.batch).min(u32::try_from(wanted).unwrap_or(u32::MAX));
            match self.ask(http, piece, limit).await {
                Err(fault) if limit > 1 => match smaller(&fault, limit) {
                    Some(Smaller::Cap(cap)) => http.learn_line_cap(cap),
                    Some(Smaller::Batch) => self.batch = limit / 2,
                    None => return Err(fault),
                },
                other => return other,
            }
        }
    }

    async fn ask(&mut self, http: &Http, piece: &Piece, limit: u32) -> Result<Got, Fault> {
        let request = Request::form("loki/api/v1/query_range")
            .header("X-Loki-Response-Encoding-Flags", "categorize-labels")
            .with("query", self.sent(piece)?)
            .with("start", piece.from.to_string())
            .with("end", piece.to.to_string())
            .with("limit", limit.to_string())
            .with("direction", if self.forward { "forward" } else { "backward" });
        self.requests += 1;
        let reply = http.fetch(&request).await?.checked(true)?;
        self.clock_skew_s = reply.clock_skew_s;
        let mut read = Read { shared: std::mem::take(&mut self.shared), ..Read::default() };
        let (from, to, forward) = (piece.from, piece.to, self.forward);
        let (got, read) = reply
            .aside(move |reply| {
                reply.json_into(LinesAnswer(&mut read))?;
                let mut entries = std::mem::take(&mut read.entries);
                let full = entries.len() >= limit as usize;
                entries.retain(|entry| (from..to).contains(&entry.ts));
                if full && entries.is_empty() {
                    return Err(fault(FaultKind::WrongFormat, &Why::OtherLines));
                }
                // The order of equal timestamps within a stream is the server's.
                if forward {
                    entries.sort_by_key(|entry| entry.ts);
                } else {
                    entries.sort_by_key(|entry| std::cmp::Reverse(entry.ts));
                }
                let one = entries.first().map(|entry| entry.ts) == entries.last().map(|entry| entry.ts);
                let differ = if full && one { split::look(&reply.body) } else { None };
                Ok((Got { entries, full, differ }, read))
            })
            .await?;
        self.shared = read.shared;
        self.leaks.merge(&read.leaks);
        Ok(got)
    }

    /// The query as it is sent, with the conditions of a piece.
    fn sent(&self, piece: &Piece) -> Result<String, Fault> {
        let query = text::raw(&self.query)?;
        let stages: Vec<String> =
            piece.conditions.iter().map(|(condition, kept)| condition.stage(*kept)).collect();
        if stages.is_empty() {
            return Ok(query);
        }
        Ok(text::with_stage(&query, &stages.join(" ")).unwrap_or(query))
    }
}

/// What can be done about an answer that would be too long.
pub(in crate::client) enum Smaller {
    /// The server gives at most so many lines.
    Cap(u32),
    /// The lines are long: fewer at once.
    Batch,
}

/// `max entries limit per query exceeded, limit > max_entries_limit_per_query (1000000 > 5000)`; gRPC's `received
/// message larger than max (9 vs. 4)`.
pub(in crate::client) fn smaller(fault: &Fault, limit: u32) -> Option<Smaller> {
    if fault.kind == FaultKind::TooLarge || fault.detail.contains("message larger than max") {
        return Some(Smaller::Batch);
    }
    let (_, rest) = fault.detail.split_once("max_entries_limit_per_query (")?;
    let (_, cap) = rest.split_once('>')?;
    let cap: u32 = cap.trim().trim_end_matches(')').parse().ok()?;
    (cap > 0 && cap < limit).then_some(Smaller::Cap(cap))
}
