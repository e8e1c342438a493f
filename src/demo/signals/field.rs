//! The names that a template may hold.

use super::place::{On, Place};

/// What stands for `$name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(super) enum Field {
    // Always.
    Timestamp, LocalTime, AccessTime, Level, Category, Department, Service, Instance, Job, Version, Pid, EventId,
    // Of a step and its request.
    TraceId, SpanId, Operation, Method, Route, Status, RequestBytes, ResponseBytes, RequestMs, DurationMs,
    DurationS, WaitedMs, TimeoutS, Attempt, Attempts, UserId, Role, AuthMethod, Ip, UserAgent, SessionId,
    PatientHash, PatientHash16, Model, InputType, Provider, Confidence, ConfidencePercent, Cause, Error,
    ErrorType, Stack, Step, Caller, Peer, PeerInstance, Success, Result,
    // Of notices.
    PreviousVersion, NoticeWaitedMs, InUse, Size, PauseMs, HeapBytes, HeapMib, State, StateWord, Celsius, Name,
    NoticePeer, Count, Requests, LongestMs,
    // What identifies people.
    PatientName, Cpf, CpfDigits, Cns, CnsWritten, Email, Phone, Card, RecordNumber, Crm, Cnpj, Cnes,
}

/// Where a field has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// One of these.
    On(u16),
    /// A step, but not inside an error's own words.
    Failure,
    /// A step of a service that leaks.
    Leak,
}

const STEP: Needs = Needs::On(On::Step.bit());
const fn on(kind: On) -> Needs {
    Needs::On(kind.bit())
}

const FIELDS: [(&str, Field, Needs); 75] = [
    ("timestamp", Field::Timestamp, Needs::Nothing),
    ("local_time", Field::LocalTime, Needs::Nothing),
    ("access_time", Field::AccessTime, Needs::Nothing),
    ("level", Field::Level, Needs::Nothing),
    ("category", Field::Category, Needs::Nothing),
    ("department", Field::Department, Needs::Nothing),
    ("service", Field::Service, Needs::Nothing),
    ("instance", Field::Instance, Needs::Nothing),
    ("job", Field::Job, Needs::Nothing),
    ("version", Field::Version, Needs::Nothing),
    ("pid", Field::Pid, Needs::Nothing),
    ("event_id", Field::EventId, Needs::Nothing),
    ("trace_id", Field::TraceId, STEP),
    ("span_id", Field::SpanId, STEP),
    ("operation", Field::Operation, STEP),
    ("method", Field::Method, STEP),
    ("route", Field::Route, STEP),
    ("status", Field::Status, STEP),
    ("request_bytes", Field::RequestBytes, STEP),
    ("response_bytes", Field::ResponseBytes, STEP),
    ("request_ms", Field::RequestMs, STEP),
    ("duration_ms", Field::DurationMs, STEP),
    ("duration_s", Field::DurationS, STEP),
    ("waited_ms", Field::WaitedMs, STEP),
    ("timeout_s", Field::TimeoutS, STEP),
    ("attempt", Field::Attempt, STEP),
    ("attempts", Field::Attempts, STEP),
    ("user_id", Field::UserId, STEP),
    ("role", Field::Role, STEP),
    ("auth_method", Field::AuthMethod, STEP),
    ("ip", Field::Ip, STEP),
    ("user_agent", Field::UserAgent, STEP),
    ("session_id", Field::SessionId, STEP),
    ("patient_hash", Field::PatientHash, STEP),
    ("patient_hash16", Field::PatientHash16, STEP),
    ("model", Field::Model, STEP),
    ("input_type", Field::InputType, STEP),
    ("provider", Field::Provider, STEP),
    ("confidence", Field::Confidence, STEP),
    ("confidence_percent", Field::ConfidencePercent, STEP),
    ("cause", Field::Cause, STEP),
    ("error", Field::Error, Needs::Failure),
    ("error_type", Field::ErrorType, Needs::Failure),
    ("stack", Field::Stack, Needs::Failure),
    ("step", Field::Step, STEP),
    ("caller", Field::Caller, STEP),
    ("peer", Field::Peer, STEP),
    ("peer_instance", Field::PeerInstance, STEP),
    ("success", Field::Success, STEP),
    ("result", Field::Result, STEP),
    ("previous_version", Field::PreviousVersion, on(On::Started)),
    ("pool_waited_ms", Field::NoticeWaitedMs, on(On::PoolWait)),
    ("in_use", Field::InUse, on(On::PoolWait)),
    ("size", Field::Size, on(On::PoolWait)),
    ("pause_ms", Field::PauseMs, on(On::Pause)),
    ("heap_bytes", Field::HeapBytes, on(On::Pause)),
    ("heap_mib", Field::HeapMib, on(On::Pause)),
    ("state", Field::State, on(On::Thermal)),
    ("state_word", Field::StateWord, on(On::Thermal)),
    ("celsius", Field::Celsius, on(On::Thermal)),
    ("name", Field::Name, on(On::Batch)),
    ("remote", Field::NoticePeer, on(On::Retransmits)),
    ("count", Field::Count, on(On::Retransmits)),
    ("requests", Field::Requests, on(On::Report)),
    ("longest_ms", Field::LongestMs, on(On::Report)),
    ("patient_name", Field::PatientName, Needs::Leak),
    ("cpf", Field::Cpf, Needs::Leak),
    ("cpf_digits", Field::CpfDigits, Needs::Leak),
    ("cns", Field::Cns, Needs::Leak),
    ("cns_written", Field::CnsWritten, Needs::Leak),
    ("email", Field::Email, Needs::Leak),
    ("phone", Field::Phone, Needs::Leak),
    ("card", Field::Card, Needs::Leak),
    ("record_number", Field::RecordNumber, Needs::Leak),
    ("crm", Field::Crm, Needs::Leak),
];

/// Identifiers of the house itself, which leak with the rest.
const HOUSE: [(&str, Field, Needs); 2] =
    [("cnpj", Field::Cnpj, Needs::Leak), ("cnes", Field::Cnes, Needs::Leak)];

/// Why a name cannot stand somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotHere {
    /// Nobody knows it.
    Unknown,
    /// It has no value there.
    NoValue,
    /// It identifies somebody.
    Identifies,
}

fn all() -> impl Iterator<Item = &'static (&'static str, Field, Needs)> {
    FIELDS.iter().chain(&HOUSE)
}

/// All names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    all().map(|(name, ..)| *name)
}

/// The field of this name, where it may stand.
pub(super) fn find(name: &str, place: Place) -> Result<Field, NotHere> {
    let (_, field, needs) = all().find(|(known, ..)| *known == name).ok_or(NotHere::Unknown)?;
    match needs {
        Needs::Nothing => Ok(*field),
        Needs::On(kinds) if kinds & place.on.bit() != 0 => Ok(*field),
        Needs::Failure if place.on == On::Step && !place.in_error => Ok(*field),
        Needs::Leak if place.on == On::Step && place.leaky => Ok(*field),
        Needs::Leak => Err(NotHere::Identifies),
        Needs::On(_) | Needs::Failure => Err(NotHere::NoValue),
    }
}
