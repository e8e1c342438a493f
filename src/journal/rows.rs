//! Rows of the database as values.

use chrono::DateTime;
use rusqlite::{Connection, Params, Row, types::FromSql};

use super::{JournalError, Result};
use crate::model::{Labels, Severity, Time};

/// Every row of a query.
pub(super) fn all<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl Fn(&Cols<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(read(&Cols(row))?);
    }
    Ok(out)
}

/// The first row of a query.
pub(super) fn one<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl Fn(&Cols<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(|row| read(&Cols(row))).transpose()
}

/// Does; gives how many rows it changed.
pub(super) fn run(db: &Connection, sql: &str, params: impl Params) -> Result<usize> {
    Ok(db.prepare_cached(sql)?.execute(params)?)
}

/// A moment as the database keeps it.
pub(super) fn micros(at: Time) -> i64 {
    at.timestamp_micros()
}

/// Labels as the database keeps them: a JSON object, names in order.
pub(super) fn labels_text(labels: &Labels) -> Result<String> {
    serde_json::to_string(labels).map_err(|error| JournalError::Internal(error.to_string()))
}

/// A row, by the names of its columns.
pub(super) struct Cols<'r>(&'r Row<'r>);

impl<'r> Cols<'r> {
    pub fn of(row: &'r Row<'r>) -> Self {
        Self(row)
    }

    pub fn get<T: FromSql>(&self, name: &str) -> Result<T> {
        Ok(self.0.get(name)?)
    }

    pub fn text(&self, name: &str) -> Result<Box<str>> {
        self.get(name)
    }

    pub fn time(&self, name: &str) -> Result<Time> {
        moment(self.get(name)?)
    }

    pub fn maybe_time(&self, name: &str) -> Result<Option<Time>> {
        self.get::<Option<i64>>(name)?.map(moment).transpose()
    }

    /// A word of an enumeration.
    pub fn word<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
        let word: String = self.get(name)?;
        parse(&word).ok_or_else(|| JournalError::Damaged(format!("`{word}` is no {name}")))
    }

    pub fn severity(&self, name: &str) -> Result<Severity> {
        self.word(name, |word| Severity::ALL.into_iter().find(|severity| severity.as_str() == word))
    }

    pub fn labels(&self, name: &str) -> Result<Labels> {
        let text: String = self.get(name)?;
        let pairs: std::collections::BTreeMap<String, String> = serde_json::from_str(&text)
            .map_err(|error| JournalError::Damaged(format!("labels cannot be read: {error}")))?;
        Ok(Labels::new(pairs))
    }
}

fn moment(micros: i64) -> Result<Time> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| JournalError::Damaged(format!("{micros} is no moment")))
}
