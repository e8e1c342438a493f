//! Which playbooks fit an incident, and why.

use super::{Alerts, Conditions, Playbook};
use crate::model::Severity;

/// An incident, as playbooks are chosen for it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// How bad it is.
    pub severity: Severity,
    /// The pack's category.
    pub category: &'a str,
    /// Labels of its alerts, masked.
    pub alerts: Alerts<'a>,
}

/// Why a playbook fits; each reason is a condition that held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// The alert whose name it has.
    pub alert: Option<String>,
    /// The conditions on labels, where it has some.
    pub labels: Vec<String>,
    /// The severity, where it has some.
    pub severity: Option<Severity>,
    /// The category, where it has some.
    pub category: Option<String>,
}

impl Fit {
    /// How particular it is: an alert's name says most.
    pub fn weight(&self) -> u32 {
        u32::from(self.alert.is_some()) * 8
            + self.labels.len().min(4) as u32
            + u32::from(self.category.is_some()) * 2
            + u32::from(self.severity.is_some())
    }
}

impl Conditions {
    /// Why they hold; `None` where one does not, or where there are none.
    pub fn hold(&self, case: &Case<'_>) -> Option<Fit> {
        if self.is_empty() {
            return None;
        }
        let mut fit = Fit::default();
        if !self.severities.is_empty() {
            fit.severity = Some(*self.severities.iter().find(|one| **one == case.severity)?);
        }
        if !self.categories.is_empty() {
            fit.category = Some(self.categories.iter().find(|one| *one == case.category)?.clone());
        }
        if !self.alerts.is_empty() || !self.labels.is_empty() {
            // Both on the same alert: a name of one and a label of another would be chance.
            let alert = case.alerts.iter().find(|labels| {
                let name = labels.get("alertname").unwrap_or("");
                (self.alerts.is_empty() || self.alerts.iter().any(|one| one == name))
                    && self.labels.iter().all(|matcher| matcher.matches(labels))
            })?;
            if !self.alerts.is_empty() {
                fit.alert = alert.get("alertname").map(str::to_owned);
            }
            fit.labels = self.labels.iter().map(ToString::to_string).collect();
        }
        Some(fit)
    }
}

/// The playbooks that fit, the most particular first.
pub(in crate::pack) fn fitting<'p>(
    all: impl Iterator<Item = &'p Playbook>,
    case: &Case<'_>,
) -> Vec<(&'p Playbook, Fit)> {
    let mut fitting: Vec<(&Playbook, Fit)> =
        all.filter_map(|playbook| Some((playbook, playbook.fits.hold(case)?))).collect();
    fitting
        .sort_by(|(a, one), (b, other)| other.weight().cmp(&one.weight()).then_with(|| a.name.cmp(&b.name)));
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Labels, Matcher};

    fn conditions() -> Conditions {
        Conditions {
            severities: vec![Severity::Critical],
            categories: vec!["security".to_owned()],
            alerts: vec!["A".to_owned(), "B".to_owned()],
            labels: vec![Matcher::parse("job=x").expect("a matcher")],
        }
    }

    fn alert(name: &str, job: &str) -> Labels {
        Labels::new([("alertname", name), ("job", job)])
    }

    #[test]
    fn every_condition_must_hold_and_is_a_reason() {
        let alerts = [alert("Z", "x"), alert("B", "x")];
        let case = Case { severity: Severity::Critical, category: "security", alerts: &alerts };
        let fit = conditions().hold(&case).expect("fits");
        assert_eq!(fit.alert.as_deref(), Some("B"));
        assert_eq!(fit.labels, ["job=\"x\""]);
        assert_eq!((fit.severity, fit.category.as_deref()), (Some(Severity::Critical), Some("security")));
        assert!(conditions().hold(&Case { severity: Severity::High, ..case }).is_none());
        assert!(conditions().hold(&Case { category: "performance", ..case }).is_none());
        assert!(conditions().hold(&Case { alerts: &[], ..case }).is_none());
    }

    #[test]
    fn name_and_labels_belong_to_one_alert() {
        let alerts = [alert("A", "y"), alert("Z", "x")];
        let case = Case { severity: Severity::Critical, category: "security", alerts: &alerts };
        assert!(conditions().hold(&case).is_none());
        assert!(Conditions::default().hold(&case).is_none(), "no condition fits nothing by itself");
    }
}
