//! The command `query`, the program itself: formats, long ranges in pieces, what is missing, exit statuses.
// Tests stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// What a request asked for: its path's last part and its form.
#[derive(Clone, Debug)]
struct Asked {
    path: String,
    form: BTreeMap<String, String>,
}

impl Asked {
    fn number(&self, name: &str) -> f64 {
        self.form[name].parse().expect("a number")
    }

    /// The moments of a range, seconds.
    fn moments(&self) -> Vec<f64> {
        let (start, end, step) = (self.number("start"), self.number("end"), self.number("step"));
        let steps = ((end - start) / step + 1e-9).floor() as i64;
        (0..=steps).map(|at| start + at as f64 * step).collect()
    }
}

/// A server on a free port that speaks just enough.
struct Server {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// `answer` makes status and body of a request.
    fn start(answer: impl Fn(&Asked) -> (u16, Value) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(request) = request(&stream) else { continue };
                seen.lock().expect("a list").push(request.clone());
                let (status, body) = answer(&request);
                let body = body.to_string();
                let head = format!(
                    "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                let _ =
                    (&stream).write_all(head.as_bytes()).and_then(|()| (&stream).write_all(body.as_bytes()));
            }
        });
        Self { url, asked }
    }

    fn ranges(&self) -> Vec<Asked> {
        let all = self.asked.lock().expect("a list");
        all.iter().filter(|one| one.path.ends_with("query_range")).cloned().collect()
    }
}

fn request(mut stream: &TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    let body_at = loop {
        let count = stream.read(&mut piece).ok().filter(|count| *count > 0)?;
        bytes.extend(&piece[..count]);
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..body_at]).to_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
    while bytes.len() < body_at + length.unwrap_or(0) {
        let count = stream.read(&mut piece).ok().filter(|count| *count > 0)?;
        bytes.extend(&piece[..count]);
    }
    let path = head.split_whitespace().nth(1)?.to_owned();
    let body = String::from_utf8_lossy(&bytes[body_at..]).into_owned();
    let form = body.split('&').filter_map(|pair| pair.split_once('='));
    Some(Asked { path, form: form.map(|(name, value)| (name.to_owned(), value.to_owned())).collect() })
}

fn matrix(asked: &Asked, jobs: &[&str], value: impl Fn(f64) -> Option<String>) -> (u16, Value) {
    let moments = asked.moments();
    if moments.len() > 11_000 {
        let words = "exceeded maximum resolution of 11,000 points per timeseries.";
        return (400, json!({"status": "error", "errorType": "bad_data", "error": words}));
    }
    let values: Vec<Value> = moments.iter().filter_map(|t| Some(json!([t, value(*t)?]))).collect();
    let result: Vec<Value> =
        jobs.iter().map(|job| json!({"metric": {"job": job}, "values": values})).collect();
    (200, json!({"status": "success", "data": {"resultType": "matrix", "result": result}}))
}

fn vector(values: &[(Value, &str)]) -> (u16, Value) {
    let result: Vec<Value> =
        values.iter().map(|(metric, v)| json!({"metric": metric, "value": [1_795_327_920.0, v]})).collect();
    (200, json!({"status": "success", "data": {"resultType": "vector", "result": result}}))
}

