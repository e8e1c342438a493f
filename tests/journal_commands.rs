//! `incidents`, `report`, `audit` and `journal` as a script uses them: the program itself, with folders of its own.
// Tests end by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/incident.rs"]
mod incident_of;

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

struct Machine(tempfile::TempDir);

impl Machine {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join("state/plantao").join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plantao"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.0.path())
            .env("PLANTAO_OPERATOR", "ana")
            .env("XDG_STATE_HOME", self.0.path().join("state"))
            .env("XDG_CONFIG_HOME", self.0.path().join("config"))
            .env("SSH_CONNECTION", "10.0.0.7 5022 10.0.0.1 22")
            .stdin(std::process::Stdio::null());
        command
    }

    /// Exit status, stdout, stderr.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let Output { status, stdout, stderr } = self.command(arguments).output().expect("the program");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (status.code().expect("a status"), text(stdout), text(stderr))
    }

    fn done(&self, arguments: &[&str]) -> String {
        let (status, out, err) = self.run(arguments);
        assert_eq!(status, 0, "{arguments:?}: {out}{err}");
        out
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(arguments)).expect("JSON")
    }

    /// An incident without alerts; its id.
    fn opened(&self, title: &str) -> String {
        let said = self.done(&["incidents", "open", "--empty", "--title", title]);
        said.split_whitespace().next().expect("an id").to_owned()
    }
}

