//! What services really write, made at random from a seed: ids, times, counters, durations, addresses, in the
//! forms of common programs. None of it is about anybody.

use fastrand::Rng;

/// A kind of line, and how to make one.
pub type Maker = (&'static str, fn(&mut Rng) -> String);

fn hex(rng: &mut Rng, count: usize) -> String {
    (0..count).map(|_| char::from_digit(rng.u32(0..16), 16).expect("hex")).collect()
}

fn word(rng: &mut Rng) -> &'static str {
    rng.choice([
        "api", "worker", "ledger", "gateway", "queue", "cache", "index", "orders", "billing", "search",
    ])
    .expect("a word")
}

fn uuid(rng: &mut Rng) -> String {
    let h = hex(rng, 32);
    format!("{}-{}-4{}-a{}-{}", &h[..8], &h[8..12], &h[13..16], &h[17..20], &h[20..])
}

fn iso(rng: &mut Rng) -> String {
    let fraction = rng.choice(["%.3fZ", "%.6fZ", "%.9fZ", ",%3f", "%.3f-03:00"]).expect("a form");
    let t = rng.choice(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]).expect("a form");
    let at =
        chrono::DateTime::from_timestamp(rng.i64(1_600_000_000..1_900_000_000), rng.u32(0..1_000_000_000))
            .expect("a moment");
    at.format(&format!("{t}{fraction}")).to_string()
}

fn ip(rng: &mut Rng) -> String {
    format!("{}.{}.{}.{}", rng.u8(1..=254), rng.u8(..), rng.u8(..), rng.u8(1..=254))
}

fn ulid(rng: &mut Rng) -> String {
    const LETTERS: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    (0..26).map(|_| LETTERS[rng.usize(0..32)] as char).collect()
}

/// A number of this many digits.
fn number(rng: &mut Rng, digits: std::ops::RangeInclusive<u32>) -> u64 {
    let digits = rng.u32(digits);
    rng.u64(10_u64.pow(digits - 1)..10_u64.saturating_pow(digits))
}

/// Seconds, milliseconds, microseconds or nanoseconds since the epoch.
fn epoch(rng: &mut Rng) -> String {
    let s = rng.u64(1_600_000_000..1_900_000_000);
    let scale = rng.choice([1, 1_000, 1_000_000, 1_000_000_000]).expect("a scale");
    (s * scale + rng.u64(0..scale)).to_string()
}

