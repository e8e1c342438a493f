//! What a silence mutes: now, and what it would have muted in the days before.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fault, Labels, Severity};

/// Days that are looked back on.
pub const DAYS: usize = 7;

/// One alert that is, or would have been, muted.
#[derive(Clone, Debug, PartialEq)]
pub struct Muted {
    /// Its labels; of the past without Prometheus's external ones.
    pub labels: Labels,
    /// Severity.
    pub severity: Severity,
    /// Department id; empty where it names none.
    pub department: Box<str>,
}

/// What a silence mutes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Radius {
    /// Alerts that Alertmanager has now.
    pub now: Vec<Muted>,
    /// Why that is not known.
    pub now_fault: Option<Fault>,
    /// Different alerts that have fired in the days before.
    pub past: Vec<Muted>,
    /// Of how many of the days before that is known.
    pub days: usize,
    /// Why not of all.
    pub past_fault: Option<Fault>,
    /// Whether it mutes the dead-man's switch.
    pub watchdog: bool,
    /// Whether it mutes whatever there is.
    pub everything: bool,
}

/// Why a silence must be typed in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It mutes everything.
    Everything,
    /// It mutes the dead-man's switch, by its name.
    Watchdog(String),
    /// It mutes critical alerts of departments that it is not about.
    Others(Vec<String>),
    /// What it mutes is not known.
    Unknown,
}

impl Refusal {
    /// What a person has to type, whole, to have it all the same.
    pub fn word(&self) -> String {
        match self {
            Self::Everything => "everything".to_owned(),
            Self::Watchdog(name) => name.clone(),
            Self::Others(departments) => departments.join(" "),
            Self::Unknown => "unseen".to_owned(),
        }
    }
}

/// How many of each severity, in the order of [`Severity::ALL`].
pub type Counts = [usize; 5];

impl Radius {
    /// How many alerts of each department and severity.
    pub fn tally(alerts: &[Muted]) -> BTreeMap<Box<str>, Counts> {
        let mut all: BTreeMap<Box<str>, Counts> = BTreeMap::new();
        for one in alerts {
            all.entry(one.department.clone()).or_default()[one.severity as usize] += 1;
        }
        all
    }

    /// Why it must be typed in full, if it must. `home` are the departments that the silence is about, `all` the
    /// words that mean every department.
    pub fn refusal(
        &self,
        home: &BTreeSet<String>,
        all: &[String],
        watchdog: Option<&str>,
    ) -> Option<Refusal> {
        if self.everything {
            return Some(Refusal::Everything);
        }
        if self.watchdog {
            return Some(Refusal::Watchdog(watchdog.unwrap_or_default().to_owned()));
        }
        let critical = self.now.iter().chain(&self.past).filter(|one| one.severity == Severity::Critical);
        let others: BTreeSet<String> = critical
            .map(|one| one.department.to_string())
            .filter(|department| {
                !department.is_empty() && !home.contains(department) && !all.contains(department)
            })
            .collect();
        if !others.is_empty() {
            return Some(Refusal::Others(others.into_iter().collect()));
        }
        // Nobody can tell that it mutes nothing else.
        (self.now_fault.is_some() && self.days == 0).then_some(Refusal::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn muted(department: &str, severity: Severity) -> Muted {
        Muted { labels: Labels::default(), severity, department: department.into() }
    }

    #[test]
    fn a_critical_of_another_department_must_be_typed() {
        let all = ["all".to_owned()];
        let home: BTreeSet<String> = ["icu".to_owned()].into();
        let radius = Radius {
            now: vec![muted("icu", Severity::Critical), muted("surgery", Severity::Medium)],
            past: vec![
                muted("surgery", Severity::Critical),
                muted("all", Severity::Critical),
                muted("", Severity::Critical),
            ],
            days: DAYS,
            ..Radius::default()
        };
        let refusal = radius.refusal(&home, &all, Some("Watchdog"));
        assert_eq!(refusal, Some(Refusal::Others(vec!["surgery".to_owned()])));
        assert_eq!(refusal.map(|one| one.word()).as_deref(), Some("surgery"));
        let mine = Radius { past: Vec::new(), ..radius.clone() };
        assert_eq!(mine.refusal(&home, &all, None), None);
        assert_eq!(mine.refusal(&BTreeSet::new(), &all, None).map(|one| one.word()).as_deref(), Some("icu"));
        assert_eq!(
            Radius { everything: true, ..mine.clone() }.refusal(&home, &all, None),
            Some(Refusal::Everything)
        );
        let watchdog = Radius { watchdog: true, ..mine };
        assert_eq!(
            watchdog.refusal(&home, &all, Some("Watchdog")).map(|one| one.word()).as_deref(),
            Some("Watchdog")
        );
    }

    #[test]
    fn what_nobody_can_see_is_no_permission() {
        let fault = Fault::new(crate::model::FaultKind::Connect, "refused");
        let blind = Radius { now_fault: Some(fault.clone()), past_fault: Some(fault), ..Radius::default() };
        assert_eq!(blind.refusal(&BTreeSet::new(), &[], None), Some(Refusal::Unknown));
        assert_eq!(Radius { days: 3, ..blind }.refusal(&BTreeSet::new(), &[], None), None);
    }

    #[test]
    fn alerts_are_counted_by_department_and_severity() {
        let all =
            [muted("icu", Severity::Critical), muted("icu", Severity::Medium), muted("", Severity::Medium)];
        let tally = Radius::tally(&all);
        assert_eq!(tally["icu"], [1, 0, 1, 0, 0]);
        assert_eq!(tally[""], [0, 0, 1, 0, 0]);
    }
}
