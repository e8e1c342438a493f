//! The pages, asked for over a socket as a scraper does.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};

use super::*;

struct Two;

fn job(job: &str, scrape_s: u32) -> Job {
    Job { job: job.into(), instance: format!("{job}:80").into(), scrape_s }
}

impl Pages for Two {
    fn jobs(&self) -> Vec<Job> {
        vec![job("api", 10), job("db", 15)]
    }

    fn page(&self, job: &str) -> Option<Result<String, Down>> {
        match job {
            "api" => Some(Ok("up 1\n".to_owned())),
            "db" => Some(Err(Down)),
            _ => None,
        }
    }
}

/// Head and body of each answer.
fn ask(paths: &[&str]) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let at = listener.local_addr().expect("an address");
    runtime.spawn(serve(listener, Arc::new(Two)));
    let answers = paths.iter().map(|path| {
        let mut stream = TcpStream::connect(at).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("written");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    });
    answers.collect()
}

#[test]
fn each_job_has_its_page() {
    let answers = ask(&["/api/metrics", "/db/metrics", "/dbb/metrics", "/", "/metrics"]);
    assert!(
        answers[0].starts_with("HTTP/1.1 200") && answers[0].ends_with("\r\n\r\nup 1\n"),
        "{}",
        answers[0]
    );
    assert!(answers[0].contains("content-type: text/plain; version=0.0.4"), "{}", answers[0]);
    assert!(answers[1].starts_with("HTTP/1.1 503"), "{}", answers[1]);
    assert!(answers[2].starts_with("HTTP/1.1 404") && answers[2].contains("/db/metrics"), "{}", answers[2]);
    assert!(answers[3].ends_with("/api/metrics\n/db/metrics\n"), "{}", answers[3]);
    assert!(answers[4].starts_with("HTTP/1.1 404"), "{}", answers[4]);
}

#[test]
fn the_scrape_configuration_names_every_job_and_carries_the_places_labels() {
    let pack = crate::pack::load("hospital", &[]).expect("the pack");
    let settings = super::super::alerting::Settings::of_pack(&pack).expect("its settings");
    let yaml = scrape::config(&Two.jobs(), &settings, "127.0.0.1:9464");
    let wanted = r#"scrape_configs:
  - job_name: "api"
    scrape_interval: 10s
    metrics_path: "/api/metrics"
    static_configs:
      - targets: ["127.0.0.1:9464"]
        labels: { instance: "api:80" }
  - job_name: "db"
    scrape_interval: 15s
    metrics_path: "/db/metrics"
    static_configs:
      - targets: ["127.0.0.1:9464"]
        labels: { instance: "db:80" }
"#;
    assert!(yaml.ends_with(wanted), "{yaml}");
    let (before, _) = yaml.split_once("scrape_configs").expect("both");
    for (name, value) in settings.external_labels.iter() {
        assert!(before.contains(&format!("\n    {name}: \"{value}\"\n")), "{name}: {before}");
    }
    assert!(before.contains("# rule_files:") && before.contains("rules export"), "{before}");
}