#[test]
fn an_incident_from_opening_to_the_report() {
    let machine = Machine::new();
    let (status, out, err) = machine.run(&["incidents"]);
    assert_eq!((status, &*out), (1, ""), "{err}");
    assert!(
        err.contains("no journal yet") && !machine.file("journal.db").exists(),
        "looking makes nothing: {err}"
    );
    let id = machine.opened("Phones are dead | <b>");
    assert!(id.starts_with("INC-"), "{id}");
    machine.done(&["incidents", "take", &id]);
    machine.done(&["incidents", "note", &id, "patient 529.982.247-25 called"]);
    machine.done(&["incidents", "assign", &id, "bruno"]);
    let list = machine.json(&["incidents", "--format", "json"]);
    assert_eq!(
        (&list[0]["id"], &list[0]["status"], &list[0]["assignee"]),
        (&id.as_str().into(), &"acknowledged".into(), &"bruno".into())
    );
    assert_eq!(list[0]["clock"]["state"], "met");
    machine.done(&["incidents", "resolve", &id, "plugged in"]);
    assert_eq!(machine.run(&["incidents", "list"]).0, 1, "none is open");
    assert!(machine.done(&["incidents", "list", "--all"]).contains("resolved"));
    let (status, _, err) = machine.run(&["incidents", "resolve", &id]);
    assert!(status == 1 && err.contains("resolved already"), "{status} {err}");
    machine.done(&["incidents", "reopen", &id, "unplugged again"]);
    let shown = machine.done(&["incidents", "show", &id]);
    for text in [
        "opened: Phones are dead",
        "acknowledged",
        "‹cpf:",
        "given to bruno",
        "opened again: unplugged again",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert!(!shown.contains("529.982"), "{shown}");
    assert!(machine.done(&["incidents", "show", &id, "--summary"]).lines().count() < 8);
    let markdown = machine.done(&["report", "incident", &id]);
    assert!(
        markdown.contains("# Incident INC-")
            && markdown.contains("\\<b\\>")
            && markdown.contains("## Timeline"),
        "{markdown}"
    );
    let html = machine.done(&["report", "incident", &id, "--format", "html"]);
    assert!(html.contains("&lt;b&gt;") && !html.contains("<b>"), "{html}");
    let json = machine.json(&["report", "incident", &id, "--format", "json"]);
    assert_eq!(json["incident"]["title"], "Phones are dead | <b>");
    assert_eq!(json["report"]["sections"][0]["id"], "facts");
    let (status, out, err) = machine.run(&["report", "incident", "INC-none"]);
    assert!(status == 1 && out.is_empty() && err.contains("no incident"), "{status} {err}");
}

#[test]
fn the_audit_tells_who_did_what_and_finds_what_was_tampered_with() {
    let machine = Machine::new();
    let id = machine.opened("Slow");
    machine.done(&["incidents", "note", &id, "a, \"quoted\" note"]);
    machine.done(&["--operator", "=cmd()", "incidents", "take", &id]);
    let said = machine.done(&["audit", "verify"]);
    assert!(said.contains("whole: 3 records"), "{said}");
    let lines = machine.done(&["audit", "export"]);
    let records: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(records.len(), 3);
    assert_eq!((&records[1]["operator"], &records[1]["action"]), (&"ana".into(), &"incident.note".into()));
    assert!(records[1]["origin"].as_str().is_some_and(|origin| origin.contains("10.0.0.7")), "{lines}");
    assert!(records[1]["os_user"].as_str().is_some_and(|user| user.contains('(')), "{lines}");
    let csv = machine.done(&["audit", "export", "--format", "csv", "--object", &id]);
    assert!(csv.starts_with("seq,at,operator,") && csv.contains("'=cmd()"), "{csv}");
    assert_eq!(machine.done(&["audit", "list", "--by", "ana"]).lines().count(), 3, "heads and two");
    assert_eq!(machine.run(&["audit", "list", "--action", "silence"]).0, 1);

    let whole = std::fs::read(machine.file("journal.db")).expect("read");
    let tampered = |sql: &str| {
        std::fs::write(machine.file("journal.db"), &whole).expect("as it was");
        let db = rusqlite::Connection::open(machine.file("journal.db")).expect("opened");
        db.execute_batch(sql).expect("tampered");
        drop(db);
        let (status, out, err) = machine.run(&["audit", "verify"]);
        assert_eq!(status, 1, "{sql}: {out}{err}");
        out
    };
    assert!(tampered("UPDATE audit SET operator = 'eva' WHERE seq = 2").contains("record 2 was changed"));
    assert!(tampered("DELETE FROM audit WHERE seq = 2").contains("record 2 is missing"));
    assert!(tampered("DELETE FROM audit WHERE seq = 3").contains("the journal ends at record 2"));
    std::fs::write(machine.file("journal.db"), &whole).expect("as it was");
    let json = machine.json(&["audit", "verify", "--format", "json"]);
    assert_eq!((&json["whole"], &json["last"]), (&true.into(), &3.into()));
}

#[test]
fn whoever_may_only_look_changes_nothing() {
    let machine = Machine::new();
    let id = machine.opened("Slow");
    for arguments in [
        &["--read-only", "incidents", "note", &id, "x"][..],
        &["--read-only", "incidents", "open", "--empty", "--title", "x"],
        &["--read-only", "journal", "purge"],
    ] {
        let (status, out, err) = machine.run(arguments);
        assert!(
            status == 2 && out.is_empty() && err.contains("nothing was done"),
            "{arguments:?}: {status} {err}"
        );
    }
    assert!(machine.done(&["--read-only", "audit", "verify"]).contains("1 records"));
}

#[test]
fn a_backup_a_check_and_a_purge() {
    let machine = Machine::new();
    let id = machine.opened("Slow");
    let copy = machine.file("copy.db");
    let copy = copy.to_str().expect("a path");
    machine.done(&["journal", "backup", copy]);
    assert_eq!(machine.run(&["journal", "backup", copy]).0, 3, "it is there already");
    assert!(machine.done(&["journal", "check"]).contains("is whole"));
    assert!(machine.done(&["journal", "purge"]).contains("0 incidents"));
    assert!(
        machine.done(&["doctor"]).contains("The audit is whole")
            || machine.run(&["doctor"]).1.contains("The audit is whole")
    );
    // The copy is a journal.
    let config = machine.0.path().join("config/plantao");
    std::fs::create_dir_all(&config).expect("made");
    std::fs::write(config.join("config.toml"), format!("[journal]\npath = {copy:?}\n")).expect("written");
    assert!(machine.done(&["incidents"]).contains(&id));
    // What is no journal is refused in words.
    std::fs::write(copy, "not a database at all, just some text that is long enough\n".repeat(40))
        .expect("written");
    let (status, out, err) = machine.run(&["incidents"]);
    assert!(status == 3 && out.is_empty() && err.contains("is no journal"), "{status} {err}");
    let (status, _, err) = machine.run(&["incidents", "open", "--empty", "--title", "x"]);
    assert!(status == 3 && err.contains("is no journal"), "{status} {err}");
}

const OLD: &str = "INC-20200101000000-RUN-20200101000100.jsonl.zst";

#[test]
fn evidence_goes_at_the_end_of_its_term_and_nothing_else_does() {
    let machine = Machine::new();
    let id = machine.opened("Slow");
    let folder = machine.file("evidence");
    assert!(machine.done(&["journal", "purge"]).contains("No file of evidence"), "there is no folder yet");
    std::fs::create_dir(&folder).expect("made");
    let elsewhere = machine.0.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).expect("made");
    let open = format!("{id}-RUN-20200101000200.jsonl.zst");
    let young = format!("RUN-{}.jsonl.zst", &id["INC-".len()..]);
    let others =
        ["notes.txt", "INC-20200101000000.jsonl.zst", "INC-20200101000000-RUN-20200101000100.jsonl.zst.bak"];
    for name in [OLD, "RUN-20200101000300.jsonl.zst", "RUN-20200101000400-2.jsonl.zst.part", &open, &young]
        .into_iter()
        .chain(others)
    {
        std::fs::write(folder.join(name), vec![7; 300_000]).expect("written");
    }
    // Links and folders of such names: what they lead to is not this program's.
    std::fs::write(elsewhere.join("precious"), "x").expect("written");
    let link = folder.join("RUN-20200101000500.jsonl.zst");
    std::os::unix::fs::symlink(elsewhere.join("precious"), &link).expect("a link");
    std::fs::create_dir(folder.join("RUN-20200101000600.jsonl.zst")).expect("made");
    let (status, out, err) = machine.run(&["journal", "purge"]);
    assert_eq!(status, 0, "{out}{err}");
    assert!(out.contains("Removed 3 files of evidence (0.9 MiB)") && out.contains(OLD), "{out}");
    assert!(err.contains("5 entries"), "{err}");
    let mut left: Vec<String> = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|one| one.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    left.sort();
    let mut expected: Vec<String> = others.into_iter().map(str::to_owned).collect();
    expected.extend([open.clone(), young.clone()]);
    expected.extend(["RUN-20200101000500.jsonl.zst", "RUN-20200101000600.jsonl.zst"].map(str::to_owned));
    expected.sort();
    assert_eq!(left, expected);
    assert!(elsewhere.join("precious").exists(), "no link is followed");
    let audit = machine.json(&["audit", "list", "--action", "evidence.purge", "--format", "json"]);
    let outcomes: Vec<&str> =
        audit.as_array().expect("records").iter().filter_map(|one| one["outcome"].as_str()).collect();
    assert!(outcomes.contains(&"accepted") && outcomes.contains(&"done") && outcomes.len() == 2, "{audit}");
    assert!(audit.to_string().contains(OLD), "what was removed is on record: {audit}");
    // Once its incident is resolved its term begins to run; it is over in a year, not today.
    machine.done(&["incidents", "resolve", &id, "restarted"]);
    assert!(machine.done(&["journal", "purge"]).contains("No file of evidence"));
    assert!(folder.join(&open).exists());
    assert!(machine.done(&["audit", "verify"]).contains("records"));
}

