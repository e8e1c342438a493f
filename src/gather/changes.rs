//! What somebody changed: starts of processes, reloads of configurations, and what the pack's queries tell, and
//! what people wrote on their dashboards.

use std::collections::{BTreeMap, BTreeSet};

use super::alerts::COMPONENT;
use super::asking::Asker;
use super::metrics::{over, with_component};
use super::pieces::Pieces;
use crate::model::ask::{Annotation, Answer, Ask, Key};
use crate::model::evidence::ChangeRecord;
use crate::model::{Labels, Series, SourceId, Time};
use crate::pack::Pack;
use crate::pack::signals::{ChangeKind, ChangeSignal};
use crate::text::gather::EN as WORDS;

/// Every Prometheus client library exports the start of its process.
const STARTS: &str = "max by (job, instance, service) (process_start_time_seconds{job!=\"\"})";
/// Annotations that are asked for.
const ANNOTATIONS: u32 = 1000;
/// Prometheus, Alertmanager and their kin tell when they last read their configuration.
const RELOADS: &str = "{__name__=~\".+_config_last_reload_success_timestamp_seconds\"}";

/// Asks for them.
pub(super) async fn gather(asker: &Asker<'_>, pack: &Pack, pieces: &Pieces) -> Vec<ChangeRecord> {
    let (starts, reloads, of_pack, written) =
        tokio::join!(
            over(asker, WORDS.changes, STARTS, pieces),
            over(asker, WORDS.changes, RELOADS, pieces),
            futures_util::future::join_all(pack.signals.changes.iter().map(|change| async move {
                (change, over(asker, WORDS.changes, &change.query, pieces).await)
            })),
            annotations(asker, pieces),
        );
    let mut out = moments(pack, &starts, pieces, |_| WORDS.started.to_owned());
    out.extend(moments(pack, &reloads, pieces, |_| WORDS.reloaded.to_owned()));
    for (change, series) in of_pack {
        match change.kind {
            ChangeKind::Moment => out.extend(moments(pack, &series, pieces, |labels| change.words(labels))),
            ChangeKind::Appears => out.extend(appearing(pack, change, &series, pieces)),
        }
    }
    let written = written.iter().map(|one| annotated(pack, one));
    out.extend(written.filter(|one| is_within(one.at, pieces)));
    out
}

/// What people and pipelines wrote on the dashboards.
async fn annotations(asker: &Asker<'_>, pieces: &Pieces) -> Vec<Annotation> {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return Vec::new() };
    if !asker.has(&SourceId::GRAFANA) {
        return Vec::new();
    }
    let ask = Ask::Window { key: Key::Annotations(ANNOTATIONS), start: first.start, end: last.end };
    match asker.ask(WORDS.annotations, ask).await {
        Some(Answer::Annotations(all)) => all,
        _ => Vec::new(),
    }
}

/// An annotation as a change: a tag `name:value` or `name=value` is a label, a tag that is a component's name names it.
fn annotated(pack: &Pack, one: &Annotation) -> ChangeRecord {
    let mut labels = Labels::default();
    for tag in &one.tags {
        match tag.split_once([':', '=']).map(|(name, value)| (name.trim(), value.trim())) {
            Some((name, value)) if is_name(name) && !value.is_empty() => labels = labels.with(name, value),
            _ if pack.signals.is_component(tag) => labels = labels.with(COMPONENT, pack.signals.known(tag)),
            _ => {}
        }
    }
    ChangeRecord { at: one.at, title: one.text.to_string(), labels: with_component(pack, &labels) }
}

/// Whether a text can be a label's name.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_an_annotation_name_its_component() {
        let pack = crate::pack::load("hospital", &[]).expect("the shipped pack");
        let at = chrono::DateTime::from_timestamp(1_795_323_600, 0).expect("a moment");
        let of = |tags: &[&str]| {
            let tags = tags.iter().map(|tag| (*tag).into()).collect();
            annotated(&pack, &Annotation { at, text: "x".into(), tags }).labels
        };
        assert_eq!(of(&["deploy", "service:medical-api"]).get("service"), Some("medical-api"));
        assert_eq!(of(&["job=node-exporter"]).get("service"), Some("mac-studio"), "another name of it");
        assert_eq!(of(&["ai-engine", "deploy"]).get("service"), Some("ai-engine"));
        assert_eq!(of(&["deploy", ":", "1x:y", "a b=c", ""]), Labels::default());
    }
}
