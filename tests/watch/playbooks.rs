//! Playbooks as commands: strict files, exact plans, runs that outlive their process.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use plantao::config::acting::Acting;
use plantao::model::Labels;
use plantao::model::deed::Subject;
use plantao::pack::playbook::Library;
use plantao::respond;
use serde_json::Value;

use crate::desk::{Desk, notifications, webhook};
use crate::support::http::wait_for;
use crate::support::sink::Sink;
use crate::support::{usage, wait};

/// Writes an executable script.
fn script(path: &Path, text: &str) {
    fs::write(path, format!("#!/bin/sh\n{text}\n")).expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("executable");
}

fn playbook(desk: &Desk, name: &str, text: &str) {
    fs::create_dir_all(desk.path("playbooks")).expect("a folder");
    fs::write(desk.path(&format!("playbooks/{name}.toml")), text).expect("written");
}

/// A desk whose command `write` runs `script.sh` with one argument of any kind.
fn with_script(text: &str, more: &str) -> Desk {
    let desk = Desk::new("");
    script(&desk.path("script.sh"), text);
    let config = fs::read_to_string(desk.path("config.toml")).expect("read");
    let program = desk.path("script.sh");
    let bound = format!(
        "{config}[commands.write]\nargv = [\"{}\", \"{}\", \"x={{text}}\"]\nparams = {{ text = \"(?s).*\" }}\n{more}",
        program.display(),
        desk.path("out").display(),
    );
    fs::write(desk.path("config.toml"), bound).expect("written");
    desk
}

const WRITE: &str = "title = \"Write\"\n[params.text]\ndefault = \"{component}\"\n[[steps]]\ntitle = \"Write it\"\nkind = \"command\"\ncommand = \"write\"\nwith = { text = \"{param.text}\" }\n";

#[test]
fn the_shipped_ones_are_listed_shown_and_checked() {
    let desk = Desk::new("");
    let (status, out, _) = desk.said(&["playbook", "list"]);
    assert_eq!(status, 0);
    for name in [
        "availability",
        "security",
        "ai-model",
        "performance",
        "thermal",
        "memory",
        "database-pool",
        "brute-force",
        "personal-data-leak",
    ] {
        assert!(out.lines().any(|line| line.starts_with(name)), "{name} in {out}");
        assert_eq!(desk.said(&["playbook", "show", name]).0, 0, "{name}");
    }
    // Nothing is bound and no channel is there: each says so, and cannot be run.
    let (status, out, _) = desk.said(&["playbook", "check", "availability"]);
    assert!(status == 1 && out.contains("`restart` is not bound"), "{out}");
    let (status, _, told) = desk.said(&["playbook", "run", "availability", "--confirm", "availability"]);
    assert!(status == 2 && told.contains("cannot be run here"), "{told}");
    assert_eq!(desk.said(&["playbook", "runs", "--all"]).0, 1, "nothing was begun");
}

#[test]
fn a_broken_playbook_is_told_with_its_lines_and_never_begun() {
    let desk = with_script("echo hi > \"$1\"", "");
    playbook(
        &desk,
        "broken",
        "title = \"x\"\n[[steps]]\ntitle = \"Fine\"\nkind = \"command\"\ncommand = \"write\"\nwith = { text = \"a\" }\n[[steps]]\ntitle = \"Bad\"\nkind = \"comand\"\ntimeot = \"5s\"\n[[steps]]\ntitle = \"{param.nothing}\"\nkind = \"notify\"\nlevel = \"oncal\"\n",
    );
    let (status, out, _) = desk.said(&["playbook", "check", "broken"]);
    assert_eq!(status, 2);
    for told in ["broken.toml:9:8", "did you mean `command`?", "broken.toml:12:9", "did you mean `oncall`?"] {
        assert!(out.contains(told), "{told} in {out}");
    }
    let (status, _, told) = desk.said(&["playbook", "run", "broken", "--confirm", "broken"]);
    assert!(status == 2 && told.contains("problems"), "{told}");
    assert!(!desk.path("out").exists(), "its first step was not done");
    // One that overrides a shipped one and is broken does not let the shipped one through.
    playbook(&desk, "thermal", "title = 5\n");
    assert_eq!(desk.said(&["playbook", "show", "thermal"]).0, 2);
}

