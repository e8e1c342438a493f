//! `query`: values and series as JSON, CSV and tables, written piece by piece.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde::Serialize;

use super::json::Number;
use crate::model::{Labels, Point, Sample, Series, Time, time};

/// Moments of a range, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// First moment, unix milliseconds.
    pub start_ms: i64,
    /// Last moment at most.
    pub end_ms: i64,
    /// Milliseconds between two.
    pub step_ms: i64,
}

impl Grid {
    /// How many moments there are.
    pub fn steps(&self) -> i64 {
        (self.end_ms - self.start_ms).div_euclid(self.step_ms.max(1)) + 1
    }

    /// At each moment the value of a series, `None` where it has none. Points beside the grid, which no server
    /// should send, keep their own moments.
    fn values<'s>(&self, series: &'s Series) -> impl Iterator<Item = (i64, Option<f64>)> + 's {
        let (mut points, mut next, grid) = (series.points.iter().peekable(), self.start_ms, *self);
        std::iter::from_fn(move || {
            let early = |point: &&Point| point.t <= next || next > grid.end_ms;
            if let Some(point) = points.next_if(early) {
                next += if point.t == next { grid.step_ms.max(1) } else { 0 };
                return Some((point.t, Some(point.v)));
            }
            if next > grid.end_ms {
                return None;
            }
            let gap = (next, None);
            next += grid.step_ms.max(1);
            Some(gap)
        })
    }
}

fn moment(ms: i64) -> Time {
    chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

fn json<T: Serialize>(value: &T) -> String {
    // Text, numbers and lists of them: nothing that JSON cannot hold.
    serde_json::to_string(value).unwrap_or_default()
}

/// A value as text: exact, `NaN`, `+Inf`, `-Inf`.
pub fn raw(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
    } else {
        value.to_string()
    }
}

/// A JSON document of one moment: a vector, or the samples of a stretch of time before it.
pub fn instant_json(
    query: &str,
    at: Time,
    values: Result<&[Sample], &[Series]>,
    warnings: &[String],
) -> String {
    let head = format!("{{\"query\":{},\"at\":{}", json(&query), json(&at));
    let mut out = head;
    match values {
        Ok(samples) => {
            out.push_str(",\"kind\":\"vector\",\"values\":[");
            for (index, sample) in samples.iter().enumerate() {
                let comma = if index > 0 { ",\n " } else { "\n " };
                let (labels, value) = (json(&sample.labels), json(&Number(sample.value)));
                let _ = write!(out, "{comma}{{\"labels\":{labels},\"value\":{value}}}");
            }
        }
        Err(series) => {
            out.push_str(",\"kind\":\"samples\",\"series\":[");
            for (index, one) in series.iter().enumerate() {
                let comma = if index > 0 { ",\n " } else { "\n " };
                let points: Vec<(f64, Number)> =
                    one.points.iter().map(|point| (time::unix_s(moment(point.t)), Number(point.v))).collect();
                let _ =
                    write!(out, "{comma}{{\"labels\":{},\"points\":{}}}", json(&one.labels), json(&points));
            }
        }
    }
    let _ = writeln!(out, "],\"warnings\":{},\"complete\":{}}}", json(&warnings), warnings.is_empty());
    out
}

/// A JSON document of a range, written as its pieces come.
#[derive(Debug, Default)]
pub struct RangeJson {
    some: bool,
}

impl RangeJson {
    /// Its beginning.
    pub fn begin(&self, query: &str, grid: Grid) -> String {
        format!(
            "{{\"query\":{},\"kind\":\"range\",\"start\":{},\"end\":{},\"step_s\":{},\"series\":[",
            json(&query),
            json(&moment(grid.start_ms)),
            json(&moment(grid.end_ms)),
            grid.step_ms / 1000
        )
    }

    /// One series of a piece.
    pub fn series(&mut self, series: &Series, piece: Grid) -> String {
        let comma = if std::mem::replace(&mut self.some, true) { ",\n " } else { "\n " };
        format!("{comma}{}", series_json(series, piece))
    }

    /// Its end.
    pub fn end(&self, warnings: &[String], complete: bool) -> String {
        format!("],\"warnings\":{},\"complete\":{complete}}}\n", json(&warnings))
    }
}

/// One series of a range as a JSON object: `null` where it has no value.
pub fn series_json(series: &Series, grid: Grid) -> String {
    let points: Vec<(f64, Option<Number>)> =
        grid.values(series).map(|(t, v)| (time::unix_s(moment(t)), v.map(Number))).collect();
    format!("{{\"labels\":{},\"points\":{}}}", json(&series.labels), json(&points))
}

/// Comma-separated values: `timestamp`, `value`, a column for each label.
#[derive(Debug, Default)]
pub struct Csv {
    columns: Vec<String>,
    /// Whether a last column takes the labels that have none, since later pieces may bring more.
    rest: bool,
}

