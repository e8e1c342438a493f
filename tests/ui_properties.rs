//! What holds for every screen at every size: nothing panics, nothing is drawn outside the area,
//! no wide symbol is cut in half, and an ASCII screen is ASCII.
// A test that cannot go on must fail: unwrap, expect and panic are how a test says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/any_screen.rs"]
mod any_screen;
#[path = "support/screens.rs"]
#[allow(dead_code)] // the golden frames use the rest
mod screens;
#[path = "support/ui_styles.rs"]
#[allow(dead_code)]
mod ui_styles;

use std::sync::Arc;

use any_screen::{any_screen, any_size};
use plantao::model::{Labels, Point, Series};
use plantao::text;
use plantao::ui::{self, Glyphs, Hit, Hits, UiContext};
use plantao::view::vm::*;
use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr as _;

fn draw(screen: &Screen, glyphs: &Glyphs, area: Rect) -> (Buffer, Hits) {
    let mut buffer = Buffer::empty(area);
    let context = UiContext { styles: &ui_styles::dark, glyphs, text: &text::EN };
    let hits = ui::draw(screen, &context, &mut buffer, area);
    (buffer, hits)
}

/// Every wide symbol has its cells to itself within the line.
fn whole(buffer: &Buffer) {
    for y in buffer.area.top()..buffer.area.bottom() {
        for x in buffer.area.left()..buffer.area.right() {
            let width = buffer[(x, y)].symbol().width() as u16;
            assert!(x + width.max(1) <= buffer.area.right(), "cut at the edge of line {y}");
            for covered in 1..width {
                let cell = &buffer[(x + covered, y)];
                assert_eq!(cell.symbol(), " ", "line {y}: {:?} is cut", buffer[(x, y)].symbol());
            }
            let symbol = buffer[(x, y)].symbol();
            assert!(!symbol.chars().any(char::is_control), "control character on line {y}: {symbol:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_screen_breaks_the_frame(screen in any_screen(), (width, height) in any_size()) {
        let area = Rect::new(0, 0, width, height);
        let (buffer, hits) = draw(&screen, &Glyphs::UNICODE, area);
        whole(&buffer);
        prop_assert!(hits.regions().iter().all(|(place, _)| area.intersection(*place) == *place));
        let (again, same) = draw(&screen, &Glyphs::UNICODE, area);
        prop_assert_eq!((buffer, hits), (again, same));
    }

    #[test]
    fn nothing_is_drawn_outside_the_area(screen in any_screen(), x in 0_u16..40, y in 0_u16..20, (width, height) in any_size()) {
        let all = Rect::new(0, 0, 130, 50);
        let mut buffer = Buffer::filled(all, Cell::new("~"));
        let area = Rect { x, y, width, height };
        let context = UiContext { styles: &ui_styles::dark, glyphs: &Glyphs::UNICODE, text: &text::EN };
        let hits = ui::draw(&screen, &context, &mut buffer, area);
        for (at, cell) in buffer.content.iter().enumerate() {
            let place = buffer.pos_of(at);
            prop_assert!(area.contains(place.into()) || *cell == Cell::new("~"), "{:?}", place);
        }
        let seen = area.intersection(all);
        prop_assert!(hits.regions().iter().all(|(place, _)| seen.intersection(*place) == *place));
    }

    #[test]
    fn an_ascii_screen_is_ascii(screen in any_screen(), (width, height) in any_size()) {
        let (buffer, _) = draw(&screen, &Glyphs::ASCII, Rect::new(0, 0, width, height));
        for cell in &buffer.content {
            prop_assert!(cell.symbol().is_ascii() && cell.symbol().len() == 1, "{:?}", cell.symbol());
        }
    }
}

fn text_of(buffer: &Buffer) -> String {
    buffer.content.iter().map(Cell::symbol).collect()
}

fn all_screens() -> Vec<Screen> {
    vec![
        screens::overview(true),
        screens::overview(false),
        screens::hardware(true),
        screens::alerts(),
        screens::alerts_grouped(),
        screens::alerts_unknown(),
        screens::states(),
        screens::detail(),
        screens::sources(),
        screens::palette(true),
        screens::help(),
        screens::choose(),
    ]
}

#[test]
fn the_program_is_still_readable_in_ascii() {
    for screen in all_screens() {
        let (buffer, _) = draw(&screen, &Glyphs::ASCII, Rect::new(0, 0, 80, 24));
        let text = text_of(&buffer);
        assert!(text.is_ascii());
        assert!(text.contains("plantao"), "the program's name lost its letters");
    }
}

#[test]
fn too_small_says_so_and_only_so() {
    for (width, height) in [(79, 24), (80, 23), (40, 5), (3, 3)] {
        let (buffer, hits) = draw(&screens::overview(true), &Glyphs::UNICODE, Rect::new(0, 0, width, height));
        assert!(hits.regions().is_empty());
        let text = text_of(&buffer);
        assert!(!text.contains("Needs you"), "{text}");
        assert!(width < 40 || text.contains(&format!("{width}×{height}")), "{text}");
    }
}

/// Where a text stands on screen.
fn place(buffer: &Buffer, text: &str) -> (u16, u16) {
    for y in buffer.area.top()..buffer.area.bottom() {
        let line: Vec<&str> = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
        for x in 0..line.len() {
            if line[x..].concat().starts_with(text) {
                return (x as u16, y);
            }
        }
    }
    panic!("{text} is not on screen");
}

#[test]
fn a_click_means_what_is_drawn_there() {
    let area = Rect::new(0, 0, 120, 40);
    let at = |screen: &Screen, text: &str| {
        let (buffer, hits) = draw(screen, &Glyphs::UNICODE, area);
        let (x, y) = place(&buffer, text);
        hits.at(x, y)
    };
    let overview = screens::overview(false);
    assert_eq!(at(&overview, "loki"), Some(Hit::Lamp(2)));
    assert_eq!(at(&overview, "LIVE 1h"), Some(Hit::Window));
    assert_eq!(at(&overview, "Emergency ─"), Some(Hit::Box(2)));
    assert_eq!(at(&overview, "HighMedicalRecordLatency"), Some(Hit::AlertRow { in_box: Some(0), row: 2 }));
    assert_eq!(at(&overview, "Enter"), Some(Hit::Hint(2)));
    let alerts = screens::alerts();
    assert_eq!(at(&alerts, "AIModelInferenceLatency"), Some(Hit::AlertRow { in_box: None, row: 3 }));
    assert_eq!(at(&alerts, "SEVERITY"), None);
    assert_eq!(at(&screens::sources(), "exposition/mac"), Some(Hit::Source(4)));
    let palette = screens::palette(false);
    assert_eq!(at(&palette, "Switch theme"), Some(Hit::PaletteEntry(0)));
    assert_eq!(at(&palette, "Commands"), Some(Hit::Overlay), "a click does not reach what lies under");
    assert_eq!(at(&screens::choose(), "high-contrast"), Some(Hit::Choice(2)));
}

#[test]
fn clicks_move_with_a_scrolled_page() {
    let screen = screens::overview_scrolled();
    let (buffer, hits) = draw(&screen, &Glyphs::UNICODE, Rect::new(0, 0, 80, 24));
    let (x, y) = place(&buffer, "Mac Studio");
    assert_eq!(hits.at(x, y), Some(Hit::Box(5)));
    assert!(hits.extent.max_scroll() > 0);
    assert_eq!(hits.extent.viewport, 22);
}

#[test]
fn the_extent_of_a_list_is_how_many_rows_fit() {
    for (watchdog, filter) in [(false, false), (true, false), (true, true)] {
        let mut screen = screens::alerts_grouped();
        if let Body::Alerts(vm) = &mut screen.body {
            vm.watchdog = vm.watchdog.take().filter(|_| watchdog);
            vm.filter = vm.filter.take().filter(|_| filter);
            let one = vm.table.rows[1].clone();
            vm.table.rows = vec![one; 100];
        }
        let (_, hits) = draw(&screen, &Glyphs::UNICODE, Rect::new(0, 0, 80, 24));
        let rows = hits.regions().iter().filter(|(_, hit)| matches!(hit, Hit::AlertRow { .. })).count();
        assert_eq!(rows, usize::from(ui::alert_rows(24, watchdog, filter)));
        assert_eq!(hits.extent.viewport, ui::alert_rows(24, watchdog, filter));
    }
    let (_, hits) = draw(&screens::palette(false), &Glyphs::UNICODE, Rect::new(0, 0, 120, 40));
    assert_eq!(hits.extent.viewport, ui::palette_rows(40));
}

#[test]
fn a_dead_source_never_looks_calm() {
    let area = Rect::new(0, 0, 80, 24);
    let (unknown, _) = draw(&screens::alerts_unknown(), &Glyphs::ASCII, area);
    let mut calm = screens::alerts_unknown();
    if let Body::Alerts(vm) = &mut calm.body {
        vm.state = PaneState::Ready;
        vm.table.state = PaneState::Ready;
    }
    let (calm, _) = draw(&calm, &Glyphs::ASCII, area);
    // The same words: mark and lines of the frame alone tell them apart, without any colour.
    assert!(text_of(&unknown).contains("x UNKNOWN"));
    assert_ne!(text_of(&unknown), text_of(&calm));
    assert_eq!(unknown[(0, 5)].symbol(), ":");
    assert_eq!(calm[(0, 5)].symbol(), "|");
}

#[test]
fn one_lonely_point_is_seen_and_a_gap_is_not_bridged() {
    let point = |t: i64, v: f64| Point { t, v };
    let series = Series {
        labels: Labels::default(),
        points: vec![point(0, 5.0), point(500, f64::NAN), point(900, 5.0), point(910, f64::INFINITY)],
    };
    let draw_chart = Draw::Chart {
        items: vec![screens::item("", "5", Some(0))],
        y: (0.0, 10.0),
        y_labels: Vec::new(),
        x_labels: Vec::new(),
        marks: Vec::new(),
    };
    let mut pane = screens::pane("p", "Lonely", draw_chart, vec![series]);
    (pane.span_ms, pane.step_ms) = ((0, 1000), 10);
    pane.values = Arc::from(Vec::new());
    let row = RowVm {
        height: None,
        min_height: 7,
        boxes: vec![(1, screens::boxed("Lonely", Content::Pane(pane)))],
    };
    let body = Body::Page(PageVm { rows: vec![row], ..PageVm::default() });
    let screen = Screen { body, ..screens::overview(true) };
    let (buffer, _) = draw(&screen, &Glyphs::UNICODE, Rect::new(0, 0, 80, 24));
    let braille = |c: &char| ('\u{2801}'..='\u{28ff}').contains(c);
    assert_eq!(text_of(&buffer).chars().filter(braille).count(), 2);
}
