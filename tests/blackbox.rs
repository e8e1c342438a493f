//! `--bundle FILE`, the program itself: what it answers from the file, and what it says of files that are none.
// Tests may end by panicking: that is how they fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/incident.rs"]
mod incident_of;

use std::path::Path;
use std::process::{Command, Output};

use plantao::bundle;
use plantao::model::Time;

fn now() -> Time {
    "2026-11-22T06:12:07Z".parse().expect("a time")
}

/// Runs the program with a home of its own.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plantao"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("XDG_STATE_HOME", folder.join("state"))
        .output()
        .expect("it runs")
}

fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// A folder with a bundle `a.jsonl.zst`.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    bundle::write_file(&folder.path().join("a.jsonl.zst"), &incident_of::evidence(now()), None)
        .expect("written");
    folder
}

#[test]
fn commands_answer_from_the_file() {
    let folder = folder();
    let (code, out, err) = told(&run(folder.path(), &["--bundle", "a.jsonl.zst", "alerts"]));
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("MacStudioThermalThrottling") && out.contains("AIModelInferenceLatency"), "{out}");
    let (code, out, err) = told(&run(
        folder.path(),
        &["--bundle", "a.jsonl.zst", "logs", "{service=\"ai-engine\",level=\"error\"}"],
    ));
    assert_eq!(code, Some(0), "{err}");
    // Hot are the last 35 of the lines, 10 s apart, and each fourth of all of them is an error.
    assert_eq!(out.lines().count(), 8, "{out}");
    let (code, out, err) = told(&run(
        folder.path(),
        &["--bundle", "a.jsonl.zst", "query", "max(temperature_celsius)", "--format", "json"],
    ));
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("\"value\""), "{out}");
    let (code, out, err) =
        told(&run(folder.path(), &["--bundle", "a.jsonl.zst", "traces", "{status=error}"]));
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("POST /v1/transcribe"), "{out}");
    let (_, out, err) = told(&run(folder.path(), &["--bundle", "a.jsonl.zst", "snapshot", "incident"]));
    assert!(out.contains("INC-20261122030607") && out.contains("BUNDLE"), "{out}\n{err}");
    assert!(out.contains("its seal holds"), "{out}");
}

#[test]
fn a_flipped_byte_is_told_in_the_view_and_fails_the_check() {
    let folder = folder();
    let plain = folder.path().join("b.jsonl");
    bundle::write_file(&plain, &incident_of::evidence(now()), None).expect("written");
    let text =
        std::fs::read_to_string(&plain).expect("read").replacen("MacStudioThermal", "MacStudioThermol", 1);
    std::fs::write(&plain, text).expect("written");
    let (code, out, _) = told(&run(folder.path(), &["bundle", "verify", "b.jsonl"]));
    assert_eq!(code, Some(1), "{out}");
    let (_, out, _) = told(&run(folder.path(), &["--bundle", "b.jsonl", "snapshot", "incident"]));
    assert!(out.contains("SEAL IS BROKEN"), "{out}");
}

#[test]
fn a_file_that_is_no_bundle_is_a_clear_error_and_nothing_else() {
    let folder = folder();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("written");
    write("page.jsonl", b"<html>\x1b[2Jlogin</html>");
    write("empty.jsonl", b"");
    let whole = std::fs::read(folder.path().join("a.jsonl.zst")).expect("read");
    write("cut.jsonl.zst", &whole[..whole.len() / 2]);
    write(
        "later.jsonl",
        b"{\"kind\":\"manifest\",\"format\":\"plantao.evidence\",\"version\":9,\"id\":\"x\"}\n",
    );
    for (file, said) in [
        ("page.jsonl", "is no manifest"),
        ("empty.jsonl", "is empty"),
        ("cut.jsonl.zst", "cut or damaged"),
        ("later.jsonl", "version 9"),
        ("nowhere.jsonl", "nowhere.jsonl"),
    ] {
        for command in [&["alerts"][..], &["snapshot", "overview"], &["correlate"]] {
            let (code, out, err) = told(&run(folder.path(), &[&["--bundle", file], command].concat()));
            assert_eq!((code, out.as_str()), (Some(2), ""), "{file}: {err}");
            assert!(err.contains(said), "{file}: {err}");
            assert!(!err.contains('\u{1b}'), "{err:?}");
        }
    }
}

#[test]
fn broken_lines_are_told_by_number_and_the_rest_is_there() {
    let folder = folder();
    let plain = folder.path().join("c.jsonl");
    bundle::write_file(&plain, &incident_of::evidence(now()), None).expect("written");
    let text = std::fs::read_to_string(&plain).expect("read");
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(1, "{\"kind\":\"log\",\"ts\":");
    std::fs::write(&plain, lines.join("\n")).expect("written");
    let (code, out, err) = told(&run(folder.path(), &["--bundle", "c.jsonl", "alerts"]));
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains("line 2"), "{err}");
    assert!(out.contains("MacStudioThermalThrottling"), "{out}");
}

#[test]
fn two_sources_of_everything_are_one_too_many() {
    let folder = folder();
    for other in [&["--demo"][..], &["--prometheus", "http://x:9090"], &["--context", "lab"]] {
        let (code, out, err) =
            told(&run(folder.path(), &[&["--bundle", "a.jsonl.zst", "alerts"], other].concat()));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains(other[0]) && err.contains("--bundle"), "{err}");
    }
}

#[test]
fn nobody_who_answers_is_status_three_and_no_file_is_written() {
    let folder = folder();
    let dead = ["--prometheus", "http://127.0.0.1:9", "--loki", "http://127.0.0.1:9"];
    let (code, out, err) = told(&run(folder.path(), &[&dead[..], &["correlate"]].concat()));
    assert_eq!((code, out.as_str()), (Some(3), ""), "{err}");
    assert!(err.contains("prometheus did not answer") && err.contains("loki did not answer"), "{err}");
    let (code, _, _) = told(&run(folder.path(), &[&dead[..], &["bundle", "export", "d.jsonl"]].concat()));
    assert_eq!(code, Some(3));
    assert!(!folder.path().join("d.jsonl").exists());
}
