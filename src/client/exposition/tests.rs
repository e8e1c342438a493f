use proptest::prelude::*;

use super::*;
use crate::privacy::{self, Kind};

fn now() -> Time {
    "2026-11-22T05:00:00Z".parse().expect("a time")
}

fn reply(body: &[u8], media: &str) -> Reply {
    Reply {
        status: 200,
        media: media.to_owned(),
        retry_after_ms: None,
        clock_skew_s: None,
        received: now(),
        body: body.to_vec(),
    }
}

fn line(name: &str, labels: &[(&str, &str)], value: f64, at_ms: Option<i64>) -> Line {
    let labels = labels.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Line { name: name.to_owned(), labels, value, at_ms }
}

#[test]
fn the_strict_reader_knows_the_grammar() {
    for (text, expected) in [
        ("up 1", line("up", &[], 1.0, None)),
        ("up{} 1", line("up", &[], 1.0, None)),
        ("up\t1\t-5", line("up", &[], 1.0, Some(-5))),
        ("a:b 1e+00", line("a:b", &[], 1.0, None)),
        (r#"a{b="c"} 1 1395066363000"#, line("a", &[("b", "c")], 1.0, Some(1_395_066_363_000))),
        (r#"a { b = "c" , d = "e" , } +Inf"#, line("a", &[("b", "c"), ("d", "e")], f64::INFINITY, None)),
        (r#"a{z="1",b="x=}{,\"\\\n"}2"#, line("a", &[("b", "x=}{,\"\\\n"), ("z", "1")], 2.0, None)),
        (r#"a{b="C:\dir"} 2"#, line("a", &[("b", "C:\\dir")], 2.0, None)),
        (r#"{"my.metric", "a.b"="c"} 2"#, line("my.metric", &[("a.b", "c")], 2.0, None)),
    ] {
        assert_eq!(strict::read(text, false), Ok(expected), "{text}");
    }
    let exemplar = r#"a_bucket{le="1"} 3 1520879607.789 # {trace_id="x"} 0.67 1520879606.1"#;
    assert_eq!(
        strict::read(exemplar, true),
        Ok(line("a_bucket", &[("le", "1")], 3.0, Some(1_520_879_607_789)))
    );
}

#[test]
fn broken_lines_are_named_for_what_they_are() {
    for (text, flaw) in [
        ("1up 1", LineFlaw::NoName),
        ("<html>", LineFlaw::NoName),
        ("up=1", LineFlaw::NoName),
        ("{} 1", LineFlaw::NoName),
        ("up", LineFlaw::NoValue),
        (r#"a{b="c"}"#, LineFlaw::NoValue),
        ("up one", LineFlaw::BadValue("one")),
        ("up 0x1p-2", LineFlaw::BadValue("0x1p-2")),
        ("up 1 soon", LineFlaw::BadTimestamp("soon")),
        ("up 1 1.5", LineFlaw::BadTimestamp("1.5")),
        ("up 1 2 3", LineFlaw::Trailing("3")),
        (r#"a{b="c"#, LineFlaw::Labels),
        (r#"a{b="c" d="e"} 1"#, LineFlaw::Labels),
        (r"a{b=c} 1", LineFlaw::Labels),
        (r#"a{="c"} 1"#, LineFlaw::Labels),
        (r#"a{b:c="d"} 1"#, LineFlaw::Labels),
        (r"a{,} 1", LineFlaw::Labels),
        (r#"a{"b"} 1"#, LineFlaw::Labels),
        (r#"a{b="c",b="d"} 1"#, LineFlaw::LabelTwice("b")),
    ] {
        assert_eq!(strict::read(text, false), Err(flaw), "{text}");
        assert_eq!(guard::read(text, now()), None, "{text}");
    }
}

#[test]
fn the_library_is_believed_only_where_it_accounts_for_the_line() {
    for text in ["up 1", r#"a{b="c d",e=""} 1.5e3 77"#, "x NaN", r#"a{b="c",} 1"#] {
        assert!(guard::read(text, now()).is_some(), "{text}");
    }
    // Each of these it misreads or drops.
    for text in [
        r#"a{b="x=y"} 1"#,
        r#"a{b="x}y"} 1"#,
        r#"a{b="x,y"} 1"#,
        r#"a{b="x\"y"} 1"#,
        r#"a{b="x\\y"} 1"#,
        r"a{} 1",
        r#"a{ b="c" } 1"#,
        "a:b 1",
    ] {
        assert_eq!(guard::read(text, now()), None, "{text}");
        assert!(strict::read(text, false).is_ok(), "{text}");
    }
}

#[test]
fn a_page_drops_nothing_silently() {
    let body = b"# HELP a b\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 3\na_sum 4\na_count 3\n\
        what is this\n\xff\xfe 1\r\nb{x=\"123.456.789-09\"} 1\r\nb{x=\"987.654.321-00\"} 2\nb{x=\"123.456.789-09\"} 3\n";
    let (samples, warnings) = read(&reply(body, "text/plain")).expect("a page");
    let shown: Vec<String> = samples.iter().map(|s| format!("{} {}", s.labels, s.value)).collect();
    assert_eq!(
        shown,
        [
            r#"a_bucket{le="1"} 2"#,
            r#"a_bucket{le="+Inf"} 3"#,
            "a_sum{} 4",
            "a_count{} 3",
            &format!(r#"b{{x="{}"}} 1"#, privacy::shown(Kind::Cpf, "12345678909")),
            &format!(r#"b{{x="{}"}} 2"#, privacy::shown(Kind::Cpf, "98765432100")),
        ]
    );
    assert!(samples.iter().all(|s| s.at == now()));
    assert_eq!(
        warnings,
        ["line 7: `is` is not a number", "line 8: not UTF-8", "line 11: the series stood before"]
    );
}

#[test]
fn many_bad_lines_are_counted() {
    let mut body = String::from("up 1\n");
    for _ in 0..25 {
        body.push_str("bad line here\n");
    }
    let (samples, warnings) = read(&reply(body.as_bytes(), "text/plain")).expect("a page");
    assert_eq!((samples.len(), warnings.len()), (1, NAMED_LINES + 1));
    assert_eq!(warnings.last().map(String::as_str), Some("15 more lines cannot be read"));
}

#[test]
fn a_page_without_samples_is_no_page() {
    for (body, words) in
        [("# only comments\n", "no samples"), ("hello world\n", "line 1: `world` is not a number")]
    {
        let fault = read(&reply(body.as_bytes(), "text/plain")).expect_err("no page");
        assert_eq!(fault.kind, crate::model::FaultKind::WrongFormat);
        assert!(fault.detail.contains(words), "{}", fault.detail);
    }
}

#[test]
fn timestamps_of_the_page_are_kept() {
    let (samples, _) = read(&reply(b"up 1 1395066363000\n", "text/plain")).expect("a page");
    assert_eq!(samples[0].at.timestamp_millis(), 1_395_066_363_000);
    let (samples, _) =
        read(&reply(b"up 1 1395066363.5\n# EOF\n", "application/openmetrics-text")).expect("a page");
    assert_eq!(samples[0].at.timestamp_millis(), 1_395_066_363_500);
}

/// Writes a line from parts, independently of the readers: random blanks, escapes, a trailing comma.
#[derive(Clone, Debug)]
struct Made {
    name: String,
    labels: Vec<(String, String)>,
    value: f64,
    at_ms: Option<i64>,
    blank: bool,
    comma: bool,
    empty_braces: bool,
}

impl Made {
    fn text(&self) -> String {
        let gap = if self.blank { " " } else { "" };
        let mut text = self.name.clone();
        if !self.labels.is_empty() || self.empty_braces {
            text += gap;
            text.push('{');
            for (at, (name, value)) in self.labels.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                text += &[gap, name, gap, "=", gap, "\"", &value, "\"", gap].concat();
            }
            if self.comma && !self.labels.is_empty() {
                text.push(',');
            }
            text += gap;
            text.push('}');
        }
        let value = match self.value {
            v if v.is_nan() => "NaN".to_owned(),
            f64::INFINITY => "+Inf".to_owned(),
            f64::NEG_INFINITY => "-Inf".to_owned(),
            v => format!("{v:e}"),
        };
        text += " ";
        text += &value;
        if let Some(ms) = self.at_ms {
            text += gap;
            text += " ";
            text += &ms.to_string();
        }
        text
    }
}

fn made() -> impl Strategy<Value = Made> {
    let value = prop_oneof![
        any::<f64>().prop_filter("written in its own form", |v| v.is_finite()),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
    ];
    let text = prop_oneof![r#"[a-z0-9 ={},"\\#\n]{0,10}"#, r"(\PC|\n){0,8}", "[a-z]{0,5}"];
    (
        "[a-zA-Z_:][a-zA-Z0-9_:]{0,10}",
        prop::collection::btree_map("[a-zA-Z_][a-zA-Z0-9_]{0,6}", text, 0..5),
        value,
        prop::option::of(-10_000_000_000_000_i64..10_000_000_000_000),
        any::<[bool; 3]>(),
    )
        .prop_map(|(name, labels, value, at_ms, [blank, comma, empty_braces])| Made {
            name,
            labels: labels.into_iter().collect(),
            value,
            at_ms,
            blank,
            comma,
            empty_braces,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_was_written_is_read(made in made()) {
        let text = made.text();
        let same = |line: &Line| {
            line.name == made.name
                && line.labels == made.labels
                && (line.value.to_bits() == made.value.to_bits() || line.value.is_nan() && made.value.is_nan())
                && line.at_ms == made.at_ms
        };
        let strict = strict::read(&text, false);
        prop_assert!(strict.as_ref().is_ok_and(same), "{text:?} -> {strict:?}");
        // Where the guarded library speaks at all, it must say the same.
        if let Some(line) = guard::read(&text, now()) {
            prop_assert!(same(&line), "{text:?} -> {line:?}");
        }
    }

    #[test]
    fn pages_keep_every_sample(lines in prop::collection::vec(made(), 1..12)) {
        let mut keys = HashSet::new();
        let lines: Vec<Made> = lines
            .into_iter()
            .filter(|made| keys.insert((made.name.clone(), made.labels.clone(), made.at_ms)))
            .collect();
        let body: String = lines.iter().map(|made| made.text() + "\n").collect();
        let (samples, warnings) = read(&reply(body.as_bytes(), "text/plain")).expect("a page");
        prop_assert_eq!(warnings, Vec::<String>::new());
        prop_assert_eq!(samples.len(), lines.len());
        for (sample, made) in samples.iter().zip(&lines) {
            prop_assert_eq!(sample.labels.metric_name(), made.name.as_str());
            prop_assert!(sample.value.to_bits() == made.value.to_bits() || made.value.is_nan());
        }
    }

    #[test]
    fn no_line_panics_and_the_guard_never_contradicts(text in r#"[a-z{}="\\, 0-9.#:\t]{0,40}|\PC{0,40}"#) {
        let text = text.trim_matches([' ', '\t', '\r']);
        if let Some(line) = guard::read(text, now()) {
            prop_assert_eq!(strict::read(text, false), Ok(line));
        }
        let _ = strict::read(text, true);
    }
}
