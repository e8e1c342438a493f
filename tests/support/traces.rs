//! Traces as a hospital's servers would send them, made by hand.

// Each test program uses its own part of this.
#![allow(dead_code)]

use std::sync::Arc;

use plantao::model::{
    Attribute, Attributes, Leak, Span, SpanEvent, SpanId, SpanKind, SpanLink, SpanStatus, Trace, TraceDoc,
    TraceHit, TraceId, TraceList, TraceService,
};

pub const MS: i64 = 1_000_000;
/// The slow trace in question.
pub const SLOW: TraceId = TraceId(0x19f3_f0e3_dfb8_f650_15a1_0f50_7efb_6740);
/// A usual one of the same operation.
pub const USUAL: TraceId = TraceId(0x07c1_55d0_91aa_4be2_b0d4_7f00_12ab_9e31);
/// One that a link names.
pub const LINKED: TraceId = TraceId(0x5511_0000_0000_0000_0000_0000_0000_0042);

pub fn text(value: &str) -> Attribute {
    Attribute::Text(value.into())
}

pub fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    pairs.iter().map(|(name, value)| ((*name).into(), text(value))).collect()
}

/// A span: id, parent (0 is none), service, operation, side, from and to in milliseconds after `base` nanoseconds.
pub fn span(
    id: u64,
    parent: u64,
    service: &str,
    name: &str,
    kind: SpanKind,
    base: i64,
    (from, to): (f64, f64),
) -> Span {
    let ns = |ms: f64| (ms * MS as f64) as i64;
    Span {
        trace_id: SLOW,
        span_id: SpanId(id),
        parent_id: (parent != 0).then_some(SpanId(parent)),
        service: service.into(),
        name: name.into(),
        kind,
        start: base + ns(from),
        duration: ns(to - from),
        resource: Arc::new(attributes(&[("host.name", "mac-studio"), ("service.version", "2.4.1")])),
        scope: "feed".into(),
        ..Span::default()
    }
}

/// A transcription that failed at its second try and took twelve seconds; `base` is unix nanoseconds.
pub fn slow(base: i64) -> TraceDoc {
    use SpanKind::{Client, Consumer, Internal, Producer, Server};
    let one = |id, parent, service, name, kind, times| span(id, parent, service, name, kind, base, times);
    let mut spans = vec![
        one(1, 0, "api-gateway", "POST /v1/transcriptions", Server, (0.0, 12_400.0)),
        one(2, 1, "api-gateway", "auth.verify", Client, (4.0, 96.0)),
        one(3, 2, "auth-service", "verify_token", Server, (9.0, 90.0)),
        one(4, 3, "auth-service", "SELECT sessions", Client, (12.0, 31.5)),
        one(5, 1, "api-gateway", "POST medical-api", Client, (101.0, 12_380.0)),
        one(6, 5, "medical-api", "medical_operation.transcribe", Server, (118.0, 12_361.0)),
        one(7, 6, "medical-api", "validate_medical_data", Internal, (121.0, 164.0)),
        one(8, 6, "medical-api", "ai_inference.whisper-large", Client, (170.0, 5_190.0)),
        one(9, 8, "ai-engine", "audio_preprocessing", Server, (-420.0, -30.0)),
        one(10, 8, "ai-engine", "whisper_inference", Internal, (590.0, 5_180.0)),
        one(11, 6, "medical-api", "ai_inference.whisper-large", Client, (5_400.0, 11_900.0)),
        one(12, 11, "ai-engine", "audio_preprocessing", Internal, (5_410.0, 5_800.0)),
        one(13, 11, "ai-engine", "whisper_inference", Internal, (5_810.0, 11_890.0)),
        one(14, 6, "medical-api", "store_medical_record", Client, (11_910.0, 12_340.0)),
        one(15, 14, "postgresql", "INSERT records", Server, (11_940.0, 12_310.0)),
        one(16, 6, "medical-api", "publish audit", Producer, (12_342.0, 12_350.0)),
        one(17, 16, "audit-writer", "append", Consumer, (12_360.0, 12_900.0)),
        one(18, 77, "medical-api", "notify_ward", Internal, (12_000.0, 12_090.0)),
    ];
    let fail = |span: &mut Span, words: &str| {
        span.status = SpanStatus::Error;
        span.status_message = words.into();
    };
    fail(&mut spans[7], "deadline exceeded after 5 s");
    fail(&mut spans[9], "decoder stalled");
    spans[9].attributes = vec![
        ("gen_ai.request.model".into(), text("whisper-large")),
        ("gen_ai.operation.name".into(), text("transcription")),
        ("gen_ai.usage.input_tokens".into(), Attribute::Int(1_500)),
        ("gen_ai.usage.output_tokens".into(), Attribute::Int(212)),
        ("ai.model.inference_time".into(), Attribute::Float(4.59)),
        ("transcription.confidence".into(), Attribute::Float(0.61)),
        ("medical.user_id".into(), text("‹cpf:9f2c1a7e55d0b3c4›")),
    ];
    let stack: Vec<String> = (1..30).map(|at| format!("  at decode::step (decode.rs:{at})")).collect();
    spans[9].events = vec![SpanEvent {
        at: base + 5_100 * MS,
        name: "exception".into(),
        attributes: attributes(&[
            ("exception.type", "DecoderStalled"),
            ("exception.message", "no token for 2.0 s"),
            ("exception.stacktrace", &stack.join("\n")),
        ]),
    }];
    spans[5].attributes =
        attributes(&[("medical.operation", "transcribe"), ("medical.department", "emergency")]);
    spans[0].attributes =
        attributes(&[("http.request.method", "POST"), ("http.response.status_code", "200")]);
    spans[0].links = vec![SpanLink {
        trace_id: LINKED,
        span_id: SpanId(9),
        attributes: attributes(&[("reason", "retry of")]),
    }];
    spans.sort_by_key(|span| span.start);
    TraceDoc {
        trace: Arc::new(Trace { id: SLOW, spans }),
        partial: "".into(),
        leaks: vec![Leak {
            stream: None,
            kind: Some("cpf".into()),
            count: 1,
            first: chrono::DateTime::from_timestamp_nanos(base),
            last: chrono::DateTime::from_timestamp_nanos(base),
        }],
    }
}

