//! Pages: overview, hardware, every state.

use super::*;

pub fn department(title: &str, word: &str, level: Level, at: f64, lines: usize) -> BoxVm {
    let hot = level != Level::Ok;
    let trend = move |low: f64, high: f64, turns: f64| {
        series(move |x| Some(if hot { rise(x, low, high) } else { wave(x + at * turns, low, high, turns) }))
    };
    let (p95, most) = if hot { ("12.4s", 12.4) } else { ("1.20s", 1.3) };
    let mut panes = vec![
        stat("sessions", &format!("{}", 42 + (at * 30.0) as i64), Level::Ok, trend(20.0, 61.0, 0.8)),
        stat("records/s", "3.1/s", Level::Ok, trend(1.0, 4.0, 2.6)),
        stat("p95", p95, level, trend(0.6, most, 1.5)),
        stat("errors", "0.0%", Level::Ok, series(|_| Some(0.0))),
    ];
    panes.truncate(lines);
    BoxVm { level, word: word.to_owned(), ..boxed(title, Content::Panes(panes)) }
}

pub fn departments(lines: usize) -> Vec<BoxVm> {
    vec![
        department("Cardiology", "ok", Level::Ok, 0.0, lines),
        department("Emergency", "degraded", Level::Warning, 0.2, lines),
        department("Surgery", "ok", Level::Ok, 0.45, lines),
        department("ICU", "ok", Level::Ok, 0.7, lines),
    ]
}

pub fn mac() -> Vec<PaneVm> {
    vec![
        gauge("CPU perf", "93.4%", 0.934, Level::Warning, "", series(|x| Some(rise(x, 31.0, 93.4)))),
        gauge("CPU eff", "41.0%", 0.41, Level::Ok, "", series(|x| Some(wave(x, 22.0, 60.0, 2.0)))),
        gauge("GPU", "97.2%", 0.972, Level::Critical, "", series(|x| Some(rise(x, 22.0, 97.0)))),
        gauge("Memory", "141 GiB", 0.55, Level::Ok, "", series(|x| Some(wave(x, 40.0, 70.0, 0.5)))),
        pane(
            "thermal",
            "Thermal",
            Draw::Stat(vec![Item {
                level: Level::Critical,
                word: "serious".to_owned(),
                ..item("", "2", Some(0))
            }]),
            vec![series(|x| Some(if x < 0.7 { 0.0 } else { 2.0 }))],
        ),
    ]
}

pub fn models() -> PaneVm {
    let bars = [
        ("medgemma-4b", "12.4s", 1.0, Level::Critical),
        ("whisper-large", "3.10s", 0.25, Level::Ok),
        ("facenet", "0.98s", 0.079, Level::Ok),
        ("ecg_analyzer", "0.41s", 0.033, Level::Ok),
    ];
    let items = bars
        .into_iter()
        .map(|(label, text, ratio, level)| Item { ratio: Some(ratio), level, ..item(label, text, None) })
        .collect();
    pane("models.p95", "AI latency p95", Draw::BarList(items), Vec::new())
}

pub fn needs_you(count: usize) -> BoxVm {
    let rows: Vec<AlertRowVm> = night().into_iter().take(count).map(AlertRowVm::Alert).collect();
    BoxVm {
        note: "answered 2s ago".to_owned(),
        level: Level::Critical,
        ..boxed(
            "Needs you · 6",
            Content::Alerts(AlertTableVm {
                cursor: Some(0),
                matching: 6,
                total: 9,
                state: PaneState::Ready,
                rows,
                ..AlertTableVm::default()
            }),
        )
    }
}

pub fn row(height: Option<u16>, boxes: Vec<(u16, BoxVm)>) -> RowVm {
    RowVm { height, min_height: 7, boxes }
}

/// The overview, its departments in one row or (narrow) in two.
pub fn overview(narrow: bool) -> Screen {
    let card = if narrow { 5 } else { 6 };
    let mut cards = departments(card - 2).into_iter().map(|card| (1, card));
    let mut rows =
        vec![row(Some(if narrow { 5 } else { 7 }), vec![(1, needs_you(if narrow { 3 } else { 5 }))])];
    if narrow {
        rows.push(row(Some(card as u16), cards.by_ref().take(2).collect()));
    }
    rows.push(row(Some(card as u16), cards.collect()));
    let mac = BoxVm {
        level: Level::Critical,
        word: "critical".to_owned(),
        ..boxed("Mac Studio M3 Ultra", Content::Panes(mac()))
    };
    let models =
        BoxVm { note: "answered 2s ago".to_owned(), ..boxed("AI latency p95", Content::Pane(models())) };
    rows.push(row(Some(7), vec![(3, mac), (2, models)]));
    if !narrow {
        rows.push(row(None, vec![(1, operations())]));
    }
    Screen {
        card: None,
        header: header(&["overview"]),
        body: Body::Page(PageVm { rows, scroll: 0, focus: Some(0) }),
        footer: page_footer(),
        overlay: None,
    }
}

