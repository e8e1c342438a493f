//! The alert list: filter, order, groups, folds.

use std::collections::BTreeSet;

use plantao::command::CommandId;
use plantao::model::{AlertState, Severity};
use plantao::state::alert_list::{AlertColumn, Filter, Line};
use plantao::state::{AlertList, AlertsPlace, GroupBy, View};
use plantao::store::AlertRow;
use proptest::prelude::*;

use crate::desk::{Desk, PACK, alert, at, critical};

fn rows() -> impl Strategy<Value = Vec<AlertRow>> {
    let one = (0_usize..6, 0_usize..7, 0_usize..5, 0_usize..4, 0_i64..5);
    proptest::collection::vec(one, 0..40).prop_map(|list| {
        list.into_iter()
            .enumerate()
            .map(|(n, (name, severity, department, state, age))| {
                let name = ["A", "B", "C", "", "á Ü", "critical"][name];
                let severity = ["critical", "high", "warning", "low", "none", "", "nonsense"][severity];
                let department = ["cardiology", "emergency", "all", "", "nowhere"][department];
                let pairs = [("alertname", name), ("severity", severity), ("department", department)];
                let mut one = alert(&format!("f{n}"), &pairs);
                one.state =
                    [AlertState::Firing, AlertState::Pending, AlertState::Inhibited, AlertState::Silenced]
                        [state];
                one.starts_at = at(-60 * age);
                AlertRow::new(one, &PACK)
            })
            .collect()
    })
}

fn places() -> impl Strategy<Value = AlertsPlace> {
    let filter = prop_oneof![
        Just(String::new()),
        Just("a".to_owned()),
        Just("severity=critical".to_owned()),
        Just("severity=~\"(\"".to_owned()),
        Just("state=pending á".to_owned()),
        "\\PC{0,12}",
    ];
    let folded = proptest::collection::btree_set(prop_oneof!["[A-C]", Just("critical".to_owned())], 0..3);
    (0_usize..5, any::<bool>(), 0_usize..4, filter, any::<bool>(), any::<bool>(), folded).prop_map(
        |(sort, reversed, group, filter, muted, pending, folded)| AlertsPlace {
            sort: [
                AlertColumn::Severity,
                AlertColumn::Age,
                AlertColumn::Clock,
                AlertColumn::Department,
                AlertColumn::Name,
            ][sort],
            reversed,
            group: [GroupBy::Nothing, GroupBy::Department, GroupBy::Severity, GroupBy::Name][group],
            filter,
            muted,
            pending,
            folded,
            ..AlertsPlace::default()
        },
    )
}

proptest! {
    #[test]
    fn every_matching_alert_is_in_one_line_or_in_one_fold(rows in rows(), place in places()) {
        let list = AlertList::with_rows(rows, &place, &PACK);
        let rows = &list.rows;
        let filter = Filter::parse(&place.filter).unwrap_or_default();
        let matching: Vec<usize> = (0..rows.len())
            .filter(|at| {
                let listed = match rows[*at].alert.state {
                    AlertState::Firing => true,
                    AlertState::Pending => place.pending,
                    AlertState::Silenced | AlertState::Inhibited => place.muted,
                };
                listed && filter.matches(&rows[*at])
            })
            .collect();
        prop_assert_eq!(list.matching, matching.len());
        prop_assert_eq!(list.filter_error.is_some(), Filter::parse(&place.filter).is_err());
        let shown: Vec<usize> =
            list.lines.iter().filter_map(|line| if let Line::Alert(at) = line { Some(*at) } else { None }).collect();
        let unique: BTreeSet<usize> = shown.iter().copied().collect();
        prop_assert_eq!(unique.len(), shown.len(), "no alert twice");
        prop_assert!(unique.iter().all(|at| matching.contains(at)));
        let mut hidden = 0;
        for (line_at, line) in list.lines.iter().enumerate() {
            if let Line::Group { count, severity, folded, title } = line {
                let members = list.lines[line_at + 1..].iter().take_while(|line| matches!(line, Line::Alert(_))).count();
                prop_assert_eq!(members, if *folded { 0 } else { *count });
                prop_assert_eq!(*folded, place.folded.contains(title));
                prop_assert!(*count > 0);
                hidden += if *folded { *count } else { 0 };
                for member in &list.lines[line_at + 1..=line_at + members] {
                    let Line::Alert(at) = member else { unreachable!() };
                    prop_assert!(rows[*at].severity >= *severity, "the head shows the worst");
                }
            }
        }
        prop_assert_eq!(shown.len() + hidden, matching.len());
    }

    #[test]
    fn the_order_is_the_same_whatever_order_the_rows_come_in(rows in rows(), place in places(), turn in 0_usize..40) {
        let mut turned = rows.clone();
        if !turned.is_empty() {
            let by = turn % turned.len();
            turned.rotate_left(by);
            turned.reverse();
        }
        let names = |list: &AlertList| -> Vec<String> {
            (0..list.lines.len())
                .map(|at| list.at(at).map_or_else(|| "group".to_owned(), |row| row.alert.fingerprint.to_string()))
                .collect()
        };
        let (one, two) = (AlertList::with_rows(rows, &place, &PACK), AlertList::with_rows(turned, &place, &PACK));
        prop_assert_eq!(names(&one), names(&two));
        prop_assert_eq!(one.counts, two.counts);
        let again = one.clone().ordered(&place, &PACK);
        prop_assert_eq!(names(&again), names(&one));
        for at in 0..one.lines.len() {
            if let Some(row) = one.at(at) {
                prop_assert_eq!(one.line_of(&row.alert.fingerprint), Some(at));
            }
        }
    }

    #[test]
    fn reversing_turns_every_ungrouped_order_around(rows in rows(), place in places()) {
        let place = AlertsPlace { group: GroupBy::Nothing, ..place };
        let shown = |reversed| {
            let place = AlertsPlace { reversed, ..place.clone() };
            AlertList::with_rows(rows.clone(), &place, &PACK).lines.to_vec()
        };
        let mut back = shown(true);
        back.reverse();
        prop_assert_eq!(back, shown(false));
    }

    #[test]
    fn what_needs_somebody_is_firing_worst_first_and_counted(rows in rows()) {
        let list = AlertList::with_rows(rows.clone(), &AlertsPlace::default(), &PACK);
        let needing: Vec<&AlertRow> = list.needs_somebody.iter().map(|at| &list.rows[*at]).collect();
        prop_assert!(needing.iter().all(|row| row.alert.state == AlertState::Firing && row.severity != Severity::None));
        prop_assert!(needing.is_sorted_by_key(|row| row.severity));
        let counted: usize = list.counts.firing.iter().sum::<usize>() + list.counts.pending + list.counts.inhibited + list.counts.silenced;
        prop_assert_eq!(counted, rows.len());
        prop_assert_eq!(needing.len() + list.counts.of(Severity::None), list.counts.firing.iter().sum::<usize>());
    }

    #[test]
    fn no_text_breaks_the_filter(text in "\\PC{0,60}") {
        let row = AlertRow::new(critical("A"), &PACK);
        if let Ok(filter) = Filter::parse(&text) {
            let _ = filter.matches(&row);
        }
    }
}

