//! Alerts and changes: what somebody has already noticed, and what somebody did.

use std::sync::Arc;

use super::channel::Scored;
use super::detail::Detail;
use super::frame::Frame;
use crate::model::evidence::Evidence;

/// Evidence of one alert or change, in nats: more than chance, less than a measurement that is far off.
const EACH: f64 = 6.0;

/// Alerts that began in a piece, by component.
pub fn alerts(evidence: &Evidence, frame: &Frame, target: usize) -> Vec<Scored> {
    let mut all = vec![Scored::default(); frame.len()];
    for alert in &evidence.alerts {
        let at = alert.starts_at.timestamp_millis() as f64 / 1e3;
        let Some(component) = frame.component(&alert.labels) else { continue };
        if frame.piece((at * 1e9) as i64) == Some(target) {
            add(&mut all[component], Detail::Alert { name: Arc::clone(&alert.name), at });
        }
    }
    all
}

/// Changes in a piece or shortly before it, by component: what is changed may take a while to show.
pub fn changes(evidence: &Evidence, frame: &Frame, target: usize) -> Vec<Scored> {
    let mut all = vec![Scored::default(); frame.len()];
    let Some(piece) = frame.pieces.get(target) else { return all };
    let before = (piece.end - piece.start).max(300_000_000_000);
    for change in &evidence.changes {
        let at = change.at.timestamp_millis() as f64 / 1e3;
        let nanos = (at * 1e9) as i64;
        let Some(component) = frame.component(&change.labels) else { continue };
        if nanos >= piece.start.saturating_sub(before) && nanos <= piece.end {
            add(&mut all[component], Detail::Change { title: change.title.clone(), at });
        }
    }
    all
}

fn add(scored: &mut Scored, detail: Detail) {
    scored.nats = (scored.nats + EACH).min(2.0 * EACH);
    scored.add(EACH, || detail);
}
