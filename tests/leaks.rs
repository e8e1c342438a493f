//! An embedded hospital whose records service writes patients into its logs: through the client into the console's
//! state, nothing of them is seen anywhere, and yet one can filter by what is masked.
// Tests end by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use plantao::cli::history::History;
use plantao::cli::logging::{self, LogFile};
use plantao::client::Clients;
use plantao::clock::Clock;
use plantao::config::{Flags, Inputs, load};
use plantao::demo::{FaultSpec, Plan};
use plantao::keymap::Keymap;
use plantao::model::ask::{Answer, Ask, Key};
use plantao::model::reveal::{Hidden, LineAt};
use plantao::model::{FaultKind, Language, LogPage, SourceId, Time, Window};
use plantao::runtime::embedded::{Embedded, Order};
use plantao::runtime::{Start, headless};
use plantao::state::{State, View};
use plantao::theme::{Depth, Theme};
use plantao::ui::{self, Glyphs, UiContext};
use plantao::{export, pack, privacy, text, view};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use regex::Regex;

const AT: &str = "2026-11-20T13:42:00Z";
const STREAM: &str = r#"{service="medical-api"}"#;

struct Place {
    start: Start,
    embedded: Embedded,
    runtime: tokio::runtime::Runtime,
    /// The program's own log, at its most talkative.
    log: std::path::PathBuf,
    history: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

fn now() -> Time {
    AT.parse().expect("a time")
}

fn place() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let mask = |line: &str| privacy::safe(line).into_string();
        let file = LogFile::open(folder.path(), u64::MAX, mask).expect("a log");
        let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
        tracing::subscriber::set_global_default(subscriber.with_writer(file).finish())
            .expect("the first one");
        let pack = Arc::new(pack::load("hospital", &[]).expect("the shipped pack loads"));
        let fault = FaultSpec::parse("pii-leak@20m").expect("a fault").fault(now());
        let plan = Plan { faults: vec![fault], ..Plan::calm(1) };
        let order = Order { pack: pack.clone(), plan, clock: Clock::Fixed(now()) };
        let embedded = order.open().expect("the hospital");
        let inputs = Inputs { flags: Flags::default(), login: Some("ana".to_owned()), ..Inputs::default() };
        let mut config = load(&inputs).expect("a configuration").config;
        config.context = Some("demo:hospital".to_owned());
        config.sources = embedded.sources().clone();
        let history = folder.path().join("history");
        let start = Start {
            config,
            pack,
            keymap: Arc::new(Keymap::shipped()),
            themes: Theme::names(&[]),
            clock: order.clock,
            embedded: Some(order),
            history: History { file: Some(history.clone()) },
            who: plantao::model::Identity::default(),
            journal: None,
            bundle: None,
        };
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let log = folder.path().join(logging::FILE);
        Place { start, embedded, runtime, log, history, _folder: folder }
    })
}

fn clients() -> Clients {
    Clients::with_clock(place().embedded.sources(), place().start.clock)
}

/// The window's lines as Loki gives them to anybody, raw.
fn raw_answer(query: &str) -> String {
    let loki = place().embedded.sources().loki.as_ref().expect("a Loki").url.clone();
    let (end, start) = (now().timestamp(), now().timestamp() - 180);
    let pairs = [
        ("query", query),
        ("start", &format!("{start}000000000")),
        ("end", &format!("{end}000000001")),
        ("limit", "5000"),
    ];
    let pairs = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let address = format!("{}:{}", loki.host_str().expect("a host"), loki.port().expect("a port"));
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(stream, "GET /loki/api/v1/query_range?{pairs} HTTP/1.0\r\nhost: x\r\n\r\n").expect("sent");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).expect("read");
    reply
}

