//! Lookup against a naive map, and what the shipped keymaps promise.

use std::path::Path;

use proptest::prelude::*;

use super::key_text::tests::any_key;
use super::*;
use crate::command::{COMMANDS, search};

const VIEWS: &[Context] =
    &[Context::Page, Context::Alerts, Context::Detail, Context::Sources, Context::Overlay];

fn keys(text: &str) -> Vec<Key> {
    text.split_whitespace().map(|key| key.parse().expect("a key")).collect()
}

fn shipped(name: &str) -> Keymap {
    Keymap::load(name, &[]).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn with(base: &Path, name: &str, text: &str) -> Result<Keymap, Vec<Problem>> {
    std::fs::create_dir_all(base.join("keymaps")).expect("a folder");
    std::fs::write(base.join("keymaps").join(format!("{name}.toml")), text).expect("a file");
    Keymap::load(name, &[base.to_owned()])
}

#[test]
fn every_shipped_keymap_loads_without_a_problem() {
    for name in Keymap::names(&[]) {
        assert!(!shipped(&name).modes.is_empty(), "{name}");
    }
    assert_eq!(Keymap::shipped(), shipped("default"));
}

#[test]
fn a_sequence_waits_matches_fails_or_is_cancelled() {
    let vim = shipped("vim");
    let modes = &[Context::Alerts, Context::Global];
    let Lookup::Pending(hints) = vim.lookup(modes, &keys("g")) else { panic!("g is a prefix") };
    let next: Vec<String> = hints.iter().map(|(key, hint)| format!("{key} {hint}")).collect();
    assert!(next.contains(&"g Top".to_owned()), "{next:?}");
    assert!(next.contains(&"o Overview".to_owned()), "both modes go on together: {next:?}");
    assert_eq!(vim.lookup(modes, &keys("g g")), Lookup::Matched(CommandId::Top));
    assert_eq!(vim.lookup(modes, &keys("g o")), Lookup::Matched(CommandId::Overview));
    assert_eq!(vim.lookup(modes, &keys("g q")), Lookup::NotFound);
    assert_eq!(vim.lookup(modes, &keys("g esc")), Lookup::Cancelled);
    assert_eq!(vim.lookup(modes, &keys("esc")), Lookup::Matched(CommandId::Back));
    assert_eq!(vim.lookup(modes, &[]), Lookup::NotFound);
    assert_eq!(vim.lookup(&[], &keys("q")), Lookup::NotFound);
}

#[test]
fn the_views_binding_hides_the_global_one() {
    let map = Keymap::shipped();
    let q = keys("q");
    assert_eq!(map.lookup(&[Context::Page, Context::Global], &q), Lookup::Matched(CommandId::Quit));
    assert_eq!(map.lookup(&[Context::Overlay, Context::Global], &q), Lookup::Matched(CommandId::Back));
    assert_eq!(map.keys_for(&[Context::Overlay, Context::Global], CommandId::Quit), Vec::<String>::new());
}

#[test]
fn keys_for_is_shortest_first_and_leaves_removed_keys_out() {
    let page = &[Context::Page, Context::Global];
    assert_eq!(Keymap::shipped().keys_for(page, CommandId::Down), ["j", "down"]);
    assert_eq!(Keymap::shipped().keys_for(page, CommandId::Back), ["esc", "backspace"]);
    assert_eq!(Keymap::shipped().keys_for(page, CommandId::Top), ["g", "home"]);
    assert_eq!(shipped("vim").keys_for(page, CommandId::Top), ["home", "g g"]);
    assert_eq!(shipped("vim").keys_for(page, CommandId::Sort), Vec::<String>::new());
}

#[test]
fn a_persons_file_changes_some_keys_of_the_shipped_one() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let own = "inherits = \"default\"\n[global]\nq = \"none\"\nQ = \"quit\"\n";
    let map = with(dir.path(), "default", own).expect("a keymap");
    assert_eq!(map.keys_for(&[Context::Page, Context::Global], CommandId::Quit), ["Q", "ctrl-c"]);
    // And vim, which stands on the default, follows it.
    let vim = Keymap::load("vim", &[dir.path().to_owned()]).expect("a keymap");
    assert_eq!(vim.lookup(&[Context::Global], &keys("q")), Lookup::NotFound);
}

