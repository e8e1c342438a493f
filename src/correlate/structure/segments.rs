//! Segments: which span and which line belongs to which component's part of a trace.

use std::sync::Arc;

use super::{Event, Segment};
use crate::correlate::lines::Lines;
use crate::correlate::spans::{Forest, NONE, hash};
use crate::model::evidence::Evidence;

/// The segment of a span: its parent's, where the parent is of the same component.
pub fn find_segment(forest: &Forest, at: u32, of: &mut [u32], segments: &mut Vec<Segment>) {
    let mut chain = Vec::new();
    let mut top = at;
    while of[top as usize] == NONE {
        chain.push(top);
        let node = &forest.nodes[top as usize];
        if node.parent == NONE || forest.nodes[node.parent as usize].component != node.component {
            break;
        }
        top = node.parent;
    }
    if of[top as usize] == NONE {
        let node = &forest.nodes[top as usize];
        of[top as usize] = segments.len() as u32;
        segments.push(Segment {
            component: node.component,
            kind: node.operation,
            piece: node.piece,
            trace: node.trace,
            parent: NONE,
            events: Vec::new(),
            mask: 0,
            last_peer: None,
        });
    }
    for link in chain {
        of[link as usize] = of[top as usize];
    }
}

/// One number for a kind and its shape.
pub fn fold(kind: u32, shape: &[Event]) -> u64 {
    let text = format!("{kind} {shape:?}");
    hash(&text) | 1
}

/// Whether an attribute tells how something ended.
pub fn is_status(key: &str) -> bool {
    ["status", "error", "success", "exception", "result", "outcome"]
        .iter()
        .any(|word| key.rsplit(['.', '_']).next().is_some_and(|last| last == *word))
        || key.contains("status_code")
        || key.contains("exception.type")
}

/// Lines join the segment of their span, or the first of their trace and component.
pub fn attach(evidence: &Evidence, forest: &Forest, lines: &Lines, of: &[u32], segments: &mut [Segment]) {
    for (record, template, _) in &lines.all {
        let record = &evidence.logs[*record as usize];
        let Some(trace) = record.trace_id.as_ref().and_then(|id| forest.by_id.get(&hash(id))) else {
            continue;
        };
        let component = lines.templates[*template as usize].component;
        let from = forest.traces[*trace as usize];
        let to = forest.traces.get(*trace as usize + 1).copied().unwrap_or(from);
        let mut found = None;
        for at in from..to {
            let node = &forest.nodes[at as usize];
            if node.component != component {
                continue;
            }
            if record.span_id.is_some()
                && record.span_id == Some(Arc::clone(&evidence.spans[node.record as usize].span_id))
            {
                found = Some(at);
                break;
            }
            found = found.or(Some(at));
        }
        if let Some(at) = found {
            segments[of[at as usize] as usize].events.push(Event::Line(*template));
        }
    }
}
