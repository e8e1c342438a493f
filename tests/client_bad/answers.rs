//! An answer came, but not the one that was asked for.

use plantao::client::Clients;
use plantao::config::{Page, Sources};
use plantao::model::ask::{Answer, Ask, Key};
use plantao::model::{FaultKind, SourceId};
use plantao::privacy::{Kind, shown};

use crate::raw::{alerts, answering, ask, http, is_well_worded, json, prometheus};

#[tokio::test]
async fn every_status_is_its_kind_with_the_servers_words() {
    for (status, headers, body, kind, detail) in [
        ("401 Unauthorized", "", "no org id\n", FaultKind::Unauthorized, "answered 401: no org id"),
        ("403 Forbidden", "", "", FaultKind::Forbidden, "answered 403"),
        (
            "404 Not Found",
            "",
            "404 page not found\n",
            FaultKind::NotFound,
            "answered 404: 404 page not found",
        ),
        (
            "429 Too Many Requests",
            "Retry-After: 30\r\n",
            "slow down",
            FaultKind::TooManyRequests,
            "answered 429: slow down",
        ),
        ("500 Oops", "", "line one\nline two", FaultKind::ServerError, "answered 500: line one"),
        (
            "502 Bad Gateway",
            "Content-Type: text/html\r\n",
            "<html><title>Bad Gateway</title></html>",
            FaultKind::ServerError,
            "answered 502 with an HTML page titled “Bad Gateway”",
        ),
        (
            "503 Unavailable",
            "",
            r#"{"status":"error","errorType":"timeout","error":"query timed out"}"#,
            FaultKind::ServerError,
            "answered 503: query timed out",
        ),
        (
            "400 Bad Request",
            "",
            r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#,
            FaultKind::BadQuery,
            "parse error",
        ),
        (
            "422 Unprocessable",
            "",
            r#"{"status":"error","errorType":"execution","error":"many-to-many"}"#,
            FaultKind::BadQuery,
            "many-to-many",
        ),
        (
            "400 Bad Request",
            "Content-Type: text/html\r\n",
            "<html>",
            FaultKind::UnexpectedStatus,
            "answered 400 with an HTML page",
        ),
        (
            "400 Bad Request",
            "",
            "Client sent an HTTP request to an HTTPS server.\n",
            FaultKind::Tls,
            "the server wants TLS: its address must begin with https",
        ),
        ("418 Teapot", "", "short and stout", FaultKind::UnexpectedStatus, "answered 418: short and stout"),
        ("407 Proxy Authentication Required", "", "", FaultKind::UnexpectedStatus, "answered 407"),
        (
            "500 Oops",
            "",
            "\u{1b}[31mpatient 123.456.789-09 \u{202e}at ana@hospital.br",
            FaultKind::ServerError,
            &format!(
                "answered 500: patient {} at {}",
                shown(Kind::Cpf, "12345678909"),
                shown(Kind::Email, "ana@hospital.br")
            ),
        ),
    ] {
        let server = answering(http(status, &format!("Connection: close\r\n{headers}"), body)).await;
        let fault = ask(server.source()).await.expect_err(status);
        assert_eq!((fault.kind, fault.detail.as_str()), (kind, detail), "{status}");
        assert_eq!(fault.status.map(|code| code.to_string()).as_deref(), status.split(' ').next());
        assert_eq!(fault.retry_after_ms, headers.contains("Retry").then_some(30_000));
        assert!(is_well_worded(&fault));
    }
}

#[tokio::test]
async fn a_long_error_is_cut() {
    let server = answering(http("500 Oops", "Connection: close\r\n", &"é".repeat(40_000))).await;
    let fault = ask(server.source()).await.expect_err("an error");
    assert_eq!(fault.detail.chars().count(), 200);
    assert!(fault.detail.ends_with('…'));
}

#[tokio::test]
async fn a_login_page_is_called_one() {
    for (headers, body) in [
        ("Content-Type: text/html; charset=utf-8\r\n", "<!doctype html><title>Sign in</title>"),
        ("", "\n <HTML><head><title>\nSign\tin </title>"),
    ] {
        let server = answering(http("200 OK", &format!("Connection: close\r\n{headers}"), body)).await;
        for fault in
            [ask(server.source()).await.expect_err("HTML"), alerts(server.source()).await.expect_err("HTML")]
        {
            assert_eq!(fault.kind, FaultKind::WrongFormat);
            assert_eq!(fault.detail, "answered an HTML page titled “Sign in”; is a login proxy in front?");
        }
    }
}

