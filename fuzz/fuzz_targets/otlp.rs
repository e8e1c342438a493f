//! A trace by id in protobuf, of both versions: read or refused, never half safe.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plantao::client::fuzzing::trace;
use plantao::explore::waterfall::Waterfall;
use plantao::export;
use plantao::model::ask::Answer;

fuzz_target!(|data: &[u8]| {
    for version_2 in [false, true] {
        let Ok(Answer::Trace(doc)) = trace(data, true, version_2) else { continue };
        assert!(doc.trace.spans.is_sorted_by_key(|span| span.start));
        assert!(doc.trace.spans.iter().all(|span| span.duration >= 0 && !span.name.contains('\u{1b}')));
        let fall = Waterfall::of(&doc.trace);
        assert_eq!(fall.rows.len(), doc.trace.spans.len());
        export::trace_text(&doc, &fall, "", true, &mut |_| {});
        export::trace_json(&doc, &mut |_| {});
    }
});
