//! Typed events in log lines: which one a line is, what is wrong with it, how it is said.
//!
//! Owns checking a line against the shapes that a pack names. Must not know any of them.

use super::lines::{Field, Kind};
use crate::pack::events::Piece;
use crate::pack::{EventField, EventKind, EventValue};

/// Begins what stands for a masked value.
const MASKED: char = '‹';
/// The word that stands for an address within the own walls.
const INTERNAL: &str = "internal";

/// A line that is an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event<'k> {
    /// Which.
    pub kind: &'k EventKind,
    /// What is wrong with it, in the order of its kind's fields.
    pub wrong: Vec<Wrong>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// The field.
    pub field: String,
    /// What is wrong with it.
    pub why: Why,
}

/// What can be wrong with a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// It is not there, or has no value.
    Missing,
    /// It is something else than this.
    NotA(EventValue),
    /// It is a number outside of this range: least, greatest.
    Beyond(Option<f64>, Option<f64>),
    /// It does not look like this.
    Unlike(String),
    /// It is none of these.
    NoneOf(Vec<String>),
}

/// The event that a line of these fields is; `None` for a line that is none.
pub fn of<'k>(kinds: &'k [EventKind], fields: &[Field]) -> Option<Event<'k>> {
    if fields.is_empty() {
        return None;
    }
    let says = |kind: &EventKind| {
        find(fields, &kind.words_in)
            .is_some_and(|field| kind.words.iter().any(|begin| field.value.starts_with(begin.as_str())))
    };
    let has = |kind: &EventKind| {
        !kind.has.is_empty() && kind.has.iter().all(|name| is_there(fields, name)) && {
            // The words of another logger are another event.
            kinds
                .iter()
                .all(|other| other.words_in == kind.words_in || find(fields, &other.words_in).is_none())
        }
    };
    let kind = kinds.iter().find(|kind| says(kind)).or_else(|| kinds.iter().find(|kind| has(kind)))?;
    Some(Event { kind, wrong: kind.fields.iter().filter_map(|field| check(field, fields)).collect() })
}

fn find<'f>(fields: &'f [Field], name: &str) -> Option<&'f Field> {
    fields.iter().find(|field| {
        field.path.len() == 1 && field.path[0] == name || field.path.len() > 1 && field.name() == name
    })
}

/// Whether a field is there, be it as an object with fields of its own.
fn is_there(fields: &[Field], name: &str) -> bool {
    find(fields, name).is_some_and(|field| field.kind != Kind::Null)
        || fields.iter().any(|field| field.path.len() > 1 && field.path[0] == name)
}

fn check(rule: &EventField, fields: &[Field]) -> Option<Wrong> {
    let wrong = |why| Some(Wrong { field: rule.name.clone(), why });
    let Some(field) = find(fields, &rule.name) else {
        let missing = rule.required && !is_there(fields, &rule.name);
        return if missing { wrong(Why::Missing) } else { None };
    };
    let (value, kind) = (field.value.as_str(), field.kind);
    if kind == Kind::Null || value.is_empty() {
        return if rule.required { wrong(Why::Missing) } else { None };
    }
    // What is masked was a value; which one is nobody's business here.
    if value.contains(MASKED) {
        return None;
    }
    let logfmt = field.origin == super::lines::Origin::Logfmt;
    let fits = match rule.kind {
        EventValue::Text => kind == Kind::Text || logfmt,
        EventValue::Number => kind == Kind::Number && value.parse::<f64>().is_ok_and(f64::is_finite),
        EventValue::Whole => {
            kind == Kind::Number && value.parse::<f64>().is_ok_and(|number| number.fract() == 0.0)
        }
        EventValue::Bool => kind == Kind::Bool,
        EventValue::Time => kind == Kind::Text && is_time(value) || logfmt && is_time(value),
        EventValue::Address => value == INTERNAL || value.parse::<std::net::IpAddr>().is_ok(),
        EventValue::Any => true,
    };
    if !fits {
        return wrong(Why::NotA(rule.kind));
    }
    if (rule.min.is_some() || rule.max.is_some())
        && let Ok(number) = value.parse::<f64>()
        && (rule.min.is_some_and(|min| number < min) || rule.max.is_some_and(|max| number > max))
    {
        return wrong(Why::Beyond(rule.min, rule.max));
    }
    if let Some(pattern) = &rule.pattern
        && !pattern.regex.is_match(value)
    {
        return wrong(Why::Unlike(pattern.expects.clone()));
    }
    if !rule.one_of.is_empty() && !rule.one_of.iter().any(|word| word == value) {
        return wrong(Why::NoneOf(rule.one_of.clone()));
    }
    None
}

/// A moment as RFC 3339 writes it, or ISO 8601 without a zone.
fn is_time(text: &str) -> bool {
    chrono::DateTime::parse_from_rfc3339(text).is_ok()
        || ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
            .iter()
            .any(|form| chrono::NaiveDateTime::parse_from_str(text, form).is_ok())
}

/// How an event is said in one line.
pub fn summary(event: &Event<'_>, fields: &[Field]) -> String {
    let mut out = String::new();
    for piece in &event.kind.summary {
        say(piece, fields, &mut out);
    }
    out
}

/// The fields that a summary has said.
pub fn said(kind: &EventKind) -> Vec<&str> {
    Piece::fields(&kind.summary)
}

