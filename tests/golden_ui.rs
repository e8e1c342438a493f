//! Golden frames of the widgets: every view at 80×24 and 120×40, with styles.
//!
//! `PLANTAO_LOOK=DIR` also writes each frame as escape sequences, to be looked at in a terminal.
// A test that cannot go on must fail: unwrap, expect and panic are how a test says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/golden.rs"]
mod golden;
#[path = "support/screens.rs"]
mod screens;
#[path = "support/ui_styles.rs"]
mod ui_styles;

use plantao::text;
use plantao::ui::{self, Glyphs, Styles, UiContext};
use plantao::view::vm::Screen;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

fn frame(screen: &Screen, styles: &dyn Styles, glyphs: &Glyphs, (width, height): (u16, u16)) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    ui::draw(screen, &UiContext { styles, glyphs, text: &text::EN }, &mut buffer, area);
    buffer
}

fn check(name: &str, buffer: &Buffer) {
    if let Ok(dir) = std::env::var("PLANTAO_LOOK") {
        let file = std::path::Path::new(&dir).join(format!("{name}.ansi"));
        std::fs::write(file, golden::ansi(buffer)).expect("the folder to look into takes files");
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let names = golden::Names { colours: &ui_styles::PALETTE, plain: "text on ground" };
    settings.bind(|| insta::assert_snapshot!(name, golden::golden(buffer, &names)));
}

/// Both sizes, dark, with Unicode.
fn both(name: &str, screen: impl Fn(bool) -> Screen) {
    for (size, label) in [(SMALL, "80x24"), (LARGE, "120x40")] {
        let buffer = frame(&screen(size == SMALL), &ui_styles::dark, &Glyphs::UNICODE, size);
        check(&format!("ui-{name}-{label}"), &buffer);
    }
}

#[test]
fn overview() {
    both("overview", screens::overview);
}

#[test]
fn overview_scrolled() {
    let buffer = frame(&screens::overview_scrolled(), &ui_styles::dark, &Glyphs::UNICODE, SMALL);
    check("ui-overview-scrolled-80x24", &buffer);
}

#[test]
fn hardware() {
    both("hardware", screens::hardware);
}

#[test]
fn alerts() {
    both("alerts", |_| screens::alerts());
}

#[test]
fn alerts_grouped_and_filtered() {
    both("alerts-grouped", |_| screens::alerts_grouped());
}

#[test]
fn alerts_unknown() {
    both("alerts-unknown", |_| screens::alerts_unknown());
}

#[test]
fn metrics_in_every_form() {
    type Form = (&'static str, fn() -> Screen);
    let forms: [Form; 6] = [
        ("lines", screens::metrics_lines),
        ("many", screens::metrics_many),
        ("stacked", screens::metrics_stacked),
        ("heatmap", screens::metrics_heatmap),
        ("table", screens::metrics_table),
        ("refused", screens::metrics_refused),
    ];
    for (name, screen) in forms {
        both(&format!("metrics-{name}"), |_| screen());
        let mono = frame(&screen(), &ui_styles::mono, &Glyphs::UNICODE, SMALL);
        check(&format!("ui-metrics-{name}-mono-80x24"), &mono);
        let ascii = frame(&screen(), &ui_styles::mono, &Glyphs::ASCII, SMALL);
        check(&format!("ui-metrics-{name}-mono-ascii-80x24"), &ascii);
    }
}

#[test]
fn every_state() {
    both("states", |_| screens::states());
}

#[test]
fn alert_detail() {
    both("detail", |_| screens::detail());
}

#[test]
fn sources() {
    both("sources", |_| screens::sources());
}

#[test]
fn palette() {
    both("palette", screens::palette);
}

#[test]
fn help() {
    both("help", |_| screens::help());
}

#[test]
fn choose() {
    both("choose", |_| screens::choose());
}

#[test]
fn query() {
    both("query", |_| screens::query());
    both("query-wrong", |_| screens::query_wrong());
    both("query-ready", |_| screens::query_ready());
    both("find", |_| screens::find());
}

#[test]
fn without_colour_and_without_unicode() {
    for (name, screen) in [("query", screens::query()), ("query-wrong", screens::query_wrong())] {
        check(&format!("ui-{name}-mono-80x24"), &frame(&screen, &ui_styles::mono, &Glyphs::UNICODE, SMALL));
        check(&format!("ui-{name}-ascii-80x24"), &frame(&screen, &ui_styles::dark, &Glyphs::ASCII, SMALL));
    }
    for (name, screen) in [("overview", screens::overview(true)), ("alerts", screens::alerts())] {
        let mono = frame(&screen, &ui_styles::mono, &Glyphs::UNICODE, SMALL);
        check(&format!("ui-{name}-mono-80x24"), &mono);
        let ascii = frame(&screen, &ui_styles::dark, &Glyphs::ASCII, SMALL);
        check(&format!("ui-{name}-ascii-80x24"), &ascii);
    }
    let states = frame(&screens::states(), &ui_styles::mono, &Glyphs::UNICODE, SMALL);
    check("ui-states-mono-80x24", &states);
    let hardware = frame(&screens::hardware(false), &ui_styles::mono, &Glyphs::ASCII, LARGE);
    check("ui-hardware-mono-ascii-120x40", &hardware);
}

#[test]
fn too_small() {
    check(
        "ui-too-small-60x10",
        &frame(&screens::overview(true), &ui_styles::dark, &Glyphs::UNICODE, (60, 10)),
    );
}
