//! Loki's lines, with and without their metadata apart.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plantao::client::fuzzing::streams;
use plantao::model::ask::Answer;

fuzz_target!(|data: &[u8]| {
    if let Ok(Answer::Logs(page)) = streams(data) {
        assert!(page.entries.iter().all(|entry| !entry.line.contains('\u{1b}')));
    }
});
