//! Series as a list: which are drawn, what each is called, its figures, its value at a moment.

use crate::model::{Labels, Series};

/// Most series of one chart that can still be told apart.
pub const MOST: usize = 40;

/// Figures of one series over a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// The newest value, whatever it is.
    pub last: f64,
    /// Smallest finite value; NaN where none is.
    pub min: f64,
    /// Largest finite value; NaN where none is.
    pub max: f64,
    /// Mean of the finite values; NaN where none is.
    pub mean: f64,
    /// Points.
    pub points: usize,
    /// Points that are no number.
    pub nans: usize,
    /// Points that are infinite.
    pub infinite: usize,
}

/// The figures of a series; `None` for one without a point.
pub fn figures(series: &Series) -> Option<Figures> {
    let last = series.points.last()?.v;
    let nan = f64::NAN;
    let points = series.points.len();
    let mut figures = Figures { last, min: nan, max: nan, mean: nan, points, nans: 0, infinite: 0 };
    let (mut mean, mut count) = (0.0, 0.0);
    for point in &series.points {
        if point.v.is_nan() {
            figures.nans += 1;
        } else if point.v.is_infinite() {
            figures.infinite += 1;
        } else {
            // `min` and `max` of a number and NaN are the number.
            figures.min = figures.min.min(point.v);
            figures.max = figures.max.max(point.v);
            // A running mean stays finite where a sum would not.
            count += 1.0;
            mean += point.v / count - mean / count;
        }
    }
    if count > 0.0 {
        figures.mean = mean;
    }
    Some(figures)
}

/// What a series is at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum At {
    /// It has this value, which may be NaN or infinite.
    Value(f64),
    /// It has none there.
    Gap,
}

/// The value nearest to a moment, at most half a step away from it.
pub fn at(series: &Series, moment_ms: i64, step_ms: i64) -> At {
    let after = series.points.partition_point(|point| point.t < moment_ms);
    let near = [after.checked_sub(1), Some(after)].into_iter().flatten();
    let distance = |t: i64| t.abs_diff(moment_ms);
    match near.filter_map(|at| series.points.get(at)).min_by_key(|point| distance(point.t)) {
        Some(point) if distance(point.t) * 2 <= step_ms.unsigned_abs().max(1) => At::Value(point.v),
        _ => At::Gap,
    }
}

/// Indices of the series that are drawn, in order of their labels: of more than [`MOST`] those with the largest
/// values, since what is large is what one looks for.
pub fn drawn(all: &[Series], figures: &[Option<Figures>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..all.len()).filter(|at| figures[*at].is_some()).collect();
    if order.len() > MOST {
        let largest = |at: usize| figures[at].map(|one| one.max).filter(|max| !max.is_nan());
        let rank = |at: usize| largest(at).unwrap_or(f64::NEG_INFINITY);
        order.sort_by(|a, b| rank(*b).total_cmp(&rank(*a)).then_with(|| all[*a].labels.cmp(&all[*b].labels)));
        order.truncate(MOST);
    }
    order.sort_by(|a, b| all[*a].labels.cmp(&all[*b].labels));
    order
}

/// Names of label sets: the labels in which they differ; of one alone all its labels, or its metric.
pub fn names(all: &[&Labels]) -> Vec<String> {
    let differing = differing(all);
    let same_metric = all.windows(2).all(|pair| pair[0].metric_name() == pair[1].metric_name());
    let name = |labels: &&Labels| {
        let kept = |(name, _): &(&str, &str)| *name != "__name__";
        let pair = |(name, value): (&str, &str)| format!("{name}={value}");
        let parts: Vec<String> = match (all.len(), differing.len()) {
            (1, _) => labels.iter().filter(kept).map(pair).collect(),
            // The one label in which they differ need not say its name each time.
            (_, 1) => differing.iter().map(|name| labels.get(name).unwrap_or("–").to_owned()).collect(),
            _ => labels.iter().filter(|(name, _)| differing.contains(name)).map(pair).collect(),
        };
        let parts = parts.join(" ");
        let metric = if same_metric && !parts.is_empty() { "" } else { labels.metric_name() };
        match (metric.is_empty(), parts.is_empty()) {
            (false, false) => format!("{metric} {parts}"),
            (false, true) => metric.to_owned(),
            (true, false) => parts,
            (true, true) => "{}".to_owned(),
        }
    };
    all.iter().map(name).collect()
}

