//! What is wrong with a connection over TLS, in the words that a person needs, whichever library met it.

use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::fault::fault;
use crate::model::{Fault, FaultKind};
use crate::text::fault::{Tls, Why};

/// The fault of an error that TLS is the cause of; `None` where it is not. `at` is host and port.
pub fn fault_of(error: &(dyn Error + 'static), at: &str) -> Option<Fault> {
    chain(error).find_map(|e| e.downcast_ref::<rustls::Error>()).map(|tls| of_tls(tls, at))
}

fn of_tls(error: &rustls::Error, at: &str) -> Fault {
    let words = error.to_string();
    let alert;
    let tls = match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::UnknownIssuer => Tls::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Tls::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Tls::NotYet,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Tls::WrongName
            }
            CertificateError::Revoked => Tls::Revoked,
            _ => Tls::Other(&words),
        },
        // What answers a greeting of TLS with something else than TLS.
        rustls::Error::InvalidMessage(_) => Tls::NotTls,
        rustls::Error::AlertReceived(received) => {
            alert = format!("{received:?}");
            Tls::Alert(&alert)
        }
        _ => Tls::Other(&words),
    };
    fault(FaultKind::Tls, &Why::Tls(at, tls))
}

/// The error and its causes. An I/O error hides the error that it wraps from `source`.
pub(super) fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |e| {
        let e: &'a (dyn Error + 'static) = *e;
        match e.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => e.source(),
        }
    })
}
