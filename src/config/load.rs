//! Finds the files, lays the layers over each other, and tells all problems at once.

use std::path::{Path, PathBuf};

use super::desk::Desk;
use super::inputs::Inputs;
use super::origin::{Origin, Origins};
use super::part::{Part, Place, Values, lay};
use super::resolve;
use super::types::Config;
use super::{env, file};
use crate::document::Problem;
use crate::text::config::EN as WORDS;

/// A loaded configuration and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// Who decided each value.
    pub origins: Origins,
    /// What the person should know though it is no problem; one sentence each.
    pub notes: Vec<String>,
    /// Folders that may hold `themes`, `keymaps` and `packs`, the most particular first.
    pub user_dirs: Vec<PathBuf>,
    /// Which files were used.
    pub files: Files,
}

/// The files of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// The system's file, where it is there.
    pub system: Option<PathBuf>,
    /// The person's file, where there is one.
    pub user: Option<PathBuf>,
    /// Every place that was looked at, in order, up to the one used.
    pub looked: Vec<PathBuf>,
}

/// Name of the file in each folder.
const FILE: &str = "config.toml";

/// Loads. With neither file nor address the configuration is valid and has no sources.
pub fn load(inputs: &Inputs) -> Result<Loaded, Vec<Problem>> {
    let mut desk = Desk::default();
    let mut files = Files::default();
    let mut layers: Vec<Part> = Vec::new();
    let home = inputs.paths.home.as_deref();

    if let Some(folder) = &inputs.paths.system {
        let path = folder.join(FILE);
        if let Some(text) = look(&path, &mut files, &mut desk) {
            layers.push(file::part(&path, &text, home, &mut desk));
            files.system = Some(path);
        }
    }
    if let Some((path, text)) = user_file(inputs, &mut files, &mut desk) {
        layers.push(file::part(&path, &text, home, &mut desk));
        files.user = Some(path);
    }
    let of_the_machine = of_the_machine(&mut layers, &files, &mut desk);
    let from_env = env::variables(&inputs.env, &mut desk);
    let from_flags = env::flags(inputs, &mut desk);

    let mut whole = Part::default();
    for layer in layers {
        lay_files(&mut whole, layer, &mut desk);
    }
    // The machine's pseudonyms are the same for everybody who works at it, and so are its journal and its roles.
    lay(&mut whole.values.privacy_key_file, of_the_machine.privacy_key_file);
    lay(&mut whole.values.journal, of_the_machine.journal);
    lay(&mut whole.values.audit_key, of_the_machine.audit_key);
    whole.values.roles = of_the_machine.roles;
    whole.values.reveal = of_the_machine.reveal;
    let over = [from_env, from_flags];
    let (config, origins) = resolve::resolve(whole, over, inputs.login.as_deref(), &mut desk);
    let (problems, notes) = desk.finish();
    if !problems.is_empty() {
        return Err(problems);
    }
    let user_dirs = user_dirs(inputs, &files);
    Ok(Loaded { config, origins, notes, user_dirs, files })
}

/// What the machine's own file has the last word about: roles and revealing are nobody else's to say, and whoever could
/// choose another journal would act where no colleague sees it and no audit is kept. What a person's file says of it is
/// left out, and told.
fn of_the_machine(layers: &mut [Part], files: &Files, desk: &mut Desk) -> Values {
    let (first, rest) = match layers.split_first_mut() {
        Some((first, rest)) if files.system.is_some() => {
            let own = &mut first.values;
            let of_it = Values {
                privacy_key_file: own.privacy_key_file.clone(),
                journal: own.journal.clone(),
                audit_key: own.audit_key.clone(),
                roles: own.roles.take(),
                reveal: own.reveal.take(),
                ..Values::default()
            };
            (of_it, rest)
        }
        _ => (Values::default(), &mut layers[..]),
    };
    for layer in rest {
        let own = &mut layer.values;
        let mut left_out = |place: Place, key: &str| {
            let place = desk.origin(&place).to_string();
            desk.note((WORDS.machine_only)(&place, key));
        };
        if let Some(roles) = own.roles.take() {
            left_out(roles.place, "[roles]");
        }
        if let Some(reveal) = own.reveal.take() {
            left_out(reveal.place, "[reveal]");
        }
        for (of_it, own, key) in [
            (&first.journal, &mut own.journal, "[journal] path"),
            (&first.audit_key, &mut own.audit_key, "[journal] audit_key_file"),
        ] {
            let differs =
                own.as_ref().zip(of_it.as_ref()).is_some_and(|(own, of_it)| own.value != of_it.value);
            if differs && let Some(own) = own.take() {
                left_out(own.place, key);
            }
        }
        // A key of one's own signs a journal of one's own: beside the machine's journal it would be a second chain.
        if first.journal.is_some()
            && first.audit_key.is_none()
            && let Some(key) = own.audit_key.take()
        {
            left_out(key.place, "[journal] audit_key_file");
        }
    }
    first
}

/// Lays one file over the lower ones.
fn lay_files(whole: &mut Part, layer: Part, desk: &mut Desk) {
    resolve::lay_sources(&mut whole.sources, layer.sources, resolve::Lay::FILES, "", desk);
    for (name, sources) in layer.contexts {
        let prefix = format!("contexts.{name}.");
        resolve::lay_sources(
            whole.contexts.entry(name).or_default(),
            sources,
            resolve::Lay::FILES,
            &prefix,
            desk,
        );
    }
    super::acting::lay(&mut whole.acting, layer.acting);
    resolve::lay_values(&mut whole.values, layer.values);
}

/// The person's file: the one named, else the first that is there.
fn user_file(inputs: &Inputs, files: &mut Files, desk: &mut Desk) -> Option<(PathBuf, String)> {
    let from_env = inputs.env.get("PLANTAO_CONFIG").filter(|text| !text.is_empty()).map(PathBuf::from);
    if let Some(path) = inputs.flags.config.clone().or(from_env) {
        files.looked.push(path.clone());
        let told = match file::read(&path) {
            Ok(Some(text)) => return Some((path, text)),
            Ok(None) => Problem::bare(path.display().to_string(), WORDS.not_there),
            Err(problem) => problem,
        };
        desk.bare(told.with_help(WORDS.unreadable_help));
        return None;
    }
    for folder in &inputs.paths.user {
        let path = folder.join(FILE);
        if let Some(text) = look(&path, files, desk) {
            return Some((path, text));
        }
    }
    None
}

/// Reads a file where there is one; that it cannot be read is a problem.
fn look(path: &Path, files: &mut Files, desk: &mut Desk) -> Option<String> {
    files.looked.push(path.to_owned());
    file::read(path).unwrap_or_else(|problem| {
        desk.bare(problem);
        None
    })
}

/// Folders beside the files used; without a person's file, the first of their folders that is there.
fn user_dirs(inputs: &Inputs, files: &Files) -> Vec<PathBuf> {
    let beside = files.user.as_deref().and_then(Path::parent).map(Path::to_owned);
    let user = beside.or_else(|| inputs.paths.user.iter().find(|folder| folder.is_dir()).cloned());
    let mut all: Vec<PathBuf> = user.into_iter().collect();
    if let Some(system) = inputs.paths.system.clone().filter(|folder| !all.contains(folder)) {
        all.push(system);
    }
    all
}

impl Loaded {
    /// Who decided the value at this dotted path.
    pub fn origin(&self, path: &str) -> &Origin {
        self.origins.get(path)
    }
}
