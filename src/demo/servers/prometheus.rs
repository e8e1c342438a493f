//! Prometheus's HTTP API v1, as far as readers use it (`web/api/v1/api.go` there, version 2.42).
//!
//! Owns paths, methods and the envelope; one file a subject. What the real server says of a wrong
//! request, this one says too, with the same status and type of error.

mod labels;
mod moment;
mod query;
mod rules;
mod status;
mod targets;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::any;

use super::form::Form;
use super::{Urls, answer};
use crate::demo::alerting::Alerting;
use crate::query::promql::QueryError;

/// What the handlers know.
pub(super) struct Server {
    alerting: Arc<Alerting>,
    /// Host and port of the Alertmanager that it sends to.
    alertmanager: String,
}

/// `data` of an answer as JSON, or why not.
type Outcome = Result<String, Refused>;

/// A refusal as the envelope says it.
#[derive(Debug, PartialEq)]
struct Refused {
    kind: &'static str,
    words: String,
}

impl Refused {
    /// The request is wrong.
    fn bad(words: impl Into<String>) -> Self {
        Self { kind: "bad_data", words: words.into() }
    }

    /// One of its parameters is.
    fn parameter(name: &str, words: &str) -> Self {
        Self::bad(format!("invalid parameter {name:?}: {words}"))
    }

    /// A query that could not be read or evaluated; a wrong one is blamed on `parameter`, if there is one.
    fn query(parameter: Option<&str>, error: &QueryError) -> Self {
        match (error, parameter) {
            (QueryError::Execution(words), _) => Self { kind: "execution", words: words.clone() },
            (wrong, Some(name)) => Self::parameter(name, &wrong.to_string()),
            (wrong, None) => Self::bad(wrong.to_string()),
        }
    }
}

/// Which methods a path takes.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    Get,
    GetAndForm,
}

/// A path: what it takes and who answers. The text is the part of the path that varies.
type Endpoint = (&'static str, Takes, fn(&Server, &Form, &str) -> Outcome);

const ENDPOINTS: &[Endpoint] = &[
    ("/api/v1/query", Takes::GetAndForm, query::instant),
    ("/api/v1/query_range", Takes::GetAndForm, query::range),
    ("/api/v1/query_exemplars", Takes::GetAndForm, query::exemplars),
    ("/api/v1/series", Takes::GetAndForm, labels::series),
    ("/api/v1/labels", Takes::GetAndForm, labels::names),
    ("/api/v1/label/{name}/values", Takes::Get, labels::values),
    ("/api/v1/metadata", Takes::Get, targets::metadata),
    ("/api/v1/targets", Takes::Get, targets::targets),
    ("/api/v1/rules", Takes::Get, rules::rules),
    ("/api/v1/alerts", Takes::Get, rules::alerts),
    ("/api/v1/alertmanagers", Takes::Get, status::alertmanagers),
    ("/api/v1/status/config", Takes::Get, status::config),
    ("/api/v1/status/buildinfo", Takes::Get, status::build_info),
    ("/api/v1/status/runtimeinfo", Takes::Get, status::runtime_info),
    ("/api/v1/status/flags", Takes::Get, status::flags),
    ("/api/v1/status/tsdb", Takes::Get, status::tsdb),
];

/// The API over what `alerting` watches.
pub(super) fn router(alerting: Arc<Alerting>, urls: &Urls) -> Router {
    let server = Arc::new(Server {
        alertmanager: urls.alertmanager.trim_start_matches("http://").to_owned(),
        alerting,
    });
    let mut router: Router<Arc<Server>> = Router::new()
        .route(
            "/-/healthy",
            any(|| async { answer::text(StatusCode::OK, "Prometheus Server is Healthy.\n") }),
        )
        .route("/-/ready", any(|| async { answer::text(StatusCode::OK, "Prometheus Server is Ready.\n") }))
        .fallback(|| async { answer::not_found() });
    for &(path, takes, handle) in ENDPOINTS {
        let handler =
            move |State(server): State<Arc<Server>>, name: Option<Path<String>>, request: Request| {
                let name = name.map_or_else(String::new, |Path(name)| name);
                answered(server, takes, handle, name, request)
            };
        router = router.route(path, any(handler));
    }
    router.with_state(server)
}

async fn answered(
    server: Arc<Server>,
    takes: Takes,
    handle: fn(&Server, &Form, &str) -> Outcome,
    name: String,
    request: Request,
) -> Response {
    let method = request.method().clone();
    if method == Method::OPTIONS {
        return answer::empty(StatusCode::NO_CONTENT);
    }
    let posted = method == Method::POST && takes == Takes::GetAndForm;
    if method != Method::GET && !posted {
        let allow = if takes == Takes::Get { "GET, OPTIONS" } else { "GET, OPTIONS, POST" };
        let refused = answer::text(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed\n");
        return answer::with_allow(refused, allow);
    }
    let query = request.uri().query().unwrap_or("").to_owned();
    let is_form = request.headers().get(axum::http::header::CONTENT_TYPE).is_some_and(|kind| {
        kind.to_str().is_ok_and(|kind| kind.trim_start().starts_with("application/x-www-form-urlencoded"))
    });
    let mut too_long = false;
    let body = if posted && is_form {
        answer::body(request).await.unwrap_or_else(|| {
            too_long = true;
            axum::body::Bytes::new()
        })
    } else {
        axum::body::Bytes::new()
    };
    answer::aside(move || {
        let mut form = Form::read(&String::from_utf8_lossy(&body), &query);
        if too_long {
            form.wrong = Some("http: POST too large".to_owned());
        }
        enveloped(handle(&server, &form, &name))
    })
    .await
}

/// What stands before the data of an answer.
const BEFORE: &str = r#"{"status":"success","data":"#;

fn enveloped(outcome: Outcome) -> Response {
    match outcome {
        Ok(mut data) => {
            // Where it lies: an answer may be megabytes, and two of it would be twice as many.
            data.reserve_exact(BEFORE.len() + 1);
            data.insert_str(0, BEFORE);
            data.push('}');
            answer::json(StatusCode::OK, data)
        }
        Err(Refused { kind, words }) => {
            let status = match kind {
                "bad_data" => StatusCode::BAD_REQUEST,
                "execution" => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            let said = serde_json::json!({"status": "error", "errorType": kind, "error": words});
            answer::json(status, said.to_string())
        }
    }
}

/// Text as JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Label sets as JSON.
fn object(labels: &crate::model::Labels) -> String {
    // A map of strings can always be written.
    serde_json::to_string(labels).unwrap_or_default()
}
