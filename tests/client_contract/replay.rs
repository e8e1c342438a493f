//! Servers that answer what real ones answered.

use std::fs;
use std::path::Path;

use plantao::client::Clients;
use plantao::config::{Source, Sources};
use plantao::model::ask::{Answered, Ask};
use plantao::model::{Fault, Time};
use serde::Deserialize;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

#[derive(Deserialize)]
struct Capture {
    request: Asked,
    response: Given,
}

#[derive(Deserialize)]
struct Asked {
    path: String,
}

#[derive(Deserialize)]
struct Given {
    status: u16,
    content_type: Option<String>,
    body: Option<String>,
    /// Where the answer is no text.
    body_base64: Option<String>,
}

impl Given {
    fn template(self) -> ResponseTemplate {
        let body = match self.body_base64 {
            Some(text) => bytes_of_base64(&text),
            None => self.body.unwrap_or_default().into_bytes(),
        };
        let template = ResponseTemplate::new(self.status);
        match self.content_type {
            Some(kind) => template.set_body_raw(body, &kind),
            None => template,
        }
    }
}

/// Bytes of base64 with padding (RFC 4648).
pub fn bytes_of_base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.trim_end_matches('=').bytes() {
        let six = LETTERS.iter().position(|known| *known == letter).expect("base64");
        bits = bits << 6 | six as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

pub fn wire(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire").join(name);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A server that answers each capture at its path, below a prefix.
pub async fn replay(names: &[&str]) -> MockServer {
    let server = MockServer::start().await;
    for name in names {
        let capture: Capture = serde_json::from_str(&wire(&format!("{name}.json"))).expect("a capture");
        let given = capture.response.template();
        Mock::given(path(format!("/prefix{}", capture.request.path)))
            .respond_with(given)
            .mount(&server)
            .await;
    }
    server
}

pub fn source(server: &MockServer) -> Source {
    Source::at(format!("{}/prefix/", server.uri()).parse().expect("a url"))
}

pub fn everything(server: &MockServer) -> Clients {
    let source = source(server);
    Clients::new(&Sources {
        prometheus: Some(source.clone()),
        alertmanager: Some(source.clone()),
        loki: Some(source.clone()),
        tempo: Some(source.clone()),
        grafana: Some(source),
        exposition: Vec::new(),
    })
}

pub async fn ask_one(name: &str, ask: Ask) -> Result<Answered, Fault> {
    let server = replay(&[name]).await;
    everything(&server).ask(&ask).await
}

pub fn time(text: &str) -> Time {
    text.parse().expect("a time")
}

pub fn instant(query: &str) -> Ask {
    Ask::Instant { query: query.into(), at: time("2026-11-22T05:11:36.027Z") }
}
