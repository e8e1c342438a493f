//! Reads a line with `prometheus-parse` 0.2.5 and compares what it returns with the line.
//!
//! That library misreads some valid lines without an error: label values that hold `=`, `,` or `}`,
//! escapes, `a{}`, spaces in braces, names with a colon; and it takes anything after a value. So its word
//! counts only for a line whose every character is accounted for by what it returned.

use prometheus_parse::{Scrape, Value};

use crate::client::wire::number;
use crate::model::Time;

use super::{Line, strict};

/// The library's reading of the line, or `None` where it does not account for the whole line.
pub(super) fn read(text: &str, now: Time) -> Option<Line> {
    // Never right there, so not worth its time.
    if text.contains('\\') {
        return None;
    }
    let scrape = Scrape::parse_at(std::iter::once(Ok(text.to_owned())), now).ok()?;
    let [sample] = scrape.samples.as_slice() else { return None };
    let Value::Untyped(value) = sample.value else { return None };
    let rest = text.strip_prefix(sample.metric.as_str())?;
    if !strict::is_metric_name(&sample.metric) {
        return None;
    }
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(open) => {
            let (inside, rest) = open.split_once('}')?;
            (accounted(inside, &sample.labels)?, rest)
        }
        None if sample.labels.is_empty() => (Vec::new(), rest),
        None => return None,
    };
    if !rest.starts_with([' ', '\t']) {
        return None;
    }
    let mut words = rest.split([' ', '\t']).filter(|word| !word.is_empty());
    let said = number(words.next()?)?;
    let at_ms = match words.next() {
        Some(word) => Some(word.parse::<i64>().ok().filter(|ms| *ms == sample.timestamp.timestamp_millis())?),
        None => None,
    };
    let same = said.to_bits() == value.to_bits() || said.is_nan() && value.is_nan();
    (same && words.next().is_none()).then(|| Line { name: sample.metric.clone(), labels, value, at_ms })
}

/// The labels, sorted, if `inside` is exactly these, each as `name="value"` between commas.
fn accounted(inside: &str, labels: &prometheus_parse::Labels) -> Option<Vec<(String, String)>> {
    let inside = inside.strip_suffix(',').unwrap_or(inside);
    let mut all = Vec::with_capacity(labels.len());
    for piece in inside.split(',') {
        let (name, quoted) = piece.split_once('=')?;
        let value = quoted.strip_prefix('"')?.strip_suffix('"')?;
        let plain = !value.contains(['"', '=', '{']) && strict::is_label_name(name);
        if !plain || labels.get(name) != Some(value) {
            return None;
        }
        all.push((name.to_owned(), value.to_owned()));
    }
    all.sort_unstable();
    let unique = all.windows(2).all(|pair| pair[0].0 != pair[1].0);
    (unique && all.len() == labels.len()).then_some(all)
}
