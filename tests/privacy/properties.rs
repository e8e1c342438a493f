//! Properties, with identifiers made at random.

use plantao::model::Language;
use plantao::privacy::{Fields, Key, Kind, Masker, safe, vault};
use proptest::prelude::*;
use serde_json::json;

use crate::identifiers::{Identifier, any_identifier, card, cnpj, cns, cpf, full_width, phone};
use crate::{bare, masker};

/// Surroundings: `@` is where the identifier goes.
const SURROUNDINGS: [&str; 42] = [
    "@",
    "denied for @ at the desk",
    "paciente @, leito 12",
    "(@)",
    "[@]",
    "<@>",
    "'@'",
    "“@”",
    "value is @.",
    "seen @; again",
    "level=info msg=\"admitted @\" took=12ms",
    "level=info document=@ took=12ms",
    r#"{"level":"info","document":"@","n":1}"#,
    r#"{"a":{"b":["x","@"]}}"#,
    r#"{"msg":"{\"document\":\"@\",\"n\":1}"}"#,
    r#"{"msg":"line one\n@\tnext"}"#,
    "GET /patients?document=@&page=2 HTTP/1.1",
    "https://api.hospital.example/patients?document=@#top",
    "/patients/@/records",
    "2026-11-22T05:11:35.645Z INFO @ trace=4bf92f3577b34da6a3ce929d0e0e4736",
    "Atenção: o usuário “@” não está cadastrado",
    "é @ não",
    "<doc>@</doc>",
    "INSERT INTO t VALUES ('@', 'x')",
    "key: @",
    "a|@|b",
    r#"{"a":[1,"@",{"b":["@",null]}],"n":2}"#,
    r#"{"m":"{\"n\":\"{\\\"document\\\":\\\"@\\\"}\"}"}"#,
    r#"["@","x"]"#,
    "ts=2026-11-22T05:11:35Z level=warn document=\"@\" err=\"not found\"",
    "ts=2026-11-22T05:11:35Z caller=main.go:12 document=@",
    "http://api:8080/v1/patients/@?fields=name#tab",
    "Get \"http://api:8080/v1/patients?document=@\": context deadline exceeded",
    "%7B%22document%22%3A%22@%22%7D",
    r#"http_requests_total{path="/patients/@",code="200"} 3"#,
    r#"{__name__="up", who="@"}"#,
    r#"sum by (x) (rate(up{who=~"@|b"}[5m])) > 0"#,
    r#"{ span.http.url = "/p?d=@" && name != "x" }"#,
    r#"{"key":"http.url","value":{"stringValue":"/p?d=@"}}"#,
    "at Handler(Main.java:12): invalid document '@'\n\tat Next(Main.java:13)",
    "<doc number=\"@\"/>",
    "To: @\r\nFrom: desk",
];

fn in_place(surrounding: &str, what: &str) -> String {
    surrounding.replace('@', what)
}

/// Nothing of the secret is left in any writing: neither as it is, nor with its separators taken out.
fn holds(text: &str, secret: &str) -> bool {
    let keep = |c: &char| c.is_alphanumeric() || *c == '@';
    // Marks are no part of what is searched: their hex could hold anything.
    let plain: String = bare(text).chars().filter(keep).collect();
    let secret: String = secret.chars().filter(keep).collect();
    plain.to_lowercase().contains(&secret.to_lowercase())
}

