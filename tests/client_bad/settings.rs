//! What the configuration says: secrets, headers, proxies, redirects; and what of it is wrong.

use std::path::PathBuf;

use plantao::client::Clients;
use plantao::config::{Basic, Secret, Source, Sources};
use plantao::model::ask::{Ask, Key};
use plantao::model::{FaultKind, SourceId};

use crate::raw::{answering, ask, http, instant, is_well_worded, json, prometheus, scripted, source};

const EMPTY: &str = r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#;

#[tokio::test]
async fn credentials_are_sent_and_files_are_read_each_time() {
    let dir = tempfile::tempdir().expect("a folder");
    let (password, token) = (dir.path().join("password"), dir.path().join("token"));
    std::fs::write(&password, "hunter2\r\n").expect("written");
    std::fs::write(&token, "tok-1\n").expect("written");
    let mut server = answering(json(EMPTY)).await;
    let mut basic = server.source();
    basic.basic = Some(Basic { user: "ana".to_owned(), password_file: password });
    basic.tenant = Some("icu".to_owned());
    basic.headers = vec![("X-Extra".to_owned(), Secret::new("s3cret"))];
    ask(basic).await.expect("an answer");
    let request = server.requests.recv().await.expect("a request").to_ascii_lowercase();
    // base64 of `ana:hunter2`
    assert!(request.contains(&"Authorization: Basic YW5hOmh1bnRlcjI=".to_ascii_lowercase()), "{request}");
    assert!(
        request.contains("x-scope-orgid: icu\r\n") && request.contains("x-extra: s3cret\r\n"),
        "{request}"
    );
    assert!(request.contains("accept-encoding: gzip\r\n") && request.contains("user-agent: plantao/"));

    let mut bearer = server.source();
    bearer.bearer_token_file = Some(token.clone());
    let clients = prometheus(bearer);
    for expected in ["tok-1", "tok-2"] {
        clients.ask(&instant()).await.expect("an answer");
        let request = server.requests.recv().await.expect("a request").to_ascii_lowercase();
        assert!(request.contains(&format!("authorization: bearer {expected}\r\n")), "{request}");
        std::fs::write(&token, "tok-2\n").expect("written");
    }
}

#[tokio::test]
async fn credentials_of_the_url_are_sent_and_never_shown() {
    let mut server =
        answering(http("500 Oops", "Connection: close\r\n", "http://ana:hunter2@db/ is down")).await;
    let url = server.url.replace("http://", "http://ana:hunter2@");
    let fault = ask(source(&url)).await.expect_err("an error");
    assert!(!format!("{fault:?} {fault}").contains("hunter2"), "{fault:?}");
    let request = server.requests.recv().await.expect("a request");
    assert!(request.to_ascii_lowercase().contains("authorization: basic"), "{request}");
}

#[tokio::test]
async fn settings_that_cannot_work_are_faults_of_that_source() {
    let dir = tempfile::tempdir().expect("a folder");
    let empty = dir.path().join("empty");
    std::fs::write(&empty, "\n").expect("written");
    let broken = dir.path().join("broken");
    std::fs::write(&broken, "s3cret\u{1}line").expect("written");
    let missing = dir.path().join("missing");
    let server = answering(json(EMPTY)).await;
    let secure = || source(&server.url.replace("http://", "https://"));
    let basic = |file: &PathBuf| Some(Basic { user: "ana".to_owned(), password_file: file.clone() });
    let cases: Vec<(Source, &str)> = vec![
        (Source { basic: basic(&missing), ..server.source() }, "cannot read"),
        (Source { basic: basic(&empty), ..server.source() }, "holds no password"),
        (Source { bearer_token_file: Some(missing.clone()), ..server.source() }, "cannot read"),
        (Source { bearer_token_file: Some(dir.path().to_owned()), ..server.source() }, "cannot read"),
        (
            Source { bearer_token_file: Some(broken.clone()), ..server.source() },
            "the header Authorization cannot be sent",
        ),
        (Source { tenant: Some("a\nb".to_owned()), ..server.source() }, "the header X-Scope-OrgID"),
        (
            Source { headers: vec![("bad name".to_owned(), Secret::new("s3cret"))], ..server.source() },
            "the header bad name",
        ),
        (
            Source { headers: vec![("X-A".to_owned(), Secret::new("s3cret\n"))], ..server.source() },
            "the header X-A",
        ),
        (Source { ca_file: Some(missing.clone()), ..secure() }, "cannot read"),
        (Source { ca_file: Some(empty.clone()), ..secure() }, "holds no PEM certificate"),
        (Source { cert_file: Some(missing.clone()), ..secure() }, "cannot read"),
        (
            Source { cert_file: Some(broken.clone()), key_file: Some(empty.clone()), ..secure() },
            "holds no PEM certificate with",
        ),
    ];
    for (source, words) in cases {
        let fault = ask(source).await.expect_err(words);
        assert_eq!(fault.kind, FaultKind::Setup, "{words}: {}", fault.detail);
        assert!(fault.detail.contains(words), "{words}: {}", fault.detail);
        assert!(!fault.detail.contains("s3cret"), "{}", fault.detail);
        assert!(is_well_worded(&fault));
    }
}

