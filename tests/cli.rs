//! The command line: arguments, the headless commands and what they write where.
// Tests stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "cli/correlate.rs"]
mod correlate;
#[path = "cli/demo.rs"]
mod demo;
#[path = "cli/doctor.rs"]
mod doctor;

use std::collections::BTreeMap;
use std::fs;

use clap::{CommandFactory, Parser};
use plantao::cli::pack::{PackEntry, Packs};
use plantao::cli::{Cli, Command, Exit, Output, Size, SnapshotFormat, Surroundings};
use plantao::cli::{completions, config, man, pack, rules};
use plantao::config::{Flags, Inputs, Paths};
use plantao::document::Problem;
use plantao::model::rule::ActiveAlert;
use plantao::model::{Fault, FaultKind, Labels, Rule, RuleGroup, RuleHealth};
use plantao::pack::{AlertInfo, Alerting, Pack};

/// Runs a command and returns its exit, stdout and stderr.
fn run(command: impl FnOnce(&mut Output<'_>) -> Exit) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut output = Output::new(&mut out, &mut err);
    let exit = command(&mut output);
    let exit = output.finish(exit);
    (exit, String::from_utf8(out).expect("text"), String::from_utf8(err).expect("text"))
}

fn parse(arguments: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("plantao").chain(arguments.split_whitespace()))
}

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn global_flags_stand_before_and_after_the_command() {
    for arguments in [
        "--prometheus http://p --context lab --utc --read-only snapshot overview",
        "snapshot --prometheus http://p overview --context lab --utc --read-only",
    ] {
        let flags = parse(arguments).expect("parses").global.flags();
        assert_eq!(flags.prometheus.as_deref(), Some("http://p"));
        assert_eq!((flags.context.as_deref(), flags.utc, flags.read_only), (Some("lab"), true, true));
    }
    assert!(parse("").expect("parses").command.is_none());
}

#[test]
fn snapshot_arguments_are_read_and_checked() {
    let cli =
        parse("snapshot alerts --size 80x24 --format svg --out a.svg --since 6h --at now-90m --wait 3s");
    let Some(Command::Snapshot(args)) = cli.expect("parses").command else { panic!("snapshot") };
    assert_eq!(args.size, Size { width: 80, height: 24 });
    assert_eq!((args.format, args.since, args.wait), (SnapshotFormat::Svg, Some(21_600), 3));
    assert_eq!(args.at.as_deref(), Some("now-90m"));
    let Some(Command::Snapshot(args)) = parse("snapshot overview").expect("parses").command else {
        panic!("snapshot")
    };
    assert_eq!((args.size, args.wait), (Size { width: 120, height: 40 }, 15));
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_wrong() {
    for (arguments, told) in [
        ("snapshot", "<VIEW>"),
        ("snapshot overview --size big", "`big` is not a size"),
        ("snapshot overview --since 5", "`5` is not a duration"),
        ("snapshot overview --format png", "possible values: text, ansi, svg, html, json"),
        ("alerts severity", "`severity` is not a matcher"),
        ("alerts severity=~(", "not a valid regular expression"),
        ("alert", "'alerts'"),
        ("--promtheus http://p", "--prometheus"),
        ("completions tcsh", "possible values"),
        ("silence x", "`x` is not a matcher"),
        ("demo --fault termal@12m", "did you mean `thermal`?"),
        ("demo --fault thermal@soon", "`soon` is not a duration"),
        ("--demo --seed x alerts", "invalid value 'x' for '--seed <N>'"),
        ("--demo alerts --at 03:12", "unexpected argument '--at'"),
        ("acknowledge x", "unrecognized subcommand"),
    ] {
        let error = parse(arguments).expect_err(arguments);
        assert_eq!(error.exit_code(), 2, "{arguments}");
        assert!(error.to_string().contains(told), "{arguments}: {error}");
    }
    assert_eq!(parse("--help").expect_err("help").exit_code(), 0);
    assert_eq!(parse("--version").expect_err("version").to_string(), "plantao 0.1.0\n");
}

/// Every command, with its words, however deep.
fn commands(command: &clap::Command, path: &str, all: &mut Vec<(String, clap::Command)>) {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let path = format!("{path} {}", sub.get_name());
        all.push((path.clone(), sub.clone()));
        commands(sub, &path, all);
    }
}

#[test]
fn every_command_and_argument_has_help() {
    let mut all = vec![(String::new(), Cli::command())];
    commands(&Cli::command(), "", &mut all);
    assert_eq!(all.len(), 71);
    for (path, command) in all {
        assert!(command.get_about().is_some(), "{path}");
        for arg in command.get_arguments().filter(|arg| !["help", "version"].contains(&arg.get_id().as_str()))
        {
            assert!(arg.get_help().is_some(), "{path} {}", arg.get_id());
        }
    }
}

