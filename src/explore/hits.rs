//! What a search found, made comparable: how many spans and errors a trace has, as far as the search tells.

use super::refine::quoted;
use crate::model::{SpanStatus, TraceHit};

/// Its spans; `None` where the search does not tell.
pub fn spans(hit: &TraceHit) -> Option<u64> {
    (!hit.services.is_empty()).then(|| hit.services.iter().map(|service| u64::from(service.spans)).sum())
}

/// Its errors, at least those of the spans that matched.
pub fn errors(hit: &TraceHit) -> u64 {
    let matched = hit.matched.iter().filter(|span| span.status == SpanStatus::Error).count() as u64;
    let told: u64 = hit.services.iter().map(|service| u64::from(service.errors)).sum();
    told.max(matched)
}

/// A usual one among traces of one operation: the one with the median duration among those without an error, or among
/// all where each has one. `but` is left out. Also how many it was chosen from, and whether these are without errors.
pub fn usual(hits: &[TraceHit], but: crate::model::TraceId) -> Option<(&TraceHit, usize, bool)> {
    let others = || hits.iter().filter(|hit| hit.id != but);
    let mut among: Vec<&TraceHit> = others().filter(|hit| errors(hit) == 0).collect();
    let fine = !among.is_empty();
    if !fine {
        among = others().collect();
    }
    // Of two in the middle the shorter one: what is compared with it is slow.
    among.sort_by_key(|hit| (hit.duration, hit.id));
    let count = among.len();
    let middle = count.checked_sub(1)? / 2;
    among.get(middle).map(|hit| (*hit, count, fine))
}

/// TraceQL for the traces with this root.
pub fn same_root(service: &str, name: &str) -> String {
    format!("{{rootServiceName = {} && rootName = {}}}", quoted(service), quoted(name))
}

/// Whether a TraceQL query counts rather than finds: a metrics function stands in its pipeline.
pub fn is_metrics(query: &str) -> bool {
    const FUNCTIONS: [&str; 9] = [
        "rate",
        "count_over_time",
        "sum_over_time",
        "min_over_time",
        "max_over_time",
        "avg_over_time",
        "quantile_over_time",
        "histogram_over_time",
        "compare",
    ];
    let (mut depth, mut quote, mut escaped) = (0_i32, None, false);
    for (at, c) in query.char_indices() {
        match (quote, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(open), _) => quote = Some(open).filter(|open| c != *open),
            (None, '"' | '`') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') => depth -= 1,
            (None, '|') if depth == 0 => {
                let rest = query[at + 1..].trim_start();
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
                if FUNCTIONS.contains(&&rest[..end]) && rest[end..].trim_start().starts_with('(') {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TraceId, TraceService};

    #[test]
    fn what_counts_is_told_from_what_finds() {
        for (query, metrics) in [
            ("{}", false),
            ("{} | rate()", true),
            ("{ name = \"| rate()\" }", false),
            ("{ .a = `} | rate()` } | count() > 2", false),
            ("{ a || rate } | select(name)", false),
            ("{status=error} |quantile_over_time (duration, .9) by (name)", true),
            ("", false),
            ("{ \"\\\"", false),
        ] {
            assert_eq!(is_metrics(query), metrics, "{query}");
        }
    }

    #[test]
    fn a_root_is_asked_for_by_name_whatever_the_name() {
        assert_eq!(same_root("a", "GET \"x\\"), r#"{rootServiceName = "a" && rootName = "GET \"x\\"}"#);
    }

    #[test]
    fn the_usual_one_is_the_median_without_errors() {
        let hit = |id: u128, duration: i64, errors: u32| TraceHit {
            id: TraceId(id),
            root_service: "a".into(),
            root_name: "b".into(),
            start: 1,
            duration,
            services: vec![TraceService { name: "a".into(), spans: 2, errors }],
            matched: Vec::new(),
            matched_count: 1,
        };
        let all = [hit(1, 900, 0), hit(2, 10, 0), hit(3, 30, 0), hit(4, 20, 1), hit(5, 40, 0), hit(6, 50, 0)];
        let (found, among, fine) = usual(&all, TraceId(1)).expect("one");
        assert_eq!((found.id, among, fine), (TraceId(3), 4, true));
        let failed = [hit(1, 900, 0), hit(4, 20, 1)];
        assert_eq!(
            usual(&failed, TraceId(1)).map(|(hit, among, fine)| (hit.id, among, fine)),
            Some((TraceId(4), 1, false))
        );
        assert_eq!(usual(&failed[..1], TraceId(1)), None);
    }
}
