//! Alerts with the labels that Alertmanager itself has, sealed: a lease must match these bytes, not what a screen
//! makes of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::client::fault::fault;
use crate::client::http::{Http, Request};
use crate::client::reply::Reply;
use crate::client::wire::safe_id;
use crate::model::{Fault, FaultKind, Labels, Matcher};
use crate::privacy::{self, Sealed, unseal};
use crate::text::fault::Why;

/// Labels, or equality matchers, as they are at Alertmanager: sorted by name.
#[derive(Clone, PartialEq, Eq)]
pub struct Exact(pub(super) Sealed<Vec<(String, String)>>);

impl Exact {
    pub(super) fn new(mut labels: Vec<(String, String)>) -> Self {
        labels.sort_unstable();
        Self(Sealed::new(labels))
    }

    /// Whether equality with each of these matches labels such as `of`.
    pub fn covers(&self, of: &Self) -> bool {
        let all = unseal::open(&of.0);
        // An absent label is an empty one.
        unseal::open(&self.0).iter().all(|(name, value)| {
            all.iter().find(|(own, _)| own == name).map_or(value.is_empty(), |(_, own)| own == value)
        })
    }

    /// What all of these have in common; `None` where that is nothing.
    pub fn common<'e>(mut all: impl Iterator<Item = &'e Self>) -> Option<Self> {
        let mut common = unseal::open(&all.next()?.0).clone();
        for one in all {
            let one = unseal::open(&one.0);
            common.retain(|pair| one.contains(pair));
        }
        (!common.is_empty()).then(|| Self::new(common))
    }

    /// The same labels as everybody may see them.
    pub fn shown(&self) -> Labels {
        let labels = unseal::open(&self.0);
        labels
            .iter()
            .map(|(name, value)| (privacy::safe_name(name), privacy::safe_value(name, value)))
            .collect()
    }

    /// As text that a journal may keep and a matcher may be compared with: masked, `name="value", …`.
    pub fn text(&self) -> String {
        self.shown().to_string()
    }
}

/// One alert.
#[derive(Clone)]
pub struct Original {
    /// Its labels.
    pub labels: Exact,
    /// Ids of the silences that mute it.
    pub silenced_by: Vec<Box<str>>,
}

/// Every alert of Alertmanager, by fingerprint.
#[derive(Clone, Default)]
pub struct Originals(pub BTreeMap<Arc<str>, Original>);

impl Originals {
    /// The alerts that these matchers match, raw, with their labels as everybody may see them.
    pub fn matching(&self, matchers: &[Matcher]) -> Result<Vec<(Arc<str>, Labels)>, Fault> {
        let raw = matchers.iter().map(opened).collect::<Result<Vec<_>, _>>()?;
        let holds = |labels: &Vec<(String, String)>| {
            raw.iter().all(|one| {
                let value = labels.iter().find(|(name, _)| *name == one.name).map_or("", |(_, value)| value);
                one.matches_value(value)
            })
        };
        let hit = self.0.iter().filter(|(_, alert)| holds(unseal::open(&alert.labels.0)));
        Ok(hit.map(|(fingerprint, alert)| (fingerprint.clone(), alert.labels.shown())).collect())
    }
}

/// A matcher with the raw value behind its marks.
fn opened(matcher: &Matcher) -> Result<Matcher, Fault> {
    let wire = super::body::opened(matcher)?;
    let (op, value) = wire.parts();
    Matcher::new(&matcher.name, op, value).map_err(|why| fault(FaultKind::BadQuery, &Why::Query(&why)))
}

#[derive(Deserialize)]
struct WireAlert {
    fingerprint: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    status: WireStatus,
}

#[derive(Default, Deserialize)]
struct WireStatus {
    #[serde(default, rename = "silencedBy")]
    silenced_by: Option<Vec<String>>,
}

pub(super) async fn fetch(http: &Http) -> Result<Originals, Fault> {
    let reply = http.fetch(&Request::get("api/v2/alerts")).await?.checked(false)?;
    reply.aside(|reply: &Reply| reply.json::<Option<Vec<WireAlert>>>().map(read)).await
}

fn read(all: Option<Vec<WireAlert>>) -> Originals {
    let read = |alert: WireAlert| {
        let silenced_by = alert.status.silenced_by.unwrap_or_default();
        let original = Original {
            labels: Exact::new(alert.labels.into_iter().collect()),
            silenced_by: silenced_by.iter().map(|id| safe_id(id)).collect(),
        };
        (Arc::from(safe_id(&alert.fingerprint)), original)
    };
    Originals(all.unwrap_or_default().into_iter().map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(pairs: &[(&str, &str)]) -> Exact {
        Exact::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn equality_covers_what_has_all_of_it() {
        let one = exact(&[("alertname", "A"), ("department", "icu"), ("note", "x\"\n$(rm)")]);
        let other = exact(&[("alertname", "A"), ("department", "surgery")]);
        let common = Exact::common([&one, &other].into_iter()).expect("a name in common");
        assert!(common == exact(&[("alertname", "A")]));
        assert!(common.covers(&one) && common.covers(&other) && one.covers(&one));
        assert!(!one.covers(&other), "one label differs");
        assert!(exact(&[("alertname", "A"), ("absent", "")]).covers(&one), "absent is empty");
        assert!(Exact::common([&one, &exact(&[("alertname", "B")])].into_iter()).is_none());
        assert!(Exact::common(std::iter::empty()).is_none());
    }

    #[test]
    fn what_is_shown_is_masked_and_what_is_matched_is_not() {
        let one = exact(&[("patient_name", "Ana Souza"), ("alertname", "A")]);
        assert!(!one.text().contains("Ana"), "{}", one.text());
        assert!(one.covers(&exact(&[("alertname", "A"), ("patient_name", "Ana Souza")])));
    }
}