/// Labels whose values are not the same in all of these sets, the metric name left out, by name.
pub fn differing<'a>(all: &[&'a Labels]) -> Vec<&'a str> {
    let Some(first) = all.first().filter(|_| all.len() > 1) else { return Vec::new() };
    let mut names: Vec<&str> = all.iter().flat_map(|labels| labels.iter().map(|(name, _)| name)).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| *name != "__name__" && all.iter().any(|labels| labels.get(name) != first.get(name)));
    names
}

/// The known name that is nearest to one that is not known: a slip of the fingers, or one with the same words.
pub fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let parts: Vec<&str> = word.split('_').filter(|part| part.len() > 2).collect();
    known
        .map(|name| {
            let shared = parts.iter().filter(|part| name.split('_').any(|other| other == **part)).count();
            (strsim::damerau_levenshtein(word, name), shared, name)
        })
        .filter(|(distance, shared, name)| {
            let longest = name.chars().count().max(word.chars().count());
            // A third of the letters differ at most, or half of the words are the same.
            *distance * 3 <= longest || (*shared * 2 >= parts.len().max(1) && *shared > 1)
        })
        .min_by_key(|(distance, shared, name)| (distance.saturating_sub(*shared * 4), *name))
        .map(|(_, _, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Point;

    fn series(name: &str, values: &[f64]) -> Series {
        let points = values.iter().zip(0_i64..).map(|(v, at)| Point { t: at * 1000, v: *v }).collect();
        Series { labels: Labels::new([("a", name)]), points }
    }

    #[test]
    fn figures_leave_out_what_is_no_number_and_count_it() {
        let figures = figures(&series("x", &[1.0, f64::NAN, 3.0, f64::INFINITY])).expect("points");
        assert_eq!((figures.min, figures.max, figures.mean), (1.0, 3.0, 2.0));
        assert_eq!((figures.last, figures.points, figures.nans, figures.infinite), (f64::INFINITY, 4, 1, 1));
        assert_eq!(super::figures(&series("x", &[])), None);
        let huge = super::figures(&series("x", &[f64::MAX, f64::MAX])).expect("points");
        assert!(huge.mean.is_finite());
    }

    #[test]
    fn a_moment_between_points_takes_the_nearest_and_a_gap_stays_one() {
        let mut one = series("x", &[1.0, 2.0]);
        one.points.push(Point { t: 9000, v: 3.0 });
        assert_eq!(at(&one, 400, 1000), At::Value(1.0));
        assert_eq!(at(&one, 600, 1000), At::Value(2.0));
        assert_eq!(at(&one, 5000, 1000), At::Gap);
        assert_eq!(at(&one, 9400, 1000), At::Value(3.0));
        assert_eq!(at(&one, 9600, 1000), At::Gap);
        assert_eq!(at(&Series::default(), 0, 1000), At::Gap);
    }

    #[test]
    fn the_largest_of_too_many_are_drawn_in_order_of_their_labels() {
        let all: Vec<Series> =
            (0..100).map(|at| series(&format!("{at:03}"), &[f64::from(100 - at)])).collect();
        let figures: Vec<_> = all.iter().map(figures).collect();
        assert_eq!(drawn(&all, &figures), (0..MOST).collect::<Vec<_>>());
        assert_eq!(drawn(&all[..3], &figures[..3]), [0, 1, 2]);
    }

    #[test]
    fn names_are_what_differs() {
        let sets = [
            Labels::new([("__name__", "m"), ("job", "a"), ("zone", "x")]),
            Labels::new([("__name__", "m"), ("job", "b"), ("zone", "x")]),
        ];
        let of = |sets: &[Labels]| names(&sets.iter().collect::<Vec<_>>());
        assert_eq!(of(&sets), ["a", "b"]);
        assert_eq!(of(&sets[..1]), ["job=a zone=x"]);
        assert_eq!(of(&[Labels::new([("__name__", "m")])]), ["m"]);
        assert_eq!(of(&[Labels::default()]), ["{}"]);
        let other = Labels::new([("__name__", "n"), ("job", "b"), ("zone", "y")]);
        assert_eq!(of(&[sets[0].clone(), other]), ["m job=a zone=x", "n job=b zone=y"]);
    }

    #[test]
    fn a_slip_finds_the_name_that_was_meant() {
        let known = ["http_requests_total", "http_request_duration_seconds_bucket", "up"];
        let find = |word| nearest(word, known.into_iter());
        assert_eq!(find("http_request_total"), Some("http_requests_total"));
        assert_eq!(find("request_duration_seconds"), Some("http_request_duration_seconds_bucket"));
        assert_eq!(find("zebra"), None);
    }
}
