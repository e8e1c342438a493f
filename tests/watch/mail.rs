//! Mail over TLS, to a server of our own: encrypted from the start or after STARTTLS, and never to one that is not the
//! one that it says it is.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::desk::Desk;

#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// TLS from the first byte.
    Wrapped,
    /// TLS after STARTTLS.
    StartTls,
    /// STARTTLS is not offered: what a thief on the way makes of a server.
    Clear,
}

/// A mail that came: over TLS or not, its envelope and text.
#[derive(Clone)]
struct Came {
    encrypted: bool,
    text: String,
}

struct Server {
    address: SocketAddr,
    ca_file: PathBuf,
    got: Arc<Mutex<Vec<Came>>>,
    /// Everything that was said before any encryption.
    clear: Arc<Mutex<String>>,
    _dir: tempfile::TempDir,
}

fn server(way: Way, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Server {
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
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a configuration");
    let config = Arc::new(config);
    let dir = tempfile::tempdir().expect("a folder");
    let ca_file = dir.path().join("ca.pem");
    std::fs::write(&ca_file, ca_pem).expect("written");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (got, clear) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(String::new())));
    let (taken, heard) = (got.clone(), clear.clone());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (config, got, clear) = (config.clone(), taken.clone(), heard.clone());
            // A client that goes in the middle is what most of these tests are about.
            thread::spawn(move || drop(serve(stream, way, config, &got, &clear)));
        }
    });
    Server { address, ca_file, got, clear, _dir: dir }
}

fn serve(
    stream: TcpStream,
    way: Way,
    config: Arc<ServerConfig>,
    got: &Mutex<Vec<Came>>,
    clear: &Mutex<String>,
) -> std::io::Result<()> {
    let over_tls = |stream: TcpStream| {
        let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
        Ok::<_, std::io::Error>(BufReader::new(StreamOwned::new(connection, stream)))
    };
    if way == Way::Wrapped {
        let mut stream = over_tls(stream)?;
        stream.get_mut().write_all(b"220 sink\r\n")?;
        return session(&mut stream, false, true, got, None).map(drop);
    }
    let mut stream = BufReader::new(stream);
    stream.get_mut().write_all(b"220 sink\r\n")?;
    if session(&mut stream, way == Way::StartTls, false, got, Some(clear))? {
        session(&mut over_tls(stream.into_inner())?, false, true, got, None)?;
    }
    Ok(())
}

/// Talks SMTP; `true` where the other side asked for encryption.
fn session<S: Read + Write>(
    stream: &mut BufReader<S>,
    offers: bool,
    encrypted: bool,
    got: &Mutex<Vec<Came>>,
    clear: Option<&Mutex<String>>,
) -> std::io::Result<bool> {
    let mut text = String::new();
    let mut in_data = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(false);
        }
        if let Some(clear) = clear {
            clear.lock().expect("clear").push_str(&line);
        }
        if in_data && line != ".\r\n" {
            text.push_str(&line);
            continue;
        }
        let verb: String = line.chars().take(4).collect::<String>().to_ascii_uppercase();
        let answer = match (in_data, verb.as_str()) {
            (true, _) => {
                in_data = false;
                got.lock().expect("got").push(Came { encrypted, text: std::mem::take(&mut text) });
                "250 taken\r\n"
            }
            (_, "EHLO") if offers => "250-sink\r\n250 STARTTLS\r\n",
            (_, "STAR") if offers => {
                stream.get_mut().write_all(b"220 go\r\n")?;
                stream.get_mut().flush()?;
                return Ok(true);
            }
            (_, "DATA") => {
                in_data = true;
                "354 go on\r\n"
            }
            (_, "QUIT") => {
                stream.get_mut().write_all(b"221 bye\r\n")?;
                return Ok(false);
            }
            _ => {
                text.push_str(&line);
                "250 fine\r\n"
            }
        };
        stream.get_mut().write_all(answer.as_bytes())?;
        stream.get_mut().flush()?;
    }
}

fn desk(server: &Server, tls: &str, trusted: bool) -> Desk {
    let ca = if trusted { format!("ca_file = \"{}\"\n", server.ca_file.display()) } else { String::new() };
    Desk::new(&format!(
        "[channels.mail]\nkind = \"email\"\nserver = \"127.0.0.1\"\nport = {}\ntls = \"{tls}\"\n{ca}from = \"plantao@hospital.example\"\nto = [\"ops@hospital.example\"]\n",
        server.address.port(),
    ))
}

/// Tries the channel out: status, and what is said on stderr.
fn tried(server: &Server, tls: &str, trusted: bool) -> (i32, String) {
    let (status, out, told) = desk(server, tls, trusted).said(&["notify", "test", "mail"]);
    (status, format!("{out}{told}"))
}

#[test]
fn a_mail_goes_encrypted_from_the_start_or_after_starttls() {
    for (way, tls) in [(Way::Wrapped, "tls"), (Way::StartTls, "starttls")] {
        let server = server(way, "127.0.0.1", |_| {});
        let (status, told) = tried(&server, tls, true);
        assert_eq!(status, 0, "{tls}: {told}");
        let got = server.got.lock().expect("got").clone();
        assert_eq!(got.len(), 1, "{tls}");
        assert!(
            got[0].encrypted && got[0].text.contains("RCPT TO:<ops@hospital.example>"),
            "{}",
            got[0].text
        );
        let clear = server.clear.lock().expect("clear").clone();
        assert!(!clear.contains("MAIL FROM"), "nothing but the wish for encryption is in the clear: {clear}");
    }
}

#[test]
fn a_server_that_cannot_prove_who_it_is_gets_nothing() {
    let expired = |params: &mut CertificateParams| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    };
    for (way, tls) in [(Way::Wrapped, "tls"), (Way::StartTls, "starttls")] {
        for (server, trusted, why) in [
            (server(way, "127.0.0.1", |_| {}), false, "issuer is not trusted"),
            (server(way, "mail.example", |_| {}), true, "for another name"),
            (server(way, "127.0.0.1", expired), true, "has expired"),
        ] {
            let (status, told) = tried(&server, tls, trusted);
            assert!(status == 3 && told.contains(why), "{tls}, {why}: {status} {told}");
            assert!(told.contains(&format!("127.0.0.1:{}", server.address.port())), "says which: {told}");
            assert!(server.got.lock().expect("got").is_empty(), "{tls}, {why}");
            assert!(!server.clear.lock().expect("clear").contains("MAIL FROM"), "{tls}, {why}");
        }
    }
}

#[test]
fn a_server_without_starttls_gets_nothing_in_the_clear() {
    let server = server(Way::Clear, "127.0.0.1", |_| {});
    let (status, told) = tried(&server, "starttls", true);
    assert!(status == 3 && told.contains("does not offer STARTTLS"), "{status} {told}");
    assert!(server.got.lock().expect("got").is_empty());
    assert!(!server.clear.lock().expect("clear").contains("MAIL FROM"));
}

#[test]
fn tls_to_a_server_that_speaks_none_says_so() {
    let server = server(Way::Clear, "127.0.0.1", |_| {});
    let (status, told) = tried(&server, "tls", true);
    assert!(status == 3 && told.contains("does not speak TLS"), "{status} {told}");
}
