//! The metrics view on the embedded hospital.

use plantao::command::CommandId;
use plantao::ui::Glyphs;

use crate::embedded::measured;
use crate::looks::{LARGE, SMALL, check, draw, theme};

const QUANTILE: &str =
    "histogram_quantile(0.95, sum by (le, model_name) (rate(ai_model_inference_seconds_bucket[5m])))";
const SESSIONS: &str = "sum by (department) (active_medical_sessions)";

#[test]
fn metrics_of_the_embedded_hospital() {
    use CommandId::{AxisLeft, Down, MetricsMode, MetricsScale};
    let scenes: [(&str, &str, &[CommandId]); 7] = [
        ("lines", QUANTILE, &[Down, Down, AxisLeft, AxisLeft]),
        ("log", QUANTILE, &[MetricsScale]),
        ("stacked", SESSIONS, &[MetricsMode]),
        ("heatmap", QUANTILE, &[MetricsMode]),
        ("table", SESSIONS, &[MetricsMode, MetricsMode]),
        ("refused", "sum by (department (active_medical_sessions)", &[]),
        ("unknown-metric", "sum(active_medical_session)", &[]),
    ];
    for (name, query, commands) in scenes {
        for size in [SMALL, LARGE] {
            let state = measured(query, commands, size);
            let buffer = draw(&state, &theme("dark"), &Glyphs::UNICODE);
            check(&format!("view-metrics-{name}-{}x{}", size.0, size.1), "dark", &buffer);
        }
        let state = measured(query, commands, SMALL);
        check(
            &format!("view-metrics-{name}-mono-80x24"),
            "mono",
            &draw(&state, &theme("mono"), &Glyphs::UNICODE),
        );
        let ascii = draw(&state, &theme("mono"), &Glyphs::ASCII);
        check(&format!("view-metrics-{name}-mono-ascii-80x24"), "mono", &ascii);
    }
}
