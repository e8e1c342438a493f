//! What Tempo answers in JSON: a trace, a search, metrics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plantao::client::fuzzing::{trace, trace_metrics, traces};
use plantao::export;
use plantao::model::ask::Answer;

fuzz_target!(|data: &[u8]| {
    if let Ok(Answer::Trace(doc)) = trace(data, false, true) {
        assert!(doc.trace.spans.is_sorted_by_key(|span| span.start));
        let mut document = String::new();
        export::trace_json(&doc, &mut |piece| document.push_str(piece));
        assert!(!document.contains('\u{1b}'));
    }
    if let Ok(Answer::Traces(list)) = traces(data, 20) {
        for hit in list.hits.iter() {
            assert!(!export::hit_json(hit).contains('\n'));
        }
    }
    if let Ok(Answer::Matrix(series)) = trace_metrics(data) {
        assert!(series.iter().all(|series| series.points.is_sorted_by_key(|point| point.t)));
    }
});
