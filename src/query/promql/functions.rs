//! The functions of PromQL 2.42: names, what they take, what they give.

use super::plan::Kind;

/// A function; see <https://prometheus.io/docs/prometheus/2.42/querying/functions/>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Absent,
    AbsentOverTime,
    /// A function of one number.
    Math(Math),
    Clamp,
    ClampMax,
    ClampMin,
    Round,
    /// A field of a date.
    Date(Date),
    /// A function of a window of samples.
    Over(Over),
    HistogramQuantile,
    /// Of native histograms, of which there are none here: always empty, as in Prometheus.
    NativeHistogram(usize),
    LabelReplace,
    LabelJoin,
    Pi,
    Scalar,
    Sort,
    SortDesc,
    Time,
    Timestamp,
    Vector,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Math {
    Abs,
    Acos,
    Acosh,
    Asin,
    Asinh,
    Atan,
    Atanh,
    Ceil,
    Cos,
    Cosh,
    Deg,
    Exp,
    Floor,
    Ln,
    Log10,
    Log2,
    Rad,
    Sgn,
    Sin,
    Sinh,
    Sqrt,
    Tan,
    Tanh,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Date {
    DayOfMonth,
    DayOfWeek,
    DayOfYear,
    DaysInMonth,
    Hour,
    Minute,
    Month,
    Year,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Avg,
    Changes,
    Count,
    Delta,
    Deriv,
    HoltWinters,
    Idelta,
    Increase,
    Irate,
    Last,
    Max,
    Min,
    PredictLinear,
    Present,
    Quantile,
    Rate,
    Resets,
    Stddev,
    Stdvar,
    Sum,
}

/// How many arguments a function takes beyond the ones it must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum More {
    /// All that are listed.
    Exactly,
    /// The last listed one may be left out.
    LastOptional,
    /// Any number like the last listed one, none included.
    LastRepeated,
}

impl Function {
    /// The function of this name, as it is written in PromQL.
    pub(super) fn named(name: &str) -> Option<Self> {
        use Function::{Date as D, Math as M, Over as O};
        Some(match name {
            "abs" => M(Math::Abs),
            "absent" => Self::Absent,
            "absent_over_time" => Self::AbsentOverTime,
            "acos" => M(Math::Acos),
            "acosh" => M(Math::Acosh),
            "asin" => M(Math::Asin),
            "asinh" => M(Math::Asinh),
            "atan" => M(Math::Atan),
            "atanh" => M(Math::Atanh),
            "avg_over_time" => O(Over::Avg),
            "ceil" => M(Math::Ceil),
            "changes" => O(Over::Changes),
            "clamp" => Self::Clamp,
            "clamp_max" => Self::ClampMax,
            "clamp_min" => Self::ClampMin,
            "cos" => M(Math::Cos),
            "cosh" => M(Math::Cosh),
            "count_over_time" => O(Over::Count),
            "day_of_month" => D(Date::DayOfMonth),
            "day_of_week" => D(Date::DayOfWeek),
            "day_of_year" => D(Date::DayOfYear),
            "days_in_month" => D(Date::DaysInMonth),
            "deg" => M(Math::Deg),
            "delta" => O(Over::Delta),
            "deriv" => O(Over::Deriv),
            "exp" => M(Math::Exp),
            "floor" => M(Math::Floor),
            "histogram_count" | "histogram_sum" => Self::NativeHistogram(0),
            "histogram_fraction" => Self::NativeHistogram(2),
            "histogram_quantile" => Self::HistogramQuantile,
            "holt_winters" => O(Over::HoltWinters),
            "hour" => D(Date::Hour),
            "idelta" => O(Over::Idelta),
            "increase" => O(Over::Increase),
            "irate" => O(Over::Irate),
            "label_join" => Self::LabelJoin,
            "label_replace" => Self::LabelReplace,
            "last_over_time" => O(Over::Last),
            "ln" => M(Math::Ln),
            "log10" => M(Math::Log10),
            "log2" => M(Math::Log2),
            "max_over_time" => O(Over::Max),
            "min_over_time" => O(Over::Min),
            "minute" => D(Date::Minute),
            "month" => D(Date::Month),
            "pi" => Self::Pi,
            "predict_linear" => O(Over::PredictLinear),
            "present_over_time" => O(Over::Present),
            "quantile_over_time" => O(Over::Quantile),
            "rad" => M(Math::Rad),
            "rate" => O(Over::Rate),
            "resets" => O(Over::Resets),
            "round" => Self::Round,
            "scalar" => Self::Scalar,
            "sgn" => M(Math::Sgn),
            "sin" => M(Math::Sin),
            "sinh" => M(Math::Sinh),
            "sort" => Self::Sort,
            "sort_desc" => Self::SortDesc,
            "sqrt" => M(Math::Sqrt),
            "stddev_over_time" => O(Over::Stddev),
            "stdvar_over_time" => O(Over::Stdvar),
            "sum_over_time" => O(Over::Sum),
            "tan" => M(Math::Tan),
            "tanh" => M(Math::Tanh),
            "time" => Self::Time,
            "timestamp" => Self::Timestamp,
            "vector" => Self::Vector,
            "year" => D(Date::Year),
            _ => return None,
        })
    }