fn check(identifier: &Identifier, spelling: &str, surrounding: &str) -> Result<(), TestCaseError> {
    let line = in_place(surrounding, spelling);
    let masked = masker().mask(&line).into_owned();
    prop_assert!(!holds(&masked, &identifier.secret), "{line} became {masked}");
    prop_assert!(
        masked.contains(&format!("‹{}:", identifier.kind.label())),
        "{line} became {masked}, not {:?}",
        identifier.kind
    );
    prop_assert_eq!(&*masker().mask(&masked), &masked, "not idempotent");
    prop_assert_eq!(bare(&masked).contains("‹‹"), false);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn punctuated_is_masked_everywhere(identifier in any_identifier(), at in 0..SURROUNDINGS.len()) {
        for spelling in &identifier.punctuated {
            check(&identifier, spelling, SURROUNDINGS[at])?;
        }
    }

    #[test]
    fn proven_digits_are_masked_everywhere(
        identifier in prop_oneof![cpf(), cnpj(), cns(), card()],
        at in 0..SURROUNDINGS.len(),
    ) {
        if let Some(digits) = &identifier.bare {
            let line = in_place(SURROUNDINGS[at], digits);
            let masked = masker().mask(&line).into_owned();
            // A number can be two things at once; it must be hidden as one of them.
            prop_assert!(!holds(&masked, &identifier.secret), "{line} became {masked}");
            prop_assert_eq!(&*masker().mask(&masked), &masked);
            let wide = in_place(SURROUNDINGS[at], &full_width(digits));
            prop_assert_eq!(masker().mask(&wide).into_owned(), masked);
        }
    }

    /// One wrong check digit, no punctuation, no name: somebody's counter.
    #[test]
    fn unproven_digits_stay(identifier in cpf(), at in 0..SURROUNDINGS.len(), by in 1_u8..10) {
        let mut digits = identifier.bare.clone().expect("digits").into_bytes();
        digits[10] = b'0' + (digits[10] - b'0' + by) % 10;
        let line = in_place(SURROUNDINGS[at], std::str::from_utf8(&digits).expect("digits"));
        prop_assert_eq!(&*masker().mask(&line), &line);
    }

    #[test]
    fn unproven_digits_behind_their_name_do_not_stay(n in "[0-9]{11}", at in 0_usize..9) {
        let forms = ["cpf=@", "CPF: @", "CPF nº @", "cpf do paciente @ inválido", "\"nrCpf\":\"@\"", "cpf_medico=@",
            "{\"cpfPaciente\": @}", "@ (CPF)", r#"{\"cpf\":\"@\"}"#];
        let line = in_place(forms[at], &n);
        let masked = masker().mask(&line);
        prop_assert!(!masked.contains(&n), "{line} became {masked}");
    }

    #[test]
    fn equal_input_has_an_equal_pseudonym_whatever_its_spelling(identifier in prop_oneof![cpf(), cnpj(), cns(), card(), phone()]) {
        let spellings = identifier.punctuated.iter().chain(&identifier.bare);
        let area = |spelling: &&String| identifier.kind != Kind::Phone || !spelling.starts_with("tel ");
        let marks: std::collections::BTreeSet<String> = spellings
            .filter(area)
            .map(|spelling| masker().mask(&format!("x {spelling} y")).into_owned())
            .map(|masked| masked.split(['‹', '›']).nth(1).unwrap_or(&masked).to_owned())
            .filter(|mark| mark.starts_with(identifier.kind.label()))
            .collect();
        prop_assert_eq!(marks.len(), 1, "{:?}", marks);
    }

    #[test]
    fn another_key_or_another_person_is_another_pseudonym(one in cpf(), two in cpf()) {
        prop_assume!(one.secret != two.secret);
        let other = Masker::new(Key::new(b"another key, sixteen bytes or more").expect("long enough"), Fields::default());
        prop_assert_ne!(masker().mask(&one.punctuated[0]).into_owned(), masker().mask(&two.punctuated[0]).into_owned());
        prop_assert_ne!(masker().mask(&one.punctuated[0]).into_owned(), other.mask(&one.punctuated[0]).into_owned());
    }

    #[test]
    fn named_fields_are_masked_whatever_they_hold(
        field in prop::sample::select(vec!["patient_id", "patient_name", "patientName", "diagnosis", "TREATMENT_PLAN",
            "insurance-number", "medical_record_number", "face_template"]),
        value in "[A-Za-zçãé]{4,9}",
        form in prop::sample::select(vec![
            r#"{"F":"V"}"#, r#"{"a":1,"F": "V","b":2}"#, r#"{"m":"{\"F\":\"V\"}"}"#, r#"{"m":"{\"n\":\"{\\\"F\\\":\\\"V\\\"}\"}"}"#,
            "F=V", "level=info F=V took=3ms", "F=\"V\"", "F='V'", "F: V", "GET /x?F=V&y=1", "GET /x?y=1&F=V", "{F:V n:1}",
            "<F>V</F>", "F => V", "{\"F\":[\"V\",{\"x\":\"V\"}],\"n\":1}", "{\"F\":{\"x\":\"V \\\"V\\\"\"}}", "x{F=\"V\"} 1",
            "x{F=~\"V|V\"}", "app.F=V", r#"{"key":"F","value":{"stringValue":"V"}}"#, "F=V V V, and V", "%22F%22%3A%22V%22",
            "\"F\":\"V never closed", "F=V\nnext=1",
        ]),
    ) {
        // Only what is text by nature may have several words without quotes.
        let is_text = ["patient_name", "patientName", "diagnosis", "TREATMENT_PLAN"].contains(&field);
        prop_assume!(is_text || !form.contains("V V"));
        let line = form.replace('F', field).replace('V', &value);
        let masked = masker().mask(&line).into_owned();
        prop_assert!(!masked.contains(&value), "{line} became {masked}");
        prop_assert_eq!(&*masker().mask(&masked), &masked, "not idempotent");
        if serde_json::from_str::<serde_json::Value>(&line).is_ok() {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&masked).is_ok(), "{masked} is no JSON any more");
        }
        let shown = masker().value(field, &value).into_owned();
        prop_assert!(!shown.contains(&value), "{shown}");
        prop_assert_eq!(&*masker().value(field, &shown), &shown);
    }

    /// Numbers and strings at any depth, also in JSON within strings: what was JSON stays so.
    #[test]
    fn json_stays_json(identifier in prop_oneof![cpf(), cnpj(), cns(), card()], shape in 0..5_usize, depth in 0_u8..4) {
        let number = identifier.bare.as_ref().and_then(|digits| digits.parse::<u64>().ok());
        let digits = identifier.bare.clone().unwrap_or_else(|| identifier.punctuated[0].clone());
        let number = number.filter(|n| n.to_string() == digits).map_or_else(|| json!(&digits), |n| json!(n));
        let mut value = match shape {
            0 => json!({"who": number, "n": 1}),
            1 => json!({"who": [true, number, null], "n": [[number], [{}, number]]}),
            2 => json!([number, {"x": [number]}]),
            3 => json!({"a": "b [", "who": ["]", "x", number]}),
            _ => json!({"document": digits, "all": [digits, "x"]}),
        };
        for _ in 0..depth {
            value = json!({"m": value.to_string()});
        }
        let line = value.to_string();
        let masked = masker().mask(&line).into_owned();
        prop_assert!(!holds(&masked, &identifier.secret), "{} became {}", line, masked);
        let mut inner: serde_json::Value = serde_json::from_str(&masked).map_err(|e| TestCaseError::fail(format!("{masked}: {e}")))?;
        for _ in 0..depth {
            let text = inner["m"].as_str().expect("a string").to_owned();
            inner = serde_json::from_str(&text).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
        }
        prop_assert_eq!(&*masker().mask(&masked), &masked);
    }

    /// As the value of a label, an attribute, an annotation.
    #[test]
    fn values_of_labels_and_attributes_are_masked(
        identifier in any_identifier(),
        name in prop::sample::select(vec!["who", "http.url", "message", "__name__", "exception.message", "db.statement"]),
        form in prop::sample::select(vec!["@", "for @", "/p?d=@&x=1", r#"{"document":"@"}"#, "SELECT '@'", "d=@ x=1"]),
    ) {
        for spelling in &identifier.punctuated {
            let value = in_place(form, spelling);
            let shown = masker().value(name, &value).into_owned();
            prop_assert!(!holds(&shown, &identifier.secret), "{}={} became {}", name, value, shown);
            prop_assert_eq!(&*masker().value(name, &shown), &shown);
        }
    }

    /// A filter on a masked value is sent with what the server wrote, however the value is spelt.
    #[test]
    fn a_masked_value_can_be_asked_for(identifier in any_identifier(), at in 0..SURROUNDINGS.len()) {
        for spelling in &identifier.punctuated {
            let masked = safe(&in_place(SURROUNDINGS[at], spelling)).into_string();
            let Some(mark) = masked.split_inclusive('›').find_map(|part| part.find('‹').map(|at| &part[at..])) else { continue };
            let query = format!("{{app=\"x\"}} |= \"{mark}\"");
            let opened = vault::open_in_query(Language::LogQl, &query).ok().map(|raw| raw.to_owned());
            let opened = opened.expect("known");
            prop_assert!(!opened.contains('‹'), "{}", opened);
            prop_assert_eq!(safe(&query).into_string(), query);
        }
    }

    #[test]
    fn nothing_panics_and_a_second_pass_changes_nothing(
        text in r#"(\PC|[\x00-\x1f]|\x1b\[|[\u{200b}-\u{200f}]|‹cpf:|0a1b2c3d4e5f0a1b›|[0-9]{1,15}|[0-9.@()+ /"'\\:={}\[\],&?-]|patient_id|diagnosis|"cpf"|cnes|CRM|tel|id=|://|％|%40|\\u0031|１){0,40}"#
    ) {
        let once = masker().mask(&text).into_owned();
        prop_assert_eq!(&*masker().mask(&once), &once);
        let line = safe(&text);
        prop_assert_eq!(&safe(&line), &line);
        masker().value(&text, &text);
        masker().seal(&text, &text);
    }

    #[test]
    fn bytes_of_any_kind_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        safe(&String::from_utf8_lossy(&bytes));
    }
}