#[test]
fn problems_of_all_files_come_together() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    with(dir.path(), "base", "[global]\nq = \"qiut\"\n").expect_err("a problem");
    let problems =
        with(dir.path(), "own", "inherits = \"base\"\n[global]\nZZ = \"quit\"\n").expect_err("two");
    let files: Vec<&str> = problems.iter().map(|p| p.file.rsplit('/').next().unwrap_or_default()).collect();
    assert_eq!(files, ["base.toml", "own.toml"]);
    let lost = with(dir.path(), "lost", "inherits = \"bsae\"\n[global]\nZZ = \"quit\"\n").expect_err("two");
    assert_eq!(lost.len(), 2, "{lost:?}");
    assert_eq!(lost[0].help.as_deref(), Some("did you mean `base`?"));
}

#[test]
fn every_command_is_reached_by_a_key_or_the_palette() {
    for name in Keymap::names(&[]) {
        let map = shipped(&name);
        for command in COMMANDS {
            for context in command.contexts {
                let modes: &[Context] = if *context == Context::Prompt {
                    &[Context::Prompt]
                } else {
                    &[*context, Context::Global]
                };
                let by_key = !map.keys_for(modes, command.id).is_empty();
                let by_palette = *context != Context::Prompt
                    && search(command.name, modes, crate::model::Role::Admin)
                        .iter()
                        .any(|hit| hit.command == command.id && hit.available);
                assert!(by_key || by_palette, "{name}: {} in {}", command.name, context.name());
            }
        }
    }
}

#[test]
fn the_essential_commands_have_a_key_wherever_they_work() {
    use CommandId as C;
    let everywhere = [
        C::Overview,
        C::Alerts,
        C::Department,
        C::Hardware,
        C::Models,
        C::Sources,
        C::Back,
        C::Palette,
        C::TimeBack,
        C::TimeForward,
        C::TimeNow,
        C::ZoomIn,
        C::ZoomOut,
        C::Freeze,
        C::Refresh,
        C::Redraw,
        C::Suspend,
    ];
    let moving = [C::Open, C::Up, C::Down, C::Left, C::Right, C::PageUp, C::PageDown, C::Top, C::Bottom];
    let alerts =
        [C::Filter, C::Sort, C::Reverse, C::Group, C::Select, C::SelectAll, C::Muted, C::Pending, C::Copy];
    let typing = [
        C::Accept,
        C::Cancel,
        C::DeleteBack,
        C::DeleteForward,
        C::DeleteWord,
        C::DeleteAll,
        C::CursorLeft,
        C::CursorRight,
        C::CursorStart,
        C::CursorEnd,
        C::Up,
        C::Down,
    ];
    for name in Keymap::names(&[]) {
        let map = shipped(&name);
        let has = |modes: &[Context], command: CommandId| {
            assert!(!map.keys_for(modes, command).is_empty(), "{name}: {command:?} in {modes:?}");
        };
        for view in VIEWS {
            let modes = &[*view, Context::Global];
            for command in everywhere {
                has(modes, command);
            }
            for command in moving.iter().chain(&alerts).filter(|id| id.command().contexts.contains(view)) {
                has(modes, *command);
            }
            if *view != Context::Overlay {
                has(modes, C::Quit);
                has(modes, C::Help);
            }
        }
        for command in typing {
            has(&[Context::Prompt], command);
        }
    }
}

/// Keys that were kept free for what acts are for what acts alone, in every view: nobody presses one by habit to look.
#[test]
fn the_keys_of_actions_are_of_actions_alone() {
    let typed = |mode: &Context| matches!(mode, Context::Prompt | Context::Query | Context::Dialog);
    for name in Keymap::names(&[]) {
        let map = shipped(&name);
        for (mode, trie) in map.modes.iter().filter(|(mode, _)| !typed(mode)) {
            for (sequence, command) in trie.sequences() {
                let first = sequence[0].to_string();
                // Saving what was found changes nothing outside of the person's own folder.
                let acts = command.command().needs > crate::model::Role::Viewer
                    || command == CommandId::IncidentExport;
                assert!(
                    !"asiedp".contains(&first) || acts,
                    "{name} [{}]: {first} is {command:?}",
                    mode.name()
                );
            }
        }
    }
}

