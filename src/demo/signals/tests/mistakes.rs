//! Mistakes in the file.

use super::minute::{shipped, world};
use crate::demo::signals::Signals;
use crate::pack::DemoFile;

/// What is said of the shipped file with one piece of it replaced.
fn said(from: &str, to: &str) -> Vec<String> {
    let (_, files) = shipped();
    assert!(files.signals.text.contains(from), "{from} is not in the file");
    let text = files.signals.text.replacen(from, to, 1);
    let line = text[..text.find(to).unwrap_or(0)].matches('\n').count() + 1;
    let file = DemoFile { name: "signals.toml".into(), text: text.into() };
    let problems = Signals::read(&file, &world()).expect_err("a mistake");
    assert!(
        problems.iter().any(|problem| problem.line + 8 >= line && problem.line <= line + 3),
        "{line}: {problems:?}"
    );
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_mistake_is_told_with_its_place_and_what_was_meant() {
    for (from, to, message) in [
        ("status = [0, 399]", "statsu = [0, 399]", "did you mean `status`?"),
        ("rt=$duration_s", "rt=$duraton_s", "did you mean `$duration_s`?"),
        ("\"$biometric_good\"", "\"$biometric_god\"", "did you mean `$biometric_good`?"),
        ("level = \"info\"", "level = \"infos\"", "did you mean `info`?"),
        ("services = [\"ai-engine\"]", "services = [\"ai-engin\"]", "did you mean `ai-engine`?"),
        ("operation = [\"login\"]", "operation = [\"logni\"]", "did you mean `login`?"),
        ("cause = [\"unauthorized\"]", "cause = [\"unautorized\"]", "did you mean `unauthorized`?"),
        ("shape = \"typed\"", "shape = \"tpyed\"", "did you mean `typed`?"),
        ("on = \"pool_wait\"", "on = \"pool_wiat\"", "did you mean `pool_wait`?"),
        ("kind = \"server\"", "kind = \"sever\"", "did you mean `server`?"),
        ("nurse = \"nurse_", "nures = \"nurse_", "did you mean `nurse`?"),
        ("ai-engine = 0", "ai-engine = 20000", "must be between -10000 and 10000"),
        ("share = [0.0, 0.5]", "share = [0.5, 0.0]", "must not be greater than the second"),
        ("share = 0.01", "share = 1.01", "must be between 0 and 1"),
        ("range = [100, 999]", "rang = [100, 999]", "needs either `one_of` or `range`"),
        ("[draws.entities]", "[draws.service]", "`$service` already means something else"),
        ("cnpj = \"FICTICIO0001\"", "cnpj = \"FICTICIO01\"", "twelve digits or capital letters"),
        (
            "when = { count_over = 20 }",
            "when = { over_ms = 20 }",
            "cannot be asked of a line on \"retransmits\"",
        ),
        ("pause_ms = \"$pause_ms\"", "pause_ms = \"$celsius\"", "`$celsius` has no value here"),
        ("message = \"invalid credentials\"", "message = \"$error\"", "`$error` has no value here"),
        ("reason = \"$error\"", "reason = \"$cpf\"", "`$cpf` identifies somebody"),
        (
            "step = [\"validate_medical_data\"], outcome",
            "step = [\"validate_medical_data\"], root = true, outcome",
            "can ever meet",
        ),
        ("type = \"UpstreamTimeout\"", "tpye = \"UpstreamTimeout\"", "did you mean `type`?"),
        (
            "\"http.response.status_code\" = \"$status\"",
            "\"http.response.status_code\" = 1979-05-27",
            "found a date",
        ),
        ("given = [\"Ana\"", "given = [\"\", \"Ana\"", "must not be empty"),
    ] {
        let said = said(from, to);
        assert!(said.iter().any(|said| said.contains(message)), "{to}: {said:#?}");
    }
}

#[test]
fn all_mistakes_come_at_once_and_an_empty_file_says_what_is_missing() {
    let file = DemoFile { name: "signals.toml".into(), text: "".into() };
    let told = format!("{:?}", Signals::read(&file, &world()).expect_err("nothing there"));
    for section in ["people is missing", "words is missing", "calls is missing"] {
        assert!(told.contains(section), "{told}");
    }
    let file = DemoFile { name: "signals.toml".into(), text: "[people\n".into() };
    assert_eq!(Signals::read(&file, &world()).expect_err("no TOML")[0].line, 1);
}

#[test]
fn a_line_needs_one_wording() {
    let both = said("rt=$duration_s'''", "rt=$duration_s'''\njson = {}");
    assert!(both.iter().any(|said| said.contains("needs either `text` or `json`")), "{both:?}");
}
