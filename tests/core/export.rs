//! The contract of `--format json`, and pictures of hostile text.

use plantao::command::CommandId;
use plantao::export::{self, Ground};
use plantao::model::ask::{Answer, Key};
use plantao::model::{AlertState, Labels, Point, Sample, Series};
use plantao::state::demand;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;

use crate::desk::{Desk, alert, at, critical, labels};

fn json(desk: &Desk) -> Value {
    let text = export::view_json(&desk.state, &desk.screen(), "overview");
    assert!(text.ends_with('\n') && text.trim_end().lines().count() == 1, "one line");
    serde_json::from_str(&text).expect("JSON")
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn every_field_of_the_contract_is_there() {
    let mut desk = Desk::new();
    desk.calm();
    desk.alerts(vec![critical("A")]);
    let whole = json(&desk);
    assert_eq!(keys(&whole), ["at", "complete", "context", "panes", "view", "window"]);
    assert_eq!(keys(&whole["window"]), ["end", "live", "start"]);
    assert_eq!(
        (&whole["view"], &whole["window"]["live"], &whole["complete"]),
        (&"overview".into(), &true.into(), &true.into())
    );
    let panes = whole["panes"].as_array().expect("panes");
    assert!(panes.len() > 5);
    for pane in panes {
        assert_eq!(
            keys(pane),
            [
                "age_s",
                "evaluated_at",
                "id",
                "message",
                "query",
                "rows",
                "series",
                "source",
                "state",
                "title",
                "values"
            ]
        );
        let state = pane["state"].as_str().expect("a state");
        assert!(
            ["ready", "loading", "stale", "failed", "no_data", "unconfigured"].contains(&state),
            "{state}"
        );
        for value in pane["values"].as_array().expect("values") {
            assert_eq!(keys(value), ["labels", "status", "unit", "value"]);
            assert!(["ok", "warning", "critical"].contains(&value["status"].as_str().expect("a status")));
        }
    }
    let ids: std::collections::BTreeSet<&str> =
        panes.iter().map(|pane| pane["id"].as_str().expect("an id")).collect();
    assert_eq!(ids.len(), panes.len(), "ids are unique");
    let row = &panes[0]["rows"][0];
    assert_eq!(panes[0]["id"], "alerts");
    for field in ["fingerprint", "labels", "annotations", "state", "starts_at", "severity", "ack", "clock"] {
        assert!(row.get(field).is_some(), "{field}: {row}");
    }
    assert_eq!((&row["severity"], &row["state"]), (&"critical".into(), &"firing".into()));
    assert_eq!(row["clock"]["left_s"], 14 * 60);
}

#[test]
fn a_muted_alert_has_no_clock() {
    let mut desk = Desk::new();
    let mut muted = critical("A");
    muted.state = AlertState::Inhibited;
    desk.alerts(vec![muted]);
    desk.command(CommandId::Alerts);
    let whole = json(&desk);
    assert_eq!(whole["panes"][0]["rows"][0]["state"], "inhibited");
    assert!(whole["panes"][0]["rows"][0]["clock"].is_null());
}

#[test]
fn values_are_raw_words_for_what_json_lacks_and_null_for_gaps() {
    let mut desk = Desk::new();
    let instant = demand::wants(&desk.state).into_iter().find_map(|want| match want.key {
        Key::Range(query, step) => Some((query, step)),
        _ => None,
    });
    let (query, step) = instant.expect("a trend");
    let panel = crate::desk::PACK.departments[0].id.as_str();
    let own = || labels(&[("department", panel), ("model_name", panel)]);
    let values = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.1 + 0.2];
    let samples = values.iter().enumerate().map(|(n, value)| Sample {
        labels: own().with("n", &n.to_string()),
        at: at(0),
        value: *value,
    });
    desk.answer(&Key::Instant(query.clone()), Answer::Vector(samples.collect()));
    let key = Key::Range(query.clone(), step);
    let Some(plantao::model::ask::Ask::Range { start, .. }) = demand::ask(&desk.state, &key) else {
        panic!("a range")
    };
    let moment = |n: i64| start.timestamp() + n * i64::from(step);
    let points = [(0, 1.5), (1, f64::NAN), (4, 2.5)].map(|(n, v)| Point { t: moment(n) * 1000, v });
    desk.answer(&key, Answer::Matrix(vec![Series { labels: own(), points: points.to_vec() }]));
    let whole = json(&desk);
    let pane = whole["panes"]
        .as_array()
        .expect("panes")
        .iter()
        .find(|pane| pane["query"] == *query && pane["series"].as_array().is_some_and(|all| !all.is_empty()))
        .expect("the pane");
    let shown: Vec<&Value> =
        pane["values"].as_array().expect("values").iter().map(|one| &one["value"]).collect();
    assert_eq!(shown, [&Value::from("NaN"), &"+Inf".into(), &"-Inf".into(), &(0.1 + 0.2).into()]);
    let points = serde_json::json!([
        [moment(0) as f64, 1.5],
        [moment(1) as f64, "NaN"],
        [moment(2) as f64, null],
        [moment(3) as f64, null],
        [moment(4) as f64, 2.5]
    ]);
    assert_eq!(pane["series"][0]["points"], points);
}