#[tokio::test]
async fn json_of_another_shape_is_a_wrong_format() {
    for body in [
        "",
        "   \n",
        "null",
        "[]",
        "up",
        r#""text""#,
        r#"{"status":"success"}"#,
        r#"{"status":"success","data":null}"#,
        r#"{"status":"maybe","data":{}}"#,
        r#"{"status":"success","data":{"resultType":"vector","result":{}}}"#,
        r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":[],"value":[1,"1"]}]}}"#,
        r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":1},"value":[1,"1"]}]}}"#,
        r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":["1","1"]}]}}"#,
        r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"one"]}]}}"#,
        r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1e300,"1"]}]}}"#,
        r#"{"status":"success","data":{"resultType":"streams","result":[]}}"#,
        r#"{"status":"success","data":{"resultType":"vector","result":[]}} trailing"#,
    ] {
        let server = answering(json(body)).await;
        let fault = ask(server.source()).await.expect_err(body);
        assert_eq!(
            (fault.kind, fault.status),
            (FaultKind::WrongFormat, Some(200)),
            "{body}: {}",
            fault.detail
        );
        assert!(is_well_worded(&fault));
    }
}

#[tokio::test]
async fn invalid_utf8_is_refused_and_does_not_panic() {
    let mut bytes = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    bytes.extend(b"{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"a\":\"\xff\xfe\"},\"value\":[1,\"1\"]}]}}");
    let server = answering(bytes).await;
    let fault = ask(server.source()).await.expect_err("bad text");
    assert_eq!(fault.kind, FaultKind::WrongFormat, "{}", fault.detail);
}

#[tokio::test]
async fn deep_nesting_is_no_danger() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    // Where it is asked for, it is the wrong shape; where it is not, it is read over.
    let server = answering(json(&deep)).await;
    assert_eq!(alerts(server.source()).await.expect_err("nested").kind, FaultKind::WrongFormat);
    let body = format!(
        r#"{{"status":"success","data":{{"resultType":"vector","result":[{{"metric":{{"a":{deep}}},"value":[1,"1"]}}]}}}}"#
    );
    let server = answering(json(&body)).await;
    assert_eq!(ask(server.source()).await.expect_err("nested").kind, FaultKind::WrongFormat);
    let body =
        format!(r#"{{"status":"success","extra":{deep},"data":{{"resultType":"vector","result":[]}}}}"#);
    let server = answering(json(&body)).await;
    assert_eq!(ask(server.source()).await.expect("an answer").answer, Answer::Vector(Vec::new()));
}

#[tokio::test]
async fn odd_but_valid_answers_are_understood() {
    let body = r#"{"status":"success","warnings":["store \u001b[31mgone\nfor CPF 123.456.789-09"],"infos":["style"],"isPartial":true,
        "data":{"result":[
            {"metric":{"a":"1","a":"2","b":"x\u0000y"},"value":[1795324296,"1e+00"]},
            {"metric":{"h":"native"},"histogram":[1795324296,{"count":"1","sum":"2","buckets":[[1,"1","2","3"]]}]},
            {"value":[1795324296.5,"+Inf"]},
            {"metric":{},"value":[1795324296,"NaN"]},
            {"metric":{},"value":[1795324296,"-Inf"]}
        ],"resultType":"vector"}}"#;
    let server = answering(json(body)).await;
    let answered = ask(server.source()).await.expect("an answer");
    let Answer::Vector(all) = answered.answer else { panic!("not a vector") };
    assert_eq!(all.len(), 4);
    assert_eq!(all[0].labels.to_string(), r#"{a="2", b="xy"}"#, "of equal names the last stays");
    assert_eq!(all[0].value, 1.0);
    assert_eq!((all[1].value, all[1].at.timestamp_subsec_millis()), (f64::INFINITY, 500));
    assert!(all[2].value.is_nan());
    assert_eq!(all[3].value, f64::NEG_INFINITY);
    assert_eq!(
        answered.warnings,
        [
            &format!("store gone for CPF {}", shown(Kind::Cpf, "12345678909")),
            "the server says that its answer is partial",
            "1 native histogram is left out"
        ]
    );
}

