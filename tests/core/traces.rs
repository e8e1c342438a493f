//! Views of traces: what they ask, what they make of the answers, where the keys lead.

use plantao::command::CommandId;
use plantao::message::{Effect, Msg, Target};
use plantao::model::ask::{Answer, Key};
use plantao::model::{FaultKind, SourceId, Trace, TraceDoc, TraceId, TraceList};
use plantao::state::traces::TraceColumn;
use plantao::state::{State, TracePlace, View, demand, trace, traces as listed};
use plantao::view::vm::{Body, CompareVm, PaneState, TraceVm, TracesVm};

use crate::desk::Desk;
use crate::hand_made::{self, LINKED, MS, SLOW, USUAL};

const QUERY: &str = "{ duration > 1s }";

fn at_traces() -> Desk {
    let mut desk = Desk::new();
    desk.state.stack.push(View::Traces(QUERY.into()));
    desk
}

fn now_ns(desk: &Desk) -> i64 {
    desk.state.now.timestamp_nanos_opt().expect("this century")
}

fn found(desk: &mut Desk, count: usize, more: bool) {
    let list = TraceList { more, ..hand_made::list(now_ns(desk), count) };
    let key = listed::key_of(&desk.state, QUERY);
    desk.answer(&key, Answer::Traces(list));
}

fn at_trace(doc: TraceDoc) -> Desk {
    let mut desk = Desk::new();
    desk.state.stack.push(View::Trace(SLOW));
    desk.answer(&Key::Trace(SLOW), Answer::Trace(doc));
    desk
}

fn slow() -> Desk {
    at_trace(hand_made::slow(1_795_327_000_000 * MS))
}

fn place(state: &State) -> &TracePlace {
    state.places.trace.get(state.view()).expect("a place")
}

fn list(desk: &Desk) -> TracesVm {
    match desk.screen().body {
        Body::Traces(vm) => *vm,
        other => panic!("no list but {other:?}"),
    }
}

fn one(desk: &Desk) -> TraceVm {
    match desk.screen().body {
        Body::Trace(vm) => *vm,
        other => panic!("no trace but {other:?}"),
    }
}

fn two(desk: &Desk) -> CompareVm {
    match desk.screen().body {
        Body::Compare(vm) => *vm,
        other => panic!("no comparison but {other:?}"),
    }
}

/// Operation under the cursor.
fn here(desk: &Desk) -> String {
    let vm = one(desk);
    vm.rows[vm.cursor.expect("a cursor")].name.clone()
}

fn wanted(desk: &Desk) -> Vec<Key> {
    demand::wants(&desk.state).into_iter().map(|want| want.key).collect()
}

#[test]
fn the_list_asks_for_its_query_or_the_packs_first() {
    let mut desk = at_traces();
    assert!(wanted(&desk).contains(&Key::Traces { query: QUERY.into(), limit: 200, spans: 3 }));
    desk.state.stack.push(View::Traces("".into()));
    let first = desk.state.setup.pack.explore.traces[0].query.as_str().into();
    assert!(wanted(&desk).contains(&Key::Traces { query: first, limit: 200, spans: 3 }));
    desk.state.stack.push(View::Traces("{} | rate()".into()));
    let step = desk.state.step_s();
    assert!(wanted(&desk).contains(&Key::TraceRange("{} | rate()".into(), step)));
}

#[test]
fn more_are_loaded_at_the_end_and_until_then_the_old_ones_stay() {
    let mut desk = at_traces();
    found(&mut desk, 200, true);
    assert_eq!(list(&desk).lines, 201);
    assert!(list(&desk).note.starts_with("200 of more"), "{}", list(&desk).note);
    desk.keys("end enter");
    assert!(wanted(&desk).contains(&Key::Traces { query: QUERY.into(), limit: 400, spans: 3 }));
    let waiting = list(&desk);
    assert_eq!((waiting.lines, waiting.state), (201, PaneState::Ready));
    assert!(waiting.note.contains("loading more"));
    found(&mut desk, 300, false);
    assert_eq!(list(&desk).lines, 300);
    assert!(list(&desk).note.starts_with("300 ·"), "{}", list(&desk).note);
}

