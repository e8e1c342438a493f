//! `histogram_quantile` over conventional buckets.

use std::collections::HashMap;

use crate::model::Labels;

use super::QueryError;
use super::eval::{Evaluator, wrong_type};
use super::grid::{Grid, NOTHING, Row, is_there, merged};
use super::plan::{Kind, Node};

/// The buckets of one histogram: upper bounds with the row of each.
struct Buckets {
    labels: Labels,
    bounds: Vec<(f64, usize)>,
}

/// `histogram_quantile(q, buckets)`
pub(super) fn quantile(
    evaluator: &Evaluator<'_>,
    arguments: &[Node],
    grid: Grid,
) -> Result<Vec<Row>, QueryError> {
    let [q, vector] = arguments else { return Err(wrong_type(Kind::Vector)) };
    let (q, rows) = (evaluator.scalar(q, grid)?, evaluator.rows(vector, grid)?);
    let mut histograms: Vec<Buckets> = Vec::new();
    let mut places: HashMap<Labels, usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        // What has no bound is no bucket.
        let Some(bound) = row.labels.get("le").and_then(|le| le.parse::<f64>().ok()) else { continue };
        let place = *places.entry(row.labels.without(&["le"])).or_insert_with(|| {
            histograms.push(Buckets { labels: row.labels.without(&["le", "__name__"]), bounds: Vec::new() });
            histograms.len() - 1
        });
        histograms[place].bounds.push((bound, at));
    }
    let mut out = Vec::with_capacity(histograms.len());
    for Buckets { labels, mut bounds } in histograms {
        bounds.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let mut values = vec![NOTHING; grid.count];
        let mut buckets = Vec::with_capacity(bounds.len());
        for (step, value) in values.iter_mut().enumerate() {
            buckets.clear();
            buckets.extend(
                bounds
                    .iter()
                    .map(|(bound, at)| (*bound, rows[*at].values[step]))
                    .filter(|(_, v)| is_there(*v)),
            );
            if !buckets.is_empty() {
                *value = of_buckets(q[step], &mut buckets);
            }
        }
        out.push(Row { labels, values });
    }
    merged(out)
}

/// The quantile of buckets (upper bound, cumulative count) in order of their bounds: linear inside of a
/// bucket, and never beyond the highest finite bound (`bucketQuantile` of Prometheus's `quantile.go`).
fn of_buckets(q: f64, buckets: &mut Vec<(f64, f64)>) -> f64 {
    if q.is_nan() {
        return f64::NAN;
    }
    if q < 0.0 {
        return f64::NEG_INFINITY;
    }
    if q > 1.0 {
        return f64::INFINITY;
    }
    if buckets.last().is_none_or(|(bound, _)| *bound != f64::INFINITY) {
        return f64::NAN;
    }
    // One bound may be written in two ways.
    buckets.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    // Counts that are scraped at different moments may fall; they count as the greatest before.
    let mut most = f64::NAN;
    for (at, (_, count)) in buckets.iter_mut().enumerate() {
        if at == 0 || *count > most {
            most = *count;
        } else if *count < most {
            *count = most;
        }
    }
    let [.., (before_last, _), (_, observations)] = buckets.as_slice() else { return f64::NAN };
    if *observations == 0.0 {
        return f64::NAN;
    }
    let mut rank = q * observations;
    let at = buckets[..buckets.len() - 1]
        .partition_point(|(_, count)| *count < rank || count.is_nan() || rank.is_nan());
    if at == buckets.len() - 1 {
        return *before_last;
    }
    let (end, mut count) = buckets[at];
    let Some((start, below)) = at.checked_sub(1).map(|before| buckets[before]) else {
        return if end <= 0.0 { end } else { end * (rank / count) };
    };
    count -= below;
    rank -= below;
    start + (end - start) * (rank / count)
}
