use super::{Key, Language, at, check, check_any, check_wants, shown};

const L: Language = Language::LogQl;

#[test]
fn a_query_begins_with_a_selector_or_a_function() {
    check(
        L,
        &[
            ("¦", "{", "{¦"),
            ("cou¦", "count_over_time", "count_over_time(¦"),
            ("count_o¦", "count_over_time", "count_over_time(¦"),
            ("sum(ra¦", "rate", "sum(rate(¦"),
            ("sum by (¦", "detected_level", "sum by (detected_level¦"),
            (
                "sum by (us¦) (rate({a=\"b\"} | json [5m]))",
                "user_id",
                "sum by (user_id¦) (rate({a=\"b\"} | json [5m]))",
            ),
            ("sum b¦", "by (", "sum by (¦"),
        ],
    );
}

#[test]
fn a_selector_has_labels_operators_and_values() {
    check(
        L,
        &[
            ("{ser¦", "service_name", "{service_name=¦"),
            ("{ser¦=\"x\"}", "service_name", "{service_name¦=\"x\"}"),
            ("{service_name ¦", "=", "{service_name =¦"),
            ("{service_name!¦", "!=", "{service_name!=¦"),
            ("{service_name=¦", "records", "{service_name=\"records\"¦"),
            ("{service_name=\"tri¦", "triage", "{service_name=\"triage\"¦"),
            ("{service_name=\"tri¦\"}", "triage", "{service_name=\"triage¦\"}"),
            ("{service_name=~\"records|tr¦\"}", "triage", "{service_name=~\"records|triage¦\"}"),
            ("{service_name=\"it¦", "it's `so`", "{service_name=\"it's `so`\"¦"),
            ("{service_name=`it¦", "", ""),
            ("{a=\"cora¦", "coração", "{a=\"coração\"¦"),
            ("{a=\"coração\", ser¦", "service_name", "{a=\"coração\", service_name=¦"),
            ("{a=\"b\"¦", "", ""),
        ],
    );
}

#[test]
fn behind_a_selector_come_filters_and_stages() {
    check(
        L,
        &[
            ("{a=\"b\"} ¦", "|= \"", "{a=\"b\"} |= \"¦"),
            ("{a=\"b\"} |¦", "|= \"", "{a=\"b\"} |= \"¦"),
            ("{a=\"b\"} !¦", "!= \"", "{a=\"b\"} != \"¦"),
            ("{a=\"b\"} |= \"te¦", "", ""),
            ("{a=\"b\"} |= ¦", "", ""),
            ("{a=\"b\"} |= \"text\" ¦", "|= \"", "{a=\"b\"} |= \"text\" |= \"¦"),
            ("{a=\"b\"} | js¦", "json", "{a=\"b\"} | json¦"),
            ("{a=\"b\"} | logf¦", "logfmt", "{a=\"b\"} | logfmt¦"),
            ("{a=\"b\"} | unw¦", "unwrap", "{a=\"b\"} | unwrap ¦"),
            ("{a=\"b\"} | us¦", "user_id", "{a=\"b\"} | user_id ¦"),
            ("{a=\"b\"} | json ¦", "|= \"", "{a=\"b\"} | json |= \"¦"),
            ("rate({a=\"b\"} |= \"x\" | js¦", "json", "rate({a=\"b\"} |= \"x\" | json¦"),
            ("rate({a=\"b\"}[¦", "5m", "rate({a=\"b\"}[5m]¦"),
            ("rate({a=\"b\"} | json [¦", "5m", "rate({a=\"b\"} | json [5m]¦"),
            ("rate({a=\"b\"}[5m] ¦", "offset", "rate({a=\"b\"}[5m] offset¦"),
            ("sum(rate({a=\"b\"}[5m])) ¦", "by (", "sum(rate({a=\"b\"}[5m])) by (¦"),
        ],
    );
    check_any(
        L,
        &[
            ("{a=\"b\"} |¦", "| json", "{a=\"b\"} | json¦"),
            ("{a=\"b\"} ¦", "| unwrap", "{a=\"b\"} | unwrap¦"),
        ],
    );
}

