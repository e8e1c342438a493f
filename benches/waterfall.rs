//! What a trace of 50,000 spans costs: the waterfall when it comes, then a frame of it, a key that scrolls, folds,
//! searches, and two of them laid over each other. The limit of a frame is 16 ms.
//!
//! `cargo bench --bench waterfall`; a name after `--` picks benches.
// A bench is a program of its own: it ends by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../tests/support/traces.rs"]
mod hand_made;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion};
use plantao::command::CommandId;
use plantao::explore::compare::Comparison;
use plantao::explore::{Waterfall, seek};
use plantao::keymap::Keymap;
use plantao::message::Msg;
use plantao::model::ask::{Answer, Answered, Ask, Key};
use plantao::model::{SourceId, Span, SpanKind, SpanStatus, Trace, TraceDoc, Window};
use plantao::state::{Setup, State, View};
use plantao::theme::Theme;
use plantao::ui::{self, Glyphs, UiContext};
use plantao::update::update;
use plantao::{pack, text, view};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const SPANS: u64 = 50_000;
const SIZE: (u16, u16) = (120, 40);

fn main() {
    // `cargo test --benches` runs this too, and it is no test; `cargo bench` says `--bench`.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    for (shape, trace) in [("tree", tree()), ("flat", flat()), ("chain", chain())] {
        derived(&mut criterion, shape, &trace);
        shown(&mut criterion, shape, &trace);
    }
    criterion.final_summary();
}

fn span(id: u64, parent: u64, from: f64, to: f64) -> Span {
    const SERVICES: [&str; 6] =
        ["api-gateway", "auth-service", "medical-api", "ai-engine", "postgresql", "audit-writer"];
    let service = SERVICES[(id % 6) as usize];
    let kind = [SpanKind::Server, SpanKind::Client, SpanKind::Internal][(id % 3) as usize];
    let one = hand_made::span(id, parent, service, "work", kind, 1_795_327_000_000_000_000, (from, to));
    Span {
        name: format!("operation {}", id % 40).into(),
        status: if id.is_multiple_of(997) { SpanStatus::Error } else { SpanStatus::Unset },
        attributes: hand_made::attributes(&[
            ("http.request.method", "POST"),
            ("http.route", "/v1/records/{id}"),
            ("medical.department", "emergency"),
        ]),
        ..one
    }
}

fn of(spans: impl Iterator<Item = Span>) -> Arc<Trace> {
    Arc::new(Trace { id: hand_made::SLOW, spans: spans.collect() })
}

/// Each span has eight children that share its time.
fn tree() -> Arc<Trace> {
    let mut times = vec![(0.0, 0.0), (0.0, 60_000.0)];
    for id in 2..=SPANS {
        let (from, to): (f64, f64) = times[((id - 2) / 8 + 1) as usize];
        let (part, at) = ((to - from) / 9.0, ((id - 2) % 8) as f64);
        times.push((from + part * at, from + part * (at + 1.0)));
    }
    of((1..=SPANS).map(|id| {
        let (from, to) = times[id as usize];
        span(id, if id == 1 { 0 } else { (id - 2) / 8 + 1 }, from, to)
    }))
}

/// All below the root.
fn flat() -> Arc<Trace> {
    of((1..=SPANS).map(|id| match id {
        1 => span(1, 0, 0.0, SPANS as f64 + 5.0),
        _ => span(id, 1, id as f64, id as f64 + 3.0),
    }))
}

/// Each below the one before.
fn chain() -> Arc<Trace> {
    of((1..=SPANS).map(|id| span(id, id - 1, id as f64 * 0.1, SPANS as f64 * 2.0 - id as f64 * 0.1)))
}

fn derived(criterion: &mut Criterion, shape: &str, trace: &Arc<Trace>) {
    let fall = Waterfall::of(trace);
    criterion.bench_function(&format!("waterfall/{shape}"), |b| b.iter(|| Waterfall::of(black_box(trace))));
    criterion.bench_function(&format!("search/{shape}"), |b| {
        b.iter(|| seek::rows(black_box(trace), &fall, "nowhere at all"));
    });
    criterion.bench_function(&format!("compare/{shape}"), |b| {
        b.iter(|| Comparison::of((black_box(trace), &fall), (trace, &fall)));
    });
}

fn console(trace: &Arc<Trace>) -> State {
    let setup = Setup {
        pack: Arc::new(pack::load("hospital", &[]).expect("the shipped pack")),
        text: &text::EN,
        keymap: Arc::new(Keymap::shipped()),
        operator: "ana".to_owned(),
        role: plantao::model::Role::Admin,
        ack_s: 900,
        reveal_s: None,
        contexts: Vec::new(),
        themes: Vec::new(),
        sources: [(SourceId::TEMPO, "http://tempo:3200".to_owned())].into(),
        page_interval_s: BTreeMap::new(),
        interval_s: 5,
        announce: false,
    };
    let now = chrono::DateTime::from_timestamp(1_795_327_920, 0).expect("a time");
    let mut state = State::new(setup, now, SIZE, Window::DEFAULT);
    state.stack.push(View::Trace(trace.id));
    let answer = Answer::Trace(TraceDoc { trace: trace.clone(), ..TraceDoc::default() });
    let outcome = Ok(Answered { answer, took_ms: 1, warnings: Vec::new(), clock_skew_s: None });
    let ask = Ask::Plain(Key::Trace(trace.id));
    let epoch = state.epoch;
    let _ = update(&mut state, now, Msg::Answered { ask, epoch, at: now, outcome: Box::new(outcome) });
    state
}

fn shown(criterion: &mut Criterion, shape: &str, trace: &Arc<Trace>) {
    let state = console(trace);
    let theme = Theme::load("dark", &[]).expect("the shipped theme");
    let ui = UiContext { styles: &theme, glyphs: &Glyphs::UNICODE, text: &text::EN };
    let area = Rect::new(0, 0, SIZE.0, SIZE.1);
    let frame = |state: &State| {
        let mut buffer = Buffer::empty(area);
        ui::draw(&view::build(state), &ui, &mut buffer, area);
        buffer
    };
    criterion.bench_function(&format!("frame/{shape}"), |b| b.iter(|| frame(black_box(&state))));
    let mut scrolled = state.clone();
    criterion.bench_function(&format!("scroll and frame/{shape}"), |b| {
        b.iter(|| {
            let now = scrolled.now;
            let _ = update(&mut scrolled, now, Msg::Command(CommandId::PageDown));
            frame(&scrolled)
        });
    });
    for (name, id) in [("fold all", CommandId::TraceFoldAll), ("critical path", CommandId::TraceCritical)] {
        criterion.bench_function(&format!("{name}/{shape}"), |b| {
            b.iter_batched(
                || state.clone(),
                |mut state| {
                    let now = state.now;
                    let _ = update(&mut state, now, Msg::Command(id));
                    state
                },
                BatchSize::LargeInput,
            );
        });
    }
}
