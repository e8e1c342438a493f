//! Golden frames of the log view, on the embedded hospital.

use plantao::state::View;
use plantao::ui::Glyphs;

use crate::embedded::pressed;
use crate::looks::{LARGE, SMALL, check, draw, theme};

const EVERYTHING: &str = "{service_name=~\".+\"}";
const GRAVE: &str = "{level=~\"warning|error|critical\"}";

fn frame(name: &str, query: &str, keys: &str, look: &str, glyphs: &Glyphs, size: (u16, u16)) {
    let state = pressed(View::Logs(query.into()), keys, size);
    let suffix = match (glyphs.ascii, look) {
        (true, _) => format!("-{look}-ascii"),
        (false, "dark") => String::new(),
        (false, _) => format!("-{look}"),
    };
    check(&format!("view-{name}{suffix}-{}x{}", size.0, size.1), look, &draw(&state, &theme(look), glyphs));
}

fn both(name: &str, query: &str, keys: &str) {
    for size in [SMALL, LARGE] {
        frame(name, query, keys, "dark", &Glyphs::UNICODE, size);
    }
}

#[test]
fn lines_as_they_say_it() {
    both("logs", EVERYTHING, "j j");
    frame("logs", GRAVE, "j", "mono", &Glyphs::UNICODE, LARGE);
    frame("logs", GRAVE, "j", "mono", &Glyphs::ASCII, SMALL);
}

#[test]
fn fields_of_a_line_and_columns() {
    both("logs-fields", "{category=\"ai_inference\"}", "space j j j");
    both("logs-columns", "{category=\"ai_inference\"}", "C");
}

#[test]
fn patterns_of_lines() {
    both("logs-patterns", GRAVE, "P j");
}

#[test]
fn long_lines_wrap_and_what_is_sought_is_marked() {
    both("logs-wrapped", "{service_name=\"medical-api\"} | json", "W / o p e r a t i o n enter n");
}

#[test]
fn a_query_for_numbers_is_a_chart() {
    both("logs-chart", "sum by (level) (count_over_time({service_name=~\".+\"}[5m]))", "");
}
