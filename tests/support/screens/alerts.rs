//! The alerts' view.

use super::*;

/// Alerts of a bad night, worst first.
pub fn night() -> Vec<AlertLineVm> {
    use Severity::{Critical, High, Low, Medium};

    let with = |mut line: AlertLineVm, component: &str, age: &str, clock: &str, level, summary: &str| {
        component.clone_into(&mut line.component);
        age.clone_into(&mut line.age);
        clock.clone_into(&mut line.clock);
        line.clock_level = level;
        summary.clone_into(&mut line.summary);
        line
    };
    let quiet = |mut line: AlertLineVm, state, word: &str| {
        line.state = state;
        word.clone_into(&mut line.state_word);
        line.clock = String::new();
        line
    };
    vec![
        with(
            alert(Critical, "CRITICAL", "MacStudioHighMemory", "all"),
            "mac-studio",
            "17m",
            "late 2m",
            Level::Critical,
            "Memory is 96.1% full: 246 of 256 GiB",
        ),
        with(
            alert(Critical, "CRITICAL", "MacStudioThermalThrottling", "all"),
            "mac-studio",
            "12m",
            "ack in 3m",
            Level::Warning,
            "Thermal state is critical; the processor slows itself down",
        ),
        with(
            alert(High, "HIGH", "HighMedicalRecordLatency", "Emergency"),
            "medical-api",
            "8m",
            "ack in 52m",
            Level::Ok,
            "95th percentile of record operations is 4.8 s",
        ),
        with(
            alert(Medium, "WARNING", "AIModelInferenceLatency", "all"),
            "medgemma-4b",
            "3m40s",
            "ack in 3h56m",
            Level::Ok,
            "medgemma-4b answers in 12.4 s, 95th percentile",
        ),
        with(
            alert(Medium, "WARNING", "FaceRecognitionLatency", "all"),
            "facenet",
            "3m15s",
            "ack in 3h56m",
            Level::Ok,
            "Face recognition takes 6.1 s, 95th percentile",
        ),
        with(
            alert(Low, "INFO", "SUSBedOccupancyThresholdExceeded", "ICU"),
            "",
            "6h12m",
            "ack in 17h",
            Level::Ok,
            "Bed occupancy 97%: uti-adulto",
        ),
        quiet(
            with(
                alert(High, "HIGH", "CFMDigitalSignatureNonCompliance", "Cardiology"),
                "",
                "2d4h",
                "",
                Level::Ok,
                "3 records were signed without ICP-Brasil; fix is deployed on Monday",
            ),
            AlertState::Silenced,
            "silenced",
        ),
        quiet(
            with(
                alert(Medium, "WARNING", "LowVoiceTranscriptionQuality", "Surgery"),
                "whisper-large",
                "9m",
                "",
                Level::Ok,
                "Median confidence 0.74",
            ),
            AlertState::Inhibited,
            "inhibited",
        ),
        quiet(
            with(
                alert(Medium, "WARNING", "HighFailedAuthRate", "Surgery"),
                "auth-service",
                "45s",
                "",
                Level::Ok,
                "0.31 failed sign-ins a second",
            ),
            AlertState::Pending,
            "pending",
        ),
    ]
}

pub fn alerts_footer() -> Footer {
    footer(&[
        ("?", "help"),
        (":", "command"),
        ("/", "filter"),
        ("Enter", "open"),
        ("Space", "select"),
        ("s", "sort"),
        ("g", "group"),
        ("m", "muted"),
        ("p", "pending"),
        ("y", "copy"),
    ])
}

/// The alerts' view: flat, with a selection and quiet alerts.
pub fn alerts() -> Screen {
    let mut lines = night();
    lines[1].selected = true;
    lines[3].selected = true;
    Screen {
        card: None,
        header: header(&["alerts"]),
        body: Body::Alerts(AlertsVm {
            summary: "2 critical · 1 high · 2 warning · 1 info · 2 muted".to_owned(),
            note: "answered 2s ago".to_owned(),
            state: PaneState::Ready,
            order: "worst first · 2 selected".to_owned(),
            table: AlertTableVm {
                rows: lines.into_iter().map(AlertRowVm::Alert).collect(),
                cursor: Some(3),
                matching: 9,
                total: 9,
                ..AlertTableVm::default()
            },
            ..AlertsVm::default()
        }),
        footer: alerts_footer(),
        overlay: None,
    }
}

/// Grouped by department and filtered, out of ten thousand, with the dead-man's switch speaking.
pub fn alerts_grouped() -> Screen {
    let mut rows = vec![AlertRowVm::Group {
        title: "All departments".to_owned(),
        count: 4,
        severity: Severity::Critical,
        folded: false,
    }];
    rows.extend(night().into_iter().take(2).map(AlertRowVm::Alert));
    rows.extend(night().into_iter().skip(3).take(2).map(AlertRowVm::Alert));
    rows.push(AlertRowVm::Group {
        title: "Cardiology".to_owned(),
        count: 412,
        severity: Severity::High,
        folded: true,
    });
    rows.push(AlertRowVm::Group {
        title: "Emergency".to_owned(),
        count: 1,
        severity: Severity::High,
        folded: false,
    });
    rows.extend(night().into_iter().skip(2).take(1).map(AlertRowVm::Alert));
    Screen {
        card: None,
        header: Header { badges: vec!["READ ONLY".to_owned()], ..header(&["alerts"]) },
        body: Body::Alerts(AlertsVm {
            summary: "214 critical · 1,022 high".to_owned(),
            note: "answered 5s ago".to_owned(),
            state: PaneState::Ready,
            watchdog: Some((
                Level::Critical,
                "Watchdog is absent since 3m20s: alerts may not be reaching anybody.".to_owned(),
            )),
            order: "by department · nearest deadline first".to_owned(),
            filter: Some(FilterVm {
                text: "severity=\"critical\" lat".to_owned(),
                cursor: Some(23),
                error: None,
            }),
            sort: AlertColumn::Clock,
            reversed: false,
            table: AlertTableVm {
                rows,
                cursor: Some(5),
                matching: 1236,
                total: 10_000,
                offset: 40,
                ..AlertTableVm::default()
            },
        }),
        footer: Footer { pending: "g".to_owned(), ..alerts_footer() },
        overlay: None,
    }
}

/// Alertmanager does not answer: what is known is old.
pub fn alerts_unknown() -> Screen {
    let mut header = header(&["alerts"]);
    header.sources[1] = lamp("am", PaneState::Failed, "refused");
    "PAST 03:00–04:00".clone_into(&mut header.window);
    header.live = false;
    Screen {
        card: None,
        header,
        body: Body::Alerts(AlertsVm {
            note: "UNKNOWN: refused, last answer 40s ago".to_owned(),
            state: PaneState::Failed,
            order: "worst first".to_owned(),
            table: AlertTableVm {
                state: PaneState::Failed,
                empty: vec![
                    "UNKNOWN: Alertmanager has not answered for 40s.".to_owned(),
                    "Last seen: 2 critical. Check that it runs at http://127.0.0.1:9093.".to_owned(),
                ],
                ..AlertTableVm::default()
            },
            ..AlertsVm::default()
        }),
        footer: Footer {
            notice: Some((
                Level::Critical,
                "Alertmanager refused the connection; asking again in 8s".to_owned(),
            )),
            ..alerts_footer()
        },
        overlay: None,
    }
}
