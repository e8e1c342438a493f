//! How long it takes from a webhook to a notification, while a thousand alerts arrive at once: the built program, a
//! receiver over HTTP and one over SMTP on loopback.
//!
//! `PLANTAO_BENCH_ALERTS` says how many; a thousand without it.
// A bench may end by panicking, and says what it measured.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]
#![allow(missing_docs)]

#[path = "../tests/watch/desk.rs"]
mod desk;
#[path = "../tests/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use desk::{Desk, TOKEN, fingerprint, send, webhook};
use support::sink::{Got, Sink};
use support::{http, wait};

/// What the 99th percentile may be.
const LIMIT: Duration = Duration::from_secs(1);

fn main() {
    let alerts: usize =
        std::env::var("PLANTAO_BENCH_ALERTS").ok().and_then(|text| text.parse().ok()).unwrap_or(1000);
    let (hook, mail) = (Sink::http(), Sink::smtp());
    let desk = Desk::new(&format!(
        "[channels.hook]\nkind = \"webhook\"\nurl = \"{}\"\n[channels.mail]\nkind = \"email\"\nserver = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nfrom = \"plantao@hospital.example\"\nto = [\"ops@hospital.example\"]\n",
        hook.url(),
        mail.port(),
    ));
    let watch = desk.watch();
    // Connections, files and code are warm at 3 a.m. too.
    assert_eq!(watch.post(&webhook("Warm", "up", "critical", "firing")), 200);
    wait::until_true("the first", || !hook.got().is_empty() && !mail.got().is_empty());
    let url = watch.at("/webhook");
    let sent: BTreeMap<String, Instant> = http::wait_for(async {
        let posts = (0..alerts).map(|at| {
            let name = format!("Storm{at}");
            let body = webhook(&name, "c", "critical", "firing");
            let url = url.clone();
            async move {
                let began = Instant::now();
                let (status, said) = send(url, Some(TOKEN.to_owned()), body).await.expect("an answer");
                assert_eq!(status, 200, "{said}");
                (fingerprint(&name, "c"), began)
            }
        });
        futures_util::future::join_all(posts).await.into_iter().collect()
    });
    let mut within = true;
    for (name, sink) in [("HTTP", &hook), ("SMTP", &mail)] {
        // A mail names incidents, not fingerprints: the alert's name is in the title.
        let key = |fingerprint: &str, at: usize| match name {
            "HTTP" => fingerprint.to_owned(),
            _ => format!("Storm{at}: c "),
        };
        let waited = wait::until("every alert", || {
            let got: Vec<Got> = sink
                .got()
                .into_iter()
                .map(|one| Got { body: one.body.replace("=\r\n", "").replace("\r\n", " "), ..one })
                .collect();
            let mut waited: Vec<Duration> = Vec::with_capacity(alerts);
            for at in 0..alerts {
                let fingerprint = fingerprint(&format!("Storm{at}"), "c");
                let key = key(&fingerprint, at);
                let first = got.iter().find(|one| one.body.contains(&key));
                let first = first.ok_or_else(|| format!("{key} is missing"))?;
                waited.push(first.at.duration_since(sent[&fingerprint]));
            }
            Ok::<_, String>(waited)
        });
        let mut waited = waited;
        waited.sort();
        let at = |share: f64| waited[((waited.len() - 1) as f64 * share) as usize];
        println!(
            "{name}: {alerts} alerts in {} messages: p50 {:?}, p99 {:?}, most {:?}",
            sink.got().len() - 1,
            at(0.5),
            at(0.99),
            at(1.0),
        );
        within &= at(0.99) < LIMIT;
    }
    if !within {
        println!("the 99th percentile is over {LIMIT:?}");
        std::process::exit(1);
    }
}