pub fn operations() -> BoxVm {
    let names = ["cardiology", "emergency", "surgery", "icu"];
    let items = names
        .iter()
        .enumerate()
        .map(|(at, name)| Item {
            stats: Some(["3.10/s", "1.02/s", "6.40/s", "2.87/s"].map(str::to_owned)),
            ..item(name, "3.10/s", Some(at))
        })
        .collect();
    let lines = vec![
        series(|x| Some(wave(x, 2.0, 4.0, 1.5))),
        series(|x| Some(rise(x, 1.2, 6.4))),
        series(|x| (!(0.3..0.45).contains(&x)).then(|| wave(x + 0.3, 0.4, 2.2, 2.5))),
        series(|x| Some(wave(x + 0.6, 4.0, 5.2, 0.8))),
    ];
    let draw = Draw::Chart {
        items,
        y: (0.0, 8.0),
        y_labels: ["0/s", "4/s", "8/s"].map(str::to_owned).to_vec(),
        x_labels: ["02:12", "02:27", "02:42", "02:57", "03:12"].map(str::to_owned).to_vec(),
        marks: vec![(7.0, Level::Warning)],
    };
    let mut vm = pane("ops", "Record operations", draw, lines);
    vm.unit = Unit::PerSecond;
    BoxVm { note: "answered 2s ago".to_owned(), ..boxed("Record operations", Content::Pane(vm)) }
}

/// The overview of a large screen on a small one: scrolled.
pub fn overview_scrolled() -> Screen {
    let mut screen = overview(false);
    if let Body::Page(page) = &mut screen.body {
        page.scroll = 9;
        page.focus = Some(5);
    }
    screen
}

/// The hardware page: gauges, charts, single numbers, a table.
pub fn hardware(narrow: bool) -> Screen {
    let thermal = pane(
        "thermal",
        "Thermal state",
        Draw::Stat(vec![Item {
            level: Level::Critical,
            word: "serious".to_owned(),
            ..item("", "2", Some(0))
        }]),
        vec![series(|x| {
            Some(if x < 0.5 {
                0.0
            } else if x < 0.7 {
                1.0
            } else {
                2.0
            })
        })],
    );
    let power = pane(
        "power",
        "Power",
        Draw::Stat(vec![item("", "214W", Some(0))]),
        vec![series(|x| Some(rise(x, 80.0, 214.0)))],
    );
    let temperature = pane(
        "temperature",
        "Temperature",
        Draw::Sparkline(vec![
            item("CPU", "93°C", Some(0)),
            Item { level: Level::Warning, ..item("GPU", "97°C", Some(1)) },
        ]),
        vec![
            series(|x| (!(0.2..0.3).contains(&x)).then(|| rise(x, 54.0, 93.0))),
            series(|x| Some(rise(x, 51.0, 97.0))),
        ],
    );
    let cpu_items = ["performance", "efficiency"]
        .iter()
        .enumerate()
        .map(|(at, name)| Item {
            level: if at == 0 { Level::Warning } else { Level::Ok },
            stats: Some(["93.4%", "29.8%", "95.1%", "51.2%"].map(str::to_owned)),
            ..item(name, if at == 0 { "93.4%" } else { "41.0%" }, Some(at))
        })
        .collect();
    let cpu = pane(
        "cpu",
        "CPU",
        Draw::Chart {
            items: cpu_items,
            y: (0.0, 100.0),
            y_labels: ["0%", "50%", "100%"].map(str::to_owned).to_vec(),
            x_labels: ["02:12", "02:42", "03:12"].map(str::to_owned).to_vec(),
            marks: vec![(90.0, Level::Warning)],
        },
        vec![series(|x| Some(rise(x, 31.0, 93.4))), series(|x| Some(wave(x, 22.0, 60.0, 2.0)))],
    );
    let volumes = pane(
        "volumes",
        "Volumes",
        Draw::Table {
            columns: ["volume", "used", "size", "full"].map(str::to_owned).to_vec(),
            rows: vec![
                (
                    Level::Warning,
                    ["/System/Volumes/Data", "3.41 TiB", "3.99 TiB", "85.4%"].map(str::to_owned).to_vec(),
                ),
                (
                    Level::Ok,
                    ["/Volumes/imagens médicas", "9.2 TiB", "15.9 TiB", "57.9%"].map(str::to_owned).to_vec(),
                ),
                (Level::Ok, ["/", "11.2 GiB", "3.99 TiB", "0.3%"].map(str::to_owned).to_vec()),
            ],
        },
        Vec::new(),
    );
    let with_note = |title: &str, level: Level, content: Content| BoxVm {
        note: "answered 2s ago".to_owned(),
        level,
        ..boxed(title, content)
    };
    let mac = BoxVm {
        word: "critical".to_owned(),
        ..with_note("Mac Studio M3 Ultra", Level::Critical, Content::Panes(mac()))
    };
    let thermal = with_note("Thermal state", Level::Critical, Content::Pane(thermal));
    let power = boxed("Power", Content::Pane(power));
    let temperature = boxed("Temperature", Content::Pane(temperature));
    let cpu = with_note("CPU", Level::Warning, Content::Pane(cpu));
    let volumes = boxed("Volumes", Content::Pane(volumes));
    let rows = if narrow {
        vec![
            row(Some(7), vec![(1, mac)]),
            row(Some(6), vec![(1, thermal), (1, power), (1, temperature)]),
            row(None, vec![(1, cpu)]),
            row(Some(6), vec![(1, volumes)]),
        ]
    } else {
        vec![
            row(Some(7), vec![(3, mac), (1, thermal), (1, power)]),
            row(None, vec![(1, cpu)]),
            row(Some(9), vec![(1, temperature), (1, volumes)]),
        ]
    };
    Screen {
        card: None,
        header: header(&["hardware"]),
        body: Body::Page(PageVm { rows, scroll: 0, focus: Some(1) }),
        footer: page_footer(),
        overlay: None,
    }
}

