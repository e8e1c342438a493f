//! Sequences of keys to commands, one tree a mode.

use std::collections::BTreeMap;

use super::Key;
use crate::command::CommandId;

/// What a key leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// A command.
    Command(CommandId),
    /// More keys.
    More(Trie),
}

/// A tree of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Trie {
    next: BTreeMap<Key, Node>,
}

impl Trie {
    /// Adds a sequence. The reader refuses sequences that begin with another one; here the first
    /// stays, so that a tree is sound whatever it is given. Says whether it was added.
    pub(super) fn insert(&mut self, keys: &[Key], command: CommandId) -> bool {
        let Some((first, rest)) = keys.split_first() else { return false };
        if rest.is_empty() {
            let free = !self.next.contains_key(first);
            if free {
                self.next.insert(*first, Node::Command(command));
            }
            return free;
        }
        match self.next.entry(*first).or_insert_with(|| Node::More(Self::default())) {
            Node::Command(_) => false,
            Node::More(deeper) => deeper.insert(rest, command),
        }
    }

    /// What stands at a sequence; `None` where it leads nowhere, or past a command.
    pub(super) fn walk(&self, keys: &[Key]) -> Option<&Node> {
        let (first, rest) = keys.split_first()?;
        let node = self.next.get(first)?;
        match (rest, node) {
            ([], node) => Some(node),
            (_, Node::More(deeper)) => deeper.walk(rest),
            (_, Node::Command(_)) => None,
        }
    }

    /// The keys that can come next.
    pub(super) fn children(&self) -> impl Iterator<Item = (Key, &Node)> {
        self.next.iter().map(|(key, node)| (*key, node))
    }

    /// Every sequence with its command.
    pub(super) fn sequences(&self) -> Vec<(Vec<Key>, CommandId)> {
        let mut all = Vec::new();
        for (key, node) in &self.next {
            match node {
                Node::Command(command) => all.push((vec![*key], *command)),
                Node::More(deeper) => {
                    for (mut keys, command) in deeper.sequences() {
                        keys.insert(0, *key);
                        all.push((keys, command));
                    }
                }
            }
        }
        all
    }
}
