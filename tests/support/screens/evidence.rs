//! One alert in full, and the sources.

use super::*;

/// One alert in full.
pub fn detail() -> Screen {
    let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    };
    let section =
        |title: &str, list: &[(&str, &str)]| SectionVm { title: title.to_owned(), lines: pairs(list) };
    let trend = pane(
        "trend",
        "mac_studio_thermal_state",
        Draw::Chart {
            items: vec![Item {
                level: Level::Critical,
                stats: Some(["3", "0", "3", "0.84"].map(str::to_owned)),
                ..item("", "3", Some(0))
            }],
            y: (0.0, 3.0),
            y_labels: ["0", "1", "2", "3"].map(str::to_owned).to_vec(),
            x_labels: ["02:12", "02:42", "03:12"].map(str::to_owned).to_vec(),
            marks: vec![(2.0, Level::Critical)],
        },
        vec![series(|x| {
            Some(if x < 0.62 {
                0.0
            } else if x < 0.7 {
                1.0
            } else if x < 0.8 {
                2.0
            } else {
                3.0
            })
        })],
    );
    Screen {
        card: None,
        header: header(&["alerts", "MacStudioThermalThrottling"]),
        body: Body::AlertDetail(DetailVm {
            title: "CRITICAL MacStudioThermalThrottling".to_owned(),
            severity: Severity::Critical,
            note: "answered 2s ago".to_owned(),
            state: PaneState::Ready,
            sections: vec![
                section(
                    "",
                    &[
                        ("state", "firing since 12m (02:59:50)"),
                        ("response", "acknowledge within 3m"),
                        (
                            "summary",
                            "Thermal state is critical; the processor slows itself down to stay cool, so that AI answers take longer",
                        ),
                    ],
                ),
                section(
                    "Labels",
                    &[
                        ("alertname", "MacStudioThermalThrottling"),
                        ("severity", "critical"),
                        ("instance", "mac-studio:9100"),
                        ("hospital", "real-portuguese"),
                    ],
                ),
                section(
                    "Rule",
                    &[("expression", "mac_studio_thermal_state >= 2"), ("for", "1m"), ("value", "3")],
                ),
                section(
                    "Runbook",
                    &[(
                        "",
                        "## First\n- Look at **GPU** and CPU: is one model taking all of it? Queue its requests before anything else is tried.\n- Check the room: door, fan, air conditioning.\n\n## Then\n1. Shed AI load: transcription first, triage last.\n2. Call facilities if the state stays at 3 for ten minutes.\n```\n  curl -s localhost:9100/metrics | grep thermal\n```",
                    )],
                ),
            ],
            trend: Some(trend),
            trend_note: "<40s".to_owned(),
            scroll: 0,
        }),
        footer: footer(&[
            ("?", "help"),
            ("Backspace", "back"),
            ("j k", "scroll"),
            ("y", "copy"),
            ("o", "runbook link"),
        ]),
        overlay: None,
    }
}

/// The sources' view.
pub fn sources() -> Screen {
    use PaneState::{Failed, Ready, Stale, Unconfigured};

    let source =
        |name: &str, state, url: &str, version: &str, latency: &str, age: &str, message: &str| SourceRowVm {
            name: name.to_owned(),
            state,
            url: url.to_owned(),
            version: version.to_owned(),
            latency: latency.to_owned(),
            age: age.to_owned(),
            message: message.to_owned(),
        };
    let target = |job: &str, instance: &str, health: &str, level, error: &str| TargetRowVm {
        job: job.to_owned(),
        instance: instance.to_owned(),
        health: health.to_owned(),
        level,
        last_scrape: "5s".to_owned(),
        error: error.to_owned(),
    };
    Screen {
        card: None,
        header: header(&["sources"]),
        body: Body::Sources(SourcesVm {
            rows: vec![
                source("prometheus", Ready, "http://127.0.0.1:9090", "2.42.0", "12ms", "2s", ""),
                source(
                    "alertmanager",
                    Failed,
                    "https://alerts.hospital.example",
                    "0.25.0",
                    "",
                    "40s",
                    "401: the token is not accepted",
                ),
                source(
                    "loki",
                    Stale,
                    "http://loki.hospital.example:3100",
                    "3.7.6",
                    "31ms",
                    "1m10s",
                    "429: too many requests",
                ),
                source("tempo", Unconfigured, "", "", "", "", ""),
                source(
                    "exposition/mac",
                    Ready,
                    "http://127.0.0.1:9101/metrics",
                    "",
                    "3ms",
                    "5s",
                    "214 samples",
                ),
            ],
            cursor: 1,
            detail: vec![
                ("address".to_owned(), "https://alerts.hospital.example".to_owned()),
                ("fault".to_owned(), "401 Unauthorized: the token is not accepted".to_owned()),
                (
                    "what to do".to_owned(),
                    "Check bearer_token_file of [sources.alertmanager]; the file is read again at every try."
                        .to_owned(),
                ),
                ("next try".to_owned(), "in 8s".to_owned()),
            ],
            targets: vec![
                target(
                    "ai-engine",
                    "127.0.0.1:8083",
                    "down",
                    Level::Critical,
                    "Get \"http://127.0.0.1:8083/metrics\": connection refused",
                ),
                target("api-gateway", "127.0.0.1:8080", "up", Level::Ok, ""),
                target("auth-service", "127.0.0.1:8081", "up", Level::Ok, ""),
                target("medical-api", "127.0.0.1:8082", "up", Level::Ok, ""),
                target("node-exporter", "127.0.0.1:9100", "up", Level::Ok, ""),
            ],
            targets_note: "answered 2s ago".to_owned(),
            targets_state: Ready,
        }),
        footer: page_footer(),
        overlay: None,
    }
}
