use super::{Key, Language, check, check_any, check_wants};

const L: Language = Language::TraceQl;

#[test]
fn between_braces_come_fields_operators_and_values() {
    check(
        L,
        &[
            ("¦", "{", "{¦"),
            ("{ dur¦", "duration", "{ duration ¦"),
            ("{ rootS¦", "rootServiceName", "{ rootServiceName ¦"),
            ("{ met¦", "span.http.method", "{ span.http.method¦"),
            ("{ .met¦", ".http.method", "{ .http.method¦"),
            ("{ span.http.st¦", "span.http.status_code", "{ span.http.status_code¦"),
            ("{ span.a¦", "span.\"a b\"", "{ span.\"a b\"¦"),
            ("{ reso¦", "resource.", "{ resource.¦"),
            ("{ span.http.method ¦", "=", "{ span.http.method = ¦"),
            ("{ span.http.method !¦", "!=", "{ span.http.method != ¦"),
            ("{ span.http.method = ¦", "GET", "{ span.http.method = \"GET\"¦"),
            ("{ span.http.method = \"po¦", "POST", "{ span.http.method = \"POST\"¦"),
            ("{ span.http.method = \"po¦\" }", "POST", "{ span.http.method = \"POST¦\" }"),
            ("{ span.http.method=~\"GET|PO¦\" }", "POST", "{ span.http.method=~\"GET|POST¦\" }"),
            ("{ span.http.status_code = ¦", "200", "{ span.http.status_code = 200¦"),
            ("{ name = \"rec¦", "GET /record", "{ name = \"GET /record\"¦"),
            ("{ status = ¦", "error", "{ status = error ¦"),
            ("{ status = un¦", "unset", "{ status = unset ¦"),
            ("{ kind = ser¦", "server", "{ kind = server ¦"),
            ("{ span:status = e¦", "error", "{ span:status = error ¦"),
            ("{ duration > ¦", "100ms", "{ duration > 100ms¦"),
            ("{ duration > 25¦", "25ms", "{ duration > 25ms¦"),
            ("{ traceDuration > 2¦", "2ms", "{ traceDuration > 2ms¦"),
            ("{ span.http.status_code >= ¦", "", ""),
            ("{ status = error ¦", "&&", "{ status = error && ¦"),
            ("{ status = error && ki¦", "kind", "{ status = error && kind ¦"),
            ("{ (status = error || na¦", "name", "{ (status = error || name ¦"),
            ("{ name = \"é\" && dur¦", "duration", "{ name = \"é\" && duration ¦"),
        ],
    );
    check_any(
        L,
        &[
            ("{ span.http.method = ¦", "nil", "{ span.http.method = nil¦"),
            ("{ na¦me = \"x\" }", "rootName", "{ rootName¦ = \"x\" }"),
        ],
    );
}

#[test]
fn behind_spans_come_functions_and_what_joins_them() {
    check(
        L,
        &[
            ("{ } >¦", "> {", "{ } > {¦"),
            ("{ } >>¦", ">> {", "{ } >> {¦"),
            ("{ } >> ¦", "{", "{ } >> {¦"),
            ("{ } !>¦", "!> {", "{ } !> {¦"),
            ("{ } | ra¦", "rate()", "{ } | rate()¦"),
            ("{ } | qu¦", "quantile_over_time(", "{ } | quantile_over_time(¦"),
            ("{ } | quantile_over_time(dur¦", "duration", "{ } | quantile_over_time(duration¦"),
            ("{ } | quantile_over_time(duration, ¦", "", ""),
            (
                "{ } | select(span.http.method, met¦",
                "span.http.method",
                "{ } | select(span.http.method, span.http.method¦",
            ),
            ("{ } | rate() b¦", "by (", "{ } | rate() by (¦"),
            ("{ } | rate() by (ser¦", "resource.service.name", "{ } | rate() by (resource.service.name¦"),
            ("{ } | rate() with (ex¦", "exemplars=true", "{ } | rate() with (exemplars=true¦"),
            ("{ } | count() ¦", "=", "{ } | count() = ¦"),
            ("{ } >> { na¦", "name", "{ } >> { name ¦"),
        ],
    );
    check_any(L, &[("{ } ¦", ">> {", "{ } >> {¦"), ("{ } ¦", "| rate()", "{ } | rate()¦")]);
}

#[test]
fn asked_is_what_the_place_needs_and_nothing_else() {
    check_wants(
        L,
        &[
            ("¦", &[]),
            ("{ ¦", &[Key::TraceTags]),
            ("{ span.http.method = \"¦", &[Key::TraceTagValues("span.http.method".into())]),
            ("{ rootName = \"¦", &[Key::TraceTagValues("rootName".into())]),
            ("{ status = ¦", &[]),
            ("{ duration > ¦", &[]),
            ("{ span.http.method ¦", &[]),
            ("{ } ¦", &[]),
            ("{ } | by(¦", &[Key::TraceTags]),
        ],
    );
}
