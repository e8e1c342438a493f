//! What the inside of the console costs with 10,000 alerts: joining, filtering, drawing, parsing,
//! masking. Where it makes sense a peer does the like in the same run, so that a figure means
//! something on another machine: parsing stands beside `serde_json::Value`, masking beside copying.
//!
//! `cargo bench --bench core`; a name after `--` picks benches.
// A bench is a program of its own: it ends by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]
#![allow(missing_docs)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput};
use plantao::client::Clients;
use plantao::clock::Clock;
use plantao::config::{self, Config, Flags, Inputs};
use plantao::keymap::Keymap;
use plantao::message::Msg;
use plantao::model::ask::{Answered, Ask, Key};
use plantao::model::{Labels, Matcher, Point, Series, Window};
use plantao::query::MetricData;
use plantao::query::promql::Promql;
use plantao::runtime::{Start, headless};
use plantao::state::{AlertList, State, View, demand};
use plantao::theme::Theme;
use plantao::ui::{self, Glyphs, UiContext};
use plantao::update::update;
use plantao::{pack, privacy, text, view};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use support::fake::{Behaviour, Fake};

/// Alerts in the long list.
const MANY: usize = 10_000;
const SIZE: (u16, u16) = (120, 40);

fn main() {
    // `cargo test --benches` runs this too, and it is no test; `cargo bench` says `--bench`.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let fake = Fake::start(Behaviour { alerts: MANY, delay: Duration::ZERO, moving: false });
    let console = Bench { config: configured(&fake), runtime, fake };
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    frames(&mut criterion, &console);
    asking(&mut criterion, &console);
    joining(&mut criterion, &console);
    parsing(&mut criterion, &console);
    masking(&mut criterion);
    querying(&mut criterion);
    criterion.final_summary();
}

struct Bench {
    config: Config,
    runtime: tokio::runtime::Runtime,
    fake: Fake,
}

fn configured(fake: &Fake) -> Config {
    let flags = Flags { prometheus: Some(fake.url()), alertmanager: Some(fake.url()), ..Flags::default() };
    config::load(&Inputs { flags, ..Inputs::default() }).expect("a configuration").config
}

impl Bench {
    /// The console as it is when every answer of a view has come.
    fn settled(&self, view: Option<View>) -> State {
        let start = Start {
            config: self.config.clone(),
            pack: Arc::new(pack::load("hospital", &[]).expect("the pack")),
            keymap: Arc::new(Keymap::load("default", &[]).expect("the keymap")),
            themes: Vec::new(),
            clock: Clock::System,
            embedded: None,
            history: plantao::cli::history::History::default(),
            who: plantao::model::Identity::default(),
            journal: None,
            bundle: None,
        };
        let mut state = start.state(SIZE, Window::DEFAULT);
        state.stack.extend(view);
        let clients = Clients::new(&self.config.sources);
        self.runtime.block_on(headless::settle(&mut state, clients, Clock::System, Duration::from_secs(60)));
        assert!(state.list.rows.len() >= MANY, "{} alerts", state.list.rows.len());
        state
    }

    fn ask(&self, ask: &Ask) -> Answered {
        self.runtime.block_on(Clients::new(&self.config.sources).ask(ask)).expect("an answer")
    }
}

/// A whole frame: state to view-model to cells.
fn frames(criterion: &mut Criterion, console: &Bench) {
    let theme = Theme::load("dark", &[]).expect("the theme");
    let context = UiContext { styles: &theme, glyphs: &Glyphs::UNICODE, text: &text::EN };
    let area = Rect::new(0, 0, SIZE.0, SIZE.1);
    let mut group = criterion.benchmark_group("frame");
    for (name, view) in [("overview", None), ("alerts", Some(View::Alerts))] {
        let state = console.settled(view);
        group.bench_function(format!("{name}, view"), |b| b.iter(|| view::build(black_box(&state))));
        group.bench_function(format!("{name}, view and ui"), |b| {
            let mut buffer = Buffer::empty(area);
            b.iter(|| ui::draw(&view::build(black_box(&state)), &context, &mut buffer, area));
        });
    }
    group.finish();
}

/// What the loop asks itself at every turn, and every second.
fn asking(criterion: &mut Criterion, console: &Bench) {
    let state = console.settled(None);
    let mut group = criterion.benchmark_group("loop");
    group.bench_function("wants", |b| b.iter(|| demand::wants(black_box(&state))));
    group.bench_function("tick", |b| {
        let mut state = state.clone();
        b.iter(|| update(&mut state, Clock::System.now(), Msg::Tick));
    });
    group.finish();
}

