//! How an answer grows old.

use super::fixture::{at, fault};
use crate::model::FaultKind;
use crate::store::Remote;
use crate::store::remote::Freshness::{Failed, Fresh, Stale, Waiting};

#[test]
fn every_way_from_waiting_to_fresh_stale_and_failed() {
    let mut remote: Remote<u8> = Remote::default();
    assert_eq!(remote.freshness(at(0), 5), Waiting);
    assert_eq!(remote.age_s(at(0)), None);

    remote.fault(fault(FaultKind::Connect), at(0));
    assert_eq!(remote.freshness(at(0), 5), Failed);
    assert!(remote.value().is_none());

    remote.answer(1, at(10), Some(at(9)), vec!["partial".to_owned()]);
    assert_eq!((remote.freshness(at(10), 5), remote.value()), (Fresh, Some(&1)));
    assert_eq!((remote.last_fault(), remote.warnings().len()), (None, 1));
    assert_eq!(remote.evaluated_at(), Some(at(9)));

    remote.fault(fault(FaultKind::Timeout), at(12));
    assert_eq!((remote.freshness(at(12), 5), remote.value()), (Stale, Some(&1)), "the last answer stays");
    assert_eq!(remote.answered_at(), Some(at(10)), "a failure is no answer");

    remote.answer(2, at(14), None, Vec::new());
    assert_eq!(remote.freshness(at(14), 5), Fresh);
    assert!(remote.warnings().is_empty() && remote.evaluated_at().is_none(), "nothing old is left of it");
}

#[test]
fn silence_makes_old_after_three_intervals_but_never_before_15_s() {
    let mut remote: Remote<u8> = Remote::default();
    remote.answer(1, at(0), None, Vec::new());
    for (age, interval, expected) in
        [(15, 1, Fresh), (16, 1, Stale), (30, 10, Fresh), (31, 10, Stale), (1_000_000, u32::MAX, Fresh)]
    {
        assert_eq!(remote.freshness(at(age), interval), expected, "{age} s at every {interval} s");
    }
}

#[test]
fn a_clock_that_goes_back_makes_no_negative_age() {
    let mut remote: Remote<u8> = Remote::default();
    remote.answer(1, at(100), None, Vec::new());
    assert_eq!((remote.age_s(at(0)), remote.freshness(at(0), 5)), (Some(0), Fresh));
}
