//! Evidence out of a file: whoever wrote it may not have masked it, and may not mean well.

use std::sync::Arc;

use super::{safe, safe_line, safe_value};
use crate::model::Labels;
use crate::model::evidence::Evidence;

/// The same evidence with every text made safe. What is safe already stays as it is.
#[must_use]
pub fn safe_evidence(mut evidence: Evidence) -> Evidence {
    let manifest = &mut evidence.manifest;
    manifest.id = line(&manifest.id);
    manifest.source = line(&manifest.source);
    if let Some(symptom) = &mut manifest.symptom {
        symptom.component = line(&symptom.component);
        symptom.signal = line(&symptom.signal);
    }
    for one in &mut evidence.series {
        one.name = shared(&one.name);
        one.labels = labels(&one.labels);
    }
    for one in &mut evidence.logs {
        one.labels = labels(&one.labels);
        let masked = safe(&one.line);
        if *masked != *one.line {
            one.line = masked.into();
        }
    }
    for one in &mut evidence.spans {
        one.service = shared(&one.service);
        one.name = shared(&one.name);
        one.attributes = labels(&one.attributes);
    }
    for one in &mut evidence.alerts {
        one.name = shared(&one.name);
        one.labels = labels(&one.labels);
    }
    for one in &mut evidence.changes {
        one.title = line(&one.title);
        one.labels = labels(&one.labels);
    }
    for one in &mut evidence.edges {
        one.caller = shared(&one.caller);
        one.callee = shared(&one.callee);
    }
    evidence
}

fn line(text: &str) -> String {
    safe_line(text).into_string()
}

fn shared(text: &Arc<str>) -> Arc<str> {
    let masked = safe_line(text);
    if *masked == **text { text.clone() } else { masked.into() }
}

fn labels(all: &Labels) -> Labels {
    let is_safe =
        all.iter().all(|(name, value)| *safe_line(name) == *name && *safe_value(name, value) == *value);
    if is_safe {
        return all.clone();
    }
    Labels::new(all.iter().map(|(name, value)| (safe_line(name), safe_value(name, value))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::evidence::{LogRecord, Manifest, Period};

    #[test]
    fn what_a_stranger_wrote_is_masked_and_what_is_safe_stays() {
        let at = crate::model::Time::UNIX_EPOCH;
        let mut evidence = Evidence::new(Manifest {
            id: "INC-1\u{1b}[2J".to_owned(),
            window: Period { start: at, end: at },
            baselines: vec![],
            symptom: None,
            source: "x".to_owned(),
        });
        evidence.logs.push(LogRecord {
            ts: 0,
            labels: Labels::new([("patient_name", "Maria Souza")]),
            line: "cpf 529.982.247-25 signed in".into(),
            trace_id: None,
            span_id: None,
        });
        let safe = safe_evidence(evidence);
        assert!(!safe.manifest.id.contains('\u{1b}'), "{:?}", safe.manifest.id);
        assert!(!safe.logs[0].line.contains("529"), "{}", safe.logs[0].line);
        assert!(!safe.logs[0].labels.to_string().contains("Maria"), "{}", safe.logs[0].labels);
        assert_eq!(safe_evidence(safe.clone()), safe, "once is enough");
    }
}