#[test]
fn a_filter_on_a_field_has_its_operators_and_values() {
    check(
        L,
        &[
            ("{a=\"b\"} | json | user_id ¦", "=", "{a=\"b\"} | json | user_id = ¦"),
            ("{a=\"b\"} | json | level = ¦", "info", "{a=\"b\"} | json | level = \"info\"¦"),
            ("{a=\"b\"} | json | level = \"err¦", "error", "{a=\"b\"} | json | level = \"error\"¦"),
            ("{a=\"b\"} | service_name = \"tr¦\"", "triage", "{a=\"b\"} | service_name = \"triage¦\""),
            ("{a=\"b\"} | json | duration_ms > ¦", "", ""),
            ("{a=\"b\"} | json | level = \"error\" an¦", "and", "{a=\"b\"} | json | level = \"error\" and ¦"),
            (
                "{a=\"b\"} | json | level = \"error\" and us¦",
                "user_id",
                "{a=\"b\"} | json | level = \"error\" and user_id ¦",
            ),
            ("{a=\"b\"} | json | level != \"de¦", "debug", "{a=\"b\"} | json | level != \"debug\"¦"),
            ("{a=\"b\"} | json != \"de¦", "", ""),
            ("{a=\"b\"} | json | unwrap dur¦", "duration_ms", "{a=\"b\"} | json | unwrap duration_ms¦"),
            ("{a=\"b\"} | json | unwrap ¦", "duration_ms", "{a=\"b\"} | json | unwrap duration_ms¦"),
            ("{a=\"b\"} | json | keep us¦", "user_id", "{a=\"b\"} | json | keep user_id¦"),
            ("{a=\"b\"} | json | drop level, us¦", "user_id", "{a=\"b\"} | json | drop level, user_id¦"),
            ("{a=\"b\"} | label_format who=us¦", "user_id", "{a=\"b\"} | label_format who=user_id¦"),
            ("{a=\"b\"} | line_format \"{{.us¦", "user_id", "{a=\"b\"} | line_format \"{{.user_id¦"),
            ("{a=\"b\"} | line_format \"{{.us¦}}\"", "user_id", "{a=\"b\"} | line_format \"{{.user_id¦}}\""),
            ("{a=\"b\"} | line_format \"us¦", "", ""),
            (
                "{a=\"b\"} | pattern \"<ip> <_> <verb>\" | ve¦",
                "verb",
                "{a=\"b\"} | pattern \"<ip> <_> <verb>\" | verb ¦",
            ),
            (
                "{a=\"b\"} | regexp `(?P<host>\\S+)` | ho¦",
                "host",
                "{a=\"b\"} | regexp `(?P<host>\\S+)` | host ¦",
            ),
        ],
    );
    let found = at(L, "{a=\"b\"} | ¦");
    let note = |name: &str| found.entries.iter().find(|one| &*one.shown == name).map(|one| &*one.note);
    assert_eq!(note("user_id"), Some("string · 3 values · json"));
    assert!(shown(&found).contains(&"service_name"), "labels of streams can be filtered by as well");
}

#[test]
fn asked_is_what_the_place_needs_and_nothing_else() {
    let fields = || Key::LogFields("{a=\"b\"}".into());
    check_wants(
        L,
        &[
            ("¦", &[]),
            ("{¦", &[Key::LogLabels]),
            ("{a=\"¦", &[Key::LogLabelValues("a".into())]),
            ("{a=\"b\"} ¦", &[]),
            ("{a=\"b\"} | ¦", &[fields(), Key::LogLabels]),
            ("{a=\"b\"} | json | x = \"¦", &[Key::LogLabelValues("x".into())]),
            ("{a=\"b\"} |= \"¦", &[]),
            ("sum by (¦", &[Key::LogLabels]),
            ("sum by (¦) (rate({a=\"b\"}[5m]))", &[fields(), Key::LogLabels]),
            ("{} | ¦", &[Key::LogLabels]),
        ],
    );
}
