//! What tells that a number is a machine's: the key or word before it, the unit behind it, its neighbours.

/// Last words of keys whose numbers are measured, counted or given out by machines.
const MEASURES: &[&str] = &[
    "addr",
    "address",
    "age",
    "allocated",
    "at",
    "available",
    "avg",
    "bits",
    "block",
    "bucket",
    "build",
    "bytes",
    "byte",
    "capacity",
    "checksum",
    "commit",
    "count",
    "counter",
    "counts",
    "crc",
    "cursor",
    "cycles",
    "date",
    "delta",
    "duration",
    "elapsed",
    "end",
    "entries",
    "epoch",
    "etag",
    "events",
    "exp",
    "expires",
    "expiry",
    "fd",
    "free",
    "gb",
    "generation",
    "gib",
    "hash",
    "heap",
    "hits",
    "hours",
    "iat",
    "idx",
    "index",
    "inode",
    "items",
    "job",
    "kb",
    "keys",
    "kib",
    "lag",
    "latency",
    "le",
    "len",
    "length",
    "limit",
    "lsn",
    "max",
    "mb",
    "mean",
    "mem",
    "memory",
    "messages",
    "mib",
    "micros",
    "microseconds",
    "millis",
    "milliseconds",
    "min",
    "minutes",
    "misses",
    "ms",
    "msec",
    "nanos",
    "nanoseconds",
    "nbf",
    "nonce",
    "ns",
    "offset",
    "offsets",
    "ops",
    "page",
    "pages",
    "partition",
    "pid",
    "points",
    "port",
    "pos",
    "position",
    "ppid",
    "ptr",
    "rate",
    "records",
    "requests",
    "resourceversion",
    "rev",
    "revision",
    "rows",
    "rss",
    "run",
    "samples",
    "sec",
    "seconds",
    "secs",
    "seed",
    "seq",
    "seqno",
    "sequence",
    "series",
    "shard",
    "since",
    "size",
    "slot",
    "sum",
    "start",
    "stamp",
    "task",
    "term",
    "tick",
    "ticks",
    "tid",
    "time",
    "times",
    "timestamp",
    "timestamps",
    "tokens",
    "took",
    "total",
    "totals",
    "transaction",
    "ts",
    "ttl",
    "tx",
    "txid",
    "txn",
    "until",
    "uptime",
    "us",
    "usage",
    "usec",
    "used",
    "ver",
    "version",
    "weight",
    "written",
    "xid",
    "zxid",
];

/// Last words of keys that number things; whose they are decides.
const IDS: &[&str] =
    &["id", "ids", "uid", "uuid", "guid", "trace", "span", "request", "req", "correlation", "session"];

/// Whose numbers may be a person's own.
const PEOPLE: &[&str] = &[
    "account",
    "beneficiary",
    "beneficiario",
    "citizen",
    "cliente",
    "client",
    "customer",
    "doc",
    "document",
    "documento",
    "doctor",
    "employee",
    "login",
    "medico",
    "nurse",
    "paciente",
    "patient",
    "person",
    "pessoa",
    "subject",
    "tax",
    "user",
    "username",
    "usuario",
];

/// Words behind a number that measure it.
const UNITS: &[&str] = &[
    "b",
    "bit",
    "bits",
    "byte",
    "bytes",
    "cycles",
    "entries",
    "events",
    "gb",
    "gib",
    "hz",
    "items",
    "iterations",
    "kb",
    "keys",
    "kib",
    "lines",
    "mb",
    "messages",
    "mib",
    "microseconds",
    "milliseconds",
    "ms",
    "nanoseconds",
    "ns",
    "objects",
    "ops",
    "packets",
    "pages",
    "points",
    "records",
    "req",
    "requests",
    "rows",
    "rps",
    "s",
    "samples",
    "sec",
    "secs",
    "seconds",
    "series",
    "ticks",
    "times",
    "tokens",
    "us",
];

