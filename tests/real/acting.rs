//! `ack`, `unack`, `silence`, `unsilence` on real servers: what amtool sees, what `ALERTS` says, what is refused.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::needs;
use crate::stack::{RULES, Stack, WATCHDOG, rows};
use crate::support::console::{Console, Finished};
use crate::{amtool, support::wait};

/// Alerts of two departments, with labels that must stay data.
const MORE: &str = "
  - name: acting
    rules:
      - alert: Sessions
        expr: active_medical_sessions > 70
        labels: {severity: critical, note: \"a \\\"b\\\" \\\\c $(id); é\\nline\"}
        annotations: {summary: '{{ $labels.department }}'}
";

fn run(console: &Console, stack: &Stack, who: &str, command: &[&str]) -> Finished {
    let mut args = vec![
        "--prometheus",
        stack.prometheus.url(),
        "--alertmanager",
        stack.alertmanager.url(),
        "--operator",
        who,
    ];
    args.extend(command);
    console.run(&args)
}

fn fingerprint(stack: &Stack, name: &str, department: &str) -> String {
    let alert = stack
        .alertmanager
        .wait_alert_where(name, department, |alert| alert["labels"]["department"] == department);
    alert["fingerprint"].as_str().expect("a fingerprint").to_owned()
}

#[test]
fn a_script_acknowledges_silences_and_takes_back() {
    needs!("real::acting"; PROMETHEUS, ALERTMANAGER, AMTOOL);
    let stack = Stack::start(&format!("{RULES}{WATCHDOG}{MORE}"));
    let url = stack.alertmanager.url();
    stack.feed.set("active_medical_sessions{department=\"icu\"}", 80.0);
    stack.feed.set("active_medical_sessions{department=\"surgery\"}", 81.0);
    let (icu, surgery) = (fingerprint(&stack, "Sessions", "icu"), fingerprint(&stack, "Sessions", "surgery"));
    stack.alertmanager.wait_alert("Watchdog");
    let console = Console::new();

    // Read-only takes the commands away; a comment is needed; what matches nothing is a negative answer.
    let done = run(&console, &stack, "ana", &["--read-only", "ack", &icu, "--comment", "x"]);
    assert_eq!(done.status, Some(2), "{}", done.stderr);
    assert_eq!(run(&console, &stack, "ana", &["ack", &icu]).status, Some(2));
    let done = run(&console, &stack, "ana", &["ack", "alertname=Nothing", "--comment", "x"]);
    assert_eq!((done.status, done.stdout.as_str()), (Some(1), ""), "{}", done.stderr);
    assert_eq!(run(&console, &stack, "ana", &["ack", "not a matcher", "--comment", "x"]).status, Some(2));
    assert_eq!(amtool::silences(url, false), Vec::<Value>::new());

    let done = run(&console, &stack, "ana", &["ack", &icu, "--comment", "looking", "--for", "10m"]);
    assert_eq!(
        (done.status, done.stdout.as_str()),
        (Some(0), "1 acknowledged, 1 muted by 1 silence\n"),
        "{}",
        done.stderr
    );
    let silence = amtool::only(url);
    assert_eq!((&silence["createdBy"], &silence["comment"]), (&json!("ana"), &json!("ACK! looking")));
    let alert =
        stack.alertmanager.wait_alert_where("Sessions", "silenced", |alert| alert["fingerprint"] == icu);
    assert_eq!(
        amtool::labels(&silence),
        *alert["labels"].as_object().expect("labels"),
        "all labels, as they are"
    );
    assert!(
        alert["labels"]["note"].as_str().is_some_and(|note| note.contains("$(id)") && note.contains('\n'))
    );
    wait::until("the list to have it", || {
        let listed = rows(&run(&console, &stack, "bia", &["alerts", "--format", "json"]).json());
        let one = listed.iter().find(|row| row["fingerprint"] == icu).ok_or("not listed")?.clone();
        if one["state"] == "silenced" { Ok(one) } else { Err(one.to_string()) }
    });
    let done = run(&console, &stack, "bia", &["alerts", "--format", "json", "department=icu"]);
    let one = &rows(&done.json())[0];
    assert_eq!((&one["ack"]["by"], &one["ack"]["silence"]), (&json!("ana"), &json!("muted")), "{one}");

    // A colleague was faster; then it is taken back, also by its labels.
    let done = run(&console, &stack, "bia", &["ack", &icu, "--comment", "me"]);
    assert_eq!(done.status, Some(1), "{}", done.stdout);
    assert!(done.stderr.contains("ana was faster"), "{}", done.stderr);
    let done = run(&console, &stack, "bia", &["unack", "alertname=Sessions", "department=icu"]);
    assert_eq!((done.status, done.stdout.as_str()), (Some(0), "1 taken back\n"), "{}", done.stderr);
    assert_eq!(amtool::silences(url, false), Vec::<Value>::new());
    assert_eq!(run(&console, &stack, "bia", &["unack", &icu]).status, Some(1));

    // What it mutes is what ALERTS says, external labels counted in.
    let look = |matchers: &[&str]| {
        let mut command = vec!["silence"];
        command.extend(matchers);
        command.extend(["--for", "10m", "--comment", "work", "--dry-run", "--format", "json"]);
        run(&console, &stack, "ana", &command)
    };
    for (matchers, selector) in [
        (&["alertname=Sessions", "department=icu"][..], "alertname=\"Sessions\",department=\"icu\""),
        (
            &["alertname=~\"Sess.*\"", "department=~\"icu|surgery\"", "hospital=real-portuguese"],
            "alertname=~\"Sess.*\"",
        ),
        (&["alertname=Sessions", "hospital=elsewhere"], "alertname=\"NoSuch\""),
    ] {
        let done = look(matchers);
        let said = done.json();
        let query = format!("count_over_time(ALERTS{{alertstate=\"firing\",{selector}}}[7d])");
        let alerts: BTreeSet<String> = stack
            .prometheus
            .instant(&query, None)
            .expect("ALERTS")
            .iter()
            .map(|one| {
                let mut labels = one["metric"].as_object().expect("labels").clone();
                labels.remove("alertstate");
                Value::Object(labels).to_string()
            })
            .collect();
        // A label on more than one line is shown on one.
        let flat = |text: String| text.replace("\\n", " ");
        let told: BTreeSet<String> = said["last_7_days"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| flat(one["labels"].to_string()))
            .collect();
        assert_eq!(told, alerts.into_iter().map(flat).collect(), "{matchers:?}");
        assert_eq!(
            said["now"].as_array().map(Vec::len),
            said["last_7_days"].as_array().map(Vec::len),
            "{said}"
        );
        assert_eq!(said["days_known"], 7, "{said}");
    }
    // A department that no matcher names, everything, and the dead-man's switch are refused unless typed in full.
    let refuse = |matchers: &[&str], word: &str| {
        let mut command = vec!["silence"];
        command.extend(matchers);
        command.extend(["--for", "10m", "--comment", "work"]);
        let done = run(&console, &stack, "ana", &command);
        assert_eq!(done.status, Some(1), "{matchers:?}: {}", done.stderr);
        assert!(
            done.stderr.contains("REFUSED") && done.stderr.contains(&format!("--confirm '{word}'")),
            "{}",
            done.stderr
        );
        assert_eq!(amtool::silences(url, false), Vec::<Value>::new(), "{matchers:?}");
    };
    refuse(&["alertname=Sessions"], "icu surgery");
    refuse(&["alertname=Sessions", "department=~\"icu\""], "icu");
    refuse(&["alertname=~\".+\""], "everything");
    refuse(&["alertname=Watchdog"], "Watchdog");

    // Made, seen, found again instead of doubled, ended.
    let args =
        ["silence", "alertname=Sessions", "department=icu", "--for", "10m", "--comment", "work; $(id)"];
    let done = run(&console, &stack, "ana", &args);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    let id = done.stdout.trim().to_owned();
    assert_eq!(amtool::only(url)["id"], *id);
    stack.alertmanager.wait_alert_where("Sessions", "silenced", |alert| {
        alert["fingerprint"] == icu && alert["status"]["silencedBy"] == json!([id])
    });
    let again = run(&console, &stack, "ana", &args);
    assert_eq!((again.status, again.stdout.trim()), (Some(0), id.as_str()), "{}", again.stderr);
    amtool::only(url);
    let done = run(&console, &stack, "ana", &["unsilence", &id]);
    assert_eq!((done.status, done.stdout.trim()), (Some(0), id.as_str()), "{}", done.stderr);
    assert_eq!(amtool::silences(url, false), Vec::<Value>::new());
    assert_eq!(run(&console, &stack, "ana", &["unsilence", &id]).status, Some(1));

    // Typed in full it is made; a window is planned ahead.
    let done = run(
        &console,
        &stack,
        "ana",
        &[
            "silence",
            "alertname=Sessions",
            "--for",
            "10m",
            "--comment",
            "both",
            "--confirm",
            "icu surgery",
            "--start",
            "+2h",
        ],
    );
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    assert_eq!(amtool::only(url)["status"]["state"], "pending");
    let listed = run(&console, &stack, "ana", &["silences", "--format", "json", "alertname=Sessions"]).json();
    assert!(listed.as_array().is_some_and(|all| all.iter().any(|one| one["state"] == "pending")), "{listed}");
    let _ = surgery;
}

#[test]
fn a_dead_alertmanager_is_never_shown_as_done() {
    needs!("real::acting"; PROMETHEUS, ALERTMANAGER);
    let mut stack = Stack::start(&format!("{RULES}{MORE}"));
    stack.feed.set("active_medical_sessions{department=\"icu\"}", 80.0);
    let icu = fingerprint(&stack, "Sessions", "icu");
    let console = Console::new();
    stack.alertmanager.stop();
    let done = run(&console, &stack, "ana", &["ack", "alertname=Sessions", "--comment", "x"]);
    assert_eq!(done.status, Some(3), "conditions name nothing that can be known: {}", done.stdout);
    let done = run(&console, &stack, "ana", &["ack", &icu, "--comment", "x"]);
    assert_eq!(done.status, Some(4), "{}", done.stderr);
    assert_eq!(done.stdout, "1 acknowledged, 0 muted\n");
    assert!(done.stderr.contains("not yet at Alertmanager"), "{}", done.stderr);
    let silence = ["silence", "alertname=Sessions", "department=icu", "--for", "10m", "--comment", "x"];
    let done = run(&console, &stack, "ana", &silence);
    assert_eq!((done.status, done.stdout.as_str()), (Some(3), ""), "{}", done.stderr);
    assert!(done.stderr.contains("nothing was done"), "{}", done.stderr);
    let done = run(&console, &stack, "ana", &["unsilence", "4f6ad1a0-5a0e-4d1e-9e54-1d9b6f1a2c3d"]);
    assert_eq!(done.status, Some(3), "{}", done.stderr);
    // A journal that cannot be: nothing is done, and why is said.
    let broken = Console::new().with("XDG_STATE_HOME", "/proc/none");
    let done = run(&broken, &stack, "ana", &["ack", &icu, "--comment", "x"]);
    assert_eq!(done.status, Some(3), "{}", done.stderr);
    assert!(done.stderr.contains("journal"), "{}", done.stderr);
}
