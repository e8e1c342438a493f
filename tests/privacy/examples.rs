//! Single cases, each with its reason.

use plantao::privacy::{Fields, Key, Masker, safe_value};

use crate::{bare, masker};

#[test]
fn what_is_masked_and_what_is_left_of_the_line() {
    for (line, expected) in [
        ("patient 52998224725 refused", "patient ‹cpf› refused"),
        ("patient-52998224725", "patient-‹cpf›"),
        ("/patients/52998224725/records", "/patients/‹cpf›/records"),
        (r#"{"n":52998224725,"x":1}"#, r#"{"n":"‹cpf›","x":1}"#),
        (r#"{"m":"{\"n\":52998224725}"}"#, r#"{"m":"{\"n\":\"‹cpf›\"}"}"#),
        (
            r#"{"n":[1, 52998224725],"x":[[2],[52998224725,"]"],3]}"#,
            r#"{"n":[1, "‹cpf›"],"x":[[2],["‹cpf›","]"],3]}"#,
        ),
        (r#"{"m":"{\"n\":[\"[\",52998224725]}"}"#, r#"{"m":"{\"n\":[\"[\",\"‹cpf›\"]}"}"#),
        ("[52998224725, 11144477735]", "[\"‹cpf›\", \"‹cpf›\"]"),
        ("denied [52998224725] (1, 52998224725, x)", "denied [‹cpf›] (1, ‹cpf›, x)"),
        (r#"{"phone":11912345678,"crm":[52123]}"#, r#"{"phone":"‹phone›","crm":["‹crm›"]}"#),
        (r#"{"user_id":"52998224725"}"#, r#"{"user_id":"‹cpf›"}"#),
        ("user id 52998224725", "user id ‹cpf›"),
        (r"\u0035\u0032\u0039.982.247-25", "‹cpf›"),
        ("529%2E982%2E247-25", "‹cpf›"),
        ("529.982.247.25", "‹cpf›"),
        ("CPF 209.110.251.20", "CPF ‹cpf›"),
        ("cpf52998224725", "cpf‹cpf›"),
        ("CPF/CNPJ: 52998224725", "CPF/CNPJ: ‹cpf›"),
        ("CNS 700501234567890 contato", "CNS ‹cns› contato"),
        ("12ABC34501DE35", "‹cnpj›"),
        ("«52998224725» 、52998224725、", "«‹cpf›» 、‹cpf›、"),
        ("é52998224725 nº52998224725", "é52998224725 nº‹cpf›"),
        ("cnpj 12abc34501de35", "cnpj ‹cnpj›"),
        ("fornecedor=11222333000181", "fornecedor=‹cnpj›"),
        ("paid with 4111111111111111.", "paid with ‹card›."),
        ("cartão de crédito 4111111111111112", "cartão de crédito ‹card›"),
        ("CNES: 2077485", "CNES: ‹cnes›"),
        ("codigo_cnes=2077485", "codigo_cnes=‹cnes›"),
        ("crm=52123", "crm=‹crm›"),
        ("tel. 11 912345678", "tel. ‹phone›"),
        ("celular=5511912345678", "celular=‹phone›"),
        (r#"{"phone":"11912345678"}"#, r#"{"phone":"‹phone›"}"#),
        ("ana%40hospital.br", "‹email›"),
        (r#"{"url":"http://h","mail":"ana@h.br"}"#, r#"{"url":"http://h","mail":"‹email›"}"#),
        ("postgres://ana:pa@ss@db:5432/x", "postgres://‹credentials›@db:5432/x"),
        ("patient_name=Maria da Silva status=ok", "patient_name=‹patient_name› status=ok"),
        ("patient_name: Maria da Silva, age: 30", "patient_name: ‹patient_name›, age: 30"),
        ("Patient ID: 4711 not found", "Patient ID: ‹patient_id› not found"),
        (r#"{"patient_id":4711,"x":1}"#, r#"{"patient_id":"‹patient_id›","x":1}"#),
        (r#"{"face_template":[0.1,0.2],"x":1}"#, r#"{"face_template":"‹face_template›","x":1}"#),
        (r#"{"patient_cpf":"52998224725"}"#, r#"{"patient_cpf":"‹cpf›"}"#),
        (r#"{"patient_email":"ana@h.br"}"#, r#"{"patient_email":"‹email›"}"#),
        ("{diagnosis:12 app.diagnosis:J18}", "{diagnosis:‹diagnosis› app.diagnosis:‹diagnosis›}"),
        ("{PatientID:4711 Ward:ICU}", "{PatientID:‹patient_id› Ward:ICU}"),
        (r#"{"diagnosis":"J18 never closed"#, r#"{"diagnosis":"‹diagnosis›"#),
    ] {
        assert_eq!(bare(&masker().mask(line)), expected, "{line}");
    }
}

#[test]
fn what_is_no_identifier_stays_as_it_is() {
    for line in [
        "duration_ns=52998224725",
        "209.110.251.20 - - GET /",
        r#"{"duration_ns":52998224725}"#,
        r#"{"requestId":52998224725}"#,
        "wrote 52998224725 bytes",
        "offset 52998224725",
        "http_request_bytes_total 52998224725",
        "x{a=\"b\"} 52998224725",
        "0.52998224725",
        "52998224725.5",
        "v52998224725",
        "52998224725ns",
        "deadbeef52998224725",
        "52998224725-7d9f8b6c5",
        "cpu 123 52998224725 4567 12",
        "/dev/sdb 52998224725 92214409 652987715 94%",
        r#""GET / HTTP/1.1" 200 52998224725 "-""#,
        "moment 20261122031207 passed",
        "00000000000 11111111111",
        "patient_id= next=1",
        r#"{"patient_id":null,"diagnosis":"","medication":[]}"#,
        "patient_name=*** diagnosis=[REDACTED]",
        "by (patient_id, diagnosis)",
        "SELECT patient_id, diagnosis FROM visits",
        "patient_id_hash=0a1b2c",
        "http://diagnosis:8080/health",
        "dial tcp diagnosis:8080: connection refused",
        "registry.example/diagnosis:v2",
        "cnes_records_total 2077485",
        "crm-backend-12345",
        "dashboard card loaded in 1795324296027 ms",
        "git@github.com:acme/tool.git",
        "cns lookup 42 of 77",
        "tel aviv 2026",
    ] {
        assert_eq!(masker().mask(line), line);
    }
}

#[test]
fn a_forged_mark_is_no_way_around() {
    for line in ["‹529.982.247-25›", "‹cpf:529.982.247-25›"] {
        let masked = masker().mask(line);
        assert!(!masked.contains("529.982"), "{masked}");
    }
    // Letters directly behind make it a hex id anywhere else, too.
    assert_eq!(masker().mask("52998224725abcde"), "52998224725abcde");
}

#[test]
fn a_labels_name_tells_what_its_value_is() {
    for (name, value, expected) in [
        ("patient_id", "4711", "‹patient_id›"),
        ("request_cpf", "52998224725", "‹cpf›"),
        ("nr_cnes", "2077485", "‹cnes›"),
        ("phone", "11912345678", "‹phone›"),
        ("trace_id", "52998224725", "52998224725"),
        ("bytes", "52998224725", "52998224725"),
        ("who", "52998224725", "‹cpf›"),
        ("who", "ana@h.br", "‹email›"),
        ("service", "medical-api", "medical-api"),
        ("diagnosis", "", ""),
    ] {
        assert_eq!(bare(&masker().value(name, value)), expected, "{name}={value}");
        assert_eq!(bare(&safe_value(name, value)), expected, "{name}={value}");
    }
}

#[test]
fn fields_can_be_added_and_a_key_can_be_too_short() {
    let key = Key::new(b"a key for tests, known to everybody").expect("long enough");
    let masker = Masker::new(key, Fields::with(&["nome_social", "Quarto"]).expect("names"));
    assert_eq!(
        bare(&masker.mask("nomeSocial=Ana quarto=12 x=1")),
        "nomeSocial=‹nome_social› quarto=‹quarto› x=1"
    );
    assert!(Fields::with(&["_"]).is_err());
    assert_eq!(
        Key::new(b"short").expect_err("too short").to_string(),
        "the key has 5 bytes, at least 16 are needed"
    );
}

/// The log lines of a real Loki that hold personal data, as they were captured.
#[test]
fn nothing_of_a_real_leaking_stream_is_left() {
    let text = include_str!("../wire/loki_range_pii.json");
    let masked = masker().mask(text);
    for raw in ["529.982.247-25", "700501234567890", "maria.souza@"] {
        assert!(text.contains(raw) && !masked.contains(raw), "{raw}");
    }
    serde_json::from_str::<serde_json::Value>(&masked).expect("still JSON");
}
