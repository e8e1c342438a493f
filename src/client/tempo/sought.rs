//! One attribute of one span, found while a trace is read, and kept raw and sealed: what is revealed to a person.

use super::values::text_of;
use super::wire::{Pairs, RawSpan};
use crate::model::reveal::{Place, SpanAt};
use crate::privacy::{self, Sealed};

/// What is looked for, and what was found of it so far.
pub(super) struct Sought {
    at: SpanAt,
    /// Of this batch's resource.
    resource: Option<Sealed>,
    /// Whether the span is one of this batch.
    is_here: bool,
    found: Option<Sealed>,
}

impl Sought {
    /// Nothing found yet.
    pub fn new(at: SpanAt) -> Self {
        Self { at, resource: None, is_here: false, found: None }
    }

    /// A resource with its spans begins.
    pub fn batch(&mut self) {
        (self.resource, self.is_here) = (None, false);
    }

    /// The resource of this batch, before its spans as a rule, or after them.
    pub fn resource(&mut self, attributes: &Pairs<'_>) {
        if self.at.place == Place::Resource {
            self.resource = self.of(attributes);
            if self.is_here {
                self.found = self.found.take().or_else(|| self.resource.clone());
            }
        }
    }

    /// A span.
    pub fn span(&mut self, raw: &RawSpan<'_>) {
        if raw.id != self.at.span.0 {
            return;
        }
        self.is_here = true;
        let here = match self.at.place {
            Place::Resource => self.resource.clone(),
            Place::Span => self.of(&raw.attributes),
            Place::Event(at) => raw.events.get(at).and_then(|event| self.of(&event.attributes)),
        };
        self.found = self.found.take().or(here);
    }

    /// The raw value, if there was one.
    pub fn found(self) -> Option<Sealed> {
        self.found
    }

    /// The attribute of this name that is shown as the one in question is.
    fn of(&self, attributes: &Pairs<'_>) -> Option<Sealed> {
        let named = attributes.iter().filter(|(key, _)| *privacy::safe_name(key) == *self.at.name);
        let mut texts = named.map(|(_, raw)| text_of(raw));
        let is_shown = |text: &String| *privacy::safe_note(&self.at.name, text) == *self.at.shown;
        texts.find(is_shown).map(Sealed::new)
    }
}