struct Done {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

fn run(url: &str, arguments: &[&str]) -> Done {
    run_with(url, arguments, "")
}

fn run_with(url: &str, arguments: &[&str], stdin: &str) -> Done {
    let home = tempfile::tempdir().expect("a home");
    let mut child = Command::new(env!("CARGO_BIN_EXE_plantao"))
        .args(["--prometheus", url, "query"])
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    // One that reads nothing may be gone before it is written to.
    let _ = child.stdin.take().expect("its input").write_all(stdin.as_bytes());
    let done = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Done { status: done.status.code(), stdout: text(done.stdout), stderr: text(done.stderr) }
}

/// 25,001 moments at 15 s.
const LONG: [&str; 7] = ["up", "--range", "--from", "1795000000", "--to", "1795375000", "--step=15s"];

#[test]
fn a_long_range_comes_in_pieces_and_no_moment_is_lost_or_twice() {
    let server = Server::start(|asked| {
        if asked.path.ends_with("query") {
            return vector(&[(json!({"job": "a"}), "1"), (json!({"job": "b"}), "1")]);
        }
        matrix(asked, &["a", "b"], |t| Some(t.to_string()))
    });
    let done = run(&server.url, &[&LONG[..], &["--format", "json"]].concat());
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    let document: Value = serde_json::from_str(&done.stdout).expect("JSON");
    let pieces = document["series"].as_array().expect("series");
    let of = |job: &str| -> Vec<f64> {
        let own = pieces.iter().filter(|one| one["labels"]["job"] == job);
        own.flat_map(|one| one["points"].as_array().expect("points"))
            .map(|point| {
                assert_eq!(point[0], point[1], "each value stands at its moment");
                point[0].as_f64().expect("a moment")
            })
            .collect()
    };
    let expected: Vec<f64> = (0..=25_000).map(|at| 1_795_000_000.0 + f64::from(at) * 15.0).collect();
    assert!(of("a") == expected && of("b") == expected);
    assert_eq!(server.ranges().len(), 3, "no piece is beyond the server's limit, none is needless");
    assert_eq!(document["complete"], true);

    let csv = run(&server.url, &[&LONG[..], &["--format", "csv"]].concat());
    let lines: Vec<&str> = csv.stdout.split("\r\n").collect();
    assert_eq!((lines[0], lines.len()), ("timestamp,value,job,other_labels", 2 * 25_001 + 2));
    assert!(lines[1..=2 * 25_001].iter().all(|line| line.split(',').count() == 4));
    let table = run(&server.url, &LONG);
    let row: Vec<&str> = table.stdout.lines().nth(1).expect("a row").split_whitespace().collect();
    assert_eq!(row[..3], ["a", "25001", "1795375000"]);
}

#[test]
fn a_server_that_fails_on_the_way_leaves_a_whole_document_that_says_so() {
    let server = Server::start(|asked| {
        if asked.path.ends_with("query") {
            return vector(&[(json!({"job": "a"}), "1")]);
        }
        if asked.number("start") > 1_795_000_000.0 {
            return (400, json!({"status": "error", "errorType": "execution", "error": "too much"}));
        }
        matrix(asked, &["a"], |_| Some("1".to_owned()))
    });
    let done = run(&server.url, &[&LONG[..], &["--format", "json"]].concat());
    assert_eq!(done.status, Some(4), "{}", done.stderr);
    let document: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!(document["complete"], false);
    assert_eq!(document["series"].as_array().expect("series").len(), 1);
    assert!(
        done.stderr.contains("too much") && document["warnings"][0].as_str().unwrap().contains("too much")
    );
}

#[test]
fn gaps_are_null_and_what_is_no_number_is_a_word() {
    let server = Server::start(|asked| {
        matrix(asked, &["a"], |t| match t as i64 % 60 {
            0 => None,
            15 => Some("NaN".to_owned()),
            30 => Some("+Inf".to_owned()),
            _ => Some("1.5".to_owned()),
        })
    });
    let short = ["x", "--range", "--from", "1795000020", "--to", "1795000080", "--step", "15s"];
    let done = run(&server.url, &[&short[..], &["--format", "json"]].concat());
    let document: Value = serde_json::from_str(&done.stdout).expect("JSON");
    let values: Vec<&Value> =
        document["series"][0]["points"].as_array().unwrap().iter().map(|point| &point[1]).collect();
    assert_eq!(values, [&Value::Null, &json!("NaN"), &json!("+Inf"), &json!(1.5), &Value::Null]);
    let csv = run(&server.url, &[&short[..], &["--format", "csv"]].concat());
    let values: Vec<&str> =
        csv.stdout.lines().skip(1).map(|line| line.split(',').nth(1).expect("a value")).collect();
    assert_eq!(values, ["", "NaN", "+Inf", "1.5", ""]);
}

#[test]
fn labels_that_differ_are_columns_and_those_that_do_not_are_told_beside() {
    let server = Server::start(|_| {
        vector(&[
            (json!({"__name__": "up", "job": "api, \"x\"", "zone": "a"}), "1"),
            (json!({"__name__": "up", "job": "db", "zone": "a"}), "NaN"),
        ])
    });
    let done = run(&server.url, &["up", "--at", "1795327920"]);
    assert_eq!(done.stdout, "job       value\napi, \"x\"      1\ndb          NaN\n");
    assert!(done.stderr.contains("zone=\"a\""), "{}", done.stderr);
    let csv = run(&server.url, &["up", "--format", "csv"]);
    let head = "timestamp,value,__name__,job,zone\r\n2026-11-22T06:12:00.000Z,1,up,\"api, \"\"x\"\"\",a\r\n";
    assert!(csv.stdout.starts_with(head), "{}", csv.stdout);
}

#[test]
fn statuses_tell_what_happened() {
    let answers = |body: Value| Server::start(move |_| (200, body.clone()));
    let empty = json!({"status": "success", "data": {"resultType": "vector", "result": []}});
    let none = run(&answers(empty.clone()).url, &["up", "--format", "json"]);
    assert_eq!(none.status, Some(1));
    let document: Value = serde_json::from_str(&none.stdout).expect("JSON");
    assert_eq!(document["values"], json!([]));

    let mut warned = empty;
    warned["warnings"] = json!(["one store is away"]);
    let partial = run(&answers(warned).url, &["up"]);
    assert_eq!(partial.status, Some(4));
    assert!(partial.stderr.contains("one store is away"));

    let words = "invalid parameter \"query\": 1:4: parse error: unexpected end of input";
    let refused =
        Server::start(move |_| (400, json!({"status": "error", "errorType": "bad_data", "error": words})));
    let done = run(&refused.url, &["up{"]);
    assert_eq!((done.status, done.stdout.as_str()), (Some(2), ""));
    assert!(done.stderr.contains("1:4: parse error"), "{}", done.stderr);

    let gone = run("http://127.0.0.1:1", &["up", "--range"]);
    assert_eq!((gone.status, gone.stdout.as_str()), (Some(3), ""));
}

#[test]
fn a_query_may_come_from_a_file_and_what_is_about_a_person_comes_back_masked() {
    let server = Server::start(|_| vector(&[(json!({"cpf": "529.982.247-25"}), "1")]));
    let query = "x{cpf=\"529.982.247-25\"}";
    let done = run_with(&server.url, &["--query-file", "-", "--format", "json"], query);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    assert!(!done.stdout.contains("529.982") && !done.stderr.contains("529.982"), "{}", done.stdout);
    for (arguments, said) in [
        (&["--query-file", "/nowhere/at/all"][..], "/nowhere/at/all"),
        (&["--query-file", "-"], "the query is empty"),
        (&["x{cpf=\"529.982.247-25\"}"], "names a person"),
        (&["up", "--query-file", "-"], "cannot be used with"),
        (&["up", "--range", "--from", "now", "--to", "now-5m"], "ends before it begins"),
        (&["up", "--range", "--step", "0s"], "a step of 0s"),
        (&["up", "--at", "soon"], "--at: `soon` is not a time"),
        (&["up", "--since", "5m"], "--range"),
    ] {
        let done = run(&server.url, arguments);
        assert_eq!((done.status, done.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(done.stderr.contains(said), "{arguments:?}: {}", done.stderr);
    }
}

#[test]
fn the_embedded_hospital_answers_as_a_server_does() {
    let home = tempfile::tempdir().expect("a home");
    let done = Command::new(env!("CARGO_BIN_EXE_plantao"))
        .args(["--demo", "--fault", "none", "query", "sum by (department) (active_medical_sessions)"])
        .args(["--range", "--since", "5m", "--step", "15s", "--format", "json"])
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let document: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    let series = document["series"].as_array().expect("series");
    assert_eq!(series.len(), 4);
    for one in series {
        let points = one["points"].as_array().expect("points");
        assert_eq!(points.len(), 21, "both ends are included");
        assert!(points.iter().all(|point| point[1].is_number()));
    }
}