#[tokio::test]
async fn an_error_dressed_as_success_is_an_error() {
    let server =
        answering(json(r#"{"status":"error","errorType":"bad_data","error":"no such thing"}"#)).await;
    let fault = ask(server.source()).await.expect_err("an error");
    assert_eq!((fault.kind, fault.detail.as_str()), (FaultKind::BadQuery, "no such thing"));
    let server = answering(json(r#"{"status":"error","errorType":"internal","error":"disk"}"#)).await;
    assert_eq!(ask(server.source()).await.expect_err("an error").kind, FaultKind::ServerError);
}

#[tokio::test]
async fn broken_rules_and_unscraped_targets_keep_their_words() {
    let body = r#"{"status":"success","data":{"groups":[{"name":"g","file":"f","interval":15,"rules":[
        {"type":"alerting","name":"A","query":"up","duration":30,"labels":null,"annotations":null,"alerts":null,
         "health":"err","lastError":"found duplicate series\nfor 123.456.789-09","lastEvaluation":"0001-01-01T00:00:00Z"}]}]}}"#;
    let server = answering(json(body)).await;
    let answered = prometheus(server.source()).ask(&Ask::Plain(Key::Rules)).await.expect("an answer");
    let Answer::Rules(groups) = answered.answer else { panic!("not rules") };
    let rule = &groups[0].rules[0];
    assert_eq!(
        rule.health,
        plantao::model::RuleHealth::Err(format!(
            "found duplicate series for {}",
            shown(Kind::Cpf, "12345678909")
        ))
    );
    assert_eq!(rule.last_evaluation, None, "the year 1 is no evaluation");
    assert_eq!(rule.active, []);
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_measured() {
    for hours in [1, -1] {
        let date = (chrono::Utc::now() + chrono::TimeDelta::hours(hours)).format("%a, %d %b %Y %H:%M:%S GMT");
        let body = r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#;
        let dated =
            |more: &str| http("200 OK", &format!("Connection: close\r\nDate: {date}\r\n{more}"), body);
        let server = answering(dated("")).await;
        let skew = ask(server.source()).await.expect("an answer").clock_skew_s.expect("a date");
        assert!((skew - hours * 3600).abs() <= 30, "{skew}");
        // From a cache it says nothing.
        let server = answering(dated("Age: 5\r\n")).await;
        assert_eq!(ask(server.source()).await.expect("an answer").clock_skew_s, None);
    }
}

#[tokio::test]
async fn pages_that_are_none_are_faults() {
    for (body, kind, words) in [
        ("<html><title>Exporter</title><a href=/metrics>", FaultKind::WrongFormat, "titled “Exporter”"),
        ("", FaultKind::WrongFormat, "empty"),
        ("# HELP a b\n", FaultKind::WrongFormat, "no samples"),
        ("Not Found\n", FaultKind::WrongFormat, "line 1: `Found` is not a number"),
    ] {
        let server = answering(http("200 OK", "Connection: close\r\n", body)).await;
        let page = Page {
            name: "p".to_owned(),
            interval: std::time::Duration::from_secs(5),
            source: server.source(),
        };
        let clients = Clients::new(&Sources { exposition: vec![page], ..Sources::default() });
        let fault = clients.ask(&Ask::Plain(Key::Page("p".into()))).await.expect_err(body);
        assert_eq!(fault.kind, kind, "{body}");
        assert!(fault.detail.contains(words), "{body}: {}", fault.detail);
    }
}

#[tokio::test]
async fn a_gateways_503_is_no_servers_word_on_readiness() {
    let html = http(
        "503 Unavailable",
        "Content-Type: text/html\r\nConnection: close\r\n",
        "<html><title>Down</title>",
    );
    for bytes in [html, http("503 Unavailable", "Connection: close\r\n", "")] {
        let server = answering(bytes).await;
        let clients = prometheus(server.source());
        let fault = clients.ask(&Ask::Plain(Key::Ready(SourceId::PROMETHEUS))).await.expect_err("down");
        assert_eq!((fault.kind, fault.status), (FaultKind::ServerError, Some(503)));
    }
}
