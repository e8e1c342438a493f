//! Receivers of what `demo serve` pushes, reached through the client.

use std::sync::Arc;

use crate::client::post::Poster;
use crate::config::Source;
use crate::demo::push::{Answering, Post, Reply, Signal, Target};

struct Wire(Poster);

impl Post for Wire {
    fn post(&self, media: &'static str, body: Vec<u8>) -> Answering<'_> {
        Box::pin(async move {
            match self.0.post(media, body).await {
                Ok(posted) => Ok(Reply {
                    status: posted.status,
                    retry_after_ms: posted.retry_after_ms,
                    body: posted.body,
                }),
                Err(fault) => Err(fault.detail),
            }
        })
    }
}

/// A receiver: its name in messages, what it takes, where it is (the path is added where it is
/// missing) and how to reach it. The error says what is wrong with the address.
pub fn receiver(name: &str, signal: Signal, mut source: Source) -> Result<Target, String> {
    source.url = signal.address(source.url.as_str()).parse().map_err(|error| format!("{name}: {error}"))?;
    Ok(Target { name: name.to_owned(), signal, post: Arc::new(Wire(Poster::new(source))) })
}