#[test]
fn a_key_loads_more_from_anywhere_and_says_when_there_are_none() {
    let mut desk = at_traces();
    found(&mut desk, 200, true);
    desk.keys("down .");
    let next = Key::Traces { query: QUERY.into(), limit: 400, spans: 3 };
    assert!(wanted(&desk).contains(&next));
    desk.keys(". .");
    assert!(wanted(&desk).contains(&next), "what is on its way is not asked for twice as many");
    found(&mut desk, 300, false);
    desk.keys(".");
    assert!(wanted(&desk).contains(&next));
    let notice = desk.state.notice.as_ref().map(|notice| notice.text.as_str());
    assert_eq!(notice, Some("every trace of the window that matches is listed"));
}

#[test]
fn the_cursor_stays_on_its_trace_when_others_come() {
    let mut desk = at_traces();
    found(&mut desk, 50, false);
    desk.keys("down down down");
    let chosen = listed::under_cursor(&desk.state).expect("a trace").id;
    // The same traces with ten newer ones before them.
    let before = hand_made::list(now_ns(&desk), 50);
    let newer = hand_made::list(now_ns(&desk) + 60_000 * MS, 60).hits[50..].to_vec();
    let newer = newer.into_iter().map(|mut hit| {
        hit.start += 4_000_000 * MS;
        hit
    });
    let hits = newer.chain(before.hits.iter().cloned()).collect();
    let key = listed::key_of(&desk.state, QUERY);
    desk.answer(&key, Answer::Traces(TraceList { hits, ..TraceList::default() }));
    assert_eq!(listed::under_cursor(&desk.state).expect("a trace").id, chosen);
    let vm = list(&desk);
    assert_eq!((vm.lines, vm.cursor.map(|at| at + vm.offset)), (60, Some(13)));
    desk.keys("enter");
    assert_eq!(*desk.state.view(), View::Trace(chosen));
    desk.keys("backspace");
    assert_eq!(listed::under_cursor(&desk.state).expect("a trace").id, chosen);
}

#[test]
fn the_list_is_sorted_by_each_column_and_backwards() {
    let mut desk = at_traces();
    found(&mut desk, 60, false);
    let durations = |desk: &Desk| {
        let list = listed::list(&desk.state, QUERY).expect("a list");
        let place = desk.state.places.traces.get(QUERY).cloned().unwrap_or_default();
        listed::order(list, &place).iter().map(|at| list.hits[*at].duration).collect::<Vec<_>>()
    };
    desk.keys("o");
    assert_eq!(list(&desk).sort, TraceColumn::Duration);
    assert!(durations(&desk).is_sorted_by(|a, b| a >= b));
    desk.keys("O");
    assert!(durations(&desk).is_sorted());
    desk.keys("o o o");
    assert_eq!(list(&desk).sort, TraceColumn::Start);
}

#[test]
fn a_marked_trace_is_what_others_are_compared_with() {
    let mut desk = at_traces();
    found(&mut desk, 20, false);
    desk.keys("space");
    let marked = listed::under_cursor(&desk.state).expect("a trace").id;
    assert!(list(&desk).rows[0].marked);
    desk.keys("down D");
    let View::Compare(one, other) = *desk.state.view() else { panic!("{:?}", desk.state.view()) };
    assert_eq!(other, marked);
    assert_ne!(one, marked);
    let wanted = wanted(&desk);
    assert!(wanted.contains(&Key::Trace(one)) && wanted.contains(&Key::Trace(other)));
}

#[test]
fn every_state_of_the_list_is_told() {
    let mut desk = at_traces();
    assert_eq!(list(&desk).state, PaneState::Loading);
    let key = listed::key_of(&desk.state, QUERY);
    desk.fail(&key, FaultKind::BadQuery);
    let vm = list(&desk);
    assert_eq!(vm.state, PaneState::Failed);
    assert!(vm.message.iter().any(|line| line.contains("words of the server")), "{:?}", vm.message);
    desk.answer(&key, Answer::Traces(TraceList { inspected: Some(4_321), ..TraceList::default() }));
    let vm = list(&desk);
    assert_eq!(vm.state, PaneState::NoData);
    assert!(vm.message.iter().any(|line| line.contains("4,321")), "{:?}", vm.message);
    found(&mut desk, 3, false);
    desk.fail(&key, FaultKind::Timeout);
    let vm = list(&desk);
    assert_eq!((vm.state, vm.rows.len()), (PaneState::Stale, 3));

    let mut none = Desk::with(&[SourceId::PROMETHEUS]);
    none.state.stack.push(View::Traces("".into()));
    assert_eq!(list(&none).state, PaneState::Unconfigured);
    none.state.stack.push(View::Trace(SLOW));
    assert_eq!(one(&none).state, PaneState::Unconfigured);
    assert!(!one(&none).message.is_empty());
}