#[test]
fn what_labels_hold_stays_one_argument() {
    let hostile = "$(touch pwned); `touch pwned` \"q\" 'q' && touch pwned | x > pwned";
    let desk =
        with_script("printf '%s' \"$2\" > \"$1\"; echo done; echo CPF 529.982.247-25", "dangerous = false\n");
    playbook(&desk, "write", WRITE);
    let sink = Sink::http();
    let config = fs::read_to_string(desk.path("config.toml")).expect("read");
    fs::write(
        desk.path("config.toml"),
        format!("{config}[channels.hook]\nkind = \"webhook\"\nurl = \"{}\"\n", sink.url()),
    )
    .expect("written");
    let watch = desk.watch();
    assert_eq!(watch.post(&webhook("A", hostile, "critical", "firing")), 200);
    let incident = wait::until("an incident", || {
        notifications(&sink)
            .first()
            .and_then(|one| one["incident"].as_str().map(str::to_owned))
            .ok_or("none yet")
    });
    let (status, plan, told) = desk.said(&["playbook", "run", "write", "--incident", &incident, "--dry-run"]);
    assert!(status == 0 && told.contains("nothing was done") && plan.contains("touch pwned"), "{plan}{told}");
    assert!(!desk.path("out").exists());
    let (status, out, told) = desk.said(&["playbook", "run", "write", "--incident", &incident]);
    assert_eq!(status, 0, "{out}{told}");
    assert_eq!(fs::read_to_string(desk.path("out")).expect("written"), format!("x={hostile}"));
    assert!(!desk.path("pwned").exists() && !Path::new("pwned").exists());
    assert!(out.contains("| done") && !out.contains("529"), "masked: {out}");
}

#[test]
fn danger_is_typed_and_read_only_does_nothing() {
    let desk = with_script("echo hi > \"$1\"", "");
    playbook(&desk, "write", WRITE);
    for arguments in [
        &["playbook", "run", "write", "--set", "text=a"][..],
        &["playbook", "run", "write", "--set", "text=a", "--confirm", "wriet"],
        &["--read-only", "playbook", "run", "write", "--set", "text=a", "--confirm", "write"],
        &["playbook", "run", "write", "--set", "txt=a", "--confirm", "write"],
        &["playbook", "run", "write", "--confirm", "write"],
    ] {
        let (status, _, told) = desk.said(arguments);
        assert_eq!(status, 2, "{arguments:?}: {told}");
        assert!(!desk.path("out").exists(), "{arguments:?}");
    }
    let (status, _, told) = desk.said(&["playbook", "run", "write", "--set", "text=a", "--confirm", "write"]);
    assert_eq!(status, 0, "{told}");
}

fn runs(desk: &Desk) -> Vec<Value> {
    let (_, out, _) = desk.said(&["playbook", "runs", "--all", "--format", "json"]);
    serde_json::from_str(&out).expect("JSON")
}

