//! `plantao logs`, the program itself.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use plantao::model::LogEntry;
use serde_json::Value;

use crate::fake::{Loki, Manner, entry, serve};

const S: i64 = 1_000_000_000;
const START: i64 = 1_795_323_600;

fn plantao(home: &Path, url: &str, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plantao"));
    command.env_clear().env("HOME", home).env("TZ", "UTC").env("NO_COLOR", "1");
    command.args(["--loki", url, "logs"]).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

struct Place {
    loki: Arc<Loki>,
    url: String,
    home: tempfile::TempDir,
}

async fn place(entries: Vec<LogEntry>, cap: usize, manner: Manner) -> Place {
    let loki = Loki::new(entries, cap, manner);
    let url = serve(loki.router()).await;
    Place { loki, url, home: tempfile::tempdir().expect("a folder") }
}

impl Place {
    fn run(&self, args: &[&str]) -> (Option<i32>, String, String) {
        told(&plantao(self.home.path(), &self.url, args).stdin(Stdio::null()).output().expect("to run"))
    }

    fn start(&self, args: &[&str]) -> Child {
        plantao(self.home.path(), &self.url, args).spawn().expect("to start")
    }
}

/// The whole hour of the lines.
fn hour<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["{app=\"shop\"}", "--from", "1795323600", "--to", "1795327200"];
    args.extend(more);
    args
}

fn some(count: i64) -> Vec<LogEntry> {
    (0..count).map(|n| entry(START * S + n / 9 * S, "s", &format!("line {n}"), "m")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_lines_are_written_as_documented() {
    let place = place(some(1000), 60, Manner::Well).await;
    let (status, out, err) = place.run(&hour(&["--all", "--forward", "--format", "jsonl"]));
    assert_eq!((status, err.as_str()), (Some(0), ""));
    let mut lines: Vec<String> = Vec::new();
    let mut last = 0;
    for text in out.lines() {
        let line: Value = serde_json::from_str(text).expect("JSON");
        let fields: Vec<&String> = line.as_object().expect("an object").keys().collect();
        assert_eq!(fields, ["labels", "line", "metadata", "ts"]);
        let ts: i64 = line["ts"].as_str().expect("text").parse().expect("nanoseconds");
        assert!(ts >= last);
        last = ts;
        assert_eq!(line["labels"]["stream"], "s");
        assert_eq!(line["metadata"]["node"], "m");
        lines.push(line["line"].as_str().expect("text").to_owned());
    }
    lines.sort_unstable();
    lines.dedup();
    assert_eq!((lines.len(), out.lines().count()), (1000, 1000));

    let (status, out, err) = place.run(&hour(&["--limit", "3"]));
    assert_eq!((status, out.lines().count()), (Some(0), 3));
    assert!(out.contains("{app=\"shop\", stream=\"s\"} line "), "{out}");
    assert!(err.contains("more than these 3 lines"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_it_is_the_status() {
    let same: Vec<LogEntry> = (0..30).map(|_| entry(START * S, "s", "the same", "")).collect();
    let well = place(some(20), 60, Manner::Well).await;
    let short = place(same, 20, Manner::Well).await;
    let nowhere = Place {
        loki: well.loki.clone(),
        url: "http://127.0.0.1:1".to_owned(),
        home: tempfile::tempdir().expect("a folder"),
    };
    for (place, args, status, words) in [
        (&well, hour(&[]), 0, ""),
        (&well, vec!["{app=\"none\"}", "--from", "1795323600", "--to", "1795327200"], 1, "No line matches"),
        (&well, vec!["rate({app=\"shop\"}[1m])"], 2, "metric query"),
        (&well, vec!["{app="], 2, "parse error"),
        (&well, vec!["{app=\"shop\"} |= \"529.982.247-25\""], 2, "--query-file"),
        (&well, vec!["{app=\"shop\"}", "--from", "now", "--to", "now-5m"], 2, "before it begins"),
        (&well, vec!["{app=\"shop\"}", "--from", "yesterday"], 2, "--from: `yesterday` is not a time"),
        (&well, vec![], 2, "required"),
        (&nowhere, hour(&[]), 3, "refuses connections"),
        (&short, hour(&["--all"]), 4, "10 lines are missing"),
    ] {
        let (ended, out, err) = place.run(&args);
        assert_eq!(ended, Some(status), "{args:?}: {err}");
        assert!(err.contains(words), "{args:?}: {err}");
        assert_eq!(out.is_empty(), ![0, 4].contains(&status), "{args:?}: stdout is for lines alone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_looked_for_through_stdin_and_shown_masked() {
    let lines =
        vec![entry(START * S, "s", "record of 529.982.247-25 read", ""), entry(START * S, "s", "other", "")];
    let place = place(lines, 60, Manner::Well).await;
    for args in [vec!["-"], vec!["--query-file", "-"]] {
        let args: Vec<&str> =
            args.into_iter().chain(["--from", "1795323600", "--to", "1795327200"]).collect();
        let mut child = place.start(&args);
        let mut stdin = child.stdin.take().expect("stdin");
        stdin.write_all(b"{app=\"shop\"} |= \"529.982.247-25\"\n").expect("a query");
        drop(stdin);
        let (status, out, err) = told(&child.wait_with_output().expect("to end"));
        assert_eq!((status, out.lines().count()), (Some(0), 1), "{err}");
        assert!(out.contains("record of ‹cpf:") && !out.contains("529.982"), "{out}");
        assert!(err.contains("Personal data: 1 × cpf masked in {app="), "{err}");
        assert!(!err.contains("529.982"), "{err}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_leaves_ends_it_quietly() {
    let place = place(some(20_000), 5000, Manner::Well).await;
    let mut child = place.start(&hour(&["--all", "--format", "jsonl"]));
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut first).expect("a line");
    // The reader is dropped here, as `head -1` leaves.
    let (status, _, err) = told(&child.wait_with_output().expect("to end"));
    assert_eq!((status, err.as_str()), (Some(0), ""));
    assert!(first.starts_with("{\"ts\":"), "{first}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn following_goes_on_until_it_is_interrupted() {
    // The server has no door for tails: that is said, it is tried again, and the lines of the window stand.
    let place = place(some(3), 60, Manner::Well).await;
    let mut child = place.start(&["{app=\"shop\"}", "--from", "1795323600", "--follow"]);
    let mut out = BufReader::new(child.stdout.take().expect("stdout"));
    let mut err = BufReader::new(child.stderr.take().expect("stderr"));
    let mut lines = Vec::new();
    for _ in 0..3 {
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        lines.push(line.rsplit(' ').next().expect("a number").trim().to_owned());
    }
    lines.sort_unstable();
    assert_eq!(lines, ["0", "1", "2"]);
    let mut said = String::new();
    err.read_line(&mut said).expect("words");
    assert!(said.contains("live: answered 404") && said.contains("trying again"), "{said}");
    let killed = Command::new("kill").arg("-INT").arg(child.id().to_string()).status().expect("kill");
    assert!(killed.success());
    assert_eq!(child.wait().expect("to end").code(), Some(130));
}
