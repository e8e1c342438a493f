//! The one window: live, moved, zoomed.

use plantao::command::CommandId::{TimeBack, TimeForward, TimeNow, ZoomIn, ZoomOut};
use plantao::model::ask::{Answer, Ask, Key};
use plantao::model::{Sample, Window};
use plantao::store::{Origin, Watchdog};
use proptest::prelude::*;

use crate::desk::{Desk, answered, at, critical, labels};

const LIVE: Window = Window::Live { span_s: 3600 };

#[test]
fn back_forward_and_home() {
    let mut desk = Desk::new();
    desk.command(TimeBack);
    let half = Window::Past { start: at(-5400), end: at(-1800) };
    assert_eq!(desk.state.window, half);
    desk.command(TimeBack);
    assert_eq!(desk.state.window, Window::Past { start: at(-7200), end: at(-3600) });
    desk.command(TimeForward);
    assert_eq!(desk.state.window, half);
    desk.command(TimeForward);
    assert_eq!(desk.state.window, LIVE, "what would reach the present is live");
    desk.command(TimeBack);
    desk.now += 7;
    desk.keys("0");
    assert_eq!(desk.state.window, LIVE);
    let epoch = desk.state.epoch;
    desk.keys("0");
    assert_eq!(
        (desk.state.epoch, desk.state.notice.is_some()),
        (epoch, true),
        "already there: nothing is asked"
    );
}

#[test]
fn a_past_window_stands_still_while_time_passes() {
    let mut desk = Desk::new();
    desk.command(TimeBack);
    let before = desk.state.window;
    desk.pass(600);
    assert_eq!(desk.state.window, before);
}

#[test]
fn zoom_keeps_the_end_and_its_bounds() {
    let mut desk = Desk::new();
    desk.command(TimeBack);
    desk.command(ZoomIn);
    assert_eq!(desk.state.window, Window::Past { start: at(-3600), end: at(-1800) });
    for _ in 0..40 {
        desk.command(ZoomIn);
    }
    assert_eq!(desk.state.window.span_s(), 60);
    for _ in 0..40 {
        desk.command(ZoomOut);
    }
    assert_eq!(desk.state.window.span_s(), 30 * 86_400);
    let epoch = desk.state.epoch;
    desk.command(ZoomOut);
    assert_eq!(desk.state.epoch, epoch, "no further, and nothing is asked for it");
}

#[test]
fn a_past_moment_never_shows_the_live_list_and_its_alerts_carry_that_origin() {
    let mut desk = Desk::new();
    desk.alerts(vec![critical("Now")]);
    desk.command(TimeBack);
    assert!(desk.state.list.rows.is_empty());
    desk.alerts(vec![critical("Now")]);
    desk.rules(vec![]);
    assert!(desk.state.list.rows.is_empty(), "an answer about now is not about then");
    let fired = |name: &str| Sample {
        labels: labels(&[("__name__", "ALERTS"), ("alertname", name), ("alertstate", "firing")]),
        at: at(-1800),
        value: 1.0,
    };
    desk.answer(&Key::Instant("ALERTS".into()), Answer::Vector(vec![fired("Then"), fired("Watchdog")]));
    assert_eq!(desk.state.list.rows.len(), 1);
    assert_eq!(desk.state.list.rows[0].origin, Origin::Series);
    assert_eq!(desk.state.watchdog(), Watchdog::Alive);
    desk.command(TimeNow);
    assert_eq!(desk.state.list.rows.iter().map(|row| row.alert.name()).collect::<Vec<_>>(), ["Now"]);
}

#[test]
fn no_series_at_all_in_the_past_is_not_calm() {
    let mut desk = Desk::new();
    desk.command(TimeBack);
    assert_eq!(desk.state.watchdog(), Watchdog::Unknown);
    desk.answer(&Key::Instant("ALERTS".into()), Answer::Vector(vec![]));
    assert_eq!(desk.state.watchdog(), Watchdog::Missing { fires_in_prometheus: false });
    let status = plantao::view::alerts::status(&desk.state);
    let words = plantao::view::alerts::empty_words(&desk.state, &status).join("\n");
    assert!(words.contains("Watchdog"), "{words}");
    let rows = desk.state.list.rows.clone();
    desk.pass(1);
    assert!(
        std::ptr::eq(&raw const *rows, &raw const *desk.state.list.rows),
        "and nothing is joined each second"
    );
}

#[test]
fn an_answer_for_an_older_window_is_dropped() {
    let mut desk = Desk::new();
    let ask = Ask::Instant { query: "up".into(), at: at(0) };
    let old = desk.state.epoch;
    desk.command(TimeBack);
    let outcome = Box::new(Ok(answered(Answer::Vector(vec![]))));
    desk.send(plantao::message::Msg::Answered { ask, epoch: old, at: at(1), outcome });
    assert!(desk.state.store.instants.is_empty());
}

proptest! {
    #[test]
    fn moves_never_leave_the_bounds(moves in proptest::collection::vec((0_usize..5, 0_i64..4000), 0..60)) {
        let mut desk = Desk::new();
        for (which, seconds) in moves {
            desk.now += seconds;
            let epoch = desk.state.epoch;
            desk.command([TimeBack, TimeForward, TimeNow, ZoomIn, ZoomOut][which]);
            let window = desk.state.window;
            prop_assert!(desk.state.epoch >= epoch);
            prop_assert!((60..=30 * 86_400).contains(&window.span_s()), "{:?}", window);
            prop_assert!(window.is_live() || window.end(at(desk.now)) < at(desk.now), "{:?}", window);
            prop_assert!(window.start(at(desk.now)) < window.end(at(desk.now)));
        }
    }

    #[test]
    fn a_step_never_gives_more_points_than_wanted(span_s in 1_u32.., points in 1_u16..2000) {
        let window = Window::Live { span_s };
        let step = window.step_s(points);
        prop_assert!(step >= 5);
        prop_assert!(i64::from(span_s) / step <= i64::from(points), "{} s: {}", span_s, step);
    }
}