#[test]
fn a_past_view_says_when_it_was_asked_and_for_which_moment() {
    let mut desk = Desk::new();
    desk.command(CommandId::TimeBack);
    let before = json(&desk);
    assert!(before["panes"][0]["evaluated_at"].is_null(), "nothing has been evaluated yet");
    desk.answer(&Key::Instant("ALERTS".into()), Answer::Vector(vec![]));
    let after = json(&desk);
    assert_eq!(after["panes"][0]["source"], "prometheus");
    assert_eq!(after["panes"][0]["query"], "ALERTS");
    assert_eq!(after["panes"][0]["age_s"], 0);
    assert_eq!(after["window"]["live"], false);
}

const GROUND: Ground = Ground { fg: (220, 220, 220), bg: (10, 10, 10) };

/// Whether a markup is well-formed, as far as ours goes: tags nest, quotes close, only known entities.
fn well_formed(text: &str, void: &[&str]) -> Result<(), String> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        if rest[..at].contains('>') {
            return Err(format!("a bare > in {:?}", &rest[..at]));
        }
        rest = &rest[at..];
        if rest.starts_with('&') {
            let end = rest.find(';').ok_or("an entity without an end")?;
            if !["&amp;", "&lt;", "&gt;", "&quot;"].contains(&&rest[..=end]) {
                return Err(format!("an unknown entity {:?}", &rest[..=end]));
            }
            rest = &rest[end + 1..];
            continue;
        }
        let end = rest.find('>').ok_or("a tag without an end")?;
        let (tag, after) = (&rest[1..end], &rest[end + 1..]);
        rest = after;
        if tag.starts_with('!') {
            continue;
        }
        if tag.matches('"').count() % 2 != 0 {
            return Err(format!("an open quote in {tag:?}"));
        }
        let name = tag.trim_matches('/').split_whitespace().next().unwrap_or("").to_owned();
        if tag.starts_with('/') {
            if open.pop().as_deref() != Some(&name) {
                return Err(format!("</{name}> closes nothing"));
            }
        } else if !tag.ends_with('/') && !void.contains(&name.as_str()) {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

proptest! {
    #[test]
    fn json_is_valid_whatever_servers_say(name in "\\PC{0,30}", value in any::<String>(), note in any::<String>(), number in any::<f64>()) {
        let mut desk = Desk::new();
        let mut one = alert(&name, &[("alertname", &value), ("severity", "critical")]);
        one.annotations = labels(&[("summary", &note)]);
        desk.alerts(vec![one]);
        let query = demand::wants(&desk.state).into_iter().find(|want| matches!(want.key, Key::Instant(_))).expect("a query");
        let hostile: Labels = [("department".to_owned(), value.clone()), (name.clone(), note.clone())].into_iter().collect();
        desk.answer(&query.key, Answer::Vector(vec![Sample { labels: hostile, at: at(0), value: number }]));
        let whole = json(&desk);
        let row = &whole["panes"][0]["rows"][0];
        prop_assert_eq!(row["labels"]["alertname"].as_str(), Some(value.as_str()));
        prop_assert_eq!(row["annotations"]["summary"].as_str(), Some(note.as_str()));
    }

    #[test]
    fn pictures_are_well_formed_whatever_is_drawn(lines in proptest::collection::vec(any::<String>(), 1..6), title in any::<String>()) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 40, lines.len() as u16));
        for (y, line) in lines.iter().enumerate() {
            buffer.set_string(0, y as u16, line, ratatui::style::Style::new());
        }
        let svg = export::svg(&buffer, GROUND);
        prop_assert_eq!(well_formed(&svg, &[]), Ok(()), "{}", svg);
        let outside = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
        prop_assert!(!svg.contains(outside), "a character that XML does not know");
        let page = export::html(&buffer, GROUND, &title);
        prop_assert_eq!(well_formed(&page, &["meta"]), Ok(()), "{}", page);
    }
}
