//! Range answers that come in pieces.

use proptest::prelude::*;

use super::fixture::{at, fault, series};
use crate::model::{FaultKind, Point, Series};
use crate::store::History;

fn take(history: &mut History, list: Vec<Series>, start: i64, end: i64) {
    history.extend(list, at(start), at(end), 10, at(end), Vec::new());
}

/// Moments of the points of a series by name, in seconds of the test.
fn moments(history: &History, name: &str) -> Vec<i64> {
    let all = history.remote.value().expect("an answer");
    let one = all.iter().find(|one| one.labels.get("name") == Some(name)).expect("the series");
    one.points.iter().map(|point| point.t / 1000 - at(0).timestamp()).collect()
}

fn covered(history: &History) -> (i64, i64) {
    let seconds = |time: Option<crate::model::Time>| time.expect("covered").timestamp() - at(0).timestamp();
    (seconds(history.covered_from()), seconds(history.covered_to()))
}

#[test]
fn only_new_points_are_appended() {
    let mut history = History::default();
    take(&mut history, vec![series("a", &[0, 10, 20])], 0, 20);
    take(&mut history, vec![series("a", &[30])], 30, 30);
    assert_eq!((moments(&history, "a"), covered(&history)), (vec![0, 10, 20, 30], (0, 30)));
    assert_eq!(history.remote.evaluated_at(), Some(at(30)));
}

#[test]
fn a_missing_point_stays_a_gap() {
    let mut history = History::default();
    take(&mut history, vec![series("a", &[0, 20])], 0, 20);
    take(&mut history, vec![], 30, 40);
    take(&mut history, vec![series("a", &[50])], 50, 50);
    assert_eq!((moments(&history, "a"), covered(&history)), (vec![0, 20, 50], (0, 50)));
}

#[test]
fn series_come_and_go() {
    let mut history = History::default();
    take(&mut history, vec![series("old", &[0, 10])], 0, 10);
    take(&mut history, vec![series("new", &[20])], 20, 20);
    assert_eq!((moments(&history, "old"), moments(&history, "new")), (vec![0, 10], vec![20]));
    history.trim(at(15));
    let names: Vec<_> =
        history.remote.value().expect("kept").iter().map(|one| one.labels.get("name")).collect();
    assert_eq!(names, [Some("new")], "a series whose last point has left the window is gone");
}

#[test]
fn an_answer_beyond_a_gap_in_asking_replaces_everything() {
    let mut history = History::default();
    take(&mut history, vec![series("a", &[0, 10])], 0, 10);
    take(&mut history, vec![series("a", &[100, 110])], 100, 110);
    assert_eq!((moments(&history, "a"), covered(&history)), (vec![100, 110], (100, 110)));
}

#[test]
fn another_window_replaces_everything() {
    let mut history = History::default();
    take(&mut history, vec![series("a", &[100, 110])], 100, 110);
    take(&mut history, vec![series("a", &[0, 50, 60])], 0, 60);
    assert_eq!((moments(&history, "a"), covered(&history)), (vec![0, 50, 60], (0, 60)));
}

#[test]
fn an_answer_that_comes_twice_or_late_costs_no_history() {
    let mut history = History::default();
    take(&mut history, vec![series("a", &[0, 10, 20])], 0, 20);
    take(&mut history, vec![series("a", &[30])], 30, 30);
    take(&mut history, vec![series("a", &[30])], 30, 30);
    assert_eq!((moments(&history, "a"), covered(&history)), (vec![0, 10, 20, 30], (0, 30)), "twice");
    take(&mut history, vec![series("a", &[40, 50])], 40, 50);
    take(&mut history, vec![series("a", &[30, 40])], 30, 40);
    assert_eq!((moments(&history, "a"), covered(&history)), (vec![0, 10, 20, 30, 40, 50], (0, 50)), "late");
}

#[test]
fn what_nobody_asked_for_is_left_out() {
    let mut history = History::default();
    let mut wild = series("a", &[0, 10, 10, 5, 20, 9_000_000]);
    wild.points.push(Point { t: i64::MAX, v: 1.0 });
    wild.points.insert(0, Point { t: i64::MIN, v: 1.0 });
    take(&mut history, vec![wild], 0, 20);
    assert_eq!(moments(&history, "a"), [0, 10, 20]);
}

#[test]
fn series_with_equal_labels_both_go_on() {
    // Masking can make two patients' series look alike; neither may stand still for it.
    let mut history = History::default();
    take(&mut history, vec![series("a", &[0]), series("a", &[0])], 0, 0);
    take(&mut history, vec![series("a", &[10]), series("a", &[10])], 10, 10);
    let lengths: Vec<usize> =
        history.remote.value().expect("kept").iter().map(|one| one.points.len()).collect();
    assert_eq!(lengths, [2, 2]);
}

#[test]
fn trimming_drops_what_has_left_the_window_and_nothing_else() {
    let mut history = History::default();
    history.trim(at(0));
    take(&mut history, vec![series("a", &[0, 10, 20])], 0, 20);
    history.trim(at(-5));
    assert_eq!((moments(&history, "a").len(), covered(&history)), (3, (0, 20)));
    history.trim(at(10));
    assert_eq!((moments(&history, "a"), covered(&history)), (vec![10, 20], (10, 20)));
}

#[test]
fn a_failure_keeps_the_points_and_the_place() {
    let mut history = History::default();
    take(&mut history, vec![series("a", &[0])], 0, 0);
    history.fault(fault(FaultKind::Timeout), at(5));
    assert_eq!((moments(&history, "a"), covered(&history)), (vec![0], (0, 0)));
    assert!(history.remote.last_fault().is_some());
}

proptest! {
    /// Whatever is asked in whatever order: points lie on the grid, in time order, once each, inside
    /// what is covered; and inside of it nothing is missing that the server had.
    #[test]
    fn any_order_of_answers_keeps_points_sorted_and_whole(
        asked in proptest::collection::vec((0_i64..40, 0_i64..12), 1..20),
        trims in proptest::collection::vec(0_i64..40, 0..3),
    ) {
        let mut history = History::default();
        for (first, length) in asked {
            let moments: Vec<i64> = (first..=first + length).filter(|n| n % 7 != 3).map(|n| n * 10).collect();
            take(&mut history, vec![series("a", &moments)], first * 10, (first + length) * 10);
        }
        for trim in trims {
            history.trim(at(trim * 10));
        }
        let (from, to) = covered(&history);
        let expected: Vec<i64> = (from / 10..=to / 10).filter(|n| n % 7 != 3).map(|n| n * 10).collect();
        let all = history.remote.value().expect("an answer");
        let got = if all.is_empty() { Vec::new() } else { moments(&history, "a") };
        prop_assert_eq!(got, expected);
    }
}
