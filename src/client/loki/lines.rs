//! The lines of a window, as an explorer asks for them.

use super::ns;
use super::paging::{LogAsk, Pages};
use crate::client::Told;
use crate::client::fault::warning;
use crate::client::http::Http;
use crate::model::ask::Answer;
use crate::model::{Fault, LogPage, Time};
use crate::text::fault::Doubt;

/// At most `limit` lines, both ends of the window included.
pub(super) async fn page(
    http: &Http,
    query: &str,
    limit: u32,
    forward: bool,
    (start, end): (Time, Time),
) -> Result<Told, Fault> {
    let ask = LogAsk {
        query: query.to_owned(),
        from: ns(start),
        to: ns(end),
        forward,
        limit: Some(u64::from(limit)),
    };
    let mut pages = Pages::new(&ask)?;
    let mut entries = Vec::new();
    while let Some(page) = pages.next(http).await? {
        if entries.is_empty() {
            entries = page;
        } else {
            entries.extend(page);
        }
    }
    let mut warnings = Vec::new();
    if pages.short > 0 || pages.unsure {
        warnings.push(warning(&Doubt::SameLines(pages.short)));
    }
    let page = LogPage { entries: entries.into(), more: pages.more, leaks: pages.leaks.findings() };
    Ok(Told { answer: Answer::Logs(page), warnings, clock_skew_s: pages.clock_skew_s })
}
