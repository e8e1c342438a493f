//! What is computed only when asked for, by whom, and what stays in memory of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use chrono::TimeDelta;

use super::*;
use crate::demo::event::Gauges;

/// The day begins at 07:00 UTC.
fn minutes(count: i64) -> Time {
    let start: Time = "2026-11-20T07:00:00Z".parse().expect("a time");
    start + TimeDelta::minutes(count)
}

fn hospital(now: Time) -> Hospital {
    let pack = crate::pack::load("hospital", &[]).expect("the shipped pack");
    Hospital::new(&pack, Plan::calm(7), Clock::Fixed(now)).expect("the shipped hospital")
}

type Bits = BTreeMap<Labels, Vec<(i64, u64)>>;

fn bits(series: &[Series]) -> Bits {
    let points = |one: &Series| one.points.iter().map(|point| (point.t, point.v.to_bits())).collect();
    series.iter().map(|one| (one.labels.clone(), points(one))).collect()
}

fn read(hospital: &Hospital, from: Time, to: Time) -> Bits {
    bits(&hospital.series(&[], from.timestamp_millis(), to.timestamp_millis()))
}

#[test]
fn an_epoch_that_nobody_asked_for_holds_no_columns() {
    let now = minutes(104);
    let lazy = hospital(now);
    lazy.warm();
    let holds = |hospital: &Hospital, at: i64| hospital.place.holds(minutes(at).timestamp_micros());
    assert!((0..3).all(|epoch| !holds(&lazy, epoch * 10 + 5)), "the day's first half hour");
    assert!((3..10).all(|epoch| holds(&lazy, epoch * 10 + 5)), "what a console opens with");
    // One that was asked from the start on has scraped everything.
    let eager = hospital(now);
    let all = read(&eager, minutes(0), now);
    assert!((0..10).all(|epoch| holds(&eager, epoch * 10 + 5)));
    for (from, to) in [(12, 19), (0, 9), (25, 104)] {
        let expected: Bits = all
            .iter()
            .map(|(labels, points)| {
                let range = minutes(from).timestamp_millis()..=minutes(to).timestamp_millis();
                let within = points.iter().filter(|(t, _)| range.contains(t)).copied().collect();
                (labels.clone(), within)
            })
            .filter(|(_, points): &(Labels, Vec<_>)| !points.is_empty())
            .collect();
        assert_eq!(read(&lazy, minutes(from), minutes(to)), expected, "{from} to {to}");
    }
    assert!(holds(&lazy, 15) && holds(&lazy, 5) && holds(&lazy, 29), "asked for, and so kept");
    let exemplars =
        |hospital: &Hospital| hospital.exemplars(&[], minutes(0).timestamp_millis(), now.timestamp_millis());
    assert_eq!(exemplars(&lazy), exemplars(&eager));
    assert!(!exemplars(&lazy).is_empty());
}

/// An engine whose beginnings are counted.
#[derive(Clone)]
struct Counted(Engine);

static BEGUN: AtomicUsize = AtomicUsize::new(0);

impl Model for Counted {
    fn start_of_day(world: &Arc<World>, plan: &Plan, day: i64) -> Self {
        BEGUN.fetch_add(1, Ordering::SeqCst);
        Self(Engine::start_of_day(Arc::clone(world), plan, day))
    }

    fn run_until(&mut self, t_us: i64, sink: &mut dyn Sink) {
        self.0.run_until(t_us, sink);
    }

    fn gauges(&self) -> Gauges {
        self.0.gauges()
    }
}

#[test]
fn who_asks_at_the_same_time_waits_for_the_one_run() {
    let pack = crate::pack::load("hospital", &[]).expect("the shipped pack");
    let files = pack.demo.as_ref().expect("a demo folder");
    let world = Arc::new(World::parse(&files.world, &pack).expect("the shipped world"));
    let book = layout::book(&files.metrics, &world, 7).expect("the shipped metrics");
    let now = minutes(35);
    let place: Place<Counted> = Place::new(world, book, Plan::calm(7), Clock::Fixed(now));
    let (place, together) = (&place, &Barrier::new(5));
    let answers: Vec<Bits> = std::thread::scope(|scope| {
        scope.spawn(|| {
            together.wait();
            place.warm();
        });
        let ask = || {
            together.wait();
            bits(&place.series(&[], minutes(2).timestamp_millis(), now.timestamp_millis()))
        };
        let asking: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        asking.into_iter().map(|one| one.join().expect("an answer")).collect()
    });
    assert_eq!(BEGUN.load(Ordering::SeqCst), 1, "one day, begun once");
    let expected = read(&hospital(now), minutes(2), now);
    assert!(answers.iter().all(|answer| *answer == expected));
}

