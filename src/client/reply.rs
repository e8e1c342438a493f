//! A whole answer, not yet understood: its status, what its head says, its bytes.

use reqwest::{Response, header};
use serde::de::{DeserializeOwned, DeserializeSeed};

use crate::model::{Fault, FaultKind, Time};
use crate::text::fault::Why;

use super::clock;
use super::fault::fault;
use super::status;

/// Bodies above this are parsed off the runtime's threads.
const PARSE_ASIDE: usize = 256 * 1024;

/// An answer as it came.
pub(super) struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, in lower case.
    pub media: String,
    /// From `Retry-After`.
    pub retry_after_ms: Option<u64>,
    /// The server's clock minus ours.
    pub clock_skew_s: Option<i64>,
    /// When its head came.
    pub received: Time,
    /// Its bytes, unpacked.
    pub body: Vec<u8>,
}

impl Reply {
    /// What the head of an answer says; the body comes later.
    pub fn head(response: &Response, sent: Time, received: Time) -> Self {
        let headers = response.headers();
        let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            status: response.status().as_u16(),
            media: text(header::CONTENT_TYPE).unwrap_or("").to_ascii_lowercase(),
            retry_after_ms: text(header::RETRY_AFTER)
                .and_then(|value| clock::retry_after_ms(value, received)),
            // A cached answer's `Date` is of another day.
            clock_skew_s: text(header::DATE)
                .filter(|_| !headers.contains_key(header::AGE))
                .and_then(|date| clock::skew_s(date, sent, received)),
            received,
            body: Vec::new(),
        }
    }

    /// 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the body is a page for a browser.
    pub fn is_html(&self) -> bool {
        self.media.starts_with("text/html") || status::looks_like_html(&self.body)
    }

    /// Success with a body that is not HTML, or the fault that it is instead.
    pub fn checked(self, is_query: bool) -> Result<Self, Fault> {
        if !self.is_success() {
            return Err(status::refused(&self, is_query));
        }
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Err(self.wrong(&Why::Empty));
        }
        if self.is_html() {
            return Err(self.wrong(&Why::Html(&status::title(&self.body))));
        }
        Ok(self)
    }

    /// The body as JSON of a known shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_slice(&self.body).map_err(|error| self.bad_json(&error))
    }

    /// The body as JSON of a known shape, into what is at hand.
    pub fn json_into<'b, S: DeserializeSeed<'b>>(&'b self, seed: S) -> Result<S::Value, Fault> {
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        let read = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
        read.map_err(|error| self.bad_json(&error))
    }

    /// Does work on the reply, big ones on a thread of its own.
    pub async fn aside<M: Send + 'static>(
        self,
        work: impl FnOnce(&Self) -> Result<M, Fault> + Send + 'static,
    ) -> Result<M, Fault> {
        if self.body.len() <= PARSE_ASIDE {
            return work(&self);
        }
        tokio::task::spawn_blocking(move || work(&self))
            .await
            .unwrap_or_else(|_| Err(fault(FaultKind::Setup, &Why::Setup("interrupted"))))
    }

    /// A success that is no answer.
    pub fn wrong(&self, why: &Why<'_>) -> Fault {
        Fault { status: Some(self.status), ..fault(FaultKind::WrongFormat, why) }
    }

    /// The fault of a body that is not the JSON that was expected.
    pub fn bad_json(&self, error: &serde_json::Error) -> Fault {
        if error.is_eof() {
            return Fault {
                status: Some(self.status),
                ..fault(FaultKind::Truncated, &Why::CutOff(self.body.len()))
            };
        }
        self.wrong(&Why::BadJson(&error.to_string()))
    }
}
