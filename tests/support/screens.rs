//! Screens like those of a hospital's night, for golden frames and properties.

use std::sync::Arc;

use plantao::command::COMMANDS;
use plantao::model::{AlertState, Labels, Point, Sample, Series, Severity, Time, Unit};
use plantao::view::vm::*;

#[path = "screens/alerts.rs"]
mod alerts;
#[path = "screens/evidence.rs"]
mod evidence;
#[path = "screens/metrics.rs"]
mod metrics;
#[path = "screens/overlays.rs"]
mod overlays;
#[path = "screens/pages.rs"]
mod pages;

pub use alerts::*;
pub use evidence::*;
#[allow(unused_imports, reason = "not every suite draws metrics")]
pub use metrics::*;
pub use overlays::*;
pub use pages::*;

/// The fixtures' window: an hour up to 03:12 in São Paulo, a point each 30 s.
pub const STEP_MS: i64 = 30_000;
const POINTS: i64 = 121;

pub fn span_ms() -> (i64, i64) {
    let end = "2026-11-22T06:12:00Z".parse::<Time>().expect("a time").timestamp_millis();
    (end - (POINTS - 1) * STEP_MS, end)
}

/// A shape of a trend over the window; `x` runs from 0 to 1. `None` is a gap.
pub fn series(shape: impl Fn(f64) -> Option<f64>) -> Series {
    let points = (0..POINTS)
        .filter_map(|at| {
            let v = shape(at as f64 / (POINTS - 1) as f64)?;
            Some(Point { t: span_ms().0 + at * STEP_MS, v })
        })
        .collect();
    Series { labels: Labels::default(), points }
}

/// A wave that stays the same on every run.
pub fn wave(x: f64, low: f64, high: f64, turns: f64) -> f64 {
    let ripple = (x * 97.0).sin() * 0.08;
    low + (high - low) * (0.5 + 0.42 * (x * turns * std::f64::consts::TAU).sin() + ripple)
}

/// A calm start and a rise from two thirds on.
pub fn rise(x: f64, low: f64, high: f64) -> f64 {
    let up = ((x - 0.62) / 0.25).clamp(0.0, 1.0);
    low + (high - low) * (up * up * (3.0 - 2.0 * up)) + (x * 83.0).sin() * (high - low) * 0.03
}

pub fn item(label: &str, text: &str, series: Option<usize>) -> Item {
    Item { label: label.to_owned(), text: text.to_owned(), series, ..Item::default() }
}

pub fn pane(id: &str, title: &str, draw: Draw, series: Vec<Series>) -> PaneVm {
    PaneVm {
        id: id.to_owned(),
        title: title.to_owned(),
        state: PaneState::Ready,
        source: "prometheus".to_owned(),
        query: "up".to_owned(),
        evaluated_at: None,
        age_s: Some(2),
        message: String::new(),
        unit: Unit::None,
        values: Arc::from(Vec::<Sample>::new()),
        levels: Arc::from(Vec::<Level>::new()),
        series: Arc::from(series),
        span_ms: span_ms(),
        step_ms: STEP_MS,
        draw,
    }
}

pub fn stat(title: &str, text: &str, level: Level, trend: Series) -> PaneVm {
    let item = Item { level, ..item("", text, Some(0)) };
    pane(title, title, Draw::Stat(vec![item]), vec![trend])
}

pub fn gauge(title: &str, text: &str, ratio: f64, level: Level, word: &str, trend: Series) -> PaneVm {
    let item = Item { ratio: Some(ratio), level, word: word.to_owned(), ..item("", text, Some(0)) };
    pane(title, title, Draw::Gauge(vec![item]), vec![trend])
}

pub fn boxed(title: &str, content: Content) -> BoxVm {
    BoxVm {
        title: title.to_owned(),
        note: String::new(),
        state: PaneState::Ready,
        level: Level::Ok,
        word: String::new(),
        content,
    }
}

pub fn lamp(name: &str, state: PaneState, note: &str) -> Lamp {
    Lamp { name: name.to_owned(), state, note: note.to_owned() }
}

pub fn header(trail: &[&str]) -> Header {
    Header {
        program: "plantão".to_owned(),
        context: "real-portuguese".to_owned(),
        trail: trail.iter().map(|part| (*part).to_owned()).collect(),
        sources: vec![
            lamp("prom", PaneState::Ready, "12ms"),
            lamp("am", PaneState::Ready, "8ms"),
            lamp("loki", PaneState::Ready, "31ms"),
            lamp("tempo", PaneState::Stale, "9s stale"),
        ],
        window: "LIVE 1h".to_owned(),
        live: true,
        clock: "03:12:07 -03".to_owned(),
        operator: "ana".to_owned(),
        badges: Vec::new(),
    }
}

pub fn footer(hints: &[(&str, &str)]) -> Footer {
    Footer {
        hints: hints.iter().map(|(k, t)| ((*k).to_owned(), (*t).to_owned())).collect(),
        ..Footer::default()
    }
}

pub fn page_footer() -> Footer {
    footer(&[
        ("?", "help"),
        (":", "command"),
        ("Enter", "open"),
        ("Tab", "next box"),
        ("1-6", "views"),
        ("[ ]", "earlier, later"),
        ("- +", "window"),
        ("y", "copy"),
        ("q", "quit"),
    ])
}

pub fn alert(severity: Severity, word: &str, name: &str, department: &str) -> AlertLineVm {
    AlertLineVm {
        fingerprint: Arc::from("a1b2c3d4e5f60718"),
        severity,
        severity_word: word.to_owned(),
        state: AlertState::Firing,
        state_word: String::new(),
        until: String::new(),
        name: name.to_owned(),
        department: department.to_owned(),
        component: String::new(),
        age: "4m10s".to_owned(),
        clock: "ack in 11m".to_owned(),
        clock_level: Level::Ok,
        summary: String::new(),
        selected: false,
    }
}
