//! One source's HTTP: address, deadline, credentials, redirects, one retry, size cap.
//!
//! A request is done when its last byte is read; whatever goes wrong before is a `Fault`. Every
//! request only reads, so that repeating one is harmless.

mod failure;
mod post;
mod progress;
mod secrets;
mod setup;
mod upgrade;

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use reqwest::{Method, Response, StatusCode, Url, header};
use tokio::sync::{OnceCell, Semaphore};

use crate::clock::Clock;
use crate::config::Source;
use crate::model::{Fault, FaultKind};
use crate::text::fault::Why;

use super::fault::fault;
use super::reply::Reply;
use progress::Progress;
use secrets::Secrets;
pub(super) use upgrade::Socket;

/// Largest body of an answer, unpacked.
const BODY_CAP: usize = 64 * 1024 * 1024;
/// Bodies up to this size are read side by side; of larger ones a source may send one at a time, so
/// that a server which floods every question cannot fill the memory.
const SMALL_BODY: usize = 1024 * 1024;
/// How much of an error's body is read: its first line is all that is shown.
const ERROR_BODY_CAP: usize = 64 * 1024;
/// Loki's default for the most lines of one answer.
const LINE_CAP: u32 = 5000;
/// How many redirects are followed.
const MAX_HOPS: usize = 5;

/// What to ask a server.
pub(super) struct Request {
    /// Path below the base address, by segments, not yet encoded.
    pub path: Vec<Cow<'static, str>>,
    /// Parameters.
    pub pairs: Vec<(&'static str, String)>,
    /// Send the parameters as a form by POST, since a query may be longer than a line may be.
    pub as_form: bool,
    /// `Accept`.
    pub accept: &'static str,
    /// Further headers; the source's own win.
    pub headers: Vec<(&'static str, &'static str)>,
}

impl Request {
    /// GET of a path such as `api/v1/rules`, answered in JSON.
    pub fn get(path: &'static str) -> Self {
        Self {
            path: path.split('/').map(Cow::Borrowed).collect(),
            pairs: Vec::new(),
            as_form: false,
            accept: "application/json",
            headers: Vec::new(),
        }
    }

    /// The same with its parameters as a form.
    pub fn form(path: &'static str) -> Self {
        Self { as_form: true, ..Self::get(path) }
    }

    /// The same with one more header.
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same with one more parameter.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.pairs.push((name, value.into()));
        self
    }
}

/// The HTTP client of one source.
pub(super) struct Http {
    source: Source,
    /// A server's `Date` is compared with it, and samples without a timestamp are of its moment.
    clock: Clock,
    /// Without certificates, for plain addresses: loading the system's takes a while.
    plain: OnceCell<reqwest::Client>,
    secure: OnceCell<reqwest::Client>,
    /// For what becomes a socket.
    upgrades: OnceCell<reqwest::Client>,
    /// A proxy answered 405 to a POST: parameters go into the address from then on.
    get_only: AtomicBool,
    /// Held while a large body is read; the others wait, and the server with them.
    large: Semaphore,
    /// The most log lines that the server gives at once, as far as it has said.
    line_cap: AtomicU32,
}

impl Http {
    /// Takes note of the settings; nothing is set up yet.
    pub fn new(source: Source, clock: Clock) -> Self {
        Self {
            source,
            clock,
            plain: OnceCell::new(),
            secure: OnceCell::new(),
            upgrades: OnceCell::new(),
            get_only: AtomicBool::new(false),
            large: Semaphore::new(1),
            line_cap: AtomicU32::new(LINE_CAP),
        }
    }

    /// The most log lines that may be asked for at once.
    pub fn line_cap(&self) -> u32 {
        self.line_cap.load(Ordering::Relaxed)
    }

    /// The server has named a smaller number.
    pub fn learn_line_cap(&self, cap: u32) {
        self.line_cap.fetch_min(cap.max(1), Ordering::Relaxed);
    }

    /// Sends the request and reads the whole answer, whatever its status, within the deadline.
    pub async fn fetch(&self, request: &Request) -> Result<Reply, Fault> {
        let progress = Progress::default();
        match tokio::time::timeout(self.source.timeout, self.exchange(request, &progress)).await {
            Ok(done) => done,
            Err(_) => Err(progress.late(&self.place(&self.source.url), self.source.timeout)),
        }
    }

