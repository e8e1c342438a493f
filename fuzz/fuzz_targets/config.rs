//! A configuration file: TOML, keys, values, secrets, contexts.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plantao::config::{Flags, Inputs, load};

static FILE: LazyLock<std::path::PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("plantao-fuzz-{}.toml", std::process::id())));

fuzz_target!(|data: &[u8]| {
    if std::fs::write(&*FILE, data).is_err() {
        return;
    }
    let flags = Flags { config: Some(FILE.clone()), ..Flags::default() };
    if let Err(problems) = load(&Inputs { flags, ..Inputs::default() }) {
        // What is refused is refused with words.
        assert!(problems.iter().all(|problem| !problem.to_string().is_empty()));
    }
});
