//! The unit of what a query measures, guessed from the names of its metrics (prometheus.io/docs/practices/naming)
//! and from what the server tells of them.

use crate::model::Unit;
use crate::model::ask::MetricMeta;
use crate::query::promql::about::Measure;

/// The unit of a measure. `meta` holds what the server tells of metrics; it may be empty.
pub fn of(measure: &Measure, meta: &[MetricMeta]) -> Unit {
    match measure {
        Measure::Of(name) => of_metric(name, meta),
        Measure::PerSecond(inner) => match of(inner, meta) {
            // Seconds each second are a share of a core or of a worker, which has no unit.
            Unit::Seconds | Unit::Days => Unit::None,
            Unit::Bytes => Unit::Bytes,
            _ => Unit::PerSecond,
        },
        Measure::Count => Unit::Count,
        Measure::Ratio => Unit::Ratio,
        Measure::Percent => Unit::Percent,
        Measure::Bool => Unit::Bool,
        Measure::Seconds => Unit::Seconds,
        Measure::Unknown => Unit::None,
    }
}

/// What the server tells of a metric; for a part of a histogram or summary, of the whole.
pub fn about<'m>(name: &str, meta: &'m [MetricMeta]) -> Option<&'m MetricMeta> {
    let exact = |name: &str| meta.iter().find(|one| *one.metric == *name);
    let whole = || {
        ["_bucket", "_sum", "_count", "_total"].into_iter().find_map(|part| exact(name.strip_suffix(part)?))
    };
    exact(name).or_else(whole)
}

fn by_word(word: &str) -> Option<Unit> {
    match word {
        "seconds" | "second" | "duration" | "latency" | "uptime" => Some(Unit::Seconds),
        "bytes" => Some(Unit::Bytes),
        "ratio" => Some(Unit::Ratio),
        "percent" | "percentage" => Some(Unit::Percent),
        "celsius" => Some(Unit::Celsius),
        "watts" => Some(Unit::Watts),
        "days" => Some(Unit::Days),
        _ => None,
    }
}

fn of_metric(name: &str, meta: &[MetricMeta]) -> Unit {
    // The number of observations counts, and a bucket's value does too: what they observe does not matter.
    if name.ends_with("_count") || name.ends_with("_bucket") {
        return Unit::Count;
    }
    if let Some(unit) = about(name, meta).and_then(|one| by_word(&one.unit)) {
        return unit;
    }
    let base = name.strip_suffix("_sum").unwrap_or(name);
    let word = |base: &str| by_word(base.rsplit('_').next().unwrap_or(base));
    match base.strip_suffix("_total") {
        Some(base) => word(base).unwrap_or(Unit::Count),
        None => word(base).unwrap_or(Unit::None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::promql::about::About;

    #[test]
    fn names_tell_units() {
        for (query, unit) in [
            ("process_resident_memory_bytes", Unit::Bytes),
            ("rate(net_bytes_total[5m])", Unit::Bytes),
            ("rate(cpu_seconds_total[5m])", Unit::None),
            ("histogram_quantile(0.95, sum by (le) (rate(x_seconds_bucket[5m])))", Unit::Seconds),
            ("rate(x_seconds_bucket[5m])", Unit::PerSecond),
            ("rate(x_seconds_sum[5m]) / rate(x_seconds_count[5m])", Unit::Seconds),
            ("sum(rate(requests_total[5m]))", Unit::PerSecond),
            ("increase(requests_total[1h])", Unit::Count),
            ("cache_hit_ratio", Unit::Ratio),
            ("cpu_usage_percent", Unit::Percent),
            ("die_temperature_celsius", Unit::Celsius),
            ("sessions", Unit::None),
            ("count(up)", Unit::Count),
        ] {
            assert_eq!(of(&About::of(query).measure, &[]), unit, "{query}");
        }
    }

    #[test]
    fn what_the_server_tells_outranks_the_name() {
        let meta = [MetricMeta {
            metric: "queue_depth".into(),
            kind: "gauge".into(),
            help: "Bytes waiting.".into(),
            unit: "bytes".into(),
        }];
        assert_eq!(of(&Measure::Of("queue_depth".to_owned()), &meta), Unit::Bytes);
        assert_eq!(about("queue_depth_total", &meta).map(|one| &*one.kind), Some("gauge"));
    }
}
