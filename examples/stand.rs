//! A hospital to look at: a real Prometheus and Alertmanager over the tests' feed, that stay until
//! standard input ends.
//!
//! `cargo run --example stand` prints the addresses; a line such as `set mac_studio_thermal_state 3`
//! or `observe ai_model_inference_seconds{model_name="x"} 5 12` changes the feed.
// A tool for developers: what it needs and cannot get is an expect, and it talks on its terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

#[path = "../tests/support/mod.rs"]
#[allow(missing_docs)]
mod support;

use std::io::BufRead;

use support::feed::{Feed, Mode};
use support::servers::{Alertmanager, Prometheus, PrometheusConfig};

fn main() {
    let feed = Feed::start();
    let alertmanager = Alertmanager::start();
    let pack = plantao::pack::load("hospital", &[]).unwrap();
    let config = PrometheusConfig {
        rules: pack.rules.to_string(),
        alertmanager: Some(alertmanager.url().to_owned()),
        ..feed.prometheus()
    };
    let prometheus = Prometheus::start(&config);
    println!(
        "--prometheus {} --alertmanager {} ; mac page {}",
        prometheus.url(),
        alertmanager.url(),
        feed.page_url("node-exporter")
    );
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["set", selector, value] => feed.set(selector, value.parse().unwrap()),
            ["observe", selector, rate, value] => {
                feed.observe(selector, rate.parse().unwrap(), value.parse().unwrap());
            }
            ["down", job] => feed.mode(job, Mode::Refuse),
            ["up", job] => feed.mode(job, Mode::Up),
            ["silence", label, value] => println!("{:?}", alertmanager.silence(label, value)),
            _ => println!(
                "set SELECTOR VALUE | observe SELECTOR RATE VALUE | down JOB | up JOB | silence LABEL VALUE"
            ),
        }
    }
}
