//! Evidence that lacks what one would expect, or holds what one would not: an answer comes nevertheless.

use super::*;

fn answer(evidence: &Evidence) -> Analysis {
    let analysis = analyse(evidence, &Options::default());
    for finding in &analysis.findings {
        assert!(finding.score.is_finite() && (0.0..1.0).contains(&finding.confidence), "{finding:?}");
    }
    analysis
}

#[test]
fn one_calm_piece_orders_but_does_not_name() {
    let mut evidence = system(Wrong::SlowStore);
    evidence.manifest.baselines = vec![Period { start: at(0), end: at(14) }];
    let analysis = answer(&evidence);
    assert_eq!(analysis.verdict, Verdict::Unsure);
    assert!(analysis.missing.contains(&Missing::FewCalm), "{:?}", analysis.missing);
    assert!(!analysis.findings.is_empty());
}

#[test]
fn no_calm_time_or_no_window_is_unsure() {
    let mut evidence = system(Wrong::Failing);
    evidence.manifest.baselines.clear();
    assert_eq!(answer(&evidence).verdict, Verdict::Unsure);
    let mut evidence = system(Wrong::Failing);
    evidence.manifest.window = Period { start: at(5000), end: at(5000) };
    assert_eq!(answer(&evidence).verdict, Verdict::Unsure);
    evidence.manifest.window = Period { start: at(700), end: at(600) };
    assert_eq!(answer(&evidence).verdict, Verdict::Unsure, "ends before it begins");
}

#[test]
fn one_component_alone_has_an_answer() {
    let mut evidence = system(Wrong::SlowStore);
    evidence.spans.retain(|span| &*span.service == "store");
    evidence.logs.clear();
    evidence.series.retain(|one| one.labels.get("service") == Some("store"));
    let analysis = answer(&evidence);
    assert!(analysis.findings.iter().all(|finding| &*finding.component == "store"));
}

#[test]
fn components_that_are_all_alike_are_unsure() {
    let mut evidence = Evidence::new(manifest());
    for service in ["a", "b", "c", "d", "e"] {
        let samples = (0..72).map(|n| (1.7e9 + f64::from(n) * 10.0, Some(f64::from(n % 7)))).collect();
        let labels = Labels::new([("service", service)]);
        evidence.series.push(SeriesRecord { name: "cpu_usage".into(), labels, samples });
    }
    assert_eq!(answer(&evidence).verdict, Verdict::Unsure);
}

#[test]
fn values_that_are_no_numbers_or_huge_change_nothing_of_the_others() {
    let mut evidence = system(Wrong::BusyMail);
    for (number, value) in
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 1e300].into_iter().enumerate()
    {
        let samples = (0..72)
            .map(|n| n * 10)
            .map(|t| (1.7e9 + f64::from(t), Some(if t % 30 == 0 { value } else { 1.0 })))
            .collect();
        let labels = Labels::new([("service", "front")]);
        evidence.series.push(SeriesRecord { name: format!("odd_{number}").into(), labels, samples });
    }
    let analysis = answer(&evidence);
    assert_eq!(&*analysis.findings[0].component, "mail");
}

#[test]
fn a_clock_that_is_wrong_does_not_move_the_blame() {
    let mut evidence = system(Wrong::SlowStore);
    for span in evidence.spans.iter_mut().filter(|span| &*span.service == "store") {
        span.start += 2 * SECOND;
    }
    assert_eq!(&*answer(&evidence).findings[0].component, "store");
}

#[test]
fn without_any_one_signal_the_others_answer_in_whatever_order() {
    for missing in 0..4 {
        let mut evidence = system(Wrong::BusyMail);
        match missing {
            0 => evidence.logs.clear(),
            1 => evidence.spans.clear(),
            2 => evidence.series.clear(),
            _ => evidence.alerts.clear(),
        }
        let told = |evidence: &Evidence| {
            let analysis = answer(evidence);
            serde_json::to_string(&json::answer(&analysis, &evidence.manifest, "service", 0)).expect("JSON")
        };
        let first = told(&evidence);
        let mut other = evidence;
        other.spans.reverse();
        other.logs.reverse();
        other.series.reverse();
        assert_eq!(first, told(&other), "without signal {missing}");
    }
}
