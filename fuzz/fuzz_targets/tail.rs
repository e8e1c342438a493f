//! Frames of Loki's tail: what is read of one is the same lines, whatever else stands in it, and safe.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plantao::client::fuzzing::tail_frame;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok((page, _)) = tail_frame(text) {
        assert!(page.entries.iter().all(|entry| !entry.line.contains('\u{1b}')));
        assert!(page.entries.len() <= text.len());
        assert!(page.leaks.iter().all(|leak| leak.count > 0));
    }
});
