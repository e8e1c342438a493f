//! The pack's signals as series of evidence; how an answer's points become samples.

use super::alerts::COMPONENT;
use super::asking::Asker;
use super::pieces::Pieces;
use crate::model::ask::{Answer, Ask};
use crate::model::evidence::SeriesRecord;
use crate::model::{Labels, Point, Series};
use crate::pack::Pack;
use crate::pack::signals::{Owner, Signal};

/// Asks for every signal of the pack.
pub(super) async fn signals(asker: &Asker<'_>, pack: &Pack, pieces: &Pieces) -> Vec<SeriesRecord> {
    let all = pack.signals.metrics.iter().map(|signal| one(asker, pack, signal, pieces));
    futures_util::future::join_all(all).await.into_iter().flatten().collect()
}

async fn one(asker: &Asker<'_>, pack: &Pack, signal: &Signal, pieces: &Pieces) -> Vec<SeriesRecord> {
    let series = over(asker, &signal.name, &signal.query, pieces).await;
    let named = series.into_iter().map(|series| {
        let labels = match &signal.of {
            Owner::Component(component) => series.labels.with(COMPONENT, component),
            Owner::Labels => with_component(pack, &series.labels),
        };
        let samples = samples(&series.points, pieces.step_s);
        SeriesRecord { name: signal.name.as_str().into(), labels: labels.without(&["__name__"]), samples }
    });
    named.filter(|one| one.labels.get(COMPONENT).is_some()).collect()
}

/// The same labels with the component that they name.
pub(super) fn with_component(pack: &Pack, labels: &Labels) -> Labels {
    match pack.signals.component(labels) {
        Some(component) => labels.with(COMPONENT, component),
        None => labels.clone(),
    }
}

/// A query over all pieces, each series with the points of all of them.
pub(super) async fn over(asker: &Asker<'_>, what: &str, query: &str, pieces: &Pieces) -> Vec<Series> {
    let asks = pieces.iter().map(|piece| {
        let ask =
            Ask::Range { query: query.into(), start: piece.start, end: piece.end, step_s: pieces.step_s };
        asker.ask(what, ask)
    });
    let mut all: Vec<Series> = Vec::new();
    for answer in futures_util::future::join_all(asks).await {
        let Some(Answer::Matrix(series)) = answer else { continue };
        for one in series {
            match all.iter_mut().find(|known| known.labels == one.labels) {
                Some(known) => known.points.extend(one.points),
                None => all.push(one),
            }
        }
    }
    all
}

/// Points as samples; where steps are missing between two of them stands a gap.
pub(super) fn samples(points: &[Point], step_s: u32) -> Vec<(f64, Option<f64>)> {
    let step = f64::from(step_s);
    let mut out: Vec<(f64, Option<f64>)> = Vec::with_capacity(points.len());
    for point in points {
        let at = point.t as f64 / 1000.0;
        if let Some((last, Some(_))) = out.last().copied()
            && at - last > 1.5 * step
        {
            out.push((last + step, None));
        }
        out.push((at, Some(point.v)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_step_is_a_gap_and_no_zero() {
        let at = |s: i64, v: f64| Point { t: s * 1000, v };
        let out = samples(&[at(0, 1.0), at(10, 2.0), at(40, 3.0)], 10);
        assert_eq!(out, [(0.0, Some(1.0)), (10.0, Some(2.0)), (20.0, None), (40.0, Some(3.0))]);
        assert!(samples(&[], 10).is_empty());
    }
}
