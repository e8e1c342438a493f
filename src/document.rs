//! Reading TOML documents strictly: every problem at once, each with its line, a caret and, for a
//! word nobody knows, "did you mean". Configuration, packs, keymaps and themes are read through here.
//!
//! Owns spans and problems, and finding a named document with those it inherits from. Must not know what any key means.

pub mod layers;
pub mod problem;
pub mod section;

pub use layers::{Layer, Library, Loaded};
pub use problem::{Problem, Problems};
pub use section::{Section, Value};

use toml::de::DeTable;

/// A document's text, parsed; keeps what could be read when something is wrong.
#[derive(Debug)]
pub struct Document<'t> {
    root: toml::Spanned<DeTable<'t>>,
}

impl<'t> Document<'t> {
    /// Parses; every syntax error becomes a problem. A document with syntax errors is `None`,
    /// because keys after the break cannot be trusted to stand in the right table.
    pub fn parse(text: &'t str, problems: &mut Problems) -> Option<Self> {
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            problems.push(error.span().unwrap_or(0..0), error.message().trim().replace('\n', "; "), None);
        }
        errors.is_empty().then_some(Self { root })
    }

    /// The document's top table.
    pub fn root(&self) -> Section<'_, 't> {
        Section::new(self.root.get_ref(), self.root.span(), String::new())
    }
}

/// The nearest of `known` to `word`, when it is near enough to be a slip of the fingers, or else the
/// only one that begins with it: `over` for `overview`.
pub fn did_you_mean<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase();
    let known: Vec<&str> = known.into_iter().collect();
    nearest(&word, &known).or_else(|| {
        let mut begun = known.iter().filter(|candidate| candidate.to_lowercase().starts_with(&word));
        let first = *begun.next()?;
        (word.chars().count() >= 2 && begun.next().is_none()).then_some(first)
    })
}

fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, &candidate.to_lowercase()), *candidate))
        .filter(|(distance, candidate)| {
            *distance <= 1.max(candidate.chars().count().max(word.chars().count()) / 3)
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let known = ["timeout", "tenant", "headers", "url"];
        assert_eq!(did_you_mean("timout", known), Some("timeout"));
        assert_eq!(did_you_mean("Tennant", known), Some("tenant"));
        assert_eq!(did_you_mean("uri", known), Some("url"));
        assert_eq!(did_you_mean("password", known), None);
        assert_eq!(did_you_mean("head", known), Some("headers"));
        assert_eq!(did_you_mean("t", known), None, "timeout or tenant");
    }

    #[test]
    fn all_problems_come_at_once_with_line_and_caret() {
        let text = "[server]\nurl = 5\ntimout = \"5s\"\nname = \"x\"\n";
        let mut problems = Problems::new("config.toml", text);
        let document = Document::parse(text, &mut problems).expect("valid TOML");
        let root = document.root();
        let server = root.section("server", &mut problems).expect("section");
        assert_eq!(server.string("url", &mut problems), None);
        assert_eq!(server.string("name", &mut problems).as_deref(), Some("x"));
        assert!(server.value("timeout").is_none());
        server.finish(&mut problems);
        root.finish(&mut problems);
        let list = problems.into_list();
        assert_eq!(list.len(), 2);
        assert_eq!(
            list[0].to_string(),
            "config.toml:2:7: server.url: expected a string, found an integer\n  2 | url = 5\n    |       ^\n"
        );
        assert_eq!(
            list[1].to_string(),
            "config.toml:3:1: server: unknown key `timout`\n  3 | timout = \"5s\"\n    | ^^^^^^\n  help: did you mean `timeout`?\n"
        );
    }

    #[test]
    fn broken_syntax_names_its_line() {
        let text = "a = 1\nb = \nc = [1, 2\n";
        let mut problems = Problems::new("x.toml", text);
        assert!(Document::parse(text, &mut problems).is_none());
        let list = problems.into_list();
        assert!(list.iter().any(|problem| problem.line == 2), "{list:?}");
    }
}
