//! Results of queries, as Prometheus and Loki write them; and exemplars.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plantao::client::fuzzing::{exemplars, result};
use plantao::model::ask::Answer;

fuzz_target!(|data: &[u8]| {
    let _ = result(data);
    if let Ok(Answer::Exemplars(all)) = exemplars(data) {
        assert!(all.is_sorted_by_key(|exemplar| exemplar.at));
    }
});