fn raw_lines(query: &str) -> Vec<String> {
    let reply = raw_answer(query);
    let body = reply.split_once("\r\n\r\n").expect("a body").1;
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    let streams = body["data"]["result"].as_array().expect("streams");
    let values = streams.iter().flat_map(|stream| stream["values"].as_array().expect("values"));
    values.map(|value| value[1].as_str().expect("a line").to_owned()).collect()
}

/// What identifies patients in the raw lines, found by other means than the masker's. Not their names: in running text,
/// outside of the fields that are never shown, those are not masked, as docs/privacy.md says.
fn secrets() -> &'static BTreeSet<String> {
    static SECRETS: OnceLock<BTreeSet<String>> = OnceLock::new();
    SECRETS.get_or_init(|| {
        let finders = [
            r"\d{3}\.\d{3}\.\d{3}-\d{2}",
            r#"cpf(?:=|": ?")(\d{11})\b"#,
            r#"(?:CNS |cns=|cns": ?")([\d ]{15,18})\b"#,
            r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
            r#"phone": ?"([^"]+)"#,
            r"tel='([^']+)'",
            r#"medical_record_number": ?"([^"]+)"#,
            r"CRM ([0-9]+-?[A-Z]*)",
            r"card=([\d ]+)",
        ];
        let finders: Vec<Regex> = finders.iter().map(|one| Regex::new(one).expect("an expression")).collect();
        let lines = raw_lines(STREAM);
        let mut all = BTreeSet::new();
        for line in &lines {
            for finder in &finders {
                for found in finder.captures_iter(line) {
                    all.insert(found.get(1).or(found.get(0)).expect("a match").as_str().trim().to_owned());
                }
            }
        }
        assert!(all.len() > 20, "the scene leaks: {all:?}");
        all
    })
}

/// Whether a secret stands somewhere, and not within a longer number or word.
fn find(text: &str, secret: &str) -> Option<usize> {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(secret).map(|(at, _)| at).find(|at| {
        !is_part(text[..*at].chars().next_back()) && !is_part(text[at + secret.len()..].chars().next())
    })
}

