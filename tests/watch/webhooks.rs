//! The way in: what is taken, and every way in which a request is not.

use crate::desk::{Desk, TOKEN, alert, captured, hook, notifications, post, webhook};
use crate::support::sink::Sink;
use crate::support::{http, wait};

#[test]
fn captured_webhooks_open_tell_and_resolve() {
    let sink = Sink::http();
    let desk = Desk::with_hook(&sink, "");
    let watch = desk.watch();
    assert_eq!(watch.post(&captured(0)), 200);
    let first = wait::until("a notification", || notifications(&sink).first().cloned().ok_or("none yet"));
    assert_eq!(first["event"], "opened");
    assert_eq!(first["severity"], "critical", "the label's word is worse than the pack's");
    assert_eq!(first["alerts"][0]["name"], "MacStudioThermalThrottling");
    assert_eq!(first["alerts"][0]["fingerprint"], "bbc04c2c1a2a82de");
    assert!(first["incident"].as_str().is_some_and(|id| id.starts_with("INC-")), "{first}");
    assert!(
        first["message"].as_str().is_some_and(|text| text.contains("throttles")),
        "the playbook's: {first}"
    );
    // The same again is nothing new; one that is only medium is taken, but opens no incident here; a critical one does.
    assert_eq!(watch.post(&captured(0)), 200);
    assert_eq!(watch.post(&captured(1)), 200);
    assert_eq!(watch.post(&webhook("Other", "x", "critical", "firing")), 200);
    wait::until_true("the second", || notifications(&sink).len() == 2);
    // What has resolved is gone from the incident, and nothing is told before it stays calm.
    assert_eq!(watch.post(&captured(2)), 200);
    let (status, page) = http::get(&watch.at("/metrics")).expect("a page");
    assert_eq!(status, 200);
    for line in
        ["plantao_watch_webhooks_total 5", "plantao_watch_incidents_opened_total 2", "plantao_journal_up 1"]
    {
        assert!(page.lines().any(|one| one == line), "{line} in {page}");
    }
}

#[test]
fn what_is_no_webhook_is_refused_and_nothing_is_opened() {
    let sink = Sink::http();
    let desk = Desk::with_hook(&sink, "");
    let watch = desk.watch();
    let url = watch.at("/webhook");
    let good = webhook("A", "x", "critical", "firing");
    let status = |token: Option<&str>, body: &str| post(&url, token, body.to_owned()).expect("an answer").0;
    assert_eq!(status(None, &good), 401);
    assert_eq!(status(Some("wrong-token-of-16"), &good), 401);
    assert_eq!(status(Some(&TOKEN[..TOKEN.len() - 1]), &good), 401);
    for body in ["", "{", "[]", "null", r#"{"version":"4"}"#, r#"{"version":"9","alerts":[]}"#] {
        assert_eq!(status(Some(TOKEN), body), 400, "{body}");
    }
    let large = hook(&[]).replace("http://am", &"x".repeat(17 * 1024 * 1024));
    assert_eq!(status(Some(TOKEN), &large), 413);
    // The answer reaches whoever is still writing, whether they may come in or not.
    assert_eq!(status(Some("wrong-token-of-16"), &large[..12 * 1024 * 1024]), 401);
    let (code, said) = post(&url, Some(TOKEN), "{".to_owned()).expect("an answer");
    assert!(code == 400 && said.contains("is not Alertmanager's webhook"), "{said}");
    // It is still well, and a good one is taken.
    assert_eq!(status(Some(TOKEN), &good), 200);
    wait::until_true("the good one", || notifications(&sink).len() == 1);
}

#[test]
fn a_flood_is_bounded_and_told_to_come_again() {
    let sink = Sink::http();
    let desk = Desk::with_hook(&sink, "");
    let text = std::fs::read_to_string(desk.path("config.toml")).expect("read");
    let text = text.replace("poll = \"1s\"", "poll = \"1s\"\nalerts_per_second = 1");
    std::fs::write(desk.path("config.toml"), text).expect("written");
    let watch = desk.watch();
    // Each asks for more than a second gives, so that a slow machine's flood is one as well.
    let flood = |at: usize| {
        let name = format!("Flood{at}");
        let alerts: Vec<_> =
            (0..10).map(|at| alert(&name, &format!("c{at}"), "critical", "firing")).collect();
        watch.post(&hook(&alerts))
    };
    let statuses: Vec<u16> = (0..60).map(flood).collect();
    assert!(statuses.contains(&429), "{statuses:?}");
    let taken = statuses.iter().filter(|status| **status == 200).count();
    wait::until_true("what was taken is told", || {
        notifications(&sink).iter().filter(|one| one["event"] == "opened").count() == taken
    });
}

#[test]
fn it_does_not_listen_to_everybody_without_a_token() {
    let desk = Desk::new("");
    let text = std::fs::read_to_string(desk.path("config.toml")).expect("read");
    std::fs::write(desk.path("config.toml"), text.replace("token_file = \"token\"\n", "")).expect("written");
    let (status, _, told) = desk.said(&["watch", "--listen", "0.0.0.0:0"]);
    assert_eq!(status, 2, "{told}");
    assert!(told.contains("token_file"), "{told}");
    let (status, _, told) = desk.said(&["--read-only", "watch"]);
    assert_eq!(status, 2, "{told}");
}
