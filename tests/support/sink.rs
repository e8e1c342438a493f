//! Receivers of notifications: an HTTP service and a mail server that write down what they get, and can be told to
//! refuse or to be slow.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// One request or mail, as it came.
#[derive(Clone, Debug)]
pub struct Got {
    /// When its last byte came.
    pub at: Instant,
    /// First line and headers of a request; the envelope of a mail.
    pub head: String,
    /// Body of a request; a mail with its headers.
    pub body: String,
}

#[derive(Default)]
struct Inner {
    got: Mutex<Vec<Got>>,
    status: AtomicU16,
    slow_ms: AtomicU64,
    ends: AtomicBool,
}

/// A receiver in the background; it goes when it is dropped.
pub struct Sink {
    address: SocketAddr,
    inner: Arc<Inner>,
}

impl Sink {
    /// An HTTP service that answers 200.
    pub fn http() -> Self {
        Self::start(serve_http)
    }

    /// A mail server that takes everything.
    pub fn smtp() -> Self {
        Self::start(serve_smtp)
    }

    fn start(serve: fn(TcpStream, &Inner) -> std::io::Result<()>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let inner = Arc::new(Inner { status: AtomicU16::new(200), ..Inner::default() });
        let shared = inner.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.ends.load(Ordering::Acquire) {
                    return;
                }
                let shared = shared.clone();
                // A client that goes in the middle is its own affair.
                thread::spawn(move || drop(serve(stream, &shared)));
            }
        });
        Self { address, inner }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Its address as a URL.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// What it got so far.
    pub fn got(&self) -> Vec<Got> {
        self.inner.got.lock().expect("got").clone()
    }

    /// The status that it answers with from now on; for a mail server 200 takes and anything else refuses for now.
    pub fn answer(&self, status: u16) {
        self.inner.status.store(status, Ordering::Release);
    }

    /// How long it thinks before it answers.
    pub fn slow(&self, time: Duration) {
        self.inner.slow_ms.store(u64::try_from(time.as_millis()).expect("short"), Ordering::Release);
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.inner.ends.store(true, Ordering::Release);
        // The thread looks when somebody comes.
        drop(TcpStream::connect(self.address));
    }
}

impl Inner {
    fn take(&self, head: String, body: String) -> bool {
        thread::sleep(Duration::from_millis(self.slow_ms.load(Ordering::Acquire)));
        let fine = self.status.load(Ordering::Acquire) == 200;
        if fine {
            self.got.lock().expect("got").push(Got { at: Instant::now(), head, body });
        }
        fine
    }
}

fn serve_http(stream: TcpStream, inner: &Inner) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line == "\r\n" {
                break;
            }
            head.push_str(&line);
        }
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(str::to_owned))
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        inner.take(head, String::from_utf8_lossy(&body).into_owned());
        let status = inner.status.load(Ordering::Acquire);
        write!(out, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n")?;
    }
}

fn serve_smtp(stream: TcpStream, inner: &Inner) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    write!(out, "220 sink\r\n")?;
    let mut envelope = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let verb: String = line.chars().take(4).collect::<String>().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" | "HELO" => write!(out, "250 sink\r\n")?,
            "DATA" => {
                write!(out, "354 go on\r\n")?;
                let mut mail = String::new();
                loop {
                    let mut line = String::new();
                    if reader.read_line(&mut line)? == 0 {
                        return Ok(());
                    }
                    if line == ".\r\n" {
                        break;
                    }
                    mail.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                if inner.take(std::mem::take(&mut envelope), mail) {
                    write!(out, "250 taken\r\n")?;
                } else {
                    write!(out, "451 not now\r\n")?;
                }
            }
            "QUIT" => {
                write!(out, "221 bye\r\n")?;
                return Ok(());
            }
            _ => {
                envelope.push_str(&line);
                write!(out, "250 fine\r\n")?;
            }
        }
    }
}
