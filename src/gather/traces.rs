//! Spans of a window and of calm time: by one search a stretch that brings the spans along, never trace by trace.
//!
//! What is asked for is the same before and in the window, so that no comparison is skewed: every trace, and only where
//! there are more than the budget allows also the failed and the slow ones, in calm time as in the window.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::asking::{Asker, Refused};
use super::logs::stretches;
use super::{MissingKind, Spans};
use crate::model::ask::{Answer, Ask, Key};
use crate::model::evidence::{Period, SpanRecord};
use crate::model::{Attribute, Labels, SourceId, SourceKind, Span, SpanKind, TraceHit, TraceId, TraceList};
use crate::pack::Pack;
use crate::text::gather::EN as WORDS;

/// Stretches of a piece.
const STRETCHES: i32 = 8;
/// Spans of a trace: a Tempo that nobody has told otherwise refuses more.
const SPANS: u32 = 100;
/// What is asked of each span. Who its parent is can be said in two ways; older servers know one of them, or none.
const SELECTS: [&str; 3] = [
    "select(resource.service.name, name, status, kind, span:parentID)",
    "select(resource.service.name, name, status, kind, nestedSetParent, nestedSetLeft)",
    "select(resource.service.name, name, status, kind)",
];

/// Asks for them.
pub(super) async fn gather(asker: &Asker<'_>, pack: &Pack, spans: &Spans, budget: usize) -> Vec<SpanRecord> {
    if !asker.has(&SourceId::TEMPO) {
        return Vec::new();
    }
    let stretches = stretches(spans, STRETCHES);
    let limit = u32::try_from(budget / stretches.len().max(1)).unwrap_or(u32::MAX).max(1);
    let slow = format!("{{trace:duration > {}ms}}", pack.explore.trace_slow_ms);
    // Once a server has refused a way, it is not tried again.
    let way = AtomicUsize::new(0);
    // What came becomes evidence at once: of an answer only what is evidence stays.
    let texts = Mutex::new(Texts::default());
    let lists = stretches.iter().map(|stretch| {
        let (slow, way, texts) = (&slow, &way, &texts);
        async move {
            let Some(all) = search(asker, "{}", *stretch, limit, way).await else {
                return (Vec::new(), false);
            };
            let more = all.more;
            let mut traces = evidence(pack, &all, texts);
            drop(all);
            if more {
                for which in ["({status = error} && {})", slow] {
                    let found = search(asker, which, *stretch, limit.div_ceil(4), way).await;
                    traces.extend(found.into_iter().flat_map(|list| evidence(pack, &list, texts)));
                }
            }
            (traces, more)
        }
    });
    let lists = futures_util::future::join_all(lists).await;
    let told = |words: String| asker.note(Some(SourceKind::Tempo), MissingKind::Cut, words);
    let cut = lists.iter().filter(|(_, more)| *more).count();
    if cut > 0 {
        told((WORDS.traces_over)(cut, stretches.len(), limit));
    }
    if way.load(Ordering::Relaxed) + 1 == SELECTS.len() {
        told(WORDS.no_parents.to_owned());
    }
    let mut seen: BTreeSet<TraceId> = BTreeSet::new();
    let spans = lists.iter().flat_map(|(traces, _)| traces).map(|one| one.spans.len()).sum();
    let (mut out, mut shortened) = (Vec::with_capacity(spans), 0_usize);
    for one in lists.into_iter().flat_map(|(traces, _)| traces) {
        if seen.insert(one.id) {
            shortened += usize::from(one.shortened);
            out.extend(one.spans);
        }
    }
    if shortened > 0 {
        told((WORDS.traces_shortened)(shortened, SPANS));
    }
    out.sort_by(|a, b| (a.start, &a.trace_id, &a.span_id).cmp(&(b.start, &b.trace_id, &b.span_id)));
    out
}

/// A trace as evidence.
struct TraceEvidence {
    id: TraceId,
    /// Whether not all of its spans came.
    shortened: bool,
    spans: Vec<SpanRecord>,
}

