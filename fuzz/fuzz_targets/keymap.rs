//! The text of a key, and every key back to its text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plantao::keymap::Key;

fuzz_target!(|text: &str| {
    if let Ok(key) = text.parse::<Key>() {
        assert_eq!(key.to_string().parse::<Key>().ok(), Some(key), "{text:?} is written {key}");
    }
});
