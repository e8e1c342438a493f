//! Golden frames of the views of traces, from traces made by hand.

use plantao::message::Msg;
use plantao::model::ask::{Answer, Answered, Key};
use plantao::model::{Fault, FaultKind, Labels, Point, Series, TraceDoc, TraceId, TraceList};
use plantao::state::{State, View, demand};
use plantao::ui::Glyphs;
use plantao::update::update;

use crate::hospital_state;
use crate::looks::{LARGE, SMALL, check, draw, theme};
use crate::traces::{self, SLOW};

pub fn tell(state: &mut State, key: &Key, outcome: Result<Answer, Fault>) {
    let ask = demand::ask(state, key).expect("something to ask");
    let outcome = outcome
        .map(|answer| Answered { answer, took_ms: 4, warnings: Vec::new(), clock_skew_s: None })
        .map_or_else(Err, Ok);
    let (now, epoch) = (state.now, state.epoch);
    let _ = update(state, now, Msg::Answered { ask, epoch, at: now, outcome: Box::new(outcome) });
}

fn press(state: &mut State, keys: &str) {
    for key in keys.split_whitespace() {
        let now = state.now;
        let key = key.parse().unwrap_or_else(|_| panic!("a key: {key}"));
        let _ = update(state, now, Msg::Key(key));
    }
    state.notice = None;
}

fn base(state: &State) -> i64 {
    state.now.timestamp_nanos_opt().expect("this century") - 130_000 * traces::MS
}

pub fn opened(id: TraceId, doc: impl Fn(i64) -> TraceDoc, size: (u16, u16)) -> State {
    let mut state = hospital_state::fresh(size);
    state.stack.push(View::Trace(id));
    let doc = doc(base(&state));
    tell(&mut state, &Key::Trace(id), Ok(Answer::Trace(doc)));
    state
}

fn both(name: &str, of: impl Fn((u16, u16)) -> State) {
    for size in [SMALL, LARGE] {
        frame(name, &of(size), "dark", &Glyphs::UNICODE);
    }
}

fn frame(name: &str, state: &State, look: &str, glyphs: &Glyphs) {
    let suffix = match (glyphs.ascii, look) {
        (true, _) => format!("-{look}-ascii"),
        (_, "dark") => String::new(),
        _ => format!("-{look}"),
    };
    let (width, height) = state.size;
    check(&format!("view-{name}{suffix}-{width}x{height}"), look, &draw(state, &theme(look), glyphs));
}

#[test]
fn a_trace() {
    both("trace", |size| opened(SLOW, traces::slow, size));
    for look in ["mono", "ansi16"] {
        frame("trace", &opened(SLOW, traces::slow, LARGE), look, &Glyphs::UNICODE);
    }
    frame("trace", &opened(SLOW, traces::slow, SMALL), "mono", &Glyphs::ASCII);
}

#[test]
fn what_a_trace_is_asked() {
    let after = |keys: &'static str| {
        move |size| {
            let mut state = opened(SLOW, traces::slow, size);
            press(&mut state, keys);
            state
        }
    };
    both("trace-path", after("K"));
    both("trace-services", after("S"));
    both("trace-error", after("! !"));
    both("trace-detail", after("! ! enter G"));
    both("trace-folded", after("Z"));
}

#[test]
fn a_trace_that_nobody_knows() {
    let nobody = |_| TraceDoc::default();
    both("trace-unknown", |size| opened(SLOW, nobody, size));
}

fn listed(query: &str, size: (u16, u16), found: impl Fn(i64) -> Result<Answer, Fault>) -> State {
    let mut state = hospital_state::fresh(size);
    state.stack.push(View::Traces(query.into()));
    let key = plantao::state::traces::key_of(&state, query);
    let end = state.now.timestamp_nanos_opt().expect("this century");
    tell(&mut state, &key, found(end));
    state
}

#[test]
fn a_list_of_traces() {
    let some = |end| {
        let mut list = traces::list(end, 200);
        list.more = true;
        Ok(Answer::Traces(list))
    };
    both("traces", |size| listed("{}", size, some));
    let sorted = |size| {
        let mut state = listed("{}", size, some);
        press(&mut state, "o down down space down");
        state
    };
    both("traces-sorted", sorted);
    frame("traces", &listed("{}", LARGE, some), "mono", &Glyphs::UNICODE);
    frame("traces", &listed("{}", SMALL, some), "mono", &Glyphs::ASCII);
}

#[test]
fn a_list_without_traces() {
    both("traces-none", |size| {
        listed("{ status = error }", size, |_| Ok(Answer::Traces(TraceList::default())))
    });
    let refused = |_| Err(Fault::new(FaultKind::BadQuery, "parse error at line 1, col 3: syntax error"));
    both("traces-refused", |size| listed("{ status = ", size, refused));
}

#[test]
fn series_of_traces() {
    let series = |end: i64| {
        let step = 20_000;
        let first = (end / traces::MS / step - 170) * step;
        let line = |name: &str, low: f64| Series {
            labels: Labels::new([("resource.service.name", name)]),
            points: (0..170)
                .map(|at| Point { t: first + at * step, v: low * (1.2 + (at as f64 / 9.0).sin()) })
                .collect(),
        };
        Ok(Answer::Matrix(vec![line("api-gateway", 1.4), line("medical-api", 0.8), line("ai-engine", 0.4)]))
    };
    both("traces-series", |size| listed("{} | rate() by (resource.service.name)", size, series));
}

fn compared(size: (u16, u16)) -> State {
    let mut state = opened(SLOW, traces::slow, size);
    press(&mut state, "D");
    let key = plantao::state::trace::usual_key("api-gateway", "POST /v1/transcriptions");
    let base = base(&state);
    let mut list = traces::list(base, 80);
    list.hits =
        list.hits.iter().filter(|hit| &*hit.root_name == "POST /v1/transcriptions").cloned().collect();
    tell(&mut state, &key, Ok(Answer::Traces(list)));
    let View::Compare(_, other) = *state.view() else { panic!("no comparison but {:?}", state.view()) };
    let doc = traces::usual(base);
    tell(&mut state, &Key::Trace(other), Ok(Answer::Trace(doc)));
    state.notice = None;
    state
}

#[test]
fn two_traces() {
    both("compare", compared);
    let next = |size| {
        let mut state = compared(size);
        press(&mut state, "! !");
        state
    };
    both("compare-next", next);
    frame("compare", &compared(LARGE), "mono", &Glyphs::UNICODE);
    frame("compare", &compared(SMALL), "mono", &Glyphs::ASCII);
}
