//! A live tail of Loki: a WebSocket that is opened again when it is lost, the stretch in between fetched by a query.
//!
//! The socket is read only when somebody wants the next lines: a slow reader slows the server, which drops lines
//! and says how many. Nothing is dropped here.

pub(super) mod frame;
mod seen;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::Clients;
use super::fault::fault;
use super::http::{Http, Request, Socket};
use super::loki::paging::{LogAsk, Pages, Smaller, smaller};
use super::loki::streams::{Read, Shared};
use super::loki::text;
use crate::model::{Fault, FaultKind, LogEntry, SourceId, TailBatch, TailEvent, TailGap};
use crate::privacy::Leaks;
use crate::text::fault::Why;
use seen::Seen;

/// Lines are given at the latest so long after the first of them came.
const BATCH: Duration = Duration::from_millis(50);
/// A batch with this many lines is given at once.
const FULL: usize = 2000;
/// What is fetched of a gap begins so much earlier, in nanoseconds: lines do not come in the order of their moments.
const OVERLAP: i64 = 10_000_000_000;
/// Longest wait before the next try.
const LONGEST: Duration = Duration::from_secs(30);
/// The server's limit for `delay_for`, in seconds.
const MOST_DELAY: u8 = 5;
/// Lines of the backlog, those between a request for a socket and its opening: they are fetched as well.
const BACKLOG: u32 = 1000;
/// Tries to fetch a page of a gap, before it is given up.
const TRIES: u32 = 4;

/// What is to be followed.
#[derive(Clone, Debug)]
pub struct TailAsk {
    /// LogQL, for lines.
    pub query: Arc<str>,
    /// Number of this tail, which its batches carry.
    pub number: u64,
    /// First moment, unix nanoseconds: lines from there to now come first. `None`: from now on.
    pub from: Option<i64>,
    /// Most lines that are fetched of one stretch for which nobody listened; `None` for all.
    pub most: Option<u64>,
    /// Seconds that the server waits for late lines, so that it can put them in order; at most 5.
    pub delay_s: u8,
}

/// A live tail.
pub struct Tail {
    clients: Clients,
    ask: TailAsk,
    phase: Phase,
    /// What is to be given before anything else comes.
    waiting: VecDeque<TailBatch>,
    /// Failed tries in a row.
    failures: u32,
    /// Everything is fetched from here on, at the earliest.
    origin: Option<i64>,
    /// When something came last, unix nanoseconds; `None` before the first connection.
    alive_at: Option<i64>,
    /// What was given of late.
    seen: Seen,
    /// What was fetched of the last gap, and up to which moment: it may come over the socket too.
    filled: (Seen, i64),
    shared: Shared,
}

enum Phase {
    /// Nothing is open; when it is tried.
    Closed(Option<Instant>),
    /// Open, and what lies before is fetched.
    Filling(Box<Socket>, Box<Fill>),
    /// Lines come.
    Open(Box<Socket>),
    /// Over.
    Ended,
}

/// What is fetched while a socket waits.
struct Fill {
    pages: Pages,
    /// The stretch; none where nobody was to listen before.
    gap: Option<TailGap>,
    /// Last line so far.
    reached: i64,
    /// Tries that failed in a row.
    failures: u32,
}

impl Clients {
    /// Follows a query. Nothing is asked before the first [`Tail::next`].
    pub fn tail(&self, ask: TailAsk) -> Tail {
        Tail {
            clients: self.clone(),
            origin: ask.from,
            ask,
            phase: Phase::Closed(None),
            waiting: VecDeque::new(),
            failures: 0,
            alive_at: None,
            seen: Seen::default(),
            filled: (Seen::default(), i64::MIN),
            shared: Shared::default(),
        }
    }

    fn loki(&self) -> Result<&Http, Fault> {
        let source = SourceId::LOKI;
        self.http(&source).ok_or_else(|| fault(FaultKind::Setup, &Why::NotConfigured(&source.to_string())))
    }
}

impl Tail {
    /// The next lines or event; `None` after a refusal, which is told before. Waits as long as nothing happens.
    pub async fn next(&mut self) -> Option<TailBatch> {
        let clients = self.clients.clone();
        loop {
            if let Some(batch) = self.waiting.pop_front() {
                return Some(batch);
            }
            match std::mem::replace(&mut self.phase, Phase::Ended) {
                Phase::Ended => return None,
                Phase::Closed(until) => {
                    if let Some(until) = until {
                        sleep_until(until).await;
                    }
                    match clients.loki() {
                        Ok(http) => self.connect(http).await,
                        Err(fault) => self.refused(fault),
                    }
                }
                Phase::Filling(socket, fill) => match clients.loki() {
                    Ok(http) => self.fill(http, socket, fill).await,
                    Err(fault) => self.refused(fault),
                },
                Phase::Open(socket) => match clients.loki() {
                    Ok(http) => self.listen(http, socket).await,
                    Err(fault) => self.refused(fault),
                },
            }
        }
    }

