//! One value of one alert as Alertmanager has it, asked anew: what is revealed to a person was not kept anywhere.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::client::Clients;
use crate::client::http::Request;
use crate::client::wire::safe_id;
use crate::model::Fault;
use crate::model::deed::Field;
use crate::privacy::Sealed;

#[derive(Deserialize)]
struct WireAlert {
    fingerprint: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

impl Clients {
    /// The value of a label or annotation of an alert; `None` where Alertmanager has no such alert, or it no such value.
    pub async fn raw_value(&self, fingerprint: &str, field: &Field) -> Result<Option<Sealed>, Fault> {
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
