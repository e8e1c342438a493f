//! Only a new critical alert is heard, once, whoever reports it.

use plantao::command::CommandId;
use plantao::message::{ActiveContext, Effect, Msg};
use plantao::model::ask::{Answer, Key};
use plantao::model::{AlertState, FaultKind, SourceId};

use crate::desk::{Desk, active, alert, critical, labels, rule};

/// A console that has heard of silences and external labels; alerts and rules come next.
fn listening(mut desk: Desk) -> Desk {
    for (key, answer) in [
        (Key::Silences, Answer::Silences(vec![])),
        (Key::ExternalLabels, Answer::ExternalLabels(labels(&[]))),
    ] {
        if desk.state.has(&key.source()) {
            desk.answer(&key, answer);
        }
    }
    desk
}

fn heard(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Announce(_))).count()
}

const A: &[(&str, &str)] = &[("alertname", "A"), ("severity", "critical")];

#[test]
fn what_was_there_at_the_start_is_no_news_whoever_answers_first() {
    for rules_first in [true, false] {
        let mut desk = Desk::new();
        desk.answer(&Key::Silences, Answer::Silences(vec![]));
        let rules = |desk: &mut Desk| desk.rules(vec![rule("A", "q", vec![active(A, true)])]);
        let mut all = Vec::new();
        if rules_first {
            all.extend(rules(&mut desk));
        }
        let sent = alert("f", &[("alertname", "A"), ("cluster", "um"), ("severity", "critical")]);
        all.extend(desk.alerts(vec![sent, critical("Other")]));
        if !rules_first {
            all.extend(rules(&mut desk));
        }
        all.extend(desk.answer(&Key::ExternalLabels, Answer::ExternalLabels(labels(&[("cluster", "um")]))));
        assert_eq!(heard(&all), 0, "rules first: {rules_first}");
        let news = desk.alerts(vec![critical("Other"), critical("New")]);
        assert_eq!(heard(&news), 1);
        assert!(matches!(&news[..], [Effect::Announce(text)] if text.contains("New")), "{news:?}");
        assert_eq!(heard(&desk.alerts(vec![critical("Other"), critical("New")])), 0, "once");
    }
}

#[test]
fn an_alertmanager_that_forgets_and_learns_anew_rings_for_nothing() {
    let mut desk = listening(Desk::new());
    desk.alerts(vec![critical("A")]);
    desk.rules(vec![rule("A", "q", vec![active(A, true)])]);
    assert_eq!(heard(&desk.alerts(vec![])), 0, "the same alert, of Prometheus alone");
    assert_eq!(heard(&desk.alerts(vec![critical("A")])), 0);
}

#[test]
fn a_source_that_is_down_at_the_start_does_not_keep_the_bell_silent() {
    let mut desk = listening(Desk::new());
    desk.alerts(vec![]);
    desk.fail(&Key::Rules, FaultKind::Connect);
    assert_eq!(heard(&desk.alerts(vec![critical("A")])), 1);
}

#[test]
fn less_than_critical_muted_and_switched_off_stay_silent() {
    let mut desk = listening(Desk::new());
    desk.alerts(vec![]);
    desk.rules(vec![]);
    let mut muted = critical("Muted");
    muted.state = AlertState::Silenced;
    assert_eq!(heard(&desk.alerts(vec![muted, alert("f", &[("alertname", "B"), ("severity", "high")])])), 0);
    assert_eq!(heard(&desk.alerts(vec![critical("Muted")])), 1, "its silence is over");
    desk.state.setup.announce = false;
    assert_eq!(heard(&desk.alerts(vec![critical("C")])), 0);
    assert!(desk.state.notice.is_some(), "the screen says so all the same");
}

#[test]
fn several_at_once_are_one_bell() {
    let mut desk = listening(Desk::new());
    desk.alerts(vec![]);
    desk.rules(vec![]);
    let mut effects = desk.alerts(vec![critical("A"), critical("B")]);
    // What broke first is looked for at once; that rings no bell.
    effects.retain(|effect| !matches!(effect, Effect::Investigate(_)));
    assert!(matches!(&effects[..], [Effect::Announce(text)] if text.contains('A') && text.contains('B')));
}

#[test]
fn another_context_starts_anew() {
    let mut desk = listening(Desk::new());
    desk.alerts(vec![]);
    desk.rules(vec![]);
    let sources = desk.state.setup.sources.clone();
    let context = ActiveContext { name: "day".to_owned(), sources, page_interval_s: [].into() };
    desk.send(Msg::Context(Box::new(context)));
    let mut desk = listening(desk);
    assert_eq!(heard(&desk.alerts(vec![critical("Theirs")])) + heard(&desk.rules(vec![])), 0);
    assert_eq!(heard(&desk.alerts(vec![critical("Theirs"), critical("New")])), 1);
}

#[test]
fn a_switch_that_goes_missing_is_the_alarm() {
    let mut desk = listening(Desk::new());
    desk.alerts(vec![]);
    desk.rules(vec![]);
    let effects = desk.answer(&Key::Alerts, Answer::Alerts(vec![]));
    assert_eq!(heard(&effects), 1);
    let row = desk.state.list.rows.iter().find(|row| &*row.alert.fingerprint == "watchdog").expect("a row");
    assert!(row.deadline.is_some(), "somebody has to answer it in time");
    desk.alerts(vec![]);
    assert_eq!(desk.names(), [""; 0]);
}

#[test]
fn one_that_came_while_looking_at_the_past_is_heard_on_return() {
    let mut desk = listening(Desk::with(&[SourceId::PROMETHEUS]));
    desk.rules(vec![]);
    desk.command(CommandId::TimeBack);
    assert_eq!(heard(&desk.rules(vec![rule("A", "q", vec![active(A, true)])])), 0);
    assert_eq!(heard(&desk.command(CommandId::TimeNow)), 1);
}
