use proptest::prelude::*;

use super::*;
use crate::model::{SpanId, SpanKind, TraceId};

const MS: i64 = 1_000_000;
/// Every moment is this much after 1970.
const BASE: i64 = 1_795_324_275_000 * MS;

/// A span: id, parent, service, start and end in milliseconds.
fn span(id: u64, parent: u64, service: &str, from: i64, to: i64) -> Span {
    Span {
        trace_id: TraceId(1),
        span_id: SpanId(id),
        parent_id: (parent != 0).then_some(SpanId(parent)),
        service: service.into(),
        name: format!("op{id}").into(),
        kind: SpanKind::Internal,
        start: BASE + from * MS,
        duration: (to - from) * MS,
        ..Span::default()
    }
}

fn of(spans: Vec<Span>) -> (Trace, Waterfall) {
    let trace = Trace { id: TraceId(1), spans };
    let fall = Waterfall::of(&trace);
    (trace, fall)
}

/// Names in order, indented by depth.
fn drawn(trace: &Trace, fall: &Waterfall) -> Vec<String> {
    let line = |row: &Row| format!("{}{}", " ".repeat(row.depth as usize), trace.spans[row.span].name);
    fall.rows.iter().map(line).collect()
}

fn own_ms(fall: &Waterfall) -> Vec<i64> {
    fall.rows.iter().map(|row| row.own / MS).collect()
}

/// Pieces of the path: row, from and to in milliseconds.
fn path_ms(fall: &Waterfall) -> Vec<(usize, i64, i64)> {
    let ms = |at: i64| (at - BASE) / MS;
    fall.path.iter().map(|piece| (piece.row, ms(piece.from), ms(piece.to))).collect()
}

