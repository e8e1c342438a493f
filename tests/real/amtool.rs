//! What Alertmanager's own tool says of silences: what everybody else sees of what was done.

use std::process::Command;

use serde_json::Value;

use crate::support::skip;

/// The silences that are not over, or with `expired` those that are.
pub fn silences(url: &str, expired: bool) -> Vec<Value> {
    let mut command = Command::new(skip::AMTOOL.path().expect("amtool"));
    command.args(["--alertmanager.url", url, "silence", "query", "-o", "json"]);
    if expired {
        command.args(["--expired", "--within", "1h"]);
    }
    let done = command.output().expect("amtool to run");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let all: Value = serde_json::from_slice(&done.stdout).expect("JSON of amtool");
    all.as_array().cloned().unwrap_or_default()
}

/// The only silence that is not over.
pub fn only(url: &str) -> Value {
    let all = silences(url, false);
    assert_eq!(all.len(), 1, "{all:#?}");
    all[0].clone()
}

/// The matchers of a silence as labels; each must be an equality.
pub fn labels(silence: &Value) -> serde_json::Map<String, Value> {
    let matchers = silence["matchers"].as_array().expect("matchers");
    matchers
        .iter()
        .map(|one| {
            assert_eq!((&one["isEqual"], &one["isRegex"]), (&true.into(), &false.into()), "{one}");
            (one["name"].as_str().expect("a name").to_owned(), one["value"].clone())
        })
        .collect()
}
