//! What a template is filled from: one step or one notice, and everything around it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Offset, TimeZone, Timelike};

use super::field::Field;
use super::template::{Source, escape};
use super::{By, Signals, caller, when};
use crate::demo::event::{Finished, Notice, NoticeKind, Outcome, StepDone};
use crate::demo::identifiers;
use crate::demo::people::People;
use crate::demo::rng::{Rng, mix};
use crate::demo::world::{ServiceId, World};
use crate::model;

const EVENT: u64 = 0xe2;
const SESSION: u64 = 0xe3;
const PID: u64 = 0xe4;
const SPAN: u64 = 0xe5;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) enum Value<'a> {
    Text(Cow<'a, str>),
    Int(i64),
    Float(f64),
    Bool(bool),
    Null,
}

impl Value<'_> {
    fn number(&self, out: &mut String) {
        let _ = match self {
            Self::Int(n) => write!(out, "{n}"),
            Self::Float(n) => write!(out, "{n}"),
            Self::Bool(word) => write!(out, "{word}"),
            Self::Text(_) | Self::Null => Ok(()),
        };
    }

    /// As it is; nothing where it has no value.
    pub(super) fn plain(&self, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(text),
            other => other.number(out),
        }
    }

    /// Inside of a JSON string.
    pub(super) fn escaped(&self, out: &mut String) {
        match self {
            Self::Text(text) => escape(text, out),
            other => other.number(out),
        }
    }

    /// As a JSON value.
    pub(super) fn json(&self, out: &mut String) {
        match self {
            Self::Text(text) => {
                out.push('"');
                escape(text, out);
                out.push('"');
            }
            Self::Null => out.push_str("null"),
            other => other.number(out),
        }
    }

    /// As an attribute of a span.
    pub(super) fn attribute(self) -> Option<model::Attribute> {
        Some(match self {
            Self::Text(text) => model::Attribute::Text(text.into()),
            Self::Int(n) => model::Attribute::Int(n),
            Self::Float(n) => model::Attribute::Float(n),
            Self::Bool(word) => model::Attribute::Bool(word),
            Self::Null => return None,
        })
    }
}

fn text(text: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(text))
}

fn owned(text: String) -> Value<'static> {
    Value::Text(Cow::Owned(text))
}

/// Milliseconds to a hundredth.
fn ms(us: i64) -> Value<'static> {
    Value::Float((us / 10) as f64 / 100.0)
}

/// A share to four digits; nothing where there is none.
fn rounded(share: f64, scale: f64) -> Value<'static> {
    if share.is_finite() { Value::Float(libm::round(share * scale * 1e4) / 1e4) } else { Value::Null }
}

/// What is told of.
#[derive(Clone, Copy, Debug)]
pub(in crate::demo) enum What<'a> {
    /// A step of a request, by its index.
    Step(&'a Finished, usize),
    /// A notice.
    Notice(&'a Notice),
}

/// Everything a template can ask for.
#[derive(Clone, Copy, Debug)]
pub(in crate::demo) struct Scene<'a> {
    pub world: &'a World,
    pub signals: &'a Signals,
    pub seed: u64,
    /// Versions that run, by service.
    pub versions: &'a [Arc<str>],
    pub what: What<'a>,
    /// Who speaks.
    pub writer: ServiceId,
    /// When, in nanoseconds since the Unix epoch, by the speaker's clock.
    pub at_ns: i64,
    pub category: &'a str,
    pub level: &'a str,
    pub department: &'a str,
    /// Tells two lines of one step apart.
    pub salt: u64,
}

