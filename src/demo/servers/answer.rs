//! What the servers' answers have in common: bodies read up to a limit, work done aside, plain
//! refusals, and a `Date` of the hospital's own clock.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;

use super::place::Place;

/// The longest body that is read; Go's form reader has the same limit.
pub(super) const LONGEST_BODY: usize = 10 << 20;

/// Bytes of a media type.
pub(super) fn of(status: StatusCode, media_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// JSON.
pub(super) fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    of(status, "application/json", body)
}

/// Plain text.
pub(super) fn text(status: StatusCode, body: &'static str) -> Response {
    of(status, "text/plain; charset=utf-8", body)
}

/// An answer without a body.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Go's answer for a path that is not there.
pub(super) fn not_found() -> Response {
    text(StatusCode::NOT_FOUND, "404 page not found\n")
}

/// A method that is not taken; `allow` are those that are.
pub(super) fn with_allow(mut response: Response, allow: &'static str) -> Response {
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

/// The body, or nothing where it is longer than the limit or breaks off.
pub(super) async fn body(request: Request) -> Option<Bytes> {
    axum::body::to_bytes(request.into_body(), LONGEST_BODY).await.ok()
}

/// Runs what computes where it holds up no other request.
pub(super) async fn aside(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    // An error means that the work panicked or that everything ends.
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| empty(StatusCode::INTERNAL_SERVER_ERROR))
}

/// Puts the hospital's time into every answer: a reader compares it with its own clock, which in a
/// hospital that lives at another hour is the hospital's too.
pub(super) fn dated(router: Router, place: Arc<dyn Place>) -> Router {
    router.layer(middleware::from_fn(move |request: Request, next: Next| {
        let place = Arc::clone(&place);
        async move {
            let mut response = next.run(request).await;
            let now = place.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            if let Ok(now) = HeaderValue::from_str(&now) {
                response.headers_mut().insert(header::DATE, now);
            }
            response
        }
    }))
}
