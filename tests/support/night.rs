//! A night at the hospital as a state, made of answers alone: no server, no clock.
// Each suite uses its part.
#![allow(dead_code)]

use std::sync::Arc;

use plantao::clock::Clock;
use plantao::config::{Flags, Inputs, load};
use plantao::export;
use plantao::keymap::Keymap;
use plantao::message::Msg;
use plantao::model::alert::SilenceState;
use plantao::model::ask::{About, Answer, Answered, Ask, Key, Target, TargetHealth};
use plantao::model::{
    Alert, AlertState, Attribute, Fault, FaultKind, Labels, LogEntry, LogPage, LogStats, MatchOp, Point,
    Sample, Series, Silence, Span, SpanId, SpanStatus, Time, Trace, TraceDoc, TraceHit, TraceId, TraceList,
    TraceService, Window,
};
use plantao::runtime::Start;
use plantao::state::{State, View, demand};
use plantao::update::update;
use plantao::view;

/// Fingerprint of the alert that burns.
const HOT: &str = "8b4f88836f19632e";

pub struct Night {
    state: State,
}

fn now() -> Time {
    "2026-11-22T06:12:00Z".parse().expect("a time")
}

fn earlier(seconds: i64) -> Time {
    now() - chrono::TimeDelta::seconds(seconds)
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    Labels::new(pairs.iter().copied())
}

impl Night {
    pub fn overview() -> View {
        View::Page { id: "overview".into(), department: None }
    }

    pub fn detail() -> View {
        View::Detail(HOT.into())
    }

    /// A console that has not asked anything yet.
    pub fn asleep(view: View) -> Self {
        let flags = Flags {
            prometheus: Some("http://p.example:9090".to_owned()),
            alertmanager: Some("http://a.example:9093".to_owned()),
            loki: Some("http://l.example:3100".to_owned()),
            tempo: Some("http://t.example:3200".to_owned()),
            ..Flags::default()
        };
        let loaded =
            load(&Inputs { flags, login: Some("ana".to_owned()), ..Inputs::default() }).expect("settings");
        let start = Start {
            config: loaded.config,
            pack: Arc::new(plantao::pack::load("hospital", &[]).expect("the pack")),
            keymap: Arc::new(Keymap::shipped()),
            themes: Vec::new(),
            clock: Clock::Fixed(now()),
            embedded: None,
            history: plantao::cli::history::History::default(),
            who: plantao::model::Identity::default(),
            journal: None,
            bundle: None,
        };
        let mut state = start.state((120, 40), Window::Live { span_s: 3600 });
        state.stack = vec![view];
        Self { state }
    }

    /// The same with an answer, two seconds old, to everything the view wants.
    pub fn new(view: View) -> Self {
        let mut night = Self::asleep(view);
        // What an alert's trend asks for follows from the alert, so a second round may ask more.
        for _ in 0..2 {
            for want in demand::wants(&night.state) {
                let Some(ask) = demand::ask(&night.state, &want.key) else { continue };
                let answer = answer(&ask);
                night.take(
                    ask,
                    Ok(Answered { answer, took_ms: 12, warnings: Vec::new(), clock_skew_s: Some(0) }),
                );
            }
        }
        night
    }

    /// Every question fails.
    pub fn fail(&mut self) {
        for want in demand::wants(&self.state) {
            let Some(ask) = demand::ask(&self.state, &want.key) else { continue };
            self.take(ask, Err(Fault::new(FaultKind::Connect, "p.example:9090 refuses connections")));
        }
    }

    /// An answer that needs no moment.
    pub fn hear(&mut self, key: Key, answer: Answer) {
        let whole = Answered { answer, took_ms: 12, warnings: Vec::new(), clock_skew_s: Some(0) };
        self.take(Ask::Plain(key), Ok(whole));
    }

    /// The line that the person sees at the bottom.
    pub fn notice(&self) -> Option<&str> {
        self.state.notice.as_ref().map(|notice| notice.text.as_str())
    }

    /// Its time is over.
    pub fn forget_notice(&mut self) {
        self.state.notice = None;
    }

    fn take(&mut self, ask: Ask, outcome: Result<Answered, Fault>) {
        let epoch = self.state.epoch;
        let msg = Msg::Answered { ask, epoch, at: earlier(2), outcome: Box::new(outcome) };
        update(&mut self.state, now(), msg);
    }

    pub fn view_json(&self) -> String {
        export::view_json(&self.state, &view::build(&self.state), "a view")
    }

    pub fn alerts_json(&self) -> String {
        export::alerts_json(&self.state, self.state.list.rows.iter())
    }

    pub fn silences_json(&self) -> String {
        let silences = self.state.store.silences.value().expect("silences");
        export::silences_json(&silences.iter().collect::<Vec<_>>())
    }
}

