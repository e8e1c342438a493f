//! All playbooks there are: the pack's, and over them those of the person's folders, by name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Case, Fit, Playbook, fit, read};
use crate::document::Problem;
use crate::pack::Pack;
use crate::text::playbook::EN as WORDS;

/// Larger files are no playbook.
const LIMIT: u64 = 1 << 20;

/// All playbooks by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library(BTreeMap<String, Entry>);

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where it comes from: a file, or the pack.
    pub place: String,
    /// The playbook, or every problem of its file. One that has problems is not replaced by what it was to
    /// override: who wrote it thought the pack's was wrong.
    pub read: Result<Playbook, Vec<Problem>>,
}

impl Library {
    /// Reads the folders `playbooks` in `dirs`, the most particular first, over the pack's own.
    pub fn load(pack: &Pack, dirs: &[PathBuf]) -> Self {
        let mut all = BTreeMap::new();
        for playbook in &pack.playbooks {
            let place = format!("packs/{}/playbooks/{}.toml", pack.name, playbook.name);
            all.insert(playbook.name.clone(), Entry { place, read: Ok(playbook.clone()) });
        }
        let categories: Vec<&str> = pack.alerting.categories.iter().map(|one| one.id.as_str()).collect();
        for dir in dirs.iter().rev() {
            for (name, path) in files(&dir.join("playbooks")) {
                let shown = path.display().to_string();
                let read = text(&path, &shown)
                    .and_then(|text| read(&name, &shown, &text, &pack.response.levels, &categories));
                all.insert(name, Entry { place: shown, read });
            }
        }
        Self(all)
    }

    /// One of them.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.0.get(name)
    }

    /// All of them by name, those that are broken too.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.0.iter().map(|(name, entry)| (name.as_str(), entry))
    }

    /// Those that fit a case, the most particular first, each with its reasons.
    pub fn fitting(&self, case: &Case<'_>) -> Vec<(&Playbook, Fit)> {
        fit::fitting(self.0.values().filter_map(|entry| entry.read.as_ref().ok()), case)
    }

    /// How many cannot be used.
    pub fn broken(&self) -> usize {
        self.0.values().filter(|entry| entry.read.is_err()).count()
    }
}

/// The playbooks of a folder: name and path. A folder that is not there has none.
fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut all: Vec<(String, PathBuf)> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .filter_map(|path| {
            let name = path.file_stem()?.to_str()?.to_owned();
            (!name.starts_with('.')).then_some((name, path))
        })
        .collect();
    all.sort();
    all
}

fn text(path: &Path, shown: &str) -> Result<String, Vec<Problem>> {
    use std::io::Read;
    let told = |why: String| vec![Problem::bare(shown, (WORDS.unreadable)(&why))];
    let file = std::fs::File::open(path).map_err(|error| told(error.to_string()))?;
    let mut text = String::new();
    let read = file.take(LIMIT + 1).read_to_string(&mut text).map_err(|error| told(error.to_string()))?;
    if read as u64 > LIMIT {
        return Err(told((WORDS.too_large)(LIMIT)));
    }
    Ok(text)
}
