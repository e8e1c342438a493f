//! The README's pictures are today's frames: `make pictures` draws them, this test fails when
//! they are stale.

use plantao::export::{self, Ground};
use plantao::state::View;
use plantao::ui::Glyphs;

use crate::embedded::{pressed, scene, silent};
use crate::looks::{LARGE, draw, theme};

/// Set by `make pictures`: write instead of compare.
const UPDATE: &str = "PLANTAO_PICTURES";
/// A page with all of them must still load at once.
const MOST_BYTES: usize = 120 * 1024;

/// File, view, and whether the servers have fallen silent.
const PICTURES: [(&str, &str, bool); 13] = [
    ("overview", "overview", false),
    ("hardware", "hardware", false),
    ("alerts", "alerts", false),
    ("detail", "detail:AIModelInferenceLatency", false),
    ("models", "models", false),
    ("department", "department/emergency", false),
    ("sources", "sources", false),
    ("logs", "logs", false),
    ("traces", "traces", false),
    ("trace", "trace", false),
    ("metrics", "metrics", false),
    ("incident", "incident", false),
    ("unknown", "overview", true),
];

#[test]
fn the_pictures_show_what_is_drawn_today() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/pictures");
    let update = std::env::var_os(UPDATE).is_some();
    let mut stale = Vec::new();
    for (file, view, is_silent) in PICTURES {
        let state = match view {
            "incident" => crate::incident::picture(),
            "logs" => pressed(View::Logs("".into()), "", LARGE),
            "traces" => pressed(View::Traces("".into()), "", LARGE),
            "trace" => pressed(View::Traces("".into()), "enter down down", LARGE),
            "metrics" => pressed(View::Metrics("".into()), "", LARGE),
            other if is_silent => silent(other, LARGE),
            other => scene(other, LARGE),
        };
        for look in ["dark", "light"] {
            let theme = theme(look);
            let (fg, bg) = theme.terminal();
            let ground = Ground { fg: (fg.r, fg.g, fg.b), bg: (bg.r, bg.g, bg.b) };
            let svg = export::svg(&draw(&state, &theme, &Glyphs::UNICODE), ground);
            assert!(svg.len() < MOST_BYTES, "{file}-{look}.svg has {} bytes", svg.len());
            let path = folder.join(format!("{file}-{look}.svg"));
            if update {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&path, &svg).unwrap();
            } else if std::fs::read_to_string(&path).unwrap_or_default() != svg {
                stale.push(format!("{file}-{look}.svg"));
            }
        }
    }
    assert!(stale.is_empty(), "stale: {}; `make pictures` draws them anew", stale.join(", "));
}