#[test]
fn a_run_outlives_whoever_asked_for_it_and_can_be_stopped() {
    let desk = with_script(
        "echo begun > \"$1\"; while [ ! -e \"$1.go\" ]; do sleep 0.05; done; echo gone >> \"$1\"",
        "dangerous = false\n",
    );
    playbook(&desk, "write", WRITE);
    let mut asker = desk.command(&["playbook", "run", "write", "--set", "text=a"]).spawn().expect("spawned");
    wait::until_true("the step", || desk.path("out").exists());
    // The session is cut off.
    asker.kill().expect("killed");
    asker.wait().expect("gone");
    let run = runs(&desk)[0].clone();
    assert_eq!(run["state"], "running");
    assert!(run["owner"].as_str().is_some_and(|owner| !owner.is_empty()), "it says who carries it on: {run}");
    fs::write(desk.path("out.go"), "").expect("written");
    wait::until_true("its end", || runs(&desk)[0]["state"] == "done");
    assert_eq!(fs::read_to_string(desk.path("out")).expect("read"), "begun\ngone\n");

    // Another one is stopped, and what its program started ends too.
    fs::remove_file(desk.path("out.go")).expect("removed");
    fs::remove_file(desk.path("out")).expect("removed");
    assert_eq!(desk.said(&["playbook", "run", "write", "--set", "text=b", "--detach"]).0, 0);
    wait::until_true("the step", || desk.path("out").exists());
    let id = runs(&desk)[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(desk.said(&["playbook", "stop", &id]).0, 0);
    wait::until_true("the stop", || runs(&desk)[0]["state"] == "stopped");
}

#[test]
fn a_step_in_flight_at_a_crash_is_asked_about_and_never_repeated_by_itself() {
    let desk = with_script(
        "echo once >> \"$1\"; while [ ! -e \"$1.go\" ]; do sleep 0.05; done",
        "dangerous = false\n",
    );
    playbook(&desk, "write", WRITE);
    assert_eq!(desk.said(&["playbook", "run", "write", "--set", "text=a", "--detach"]).0, 0);
    wait::until_true("the step", || desk.path("out").exists());
    let run = runs(&desk)[0].clone();
    let id = run["id"].as_str().expect("an id");
    // The process that carries it out: its number is in what it calls itself.
    let owner = run["owner"].as_str().expect("an owner");
    let pid: u32 = owner
        .split([' ', '-', ':'])
        .filter_map(|word| word.parse().ok())
        .find(|pid| usage::state(*pid).is_some())
        .unwrap_or_else(|| panic!("no process in {owner}"));
    usage::signal(pid, "KILL");
    wait::until_true("its death", || usage::state(pid).is_none());
    // Whoever takes it over once it counts as lost asks.
    wait::until("the question", || {
        let (status, _, told) = desk.said(&["playbook", "carry", id]);
        if status == 4 && told.contains("not known") { Ok(()) } else { Err(format!("{status}: {told}")) }
    });
    assert_eq!(fs::read_to_string(desk.path("out")).expect("read"), "once\n");
    assert_eq!(desk.said(&["playbook", "answer", id, "yes"]).0, 2, "that is no answer to it");
    fs::write(desk.path("out.go"), "").expect("written");
    let (status, _, told) = desk.said(&["playbook", "answer", id, "repeat"]);
    assert_eq!(status, 0, "{told}");
    assert_eq!(fs::read_to_string(desk.path("out")).expect("read"), "once\nonce\n");
}

#[test]
fn a_question_waits_for_a_person() {
    let desk = with_script("echo hi > \"$1\"", "dangerous = false\n");
    let text = WRITE.replace(
        "[[steps]]",
        "[[steps]]\ntitle = \"Ask\"\nkind = \"confirm\"\nquestion = \"Really {param.text}?\"\n[[steps]]",
    );
    playbook(&desk, "ask", &text);
    let (status, _, told) = desk.said(&["playbook", "run", "ask", "--set", "text=now"]);
    assert!(status == 4 && told.contains("Really now?"), "{status} {told}");
    assert!(!desk.path("out").exists());
    let id = runs(&desk)[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(desk.said(&["playbook", "answer", &id, "repeat"]).0, 2);
    assert_eq!(desk.said(&["playbook", "answer", &id, "yes"]).0, 0);
    assert!(desk.path("out").exists());
    assert_eq!(desk.said(&["playbook", "answer", &id, "yes"]).0, 2, "it is over");
}

#[test]
fn what_takes_too_long_or_fails_is_ended_retried_and_told() {
    let desk = with_script("echo try >> \"$1\"; exit 3", "dangerous = false\n");
    playbook(&desk, "retry", &format!("{WRITE}retries = 2\nretry_wait = \"0s\"\n"));
    let (status, out, told) = desk.said(&["playbook", "run", "retry", "--set", "text=a"]);
    assert!(status == 1 && told.contains("exit status: 3"), "{status} {out} {told}");
    assert_eq!(fs::read_to_string(desk.path("out")).expect("read").lines().count(), 3);
    script(&desk.path("script.sh"), "sleep 600");
    playbook(&desk, "slow", &format!("{WRITE}timeout = \"1s\"\n"));
    let (status, _, told) = desk.said(&["playbook", "run", "slow", "--set", "text=a"]);
    assert!(status == 1 && told.contains("longer than 1 s"), "{status} {told}");
}

/// Steps that a watcher does by itself: it tells, and it saves evidence of the embedded hospital.
#[test]
fn a_watcher_tells_and_saves_evidence_by_itself() {
    use plantao::bundle::{Limits, Signature, Verdict, read_file, verify_file};
    use plantao::clock::Clock;
    use plantao::demo::{FaultSpec, Plan};

    const KEY: &str = "a key of the hospital's own";
    let now = Clock::System.now();
    let fault = FaultSpec::parse("thermal@12m").expect("a fault").fault(now);
    let mut pack = plantao::pack::load("hospital", &[]).expect("the pack");
    let demo = pack.demo.as_mut().expect("it has a place");
    // Whatever the hour is: its day began an hour ago, so that it is soon there.
    let hour = chrono::Timelike::hour(&(now - chrono::TimeDelta::hours(1)).with_timezone(&pack.zone));
    demo.world.text = demo.world.text.replace("day_starts_h = 4", &format!("day_starts_h = {hour}")).into();
    let plan = Plan { faults: vec![fault], ..Plan::calm(1) };
    let place =
        plantao::runtime::embedded::Order { pack: std::sync::Arc::new(pack), plan, clock: Clock::System };
    let place = place.open().expect("the hospital");
    let address =
        |source: &Option<plantao::config::Source>| source.as_ref().expect("a server").url.to_string();
    let sources = place.sources();
    // The hours before now are computed when somebody asks; until then nobody else has the machine.
    let up = format!("{}api/v1/query?query=up", address(&sources.prometheus));
    let patience = std::time::Duration::from_secs(300);
    let there = wait::try_until(patience, || match crate::support::http::get(&up) {
        Ok((200, body)) if body.contains("\"value\"") => Ok(()),
        other => Err(format!("{other:?}")),
    });
    there.expect("the hospital");

    let sink = Sink::http();
    let desk = Desk::with_hook(
        &sink,
        &format!(
            "[sources.prometheus]\nurl = \"{}\"\n[sources.loki]\nurl = \"{}\"\n[bundle]\nkey_file = \"seal.key\"\n",
            address(&sources.prometheus),
            address(&sources.loki)
        ),
    );
    playbook(
        &desk,
        "thermal",
        "title = \"Hot\"\n[match]\nalerts = [\"MacStudioThermalThrottling\"]\n[[steps]]\ntitle = \"Tell\"\nkind = \"notify\"\nlevel = \"oncall\"\nmessage = \"it throttles\"\n[[steps]]\ntitle = \"Keep\"\nkind = \"collect\"\nwindow = \"20m\"\n[[steps]]\ntitle = \"Ask\"\nkind = \"confirm\"\nquestion = \"cool?\"\n",
    );
    fs::write(desk.path("seal.key"), format!("{KEY}\n")).expect("written");
    let watch = desk.watch();
    assert_eq!(watch.post(&webhook("MacStudioThermalThrottling", "mac-studio", "critical", "firing")), 200);
    let run = wait::try_until(patience, || {
        let all = runs(&desk);
        let over = all.iter().find(|run| run["ended_at"].is_string()).cloned();
        over.ok_or_else(|| format!("{all:?}"))
    });
    let run = run.expect("a run that is over");
    assert_eq!(run["state"], "done", "{run}");
    let incident = run["incident"].as_str().expect("an incident").to_owned();
    let told = notifications(&sink);
    assert!(told.iter().any(|one| one["message"].as_str().is_some_and(|text| text.contains("it throttles"))));

    let folder = desk.path("evidence");
    let files: Vec<_> =
        fs::read_dir(&folder).expect("a folder").map(|one| one.expect("a file").path()).collect();
    let [file] = &files[..] else { panic!("{files:?}") };
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(name.starts_with(&format!("{incident}-RUN-")) && name.ends_with(".jsonl.zst"), "{name}");
    assert_eq!(fs::metadata(file).expect("there").permissions().mode() & 0o777, 0o600);
    let verdict = verify_file(file, Some(KEY.as_bytes()), &Limits::default()).expect("readable");
    assert!(matches!(verdict, Verdict::Holds { signature: Signature::Holds, .. }), "{verdict:?}");
    let evidence = read_file(file, &Limits::default()).expect("readable").evidence;
    assert_eq!(evidence.manifest.id, incident);
    let window = evidence.manifest.window;
    let asked = chrono::TimeDelta::minutes(20);
    assert!(window.end - window.start >= asked, "{window:?}");
    assert!(!evidence.series.is_empty() && !evidence.logs.is_empty(), "the hospital's figures and lines");
    let has = |kind: &str| evidence.others.iter().filter(|one| &*one.kind == kind).count();
    assert!(has("finding") > 0 && has("action") > 0 && has("screen") == 1, "as any other bundle has them");
    // Its steps say what was done, and that the last is left for a person.
    let (_, out, _) = desk.said(&["playbook", "follow", run["id"].as_str().expect("an id")]);
    assert!(out.contains("sealed with sha256:"), "{out}");
    // Half an hour of a night, without spans, on a loaded machine: what it finds is not what is tested here.
    assert!(out.contains("most likely ") || out.contains("unsure: "), "what broke first is said: {out}");
    assert!(out.contains("waits for a person"), "{out}");
}

#[test]
fn evidence_that_nobody_gives_is_a_failed_step() {
    let desk = Desk::new("[sources.prometheus]\nurl = \"http://127.0.0.1:9\"\n");
    playbook(
        &desk,
        "keep",
        "title = \"Keep\"\n[[steps]]\ntitle = \"Keep\"\nkind = \"collect\"\nwindow = \"5m\"\n",
    );
    let (status, out, told) = desk.said(&["playbook", "run", "keep"]);
    assert!(status == 1 && (out + &told).contains("no source answered"), "{told}");
    let left = fs::read_dir(desk.path("evidence")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "no half a bundle lies about");
}

/// A run that waits has nobody who would hear a wish to stop.
#[test]
fn a_run_that_waits_is_stopped_at_once() {
    let desk = Desk::new("");
    playbook(
        &desk,
        "ask",
        "title = \"Ask\"\n[[steps]]\ntitle = \"Ask\"\nkind = \"confirm\"\nquestion = \"go on?\"\n",
    );
    let (status, out, told) = desk.said(&["playbook", "run", "ask"]);
    assert_eq!(status, 4, "{out}{told}");
    let id = out.lines().next().expect("an id").to_owned();
    let (status, out, told) = desk.said(&["playbook", "stop", &id]);
    assert!(status == 0 && out.contains("stopped"), "{out}{told}");
    assert_eq!(desk.said(&["playbook", "answer", &id, "yes"]).0, 2, "it is over");
}

#[test]
fn a_dry_run_and_a_run_say_how_long_each_step_may_take() {
    let folder = tempfile::tempdir().expect("a folder");
    let hands = crate::page::hands(folder.path());
    let library = Library::load(&hands.pack, &[]);
    let labels = [("alertname", "MacStudioThermalThrottling"), ("instance", "mac-studio:9100")];
    let subject = Subject::Alert("bbc04c2c1a2a82de".into(), Labels::new(labels));
    let (offers, runs) =
        wait_for(respond::playbook::offers(&hands, &library, &Acting::default(), &subject)).expect("offers");
    assert!(runs.is_empty());
    let offer = offers.iter().find(|offer| offer.name == "thermal").expect("it fits");
    for step in &offer.steps {
        let asks = step.what.starts_with("ask: ");
        assert_eq!(step.what.contains("(at most "), !asks, "{}", step.what);
    }
    let (run, new) = wait_for(respond::playbook::begin(&hands, offer)).expect("begun");
    assert!(new);
    let progress = wait_for(respond::playbook::progress(&hands, &run.id)).expect("how it stands");
    assert_eq!(progress.limits_s.len(), progress.steps.len());
    assert!(progress.limits_s.iter().all(|limit| *limit > 0), "{:?}", progress.limits_s);
}
