//! Bytes that are wrong in one way each: the fault says which.

use plantao::client::fuzzing;
use plantao::model::FaultKind;
use plantao::model::ask::Answer;

use crate::doc;

#[test]
fn protobuf_that_is_none_says_why() {
    for (bytes, words) in [
        (&[0x0a, 0x05, 0x00][..], "end within a message"),
        (&[0x0a], "cannot be"),
        (&[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], "cannot be"),
        (&[0x08, 0x01], "another type"),
        (&[0x0b, 0x0c], "cannot be"),
        (&[0x07, 0x01], "cannot be"),
        (&[0x00], "cannot be"),
        (b"<html>login</html>", "protobuf"),
        (b"{\"batches\":[]}", "protobuf"),
        // A span's start as a varint; a span id of nine bytes.
        (&[0x0a, 0x06, 0x12, 0x04, 0x12, 0x02, 0x38, 0x01], "another type"),
        (&[0x0a, 0x0f, 0x12, 0x0d, 0x12, 0x0b, 0x12, 0x09, 1, 2, 3, 4, 5, 6, 7, 8, 9], "an id of a length"),
    ] {
        let fault = fuzzing::trace(bytes, true, false).expect_err(words);
        assert_eq!(fault.kind, FaultKind::WrongFormat, "{bytes:?}");
        assert!(fault.detail.contains(words), "{bytes:?}: {}", fault.detail);
    }
}

#[test]
fn json_that_is_none_says_why() {
    for (text, kind, words) in [
        ("", FaultKind::Truncated, "cut off"),
        ("{\"batches\":[", FaultKind::Truncated, "cut off"),
        ("[]", FaultKind::WrongFormat, "a trace"),
        ("{\"batches\":{}}", FaultKind::WrongFormat, "a list of spans by resource"),
        ("{\"batches\":[[]]}", FaultKind::WrongFormat, "a resource with its spans"),
        ("{\"batches\":[]} x", FaultKind::WrongFormat, "trailing"),
        (
            r#"{"batches":[{"scopeSpans":[{"spans":[{"spanId":"!!"}]}]}]}"#,
            FaultKind::WrongFormat,
            "neither hex nor base64",
        ),
        (
            r#"{"batches":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"soon"}]}]}]}"#,
            FaultKind::WrongFormat,
            "a whole number",
        ),
        ("fine", FaultKind::WrongFormat, "not the JSON"),
    ] {
        let fault = fuzzing::trace(text.as_bytes(), false, true).expect_err(text);
        assert_eq!(fault.kind, kind, "{text}: {}", fault.detail);
        assert!(fault.detail.contains(words), "{text}: {}", fault.detail);
    }
}

/// What other writers do, within the protocol or nearly so.
#[test]
fn other_spellings_mean_the_same() {
    let spans = [
        r#"{"traceId":"q80=","spanId":"AQ==","startTimeUnixNano":"5","endTimeUnixNano":"9","kind":"SPAN_KIND_SERVER","status":{"code":"STATUS_CODE_ERROR"}}"#,
        r#"{"traceId":"0000000000000000000000000000abcd","spanId":"0000000000000001","startTimeUnixNano":5,"endTimeUnixNano":9,"kind":2,"status":{"code":2},"flags":256}"#,
        r#"{"traceId":"q80","spanId":"AQ","parentSpanId":"","startTimeUnixNano":5.0,"endTimeUnixNano":9,"kind":2,"status":{"code":2},"events":null,"links":null,"attributes":null}"#,
    ];
    let mut read = Vec::new();
    for span in spans {
        for text in [
            format!(r#"{{"batches":[{{"resource":{{}},"scopeSpans":[{{"spans":[{span}]}}]}}]}}"#),
            format!(
                r#"{{"resourceSpans":[{{"instrumentationLibrarySpans":[{{"instrumentationLibrary":{{}},"spans":[{span}]}}],"resource":null}}]}}"#
            ),
        ] {
            read.push(doc(fuzzing::trace(text.as_bytes(), false, false)).trace);
        }
    }
    assert!(read.iter().all(|trace| trace.spans.len() == 1 && trace == &read[0]), "{read:#?}");
    assert_eq!((read[0].id.0, read[0].spans[0].duration), (0xabcd, 4));
}

/// A resource that comes after its spans is theirs all the same.
#[test]
fn a_late_resource_counts() {
    let text = r#"{"batches":[{"scopeSpans":[{"spans":[{"name":"a"}]}],
        "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"late"}}]}}]}"#;
    let doc = doc(fuzzing::trace(text.as_bytes(), false, false));
    assert_eq!(&*doc.trace.spans[0].service, "late");
}

#[test]
fn searches_and_metrics_that_are_none_are_refused() {
    for text in ["", "[", "[]", r#"{"traces":[{"traceID":"xyz"}]}"#, r#"{"traces":7}"#, r#"{"traces":[{}]}"#]
    {
        assert!(fuzzing::traces(text.as_bytes(), 20).is_err(), "{text}");
    }
    for text in ["", "{", r#"{"series":[{"samples":[{"timestampMs":"x"}]}]}"#, r#"{"series":1}"#] {
        assert!(fuzzing::trace_metrics(text.as_bytes()).is_err(), "{text}");
    }
    let empty =
        r#"{"series":[{"labels":null,"samples":[{"timestampMs":"5"},{"timestampMs":4,"value":"NaN"}]}]}"#;
    let Ok(Answer::Matrix(series)) = fuzzing::trace_metrics(empty.as_bytes()) else { panic!("no matrix") };
    assert_eq!((series[0].points[1].t, series[0].points[1].v), (5, 0.0), "a zero is left out");
    assert!(series[0].points[0].v.is_nan());
}
