//! What a trace of 50,000 spans costs from the answer's bytes to the waterfall: reading with masking beside bare
//! decoding of the same protobuf by prost, the waterfall, and what `trace ID` writes.
//!
//! `cargo bench --bench traces`; Tempo itself takes about a second to answer such a trace (its limit is half of that
//! again, so everything here together must stay below 0.4 s).
// A bench is a program of its own: it ends by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(missing_docs)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use plantao::client::fuzzing;
use plantao::demo::servers::tempo::{otlp, proto};
use plantao::explore::waterfall::Waterfall;
use plantao::export;
use plantao::model::ask::Answer;
use plantao::model::{Attribute, Span, SpanEvent, SpanId, SpanKind, SpanStatus, Trace, TraceDoc, TraceId};
use prost::Message as _;

const SPANS: u64 = 50_000;
const LIMIT: Duration = Duration::from_millis(400);

/// A long batch job: a tree of spans of eight services, as instrumented services write them. With `unique`, every text
/// differs from every other, which nothing that remembers can make cheap.
fn trace(unique: bool) -> Trace {
    let mut rng = fastrand::Rng::with_seed(1);
    let services: Vec<Arc<str>> = (0..8).map(|at| format!("service-{at}").into()).collect();
    let resources: Vec<_> = (0..8)
        .map(|at| Arc::new(vec![("host.name".into(), Attribute::Text(format!("host-{at}").into()))]))
        .collect();
    let start = 1_795_324_275_000_000_000_i64;
    let spans = (1..=SPANS)
        .map(|id| {
            let service = rng.usize(0..8);
            let offset = id as i64 * 20_000;
            let text = |words: &str, rng: &mut fastrand::Rng| -> Arc<str> {
                if unique { format!("{words} {:016x}", rng.u64(..)) } else { words.to_owned() }.into()
            };
            let failed = rng.u8(..) < 3;
            Span {
                trace_id: TraceId(7),
                span_id: SpanId(id),
                parent_id: (id > 1).then(|| SpanId(rng.u64(1.max(id.saturating_sub(50))..id))),
                service: services[service].clone(),
                name: text(["GET /records", "SELECT", "publish", "render"][rng.usize(0..4)], &mut rng),
                kind: SpanKind::Server,
                start: start + offset,
                duration: rng.i64(1_000..50_000_000),
                status: if failed { SpanStatus::Error } else { SpanStatus::Ok },
                status_message: if failed { text("deadline exceeded", &mut rng) } else { "".into() },
                attributes: vec![
                    ("http.response.status_code".into(), Attribute::Int(200)),
                    (
                        "db.statement".into(),
                        Attribute::Text(text("SELECT id FROM records WHERE day = ?", &mut rng)),
                    ),
                    ("request.id".into(), Attribute::Text(format!("{:032x}", rng.u128(..)).into())),
                    ("net.peer.name".into(), Attribute::Text(text("10.0.3.17", &mut rng))),
                ],
                resource: resources[service].clone(),
                events: if failed {
                    vec![SpanEvent {
                        at: start + offset,
                        name: "exception".into(),
                        attributes: vec![("exception.type".into(), Attribute::Text("Timeout".into()))],
                    }]
                } else {
                    Vec::new()
                },
                scope: "bench".into(),
                ..Span::default()
            }
        })
        .collect();
    Trace { id: TraceId(7), spans }
}

/// The best of several rounds.
fn best<T>(mut work: impl FnMut() -> T) -> (Duration, T) {
    (0..7)
        .map(|_| {
            let began = Instant::now();
            let result = work();
            (began.elapsed(), result)
        })
        .min_by_key(|(took, _)| *took)
        .expect("rounds")
}

fn read(bytes: &[u8], protobuf: bool) -> TraceDoc {
    match fuzzing::trace(black_box(bytes), protobuf, true) {
        Ok(Answer::Trace(doc)) => doc,
        other => panic!("{other:?}"),
    }
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

fn main() {
    // `cargo test --benches` runs this too, and it is no test; `cargo bench` says `--bench`.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    for (what, unique) in [("texts that recur", false), ("every text another", true)] {
        let messages = otlp::messages(&trace(unique));
        let json = serde_json::json!({ "trace": { "resourceSpans": otlp::json(&messages) } }).to_string();
        let bytes = proto::TraceById { trace: Some(messages), ..proto::TraceById::default() }.encode_to_vec();
        println!("{SPANS} spans, {what}: {:.1} MB of protobuf", bytes.len() as f64 / 1e6);
        let (bare, _) = best(|| proto::TraceById::decode(black_box(&*bytes)).expect("a trace"));
        let (whole, doc) = best(|| read(&bytes, true));
        assert_eq!(doc.trace.spans.len() as u64, SPANS);
        // What masking takes is what is left of reading without the texts' masking: measured over the same texts.
        let (mask, _) = best(|| masked(&doc));
        let (from_json, _) = best(|| read(json.as_bytes(), false));
        let (fall, waterfall) = best(|| Waterfall::of(&doc.trace));
        let (text, _) = best(|| {
            let mut written = 0;
            export::trace_text(&doc, &waterfall, "", false, &mut |piece| written += piece.len());
            written
        });
        let (document, _) = best(|| {
            let mut written = 0;
            export::trace_json(&doc, &mut |piece| written += piece.len());
            written
        });
        println!("  prost, bare decoding      {:8.1} ms", ms(bare));
        println!("  reading with masking      {:8.1} ms   {:.2} × bare", ms(whole), ms(whole) / ms(bare));
        println!("  masking each text once    {:8.1} ms", ms(mask));
        println!(
            "  reading the same JSON     {:8.1} ms   ({:.1} MB)",
            ms(from_json),
            json.len() as f64 / 1e6
        );
        println!("  waterfall                 {:8.1} ms", ms(fall));
        println!("  `trace ID` as text        {:8.1} ms", ms(text));
        println!("  `trace ID` as JSON        {:8.1} ms", ms(document));
        let shown = whole + fall + text.max(document);
        let verdict = if shown <= LIMIT { "ok" } else { "TOO SLOW" };
        println!("  read, laid out, written   {:8.1} ms   {verdict} (limit {:.0} ms)", ms(shown), ms(LIMIT));
    }
}

/// Masks every text of the spans, without remembering any.
fn masked(doc: &TraceDoc) -> usize {
    let masker = plantao::privacy::masker();
    let mut bytes = 0;
    for span in &doc.trace.spans {
        bytes += masker.mask(&span.name).len();
        for (name, value) in &span.attributes {
            if let Attribute::Text(text) = value {
                bytes += masker.value(name, text).len();
            }
        }
    }
    bytes
}
