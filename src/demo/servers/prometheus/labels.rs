//! `series`, `labels`, `label/NAME/values`.

use std::collections::BTreeSet;

use super::super::form::Form;
use super::{Outcome, Refused, Server, moment, object, quoted};
use crate::model::{Labels, Matcher};
use crate::query::{MetricData, promql};

/// How far back is looked where the request does not say.
pub(super) const RECENT_MS: i64 = 300_000;
/// A long window is looked through in pieces of this length…
const PIECE_MS: i64 = 600_000;
/// …of which so many are looked at: all of six hours, evenly spread ones of more.
const MOST_PIECES: i64 = 36;

/// The label sets that satisfy a selector.
pub(super) fn series(server: &Server, form: &Form, _: &str) -> Outcome {
    parsed(form)?;
    if form.all("match[]").next().is_none() {
        return Err(Refused::bad("no match[] parameter provided"));
    }
    let window = moment::window(server, form)?;
    let selectors = selectors(form, Some("match[]"))?;
    let all: Vec<String> = sets(server, &selectors, window).iter().map(object).collect();
    Ok(format!("[{}]", all.join(",")))
}

/// Names of labels.
pub(super) fn names(server: &Server, form: &Form, _: &str) -> Outcome {
    parsed(form)?;
    let window = moment::window(server, form)?;
    let sets = sets(server, &selectors(form, None)?, window);
    let names: BTreeSet<&str> = sets.iter().flat_map(|labels| labels.iter().map(|(name, _)| name)).collect();
    Ok(list(names))
}

/// Values of one label.
pub(super) fn values(server: &Server, form: &Form, name: &str) -> Outcome {
    let mut chars = name.chars();
    let valid = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !valid {
        return Err(Refused::bad(format!("invalid label name: {name:?}")));
    }
    parsed(form)?;
    let window = moment::window(server, form)?;
    let sets = sets(server, &selectors(form, None)?, window);
    Ok(list(sets.iter().filter_map(|labels| labels.get(name)).collect()))
}

fn parsed(form: &Form) -> Result<(), Refused> {
    match &form.wrong {
        None => Ok(()),
        Some(wrong) => Err(Refused::bad(format!("error parsing form values: {wrong}"))),
    }
}

/// The selectors of `match[]`; blamed on it by name only where the real server does so.
fn selectors(form: &Form, blamed: Option<&str>) -> Result<Vec<Vec<Matcher>>, Refused> {
    let nothing = Labels::default();
    form.all("match[]")
        .map(|text| {
            let empty = || {
                let words = "match[] must contain at least one non-empty matcher";
                blamed.map_or_else(|| Refused::bad(words), |name| Refused::parameter(name, words))
            };
            let matchers = match promql::selector(text) {
                // The evaluator refuses it already, in other words than this part of the API.
                Err(error) if error.to_string().ends_with("at least one non-empty matcher") => {
                    return Err(empty());
                }
                other => other.map_err(|error| Refused::query(blamed, &error))?,
            };
            if matchers.iter().all(|matcher| matcher.matches(&nothing)) {
                return Err(empty());
            }
            Ok(matchers)
        })
        .collect()
}

/// The label sets within a window; no selector is every series.
fn sets(server: &Server, selectors: &[Vec<Matcher>], (from, to): (i64, i64)) -> BTreeSet<Labels> {
    let data = server.alerting.with_alerts();
    let everything = [Vec::new()];
    let selectors = if selectors.is_empty() { &everything[..] } else { selectors };
    let mut found = BTreeSet::new();
    for (from, to) in pieces(from, to) {
        for matchers in selectors {
            found.extend(data.series(matchers, from, to).into_iter().map(|series| series.labels));
        }
    }
    found
}

/// The pieces of a window that are looked at, its first and its last among them.
fn pieces(from: i64, to: i64) -> Vec<(i64, i64)> {
    if to < from {
        return Vec::new();
    }
    let length = to.saturating_sub(from);
    let all = length / PIECE_MS + 1;
    if all <= MOST_PIECES {
        return (0..all).map(|at| (from + at * PIECE_MS, (from + (at + 1) * PIECE_MS - 1).min(to))).collect();
    }
    let spread = |at: i64| {
        let offset = i128::from(length - PIECE_MS) * i128::from(at) / i128::from(MOST_PIECES - 1);
        from + offset as i64
    };
    (0..MOST_PIECES).map(|at| (spread(at), spread(at) + PIECE_MS)).collect()
}

fn list(words: BTreeSet<&str>) -> String {
    let all: Vec<String> = words.into_iter().map(quoted).collect();
    format!("[{}]", all.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_looked_through_and_a_long_one_at_even_distances() {
        assert_eq!(pieces(0, 10), [(0, 10)]);
        assert_eq!(pieces(0, 700_000), [(0, 599_999), (600_000, 700_000)]);
        assert_eq!(pieces(5, 4), []);
        let week = 7 * 86_400_000;
        let long = pieces(0, week);
        assert_eq!((long.len(), long[0], long[35].1), (36, (0, 600_000), week));
        assert!(pieces(-8_000_000_000_000_000, 8_000_000_000_000_000).len() == 36);
    }
}
