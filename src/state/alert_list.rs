//! The alert list as the person ordered it: filtered, sorted, grouped, folded.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::AlertsPlace;
use serde::Serialize;

use crate::model::{AlertState, Matcher, Severity, Time};
use crate::pack::Pack;
use crate::store::AlertRow;

/// Columns of the alert list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertColumn {
    /// Worst first, then the nearest clock, then the oldest.
    #[default]
    Severity,
    /// Newest first.
    Age,
    /// Nearest deadline first.
    Clock,
    /// By department.
    Department,
    /// By name.
    Name,
}

/// What the list is grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupBy {
    /// One list.
    #[default]
    Nothing,
    /// By department.
    Department,
    /// By severity.
    Severity,
    /// By alert name.
    Name,
}

impl GroupBy {
    /// The next way to group.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Nothing => Self::Department,
            Self::Department => Self::Severity,
            Self::Severity => Self::Name,
            Self::Name => Self::Nothing,
        }
    }
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// Head of a group.
    Group {
        /// Label value, or its title.
        title: String,
        /// Members, hidden ones included.
        count: usize,
        /// Worst of them.
        severity: Severity,
        /// Whether they are hidden.
        folded: bool,
    },
    /// Index into `rows`.
    Alert(usize),
}

/// How many alerts there are of each sort, before any filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Firing, not muted and nobody's, by severity in the order of [`Severity::ALL`].
    pub firing: [usize; 5],
    /// Muted by a silence that is no acknowledgement.
    pub silenced: usize,
    /// Acknowledged: somebody has them.
    pub acked: usize,
    /// Muted by another alert.
    pub inhibited: usize,
    /// Not yet firing.
    pub pending: usize,
}

impl Counts {
    /// Firing and not muted, of one severity.
    pub fn of(&self, severity: Severity) -> usize {
        self.firing[severity as usize]
    }
}

/// The list.
#[derive(Clone, Debug, Default)]
pub struct AlertList {
    /// Every alert known, worst first.
    pub rows: Arc<[AlertRow]>,
    /// Lines after filter, order, groups.
    pub lines: Arc<[Line]>,
    /// Alerts that match the filter.
    pub matching: usize,
    /// Counts over everything.
    pub counts: Counts,
    /// What is wrong with the filter.
    pub filter_error: Option<String>,
    /// Indices into `rows` of what needs somebody, worst first.
    pub needs_somebody: Arc<[usize]>,
}

impl AlertList {
    /// The row of a fingerprint.
    pub fn row(&self, fingerprint: &str) -> Option<&AlertRow> {
        self.rows.iter().find(|row| &*row.alert.fingerprint == fingerprint)
    }

    /// The row at a line, when it is an alert.
    pub fn at(&self, line: usize) -> Option<&AlertRow> {
        match self.lines.get(line)? {
            Line::Alert(row) => self.rows.get(*row),
            Line::Group { .. } => None,
        }
    }

    /// The line of a fingerprint.
    pub fn line_of(&self, fingerprint: &str) -> Option<usize> {
        self.lines.iter().position(|line| match line {
            Line::Alert(row) => self.rows.get(*row).is_some_and(|row| &*row.alert.fingerprint == fingerprint),
            Line::Group { .. } => false,
        })
    }

    /// Takes in new rows.
    #[must_use]
    pub fn with_rows(mut rows: Vec<AlertRow>, place: &AlertsPlace, pack: &Pack) -> Self {
        // Every other order keeps this one among what it holds equal.
        rows.sort_by_cached_key(worst_first);
        let mut counts = Counts::default();
        for row in &rows {
            match row.alert.state {
                // What somebody has is neither calm nor muted: it counts for itself.
                _ if row.ack.is_some() => counts.acked += 1,
                AlertState::Firing => counts.firing[row.severity as usize] += 1,
                AlertState::Pending => counts.pending += 1,
                AlertState::Inhibited => counts.inhibited += 1,
                AlertState::Silenced => counts.silenced += 1,
            }
        }
        let needs_somebody = (0..rows.len()).filter(|at| rows[*at].needs_somebody()).collect();
        Self { rows: rows.into(), counts, needs_somebody, ..Self::default() }.ordered(place, pack)
    }

    /// The same rows in the order, and with the filter, of `place`.
    #[must_use]
    pub fn ordered(mut self, place: &AlertsPlace, pack: &Pack) -> Self {
        let filter = match Filter::parse(&place.filter) {
            Ok(filter) => {
                self.filter_error = None;
                filter
            }
            Err(error) => {
                self.filter_error = Some(error);
                Filter::default()
            }
        };
        let rows = &self.rows;
        let mut shown: Vec<usize> = (0..rows.len())
            .filter(|at| {
                let row = &rows[*at];
                let listed = match row.alert.state {
                    AlertState::Firing => true,
                    AlertState::Pending => place.pending,
                    // An acknowledged alert stays in sight: somebody has it, it is not gone.
                    AlertState::Silenced | AlertState::Inhibited => place.muted || row.ack.is_some(),
                };
                listed && filter.matches(row)
            })
            .collect();
        self.matching = shown.len();
        match place.sort {
            AlertColumn::Severity => {}
            AlertColumn::Age => shown.sort_by_key(|at| Reverse(rows[*at].alert.starts_at)),
            AlertColumn::Clock => shown.sort_by_key(|at| deadline(&rows[*at])),
            AlertColumn::Department => shown.sort_by(|a, b| rows[*a].department.cmp(&rows[*b].department)),
            AlertColumn::Name => shown.sort_by(|a, b| rows[*a].alert.name().cmp(rows[*b].alert.name())),
        }
        if place.reversed {
            shown.reverse();
        }
        self.lines = group(rows, shown, place, pack).into();
        self
    }
}

