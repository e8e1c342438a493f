//! Asking a router over a real connection, and comparing its answers with captures of the real servers.

use axum::Router;
use serde_json::{Map, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub content_type: Option<String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("text")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// Sends a request (`GET`, or `POST` where there is a body) to a router on loopback.
pub fn ask(router: Router, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
        let method = if body.is_empty() { "GET" } else { "POST" };
        let mut request = format!(
            "{method} {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            request.extend([name, ": ", value, "\r\n"]);
        }
        request.push_str("\r\n");
        request.push_str(body);
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).await.expect("read");
        server.abort();
        let end = reply.windows(4).position(|four| four == b"\r\n\r\n").expect("an end of the head");
        let head = String::from_utf8_lossy(&reply[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let content_type = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            .map(|(_, value)| value.to_owned());
        Answer { status, content_type, body: reply.split_off(end + 4) }
    })
}

/// A capture of a real server: the request's target and headers, and what came.
pub struct Capture {
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub status: u16,
    pub content_type: Option<String>,
    pub body: String,
}

/// Reads a capture.
pub fn capture(name: &str) -> Capture {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire").join(format!("{name}.json"));
    let read = std::fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let all: Value = serde_json::from_slice(&read).expect("a capture");
    let request = &all["request"];
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in request["query"].as_object().into_iter().flatten() {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match value {
            Value::Array(values) => values.iter().for_each(|value| {
                query.append_pair(name, &text(value));
            }),
            one => {
                query.append_pair(name, &text(one));
            }
        }
    }
    let headers = request["headers"].as_object().into_iter().flatten();
    Capture {
        target: format!("{}?{}", request["path"].as_str().expect("a path"), query.finish()),
        headers: headers.map(|(n, v)| (n.clone(), v.as_str().unwrap_or("").to_owned())).collect(),
        status: u16::try_from(all["response"]["status"].as_u64().expect("a status")).expect("a status"),
        content_type: all["response"]["content_type"].as_str().map(str::to_owned),
        body: all["response"]["body"].as_str().unwrap_or("").to_owned(),
    }
}

/// Objects whose keys are data.
const MAPS: [&str; 5] = ["stream", "metric", "parsed", "structuredMetadata", "serviceStats"];

/// Where two JSON values differ in keys or in types of leaves: nothing when they do not. Lists are
/// compared by their first element, but element by element where they are a sample or an entry.
pub fn difference(here: &Value, there: &Value, path: &str) -> Option<String> {
    let say = |what: &str| Some(format!("{path}: {what}: here {here}, there {there}"));
    match (here, there) {
        (Value::Object(a), Value::Object(b)) => {
            if MAPS.iter().any(|map| path.ends_with(map)) {
                let plain = |all: &Map<String, Value>| all.values().all(|v| v.is_string() || v.is_object());
                return if plain(a) && plain(b) { None } else { say("maps of other things") };
            }
            if !a.keys().eq(b.keys()) {
                return say("other keys");
            }
            a.iter().find_map(|(key, value)| difference(value, &b[key], &format!("{path}/{key}")))
        }
        (Value::Array(a), Value::Array(b)) => {
            let tuple = path.ends_with("value") || path.ends_with("values/0");
            if tuple && a.len() != b.len() {
                return say("other lengths");
            }
            let many = if tuple { a.len() } else { 1 };
            let pairs = a.iter().zip(b).take(many).enumerate();
            pairs.map(|(at, (a, b))| difference(a, b, &format!("{path}/{at}"))).find_map(|found| found)
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Null, Value::Null) => None,
        _ => say("other types"),
    }
}

/// Asks a router what was asked of the real server, and compares status, type and shape (of plain
/// text: the text). Gives the answer for a closer look.
pub fn replay(name: &str, router: Router) -> Answer {
    let capture = capture(name);
    let headers: Vec<(&str, &str)> = capture.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let answer = ask(router, &capture.target, &headers, "");
    assert_eq!(answer.status, capture.status, "{name}: {}", answer.text());
    assert_eq!(answer.content_type, capture.content_type, "{name}");
    match serde_json::from_str::<Value>(&capture.body) {
        Ok(expected) => {
            let empty =
                |value: &Value| value.pointer("/data/result").and_then(Value::as_array).map(Vec::is_empty);
            assert_eq!(empty(&answer.json()), empty(&expected), "{name}: one of them is empty");
            assert_eq!(difference(&answer.json(), &expected, ""), None, "{name}");
        }
        Err(_) => assert_eq!(answer.text(), capture.body, "{name}"),
    }
    answer
}
