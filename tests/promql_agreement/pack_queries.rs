//! Every query of the hospital's pack.

use plantao::pack::{self, substitute};

use crate::compare::Question;
use crate::data::{DEPARTMENTS, MODELS};

/// Panels with every department and model, and the expressions of the rules; each as an instant and as
/// the range that the console asks, up to `end_ms`.
pub fn questions(end_ms: i64) -> Vec<Question> {
    let pack = pack::load("hospital", &[]).expect("the shipped pack");
    let panels =
        pack.panels.values().flat_map(|panel| [Some(&panel.query), panel.max_query.as_ref()]).flatten();
    let mut queries: Vec<(String, bool)> = Vec::new();
    for query in panels {
        for (department, model) in DEPARTMENTS.iter().zip(MODELS) {
            queries.push((substitute(query, &[("department", department), ("model", model)]), true));
        }
    }
    // A rule is silent as long as all is well.
    queries.extend(expressions(&pack.rules).into_iter().map(|query| (query, false)));
    queries.sort();
    queries.dedup();
    assert!(queries.len() > 70, "{} queries", queries.len());
    let mut questions = Vec::new();
    for (query, must_have) in queries {
        let mut instant = Question::instant(query.clone(), end_ms - 61_234);
        instant.must_have = must_have;
        questions.push(instant);
        questions.push(Question::range(query, end_ms - 3_600_000, end_ms, 60_000));
    }
    questions
}

/// The values of `expr` in a rule file.
fn expressions(rules: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = rules.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(value) = line.trim_start().strip_prefix("expr:") else { continue };
        let indent = line.len() - line.trim_start().len();
        if value.trim() != "|" {
            found.push(value.trim().to_owned());
            continue;
        }
        let mut block = String::new();
        while let Some(line) = lines.next_if(|line| line.len() - line.trim_start().len() > indent) {
            block.push_str(line);
            block.push('\n');
        }
        found.push(block);
    }
    assert!(found.len() >= 20, "{found:?}");
    found
}
