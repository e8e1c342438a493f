//! Every question with every answer, right and wrong.

use super::fixture::{alert, answered, at, fault, groups, labels, series};
use crate::model::ask::{About, Answer, Ask, Key};
use crate::model::{
    AlertState, Fault, FaultKind, Labels, LogPage, LogStats, Sample, SourceId, TraceDoc, TraceId, TraceList,
};
use crate::store::{Health, Remote, Store};

fn asks() -> Vec<Ask> {
    let instant = Ask::Instant { query: "up".into(), at: at(0) };
    let range = Ask::Range { query: "up".into(), start: at(0), end: at(20), step_s: 10 };
    let plain = [
        Key::Rules,
        Key::Targets,
        Key::ExternalLabels,
        Key::LabelNames,
        Key::LabelValues("job".into()),
        Key::Metadata,
        Key::Alerts,
        Key::Silences,
        Key::Status,
        Key::BuildInfo(SourceId::PROMETHEUS),
        Key::Ready(SourceId::LOKI),
        Key::Page("mac".into()),
    ];
    let of_window = [
        Key::Exemplars("up".into()),
        Key::Logs { query: "{a=\"b\"}".into(), limit: 10, forward: false },
        Key::LogRange("{a=\"b\"}".into(), 5),
        Key::LogInstant("{a=\"b\"}".into()),
        Key::LogStats("{a=\"b\"}".into()),
        Key::LogVolume("{a=\"b\"}".into()),
        Key::LogPatterns("{a=\"b\"}".into()),
        Key::LogFields("{a=\"b\"}".into()),
        Key::LogSeries("{a=\"b\"}".into()),
        Key::LogLabels,
        Key::LogLabelValues("a".into()),
        Key::Traces { query: "{}".into(), limit: 10, spans: 3 },
        Key::TraceRange("{}".into(), 5),
        Key::TraceTags,
        Key::TraceTagValues("a".into()),
    ];
    let window = |key| Ask::Window { key, start: at(0), end: at(20) };
    let all = [instant, range].into_iter().chain(plain.map(Ask::Plain)).chain(of_window.map(window));
    all.chain([Ask::Plain(Key::Trace(TraceId(7)))]).collect()
}

fn answers() -> Vec<Answer> {
    let sample = Sample { labels: Labels::default(), at: at(0), value: 1.0 };
    vec![
        Answer::Vector(vec![sample.clone()]),
        Answer::Matrix(vec![series("a", &[0, 10])]),
        groups(vec![]),
        Answer::Targets(vec![]),
        Answer::ExternalLabels(labels(&[("cluster", "a")])),
        Answer::Names(vec!["job".into()]),
        Answer::Metadata(vec![]),
        Answer::Alerts(vec![alert("f", &[("alertname", "A")], AlertState::Firing)]),
        Answer::Silences(vec![]),
        Answer::About(About { version: "2.42".into(), ..About::default() }),
        Answer::Page(vec![sample]),
        Answer::Exemplars(vec![]),
        Answer::Logs(LogPage::default()),
        Answer::LogStats(LogStats::default()),
        Answer::LogPatterns(vec![]),
        Answer::LogFields(vec![]),
        Answer::LabelSets(vec![]),
        Answer::Traces(TraceList::default()),
        Answer::Trace(TraceDoc::default()),
    ]
}

/// Whether an answer is one to a question.
fn fits(ask: &Ask, answer: &Answer) -> bool {
    match ask {
        Ask::Instant { .. } => matches!(answer, Answer::Vector(_)),
        Ask::Range { .. } => matches!(answer, Answer::Matrix(_)),
        Ask::Plain(key) => match key {
            Key::Rules => matches!(answer, Answer::Rules(_)),
            Key::Targets => matches!(answer, Answer::Targets(_)),
            Key::ExternalLabels => matches!(answer, Answer::ExternalLabels(_)),
            Key::LabelNames | Key::LabelValues(_) => matches!(answer, Answer::Names(_)),
            Key::Metadata => matches!(answer, Answer::Metadata(_)),
            Key::Alerts => matches!(answer, Answer::Alerts(_)),
            Key::Silences => matches!(answer, Answer::Silences(_)),
            Key::Status | Key::BuildInfo(_) | Key::Ready(_) => matches!(answer, Answer::About(_)),
            Key::Page(_) => matches!(answer, Answer::Page(_)),
            Key::Trace(_) => matches!(answer, Answer::Trace(_)),
            _ => false,
        },
        Ask::Window { key, .. } => match key {
            Key::Exemplars(_) => matches!(answer, Answer::Exemplars(_)),
            Key::Logs { .. } => matches!(answer, Answer::Logs(_)),
            Key::LogRange(..) | Key::TraceRange(..) => matches!(answer, Answer::Matrix(_)),
            Key::LogInstant(_) | Key::LogVolume(_) => matches!(answer, Answer::Vector(_)),
            Key::LogStats(_) => matches!(answer, Answer::LogStats(_)),
            Key::LogPatterns(_) => matches!(answer, Answer::LogPatterns(_)),
            Key::LogFields(_) => matches!(answer, Answer::LogFields(_)),
            Key::LogSeries(_) => matches!(answer, Answer::LabelSets(_)),
            Key::Traces { .. } => matches!(answer, Answer::Traces(_)),
            Key::LogLabels | Key::LogLabelValues(_) | Key::TraceTags | Key::TraceTagValues(_) => {
                matches!(answer, Answer::Names(_))
            }
            _ => false,
        },
    }
}