fn answer(ask: &Ask) -> Answer {
    match ask {
        Ask::Instant { query, at } => Answer::Vector(instant(query, *at)),
        Ask::Range { start, step_s, .. } => Answer::Matrix(vec![range(*start, *step_s)]),
        Ask::Plain(Key::Alerts) => Answer::Alerts(alerts()),
        Ask::Plain(Key::Silences) => Answer::Silences(vec![silence()]),
        Ask::Plain(Key::Rules) => Answer::Rules(Vec::new()),
        Ask::Plain(Key::ExternalLabels) => Answer::ExternalLabels(Labels::default()),
        Ask::Plain(Key::Targets) => Answer::Targets(vec![Target {
            job: "node-exporter".into(),
            instance: "mac:9100".into(),
            health: TargetHealth::Down,
            last_scrape: Some(earlier(30)),
            last_error: "connection refused".into(),
        }]),
        Ask::Plain(Key::Ready(_) | Key::Status | Key::BuildInfo(_)) => {
            Answer::About(About { version: "2.42.0".into(), ..About::default() })
        }
        Ask::Plain(Key::Metadata) => Answer::Metadata(Vec::new()),
        Ask::Plain(Key::LabelValues(_)) => Answer::Names(Vec::new()),
        Ask::Window { key, .. } | Ask::Plain(key) => explored(key),
    }
}

/// What Loki and Tempo say: a line, its trace, a span of it.
fn explored(key: &Key) -> Answer {
    let ns = earlier(60).timestamp_nanos_opt().expect("in range");
    let id = TraceId(0xab);
    let span = Span {
        trace_id: id,
        span_id: SpanId(0xcd),
        service: "ai-engine".into(),
        name: "ai_inference".into(),
        start: ns,
        duration: 1_500_000_000,
        status: SpanStatus::Error,
        attributes: vec![(
            "ai.retries".into(),
            Attribute::List(vec![Attribute::Int(1), Attribute::Bool(true)]),
        )],
        ..Span::default()
    };
    match key {
        Key::Logs { .. } => {
            let entry = LogEntry {
                ts: ns,
                labels: labels(&[("service_name", "ai-engine")]),
                line: "it failed".into(),
                metadata: labels(&[("trace_id", "ab")]),
            };
            Answer::Logs(LogPage { entries: vec![entry].into(), more: true, leaks: Vec::new() })
        }
        Key::LogStats(_) => Answer::LogStats(LogStats { streams: 1, chunks: 2, entries: 3, bytes: 4 }),
        Key::LogInstant(_) => Answer::Vector(vec![Sample { labels: labels(&[]), at: now(), value: 7.0 }]),
        Key::LogRange(_, step_s) | Key::TraceRange(_, step_s) => {
            Answer::Matrix(vec![range(earlier(3600), *step_s)])
        }
        Key::Traces { .. } => {
            let service = TraceService { name: "ai-engine".into(), spans: 4, errors: 1 };
            let hit = TraceHit {
                id,
                root_service: "gateway".into(),
                root_name: "POST /".into(),
                start: ns,
                duration: 2_000_000_000,
                services: vec![service],
                matched: Vec::new(),
                matched_count: 1,
            };
            Answer::Traces(TraceList { hits: vec![hit].into(), ..TraceList::default() })
        }
        Key::Trace(_) => {
            let trace = Arc::new(Trace { id, spans: vec![span] });
            Answer::Trace(TraceDoc { trace, ..TraceDoc::default() })
        }
        other => panic!("nobody wants {other:?} of {}", other.source()),
    }
}

/// A value a department, and the odd ones by query.
fn instant(query: &str, at: Time) -> Vec<Sample> {
    let value = match query {
        _ if query.contains("medical_record_processing_seconds") => f64::NAN,
        _ if query.contains("patient_records_accessed_total") => f64::INFINITY,
        _ if query.contains("auth_attempts_total") => f64::NEG_INFINITY,
        _ => 42.123_456_789,
    };
    let of = |department| Sample { labels: labels(&[("department", department)]), at, value };
    vec![of("cardiology"), of("icu")]
}

/// A point, a gap, a point.
fn range(start: Time, step_s: u32) -> Series {
    let at = |step: i64| start.timestamp_millis() + step * i64::from(step_s) * 1000;
    Series {
        labels: labels(&[("department", "cardiology")]),
        points: vec![Point { t: at(0), v: 1.0 }, Point { t: at(2), v: 3.0 }],
    }
}

pub fn alerts() -> Vec<Alert> {
    let alert = |fingerprint: &str, name: &str, severity: &str, state, silenced_by: Vec<Box<str>>| Alert {
        fingerprint: fingerprint.into(),
        labels: labels(&[("alertname", name), ("severity", severity)]),
        annotations: labels(&[("summary", "what it says")]),
        state,
        starts_at: earlier(250),
        updated_at: Some(earlier(10)),
        silenced_by,
        inhibited_by: Vec::new(),
        generator_url: "".into(),
        receivers: Vec::new(),
    };
    vec![
        alert(HOT, "MacStudioThermalThrottling", "critical", AlertState::Firing, Vec::new()),
        alert(
            "5f050fcd955f2d98",
            "AIModelInferenceLatency",
            "warning",
            AlertState::Silenced,
            vec!["s1".into()],
        ),
        alert("0123456789abcdef", "Watchdog", "none", AlertState::Firing, Vec::new()),
    ]
}

fn silence() -> Silence {
    Silence {
        id: "s1".into(),
        matchers: vec![("alertname".into(), MatchOp::Equal, "AIModelInferenceLatency".into())],
        starts_at: earlier(200),
        ends_at: now() + chrono::TimeDelta::seconds(3600),
        created_by: "ana".into(),
        comment: "ACK! looking".into(),
        state: SilenceState::Active,
    }
}
