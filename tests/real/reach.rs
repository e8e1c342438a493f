//! How servers are reached: contexts, credentials that arrive where they belong and nowhere else, a
//! path prefix.

use std::fs;

use serde_json::{Value, json};

use crate::needs;
use crate::stack::{RULES, Stack, differences, panes, run};
use crate::support::console::{Console, Finished};
use crate::support::fake::{Behaviour, Fake};
use crate::support::feed::{Feed, hospital};
use crate::support::flaky::Flaky;
use crate::support::servers::{Prometheus, PrometheusConfig};

/// Runs with a configuration file and the files that it names, in one folder.
fn run_with(config: &str, files: &[(&str, &str)], args: &[&str]) -> Finished {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let mut config = config.to_owned();
    for (name, text) in files {
        fs::write(path(name), text).expect("a file");
        config = config.replace(&format!("@{name}"), &path(name));
    }
    fs::write(path("config.toml"), config).expect("a configuration");
    let path = path("config.toml");
    let mut all = vec!["--config", path.as_str()];
    all.extend(args);
    Console::new().run(&all)
}

fn sessions(snapshot: &Value) -> Vec<Value> {
    let panes =
        panes(snapshot).iter().filter(|pane| pane["id"].as_str().is_some_and(|id| id.ends_with("sessions")));
    panes
        .flat_map(|pane| pane["values"].as_array().cloned().unwrap_or_default())
        .map(|v| v["value"].clone())
        .collect()
}

#[test]
fn a_context_is_another_set_of_servers() {
    needs!("real::reach"; PROMETHEUS, ALERTMANAGER);
    let stack = Stack::start(RULES);
    let other = Fake::start(Behaviour { alerts: 7, ..Behaviour::default() });
    let config = format!(
        "context = \"night\"\n[sources.prometheus]\ntimeout = \"5s\"\n\
         [contexts.night.sources.prometheus]\nurl = \"{0}\"\n[contexts.night.sources.alertmanager]\nurl = \"{0}\"\n\
         [contexts.real.sources.prometheus]\nurl = \"{1}\"\n[contexts.real.sources.alertmanager]\nurl = \"{2}\"\n",
        other.url(),
        stack.prometheus.url(),
        stack.alertmanager.url()
    );
    let overview = ["snapshot", "overview", "--format", "json"];
    let real = run_with(&config, &[], &[&["--context", "real"][..], &overview].concat());
    assert_eq!(real.status, Some(0), "{}", real.stderr);
    let real = real.json();
    assert_eq!(real["context"], "real");
    assert!(sessions(&real).contains(&json!(42.0)), "{:?}", sessions(&real));
    assert!(differences(&real, &stack.prometheus).1 > 10);

    let asked = other.requests();
    assert_eq!(asked, 0, "the other context's servers hear nothing");
    let night = run_with(&config, &[], &overview);
    assert_eq!(night.json()["context"], "night", "{}", night.stderr);
    assert!(!sessions(&night.json()).contains(&json!(42.0)));
    assert!(other.requests() > asked);

    let wrong = run_with(&config, &[], &[&["--context", "rael"][..], &overview].concat());
    assert_eq!(wrong.status, Some(2));
    assert!(wrong.stderr.contains("real"), "did you mean: {}", wrong.stderr);
}

#[test]
fn credentials_arrive_where_they_belong_and_are_never_told() {
    needs!("real::reach"; PROMETHEUS, ALERTMANAGER);
    let stack = Stack::start(RULES);
    let prometheus = Flaky::start(stack.prometheus.url());
    let alertmanager = Flaky::start(stack.alertmanager.url());
    let page = Flaky::start(&format!("http://{}", stack.feed.target("node-exporter")));
    let config = format!(
        "[sources.prometheus]\nurl = \"{}\"\ntenant = \"ward-7\"\nbasic = {{ user = \"ana\", password_file = \"@password\" }}\n\
         headers = {{ X-Way = \"north\" }}\n\
         [sources.alertmanager]\nurl = \"{}\"\ntenant = \"ward-8\"\nbearer_token_file = \"@token\"\n\
         [[sources.exposition]]\nname = \"mac\"\nurl = \"{}/metrics\"\nbearer_token_file = \"@page\"\n",
        prometheus.url(),
        alertmanager.url(),
        page.url()
    );
    let files = [("password", "s3cret-pa55\n"), ("token", "t0ken-a\n"), ("page", "t0ken-p\n")];
    for view in ["overview", "sources"] {
        let done = run_with(&config, &files, &["snapshot", view, "--format", "json"]);
        assert_eq!(done.status, Some(0), "{}", done.stderr);
        for secret in ["s3cret-pa55", "t0ken-a", "t0ken-p", "YW5hOnMzY3JldC1wYTU1"] {
            assert!(!done.stdout.contains(secret) && !done.stderr.contains(secret), "{secret} is told");
        }
    }
    // "ana:s3cret-pa55" in base 64.
    let basic = "Basic YW5hOnMzY3JldC1wYTU1";
    for (proxy, authorization, tenant, way) in [
        (&prometheus, basic, Some("ward-7"), Some("north")),
        (&alertmanager, "Bearer t0ken-a", Some("ward-8"), None),
        (&page, "Bearer t0ken-p", None, None),
    ] {
        let seen = proxy.seen("/");
        assert!(!seen.is_empty());
        for request in seen {
            assert_eq!(request.header("authorization"), Some(authorization), "{}", request.path);
            assert_eq!(request.header("x-scope-orgid"), tenant, "{}", request.path);
            assert_eq!(request.header("x-way"), way, "{}", request.path);
        }
    }
    // A secret that cannot be read is told by its file, and nothing is sent without it.
    prometheus.forget();
    let done = run_with(&config, &files[1..], &["snapshot", "overview", "--format", "json"]);
    assert_eq!(prometheus.count("/"), 0, "nothing goes out unsigned");
    assert!(done.status != Some(0) && done.stderr.contains("password"), "{:?} {}", done.status, done.stderr);
}

#[test]
fn a_server_under_a_path_is_found_there() {
    needs!("real::reach"; PROMETHEUS);
    let feed = Feed::start();
    let config = PrometheusConfig { prefix: "/monitoring/prom".to_owned(), ..feed.prometheus() };
    let prometheus = Prometheus::start(&config);
    prometheus.wait_scraped(hospital::JOBS.len());
    assert!(prometheus.url().ends_with("/monitoring/prom"));
    for url in [prometheus.url().to_owned(), format!("{}/", prometheus.url())] {
        let done = Console::new().run(&["--prometheus", &url, "snapshot", "hardware", "--format", "json"]);
        assert_eq!(done.status, Some(0), "{}", done.stderr);
        let (_, compared) = differences(&done.json(), &prometheus);
        assert!(compared >= 9, "{compared}");
    }
    // Without the prefix it is a clear failure.
    let root = prometheus.url().trim_end_matches("/monitoring/prom");
    let done = run(root, root, &["snapshot", "hardware", "--format", "json"]);
    assert_eq!(done.status, Some(3), "{}", done.stderr);
    assert!(done.stderr.contains("404"), "{}", done.stderr);
}
