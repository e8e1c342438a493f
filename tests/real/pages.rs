//! Scraped pages: the hardware's gauges live on when Prometheus is down.

use serde_json::{Value, json};

use crate::needs;
use crate::stack::panes;
use crate::support::console::Console;
use crate::support::feed::{Feed, Mode};

#[test]
fn hardware_lives_on_from_its_own_page() {
    needs!("real::pages"; PROMETHEUS);
    let feed = Feed::start();
    feed.set("mac_studio_gpu_usage_percent", 87.25);
    let config = tempfile::NamedTempFile::with_suffix(".toml").expect("a file");
    // Nobody listens on port 1.
    let text = format!(
        "[sources.prometheus]\nurl = \"http://127.0.0.1:1\"\n\n[[sources.exposition]]\nname = \"mac\"\nurl = \"{}\"\n",
        feed.page_url("node-exporter")
    );
    std::fs::write(config.path(), text).expect("a configuration");
    let path = config.path().to_string_lossy().into_owned();
    let snapshot = |status: i32| {
        let done = Console::new().run(&["--config", &path, "snapshot", "hardware", "--format", "json"]);
        assert_eq!(done.status, Some(status), "{}", done.stderr);
        done.json()
    };
    let told = snapshot(4);
    let gpu: Vec<&Value> = panes(&told)
        .iter()
        .filter(|pane| {
            pane["values"].as_array().is_some_and(|values| values.iter().any(|v| v["value"] == json!(87.25)))
        })
        .collect();
    assert!(!gpu.is_empty(), "{told}");
    assert!(gpu.iter().all(|pane| pane["source"] == "exposition/mac"), "{gpu:?}");

    // A page that is a web page, or gone, is a failure and not an empty page.
    for mode in [Mode::Html, Mode::Refuse, Mode::Status(500)] {
        feed.mode("node-exporter", mode);
        let told = snapshot(3);
        assert!(
            panes(&told).iter().all(|pane| pane["state"] != "ready" && pane["state"] != "no_data"),
            "{mode:?}: {told}"
        );
    }
}
