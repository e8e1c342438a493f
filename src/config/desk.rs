//! Where problems and notes are gathered, whatever layer they come from, and where lines that may
//! hold a secret are taken out of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::origin::Origin;
use super::part::Place;
use super::redact;
use crate::document::{Problem, Problems};

/// One file that is being read.
#[derive(Debug)]
struct Open {
    path: PathBuf,
    /// Byte offset of each line's start.
    lines: Vec<usize>,
    text: String,
    /// Lines that may hold a secret, from 1.
    secret: BTreeSet<usize>,
    /// Whether the file could not be parsed, so that nothing is known of what a line means.
    broken: bool,
    problems: Problems,
}

/// Gathers.
#[derive(Debug, Default)]
pub struct Desk {
    files: Vec<Open>,
    bare: Vec<Problem>,
    notes: Vec<String>,
}

impl Desk {
    /// Opens a file for problems; its number stands in every [`Place::File`] of it.
    pub fn open(&mut self, path: &Path, text: &str) -> usize {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        self.files.push(Open {
            path: path.to_owned(),
            lines: std::iter::once(0).chain(starts).collect(),
            text: text.to_owned(),
            secret: redact::lines(text),
            broken: false,
            problems: Problems::new(path.display().to_string(), text),
        });
        self.files.len() - 1
    }

    /// The problems of a file, for the strict reader.
    pub fn problems(&mut self, file: usize) -> &mut Problems {
        // The number came from `open`.
        &mut self.files[file].problems
    }

    /// The file could not be parsed.
    pub fn broken(&mut self, file: usize) {
        self.files[file].broken = true;
    }

    /// The lines of this value may hold a secret.
    pub fn secret(&mut self, place: &Place) {
        if let Place::File { file, span } = place {
            let first = self.line(*file, span.start);
            let last = self.line(*file, span.end);
            self.files[*file].secret.extend(first..=last);
        }
    }

    /// Notes a problem at a place.
    pub fn problem(&mut self, place: &Place, message: String, help: Option<String>) {
        match place {
            Place::File { file, span } => self.files[*file].problems.push(span.clone(), message, help),
            Place::Env(name) | Place::Flag(name) => {
                let problem = Problem::bare(*name, message);
                self.bare.push(match help {
                    Some(help) => problem.with_help(help),
                    None => problem,
                });
            }
        }
    }

    /// Notes a problem that has no place in a text.
    pub fn bare(&mut self, problem: Problem) {
        self.bare.push(problem);
    }

    /// Notes something that is no problem, once.
    pub fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// A place for a person.
    pub fn origin(&self, place: &Place) -> Origin {
        match place {
            Place::File { file, span } => {
                Origin::File { path: self.files[*file].path.clone(), line: self.line(*file, span.start) }
            }
            Place::Env(name) => Origin::Env(name),
            Place::Flag(name) => Origin::Flag(name),
        }
    }

    /// The folder of the file of a place, against which relative paths are read.
    pub fn folder(&self, file: usize) -> &Path {
        self.files[file].path.parent().unwrap_or(Path::new(""))
    }

    fn line(&self, file: usize, at: usize) -> usize {
        self.files[file].lines.partition_point(|start| *start <= at)
    }

    /// All problems, by file and place, each once and without a line that may hold a secret; and the notes.
    pub fn finish(self) -> (Vec<Problem>, Vec<String>) {
        let mut all: Vec<Problem> = Vec::new();
        for file in self.files {
            for mut problem in file.problems.into_list() {
                let hidden = if file.broken {
                    redact::hides_when_broken(&file.text, problem.line)
                } else {
                    file.secret.contains(&problem.line)
                };
                if hidden {
                    problem.source_line.clear();
                }
                all.push(problem);
            }
        }
        all.extend(self.bare);
        let mut unique: Vec<Problem> = Vec::with_capacity(all.len());
        for problem in all {
            if !unique.contains(&problem) {
                unique.push(problem);
            }
        }
        (unique, self.notes)
    }
}