#[tokio::test]
async fn a_mended_secret_works_without_a_new_start() {
    let dir = tempfile::tempdir().expect("a folder");
    let token = dir.path().join("token");
    let server = answering(json(EMPTY)).await;
    let clients = prometheus(Source { bearer_token_file: Some(token.clone()), ..server.source() });
    assert_eq!(clients.ask(&instant()).await.expect_err("missing").kind, FaultKind::Setup);
    std::fs::write(&token, "tok").expect("written");
    assert!(clients.ask(&instant()).await.is_ok());
}

#[tokio::test]
async fn what_is_not_configured_says_so() {
    let clients = Clients::new(&Sources::default());
    assert!(!clients.is_configured(&SourceId::LOKI));
    for key in [Key::Rules, Key::Alerts, Key::Ready(SourceId::LOKI), Key::Page("mac".into())] {
        let fault = clients.ask(&Ask::Plain(key.clone())).await.expect_err("not there");
        assert_eq!(fault.kind, FaultKind::Setup);
        assert_eq!(fault.detail, format!("{} is not configured", key.source()));
    }
}

#[tokio::test]
async fn a_proxy_that_forbids_post_gets_the_query_in_the_address() {
    let mut server = scripted(|_, request| {
        Some(if request.starts_with("POST") {
            http("405 Method Not Allowed", "Connection: close\r\n", "")
        } else {
            json(EMPTY)
        })
    })
    .await;
    let clients = prometheus(server.source());
    for _ in 0..2 {
        clients.ask(&instant()).await.expect("an answer");
    }
    let mut lines = Vec::new();
    while let Ok(request) = server.requests.try_recv() {
        lines.push(request.lines().next().expect("a line").to_owned());
    }
    let get = "GET /api/v1/query?query=up&time=1795324296 HTTP/1.1";
    assert_eq!(lines, ["POST /api/v1/query HTTP/1.1", get, get], "it is learnt once");
}

#[tokio::test]
async fn a_configured_proxy_is_used_even_for_a_name_that_only_it_knows() {
    let mut proxy = answering(json(EMPTY)).await;
    let mut source = source("http://prometheus.invalid:9090/prom/");
    source.proxy = Some(proxy.url.parse().expect("a url"));
    ask(source).await.expect("an answer");
    let request = proxy.requests.recv().await.expect("a request");
    assert!(
        request.starts_with("POST http://prometheus.invalid:9090/prom/api/v1/query HTTP/1.1"),
        "{request}"
    );
}

#[tokio::test]
async fn redirects_stay_with_the_host_that_the_credentials_are_for() {
    let target = answering(json(EMPTY)).await;
    let place = format!("{}/api/v1/query", target.url);
    let away = move |_: usize, _: &str| {
        Some(http("302 Found", &format!("Location: {place}\r\nConnection: close\r\n"), ""))
    };
    let from = scripted(away).await;
    // Without credentials it is followed, with its question.
    let mut target = target;
    ask(from.source()).await.expect("an answer");
    let request = target.requests.recv().await.expect("a request");
    assert!(request.starts_with("POST ") && request.ends_with("query=up&time=1795324296"), "{request}");
    // With credentials it is not.
    let fault =
        ask(source(&from.url.replace("http://", "http://ana:hunter2@"))).await.expect_err("elsewhere");
    assert_eq!((fault.kind, fault.status), (FaultKind::UnexpectedStatus, Some(302)));
    assert!(fault.detail.contains("not followed") && !fault.detail.contains("hunter2"), "{}", fault.detail);
    assert!(target.requests.try_recv().is_err(), "nothing went there");
}

#[tokio::test]
async fn a_redirect_to_a_login_page_shows_the_page() {
    let server = scripted(|_, request| {
        Some(if request.starts_with("GET /login") {
            http("200 OK", "Content-Type: text/html\r\nConnection: close\r\n", "<title>Sign in</title>")
        } else {
            http("302 Found", "Location: /login?next=%2F\r\nConnection: close\r\n", "")
        })
    })
    .await;
    let fault = ask(source(&server.url.replace("http://", "http://ana:x@"))).await.expect_err("a login page");
    assert_eq!(fault.kind, FaultKind::WrongFormat);
    assert!(fault.detail.contains("“Sign in”"), "{}", fault.detail);
}

#[tokio::test]
async fn redirects_end() {
    for headers in ["Location: /api/v1/query\r\n", ""] {
        let server = answering(http("307 Again", &format!("Connection: close\r\n{headers}"), "")).await;
        let fault = ask(server.source()).await.expect_err("no end");
        assert_eq!(fault.kind, FaultKind::UnexpectedStatus, "{}", fault.detail);
    }
}
