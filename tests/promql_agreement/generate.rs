//! Queries by chance, of the right types, so that most of them have an answer.

use std::collections::BTreeMap;

use fastrand::Rng;

use crate::at_some_time;
use crate::compare::Question;
use crate::data::{self, START_MS};

/// Deepest nesting of what is not a leaf.
const DEPTH: u32 = 4;
/// One in this many is broken on purpose.
const BROKEN: u32 = 25;

/// The `count` first questions of a stream.
pub fn questions(seed: u64, count: usize) -> Vec<Question> {
    let mut generator =
        Generator { random: Rng::with_seed(seed), vocabulary: data::vocabulary(&data::samples()) };
    (0..count)
        .map(|_| {
            let mut query = generator.whole();
            if generator.one_in(BROKEN) {
                query = generator.broken(&query);
            }
            at_some_time(query, &mut generator.random)
        })
        .collect()
}

struct Generator {
    random: Rng,
    vocabulary: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl Generator {
    fn one_in(&mut self, many: u32) -> bool {
        self.random.u32(0..many) == 0
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.random.usize(0..of.len())]
    }

    fn metric(&mut self) -> String {
        let at = self.random.usize(0..self.vocabulary.len());
        self.vocabulary.keys().nth(at).unwrap().clone()
    }

    /// A metric with its matchers in braces.
    fn matched(&mut self, metric: &str) -> String {
        let labels: Vec<(String, Vec<String>)> =
            self.vocabulary[metric].iter().map(|(name, values)| (name.clone(), values.clone())).collect();
        let mut matchers = Vec::new();
        for (name, values) in &labels {
            if !self.one_in(4) {
                continue;
            }
            let value = values[self.random.usize(0..values.len())]
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('\n', "\\n");
            matchers.push(match self.random.u8(0..6) {
                0 | 1 => format!("{name}=\"{value}\""),
                2 => format!("{name}!=\"{value}\""),
                3 => format!(
                    "{name}=~\"{}.*\"",
                    value
                        .chars()
                        .next()
                        .filter(char::is_ascii_alphanumeric)
                        .map_or_else(String::new, |c| c.to_string())
                ),
                4 => format!(
                    "{name}!~\".*{}\"",
                    value
                        .chars()
                        .last()
                        .filter(char::is_ascii_alphanumeric)
                        .map_or_else(|| "x".to_owned(), |c| c.to_string())
                ),
                _ => format!(
                    "{name}=~\"{}|.*a.*\"",
                    value.chars().filter(char::is_ascii_alphanumeric).collect::<String>()
                ),
            });
        }
        if matchers.is_empty() { metric.to_owned() } else { format!("{metric}{{{}}}", matchers.join(",")) }
    }

    /// `offset` and `@`, rarely.
    fn shift(&mut self) -> String {
        let offset = self.pick(&[" offset 1m", " offset 7m30s", " offset -3m", " offset 500ms"]);
        let at = START_MS / 1000 + self.random.i64(600..7_800);
        match self.random.u8(0..24) {
            0 | 1 => offset.to_owned(),
            2 => format!(" @ {at}"),
            3 => format!(" @ start(){offset}"),
            4 => format!("{offset} @ end()"),
            _ => String::new(),
        }
    }

    fn selector(&mut self) -> String {
        let metric = self.metric();
        self.matched(&metric) + &self.shift()
    }

