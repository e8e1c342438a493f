//! Finding a named document and those it inherits from.
//!
//! A document is `DIR/FOLDER/NAME.toml` in the first directory that has it, else the shipped text
//! of that name. `inherits = "other"` puts it on top of another; one that inherits its own name stands
//! on the next of that name: a person's `default.toml` changes the shipped `default`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Document, Problem, Problems, did_you_mean};

/// No themes or keymap a person writes comes near this; a device file or a log by mistake does.
const MAX_BYTES: u64 = 1 << 20;

/// A kind of document that has names.
#[derive(Clone, Copy, Debug)]
pub struct Library {
    /// What a document is called: `keymap`.
    pub what: &'static str,
    /// Folder within each directory: `keymaps`.
    pub folder: &'static str,
    /// Name and text of the shipped ones.
    pub shipped: &'static [(&'static str, &'static str)],
}

/// One document of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Path, or `keymaps/default.toml (shipped)`.
    pub file: String,
    /// Text, which parses.
    pub text: String,
}

/// A chain of documents.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The most general first; those with broken syntax are missing.
    pub layers: Vec<Layer>,
    /// What was wrong on the way. Not empty: the chain is not whole.
    pub problems: Vec<Problem>,
}

impl Library {
    /// The document of that name and all that it stands on.
    pub fn load(&self, name: &str, dirs: &[PathBuf]) -> Loaded {
        let mut loaded = Loaded::default();
        let mut seen: Vec<(String, usize)> = Vec::new();
        let mut wanted = (name.to_owned(), 0);
        let mut asked: Option<Asked> = None;
        loop {
            let (name, from) = wanted;
            let found = self.find(&name, from, dirs);
            let (layer, place) = match found {
                Ok(found) => found,
                Err(problem) => {
                    loaded.problems.push(asked.map_or(problem.clone(), |asked| asked.at(&problem)));
                    break;
                }
            };
            if seen.contains(&(name.clone(), place)) {
                let names: Vec<&str> = seen.iter().map(|(name, _)| name.as_str()).collect();
                let message = format!("inherits: this goes in a circle: {} → {name}", names.join(" → "));
                let bare = Problem::bare(layer.file, message);
                loaded.problems.push(asked.map_or(bare.clone(), |asked| asked.at(&bare)));
                break;
            }
            seen.push((name.clone(), place));
            let mut problems = Problems::new(&layer.file, &layer.text);
            let parent = Document::parse(&layer.text, &mut problems).map(|document| {
                let value = document.root().value("inherits")?;
                Some((value.string(&mut problems)?, value.span))
            });
            loaded.problems.extend(problems.into_list());
            let Some(parent) = parent else { break };
            let next = parent.map(|(parent, span)| {
                // Its own name again means the one underneath.
                let from = if parent == name { place + 1 } else { 0 };
                asked = Some(Asked { file: layer.file.clone(), text: layer.text.clone(), span });
                (parent, from)
            });
            loaded.layers.push(layer);
            let Some(next) = next else { break };
            wanted = next;
        }
        loaded.layers.reverse();
        loaded
    }

    /// Every name that [`Library::load`] finds: the shipped ones in their order, then others by name.
    pub fn names(&self, dirs: &[PathBuf]) -> Vec<String> {
        let mut names: Vec<String> = self.shipped.iter().map(|(name, _)| (*name).to_owned()).collect();
        let mut own: Vec<String> = dirs
            .iter()
            .filter_map(|dir| dir.join(self.folder).read_dir().ok())
            .flat_map(|entries| entries.filter_map(Result::ok))
            .filter_map(|entry| {
                let path = entry.path();
                let stem = path.file_stem()?.to_str()?.to_owned();
                (path.extension()? == "toml" && is_name(&stem)).then_some(stem)
            })
            .filter(|name| !names.contains(name))
            .collect();
        own.sort();
        own.dedup();
        names.append(&mut own);
        names
    }

    /// The document at or after place `from`: places are the directories, then the shipped ones.
    fn find(&self, name: &str, from: usize, dirs: &[PathBuf]) -> Result<(Layer, usize), Problem> {
        let what = self.what;
        if !is_name(name) {
            let help = "a name has letters, digits, `-` and `_`, no folder and no ending";
            return Err(Problem::bare(what, format!("`{name}` cannot name a {what}")).with_help(help));
        }
        for (place, dir) in dirs.iter().enumerate().skip(from) {
            let path = dir.join(self.folder).join(format!("{name}.toml"));
            if let Some(text) = read(&path)? {
                return Ok((Layer { file: path.display().to_string(), text }, place));
            }
        }
        let shipped = self.shipped.iter().find(|(known, _)| *known == name);
        if let Some((_, text)) = shipped.filter(|_| from <= dirs.len()) {
            let file = format!("{}/{name}.toml (shipped)", self.folder);
            return Ok((Layer { file, text: (*text).to_owned() }, dirs.len()));
        }
        let known = self.names(dirs);
        let help = match did_you_mean(name, known.iter().map(String::as_str)) {
            Some(near) if near != name => format!("did you mean `{near}`?"),
            _ => format!("there are {}", known.join(", ")),
        };
        Err(Problem::bare(what, format!("no {what} is called `{name}`")).with_help(help))
    }
}

/// Where a parent was asked for.
struct Asked {
    file: String,
    text: String,
    span: std::ops::Range<usize>,
}

