//! Values as the servers have them, asked anew: what is revealed to a person was not kept anywhere.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::client::fault::fault;
use crate::client::http::{Http, Request};
use crate::client::wire::safe_id;
use crate::client::{Clients, loki, tempo};
use crate::model::reveal::{Field, Hidden, LineAt};
use crate::model::{Fault, FaultKind, Labels, SourceId};
use crate::privacy::{self, Sealed};
use crate::text::fault::Why;

/// Lines of one query and one nanosecond at most.
const LINES: u32 = 1000;

#[derive(Deserialize)]
struct WireAlert {
    fingerprint: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct WireLines {
    data: WireResult,
}

#[derive(Deserialize)]
struct WireResult {
    #[serde(default)]
    result: Vec<WireStream>,
}

#[derive(Deserialize)]
struct WireStream {
    #[serde(default)]
    stream: BTreeMap<String, String>,
    #[serde(default)]
    values: Vec<WireLine>,
}

/// Nanoseconds, the line, labels of its own where the server tells them apart.
#[derive(Deserialize)]
struct WireLine(String, String, #[serde(default)] IgnoredAny);

impl WireStream {
    /// Whether all of its labels are among these, which may have the line's own beside them.
    fn is_of(&self, labels: &Labels) -> bool {
        self.stream.iter().all(|(name, value)| {
            let name = privacy::safe_name(name);
            labels.get(&name) == Some(&*privacy::masker().value(&name, &privacy::clean_line(value)))
        })
    }
}

impl Clients {
    /// The value behind a mark; `None` where the server does not have it any more.
    pub async fn raw_value(&self, what: &Hidden) -> Result<Option<Sealed>, Fault> {
        match what {
            Hidden::Alert(fingerprint, field) => self.raw_field(fingerprint, field).await,
            Hidden::Line(at) => raw_line(self.server(&SourceId::LOKI)?, (**at).clone()).await,
            Hidden::Span(at) => tempo::raw_attribute(self.server(&SourceId::TEMPO)?, at).await,
        }
    }

    fn server(&self, source: &SourceId) -> Result<&Http, Fault> {
        self.http(source).ok_or_else(|| fault(FaultKind::Setup, &Why::NotConfigured(&source.to_string())))
    }

    /// The value of a label or annotation of an alert.
    async fn raw_field(&self, fingerprint: &str, field: &Field) -> Result<Option<Sealed>, Fault> {
        let reply = self.manager()?.fetch(&Request::get("api/v2/alerts")).await?.checked(false)?;
        let (fingerprint, field) = (fingerprint.to_owned(), field.clone());
        reply
            .aside(move |reply| {
                let all: Option<Vec<WireAlert>> = reply.json()?;
                let mut all = all.unwrap_or_default().into_iter();
                let found = all.find(|one| *safe_id(&one.fingerprint) == *fingerprint);
                Ok(found.and_then(|mut one| match &field {
                    Field::Label(name) => one.labels.remove(&**name),
                    Field::Annotation(name) => one.annotations.remove(&**name),
                }))
            })
            .await
            .map(|found| found.map(Sealed::new))
    }
}

/// A line by its moment, its stream and how it is shown.
async fn raw_line(http: &Http, at: LineAt) -> Result<Option<Sealed>, Fault> {
    let request = Request::form("loki/api/v1/query_range")
        .header("X-Loki-Response-Encoding-Flags", "categorize-labels")
        .with("query", loki::text::raw(&at.query)?)
        .with("start", at.ts.to_string())
        .with("end", at.ts.saturating_add(1).to_string())
        .with("limit", LINES.min(http.line_cap()).to_string())
        .with("direction", "forward");
    let reply = http.fetch(&request).await?.checked(true)?;
    reply
        .aside(move |reply| {
            let all: WireLines = reply.json()?;
            let moment = at.ts.to_string();
            let mut lines = all.data.result.into_iter().filter(|one| one.is_of(&at.labels));
            Ok(lines.find_map(|stream| {
                let shown = |line: &str| privacy::mask(&privacy::clean(line)) == *at.line;
                let same = |one: &WireLine| one.0 == moment && shown(&one.1);
                stream.values.into_iter().find(same).map(|WireLine(_, line, _)| Sealed::new(line))
            }))
        })
        .await
}
