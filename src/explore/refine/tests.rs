use proptest::prelude::*;

use super::*;
use crate::explore::lines;
use crate::model::Labels;

fn entry(labels: &[(&str, &str)], metadata: &[(&str, &str)], line: &str) -> LogEntry {
    LogEntry {
        ts: 1_000,
        labels: labels.iter().copied().collect(),
        line: line.into(),
        metadata: metadata.iter().copied().collect::<Labels>(),
    }
}

fn refined(query: &str, entry: &LogEntry, name: &str, include: bool) -> Option<String> {
    let field = lines::all(entry).into_iter().rfind(|field| field.name() == name).expect("the field");
    by(query, entry, &field, include)
}

#[test]
fn each_kind_of_field_has_its_own_stage() {
    let entry = entry(
        &[("service", "api"), ("level", "info")],
        &[("trace_id", "abc")],
        r#"{"level":"warning","ok":false,"details":{"n":3},"tags":["a"],"msg":"say \"hi\"\\","null":null}"#,
    );
    let query = r#"{service=~".+"}"#;
    for (name, include, expected) in [
        ("service", true, r#"{service="api"}"#),
        ("service", false, r#"{service=~".+"} | json | level_extracted="warning""#),
        ("trace_id", true, r#"{service=~".+"} | trace_id="abc""#),
        ("level", true, r#"{service=~".+"} | json | level_extracted="warning""#),
        ("ok", true, r#"{service=~".+"} | json | ok="false""#),
        ("ok", false, r#"{service=~".+"} | json | ok!="false""#),
        ("details.n", true, r#"{service=~".+"} | json | details_n="3""#),
        ("msg", true, r#"{service=~".+"} | json | msg="say \"hi\"\\""#),
        ("tags", true, r#"{service=~".+"} | json tags_value="[\"tags\"]" | tags_value="[\"a\"]""#),
    ] {
        if (name, include) == ("service", false) {
            // Its own selector would drop it too: the matcher comes first.
            assert_eq!(
                refined(query, &entry, name, include).as_deref(),
                Some(r#"{service=~".+", service!="api"}"#)
            );
            continue;
        }
        assert_eq!(refined(query, &entry, name, include).as_deref(), Some(expected), "{name}");
    }
}

#[test]
fn what_is_parsed_already_is_not_parsed_again_and_comments_stay_comments() {
    let json = entry(&[("a", "b")], &[], r#"{"x":"1"}"#);
    assert_eq!(refined("{a=\"b\"} | json", &json, "x", true).as_deref(), Some("{a=\"b\"} | json | x=\"1\""));
    assert_eq!(
        refined("{a=\"b\"} # all of it", &json, "x", true).as_deref(),
        Some("{a=\"b\"} # all of it\n| json | x=\"1\"")
    );
    let logfmt = entry(&[("a", "b")], &[], "x=1 y=\"two words\"");
    assert_eq!(
        refined("{a=\"b\"}", &logfmt, "y", false).as_deref(),
        Some("{a=\"b\"} | logfmt | y!=\"two words\"")
    );
}

#[test]
fn a_masked_value_stands_in_the_query_by_its_pseudonym() {
    let masked = entry(&[("a", "b")], &[], r#"{"user":"‹cpf:0123456789abcdef›"}"#);
    assert_eq!(
        refined("{a=\"b\"}", &masked, "user", true).as_deref(),
        Some("{a=\"b\"} | json | user=\"‹cpf:0123456789abcdef›\"")
    );
}

proptest! {
    /// Whatever a line holds: a refined query can be read, and really keeps or drops it.
    #[test]
    fn a_refined_query_keeps_or_drops_the_line(
        values in proptest::collection::vec("[ -~é\n\t‹›]{0,12}", 3),
        keys in proptest::collection::vec("[a-z.-]{1,5}|level|service", 3),
        level in "[a-z]{1,5}",
        include: bool,
    ) {
        let inner = serde_json::json!({ keys[1].clone(): values[1], "n": 1.50, "b": true });
        let line = serde_json::json!({ keys[0].clone(): values[0], "level": level, "in": inner, keys[2].clone(): values[2] });
        let entry = entry(&[("service", "api"), ("level", "info")], &[("meta", &values[2])], &line.to_string());
        let query = "{service=\"api\"}";
        for field in lines::all(&entry) {
            if field.value.is_empty() {
                continue;
            }
            if let Some(refined) = by(query, &entry, &field, include) {
                let parsed = LogQl::parse(&refined);
                prop_assert!(parsed.is_ok(), "{refined}: {parsed:?}");
                prop_assert!(holds(&refined, &entry, include), "{refined}");
            } else {
                prop_assert!(false, "nothing for {field:?} of {line}");
            }
        }
    }

    #[test]
    fn logfmt_too(values in proptest::collection::vec("[ -~é]{1,10}", 2), include: bool) {
        let line = format!("first=1 a={} b={}", quoted(&values[0]), quoted(&values[1]));
        let entry = entry(&[("service", "api")], &[], &line);
        for field in lines::parsed(&entry.line) {
            let refined = by("{service=\"api\"}", &entry, &field, include);
            prop_assert!(refined.is_some(), "nothing for {field:?} of {line}");
        }
    }
}
