//! Grafana's HTTP API, as far as an incident needs it: annotations.

use serde::Deserialize;

use crate::model::ask::{About, Annotation, Answer};
use crate::model::{Fault, Time};

use super::Told;
use super::fault::warning;
use super::http::{Http, Request};
use super::wire::{Many, SafeLine};
use crate::text::fault::Doubt;

/// Annotations that people and pipelines wrote between two moments. Those that Grafana writes itself when its own alerts
/// change are not asked for: alerts come from elsewhere.
pub(super) async fn annotations(http: &Http, limit: u32, start: Time, end: Time) -> Result<Told, Fault> {
    let request = Request::get("api/annotations")
        .with("from", start.timestamp_millis().to_string())
        .with("to", end.timestamp_millis().to_string())
        .with("limit", limit.to_string())
        .with("type", "annotation");
    let reply = http.fetch(&request).await?.checked(false)?;
    let clock_skew_s = reply.clock_skew_s;
    let all = reply.aside(|reply| reply.json::<Many<Wire, Kept>>().map(|all| all.0)).await?;
    let mut warnings = Vec::new();
    if all.len() as u64 >= u64::from(limit) {
        warnings.push(warning(&Doubt::MoreAnnotations(limit)));
    }
    let mut kept: Vec<Annotation> = all.into_iter().filter_map(|one| one.0).collect();
    kept.sort_by(|a, b| (a.at, &a.text).cmp(&(b.at, &b.text)));
    Ok(Told { answer: Answer::Annotations(kept), warnings, clock_skew_s })
}

/// Version and readiness.
pub(super) async fn health(http: &Http) -> Result<Told, Fault> {
    let reply = http.fetch(&Request::get("api/health")).await?.checked(false)?;
    let clock_skew_s = reply.clock_skew_s;
    let health: Health = reply.json()?;
    let ready = &*health.database.0 == "ok";
    let about =
        About { version: health.version.0, since: None, ready: Some(ready), words: health.database.0 };
    Ok(Told { answer: Answer::About(about), warnings: Vec::new(), clock_skew_s })
}

#[derive(Deserialize)]
struct Health {
    database: SafeLine,
    #[serde(default)]
    version: SafeLine,
}

#[derive(Deserialize)]
struct Wire {
    /// Unix milliseconds.
    time: i64,
    #[serde(default)]
    text: SafeLine,
    /// Grafana writes none as null.
    #[serde(default)]
    tags: Option<Vec<SafeLine>>,
}

/// An annotation at a moment that there is.
struct Kept(Option<Annotation>);

impl From<Wire> for Kept {
    fn from(wire: Wire) -> Self {
        let tags: Vec<Box<str>> = wire.tags.unwrap_or_default().into_iter().map(|tag| tag.0).collect();
        // One without a text is told by its tags.
        let text = if wire.text.0.trim().is_empty() { tags.join(", ").into() } else { wire.text.0 };
        Self(Time::from_timestamp_millis(wire.time).map(|at| Annotation { at, text, tags }))
    }
}