/// The title of a department, or its id where the pack does not know it.
pub fn department_title<'a>(pack: &'a Pack, id: &'a str) -> &'a str {
    pack.departments.iter().find(|department| department.id == id).map_or(id, |department| &department.title)
}

fn group(rows: &[AlertRow], shown: Vec<usize>, place: &AlertsPlace, pack: &Pack) -> Vec<Line> {
    let key = |row: &AlertRow| match place.group {
        GroupBy::Nothing => String::new(),
        GroupBy::Department => department_title(pack, &row.department).to_owned(),
        GroupBy::Severity => row.severity.as_str().to_owned(),
        GroupBy::Name => row.alert.name().to_owned(),
    };
    if place.group == GroupBy::Nothing {
        return shown.into_iter().map(Line::Alert).collect();
    }
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in shown {
        groups.entry(key(&rows[at])).or_default().push(at);
    }
    let worst = |members: &[usize]| members.iter().map(|at| rows[*at].severity).min().unwrap_or_default();
    let mut groups: Vec<(String, Vec<usize>)> = groups.into_iter().collect();
    groups.sort_by(|a, b| worst(&a.1).cmp(&worst(&b.1)).then_with(|| a.0.cmp(&b.0)));
    let mut lines = Vec::new();
    for (title, members) in groups {
        let folded = place.folded.contains(&title);
        lines.push(Line::Group { count: members.len(), severity: worst(&members), folded, title });
        if !folded {
            lines.extend(members.into_iter().map(Line::Alert));
        }
    }
    lines
}

/// What fires before what somebody has, what is pending and what is muted.
fn standing(row: &AlertRow) -> u8 {
    match row.alert.state {
        _ if row.ack.is_some() => 1,
        AlertState::Firing => 0,
        AlertState::Pending => 2,
        AlertState::Inhibited => 3,
        AlertState::Silenced => 4,
    }
}

/// What fires first, of that the worst, then the nearest deadline, then the oldest; the fingerprint
/// keeps ties still.
fn worst_first(row: &AlertRow) -> (u8, Severity, i64, Time, Arc<str>) {
    let alert = &row.alert;
    (standing(row), row.severity, deadline(row), alert.starts_at, alert.fingerprint.clone())
}

fn deadline(row: &AlertRow) -> i64 {
    row.deadline.map_or(i64::MAX, |at| at.timestamp())
}

/// Words and matchers that all must hold.
#[derive(Debug, Default)]
pub struct Filter {
    words: Vec<String>,
    matchers: Vec<Matcher>,
}

impl Filter {
    /// Parses `word severity="critical" job=~"api.*"`. A token with an operator is a matcher on a
    /// label (or on `state`), any other a word that some label value or annotation holds.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut filter = Self::default();
        for token in tokens(text) {
            let name_end =
                token.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(token.len());
            if name_end > 0 && token[name_end..].starts_with(['=', '!']) {
                filter.matchers.push(Matcher::parse(&token)?);
            } else {
                filter.words.push(token.trim_matches('"').to_lowercase());
            }
        }
        Ok(filter)
    }

    /// A filter of matchers alone, as the command line gives them.
    pub fn of_matchers(matchers: Vec<Matcher>) -> Self {
        Self { words: Vec::new(), matchers }
    }

    /// Whether everything holds for an alert.
    pub fn matches(&self, row: &AlertRow) -> bool {
        self.matchers.iter().all(|matcher| match (matcher.name.as_str(), row.alert.labels.get("state")) {
            ("state", None) => {
                matcher.matches(&crate::model::Labels::new([("state", row.alert.state.as_str())]))
            }
            _ => matcher.matches(&row.alert.labels),
        }) && self.words.iter().all(|word| {
            [&row.alert.labels, &row.alert.annotations].into_iter().any(|labels| {
                contains_ignoring_case(labels.text(), word)
                    && labels.iter().any(|(_, value)| contains_ignoring_case(value, word))
            })
        })
    }
}

/// Whether `text` holds the lower-case `word`, without allocating for ASCII texts.
fn contains_ignoring_case(text: &str, word: &str) -> bool {
    if !(text.is_ascii() && word.is_ascii()) {
        return text.to_lowercase().contains(word);
    }
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let Some(first) = word.first() else { return true };
    let Some(last) = text.len().checked_sub(word.len()) else { return false };
    // Few places begin alike, so the whole word is seldom compared.
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let mut from = 0;
    while let Some(next) = text[from..=last].iter().position(|b| *b == lower || *b == upper) {
        let at = from + next;
        if text[at..at + word.len()].eq_ignore_ascii_case(word) {
            return true;
        }
        from = at + 1;
        if from > last {
            break;
        }
    }
    false
}

/// Splits at white space outside double quotes.
pub fn tokens(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut token = String::new();
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        if c.is_whitespace() && !quoted {
            if !token.is_empty() {
                all.push(std::mem::take(&mut token));
            }
            continue;
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = c == '\\' && !escaped;
        token.push(c);
    }
    if !token.is_empty() {
        all.push(token);
    }
    all
}
