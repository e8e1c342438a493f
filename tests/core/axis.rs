//! The one window: the way back to the window before, and a piece of the time axis that becomes it.

use plantao::command::CommandId::{AxisLeft, AxisRight, Back, TimePrevious};
use plantao::message::Msg;
use plantao::model::Window;
use plantao::model::ask::Key;

use crate::desk::{Desk, at};
use crate::links::{AI, LIVE, detail, said, view};

#[test]
fn the_window_is_returned_to_through_links_and_through_every_change() {
    let mut desk = detail(AI, "x > 5");
    desk.command(TimePrevious);
    assert_eq!(said(&desk), "there is no window before this one");
    desk.keys("L");
    let linked = desk.state.window;
    desk.keys("+ +");
    let shorter = desk.state.window;
    desk.keys("{");
    assert!(desk.state.window != shorter && desk.state.window != linked);
    desk.keys("{");
    assert_eq!(desk.state.window, linked);
    desk.keys("+");
    desk.command(Back);
    assert_eq!(desk.state.window, LIVE, "whatever was done there");
    // Where no link has changed it, a window stays when its view is left.
    desk.keys("7 [");
    let past = desk.state.window;
    desk.command(Back);
    assert_eq!(desk.state.window, past);
    desk.keys("{");
    assert_eq!(desk.state.window, LIVE);
}

#[test]
fn going_somewhere_by_its_key_keeps_the_window_of_now() {
    let mut desk = detail(AI, "x > 5");
    desk.keys("L");
    let linked = desk.state.window;
    // The list is the view before the detail: `2` goes there, which is no way back through the link.
    desk.keys("2");
    assert_eq!(desk.state.window, linked);
    desk.command(Back);
    assert_eq!(desk.state.window, linked);
}

#[test]
fn windows_to_return_to_are_bounded() {
    let mut desk = Desk::new();
    for _ in 0..200 {
        desk.keys("[");
    }
    assert_eq!(desk.state.windows.len(), 64);
}

#[test]
fn a_piece_of_the_axis_becomes_the_window() {
    let mut desk = Desk::new();
    desk.keys("7");
    desk.command(AxisLeft);
    assert_eq!(desk.state.axis.cursor, Some(at(-60)), "from the end, a sixtieth");
    desk.command(AxisRight);
    desk.command(AxisRight);
    assert_eq!(desk.state.axis.cursor, Some(at(0)), "and no further");
    desk.keys("h h w");
    assert_eq!(desk.state.axis.mark, Some(at(-120)));
    desk.keys("w");
    assert_eq!(
        (said(&desk).as_str(), desk.state.window),
        ("nothing is brushed yet: move the cursor first", LIVE)
    );
    desk.keys("left left left w");
    assert_eq!(desk.state.window, Window::Past { start: at(-300), end: at(-120) });
    assert_eq!((desk.state.axis.cursor, desk.state.axis.mark), (Some(at(-300)), None));
    desk.keys("{");
    assert_eq!(desk.state.window, LIVE);
}

#[test]
fn escape_leaves_the_piece_before_the_view() {
    let mut desk = Desk::new();
    desk.keys("7");
    let here = view(&desk);
    desk.keys("h w h esc");
    assert_eq!((desk.state.axis.mark, view(&desk)), (None, here.clone()));
    desk.keys("esc");
    assert_ne!(view(&desk), here);
}

#[test]
fn a_live_window_moves_on_under_the_cursor() {
    let mut desk = Desk::new();
    desk.keys("7 h");
    desk.pass(1800);
    assert_eq!(desk.state.axis.cursor, Some(at(-60)), "a moment is a moment");
    desk.pass(7200);
    desk.keys("l");
    assert_eq!(desk.state.axis.cursor, Some(at(9000 - 3600 + 60)), "left behind: from the first moment on");
}

#[test]
fn clicks_set_the_cursor_and_brush() {
    use plantao::message::Target::Axis;
    let mut desk = Desk::new();
    desk.keys("8");
    desk.send(Msg::Click(Axis(500)));
    assert_eq!((desk.state.axis.cursor, desk.state.axis.mark), (Some(at(-1800)), None));
    desk.send(Msg::Click(Axis(503)));
    assert_eq!(desk.state.axis.mark, Some(at(-1800)), "the same place again begins a piece");
    desk.send(Msg::Click(Axis(750)));
    assert_eq!(desk.state.window, Window::Past { start: at(-1800), end: at(-900) });
}

#[test]
fn a_change_of_the_window_is_a_change_everywhere() {
    let mut desk = Desk::new();
    for keys in ["7", "8", "9"] {
        desk.keys(keys);
        desk.keys("[");
        for want in plantao::state::demand::wants(&desk.state) {
            if let Some(plantao::model::ask::Ask::Window { start, end, .. }) =
                plantao::state::demand::ask(&desk.state, &want.key)
            {
                let window = desk.state.window;
                assert!(start >= window.start(at(0)) && end <= window.end(at(0)), "{:?}", want.key);
            }
        }
    }
    desk.keys("2");
    desk.answer(&Key::Instant("ALERTS".into()), plantao::model::ask::Answer::Vector(vec![]));
    let status = plantao::view::alerts::status(&desk.state);
    assert!(!desk.state.window.is_live());
    assert!(status.note.contains("ALERTS"), "the list says what it is made of: {}", status.note);
}
