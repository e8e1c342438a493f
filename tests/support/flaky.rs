//! A proxy in front of a server that does what bad networks and bad servers do, and remembers
//! what it was asked.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use chrono::{TimeDelta, Utc};
use futures_util::{StreamExt as _, stream};

use super::http;
use super::serve::{Server, close_after};

/// What goes wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Every answer comes this much later.
    Delay(Duration),
    /// The request is taken and never answered.
    Hang,
    /// This status, with a line of plain text.
    Status(u16),
    /// The head, half of the body, and then the connection breaks.
    Cut,
    /// A sign-in page with status 200, as gateways do.
    Html,
    /// Status 200 and a body that never ends, this many bytes long.
    Flood(usize),
}

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When.
    pub at: Instant,
    /// Method.
    pub method: String,
    /// Path without parameters.
    pub path: String,
    /// Parameters of the address and of a form body.
    pub parameters: Vec<(String, String)>,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Seen {
    /// The first parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

struct Shared {
    upstream: String,
    fault: Fault,
    by_path: Vec<(String, Fault)>,
    ahead: Option<TimeDelta>,
    seen: Vec<Seen>,
}

/// The proxy. Dropping it closes its port.
pub struct Flaky {
    server: Server,
    shared: Arc<Mutex<Shared>>,
}

impl Flaky {
    /// Stands in front of the server at `upstream`, faultless.
    pub fn start(upstream: &str) -> Self {
        let upstream = upstream.trim_end_matches('/').to_owned();
        let shared =
            Shared { upstream, fault: Fault::None, by_path: Vec::new(), ahead: None, seen: Vec::new() };
        let shared = Arc::new(Mutex::new(shared));
        let server = Server::start(Router::new().fallback(answer).with_state(shared.clone()));
        Self { server, shared }
    }

    /// Base address to give to the console.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// What goes wrong from now on, wherever no path has its own fault.
    pub fn set(&self, fault: Fault) {
        self.shared.lock().expect("proxy").fault = fault;
    }

    /// What goes wrong from now on under this path.
    pub fn set_path(&self, prefix: &str, fault: Fault) {
        let mut shared = self.shared.lock().expect("proxy");
        shared.by_path.retain(|(path, _)| path != prefix);
        shared.by_path.push((prefix.to_owned(), fault));
    }

    /// From now on the server's clock is this much ahead of ours, by what its answers' heads say.
    pub fn clock_ahead(&self, by: TimeDelta) {
        self.shared.lock().expect("proxy").ahead = Some(by);
    }

    /// Closes the port: connections are refused.
    pub fn close(&self) {
        self.server.close();
    }

    /// Opens the same port again.
    pub fn open(&self) {
        self.server.open();
    }

    /// Requests so far under this path.
    pub fn count(&self, prefix: &str) -> usize {
        self.seen(prefix).len()
    }

    /// The requests so far under this path, oldest first.
    pub fn seen(&self, prefix: &str) -> Vec<Seen> {
        let shared = self.shared.lock().expect("proxy");
        shared.seen.iter().filter(|seen| seen.path.starts_with(prefix)).cloned().collect()
    }

    /// Forgets the requests so far.
    pub fn forget(&self) {
        self.shared.lock().expect("proxy").seen.clear();
    }
}

async fn answer(State(shared): State<Arc<Mutex<Shared>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let form = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    let mut parameters = pairs(parts.uri.query().unwrap_or_default().as_bytes());
    if form {
        parameters.extend(pairs(&body));
    }
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let path = parts.uri.path().to_owned();
    let (fault, url, ahead) = {
        let mut shared = shared.lock().expect("proxy");
        let own = shared.by_path.iter().find(|(prefix, _)| path.starts_with(prefix.as_str()));
        let fault = own.map_or(shared.fault, |(_, fault)| *fault);
        let rest = parts.uri.path_and_query().map_or("/", |rest| rest.as_str());
        let url = format!("{}{rest}", shared.upstream);
        let method = parts.method.to_string();
        shared.seen.push(Seen { at: Instant::now(), method, path, parameters, headers: headers.collect() });
        (fault, url, shared.ahead)
    };

    match fault {
        Fault::Hang => return std::future::pending().await,
        Fault::Status(status) => {
            let status = StatusCode::from_u16(status).expect("a status");
            return close_after((status, "the proxy says so\n").into_response());
        }
        Fault::Html => {
            return close_after(
                Html("<!doctype html><title>Sign in</title><p>Please sign in.").into_response(),
            );
        }
        Fault::Flood(bytes) => return close_after(flood(bytes)),
        Fault::Delay(delay) => tokio::time::sleep(delay).await,
        Fault::None | Fault::Cut => {}
    }

    let mut forward = http::client().request(parts.method, url).body(body);
    for (name, value) in &parts.headers {
        // The client writes its own host and length.
        if name != header::HOST && name != header::CONTENT_LENGTH && name != header::ACCEPT_ENCODING {
            forward = forward.header(name, value);
        }
    }
    let (status, kind, bytes) = match forward.send().await {
        Ok(upstream) => {
            let kind = upstream.headers().get(header::CONTENT_TYPE).cloned();
            (upstream.status(), kind, upstream.bytes().await.unwrap_or_default())
        }
        Err(error) => {
            return close_after((StatusCode::BAD_GATEWAY, format!("{error:?}\n")).into_response());
        }
    };
    let body = if fault == Fault::Cut { half(&bytes) } else { Body::from(bytes) };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    if let Some(ahead) = ahead {
        let date = (Utc::now() + ahead).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        response.headers_mut().insert(header::DATE, date.parse().expect("a header"));
    }
    close_after(response)
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// Half of the bytes and then an error, which breaks the connection.
fn half(bytes: &Bytes) -> Body {
    let first = bytes.slice(..bytes.len() / 2);
    let cut = async {
        // Waiting once lets the server send what it has: the head and the first half.
        tokio::task::yield_now().await;
        Err(std::io::Error::other("cut by the proxy"))
    };
    Body::from_stream(stream::once(async { Ok(first) }).chain(stream::once(cut)))
}

/// A JSON string that goes on and on.
fn flood(bytes: usize) -> Response {
    const CHUNK: usize = 64 * 1024;
    static PIECE: [u8; CHUNK] = [b'x'; CHUNK];
    let head = Bytes::from_static(b"{\"status\":\"success\",\"data\":\"");
    let rest = std::iter::repeat_n(Bytes::from_static(&PIECE), bytes / CHUNK);
    let parts = std::iter::once(head).chain(rest).map(Ok::<_, std::io::Error>);
    let body = Body::from_stream(stream::iter(parts));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
