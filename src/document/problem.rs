//! One problem of a file, and the list of them.

use std::fmt;
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

/// A problem at a place in a file. `Display` shows it with its line and a caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// File, or what stands for it (`PLANTAO_LOKI`, `--prometheus`).
    pub file: String,
    /// Line, from 1; 0 where there is no line.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// How many cells the caret underlines, at least 1.
    pub width: usize,
    /// The line itself; empty where there is none or where it may hold a secret.
    pub source_line: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without a place: a flag, an environment variable, a missing file.
    pub fn bare(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: 0,
            column: 0,
            width: 0,
            source_line: String::new(),
            message: message.into(),
            help: None,
        }
    }

    /// The same problem with advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            writeln!(f, "{}: {}", self.file, self.message)?;
        } else {
            writeln!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        }
        if !self.source_line.is_empty() {
            let number = self.line.to_string();
            let before: String = self.source_line.chars().take(self.column.saturating_sub(1)).collect();
            let indent = " ".repeat(before.width());
            writeln!(f, "  {number} | {}", self.source_line)?;
            writeln!(f, "  {} | {indent}{}", " ".repeat(number.len()), "^".repeat(self.width.max(1)))?;
        }
        if let Some(help) = &self.help {
            writeln!(f, "  help: {help}")?;
        }
        Ok(())
    }
}

/// Collects the problems of one file.
#[derive(Debug)]
pub struct Problems {
    file: String,
    text: String,
    list: Vec<Problem>,
}

impl Problems {
    /// For a file of this name and text.
    pub fn new(file: impl Into<String>, text: &str) -> Self {
        Self { file: file.into(), text: text.to_owned(), list: Vec::new() }
    }

    /// Notes a problem at a byte range of the text.
    pub fn push(&mut self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        let mut start = span.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let before = &self.text[..start];
        let line = before.matches('\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let source_line = self.text[line_start..line_end].trim_end().replace('\t', " ");
        let mut end = span.end.clamp(start, line_end);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.list.push(Problem {
            file: self.file.clone(),
            line,
            column: self.text[line_start..start].chars().count() + 1,
            width: self.text[start..end].width().max(1),
            source_line,
            message: message.into(),
            help,
        });
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All problems, in the order of their places.
    pub fn into_list(mut self) -> Vec<Problem> {
        self.list.sort_by_key(|problem| (problem.line, problem.column));
        self.list
    }
}
