use super::{Key, Language, at, check, check_any, check_wants, shown};

const L: Language = Language::PromQl;

#[test]
fn metrics_and_functions_stand_where_an_operand_does() {
    check(
        L,
        &[
            ("http_req¦", "http_requests_total", "http_requests_total¦"),
            ("ra¦", "rate", "rate(¦"),
            ("ra¦te(x[5m])", "rad", "rad¦(x[5m])"),
            ("rate(htt¦", "http_requests_total", "rate(http_requests_total¦"),
            ("rate(up¦", "up[5m]", "rate(up[5m]¦"),
            ("up¦", "up{", "up{¦"),
            ("up¦{job=\"a\"}", "group", "group(¦{job=\"a\"}"),
            ("sum(ra¦", "rate", "sum(rate(¦"),
            ("1 + nod¦", "node_cpu_seconds_total", "1 + node_cpu_seconds_total¦"),
            ("dots¦", "dots.in.name", "{\"dots.in.name\"}¦"),
            ("cpusec¦", "node_cpu_seconds_total", "node_cpu_seconds_total¦"),
            ("topk(5, ht¦", "http_requests_total", "topk(5, http_requests_total¦"),
            ("UP¦", "up", "up¦"),
            ("qzx¦", "", ""),
        ],
    );
    check_any(L, &[("¦", "histogram_quantile", "histogram_quantile(¦"), ("¦", "sum", "sum(¦")]);
}

#[test]
fn metrics_tell_type_and_help_and_functions_what_they_take() {
    let note = |text: &str, name: &str| {
        let found = at(L, text);
        found.entries.iter().find(|one| &*one.shown == name).map(|one| one.note.to_string()).unwrap()
    };
    assert_eq!(note("¦", "up"), "gauge · Whether it could be scraped.");
    assert_eq!(note("buck¦", "http_request_duration_seconds_bucket"), "histogram · Time to answer.");
    assert!(note("histo¦", "histogram_quantile").starts_with("(φ, vector)"));
}

#[test]
fn between_braces_come_label_operator_and_value() {
    check(
        L,
        &[
            ("up{jo¦", "job", "up{job=¦"),
            ("up{jo¦=\"api\"}", "job", "up{job¦=\"api\"}"),
            ("up{jo¦ != \"api\"}", "job", "up{job¦ != \"api\"}"),
            ("up{¦", "zone", "up{zone=¦"),
            ("{__name__=\"up\", zo¦", "zone", "{__name__=\"up\", zone=¦"),
            ("up{dots¦", "with.dots", "up{\"with.dots\"=¦"),
            ("up{job ¦", "=", "up{job =¦"),
            ("up{job!¦", "!=", "up{job!=¦"),
            ("up{job=¦", "api", "up{job=\"api\"¦"),
            ("up{job=ga¦", "api-gateway", "up{job=\"api-gateway\"¦"),
            ("up{job=\"gat¦", "api-gateway", "up{job=\"api-gateway\"¦"),
            ("up{job=\"gat¦\"}", "api-gateway", "up{job=\"api-gateway¦\"}"),
            ("up{job='nod¦", "node \"x\"", "up{job='node \"x\"'¦"),
            ("up{job=\"nod¦", "node \"x\"", "up{job=\"node \\\"x\\\"\"¦"),
            ("up{job=~\"10¦", "10.0.0.1:90", "up{job=~\"10\\\\.0\\\\.0\\\\.1:90\"¦"),
            ("up{job=~`10¦`}", "10.0.0.1:90", "up{job=~`10\\.0\\.0\\.1:90¦`}"),
            ("up{job=~\"node|gat¦\"}", "api-gateway", "up{job=~\"node|api-gateway¦\"}"),
            ("up{job=~\"gat¦|node\"}", "api-gateway", "up{job=~\"api-gateway¦|node\"}"),
            ("up{job=\"gat¦, zone=\"b\"}", "api-gateway", "up{job=\"api-gateway\"¦, zone=\"b\"}"),
            ("up{job=\"ga¦pi\", zone=\"b\"}", "api-gateway", "up{job=\"api-gateway¦\", zone=\"b\"}"),
            ("up{zone=\"b\", jo¦}", "job", "up{zone=\"b\", job=¦}"),
            ("{\"dots¦", "dots.in.name", "{\"dots.in.name\"¦"),
            ("up{job=\"api\"¦", "", ""),
            ("up{job=\"api\" ¦", "", ""),
            ("up{5¦", "", ""),
        ],
    );
}