#[test]
fn completions_and_manual_know_every_command() {
    use clap::ValueEnum;
    for shell in clap_complete::Shell::value_variants() {
        let (exit, out, err) = run(|out| completions::run(*shell, out));
        assert_eq!((exit, err.as_str()), (Exit::Done, ""));
        assert!(out.contains("snapshot") && out.contains("prometheus"), "{shell}");
    }
    let (exit, page, _) = run(man::run);
    assert_eq!(exit, Exit::Done);
    assert!(page.starts_with(".ie") || page.starts_with(".TH"), "{page}");
    let mut all = Vec::new();
    commands(&Cli::command(), "plantao", &mut all);
    for (path, _) in all {
        assert!(page.contains(&format!(".SH \"{}\"", path.to_uppercase())), "{path} in {page}");
    }
    assert!(page.contains("\\-\\-wait"), "{page}");
    assert!(!page.contains("plantao\\-snapshot"), "no page of that name exists");
    assert_eq!(page.matches("\\-\\-alertmanager\\fR ").count(), 1, "{page}");
}

fn machine(file: &str) -> (tempfile::TempDir, Inputs) {
    let folder = tempfile::tempdir().expect("folder");
    fs::write(folder.path().join("config.toml"), file).expect("file");
    let paths = Paths { user: vec![folder.path().to_owned()], ..Paths::default() };
    (folder, Inputs { paths, ..Inputs::default() })
}

#[test]
fn config_check_tells_problems_or_files_and_notes() {
    let (folder, mut inputs) = machine("[roles]\n");
    let path = folder.path().join("config.toml");
    let path = path.display();
    let (exit, out, err) = run(|out| config::check(&inputs, out));
    assert_eq!((exit, err.as_str()), (Exit::Done, ""));
    assert_eq!(
        out,
        format!(
            "{path}: read\nnote: {path}:1: [roles] counts only in the machine's own file, /etc/plantao/config.toml, and is left out
note: no source is configured; name one, for example with --prometheus http://localhost:9090, or in a configuration file (`plantao doctor` says which are read)
the configuration has no problem\n"
        )
    );
    inputs.flags.loki = Some("loki".to_owned());
    inputs.env.insert("PLANTAO_UTC".to_owned(), "x\u{1b}[2J".to_owned());
    let (exit, out, err) = run(|out| config::check(&inputs, out));
    assert_eq!((exit, err.as_str()), (Exit::Usage, "2 problems\n"));
    assert_eq!(
        out,
        "PLANTAO_UTC: `x[2j` is neither true nor false; write 1 or 0
--loki: the address has no scheme\n  help: did you mean `http://loki`?\n"
    );
}

#[test]
fn config_show_writes_toml_with_origins() {
    let (folder, mut inputs) = machine("[sources.loki]\nurl = \"http://l\"\nheaders = { K = \"s3cret\" }\n");
    inputs.flags.theme = Some("mono".to_owned());
    let (exit, out, err) = run(|out| config::show(&inputs, out));
    assert_eq!((exit, err.as_str()), (Exit::Done, ""));
    let file = folder.path().join("config.toml");
    assert!(out.contains("theme = \"mono\"  # --theme\n"), "{out}");
    assert!(out.contains(&format!("url = \"http://l\"  # {}:2\n", file.display())), "{out}");
    assert!(!out.contains("s3cret"), "{out}");
    inputs.flags.theme = Some("..".to_owned());
    let (exit, out, err) = run(|out| config::show(&inputs, out));
    assert_eq!((exit, out.as_str()), (Exit::Usage, ""));
    assert!(err.starts_with("--theme: is not a name"), "{err}");
}

#[test]
fn a_hostile_file_cannot_move_the_terminal() {
    let (_folder, inputs) = machine("pack = \"\u{1b}]0;x\u{7}\"\n\u{9b}31m = 1\n");
    let (exit, out, err) = run(|out| config::check(&inputs, out));
    assert_eq!(exit, Exit::Usage);
    assert!(!(out + &err).chars().any(|c| c.is_control() && c != '\n'));
}

fn a_pack() -> Pack {
    Pack {
        name: "hospital".to_owned(),
        title: "Hospital".to_owned(),
        zone: chrono_tz::UTC,
        alerting: Alerting {
            severities: BTreeMap::new(),
            response_s: BTreeMap::new(),
            department_label: "department".to_owned(),
            department_all: Vec::new(),
            watchdog: Some("Watchdog".to_owned()),
            component_labels: Vec::new(),
            unlabelled: plantao::model::Severity::Low,
            category_label: "category".to_owned(),
            categories: Vec::new(),
            default_category: None,
        },
        departments: Vec::new(),
        models: Vec::new(),
        panels: BTreeMap::new(),
        pages: Vec::new(),
        alerts: ["Watchdog", "Hot"].map(|name| (name.to_owned(), AlertInfo::default())).into(),
        rules: "groups:\n- rules:\n  - alert: Watchdog\n  - alert: Hot\n".into(),
        explore: plantao::pack::Explore::default(),
        events: Vec::default(),
        incidents: plantao::pack::Incidents::default(),
        response: plantao::pack::Response::default(),
        playbooks: Vec::new(),
        signals: plantao::pack::Signals::default(),
        advice: plantao::pack::Advice::default(),
        demo: None,
    }
}

