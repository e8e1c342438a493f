//! Series that nobody named: what the components export anyway, the metrics of few series first.
//!
//! Counters come as they are, many metrics in one answer, and become rates here: in PromQL a rate drops the name, so
//! that every metric would need a question of its own.

use std::collections::BTreeMap;

use super::alerts::COMPONENT;
use super::asking::Asker;
use super::metrics::{over, samples, with_component};
use super::pieces::Pieces;
use super::{Missing, MissingKind};
use crate::model::ask::{Answer, Ask, Key};
use crate::model::evidence::SeriesRecord;
use crate::model::{Labels, Point, Series, SourceKind};
use crate::pack::Pack;
use crate::text::gather::EN as WORDS;

/// Metrics of one question: more of them make an answer of megabytes.
const AT_ONCE: usize = 32;
/// A metric of more series than this tells of more than components.
const WIDEST: usize = 60;
/// A rate looks back this far, in milliseconds.
const RATE_MS: i64 = 60_000;
/// What Prometheus itself adds to every target, or writes of its rules; starts of processes are changes.
const ITS_OWN: [&str; 6] =
    ["ALERTS", "ALERTS_FOR_STATE", "up", "scrape_", "process_start_time_seconds", "process_max_"];

/// What the numbers of a metric are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Gauge,
    Counter,
    /// Sum or count of a histogram or summary.
    Part,
}

/// Asks what there is, chooses, and asks for that.
pub(super) async fn gather(
    asker: &Asker<'_>,
    pack: &Pack,
    pieces: &Pieces,
    budget: usize,
) -> Vec<SeriesRecord> {
    let Some(end) = pieces.last().map(|piece| piece.end) else { return Vec::new() };
    let there = Ask::Instant { query: "count by (__name__) ({job!=\"\"})".into(), at: end };
    let (there, about) = tokio::join!(
        asker.ask(WORDS.metrics, there),
        asker.try_ask(WORDS.metrics, Ask::Plain(Key::Metadata)),
    );
    let Some(Answer::Vector(there)) = there else { return Vec::new() };
    let told: BTreeMap<Box<str>, Box<str>> = match about {
        Ok(Answer::Metadata(all)) => all.into_iter().map(|one| (one.metric, one.kind)).collect(),
        _ => BTreeMap::new(),
    };
    let mut sizes: Vec<(usize, String)> = there
        .iter()
        .map(|sample| (sample.value.max(0.0) as usize, sample.labels.metric_name().to_owned()))
        .filter(|(_, name)| is_wanted(name, pack))
        .collect();
    sizes.sort();
    let mut left = budget;
    let mut chosen: Vec<(String, Kind)> = Vec::new();
    let mut passed_over = 0_usize;
    for (size, name) in sizes {
        let Some(kind) = kind(&name, &told) else { continue };
        if size > WIDEST || size > left {
            passed_over += 1;
        } else {
            left -= size;
            chosen.push((name, kind));
        }
    }
    if passed_over > 0 {
        let Missing { source, kind, words } = Missing {
            source: Some(SourceKind::Prometheus),
            kind: MissingKind::Cut,
            words: (WORDS.metrics_over)(passed_over),
        };
        asker.note(source, kind, words);
    }
    let asks = chosen.chunks(AT_ONCE).map(|names| {
        let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        let query = format!("{{__name__=~\"{}\",job!=\"\"}}", names.join("|"));
        async move { over(asker, WORDS.metrics, &query, pieces).await }
    });
    let kinds: BTreeMap<&str, Kind> = chosen.iter().map(|(name, kind)| (name.as_str(), *kind)).collect();
    let series = futures_util::future::join_all(asks).await.into_iter().flatten();
    records(pack, series.collect(), &kinds, pieces.step_s)
}

/// Whether a metric may tell something that the pack's signals do not.
fn is_wanted(name: &str, pack: &Pack) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    let own = ITS_OWN.iter().any(|own| if own.ends_with('_') { name.starts_with(own) } else { name == *own });
    let base = base(name).unwrap_or(name);
    let watched = pack.signals.metrics.iter().map(|signal| &signal.query);
    let changes = pack.signals.changes.iter().map(|change| &change.query);
    !name.is_empty()
        && name.chars().all(plain)
        && !own
        && !name.ends_with("_bucket")
        && !name.ends_with("_created")
        && !name.ends_with("_timestamp_seconds")
        && !watched.chain(changes).any(|query| query.contains(base))
}

/// The histogram or summary that a sum or a count belongs to.
fn base(name: &str) -> Option<&str> {
    name.strip_suffix("_sum").or_else(|| name.strip_suffix("_count"))
}

/// What its numbers are, by the metadata, else by the name's end.
fn kind(name: &str, told: &BTreeMap<Box<str>, Box<str>>) -> Option<Kind> {
    let of = |name: &str| told.get(name).map(|kind| &**kind);
    match (of(name), base(name)) {
        // Quantiles of a summary are numbers as they are.
        (Some("gauge" | "summary"), _) => Some(Kind::Gauge),
        (Some("counter"), _) => Some(Kind::Counter),
        (_, Some(base)) if matches!(of(base), Some("histogram" | "summary")) => Some(Kind::Part),
        (Some("unknown") | None, Some(_)) => Some(Kind::Part),
        (Some("unknown") | None, None) if name.ends_with("_total") => Some(Kind::Counter),
        (Some("unknown") | None, None) => Some(Kind::Gauge),
        _ => None,
    }
}