    fn now(http: &Http) -> i64 {
        http.now().timestamp_nanos_opt().unwrap_or(i64::MAX)
    }

    async fn connect(&mut self, http: &Http) {
        if !text::is_log_query(&self.ask.query) {
            return self.refused(fault(FaultKind::BadQuery, &Why::NotLines));
        }
        let query = match text::raw(&self.ask.query) {
            Ok(query) => query,
            Err(fault) => return self.refused(fault),
        };
        let start = Self::now(http);
        let origin = *self.origin.get_or_insert(start);
        let mut request = Request::get("loki/api/v1/tail")
            .header("X-Loki-Response-Encoding-Flags", "categorize-labels")
            .with("query", query)
            .with("start", start.to_string())
            .with("limit", http.line_cap().min(BACKLOG).to_string());
        if self.ask.delay_s > 0 {
            request = request.with("delay_for", self.ask.delay_s.min(MOST_DELAY).to_string());
        }
        let socket = match http.socket(&request).await {
            Ok(socket) => Box::new(socket),
            Err(fault) if fault.kind.is_transient() => return self.lost(http, fault),
            Err(fault) => match smaller(&fault, http.line_cap().min(BACKLOG)) {
                Some(Smaller::Cap(cap)) => {
                    http.learn_line_cap(cap);
                    self.phase = Phase::Closed(None);
                    return;
                }
                _ => return self.refused(fault),
            },
        };
        // The socket listens from here on; what came before is fetched.
        let to = Self::now(http);
        let gap = self.alive_at.map(|alive| TailGap { from: alive, to, filled: false });
        self.alive_at = Some(to);
        let from = gap.map_or(origin, |gap| gap.from.saturating_sub(OVERLAP).max(origin));
        self.filled.0.clear();
        self.filled.1 = to;
        let ask = LogAsk { query: self.ask.query.to_string(), from, to, forward: true, limit: self.ask.most };
        match Pages::new(&ask) {
            Ok(pages) => {
                let fill = Fill { pages, gap, reached: gap.map_or(from, |gap| gap.from), failures: 0 };
                self.phase = Phase::Filling(socket, Box::new(fill));
            }
            Err(fault) => self.refused(fault),
        }
    }

    /// Gives one page of what came before.
    async fn fill(&mut self, http: &Http, socket: Box<Socket>, mut fill: Box<Fill>) {
        let whole = match fill.pages.next(http).await {
            Ok(Some(mut page)) => {
                fill.reached = page.last().map_or(fill.reached, |entry| entry.ts.max(fill.reached));
                fill.failures = 0;
                page.retain(|entry| !self.seen.was_given(entry));
                for entry in &page {
                    self.filled.0.note(entry);
                }
                let leaks = std::mem::take(&mut fill.pages.leaks);
                self.give(page, &leaks);
                self.phase = Phase::Filling(socket, fill);
                return;
            }
            Ok(None) => !fill.pages.more && fill.pages.short == 0 && !fill.pages.unsure,
            Err(fault) if fault.kind.is_transient() && fill.failures + 1 < TRIES => {
                tokio::time::sleep(first_wait(http).saturating_mul(1 << fill.failures)).await;
                fill.failures += 1;
                self.phase = Phase::Filling(socket, fill);
                return;
            }
            Err(fault) if fault.kind.is_transient() => {
                tracing::debug!(kind = ?fault.kind, "a gap of the tail cannot be filled");
                false
            }
            Err(fault) => return self.refused(fault),
        };
        self.seen.settle();
        let to = self.filled.1;
        let gap = match (fill.gap, whole) {
            (Some(gap), true) => Some(TailGap { filled: true, ..gap }),
            (None, true) => None,
            // What lies before the last line that was fetched is there.
            (_, false) => Some(TailGap { from: fill.reached, to, filled: false }),
        };
        self.event(TailEvent::Connected { gap });
        self.phase = Phase::Open(socket);
    }

