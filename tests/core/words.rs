//! Calm and unknown never look alike: what the screen says for every state of the sources.

use plantao::command::CommandId;
use plantao::export::{self, Completeness};
use plantao::model::ask::{Answer, Key};
use plantao::model::{FaultKind, SourceId};
use plantao::state::demand;
use plantao::view::alerts::{empty_words, status, summary, watchdog};
use plantao::view::vm::{Body, Level, PaneState, Screen};

use crate::desk::{Desk, PAGE, active, alert, at, critical, rule};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Unconfigured,
    Waiting,
    Fresh,
    /// Answered once, then failed.
    Broken,
    /// Answered once, then nothing came.
    Silent,
    Failed,
}

use Source::{Broken, Failed, Fresh, Silent, Unconfigured, Waiting};

const ALL: [Source; 6] = [Unconfigured, Waiting, Fresh, Broken, Silent, Failed];

/// A console whose two sources of alerts are in these states, and which knows of no alert.
fn desk(manager: Source, rules: Source) -> Desk {
    let mut sources = vec![SourceId::Page(PAGE.into())];
    sources.extend((manager != Unconfigured).then_some(SourceId::ALERTMANAGER));
    sources.extend((rules != Unconfigured).then_some(SourceId::PROMETHEUS));
    let mut desk = Desk::with(&sources);
    let answers = |desk: &mut Desk, manager_turn: bool| {
        if manager_turn {
            desk.alerts(vec![])
        } else {
            desk.rules(vec![])
        };
    };
    for (state, key, manager_turn) in [(manager, Key::Alerts, true), (rules, Key::Rules, false)] {
        if matches!(state, Broken | Silent) {
            answers(&mut desk, manager_turn);
        }
        if state == Broken || state == Failed {
            desk.fail(&key, FaultKind::Connect);
        }
    }
    desk.pass(60);
    for (state, manager_turn) in [(manager, true), (rules, false)] {
        if state == Fresh {
            answers(&mut desk, manager_turn);
        }
    }
    desk
}

#[test]
fn no_alert_is_calm_only_when_the_one_who_would_know_has_just_said_so() {
    let mut calm = std::collections::BTreeSet::new();
    let mut unknown = std::collections::BTreeSet::new();
    for manager in ALL {
        for rules in ALL {
            let desk = desk(manager, rules);
            let status = status(&desk.state);
            let words = empty_words(&desk.state, &status).join("\n");
            let told = format!(
                "Alertmanager {manager:?}, Prometheus {rules:?}: {:?} {words:?} {:?}",
                status.state, status.note
            );
            let deciding = if manager == Unconfigured { rules } else { manager };
            let expected = match deciding {
                Unconfigured => PaneState::Unconfigured,
                Waiting => PaneState::Loading,
                Fresh => PaneState::Ready,
                Broken | Silent => PaneState::Stale,
                Failed => PaneState::Failed,
            };
            assert_eq!(status.state, expected, "{told}");
            let says_calm = words.contains("0 alerts need anybody");
            assert_eq!(says_calm, deciding == Fresh, "{told}");
            assert_eq!(
                words.lines().next().is_some_and(|first| first.contains("UNKNOWN")),
                matches!(deciding, Unconfigured | Broken | Silent | Failed),
                "{told}"
            );
            assert!(!status.note.is_empty() && !words.is_empty(), "{told}");
            if says_calm {
                calm.insert(words)
            } else {
                unknown.insert(words)
            };
        }
    }
    assert!(calm.is_disjoint(&unknown));
}

#[test]
fn a_second_voice_that_is_missing_is_said_beside_the_first() {
    for rules in [Broken, Silent, Failed] {
        let desk = desk(Fresh, rules);
        let status = status(&desk.state);
        assert!(status.note.starts_with("Prometheus"), "{}", status.note);
        let words = empty_words(&desk.state, &status);
        assert!(words.len() == 2 && words[1].contains("Prometheus"), "{words:?}");
    }
    for manager in [Broken, Silent, Failed] {
        let desk = desk(manager, Fresh);
        let status = status(&desk.state);
        assert!(status.note.contains("silences are old"), "{}", status.note);
    }
    let alone = status(&desk(Unconfigured, Fresh).state);
    assert!(alone.note.contains("silences are unknown"), "{}", alone.note);
}

#[test]
fn what_was_last_seen_is_said_with_its_age() {
    let mut desk = Desk::new();
    desk.alerts(vec![critical("A"), critical("B")]);
    desk.pass(40);
    desk.fail(&Key::Alerts, FaultKind::Timeout);
    let status = status(&desk.state);
    let words = empty_words(&desk.state, &status).join("\n");
    assert!(words.contains("40s") && words.contains("2 critical"), "{words}");
    assert_eq!(summary(&desk.state), "2 critical");
}

#[test]
fn the_switch_says_what_is_known_of_it() {
    for (manager, rules, expected) in [
        (Fresh, Fresh, Level::Ok),
        (Fresh, Failed, Level::Ok),
        (Unconfigured, Fresh, Level::Ok),
        (Broken, Fresh, Level::Warning),
        (Silent, Fresh, Level::Warning),
        (Waiting, Fresh, Level::Warning),
        (Unconfigured, Silent, Level::Warning),
        (Unconfigured, Unconfigured, Level::Warning),
    ] {
        let (level, words) = watchdog(&desk(manager, rules).state).expect("the hospital has one");
        assert_eq!(level, expected, "{manager:?} {rules:?}: {words}");
    }
    let mut cut = desk(Fresh, Fresh);
    cut.answer(&Key::Alerts, Answer::Alerts(vec![]));
    assert_eq!(watchdog(&cut.state).map(|(level, _)| level), Some(Level::Critical));
    assert_eq!(cut.names(), ["Watchdog"], "its absence is a row that needs somebody");
    cut.fail(&Key::Alerts, FaultKind::Connect);
    cut.pass(1);
    assert_eq!(watchdog(&cut.state).map(|(level, _)| level), Some(Level::Warning), "then nothing is known");
}