/// The list: an answer that replaces it, a letter of its filter, another order.
fn joining(criterion: &mut Criterion, console: &Bench) {
    let state = console.settled(Some(View::Alerts));
    let ask = Ask::Plain(Key::Alerts);
    let answered = console.ask(&ask);
    let mut group = criterion.benchmark_group("list");
    group.bench_function("take 10,000 alerts and join", |b| {
        let mut state = state.clone();
        b.iter_batched(
            || Msg::Answered {
                ask: ask.clone(),
                epoch: 0,
                at: Clock::System.now(),
                outcome: Box::new(Ok(answered.clone())),
            },
            |msg| update(&mut state, Clock::System.now(), msg),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("join alone", |b| {
        b.iter(|| plantao::store::alerts::join(black_box(&state.store), &state.setup.pack, &[]));
    });
    group.bench_function("order alone", |b| {
        b.iter_batched(
            || plantao::store::alerts::join(&state.store, &state.setup.pack, &[]),
            |rows| AlertList::with_rows(rows, &state.places.alerts, &state.setup.pack),
            BatchSize::PerIteration,
        );
    });
    for (name, filter) in [("word", "number 99"), ("matcher", "severity=critical"), ("nothing", "")] {
        group.bench_function(format!("filter by {name}"), |b| {
            let mut state = state.clone();
            filter.clone_into(&mut state.places.alerts.filter);
            b.iter(|| plantao::update::alerts::reorder(black_box(&mut state)));
        });
    }
    group.finish();
}

/// From the request to 10,000 alerts, beside the same request read into `serde_json::Value`.
fn parsing(criterion: &mut Criterion, console: &Bench) {
    let url = format!("{}/api/v2/alerts", console.fake.url());
    let peer = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().expect("a client");
    let fetch = || async { peer.get(&url).send().await.expect("an answer").bytes().await.expect("its body") };
    let body = console.runtime.block_on(fetch());
    let clients = Clients::new(&console.config.sources);
    let ask = Ask::Plain(Key::Alerts);
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("fetch alone", |b| b.iter(|| console.runtime.block_on(fetch())));
    group.bench_function("fetch, serde_json::Value", |b| {
        b.iter(|| {
            let body = console.runtime.block_on(fetch());
            serde_json::from_slice::<serde_json::Value>(&body).expect("JSON")
        });
    });
    group.bench_function("fetch, 10,000 alerts made safe", |b| {
        b.iter(|| console.runtime.block_on(clients.ask(&ask)).expect("an answer"));
    });
    group.finish();
}

/// Masking of what servers usually say, beside a copy of it.
fn masking(criterion: &mut Criterion) {
    let lines = [
        "MedGemma-4b inference p95 is 12.4 s on mac-studio, over 10 s for 5 minutes",
        "10.0.12.7:9100",
        "http://127.0.0.1:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1",
        "2026-11-22T05:11:35.645Z level=error trace=4bf92f3577b34da6a3ce929d0e0e4736 status=500 took=1.203s",
        "patient 123.456.789-09 refused at the desk, ana.souza@hospital.example told",
    ];
    let bytes: usize = lines.iter().map(|line| line.len()).sum();
    let mut group = criterion.benchmark_group("privacy");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("copy", |b| b.iter(|| lines.map(|line| Box::<str>::from(black_box(line)))));
    group.bench_function("safe", |b| b.iter(|| lines.map(|line| privacy::safe(black_box(line)))));
    group.bench_function("safe, nothing to mask", |b| {
        b.iter(|| privacy::safe(black_box(lines[0])));
    });
    group.finish();
}

/// Series of a counter in memory.
struct Counters(Vec<Series>);

impl MetricData for Counters {
    fn series(&self, _: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        let cut = |series: &Series| Series {
            labels: series.labels.clone(),
            points: series.points.iter().filter(|p| (from_ms..=to_ms).contains(&p.t)).copied().collect(),
        };
        self.0.iter().map(cut).collect()
    }
}

/// PromQL over 200 series of 15 s samples, at 240 steps; what a copy of the samples costs stands beside.
fn querying(criterion: &mut Criterion) {
    const START_MS: i64 = 1_700_000_000_000;
    const END_MS: i64 = START_MS + 3_600_000;
    let series = |at: i64| Series {
        labels: Labels::new([
            ("__name__", "x".to_owned()),
            ("i", at.to_string()),
            ("g", (at % 10).to_string()),
        ]),
        points: (0..=260)
            .map(|tick| Point { t: START_MS + (tick - 20) * 15_000, v: (tick * at) as f64 })
            .collect(),
    };
    let data = Counters((0..200).map(series).collect());
    let mut group = criterion.benchmark_group("promql");
    group.bench_function("copy", |b| b.iter(|| data.series(&[], START_MS - 300_000, END_MS)));
    for query in ["x", "rate(x[5m])", "sum by (g) (rate(x[5m]))", "x / on (i, g) x > 1"] {
        let promql = Promql::parse(query).expect("a query");
        group.bench_function(query, |b| {
            b.iter(|| promql.range(&data, START_MS, END_MS, 15_000).expect("an answer"));
        });
    }
    group.finish();
}
