//! What somebody changed: starts of processes, reloads of configurations, and what the pack's queries tell.

use std::collections::{BTreeMap, BTreeSet};

use super::alerts::COMPONENT;
use super::asking::Asker;
use super::metrics::{over, with_component};
use super::pieces::Pieces;
use crate::model::evidence::ChangeRecord;
use crate::model::{Labels, Series, Time};
use crate::pack::Pack;
use crate::pack::signals::{ChangeKind, ChangeSignal};
use crate::text::gather::EN as WORDS;

/// Every Prometheus client library exports the start of its process.
const STARTS: &str = "max by (job, instance, service) (process_start_time_seconds{job!=\"\"})";
/// Prometheus, Alertmanager and their kin tell when they last read their configuration.
const RELOADS: &str = "{__name__=~\".+_config_last_reload_success_timestamp_seconds\"}";

/// Asks for them.
pub(super) async fn gather(asker: &Asker<'_>, pack: &Pack, pieces: &Pieces) -> Vec<ChangeRecord> {
    let (starts, reloads, of_pack) =
        tokio::join!(
            over(asker, WORDS.changes, STARTS, pieces),
            over(asker, WORDS.changes, RELOADS, pieces),
            futures_util::future::join_all(pack.signals.changes.iter().map(|change| async move {
                (change, over(asker, WORDS.changes, &change.query, pieces).await)
            })),
        );
    let mut out = moments(pack, &starts, pieces, |_| WORDS.started.to_owned());
    out.extend(moments(pack, &reloads, pieces, |_| WORDS.reloaded.to_owned()));
    for (change, series) in of_pack {
        match change.kind {
            ChangeKind::Moment => out.extend(moments(pack, &series, pieces, |labels| change.words(labels))),
            ChangeKind::Appears => out.extend(appearing(pack, change, &series, pieces)),
        }
    }
    out
}

/// Changes whose moment is a series' value.
fn moments(
    pack: &Pack,
    series: &[Series],
    pieces: &Pieces,
    title: impl Fn(&Labels) -> String,
) -> Vec<ChangeRecord> {
    let mut seen: BTreeSet<(Labels, i64)> = BTreeSet::new();
    let mut out = Vec::new();
    for one in series {
        let labels = with_component(pack, &one.labels.without(&["__name__"]));
        for point in one.points.iter().filter(|point| point.v.is_finite()) {
            let Some(at) = chrono::DateTime::from_timestamp_millis((point.v * 1000.0) as i64) else {
                continue;
            };
            if is_within(at, pieces) && seen.insert((labels.clone(), point.v as i64)) {
                out.push(ChangeRecord { at, title: title(&labels), labels: labels.clone() });
            }
        }
    }
    out
}

/// Label sets that appear where others of the same component were before: a new version beside the old one. What was
/// there from the start is no change, and neither is what comes back after a gap.
fn appearing(pack: &Pack, change: &ChangeSignal, series: &[Series], pieces: &Pieces) -> Vec<ChangeRecord> {
    let first = |one: &Series| one.points.first().map(|point| point.t);
    let mut begun: BTreeMap<String, i64> = BTreeMap::new();
    let owner =
        |one: &Series| with_component(pack, &one.labels).get(COMPONENT).unwrap_or_default().to_owned();
    for one in series {
        if let Some(at) = first(one) {
            let known = begun.entry(owner(one)).or_insert(at);
            *known = (*known).min(at);
        }
    }
    let news = series.iter().filter_map(|one| {
        let at = first(one)?;
        let before = begun.get(&owner(one)).copied()?;
        let at = chrono::DateTime::from_timestamp_millis(at).filter(|_| at > before)?;
        let labels = one.labels.without(&["__name__"]);
        let title = change.words(&labels);
        Some(ChangeRecord { at, title, labels: with_component(pack, &labels) })
    });
    news.filter(|one| is_within(one.at, pieces)).collect()
}

fn is_within(at: Time, pieces: &Pieces) -> bool {
    let (first, last) = (pieces.first().map(|one| one.start), pieces.last().map(|one| one.end));
    first.is_some_and(|first| at >= first) && last.is_some_and(|last| at <= last)
}