    /// Collects lines for a batch.
    async fn listen(&mut self, http: &Http, mut socket: Box<Socket>) {
        let idle = http.timeout();
        let mut read = Read { shared: std::mem::take(&mut self.shared), ..Read::default() };
        let mut dropped = 0;
        let mut end: Option<Instant> = None;
        let mut pinged = false;
        let ended = loop {
            let came = match end {
                Some(end) => match timeout_at(end, socket.next()).await {
                    Ok(came) => came,
                    Err(_) => break None,
                },
                None => match timeout(idle, socket.next()).await {
                    Ok(came) => came,
                    // Whoever lives answers a ping.
                    Err(_) if !pinged => {
                        pinged = true;
                        let ping = timeout(idle, socket.send(Message::Ping(Vec::new().into()))).await;
                        if matches!(ping, Ok(Ok(()))) {
                            continue;
                        }
                        break Some(Self::silent(http));
                    }
                    Err(_) => break Some(Self::silent(http)),
                },
            };
            pinged = false;
            self.alive_at = Some(Self::now(http));
            match came {
                Some(Ok(Message::Text(text))) => match frame::read(&text, &mut read) {
                    Ok(more) => (dropped, self.failures) = (dropped + more, 0),
                    Err(fault) => break Some(fault),
                },
                Some(Ok(Message::Close(frame))) => {
                    let words = frame.map(|frame| frame.reason.to_string()).unwrap_or_default();
                    break Some(closed(&words));
                }
                Some(Ok(_)) => self.failures = 0,
                Some(Err(error)) => break Some(broken(&error)),
                None => break Some(fault(FaultKind::Connect, &Why::SocketClosed(""))),
            }
            if read.entries.len() >= FULL {
                break None;
            }
            if !read.entries.is_empty() || dropped > 0 {
                end.get_or_insert_with(|| Instant::now() + BATCH);
            }
        };
        let mut entries = std::mem::take(&mut read.entries);
        let (filled, upto) = &mut self.filled;
        entries.retain(|entry| entry.ts > *upto || !filled.was_given(entry));
        // A frame goes stream by stream.
        entries.sort_by_key(|entry| entry.ts);
        self.give(entries, &read.leaks);
        self.shared = read.shared;
        if dropped > 0 {
            self.event(TailEvent::Dropped(dropped));
        }
        match ended {
            None => self.phase = Phase::Open(socket),
            Some(fault) if fault.kind.is_transient() => self.lost(http, fault),
            Some(fault) => self.refused(fault),
        }
    }

    fn silent(http: &Http) -> Fault {
        let ms = http.timeout().as_millis() * 2;
        fault(FaultKind::Timeout, &Why::SocketSilent(&SourceId::LOKI.to_string(), ms))
    }

    fn give(&mut self, entries: Vec<LogEntry>, leaks: &Leaks) {
        for entry in &entries {
            self.seen.note(entry);
        }
        if !entries.is_empty() {
            self.put(entries, None, leaks);
        }
    }

    fn event(&mut self, event: TailEvent) {
        self.put(Vec::new(), Some(event), &Leaks::default());
    }

    fn put(&mut self, entries: Vec<LogEntry>, event: Option<TailEvent>, leaks: &Leaks) {
        let (query, number) = (self.ask.query.clone(), self.ask.number);
        self.waiting.push_back(TailBatch { query, number, entries, event, leaks: leaks.findings() });
    }

    /// It is tried again: after 1, 2, 4, … s (of a source with a short deadline, a tenth of that), a quarter more
    /// or less, and never before the server wants it.
    fn lost(&mut self, http: &Http, fault: Fault) {
        let wait = first_wait(http)
            .saturating_mul(1 << self.failures.min(10))
            .min(LONGEST)
            .mul_f64(0.75 + fastrand::f64() / 2.0);
        let wait = wait.max(Duration::from_millis(fault.retry_after_ms.unwrap_or(0)));
        self.failures = self.failures.saturating_add(1);
        self.phase = Phase::Closed(Some(Instant::now() + wait));
        self.event(TailEvent::Lost(fault));
    }

    fn refused(&mut self, fault: Fault) {
        self.phase = Phase::Ended;
        self.event(TailEvent::Refused(fault));
    }
}

fn first_wait(http: &Http) -> Duration {
    (http.timeout() / 10).min(Duration::from_secs(1))
}

/// What a close says: of a query that cannot be followed the server tells only so (code 1011).
fn closed(words: &str) -> Fault {
    let refused = ["only log selector is supported", "parse error", "syntax error"];
    if refused.iter().any(|known| words.contains(known)) {
        return fault(FaultKind::BadQuery, &Why::Query(words));
    }
    fault(FaultKind::Connect, &Why::SocketClosed(words))
}

fn broken(error: &Error) -> Fault {
    match error {
        Error::Capacity(_) => fault(FaultKind::TooLarge, &Why::SocketClosed(&error.to_string())),
        // What a server that is stopped looks like.
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
            fault(FaultKind::Connect, &Why::SocketClosed(""))
        }
        Error::Protocol(_) | Error::Utf8(_) => {
            fault(FaultKind::WrongFormat, &Why::SocketClosed(&error.to_string()))
        }
        _ => fault(FaultKind::Connect, &Why::SocketClosed("")),
    }
}

impl fmt::Debug for Tail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tail").field("ask", &self.ask).finish_non_exhaustive()
    }
}
