//! A calm day stays calm: no rule comes near its mark, whatever harmless things happen.

use super::watch::{HOUR, Watch, morning, world};
use crate::demo::Engine;
use crate::demo::plan::Plan;

/// A weekday and a Sunday.
const DAYS: [i64; 2] = [20_780, 20_783];

fn assert_calm(watch: &Watch, what: &str) {
    assert!(watch.fired.is_empty(), "{what}: {:?}", watch.fired);
    assert!(watch.longest.is_empty(), "{what}: a condition held for a while: {:?}", watch.longest);
    let far = |rule: &str, mark: f64| {
        for (key, worst) in watch.worst.iter().filter(|(key, _)| key.0 == rule) {
            assert!(*worst < mark, "{what}: {key:?} reached {worst}");
        }
    };
    far("record p95", 4.2);
    far("ai p95", 4.0);
    far("face p95", 1.5);
    far("failed auth", 0.04);
    far("cpu", 78.0);
    far("cpu eff", 70.0);
    far("memory", 65.0);
    far("thermal", 1.5);
}

#[test]
fn hours_of_several_seeds() {
    let world = world();
    for seed in 1..=4 {
        let day = DAYS[seed as usize % 2];
        let mut engine = Engine::start_of_day(world.clone(), &Plan::calm(seed), day);
        let mut watch = Watch::new(&world);
        let start = engine.now_us();
        watch.run(&mut engine, start + 5 * HOUR);
        assert_calm(&watch, &format!("seed {seed}"));
        assert!(watch.requests > 7_000, "seed {seed}: {}", watch.requests);
        assert!(watch.failed * 400 < watch.requests, "seed {seed}: {} failed", watch.failed);
    }
}

#[test]
fn the_rest_of_a_whole_day() {
    let mut engine = morning();
    let world = engine.world.clone();
    let mut watch = Watch::new(&world);
    let end = world.day_start_us(engine.day()) + 24 * HOUR;
    watch.run(&mut engine, end);
    assert_calm(&watch, "a day");
    assert!((80_000..200_000).contains(&watch.requests), "{}", watch.requests);
    // Harmless things did happen.
    for what in ["batch", "stopped", "started", "pause", "report"] {
        assert!(watch.notices.contains_key(what), "{what}: {:?}", watch.notices);
    }
}

#[test]
fn days_begin_at_their_hour_in_their_zone() {
    let world = world();
    let at: crate::model::Time = "2026-11-22T07:00:00Z".parse().expect("a time");
    let start = at.timestamp_micros();
    let day = world.day_of(start);
    assert_eq!(world.day_start_us(day), start, "04:00 in São Paulo");
    assert_eq!(world.day_of(start - 1), day - 1);
    assert_eq!(world.day_of(start + 24 * HOUR - 1), day);
    assert!(world.is_weekend(day) && !world.is_weekend(day + 1), "a Sunday");
    assert!((world.hour(day, start + 90 * 60_000_000) - 5.5).abs() < 1e-9);
}
