//! Golden frames of every view.

use plantao::ui::Glyphs;

use crate::hospital_state::Scene;
use crate::looks::{LARGE, SMALL, check, draw, theme};
use crate::scenes::scene;

fn frame(name: &str, which: Scene, theme_name: &str, glyphs: &Glyphs, size: (u16, u16)) {
    let state = scene(name, which, size);
    let buffer = draw(&state, &theme(theme_name), glyphs);
    let suffix = match which {
        Scene::Calm => "-calm",
        Scene::Incident => "",
        Scene::Unknown => "-unknown",
    };
    let look = match (glyphs.ascii, theme_name) {
        (true, "dark") => "-ascii".to_owned(),
        (true, other) => format!("-{other}-ascii"),
        (false, "dark") => String::new(),
        (false, other) => format!("-{other}"),
    };
    let file = format!("view-{}{suffix}{look}-{}x{}", name.replace('/', "-"), size.0, size.1);
    check(&file, theme_name, &buffer);
}

/// Both sizes, dark, with Unicode.
fn both(name: &str, which: Scene) {
    for size in [SMALL, LARGE] {
        frame(name, which, "dark", &Glyphs::UNICODE, size);
    }
}

#[test]
fn pages_in_an_incident() {
    for name in ["overview", "department/emergency", "department/icu", "hardware", "models", "security"] {
        both(name, Scene::Incident);
    }
}

#[test]
fn pages_on_a_calm_night() {
    for name in [
        "overview",
        "department/cardiology",
        "department/surgery",
        "compliance",
        "healthcare",
        "technical",
        "alerts",
    ] {
        both(name, Scene::Calm);
    }
}

#[test]
fn alerts_and_their_details() {
    for name in [
        "alerts",
        "alerts-all",
        "alerts-grouped",
        "alerts-selected",
        "alerts-filter",
        "detail",
        "detail-heat",
        "detail-silenced",
    ] {
        both(name, Scene::Incident);
    }
}

#[test]
fn sources_and_overlays() {
    for name in ["sources", "help", "palette", "choose", "panel"] {
        both(name, Scene::Incident);
    }
}

#[test]
fn the_embedded_place() {
    for name in ["demo-hint", "demo-faults", "demo-tour-1", "demo-tour-3", "demo-tour-7", "demo-tour-8"] {
        both(name, Scene::Incident);
    }
    for name in ["demo-hint", "demo-faults", "demo-tour-2"] {
        frame(name, Scene::Incident, "mono", &Glyphs::ASCII, SMALL);
    }
}

#[test]
fn another_time() {
    for name in ["past", "past-alerts", "frozen"] {
        both(name, Scene::Incident);
    }
}

#[test]
fn nothing_is_known() {
    for name in ["overview", "alerts", "hardware", "sources", "detail-heat", "department/emergency"] {
        both(name, Scene::Unknown);
    }
}

#[test]
fn other_themes() {
    for theme in ["light", "high-contrast", "ansi16", "mono"] {
        for name in ["overview", "alerts"] {
            for size in [SMALL, LARGE] {
                frame(name, Scene::Incident, theme, &Glyphs::UNICODE, size);
            }
        }
    }
    for name in ["overview", "alerts", "hardware"] {
        frame(name, Scene::Unknown, "mono", &Glyphs::UNICODE, SMALL);
    }
}

#[test]
fn without_unicode() {
    for name in ["overview", "alerts", "models"] {
        frame(name, Scene::Incident, "dark", &Glyphs::ASCII, SMALL);
        frame(name, Scene::Incident, "dark", &Glyphs::ASCII, LARGE);
    }
    frame("overview", Scene::Incident, "mono", &Glyphs::ASCII, SMALL);
}
