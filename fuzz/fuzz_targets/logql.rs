//! LogQL and the lines that it reads: a query and, after a NUL, the text of a line.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use plantao::model::{Labels, LogEntry, Matcher};
use plantao::query::logql::LogQl;
use plantao::query::{LogData, Order};

struct One(LogEntry);

impl LogData for One {
    fn entries(
        &self,
        _matchers: &[Matcher],
        _from_ns: i64,
        _to_ns: i64,
        _order: Order,
        each: &mut dyn FnMut(&LogEntry) -> ControlFlow<()>,
    ) {
        let _ = each(&self.0);
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (query, line) = text.split_once('\0').unwrap_or((text, ""));
    let Ok(query) = LogQl::parse(query) else { return };
    let labels = Labels::new([("service", "x"), ("level", "info")]);
    let data = One(LogEntry { ts: 1, labels, line: line.into(), metadata: Labels::default() });
    for categorize in [false, true] {
        let _ = query.streams(&data, (0, 10), 10, Order::Forward, categorize);
    }
    let _ = query.fields(&data, (0, 10), 10, 10);
    let _ = query.instant(&data, 1);
    let _ = query.range(&data, (0, 3_000_000), 1_000_000);
});
