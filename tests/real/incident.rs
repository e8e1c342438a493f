//! `correlate` and `bundle` on real servers: the window that was asked for, their alerts, and a file that says the same.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::needs;
use crate::stack::{RULES, Stack, WATCHDOG};
use crate::support::console::Console;

fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no moment: {value}"))
}

#[test]
fn what_broke_first_is_asked_of_real_servers_and_kept_in_a_file() {
    needs!("real::incident"; PROMETHEUS, ALERTMANAGER);
    let stack = Stack::start(&format!("{RULES}{WATCHDOG}"));
    stack.trouble();

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("incident.jsonl.zst").display().to_string();
    let done = stack.run(&["correlate", "--since", "1m", "--format", "json", "--save", &file]);
    let said = &done.stderr;
    let told = done.json();
    // 1 where nothing stands out: what that is of a minute's data is not what is tested here.
    assert_eq!(done.status, Some(i32::from(told["verdict"] == "unsure")), "{said}");
    assert!(!said.contains("future"), "a window that ends now lies in the past: {said}");
    let length = moment(&told["timeframe"]["end"]) - moment(&told["timeframe"]["start"]);
    assert_eq!(length.num_seconds(), 60, "{told}");
    let findings = told["findings"].as_array().expect("findings");
    assert!(
        findings.iter().any(|one| one["component"] == "mac-studio"),
        "its alert began in the window: {told}"
    );
    let no_calm = ["prometheus has series from", "prometheus has no series of that time"];
    assert!(no_calm.iter().any(|words| said.contains(words)), "a server that just began: {said}");

    let verified = stack.run(&["bundle", "verify", &file]);
    assert_eq!(verified.status, Some(0), "{}", verified.stderr);
    let again = Console::new().run(&["correlate", "--bundle", &file, "--format", "json"]).json();
    assert_eq!(again["findings"], told["findings"], "the file says what the servers said");
}
