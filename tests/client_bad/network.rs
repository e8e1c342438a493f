//! Before an answer: nobody there, nobody answering, too late, too much, too little.

use std::io::Write;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use plantao::config::Source;
use plantao::model::FaultKind;
use plantao::model::ask::Answer;

use crate::raw::{
    alerts, answering, ask, flooding, http, instant, is_well_worded, json, prometheus, scripted, silent,
    source,
};

const EMPTY: &str = r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#;

#[tokio::test]
async fn nobody_listens() {
    // Bound and released: nobody else takes it within this test.
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("one").port();
    let fault = ask(source(&format!("http://u:hunter2@127.0.0.1:{port}"))).await.expect_err("refused");
    assert_eq!((fault.kind, fault.status), (FaultKind::Connect, None));
    assert_eq!(fault.detail, format!("127.0.0.1:{port} refuses connections"));
}

#[tokio::test]
async fn the_name_has_no_address() {
    let fault = ask(source("http://prometheus.invalid:9090")).await.expect_err("no such name");
    assert_eq!(fault.kind, FaultKind::Dns, "{}", fault.detail);
    assert!(fault.detail.starts_with("no address for prometheus.invalid:9090: "), "{}", fault.detail);
    assert!(is_well_worded(&fault));
}

#[tokio::test]
async fn a_server_that_never_answers_costs_the_deadline() {
    let server = silent().await;
    let began = Instant::now();
    let fault =
        ask(Source { timeout: Duration::from_millis(300), ..server.source() }).await.expect_err("too late");
    assert_eq!(fault.kind, FaultKind::Timeout);
    assert!(fault.detail.ends_with("did not answer within 0.3 s"), "{}", fault.detail);
    assert!(began.elapsed() >= Duration::from_millis(300));
    assert!(began.elapsed() < Duration::from_secs(10), "the deadline holds");
}

#[tokio::test]
async fn a_body_that_stalls_costs_the_deadline() {
    // The announced rest never comes, and the connection stays open.
    let stalled = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: keep-alive\r\n\r\n{\"status\":";
    let server = answering(stalled).await;
    let fault =
        ask(Source { timeout: Duration::from_millis(300), ..server.source() }).await.expect_err("too late");
    assert_eq!(fault.kind, FaultKind::Timeout);
    assert!(
        fault.detail.contains("did not finish its answer within 0.3 s (10 bytes came)"),
        "{}",
        fault.detail
    );
}

#[tokio::test]
async fn half_a_body_is_truncated_however_it_is_framed() {
    let half = r#"{"status":"success","data":{"resultType":"vec"#;
    for bytes in [
        format!("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{half}"),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{half}\r\n", half.len()),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n{half}"),
        format!("HTTP/1.0 200 OK\r\n\r\n{half}"),
    ] {
        let server = answering(bytes.clone()).await;
        let fault = ask(server.source()).await.expect_err("half");
        assert_eq!(fault.kind, FaultKind::Truncated, "{bytes}");
        assert_eq!(fault.detail, format!("the answer was cut off after {} bytes", half.len()), "{bytes}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn gzipped(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn gzip_is_read_and_its_damage_is_told() {
    let whole = gzip(EMPTY.as_bytes());
    let server = answering(gzipped(&whole)).await;
    assert_eq!(ask(server.source()).await.expect("an answer").answer, Answer::Vector(Vec::new()));

    let server = answering(gzipped(&whole[..whole.len() / 2])).await;
    assert_eq!(ask(server.source()).await.expect_err("half").kind, FaultKind::Truncated);

    let server = answering(gzipped(b"this is no gzip at all")).await;
    let fault = ask(server.source()).await.expect_err("damaged");
    assert_eq!(fault.kind, FaultKind::WrongFormat, "{}", fault.detail);
}

#[tokio::test]
async fn a_body_of_200_mb_ends_early() {
    let (server, sent) = flooding(200 * 1024 * 1024).await;
    let fault = alerts(server.source()).await.expect_err("too large");
    assert_eq!(fault.kind, FaultKind::TooLarge);
    assert_eq!(fault.detail, "the answer is larger than 64 MiB");
    // The cap, and what fits into the sockets' buffers beyond it.
    let sent = sent.load(Ordering::Relaxed);
    assert!(sent <= 96 * 1024 * 1024, "{sent} bytes were taken");
}

#[tokio::test]
async fn an_announced_200_mb_is_not_even_read() {
    let server = answering("HTTP/1.1 200 OK\r\nContent-Length: 209715200\r\n\r\n[").await;
    assert_eq!(alerts(server.source()).await.expect_err("too large").kind, FaultKind::TooLarge);
}

#[tokio::test]
async fn a_small_body_that_unpacks_to_much_ends_early() {
    let bomb = gzip(&vec![b' '; 80 * 1024 * 1024]);
    assert!(bomb.len() < 1024 * 1024);
    let server = answering(gzipped(&bomb)).await;
    assert_eq!(alerts(server.source()).await.expect_err("too large").kind, FaultKind::TooLarge);
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_is_asked_again_once() {
    let kept = http("200 OK", "Content-Type: application/json\r\nConnection: keep-alive\r\n", EMPTY);
    // The first connection answers once and closes at the second request, as an idle time-out does.
    let served = std::sync::atomic::AtomicUsize::new(0);
    let mut server = scripted(move |connection, _| {
        (connection > 0 || served.fetch_add(1, Ordering::SeqCst) == 0).then(|| kept.clone())
    })
    .await;
    let clients = prometheus(server.source());
    clients.ask(&instant()).await.expect("the first answer");
    clients.ask(&instant()).await.expect("asked again");
    let mut count = 0;
    while server.requests.try_recv().is_ok() {
        count += 1;
    }
    assert_eq!(count, 3, "the second question went out twice, and no more");
}

#[tokio::test]
async fn a_server_that_always_closes_is_asked_twice_and_no_more() {
    let mut server = scripted(|_, _| None).await;
    let fault = ask(server.source()).await.expect_err("closed");
    assert_eq!(fault.kind, FaultKind::Connect);
    assert!(fault.detail.ends_with("closed the connection without an answer"), "{}", fault.detail);
    let mut count = 0;
    while server.requests.try_recv().is_ok() {
        count += 1;
    }
    assert_eq!(count, 2);
}

#[tokio::test]
async fn what_answers_is_no_http() {
    let server = answering("SSH-2.0-OpenSSH_9.2p1\r\n").await;
    let fault = ask(server.source()).await.expect_err("no HTTP");
    assert_eq!(fault.kind, FaultKind::WrongFormat, "{}", fault.detail);
    assert!(fault.detail.contains("does not answer in HTTP"), "{}", fault.detail);
}

#[tokio::test]
async fn dropping_the_question_aborts_the_request() {
    let mut server = silent().await;
    let clients = prometheus(server.source());
    let ask = instant();
    let question = clients.ask(&ask);
    tokio::select! {
        _ = question => panic!("nobody answers"),
        _ = server.requests.recv() => {}
    }
    // And the same clients still work.
    let good = answering(json(EMPTY)).await;
    assert!(prometheus(good.source()).ask(&instant()).await.is_ok());
}
