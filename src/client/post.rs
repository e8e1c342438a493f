//! Posting to a server that takes telemetry.

use super::http::Http;
use crate::clock::Clock;
use crate::config::Source;
use crate::model::Fault;

/// Posts bodies to one address.
pub struct Poster(Http);

/// What the server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// HTTP status, whatever it is.
    pub status: u16,
    /// Milliseconds to wait before the next try, where the server said so (`Retry-After`).
    pub retry_after_ms: Option<u64>,
    /// Its body; of an error's the beginning.
    pub body: Vec<u8>,
}

impl Poster {
    /// For the source's address as it stands, path included. Does no I/O.
    pub fn new(source: Source) -> Self {
        Self(Http::new(source, Clock::System))
    }

    /// The same with another method. An empty body is none.
    pub async fn send(&self, method: &str, media: &'static str, body: Vec<u8>) -> Result<Posted, Fault> {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap_or(reqwest::Method::POST);
        let body = (!body.is_empty()).then_some((media, body));
        let reply = self.0.once(method, &[], body).await?;
        Ok(Posted { status: reply.status, retry_after_ms: reply.retry_after_ms, body: reply.body })
    }

    /// Sends a body of this media type and waits for the whole answer, at most the source's timeout.
    pub async fn post(&self, media: &'static str, body: Vec<u8>) -> Result<Posted, Fault> {
        let reply = self.0.post(media, body).await?;
        Ok(Posted { status: reply.status, retry_after_ms: reply.retry_after_ms, body: reply.body })
    }
}

impl std::fmt::Debug for Poster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Poster").finish_non_exhaustive()
    }
}