#[test]
fn an_hour_of_lines_and_traces_is_not_all_kept() {
    let now = minutes(64);
    let hospital = hospital(now);
    let ns = |at: Time| at.timestamp_nanos_opt().expect("a moment");
    let (from, to) = (ns(minutes(4)), ns(now));
    let mut said = 0;
    hospital.entries(&[], from, to, Order::Backward, &mut |entry| {
        said += size_of::<LogEntry>() + entry.line.len();
        ControlFlow::Continue(())
    });
    let mut held = 0;
    hospital.traces(from, to, &mut |trace| {
        held += trace.spans.len() * size_of::<crate::model::Span>();
        ControlFlow::Continue(())
    });
    let kept = hospital.recorded_bytes();
    assert!(kept > 0 && kept <= record::KEPT_BYTES, "{kept} bytes of {said} of lines and {held} of spans");
    assert!(2 * kept < said + held, "{kept} bytes of {said} of lines and {held} of spans");
}

#[test]
fn what_is_written_when_it_is_asked_for_is_what_is_written_as_it_happens() {
    let pack = crate::pack::load("hospital", &[]).expect("the shipped pack");
    let now = minutes(34);
    // Versions change on the way.
    let plan =
        Plan { faults: vec![crate::demo::Fault::new(FaultKind::BadDeploy, minutes(13))], ..Plan::calm(7) };
    let hospital = Hospital::new(&pack, plan.clone(), Clock::Fixed(now)).expect("the shipped hospital");
    let world = Arc::clone(hospital.world());
    let signals =
        Signals::read(&pack.demo.as_ref().expect("a demo folder").signals, &world).expect("signals");
    let mut recorder = crate::demo::Recorder::new(Arc::clone(&world), Arc::new(signals), plan.seed);
    let mut engine = Engine::start_of_day(Arc::clone(&world), &plan, world.day_of(now.timestamp_micros()));
    engine.run_until(now.timestamp_micros(), &mut recorder);
    let (mut lines, traces) = recorder.finish();
    let ns = |at: Time| at.timestamp_nanos_opt().expect("a moment");
    let (from, to) = (ns(minutes(5)), ns(now));
    lines.retain(|line| (from..to).contains(&line.ts));
    let mut asked = Vec::new();
    hospital.entries(&[], from, to, Order::Forward, &mut |entry| {
        asked.push(entry.clone());
        ControlFlow::Continue(())
    });
    assert!(lines.len() > 1000 && asked == lines, "{} lines, {} asked for", lines.len(), asked.len());
    // Some of them, by a few streams and to a limit: the same again.
    let matchers =
        Matcher::new("level", crate::model::MatchOp::Equal, "warning").into_iter().collect::<Vec<_>>();
    let mut few = Vec::new();
    hospital.entries(&matchers, from, to, Order::Backward, &mut |entry| {
        few.push(entry.ts);
        if few.len() < 20 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let mut expected: Vec<i64> =
        lines.iter().filter(|line| line.labels.get("level") == Some("warning")).map(|line| line.ts).collect();
    expected.reverse();
    expected.truncate(20);
    assert!(!few.is_empty() && few == expected, "{few:?} {expected:?}");
    let mut found = BTreeMap::new();
    hospital.traces(from, to, &mut |trace| {
        found.insert(trace.id, Arc::clone(trace));
        ControlFlow::Continue(())
    });
    let overlaps =
        |trace: &&Arc<Trace>| trace.spans.iter().any(|span| span.start <= to && span.end() >= from);
    let written: BTreeMap<TraceId, Arc<Trace>> =
        traces.iter().filter(overlaps).map(|trace| (trace.id, Arc::clone(trace))).collect();
    assert!(written.len() > 100 && found == written, "{} and {}", found.len(), written.len());
    let versions: std::collections::BTreeSet<String> = found
        .values()
        .flat_map(|trace| &trace.spans)
        .flat_map(|span| span.resource.iter())
        .filter(|(name, _)| &**name == "service.version")
        .map(|(_, value)| format!("{value:?}"))
        .collect();
    assert!(versions.len() > 1, "{versions:?}");
}
