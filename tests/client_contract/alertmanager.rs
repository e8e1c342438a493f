//! Alerts and silences.

use plantao::model::alert::SilenceState;
use plantao::model::ask::{Answer, Ask, Key};
use plantao::model::{Alert, AlertState, MatchOp};
use plantao::privacy::{Kind, shown};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::replay::{ask_one, everything, time};

async fn alerts(name: &str) -> Vec<Alert> {
    match ask_one(name, Ask::Plain(Key::Alerts)).await.expect("an answer").answer {
        Answer::Alerts(all) => all,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn firing_alerts_come_whole() {
    let all = alerts("alertmanager_alerts").await;
    assert_eq!(all.len(), 7);
    assert!(all.iter().all(|alert| alert.state == AlertState::Firing));
    let thermal = &all[0];
    assert_eq!((&*thermal.fingerprint, thermal.name()), ("1b8afa615ae6cddf", "MacStudioThermalThrottling"));
    assert_eq!(thermal.labels.get("severity"), Some("critical"));
    assert_eq!(thermal.annotations.get("runbook_url"), Some("https://runbooks.hospital.example/thermal"));
    assert_eq!(thermal.starts_at, time("2026-11-22T05:09:13.494Z"));
    assert_eq!(thermal.updated_at, Some(time("2026-11-22T05:11:23.497Z")));
    assert_eq!(thermal.receivers.iter().map(|r| &**r).collect::<Vec<_>>(), ["pager"]);
    assert_eq!(
        &*thermal.generator_url,
        "http://127.0.0.1:9090/graph?g0.expr=mac_studio_thermal_state+%3E%3D+2&g0.tab=1"
    );
}

#[tokio::test]
async fn silenced_and_inhibited_alerts_differ() {
    let silenced = alerts("alertmanager_alerts_silenced").await;
    assert_eq!(silenced.len(), 1);
    assert_eq!(silenced[0].state, AlertState::Silenced);
    assert_eq!(&*silenced[0].silenced_by[0], "bcc1dae7-404c-4589-954a-0203c2c51948");

    let inhibited = alerts("alertmanager_alerts_inhibited").await;
    assert_eq!(inhibited.len(), 2);
    assert_eq!(inhibited[0].state, AlertState::Inhibited);
    assert_eq!(&*inhibited[0].inhibited_by[0], &*inhibited[1].fingerprint);
    assert_eq!(&*inhibited[0].generator_url, "");
    assert_eq!(inhibited[1].state, AlertState::Firing);
}

#[tokio::test]
async fn silences_keep_matchers_and_state() {
    let Answer::Silences(all) =
        ask_one("alertmanager_silences", Ask::Plain(Key::Silences)).await.expect("an answer").answer
    else {
        panic!("not silences")
    };
    assert_eq!(
        all.iter().map(|s| s.state).collect::<Vec<_>>(),
        [SilenceState::Active, SilenceState::Expired]
    );
    assert_eq!((&*all[0].comment, &*all[0].created_by), ("ACK! wire capture", "oncall"));
    assert_eq!(all[0].matchers, [("alertname".into(), MatchOp::Equal, "TargetDown".into())]);
    assert_eq!(all[1].matchers.len(), 2);
    assert_eq!(all[0].ends_at, time("2026-11-22T05:21:36Z"));
}

#[tokio::test]
async fn every_kind_of_matcher_is_known() {
    let server = MockServer::start().await;
    let one = |regex: bool, equal: &str| format!(r#"{{"name":"a","value":"b","isRegex":{regex}{equal}}}"#);
    let matchers = [
        one(false, ""),
        one(false, r#","isEqual":false"#),
        one(true, r#","isEqual":true"#),
        one(true, r#","isEqual":false"#),
    ];
    let body = format!(
        r#"[{{"id":"x","status":{{"state":"pending"}},"matchers":[{}],"startsAt":"2026-11-22T05:11:36Z","endsAt":"2026-11-22T05:21:36Z","createdBy":"a","comment":"b"}}]"#,
        matchers.join(",")
    );
    Mock::given(path("/prefix/api/v2/silences"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(body, "application/json"))
        .mount(&server)
        .await;
    let Answer::Silences(all) =
        everything(&server).ask(&Ask::Plain(Key::Silences)).await.expect("an answer").answer
    else {
        panic!("not silences")
    };
    let ops: Vec<MatchOp> = all[0].matchers.iter().map(|matcher| matcher.1).collect();
    assert_eq!(ops, [MatchOp::Equal, MatchOp::NotEqual, MatchOp::Regex, MatchOp::NotRegex]);
    assert_eq!(all[0].state, SilenceState::Pending);
}

#[tokio::test]
async fn identifiers_and_escapes_never_reach_the_model() {
    let server = MockServer::start().await;
    let body = r#"[{"fingerprint":"1b8afa615ae6cddf","labels":{"alertname":"X\u001b[31m","patient":"123.456.789-09","by\u202e":"a"},
        "annotations":{"summary":"call (11) 91234-5678","description":"two\nlines \u001b]0;title\u0007 ana@hospital.br"},
        "status":{"state":"unprocessed","silencedBy":null,"inhibitedBy":null},"startsAt":"2026-11-22T05:11:36Z",
        "generatorURL":"http://u:p4ss@h/graph","receivers":null}]"#;
    Mock::given(path("/prefix/api/v2/alerts"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(body, "application/json"))
        .mount(&server)
        .await;
    let Answer::Alerts(all) =
        everything(&server).ask(&Ask::Plain(Key::Alerts)).await.expect("an answer").answer
    else {
        panic!("not alerts")
    };
    let alert = &all[0];
    assert_eq!(
        alert.labels.to_string(),
        format!(r#"{{alertname="X", by="a", patient="{}"}}"#, shown(Kind::Cpf, "12345678909"))
    );
    assert_eq!(
        alert.annotations.get("summary"),
        Some(format!("call {}", shown(Kind::Phone, "11912345678")).as_str())
    );
    assert_eq!(
        alert.annotations.get("description"),
        Some(format!("two\nlines  {}", shown(Kind::Email, "ana@hospital.br")).as_str())
    );
    assert_eq!(&*alert.generator_url, format!("http://{}@h/graph", shown(Kind::Credentials, "u:p4ss")));
    assert_eq!((alert.state, alert.updated_at, alert.receivers.len()), (AlertState::Firing, None, 0));
}

#[tokio::test]
async fn ten_thousand_alerts_come_through() {
    let server = MockServer::start().await;
    let one = |at: usize| {
        format!(
            r#"{{"fingerprint":"{at:016x}","labels":{{"alertname":"Load{at}","severity":"critical","a":"1","b":"2","c":"3","d":"4","e":"5","f":"6","instance":"10.0.0.1:{at}","job":"api"}},"annotations":{{"summary":"load is 9.7125 on 2026-11-22"}},"status":{{"state":"active","silencedBy":[],"inhibitedBy":[]}},"startsAt":"2026-11-22T05:11:36.494Z","updatedAt":"2026-11-22T05:11:36.494Z","endsAt":"2026-11-22T05:15:36.494Z","receivers":[{{"name":"pager"}}]}}"#
        )
    };
    let body = format!("[{}]", (0..10_000).map(one).collect::<Vec<_>>().join(","));
    Mock::given(path("/prefix/api/v2/alerts"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(body, "application/json"))
        .mount(&server)
        .await;
    let clients = everything(&server);
    let Answer::Alerts(all) = clients.ask(&Ask::Plain(Key::Alerts)).await.expect("an answer").answer else {
        panic!("not alerts")
    };
    assert_eq!(all.len(), 10_000);
    assert_eq!(all[9_999].labels.get("instance"), Some("10.0.0.1:9999"));
    assert_eq!(&*all[255].fingerprint, "00000000000000ff");
}
