//! Alertmanager's API: shapes of captures, silences that mute, inhibition, groups.

use chrono::{SecondsFormat, TimeDelta};
use plantao::demo::servers::{Place, Running};
use serde_json::{Value, json};

use crate::fixture::{Fixture, RULES, busy, serve};
use crate::shape::{self, capture};
use crate::support::http;

fn alerts(running: &Running, parameters: &str) -> Vec<Value> {
    let url = format!("{}/api/v2/alerts{parameters}", running.urls.alertmanager);
    http::json(&url).unwrap().as_array().unwrap().clone()
}

fn names(alerts: &[Value]) -> Vec<String> {
    let name = |alert: &Value| {
        let labels = &alert["labels"];
        format!("{} {}", labels["alertname"].as_str().unwrap(), labels["department"].as_str().unwrap_or("-"))
    };
    let mut all: Vec<String> = alerts.iter().map(name).collect();
    all.sort();
    all
}

fn silence(place: &Fixture, matcher: &Value, minutes: i64) -> Value {
    let stamp = |at: plantao::model::Time| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let now = place.now();
    json!({
        "matchers": [matcher], "startsAt": stamp(now), "endsAt": stamp(now + TimeDelta::minutes(minutes)),
        "createdBy": "ana", "comment": "night",
    })
}

fn equal(name: &str, value: &str) -> Value {
    json!({"name": name, "value": value, "isRegex": false, "isEqual": true})
}

#[test]
fn answers_have_the_shape_of_the_real_ones() {
    let place = busy();
    place.tick(60);
    let running = serve(&place, RULES);
    let base = &running.urls.alertmanager;
    let body = silence(&place, &equal("alertname", "TargetDown"), 10);
    let made = http::post(&format!("{base}/api/v2/silences"), &body).unwrap();
    let real = capture("alertmanager_silence_create");
    let theirs: Value = serde_json::from_str(&real.answer).unwrap();
    assert_eq!(shape::difference(&made, &theirs, &[]), Vec::<String>::new());
    // A pair of which the worse mutes the milder.
    let slow = |severity: &str| json!({"labels": {"alertname": "Slow", "severity": severity}});
    http::post(&format!("{base}/api/v2/alerts"), &json!([slow("warning"), slow("critical")])).unwrap();
    for (name, but) in [
        ("alertmanager_alerts", &["silencedBy[]", "inhibitedBy[]"][..]),
        // Not every rule tells something.
        ("alertmanager_alerts_filter", &["silencedBy[]", "inhibitedBy[]", "annotations.*"]),
        ("alertmanager_alerts_silenced", &["inhibitedBy[]"]),
        ("alertmanager_alerts_inhibited", &["silencedBy[]"]),
        ("alertmanager_alerts_bad_filter", &[]),
        ("alertmanager_groups", &["silencedBy[]", "inhibitedBy[]"]),
        ("alertmanager_receivers", &[]),
        ("alertmanager_silences", &[]),
        ("alertmanager_status", &[]),
    ] {
        let real = capture(name);
        let pairs: Vec<(&str, &str)> = real.query.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let (status, body) = http::get(&http::address(base, &real.path, &pairs)).unwrap();
        assert_eq!(status, real.status, "{name}: {body}");
        let (ours, theirs): (Value, Value) =
            (serde_json::from_str(&body).unwrap(), serde_json::from_str(&real.answer).unwrap());
        assert_eq!(shape::difference(&ours, &theirs, but), Vec::<String>::new(), "{name}: {body}");
    }
    let config = http::json(&format!("{base}/api/v2/status")).unwrap();
    let yaml = config["config"]["original"].as_str().unwrap().to_owned();
    assert!(yaml.contains("route:\n  receiver: on-call\n") && yaml.contains("- name: pager\n"), "{yaml}");
}

#[test]
fn alerts_carry_external_labels_and_their_times() {
    let place = busy();
    place.tick(40);
    let running = serve(&place, RULES);
    let all = alerts(&running, "");
    let high = all
        .iter()
        .find(|alert| alert["labels"]["alertname"] == "HighLoad" && alert["labels"]["department"] == "icu")
        .unwrap();
    assert_eq!(
        high["labels"],
        json!({"alertname": "HighLoad", "department": "icu", "severity": "warning",
            "cluster": "medical-records-local", "environment": "production", "hospital": "real-portuguese"})
    );
    // High from tick 20, fires from tick 24, told again every 75 seconds.
    assert_eq!(high["startsAt"], "2026-11-20T06:06:00.000Z");
    assert_eq!(high["updatedAt"], "2026-11-20T06:09:45.000Z");
    assert_eq!(high["endsAt"], "2026-11-20T06:13:45.000Z");
    let url = high["generatorURL"].as_str().unwrap();
    assert_eq!(url, format!("{}/graph?g0.expr=load+%3E+5&g0.tab=1", running.urls.prometheus));
    let fingerprints: Vec<&str> = all.iter().map(|alert| alert["fingerprint"].as_str().unwrap()).collect();
    assert!(fingerprints.is_sorted() && fingerprints.iter().all(|f| f.len() == 16), "{fingerprints:?}");
}

