//! An identifier in any surroundings that leave it a number of its own is gone from the output.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plantao::privacy::safe;

fuzz_target!(|input: (&str, &str)| {
    let (before, after) = input;
    // What holds it by itself may make it a part of something else, which nobody masks.
    if before.contains("529.982.247-25") || after.contains("529.982.247-25") {
        return;
    }
    // Neighbours that make it a part of something else are the masker's own business.
    let line = format!("{before} \"529.982.247-25\" {after}");
    let masked = safe(&line);
    let opened = before.contains(['\u{1b}', '\u{90}', '\u{98}', '\u{9d}', '\u{9e}', '\u{9f}', '\u{9b}']);
    assert!(opened || !masked.contains("529.982.247-25"), "{masked:?}");
});