#[track_caller]
fn nothing_raw(what: &str, text: &str) {
    for secret in secrets() {
        if let Some(at) = find(text, secret) {
            let from = (0..=at.saturating_sub(60)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let to = (at + secret.len() + 40..=text.len()).find(|at| text.is_char_boundary(*at));
            panic!("{what} holds {secret}: …{}…", &text[from..to.unwrap_or(text.len())]);
        }
    }
}

fn lines(query: &str) -> LogPage {
    let key = Key::Logs { query: query.into(), limit: 5000, forward: true };
    let ask = Ask::Window { key, start: now() - chrono::TimeDelta::minutes(3), end: now() };
    match place().runtime.block_on(clients().ask(&ask)).map(|answered| answered.answer) {
        Ok(Answer::Logs(page)) => {
            assert!(!page.more, "{query}: more than a page");
            page
        }
        other => panic!("{query}: {other:?}"),
    }
}

/// Marks of a kind in lines, each once.
fn marks(page: &LogPage, kind: &str) -> BTreeSet<String> {
    let one = Regex::new(&format!("‹{kind}:[0-9a-f]{{16}}›")).expect("an expression");
    page.entries.iter().flat_map(|entry| one.find_iter(&entry.line).map(|m| m.as_str().to_owned())).collect()
}

#[test]
fn a_filter_on_a_masked_value_finds_its_lines() {
    let all = lines(STREAM);
    assert!(!all.leaks.is_empty());
    for kind in ["cpf", "cns", "email", "patient_name", "medical_record_number", "phone", "crm", "card"] {
        let marks = marks(&all, kind);
        assert!(!marks.is_empty(), "no {kind} in {} lines", all.entries.len());
        for mark in marks.iter().take(1) {
            let holding = all.entries.iter().filter(|entry| entry.line.contains(mark.as_str())).count();
            assert!(holding > 0);
            for query in [
                format!("{STREAM} |= \"{mark}\""),
                format!("{STREAM} |= `{mark}`"),
                format!("{STREAM} |~ \"{mark}\""),
                format!("{STREAM} |~ `.*{mark}`"),
            ] {
                let found = lines(&query);
                assert_eq!(found.entries.len(), holding, "{query}");
                assert!(found.entries.iter().all(|entry| entry.line.contains(mark.as_str())), "{query}");
            }
            let rest = lines(&format!("{STREAM} != `{mark}`"));
            assert_eq!(rest.entries.len() + holding, all.entries.len(), "not {mark}");
        }
    }
    // Lines of running text name patients too, and under a key of this run any of their marks may come first: a filter on
    // a field finds only those of lines that have it.
    let field = Regex::new("\"patient_name\":\\s*\"(‹patient_name:[0-9a-f]{16}›)\"").expect("an expression");
    let mark =
        all.entries.iter().find_map(|entry| field.captures(&entry.line)).expect("a line with the field")[1]
            .to_owned();
    let by_field = lines(&format!("{STREAM} | json | patient_name=\"{mark}\""));
    assert!(!by_field.entries.is_empty(), "{mark}");
    nothing_raw("the answer", &format!("{by_field:?}"));
}

#[test]
fn a_line_that_is_asked_for_anew_is_the_one_under_its_marks() {
    let page = lines(STREAM);
    let masked: Vec<_> = page.entries.iter().filter(|entry| entry.line.contains('‹')).take(40).collect();
    assert!(masked.len() > 20, "the scene leaks");
    let written = raw_lines(STREAM);
    for entry in masked {
        let at = LineAt {
            query: STREAM.into(),
            ts: entry.ts,
            labels: entry.labels.clone(),
            line: entry.line.clone(),
        };
        let asked = clients();
        let what = Hidden::Line(Box::new(at.clone()));
        let found = place().runtime.block_on(asked.raw_value(&what)).expect("an answer").expect("the line");
        let raw: &String = privacy::unseal::open(&found);
        assert!(
            written.contains(raw) && secrets().iter().any(|secret| find(raw, secret).is_some()),
            "{}",
            entry.line
        );
        assert_eq!(privacy::mask(&privacy::clean(raw)), *entry.line);
        // Of another moment, another stream, or another text there is none.
        let labels = plantao::model::Labels::new([("service", "somebody-else")]);
        for other in [
            LineAt { ts: at.ts + 1, ..at.clone() },
            LineAt { labels, ..at.clone() },
            LineAt { line: "‹cpf:000000000000›".into(), ..at.clone() },
        ] {
            let what = Hidden::Line(Box::new(other));
            let found = place().runtime.block_on(asked.raw_value(&what)).expect("an answer");
            assert!(found.is_none(), "{what:?}");
        }
    }
}

#[test]
fn a_mark_of_another_run_is_refused_before_anything_is_sent() {
    let key =
        Key::Logs {
            query: format!("{STREAM} |= `‹cpf:0a1b2c3d4e5f6a7b›`").into(), limit: 5, forward: true
        };
    let ask = Ask::Window { key, start: now(), end: now() };
    let fault = place().runtime.block_on(clients().ask(&ask)).expect_err("refused");
    assert_eq!((fault.kind, fault.status), (FaultKind::BadQuery, None));
    assert!(
        fault.detail.contains("‹cpf:0a1b2c3d4e5f6a7b›") && fault.detail.contains("open a line"),
        "{fault}"
    );
    for ask in [
        Ask::Instant { query: "up{a=\"‹cpf:0a1b2c3d4e5f6a7b›\"}".into(), at: now() },
        Ask::Window {
            key: Key::Traces { query: "{ .a = `‹cpf:0a1b2c3d4e5f6a7b›` }".into(), limit: 5, spans: 1 },
            start: now(),
            end: now(),
        },
        Ask::Window {
            key: Key::LogStats("{a=`‹cpf:0a1b2c3d4e5f6a7b›`}".into()), start: now(), end: now()
        },
    ] {
        let fault = place().runtime.block_on(clients().ask(&ask)).expect_err("refused");
        assert!(fault.detail.contains("open a line"), "{ask:?}: {fault}");
    }
}

#[test]
fn nothing_of_a_patient_is_in_state_frame_file_or_log() {
    let all = lines(STREAM);
    let mark = marks(&all, "cpf").into_iter().next().expect("one");
    let filter: Arc<str> = format!("{STREAM} |= `{mark}`").into();
    place().start.history.remember(Language::LogQl, &filter);
    // A person who types the raw value: what is kept of it is the mark.
    let cpf = secrets().iter().find(|secret| secret.len() == 14 && secret.contains('-')).expect("a CPF");
    let raw: Arc<str> = format!("{STREAM} |= `{cpf}`").into();
    place().start.history.remember(Language::LogQl, &raw);
    let views = [
        View::Logs(STREAM.into()),
        View::Logs(filter),
        View::Logs(format!("{STREAM} | json | patient_name!=\"\"").into()),
        // As an address: Tempo is asked by GET.
        View::Traces(format!("{{ name != \"{mark}\" }}").into()),
        View::Metrics("sum by (department) (rate(http_requests_total[5m]))".into()),
    ];
    let mut state = place().start.state((120, 40), Window::DEFAULT);
    for view in views {
        let name = format!("{view:?}");
        state.stack.push(view);
        place().runtime.block_on(headless::settle(
            &mut state,
            clients(),
            place().start.clock,
            Duration::from_secs(120),
        ));
        nothing_raw(&format!("the state at {name}"), &format!("{state:?}"));
        nothing_raw(&format!("the frame of {name}"), &frames(&state));
        nothing_raw(
            &format!("the JSON of {name}"),
            &export::json::view_json(&state, &view::build(&state), "x"),
        );
    }
    let leaks = state.store.leaks(&SourceId::LOKI);
    assert!(leaks.iter().any(|leak| leak.kind.as_deref() == Some("cpf") && leak.count > 0), "{leaks:?}");
    state.stack = vec![View::Sources];
    assert!(frames(&state).contains("personal data"), "{}", frames(&state));
    nothing_raw("the sources", &frames(&state));
    // Errors with the query in them, and addresses: a server that is not there, and one that refuses the query.
    for query in [format!("{STREAM} |= `{cpf}` |"), format!("count({{a=`{cpf}`}})")] {
        for key in [
            Key::Logs { query: query.as_str().into(), limit: 5, forward: true },
            Key::Instant(query.as_str().into()),
        ] {
            let ask = match key {
                Key::Instant(query) => Ask::Instant { query, at: now() },
                key => Ask::Window { key, start: now(), end: now() },
            };
            let told = place().runtime.block_on(clients().ask(&ask));
            nothing_raw("an error", &format!("{told:?}"));
            tracing::warn!(?ask, "asked");
        }
    }
    let log = std::fs::read_to_string(&place().log).expect("a log");
    assert!(log.lines().count() > 20, "it was talkative");
    nothing_raw("the log", &log);
    let history = std::fs::read_to_string(&place().history).unwrap_or_default();
    nothing_raw("the history", &history);
}

/// The frame in all its writings.
fn frames(state: &State) -> String {
    let theme = Theme::load("dark", &[]).expect("a shipped theme loads").adapted(Depth::True);
    let area = Rect::new(0, 0, state.size.0, state.size.1);
    let mut buffer = Buffer::empty(area);
    let ui = UiContext { styles: &theme, glyphs: &Glyphs::UNICODE, text: &text::EN };
    ui::draw(&view::build(state), &ui, &mut buffer, area);
    let mut all = export::text(&buffer);
    let _ = write!(all, "{}", export::svg(&buffer, export::ground(&theme)));
    all
}
