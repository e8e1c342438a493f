//! Sending a body: one try, no redirect, the same deadline, credentials and caps as a question.

use std::borrow::Cow;

use reqwest::{Method, header};

use super::{Http, Secrets, failure};
use crate::client::reply::Reply;
use crate::model::Fault;

use super::progress::Progress;

impl Http {
    /// Posts a body to the source's own address and reads the answer, whatever its status. Never
    /// repeated here: whether the receiver has taken it is the caller's to judge.
    pub async fn post(&self, media: &'static str, body: Vec<u8>) -> Result<Reply, Fault> {
        self.once(Method::POST, &[], Some((media, body))).await
    }

    /// Sends a request that changes something to a path below the base address, once, and reads the answer,
    /// whatever its status.
    pub async fn once(
        &self,
        method: Method,
        path: &[Cow<'static, str>],
        body: Option<(&'static str, Vec<u8>)>,
    ) -> Result<Reply, Fault> {
        let progress = Progress::default();
        match tokio::time::timeout(self.source.timeout, self.deliver(method, path, body, &progress)).await {
            Ok(done) => done,
            Err(_) => Err(progress.late(&self.place(&self.source.url), self.source.timeout)),
        }
    }

    async fn deliver(
        &self,
        method: Method,
        path: &[Cow<'static, str>],
        body: Option<(&'static str, Vec<u8>)>,
        progress: &Progress,
    ) -> Result<Reply, Fault> {
        let secrets = Secrets::read(&self.source).await?;
        let url = self.address(path)?;
        let sent = self.clock.now();
        let mut request = secrets.add_to(self.client(&url).await?.request(method, url.clone()));
        if let Some((media, body)) = body {
            request = request.header(header::CONTENT_TYPE, media).body(body);
        }
        let response =
            request.send().await.map_err(|error| failure::sending(&error, &url, &self.place(&url)))?;
        progress.answered();
        self.read(response, &url, sent, progress).await
    }
}