impl Csv {
    /// A table with a column for each label of these sets, and its head.
    pub fn begin<'l>(sets: impl Iterator<Item = &'l Labels>, rest: bool) -> (Self, String) {
        let names: BTreeSet<&str> = sets.flat_map(|labels| labels.iter().map(|(name, _)| name)).collect();
        let csv = Self { columns: names.into_iter().map(str::to_owned).collect(), rest };
        let mut head = "timestamp,value".to_owned();
        for name in &csv.columns {
            head.push(',');
            head.push_str(&field(name));
        }
        head.push_str(if rest { ",other_labels\r\n" } else { "\r\n" });
        (csv, head)
    }

    /// A line.
    pub fn line(&self, labels: &Labels, at_ms: i64, value: Option<f64>) -> String {
        let stamp = moment(at_ms).to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let mut line = format!("{stamp},{}", value.map(raw).unwrap_or_default());
        for name in &self.columns {
            line.push(',');
            line.push_str(&field(labels.get(name).unwrap_or("")));
        }
        if self.rest {
            let other = labels.iter().filter(|(name, _)| !self.columns.iter().any(|column| column == name));
            let other: Labels = other.collect();
            line.push(',');
            line.push_str(&if other.is_empty() { String::new() } else { field(&json(&other)) });
        }
        line.push_str("\r\n");
        line
    }

    /// The lines of a series of a piece: a gap is a line without a value.
    pub fn series(&self, series: &Series, piece: Grid) -> String {
        piece.values(series).map(|(t, v)| self.line(&series.labels, t, v)).collect()
    }
}

/// A field as RFC 4180 writes it: in quotes where it holds a comma, a quote or a line end, quotes doubled.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Columns as wide as their widest cell, two spaces between; those marked in `right` end together.
pub fn table(heads: &[String], rows: &[Vec<String>], right: &[bool]) -> String {
    use unicode_width::UnicodeWidthStr;
    let cells = |at: usize| rows.iter().filter_map(move |row| row.get(at)).map(|cell| cell.width());
    let widths: Vec<usize> =
        heads.iter().enumerate().map(|(at, head)| cells(at).max().unwrap_or(0).max(head.width())).collect();
    let mut out = String::new();
    for row in std::iter::once(heads).chain(rows.iter().map(Vec::as_slice)) {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[at].saturating_sub(cell.width()));
            let gap = if at > 0 { "  " } else { "" };
            if right.get(at) == Some(&true) {
                let _ = write!(line, "{gap}{pad}{cell}");
            } else {
                let _ = write!(line, "{gap}{cell}{pad}");
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: &[(i64, f64)]) -> Series {
        let points = points.iter().map(|(t, v)| Point { t: *t, v: *v }).collect();
        Series { labels: Labels::new([("a", "x,\"y\"\n"), ("b", "ü")]), points }
    }

    const GRID: Grid = Grid { start_ms: 1000, end_ms: 4000, step_ms: 1000 };

    #[test]
    fn a_gap_is_null_and_what_is_no_number_is_a_word() {
        let mut json = RangeJson::default();
        let mut text = json.begin("up{a=\"b\"}", GRID);
        text += &json.series(&series(&[(1000, 1.0), (3000, f64::NAN), (4000, f64::NEG_INFINITY)]), GRID);
        text += &json.series(&series(&[]), GRID);
        text += &json.end(&["half".to_owned()], false);
        let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let points = serde_json::json!([[1.0, 1.0], [2.0, null], [3.0, "NaN"], [4.0, "-Inf"]]);
        assert_eq!(read["series"][0]["points"], points);
        assert_eq!(read["series"][1]["points"][0], serde_json::json!([1.0, null]));
        assert_eq!((&read["complete"], &read["step_s"]), (&false.into(), &1.into()));
    }

    #[test]
    fn csv_is_quoted_as_its_standard_says() {
        let one = series(&[(1000, 0.5), (3000, f64::INFINITY)]);
        let (csv, head) = Csv::begin([&one.labels].into_iter(), false);
        assert_eq!(head, "timestamp,value,a,b\r\n");
        let lines = csv.series(&one, Grid { end_ms: 3000, ..GRID });
        let label = "\"x,\"\"y\"\"\n\",ü";
        let expected = format!(
            "1970-01-01T00:00:01.000Z,0.5,{label}\r\n1970-01-01T00:00:02.000Z,,{label}\r\n1970-01-01T00:00:03.000Z,+Inf,{label}\r\n"
        );
        assert_eq!(lines, expected);
        let (csv, head) = Csv::begin(std::iter::empty(), true);
        assert_eq!(head, "timestamp,value,other_labels\r\n");
        let line = csv.line(&Labels::new([("z", "1")]), 0, Some(1.0));
        assert_eq!(line, "1970-01-01T00:00:00.000Z,1,\"{\"\"z\"\":\"\"1\"\"}\"\r\n");
    }

    #[test]
    fn every_moment_of_a_grid_comes_once_and_points_beside_it_keep_their_own() {
        let values: Vec<_> =
            GRID.values(&series(&[(500, 0.0), (2000, 2.0), (2500, 2.5), (9000, 9.0)])).collect();
        let moments: Vec<i64> = values.iter().map(|(t, _)| *t).collect();
        assert_eq!(moments, [500, 1000, 2000, 2500, 3000, 4000, 9000]);
        assert_eq!(GRID.steps(), 4);
    }

    #[test]
    fn tables_line_up() {
        let rows = [vec!["a".to_owned(), "1.5".to_owned()], vec!["über".to_owned(), "10".to_owned()]];
        let text = table(&["job".to_owned(), "value".to_owned()], &rows, &[false, true]);
        assert_eq!(text, "job   value\na       1.5\nüber     10\n");
    }
}