#[test]
fn a_folder_of_evidence_that_is_a_link_is_left_alone() {
    let machine = Machine::new();
    machine.opened("Slow");
    let elsewhere = machine.0.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).expect("made");
    std::fs::write(elsewhere.join(OLD), "x").expect("written");
    std::os::unix::fs::symlink(&elsewhere, machine.file("evidence")).expect("a link");
    let (status, out, err) = machine.run(&["journal", "purge"]);
    assert!(status == 4 && err.contains("it is a link"), "{status} {out}{err}");
    assert!(out.contains("0 incidents"), "the rest is purged all the same: {out}");
    assert!(elsewhere.join(OLD).exists());
}

/// The program as somebody whom permissions hold: whoever runs the tests, or nobody where that is root.
fn as_anybody(machine: &Machine) -> impl Fn(&[&str]) -> (i32, String, String) {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65534;
    let home = machine.0.path();
    let is_root = std::fs::metadata(home).expect("a folder").uid() == 0;
    let program = home.join("plantao");
    std::fs::copy(env!("CARGO_BIN_EXE_plantao"), &program).expect("a copy");
    std::fs::set_permissions(home, std::fs::Permissions::from_mode(0o755)).expect("open");
    let state = machine.file("");
    let files = std::fs::read_dir(&state).expect("a folder").map(|one| one.expect("an entry").path());
    if is_root {
        for one in files.filter(|file| file.is_file()).chain([home.join("state"), state.clone()]) {
            chown(one, Some(NOBODY), Some(NOBODY)).expect("given away");
        }
    }
    let (home, state) = (home.to_owned(), home.join("state"));
    move |arguments| {
        let mut command = Command::new(&program);
        command.args(arguments).env_clear().env("HOME", &home).env("XDG_STATE_HOME", &state);
        command.env("XDG_CONFIG_HOME", home.join("config")).env("PLANTAO_OPERATOR", "ana");
        command.current_dir("/").stdin(std::process::Stdio::null());
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let Output { status, stdout, stderr } = command.output().expect("the program");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (status.code().expect("a status"), text(stdout), text(stderr))
    }
}

