//! Prometheus's HTTP API v1, and what speaks it: Mimir, Thanos, VictoriaMetrics.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::model::ask::{About, Answer};
use crate::model::{Fault, FaultKind, Language, Time, time};
use crate::text::fault::{Doubt, Why};

use super::exemplars::{self, ExemplarsData};
use super::fault::{fault, line, warning};
use super::http::{Http, Request};
use super::query::{self, QueryData};
use super::reply::Reply;
use super::rules::RulesData;
use super::sealed::raw;
use super::targets::{self, MetadataData, TargetsData};
use super::wire::{Lines, Many, SafeLine, SafeName};
use super::{Told, external_labels, loki};

/// What every answer is wrapped in. `infos` are hints about a query's style and make no answer
/// incomplete; they are read over.
#[derive(Deserialize)]
struct Envelope<T> {
    status: Status,
    data: Option<T>,
    #[serde(default, rename = "errorType")]
    error_type: SafeLine,
    #[serde(default)]
    error: SafeLine,
    #[serde(default)]
    warnings: Lines,
    /// VictoriaMetrics: some of its stores did not answer.
    #[serde(default, rename = "isPartial")]
    is_partial: bool,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Status {
    Success,
    Error,
}

/// Instant query.
pub(super) async fn instant(http: &Http, query: &str, at: Time) -> Result<Told, Fault> {
    let query = raw(Language::PromQl, query)?;
    let request = Request::form("api/v1/query").with("query", &*query).with("time", seconds(at));
    self::query(http, request).await
}

/// Range query.
pub(super) async fn range(
    http: &Http,
    query: &str,
    start: Time,
    end: Time,
    step_s: u32,
) -> Result<Told, Fault> {
    let query = raw(Language::PromQl, query)?;
    let request = Request::form("api/v1/query_range")
        .with("query", &*query)
        .with("start", seconds(start))
        .with("end", seconds(end))
        .with("step", step_s.to_string());
    self::query(http, request).await
}

/// Exemplars of the series that a query reads.
pub(super) async fn exemplars(http: &Http, query: &str, start: Time, end: Time) -> Result<Told, Fault> {
    let request = Request::form("api/v1/query_exemplars")
        .with("query", &*raw(Language::PromQl, query)?)
        .with("start", seconds(start))
        .with("end", seconds(end));
    let reply = http.fetch(&request).await?.checked(true)?;
    let clock_skew_s = reply.clock_skew_s;
    let (all, warnings) = opened(reply, true, |data: ExemplarsData, _| exemplars::by_time(data)).await?;
    Ok(Told { answer: Answer::Exemplars(all), warnings, clock_skew_s })
}

/// Alerting rules.
pub(super) async fn rules(http: &Http) -> Result<Told, Fault> {
    let request = Request::get("api/v1/rules").with("type", "alert");
    told(http, request, |data: RulesData, _| Answer::Rules(data.groups())).await
}

/// Scrape targets.
pub(super) async fn targets(http: &Http) -> Result<Told, Fault> {
    let request = Request::get("api/v1/targets").with("state", "active");
    told(http, request, |data: TargetsData, _| Answer::Targets(data.active.0)).await
}

/// External labels.
pub(super) async fn external_labels(http: &Http) -> Result<Told, Fault> {
    #[derive(Deserialize)]
    struct Config {
        yaml: String,
    }
    told(http, Request::get("api/v1/status/config"), |data: Config, warnings| {
        let (labels, more) = external_labels::read(&data.yaml);
        warnings.extend(more);
        Answer::ExternalLabels(labels)
    })
    .await
}

/// All label names.
pub(super) async fn label_names(http: &Http) -> Result<Told, Fault> {
    told(http, Request::get("api/v1/labels"), |data: Many<SafeName, Box<str>>, _| Answer::Names(data.0)).await
}

/// The values of one label.
pub(super) async fn label_values(http: &Http, name: &str) -> Result<Told, Fault> {
    let mut request = Request::get("api/v1/label");
    request.path.push(name.to_owned().into());
    request.path.push("values".into());
    told(http, request, |data: Lines, _| Answer::Names(data.0)).await
}

/// Metric metadata.
pub(super) async fn metadata(http: &Http) -> Result<Told, Fault> {
    told(http, Request::get("api/v1/metadata"), |data: MetadataData, _| {
        Answer::Metadata(targets::metadata(data))
    })
    .await
}

/// Version.
pub(super) async fn build_info(http: &Http) -> Result<Told, Fault> {
    #[derive(Deserialize)]
    struct Build {
        #[serde(default)]
        version: SafeLine,
    }
    told(http, Request::get("api/v1/status/buildinfo"), |data: Build, _| {
        Answer::About(About { version: data.version.0, ..About::default() })
    })
    .await
}

/// Readiness; what has no such page (Mimir below its prefix) is asked for its version instead.
pub(super) async fn ready(http: &Http) -> Result<Told, Fault> {
    match loki::readiness(http, "-/ready").await {
        Err(fault) if fault.kind == FaultKind::NotFound => build_info(http).await,
        other => other,
    }
}

/// Seconds since the epoch with three decimals at most.
fn seconds(at: Time) -> String {
    time::unix_s(at).to_string()
}

async fn query(http: &Http, request: Request) -> Result<Told, Fault> {
    let reply = http.fetch(&request).await?.checked(true)?;
    let clock_skew_s = reply.clock_skew_s;
    let (data, mut warnings) = opened::<QueryData, _>(reply, true, |data, _| data).await?;
    Ok(Told { answer: query::answer(data, &mut warnings)?, warnings, clock_skew_s })
}

async fn told<T: DeserializeOwned + 'static>(
    http: &Http,
    request: Request,
    read: fn(T, &mut Vec<String>) -> Answer,
) -> Result<Told, Fault> {
    let reply = http.fetch(&request).await?.checked(false)?;
    let clock_skew_s = reply.clock_skew_s;
    let (answer, warnings) = opened(reply, false, read).await?;
    Ok(Told { answer, warnings, clock_skew_s })
}

/// Opens the envelope: the data, read, and the server's warnings.
async fn opened<T, M>(
    reply: Reply,
    is_query: bool,
    read: fn(T, &mut Vec<String>) -> M,
) -> Result<(M, Vec<String>), Fault>
where
    T: DeserializeOwned + 'static,
    M: Send + 'static,
{
    let status = reply.status;
    reply
        .aside(move |reply| {
            let envelope: Envelope<T> = reply.json()?;
            if envelope.status == Status::Error {
                // Behind some proxies an error comes as a success.
                let kind = match &*envelope.error_type.0 {
                    "bad_data" | "execution" if is_query => FaultKind::BadQuery,
                    "not_found" => FaultKind::NotFound,
                    _ => FaultKind::ServerError,
                };
                return Err(Fault { status: Some(status), ..fault(kind, &Why::Query(&envelope.error.0)) });
            }
            let data = envelope.data.ok_or_else(|| reply.wrong(&Why::BadJson("`data` is missing")))?;
            let mut warnings: Vec<String> = envelope.warnings.0.iter().map(|words| line(words)).collect();
            if envelope.is_partial {
                warnings.push(warning(&Doubt::Partial));
            }
            let read = read(data, &mut warnings);
            Ok((read, warnings))
        })
        .await
}