fn say(piece: &Piece, fields: &[Field], out: &mut String) {
    let value = |name: &str| find(fields, name).map(|field| field.value.as_str()).filter(|v| !v.is_empty());
    match piece {
        Piece::Text(text) => out.push_str(text),
        Piece::Field(name) => out.push_str(value(name).unwrap_or("?")),
        Piece::Either { field, yes, no } => out.push_str(match value(field) {
            Some("true") => yes,
            Some("false") => no,
            other => other.unwrap_or("?"),
        }),
        Piece::Optional(inner) => {
            if Piece::fields(inner).into_iter().all(|name| value(name).is_some()) {
                for piece in inner {
                    say(piece, fields, out);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::lines::parsed;

    fn kinds() -> Vec<EventKind> {
        crate::pack::load("hospital", &[]).expect("the shipped pack").events
    }

    fn judged(line: &str) -> Option<(String, String, Vec<String>)> {
        let kinds = kinds();
        let fields = parsed(line);
        let event = of(&kinds, &fields)?;
        let wrong = event.wrong.iter().map(|one| format!("{} {:?}", one.field, one.why)).collect();
        Some((format!("{} {}", event.kind.name, event.kind.shape), summary(&event, &fields), wrong))
    }

    const BASE: &str = r#""timestamp":"2026-11-22T05:11:35.120","event_id":"0b8a1f2e-9f3c-4d1e-8a77-1c2d3e4f5a6b","user_id":"dr_silva_123","department":"cardiology""#;

    #[test]
    fn both_shapes_are_recognised_and_said() {
        let hash = "a".repeat(64);
        let typed = format!(
            r#"{{"message":"Medical operation completed successfully",{BASE},"operation_type":"create","patient_id_hash":"{hash}","duration_ms":1250.5,"success":true}}"#
        );
        assert_eq!(
            judged(&typed),
            Some((
                "MedicalOperationEvent Logfire event".to_owned(),
                "create by dr_silva_123 in cardiology · 1250.5 ms · success".to_owned(),
                vec![]
            ))
        );
        let structured = r#"{"event":"Medical operation","operation":"read","user_id":"nurse","department":"icu","patient_id_hash":"0123456789abcdef","duration_ms":3,"result":"success"}"#;
        assert_eq!(
            judged(structured),
            Some((
                "MedicalOperationEvent structured logger".to_owned(),
                "read by nurse in icu · 3 ms · success".to_owned(),
                vec![]
            ))
        );
        assert_eq!(judged(r#"{"event":"Garbage collection","pause_ms":3}"#), None);
        assert_eq!(judged("a plain line"), None);
    }

    #[test]
    fn a_broken_event_says_what_is_wrong() {
        let line = |rest: &str| format!("{{{BASE},{rest}}}");
        for (rest, expected) in [
            (
                r#""message":"AI inference completed","model_name":"m","input_type":"t","inference_time_ms":1,"confidence_score":1.2,"success":true"#,
                "confidence_score Beyond(Some(0.0), Some(1.0))",
            ),
            (
                r#""message":"AI inference completed","model_name":"m","input_type":"t","inference_time_ms":1,"success":"yes""#,
                "success NotA(Bool)",
            ),
            (
                r#""message":"AI inference failed","input_type":"t","inference_time_ms":1,"success":false"#,
                "model_name Missing",
            ),
            (
                r#""operation_type":"x","patient_id_hash":"0123456789abcdef","duration_ms":1,"success":true"#,
                "patient_id_hash Unlike(\"64 hexadecimal digits\")",
            ),
            (
                r#""message":"Security event: x","event_type":"x","severity":"warning","source_ip":"10.0.0.1","threat_level":11"#,
                "threat_level Beyond(Some(0.0), Some(10.0))",
            ),
            (
                r#""message":"Security event: x","event_type":"x","severity":"warning","source_ip":"10.0.0.1","threat_level":3.5"#,
                "threat_level NotA(Whole)",
            ),
            (
                r#""message":"Security event: x","event_type":"x","severity":"loud","source_ip":"10.0.0.1","threat_level":3"#,
                "severity NoneOf([\"debug\", \"info\", \"warning\", \"error\", \"critical\"])",
            ),
            (
                r#""message":"Authentication failed","auth_method":"password","success":false,"ip_address":"10.0.0","user_agent":"x""#,
                "ip_address NotA(Address)",
            ),
            (
                r#""message":"Performance metric recorded: x","metric_name":"x","metric_value":null,"metric_unit":"ms","threshold_exceeded":false,"component":"c""#,
                "metric_value Missing",
            ),
        ] {
            let (name, _, wrong) = judged(&line(rest)).unwrap_or_else(|| panic!("{rest}"));
            assert_eq!(wrong, [expected], "{name}: {rest}");
        }
        let (.., wrong) = judged(r#"{"message":"Audit: x on y","action":"x"}"#).expect("an event");
        assert!(wrong.iter().any(|one| one == "event_id Missing") && wrong.len() > 4, "{wrong:?}");
    }

    #[test]
    fn an_address_may_be_a_word_and_a_masked_value_is_a_value() {
        let line = r#"{"event":"Audit event","action":"a","user_id":"‹cpf:0123456789abcdef›","resource":"r","result":"ok","ip_address":"internal"}"#;
        let (_, said, wrong) = judged(line).expect("an event");
        assert_eq!((said.as_str(), wrong.len()), ("a on r by ‹cpf:0123456789abcdef› · ok", 0));
    }
}
