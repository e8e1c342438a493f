//! TraceQL, asked of one small trace.
#![no_main]

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use plantao::model::{Attribute, Span, SpanId, SpanKind, SpanStatus, Trace, TraceId};
use plantao::query::TraceData;
use plantao::query::traceql::TraceQl;

struct One(Arc<Trace>);

impl TraceData for One {
    fn traces(&self, _from_ns: i64, _to_ns: i64, each: &mut dyn FnMut(&Arc<Trace>) -> ControlFlow<()>) {
        let _ = each(&self.0);
    }

    fn trace(&self, _id: TraceId) -> Option<Arc<Trace>> {
        None
    }
}

static DATA: LazyLock<One> = LazyLock::new(|| {
    let spans = (1..=4_u64).map(|id| Span {
        trace_id: TraceId(7),
        span_id: SpanId(id),
        parent_id: (id > 1).then(|| SpanId(id / 2)),
        service: "a".into(),
        name: "b".into(),
        kind: SpanKind::Server,
        start: id as i64,
        duration: 1_000_000,
        status: SpanStatus::Error,
        status_message: "".into(),
        attributes: vec![("a".into(), Attribute::Int(1)), ("b".into(), Attribute::Float(0.5))],
        resource: Arc::new(vec![]),
        events: vec![],
        ..Span::default()
    });
    One(Arc::new(Trace { id: TraceId(7), spans: spans.collect() }))
});

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(query) = TraceQl::parse(text) else { return };
    let _ = query.search(&*DATA, (0, 10), 10, &mut |_| true);
    let _ = query.metrics(&*DATA, (0, 10_000_000), 1_000_000, 10);
    let _ = query.over_window(&*DATA, (0, 10_000_000));
});