/// A page whose panes are in every state.
pub fn states() -> Screen {
    let failing = |state: PaneState, message: &str| {
        let mut vm = pane("x", "sessions", Draw::Stat(Vec::new()), Vec::new());
        vm.state = state;
        message.clone_into(&mut vm.message);
        vm
    };
    let stale = |mut vm: PaneVm| {
        vm.state = PaneState::Stale;
        vm
    };
    let stated = |title: &str, state: PaneState, note: &str, content: Content| BoxVm {
        state,
        note: note.to_owned(),
        ..boxed(title, content)
    };
    let unknown_gauge = pane("gpu", "GPU", Draw::Gauge(vec![item("", "", None)]), Vec::new());
    let mut mixed = vec![
        gauge("CPU perf", "93.4%", 0.934, Level::Warning, "", series(|x| Some(rise(x, 31.0, 93.4)))),
        unknown_gauge,
        failing(PaneState::NoData, "no series matches"),
        failing(PaneState::Failed, "422: unknown function \"historgam_quantile\""),
    ];
    let old = stale(mixed.remove(0));
    mixed.insert(0, old);
    mixed.insert(
        1,
        gauge("Memory", "141 GiB", 0.55, Level::Ok, "", series(|x| Some(wave(x, 40.0, 70.0, 0.5)))),
    );
    let rows = vec![
        row(
            Some(5),
            vec![
                (
                    1,
                    stated("Loading", PaneState::Loading, "", Content::Pane(failing(PaneState::Loading, ""))),
                ),
                (1, stated("No data", PaneState::NoData, "", Content::Pane(failing(PaneState::NoData, "")))),
                (
                    1,
                    stated(
                        "Unconfigured",
                        PaneState::Unconfigured,
                        "",
                        Content::Pane(failing(PaneState::Unconfigured, "no Prometheus is configured")),
                    ),
                ),
            ],
        ),
        row(
            Some(6),
            vec![
                (
                    1,
                    stated(
                        "Failed",
                        PaneState::Failed,
                        "UNKNOWN: timeout",
                        Content::Pane(failing(
                            PaneState::Failed,
                            "Prometheus did not answer within 5s; asking again in 12s",
                        )),
                    ),
                ),
                (
                    1,
                    stated(
                        "Sessions",
                        PaneState::Stale,
                        "40s old",
                        Content::Pane(stale(stat(
                            "Sessions",
                            "61",
                            Level::Ok,
                            series(|x| (x < 0.8).then(|| wave(x, 20.0, 61.0, 1.5))),
                        ))),
                    ),
                ),
                (
                    1,
                    BoxVm {
                        word: "UNKNOWN".to_owned(),
                        ..stated(
                            "ICU",
                            PaneState::Failed,
                            "",
                            Content::Panes(vec![
                                failing(PaneState::Failed, "timeout"),
                                failing(PaneState::Failed, "timeout"),
                            ]),
                        )
                    },
                ),
            ],
        ),
        row(Some(7), vec![(1, stated("Mixed", PaneState::Ready, "3 of 5 answered", Content::Panes(mixed)))]),
        row(
            None,
            vec![(
                1,
                boxed(
                    "Nothing here",
                    Content::Text(vec!["This department has no panels of its own.".to_owned()]),
                ),
            )],
        ),
    ];
    Screen {
        card: None,
        header: header(&["departments", "ICU"]),
        body: Body::Page(PageVm { rows, scroll: 0, focus: None }),
        footer: Footer {
            notice: Some((Level::Warning, "Prometheus answers slowly".to_owned())),
            ..Footer::default()
        },
        overlay: None,
    }
}