fn boxes(screen: &Screen) -> impl Iterator<Item = &plantao::view::vm::BoxVm> {
    let Body::Page(page) = &screen.body else { panic!("a page") };
    page.rows.iter().flat_map(|row| row.boxes.iter().map(|(_, one)| one))
}

#[test]
fn no_card_says_ok_of_what_nobody_knows() {
    let everywhere = |desk: &Desk| -> Vec<(String, PaneState, String)> {
        boxes(&desk.screen())
            .filter(|one| !one.word.is_empty())
            .map(|one| (one.title.clone(), one.state, one.word.clone()))
            .collect()
    };
    let mut desk = Desk::new();
    assert!(everywhere(&desk).is_empty(), "nothing is said before an answer: {:?}", everywhere(&desk));
    desk.calm();
    let known = everywhere(&desk);
    assert!(!known.is_empty() && known.iter().all(|(_, _, word)| word != "UNKNOWN"), "{known:?}");
    for want in demand::wants(&desk.state) {
        if matches!(want.key, Key::Instant(_)) {
            desk.fail(&want.key, FaultKind::Connect);
        }
    }
    for (title, state, word) in everywhere(&desk) {
        assert_eq!((state, word.as_str()), (PaneState::Stale, "UNKNOWN"), "{title}");
    }
}

#[test]
fn every_pane_grows_stale_by_itself() {
    let mut desk = Desk::new();
    desk.calm();
    let ready = |desk: &Desk| {
        let screen = desk.screen();
        plantao::view::panes(&screen).iter().filter(|pane| pane.state == PaneState::Ready).count()
    };
    assert!(ready(&desk) > 0);
    desk.pass(3600);
    assert_eq!(ready(&desk), 0, "nothing came for an hour");
    let screen = desk.screen();
    assert!(
        screen.header.sources.iter().all(|lamp| lamp.state != PaneState::Ready),
        "{:?}",
        screen.header.sources
    );
}

#[test]
fn a_page_asked_every_five_minutes_is_not_stale_after_two() {
    let mut desk = Desk::new();
    desk.state.setup.page_interval_s.insert(PAGE.into(), 300);
    desk.answer(&Key::Page(PAGE.into()), Answer::Page(vec![]));
    desk.pass(120);
    let lamp = plantao::view::chrome::lamp(&desk.state, &SourceId::Page(PAGE.into()));
    assert_eq!(lamp.state, PaneState::Ready);
    desk.pass(1000);
    let lamp = plantao::view::chrome::lamp(&desk.state, &SourceId::Page(PAGE.into()));
    assert_eq!(lamp.state, PaneState::Stale);
}

#[test]
fn how_complete_a_view_is_follows_its_panes() {
    let whole = |desk: &Desk| export::completeness(&desk.state, &desk.screen());
    let mut desk = Desk::new();
    assert_eq!(whole(&desk), Completeness::Incomplete, "still asking");
    desk.calm();
    assert_eq!(whole(&desk), Completeness::Complete);
    let some = demand::wants(&desk.state)
        .into_iter()
        .find(|want| matches!(want.key, Key::Instant(_)))
        .expect("a query");
    desk.fail(&some.key, FaultKind::Timeout);
    assert_eq!(whole(&desk), Completeness::Incomplete);
    let mut partial = crate::desk::answered(Answer::Vector(vec![]));
    partial.warnings = vec!["some shards did not answer".to_owned()];
    let ask = demand::ask(&desk.state, &some.key).expect("a question");
    desk.tell(ask, Ok(partial));
    assert_eq!(whole(&desk), Completeness::Incomplete, "a partial answer is not whole");
    let mut down = Desk::new();
    for want in demand::wants(&down.state) {
        down.fail(&want.key, FaultKind::Connect);
    }
    assert_eq!(whole(&down), Completeness::Unreachable);
    let nobody = Desk::with(&[SourceId::LOKI]);
    assert_eq!(whole(&nobody), Completeness::Incomplete, "all of it is unknown");
}

#[test]
fn a_clock_that_has_run_out_says_so_and_none_runs_for_a_pending_alert() {
    let mut desk = Desk::new();
    let mut late = alert("f", &[("alertname", "A"), ("severity", "critical"), ("department", "cardiology")]);
    late.starts_at = at(-3600);

    desk.alerts(vec![late]);
    desk.rules(vec![rule("P", "q", vec![active(&[("alertname", "P"), ("severity", "critical")], false)])]);
    desk.command(CommandId::Pending);
    let line = |name: &str| {
        let row = desk.state.list.rows.iter().find(|row| row.alert.name() == name).expect("a row");
        plantao::view::alerts::line(&desk.state, row)
    };
    assert_eq!((line("A").clock.as_str(), line("A").clock_level), ("late 45m", Level::Critical));
    assert_eq!((line("P").clock.as_str(), line("P").state_word.as_str()), ("", "pending"));
}