#[test]
fn columns_before_the_oldest_trace_of_a_cut_list_are_a_gap() {
    let mut desk = at_traces();
    found(&mut desk, 30, false);
    let whole = list(&desk).axis;
    let sum = |axis: &plantao::view::vm::AxisVm| {
        axis.columns.iter().map(|(_, counts)| counts.iter().sum::<f64>()).sum::<f64>()
    };
    assert_eq!(sum(&whole), 30.0);
    assert!(whole.columns.first().is_some_and(|(start, _)| *start <= whole.span_ms.0));
    let mut cut = hand_made::list(now_ns(&desk), 30);
    cut.hits = cut.hits[..10].into();
    cut.more = true;
    let key = listed::key_of(&desk.state, QUERY);
    desk.answer(&key, Answer::Traces(cut));
    let cut = list(&desk).axis;
    assert_eq!(sum(&cut), 10.0);
    assert!(cut.columns.first().is_some_and(|(start, _)| *start > cut.span_ms.0), "nothing is known before");
}

#[test]
fn a_trace_is_walked_folded_and_unfolded() {
    let mut desk = slow();
    let vm = one(&desk);
    assert_eq!((vm.total, vm.shown, vm.state), (18, 18, PaneState::Ready));
    assert_eq!(here(&desk), "POST /v1/transcriptions");
    desk.keys("left");
    assert_eq!(one(&desk).shown, 2, "the root is folded, what lost its parent stays");
    assert_eq!(one(&desk).rows[0].hidden, 16);
    assert!(one(&desk).rows[0].error_below);
    desk.keys("right right right");
    assert_eq!(here(&desk), "verify_token");
    desk.keys("left left");
    assert_eq!(here(&desk), "auth.verify", "to fold comes before going up");
    desk.keys("Z");
    assert_eq!(one(&desk).shown, 18, "something was folded: all is shown");
    desk.keys("Z");
    assert_eq!(one(&desk).shown, 4);
    desk.keys("end space");
    assert_eq!(here(&desk), "notify_ward", "nothing is below it or above it");
}

#[test]
fn errors_and_what_is_searched_for_are_found_wherever_they_hide() {
    let mut desk = slow();
    desk.keys("Z !");
    assert_eq!(here(&desk), "ai_inference.whisper-large");
    desk.keys("!");
    assert_eq!(here(&desk), "whisper_inference");
    desk.keys("!");
    assert_eq!(here(&desk), "ai_inference.whisper-large");
    assert!(desk.state.notice.is_some(), "it began again");
    desk.keys("home Z Z /");
    desk.type_text("INSERT");
    desk.keys("enter");
    assert_eq!(here(&desk), "INSERT records");
    assert!(one(&desk).mode.contains("1 of 1"), "{}", one(&desk).mode);
    desk.keys("home /");
    desk.send(Msg::Command(CommandId::DeleteAll));
    // A value of an attribute, a pseudonym at that.
    desk.type_text("cpf:9f2c");
    desk.keys("enter");
    assert_eq!(here(&desk), "whisper_inference");
    desk.keys("/");
    desk.send(Msg::Command(CommandId::DeleteAll));
    desk.type_text("nowhere");
    desk.keys("enter n");
    assert!(desk.state.notice.is_some());
}

#[test]
fn the_critical_path_alone_and_the_services_instead() {
    let mut desk = slow();
    desk.keys("K");
    let vm = one(&desk);
    assert!(vm.shown < vm.total && vm.rows.iter().all(|row| row.critical));
    assert!(vm.mode.contains("critical path"));
    desk.keys("K S");
    let services = one(&desk).services.expect("services");
    assert_eq!(services.rows[0].name, "ai-engine", "the longest own time first");
    desk.keys("down enter");
    assert!(one(&desk).services.is_none());
    assert_eq!(here(&desk), "medical_operation.transcribe");
    desk.keys("S backspace");
    assert_eq!(*desk.state.view(), View::Trace(SLOW));
    assert!(one(&desk).services.is_none());
}

