//! Packs from outside: the shipped one is whole, a bad one yields every problem, a folder overrides.
// Tests may end by panicking: that is how they fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use plantao::model::{Labels, Severity};
use plantao::pack::{self, Cell, Pack, PanelKind, Row, Selector};

fn hospital() -> Pack {
    pack::load("hospital", &[]).unwrap_or_else(|problems| panic!("{}", shown(&problems)))
}

fn shown(problems: &[plantao::document::Problem]) -> String {
    problems.iter().map(ToString::to_string).collect()
}

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A small pack that is right; tests break it.
fn small(folder: &Path) {
    write(
        folder,
        "pack.toml",
        "title = \"Small\"\nzone = \"UTC\"\n[alerting]\nseverities = { critical = \"critical\" }\n",
    );
    write(folder, "panels.toml", "[up]\ntitle = \"Up\"\nkind = \"stat\"\nquery = \"up\"\n");
    write(
        folder,
        "pages.toml",
        "[[pages]]\nid = \"overview\"\ntitle = \"Overview\"\n[[pages.rows]]\ncells = [{ panel = \"up\" }]\n",
    );
}

fn panels(rows: &[Row]) -> Vec<String> {
    let cells = rows.iter().flat_map(|row| &row.cells);
    cells
        .flat_map(|cell| match cell {
            Cell::Panel { id, .. } => vec![id.clone()],
            Cell::Card { panels, .. } | Cell::Departments { panels } | Cell::Models { panels } => {
                panels.clone()
            }
            Cell::NeedsYou | Cell::DepartmentAlerts => Vec::new(),
        })
        .collect()
}

#[test]
fn every_shipped_pack_loads_without_a_problem() {
    for name in pack::shipped() {
        if let Err(problems) = pack::load(name, &[]) {
            panic!("{}", shown(&problems));
        }
    }
}

#[test]
fn every_file_of_a_shipped_pack_is_inside_the_program() {
    // Each file of the folder, broken or changed on disk alone, would not reach anybody: the list in the
    // program is by hand. A copy of the folder must load to the very same pack as the program's own.
    let on_disk = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs");
    for name in pack::shipped() {
        let mut from_disk = pack::load(name, std::slice::from_ref(&on_disk)).expect("loads from disk");
        let shipped = pack::load(name, &[]).expect("loads from the program");
        // What stands for these files in messages is the one thing that may differ.
        for (file, other) in from_disk.demo.iter_mut().zip(&shipped.demo) {
            file.world.name.clone_from(&other.world.name);
            file.metrics.name.clone_from(&other.metrics.name);
            file.signals.name.clone_from(&other.signals.name);
            file.alerting.name.clone_from(&other.alerting.name);
        }
        // Not `assert_eq`: two whole packs would be printed.
        assert!(from_disk == shipped, "{name}: a file on disk is not the one in the program");
        let runbooks = fs::read_dir(on_disk.join(name).join("runbooks")).unwrap().count();
        assert_eq!(
            runbooks,
            from_disk.alerts.values().filter(|info| info.runbook.is_some()).count(),
            "{name}: a runbook that no alert names"
        );
    }
    let folders = fs::read_dir(on_disk).unwrap().count();
    assert_eq!(folders, pack::shipped().len(), "a folder in packs/ that is not shipped");
}

#[test]
fn the_hospital_is_what_the_field_says() {
    let pack = hospital();
    assert_eq!(pack.zone, chrono_tz::America::Sao_Paulo);
    let ids: Vec<&str> = pack.departments.iter().map(|d| d.id.as_str()).collect();
    assert_eq!(ids, ["cardiology", "emergency", "surgery", "icu"]);
    let ids: Vec<&str> = pack.models.iter().map(|m| m.id.as_str()).collect();
    assert_eq!(ids, ["medgemma-4b", "whisper-large", "facenet", "ecg_analyzer", "triage_classifier"]);
    let response: Vec<_> = pack.alerting.response_s.iter().map(|(severity, s)| (*severity, *s)).collect();
    assert_eq!(
        response,
        [
            (Severity::Critical, 900),
            (Severity::High, 3600),
            (Severity::Medium, 14_400),
            (Severity::Low, 86_400)
        ]
    );
    assert_eq!(pack.alerting.watchdog.as_deref(), Some("Watchdog"));
    for page in
        ["overview", "department", "hardware", "models", "security", "compliance", "healthcare", "technical"]
    {
        assert!(pack.pages.iter().any(|known| known.id == page), "{page}");
    }
    assert_eq!(pack.alerts.len(), 24);
    assert!(pack.alerts.values().all(|info| info.category.is_some() && info.severity.is_some()));
}