#[test]
fn a_silence_mutes_until_it_ends() {
    let place = busy();
    place.tick(60);
    let running = serve(&place, RULES);
    let base = &running.urls.alertmanager;
    let all = [
        "HighLoad icu",
        "HighLoad surgery",
        "Overload icu",
        "Overload surgery",
        "TargetDown all",
        "Watchdog -",
    ];
    assert_eq!(names(&alerts(&running, "")), all);
    let matcher = json!({"name": "department", "value": "ic.", "isRegex": true, "isEqual": true});
    let body = silence(&place, &matcher, 10);
    let made = http::post(&format!("{base}/api/v2/silences"), &body).unwrap();
    let id = made["silenceID"].as_str().unwrap().to_owned();
    let silenced = alerts(&running, "?active=false&inhibited=false");
    assert_eq!(names(&silenced), ["HighLoad icu", "Overload icu"]);
    assert_eq!(silenced[0]["status"], json!({"state": "suppressed", "silencedBy": [id], "inhibitedBy": []}));
    assert_eq!(names(&alerts(&running, "?silenced=false")).len(), 4);
    // Extended with its id and its own start: the same id; with another start: a new one.
    let list = || http::json(&format!("{base}/api/v2/silences")).unwrap();
    let mut longer = silence(&place, &matcher, 20);
    longer["id"] = json!(id);
    longer["startsAt"] = list()[0]["startsAt"].clone();
    assert_eq!(http::post(&format!("{base}/api/v2/silences"), &longer).unwrap()["silenceID"], json!(id));
    place.tick(64);
    let mut moved = silence(&place, &matcher, 20);
    moved["id"] = json!(id);
    let new = http::post(&format!("{base}/api/v2/silences"), &moved).unwrap()["silenceID"].clone();
    assert_ne!(new, json!(id));
    let states: Vec<Value> =
        list().as_array().unwrap().iter().map(|s| s["status"]["state"].clone()).collect();
    assert_eq!(states, ["active", "expired"]);
    // Time alone ends it.
    place.tick(64 + 81);
    assert_eq!(alerts(&running, "?active=false&inhibited=false"), Vec::<Value>::new());
    assert!(list().as_array().unwrap().iter().all(|silence| silence["status"]["state"] == "expired"));
}

#[test]
fn deleting_a_silence_ends_it_and_keeps_it() {
    let place = busy();
    place.tick(60);
    let running = serve(&place, RULES);
    let base = &running.urls.alertmanager;
    let body = silence(&place, &equal("severity", "critical"), 10);
    let made = http::post(&format!("{base}/api/v2/silences"), &body).unwrap();
    let url = format!("{base}/api/v2/silence/{}", made["silenceID"].as_str().unwrap());
    assert_eq!(alerts(&running, "?active=false&inhibited=false").len(), 3);
    let delete = || {
        http::wait_for(async {
            let answer = http::client().delete(&url).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        })
    };
    assert_eq!(delete(), (200, String::new()));
    assert_eq!(alerts(&running, "?active=false&inhibited=false").len(), 0);
    let (ours, real) = (http::json(&url).unwrap(), capture("alertmanager_silence_expired"));
    let theirs: Value = serde_json::from_str(&real.answer).unwrap();
    assert_eq!(shape::difference(&ours, &theirs, &[]), Vec::<String>::new());
    assert_eq!(ours["status"]["state"], "expired");
    let (status, words) = delete();
    assert!(status == 500 && words.contains("already expired"), "{status} {words}");
}

#[test]
fn a_worse_alert_inhibits_its_milder_form_until_it_resolves() {
    let place = busy();
    place.tick(60);
    let running = serve(&place, RULES);
    let base = &running.urls.alertmanager;
    let post = |name: &str, severity: &str, minutes: i64| {
        let end = (place.now() + TimeDelta::minutes(minutes)).to_rfc3339();
        let labels = json!({"alertname": name, "department": "icu", "severity": severity});
        http::post(&format!("{base}/api/v2/alerts"), &json!([{"labels": labels, "endsAt": end}])).unwrap();
    };
    post("Slow", "warning", 60);
    post("Slow", "critical", 10);
    let slow = || alerts(&running, "?filter=alertname=Slow");
    let of =
        |severity: &str| slow().into_iter().find(|alert| alert["labels"]["severity"] == severity).unwrap();
    assert_eq!(of("warning")["status"]["state"], "suppressed");
    assert_eq!(of("warning")["status"]["inhibitedBy"], json!([of("critical")["fingerprint"]]));
    assert_eq!(of("critical")["status"]["state"], "active");
    assert_eq!(alerts(&running, "?filter=alertname=Slow&inhibited=false").len(), 1);
    assert!(of("warning").get("generatorURL").is_none());
    place.tick(60 + 41);
    assert_eq!(slow().len(), 1, "what has ended is gone");
    assert_eq!(of("warning")["status"]["state"], "active");
}

#[test]
fn groups_follow_the_routes() {
    let place = busy();
    place.tick(60);
    let running = serve(&place, RULES);
    let groups = http::json(&format!("{}/api/v2/alerts/groups", running.urls.alertmanager)).unwrap();
    let seen: Vec<(String, String, usize)> = groups
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            let receiver = group["receiver"]["name"].as_str().unwrap().to_owned();
            (receiver, group["labels"].to_string(), group["alerts"].as_array().unwrap().len())
        })
        .collect();
    assert_eq!(seen.len(), 6, "{seen:?}");
    assert!(seen.contains(&("dead-mans-switch".into(), r#"{"alertname":"Watchdog"}"#.into(), 1)), "{seen:?}");
    assert!(
        seen.contains(&("pager".into(), r#"{"alertname":"Overload","department":"icu"}"#.into(), 1)),
        "{seen:?}"
    );
    let only =
        http::json(&format!("{}/api/v2/alerts/groups?receiver=pager", running.urls.alertmanager)).unwrap();
    assert_eq!(only.as_array().unwrap().len(), 3);
}