#[test]
fn filters_find_words_matchers_states_and_other_scripts() {
    let mut pending = alert("f", &[("alertname", "Memória"), ("job", "api-1")]);
    pending.state = AlertState::Pending;
    let row = AlertRow::new(pending, &PACK);
    for (text, expected) in [
        ("", true),
        ("memória", true),
        ("MEMÓRIA", true),
        ("what happened", true),
        ("api nothing", false),
        ("job=api-1", true),
        ("job=~\"api.*\" memória", true),
        ("job!=api-1", false),
        ("state=pending", true),
        ("state!=firing", true),
        ("state=firing", false),
        ("absent=\"\"", true),
    ] {
        assert_eq!(Filter::parse(text).expect("a filter").matches(&row), expected, "{text}");
    }
    for text in ["job=~\"(\"", "a!b", "job=\"open"] {
        assert!(Filter::parse(text).is_err(), "{text}");
    }
}

fn listed() -> Desk {
    let mut desk = Desk::new();
    let of = |name: &str, department: &str| {
        alert(name, &[("alertname", name), ("severity", "critical"), ("department", department)])
    };
    desk.alerts(vec![of("A", "cardiology"), of("B", "emergency"), of("C", "emergency"), of("D", "all")]);
    desk.command(CommandId::Alerts);
    desk
}

#[test]
fn the_cursor_stays_on_its_alert_when_others_come_and_go() {
    let mut desk = listed();
    desk.command(CommandId::Down);
    desk.alerts(vec![
        critical("0"),
        critical("1"),
        alert("B", &[("alertname", "B"), ("severity", "critical")]),
    ]);
    let cursor = desk.state.places.alerts.cursor;
    assert_eq!(desk.state.list.at(cursor).expect("an alert").alert.name(), "B");
    desk.alerts(vec![]);
    assert_eq!((desk.state.places.alerts.cursor, desk.state.places.alerts.offset), (0, 0));
}

#[test]
fn a_selection_outlives_a_filter_but_not_its_alert() {
    let mut desk = listed();
    desk.command(CommandId::SelectAll);
    assert_eq!(desk.state.places.alerts.selected.len(), 4);
    desk.keys("/");
    desk.type_text("alertname=B");
    desk.keys("enter");
    assert_eq!(desk.names(), ["B"]);
    desk.command(CommandId::SelectAll);
    assert_eq!(desk.state.places.alerts.selected.len(), 1, "all that match");
    desk.command(CommandId::SelectAll);
    assert!(desk.state.places.alerts.selected.is_empty(), "and none");
    desk.command(CommandId::Select);
    desk.alerts(vec![critical("other")]);
    assert!(desk.state.places.alerts.selected.is_empty());
}

#[test]
fn groups_fold_and_unfold() {
    let mut desk = listed();
    desk.command(CommandId::Group);
    let heads =
        |desk: &Desk| desk.state.list.lines.iter().filter(|line| matches!(line, Line::Group { .. })).count();
    assert_eq!((heads(&desk), desk.names().len()), (3, 4));
    desk.command(CommandId::Top);
    desk.command(CommandId::Open);
    assert_eq!(*desk.state.view(), View::Alerts, "a head opens no detail");
    let folded = desk.names().len();
    assert!(folded < 4);
    desk.command(CommandId::Right);
    assert_eq!(desk.names().len(), 4);
    desk.command(CommandId::Down);
    desk.command(CommandId::Left);
    assert_eq!(desk.state.places.alerts.cursor, 0, "from a member first to its head");
    desk.command(CommandId::Left);
    assert_eq!(desk.names().len(), folded);
}

#[test]
fn an_alert_of_every_department_is_in_each() {
    let desk = listed();
    let names = |department: Option<&str>| -> Vec<&str> {
        desk.state.needing(department).into_iter().map(|at| desk.state.list.rows[at].alert.name()).collect()
    };
    assert_eq!(names(Some("cardiology")), ["A", "D"]);
    assert_eq!(names(Some("emergency")), ["B", "C", "D"]);
    assert_eq!(names(Some("icu")), ["D"]);
    assert_eq!(names(None).len(), 4);
}