    async fn exchange(&self, request: &Request, progress: &Progress) -> Result<Reply, Fault> {
        let secrets = Secrets::read(&self.source).await?;
        let mut url = self.address(&request.path)?;
        let mut form =
            (request.as_form && !self.get_only.load(Ordering::Relaxed)).then(|| encoded(&request.pairs));
        if form.is_none() {
            append(&mut url, &request.pairs);
        }
        for _ in 0..=MAX_HOPS {
            let sent = self.clock.now();
            let response = self.send(&url, form.as_deref(), request, &secrets).await?;
            progress.answered();
            let status = response.status();
            if status == StatusCode::METHOD_NOT_ALLOWED && form.is_some() {
                self.get_only.store(true, Ordering::Relaxed);
                form = None;
                append(&mut url, &request.pairs);
            } else if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
                let next = redirected(&url, &response, &secrets)?;
                // The same place under another scheme or host wants the same question; another
                // place is a login page, which is fetched for its title.
                if next.path().trim_end_matches('/') != url.path().trim_end_matches('/') {
                    form = None;
                }
                url = next;
            } else {
                return self.read(response, &url, sent, progress).await;
            }
        }
        Err(fault(FaultKind::UnexpectedStatus, &Why::RedirectLoop))
    }

    async fn send(
        &self,
        url: &Url,
        form: Option<&str>,
        request: &Request,
        secrets: &Secrets,
    ) -> Result<Response, Fault> {
        let client = self.client(url).await?;
        let mut retried = false;
        loop {
            let mut builder = match form {
                Some(_) => client.request(Method::POST, url.clone()),
                None => client.request(Method::GET, url.clone()),
            };
            builder = builder.header(header::ACCEPT, request.accept);
            for (name, value) in &request.headers {
                builder = builder.header(*name, *value);
            }
            builder = secrets.add_to(builder);
            if let Some(form) = form {
                builder = builder
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(form.to_owned());
            }
            match builder.send().await {
                Ok(response) => return Ok(response),
                // A kept connection that the server closed just then says nothing about the server.
                Err(error) if !retried && failure::is_closed_unanswered(&error) => retried = true,
                Err(error) => return Err(failure::sending(&error, url, &self.place(url))),
            }
        }
    }

    async fn read(
        &self,
        mut response: Response,
        url: &Url,
        sent: crate::model::Time,
        progress: &Progress,
    ) -> Result<Reply, Fault> {
        let mut reply = Reply::head(&response, sent, self.clock.now());
        let cap = if response.status().is_success() { BODY_CAP } else { ERROR_BODY_CAP };
        let announced =
            response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        if reply.is_success() && announced > cap {
            return Err(fault(FaultKind::TooLarge, &Why::TooLarge(cap)));
        }
        reply.body.reserve(announced.min(SMALL_BODY));
        let mut turn = None;
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    let room = cap - reply.body.len();
                    if chunk.len() > room {
                        if reply.is_success() {
                            return Err(fault(FaultKind::TooLarge, &Why::TooLarge(cap)));
                        }
                        reply.body.extend_from_slice(&chunk[..room]);
                        return Ok(reply);
                    }
                    if turn.is_none() && reply.body.len() + chunk.len() > SMALL_BODY {
                        // Never closed; the deadline of the whole request bounds the wait.
                        turn = self.large.acquire().await.ok();
                    }
                    reply.body.extend_from_slice(&chunk);
                    progress.read(reply.body.len());
                }
                Ok(None) => return Ok(reply),
                // An error's status says enough, whole words or not.
                Err(_) if !reply.is_success() => return Ok(reply),
                Err(error) => {
                    tracing::debug!(path = url.path(), bytes = reply.body.len(), "body ended early");
                    return Err(failure::reading(&error, reply.body.len()));
                }
            }
        }
    }

    async fn client(&self, url: &Url) -> Result<&reqwest::Client, Fault> {
        let (cell, with_roots) =
            if setup::needs_roots(&self.source, url) { (&self.secure, true) } else { (&self.plain, false) };
        cell.get_or_try_init(|| setup::aside(&self.source, with_roots, false)).await
    }

    /// Longest time that a request may take.
    pub fn timeout(&self) -> std::time::Duration {
        self.source.timeout
    }

    /// What time it is where the server is thought to live.
    pub fn now(&self) -> crate::model::Time {
        self.clock.now()
    }

    /// The address below the base, whose path prefix and parameters stay.
    fn address(&self, path: &[Cow<'static, str>]) -> Result<Url, Fault> {
        let mut url = self.source.url.clone();
        url.set_fragment(None);
        if !path.is_empty() {
            url.path_segments_mut()
                .map_err(|()| fault(FaultKind::Setup, &Why::Setup("the url has no host")))?
                .pop_if_empty()
                .extend(path);
        }
        Ok(url)
    }

    /// Whom a failure is about: host and port, and the configured proxy.
    fn place(&self, url: &Url) -> String {
        match &self.source.proxy {
            Some(proxy) => format!("{} (proxy {})", host_port(url), host_port(proxy)),
            None => host_port(url),
        }
    }
}

/// Where a redirect leads, or why it is not followed.
fn redirected(from: &Url, response: &Response, secrets: &Secrets) -> Result<Url, Fault> {
    let nowhere = || Fault {
        status: Some(response.status().as_u16()),
        ..fault(FaultKind::UnexpectedStatus, &Why::RedirectNowhere)
    };
    let next = response
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| from.join(value).ok())
        .filter(|next| matches!(next.scheme(), "http" | "https") && next.has_host())
        .ok_or_else(nowhere)?;
    let upgraded = from.host() == next.host()
        && from.scheme() == "http"
        && next.scheme() == "https"
        && from.port().is_none()
        && next.port().is_none();
    if secrets.any() && next.origin() != from.origin() && !upgraded {
        return Err(Fault {
            status: Some(response.status().as_u16()),
            ..fault(FaultKind::UnexpectedStatus, &Why::RedirectElsewhere(&host_port(&next)))
        });
    }
    Ok(next)
}

/// Host and port, never user and password.
fn host_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or("");
    url.port_or_known_default().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn append(url: &mut Url, pairs: &[(&'static str, String)]) {
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs.iter().map(|(name, value)| (name, value)));
    }
}

fn encoded(pairs: &[(&'static str, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs.iter().map(|(name, value)| (name, value)))
        .finish()
}
