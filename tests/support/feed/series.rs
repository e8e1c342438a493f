//! Series that grow with time alone, written in the Prometheus text format.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One gauge, counter, or whole histogram.
#[derive(Clone, Debug)]
pub struct Series {
    name: &'static str,
    labels: Vec<(&'static str, &'static str)>,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Gauge(f64),
    /// What it had counted at `since`, and how it grows from then on.
    Counter {
        settled: f64,
        since: f64,
        rate: f64,
    },
    Histogram {
        bounds: &'static [f64],
        settled: Counts,
        since: f64,
        rate: f64,
        mix: Vec<(f64, f64)>,
    },
}

/// A histogram's numbers at one moment.
#[derive(Clone, Debug, Default)]
struct Counts {
    /// Cumulative, one a bound.
    buckets: Vec<f64>,
    count: f64,
    sum: f64,
}

impl Series {
    /// A gauge.
    pub fn gauge(name: &'static str, labels: &[(&'static str, &'static str)], value: f64) -> Self {
        Self { name, labels: labels.to_vec(), kind: Kind::Gauge(value) }
    }

    /// A counter that grows by `rate` a second.
    pub fn counter(name: &'static str, labels: &[(&'static str, &'static str)], rate: f64) -> Self {
        // A counter that starts at its first value has no increase yet, as after a real restart.
        Self { name, labels: labels.to_vec(), kind: Kind::Counter { settled: 1.0, since: 0.0, rate } }
    }

    /// A histogram that observes `rate` times a second; `mix` is (value, share).
    pub fn histogram(
        name: &'static str,
        labels: &[(&'static str, &'static str)],
        bounds: &'static [f64],
        rate: f64,
        mix: &[(f64, f64)],
    ) -> Self {
        let settled = Counts { buckets: vec![0.0; bounds.len()], ..Counts::default() };
        let kind = Kind::Histogram { bounds, settled, since: 0.0, rate, mix: ascending(mix) };
        Self { name, labels: labels.to_vec(), kind }
    }

    /// Its name, without a histogram's endings.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its labels, `le` not among them.
    pub fn labels(&self) -> Vec<(String, String)> {
        self.labels.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect()
    }

    /// Whether `name` or `name{label="value",…}` names it; labels that are not named do not count.
    pub fn matches(&self, selector: &str) -> bool {
        let (name, labels) = selector.split_once('{').unwrap_or((selector, "}"));
        let wanted = labels.strip_suffix('}').unwrap_or_else(|| panic!("{selector} lacks its brace"));
        name == self.name
            && wanted.split(',').filter(|pair| !pair.is_empty()).all(|pair| {
                let (label, value) = pair.split_once('=').unwrap_or_else(|| panic!("{selector}: {pair}"));
                self.labels.iter().any(|(l, v)| *l == label.trim() && *v == value.trim().trim_matches('"'))
            })
    }

    /// Sets a gauge, or from `at` on a counter's rate.
    pub fn set(&mut self, at: f64, value: f64) {
        match &mut self.kind {
            Kind::Gauge(current) => *current = value,
            Kind::Counter { settled, since, rate } => {
                *settled += *rate * (at - *since);
                (*since, *rate) = (at, value);
            }
            Kind::Histogram { .. } => panic!("{} is a histogram: use observe", self.name),
        }
    }

    /// From `at` on, observes `new_mix` at `new_rate`.
    pub fn observe(&mut self, at: f64, new_rate: f64, new_mix: &[(f64, f64)]) {
        let now = self.counts(at);
        let Kind::Histogram { settled, since, rate, mix, .. } = &mut self.kind else {
            panic!("{} is no histogram: use set", self.name);
        };
        (*settled, *since, *rate, *mix) = (now, at, new_rate, ascending(new_mix));
    }

    /// A histogram's numbers at `at`: whole observations, so that buckets, count and sum agree.
    fn counts(&self, at: f64) -> Counts {
        let Kind::Histogram { bounds, settled, since, rate, mix } = &self.kind else {
            return Counts::default();
        };
        let grown: Vec<(f64, f64)> = whole_observations((rate * (at - since)).floor(), mix);
        let below =
            |bound: f64| grown.iter().filter(|(value, _)| *value <= bound).map(|(_, n)| n).sum::<f64>();
        Counts {
            buckets: bounds.iter().zip(&settled.buckets).map(|(bound, had)| had + below(*bound)).collect(),
            count: settled.count + below(f64::INFINITY),
            sum: settled.sum + grown.iter().map(|(value, n)| value * n).sum::<f64>(),
        }
    }

    fn type_word(&self) -> &'static str {
        match self.kind {
            Kind::Gauge(_) => "gauge",
            Kind::Counter { .. } => "counter",
            Kind::Histogram { .. } => "histogram",
        }
    }

    fn write(&self, at: f64, out: &mut String) {
        match &self.kind {
            Kind::Gauge(value) => self.line(out, "", None, *value),
            Kind::Counter { settled, since, rate } => {
                self.line(out, "", None, (settled + rate * (at - since)).floor());
            }
            Kind::Histogram { bounds, .. } => {
                let counts = self.counts(at);
                for (bound, count) in bounds.iter().zip(&counts.buckets) {
                    self.line(out, "_bucket", Some(*bound), *count);
                }
                self.line(out, "_bucket", Some(f64::INFINITY), counts.count);
                self.line(out, "_sum", None, counts.sum);
                self.line(out, "_count", None, counts.count);
            }
        }
    }

    fn line(&self, out: &mut String, suffix: &str, bound: Option<f64>, value: f64) {
        let mut pairs: Vec<String> =
            self.labels.iter().map(|(label, v)| format!("{label}=\"{v}\"")).collect();
        pairs.extend(bound.map(|bound| format!("le=\"{}\"", number(bound))));
        let labels = if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(",")) };
        let _ = writeln!(out, "{}{suffix}{labels} {}", self.name, number(value));
    }
}

/// By value: a bucket then holds a first part of the mix, and first parts only ever grow.
fn ascending(mix: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut mix = mix.to_vec();
    mix.sort_by(|a, b| a.0.total_cmp(&b.0));
    mix
}

/// Deals `total` observations out by share. The number up to any value is rounded down from the
/// cumulative share, so that no bucket ever shrinks while `total` grows.
fn whole_observations(total: f64, mix: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut dealt = 0.0;
    let mut share = 0.0;
    let mut out = Vec::with_capacity(mix.len());
    for (at, (value, part)) in mix.iter().enumerate() {
        share += part;
        let up_to = if at + 1 == mix.len() { total } else { (total * share).floor().min(total) };
        out.push((*value, up_to - dealt));
        dealt = up_to;
    }
    out
}

fn number(value: f64) -> String {
    if value == f64::INFINITY {
        "+Inf".to_owned()
    } else if value == f64::NEG_INFINITY {
        "-Inf".to_owned()
    } else {
        value.to_string()
    }
}

/// The page of all `series` at `at`, family by family as the format demands.
pub fn page(series: &[Series], at: f64) -> String {
    let mut families: BTreeMap<&str, Vec<&Series>> = BTreeMap::new();
    for one in series {
        families.entry(one.name).or_default().push(one);
    }
    let mut out = String::new();
    for (name, members) in families {
        let _ =
            writeln!(out, "# HELP {name} Of the test hospital.\n# TYPE {name} {}", members[0].type_word());
        for member in members {
            member.write(at, &mut out);
        }
    }
    out
}
