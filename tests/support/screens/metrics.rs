//! The metrics view in its forms.

use super::*;

/// The time axis of the window, with a cursor and a brushed piece.
fn axis() -> AxisVm {
    let (start, end) = span_ms();
    let at = |share: i64| start + (end - start) * share / 100;
    AxisVm {
        span_ms: (start, end),
        step_ms: STEP_MS,
        cursor: Some(at(70)),
        brush: Some((at(40), at(70))),
        labels: ["02:12", "02:27", "02:42", "02:57", "03:12"].map(str::to_owned).to_vec(),
        note: "02:54:00".to_owned(),
        ..AxisVm::default()
    }
}

fn screen_of(metrics: MetricsVm) -> Screen {
    Screen {
        header: header(&["metrics"]),
        body: Body::Metrics(Box::new(metrics)),
        footer: Footer::default(),
        card: None,
        overlay: None,
    }
}

fn common(body: MetricsBody) -> MetricsVm {
    MetricsVm {
        query:
            "histogram_quantile(0.95, sum by (le, model_name) (rate(ai_model_inference_seconds_bucket[5m])))"
                .to_owned(),
        title: "p95 of inference, by model".to_owned(),
        note: "<40s".to_owned(),
        state: PaneState::Ready,
        facts: "lines · step 30s".to_owned(),
        axis: axis(),
        body,
        ..MetricsVm::default()
    }
}

fn places(shape: impl Fn(f64) -> Option<f64>) -> Vec<(i64, f64)> {
    series(shape).points.iter().map(|point| (point.t, point.v.clamp(0.0, 1.0))).collect()
}

const NAMES: [&str; 5] = ["ecg_analyzer", "facenet", "medgemma-4b", "triage_classifier", "whisper-large"];

fn legend(rows: usize, total: usize, shown: impl Fn(usize) -> bool) -> LegendVm {
    let row = |at: usize| LegendRowVm {
        mark: at,
        name: NAMES.get(at).map_or_else(|| format!("model-{at:02}"), |name| (*name).to_owned()),
        shown: shown(at),
        figures: ["1.20s", "4.97s", "688ms", "4.99s", "1.31s"].map(str::to_owned).to_vec(),
    };
    LegendVm {
        title: format!("{total} series"),
        order: "by max".to_owned(),
        about: "ai_model_inference_seconds_bucket · histogram · AI model inference time".to_owned(),
        heads: ["02:54:00", "last", "min", "max", "avg"].map(str::to_owned).to_vec(),
        sorted: Some(3),
        rows: (0..rows).map(row).collect(),
        cursor: Some(2),
        total,
        lines: 9,
        ..LegendVm::default()
    }
}

fn y_labels() -> Vec<(f64, String)> {
    (0..=4).map(|at| (f64::from(at) / 4.0, format!("{at}.00s"))).collect()
}

/// Five lines with a gap, a point beyond the axis, one hidden, exemplars.
pub fn metrics_lines() -> Screen {
    let line = |mark: usize| {
        let low = 0.08 + mark as f64 * 0.13;
        let gap = move |x: f64| mark == 0 && (0.3..0.38).contains(&x);
        let points = places(move |x| (!gap(x)).then(|| rise(x, low, low + 0.3)));
        let beyond = if mark == 4 { vec![(span_ms().1 - 6 * STEP_MS, true)] } else { Vec::new() };
        LineVm { mark, chosen: mark == 2, points, beyond }
    };
    let exemplar = |at: i64, place: f64, chosen| ExemplarVm { t: span_ms().0 + at * STEP_MS, place, chosen };
    let chart = MetricsChartVm {
        y_labels: y_labels(),
        lines: [0, 1, 4, 2].map(line).to_vec(),
        areas: Vec::new(),
        exemplars: vec![exemplar(20, 0.3, false), exemplar(84, 0.62, true), exemplar(100, 0.9, false)],
    };
    screen_of(MetricsVm {
        legend: Some(legend(5, 5, |at| at != 3)),
        exemplar: "Enter opens trace 4bf92f3577b34da6a3ce929d0e0e4736 · 2.48s at 02:54:00 · 1 of 3"
            .to_owned(),
        remarks: vec!["1 point is infinite: marked at the edge".to_owned()],
        ..common(MetricsBody::Chart(chart))
    })
}

