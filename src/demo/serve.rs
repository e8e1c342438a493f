//! `demo serve`: the place as a telemetry source of a real stack. Pages to scrape, and pushes.
//!
//! Owns the list of pages and their answers; what a Prometheus should know of them is [`scrape`]'s,
//! pushing [`super::push`]'s. The listener comes from outside, so that whoever starts it can say what is
//! wrong with its address.

pub mod scrape;

use std::fmt::Write as _;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::hospital::{Down, Hospital, Job};
use super::push::{Pusher, Target, Tell};
use crate::text::serve::EN as WORDS;

/// What Prometheus wants a page to be (text format 0.0.4).
const PAGE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What has pages to scrape.
pub trait Pages: Send + Sync {
    /// The jobs that have one.
    fn jobs(&self) -> Vec<Job>;
    /// A job's page; `None` for an unknown job.
    fn page(&self, job: &str) -> Option<Result<String, Down>>;
}

impl Pages for Hospital {
    fn jobs(&self) -> Vec<Job> {
        self.jobs()
    }

    fn page(&self, job: &str) -> Option<Result<String, Down>> {
        self.exposition(job)
    }
}

/// What to feed.
pub struct Options {
    /// Listens already; the caller says where.
    pub listener: TcpListener,
    /// Receivers of lines and spans.
    pub targets: Vec<Target>,
    /// Who is told of trouble, one line at a time.
    pub tell: Tell,
}

/// Serves and pushes until it is dropped, or until the listener fails. Needs a runtime with time and
/// network.
pub async fn run(hospital: Arc<Hospital>, options: Options) -> io::Result<()> {
    let Options { listener, targets, tell } = options;
    let clock = hospital.clock();
    let pusher = Pusher::new(Arc::clone(&hospital) as Arc<dyn super::push::Feed>, clock, targets, tell);
    let serving = serve(listener, hospital);
    tokio::pin!(serving);
    tokio::select! {
        ended = &mut serving => ended,
        () = pusher.run() => serving.await,
    }
}

/// Serves the pages alone.
pub async fn serve(listener: TcpListener, pages: Arc<dyn Pages>) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    axum::serve(tokio::net::TcpListener::from_std(listener)?, router(pages)).await
}

fn router(pages: Arc<dyn Pages>) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/{job}/metrics", get(metrics))
        .fallback(nowhere)
        .with_state(pages)
}

fn list(pages: &dyn Pages) -> String {
    let mut text = format!("{}\n", WORDS.pages);
    for job in pages.jobs() {
        let _ = writeln!(text, "{}", scrape::path(&job.job));
    }
    text
}

async fn index(State(pages): State<Arc<dyn Pages>>) -> String {
    list(&*pages)
}

async fn nowhere(State(pages): State<Arc<dyn Pages>>) -> Response {
    (StatusCode::NOT_FOUND, format!("{}; {}", WORDS.no_page, list(&*pages))).into_response()
}

async fn metrics(State(pages): State<Arc<dyn Pages>>, Path(job): Path<String>) -> Response {
    let asked = Arc::clone(&pages);
    let page = tokio::task::spawn_blocking(move || asked.page(&job)).await;
    match page {
        Ok(Some(Ok(text))) => ([(header::CONTENT_TYPE, PAGE)], text).into_response(),
        // One listener cannot refuse for one process: the scrape fails all the same, and `up` is 0.
        Ok(Some(Err(Down))) => (StatusCode::SERVICE_UNAVAILABLE, WORDS.down).into_response(),
        Ok(None) => nowhere(State(pages)).await,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests;
