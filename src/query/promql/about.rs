//! What a query is, as far as its text tells: the kind of its result, what it measures, whether its series
//! add up, which histogram it reads. Nothing is evaluated.

use promql_parser::parser::token::{
    T_ADD, T_AVG, T_BOTTOMK, T_COUNT, T_COUNT_VALUES, T_DIV, T_GROUP, T_LAND, T_LOR, T_LUNLESS, T_MAX, T_MIN,
    T_MOD, T_MUL, T_QUANTILE, T_STDDEV, T_STDVAR, T_SUB, T_SUM, T_TOPK,
};
use promql_parser::parser::value::ValueType;
use promql_parser::parser::{AggregateExpr, BinaryExpr, Call, Expr, VectorSelector};

use super::{compile, lex};

/// Window of a rate where a query names none.
const RATE_WINDOW: &str = "5m";

/// Kind of a query's result.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Shape {
    /// Series: what can be drawn over time. Also what this parser does not know: the server decides.
    #[default]
    Vector,
    /// One number.
    Scalar,
    /// A text.
    Text(String),
    /// Samples of a stretch of time (`up[5m]`): nothing that has one value at a moment.
    Samples,
}

/// What a query measures.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Measure {
    /// What this metric measures.
    Of(String),
    /// That, each second.
    PerSecond(Box<Measure>),
    /// A number of things.
    Count,
    /// A part of a whole, 0 to 1.
    Ratio,
    /// A part of a whole, 0 to 100.
    Percent,
    /// Yes or no.
    Bool,
    /// Seconds.
    Seconds,
    /// Whatever it is.
    #[default]
    Unknown,
}

/// Whether the series of a query may be stacked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adds {
    /// Their sum means something.
    Yes,
    /// That depends on what the metric measures.
    #[default]
    AsMetric,
    /// Averages do not add up.
    Average,
    /// Neither do smallest and largest values.
    Extreme,
    /// Nor quantiles.
    Quantile,
    /// Nor quotients.
    Quotient,
    /// Nor deviations.
    Spread,
}

/// What is known of a query by its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// Kind of result.
    pub shape: Shape,
    /// What it measures.
    pub measure: Measure,
    /// Whether its series add up.
    pub adds: Adds,
    /// Names of the metrics that it reads, in their order.
    pub metrics: Vec<String>,
    /// Whether it takes the growth of counters, rather than their value.
    pub grows: bool,
    /// Whether its values are events each second (`rate`), rather than events in a stretch of time.
    pub per_second: bool,
    /// A query for the distribution behind it, by bucket: for what reads the buckets of a histogram.
    pub buckets: Option<String>,
}

impl About {
    /// Reads a query. Of one that cannot be read nothing is known.
    pub fn of(query: &str) -> Self {
        let Some(expr) = lex::clean(query).ok().and_then(|text| promql_parser::parser::parse(&text).ok())
        else {
            return Self::default();
        };
        let mut about = Self { measure: measure(&expr), adds: adds(&expr), ..Self::default() };
        about.shape = match (expr.value_type(), &expr) {
            (ValueType::Scalar, _) => Shape::Scalar,
            (ValueType::Matrix, _) => Shape::Samples,
            (ValueType::String, Expr::StringLiteral(text)) => Shape::Text(text.val.clone()),
            (ValueType::String, _) => Shape::Text(String::new()),
            (ValueType::Vector, _) => Shape::Vector,
        };
        about.walk(&expr, None);
        about
    }

    fn walk(&mut self, expr: &Expr, range: Option<&str>) {
        match expr {
            Expr::Paren(inner) => self.walk(&inner.expr, range),
            Expr::Unary(inner) => self.walk(&inner.expr, range),
            Expr::Subquery(inner) => self.walk(&inner.expr, range),
            Expr::Aggregate(inner) => self.walk(&inner.expr, range),
            Expr::Binary(inner) => {
                self.walk(&inner.lhs, range);
                self.walk(&inner.rhs, range);
            }
            Expr::Call(call) => {
                let name = call.func.name;
                self.grows |= matches!(name, "rate" | "irate" | "increase" | "delta" | "idelta" | "deriv");
                self.per_second |= matches!(name, "rate" | "irate" | "deriv");
                for argument in &call.args.args {
                    self.walk(argument, range);
                }
            }
            Expr::MatrixSelector(matrix) => {
                self.selector(&matrix.vs, Some(&written(matrix.range.as_millis())));
            }
            Expr::VectorSelector(selector) => self.selector(selector, range),
            Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
        }
    }

