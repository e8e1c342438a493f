//! Opening a WebSocket (RFC 6455): the handshake is a request like any other, with the source's credentials,
//! certificates and proxy; what follows it are frames.

use reqwest::{Method, StatusCode, Upgraded, header};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::progress::Progress;
use super::{BODY_CAP, Http, MAX_HOPS, Request, Secrets, append, failure, redirected, setup};
use crate::client::fault::fault;
use crate::model::{Fault, FaultKind};
use crate::text::fault::Why;

/// An open socket.
pub(in crate::client) type Socket = WebSocketStream<Upgraded>;

impl Http {
    /// Opens a socket within the deadline. What the server says instead of switching is its refusal of the query, or
    /// the fault that it is.
    pub async fn socket(&self, request: &Request) -> Result<Socket, Fault> {
        let progress = Progress::default();
        match tokio::time::timeout(self.source.timeout, self.shake_hands(request, &progress)).await {
            Ok(done) => done,
            Err(_) => Err(progress.late(&self.place(&self.source.url), self.source.timeout)),
        }
    }

    async fn shake_hands(&self, request: &Request, progress: &Progress) -> Result<Socket, Fault> {
        let secrets = Secrets::read(&self.source).await?;
        let mut url = self.address(&request.path)?;
        append(&mut url, &request.pairs);
        for _ in 0..=MAX_HOPS {
            let key = generate_key();
            let mut builder = self
                .upgrading(&url)
                .await?
                .request(Method::GET, url.clone())
                .header(header::CONNECTION, "Upgrade")
                .header(header::UPGRADE, "websocket")
                .header(header::SEC_WEBSOCKET_VERSION, "13")
                .header(header::SEC_WEBSOCKET_KEY, &key);
            for (name, value) in &request.headers {
                builder = builder.header(*name, *value);
            }
            let sent = self.clock.now();
            let response = secrets
                .add_to(builder)
                .send()
                .await
                .map_err(|error| failure::sending(&error, &url, &self.place(&url)))?;
            progress.answered();
            let status = response.status();
            if status == StatusCode::SWITCHING_PROTOCOLS {
                let accepted = response.headers().get(header::SEC_WEBSOCKET_ACCEPT);
                if accepted.is_none_or(|said| said.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes())
                {
                    return Err(fault(FaultKind::WrongFormat, &Why::NoSocket));
                }
                let stream = response
                    .upgrade()
                    .await
                    .map_err(|error| failure::sending(&error, &url, &self.place(&url)))?;
                let config = WebSocketConfig::default()
                    .read_buffer_size(64 * 1024)
                    .max_message_size(Some(BODY_CAP))
                    .max_frame_size(Some(BODY_CAP));
                return Ok(WebSocketStream::from_raw_socket(stream, Role::Client, Some(config)).await);
            }
            if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
                url = redirected(&url, &response, &secrets)?;
                continue;
            }
            let reply = self.read(response, &url, sent, progress).await?;
            let status = reply.status;
            return Err(match reply.checked(true) {
                Err(fault) => fault,
                Ok(_) => Fault { status: Some(status), ..fault(FaultKind::WrongFormat, &Why::NoSocket) },
            });
        }
        Err(fault(FaultKind::UnexpectedStatus, &Why::RedirectLoop))
    }

    /// A client of its own: HTTP/2, which others may agree on, has no such handshake.
    async fn upgrading(&self, url: &reqwest::Url) -> Result<&reqwest::Client, Fault> {
        self.upgrades
            .get_or_try_init(|| setup::aside(&self.source, setup::needs_roots(&self.source, url), true))
            .await
    }
}
