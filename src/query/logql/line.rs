//! One line on its way through a pipeline: its text, its labels and where each comes from.

use std::borrow::Cow;

use super::level;
use crate::model::{Labels, LogEntry};

/// The label under which Loki keeps the level it detected.
pub(super) const DETECTED: &str = "detected_level";
/// The label that says that a stage failed.
pub(super) const ERROR: &str = "__error__";
/// The label that says how.
pub(super) const DETAILS: &str = "__error_details__";

/// Where a label comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Stream,
    Metadata,
    Parsed,
}

/// A line under way. Borrows from its entry; nothing is copied that no stage changes.
pub(super) struct Line<'e> {
    pub(super) entry: &'e LogEntry,
    pub(super) text: Cow<'e, str>,
    /// What stages have set; a name stands once.
    set: Vec<(Cow<'e, str>, Cow<'e, str>, Origin)>,
    /// Names of the entry's own labels that are no longer there.
    gone: Vec<String>,
    level: Option<&'static str>,
}

impl<'e> Line<'e> {
    pub(super) fn new(entry: &'e LogEntry) -> Self {
        let text = Cow::Borrowed(&*entry.line);
        Self { entry, text, set: Vec::new(), gone: Vec::new(), level: None }
    }

    fn level(&self) -> &'static str {
        self.level.unwrap_or_else(|| level::detected(self.entry))
    }

    /// Whether the stream itself has this label.
    pub(super) fn stream_has(&self, name: &str) -> bool {
        self.entry.labels.get(name).is_some()
    }

    /// Whether a stage has set it.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.set.iter().any(|(other, ..)| other == name)
    }

    /// A label's value and where it comes from. What was parsed outranks metadata, and that the stream.
    pub(super) fn find(&self, name: &str) -> Option<(&str, Origin)> {
        if let Some((_, value, origin)) = self.set.iter().find(|(other, ..)| other == name) {
            return Some((value, *origin));
        }
        if self.gone.iter().any(|gone| gone == name) {
            return None;
        }
        if let Some(value) = self.entry.metadata.get(name) {
            return Some((value, Origin::Metadata));
        }
        if let Some(value) = self.entry.labels.get(name) {
            return Some((value, Origin::Stream));
        }
        (name == DETECTED).then(|| (self.level(), Origin::Metadata))
    }

    /// A label's value.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.find(name).map(|(value, _)| value)
    }

    pub(super) fn set(&mut self, name: Cow<'e, str>, value: Cow<'e, str>, origin: Origin) {
        match self.set.iter_mut().find(|(other, ..)| *other == name) {
            Some(found) => (found.1, found.2) = (value, origin),
            None => self.set.push((name, value, origin)),
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.set.retain(|(other, ..)| other != name);
        if !self.gone.iter().any(|gone| gone == name) {
            self.gone.push(name.to_owned());
        }
    }

    /// Notes that a stage failed; the first failure stays.
    pub(super) fn fail(&mut self, kind: &'static str, details: &str) {
        if !self.failed() {
            self.set.push((Cow::Borrowed(ERROR), Cow::Borrowed(kind), Origin::Parsed));
            self.set.push((Cow::Borrowed(DETAILS), Cow::Owned(details.to_owned()), Origin::Parsed));
        }
    }

    pub(super) fn failed(&self) -> bool {
        self.is_set(ERROR)
    }

    /// Every label as it is now, sorted by name, empty ones left out.
    pub(super) fn all(&self) -> Vec<(&str, &str, Origin)> {
        let mut all: Vec<(&str, &str, Origin)> =
            Vec::with_capacity(self.entry.labels.len() + self.entry.metadata.len() + self.set.len() + 1);
        all.extend(self.set.iter().map(|(name, value, origin)| (&**name, &**value, *origin)));
        let mut own = |name: &'e str, value: &'e str, origin| {
            let hidden = self.is_set(name) || self.gone.iter().any(|gone| gone == name);
            if !hidden {
                all.push((name, value, origin));
            }
        };
        for (name, value) in self.entry.metadata.iter() {
            own(name, value, Origin::Metadata);
        }
        for (name, value) in self.entry.labels.iter() {
            if self.entry.metadata.get(name).is_none() {
                own(name, value, Origin::Stream);
            }
        }
        if self.entry.metadata.get(DETECTED).is_none() && self.entry.labels.get(DETECTED).is_none() {
            own(DETECTED, self.level(), Origin::Metadata);
        }
        all.retain(|(_, value, _)| !value.is_empty());
        all.sort_unstable_by_key(|(name, ..)| *name);
        all
    }

    /// The labels of some origins.
    pub(super) fn labels(&self, wanted: impl Fn(Origin) -> bool) -> Labels {
        let all = self.all();
        Labels::new(all.iter().filter(|(.., origin)| wanted(*origin)).map(|(name, value, _)| (*name, *value)))
    }

    /// Whether no stage changed a label, so that the entry's own may be shared.
    pub(super) fn untouched(&self) -> bool {
        self.set.is_empty() && self.gone.is_empty()
    }

    /// Names of every label that there is.
    pub(super) fn names(&self) -> Vec<String> {
        self.all().iter().map(|(name, ..)| (*name).to_owned()).collect()
    }
}
