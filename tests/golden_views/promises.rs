//! What holds for every view, whatever it looks like.

use plantao::model::SourceId;
use plantao::store::Watchdog;
use plantao::ui::Glyphs;
use plantao::view::vm::PaneState;
use plantao::{export, view};

use crate::hospital_state::{self as hospital, Scene};
use crate::looks::{LARGE, SMALL, draw, theme};
use crate::scenes::{VIEWS, scene};

#[test]
fn on_a_calm_night_every_pane_is_ready_and_has_something_to_say() {
    for name in VIEWS {
        let state = scene(name, Scene::Calm, LARGE);
        let screen = view::build(&state);
        for pane in view::panes(&screen) {
            assert_eq!(pane.state, PaneState::Ready, "{name}: {} says {:?}", pane.id, pane.message);
            assert!(!pane.values.is_empty(), "{name}: {} has no value", pane.id);
            for sample in pane.values.iter() {
                assert!(sample.value.is_finite(), "{name}: {} has {}", pane.id, sample.value);
            }
        }
    }
}

#[test]
fn on_a_calm_night_nothing_needs_anybody_and_the_watchdog_lives() {
    let state = hospital::overview(Scene::Calm, LARGE);
    let names: Vec<&str> = state.list.rows.iter().map(|row| row.alert.name()).collect();
    assert_eq!(names, Vec::<&str>::new(), "nothing fires");
    assert_eq!(state.watchdog(), Watchdog::Alive);
}

#[test]
fn the_incident_is_the_one_that_the_frames_tell() {
    let state = hospital::overview(Scene::Incident, LARGE);
    let mut found: Vec<String> = state
        .list
        .rows
        .iter()
        .map(|row| {
            let about = if row.component.is_empty() { &row.department } else { &row.component };
            format!("{} {} {}", row.alert.state.as_str(), row.alert.name(), about)
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "firing AIModelInferenceLatency medgemma-4b",
            "firing AIModelInferenceLatency whisper-large",
            "firing HighMedicalRecordLatency emergency",
            "firing MacStudioThermalThrottling node-exporter",
            "inhibited MacStudioHighCPU node-exporter",
            "pending FaceRecognitionLatency ",
            "silenced SUSBedOccupancyThresholdExceeded medical-api",
        ]
    );
}

/// A number beside its trend must be the trend's end.
#[test]
fn values_agree_with_the_end_of_their_history() {
    for name in VIEWS {
        let state = scene(name, Scene::Incident, LARGE);
        let screen = view::build(&state);
        for pane in view::panes(&screen) {
            for series in pane.series.iter() {
                let last = series.points.last().expect("a series has points").v;
                let bare = series.labels.without(&["__name__"]);
                let value = pane.values.iter().find(|one| one.labels.without(&["__name__"]) == bare);
                let value =
                    value.unwrap_or_else(|| panic!("{name}: {} has no value for {bare}", pane.id)).value;
                assert!((value - last).abs() < 1e-9, "{name}: {} {bare}: {value} beside {last}", pane.id);
            }
        }
    }
}

/// Silence is never calm: while servers do not answer, no screen says that all is well.
#[test]
fn nothing_unknown_ever_looks_calm() {
    for name in VIEWS {
        for size in [SMALL, LARGE] {
            for glyphs in [&Glyphs::UNICODE, &Glyphs::ASCII] {
                let state = scene(name, Scene::Unknown, size);
                let text = export::text(&draw(&state, &theme("dark"), glyphs));
                for calm in ["0 alerts need", "✓ ok", "nothing needs"] {
                    assert!(!text.contains(calm), "{name} says {calm:?} although nobody answered:\n{text}");
                }
                let prom = state.store.health[&SourceId::PROMETHEUS].fault.is_some();
                // What a scraped page still tells is known, and says where it is from.
                let from_page = name == "hardware"
                    && (text.contains("mac-studio · <") || text.contains("mac-studio - <"));
                let said = ["UNKNOWN", "STALE", "stale"].iter().any(|word| text.contains(word)) || from_page;
                assert!(prom && said, "{name}:\n{text}");
            }
        }
    }
}

#[test]
fn what_was_critical_before_the_silence_is_still_told() {
    for (name, words) in [("overview", "MacStudioHighMemory"), ("alerts", "2 critical")] {
        let state = scene(name, Scene::Unknown, LARGE);
        let text = export::text(&draw(&state, &theme("dark"), &Glyphs::UNICODE));
        for words in [words, "MacStudioThermalThrottling", "STALE 40s"] {
            assert!(text.contains(words), "{name} does not say {words:?}:\n{text}");
        }
    }
}