/// Forty lines, letters after the glyphs, the rest counted.
pub fn metrics_many() -> Screen {
    let line = |mark: usize| LineVm {
        mark,
        chosen: mark == 2,
        points: places(move |x| Some(0.02 + mark as f64 / 41.0 + (x * 40.0 + mark as f64).sin() * 0.01)),
        beyond: Vec::new(),
    };
    let chart = MetricsChartVm {
        y_labels: y_labels(),
        lines: (0..40).map(line).collect(),
        ..MetricsChartVm::default()
    };
    screen_of(MetricsVm {
        legend: Some(legend(8, 40, |_| true)),
        remarks: vec!["12 more series: topk(40, …) asks for the largest".to_owned()],
        ..common(MetricsBody::Chart(chart))
    })
}

/// Areas with a gap.
pub fn metrics_stacked() -> Screen {
    let height = |mark: usize, x: f64| 0.12 + 0.06 * wave(x, 0.0, 1.0, 1.0 + mark as f64);
    let area = |mark: usize| {
        let piece = |at: i64| {
            let x = at as f64 / 120.0;
            let gone = |mark: usize| mark == 1 && (50..60).contains(&at);
            let below: f64 = (0..mark).filter(|one| !gone(*one)).map(|one| height(one, x)).sum();
            (!gone(mark)).then(|| (span_ms().0 + at * STEP_MS, below, below + height(mark, x)))
        };
        AreaVm { mark, chosen: mark == 2, pieces: (0..=120).filter_map(piece).collect() }
    };
    let chart = MetricsChartVm {
        y_labels: y_labels(),
        areas: (0..5).map(area).collect(),
        ..MetricsChartVm::default()
    };
    let vm = common(MetricsBody::Chart(chart));
    screen_of(MetricsVm {
        legend: Some(legend(5, 5, |_| true)),
        facts: "stacked · step 30s".to_owned(),
        ..vm
    })
}

/// A histogram that moves up, with a gap and an unknown bucket.
pub fn metrics_heatmap() -> Screen {
    let rows = ["≤100ms", "≤500ms", "≤1.00s", "≤2.00s", "≤5.00s", "≤10.0s", "≤30.0s", ">30.0s"];
    let cell = |x: f64, row: usize| {
        let middle = rise(x, 1.5, 5.0);
        (1.0 - (row as f64 - middle).abs() / 2.5).clamp(0.0, 1.0)
    };
    let column = |at: i64| {
        let x = at as f64 / 120.0;
        let known = |row: usize| if at > 110 && row == 7 { f64::NAN } else { cell(x, row) };
        (span_ms().0 + at * STEP_MS, (0..rows.len()).map(known).collect::<Vec<f64>>())
    };
    let heat = HeatmapVm {
        rows: rows.map(str::to_owned).to_vec(),
        columns: (0..=120).filter(|at| !(30..36).contains(at)).map(column).collect(),
        shades: ["0.02/s", "0.07/s", "0.16/s", "0.28/s"].map(str::to_owned).to_vec(),
        cut: Some((
            "02:54:00".to_owned(),
            (0..rows.len()).map(|row| (cell(0.7, row), format!("{:.2}/s", cell(0.7, row)))).collect(),
        )),
        exemplars: vec![(span_ms().0 + 20 * STEP_MS, 3, false), (span_ms().0 + 84 * STEP_MS, 4, true)],
    };
    screen_of(MetricsVm { facts: "heatmap · step 30s".to_owned(), ..common(MetricsBody::Heatmap(heat)) })
}

/// Values of a moment, some that are no number.
pub fn metrics_table() -> Screen {
    let row = |at: usize| {
        let values =
            [("19.0s", "18.999999999999993"), ("4.97s", "4.971875"), ("NaN", "NaN"), ("+Inf", "+Inf")];
        let (short, exact) = values[at % values.len()];
        let cells = vec![format!("model-{at:02}"), format!("10.0.0.{at}:9100")];
        (cells, short.to_owned(), exact.to_owned())
    };
    let table = MetricsTableVm {
        columns: vec!["model_name".to_owned(), "instance".to_owned()],
        value: "value".to_owned(),
        rows: (10..27).map(row).collect(),
        cursor: Some(3),
        total: 60,
        offset: 10,
        ..MetricsTableVm::default()
    };
    screen_of(MetricsVm { facts: "table · at 03:12:00".to_owned(), ..common(MetricsBody::Table(table)) })
}

/// What the server refuses, with the place it points at.
pub fn metrics_refused() -> Screen {
    let lines = ["The server refuses this query", "1:23: parse error: unclosed left parenthesis"];
    screen_of(MetricsVm {
        query: "sum by (department (x)".to_owned(),
        title: "Series".to_owned(),
        note: "The server refuses this query".to_owned(),
        state: PaneState::Failed,
        caret: Some(22),
        facts: String::new(),
        ..common(MetricsBody::Empty(lines.map(str::to_owned).to_vec()))
    })
}
