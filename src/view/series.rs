//! Names, numbers and levels of a panel's series.

use crate::model::{Labels, Sample, Series, Unit};
use crate::pack::{Level, Panel};

/// Whether a series is this panel's.
pub fn selected(labels: &Labels, select: &[(String, String)]) -> bool {
    select.iter().all(|(label, value)| labels.get(label) == Some(value))
}

/// The level of a value on a scale that ends at `max`: by its state word when it has one, else by
/// the marks.
pub fn level(panel: &Panel, value: f64, max: Option<f64>) -> Level {
    match state_word(panel, value) {
        Some((_, level)) => level,
        None => panel.thresholds.level_at(value, max),
    }
}

/// The word of a state metric's value.
pub fn state_word(panel: &Panel, value: f64) -> Option<(&str, Level)> {
    panel.states.iter().find(|state| state.value == value).map(|state| (state.word.as_str(), state.level))
}

/// Whether a value means a lost sensor.
pub fn is_lost(panel: &Panel, value: f64) -> bool {
    panel.lost.contains(&value)
}

/// A series' name: the panel's legend with `{label}` replaced, else the values of the labels that
/// differ between the series; a single series needs no name.
pub fn name(panel: &Panel, labels: &Labels, differing: &[&str]) -> String {
    if !panel.legend.is_empty() {
        let mut out = String::new();
        let mut rest = panel.legend.as_str();
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            let Some(length) = rest[open..].find('}') else { break };
            out.push_str(labels.get(&rest[open + 1..open + length]).unwrap_or(""));
            rest = &rest[open + length + 1..];
        }
        out.push_str(rest);
        return out;
    }
    differing.iter().filter_map(|label| labels.get(label)).collect::<Vec<_>>().join(" ")
}

/// Labels whose values are not the same in all of these sets, the metric name left out.
pub fn differing<'a>(all: &[&'a Labels]) -> Vec<&'a str> {
    let Some(first) = all.first().filter(|_| all.len() > 1) else { return Vec::new() };
    let mut names: Vec<&str> = all.iter().flat_map(|labels| labels.iter().map(|(name, _)| name)).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| *name != "__name__" && all.iter().any(|labels| labels.get(name) != first.get(name)));
    names
}

/// The trend that belongs to a value.
pub fn trend_of(series: &[Series], labels: &Labels) -> Option<usize> {
    // A range query drops the metric name exactly when the instant query does.
    series.iter().position(|one| one.labels == *labels)
}

/// Last, smallest, largest and mean of the finite points, in the panel's unit.
pub fn stats(series: &Series, unit: Unit) -> Option<[String; 4]> {
    let finite: Vec<f64> = series.points.iter().map(|point| point.v).filter(|v| v.is_finite()).collect();
    let last = *finite.last()?;
    let min = finite.iter().copied().fold(f64::INFINITY, f64::min);
    let max = finite.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mean = finite.iter().sum::<f64>() / finite.len() as f64;
    Some([last, min, max, mean].map(|v| unit.format(v)))
}

/// `141/256 GiB`: a value of its whole, both in the whole's multiple.
pub fn of_whole(unit: Unit, value: f64, whole: f64) -> String {
    let whole_text = unit.format(whole);
    let suffix = whole_text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let base: f64 = match unit {
        Unit::Bytes => 1024.0,
        Unit::Count | Unit::None => 1000.0,
        _ => return unit.format(value),
    };
    let steps = [
        ("", 0),
        (" B", 0),
        ("k", 1),
        (" KiB", 1),
        ("M", 2),
        (" MiB", 2),
        ("G", 3),
        (" GiB", 3),
        ("T", 4),
        (" TiB", 4),
    ];
    let Some((_, power)) = steps.iter().find(|(text, _)| *text == suffix) else { return unit.format(value) };
    let scaled = value / base.powi(*power);
    let number =
        if scaled >= 10.0 || scaled == 0.0 { format!("{scaled:.0}") } else { format!("{scaled:.1}") };
    format!("{number}/{whole_text}")
}