/// Two packs: one good, one broken.
struct Shelf(Pack);

impl Packs for Shelf {
    fn load(&self, name: &str) -> Result<Pack, Vec<Problem>> {
        if name == "hospital" {
            return Ok(self.0.clone());
        }
        Err(vec![Problem::bare("clinic/pack.toml", "is empty")])
    }
    fn list(&self) -> Vec<PackEntry> {
        let entry = |name: &str, folder: Option<&str>| PackEntry {
            name: name.to_owned(),
            folder: folder.map(Into::into),
        };
        vec![entry("clinic", Some("/etc/plantao/packs")), entry("hospital", None)]
    }
}

#[test]
fn packs_are_listed_and_checked() {
    let shelf = Shelf(a_pack());
    let (exit, out, _) = run(|out| pack::list(&shelf, "hospital", out));
    assert_eq!(exit, Exit::Usage);
    assert_eq!(
        out,
        "  clinic\t(1 problem; see `plantao pack check clinic`)\t/etc/plantao/packs\n* hospital\tHospital\tshipped\n"
    );
    let (exit, out, _) = run(|out| pack::check(&shelf, "hospital", out));
    assert_eq!(exit, Exit::Done);
    assert_eq!(out, "hospital: no problem; departments: 0, panels: 0, pages: 0, alerts: 2\n");
    let (exit, out, err) = run(|out| pack::check(&shelf, "clinic", out));
    assert_eq!(
        (exit, out.as_str(), err.as_str()),
        (Exit::Usage, "clinic/pack.toml: is empty\n", "1 problem\n")
    );
}

fn rule(name: &str, health: RuleHealth, active: Vec<ActiveAlert>) -> Rule {
    Rule {
        name: name.into(),
        query: "up".into(),
        hold_s: 0.0,
        labels: Labels::default(),
        annotations: Labels::default(),
        health,
        last_evaluation: None,
        active,
    }
}

fn group(rules: Vec<Rule>) -> Vec<RuleGroup> {
    vec![RuleGroup { name: "g".into(), file: "f".into(), interval_s: 15.0, rules }]
}

#[test]
fn rules_are_exported_as_they_are_and_checked_against_pack_and_server() {
    let mut shelf = Shelf(a_pack());
    let (exit, out, _) = run(|out| rules::export(&shelf, "hospital", out));
    assert_eq!((exit, out.as_str()), (Exit::Done, &*shelf.0.rules));
    let (exit, out, err) = run(|out| rules::export(&shelf, "clinic", out));
    assert_eq!((exit, out.as_str(), err.as_str()), (Exit::Usage, "", "clinic/pack.toml: is empty\n"));

    let whole = group(vec![rule("Watchdog", RuleHealth::Ok, vec![]), rule("Hot", RuleHealth::Ok, vec![])]);
    let (exit, out, _) = run(|out| rules::check(&shelf, "hospital", Some(Ok(whole)), out));
    assert_eq!((exit, out.as_str()), (Exit::Done, "2 rules, no problem\n"));

    let broken = group(vec![rule("Hot", RuleHealth::Err("many-to-many".into()), vec![])]);
    let (exit, out, _) = run(|out| rules::check(&shelf, "hospital", Some(Ok(broken)), out));
    assert_eq!(exit, Exit::Negative);
    assert_eq!(
        out,
        "Hot: Prometheus cannot evaluate this rule: many-to-many
Watchdog: Prometheus has no such rule; load the output of `plantao rules export`\n"
    );
    let fault = Fault::new(FaultKind::Connect, "connection refused");
    let (exit, _, err) = run(|out| rules::check(&shelf, "hospital", Some(Err(fault)), out));
    assert_eq!((exit, err.as_str()), (Exit::Unreachable, "Prometheus did not answer: connection refused\n"));

    shelf.0.rules = "  - alert: Cold\n".into();
    let (exit, out, err) = run(|out| rules::check(&shelf, "hospital", None, out));
    assert_eq!(exit, Exit::Negative);
    assert_eq!(out.lines().count(), 4, "{out}");
    assert!(err.starts_with("note: no Prometheus"), "{err}");
}

#[test]
fn flags_and_surroundings_make_inputs() {
    let flags = parse("--operator eva").expect("parses").global.flags();
    let around = Surroundings::of(
        [("USER".to_owned(), "ana".to_owned())].into(),
        Some("/home/ana".into()),
        None,
        false,
    );
    let inputs = around.inputs(flags);
    assert_eq!(inputs.flags, Flags { operator: Some("eva".to_owned()), ..Flags::default() });
    assert_eq!(inputs.login.as_deref(), Some("ana"));
}
