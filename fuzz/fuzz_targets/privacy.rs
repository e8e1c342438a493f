//! Masking: bounded, repeatable, and nothing that moves a terminal's cursor comes through.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plantao::privacy::{masker, safe, safe_line, safe_name, safe_value};

fuzz_target!(|text: &str| {
    let once = safe(text);
    assert!(!once.contains('\u{1b}') && !once.contains('\u{9b}'), "{once:?}");
    assert_eq!(safe(&once), once, "masking what is masked changes nothing");
    assert!(!safe_line(text).contains(char::is_control));
    assert!(!safe_name(text).contains(char::is_control));
    // The same text as a name and a value, and as a value of a field that is never shown.
    let (name, value) = text.split_at(text.char_indices().nth(8).map_or(text.len(), |(at, _)| at));
    assert!(!safe_value(name, value).contains(char::is_control));
    let hidden = masker().value("patient_name", value);
    assert_eq!(masker().value("patient_name", &hidden), hidden);
});
