//! A scraped page, in either format.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plantao::client::fuzzing::page;

fuzz_target!(|data: &[u8]| {
    for open_metrics in [false, true] {
        let _ = page(data, open_metrics);
    }
});