impl<'a> Scene<'a> {
    fn people(&self) -> People<'a> {
        People { seed: self.seed, words: &self.signals.people }
    }

    /// What numbers of this request or notice are drawn from.
    pub(in crate::demo) fn number(&self) -> u64 {
        match self.what {
            What::Step(request, _) => request.number,
            What::Notice(notice) => mix(notice.at_us as u64) ^ u64::from(notice.service),
        }
    }

    /// What stands for a source.
    pub(super) fn value(&self, source: Source) -> Value<'a> {
        match source {
            Source::Draw(index) => {
                let department = match self.what {
                    What::Step(request, _) => request.department,
                    What::Notice(_) => u8::MAX,
                };
                let draw = self.signals.draws.get(usize::from(index));
                draw.map_or(Value::Null, |draw| draw.value(self.seed, self.number(), index, department))
            }
            Source::Field(field) => match self.what {
                What::Step(request, index) => self
                    .anyone(field)
                    .or_else(|| self.of_request(field, request))
                    .or_else(|| self.of_step(field, request, request.steps.get(index)?))
                    .or_else(|| self.of_patient(field, request)),
                What::Notice(notice) => self.anyone(field).or_else(|| self.of_notice(field, notice)),
            }
            .unwrap_or(Value::Null),
        }
    }

    fn service(&self, id: ServiceId) -> &'a str {
        self.world.services.get(usize::from(id)).map_or("", |service| &service.name)
    }

    fn instance(&self, id: ServiceId) -> &'a str {
        self.world.services.get(usize::from(id)).map_or("", |service| &service.instance)
    }

    /// Fields that anything has.
    fn anyone(&self, field: Field) -> Option<Value<'a>> {
        let writer = self.world.services.get(usize::from(self.writer));
        Some(match field {
            Field::Timestamp => owned(utc(self.at_ns)),
            Field::LocalTime => owned(local(self.at_ns, self.world.zone, false)),
            Field::AccessTime => owned(local(self.at_ns, self.world.zone, true)),
            Field::Level => text(self.level),
            Field::Category => text(self.category),
            Field::Department => text(self.department),
            Field::Service => text(self.service(self.writer)),
            Field::Instance => text(self.instance(self.writer)),
            Field::Job => text(writer.map_or("", |service| &service.job)),
            Field::Version => text(self.versions.get(usize::from(self.writer)).map_or("", |v| v)),
            Field::Pid => {
                Value::Int(400 + Rng::of(&[self.seed, PID, u64::from(self.writer)]).below(90_000) as i64)
            }
            Field::EventId => {
                let mut rng = Rng::of(&[self.seed, EVENT, self.number(), self.salt]);
                let (a, b) = (rng.bits(), rng.bits());
                // Version 4, variant 1 (RFC 9562).
                owned(format!(
                    "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
                    a >> 32,
                    a >> 16 & 0xffff,
                    a & 0xfff,
                    b >> 48 & 0x3fff | 0x8000,
                    b & 0xffff_ffff_ffff
                ))
            }
            _ => return None,
        })
    }

    /// Fields of the request as a whole.
    fn of_request(&self, field: Field, request: &'a Finished) -> Option<Value<'a>> {
        let class = self.world.classes.get(usize::from(request.class))?;
        let people = self.people();
        Some(match field {
            Field::TraceId => owned(model::TraceId(request.trace_id).to_string()),
            Field::Operation => text(&class.operation),
            Field::Method => text(&class.method),
            Field::Route => text(&class.route),
            Field::Status => Value::Int(i64::from(request.status)),
            Field::RequestBytes => Value::Int(i64::from(request.bytes.0)),
            Field::ResponseBytes => Value::Int(i64::from(request.bytes.1)),
            Field::RequestMs => {
                let whole = request.steps.first()?;
                ms(whole.end_us - whole.start_us)
            }
            Field::UserId => owned(people.user_name(request.user, self.role(request))),
            Field::Role => text(self.role(request)),
            Field::AuthMethod => {
                text(self.signals.methods.get(usize::from(request.method)).map_or("", String::as_str))
            }
            Field::Ip => owned(people.address(request.user, request.foreign, request.number)),
            Field::UserAgent => owned(people.agent(request.user, request.foreign, request.number).to_owned()),
            Field::SessionId => {
                let day = self.at_ns.div_euclid(86_400_000_000_000) as u64;
                let id = Rng::of(&[self.seed, SESSION, u64::from(request.user), day]).bits();
                owned(format!("sess_{:012x}", id >> 16))
            }
            Field::PatientHash => owned(people.patient_hash(people.patient_of(request.number))),
            Field::PatientHash16 => {
                let mut hash = people.patient_hash(people.patient_of(request.number));
                hash.truncate(16);
                owned(hash)
            }
            _ => return None,
        })
    }

    fn role(&self, request: &Finished) -> &'a str {
        self.world.roles.get(usize::from(request.role)).map_or("", |role| &role.id)
    }

    /// Fields of the step.
    fn of_step(&self, field: Field, request: &'a Finished, step: &'a StepDone) -> Option<Value<'a>> {
        let class = self.world.classes.get(usize::from(request.class))?;
        let planned = class.steps.get(usize::from(step.step))?;
        let model = step.model.and_then(|id| self.world.models.get(usize::from(id)));
        let of_model =
            |what: fn(&'a crate::demo::world::Model) -> &'a str| model.map_or(Value::Null, |m| text(what(m)));
        let took_us = step.end_us - when::start_us(step, self.writer == step.service);
        let cause = match step.outcome {
            Outcome::Ok => None,
            Outcome::Failed(cause) => Some(cause),
        };
        let by = if self.writer == step.service { By::Own } else { By::Caller };
        let error = cause.and_then(|cause| self.signals.error(cause, by, self.writer, request.class));
        Some(match field {
            Field::SpanId => {
                let index = request.steps.iter().position(|other| std::ptr::eq(other, step))?;
                owned(span_id(self.seed, request.number, index).to_string())
            }
            Field::DurationMs => ms(took_us),
            Field::DurationS => Value::Float((took_us / 100) as f64 / 1e4),
            Field::WaitedMs => ms(step.waited_us),
            Field::TimeoutS => Value::Float((planned.timeout_us / 1000) as f64 / 1000.0),
            Field::Attempt => Value::Int(i64::from(step.attempt) + 1),
            Field::Attempts => Value::Int(i64::from(planned.retries) + 1),
            Field::Model => of_model(|model| &model.id),
            Field::InputType => of_model(|model| &model.input_type),
            Field::Provider => of_model(|model| &model.provider),
            Field::Confidence => rounded(confidence(request, step), 1.0),
            Field::ConfidencePercent => rounded(confidence(request, step), 100.0),
            Field::Cause => cause.map_or(Value::Null, |cause| text(cause_name(cause))),
            Field::Error => error.map_or(Value::Null, |error| owned(error.message.filled(self))),
            Field::ErrorType => error.map_or(Value::Null, |error| text(&error.kind)),
            Field::Stack => error
                .and_then(|error| error.stack.as_ref())
                .map_or(Value::Null, |stack| owned(stack.filled(self))),
            Field::Step => text(&planned.name),
            Field::Caller => caller(request, step).map_or(Value::Null, |id| text(self.service(id))),
            Field::Peer => text(self.service(self.peer(request, step))),
            Field::PeerInstance => text(self.instance(self.peer(request, step))),
            Field::Success => Value::Bool(cause.is_none()),
            Field::Result => text(if cause.is_none() { "success" } else { "failed" }),
            _ => return None,
        })
    }

    /// Whom the writer talks about: who was called, or who of those it called failed.
    fn peer(&self, request: &Finished, step: &StepDone) -> ServiceId {
        if step.service != self.writer {
            return step.service;
        }
        let me = request.steps.iter().position(|other| std::ptr::eq(other, step));
        let failed = request.steps.iter().rev().find(|other| {
            other.parent.map(usize::from) == me && other.parent.is_some() && other.outcome != Outcome::Ok
        });
        failed.map_or(step.service, |other| other.service)
    }

    /// Fields that identify the patient or the house.
    fn of_patient(&self, field: Field, request: &Finished) -> Option<Value<'a>> {
        let people = self.people();
        let patient = people.patient_of(request.number);
        Some(owned(match field {
            Field::PatientName => people.patient_name(patient),
            Field::Cpf => identifiers::cpf_written(&identifiers::cpf(self.seed, patient)),
            Field::CpfDigits => identifiers::cpf(self.seed, patient),
            Field::Cns => identifiers::cns(self.seed, patient),
            Field::CnsWritten => identifiers::cns_written(&identifiers::cns(self.seed, patient)),
            Field::Email => people.patient_email(patient),
            Field::Phone => people.patient_phone(patient),
            Field::Card => identifiers::card(self.seed, patient),
            Field::RecordNumber => people.record_number(patient),
            Field::Crm => people.user_crm(request.user),
            Field::Cnpj => identifiers::cnpj(&people.words.cnpj)?,
            Field::Cnes => people.words.cnes.clone(),
            _ => return None,
        }))
    }

    fn of_notice(&self, field: Field, notice: &'a Notice) -> Option<Value<'a>> {
        Some(match (field, &notice.what) {
            (Field::PreviousVersion, NoticeKind::Started { .. }) => {
                text(self.versions.get(usize::from(notice.service)).map_or("", |version| version))
            }
            (Field::NoticeWaitedMs, NoticeKind::PoolWait { waited_us, .. }) => ms(*waited_us),
            (Field::InUse, NoticeKind::PoolWait { in_use, .. }) => Value::Int(i64::from(*in_use)),
            (Field::Size, NoticeKind::PoolWait { size, .. }) => Value::Int(i64::from(*size)),
            (Field::PauseMs, NoticeKind::Pause { us, .. }) => ms(*us),
            (Field::HeapBytes, NoticeKind::Pause { heap_bytes, .. }) => Value::Int(*heap_bytes as i64),
            (Field::HeapMib, NoticeKind::Pause { heap_bytes, .. }) => {
                Value::Int((*heap_bytes / 1_048_576.0) as i64)
            }
            (Field::State, NoticeKind::Thermal { state, .. }) => Value::Int(i64::from(*state)),
            (Field::StateWord, NoticeKind::Thermal { state, .. }) => {
                text(self.signals.states.get(usize::from(*state)).map_or("", String::as_str))
            }
            (Field::Celsius, NoticeKind::Thermal { celsius, .. }) => {
                Value::Float(libm::round(celsius * 10.0) / 10.0)
            }
            (Field::Name, NoticeKind::Batch { name, .. }) => text(name),
            (Field::NoticePeer, NoticeKind::Retransmits { peer, .. }) => text(self.service(*peer)),
            (Field::Count, NoticeKind::Retransmits { count, .. }) => Value::Int(i64::from(*count)),
            (Field::Requests, NoticeKind::Report { requests, .. }) => Value::Int(i64::from(*requests)),
            (Field::LongestMs, NoticeKind::Report { longest_us, .. }) => ms(*longest_us),
            _ => return None,
        })
    }
}

