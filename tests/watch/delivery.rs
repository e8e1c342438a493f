//! From a webhook to a receiver: over HTTP and SMTP, in a storm, and when receivers fail.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::desk::{Desk, TOKEN, fingerprint, notifications, send, webhook};
use crate::support::sink::Sink;
use crate::support::{http, wait};

const PEOPLE: &str = r#"
[contacts.ana]
name = "Ana Souza"
email = "ana@hospital.example"
phone = "+55 11 91234-5678"
channels = ["mail", "sms"]
[[rota]]
level = "oncall"
people = ["ana"]
"#;

fn mail_and_sms(mail: &Sink, sms: &Sink) -> Desk {
    Desk::new(&format!(
        "[channels.mail]\nkind = \"email\"\nserver = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nfrom = \"plantao@hospital.example\"\n\
         [channels.sms]\nkind = \"webhook\"\nurl = \"{}\"\nseverities = [\"critical\"]\nform = {{ To = \"{{phone}}\", Body = \"{{severity}} {{title}} {{incident}}\" }}\n{PEOPLE}",
        mail.port(),
        sms.url(),
    ))
}

#[test]
fn whoever_is_on_call_is_told_by_mail_and_sms() {
    let (mail, sms) = (Sink::smtp(), Sink::http());
    let desk = mail_and_sms(&mail, &sms);
    let watch = desk.watch();
    assert_eq!(watch.post(&webhook("Quote\"d; $(x)\nBcc: e@x", "medical-api", "critical", "firing")), 200);
    let got = wait::until("a mail", || mail.got().first().cloned().ok_or("none yet"));
    assert!(got.head.contains("RCPT TO:<ana@hospital.example>"), "{}", got.head);
    let (head, _) = got.body.split_once("\r\n\r\n").expect("head and body");
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    let got = wait::until("a short message", || sms.got().first().cloned().ok_or("none yet"));
    let form: Vec<(String, String)> = url::form_urlencoded::parse(got.body.as_bytes()).into_owned().collect();
    assert_eq!(form[0], ("To".to_owned(), "+55 11 91234-5678".to_owned()));
    assert!(form[1].1.starts_with("critical Quote\"d; $(x)"), "{form:?}");
    // What is only high goes by mail alone.
    assert_eq!(watch.post(&webhook("Slow", "api-gateway", "high", "firing")), 200);
    wait::until_true("the second mail", || mail.got().len() == 2);
    assert_eq!(sms.got().len(), 1);
}

#[test]
fn a_storm_is_told_whole_in_few_messages() {
    const ALERTS: usize = 1000;
    let sink = Sink::http();
    let desk = Desk::with_hook(&sink, "");
    let watch = desk.watch();
    let url = watch.at("/webhook");
    let statuses = http::wait_for(async {
        let posts = (0..ALERTS).map(|at| {
            send(
                url.clone(),
                Some(TOKEN.to_owned()),
                webhook(&format!("Storm{at}"), "c", "critical", "firing"),
            )
        });
        futures_util::future::join_all(posts).await
    });
    for (at, answer) in statuses.into_iter().enumerate() {
        let (status, said) = answer.expect("an answer");
        assert!(matches!(status, 200 | 503), "{status} {said}");
        if status == 503 {
            // Who was told to come again comes again, as Alertmanager does.
            let body = webhook(&format!("Storm{at}"), "c", "critical", "firing");
            wait::until_true("a webhook that is taken", || watch.post(&body) == 200);
        }
    }
    let expected: BTreeSet<String> = (0..ALERTS).map(|at| fingerprint(&format!("Storm{at}"), "c")).collect();
    wait::until("every alert", || {
        let told = told(&sink);
        if told.is_superset(&expected) { Ok(()) } else { Err(format!("{} of {ALERTS}", told.len())) }
    });
    let messages = sink.got().len();
    assert!(messages < ALERTS / 2, "{messages} messages for {ALERTS} incidents");
    let opened = notifications(&sink).iter().filter(|one| one["event"] == "opened").count();
    assert_eq!(opened, ALERTS, "each once");
}

#[test]
fn alerts_of_one_incident_are_told_when_their_number_has_doubled() {
    let sink = Sink::http();
    let desk = Desk::with_hook(&sink, "");
    let watch = desk.watch();
    for at in 0..20 {
        assert_eq!(watch.post(&webhook("Same", &format!("c{at}"), "critical", "firing")), 200);
    }
    wait::until_true("the last doubling", || {
        notifications(&sink).iter().any(|one| one["alert_count"].as_u64() >= Some(16))
    });
    let all = notifications(&sink);
    assert!(all.iter().all(|one| one["incident"] == all[0]["incident"]), "one incident: {all:?}");
    assert!(all.len() <= 6, "{} messages for 20 alerts", all.len());
}

/// The fingerprints that were told.
fn told(sink: &Sink) -> BTreeSet<String> {
    let all = notifications(sink);
    let alerts = all.iter().flat_map(|one| one["alerts"].as_array().cloned().unwrap_or_default());
    alerts.filter_map(|alert: Value| alert["fingerprint"].as_str().map(str::to_owned)).collect()
}

#[test]
fn a_receiver_that_fails_gets_it_later_and_one_that_refuses_is_given_up() {
    let sink = Sink::http();
    let desk = Desk::with_hook(&sink, "");
    let watch = desk.watch();
    sink.answer(503);
    assert_eq!(watch.post(&webhook("A", "x", "critical", "firing")), 200);
    wait::until_true("a failed try", || desk.said(&["notify", "outbox"]).1.contains("HTTP 503"));
    sink.answer(200);
    wait::until_true("another try", || notifications(&sink).len() == 1);
    sink.answer(400);
    assert_eq!(watch.post(&webhook("B", "y", "critical", "firing")), 200);
    wait::until_true("giving up", || {
        desk.said(&["notify", "outbox"]).1.lines().any(|line| line.contains("failed"))
    });
    // A person puts it back.
    sink.answer(200);
    let (_, list, _) = desk.said(&["notify", "outbox"]);
    let line = list.lines().find(|line| line.contains("failed")).expect("the letter");
    let number = line.split_whitespace().next().expect("a number");
    assert_eq!(desk.said(&["notify", "retry", number]).0, 0);
    wait::until_true("the letter", || notifications(&sink).len() == 2);
}

#[test]
fn by_hand_people_are_called_and_channels_tried_out() {
    let (mail, sms) = (Sink::smtp(), Sink::http());
    let desk = mail_and_sms(&mail, &sms);
    let (status, out, told) = desk.said(&["page", "oncall", "--message", "no records; CPF 529.982.247-25"]);
    assert_eq!(status, 0, "{out}{told}");
    assert!(out.contains("Ana Souza"), "{out}");
    let body = mail.got()[0].body.clone();
    assert!(body.contains("no records") && !body.contains("529"), "{body}");
    assert_eq!(desk.said(&["notify", "test", "mail", "--contact", "Ana Souza"]).0, 0);
    let (status, _, told) = desk.said(&["notify", "test", "mial"]);
    assert!(status == 2 && told.contains("mail, sms"), "{told}");
    sms.answer(500);
    let (status, _, told) = desk.said(&["notify", "test", "sms", "--contact", "ana"]);
    assert!(status == 3 && told.contains("HTTP 500"), "{told}");
    assert_eq!(desk.said(&["page", "nobody-at-all", "--message", "x"]).0, 2);
    assert_eq!(desk.said(&["--read-only", "page", "oncall", "--message", "x"]).0, 2);
    let (status, out, _) = desk.said(&["rota"]);
    assert!(status == 0 && out.contains("Ana Souza"), "{out}");
}