    fn selector(&mut self, selector: &VectorSelector, range: Option<&str>) {
        let Some(name) = metric_name(selector) else { return };
        if name.ends_with("_bucket")
            && self.buckets.is_none()
            && let Ok(matchers) = compile::matchers(selector)
        {
            let is_name = |one: &&crate::model::Matcher| one.name == "__name__" && one.value == name;
            let plain = selector.name.is_some();
            let parts = matchers.iter().filter(|one| !(plain && is_name(one))).map(ToString::to_string);
            let parts: Vec<String> = parts.collect();
            let braces = if parts.is_empty() { String::new() } else { format!("{{{}}}", parts.join(",")) };
            let (name, range) = (if plain { &name } else { "" }, range.unwrap_or(RATE_WINDOW));
            self.buckets = Some(format!("sum by (le) (rate({name}{braces}[{range}]))"));
        }
        if !self.metrics.contains(&name) {
            self.metrics.push(name);
        }
    }
}

/// A duration as PromQL writes it, exactly.
fn written(ms: u128) -> String {
    match ms {
        ms if ms % 3_600_000 == 0 => format!("{}h", ms / 3_600_000),
        ms if ms % 60_000 == 0 => format!("{}m", ms / 60_000),
        ms if ms % 1000 == 0 => format!("{}s", ms / 1000),
        ms => format!("{ms}ms"),
    }
}

fn metric_name(selector: &VectorSelector) -> Option<String> {
    selector.name.clone().or_else(|| {
        let matchers = compile::matchers(selector).ok()?;
        let named =
            |one: &&crate::model::Matcher| one.name == "__name__" && one.op == crate::model::MatchOp::Equal;
        matchers.iter().find(named).map(|one| one.value.clone())
    })
}

fn measure(expr: &Expr) -> Measure {
    match expr {
        Expr::Paren(inner) => measure(&inner.expr),
        Expr::Unary(inner) => measure(&inner.expr),
        Expr::Subquery(inner) => measure(&inner.expr),
        Expr::VectorSelector(selector) => metric_name(selector).map_or(Measure::Unknown, Measure::Of),
        Expr::MatrixSelector(matrix) => metric_name(&matrix.vs).map_or(Measure::Unknown, Measure::Of),
        Expr::Aggregate(inner) => match inner.op.id() {
            T_COUNT | T_COUNT_VALUES => Measure::Count,
            T_GROUP => Measure::Bool,
            T_STDVAR => Measure::Unknown,
            _ => measure(&inner.expr),
        },
        Expr::Call(call) => of_call(call),
        Expr::Binary(binary) => of_binary(binary),
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => Measure::Unknown,
    }
}

fn of_call(call: &Call) -> Measure {
    let argument = |at: usize| call.args.args.get(at).map_or(Measure::Unknown, |one| measure(one));
    match call.func.name {
        "rate" | "irate" | "deriv" => Measure::PerSecond(Box::new(argument(0))),
        "count_over_time" | "changes" | "resets" => Measure::Count,
        "histogram_quantile" => match argument(1) {
            // The buckets' boundaries are what is measured, and not how often.
            Measure::PerSecond(inner) => observed(*inner),
            other => observed(other),
        },
        "quantile_over_time" => argument(1),
        "absent" | "absent_over_time" | "present_over_time" => Measure::Bool,
        "timestamp" | "time" => Measure::Seconds,
        "abs" | "ceil" | "floor" | "round" | "clamp" | "clamp_min" | "clamp_max" | "sort" | "sort_desc"
        | "label_replace" | "label_join" | "avg_over_time" | "min_over_time" | "max_over_time"
        | "sum_over_time" | "last_over_time" | "stddev_over_time" | "increase" | "delta" | "idelta"
        | "predict_linear" | "holt_winters" | "vector" | "scalar" => argument(0),
        _ => Measure::Unknown,
    }
}

