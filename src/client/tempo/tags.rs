//! Names of attributes, and their values.

use serde::Deserialize;

use crate::client::Told;
use crate::client::http::{Http, Request};
use crate::client::wire::SafeName;
use crate::model::ask::Answer;
use crate::model::{Fault, Time};
use crate::privacy;

/// Names with their scopes: `span.http.method`, `resource.service.name`, `duration`.
pub(super) async fn names(http: &Http, start: Time, end: Time) -> Result<Told, Fault> {
    #[derive(Deserialize)]
    struct Found {
        scopes: Option<Vec<Scope>>,
    }
    #[derive(Deserialize)]
    struct Scope {
        name: SafeName,
        tags: Option<Vec<SafeName>>,
    }
    let (start, end) = super::seconds(start, end);
    let request = Request::get("api/v2/search/tags").with("start", start).with("end", end);
    let reply = http.fetch(&request).await?.checked(false)?;
    let clock_skew_s = reply.clock_skew_s;
    let mut all: Vec<Box<str>> = Vec::new();
    for scope in reply.json::<Found>()?.scopes.unwrap_or_default() {
        let tags = scope.tags.unwrap_or_default();
        all.extend(tags.into_iter().map(|tag| match &*scope.name.0 {
            "intrinsic" | "" => tag.0,
            name => format!("{name}.{}", tag.0).into(),
        }));
    }
    all.sort_unstable();
    all.dedup();
    Ok(Told { answer: Answer::Names(all), warnings: Vec::new(), clock_skew_s })
}

/// The values of an attribute, which is named with its scope.
pub(super) async fn values(http: &Http, name: &str, start: Time, end: Time) -> Result<Told, Fault> {
    #[derive(Deserialize)]
    struct Found {
        #[serde(default, rename = "tagValues")]
        values: Option<Vec<Value>>,
    }
    #[derive(Deserialize)]
    struct Value {
        #[serde(default)]
        value: String,
    }
    let (start, end) = super::seconds(start, end);
    let mut request = Request::get("api/v2/search/tag").with("start", start).with("end", end);
    request.path.extend([name.to_owned().into(), "values".into()]);
    let reply = http.fetch(&request).await?.checked(true)?;
    let clock_skew_s = reply.clock_skew_s;
    let bare = ["span.", "resource.", "event.", "link.", "instrumentation.", "."]
        .iter()
        .find_map(|scope| name.strip_prefix(scope))
        .unwrap_or(name);
    let found = reply.json::<Found>()?.values.unwrap_or_default();
    let mut all: Vec<Box<str>> = found.iter().map(|value| privacy::safe_value(bare, &value.value)).collect();
    all.sort_unstable();
    all.dedup();
    Ok(Told { answer: Answer::Names(all), warnings: Vec::new(), clock_skew_s })
}
