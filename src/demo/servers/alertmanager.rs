//! Alertmanager's HTTP API v2 (`api/v2/openapi.yaml` there, version 0.25).
//!
//! Owns paths, methods and refusals; one file a subject. The real server checks bodies against its
//! schema first (numbered messages) and against its own sense second (a plain text in quotes).
// Handlers are of one type, whether or not they can refuse.
#![allow(clippy::unnecessary_wraps)]

mod alerts;
mod body;
mod filter;
mod silences;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::Response;
use axum::routing::any;
use chrono::SecondsFormat;
use serde_json::json;

use super::form::Form;
use super::{Urls, answer};
use crate::demo::alerting::Alerting;
use crate::model::Time;

/// The Alertmanager that this one answers like.
const VERSION: &str = "0.25.0";

/// What the handlers know.
pub(super) struct Server {
    alerting: Arc<Alerting>,
    /// Where its Prometheus is.
    prometheus: String,
}

/// What is asked: parameters, the varying part of the path, the body.
struct Call {
    form: Form,
    id: String,
    body: String,
}

/// JSON, or a refusal with its status.
type Outcome = Result<Option<String>, (StatusCode, String)>;

/// A refusal of the handlers: a text in quotes.
fn plain(status: StatusCode, words: &str) -> (StatusCode, String) {
    (status, serde_json::Value::from(words).to_string())
}

/// A refusal of the schema: a number and a text.
fn coded(status: StatusCode, code: u16, words: &str) -> (StatusCode, String) {
    (status, json!({"code": code, "message": words}).to_string())
}

/// A handler.
type Handle = fn(&Server, &Call) -> Outcome;
/// A path: each method with its handler, in the order in which `Allow` names them.
type Endpoint = (&'static str, &'static [(&'static str, Handle)], &'static str);

const ENDPOINTS: &[Endpoint] = &[
    ("/api/v2/status", &[("GET", status)], "GET"),
    ("/api/v2/receivers", &[("GET", receivers)], "GET"),
    ("/api/v2/alerts", &[("POST", alerts::post), ("GET", alerts::list)], "POST,GET"),
    ("/api/v2/alerts/groups", &[("GET", alerts::groups)], "GET"),
    ("/api/v2/silences", &[("POST", silences::post), ("GET", silences::list)], "POST,GET"),
    ("/api/v2/silence/{id}", &[("DELETE", silences::delete), ("GET", silences::get)], "DELETE,GET"),
];

/// The API over what `alerting` watches.
pub(super) fn router(alerting: Arc<Alerting>, urls: &Urls) -> Router {
    let server = Arc::new(Server { alerting, prometheus: urls.prometheus.clone() });
    let healthy = || async { answer::text(StatusCode::OK, "OK") };
    let mut router: Router<Arc<Server>> = Router::new()
        .route("/-/healthy", any(healthy))
        .route("/-/ready", any(healthy))
        .fallback(|uri: Uri| async move {
            if uri.path().starts_with("/api/v2/") {
                let (status, body) =
                    coded(StatusCode::NOT_FOUND, 404, &format!("path {} was not found", uri.path()));
                answer::json(status, body)
            } else {
                answer::not_found()
            }
        });
    for &(path, methods, allow) in ENDPOINTS {
        let handler = move |State(server): State<Arc<Server>>, id: Option<Path<String>>, request: Request| {
            let id = id.map_or_else(String::new, |Path(id)| id);
            answered(server, methods, allow, id, request)
        };
        router = router.route(path, any(handler));
    }
    router.with_state(server)
}

async fn answered(
    server: Arc<Server>,
    methods: &'static [(&'static str, Handle)],
    allow: &'static str,
    id: String,
    request: Request,
) -> Response {
    let method = request.method().clone();
    let Some((_, handle)) = methods.iter().find(|(name, _)| *name == method.as_str()) else {
        let words = format!("method {method} is not allowed, but [{allow}] are");
        let (status, body) = coded(StatusCode::METHOD_NOT_ALLOWED, 405, &words);
        return answer::with_allow(answer::json(status, body), allow);
    };
    let form = Form::read("", request.uri().query().unwrap_or(""));
    let mut body = String::new();
    if method == Method::POST {
        if let Err((status, body)) = check_media_type(&request) {
            return answer::json(status, body);
        }
        let Some(bytes) = answer::body(request).await else {
            let (status, body) = coded(StatusCode::PAYLOAD_TOO_LARGE, 413, "request body too large");
            return answer::json(status, body);
        };
        body = String::from_utf8_lossy(&bytes).into_owned();
    }
    let handle = *handle;
    answer::aside(move || match handle(&server, &Call { form, id, body }) {
        Ok(None) => answer::empty(StatusCode::OK),
        Ok(Some(body)) => answer::json(StatusCode::OK, body),
        // The real server gives no body with a silence that is not there.
        Err((status, body)) if body.is_empty() => answer::empty(status),
        Err((status, body)) => answer::json(status, body),
    })
    .await
}

fn check_media_type(request: &Request) -> Result<(), (StatusCode, String)> {
    let given = request
        .headers()
        .get(header::CONTENT_TYPE)
        .map_or("application/octet-stream", |value| value.to_str().unwrap_or("application/octet-stream"));
    let kind = given.split(';').next().unwrap_or("").trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let words = format!("unsupported media type {kind:?}, only [application/json] are allowed");
    Err(coded(StatusCode::UNSUPPORTED_MEDIA_TYPE, 415, &words))
}

/// Version, configuration, cluster.
fn status(server: &Server, _: &Call) -> Outcome {
    let alerting = &server.alerting;
    Ok(Some(
        json!({
            "cluster": {"peers": [], "status": "disabled"},
            "config": {"original": alerting.alertmanager_yaml()},
            "uptime": time(alerting.started()),
            "versionInfo": {
                "branch": "embedded", "buildDate": "", "buildUser": "", "goVersion": "",
                "revision": concat!("plantao-", env!("CARGO_PKG_VERSION")), "version": VERSION,
            },
        })
        .to_string(),
    ))
}

/// Who can be told.
fn receivers(server: &Server, _: &Call) -> Outcome {
    let all: Vec<_> =
        server.alerting.settings().receivers.iter().map(|receiver| json!({"name": receiver.name})).collect();
    Ok(Some(json!(all).to_string()))
}

/// Alertmanager writes milliseconds.
fn time(at: Time) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