fn observed(measure: Measure) -> Measure {
    match measure {
        Measure::Of(name) => Measure::Of(name.strip_suffix("_bucket").unwrap_or(&name).to_owned()),
        other => other,
    }
}

fn of_binary(binary: &BinaryExpr) -> Measure {
    if binary.return_bool() {
        return Measure::Bool;
    }
    let (left, right) = (measure(&binary.lhs), measure(&binary.rhs));
    let number = |expr: &Expr| match expr {
        Expr::NumberLiteral(number) => Some(number.val),
        _ => None,
    };
    match binary.op.id() {
        T_DIV => quotient(&left, &right, number(&binary.rhs)),
        T_MUL => match (number(&binary.lhs), number(&binary.rhs)) {
            (Some(factor), None) => product(&right, factor),
            (None, Some(factor)) => product(&left, factor),
            _ => Measure::Unknown,
        },
        T_ADD | T_SUB | T_MOD | T_LAND | T_LOR | T_LUNLESS if left == Measure::Unknown => right,
        T_ADD | T_SUB if binary.op.id() == T_SUB && number(&binary.lhs) == Some(100.0) => Measure::Percent,
        _ => left,
    }
}

fn product(measure: &Measure, factor: f64) -> Measure {
    match measure {
        Measure::Ratio if factor == 100.0 => Measure::Percent,
        _ => Measure::Unknown,
    }
}

fn quotient(left: &Measure, right: &Measure, divisor: Option<f64>) -> Measure {
    if divisor.is_some() {
        return Measure::Unknown;
    }
    let inner = |measure: &Measure| match measure {
        Measure::PerSecond(inner) => (**inner).clone(),
        other => other.clone(),
    };
    match (inner(left), inner(right)) {
        // The mean of what a histogram or summary observed.
        (Measure::Of(sum), Measure::Of(count))
            if sum.strip_suffix("_sum").is_some()
                && sum.strip_suffix("_sum") == count.strip_suffix("_count") =>
        {
            Measure::Of(sum.strip_suffix("_sum").unwrap_or(&sum).to_owned())
        }
        (Measure::Unknown, _) | (_, Measure::Unknown) => Measure::Unknown,
        (one, other) if ends_alike(&one, &other) => Measure::Ratio,
        _ => Measure::Unknown,
    }
}

/// Whether two names end in the same unit: then their quotient has none.
fn ends_alike(one: &Measure, other: &Measure) -> bool {
    let end = |name: &str| {
        let name = name.strip_suffix("_total").unwrap_or(name);
        name.rsplit('_').next().unwrap_or("").to_owned()
    };
    match (one, other) {
        (Measure::Of(one), Measure::Of(other)) => {
            let counts = |name: &str| name.ends_with("_total") || name.ends_with("_count");
            end(one) == end(other) || counts(one) && counts(other)
        }
        (one, other) => one == other,
    }
}

fn adds(expr: &Expr) -> Adds {
    match expr {
        Expr::Paren(inner) => adds(&inner.expr),
        Expr::Unary(inner) => adds(&inner.expr),
        Expr::Aggregate(inner) => of_aggregate(inner),
        Expr::Call(call) => match call.func.name {
            "rate" | "irate" | "increase" | "count_over_time" | "sum_over_time" | "changes" | "resets" => {
                Adds::Yes
            }
            "histogram_quantile" | "quantile_over_time" => Adds::Quantile,
            "stddev_over_time" | "stdvar_over_time" => Adds::Spread,
            "abs" | "ceil" | "floor" | "round" | "clamp" | "clamp_min" | "clamp_max" | "sort"
            | "sort_desc" | "label_replace" | "label_join" | "avg_over_time" | "min_over_time"
            | "max_over_time" | "last_over_time" | "delta" | "idelta" => {
                call.args.args.first().map_or(Adds::AsMetric, |one| adds(one))
            }
            _ => Adds::AsMetric,
        },
        Expr::Binary(binary) => match binary.op.id() {
            T_DIV if !matches!(*binary.rhs, Expr::NumberLiteral(_)) => Adds::Quotient,
            T_ADD | T_SUB | T_MUL | T_DIV => match (adds(&binary.lhs), adds(&binary.rhs)) {
                (Adds::Yes | Adds::AsMetric, worse @ (Adds::Average | Adds::Extreme | Adds::Quantile)) => {
                    worse
                }
                (left, _) => left,
            },
            _ => adds(&binary.lhs),
        },
        _ => Adds::AsMetric,
    }
}

