//! The flags of the embedded hospital: what they mean together, and what they refuse.

use chrono::TimeDelta;
use plantao::cli::Wish;
use plantao::clock::Clock;
use plantao::demo::{FaultKind, FaultSpec};
use plantao::model::Time;

use crate::parse;

fn wish(arguments: &str) -> Result<Option<Wish>, String> {
    Wish::of(&parse(arguments).expect(arguments))
}

fn made(arguments: &str) -> Wish {
    wish(arguments).expect(arguments).expect("a hospital")
}

const THERMAL: FaultSpec = FaultSpec { kind: FaultKind::Thermal, age_s: 720 };

#[test]
fn both_ways_to_ask_for_the_hospital_mean_the_same() {
    for (one, other) in [
        ("demo", "--demo"),
        ("demo --seed 7", "--demo --seed 7"),
        ("--fault db-pool demo", "--demo --fault db-pool"),
        ("demo --demo", "--demo"),
    ] {
        assert_eq!(made(one), made(other), "{one}");
    }
    for arguments in ["--demo snapshot overview", "alerts --demo", "rules --demo check", "doctor --demo"] {
        assert_eq!(made(arguments), made("demo"), "{arguments}");
    }
    for arguments in ["", "snapshot overview", "--prometheus http://p"] {
        assert_eq!(wish(arguments), Ok(None), "{arguments}");
    }
}

#[test]
fn without_a_word_a_fault_is_under_way_and_none_is_calm() {
    assert_eq!(made("demo").faults, [THERMAL]);
    assert_eq!(made("demo --fault none").faults, []);
    let both = made("demo --fault thermal@12m --fault service-down").faults;
    assert_eq!(both, [THERMAL, FaultSpec { kind: FaultKind::ServiceDown, age_s: 0 }]);
}

#[test]
fn what_does_not_go_together_is_refused_with_a_sentence() {
    for (arguments, told) in [
        ("--fault thermal", "--fault belongs to the embedded hospital"),
        ("alerts --seed 3", "--seed belongs to the embedded hospital"),
        ("--demo --context lab", "--context names servers"),
        ("demo --prometheus http://p", "--prometheus names servers"),
        ("--alertmanager http://a demo", "--alertmanager names servers"),
        ("--demo alerts --loki http://l", "--loki names servers"),
        ("--demo snapshot overview --tempo http://t", "--tempo names servers"),
        ("demo --fault none --fault thermal", "--fault none means no fault at all"),
        ("demo --fault thermal --fault thermal@3h", "`thermal` is given twice"),
    ] {
        let said = wish(arguments).expect_err(arguments);
        assert!(said.contains(told), "{arguments}: {said}");
    }
}

#[test]
fn serving_takes_the_hospitals_flags_and_reads_no_server() {
    assert_eq!(made("demo serve --fault db-pool --seed 7"), made("demo --fault db-pool --seed 7"));
    assert_eq!(made("demo serve --at 03:12"), made("demo --at 03:12 serve"));
    let cli = parse("demo serve --loki http://l --otlp http://t --listen 0.0.0.0:80").expect("parses");
    assert!(Wish::of(&cli).is_ok_and(|wish| wish.is_some()), "it is pushed to");
    let args = cli.serves().expect("it serves");
    assert_eq!((args.listen.to_string().as_str(), args.otlp.as_deref()), ("0.0.0.0:80", Some("http://t")));
    assert_eq!(cli.global.loki.as_deref(), Some("http://l"));
    for flag in ["--prometheus http://p", "--alertmanager http://a", "--tempo http://t", "--context lab"] {
        let said = wish(&format!("demo serve {flag}")).expect_err(flag);
        assert!(said.contains("`demo serve` reads none"), "{said}");
    }
    assert!(parse("demo").expect("parses").serves().is_none());
}

#[test]
fn its_clock_begins_where_it_is_told_and_faults_count_back_from_there() {
    let now: Time = "2026-11-20T12:00:00Z".parse().expect("a time");
    let zone = chrono_tz::America::Sao_Paulo;
    assert_eq!(made("demo").clock(now, zone), Ok(Clock::System));
    let clock = made("demo --at 03:12").clock(now, zone).expect("a clock");
    let shown = clock.now();
    let told: Time = "2026-11-20T06:12:00Z".parse().expect("a time");
    assert!(matches!(clock, Clock::Moved(_)), "it runs on");
    assert!(shown >= told && shown < told + TimeDelta::hours(1), "{shown}");
    assert!(made("demo --at 2030-01-01T00:00:00Z").clock(now, zone).is_ok(), "a model has a future");
    let said = made("demo --at soon").clock(now, zone).expect_err("no time");
    assert!(said.starts_with("--at: "), "{said}");

    let plan = made("demo --seed 7").plan(told);
    assert_eq!((plan.seed, plan.faults.len(), plan.distractors), (7, 1, true));
    assert_eq!(told - plan.faults[0].onset, TimeDelta::minutes(12));
}