    fn duration(&mut self) -> &'static str {
        self.pick(&["30s", "1m", "2m", "5m", "7m", "10m", "1h"])
    }

    /// A range vector.
    fn matrix(&mut self, depth: u32) -> String {
        if depth > 1 && self.one_in(4) {
            let inner = self.vector(depth - 2);
            let range = self.pick(&["3m", "5m", "10m"]);
            let step = self.pick(&["", "15s", "30s", "1m", "47s"]);
            return format!("({inner})[{range}:{step}]{}", self.shift());
        }
        let metric = self.metric();
        format!("{}[{}]{}", self.matched(&metric), self.duration(), self.shift())
    }

    fn labels(&mut self) -> String {
        let names = [
            "job",
            "instance",
            "department",
            "status",
            "le",
            "model_name",
            "kind",
            "operation",
            "zone",
            "type",
        ];
        let count = self.random.usize(0..3);
        let chosen: Vec<&str> = (0..count).map(|_| self.pick(&names)).collect();
        chosen.join(", ")
    }

    fn number(&mut self) -> String {
        self.pick(&["0", "1", "2", "-1", "0.5", "100", "3.25", "1e3", "60", "-0.125", "10"]).to_owned()
    }

    fn scalar(&mut self, depth: u32) -> String {
        match self.random.u8(0..12) {
            0 if depth > 0 => format!("scalar({})", self.vector(depth - 1)),
            1 if depth > 0 => {
                let op = self.pick(&["+", "-", "*", "/", "%", "== bool", "< bool"]);
                format!("({} {op} {})", self.scalar(depth - 1), self.scalar(depth - 1))
            }
            2 => "scalar(mac_studio_gpu_usage_percent)".to_owned(),
            3 => "(time() - 1.7638e9)".to_owned(),
            4 => "pi()".to_owned(),
            _ => self.number(),
        }
    }

    /// A query. Only the outermost may choose among equals, which the servers are free to do.
    fn whole(&mut self) -> String {
        let query = self.vector(DEPTH);
        if !self.one_in(12) {
            return query;
        }
        let how = match self.random.u8(0..3) {
            0 => String::new(),
            1 => format!(" by ({})", self.labels()),
            _ => format!(" without ({})", self.labels()),
        };
        format!("{}{how} ({}, {query})", self.pick(&["topk", "bottomk"]), self.pick(&["1", "2", "5", "0"]))
    }

    /// An instant vector.
    fn vector(&mut self, depth: u32) -> String {
        if depth == 0 {
            return if self.one_in(30) { format!("vector({})", self.number()) } else { self.selector() };
        }
        match self.random.u8(0..30) {
            0 | 1 => self.selector(),
            2..=8 => self.over_time(depth),
            9..=14 => self.aggregation(depth),
            15..=17 => {
                let op = self.arithmetic_or_comparison();
                let (vector, scalar) = (self.vector(depth - 1), self.scalar(depth - 1));
                if self.random.bool() {
                    format!("({vector}) {op} {scalar}")
                } else {
                    format!("{scalar} {op} ({vector})")
                }
            }
            18..=21 => self.matching(depth),
            22 => {
                let op = self.pick(&["and", "or", "unless"]);
                let how = match self.random.u8(0..3) {
                    0 => format!(" on ({})", self.labels()),
                    1 => format!(" ignoring ({})", self.labels()),
                    _ => String::new(),
                };
                format!("({}) {op}{how} ({})", self.vector(depth - 1), self.vector(depth - 1))
            }
            23 => self.quantile_of_histogram(),
            24 => {
                let function = self.pick(&[
                    "abs",
                    "ceil",
                    "floor",
                    "round",
                    "sgn",
                    "sqrt",
                    "deg",
                    "rad",
                    "sort",
                    "sort_desc",
                    "timestamp",
                    "hour",
                    "day_of_week",
                    "month",
                    "minute",
                    "year",
                    "ln",
                    "log2",
                    "log10",
                    "atan",
                    "tanh",
                    "asinh",
                ]);
                format!("{function}({})", self.vector(depth - 1))
            }
            25 => match self.random.u8(0..4) {
                0 => format!("clamp({}, {}, {})", self.vector(depth - 1), self.scalar(0), self.scalar(0)),
                1 => format!("clamp_min({}, {})", self.vector(depth - 1), self.scalar(depth - 1)),
                2 => format!("clamp_max({}, {})", self.vector(depth - 1), self.scalar(depth - 1)),
                _ => format!("round({}, {})", self.vector(depth - 1), self.pick(&["0.5", "10", "0.25"])),
            },
            26 => match self.random.u8(0..3) {
                0 => format!(
                    "label_replace({}, \"{}\", \"$1\", \"{}\", \"(.*)[a-z0]+.*\")",
                    self.vector(depth - 1),
                    self.pick(&["job", "fresh", "le"]),
                    self.pick(&["instance", "department", "nosuch"])
                ),
                1 => format!(
                    "label_join({}, \"{}\", \"-\", \"job\", \"department\")",
                    self.vector(depth - 1),
                    self.pick(&["job", "fresh"])
                ),
                _ => format!("label_replace({}, \"zone\", \"z\", \"nosuch\", \"\")", self.vector(depth - 1)),
            },
            27 => format!("-({})", self.vector(depth - 1)),
            28 => {
                let inner = if self.random.bool() {
                    format!("{}{{job=\"nosuch\"}}", self.metric())
                } else {
                    self.vector(depth - 1)
                };
                format!("absent({inner})")
            }
            _ => format!("({})", self.vector(depth - 1)),
        }
    }

    fn arithmetic_or_comparison(&mut self) -> &'static str {
        self.pick(&[
            "+", "-", "*", "/", "%", "atan2", ">", "<", ">=", "<=", "==", "!=", "> bool", "<= bool",
            "== bool",
        ])
    }

    fn over_time(&mut self, depth: u32) -> String {
        match self.random.u8(0..12) {
            0 => format!(
                "quantile_over_time({}, {})",
                self.pick(&["0", "0.5", "0.95", "1"]),
                self.matrix(depth)
            ),
            1 => {
                // Without `@`: see `edges` for what 2.42 does with it here.
                let matrix = self.matrix(depth);
                let matrix = if matrix.contains('@') { "up[5m]" } else { &matrix };
                format!("predict_linear({matrix}, {})", self.pick(&["60", "3600", "-300"]))
            }
            2 => format!(
                "holt_winters({}, {}, {})",
                self.matrix(depth),
                self.pick(&["0.3", "0.5"]),
                self.pick(&["0.1", "0.9"])
            ),
            3 => format!("absent_over_time({})", self.matrix(depth)),
            _ => {
                let function = self.pick(&[
                    "rate",
                    "rate",
                    "increase",
                    "irate",
                    "delta",
                    "idelta",
                    "deriv",
                    "changes",
                    "resets",
                    "avg_over_time",
                    "min_over_time",
                    "max_over_time",
                    "sum_over_time",
                    "count_over_time",
                    "stddev_over_time",
                    "stdvar_over_time",
                    "last_over_time",
                    "present_over_time",
                ]);
                format!("{function}({})", self.matrix(depth))
            }
        }
    }

    fn aggregation(&mut self, depth: u32) -> String {
        let inner = self.vector(depth - 1);
        let how = match self.random.u8(0..3) {
            0 => String::new(),
            1 => format!(" by ({})", self.labels()),
            _ => format!(" without ({})", self.labels()),
        };
        match self.random.u8(0..12) {
            0 | 1 => format!("quantile{how} ({}, {inner})", self.pick(&["0.5", "0.9", "0", "1"])),
            // Rounded: the last digits of a value would be in a label.
            2 => format!("count_values{how} (\"{}\", round({inner}))", self.pick(&["value", "job", "le"])),
            _ => {
                let op =
                    self.pick(&["sum", "sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"]);
                if self.random.bool() {
                    format!("{op}{how} ({inner})")
                } else {
                    format!("{op}({inner}){how}")
                }
            }
        }
    }

    /// An operator between two vectors that have something in common.
    fn matching(&mut self, depth: u32) -> String {
        let op = self.arithmetic_or_comparison();
        let metric = self.metric();
        let labels: Vec<String> = self.vocabulary[&metric].keys().cloned().collect();
        let side = |generator: &mut Self, metric: &str| {
            let matched = generator.matched(metric);
            match generator.random.u8(0..4) {
                0 => matched,
                1 => format!("rate({matched}[5m])"),
                2 => format!("max_over_time({matched}[3m])"),
                _ => format!("{matched} offset 5m"),
            }
        };
        match self.random.u8(0..5) {
            0 => format!("{} {op} {}", side(self, &metric), side(self, &metric)),
            1 if !labels.is_empty() => {
                let label = labels[self.random.usize(0..labels.len())].clone();
                let (left, right) = (side(self, &metric), side(self, &metric));
                let aggregation = self.pick(&["sum", "max", "avg", "count"]);
                format!(
                    "{aggregation} by ({label}) ({left}) {op} on ({label}) {aggregation} by ({label}) ({right})"
                )
            }
            2 if !labels.is_empty() => {
                let label = labels[self.random.usize(0..labels.len())].clone();
                let (many, one) = (side(self, &metric), side(self, &metric));
                if self.random.bool() {
                    format!("{many} {op} on ({label}) group_left () sum by ({label}) ({one})")
                } else {
                    format!("max by ({label}) ({one}) {op} on ({label}) group_right {many}")
                }
            }
            3 if !labels.is_empty() => {
                let label = labels[self.random.usize(0..labels.len())].clone();
                let (many, one) = (side(self, &metric), side(self, &metric));
                format!("{many} {op} ignoring ({label}) group_left min without ({label}) ({one})")
            }
            _ => {
                let how = if self.random.bool() { "on" } else { "ignoring" };
                format!(
                    "({}) {op} {how} ({}) ({})",
                    self.vector(depth - 1),
                    self.labels(),
                    self.vector(depth - 1)
                )
            }
        }
    }

    fn quantile_of_histogram(&mut self) -> String {
        let metrics: Vec<String> =
            self.vocabulary.keys().filter(|name| name.ends_with("_bucket")).cloned().collect();
        let metric = &metrics[self.random.usize(0..metrics.len())];
        let matched = self.matched(metric);
        let q = self.pick(&["0.5", "0.9", "0.95", "0.99", "0", "1"]);
        match self.random.u8(0..3) {
            0 => format!("histogram_quantile({q}, {matched})"),
            1 => format!(
                "histogram_quantile({q}, sum by (le, {}) (rate({matched}[5m])))",
                self.pick(&["job", "department", "model_name"])
            ),
            _ => format!("histogram_quantile({q}, increase({matched}[10m]))"),
        }
    }

    /// Takes, doubles or changes one character.
    fn broken(&mut self, query: &str) -> String {
        let mut chars: Vec<char> = query.chars().collect();
        let at = self.random.usize(0..chars.len());
        match self.random.u8(0..4) {
            0 => {
                chars.remove(at);
            }
            1 => chars.insert(at, chars[at]),
            2 => {
                chars[at] = *self
                    .random
                    .choice(&['(', ')', '[', ']', '{', '}', ',', '"', '+', 'x', '5', ':', '@', '=', ' '])
                    .unwrap();
            }
            _ => chars.truncate(at),
        }
        chars.into_iter().collect()
    }
}
