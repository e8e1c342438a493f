//! One file, read strictly into a [`Part`].

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::check::{self, Wrong};
use super::desk::Desk;
use super::part::{Maybe, Part, Place, Set, SourcesPart, UiPart, Values};
use super::source;
use super::types::Reveal;
use crate::document::{Document, Problem, Section, Value};
use crate::model::role::{Role, Roles};
use crate::text::config::EN as WORDS;

/// No configuration is larger, and a wrong path (a log, a device) must not fill the memory.
const LIMIT: usize = 1 << 20;

/// Reads a file's bytes as text. `Ok(None)` where there is no such file.
pub fn read(path: &Path) -> Result<Option<String>, Problem> {
    use std::io::Read;
    let shown = path.display().to_string();
    let fail = |error: &std::io::Error| Problem::bare(&shown, (WORDS.unreadable)(&error.to_string()));
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fail(&error)),
    };
    let mut bytes = Vec::new();
    file.take(LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(|error| fail(&error))?;
    if bytes.len() > LIMIT {
        return Err(Problem::bare(&shown, (WORDS.too_large)(LIMIT)));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| Problem::bare(&shown, (WORDS.not_utf8)(error.utf8_error().valid_up_to())))?;
    Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}

/// Reads one file; problems and notes go to the desk.
pub fn part(path: &Path, text: &str, home: Option<&Path>, desk: &mut Desk) -> Part {
    let file = desk.open(path, text);
    let mut reader = Reader { desk, file, home };
    let Some(document) = Document::parse(text, reader.desk.problems(file)) else {
        reader.desk.broken(file);
        return Part::default();
    };
    let root = document.root();
    let values = Values {
        context: reader.checked(&root, "context", check::text),
        pack: reader.checked(&root, "pack", check::name),
        operator: reader.checked(&root, "operator", check::text),
        read_only: reader.bool(&root, "read_only"),
        ..Values::default()
    };
    let mut part = Part { values, ..Part::default() };
    if let Some(ui) = reader.section(&root, "ui") {
        part.values.ui = reader.ui(&ui);
    }
    if let Some(sources) = reader.section(&root, "sources") {
        part.sources = source::sources(&mut reader, &sources);
    }
    if let Some(contexts) = reader.section(&root, "contexts") {
        for (name, span, value) in contexts.entries() {
            if let Err((message, help)) = check::text(&name) {
                let place = reader.place(span);
                reader.desk.problem(&place, format!("contexts: {message}"), help);
                continue;
            }
            let Some(context) = value.section(reader.problems()) else { continue };
            let sources = match reader.section(&context, "sources") {
                Some(sources) => source::sources(&mut reader, &sources),
                None => SourcesPart::default(),
            };
            reader.finish(&context);
            part.contexts.insert(name, sources);
        }
    }
    if let Some(journal) = reader.section(&root, "journal") {
        part.values.journal = reader.path(&journal, "path");
        part.values.audit_key = reader.path(&journal, "audit_key_file");
        reader.finish(&journal);
    }
    if let Some(bundle) = reader.section(&root, "bundle") {
        part.values.bundle_key = reader.path(&bundle, "key_file");
        reader.finish(&bundle);
    }
    if let Some(privacy) = reader.section(&root, "privacy") {
        part.values.privacy_fields = reader.fields(&privacy);
        part.values.privacy_key_file = reader.path(&privacy, "key_file");
        reader.finish(&privacy);
    }
    part.acting = super::acting::read(&mut reader, &root);
    if let Some(ack) = reader.section(&root, "ack") {
        part.values.ack_s = reader.checked(&ack, "for", |text| check::seconds(text, check::ACK));
        reader.finish(&ack);
    }
    if let Some(roles) = reader.section(&root, "roles") {
        part.values.roles = Some(reader.roles(&roles));
    }
    if let Some(reveal) = reader.section(&root, "reveal") {
        part.values.reveal = Some(reader.reveal(&reveal));
    }
    reader.finish(&root);
    part
}

/// Reads the values of one file.
pub struct Reader<'d> {
    /// Where problems go.
    pub desk: &'d mut Desk,
    /// The file's number there.
    pub file: usize,
    home: Option<&'d Path>,
}