pub const MAKERS: &[Maker] = &[
    ("slog JSON", |r| {
        format!(
            r#"{{"time":"{}","level":"INFO","msg":"request completed","trace_id":"{}","span_id":"{}","status":{},"duration_ms":{}.{},"bytes":{}}}"#,
            iso(r),
            hex(r, 32),
            hex(r, 16),
            r.u16(200..600),
            r.u32(0..9000),
            r.u32(0..1000),
            number(r, 1..=12)
        )
    }),
    ("nanoseconds", |r| {
        format!(
            r#"{{"ts":{},"caller":"{}/server.go:{}","duration_ns":{},"uptime_ns":{},"request_id":"{}"}}"#,
            epoch(r),
            word(r),
            r.u16(1..999),
            number(r, 5..=12),
            number(r, 10..=17),
            uuid(r)
        )
    }),
    ("logfmt", |r| {
        format!(
            "ts={} level=warn component={} msg=\"compaction done\" ulid={} mint={} maxt={} duration={}.{}s samples={} offset={}",
            iso(r),
            word(r),
            ulid(r),
            epoch(r),
            epoch(r),
            r.u32(0..99),
            number(r, 3..=9),
            number(r, 3..=11),
            number(r, 3..=14)
        )
    }),
    ("nginx", |r| {
        format!(
            "{} - - [22/Nov/2026:05:11:{:02} -0300] \"GET /{}/{}?page={}&ts={} HTTP/1.1\" {} {} \"-\" \"curl/8.{}.{}\" {}.{:03}",
            ip(r),
            r.u8(0..60),
            word(r),
            uuid(r),
            r.u16(1..500),
            epoch(r),
            r.u16(200..600),
            number(r, 1..=11),
            r.u8(0..20),
            r.u8(0..20),
            r.u8(0..9),
            r.u16(0..999)
        )
    }),
    ("JVM", |r| {
        format!(
            "{} INFO  [{}-thread-{}] c.a.{}.Handler@{} - GC(1{}) Pause Young {}M->{}M({}M) {}.{}ms",
            iso(r),
            word(r),
            r.u16(1..200),
            word(r),
            hex(r, 7),
            r.u16(0..9999),
            r.u16(1..999),
            r.u16(1..999),
            r.u16(1000..9999),
            r.u16(0..999),
            r.u16(0..999)
        )
    }),
    ("PostgreSQL", |r| {
        format!(
            "{} UTC [{}] LOG:  checkpoint complete: wrote {} buffers ({}.{}%); 0 WAL file(s) added; distance={} kB; lsn={:X}/{:08X}, xid {}",
            iso(r),
            r.u32(100..99_999),
            r.u32(1..99_999),
            r.u8(0..99),
            r.u8(0..9),
            number(r, 3..=9),
            r.u16(..),
            r.u32(..),
            number(r, 4..=11)
        )
    }),
    ("Kubernetes", |r| {
        format!(
            "I1122 05:11:35.{:06}       1 reconcile.go:{}] pod=\"{}-{}-{}\" uid=\"{}\" resourceVersion=\"{}\" image=\"registry.example/{}@sha256:{}\"",
            r.u32(0..999_999),
            r.u16(1..999),
            word(r),
            hex(r, 10),
            hex(r, 5),
            uuid(r),
            number(r, 6..=11),
            word(r),
            hex(r, 64)
        )
    }),
    ("Kafka", |r| {
        format!(
            "[{}] INFO [Log partition={}-{}, dir=/var/kafka] Rolled new log segment at offset {} in {} ms. (kafka.log.Log) producerId {} epoch={}",
            iso(r),
            word(r),
            r.u8(0..64),
            number(r, 3..=14),
            r.u16(0..999),
            number(r, 3..=7),
            r.u8(..)
        )
    }),
    ("decimal ids", |r| {
        format!(
            "level=info dd.trace_id={} dd.span_id={} order_id={} message_id={} seq={} session=\"{}\"",
            r.u64(..),
            r.u64(..),
            number(r, 6..=18),
            number(r, 10..=19),
            number(r, 1..=15),
            number(r, 8..=16)
        )
    }),
    ("JSON ids", |r| {
        format!(
            r#"{{"id":{},"eventId":"{}","parentId":{},"job_id":"{}","version":{},"count":{},"nextOffset":{}}}"#,
            number(r, 3..=19),
            number(r, 11..=17),
            number(r, 11..=15),
            number(r, 11..=14),
            number(r, 1..=14),
            number(r, 1..=12),
            number(r, 9..=15)
        )
    }),
    ("exposition", |r| {
        format!(
            "http_{}_bytes_total{{instance=\"{}:{}\",code=\"{}\",le=\"{}\"}} {}",
            word(r),
            ip(r),
            r.u16(1024..),
            r.u16(200..600),
            number(r, 1..=11),
            number(r, 1..=18)
        )
    }),
    ("floats", |r| {
        format!(
            "{} p50={:?} p99={:e} ratio={} delta=-{} rate={}",
            word(r),
            r.f64() * 1e9,
            r.f64() * 1e-6,
            r.f64(),
            r.f64() * 1e12,
            r.f32()
        )
    }),
    ("addresses", |r| {
        format!(
            "connect {}:{} -> [2001:db8:{}:{}::{}]:{} mac {:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x} ptr 0x{}",
            ip(r),
            r.u16(1024..),
            hex(r, 4),
            hex(r, 4),
            hex(r, 4),
            r.u16(1024..),
            r.u8(..),
            r.u8(..),
            r.u8(..),
            r.u8(..),
            r.u8(..),
            r.u8(..),
            hex(r, 12)
        )
    }),
    ("versions", |r| {
        format!(
            "starting {} v{}.{}.{}-rc.{} (go1.{}.{}, linux/amd64) commit {} built {} kernel 6.{}.{}-{}-generic",
            word(r),
            r.u8(0..30),
            r.u8(0..99),
            r.u8(0..99),
            r.u8(1..9),
            r.u8(18..25),
            r.u8(0..12),
            hex(r, 40),
            iso(r),
            r.u8(0..12),
            r.u8(0..99),
            r.u8(0..200)
        )
    }),
    ("kernel", |r| {
        format!(
            "[{:>5}.{:06}] eth{}: renamed from veth{} mem {:#012x}-{:#012x} irq {} cpu {} {} {} {} {}",
            r.u32(0..99_999),
            r.u32(0..999_999),
            r.u8(0..9),
            hex(r, 7),
            r.u64(0..1 << 40),
            r.u64(0..1 << 40),
            r.u8(..),
            number(r, 1..=9),
            number(r, 5..=9),
            number(r, 1..=8),
            number(r, 10..=11),
            number(r, 1..=7)
        )
    }),
    ("traceparent", |r| {
        format!(
            "traceparent: 00-{}-{}-01 tracestate: dd=s:1;o:rum;t.tid:{} x-request-id: {}",
            hex(r, 32),
            hex(r, 16),
            hex(r, 16),
            uuid(r)
        )
    }),
    ("prose", |r| {
        format!(
            "{} {} processed {} records in {} ms, {} bytes read, timestamp {}, took {} us",
            iso(r),
            word(r),
            number(r, 1..=11),
            number(r, 1..=11),
            number(r, 1..=15),
            epoch(r),
            number(r, 1..=13)
        )
    }),
    ("disk", |r| {
        format!(
            "/dev/sd{} {} {} {} {}% /var/lib/{} inode {} size {}",
            (b'a' + r.u8(0..6)) as char,
            number(r, 8..=12),
            number(r, 8..=12),
            number(r, 8..=12),
            r.u8(0..100),
            word(r),
            number(r, 6..=11),
            number(r, 9..=14)
        )
    }),
    ("snowflakes", |r| {
        format!(
            "moved {} to {} by {}",
            r.u64(1_000_000_000_000_000_000..2_000_000_000_000_000_000),
            uuid(r),
            ulid(r)
        )
    }),
    ("compact times", |r| {
        let at = chrono::DateTime::from_timestamp(r.i64(1_600_000_000..1_900_000_000), 0).expect("a moment");
        format!(
            "backup-{}.tar.gz INC-{} snapshot {}",
            at.format("%Y%m%d%H%M%S"),
            at.format("%Y%m%d%H%M%S"),
            at.format("%Y%m%d-%H%M%S")
        )
    }),
    ("bare epochs", |r| format!("{} {} {}", epoch(r), word(r), epoch(r))),
    ("healthcare, nobody named", |r| {
        format!(
            r#"{{"timestamp":"{}","level":"info","category":"ai_inference","department":"cardiology","event":"inference completed","model_name":"medgemma-4b","inference_time_ms":{}.{},"confidence_score":0.{},"trace_id":"{}"}}"#,
            iso(r),
            r.u16(1..9999),
            r.u8(0..9),
            number(r, 3..=17),
            hex(r, 32)
        )
    }),
    ("numbers of nobody knows what", |r| {
        format!("{} handled {} and {}", word(r), number(r, 9..=12), number(r, 3..=8))
    }),
];

/// How often a line of each kind comes, of 100: the last kind, a bare number with nothing that says what it
/// is, is rare in real logs.
pub fn line(rng: &mut Rng) -> (usize, String) {
    let at = if rng.u16(0..1000) == 0 { MAKERS.len() - 1 } else { rng.usize(0..MAKERS.len() - 1) };
    (at, MAKERS[at].1(rng))
}