#[test]
fn every_panel_of_the_hospital_stands_on_some_page() {
    let pack = hospital();
    let rows = pack.pages.iter().map(|page| &page.rows).chain(pack.departments.iter().map(|d| &d.rows));
    let used: BTreeSet<String> = rows.flat_map(|rows| panels(rows)).collect();
    let unused: Vec<&String> = pack.panels.keys().filter(|id| !used.contains(*id)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn the_overview_fits_24_lines_and_asks_once_for_four_departments() {
    let pack = hospital();
    let overview = &pack.pages[0];
    assert_eq!(overview.id, "overview");
    let first: u16 = overview.rows.iter().take(3).map(|row| row.height.unwrap_or(row.min_height)).sum();
    assert!(first <= 22, "{first}");
    let all: u16 = overview.rows.iter().map(|row| row.height.unwrap_or(row.min_height)).sum();
    assert!(all <= 38, "{all}");
    let cards = overview.rows.iter().flat_map(|row| &row.cells).find_map(|cell| match cell {
        Cell::Departments { panels } => Some(panels),
        _ => None,
    });
    for id in cards.expect("departments") {
        let panel = &pack.panels[id];
        assert!(!panel.query.contains('$'), "{id}: one query serves every card");
        assert_eq!(panel.select, [("department".to_owned(), "$department".to_owned())], "{id}");
    }
}

#[test]
fn the_hardware_lives_on_without_prometheus() {
    let pack = hospital();
    let page = pack.pages.iter().find(|page| page.id == "hardware").expect("hardware");
    for id in panels(&page.rows) {
        let panel = &pack.panels[&id];
        let fallback = panel.fallback.as_ref().unwrap_or_else(|| panic!("{id} has no fallback"));
        assert!(Selector::parse(fallback).is_ok(), "{id}");
        if panel.kind == PanelKind::Gauge && panel.max.is_none() {
            assert_eq!(panel.max_fallback.len(), 2, "{id}: total, else used + available");
        }
    }
}

fn alert(pairs: &[(&str, &str)]) -> Labels {
    Labels::new(pairs.iter().copied())
}

#[test]
fn of_the_label_and_the_assessment_the_worse_counts() {
    let pack = hospital();
    for (name, label, expected) in [
        ("HighMedicalRecordLatency", "warning", Severity::High), // assessed high
        ("MacStudioThermalThrottling", "critical", Severity::Critical), // assessed high only
        ("CFMDigitalSignatureNonCompliance", "critical", Severity::Critical),
        ("UnauthorizedDataAccess", "info", Severity::Critical), // assessed critical
        ("AIModelInferenceLatency", "warning", Severity::Medium),
        ("SomebodyElses", "warning", Severity::Medium),
        ("SomebodyElses", "Critical", Severity::Critical),
        ("SomebodyElses", "info", Severity::Low),
        ("SomebodyElses", "none", Severity::None),
        ("SomebodyElses", "sev17", Severity::Medium),
        ("Watchdog", "critical", Severity::None),
    ] {
        let labels = alert(&[("alertname", name), ("severity", label)]);
        assert_eq!(pack.severity_of(&labels), expected, "{name} {label}");
    }
    assert_eq!(pack.severity_of(&alert(&[("alertname", "SomebodyElses")])), Severity::Low);
    assert_eq!(pack.severity_of(&alert(&[("alertname", "MedicalRecordSystemDown")])), Severity::Critical);
    assert_eq!(pack.severity_of(&Labels::default()), Severity::Low);
}

#[test]
fn an_alert_that_calls_itself_critical_never_ends_below_high() {
    let pack = hospital();
    for name in pack.alerts.keys().filter(|name| *name != "Watchdog") {
        let labels = alert(&[("alertname", name), ("severity", "critical")]);
        assert!(pack.severity_of(&labels) <= Severity::High, "{name}");
    }
}

#[test]
fn categories_come_from_the_label_the_pack_and_the_name_in_this_order() {
    let pack = hospital();
    for (name, expected) in [
        // What the case-sensitive, first-substring test of old got wrong:
        ("UnauthorizedDataAccess", "security"),
        ("DataExfiltrationAttempt", "security"),
        ("SuspiciousAIUsage", "security"),
        // What only the name tells:
        ("unauthorized_login", "security"),
        ("AUTH_FAILURES", "security"),
        ("GpuAIQueueFull", "ai_model"),
        ("EmbeddingModelStale", "ai_model"),
        ("CheckoutLatencyHigh", "performance"),
        ("ServiceUNAVAILABLE", "availability"),
        ("RouterDown", "availability"),
        ("FailedBackup", "data_integrity"), // holds "ai" only inside a word
        ("DownloadsStuck", "data_integrity"),
        ("", "data_integrity"),
    ] {
        assert_eq!(pack.category_of(&alert(&[("alertname", name)])).as_deref(), Some(expected), "{name}");
    }
    let labelled = alert(&[("alertname", "AIModelAccuracyDrop"), ("category", "Security")]);
    assert_eq!(pack.category_of(&labelled).as_deref(), Some("security"));
}

#[test]
fn a_folder_overrides_the_shipped_pack_by_name_and_is_listed() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let dirs: Vec<PathBuf> = vec![first.path().to_owned(), second.path().to_owned(), "/nowhere".into()];
    fs::create_dir(first.path().join("hospital")).unwrap(); // no pack.toml: not meant as a pack
    assert_eq!(pack::load("hospital", &dirs).expect("shipped").title, "Hospital Real Português");

    small(&second.path().join("hospital"));
    small(&second.path().join("mine"));
    let loaded = pack::load("hospital", &dirs).unwrap_or_else(|problems| panic!("{}", shown(&problems)));
    assert_eq!((loaded.title.as_str(), loaded.name.as_str()), ("Small", "hospital"));
    assert!(loaded.rules.is_empty() && loaded.alerts.is_empty());

    let listed: Vec<(String, bool)> =
        pack::list(&dirs).into_iter().map(|listed| (listed.name, listed.folder.is_some())).collect();
    assert_eq!(listed, [("hospital".to_owned(), true), ("mine".to_owned(), true)]);
    let listed: Vec<String> = pack::list(&[]).into_iter().map(|listed| listed.name).collect();
    assert_eq!(listed, ["hospital"]);
}

#[test]
fn a_name_that_is_no_pack_says_what_there_is() {
    let text = |name: &str| shown(&pack::load(name, &[]).unwrap_err());
    assert_eq!(text("hospitl"), "pack: there is no pack `hospitl`\n  help: did you mean `hospital`?\n");
    assert_eq!(text("zoo"), "pack: there is no pack `zoo`\n  help: there are: hospital\n");
    assert_eq!(
        text("../hospital"),
        "pack: `../hospital` cannot be a pack's name\n  help: a pack's name is its folder's: letters, digits, `-` and `_`\n"
    );
    assert!(pack::load("", &[]).is_err());
}

#[test]
fn every_ready_query_of_a_shipped_pack_is_of_its_language() {
    use plantao::pack::ReadyQuery;
    use plantao::query::{logql::LogQl, promql::Promql, traceql::TraceQl};
    fn each(queries: &[ReadyQuery], why: impl Fn(&str) -> Option<String>) {
        assert!(!queries.is_empty());
        for one in queries {
            assert_eq!(why(&one.query), None, "{}: {}", one.id, one.query);
        }
    }
    for name in pack::shipped() {
        let explore = pack::load(name, &[]).expect("a shipped pack").explore;
        each(&explore.logs, |query| LogQl::parse(query).err().map(|error| error.to_string()));
        each(&explore.traces, |query| TraceQl::parse(query).err().map(|error| error.to_string()));
        each(&explore.metrics, |query| Promql::parse(query).err().map(|error| error.to_string()));
        let of_values = explore.links.iter().filter_map(|link| link.metrics.as_ref());
        for query in of_values.chain(&explore.service_metrics).chain(&explore.department_metrics) {
            let filled = pack::substitute(query, &[("value", "a\"b")]);
            assert_eq!(Promql::parse(&filled).err().map(|error| error.to_string()), None, "{filled}");
        }
        for one in &explore.components {
            let wrong = [
                one.logs
                    .as_deref()
                    .and_then(|query| LogQl::parse(query).err().map(|error| error.to_string())),
                one.traces
                    .as_deref()
                    .and_then(|query| TraceQl::parse(query).err().map(|error| error.to_string())),
                one.metrics
                    .as_deref()
                    .and_then(|query| Promql::parse(query).err().map(|error| error.to_string())),
            ];
            assert_eq!(wrong, [None, None, None], "{:?}", one.names);
        }
        assert!(!explore.logs[0].query.is_empty() && explore.margin_s > 0);
    }
}
