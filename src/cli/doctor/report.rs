//! What the doctor found.

use std::fmt::Write as _;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::super::Exit;
use super::super::output::harmless;
use crate::document::Problem;
use crate::text::doctor::EN as WORDS;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As it should be.
    Ok,
    /// Works, but not as well as it could.
    Warning,
    /// Broken.
    Failure,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at: `configuration`, `prometheus`, `terminal`.
    pub about: String,
    /// How it ended.
    pub status: Status,
    /// What was found, one sentence.
    pub summary: String,
    /// What to do, where something is to be done.
    pub advice: Option<String>,
    /// What it means for the exit status.
    #[serde(skip)]
    exit: Exit,
}

/// All checks, in the order in which a person reads them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The checks.
    pub checks: Vec<Check>,
}

impl Report {
    /// As it should be.
    pub fn ok(&mut self, about: &str, summary: impl Into<String>) {
        self.add(about, Status::Ok, summary.into(), None, Exit::Done);
    }

    /// As it should be, with something worth knowing.
    pub fn hint(&mut self, about: &str, summary: impl Into<String>, advice: impl Into<String>) {
        self.add(about, Status::Ok, summary.into(), Some(advice.into()), Exit::Done);
    }

    /// Works, but.
    pub fn warn(&mut self, about: &str, summary: impl Into<String>, advice: impl Into<String>) {
        let advice = Some(advice.into()).filter(|advice| !advice.is_empty());
        self.add(about, Status::Warning, summary.into(), advice, Exit::Done);
    }

    /// Broken; `exit` says in which way.
    pub fn fail(&mut self, about: &str, summary: impl Into<String>, advice: impl Into<String>, exit: Exit) {
        let advice = Some(advice.into()).filter(|advice| !advice.is_empty());
        self.add(about, Status::Failure, summary.into(), advice, exit);
    }

    /// Every problem of a file, each a failure.
    pub fn problems(&mut self, about: &str, problems: &[Problem]) {
        for problem in problems {
            let place = match problem.line {
                0 => problem.file.clone(),
                line => format!("{}:{line}:{}", problem.file, problem.column),
            };
            let advice = problem.help.clone().unwrap_or_default();
            self.fail(about, format!("{place}: {}", problem.message), advice, Exit::Usage);
        }
    }

    fn add(&mut self, about: &str, status: Status, summary: String, advice: Option<String>, exit: Exit) {
        // Words of servers and of files reach the terminal through here.
        let flat = |text: String| harmless(&text).replace('\n', " ");
        let (summary, advice) = (flat(summary), advice.map(flat));
        self.checks.push(Check { about: about.to_owned(), status, summary, advice, exit });
    }

    /// The worst end: configuration before servers, because a wrong configuration explains the rest.
    pub fn exit(&self) -> Exit {
        let any = |exit: Exit| self.checks.iter().any(|check| check.exit == exit);
        match () {
            () if any(Exit::Usage) => Exit::Usage,
            () if any(Exit::Unreachable) => Exit::Unreachable,
            () => Exit::Done,
        }
    }

    /// For a person: a line a check, advice under it, a count at the end.
    pub fn text(&self) -> String {
        let width = self.checks.iter().map(|check| check.about.width()).max().unwrap_or(0);
        let mut text = String::new();
        for check in &self.checks {
            let pad = " ".repeat(width - check.about.width());
            let word = match check.status {
                Status::Ok => WORDS.ok,
                Status::Warning => WORDS.warning,
                Status::Failure => WORDS.failure,
            };
            let _ = writeln!(text, "{word:<8} {}{pad}  {}", check.about, check.summary);
            if let Some(advice) = &check.advice {
                let _ = writeln!(text, "{:<8} {}  -> {advice}", "", " ".repeat(width));
            }
        }
        let count = |status| self.checks.iter().filter(|check| check.status == status).count();
        let _ = writeln!(text, "\n{}", (WORDS.count)(count(Status::Warning), count(Status::Failure)));
        text
    }

    /// For a program: `{"status", "exit", "checks": [{"about", "status", "summary", "advice"}]}`.
    pub fn json(&self) -> String {
        let worst = self.checks.iter().map(|check| check.status).max().unwrap_or(Status::Ok);
        let value = serde_json::json!({ "status": worst, "exit": self.exit() as u8, "checks": self.checks });
        format!("{value:#}\n")
    }
}
