//! Any metrics view whatever, well-formed or not.

use plantao::view::vm::*;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::{any_state, any_text};

fn any_axis() -> BoxedStrategy<AxisVm> {
    let span = prop_oneof![Just((0, 3_600_000)), Just((5, 5)), any::<(i64, i64)>()];
    (span, any::<i64>(), of(-9_i64..4_000_000), of(any::<(i64, i64)>()), vec(any_text(), 0..6))
        .prop_map(|(span_ms, step_ms, cursor, brush, labels)| AxisVm {
            span_ms,
            step_ms,
            cursor,
            brush,
            labels,
            ..AxisVm::default()
        })
        .boxed()
}

fn any_moment() -> BoxedStrategy<i64> {
    prop_oneof![4 => 0_i64..3_600_000, 1 => any::<i64>()].boxed()
}

fn any_chart() -> BoxedStrategy<MetricsBody> {
    let points = vec((any_moment(), any::<f64>()), 0..30);
    let line = (0_usize..70, any::<bool>(), points, vec((any_moment(), any::<bool>()), 0..4))
        .prop_map(|(mark, chosen, points, beyond)| LineVm { mark, chosen, points, beyond });
    let area = (0_usize..70, any::<bool>(), vec((any_moment(), any::<f64>(), any::<f64>()), 0..30))
        .prop_map(|(mark, chosen, pieces)| AreaVm { mark, chosen, pieces });
    let exemplar = (any_moment(), any::<f64>(), any::<bool>()).prop_map(|(t, place, chosen)| ExemplarVm {
        t,
        place,
        chosen,
    });
    (vec((any::<f64>(), any_text()), 0..9), vec(line, 0..9), vec(area, 0..6), vec(exemplar, 0..5))
        .prop_map(|(y_labels, lines, areas, exemplars)| {
            MetricsBody::Chart(MetricsChartVm { y_labels, lines, areas, exemplars })
        })
        .boxed()
}

fn any_heatmap() -> BoxedStrategy<MetricsBody> {
    let columns = vec((any_moment(), vec(any::<f64>(), 0..40)), 0..30);
    let cut = of((any_text(), vec((any::<f64>(), any_text()), 0..40)));
    let exemplars = vec((any_moment(), 0_usize..50, any::<bool>()), 0..5);
    (vec(any_text(), 0..60), columns, vec(any_text(), 0..6), cut, exemplars)
        .prop_map(|(rows, columns, shades, cut, exemplars)| {
            MetricsBody::Heatmap(HeatmapVm { rows, columns, shades, cut, exemplars })
        })
        .boxed()
}

fn any_values() -> BoxedStrategy<MetricsBody> {
    let rows = vec((vec(any_text(), 0..5), any_text(), any_text()), 0..60);
    (vec(any_text(), 0..5), any_text(), of(0_usize..9), any::<bool>(), rows, of(0_usize..70), any::<usize>())
        .prop_map(|(columns, value, sorted, reversed, rows, cursor, total)| {
            let offset = 3;
            MetricsBody::Table(MetricsTableVm {
                columns,
                value,
                sorted,
                reversed,
                rows,
                cursor,
                total,
                offset,
            })
        })
        .boxed()
}

fn any_legend() -> BoxedStrategy<LegendVm> {
    let row = (0_usize..70, any_text(), any::<bool>(), vec(any_text(), 0..7))
        .prop_map(|(mark, name, shown, figures)| LegendRowVm { mark, name, shown, figures });
    let texts = [any_text(), any_text(), any_text()];
    (texts, vec(any_text(), 0..7), of(0_usize..9), vec(row, 0..40), of(0_usize..50), any::<(usize, u16)>())
        .prop_map(|([title, order, about], heads, sorted, rows, cursor, (total, lines))| LegendVm {
            title,
            order,
            about,
            heads,
            sorted,
            rows,
            cursor,
            total,
            lines,
            ..LegendVm::default()
        })
        .boxed()
}

pub fn any_metrics() -> BoxedStrategy<Body> {
    let body = prop_oneof![
        vec(any_text(), 0..5).prop_map(MetricsBody::Empty),
        any_chart(),
        any_heatmap(),
        any_values(),
    ];
    let texts = [any_text(), any_text(), any_text(), any_text(), any_text()];
    let around = (any_state(), vec(any_text(), 0..4), of(0_usize..200));
    (texts, around, any_axis(), body, of(any_legend()))
        .prop_map(|([query, title, note, facts, exemplar], (state, remarks, caret), axis, body, legend)| {
            Body::Metrics(Box::new(MetricsVm {
                query,
                title,
                note,
                state,
                facts,
                remarks,
                caret,
                axis,
                body,
                legend,
                exemplar,
            }))
        })
        .boxed()
}