/// Whether the number from `start` to `end` is a machine's. A number that persons have (`personal`) is not
/// numbered by a machine where the key names a person.
pub(super) fn numbers(bytes: &[u8], start: usize, end: usize, personal: bool) -> bool {
    let unit: Vec<u8> = match &bytes[end..] {
        [b' ', rest @ ..] => word(rest.iter()),
        _ => Vec::new(),
    };
    if is_one_of(&unit, UNITS) || follows_operator(&bytes[..start]) || is_in_list(bytes, start, end) {
        return true;
    }
    let mut segments = Segments::before(bytes, start);
    let Some(last) = segments.next() else { return false };
    if is_one_of(&last, MEASURES) {
        return true;
    }
    if !is_one_of(&last, IDS) {
        return false;
    }
    !(personal && segments.next().is_some_and(|owner| is_one_of(&owner, PEOPLE)))
}

fn is_one_of(word: &[u8], words: &[&str]) -> bool {
    !word.is_empty() && words.iter().any(|known| known.as_bytes() == word)
}

/// The letters at the beginning, in lower case; nothing where they are part of something else.
fn word<'a>(bytes: impl Iterator<Item = &'a u8>) -> Vec<u8> {
    bytes.take(16).take_while(|b| b.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect()
}

/// A sample behind its series (`x{a="b"} 1`), a comparison, an address.
fn follows_operator(before: &[u8]) -> bool {
    match before {
        [.., b'=', b'=' | b'>', b' '] => true,
        [.., sign, b' '] => {
            matches!(sign, b'}' | b'<' | b'>' | b'*' | b'+' | b'-' | b'/' | b'%' | b'^' | b'@')
        }
        _ => false,
    }
}

/// One of at least three numbers in a row, not all of one length, as in `/proc/stat` or the columns of `df`; or
/// the size behind the status in a web server's log.
fn is_in_list(bytes: &[u8], start: usize, end: usize) -> bool {
    let length = end - start;
    let (before, after) = (&bytes[..start], &bytes[end..]);
    let (mut count, mut differs) = (0, false);
    let mut rest = before;
    while let Some(piece) = rest.strip_suffix(b" ").filter(|_| count < 2) {
        let digits = piece.iter().rev().take(20).take_while(|b| b.is_ascii_digit()).count();
        rest = &piece[..piece.len() - digits];
        if digits == 0 || !matches!(rest.last(), None | Some(b' ')) {
            break;
        }
        if digits == 3 && rest.ends_with(b"\" ") {
            return true;
        }
        count += 1;
        differs |= digits != length;
    }
    let (mut rest, mut right) = (after, 0);
    while let Some(piece) = rest.strip_prefix(b" ").filter(|_| right < 2) {
        let digits = piece.iter().take(20).take_while(|b| b.is_ascii_digit()).count();
        rest = &piece[digits..];
        if digits == 0 || !matches!(rest.first(), None | Some(b' ')) {
            break;
        }
        right += 1;
        differs |= digits != length;
    }
    count + right >= 2 && differs
}

/// The words of the key or phrase before a number, from the last to the first, in lower case: `traceId`
/// is `id`, `trace`.
struct Segments<'a> {
    rest: &'a [u8],
    /// Whether a space may still be crossed, to the word before `id`.
    crosses: bool,
}

impl<'a> Segments<'a> {
    fn before(bytes: &'a [u8], start: usize) -> Self {
        let gap = bytes[..start]
            .iter()
            .rev()
            .take(6)
            .take_while(|b| {
                matches!(b, b' ' | b'"' | b'\'' | b'\\' | b':' | b'=' | b'#' | b'(' | b'[' | b'<' | b'`')
            })
            .count();
        Self { rest: &bytes[..start - gap], crosses: true }
    }
}

impl Iterator for Segments<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        while let Some((last, rest)) = self.rest.split_last() {
            match last {
                b'_' | b'-' | b'.' => self.rest = rest,
                b' ' if self.crosses => {
                    self.crosses = false;
                    self.rest = rest;
                }
                _ => break,
            }
        }
        let length = self.rest.iter().rev().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        let run = &self.rest[self.rest.len() - length..];
        // From the right, a word ends before the capital that begins it: `requestId`, but `ID` is one.
        let capital =
            run.windows(2).rposition(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
        let word = &run[capital.map_or(0, |at| at + 1)..];
        self.rest = &self.rest[..self.rest.len() - word.len()];
        (!word.is_empty()).then(|| word.to_ascii_lowercase())
    }
}