/// The scale's end for a value: the sample of the scale's query with the same labels, or its only one.
pub fn whole_for(whole: &[Sample], labels: &Labels) -> Option<f64> {
    let same = whole.iter().find(|sample| sample.labels.same_without(labels, &["__name__"]));
    same.or(if whole.len() == 1 { whole.first() } else { None }).map(|sample| sample.value)
}

/// Smallest span of a chart's scale: below it a step is no number any more.
const LEAST: f64 = 1e-300;
/// Largest magnitude of a chart's scale: beyond it the span itself is no number any more.
const MOST: f64 = f64::MAX / 16.0;

/// A round scale for a chart: from at or below `low` to at or above `high`, and up to seven marks on
/// it. Bytes are round in powers of two.
pub fn scale(low: f64, high: f64, unit: Unit) -> (f64, f64, Vec<f64>) {
    let (low, high) = (low.clamp(-MOST, MOST), high.clamp(-MOST, MOST));
    if unit == Unit::Bytes && low >= 0.0 && high > LEAST {
        let power = 1024_f64.powf(high.log(1024.0).floor());
        let (from, to, marks) = scale(low / power, high / power, Unit::None);
        return (from * power, to * power, marks.into_iter().map(|mark| mark * power).collect());
    }
    let span = if high > low { (high - low).max(LEAST) } else { high.abs().max(1.0) };
    let raw = span / 5.0;
    let magnitude = 10_f64.powf(raw.log10().floor());
    // Quarters suit what has a whole.
    let most = if matches!(unit, Unit::Percent | Unit::Ratio) { 4.0 } else { 5.0 };
    // The smallest round step that needs no more than five: a larger one would leave the top empty.
    let count = |step: f64| (high / step - 1e-9).ceil() - (low / step + 1e-9).floor();
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .map(|m| m * magnitude)
        .into_iter()
        .find(|s| count(*s) <= most)
        .unwrap_or(magnitude * 10.0);
    let first = (low / step + 1e-9).floor() * step;
    let mut last = (high / step - 1e-9).ceil() * step;
    if last <= first {
        last = first + step;
    }
    let count = ((last - first) / step).round() as usize;
    let marks = (0..=count.min(12)).map(|at| first + step * at as f64).collect();
    (first, last, marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_and_hold_the_data() {
        for (low, high) in [(0.0, 12.4), (0.0, 0.0), (-3.0, 7.0), (91.0, 93.5), (0.0, 1e-6), (5.0, 5.0)] {
            let (from, to, marks) = scale(low, high, Unit::None);
            assert!(from <= low && to >= high && from < to, "{low}..{high} → {from}..{to}");
            assert!(marks.len() >= 2 && marks.len() <= 7, "{low}..{high}: {marks:?}");
        }
        assert_eq!(scale(0.0, 12.4, Unit::None).2, [0.0, 2.5, 5.0, 7.5, 10.0, 12.5]);
        let gib = 1_073_741_824.0;
        assert_eq!(scale(0.0, 141.0 * gib, Unit::Bytes).2, [0.0, 50.0 * gib, 100.0 * gib, 150.0 * gib]);
    }

    #[test]
    fn a_part_is_written_in_the_whole_s_multiple() {
        let gib = 1024.0 * 1024.0 * 1024.0;
        assert_eq!(of_whole(Unit::Bytes, 141.2 * gib, 256.0 * gib), "141/256 GiB");
        assert_eq!(of_whole(Unit::Bytes, 0.5 * gib, 256.0 * gib), "0.5/256 GiB");
        assert_eq!(of_whole(Unit::Percent, 12.0, 100.0), "12.0%");
    }

    #[test]
    fn names_come_from_what_differs() {
        let a = Labels::new([("job", "x"), ("core", "p"), ("__name__", "m")]);
        let b = Labels::new([("job", "x"), ("core", "e"), ("__name__", "n")]);
        assert_eq!(differing(&[&a, &b]), ["core"]);
        assert_eq!(differing(&[&a]), Vec::<&str>::new());
    }
}
