//! A real Alertmanager posts to the watcher, and is looked at by it.

use serde_json::json;

use crate::desk::{Desk, TOKEN, notifications};
use crate::needs;
use crate::support::servers::Alertmanager;
use crate::support::sink::Sink;
use crate::support::wait;

#[test]
fn a_real_alertmanager_posts_and_people_are_told() {
    needs!("watch::real"; ALERTMANAGER);
    let sink = Sink::http();
    let desk = Desk::with_hook(&sink, "");
    let config = format!(
        "route:\n  receiver: plantao\n  group_wait: 0s\n  group_interval: 1s\n  group_by: ['...']\nreceivers:\n  - name: plantao\n    webhook_configs:\n      - url: {}\n        send_resolved: true\n        http_config:\n          authorization: {{ credentials: {TOKEN} }}\n",
        desk.webhook_url(),
    );
    let alertmanager = Alertmanager::start_with(&config);
    let _watch = desk.watch();
    let hostile = "$(reboot) \"q\"\n; {title}";
    alertmanager.post_alerts(&[(
        json!({ "alertname": "MedicalRecordSystemDown", "service": "medical-api", "severity": "critical", "x": hostile }),
        json!({ "summary": "the medical API is down" }),
    )]);
    let told = wait::until("a notification", || notifications(&sink).first().cloned().ok_or("none yet"));
    assert_eq!(told["event"], "opened");
    assert_eq!(told["alerts"][0]["name"], "MedicalRecordSystemDown");
    assert_eq!(told["component"], "medical-api");
    let alert = alertmanager.wait_alert("MedicalRecordSystemDown");
    assert_eq!(told["alerts"][0]["fingerprint"], alert["fingerprint"], "the same alert for everybody");
}

#[test]
fn without_webhooks_it_looks_by_itself() {
    needs!("watch::real"; ALERTMANAGER);
    let sink = Sink::http();
    let alertmanager = Alertmanager::start();
    let desk = Desk::with_hook(&sink, &format!("[sources.alertmanager]\nurl = \"{}\"\n", alertmanager.url()));
    let _watch = desk.watch();
    alertmanager.post_alerts(&[(
        json!({ "alertname": "MacStudioHighMemory", "severity": "critical", "department": "all" }),
        json!({ "summary": "memory" }),
    )]);
    let told = wait::until("a notification", || notifications(&sink).first().cloned().ok_or("none yet"));
    assert_eq!(told["alerts"][0]["name"], "MacStudioHighMemory");
    // Looked at again and again, it is still one.
    let incident = told["incident"].as_str().expect("an incident").to_owned();
    wait::until("some rounds", || {
        let page = crate::support::http::get(&desk.webhook_url().replace("/webhook", "/metrics"))?.1;
        let polls =
            page.lines().find_map(|line| line.strip_prefix("plantao_watch_polls_total ")).unwrap_or("0");
        if polls.parse::<u32>().unwrap_or(0) >= 3 { Ok(()) } else { Err(format!("{polls} looks")) }
    });
    assert!(
        notifications(&sink).iter().all(|one| one["incident"] == *incident),
        "{:?}",
        notifications(&sink)
    );
}
