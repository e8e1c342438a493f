//! All lines of a query, page by page, for whoever does not want them in memory at once.

use std::fmt;

use super::Clients;
use super::fault::fault;
use super::http::Http;
use super::loki::paging::{LogAsk, Pages};
use super::loki::{count, text};
use crate::model::{Fault, FaultKind, Leak, LogEntry, SourceId};
use crate::text::fault::Why;

/// Reads the lines of a query in pages; at most one page is in memory here.
pub struct LogPager {
    clients: Clients,
    ask: LogAsk,
    pages: Pages,
}

impl LogPager {
    /// The next lines, in the order asked for; `None` after the last ones. After a fault the same page can be
    /// asked for again.
    pub async fn next_page(&mut self) -> Result<Option<Vec<LogEntry>>, Fault> {
        self.pages.next(loki(&self.clients)?).await
    }

    /// How many lines there are in all. As dear for the server as reading them, but for the network.
    pub fn counting(&self) -> impl Future<Output = Result<u64, Fault>> + Send + use<> {
        let (clients, ask) = (self.clients.clone(), self.ask.clone());
        async move { count::lines(loki(&clients)?, &text::raw(&ask.query)?, ask.from, ask.to).await }
    }

    /// Whether there are more lines than the limit.
    pub fn more(&self) -> bool {
        self.pages.more
    }

    /// Lines that the server has and does not give: of one moment, alike in everything, and more than one answer
    /// holds.
    pub fn short(&self) -> u64 {
        self.pages.short
    }

    /// Whether such lines may be missing, and nobody could count them.
    pub fn unsure(&self) -> bool {
        self.pages.unsure
    }

    /// Personal data that was masked so far.
    pub fn leaks(&self) -> Vec<Leak> {
        self.pages.leaks.findings()
    }

    /// Requests so far.
    pub fn requests(&self) -> u64 {
        self.pages.requests
    }
}

impl Clients {
    /// The lines of a log query, page by page. A query for numbers is refused here.
    pub fn pages(&self, ask: LogAsk) -> Result<LogPager, Fault> {
        loki(self)?;
        let pages = Pages::new(&ask)?;
        let pages = if ask.limit.is_none() { pages.doubting() } else { pages };
        Ok(LogPager { clients: self.clone(), ask, pages })
    }
}

fn loki(clients: &Clients) -> Result<&Http, Fault> {
    let source = SourceId::LOKI;
    clients.http(&source).ok_or_else(|| fault(FaultKind::Setup, &Why::NotConfigured(&source.to_string())))
}

// The pages hold conditions on raw text.
impl fmt::Debug for LogPager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogPager").field("requests", &self.pages.requests).finish_non_exhaustive()
    }
}