#[test]
fn what_cannot_be_looked_at_or_removed_is_said_and_on_record() {
    use std::os::unix::fs::PermissionsExt as _;
    let machine = Machine::new();
    machine.opened("Slow");
    let run = as_anybody(&machine);
    // Made by whoever runs the tests, after the rest was given away.
    let folder = machine.file("evidence");
    std::fs::create_dir(&folder).expect("made");
    std::fs::write(folder.join(OLD), "x").expect("written");
    let mode = |mode| std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).expect("set");
    mode(0o000);
    let (status, out, err) = run(&["journal", "purge"]);
    assert!(status == 4 && err.contains("evidence") && err.contains("denied"), "{status} {out}{err}");
    mode(0o555);
    let (status, out, err) = run(&["journal", "purge"]);
    assert!(status == 4 && err.contains(OLD) && err.contains("denied"), "{status} {out}{err}");
    assert!(out.contains("No file of evidence") && folder.join(OLD).exists(), "{out}");
    let (_, audit, _) = run(&["audit", "list", "--action", "evidence.purge", "--format", "json"]);
    assert!(audit.contains("\"failed\"") && audit.contains("denied"), "{audit}");
    mode(0o755);
}

#[test]
fn changes_are_noted_listed_and_audited() {
    let machine = Machine::new();
    let (status, out, err) = machine.run(&["change", "list"]);
    assert_eq!((status, &*out), (1, ""), "{err}");
    let said = machine.done(&[
        "change",
        "add",
        "model 1.3 loaded",
        "--component",
        "ai-engine",
        "--label",
        "ticket=C-1",
    ]);
    assert!(said.contains("noted") && said.contains("model 1.3 loaded"), "{said}");
    machine.done(&["change", "add", "cable of 529.982.247-25 moved", "--at", "now-90m"]);
    let all = machine.json(&["change", "list", "--format", "json"]);
    let titles: Vec<&str> =
        all.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
    assert!(titles[0].starts_with("cable of ‹cpf:") && titles[1] == "model 1.3 loaded", "{titles:?}");
    assert_eq!(all[1]["labels"], serde_json::json!({ "service": "ai-engine", "ticket": "C-1" }));
    assert_eq!(all[1]["who"], "ana");
    let keys: Vec<&str> = all[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["at", "id", "labels", "title", "who"]);
    let recent = machine.done(&["change", "list", "--since", "1h"]);
    assert!(recent.contains("ai-engine") && !recent.contains("cable"), "{recent}");
    assert!(machine.done(&["audit", "list", "--action", "change"]).contains("change.add"));
    for (wrong, words) in [
        (&["change", "add", "  "][..], "say what was changed"),
        (&["change", "add", "x", "--at", "2099-01-01T00:00:00Z"], "lies in the future"),
        (&["change", "add", "x", "--at", "yesterday"], "is not a time"),
        (&["change", "add", "x", "--label", "a-b=c"], "NAME=VALUE"),
        (&["change", "list", "--from", "now-1h", "--to", "now-2h"], "ends before it begins"),
    ] {
        let (status, out, err) = machine.run(wrong);
        assert!(status == 2 && out.is_empty() && err.contains(words), "{wrong:?}: {status} {err}");
    }
    let long = "x".repeat(201);
    assert!(machine.run(&["change", "add", &long]).2.contains("200 characters"));
    assert_eq!(
        machine.json(&["change", "list", "--format", "json"]).as_array().unwrap().len(),
        2,
        "nothing else"
    );
}