/// How sure the step is of its result: as sure as what it called, where it computes nothing itself.
fn confidence(request: &Finished, step: &StepDone) -> f64 {
    if step.confidence.is_finite() {
        return step.confidence;
    }
    let me = request.steps.iter().position(|other| std::ptr::eq(other, step));
    let called =
        request.steps.iter().filter(|other| other.parent.is_some() && other.parent.map(usize::from) == me);
    called.map(|other| other.confidence).find(|confidence| confidence.is_finite()).unwrap_or(f64::NAN)
}

fn cause_name(cause: crate::demo::event::Cause) -> &'static str {
    when::CAUSES.iter().find(|(_, known)| *known == cause).map_or("", |(name, _)| name)
}

/// Id of a step's span.
pub(in crate::demo) fn span_id(seed: u64, request: u64, step: usize) -> model::SpanId {
    // An id of zero would be none.
    model::SpanId(Rng::of(&[seed, SPAN, request, step as u64]).bits().max(1))
}

/// `2026-11-22T05:11:35.382648Z`
fn utc(ns: i64) -> String {
    let at = DateTime::from_timestamp_nanos(ns);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.nanosecond() / 1000
    )
}

/// `2026-11-22 02:11:35.382 -03`, as a database writes it, or `22/Nov/2026:02:11:35 -0300`, as a
/// web server does.
fn local(ns: i64, zone: chrono_tz::Tz, access: bool) -> String {
    let utc = DateTime::from_timestamp_nanos(ns);
    let at = zone.from_utc_datetime(&utc.naive_utc());
    let minutes = at.offset().fix().local_minus_utc() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    if access {
        format!("{} {sign}{hours:02}{rest:02}", at.format("%d/%b/%Y:%H:%M:%S"))
    } else {
        let rest = if rest == 0 { String::new() } else { format!(":{rest:02}") };
        format!("{} {sign}{hours:02}{rest}", at.format("%Y-%m-%d %H:%M:%S%.3f"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_each_program_writes_them() {
        let ns = 1_795_324_295_382_648_220;
        assert_eq!(utc(ns), "2026-11-22T05:11:35.382648Z");
        let zone = chrono_tz::America::Sao_Paulo;
        assert_eq!(local(ns, zone, false), "2026-11-22 02:11:35.382 -03");
        assert_eq!(local(ns, zone, true), "22/Nov/2026:02:11:35 -0300");
        assert_eq!(local(ns, chrono_tz::Asia::Kolkata, false), "2026-11-22 10:41:35.382 +05:30");
    }

    #[test]
    fn values_keep_their_type_in_json_and_attributes() {
        let json = |value: Value<'_>| {
            let mut out = String::new();
            value.json(&mut out);
            out
        };
        assert_eq!(json(ms(1_250_500)), "1250.5");
        assert_eq!(json(ms(2_000_000)), "2000");
        assert_eq!(json(rounded(0.912_345_6, 1.0)), "0.9123");
        assert_eq!(json(rounded(f64::NAN, 1.0)), "null");
        assert_eq!(json(text("a\"b")), r#""a\"b""#);
        assert_eq!(json(Value::Bool(false)), "false");
        assert_eq!(rounded(f64::NAN, 1.0).attribute(), None);
        assert_eq!(Value::Int(3).attribute(), Some(model::Attribute::Int(3)));
    }

    #[test]
    fn span_ids_differ_and_stay() {
        assert_eq!(span_id(1, 2, 3), span_id(1, 2, 3));
        assert_ne!(span_id(1, 2, 3), span_id(1, 2, 4));
        assert_ne!(span_id(1, 2, 3), span_id(1, 3, 3));
    }
}
