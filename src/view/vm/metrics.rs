//! The metrics view.

use super::{AxisVm, PaneState};
use crate::model::Unit;

/// How series are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MetricsForm {
    /// A line each.
    #[default]
    Lines,
    /// An area each, on top of one another.
    Stacked,
    /// The buckets of a histogram, by shade.
    Heatmap,
    /// The values of one moment.
    Table,
}

impl MetricsForm {
    /// All, in the order in which they follow one another.
    pub const ALL: [Self; 4] = [Self::Lines, Self::Stacked, Self::Heatmap, Self::Table];
}

/// Why a form says nothing about a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
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
    /// Nor values of this unit.
    Unit(Unit),
    /// An area below zero would hide another.
    Negative,
    /// Nothing of it is a histogram.
    NoBuckets,
}

/// What the list of series is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MetricsSort {
    /// Labels.
    #[default]
    Name,
    /// Newest value.
    Last,
    /// Smallest value.
    Min,
    /// Largest value.
    Max,
    /// Mean.
    Mean,
}

impl MetricsSort {
    /// All, in the order in which they follow one another.
    pub const ALL: [Self; 5] = [Self::Name, Self::Last, Self::Min, Self::Max, Self::Mean];
}

/// The metrics view as data. Where something stands on the value axis is told as a share of it, from 0 at the
/// bottom to 1 at the top; moments are unix milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricsVm {
    /// The query as it is shown.
    pub query: String,
    /// Title: that of the ready query, or what is drawn.
    pub title: String,
    /// Age and completeness, or what is wrong.
    pub note: String,
    /// State of the answer.
    pub state: PaneState,
    /// What the drawing is: form, scale, step, what is left out.
    pub facts: String,
    /// What has to be known to read the drawing right, one line each.
    pub remarks: Vec<String>,
    /// Character of the query that the server's words point at.
    pub caret: Option<usize>,
    /// The time axis: its span, step, cursor, brush and labels.
    pub axis: AxisVm,
    /// What is drawn.
    pub body: MetricsBody,
    /// The series as a list, where they are drawn.
    pub legend: Option<LegendVm>,
    /// The exemplar that Enter opens, in words, or what there is to say of exemplars.
    pub exemplar: String,
}

/// What fills the view.
#[derive(Clone, Debug, PartialEq)]
pub enum MetricsBody {
    /// Why there is nothing, in lines.
    Empty(Vec<String>),
    /// Lines or areas.
    Chart(MetricsChartVm),
    /// A histogram over time.
    Heatmap(HeatmapVm),
    /// Values of one moment.
    Table(MetricsTableVm),
}

impl Default for MetricsBody {
    fn default() -> Self {
        Self::Empty(Vec::new())
    }
}

/// Lines or areas over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricsChartVm {
    /// Texts at the value axis with their places, bottom to top.
    pub y_labels: Vec<(f64, String)>,
    /// Lines, the one under the cursor last.
    pub lines: Vec<LineVm>,
    /// Areas, the lowest first; none where lines are drawn.
    pub areas: Vec<AreaVm>,
    /// Exemplars.
    pub exemplars: Vec<ExemplarVm>,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineVm {
    /// Number of its mark and colour.
    pub mark: usize,
    /// Whether it is the one under the cursor.
    pub chosen: bool,
    /// Places of its points; NaN breaks the line.
    pub points: Vec<(i64, f64)>,
    /// Points that lie beyond the axis: above its top, or below its bottom.
    pub beyond: Vec<(i64, bool)>,
}

/// An area.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AreaVm {
    /// Number of its mark and colour.
    pub mark: usize,
    /// Whether it is the one under the cursor.
    pub chosen: bool,
    /// At each moment, where it begins and where it ends.
    pub pieces: Vec<(i64, f64, f64)>,
}

/// An exemplar on a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ExemplarVm {
    /// Moment.
    pub t: i64,
    /// Where its value stands; 0 where the axis measures something else.
    pub place: f64,
    /// Whether it is the one that Enter opens.
    pub chosen: bool,
}

/// A histogram over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatmapVm {
    /// Names of the buckets, smallest first.
    pub rows: Vec<String>,
    /// Moments with a cell for each bucket: 0 to 1 of the largest; NaN is not known.
    pub columns: Vec<(i64, Vec<f64>)>,
    /// What a full cell stands for, in words, and what half a shade does: from the lightest to the darkest.
    pub shades: Vec<String>,
    /// The distribution at the cursor: its moment, and for each bucket a share of the largest and the number.
    pub cut: Option<(String, Vec<(f64, String)>)>,
    /// Exemplars: moment, bucket, whether Enter opens it.
    pub exemplars: Vec<(i64, usize, bool)>,
}

/// The series as a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LegendVm {
    /// How many there are, in words.
    pub title: String,
    /// How it is sorted, in words.
    pub order: String,
    /// What is known of the metric under the cursor.
    pub about: String,
    /// Heads of the figures.
    pub heads: Vec<String>,
    /// Index of the head that it is sorted by; `None` by name.
    pub sorted: Option<usize>,
    /// Whether the order is reversed.
    pub reversed: bool,
    /// Rows in sight.
    pub rows: Vec<LegendRowVm>,
    /// Index of the cursor within `rows`.
    pub cursor: Option<usize>,
    /// How many rows there are in all, and the first in sight.
    pub total: usize,
    /// First row in sight.
    pub offset: usize,
    /// Lines for the rows at most.
    pub lines: u16,
}

/// A series in the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LegendRowVm {
    /// Number of its mark and colour.
    pub mark: usize,
    /// Name.
    pub name: String,
    /// Whether it is drawn.
    pub shown: bool,
    /// Figures, as the heads say.
    pub figures: Vec<String>,
}

/// Values of one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricsTableVm {
    /// Labels that have a column.
    pub columns: Vec<String>,
    /// Head of the value.
    pub value: String,
    /// Column that it is sorted by; `None` is the value.
    pub sorted: Option<usize>,
    /// Whether the order is reversed.
    pub reversed: bool,
    /// Rows in sight: labels, then the value in words and as it is.
    pub rows: Vec<(Vec<String>, String, String)>,
    /// Index of the cursor within `rows`.
    pub cursor: Option<usize>,
    /// How many rows there are.
    pub total: usize,
    /// First row in sight.
    pub offset: usize,
}
