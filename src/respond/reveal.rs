//! Revealing what stands behind a mark: to a person whom the machine's own configuration lets, for a reason, recorded
//! before anything is asked. The record says who, what, why and how it went, never the value.

use chrono::TimeDelta;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Hands;
use crate::model::deed::Report;
use crate::model::records::Outcome;
use crate::model::reveal::{Hidden, Revealing};
use crate::model::{Raw, Time};
use crate::privacy::{self, unseal};
use crate::text::reveal::EN as WORDS;

const ACTION: &str = "privacy.reveal";

/// Asks for the value anew and hands it over, or says why not.
pub(super) async fn reveal(hands: &Hands, order: Revealing) -> Report {
    let why = privacy::safe_line(order.why.trim()).into_string();
    let object = object(&order.what);
    let details = |more: Option<&str>| {
        let mut about = about(&order);
        for (name, value) in
            [("why", Some(why.as_str())), ("role", Some(hands.role.as_str())), ("error", more)]
        {
            about.insert(name.to_owned(), json!(value));
        }
        serde_json::Value::Object(about)
    };
    let refusal = match hands.reveal {
        None => Some(WORDS.not_configured.to_owned()),
        Some(rule) if hands.role < rule.role => Some((WORDS.no_role)(rule.role.as_str())),
        Some(_) if why.chars().count() < Revealing::REASON => Some(WORDS.no_reason.to_owned()),
        Some(_) => None,
    };
    if let Some(refusal) = refusal {
        hands.ended(ACTION, &object, details(Some(&refusal)), Outcome::Refused).await;
        return Report::Refused(refusal);
    }
    // What cannot be recorded is not done.
    if let Err(error) = hands.record(ACTION, object.clone(), details(None), Outcome::Accepted).await {
        return Report::Refused(error.to_string());
    }
    let found = hands.clients.raw_value(&order.what).await;
    let trouble = match found {
        Ok(Some(sealed)) => {
            hands.ended(ACTION, &object, details(None), Outcome::Done).await;
            let for_s = hands.reveal.map_or(0, |rule| rule.for_s);
            let until = hands.clock.now() + TimeDelta::seconds(i64::from(for_s));
            // Raw, but not able to move the cursor of the terminal that shows it.
            let raw: &String = unseal::open(&sealed);
            let text = privacy::clean(raw).into_owned();
            return Report::Revealed(order, Raw::new(text), until);
        }
        Ok(None) => WORDS.gone.to_owned(),
        Err(fault) => fault.detail,
    };
    hands.ended(ACTION, &object, details(Some(&trouble)), Outcome::Failed).await;
    Report::Refused(trouble)
}

/// Of what, for the audit: a fingerprint, a stream's labels as they are shown, a trace.
fn object(what: &Hidden) -> String {
    match what {
        Hidden::Alert(fingerprint, _) => fingerprint.to_string(),
        Hidden::Line(at) => at.labels.to_string(),
        Hidden::Span(at) => at.trace.to_string(),
    }
}

/// Which value, so that it can be found again; never what stands there.
fn about(order: &Revealing) -> serde_json::Map<String, serde_json::Value> {
    let about = match &order.what {
        Hidden::Alert(_, field) => json!({ "alert": order.of, "field": field.name() }),
        Hidden::Line(at) => {
            let hash = Sha256::digest(at.line.as_bytes());
            let start = hash.iter().take(8).fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
            let hash = format!("{start:016x}");
            json!({ "line_at": Time::from_timestamp_nanos(at.ts), "masked_sha256": hash, "query": at.query })
        }
        Hidden::Span(at) => json!({ "service": order.of, "span": at.span.to_string(), "field": at.name }),
    };
    about.as_object().cloned().unwrap_or_default()
}
