//! Values that are no numbers, labels without end, times out of this world.

use plantao::command::CommandId;
use plantao::model::ask::{Answer, Key};
use plantao::model::{FaultKind, Labels, Sample, SourceId};
use plantao::state::{View, demand};
use plantao::view::vm::{Draw, PaneState, PaneVm};

use crate::desk::{Desk, PACK, PAGE, answered, at, critical, labels, with_value};

const VIEWS: [CommandId; 6] = [
    CommandId::Overview,
    CommandId::Alerts,
    CommandId::Department,
    CommandId::Hardware,
    CommandId::Models,
    CommandId::Sources,
];

fn filled(value: f64, view: CommandId) -> Desk {
    let mut desk = Desk::new();
    desk.command(view);
    for want in demand::wants(&desk.state) {
        if let Some(ask) = demand::ask(&desk.state, &want.key) {
            let answer = with_value(&ask, value);
            desk.tell(ask, Ok(answered(answer)));
        }
    }
    desk
}

#[test]
fn no_value_breaks_a_view_its_scales_or_its_json() {
    for value in [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        5e-324,
        -0.0,
        1e300,
    ] {
        for view in VIEWS {
            let desk = filled(value, view);
            let screen = desk.screen();
            for pane in plantao::view::panes(&screen) {
                if let Draw::Chart { y, y_labels, .. } = &pane.draw {
                    assert!(y.0.is_finite() && y.1.is_finite() && y.0 < y.1, "{value} {}: {y:?}", pane.id);
                    assert!(y_labels.len() <= 13, "{y_labels:?}");
                }
                for item in items(pane) {
                    assert!(
                        item.ratio.is_none_or(|ratio| (0.0..=1.0).contains(&ratio)),
                        "{value} {}: {item:?}",
                        pane.id
                    );
                    assert!(item.text.chars().count() < 40, "{value}: {}", item.text);
                }
            }
            let json = plantao::export::view_json(&desk.state, &screen, "any");
            serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
        }
    }
}

fn items(pane: &PaneVm) -> &[plantao::view::vm::Item] {
    match &pane.draw {
        Draw::Stat(items)
        | Draw::Gauge(items)
        | Draw::Sparkline(items)
        | Draw::BarList(items)
        | Draw::Chart { items, .. } => items,
        Draw::Table { .. } => &[],
    }
}

#[test]
fn an_empty_answer_is_no_data_never_zero() {
    let mut desk = Desk::new();
    for want in demand::wants(&desk.state) {
        let answer = match &want.key {
            Key::Instant(_) => Answer::Vector(vec![]),
            Key::Range(..) => Answer::Matrix(vec![]),
            _ => continue,
        };
        desk.answer(&want.key, answer);
    }
    let screen = desk.screen();
    let panes = plantao::view::panes(&screen);
    assert!(!panes.is_empty());
    for pane in panes {
        assert!(pane.values.is_empty() && items(pane).is_empty(), "{}", pane.id);
        assert_eq!(pane.state, PaneState::NoData, "{}", pane.id);
        assert!(!pane.message.is_empty(), "{} says why", pane.id);
    }
}

#[test]
fn thresholds_states_and_lost_sensors_of_every_panel_of_the_pack_say_what_they_mean() {
    let mut levels = std::collections::BTreeSet::new();
    for (view, page) in
        [(CommandId::Overview, "overview"), (CommandId::Hardware, "hardware"), (CommandId::Models, "models")]
    {
        for value in [-1.0, 0.0, 1.0, 2.0, 3.0, 50.0, 100.0, 1e9] {
            let desk = filled(value, view);
            assert!(matches!(desk.state.view(), View::Page { id, .. } if **id == *page), "{page}");
            let screen = desk.screen();
            for pane in plantao::view::panes(&screen) {
                let id = pane.id.rsplit('.').next().expect("an id");
                let spec = &PACK.panels[id];
                for (item, level) in items(pane).iter().zip(pane.levels.iter()) {
                    levels.insert(*level);
                    if spec.lost.contains(&value) {
                        assert_eq!(item.text, "sensor lost", "{id} at {value}");
                        assert!(item.series.is_none());
                    } else if let Some(state) = spec.states.iter().find(|state| state.value == value)
                        && !matches!(pane.draw, Draw::Chart { .. } | Draw::BarList(_))
                    {
                        assert_eq!((&item.text, item.level), (&state.word, state.level), "{id} at {value}");
                    }
                }
            }
        }
    }
    assert_eq!(levels.len(), 3, "every level was seen: {levels:?}");
}

