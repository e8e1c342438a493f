//! Queries as servers must get them: the raw values put back behind the marks that everybody else sees.

use crate::model::{Fault, FaultKind, Language};
use crate::privacy::vault::{self, Opened, Unopened};
use crate::text::fault::Why;

use super::fault::fault;

/// The query with raw values, right before it is sent.
pub(super) fn raw(language: Language, query: &str) -> Result<Opened<'_>, Fault> {
    vault::open_in_query(language, query).map_err(|unopened| {
        let why = match &unopened {
            Unopened::Unknown(mark) => Why::MarkUnknown(mark),
            Unopened::Outside(mark) => Why::MarkOutside(mark),
            Unopened::Several(mark) => Why::MarkSeveral(mark),
        };
        fault(FaultKind::BadQuery, &why)
    })
}
