//! Asking servers for `doctor`.

use crate::cli::doctor::{Answering, Prober};
use crate::client::Clients;
use crate::model::ask::Ask;

/// The clients of the chosen context.
pub struct Probe(pub Clients);

impl Prober for Probe {
    fn ask(&self, ask: Ask) -> Answering<'_> {
        Box::pin(async move { self.0.ask(&ask).await })
    }
}
