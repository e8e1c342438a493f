//! Alerts as they come in: a webhook's body, or Alertmanager's list. Every text is masked here.

use serde::Deserialize;

use crate::model::records::NewMember;
use crate::model::{Alert, AlertState, Labels, Time};
use crate::pack::Pack;
use crate::privacy;
use crate::text::watch::EN as WORDS;

/// An alert that was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Alertmanager's fingerprint.
    pub fingerprint: String,
    /// Labels, masked.
    pub labels: Labels,
    /// Its summary, masked.
    pub summary: String,
    /// Since when it fires.
    pub starts_at: Option<Time>,
    /// Whether it fires; else it has resolved.
    pub firing: bool,
}

/// Why a body is no webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong(pub String);

/// Most alerts of one webhook.
const MOST: usize = 20_000;

#[derive(Deserialize)]
struct Hook {
    version: String,
    alerts: Vec<HookAlert>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HookAlert {
    status: Status,
    labels: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    annotations: std::collections::BTreeMap<String, String>,
    starts_at: Option<Time>,
    fingerprint: String,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Status {
    Firing,
    Resolved,
}

impl Seen {
    /// Reads the body of Alertmanager's webhook, version 4.
    pub fn webhook(body: &[u8]) -> Result<Vec<Self>, Wrong> {
        let hook: Hook = serde_json::from_slice(body)
            .map_err(|error| Wrong((WORDS.not_a_webhook)(&privacy::safe_line(&error.to_string()))))?;
        if hook.version != "4" {
            return Err(Wrong((WORDS.webhook_version)(&privacy::safe_line(&hook.version))));
        }
        if hook.alerts.len() > MOST {
            return Err(Wrong((WORDS.too_many_alerts)(hook.alerts.len(), MOST)));
        }
        hook.alerts.into_iter().map(Self::hooked).collect()
    }

    fn hooked(alert: HookAlert) -> Result<Self, Wrong> {
        // It becomes a key in the journal and a part of messages.
        let fine = (8..=64).contains(&alert.fingerprint.len())
            && alert.fingerprint.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !fine {
            return Err(Wrong(WORDS.bad_fingerprint.to_owned()));
        }
        let labels = Labels::new(
            alert
                .labels
                .iter()
                .map(|(name, value)| (privacy::safe_name(name), privacy::safe_value(name, value))),
        );
        let summary = summary(|name| alert.annotations.get(name).map(String::as_str));
        Ok(Self {
            fingerprint: alert.fingerprint,
            labels,
            summary,
            // Go's zero time means that it is not known.
            starts_at: alert.starts_at.filter(|at| at.timestamp() > 0),
            firing: alert.status == Status::Firing,
        })
    }

    /// An alert of Alertmanager's list, which has been masked by the client. One that is muted does not fire here.
    pub fn listed(alert: &Alert) -> Self {
        Self {
            fingerprint: alert.fingerprint.to_string(),
            labels: alert.labels.clone(),
            summary: summary(|name| alert.annotations.get(name)),
            starts_at: Some(alert.starts_at),
            firing: alert.state == AlertState::Firing,
        }
    }

    /// As a member of an incident.
    pub fn member(&self, pack: &Pack) -> NewMember {
        NewMember {
            fingerprint: self.fingerprint.as_str().into(),
            labels: self.labels.clone(),
            severity: pack.severity_of(&self.labels),
            summary: self.summary.as_str().into(),
            starts_at: self.starts_at,
        }
    }
}

fn summary<'a>(annotation: impl Fn(&str) -> Option<&'a str>) -> String {
    ["summary", "description", "message"]
        .iter()
        .find_map(|name| Some((*name, annotation(name).filter(|text| !text.trim().is_empty())?)))
        .map_or_else(String::new, |(name, text)| {
            privacy::safe_line(&privacy::safe_note(name, text)).into_string()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(alerts: &str) -> String {
        format!(r#"{{"version":"4","receiver":"r","status":"firing","alerts":[{alerts}],"groupKey":"g"}}"#)
    }

    #[test]
    fn texts_stay_data_and_persons_are_masked() {
        let body = hook(
            r#"{"status":"firing","labels":{"alertname":"A","x":"$(reboot); \"q\"\n","patient_name":"Ana Souza"},
               "annotations":{"summary":"CPF 529.982.247-25 failed"},"startsAt":"2026-11-22T06:08:58Z","fingerprint":"bbc04c2c1a2a82de"}"#,
        );
        let seen = Seen::webhook(body.as_bytes()).expect("a webhook");
        let one = &seen[0];
        assert!(one.firing);
        assert!(one.labels.get("x").is_some_and(|x| x.starts_with("$(reboot); \"q\"")));
        assert!(!one.labels.get("patient_name").unwrap_or("").contains("Ana"));
        assert!(!one.summary.contains("529"), "{}", one.summary);
    }

    #[test]
    fn what_is_no_webhook_is_refused_in_words() {
        for (body, told) in [
            ("", "is not Alertmanager's webhook"),
            ("[]", "is not Alertmanager's webhook"),
            (r#"{"version":"4"}"#, "is not Alertmanager's webhook"),
            (r#"{"version":"3","alerts":[]}"#, "version `3`"),
        ] {
            let Wrong(why) = Seen::webhook(body.as_bytes()).expect_err(body);
            assert!(why.contains(told), "{body}: {why}");
        }
        let bad = hook(r#"{"status":"firing","labels":{},"fingerprint":"../../x"}"#);
        assert!(Seen::webhook(bad.as_bytes()).is_err());
        let bad = hook(r#"{"status":"odd","labels":{},"fingerprint":"bbc04c2c1a2a82de"}"#);
        assert!(Seen::webhook(bad.as_bytes()).is_err());
    }
}