    /// Types of the arguments.
    pub(super) fn takes(self) -> (&'static [Kind], More) {
        use Kind::{Matrix, Scalar, Text, Vector};
        match self {
            Self::Absent
            | Self::Math(_)
            | Self::Scalar
            | Self::Sort
            | Self::SortDesc
            | Self::Timestamp
            | Self::NativeHistogram(0) => (&[Vector], More::Exactly),
            Self::NativeHistogram(_) => (&[Scalar, Scalar, Vector], More::Exactly),
            Self::Date(_) => (&[Vector], More::LastOptional),
            Self::Clamp => (&[Vector, Scalar, Scalar], More::Exactly),
            Self::ClampMax | Self::ClampMin => (&[Vector, Scalar], More::Exactly),
            Self::Round => (&[Vector, Scalar], More::LastOptional),
            Self::HistogramQuantile => (&[Scalar, Vector], More::Exactly),
            Self::LabelReplace => (&[Vector, Text, Text, Text, Text], More::Exactly),
            Self::LabelJoin => (&[Vector, Text, Text, Text], More::LastRepeated),
            Self::Pi | Self::Time => (&[], More::Exactly),
            Self::Vector => (&[Scalar], More::Exactly),
            Self::Over(Over::Quantile) => (&[Scalar, Matrix], More::Exactly),
            Self::Over(Over::PredictLinear) => (&[Matrix, Scalar], More::Exactly),
            Self::Over(Over::HoltWinters) => (&[Matrix, Scalar, Scalar], More::Exactly),
            Self::Over(_) | Self::AbsentOverTime => (&[Matrix], More::Exactly),
        }
    }

    /// Type of the result.
    pub(super) fn gives(self) -> Kind {
        match self {
            Self::Pi | Self::Scalar | Self::Time => Kind::Scalar,
            _ => Kind::Vector,
        }
    }

    /// Whether the result depends on the moment of evaluation even where all arguments are fixed.
    pub(super) fn reads_the_clock(self, arguments: usize) -> bool {
        match self {
            Self::Time | Self::Timestamp | Self::Over(Over::PredictLinear) => true,
            Self::Date(_) => arguments == 0,
            _ => false,
        }
    }
}

/// Functions and aggregations that newer versions of Prometheus have, so that a person is told that
/// the name is right but not here.
pub(super) const NEWER: [&str; 26] = [
    "double_exponential_smoothing",
    "end",
    "first_over_time",
    "histogram_avg",
    "histogram_quantiles",
    "histogram_stddev",
    "histogram_stdvar",
    "info",
    "integral",
    "limit_ratio",
    "limitk",
    "mad_over_time",
    "max_of",
    "min_of",
    "range",
    "sort_by_label",
    "sort_by_label_desc",
    "start",
    "start_timestamp",
    "step",
    "ts_of_first_over_time",
    "ts_of_last_over_time",
    "ts_of_max_over_time",
    "ts_of_min_over_time",
    "xincrease",
    "xrate",
];
