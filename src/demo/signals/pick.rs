//! Words of the file that must be words of the world.

use super::when::is_like;
use crate::demo::world::World;
use crate::document::{Problems, Section, Value, did_you_mean};
use crate::text::signals::EN as WORDS;

/// Reads names against a world.
#[derive(Clone, Copy)]
pub(super) struct Pick<'a> {
    pub world: &'a World,
}

/// "did you mean", else the whole list when a person can take it in.
pub(super) fn advice<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    did_you_mean(word, known.iter().copied())
        .map(|near| (WORDS.did_you_mean)(near))
        .or_else(|| (!known.is_empty() && known.len() <= 16).then(|| (WORDS.one_of)(&known.join(", "))))
}

/// One of a few words.
pub(super) fn choice<T: Copy>(
    value: &Value<'_, '_>,
    noun: &str,
    known: &[(&str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let word = value.string(problems)?;
    let found = known.iter().find(|(name, _)| *name == word).map(|(_, item)| *item);
    if found.is_none() {
        let help = advice(&word, known.iter().map(|(name, _)| *name));
        value.problem(&(WORDS.unknown)(noun, &word), help, problems);
    }
    found
}

/// A list of names, or patterns with `*` at an end; each must be like something of the world.
pub(super) fn set(
    value: &Value<'_, '_>,
    noun: &str,
    known: &[&str],
    problems: &mut Problems,
) -> Option<Vec<bool>> {
    let mut set = vec![false; known.len()];
    let patterns = value.array(problems)?;
    if patterns.is_empty() {
        value.problem(WORDS.empty_list, None, problems);
    }
    for pattern in patterns {
        let Some(word) = pattern.string(problems) else { continue };
        let mut found = false;
        for (slot, name) in set.iter_mut().zip(known) {
            let like = is_like(&word, name);
            *slot |= like;
            found |= like;
        }
        if !found {
            let help = advice(&word, known.iter().copied());
            pattern.problem(&(WORDS.unknown)(noun, &word), help, problems);
        }
    }
    Some(set)
}

impl Pick<'_> {
    /// Services, if the key is there.
    pub(super) fn services(
        self,
        section: &Section<'_, '_>,
        key: &str,
        problems: &mut Problems,
    ) -> Option<Vec<bool>> {
        let known: Vec<&str> = self.world.services.iter().map(|service| &*service.name).collect();
        set(&section.value(key)?, WORDS.nouns.service, &known, problems)
    }

    /// Every service.
    pub(super) fn all_services(self) -> Vec<bool> {
        vec![true; self.world.services.len()]
    }
}
