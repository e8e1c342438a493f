//! A watcher that is killed at random points, again and again, loses nothing that it took, and what it may have told
//! twice says so.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::desk::{Desk, TOKEN, fingerprint, post, webhook};
use crate::support::sink::Sink;
use crate::support::wait;

#[test]
fn nothing_that_was_taken_is_lost_across_kills() {
    let mut broken_off = 0;
    let sink = Sink::http();
    // A deadline that is soon over, so that what was in flight is sent again within the test.
    let desk = Desk::with_hook(&sink, "timeout = \"1s\"\n");
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |most: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % most
    };
    sink.slow(Duration::from_millis(20));
    for round in 0..6 {
        let mut watch = desk.watch();
        let url = watch.at("/webhook");
        let sender = thread::spawn(move || {
            let mut taken = Vec::new();
            let mut broken_off = false;
            for at in 0..200 {
                let name = format!("KilledR{round}N{at}");
                let body = webhook(&name, "c", "critical", "firing");
                match post(&url, Some(TOKEN), body) {
                    Ok((200, _)) => taken.push(fingerprint(&name, "c")),
                    Ok(_) => {}
                    // It is gone.
                    Err(_) => {
                        broken_off = true;
                        break;
                    }
                }
            }
            (taken, broken_off)
        });
        thread::sleep(Duration::from_millis(30 + random(400)));
        watch.kill();
        let (some, broken) = sender.join().expect("the sender");
        taken.extend(some);
        broken_off += usize::from(broken);
    }
    assert!(!taken.is_empty(), "it took something before it was killed");
    assert!(broken_off > 2, "{broken_off} of 6 were killed while alerts came in: that proves nothing");
    let _watch = desk.watch();
    wait::until("every alert that was taken", || {
        let told = told(&sink);
        let missing = taken.iter().filter(|one| !told.contains_key(*one)).count();
        if missing == 0 { Ok(()) } else { Err(format!("{missing} of {} are missing", taken.len())) }
    });
    // At least once; a second time only where a process died while it sent, and then it is marked.
    for (fingerprint, messages) in told(&sink) {
        let unmarked = messages.iter().filter(|marked| !**marked).count();
        assert!(unmarked <= 1, "{fingerprint}: {messages:?}");
    }
    // Each alert is in one incident, whoever died while it was opened, and the audit of it all is whole.
    let (_, out, _) = desk.said(&["incidents", "--format", "json"]);
    let incidents: Vec<Value> = serde_json::from_str(&out).expect("JSON");
    let titles: Vec<&str> = incidents.iter().filter_map(|one| one["title"].as_str()).collect();
    let different: BTreeSet<&str> = titles.iter().copied().collect();
    assert_eq!(different.len(), titles.len(), "an incident is doubled");
    assert!(different.len() >= taken.len(), "{} incidents of {} alerts", different.len(), taken.len());
    let (status, out, told) = desk.said(&["audit", "verify"]);
    assert_eq!(status, 0, "{out}{told}");
}

/// For each alert whether each message about it was marked as a possible repeat.
fn told(sink: &Sink) -> BTreeMap<String, Vec<bool>> {
    let mut all: BTreeMap<String, Vec<bool>> = BTreeMap::new();
    for got in sink.got() {
        let body: Value = serde_json::from_str(&got.body).expect("JSON");
        let marked = body["may_be_a_repeat"].as_bool().expect("a mark");
        let notifications = body["notifications"].as_array().expect("notifications");
        for one in notifications.iter().filter(|one| one["event"] == "opened") {
            for alert in one["alerts"].as_array().expect("alerts") {
                let fingerprint = alert["fingerprint"].as_str().expect("a fingerprint");
                all.entry(fingerprint.to_owned()).or_default().push(marked);
            }
        }
    }
    all
}