#[test]
fn nothing_that_can_be_typed_is_bound_in_the_prompt() {
    for name in Keymap::names(&[]) {
        for (sequence, command) in shipped(&name).modes[&Context::Prompt].sequences() {
            assert!(!sequence[0].types(), "{name}: {command:?}");
        }
    }
}

/// The same rules said without a tree: the first mode with the sequence or a longer one decides.
fn naive(bindings: &[(Context, Vec<Key>, CommandId)], modes: &[Context], pressed: &[Key]) -> Lookup {
    match pressed {
        [] => return Lookup::NotFound,
        [_, .., last] if *last == Key::plain(KeyCode::Esc) => return Lookup::Cancelled,
        _ => {}
    }
    let mut hints: Vec<(Key, &'static str)> = Vec::new();
    for mode in modes {
        let here: Vec<_> = bindings.iter().filter(|(context, ..)| context == mode).collect();
        if hints.is_empty()
            && let Some((_, _, command)) = here.iter().find(|(_, keys, _)| keys == pressed)
        {
            return Lookup::Matched(*command);
        }
        let mut longer: Vec<_> = here
            .iter()
            .filter(|(_, keys, _)| keys.len() > pressed.len() && keys.starts_with(pressed))
            .map(|(_, keys, command)| {
                let last = keys.len() == pressed.len() + 1;
                (keys[pressed.len()], if last { command.command().title } else { "…" })
            })
            .collect();
        longer.sort_by_key(|(key, _)| *key);
        for hint in longer {
            if hints.iter().all(|(key, _)| *key != hint.0) {
                hints.push(hint);
            }
        }
    }
    if hints.is_empty() { Lookup::NotFound } else { Lookup::Pending(hints) }
}

/// Few distinct keys, so that sequences meet; some of any kind.
fn some_key() -> impl Strategy<Value = Key> {
    prop_oneof![
        6 => prop::char::range('a', 'd').prop_map(|c| Key::plain(KeyCode::Char(c))),
        1 => any_key(),
    ]
}

fn binding() -> impl Strategy<Value = (Context, Vec<Key>, CommandId)> {
    (
        prop::sample::select(&[Context::Global, Context::Alerts][..]),
        prop::collection::vec(some_key(), 1..4),
        prop::sample::select(COMMANDS).prop_map(|command| command.id),
    )
}

proptest! {
    #[test]
    fn random_bindings_resolve_to_what_a_naive_map_says(
        wanted in prop::collection::vec(binding(), 0..40),
        pressed in prop::collection::vec(prop::collection::vec(some_key(), 0..5), 1..20),
    ) {
        let mut map = Keymap::default();
        let mut bindings: Vec<(Context, Vec<Key>, CommandId)> = Vec::new();
        for (mode, keys, command) in wanted {
            // What a file with a conflict would be refused for is refused here too.
            let clash = bindings.iter().any(|(other, known, _)| {
                *other == mode && (known.starts_with(&keys) || keys.starts_with(known))
            });
            prop_assert_eq!(map.insert(mode, &keys, command), !clash);
            if !clash {
                bindings.push((mode, keys, command));
            }
        }
        let modes = [Context::Alerts, Context::Global];
        let known = bindings.iter().map(|(_, keys, _)| keys.clone()).collect::<Vec<_>>();
        for keys in pressed.iter().chain(&known) {
            prop_assert_eq!(map.lookup(&modes, keys), naive(&bindings, &modes, keys));
        }
        for (_, _, command) in &bindings {
            for text in map.keys_for(&modes, *command) {
                let keys = keys(&text);
                prop_assert_eq!(map.lookup(&modes, &keys), Lookup::Matched(*command));
            }
        }
    }

    #[test]
    fn any_text_is_a_keymap_or_problems_with_places(text in "(\\[(global|page|prompt)\\]\n)?(([a-c] ?|\"[a-d ]{0,4}\"|ctrl-[a-z]) = \"(quit|none|open|[a-z.]{0,6})\"\n){0,5}") {
        let layer = crate::document::Layer { file: "x.toml".to_owned(), text };
        let (_, problems) = read::read(std::slice::from_ref(&layer), true);
        for problem in problems {
            prop_assert!(problem.line >= 1, "{}", problem);
        }
    }
}
