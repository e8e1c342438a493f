//! What evidence says in words, and the query that leads to it.

use super::Missing;
use super::detail::Detail;
use super::findings::{Finding, Signal, Witness};
use crate::text::correlate::EN as WORDS;

/// A time as a person reads it.
pub fn seconds(time: f64) -> String {
    match time {
        t if t < 0.001 => format!("{:.0} µs", t * 1e6),
        t if t < 1.0 => format!("{} ms", digits(t * 1e3)),
        t => format!("{} s", digits(t)),
    }
}

/// Three digits that count.
pub fn digits(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() {
        return format!("{value}");
    }
    if !(1e-3..1e6).contains(&size) {
        return format!("{value:.2e}");
    }
    let after = if size >= 100.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        3
    };
    format!("{value:.after$}")
}

/// A share in per cent.
pub fn percent(share: f64) -> String {
    let hundred = share * 100.0;
    if hundred > 0.0 && hundred < 1.0 { "<1 %".to_owned() } else { format!("{hundred:.0} %") }
}

/// At most so many characters of a line.
fn short(text: &str) -> String {
    const MOST: usize = 160;
    let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if one_line.chars().count() <= MOST {
        return one_line;
    }
    one_line.chars().take(MOST - 1).chain(std::iter::once('…')).collect()
}

/// A detail in one sentence.
pub fn detail(detail: &Detail) -> String {
    match detail {
        Detail::Own { operation, before, after, spans } => {
            (WORDS.own)(operation, &seconds(*before), &seconds(*after), *spans)
        }
        Detail::Gap { caller, callee, before, after, spans } => {
            (WORDS.gap)(caller, callee, &seconds(*before), &seconds(*after), *spans)
        }
        Detail::Excess { share, seconds: each } => (WORDS.excess)(&percent(*share), &seconds(*each)),
        Detail::Structure { operation, event, missing, count, of, before } => {
            let say = if *missing { WORDS.lacks } else { WORDS.new };
            say(operation, &short(event), *count, *of, &percent(*before))
        }
        Detail::Shape { operation, steps, after, before, .. } => {
            (WORDS.shape)(operation, *steps, &percent(*after), &percent(*before))
        }
        Detail::Spectrum { odd, fine, count } => (WORDS.spectrum)(&percent(*odd), &percent(*fine), *count),
        Detail::Lines { sample, count, expected, .. } => {
            let say = if (*count as f64) < *expected { WORDS.silent } else { WORDS.lines };
            say(*count, &digits(*expected), &short(sample))
        }
        Detail::Series { name, before, after, z, .. } => {
            (WORDS.series)(name, &digits(*before), &digits(*after), &digits(*z))
        }
        Detail::Quiet { ended, of } => (WORDS.quiet)(*ended, *of),
        Detail::Alert { name, .. } => (WORDS.alert)(name),
        Detail::Change { title, .. } => (WORDS.change)(&short(title)),
    }
}

/// A finding in one sentence.
pub fn finding(finding: &Finding) -> String {
    match finding.witnesses.first() {
        Some(first) => {
            (WORDS.finding)(&finding.component, (WORDS.cause)(finding.cause.word()), &detail(&first.detail))
        }
        None => (WORDS.nothing)(&finding.component),
    }
}

/// What is missing.
pub fn missing(what: Missing) -> &'static str {
    match what {
        Missing::Metrics => WORDS.no_metrics,
        Missing::Logs => WORDS.no_logs,
        Missing::Traces => WORDS.no_traces,
        Missing::Calm => WORDS.no_calm,
        Missing::FewCalm => WORDS.few_calm,
        Missing::Topology => WORDS.no_topology,
    }
}

/// The view that shows a piece of evidence, and the query that brings it there.
pub fn link(component: &str, naming: &str, witness: &Witness) -> (&'static str, String) {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let stream = format!("{{{naming}=\"{}\"}}", quoted(component));
    match (&witness.detail, witness.signal) {
        (Detail::Series { name, labels, .. }, _) => {
            let matchers: Vec<String> =
                labels.iter().map(|(name, value)| format!("{name}=\"{}\"", quoted(value))).collect();
            ("metrics", format!("{name}{{{}}}", matchers.join(",")))
        }
        (Detail::Quiet { .. }, _) => ("metrics", stream),
        (Detail::Gap { caller, .. }, _) => {
            ("traces", format!("{{ resource.service.name = \"{}\" }}", quoted(caller)))
        }
        (_, Signal::Trace) => ("traces", format!("{{ resource.service.name = \"{}\" }}", quoted(component))),
        (_, Signal::Alert | Signal::Change) => ("alerts", String::new()),
        (_, Signal::Log | Signal::Metric) => ("logs", stream),
    }
}