/// What is known to a question: when it was answered, and whether it failed since.
fn known(store: &Store, key: &Key) -> Option<(bool, bool)> {
    fn of<T>(remote: &Remote<T>) -> (bool, bool) {
        (remote.value().is_some(), remote.last_fault().is_some())
    }
    match key {
        Key::Instant(query) => store.instants.get(query).map(of),
        Key::Range(query, step) => store.ranges.get(&(query.clone(), *step)).map(|one| of(&one.remote)),
        Key::Rules => Some(of(&store.rules)),
        Key::Targets => Some(of(&store.targets)),
        Key::ExternalLabels => Some(of(&store.external)),
        Key::LabelNames => store.names.get(&None).map(of),
        Key::LabelValues(name) => store.names.get(&Some(name.clone())).map(of),
        Key::Metadata => Some(of(&store.metadata)),
        Key::Alerts => Some(of(&store.alerts)),
        Key::Silences => Some(of(&store.silences)),
        Key::Status => store.about.get(&SourceId::ALERTMANAGER).map(of),
        Key::BuildInfo(source) => store.about.get(source).map(of),
        Key::Ready(source) => store.ready.get(source).map(of),
        Key::Page(name) => store.pages.get(name).map(of),
        explored => store.explored.get(explored).map(of),
    }
}

#[test]
fn an_answer_lands_at_its_question_and_nowhere_else() {
    for ask in asks() {
        for answer in answers() {
            let right = fits(&ask, &answer);
            let mut store = Store::default();
            store.take(&ask, at(1), Ok(answered(answer.clone())));
            for other in asks() {
                let (value, failed) = known(&store, &other.key()).unwrap_or_default();
                let expected = right && other == ask;
                assert_eq!((value, failed), (expected, false), "{ask:?} answered by {answer:?}: {other:?}");
                assert_eq!(store.knows(&other.key()), expected, "{ask:?} answered by {answer:?}: {other:?}");
            }
        }
    }
}

#[test]
fn a_failure_is_kept_at_its_question_and_an_answer_ends_it() {
    for ask in asks() {
        let mut store = Store::default();
        store.take(&ask, at(1), Err(fault(FaultKind::Timeout)));
        for other in asks() {
            let expected = (false, other == ask);
            assert_eq!(known(&store, &other.key()).unwrap_or_default(), expected, "{ask:?}: {other:?}");
        }
        let health = &store.health[&ask.key().source()];
        assert_eq!((health.answered_at, health.failing_since), (None, Some(at(1))));
        store.take(&ask, at(2), Err(fault(FaultKind::Connect)));
        assert_eq!(store.health[&ask.key().source()].failing_since, Some(at(1)), "since the first failure");
        let right = answers().into_iter().find(|answer| fits(&ask, answer)).expect("one fits");
        store.take(&ask, at(3), Ok(answered(right)));
        assert_eq!(known(&store, &ask.key()), Some((true, false)));
        let health = &store.health[&ask.key().source()];
        assert_eq!((health.answered_at, health.failing_since, &health.fault), (Some(at(3)), None, &None));
        assert_eq!(health.took_ms, Some(7));
    }
}

#[test]
fn a_refused_query_is_no_failure_of_the_server() {
    let mut store = Store::default();
    let ask = Ask::Instant { query: "up{".into(), at: at(0) };
    // Not even sent: nothing is told of the server.
    store.take(&ask, at(0), Err(fault(FaultKind::BadQuery)));
    assert_eq!(store.health[&SourceId::PROMETHEUS], Health::default());
    store.take(&ask, at(1), Err(Fault { status: Some(400), ..fault(FaultKind::BadQuery) }));
    let health = &store.health[&SourceId::PROMETHEUS];
    assert_eq!((health.answered_at, &health.fault), (Some(at(1)), &None));
    assert_eq!(known(&store, &ask.key()), Some((false, true)), "the pane says so all the same");
}

#[test]
fn another_window_forgets_queries_and_keeps_what_has_no_moment() {
    let mut store = Store::default();
    for ask in asks() {
        let right = answers().into_iter().find(|answer| fits(&ask, answer)).expect("one fits");
        store.take(&ask, at(1), Ok(answered(right)));
    }
    store.forget_window();
    for ask in asks() {
        let windowed = !matches!(ask, Ask::Plain(_));
        assert_eq!(known(&store, &ask.key()).is_some_and(|(value, _)| value), !windowed, "{ask:?}");
    }
}

#[test]
fn what_nobody_asks_any_more_is_dropped_once_it_is_old() {
    let mut store = Store::default();
    let ask = |query: &str| Ask::Instant { query: query.into(), at: at(0) };
    store.take(&ask("wanted"), at(0), Ok(answered(Answer::Vector(vec![]))));
    store.take(&ask("left"), at(0), Ok(answered(Answer::Vector(vec![]))));
    let range = Ask::Range { query: "left".into(), start: at(0), end: at(0), step_s: 10 };
    store.take(&range, at(0), Ok(answered(Answer::Matrix(vec![]))));
    let wanted = |key: &Key| *key == Key::Instant("wanted".into());
    store.retain_queries(&wanted, at(200));
    assert_eq!((store.instants.len(), store.ranges.len()), (2, 1), "coming back soon finds it");
    store.retain_queries(&wanted, at(100_000));
    assert_eq!((store.instants.len(), store.ranges.len()), (1, 0));
    assert!(store.instants.contains_key("wanted"));
}