impl Asked {
    /// The problem, told at this place.
    fn at(&self, problem: &Problem) -> Problem {
        let mut problems = Problems::new(&self.file, &self.text);
        problems.push(self.span.clone(), problem.message.clone(), problem.help.clone());
        problems.into_list().into_iter().next().unwrap_or_else(|| problem.clone())
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

/// The text of a file; `None` when there is none.
fn read(path: &Path) -> Result<Option<String>, Problem> {
    let problem = |message: String| Problem::bare(path.display().to_string(), message);
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(problem(format!("cannot be opened: {error}"))),
    };
    let mut bytes = Vec::new();
    let read = file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| problem(format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(problem("is larger than 1 MiB".to_owned()).with_help("is this the right file?"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        problem(format!("is not UTF-8 text (byte {})", error.utf8_error().valid_up_to() + 1))
    })?;
    // Editors on some systems begin a file with a byte order mark, which is no part of the text.
    Ok(Some(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIBRARY: Library = Library {
        what: "theme",
        folder: "themes",
        shipped: &[("dark", "a = 1\n"), ("dusk", "inherits = \"dark\"\nb = 2\n")],
    };

    fn dir(files: &[(&str, &str)]) -> (tempfile::TempDir, Vec<PathBuf>) {
        let dir = tempfile::tempdir().expect("a temporary directory");
        std::fs::create_dir(dir.path().join("themes")).expect("a folder");
        for (name, text) in files {
            std::fs::write(dir.path().join("themes").join(name), text).expect("a file");
        }
        let dirs = vec![dir.path().to_owned()];
        (dir, dirs)
    }

    fn texts(loaded: &Loaded) -> Vec<&str> {
        assert_eq!(loaded.problems, []);
        loaded.layers.iter().map(|layer| layer.text.as_str()).collect()
    }

    #[test]
    fn a_chain_runs_from_the_general_to_the_particular() {
        assert_eq!(texts(&LIBRARY.load("dusk", &[])), ["a = 1\n", "inherits = \"dark\"\nb = 2\n"]);
    }

    #[test]
    fn a_persons_file_hides_the_shipped_one_and_may_stand_on_it() {
        let (_keep, dirs) = dir(&[("dark.toml", "a = 3\n")]);
        assert_eq!(texts(&LIBRARY.load("dark", &dirs)), ["a = 3\n"]);
        assert_eq!(texts(&LIBRARY.load("dusk", &dirs)), ["a = 3\n", "inherits = \"dark\"\nb = 2\n"]);
        let (_keep, dirs) = dir(&[("dark.toml", "inherits = \"dark\"\na = 3\n")]);
        assert_eq!(texts(&LIBRARY.load("dark", &dirs)), ["a = 1\n", "inherits = \"dark\"\na = 3\n"]);
    }

    #[test]
    fn a_circle_is_told_where_it_closes() {
        let (_keep, dirs) = dir(&[("x.toml", "inherits = \"y\"\n"), ("y.toml", "# top\ninherits = \"x\"\n")]);
        let loaded = LIBRARY.load("x", &dirs);
        assert_eq!(loaded.problems.len(), 1);
        let problem = &loaded.problems[0];
        assert!(problem.file.ends_with("y.toml"), "{problem}");
        assert_eq!(problem.line, 2);
        assert!(problem.message.contains("x → y → x"), "{problem}");
    }

    #[test]
    fn a_name_that_stands_on_itself_with_nothing_underneath_is_not_found() {
        let (_keep, dirs) = dir(&[("mine.toml", "inherits = \"mine\"\n")]);
        let loaded = LIBRARY.load("mine", &dirs);
        assert!(loaded.problems[0].message.contains("no theme is called `mine`"), "{loaded:?}");
    }

    #[test]
    fn an_unknown_name_is_told_with_its_neighbour() {
        let problem = &LIBRARY.load("drak", &[]).problems[0];
        assert_eq!(problem.to_string(), "theme: no theme is called `drak`\n  help: did you mean `dark`?\n");
        let problem = &LIBRARY.load("solarized", &[]).problems[0];
        assert_eq!(problem.help.as_deref(), Some("there are dark, dusk"));
    }

    #[test]
    fn names_cannot_leave_the_folder() {
        for name in ["../../secret", "/dev/zero", "", "a.toml", "a b", "."] {
            let loaded = LIBRARY.load(name, &[PathBuf::from("/tmp")]);
            assert!(loaded.problems[0].message.contains("cannot name"), "{name}: {loaded:?}");
        }
    }

    #[test]
    fn bad_files_are_told_by_path() {
        let (keep, dirs) = dir(&[("broken.toml", "a = \nb = 1\n"), ("number.toml", "inherits = 5\n")]);
        let themes = keep.path().join("themes");
        std::fs::write(themes.join("latin.toml"), b"a = \"\xe3\"").expect("a file");
        std::fs::write(themes.join("large.toml"), vec![b'#'; 2 << 20]).expect("a file");
        std::fs::create_dir(themes.join("folder.toml")).expect("a folder");
        for (name, words) in [
            ("broken", "value"),
            ("number", "expected a string"),
            ("latin", "not UTF-8"),
            ("large", "larger than"),
            ("folder", "cannot be read"),
        ] {
            let loaded = LIBRARY.load(name, &dirs);
            let problem = loaded.problems.first().unwrap_or_else(|| panic!("{name}: no problem"));
            assert!(problem.file.ends_with(&format!("{name}.toml")), "{problem}");
            assert!(problem.message.contains(words), "{name}: {problem}");
        }
        assert_eq!(LIBRARY.names(&dirs)[..2], ["dark", "dusk"]);
        assert_eq!(LIBRARY.names(&dirs)[2..], ["broken", "folder", "large", "latin", "number"]);
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        let (_keep, dirs) = dir(&[("bom.toml", "\u{feff}a = 1\n")]);
        assert_eq!(texts(&LIBRARY.load("bom", &dirs)), ["a = 1\n"]);
    }
}
