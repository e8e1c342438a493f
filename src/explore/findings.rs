//! What has to be known of a trace before any of it is believed.

use super::waterfall::Waterfall;
use crate::model::{Leak, TraceDoc};
use crate::pack::Level;
use crate::text::traces::TracesText;

/// In words, the most telling first.
pub fn of(doc: &TraceDoc, fall: &Waterfall, text: &TracesText) -> Vec<(Level, String)> {
    let mut found = Vec::new();
    if !doc.partial.is_empty() {
        found.push((Level::Warning, (text.partial)(&doc.partial)));
    }
    if let Some(words) = leaks(&doc.leaks, text) {
        found.push((Level::Warning, words));
    }
    let mut odd = Vec::new();
    if fall.orphans > 0 {
        odd.push((text.orphans)(fall.orphans));
    }
    if fall.skewed > 0 {
        odd.push((text.skewed)(fall.skewed));
    }
    if fall.doubled > 0 {
        odd.push((text.doubled)(fall.doubled));
    }
    if fall.looped > 0 {
        odd.push((text.looped)(fall.looped));
    }
    if !odd.is_empty() {
        found.push((Level::Warning, odd.join(" · ")));
    }
    found
}

/// Which personal data was masked, how often; never the value.
pub fn leaks(leaks: &[Leak], text: &TracesText) -> Option<String> {
    let mut kinds: Vec<(&str, u64)> = Vec::new();
    for leak in leaks {
        let kind = leak.kind.as_deref().unwrap_or(text.other_kinds);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count = count.saturating_add(leak.count),
            None => kinds.push((kind, leak.count)),
        }
    }
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    (!kinds.is_empty()).then(|| (text.leaks)(&kinds))
}
