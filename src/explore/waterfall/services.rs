//! The services of a trace and what each of them did.

use std::collections::HashMap;

use super::{ServiceTime, Waterfall};
use crate::model::Span;

/// Gives every row its service, in the order they appear.
pub(super) fn name(fall: &mut Waterfall, spans: &[Span]) {
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (at, row) in fall.rows.iter_mut().enumerate() {
        let name = &spans[row.span].service;
        row.service = *known.entry(name).or_insert_with(|| {
            fall.services.push(ServiceTime {
                name: name.clone(),
                spans: 0,
                errors: 0,
                own: 0,
                critical: 0,
                first: at,
            });
            fall.services.len() - 1
        });
    }
}

/// Sums up what each did.
pub(super) fn sum(fall: &mut Waterfall) {
    for row in &fall.rows {
        let service = &mut fall.services[row.service];
        service.spans += 1;
        service.errors += usize::from(row.error);
        service.own = service.own.saturating_add(row.own);
        service.critical = service.critical.saturating_add(row.critical);
    }
}