fn records(pack: &Pack, series: Vec<Series>, kinds: &BTreeMap<&str, Kind>, step_s: u32) -> Vec<SeriesRecord> {
    let mut out = Vec::new();
    let mut parts: BTreeMap<(String, Labels), [Option<Vec<Point>>; 2]> = BTreeMap::new();
    let mut keep = |name: &str, labels: Labels, points: &[Point]| {
        if labels.get(COMPONENT).is_some() && !points.is_empty() {
            out.push(SeriesRecord { name: name.into(), labels, samples: samples(points, step_s) });
        }
    };
    for one in series {
        let name = one.labels.metric_name().to_owned();
        let labels = with_component(pack, &one.labels.without(&["__name__"]));
        match kinds.get(name.as_str()) {
            Some(Kind::Gauge) => keep(&name, labels, &one.points),
            Some(Kind::Counter) => {
                let name = format!("{}_per_second", name.strip_suffix("_total").unwrap_or(&name));
                keep(&name, labels, &rate(&one.points));
            }
            Some(Kind::Part) => {
                let Some(base) = base(&name) else { continue };
                let pair = parts.entry((base.to_owned(), labels)).or_default();
                pair[usize::from(name.ends_with("_count"))] = Some(one.points);
            }
            None => {}
        }
    }
    for ((base, labels), pair) in parts {
        if let [Some(sums), Some(counts)] = pair {
            keep(&format!("{base}_mean"), labels, &mean(&rate(&sums), &rate(&counts)));
        }
    }
    out
}

/// What a counter grew by in a second, looking back a minute; a counter that fell began anew.
fn rate(points: &[Point]) -> Vec<Point> {
    let mut grown = 0.0;
    let mut last: Option<Point> = None;
    let mut sums: Vec<Point> = Vec::with_capacity(points.len());
    for point in points.iter().filter(|point| point.v.is_finite()) {
        if let Some(last) = last {
            grown += if point.v >= last.v { point.v - last.v } else { point.v };
        }
        sums.push(Point { t: point.t, v: grown });
        last = Some(*point);
    }
    let mut from = 0;
    let mut out = Vec::with_capacity(sums.len());
    for (at, point) in sums.iter().enumerate() {
        while from < at && sums.get(from).is_some_and(|first| point.t - first.t > RATE_MS) {
            from += 1;
        }
        let first = match sums.get(from) {
            Some(first) if from < at => first,
            // Steps longer than a minute: the last two.
            _ => match at.checked_sub(1).and_then(|before| sums.get(before)) {
                Some(before) if point.t - before.t <= 10 * RATE_MS => before,
                _ => continue,
            },
        };
        out.push(Point { t: point.t, v: (point.v - first.v) * 1000.0 / (point.t - first.t) as f64 });
    }
    out
}

/// One rate by another, where the other is not zero.
fn mean(sums: &[Point], counts: &[Point]) -> Vec<Point> {
    let counts: BTreeMap<i64, f64> = counts.iter().map(|point| (point.t, point.v)).collect();
    let by = |point: &Point| counts.get(&point.t).filter(|count| **count > 0.0).map(|count| point.v / count);
    sums.iter().filter_map(|point| Some(Point { t: point.t, v: by(point)? })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[(i64, f64)]) -> Vec<Point> {
        values.iter().map(|(s, v)| Point { t: s * 1000, v: *v }).collect()
    }

    #[test]
    fn a_rate_looks_back_a_minute_and_survives_a_restart() {
        let steady: Vec<(i64, f64)> = (0..10).map(|n| (n * 15, n as f64 * 30.0)).collect();
        assert!(rate(&points(&steady)).iter().all(|point| (point.v - 2.0).abs() < 1e-9));
        let again = rate(&points(&[(0, 100.0), (60, 160.0), (120, 30.0)]));
        assert_eq!(again, points(&[(60, 1.0), (120, 0.5)]), "30 since it began anew");
        assert!(rate(&points(&[(0, 1.0)])).is_empty(), "one value tells no rate");
        assert_eq!(rate(&points(&[(0, 0.0), (300, 600.0)])), points(&[(300, 2.0)]), "long steps");
    }

    #[test]
    fn a_mean_is_not_told_where_nothing_was_counted() {
        let mean = mean(&points(&[(0, 4.0), (15, 0.0)]), &points(&[(0, 2.0), (15, 0.0)]));
        assert_eq!(mean, points(&[(0, 2.0)]));
    }

    #[test]
    fn the_kind_is_what_the_server_says_else_what_the_name_says() {
        let told: BTreeMap<Box<str>, Box<str>> = [("a_count", "gauge"), ("b", "histogram"), ("c", "counter")]
            .map(|(n, k)| (n.into(), k.into()))
            .into();
        assert_eq!(kind("a_count", &told), Some(Kind::Gauge));
        assert_eq!(kind("b_sum", &told), Some(Kind::Part));
        assert_eq!(kind("c", &told), Some(Kind::Counter));
        assert_eq!(kind("d_total", &told), Some(Kind::Counter));
        assert_eq!(kind("e", &told), Some(Kind::Gauge));
        assert_eq!(kind("b", &told), None, "a native histogram is no number");
    }
}