#[test]
fn a_list_of_labels_has_those_of_the_querys_metrics_first() {
    check(
        L,
        &[
            ("sum by (¦) (rate(up[5m]))", "zone", "sum by (zone¦) (rate(up[5m]))"),
            ("sum(up) by (jo¦", "job", "sum(up) by (job¦"),
            ("sum without (zone, in¦", "instance", "sum without (zone, instance¦"),
            ("a * on(jo¦", "job", "a * on(job¦"),
            ("a * on(job) group_left(in¦", "instance", "a * on(job) group_left(instance¦"),
            ("sum by (job ¦", "", ""),
        ],
    );
}

#[test]
fn lengths_of_time_take_what_is_typed() {
    check(
        L,
        &[
            ("rate(up[¦", "5m", "rate(up[5m]¦"),
            ("rate(up[¦]", "5m", "rate(up[5m¦]"),
            ("rate(up[3¦", "3m", "rate(up[3m]¦"),
            ("rate(up[15¦", "15m", "rate(up[15m]¦"),
            ("rate(up[1h:1¦", "1m", "rate(up[1h:1m]¦"),
            ("up offset ¦", "5m", "up offset 5m¦"),
            ("up offset -1¦", "1m", "up offset -1m¦"),
            ("up @ ¦", "start()", "up @ start()¦"),
        ],
    );
    check_any(L, &[("rate(up[7¦", "7d", "rate(up[7d]¦")]);
}

#[test]
fn behind_an_operand_stands_what_joins_it() {
    check(
        L,
        &[
            ("sum(up) ¦", "by (", "sum(up) by (¦"),
            ("sum b¦", "by (", "sum by (¦"),
            ("sum b¦ (job) (up)", "by (", "sum by¦ (job) (up)"),
            ("up off¦", "offset", "up offset¦"),
            ("up unl¦", "unless", "up unless¦"),
            ("sum by (job) ¦", "", ""),
            ("a + ig¦", "ignoring (", "a + ignoring (¦"),
            ("a > bo¦", "bool", "a > bool¦"),
            ("a / on(job) group_l¦", "group_left (", "a / on(job) group_left (¦"),
            ("up # com¦", "", ""),
            ("label_replace(up, \"x¦", "", ""),
            ("5¦", "", ""),
        ],
    );
    let found = at(L, "up ¦");
    assert!(!shown(&found).contains(&"by ("), "only an aggregation is grouped");
}

#[test]
fn asked_is_what_the_place_needs_and_nothing_else() {
    let metrics = Key::LabelValues("__name__".into());
    check_wants(
        L,
        &[
            ("¦", &[metrics.clone(), Key::Metadata]),
            ("rate(¦", &[metrics.clone(), Key::Metadata]),
            ("up{¦", &[Key::LabelNames]),
            ("sum by (¦", &[Key::LabelNames]),
            ("up{job=\"¦", &[Key::LabelValues("job".into())]),
            ("up{a=\"b\", job=~'x|¦", &[Key::LabelValues("job".into())]),
            ("up{__name__=\"¦", &[metrics, Key::Metadata]),
            ("up{job¦=\"x\"", &[Key::LabelNames]),
            ("up{job ¦", &[]),
            ("up[¦", &[]),
            ("up ¦", &[]),
            ("up{job=\"x\"¦", &[]),
            ("# up{job=\"¦", &[]),
        ],
    );
}
