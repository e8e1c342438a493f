//! Revealing what stands behind a mark: to a person whom the machine's own configuration lets, for a reason, recorded
//! before anything is asked. The record says who, what, why and how it went, never the value.

use chrono::TimeDelta;
use serde_json::json;

use super::Hands;
use crate::model::Raw;
use crate::model::deed::{Report, Revealing};
use crate::model::records::Outcome;
use crate::privacy::{self, unseal};
use crate::text::reveal::EN as WORDS;

const ACTION: &str = "privacy.reveal";

/// Asks for the value anew and hands it over, or says why not.
pub(super) async fn reveal(hands: &Hands, order: Revealing) -> Report {
    let why = privacy::safe_line(order.why.trim()).into_string();
    let object = order.fingerprint.to_string();
    let details = |more: Option<&str>| json!({ "alert": order.alert, "field": order.field.name(), "why": why, "role": hands.role.as_str(), "error": more });
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
    let found = hands.clients.raw_value(&order.fingerprint, &order.field).await;
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
