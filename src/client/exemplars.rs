//! Exemplars of Prometheus: measured values with the trace that they were measured in
//! (prometheus.io/docs/prometheus/latest/querying/api, "Querying exemplars").

use serde::Deserialize;

use super::wire::{Many, Number, SafeLabels};
use crate::model::{Exemplar, Labels, Time, TraceId};

/// `data` of the answer.
pub(super) type ExemplarsData = Many<OfSeries, Vec<Exemplar>>;

#[derive(Deserialize)]
pub(super) struct OfSeries {
    #[serde(default, rename = "seriesLabels")]
    series: SafeLabels,
    #[serde(default)]
    exemplars: Option<Vec<One>>,
}

#[derive(Deserialize)]
struct One {
    #[serde(default)]
    labels: SafeLabels,
    value: Number,
    timestamp: f64,
}

impl From<OfSeries> for Vec<Exemplar> {
    fn from(wire: OfSeries) -> Self {
        let series = wire.series.0;
        let one = |one: One| {
            let at = Time::from_timestamp_millis(super::wire::moment_ms(one.timestamp))?;
            let trace = trace_of(&one.labels.0);
            Some(Exemplar { series: series.clone(), labels: one.labels.0, at, value: one.value.0, trace })
        };
        wire.exemplars.unwrap_or_default().into_iter().filter_map(one).collect()
    }
}

/// All of them, by time.
pub(super) fn by_time(data: ExemplarsData) -> Vec<Exemplar> {
    let mut all: Vec<Exemplar> = data.0.into_iter().flatten().collect();
    all.sort_by_key(|exemplar| exemplar.at);
    all
}

/// The trace that a label names, however its writer spells the name: `trace_id`, `traceID`, `traceId`, `trace.id`.
fn trace_of(labels: &Labels) -> Option<TraceId> {
    let names_trace = |name: &str| {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
        letters.eq(*b"traceid")
    };
    labels.iter().filter(|(name, _)| names_trace(name)).find_map(|(_, value)| TraceId::parse(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_found_under_any_spelling_and_only_where_it_is_one() {
        let of = |name: &str, value: &str| trace_of(&Labels::new([(name, value), ("span_id", "ab")]));
        for name in ["trace_id", "traceID", "traceId", "TraceID", "trace.id", "trace-id", "traceid"] {
            assert_eq!(of(name, "00ab"), Some(TraceId(0xab)), "{name}");
        }
        assert_eq!(of("trace", "ab"), None);
        assert_eq!(of("parent_trace_id", "ab"), None);
        assert_eq!(of("trace_id", "not hex"), None);
    }

    #[test]
    fn what_is_missing_is_empty_and_what_is_no_moment_is_left_out() {
        let body = r#"[{"exemplars":null},{"seriesLabels":{"a":"b"},
            "exemplars":[{"value":"2","timestamp":2.5},{"value":"1","timestamp":1,"labels":{"traceID":"f"}},
                         {"value":"NaN","timestamp":1e300}]}]"#;
        let all = by_time(serde_json::from_str(body).expect("an answer"));
        let told: Vec<_> = all.iter().map(|one| (one.at.timestamp_millis(), one.value, one.trace)).collect();
        assert_eq!(told, [(1000, 1.0, Some(TraceId(15))), (2500, 2.0, None)]);
        assert!(all.iter().all(|one| one.series.get("a") == Some("b")));
    }
}