#[test]
fn the_detail_leads_to_the_trace_that_it_names_and_back() {
    let mut desk = slow();
    let lines = one(&desk).detail.lines;
    let link = lines.iter().position(|line| line.leads).expect("a link");
    desk.keys("enter");
    for _ in 0..link {
        desk.keys("down");
    }
    desk.keys("enter");
    assert_eq!(*desk.state.view(), View::Trace(LINKED));
    desk.answer(&Key::Trace(LINKED), Answer::Trace(TraceDoc::default()));
    let unknown = one(&desk);
    assert_eq!(unknown.state, PaneState::NoData);
    assert!(unknown.message[0].contains(&LINKED.to_string()));
    desk.keys("backspace");
    assert_eq!(*desk.state.view(), View::Trace(SLOW));
    assert_eq!(desk.keys("y"), [Effect::Copy(LINKED.to_string())]);
    desk.keys("esc");
    assert!(one(&desk).detail.cursor.is_none());
    assert_eq!(desk.keys("y"), [Effect::Copy(SLOW.to_string())]);
}

#[test]
fn what_makes_a_trace_hard_to_believe_is_told_first() {
    let doc =
        TraceDoc { partial: "max trace size reached".into(), ..hand_made::slow(1_795_327_000_000 * MS) };
    let findings: Vec<String> = one(&at_trace(doc)).findings.into_iter().map(|(_, text)| text).collect();
    assert!(findings[0].contains("max trace size reached"));
    assert!(findings[1].contains("cpf ×1"));
    assert!(
        findings[2].contains("1 span without the parent") && findings[2].contains("clock"),
        "{findings:?}"
    );
}

#[test]
fn the_span_under_the_cursor_is_in_focus() {
    let mut desk = slow();
    desk.keys("!");
    let focus = trace::focused(&desk.state).expect("a focus");
    assert_eq!((focus.trace, focus.service.as_deref()), (Some(SLOW), Some("medical-api")));
    assert_eq!(focus.labels.get("host.name"), Some("mac-studio"));
    let (from, to) = focus.span.expect("a stretch");
    assert_eq!((to - from).num_milliseconds(), 5_020);
    let mut desk = at_traces();
    found(&mut desk, 3, false);
    let focus = listed::focused(&desk.state).expect("a focus");
    assert_eq!(focus.service.as_deref(), Some("api-gateway"));
    assert!(focus.trace.is_some() && focus.span.is_some());
}

#[test]
fn a_usual_trace_of_the_same_root_is_searched_for_and_laid_beside() {
    let mut desk = slow();
    desk.keys("D");
    let key = trace::usual_key("api-gateway", "POST /v1/transcriptions");
    assert!(wanted(&desk).contains(&key));
    assert!(one(&desk).mode.contains("looking for a usual trace"));
    let hit = |id: TraceId, duration: i64| plantao::model::TraceHit {
        id,
        duration: duration * MS,
        ..hand_made::list(now_ns(&desk), 1).hits[0].clone()
    };
    let hits = [hit(SLOW, 12_400), hit(TraceId(7), 900), hit(USUAL, 2_310), hit(TraceId(8), 2_900)].into();
    desk.answer(&key, Answer::Traces(TraceList { hits, ..TraceList::default() }));
    assert_eq!(*desk.state.view(), View::Compare(SLOW, USUAL));
    let waiting = two(&desk);
    assert_eq!(waiting.state, PaneState::Loading);
    assert!(
        waiting.sides[1].why.contains("the median of 3 like it, without errors"),
        "{}",
        waiting.sides[1].why
    );
    desk.answer(&Key::Trace(USUAL), Answer::Trace(hand_made::usual(1_795_320_000_000 * MS)));
    let vm = two(&desk);
    assert_eq!(vm.differences[0].name, "whisper_inference");
    assert!(vm.differences[0].words.contains("×2 instead of ×1") || vm.differing > 1);
    let said: Vec<&str> = vm.differences.iter().map(|one| one.words.as_str()).collect();
    assert!(said.iter().any(|words| words.contains("only here")), "{said:?}");
    assert!(said.iter().any(|words| words.contains("missing here")), "{said:?}");
    assert!(said.iter().any(|words| words.contains("fails here")), "{said:?}");
    // To the largest difference, and from there into the trace.
    desk.keys("! enter");
    assert_eq!(*desk.state.view(), View::Trace(SLOW));
    assert_eq!(here(&desk), "whisper_inference");
    desk.keys("backspace D");
    assert_eq!(*desk.state.view(), View::Compare(USUAL, SLOW), "the other way round");
    desk.keys("left");
    assert_eq!(two(&desk).shown, 2, "the root is folded, what lost its parent stays");
}