fn of_aggregate(inner: &AggregateExpr) -> Adds {
    match inner.op.id() {
        T_SUM | T_COUNT | T_COUNT_VALUES => match adds(&inner.expr) {
            Adds::Quantile => Adds::Quantile,
            Adds::Quotient => Adds::Quotient,
            _ => Adds::Yes,
        },
        T_AVG => Adds::Average,
        T_MIN | T_MAX => Adds::Extreme,
        T_QUANTILE => Adds::Quantile,
        T_STDDEV | T_STDVAR => Adds::Spread,
        T_TOPK | T_BOTTOMK => adds(&inner.expr),
        _ => Adds::AsMetric,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_tells_what_it_measures() {
        let of = |name: &str| Measure::Of(name.to_owned());
        for (query, expected) in [
            ("up", of("up")),
            ("sum by (job) (rate(x_total[5m]))", Measure::PerSecond(Box::new(of("x_total")))),
            ("histogram_quantile(0.95, sum by (le) (rate(x_seconds_bucket[5m])))", of("x_seconds")),
            ("rate(x_seconds_sum[5m]) / rate(x_seconds_count[5m])", of("x_seconds")),
            ("a_bytes / b_bytes", Measure::Ratio),
            ("100 * a_bytes / b_bytes", Measure::Unknown),
            ("100 * (a_bytes / b_bytes)", Measure::Percent),
            ("sum(rate(e_total[5m])) / sum(rate(a_total[5m]))", Measure::Ratio),
            ("count(up == 0)", Measure::Count),
            ("x > bool 2", Measure::Bool),
            ("time() - x_timestamp_seconds", Measure::Seconds),
            ("a_bytes > 5", of("a_bytes")),
            ("((", Measure::Unknown),
        ] {
            assert_eq!(About::of(query).measure, expected, "{query}");
        }
    }

    #[test]
    fn a_query_tells_its_kind_and_its_metrics() {
        assert_eq!(About::of("1 + 1").shape, Shape::Scalar);
        assert_eq!(About::of("\"ok\"").shape, Shape::Text("ok".to_owned()));
        assert_eq!(About::of("up[5m]").shape, Shape::Samples);
        assert_eq!(About::of("up").shape, Shape::Vector);
        assert_eq!(About::of("not (((").shape, Shape::Vector, "the server decides");
        let about = About::of("rate(a_total[1m]) / on () {__name__=\"b\"} + a_total");
        assert_eq!(about.metrics, ["a_total", "b"]);
        assert!(about.grows && about.per_second);
        assert!(!About::of("increase(x_total[1h])").per_second);
    }

    #[test]
    fn what_adds_up_is_told_from_what_does_not() {
        for (query, expected) in [
            ("sum by (a) (rate(x_total[5m]))", Adds::Yes),
            ("avg by (a) (x)", Adds::Average),
            ("max(x)", Adds::Extreme),
            ("histogram_quantile(0.9, x_bucket)", Adds::Quantile),
            ("a / b", Adds::Quotient),
            ("a / 2", Adds::AsMetric),
            ("topk(3, rate(x_total[5m]))", Adds::Yes),
            ("stddev(x)", Adds::Spread),
            ("x", Adds::AsMetric),
        ] {
            assert_eq!(About::of(query).adds, expected, "{query}");
        }
    }

    #[test]
    fn the_distribution_behind_a_quantile_can_be_asked_for() {
        let query = r#"histogram_quantile(0.95, sum by (le) (rate(x_seconds_bucket{a="q\"uote"}[2m])))"#;
        let buckets = About::of(query).buckets.expect("a histogram");
        assert_eq!(buckets, r#"sum by (le) (rate(x_seconds_bucket{a="q\"uote"}[2m]))"#);
        assert_eq!(About::of(&buckets).metrics, ["x_seconds_bucket"]);
        assert_eq!(About::of("rate(x_total[5m])").buckets, None);
    }
}