#[test]
fn a_scraped_page_answers_where_prometheus_is_down_and_never_for_the_past() {
    let mut desk = Desk::new();
    desk.command(CommandId::Hardware);
    let screen = desk.screen();
    let spec = plantao::view::panes(&screen)
        .into_iter()
        .map(|pane| &PACK.panels[pane.id.rsplit('.').next().expect("an id")])
        .find(|spec| spec.fallback.as_ref().is_some_and(|text| !text.contains('!')))
        .expect("a fallback");
    let selector =
        plantao::pack::Selector::parse(spec.fallback.as_deref().expect("a selector")).expect("parses");
    let all = spec.fallback.as_deref().expect("a selector");
    let metric = all.split('{').next().expect("a name");
    let mut pairs = vec![("__name__".to_owned(), metric.to_owned())];
    if let Some(inner) = all.split_once('{').and_then(|(_, rest)| rest.strip_suffix('}')) {
        for part in inner.split(',').filter(|part| !part.trim().is_empty()) {
            let (name, value) = part.split_once('=').expect("an equality");
            pairs.push((name.trim().to_owned(), value.trim().trim_matches('"').to_owned()));
        }
    }
    let own: Labels = pairs.into_iter().collect();
    assert!(selector.matches(&own), "{own} of {all}");
    let sample = Sample { labels: own, at: at(0), value: 41.0 };
    desk.answer(&Key::Page(PAGE.into()), Answer::Page(vec![sample]));
    let from_page = |desk: &Desk| {
        let screen = desk.screen();
        let page = format!("exposition/{PAGE}");
        plantao::view::panes(&screen)
            .iter()
            .filter(|pane| pane.source == page)
            .map(|pane| pane.message.clone())
            .collect::<Vec<_>>()
    };
    assert!(from_page(&desk).is_empty(), "Prometheus has not failed yet");
    for want in demand::wants(&desk.state) {
        if want.key.source() == SourceId::PROMETHEUS {
            desk.fail(&want.key, FaultKind::Connect);
        }
    }
    let said = from_page(&desk);
    assert!(!said.is_empty() && said.iter().all(|words| words.contains(PAGE)), "{said:?}");
    desk.pass(600);
    assert!(from_page(&desk).is_empty(), "a page that fell silent is no answer either");
    desk.command(CommandId::TimeBack);
    assert!(from_page(&desk).is_empty());
}

#[test]
fn hostile_labels_annotations_and_times_break_nothing() {
    let huge = "x".repeat(100_000);
    let nasty = "\u{202e}\u{fffe}\"\\\n\t<&>日本\u{1f468}\u{200d}\u{1f469}";
    let mut one = critical("A");
    one.labels =
        labels(&[("alertname", nasty), ("severity", &huge), ("department", &huge), ("instance", "")]);
    one.annotations = labels(&[("summary", &huge), ("description", nasty), ("runbook_url", nasty)]);
    let mut past = critical("Past");
    past.starts_at = chrono::DateTime::<chrono::Utc>::MIN_UTC + chrono::TimeDelta::days(2);
    let mut future = critical("Future");
    future.starts_at = chrono::DateTime::<chrono::Utc>::MAX_UTC - chrono::TimeDelta::days(2);
    let mut last = critical("Last");
    last.starts_at = chrono::DateTime::<chrono::Utc>::MAX_UTC;
    let mut desk = Desk::new();
    desk.alerts(vec![one, past, future, last, crate::desk::alert("none", &[])]);
    desk.command(CommandId::Alerts);
    for at in 0..desk.state.list.lines.len() {
        desk.state.places.alerts.cursor = at;
        desk.command(CommandId::Open);
        assert!(matches!(desk.state.view(), View::Detail(_)));
        desk.screen();
        let json = plantao::export::view_json(&desk.state, &desk.screen(), "detail");
        serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
        desk.command(CommandId::Back);
    }
    let ages: Vec<String> = desk
        .state
        .list
        .rows
        .iter()
        .filter(|row| row.alert.name() == "Future")
        .map(|row| plantao::view::alerts::line(&desk.state, row).age)
        .collect();
    assert_eq!(ages, ["0s"], "an alert from the future has no negative age");
}

#[test]
fn a_gauge_ends_where_its_scale_s_query_says() {
    let spec = PACK.panels.values().find(|panel| panel.max_query.is_some()).expect("a scale by query");
    let mut desk = Desk::new();
    desk.command(CommandId::Hardware);
    let key = |query: &str| Key::Instant(query.into());
    let sample = |value| Sample { labels: Labels::default(), at: at(0), value };
    let pane = |desk: &Desk| {
        let screen = desk.screen();
        let all = plantao::view::panes(&screen);
        all.into_iter()
            .find(|pane| pane.id.ends_with(&format!(".{}", spec.id)))
            .expect("on this page")
            .clone()
    };
    desk.answer(&key(&spec.query), Answer::Vector(vec![sample(64.0)]));
    let without = pane(&desk);
    assert_eq!(items(&without)[0].ratio, None, "without its end there is no share");
    for (whole, share) in
        [(128.0, Some(0.5)), (64.0, Some(1.0)), (0.0, None), (f64::NAN, None), (32.0, Some(1.0))]
    {
        desk.answer(&key(spec.max_query.as_deref().expect("a query")), Answer::Vector(vec![sample(whole)]));
        assert_eq!(items(&pane(&desk))[0].ratio, share, "64 of {whole}");
    }
}