fn evidence(pack: &Pack, list: &TraceList, texts: &Mutex<Texts>) -> Vec<TraceEvidence> {
    // Whoever panicked while holding it has only kept a text.
    let mut texts = texts.lock().unwrap_or_else(PoisonError::into_inner);
    let one = |hit: &TraceHit| TraceEvidence {
        id: hit.id,
        shortened: (hit.matched.len() as u64) < u64::from(hit.matched_count),
        spans: records(pack, hit, &mut texts),
    };
    list.hits.iter().map(one).collect()
}

/// One search, in the best way that the server knows.
async fn search(
    asker: &Asker<'_>,
    which: &str,
    stretch: Period,
    limit: u32,
    way: &AtomicUsize,
) -> Option<TraceList> {
    loop {
        let at = way.load(Ordering::Relaxed);
        let select = SELECTS.get(at)?;
        let key = Key::Traces { query: format!("{which} | {select}").into(), limit, spans: SPANS };
        let ask = Ask::Window { key, start: stretch.start, end: stretch.end };
        match asker.try_ask(WORDS.traces, ask).await {
            Ok(Answer::Traces(list)) => return Some(list),
            Err(Refused::Query) if at + 1 < SELECTS.len() => {
                // Another search may have found out already.
                let _ = way.compare_exchange(at, at + 1, Ordering::Relaxed, Ordering::Relaxed);
            }
            Err(Refused::Query) => {
                asker.note(
                    Some(SourceKind::Tempo),
                    MissingKind::Cut,
                    (WORDS.refused)(WORDS.traces, SourceKind::Tempo.as_str()),
                );
                return None;
            }
            _ => return None,
        }
    }
}

/// Texts that many spans share.
#[derive(Default)]
struct Texts {
    all: BTreeSet<Arc<str>>,
    /// Label sets by the word for the kind of a span.
    kinds: BTreeMap<&'static str, Labels>,
}

impl Texts {
    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.all.get(text) {
            return known.clone();
        }
        let made: Arc<str> = text.into();
        self.all.insert(made.clone());
        made
    }

    fn kind(&mut self, kind: Option<&'static str>) -> Labels {
        let Some(kind) = kind else { return Labels::default() };
        self.kinds.entry(kind).or_insert_with(|| Labels::new([("span.kind", kind)])).clone()
    }
}

/// The spans of a trace that was found.
fn records(pack: &Pack, hit: &TraceHit, texts: &mut Texts) -> Vec<SpanRecord> {
    let trace_id = texts.share(&hit.id.to_string());
    let nested = nested(&hit.matched);
    let mut out = Vec::with_capacity(hit.matched.len());
    let mut seen = BTreeSet::new();
    for span in hit.matched.iter().filter(|span| seen.insert(span.span_id)) {
        let parent = span.parent_id.map(|id| id.to_string()).or_else(|| {
            let left = number(span, "nestedSetParent")?;
            nested.get(&left).cloned()
        });
        let kind = match span.kind {
            SpanKind::Unspecified => None,
            SpanKind::Internal => Some("internal"),
            SpanKind::Server => Some("server"),
            SpanKind::Client => Some("client"),
            SpanKind::Producer => Some("producer"),
            SpanKind::Consumer => Some("consumer"),
        };
        out.push(SpanRecord {
            trace_id: trace_id.clone(),
            span_id: texts.share(&span.span_id.to_string()),
            parent_id: parent.map(|id| texts.share(&id)),
            service: texts.share(pack.signals.known(&span.service)),
            name: texts.share(&span.name),
            start: span.start,
            duration: u64::try_from(span.duration).unwrap_or(0),
            status: span.status,
            attributes: texts.kind(kind),
        });
    }
    out
}

/// Spans by their left edge in the nested set that Tempo keeps of a trace.
fn nested(spans: &[Span]) -> BTreeMap<i64, String> {
    spans.iter().filter_map(|span| Some((number(span, "nestedSetLeft")?, span.span_id.to_string()))).collect()
}

fn number(span: &Span, name: &str) -> Option<i64> {
    span.attributes.iter().find_map(|(key, value)| match value {
        Attribute::Int(number) if **key == *name && *number > 0 => Some(*number),
        _ => None,
    })
}
