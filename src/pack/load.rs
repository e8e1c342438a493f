//! Loading a pack: its files, all their problems, the references between them.

use std::path::PathBuf;
use std::sync::Arc;

use super::files::{Files, is_pack};
use super::{
    DemoFile, DemoFiles, Pack, Playbook, advice, alerts, embedded, events, explore, incidents, manifest,
    page, panel, playbook, signals,
};
use crate::document::{Document, Problem, Problems, Section};
use crate::text::pack::EN as WORDS;

/// A pack that can be loaded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Name.
    pub name: String,
    /// Its folder; `None` for a shipped pack that nothing overrides.
    pub folder: Option<PathBuf>,
}

/// Names of the packs inside the program.
pub fn shipped() -> &'static [&'static str] {
    embedded::NAMES
}

/// Every pack there is, by name; a folder in `dirs` (the first that has it) overrides a shipped one.
/// A directory that cannot be read lists nothing.
pub fn list(dirs: &[PathBuf]) -> Vec<Listed> {
    let mut all: Vec<Listed> = Vec::new();
    for dir in dirs {
        let Ok(entries) = std::fs::read_dir(dir) else { continue };
        for folder in entries.flatten().map(|entry| entry.path()) {
            let Some(name) = folder.file_name().and_then(|name| name.to_str()).map(str::to_owned) else {
                continue;
            };
            if is_name(&name) && is_pack(&folder) && all.iter().all(|known| known.name != name) {
                all.push(Listed { name, folder: Some(folder) });
            }
        }
    }
    for name in shipped() {
        if all.iter().all(|known| known.name != *name) {
            all.push(Listed { name: (*name).to_owned(), folder: None });
        }
    }
    all.sort();
    all
}

/// Loads and checks a pack: the folder of this name in the first of `dirs` that has one with a
/// `pack.toml`, else the shipped one. The error is every problem of every file.
pub fn load(name: &str, dirs: &[PathBuf]) -> Result<Pack, Vec<Problem>> {
    if !is_name(name) {
        let (message, help) = (WORDS.bad_name)(name);
        return Err(vec![Problem::bare("pack", message).with_help(help)]);
    }
    let Some(files) = Files::find(name, dirs) else {
        let names: Vec<String> = list(dirs).into_iter().map(|listed| listed.name).collect();
        let (message, there) = (WORDS.unknown_pack)(name, &names);
        let help = crate::document::did_you_mean(name, names.iter().map(String::as_str))
            .map_or(there, |near| (WORDS.did_you_mean)(near));
        return Err(vec![Problem::bare("pack", message).with_help(help)]);
    };
    read(name, &files)
}

/// The name of a folder right inside a packs directory, and nothing that could lead elsewhere.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// Reads every file; problems come in the order pack, panels, pages, alerts, incidents, explore, events, signals.
fn read(name: &str, files: &Files) -> Result<Pack, Vec<Problem>> {
    let (panels, panel_problems) = with_file(files, "panels.toml", true, panel::read);
    let known = panels.unwrap_or_default();
    let (manifest, manifest_problems) =
        with_file(files, "pack.toml", true, |root, problems| manifest::read(root, &known, problems));
    // A manifest that is not there or not TOML has its problem already; the rest is still checked.
    let manifest = manifest.unwrap_or_default();
    let (pages, page_problems) =
        with_file(files, "pages.toml", true, |root, problems| page::read(root, &known, &manifest, problems));
    let (alerts, alert_problems) = with_file(files, "alerts.toml", false, |root, problems| {
        alerts::read(root, files, &manifest, problems)
    });
    let alerts = alerts.unwrap_or_default();
    let (incidents, incident_problems) = with_file(files, "incidents.toml", false, |root, problems| {
        incidents::read(root, &manifest, &alerts, problems)
    });
    let (explore, explore_problems) = with_file(files, "explore.toml", false, explore::read);
    let (events, event_problems) = with_file(files, "events.toml", false, events::read);
    let (signals, signal_problems) = with_file(files, "signals.toml", false, signals::read);
    let mut problems = [
        manifest_problems,
        panel_problems,
        page_problems,
        alert_problems,
        incident_problems,
        explore_problems,
        event_problems,
        signal_problems,
    ]
    .concat();
    let rules = files.read("rules.yml").unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    let playbooks = playbooks(files, &manifest, &mut problems);
    // Last: it names playbooks.
    let (advice, advice_problems) = with_file(files, "advice.toml", false, |root, problems| {
        advice::read(root, &manifest, &playbooks, problems)
    });
    problems.extend(advice_problems);
    let demo = demo_files(files).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    let explore = explore.unwrap_or_default();
    let mut signals = signals.unwrap_or_default();
    if signals.component_labels.is_empty() {
        signals.component_labels.clone_from(&explore.service_labels);
    }
    Ok(Pack {
        name: name.to_owned(),
        title: manifest.title,
        zone: manifest.zone,
        alerting: manifest.alerting,
        departments: manifest.departments,
        models: manifest.models,
        panels: known.by_id,
        pages: pages.unwrap_or_default(),
        alerts,
        rules: Arc::from(rules.unwrap_or_default().as_ref()),
        explore,
        events: events.unwrap_or_default(),
        incidents: incidents.unwrap_or_default(),
        response: manifest.response,
        playbooks,
        signals,
        advice: advice.unwrap_or_default(),
        demo,
    })
}

