//! Equal texts and label sets are kept once: fifty thousand spans say the same few hundred over and over.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::Labels;

/// Texts and label sets of one reading.
#[derive(Default)]
pub struct Interner {
    texts: HashSet<Arc<str>>,
    labels: HashSet<Labels>,
    /// Bytes that these hold.
    pub bytes: usize,
}

impl Interner {
    /// The text, shared.
    pub fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.bytes += text.len() + 48;
        self.texts.insert(Arc::clone(&new));
        new
    }

    /// A text that is not worth sharing: an id that comes once.
    pub fn single(&mut self, text: &str) -> Arc<str> {
        self.bytes += text.len() + 16;
        text.into()
    }

    /// The labels, shared.
    pub fn labels(&mut self, labels: Labels) -> Labels {
        if let Some(known) = self.labels.get(&labels) {
            return known.clone();
        }
        self.bytes += labels.text().len() + labels.len() * 8 + 64;
        self.labels.insert(labels.clone());
        labels
    }
}