#[test]
fn children_stand_below_their_parent_by_start() {
    let (trace, fall) = of(vec![
        span(1, 0, "a", 0, 100),
        span(4, 1, "b", 60, 90),
        span(2, 1, "b", 10, 50),
        span(3, 2, "c", 20, 30),
    ]);
    assert_eq!(drawn(&trace, &fall), ["op1", " op2", "  op3", " op4"]);
    assert_eq!(fall.rows.iter().map(|row| row.below).collect::<Vec<_>>(), [3, 1, 0, 0]);
    assert_eq!(fall.children(0).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(own_ms(&fall), [30, 30, 10, 30]);
    assert_eq!(fall.duration(), 100 * MS);
    let services: Vec<_> = fall.services.iter().map(|s| (&*s.name, s.spans, s.own / MS)).collect();
    assert_eq!(services, [("a", 1, 30), ("b", 2, 60), ("c", 1, 10)]);
}

#[test]
fn overlapping_children_count_once_and_only_within_their_parent() {
    let (_, fall) = of(vec![
        span(1, 0, "a", 0, 100),
        span(2, 1, "a", 10, 60),
        span(3, 1, "a", 40, 80),
        span(4, 1, "a", 90, 500),
    ]);
    assert_eq!(fall.rows[0].own, 20 * MS);
    assert!(fall.rows[3].detached && !fall.rows[2].detached);
}

#[test]
fn the_path_goes_back_through_what_finished_last() {
    // 2 and 3 run beside each other, 4 after both.
    let (_, fall) = of(vec![
        span(1, 0, "a", 0, 100),
        span(2, 1, "a", 10, 40),
        span(3, 1, "b", 10, 60),
        span(4, 1, "b", 65, 95),
        span(5, 4, "c", 70, 90),
    ]);
    assert_eq!(
        path_ms(&fall),
        [(0, 0, 10), (0, 60, 65), (0, 95, 100), (2, 10, 60), (3, 65, 70), (3, 90, 95), (4, 70, 90)]
    );
    assert!(!fall.rows[1].on_path, "it ran beside the path");
    assert_eq!(fall.rows[0].critical, 20 * MS);
}

#[test]
fn what_goes_on_after_its_parent_was_not_waited_for() {
    let (_, fall) = of(vec![span(1, 0, "a", 0, 100), span(2, 1, "a", 10, 300)]);
    assert_eq!(path_ms(&fall), [(0, 0, 100)]);
    assert_eq!(fall.duration(), 300 * MS);
}

#[test]
fn an_overlap_of_a_rounding_breaks_no_path() {
    let mut second = span(3, 1, "a", 50, 100);
    second.start -= MS / 10;
    let (_, fall) = of(vec![span(1, 0, "a", 0, 100), span(2, 1, "a", 0, 50), second]);
    assert!(fall.rows[1].on_path && fall.rows[2].on_path);
}

#[test]
fn a_missing_parent_makes_another_root_that_says_so() {
    let (trace, fall) = of(vec![span(1, 0, "a", 0, 10), span(3, 99, "b", 2, 60), span(4, 3, "b", 3, 5)]);
    assert_eq!(drawn(&trace, &fall), ["op1", "op3", " op4"]);
    assert_eq!(fall.rows[1].origin, Origin::Orphan);
    assert_eq!((fall.orphans, fall.root), (1, Some(0)), "what names no parent is the root, however short");
    let (_, fall) = of(vec![span(3, 99, "b", 2, 60), span(4, 98, "b", 3, 5)]);
    assert_eq!(fall.root, Some(0));
}

#[test]
fn circles_are_broken_up_and_told() {
    let (trace, fall) = of(vec![
        span(1, 0, "a", 0, 10),
        span(2, 3, "a", 1, 5),
        span(3, 2, "a", 2, 4),
        span(4, 4, "a", 3, 4),
        span(5, 4, "a", 3, 4),
    ]);
    assert_eq!(drawn(&trace, &fall), ["op1", "op2", " op3", "op4", " op5"]);
    assert_eq!(fall.looped, 2);
}

#[test]
fn an_id_used_twice_keeps_both_spans() {
    let (_, fall) = of(vec![span(1, 0, "a", 0, 10), span(2, 1, "a", 1, 5), span(2, 1, "a", 1, 5)]);
    assert_eq!((fall.rows.len(), fall.doubled), (3, 1));
    assert_eq!(fall.rows[0].own, 6 * MS);
}

#[test]
fn two_sides_of_a_call_under_one_id_are_caller_and_called() {
    let client = Span { kind: SpanKind::Client, ..span(2, 1, "a", 10, 90) };
    let server = Span { kind: SpanKind::Server, ..span(2, 1, "b", 20, 80) };
    for both in [[client.clone(), server.clone()], [server, client]] {
        let mut spans = vec![span(1, 0, "a", 0, 100), span(3, 2, "b", 30, 40)];
        spans.extend(both);
        let (trace, fall) = of(spans);
        let services: Vec<_> = fall.rows.iter().map(|row| &*trace.spans[row.span].service).collect();
        assert_eq!(services, ["a", "a", "b", "b"]);
        assert_eq!((fall.doubled, fall.rows[3].depth), (0, 3));
    }
}

#[test]
fn clocks_that_contradict_each_other_are_told_with_an_estimate() {
    let client = Span { kind: SpanKind::Client, ..span(2, 1, "a", 10, 90) };
    let server = Span { kind: SpanKind::Server, ..span(3, 2, "b", -40, 20) };
    let (_, fall) = of(vec![span(1, 0, "a", 0, 100), client.clone(), server, span(4, 3, "b", -30, 0)]);
    // 60 ms in 80 ms: ten on the way there, ten back.
    assert_eq!(fall.rows[2].skew, Some(60 * MS));
    assert_eq!((fall.rows[3].skew, fall.rows[3].shift), (None, 60 * MS), "one clock for the whole service");
    assert_eq!(fall.skewed, 1);
    assert!(fall.rows[2].on_path, "it was waited for");
    let sum: i64 = fall.rows.iter().map(|row| row.critical).sum();
    assert_eq!(sum, 100 * MS);
    // A caller that gave up did not wait.
    let gave_up = Span { status: SpanStatus::Error, ..client };
    let server = Span { kind: SpanKind::Server, ..span(3, 2, "b", 50, 120) };
    let (_, fall) = of(vec![span(1, 0, "a", 0, 100), gave_up, server]);
    assert_eq!((fall.rows[2].skew, fall.rows[2].detached), (None, true));
}

#[test]
fn a_long_stretch_without_children_is_told() {
    let (_, fall) = of(vec![span(1, 0, "a", 0, 100), span(2, 1, "a", 0, 40), span(3, 1, "a", 70, 98)]);
    assert_eq!(fall.rows[0].gap.map(|(from, to)| ((from - BASE) / MS, (to - BASE) / MS)), Some((40, 70)));
    assert_eq!(fall.rows[1].gap, None, "without children all of it is its own");
}

#[test]
fn what_is_folded_hides_what_is_below_it() {
    let (_, fall) = of(vec![
        span(1, 0, "a", 0, 100),
        span(2, 1, "a", 10, 40),
        span(3, 2, "a", 10, 20),
        span(4, 1, "a", 50, 95),
    ]);
    assert_eq!(fall.visible(&|row| row == 1, false), [0, 1, 3]);
    assert_eq!(fall.visible(&|_| false, true), [0, 1, 2, 3]);
    assert_eq!(fall.visible(&|_| true, false), [0]);
}

#[test]
fn a_span_without_a_time_does_not_stretch_the_trace_to_1970() {
    let lost = Span { start: 0, duration: 0, ..span(9, 1, "a", 0, 0) };
    let (_, fall) = of(vec![span(1, 0, "a", 0, 100), lost]);
    assert_eq!((fall.start, fall.duration()), (BASE, 100 * MS));
    let (_, nothing) = of(Vec::new());
    assert_eq!(nothing, Waterfall::default());
}

prop_compose! {
    /// Anything that a server could send: few ids, so that parents, cycles and doubles are many.
    fn any_span()(
        id in 0_u64..12,
        parent in prop::option::of(0_u64..14),
        service in 0_u8..4,
        kind in 0_u8..4,
        error: bool,
        wild in prop::bool::weighted(0.1),
        from in -50_i64..50,
        length in -5_i64..100,
        extreme: (i64, i64),
    ) -> Span {
        let mut one = span(id, 0, &format!("s{service}"), from, from + length);
        one.parent_id = parent.map(SpanId);
        one.kind = [SpanKind::Internal, SpanKind::Client, SpanKind::Server, SpanKind::Producer][usize::from(kind)];
        if error {
            one.status = SpanStatus::Error;
        }
        if wild {
            (one.start, one.duration) = extreme;
        }
        one
    }
}

/// A tree whose children lie within their parents one after another: each span splits its time among some children.
fn calm_tree(shares: &[(u8, u8)]) -> Vec<Span> {
    let mut spans = vec![span(1, 0, "a", 0, 4096)];
    for (at, (parent, share)) in shares.iter().enumerate() {
        let parent = usize::from(*parent) % spans.len();
        let (id, above) = (at as u64 + 2, spans[parent].clone());
        // What the parent has not given away yet begins where its last child ended.
        let free = spans.iter().filter(|one| one.parent_id == Some(above.span_id)).map(end).max();
        let from = free.unwrap_or(above.start);
        let room = end(&above) - from;
        let mut child = span(id, above.span_id.0, "a", 0, 0);
        child.start = from + room / 8;
        child.duration = room / 256 * i64::from(*share);
        spans.push(child);
    }
    spans
}

proptest! {
    #[test]
    fn whatever_is_sent_makes_a_whole_waterfall(spans in prop::collection::vec(any_span(), 0..40)) {
        let (trace, fall) = of(spans);
        prop_assert_eq!(fall.rows.len(), trace.spans.len());
        let mut seen: Vec<usize> = fall.rows.iter().map(|row| row.span).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..trace.spans.len()).collect::<Vec<_>>());
        for (at, row) in fall.rows.iter().enumerate() {
            let span = &trace.spans[row.span];
            prop_assert!(row.own >= 0 && row.own <= span.duration.max(0));
            prop_assert!(row.parent.is_none_or(|parent| parent < at && fall.with_below(parent).contains(&at)));
            prop_assert_eq!(row.depth, row.parent.map_or(0, |parent| fall.rows[parent].depth + 1));
            let own: i64 = fall.own_in(&trace, at).iter().fold(0, |sum, (from, to)| sum.saturating_add(to.saturating_sub(*from)));
            prop_assert_eq!(own, row.own);
        }
        prop_assert!(fall.end >= fall.start);
        prop_assert_eq!(fall.services.iter().map(|service| service.spans).sum::<usize>(), fall.rows.len());
        if let Some(root) = fall.root {
            let root = &trace.spans[fall.rows[root].span];
            let sum = fall.path.iter().fold(0_i64, |sum, piece| sum.saturating_add(piece.to.saturating_sub(piece.from)));
            prop_assert_eq!(sum, end(root).saturating_sub(root.start), "every moment of the root belongs to one span");
        }
        let _ = fall.visible(&|row| row % 3 == 0, true);
    }

    #[test]
    fn without_anything_beside_it_every_span_is_on_the_path_with_all_of_its_own_time(
        shares in prop::collection::vec((any::<u8>(), 1_u8..224), 0..30)
    ) {
        let (trace, fall) = of(calm_tree(&shares));
        let counted = |row: &&Row| trace.spans[row.span].duration > 0;
        for row in fall.rows.iter().filter(counted) {
            prop_assert!(row.on_path);
            prop_assert_eq!(row.own, row.critical);
        }
        let sum: i64 = fall.rows.iter().map(|row| row.own).sum();
        prop_assert_eq!(sum, trace.spans[0].duration);
    }
}