#[test]
fn without_another_trace_there_is_nothing_to_compare_and_that_is_told() {
    let mut desk = slow();
    desk.keys("D");
    let key = trace::usual_key("api-gateway", "POST /v1/transcriptions");
    desk.answer(&key, Answer::Traces(TraceList::default()));
    assert_eq!(*desk.state.view(), View::Trace(SLOW));
    assert!(desk.state.notice.as_ref().is_some_and(|notice| notice.text.contains("no other trace")));
    assert_eq!(place(&desk.state).usual, None);
    // The answer is known by now: it is told at once.
    desk.state.notice = None;
    desk.keys("D");
    assert!(desk.state.notice.is_some());
    desk.state.store.explored.remove(&key);
    desk.keys("D");
    desk.fail(&key, FaultKind::Timeout);
    assert!(desk.state.notice.as_ref().is_some_and(|notice| notice.text.contains("words of the server")));
}

#[test]
fn a_click_selects_and_a_second_one_folds_or_opens() {
    let mut desk = slow();
    desk.send(Msg::Click(Target::Line(1)));
    assert_eq!(here(&desk), "auth.verify");
    desk.send(Msg::Click(Target::Line(1)));
    assert_eq!(one(&desk).rows[1].folded, Some(true));
    desk.send(Msg::Click(Target::Line(999)));
    assert_eq!(here(&desk), "auth.verify");
    let mut desk = at_traces();
    found(&mut desk, 5, false);
    desk.send(Msg::Click(Target::Line(2)));
    let chosen = listed::under_cursor(&desk.state).expect("a trace").id;
    desk.send(Msg::Click(Target::Line(2)));
    assert_eq!(*desk.state.view(), View::Trace(chosen));
}

#[test]
fn fifty_thousand_spans_make_no_more_lines_than_fit() {
    let base = 1_795_327_000_000 * MS;
    let of = |id: u64| {
        let from = id as f64 / 10.0;
        let kind = plantao::model::SpanKind::Internal;
        hand_made::span(
            id,
            if id == 1 { 0 } else { id / 3 + 1 },
            "s",
            "work",
            kind,
            base,
            (from, from + 5_000.0),
        )
    };
    let spans = (1..=50_000).filter(|id| *id != 2).map(of).collect();
    let mut desk = at_trace(TraceDoc { trace: Trace { id: SLOW, spans }.into(), ..TraceDoc::default() });
    let vm = one(&desk);
    assert_eq!((vm.total, vm.shown), (49_999, 49_999));
    assert!(vm.rows.len() < 40);
    desk.keys("end");
    let vm = one(&desk);
    assert_eq!(vm.offset + vm.rows.len(), vm.shown);
    assert_eq!(vm.cursor, Some(vm.rows.len() - 1));
    desk.keys("Z home pagedown");
    assert!(one(&desk).shown < 100);
}

#[test]
fn no_order_of_keys_and_answers_breaks_a_view() {
    let keys = "down up left right enter space Z K S ! D y n N pagedown end home backspace esc o O";
    let all: Vec<&str> = keys.split(' ').collect();
    let mut desk = slow();
    // A walk that is the same on every run.
    let mut seed = 7_usize;
    for step in 0..600 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        desk.keys(all[(seed >> 33) % all.len()]);
        if step % 7 == 0 {
            for want in demand::wants(&desk.state) {
                let answer = match &want.key {
                    Key::Traces { .. } => Answer::Traces(hand_made::list(now_ns(&desk), step % 30)),
                    Key::Trace(SLOW) => Answer::Trace(hand_made::slow(1_795_327_000_000 * MS)),
                    Key::Trace(id) if id.0 % 2 == 0 => {
                        Answer::Trace(hand_made::usual(1_795_327_000_000 * MS))
                    }
                    Key::Trace(_) => Answer::Trace(TraceDoc::default()),
                    _ => continue,
                };
                desk.answer(&want.key, answer);
            }
        }
        let _ = desk.screen();
        if desk.state.stack.len() < 2 {
            desk.state.stack.push(View::Trace(SLOW));
        }
    }
}
