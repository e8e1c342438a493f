//! What a key costs in the log view with 100,000 lines loaded: from the key to the finished frame, searching included, and
//! what making such a page ready costs once.
//!
//! `cargo bench --bench logs`; a name after `--` picks benches.
// A bench is a program of its own: it ends by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::Criterion;
use plantao::explore::page::Lines;
use plantao::keymap::Keymap;
use plantao::message::Msg;
use plantao::model::ask::{Answer, Answered, Key};
use plantao::model::{Labels, LogEntry, LogPage, LogStats, SourceId, Time, Window};
use plantao::pack::{self, Pack};
use plantao::state::{Setup, State, View, demand, logs};
use plantao::theme::Theme;
use plantao::ui::{self, Glyphs, UiContext};
use plantao::update::update;
use plantao::{text, view};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const MANY: i64 = 100_000;
const SIZE: (u16, u16) = (120, 40);
const QUERY: &str = r#"{service=~".+"}"#;

fn now() -> Time {
    chrono::DateTime::from_timestamp(1_795_327_920, 0).expect("a time")
}

/// Lines like the hospital's, newest first.
fn page() -> LogPage {
    let streams: Vec<Labels> = ["api-gateway", "medical-api", "ai-engine", "auth-service"]
        .iter()
        .map(|service| {
            Labels::new([("service", *service), ("level", "info"), ("category", "medical_record")])
        })
        .collect();
    let newest = now().timestamp_nanos_opt().expect("this century");
    let entries: Vec<LogEntry> = (0..MANY)
        .map(|at| LogEntry {
            ts: newest - at * 35_000_000,
            labels: streams[(at % 4) as usize].clone(),
            line: format!(
                r#"{{"timestamp":"2026-11-22T05:11:35Z","level":"info","category":"medical_record","department":"cardiology","service":"medical-api","event":"Medical operation","operation":"operation_{}","user_id":"dr_silva_{}","patient_id_hash":"{at:016x}","duration_ms":{}.5,"result":"success","trace_id":"{at:032x}"}}"#,
                at % 17,
                at % 331,
                at % 4000
            )
            .into(),
            metadata: Labels::default(),
        })
        .collect();
    LogPage { entries: entries.into(), more: false, leaks: Vec::new() }
}

fn state(pack: &Arc<Pack>) -> State {
    let setup = Setup {
        pack: pack.clone(),
        text: &text::EN,
        keymap: Arc::new(Keymap::shipped()),
        operator: "ana".to_owned(),
        role: plantao::model::Role::Admin,
        ack_s: 900,
        reveal_s: None,
        contexts: Vec::new(),
        themes: Vec::new(),
        sources: [(SourceId::LOKI, "http://loki".to_owned())].into(),
        page_interval_s: BTreeMap::new(),
        interval_s: 5,
        announce: false,
    };
    State::new(setup, now(), SIZE, Window::DEFAULT)
}

fn tell(state: &mut State, key: &Key, answer: Answer) {
    let ask = demand::ask(state, key).expect("something to ask");
    let answered = Answered { answer, took_ms: 5, warnings: Vec::new(), clock_skew_s: None };
    let epoch = state.epoch;
    update(state, now(), Msg::Answered { ask, epoch, at: now(), outcome: Box::new(Ok(answered)) });
}

/// The log view with everything loaded.
fn loaded(pack: &Arc<Pack>) -> State {
    let mut state = state(pack);
    state.stack.push(View::Logs(QUERY.into()));
    let selector = logs::selector_of(QUERY).expect("a selector");
    tell(
        &mut state,
        &Key::LogStats(selector),
        Answer::LogStats(LogStats { bytes: 1, ..LogStats::default() }),
    );
    tell(
        &mut state,
        &Key::Logs { query: QUERY.into(), limit: logs::FIRST, forward: false },
        Answer::Logs(page()),
    );
    state
}

fn main() {
    // `cargo test --benches` runs this too, and it is no test; `cargo bench` says `--bench`.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let pack = Arc::new(pack::load("hospital", &[]).expect("the shipped pack"));
    let theme = Theme::load("dark", &[]).expect("the shipped theme");
    let ui = UiContext { styles: &theme, glyphs: &Glyphs::UNICODE, text: &text::EN };
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let area = Rect::new(0, 0, SIZE.0, SIZE.1);
    let mut group = criterion.benchmark_group("logs");
    let mut state = loaded(&pack);
    let frame = |state: &State| {
        let mut buffer = Buffer::empty(area);
        ui::draw(&view::build(state), &ui, &mut buffer, area);
        black_box(buffer);
    };
    for (name, keys) in [
        ("scroll a line", &["j"][..]),
        ("scroll a screen", &["pagedown"]),
        ("to the end and back", &["G", "g"]),
        ("columns", &["C"]),
        ("find every line", &["/", "o", "esc"]),
        ("find one in a hundred", &["/", "_", "3", "3", "0", "enter", "n"]),
        ("find nothing", &["/", "z", "q", "z", "esc"]),
    ] {
        group.bench_function(format!("{MANY} lines, {name}: key to frame"), |bencher| {
            bencher.iter_custom(|times| {
                // What a key and its frame take, the mean of the sequence's.
                let start = std::time::Instant::now();
                for _ in 0..times {
                    for key in keys {
                        update(&mut state, now(), Msg::Key(key.parse().expect("a key")));
                        frame(&state);
                    }
                }
                start.elapsed() / keys.len() as u32
            });
        });
    }
    let page = page();
    group.bench_function(format!("{MANY} lines made ready, once"), |bencher| {
        bencher.iter(|| black_box(Lines::new(&page, true, &pack.explore, &pack.events, 60_000)));
    });
    group.finish();
}
