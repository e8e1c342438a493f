//! Servers that misbehave on purpose: raw bytes over TCP or TLS.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use plantao::client::Clients;
use plantao::config::{Source, Sources};
use plantao::model::ask::{Answered, Ask, Key};
use plantao::model::{Fault, Time};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A server on loopback with what it was asked.
pub struct Raw {
    pub url: String,
    pub requests: mpsc::UnboundedReceiver<String>,
}

impl Raw {
    pub fn source(&self) -> Source {
        source(&self.url)
    }
}

/// Answers every connection with these bytes after its request, then closes.
pub async fn answering(bytes: impl Into<Vec<u8>>) -> Raw {
    let bytes = bytes.into();
    scripted(move |_, _| Some(bytes.clone())).await
}

/// Answers by the number of the connection and the request; `None` closes without a byte.
pub async fn scripted(script: impl Fn(usize, &str) -> Option<Vec<u8>> + Send + Sync + 'static) -> Raw {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, requests) = mpsc::unbounded_channel();
    let script = Arc::new(script);
    tokio::spawn(async move {
        for at in 0.. {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let (script, sender) = (script.clone(), sender.clone());
            tokio::spawn(async move {
                // Several requests a connection, as long as the script keeps answering.
                while let Some(request) = request(&mut stream).await {
                    let answer = script(at, &request);
                    let _ = sender.send(request);
                    let Some(bytes) = answer else { return };
                    if stream.write_all(&bytes).await.is_err() || !is_kept(&bytes) {
                        return;
                    }
                }
            });
        }
    });
    Raw { url, requests }
}

fn is_kept(answer: &[u8]) -> bool {
    String::from_utf8_lossy(answer).to_ascii_lowercase().contains("connection: keep-alive")
}

/// Reads one request with its body; `None` when the connection ends before.
pub async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some(head) = text.find("\r\n\r\n") {
            let length = text[..head]
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(str::to_owned))
                .and_then(|length| length.trim().parse::<usize>().ok())
                .unwrap_or(0);
            if bytes.len() >= head + 4 + length {
                return Some(text.into_owned());
            }
        }
        match stream.read(&mut chunk).await {
            Ok(count) if count > 0 => bytes.extend_from_slice(&chunk[..count]),
            _ => return None,
        }
        // A greeting of TLS: a plain server calls that a bad request at once.
        if bytes.first() == Some(&0x16) {
            return Some(String::new());
        }
    }
}

/// Accepts, reads, and never answers.
pub async fn silent() -> Raw {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, requests) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            if let Some(request) = request(&mut stream).await {
                let _ = sender.send(request);
            }
            held.push(stream);
        }
    });
    Raw { url, requests }
}

/// Streams a body of `total` bytes that begins like a big answer, counting what it could send.
pub async fn flooding(total: usize) -> (Raw, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, requests) = mpsc::unbounded_channel();
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let Some(request) = request(&mut stream).await else { continue };
            let _ = sender.send(request);
            // No length: the client cannot know in advance.
            let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n[";
            if stream.write_all(head).await.is_err() {
                continue;
            }
            let piece = vec![b' '; 256 * 1024];
            while counter.load(Ordering::Relaxed) < total {
                if stream.write_all(&piece).await.is_err() {
                    break;
                }
                counter.fetch_add(piece.len(), Ordering::Relaxed);
            }
        }
    });
    (Raw { url, requests }, sent)
}

/// A whole HTTP answer.
pub fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n{body}", body.len()).into_bytes()
}

/// 200 with JSON.
pub fn json(body: &str) -> Vec<u8> {
    http("200 OK", "Content-Type: application/json\r\nConnection: close\r\n", body)
}

pub fn source(url: &str) -> Source {
    Source { timeout: Duration::from_secs(20), ..Source::at(url.parse().expect("a url")) }
}

pub fn prometheus(source: Source) -> Clients {
    Clients::new(&Sources { prometheus: Some(source), ..Sources::default() })
}

pub fn instant() -> Ask {
    Ask::Instant { query: "up".into(), at: Time::from_timestamp(1_795_324_296, 0).expect("a time") }
}

pub async fn ask(source: Source) -> Result<Answered, Fault> {
    prometheus(source).ask(&instant()).await
}

/// Asks Alertmanager for its alerts.
pub async fn alerts(source: Source) -> Result<Answered, Fault> {
    let clients = Clients::new(&Sources { alertmanager: Some(source), ..Sources::default() });
    clients.ask(&Ask::Plain(Key::Alerts)).await
}

/// Every fault's line, whatever happened: one line, short, no control character.
pub fn is_well_worded(fault: &Fault) -> bool {
    !fault.detail.is_empty()
        && fault.detail.chars().count() <= 200
        && !fault.detail.chars().any(char::is_control)
}
