//! The doctor, against servers and machines that are well or not.

use std::fs;
use std::sync::Mutex;

use plantao::cli::doctor::{self, Answering, Examination, Prober, Status, Terminal};
use plantao::cli::{DoctorFormat, Exit, Surroundings};
use plantao::config::load;
use plantao::model::ask::{About, Answer, Answered, Ask, Key};
use plantao::model::rule::ActiveAlert;
use plantao::model::{Alert, AlertState, Fault, FaultKind, Labels, RuleHealth, Sample, SourceId, Time};

use super::{a_pack, group, machine, rule, run};

/// Servers that answer as a test says; everything else is refused.
#[derive(Default)]
struct Servers {
    answers: Vec<(Key, Answer)>,
    skew: Option<i64>,
    asked: Mutex<Vec<Key>>,
    not_found: bool,
}

impl Prober for Servers {
    fn ask(&self, ask: Ask) -> Answering<'_> {
        let key = ask.key();
        self.asked.lock().expect("lock").push(key.clone());
        let found = self.answers.iter().find(|(known, _)| *known == key).map(|(_, answer)| answer.clone());
        let kind = if self.not_found { FaultKind::NotFound } else { FaultKind::Connect };
        let answer = found.ok_or_else(|| Fault::new(kind, "connection refused\u{1b}[2J"));
        let skew = self.skew;
        let answered =
            move |answer| Answered { answer, took_ms: 7, warnings: Vec::new(), clock_skew_s: skew };
        Box::pin(async move { answer.map(answered) })
    }
}

fn about(version: &str, ready: Option<bool>) -> Answer {
    Answer::About(About { version: version.into(), since: None, ready, words: "waiting".into() })
}

fn firing(labels: &[(&str, &str)]) -> ActiveAlert {
    ActiveAlert {
        labels: Labels::new(labels.iter().copied()),
        annotations: Labels::default(),
        firing: true,
        active_at: now(),
        value: 1.0,
    }
}

fn alert(labels: &[(&str, &str)]) -> Alert {
    Alert {
        fingerprint: "0011223344556677".into(),
        labels: Labels::new(labels.iter().copied()),
        annotations: Labels::default(),
        state: AlertState::Firing,
        starts_at: now(),
        updated_at: None,
        silenced_by: vec![],
        inhibited_by: vec![],
        generator_url: "".into(),
        receivers: vec![],
    }
}

fn now() -> Time {
    "2026-11-20T03:12:00Z".parse().expect("time")
}

fn healthy() -> Servers {
    let active = vec![firing(&[("alertname", "Watchdog"), ("replica", "a")])];
    let answers = vec![
        (Key::Ready(SourceId::PROMETHEUS), about("", Some(true))),
        (Key::BuildInfo(SourceId::PROMETHEUS), about("2.42.0", None)),
        (Key::Ready(SourceId::ALERTMANAGER), about("", Some(true))),
        (Key::BuildInfo(SourceId::ALERTMANAGER), about("0.25.0", None)),
        (Key::ExternalLabels, Answer::ExternalLabels(Labels::new([("cluster", "sp"), ("replica", "x")]))),
        (Key::Rules, Answer::Rules(group(vec![rule("Watchdog", RuleHealth::Ok, active)]))),
        (
            Key::Alerts,
            Answer::Alerts(vec![alert(&[("alertname", "Watchdog"), ("cluster", "sp"), ("job", "x")])]),
        ),
        (
            Key::Page("node".into()),
            Answer::Page(vec![Sample { labels: Labels::default(), at: now(), value: 1.0 }]),
        ),
    ];
    Servers { answers, skew: Some(0), ..Servers::default() }
}

const SERVERS: &str = "[sources.prometheus]\nurl = \"http://p\"\n[sources.alertmanager]\nurl = \"http://a\"\n[[sources.exposition]]\nname = \"node\"\nurl = \"http://n\"\n";

