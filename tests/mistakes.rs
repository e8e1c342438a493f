//! What the program itself says of a person's slips: what is wrong, and what to do. No server takes part.
// Tests stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;
use std::process::{Command, Stdio};

/// Exit status, stdout and stderr of the program in a home of its own.
fn run(home: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_plantao"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_STATE_HOME", home.join("state"))
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// Nobody listens there; what is wrong must be told before anybody is asked.
const NOBODY: &str = "--prometheus=http://127.0.0.1:1";

#[test]
fn wrong_usage_ends_with_2_nothing_on_stdout_and_a_way_out() {
    let cases: &[(&[&str], &[&str])] = &[
        (&[], &["no source is configured", "--prometheus http://localhost:9090"]),
        (&["snapshot", "overview"], &["no source is configured", "plantao doctor"]),
        (&["alerts"], &["no source is configured"]),
        (&["silences", NOBODY], &["none is configured", "--alertmanager URL"]),
        (&[NOBODY], &["standard output is not a terminal", "plantao snapshot overview"]),
        (&["snapshot", "nope", NOBODY], &["There is no view `nope`", "overview, hardware"]),
        (&["snapshot", "over", NOBODY], &["Did you mean `overview`?"]),
        (&["snapshot", "hardwrae", NOBODY], &["Did you mean `hardware`?"]),
        (&["snapshot", "overview", NOBODY, "--size", "40x10"], &["at least 80x24"]),
        (&["snapshot", "overview", NOBODY, "--size", "10"], &["`10` is not a size", "120x40"]),
        (
            &["snapshot", "overview", NOBODY, "--at", "yesterdya"],
            &["--at: `yesterdya` is not a time", "now-90m"],
        ),
        (&["snapshot", "overview", NOBODY, "--since", "1s"], &["at least 1m"]),
        (&["alerts", NOBODY, "severity"], &["`severity` is not a matcher", "name=\"value\""]),
        (&["alerts", NOBODY, "a=~\"(\""], &["not a valid regular expression"]),
        (
            &["alerts", "--prometheus", "localhost:9090"],
            &["no scheme", "did you mean `http://localhost:9090`?"],
        ),
        (&["alerts", "--promethues", "http://x"], &["--prometheus"]),
        (&["alerts", NOBODY, "--context", "lab"], &["unknown context `lab`", "[contexts.NAME]"]),
        (&["alerts", NOBODY, "--theme", "drak"], &["no theme is called `drak`", "did you mean `dark`?"]),
        (&["alerts", NOBODY, "--keymap", "vmi"], &["no keymap is called `vmi`", "did you mean `vim`?"]),
        (
            &["alerts", NOBODY, "--pack", "hosptial"],
            &["there is no pack `hosptial`", "did you mean `hospital`?"],
        ),
        (&["alerts", NOBODY, "--fault", "thermal"], &["embedded hospital", "plantao demo", "--demo"]),
        (&["alerts", NOBODY, "--demo"], &["--prometheus names servers", "leave out"]),
        (&["demo", "--fault", "none", "--fault", "thermal"], &["--fault none means no fault"]),
        (&["demo", "--fault", "termal"], &["did you mean `thermal`?"]),
        (&["demo", "--at", "yesterdya"], &["--at: `yesterdya` is not a time", "now-90m"]),
        (&["demo"], &["standard output is not a terminal", "`plantao --demo snapshot overview`"]),
        (&["demo", "serve", "--listen", "9464"], &["`9464` is not an address", "127.0.0.1:9464"]),
        (&["demo", "serve", "--listen", "nowhere.invalid:9464"], &["`nowhere.invalid` is not known"]),
        (&["demo", "serve", "--listen", "192.0.2.1:9464"], &["no address of this machine"]),
        (&["demo", "serve", "--listen", "localhost:0", "--print-scrape-config"], &["port 0"]),
        (
            &["demo", "serve", "--listen", "localhost:0", "--otlp", "tempo:4318"],
            &["--otlp", "`http://tempo:4318`"],
        ),
        (
            &["demo", "serve", "--listen", "localhost:0", "--loki", "ftp://x"],
            &["--loki", "`ftp` cannot be used"],
        ),
        (&["demo", "serve", "--tempo", "http://x"], &["--tempo names a server to read", "--otlp"]),
        (&["demo", "serve", "--at", "yesterdya"], &["--at: `yesterdya` is not a time"]),
        (&["demo", "serve", "--fault", "termal"], &["did you mean `thermal`?"]),
        (&["alerts", "--config", "nowhere.toml"], &["nowhere.toml: there is no such file", "check the name"]),
    ];
    let home = tempfile::tempdir().expect("a home");
    for (arguments, words) in cases {
        let (status, stdout, stderr) = run(home.path(), arguments);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{arguments:?}\n{stderr}");
        for word in *words {
            assert!(stderr.contains(word), "{arguments:?} lacks {word:?}:\n{stderr}");
        }
        assert!(!stderr.contains("panicked") && stderr.lines().count() < 12, "{arguments:?}\n{stderr}");
    }
}

#[test]
fn a_dead_server_is_3_and_named() {
    let home = tempfile::tempdir().expect("a home");
    let (status, stdout, stderr) = run(home.path(), &["alerts", NOBODY]);
    assert_eq!((status, stdout.as_str()), (Some(3), ""), "no list is not an empty list");
    assert!(stderr.starts_with("prometheus: ") && stderr.contains("127.0.0.1:1"), "{stderr}");
    let (status, stdout, _) = run(home.path(), &["snapshot", "overview", NOBODY, "--format", "json"]);
    assert_eq!(status, Some(3));
    let view: serde_json::Value = serde_json::from_str(&stdout).expect("a document all the same");
    assert_eq!(view["complete"], false);
}

/// A field of work without a place to look at says so, before anything is drawn.
#[test]
fn a_pack_without_a_place_is_no_demo() {
    let home = tempfile::tempdir().expect("a home");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/hospital");
    let to = home.path().join("config/plantao/packs/mine");
    for folder in ["runbooks", "playbooks"] {
        std::fs::create_dir_all(to.join(folder)).expect("a folder");
    }
    for folder in ["", "runbooks", "playbooks"] {
        for file in std::fs::read_dir(from.join(folder)).expect("the shipped pack").flatten() {
            if file.path().is_file() {
                std::fs::copy(file.path(), to.join(folder).join(file.file_name())).expect("a copy");
            }
        }
    }
    for arguments in [&["demo", "--pack", "mine"][..], &["--demo", "--pack", "mine", "alerts"]] {
        let (status, stdout, stderr) = run(home.path(), arguments);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert!(stderr.contains("`mine`") && stderr.contains("no demo/ folder"), "{stderr}");
    }
}

/// Where a file cannot be written, nothing is left half written beside it.
#[test]
fn a_file_that_cannot_be_written_is_named() {
    let home = tempfile::tempdir().expect("a home");
    let file = home.path().join("no such folder").join("x.svg");
    let out = file.display().to_string();
    let (status, _, stderr) =
        run(home.path(), &["snapshot", "overview", NOBODY, "--format", "svg", "--out", &out]);
    assert_eq!(status, Some(2));
    assert!(stderr.contains(&format!("{out} cannot be written")), "{stderr}");
}
