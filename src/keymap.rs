//! Keys as text and keymaps as data: key ⇄ text, TOML with `inherits`, and a trie per mode.
//!
//! Owns the console's own key type, so that nothing but `terminal` and this room knows the
//! terminal library's. Must not know what a command does.

mod event;
pub mod key;
mod key_text;
mod read;
mod trie;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use key::{Key, KeyCode};
pub use key_text::KeyError;

use crate::command::{CommandId, Context};
use crate::document::{Library, Problem};
use crate::text;
use trie::{Node, Trie};

/// Where keymaps come from.
const LIBRARY: Library = Library {
    what: text::keymap::EN.what,
    folder: "keymaps",
    shipped: &[
        ("default", include_str!("../keymaps/default.toml")),
        ("vim", include_str!("../keymaps/vim.toml")),
    ],
};

/// Which keys run which commands, for every mode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    modes: BTreeMap<Context, Trie>,
}

/// What the keys pressed so far mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// Run this and forget the keys.
    Matched(CommandId),
    /// More keys may follow: each with the title of its command, or `…` where yet more follow.
    Pending(Vec<(Key, &'static str)>),
    /// Nothing; forget the keys.
    NotFound,
    /// Escape ended a sequence; forget the keys.
    Cancelled,
}

impl Keymap {
    /// The keymap of that name: `DIR/keymaps/NAME.toml` of the first of `dirs` that has it, else
    /// the shipped one. All problems of all files that it stands on come together.
    pub fn load(name: &str, dirs: &[PathBuf]) -> Result<Self, Vec<Problem>> {
        let loaded = LIBRARY.load(name, dirs);
        let (keymap, found) = read::read(&loaded.layers, loaded.problems.is_empty());
        let mut problems = loaded.problems;
        problems.extend(found);
        if problems.is_empty() { Ok(keymap) } else { Err(problems) }
    }

    /// The shipped default.
    pub fn shipped() -> Self {
        // A test holds that it has no problem; a keymap without keys is better than no console.
        Self::load("default", &[]).unwrap_or_default()
    }

    /// Every name that [`Keymap::load`] finds, the shipped ones first.
    pub fn names(dirs: &[PathBuf]) -> Vec<String> {
        LIBRARY.names(dirs)
    }

    /// What the keys pressed so far, the newest last, mean in these modes. The first mode that knows
    /// them decides, so a view's binding hides the global one; sequences of several modes that
    /// begin alike go on together.
    pub fn lookup(&self, modes: &[Context], pending: &[Key]) -> Lookup {
        if pending.len() > 1 && pending.last() == Some(&Key::plain(KeyCode::Esc)) {
            return Lookup::Cancelled;
        }
        let mut hints: Vec<(Key, &'static str)> = Vec::new();
        for trie in modes.iter().filter_map(|mode| self.modes.get(mode)) {
            match trie.walk(pending) {
                // After a prefix of an earlier mode a whole binding would never get its turn.
                Some(Node::Command(command)) if hints.is_empty() => return Lookup::Matched(*command),
                Some(Node::More(deeper)) => {
                    for (key, node) in deeper.children() {
                        if hints.iter().all(|(known, _)| *known != key) {
                            hints.push((key, hint(node)));
                        }
                    }
                }
                _ => {}
            }
        }
        if hints.is_empty() { Lookup::NotFound } else { Lookup::Pending(hints) }
    }

    /// The keys that really run a command in these modes, as text, shortest first: fewest keys, then
    /// fewest characters. A binding that another mode hides is left out.
    pub fn keys_for(&self, modes: &[Context], command: CommandId) -> Vec<String> {
        let mut found: Vec<(usize, usize, String)> = modes
            .iter()
            .filter_map(|mode| self.modes.get(mode))
            .flat_map(Trie::sequences)
            .filter(|(keys, bound)| *bound == command && self.reaches(modes, keys, command))
            .map(|(keys, _)| {
                let text = read::text(&keys);
                (keys.len(), text.chars().count(), text)
            })
            .collect();
        found.sort();
        found.dedup();
        found.into_iter().map(|(_, _, text)| text).collect()
    }

    /// Whether pressing these keys one by one runs the command.
    fn reaches(&self, modes: &[Context], keys: &[Key], command: CommandId) -> bool {
        (1..keys.len()).all(|length| matches!(self.lookup(modes, &keys[..length]), Lookup::Pending(_)))
            && self.lookup(modes, keys) == Lookup::Matched(command)
    }

    fn insert(&mut self, mode: Context, keys: &[Key], command: CommandId) -> bool {
        self.modes.entry(mode).or_default().insert(keys, command)
    }
}

/// What stands beside a key that may come next.
fn hint(node: &Node) -> &'static str {
    match node {
        Node::Command(command) => command.command().title,
        Node::More(_) => text::EN.keymap.more,
    }
}

#[cfg(test)]
mod tests;