/// Examines a good machine with these servers and this configuration.
fn examine(servers: &Servers, file: &str, env: &[(&str, &str)], size: (u16, u16)) -> doctor::Report {
    let (folder, inputs) = machine(file);
    let state = folder.path().join("state");
    let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let around = Surroundings { env, state_dir: Some(state), ..Surroundings::default() };
    let loaded = load(&inputs);
    let pack = a_pack();
    let examination = Examination {
        around: &around,
        loaded: loaded.as_ref().map_err(Vec::as_slice),
        terminal: Terminal { size: Some(size) },
        prober: Some(servers),
        theme: Some(Ok(())),
        keymap: Some(Ok(())),
        pack: Some(Ok(&pack)),
        now: now(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    runtime.block_on(doctor::run(&examination))
}

const GOOD: &[(&str, &str)] = &[("TERM", "xterm-256color"), ("LANG", "pt_BR.UTF-8")];

fn not_ok(report: &doctor::Report) -> Vec<String> {
    report
        .checks
        .iter()
        .filter(|check| check.status != Status::Ok)
        .map(|check| format!("{}: {}", check.about, check.summary))
        .collect()
}

#[test]
fn a_healthy_machine_has_nothing_to_tell() {
    let report = examine(&healthy(), SERVERS, GOOD, (120, 40));
    assert_eq!(not_ok(&report), Vec::<String>::new());
    assert_eq!(report.exit(), Exit::Done);
    let text = report.text();
    for line in [
        "ok       prometheus       http://p answers in 7 ms, version 2.42.0\n",
        "ok       prometheus       Watchdog fires, as it should\n",
        "ok       alertmanager     alerts known here: 1; that fire in Prometheus: 1, of them arrived: 1\n",
        "ok       exposition/node  http://n answers in 7 ms with 1 samples\n",
        "ok       terminal         xterm-256color, 256 colours\n",
        "\nwarnings: 0, failures: 0\n",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
}

#[test]
fn servers_that_do_not_answer_end_with_3_and_an_advice() {
    let report = examine(&Servers::default(), SERVERS, GOOD, (120, 40));
    assert_eq!(report.exit(), Exit::Unreachable);
    let (exit, out, _) = run(|out| doctor::write(&report, DoctorFormat::Json, out));
    assert_eq!(exit, Exit::Unreachable);
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&json["status"], &json["exit"]), (&"failure".into(), &3.into()));
    let checks = json["checks"].as_array().expect("list");
    let prometheus = checks.iter().find(|check| check["about"] == "prometheus").expect("check");
    assert_eq!(prometheus["status"], "failure");
    assert_eq!(prometheus["summary"], "http://p does not answer: connection refused\u{fffd}[2J");
    assert!(prometheus["advice"].as_str().is_some_and(|advice| !advice.is_empty()));
}

#[test]
fn what_only_speaks_the_query_interface_counts_as_prometheus() {
    let mut servers = Servers { not_found: true, ..Servers::default() };
    servers.answers.push((Key::Instant("vector(1)".into()), Answer::Vector(vec![])));
    let report = examine(&servers, "[sources.prometheus]\nurl = \"http://p\"\n", GOOD, (80, 24));
    assert_eq!(report.exit(), Exit::Done, "{}", report.text());
    assert_eq!(not_ok(&report).len(), 2, "{}", report.text());
}

#[test]
fn each_trouble_of_servers_is_told() {
    let mut servers = healthy();
    servers.skew = Some(-90);
    servers.answers[0].1 = about("", Some(false));
    let silent = rule("Watchdog", RuleHealth::Ok, vec![]);
    let hot = rule("Hot", RuleHealth::Err("bad".into()), vec![firing(&[("alertname", "Hot"), ("job", "x")])]);
    servers.answers[5].1 = Answer::Rules(group(vec![silent, hot]));
    let report = examine(&servers, SERVERS, GOOD, (120, 40));
    let skew = "its clock is 90 s behind the clock here, so ages are wrong by that";
    assert_eq!(
        not_ok(&report),
        [
            "prometheus: http://p says that it is not ready: waiting".to_owned(),
            format!("prometheus: {skew}"),
            "prometheus: the rule Hot cannot be evaluated, so it cannot fire: bad".to_owned(),
            "prometheus: Watchdog does not fire, though it always should".to_owned(),
            format!("alertmanager: {skew}"),
            "alertmanager: alerts that fire in Prometheus: 1; of them arrived here: 0 (known here: 1)"
                .to_owned(),
            format!("exposition/node: {skew}"),
        ]
    );
    assert_eq!(report.exit(), Exit::Done);

    servers.answers[5].1 = Answer::Rules(vec![]);
    let told = not_ok(&examine(&servers, SERVERS, GOOD, (120, 40))).join("\n");
    assert!(told.contains("it has no alert rules") && told.contains("it has no rule Watchdog"), "{told}");
}

#[test]
fn a_wrong_configuration_ends_with_2_and_asks_nobody() {
    let servers = healthy();
    let report = examine(&servers, "pak = 1\nui = 2\n", GOOD, (120, 40));
    assert_eq!(report.exit(), Exit::Usage);
    assert_eq!(not_ok(&report).len(), 2);
    assert!(servers.asked.lock().expect("lock").is_empty());
}

#[test]
fn each_trouble_of_the_terminal_is_told() {
    let env = [("TERM", "dumb"), ("LC_ALL", "C"), ("LANG", "en_US.UTF-8"), ("TMUX", "/tmp/x")];
    let report = examine(&healthy(), SERVERS, &env, (79, 24));
    assert_eq!(
        not_ok(&report),
        [
            "terminal: TERM is `dumb`, which cannot draw a screen",
            "terminal: the locale `C` is not UTF-8, so lines and bars may come out as garbage",
            "terminal: 79x24 cells; the console needs 80x24",
        ]
    );
    assert!(report.text().contains("set-clipboard"), "{}", report.text());
}

#[cfg(unix)]
#[test]
fn secret_files_are_looked_at_but_not_shown() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("folder");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("token"), "s3cret").expect("file");
    fs::write(at("empty"), "").expect("file");
    fs::set_permissions(at("token"), fs::Permissions::from_mode(0o644)).expect("mode");
    let source = |name: &str| {
        format!(
            "[sources.loki]\nurl = \"https://l\"\nbearer_token_file = {:?}\n",
            at(name).display().to_string()
        )
    };
    let mut servers = healthy();
    servers.answers.push((Key::Ready(SourceId::LOKI), about("", Some(true))));
    let report = examine(&servers, &source("token"), GOOD, (120, 40));
    let path = at("token").display().to_string();
    assert_eq!(
        not_ok(&report),
        [format!("loki: bearer_token_file: everybody on this machine may read or write {path}")]
    );
    assert!(report.text().contains(&format!("-> chmod o-rw {path}\n")) && !report.text().contains("s3cret"));
    fs::set_permissions(at("token"), fs::Permissions::from_mode(0o600)).expect("mode");
    assert_eq!(not_ok(&examine(&servers, &source("token"), GOOD, (120, 40))), Vec::<String>::new());
    for name in ["empty", "none", "."] {
        let report = examine(&servers, &source(name), GOOD, (120, 40));
        assert_eq!((report.exit(), not_ok(&report).len()), (Exit::Usage, 1), "{name}");
    }
}

#[test]
fn servers_that_do_not_answer_are_told_once_each() {
    let report = examine(&Servers::default(), SERVERS, GOOD, (120, 40));
    let told = not_ok(&report);
    assert_eq!(told.len(), 3, "{told:#?}");
    for (told, about) in told.iter().zip(["prometheus", "alertmanager", "exposition/node"]) {
        assert!(told.starts_with(about) && told.contains("does not answer"), "{told}");
    }
    assert_eq!(report.exit(), Exit::Unreachable);
}