/// The same operation as it usually goes.
pub fn usual(base: i64) -> TraceDoc {
    use SpanKind::{Client, Internal, Server};
    let one = |id, parent, service, name, kind, times| Span {
        trace_id: USUAL,
        ..span(id, parent, service, name, kind, base, times)
    };
    let spans = vec![
        one(1, 0, "api-gateway", "POST /v1/transcriptions", Server, (0.0, 2_310.0)),
        one(2, 1, "api-gateway", "auth.verify", Client, (4.0, 88.0)),
        one(3, 2, "auth-service", "verify_token", Server, (9.0, 82.0)),
        one(4, 3, "auth-service", "SELECT sessions", Client, (12.0, 30.0)),
        one(5, 1, "api-gateway", "POST medical-api", Client, (93.0, 2_296.0)),
        one(6, 5, "medical-api", "medical_operation.transcribe", Server, (104.0, 2_288.0)),
        one(7, 6, "medical-api", "validate_medical_data", Internal, (107.0, 149.0)),
        one(8, 6, "medical-api", "ai_inference.whisper-large", Client, (155.0, 1_870.0)),
        one(9, 8, "ai-engine", "audio_preprocessing", Internal, (160.0, 540.0)),
        one(10, 8, "ai-engine", "whisper_inference", Internal, (548.0, 1_862.0)),
        one(11, 6, "medical-api", "enrich_codes", Internal, (1_872.0, 1_990.0)),
        one(14, 6, "medical-api", "store_medical_record", Client, (1_995.0, 2_270.0)),
        one(15, 14, "postgresql", "INSERT records", Server, (2_010.0, 2_255.0)),
    ];
    TraceDoc { trace: Arc::new(Trace { id: USUAL, spans }), ..TraceDoc::default() }
}

/// A search's answer: traces of a few operations over the hour before `end` (unix nanoseconds), one in nine with an error.
pub fn list(end: i64, count: usize) -> TraceList {
    let operations = [
        ("api-gateway", "POST /v1/transcriptions", 2_300),
        ("api-gateway", "GET /v1/records", 84),
        ("api-gateway", "POST /v1/login", 240),
        ("medical-api", "medical_operation.triage", 610),
    ];
    let hit = |at: usize| {
        let (service, name, usual) = operations[at % operations.len()];
        // A spread that stays the same on every run: mostly usual, now and then far slower.
        let wave = 1.0 + 0.6 * (at as f64 * 1.7).sin();
        let slow = if at.is_multiple_of(11) { 5.4 } else { 1.0 };
        let error = at % 9 == 4;
        TraceHit {
            id: TraceId((at as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)),
            root_service: service.into(),
            root_name: name.into(),
            start: end - (at as i64 + 1) * 3_540_000 * MS / count.max(1) as i64,
            duration: (f64::from(usual) * wave * slow) as i64 * MS,
            services: vec![
                TraceService { name: service.into(), spans: 3, errors: 0 },
                TraceService { name: "ai-engine".into(), spans: 2 + at as u32 % 5, errors: u32::from(error) },
            ],
            matched: Vec::new(),
            matched_count: 1,
        }
    };
    TraceList { hits: (0..count).map(hit).collect(), ..TraceList::default() }
}
