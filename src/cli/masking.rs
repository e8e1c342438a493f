//! The masker of this process, from the configuration and the environment.

use std::path::Path;

use super::Surroundings;
use crate::config::{Loaded, Origin};
use crate::document::Problem;
use crate::privacy::{Fields, Key, Masker};
use crate::text::cli::EN as WORDS;

/// The variable that holds a key.
const VARIABLE: &str = "PLANTAO_PRIVACY_KEY";

/// No key is longer, and a wrong path must not fill the memory.
const LIMIT: u64 = 64 * 1024;

/// The masker that the configuration asks for: its key from the system's file, the variable, the person's
/// file, or made for this run.
pub fn masker(loaded: &Loaded, around: &Surroundings) -> Result<Masker, Problem> {
    let privacy = &loaded.config.privacy;
    let variable = around.var(VARIABLE).filter(|text| !text.is_empty());
    let key = match (&privacy.key_file, variable) {
        (Some(path), None) => from_file(path)?,
        (Some(path), Some(_)) if is_the_systems(loaded) => from_file(path)?,
        (_, Some(text)) => key(text.as_bytes(), VARIABLE)?,
        (None, None) => Key::random(),
    };
    let fields = Fields::with(&privacy.fields)
        .map_err(|name| Problem::bare("privacy.fields", (WORDS.bad_field)(&name)))?;
    Ok(Masker::new(key, fields))
}

fn is_the_systems(loaded: &Loaded) -> bool {
    match loaded.origin("privacy.key_file") {
        Origin::File { path, .. } => loaded.files.system.as_ref() == Some(path),
        _ => false,
    }
}

fn from_file(path: &Path) -> Result<Key, Problem> {
    use std::io::Read;
    let shown = path.display().to_string();
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes)).map_err(|error| {
        Problem::bare(&shown, (WORDS.key_unreadable)(&error.to_string())).with_help(WORDS.key_help)
    })?;
    key(&bytes, &shown)
}

fn key(bytes: &[u8], from: &str) -> Result<Key, Problem> {
    Key::new(bytes).map_err(|short| {
        Problem::bare(from, (WORDS.key_short)(short.0, Key::LEAST)).with_help(WORDS.key_help)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;
    use crate::config::{Flags, Inputs, Paths, load};

    fn loaded(folder: &Path, system: &str, user: &str) -> Loaded {
        for (name, text) in [("etc", system), ("user", user)] {
            std::fs::create_dir_all(folder.join(name)).expect("a folder");
            std::fs::write(folder.join(name).join("config.toml"), text).expect("a file");
        }
        let paths = Paths { system: Some(folder.join("etc")), user: vec![folder.join("user")], home: None };
        load(&Inputs { flags: Flags::default(), env: BTreeMap::new(), paths, login: None }).expect("loads")
    }

    fn mark(loaded: &Loaded, variable: Option<&str>) -> Result<String, String> {
        let env = variable.map(|key| (VARIABLE.to_owned(), key.to_owned())).into_iter().collect();
        let around = Surroundings::of(env, None::<PathBuf>, None, false);
        masker(loaded, &around)
            .map(|masker| masker.mask("52998224725").into_owned())
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn the_key_is_the_systems_then_the_variables_then_ones_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = ["the system's key 1", "my own key of bytes", "a key in a variable"];
        let whose = |key: &str| {
            let masker = Masker::new(Key::new(key.as_bytes()).expect("a key"), Fields::default());
            Ok(masker.mask("52998224725").into_owned())
        };
        std::fs::create_dir_all(folder.path().join("etc")).expect("a folder");
        std::fs::create_dir_all(folder.path().join("user")).expect("a folder");
        std::fs::write(folder.path().join("etc/key"), keys[0]).expect("a key");
        std::fs::write(folder.path().join("user/key"), format!("{}\n", keys[1])).expect("a key");
        let named = "[privacy]\nkey_file = \"key\"\n";
        let both = loaded(folder.path(), named, named);
        assert_eq!(mark(&both, Some(keys[2])), whose(keys[0]));
        let own = loaded(folder.path(), "", named);
        assert_eq!(mark(&own, None), whose(keys[1]));
        assert_eq!(mark(&own, Some(keys[2])), whose(keys[2]));
        let none = loaded(folder.path(), "", "");
        assert_ne!(mark(&none, None), mark(&none, None), "a key for each run");
    }

    #[test]
    fn a_bad_key_says_what_is_wrong_and_what_to_do_and_never_itself() {
        let folder = tempfile::tempdir().expect("a folder");
        let none = loaded(folder.path(), "", "");
        let told = mark(&none, Some("s3cret")).expect_err("too short");
        assert!(
            told.starts_with("PLANTAO_PRIVACY_KEY: the key of pseudonyms has 6 bytes, at least 16"),
            "{told}"
        );
        assert!(told.contains("openssl rand") && !told.contains("s3cret"), "{told}");
        let missing = loaded(folder.path(), "", "[privacy]\nkey_file = \"nowhere\"\n");
        assert!(mark(&missing, None).expect_err("missing").contains("cannot be read"), "{missing:?}");
    }
}