#[test]
fn a_report_says_what_broke_first_or_why_nobody_knows() {
    let machine = Machine::new();
    let id = machine.opened("Slow");
    // Without a server the journal is all there is.
    let report = machine.json(&["report", "incident", &id, "--format", "json"]);
    assert_eq!(report["analysis"], Value::Null);
    let open = section(&report, "open");
    assert!(open["block"]["list"][0].as_str().unwrap().contains("no server is configured"), "{open}");
    // One that is dead is said, and the report is there all the same.
    let dead = ["--prometheus", "http://127.0.0.1:9"];
    let (status, out, err) = machine.run(&[&dead[..], &["report", "incident", &id]].concat());
    assert!(
        status == 4 && out.contains("No evidence was gathered") && err.contains("no server answered"),
        "{err}"
    );
    let (status, out, _) = machine.run(&[&dead[..], &["report", "incident", &id, "--journal-only"]].concat());
    assert!(status == 0 && out.contains("left out"), "{out}");
    // With a bundle the causes, the evidence and what was changed stand in it.
    let now = "2026-11-22T06:12:07Z".parse().expect("a time");
    let bundle = machine.0.path().join("a.jsonl.zst");
    plantao::bundle::write_file(&bundle, &incident_of::evidence(now), None).expect("written");
    let with = |format: &str| {
        let file = bundle.to_str().unwrap();
        machine.run(&["--bundle", file, "report", "incident", &id, "--format", format])
    };
    let (status, out, err) = with("json");
    assert_eq!(status, 0, "{err}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    let components: Vec<&Value> =
        report["analysis"]["findings"].as_array().unwrap().iter().map(|one| &one["component"]).collect();
    assert!(components.iter().any(|one| **one == "mac-studio"), "{components:?}");
    let ids: Vec<&str> = report["report"]["sections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "facts",
            "alerts",
            "verdict",
            "causes",
            "evidence",
            "changes",
            "recommendations",
            "open",
            "actions",
            "seen",
            "timeline"
        ]
    );
    let timeline = section(&report, "timeline").to_string();
    assert!(
        timeline.contains("opened: Slow") && timeline.contains("MacStudioThermalThrottling"),
        "{timeline}"
    );
    let (_, markdown, _) = with("md");
    for head in [
        "## Likely causes",
        "## Evidence",
        "## Changes",
        "## Recommendations",
        "## Open questions",
        "## Timeline",
    ] {
        assert!(markdown.contains(head), "{head}:\n{markdown}");
    }
    assert!(markdown.contains("version 2.4.1 deployed"), "{markdown}");
    let (_, html, _) = with("html");
    assert!(html.contains("<section id=\"causes\">") && html.contains("mac-studio"), "{html}");
}

fn section<'v>(report: &'v Value, id: &str) -> &'v Value {
    let all = report["report"]["sections"].as_array().expect("sections");
    all.iter().find(|one| one["id"] == id).expect("the section")
}