/// The files of `playbooks/`, each named after its file.
fn playbooks(files: &Files, manifest: &manifest::Manifest, problems: &mut Vec<Problem>) -> Vec<Playbook> {
    let categories: Vec<&str> = manifest.alerting.categories.iter().map(|one| one.id.as_str()).collect();
    let mut all = Vec::new();
    for file in files.list("playbooks") {
        let path = format!("playbooks/{file}");
        let name = file.strip_suffix(".toml").unwrap_or(&file);
        match files.read(&path) {
            Ok(Some(text)) => {
                let shown = files.shown(&path);
                match playbook::read(name, &shown, &text, &manifest.response.levels, &categories) {
                    Ok(playbook) => all.push(playbook),
                    Err(list) => problems.extend(list),
                }
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    all
}

/// The `demo/` folder: all of its files, or none of them.
fn demo_files(files: &Files) -> Result<Option<DemoFiles>, Problem> {
    let names = ["demo/world.toml", "demo/metrics.toml", "demo/signals.toml", "demo/alertmanager.toml"];
    let mut read = Vec::new();
    for file in names {
        let text = files.read(file)?;
        read.push(text.map(|text| DemoFile { name: files.shown(file), text: Arc::from(text.as_ref()) }));
    }
    let missing = read.iter().position(Option::is_none);
    let mut read = read.into_iter().flatten();
    match (read.next(), read.next(), read.next(), read.next()) {
        (Some(world), Some(metrics), Some(signals), Some(alerting)) => {
            Ok(Some(DemoFiles { world, metrics, signals, alerting }))
        }
        (None, ..) => Ok(None),
        _ => {
            let missing = missing.and_then(|at| names.get(at)).copied().unwrap_or("demo");
            Err(Problem::bare(files.shown("pack.toml"), (WORDS.file_missing)(missing)))
        }
    }
}

/// Reads one TOML file with `read`; what nobody asked for in it is a problem too.
fn with_file<T>(
    files: &Files,
    file: &str,
    required: bool,
    read: impl FnOnce(&Section<'_, '_>, &mut Problems) -> T,
) -> (Option<T>, Vec<Problem>) {
    let text = match files.read(file) {
        Ok(Some(text)) => text,
        Ok(None) if required => {
            return (None, vec![Problem::bare(files.shown("pack.toml"), (WORDS.file_missing)(file))]);
        }
        Ok(None) => return (None, Vec::new()),
        Err(problem) => return (None, vec![problem]),
    };
    let mut problems = Problems::new(files.shown(file), &text);
    let read = Document::parse(&text, &mut problems).map(|document| {
        let root = document.root();
        let read = read(&root, &mut problems);
        root.finish(&mut problems);
        read
    });
    (read, problems.into_list())
}
