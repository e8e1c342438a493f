//! The documentation says what the program does: the table of commands and the lists of roles and keys.
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use plantao::command::{Context, markdown};
use plantao::keymap::Keymap;
use plantao::theme::{Role, Theme};

const START: &str = "<!-- commands -->";
const END: &str = "<!-- /commands -->";

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What stands between the markers, with the text before and after; `None` without markers.
fn between(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(START)?;
    let (table, after) = rest.split_once(END)?;
    Some((before, table, after))
}

/// With `UPDATE_DOCS=1` in the environment it writes the table instead.
#[test]
fn the_table_of_commands_is_the_programs_own() {
    let table = markdown(&Keymap::shipped());
    let mut found = 0;
    for name in ["README.md", "docs/commands.md"] {
        let text = if path(name).exists() { read(name) } else { continue };
        let Some((before, written, after)) = between(&text) else { continue };
        found += 1;
        let right = format!("\n{table}");
        if written != right && std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path(name), format!("{before}{START}{right}{END}{after}"))
                .expect("the file is written");
        } else {
            assert!(
                written == right,
                "{name} is behind the command table: UPDATE_DOCS=1 cargo test --test docs"
            );
        }
    }
    assert!(found > 0, "no document has the table between {START} and {END}");
}

#[test]
fn every_role_is_documented() {
    let text = read("docs/themes.md");
    for role in Role::ALL {
        assert!(text.contains(&format!("`{}`", role.name())), "docs/themes.md lacks `{}`", role.name());
    }
    for name in Theme::names(&[]) {
        assert!(text.contains(&format!("`{name}`")), "docs/themes.md lacks `{name}`");
    }
}

#[test]
fn every_mode_and_keymap_is_documented() {
    let text = read("docs/keymaps.md");
    for context in Context::ALL {
        assert!(
            text.contains(&format!("`[{}]`", context.name())),
            "docs/keymaps.md lacks [{}]",
            context.name()
        );
    }
    for name in Keymap::names(&[]) {
        assert!(text.contains(&format!("`{name}`")), "docs/keymaps.md lacks `{name}`");
    }
}

/// The examples are files that load.
#[test]
fn the_examples_load() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    for (folder, name, document) in
        [("keymaps", "default", "docs/keymaps.md"), ("themes", "mine", "docs/themes.md")]
    {
        let text = read(document);
        let example = text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
        std::fs::create_dir_all(dir.path().join(folder)).expect("a folder");
        let file = dir.path().join(folder).join(format!("{name}.toml"));
        std::fs::write(file, example.expect("an example")).expect("a file");
    }
    let dirs = [dir.path().to_owned()];
    assert_eq!(Keymap::load("default", &dirs).err(), None);
    assert_eq!(Theme::load("mine", &dirs).err(), None);
}

/// Names in the first column of a document's tables.
fn first_cells(text: &str) -> std::collections::BTreeSet<&str> {
    text.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect()
}

#[test]
fn every_dependency_says_how_it_earns_its_place() {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("Cargo.toml");
    let architecture = read("ARCHITECTURE.md");
    let told =
        first_cells(architecture.split("\n## Dependencies\n").nth(1).expect("a chapter of dependencies"));
    let mut used = std::collections::BTreeSet::new();
    let tables = [manifest.get("dependencies"), manifest.get("dev-dependencies")].into_iter().flatten();
    let targets = manifest.get("target").and_then(toml::Value::as_table).into_iter().flatten();
    for table in tables.chain(targets.filter_map(|(_, target)| target.get("dependencies"))) {
        used.extend(table.as_table().expect("a table").keys().map(String::as_str));
    }
    assert_eq!(told, used, "left: ARCHITECTURE.md, right: Cargo.toml");
}

#[test]
fn every_room_is_on_the_map() {
    let architecture = read("ARCHITECTURE.md");
    let rooms = architecture.split("\n## The rooms\n").nth(1).and_then(|rest| rest.split("\n## ").next());
    let told = first_cells(rooms.expect("a chapter of rooms"));
    let lib = read("src/lib.rs");
    let built: std::collections::BTreeSet<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert_eq!(told, built, "left: ARCHITECTURE.md, right: src/lib.rs");
}

#[test]
fn every_suite_of_tests_says_what_it_proves() {
    let architecture = read("ARCHITECTURE.md");
    for entry in std::fs::read_dir(path("tests")).expect("tests").map(|entry| entry.expect("an entry").path())
    {
        let name = entry.file_name().expect("a name").to_string_lossy().into_owned();
        let is_suite = entry.extension().is_some_and(|kind| kind == "rs") || entry.join("main.rs").exists();
        assert!(
            !is_suite || architecture.contains(&format!("`tests/{name}`")),
            "ARCHITECTURE.md lacks tests/{name}"
        );
    }
}

/// Every relative link of a document leads to a file, pictures aside: `make pictures` draws those.
#[test]
fn links_lead_somewhere() {
    let pages =
        ["incident", "json", "commands", "configuration", "keymaps", "packs", "privacy", "serve", "themes"];
    let mut documents: Vec<String> = pages.iter().map(|page| format!("docs/{page}.md")).collect();
    documents.extend(["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(str::to_owned));
    let mut found = 0;
    for name in documents {
        let text = read(&name);
        let folder = path(&name).parent().expect("a folder").to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") || file.starts_with("snapshots/pictures/") {
                continue;
            }
            assert!(folder.join(file).exists(), "{name}: {link} leads nowhere");
            found += 1;
        }
    }
    assert!(found > 10, "{found}");
}

/// The words of a line of shell up to a pipe, a redirection or a comment; quotes keep words together.
fn words(line: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '|' | '>' | '&' | '#') => break,
            (None, ' ') => all.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    all.extend(word);
    all
}

/// Every `plantao` line of a document's scripts is one that the program takes.
#[test]
fn the_commands_of_the_documents_are_taken() {
    use clap::Parser;
    let mut found = 0;
    for name in ["README.md", "docs/incident.md", "docs/json.md", "docs/serve.md"] {
        let text = read(name);
        for block in text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            for line in block.lines().filter(|line| line.starts_with("plantao ")) {
                if let Err(error) = plantao::cli::Cli::try_parse_from(words(line)) {
                    panic!("{name}: {line}\n{error}");
                }
                found += 1;
            }
        }
    }
    assert!(found > 12, "{found}");
}

/// The README's configuration is one that holds, without a note.
#[test]
fn the_readmes_configuration_loads() {
    use plantao::config::{Inputs, Paths, load};
    let text = read("README.md");
    let example =
        text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let home = tempfile::tempdir().expect("a home");
    std::fs::write(home.path().join("config.toml"), example).expect("a file");
    let paths =
        Paths { user: vec![home.path().to_owned()], home: Some(home.path().to_owned()), ..Paths::default() };
    let loaded = load(&Inputs { paths, ..Inputs::default() }).expect("no problem");
    assert_eq!(loaded.notes, Vec::<String>::new());
    assert_eq!(loaded.config.contexts.len(), 2);
}
