//! What stands behind the marks of this run, so that a filter on a masked value finds what the server has.
//!
//! Queries are written, shown, remembered and linked with marks in them (`|= "‹cpf:3f9a…›"`). While a text is
//! masked, each mark's raw value, byte for byte as it stood there, is kept sealed in a bounded store of this
//! process; `open_in_query` puts it back right before the query is sent. Only `client` and `respond` may name
//! this module (`tests/architecture`): everybody else never meets a raw value.
//!
//! One pseudonym can stand for several spellings (`529.982.247-25`, `52998224725`): then the query is rewritten
//! to match any of them.

mod keep;
mod lex;
mod literal;
mod query;

use std::ops::Deref;

use zeroize::Zeroizing;

use crate::model::Language;

pub(super) use keep::{Made, kept};

/// A query as the server must get it. Neither `Debug` nor `Display` nor `Serialize`, and overwritten when it
/// goes: nothing but sending is to be done with it.
pub struct Opened<'q>(Inner<'q>);

enum Inner<'q> {
    /// It held no mark.
    Same(&'q str),
    Raw(Zeroizing<String>),
}

impl Deref for Opened<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Inner::Same(query) => query,
            Inner::Raw(query) => query,
        }
    }
}

/// Why a query cannot be sent: each names the mark, which is safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// Nothing is kept for it: it was made in another run, or too long ago.
    #[error("nothing is known behind {0}")]
    Unknown(Box<str>),
    /// It stands outside of a string, where no value can be put.
    #[error("{0} stands outside of a string")]
    Outside(Box<str>),
    /// It stands for several spellings, where only one can be put.
    #[error("{0} stands for several spellings")]
    Several(Box<str>),
}

/// Puts the raw values of all marks back into a query, each escaped for where it stands: a string in quotes or
/// backticks, or the operand of a regular expression. A comparison with a mark of several spellings becomes
/// one by a regular expression that matches exactly those.
pub fn open_in_query(language: Language, query: &str) -> Result<Opened<'_>, Unopened> {
    if !query.contains('‹') {
        return Ok(Opened(Inner::Same(query)));
    }
    let opened = query::open(language, query, &|mark| keep::vault().spellings(mark))?;
    Ok(Opened(opened.map_or(Inner::Same(query), Inner::Raw)))
}

/// A matcher's value as the server must get it. Neither `Debug` nor `Display` nor `Serialize`.
pub struct OpenedValue {
    /// The value, overwritten when it goes.
    pub value: Zeroizing<String>,
    /// Whether it has become a regular expression, since a mark in it stands for several spellings.
    pub is_regex: bool,
}

/// Puts the raw values of all marks back into a matcher's value. Where a mark of a plain value stands for several
/// spellings it becomes a regular expression that matches exactly those.
pub fn open_in_value(value: &str, is_regex: bool) -> Result<OpenedValue, Unopened> {
    if !value.contains('‹') {
        return Ok(OpenedValue { value: Zeroizing::new(value.to_owned()), is_regex });
    }
    query::open_value(value, is_regex, &|mark| keep::vault().spellings(mark))
}

#[cfg(test)]
mod tests;
