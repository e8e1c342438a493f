//! Classifies what the HTTP library reports, by types where there are types, so that a person
//! reads the cause and not the plumbing.

use std::io::{self, ErrorKind};

use reqwest::Url;

use crate::client::fault::fault;
use crate::client::tls::{self, chain};
use crate::model::{Fault, FaultKind};
use crate::text::fault::{Tls, Why};

/// A failure before the head of an answer.
pub(super) fn sending(error: &reqwest::Error, url: &Url, at: &str) -> Fault {
    let words = deepest(error);
    if error.is_dns() {
        let words = words.rsplit(": ").next().unwrap_or(&words);
        return fault(FaultKind::Dns, &Why::NoAddress(at, words));
    }
    if let Some(fault) = tls::fault_of(error, at) {
        return fault;
    }
    let io = chain(error).filter_map(|e| e.downcast_ref::<io::Error>()).map(io::Error::kind).last();
    if error.is_connect() {
        let why = match io {
            Some(ErrorKind::ConnectionRefused) => Why::Refused(at),
            Some(
                ErrorKind::UnexpectedEof
                | ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe,
            ) if url.scheme() == "https" => return fault(FaultKind::Tls, &Why::Tls(at, Tls::Closed)),
            // `TimedOut` is the system's own limit on connecting.
            Some(
                ErrorKind::HostUnreachable
                | ErrorKind::NetworkUnreachable
                | ErrorKind::AddrNotAvailable
                | ErrorKind::TimedOut,
            ) => Why::Unreachable(at),
            _ => Why::Io(at, &words),
        };
        return fault(FaultKind::Connect, &why);
    }
    if hyper(error).is_some_and(hyper::Error::is_parse) {
        return fault(FaultKind::WrongFormat, &Why::NotHttp(at));
    }
    if is_closed_unanswered(error) {
        return fault(FaultKind::Connect, &Why::Closed(at));
    }
    if error.is_builder() {
        return fault(FaultKind::Setup, &Why::Setup(&words));
    }
    fault(FaultKind::Connect, &Why::Io(at, &words))
}

/// A failure in the middle of a body of which `got` bytes came.
pub(super) fn reading(error: &reqwest::Error, got: usize) -> Fault {
    let damaged = chain(error)
        .filter_map(|e| e.downcast_ref::<io::Error>())
        .any(|e| matches!(e.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput));
    if damaged && hyper(error).is_none() {
        return fault(FaultKind::WrongFormat, &Why::BadGzip);
    }
    fault(FaultKind::Truncated, &Why::CutOff(got))
}

/// Whether an open connection ended before the first byte of an answer.
pub(super) fn is_closed_unanswered(error: &reqwest::Error) -> bool {
    !error.is_connect()
        && !error.is_builder()
        && (hyper(error).is_some_and(|e| e.is_incomplete_message() || e.is_closed() || e.is_canceled())
            || chain(error).filter_map(|e| e.downcast_ref::<io::Error>()).any(|e| {
                matches!(
                    e.kind(),
                    ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted
                )
            }))
}

/// The words of the innermost cause: the outer ones name the library's steps, and the address.
pub(super) fn deepest(error: &reqwest::Error) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

fn hyper(error: &reqwest::Error) -> Option<&hyper::Error> {
    chain(error).find_map(|e| e.downcast_ref::<hyper::Error>())
}
