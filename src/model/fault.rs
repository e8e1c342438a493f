//! Why a source has no answer: one kind for each cause a person treats differently.

use serde::Serialize;

/// The cause, as far as a client can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The host name has no address.
    Dns,
    /// Nothing listens there, or the connection was reset.
    Connect,
    /// No whole answer within the deadline.
    Timeout,
    /// The TLS handshake failed: certificate, name or protocol.
    Tls,
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404: usually a wrong path prefix.
    NotFound,
    /// 429.
    TooManyRequests,
    /// 5xx.
    ServerError,
    /// The server refused the query itself (400, 422); retrying does not help.
    BadQuery,
    /// Another status that is not an answer.
    UnexpectedStatus,
    /// Not the format that was asked for, such as HTML of a login page.
    WrongFormat,
    /// The connection ended in the middle of the body.
    Truncated,
    /// Larger than the size cap.
    TooLarge,
    /// A local cause: a secret file that cannot be read, a URL that cannot be used.
    Setup,
}

impl FaultKind {
    /// Whether the same request may succeed later without anybody changing anything.
    pub fn is_transient(self) -> bool {
        !matches!(self, Self::BadQuery | Self::Setup)
    }
}

/// A failed request: its cause, the HTTP status where there was one, and one line of detail.
///
/// `detail` has passed `privacy`, is one line, holds no secret and at most 200 characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{detail}")]
pub struct Fault {
    /// Cause.
    pub kind: FaultKind,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// What the server or the system said, in one line.
    pub detail: String,
    /// Milliseconds to wait before the next try, where the server said so (`Retry-After`).
    pub retry_after_ms: Option<u64>,
}

impl Fault {
    /// A fault without an HTTP status.
    pub fn new(kind: FaultKind, detail: impl Into<String>) -> Self {
        Self { kind, status: None, detail: detail.into(), retry_after_ms: None }
    }
}