impl Reader<'_> {
    /// The file's problems, for the strict reader.
    pub fn problems(&mut self) -> &mut crate::document::Problems {
        self.desk.problems(self.file)
    }

    /// A place in this file.
    pub fn place(&self, span: Range<usize>) -> Place {
        Place::File { file: self.file, span }
    }

    /// A table.
    pub fn section<'a, 't>(&mut self, section: &Section<'a, 't>, key: &str) -> Option<Section<'a, 't>> {
        section.section(key, self.problems())
    }

    /// Tells the unknown keys of a table; a secret that was written where the name of its file
    /// belongs gets advice of its own.
    pub fn finish(&mut self, section: &Section<'_, '_>) {
        section.finish(self.problems());
    }

    /// A string that passes a check.
    pub fn checked<T>(
        &mut self,
        section: &Section<'_, '_>,
        key: &str,
        check: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Maybe<T> {
        let value = section.value(key)?;
        self.check_value(&value, check)
    }

    /// The same for a value at hand.
    pub fn check_value<T>(
        &mut self,
        value: &Value<'_, '_>,
        check: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Maybe<T> {
        let text = value.string(self.problems())?;
        match check(&text) {
            Ok(checked) => Some(Set { value: checked, place: self.place(value.span.clone()) }),
            Err((message, help)) => {
                value.problem(&message, help, self.problems());
                None
            }
        }
    }

    /// A boolean.
    pub fn bool(&mut self, section: &Section<'_, '_>, key: &str) -> Maybe<bool> {
        let value = section.value(key)?;
        let truth = value.bool(self.problems())?;
        Some(Set { value: truth, place: self.place(value.span) })
    }

    /// A file name: `~/` is the home folder, a relative one starts at the configuration's folder.
    pub fn path(&mut self, section: &Section<'_, '_>, key: &str) -> Maybe<PathBuf> {
        let folder = self.desk.folder(self.file).to_owned();
        let home = self.home.map(Path::to_owned);
        self.checked(section, key, |text| {
            let text = check::text(text)?;
            match text.strip_prefix("~/") {
                Some(rest) => match home {
                    Some(home) => Ok(home.join(rest)),
                    None => Err((WORDS.no_home.to_owned(), None)),
                },
                None => Ok(folder.join(text)),
            }
        })
    }

    /// `[privacy] fields`.
    fn fields(&mut self, section: &Section<'_, '_>) -> Maybe<Vec<String>> {
        let value = section.value("fields")?;
        let elements = value.array(self.problems())?;
        let names = elements.iter().filter_map(|name| self.check_value(name, check::field));
        let names = names.map(|set| set.value).collect();
        Some(Set { value: names, place: self.place(value.span) })
    }

    /// `[roles]`.
    fn roles(&mut self, section: &Section<'_, '_>) -> Set<Roles> {
        let default = self.checked(section, "default", check::role);
        let ssh_keys = self.bool(section, "ssh_keys");
        let mut listed = Vec::new();
        for (name, role) in Role::NAMES {
            let Some(value) = section.value(name) else { continue };
            let Some(elements) = value.array(self.problems()) else { continue };
            for entry in &elements {
                listed.extend(self.check_value(entry, check::principal).map(|set| (role, set.value)));
            }
        }
        self.finish(section);
        let place = self.place(0..0);
        // Who names roles at all means that not everybody may everything.
        let default = default.map_or(Role::Viewer, |set| set.value);
        Set { value: Roles { default, listed, ssh_keys: ssh_keys.is_some_and(|set| set.value) }, place }
    }

    /// `[reveal]`.
    fn reveal(&mut self, section: &Section<'_, '_>) -> Set<Reveal> {
        let role = self.checked(section, "role", check::role);
        let for_s = self.checked(section, "for", |text| check::seconds(text, check::REVEAL));
        self.finish(section);
        let value = Reveal {
            role: role.map_or(Role::Admin, |set| set.value),
            for_s: for_s.map_or(Reveal::FOR_S, |set| set.value),
        };
        Set { value, place: self.place(0..0) }
    }

    fn ui(&mut self, section: &Section<'_, '_>) -> UiPart {
        let part = UiPart {
            theme: self.checked(section, "theme", check::name),
            keymap: self.checked(section, "keymap", check::name),
            lang: self.checked(section, "lang", check::lang),
            ascii: self.bool(section, "ascii"),
            utc: self.bool(section, "utc"),
            mouse: self.bool(section, "mouse"),
            window_s: self.checked(section, "window", |text| check::seconds(text, check::WINDOW)),
            interval_s: self.checked(section, "interval", |text| check::seconds(text, check::INTERVAL)),
            notify: self.checked(section, "notify", check::notify),
        };
        self.finish(section);
        part
    }
}
