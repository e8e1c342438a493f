//! What the field that is watched adds to findings: what people call a component, what to do about it. Whoever knows the
//! field fills it in; the analysis needs none of it.

use super::findings::Verdict;
use super::{Analysis, json};

/// What is added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advised {
    /// Of each finding, in their order.
    pub findings: Vec<AdvisedFinding>,
    /// What to do about the whole.
    pub recommendations: Vec<String>,
}

/// What is added to a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdvisedFinding {
    /// What people call the component; empty where that is its name.
    pub title: String,
    /// What to do about it.
    pub say: Vec<String>,
    /// Playbooks that do it.
    pub playbooks: Vec<String>,
}

impl Advised {
    /// Puts it together: the whole is about the first finding, or about not knowing. A kind of cause of which the field
    /// says nothing has what anybody would say.
    pub fn new(analysis: &Analysis, findings: Vec<AdvisedFinding>) -> Self {
        let own = findings.first().filter(|_| analysis.verdict == Verdict::Culprit);
        let recommendations = match own.filter(|own| !own.say.is_empty()) {
            Some(own) => own.say.clone(),
            None => json::recommendations(analysis).iter().map(|one| (*one).to_owned()).collect(),
        };
        Self { findings, recommendations }
    }
}
