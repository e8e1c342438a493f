//! TLS: who is trusted, and why not.

use std::path::PathBuf;
use std::sync::Arc;

use plantao::config::Source;
use plantao::model::FaultKind;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::raw::{answering, ask, is_well_worded, json, request, source};

const EMPTY: &str = r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#;

/// A server with a certificate of its own authority, and that authority's file.
struct Secure {
    url: String,
    ca_file: PathBuf,
    _dir: tempfile::TempDir,
}

async fn secure(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Secure {
    let ca_key = KeyPair::generate().expect("a key");
    let mut ca = CertificateParams::new(Vec::<String>::new()).expect("parameters");
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_pem = ca.self_signed(&ca_key).expect("a certificate").pem();
    let issuer = Issuer::new(ca, ca_key);

    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
    change(&mut params);
    let certificate = params.signed_by(&key, &issuer).expect("a certificate");

    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a configuration");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Fails where the client does not trust us, which is what most tests are about.
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                if request(&mut stream).await.is_some() {
                    let _ = stream.write_all(&json(EMPTY)).await;
                    let _ = stream.shutdown().await;
                }
            });
        }
    });
    let dir = tempfile::tempdir().expect("a folder");
    let ca_file = dir.path().join("ca.pem");
    std::fs::write(&ca_file, ca_pem).expect("written");
    Secure { url, ca_file, _dir: dir }
}

impl Secure {
    fn trusted(&self) -> Source {
        Source { ca_file: Some(self.ca_file.clone()), ..source(&self.url) }
    }
}

async fn fails(source: Source, words: &str) {
    let fault = ask(source).await.expect_err(words);
    assert_eq!(fault.kind, FaultKind::Tls, "{}", fault.detail);
    assert!(fault.detail.contains(words), "{}", fault.detail);
    assert!(is_well_worded(&fault));
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_when_it_is_named() {
    let server = secure("127.0.0.1", |_| {}).await;
    ask(server.trusted()).await.expect("an answer");
    fails(source(&server.url), "issuer is not trusted").await;
    let blind = Source { insecure_skip_verify: true, ..source(&server.url) };
    ask(blind).await.expect("an answer");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let server = secure("prometheus.example", |_| {}).await;
    fails(server.trusted(), "for another name").await;
}

#[tokio::test]
async fn a_certificate_out_of_its_time_is_refused() {
    let server = secure("127.0.0.1", |params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    })
    .await;
    fails(server.trusted(), "has expired").await;
    let server = secure("127.0.0.1", |params| params.not_before = date_time_ymd(4000, 1, 1)).await;
    fails(server.trusted(), "not valid yet").await;
}

#[tokio::test]
async fn plain_http_on_an_https_address_says_so() {
    let server = answering("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
    fails(source(&server.url.replace("http://", "https://")), "does not speak TLS").await;
}

#[tokio::test]
async fn tls_on_a_plain_address_is_told() {
    let server = secure("127.0.0.1", |_| {}).await;
    let fault = ask(source(&server.url.replace("https://", "http://"))).await.expect_err("TLS");
    // The server answers our plain words with a TLS alert, which is no HTTP.
    assert_eq!(fault.kind, FaultKind::WrongFormat, "{}", fault.detail);
    assert!(fault.detail.contains("is its address https?"), "{}", fault.detail);
}
