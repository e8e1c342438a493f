//! What is offered where, and how it is written. `¦` is the cursor.

mod logql;
mod promql;
mod properties;
mod traceql;

use super::*;
use crate::text::languages::EN;

/// What a small place knows.
struct Place;

fn boxed(names: &[&'static str]) -> &'static [Box<str>] {
    Box::leak(names.iter().map(|name| Box::from(*name)).collect::<Vec<_>>().into_boxed_slice())
}

impl Known for Place {
    fn names(&self, key: &Key) -> Option<&[Box<str>]> {
        Some(boxed(match key {
            Key::LabelValues(name) if &**name == "__name__" => &[
                "db_connections",
                "dots.in.name",
                "http_request_duration_seconds_bucket",
                "http_requests_total",
                "node_cpu_seconds_total",
                "up",
            ],
            Key::LabelNames => &["__name__", "instance", "job", "le", "with.dots"],
            Key::LabelValues(name) if &**name == "job" => {
                &["api", "api-gateway", "node \"x\"", "10.0.0.1:90"]
            }
            Key::LogLabels => &["detected_level", "service_name", "namespace"],
            Key::LogLabelValues(name) if &**name == "service_name" => &["records", "triage", "it's `so`"],
            Key::LogLabelValues(_) => &["info", "coração"],
            Key::TraceTags => {
                &["span.http.method", "span.http.status_code", "resource.service.name", "span.a b", "status"]
            }
            Key::TraceTagValues(name) if &**name == "span.http.status_code" => &["200", "404", "ok"],
            Key::TraceTagValues(name) if &**name == "span.http.method" => &["GET", "POST"],
            Key::TraceTagValues(name) if &**name == "name" => &["GET /record", "sign in"],
            _ => return None,
        }))
    }

    fn fields(&self, key: &Key) -> Option<&[LogField]> {
        let Key::LogFields(selector) = key else { return None };
        assert!(selector.starts_with('{') && selector.ends_with('}'), "{selector} is a selector");
        let field = |name: &str, kind: &str| LogField {
            name: name.into(),
            kind: kind.into(),
            cardinality: 3,
            parsers: vec!["json".into()],
        };
        Some(vec![field("duration_ms", "int"), field("level", "string"), field("user_id", "string")].leak())
    }

    fn metadata(&self) -> Option<&[MetricMeta]> {
        let meta = |metric: &str, kind: &str, help: &str| MetricMeta {
            metric: metric.into(),
            kind: kind.into(),
            help: help.into(),
            unit: "".into(),
        };
        Some(
            vec![
                meta("http_request_duration_seconds", "histogram", "Time to answer."),
                meta("up", "gauge", "Whether it could be scraped."),
            ]
            .leak(),
        )
    }

    fn labels_of(&self, metric: &str) -> Vec<Box<str>> {
        if metric == "up" { vec!["zone".into()] } else { Vec::new() }
    }
}

/// Text and cursor (in characters) of a text with a mark.
fn marked(text: &str) -> (String, usize) {
    let at = text.find('¦').expect("a cursor");
    (text.replacen('¦', "", 1), text[..at].chars().count())
}

fn at(language: Language, text: &str) -> Completions {
    let (text, cursor) = marked(text);
    complete(language, &text, cursor, &Place, &EN)
}

fn shown(found: &Completions) -> Vec<&str> {
    found.entries.iter().map(|one| &*one.shown).collect()
}

/// The text after a completion was taken, with the cursor behind it.
fn taken(text: &str, found: &Completions, wanted: &str) -> String {
    let (text, _) = marked(text);
    let one = found.entries.iter().find(|one| &*one.shown == wanted);
    let one = one.unwrap_or_else(|| panic!("{wanted} is not offered in {text}: {:?}", shown(found)));
    let Range { start, end } = found.replaces;
    format!("{}{}¦{}", &text[..start], one.insert, &text[end..])
}

/// Texts, each with what is offered first (empty: nothing is) and the text after it was taken.
fn check(language: Language, table: &[(&str, &str, &str)]) {
    let wrong = table.iter().filter_map(|(text, first, after)| {
        let found = at(language, text);
        let is_first = shown(&found).first().copied().unwrap_or("");
        if is_first != *first {
            return Some(format!("{text}: {first} is not the first of {:?}", shown(&found)));
        }
        let got = if first.is_empty() { String::new() } else { taken(text, &found, first) };
        (got != *after).then(|| format!("{text}: {got}, not {after}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Texts, each with something that is offered somewhere and the text after it was taken.
fn check_any(language: Language, table: &[(&str, &str, &str)]) {
    for (text, wanted, after) in table {
        assert_eq!(taken(text, &at(language, text), wanted), *after, "{text}");
    }
}

/// Texts with exactly what has to be known for them.
fn check_wants(language: Language, table: &[(&str, &[Key])]) {
    for (text, wants) in table {
        let mut wants = wants.to_vec();
        wants.sort_unstable();
        assert_eq!(at(language, text).wants, wants, "{text}");
    }
}
