//! Traces through both encodings: what is written is what is read, and no bytes at all make the reader stop.
// Tests stop at the first thing that is not as it must be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::float_cmp, missing_docs)]

mod any;
mod bounds;
mod hostile;
mod masked;

use plantao::client::fuzzing;
use plantao::demo::servers::tempo::{otlp, proto};
use plantao::model::ask::Answer;
use plantao::model::{Fault, Trace, TraceDoc};
use proptest::prelude::*;
use prost::Message as _;

fn doc(read: Result<Answer, Fault>) -> TraceDoc {
    match read.expect("a trace") {
        Answer::Trace(doc) => doc,
        other => panic!("{other:?}"),
    }
}

/// A trace in all four forms of an answer: protobuf or JSON, version 1 or 2.
fn forms(trace: &Trace) -> [(Vec<u8>, bool, bool); 4] {
    forms_of(otlp::messages(trace))
}

fn forms_of(messages: proto::Trace) -> [(Vec<u8>, bool, bool); 4] {
    let batches = otlp::json(&messages);
    let json_1 = serde_json::json!({ "batches": batches }).to_string();
    let json_2 = serde_json::json!({ "trace": { "resourceSpans": batches }, "metrics": {} }).to_string();
    let protobuf_1 = messages.encode_to_vec();
    let protobuf_2 =
        proto::TraceById { trace: Some(messages), ..proto::TraceById::default() }.encode_to_vec();
    [
        (protobuf_1, true, false),
        (protobuf_2, true, true),
        (json_1.into_bytes(), false, false),
        (json_2.into_bytes(), false, true),
    ]
}

/// Order by start, longer ones first, and without what stands twice: as the reader promises.
fn in_order(mut trace: Trace) -> Trace {
    trace.spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.duration), span.span_id));
    trace.spans.dedup();
    trace
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_in_every_form(trace in any::trace()) {
        let expected = in_order(trace.clone());
        for (bytes, protobuf, version_2) in forms(&trace) {
            let doc = doc(fuzzing::trace(&bytes, protobuf, version_2));
            prop_assert_eq!(&doc.trace.spans, &expected.spans, "protobuf: {}, v2: {}", protobuf, version_2);
            prop_assert_eq!(&*doc.partial, "");
            prop_assert!(doc.leaks.is_empty());
        }
    }

    #[test]
    fn no_bytes_make_the_reader_stop(bytes in prop::collection::vec(prop::num::u8::ANY, 0..400)) {
        for (protobuf, version_2) in [(true, false), (true, true), (false, false), (false, true)] {
            let _ = fuzzing::trace(&bytes, protobuf, version_2);
        }
        let _ = (fuzzing::traces(&bytes, 20), fuzzing::trace_metrics(&bytes));
    }

    /// Cut or with some bytes replaced, an answer is read or refused in one line.
    #[test]
    fn a_damaged_answer_is_read_or_refused(
        trace in any::trace(),
        cut in 0.0..1.0_f64,
        changes in prop::collection::vec((0.0..1.0_f64, prop::num::u8::ANY), 0..6),
    ) {
        for (mut bytes, protobuf, version_2) in forms(&trace) {
            for (at, byte) in &changes {
                let at = (at * bytes.len() as f64) as usize;
                if let Some(old) = bytes.get_mut(at) {
                    *old = *byte;
                }
            }
            if cut > 0.3 {
                bytes.truncate((cut * bytes.len() as f64) as usize);
            }
            if let Err(fault) = fuzzing::trace(&bytes, protobuf, version_2) {
                prop_assert_eq!(fault.detail.lines().count(), 1, "{}", fault.detail);
            }
        }
    }
}

/// A cut in the middle is never taken for a whole trace in JSON, and in protobuf only where a batch ends.
#[test]
fn a_cut_answer_is_refused_but_where_a_message_ends() {
    let trace = any::fixed();
    for (bytes, protobuf, version_2) in forms(&trace) {
        let whole = doc(fuzzing::trace(&bytes, protobuf, version_2)).trace.spans.len();
        let mut read = 0;
        for length in 1..bytes.len() {
            if let Ok(Answer::Trace(doc)) = fuzzing::trace(&bytes[..length], protobuf, version_2) {
                assert!(protobuf && doc.trace.spans.len() < whole, "{length} of {}", bytes.len());
                read += 1;
            }
        }
        // Protobuf does not say how long a message is; HTTP does, which the client checks.
        assert_eq!(read, if protobuf && !version_2 { otlp::messages(&trace).batches.len() - 1 } else { 0 });
    }
}
