//! Free ports on loopback.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Mutex;

static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port that was free a moment ago and that this process has not given before. Another process
/// may still take it first, so whoever starts a server on it must be ready to try another.
pub fn free() -> u16 {
    loop {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port on loopback");
        let port = listener.local_addr().expect("a bound address").port();
        if GIVEN.lock().expect("ports").insert(port) {
            return port;
        }
    }
}
