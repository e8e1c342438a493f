//! `demo serve`: its arguments, and the address that it listens at.

use std::fmt;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::str::FromStr;

use clap::Args;

use crate::text::serve::EN as WORDS;

/// `demo serve`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  plantao demo serve --print-scrape-config > prometheus.yml
  plantao demo serve --fault service-down
  plantao demo serve --loki http://localhost:3100 --otlp http://localhost:4318 --fault db-pool

Every process of the hospital is a job with a page of its own, /JOB/metrics. --loki URL (a global
option) is pushed to here; a Loki that is only configured is not. A receiver that is slow or gone is
waited for; what is more than ten minutes late is dropped, and that is told.

Exit status: 2 the address cannot be listened at, or wrong usage; 130 interrupted.")]
pub struct ServeArgs {
    /// Host and port to serve the pages at
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9464")]
    pub listen: Listen,
    /// Push spans there by OTLP/HTTP: a Tempo's or a collector's port 4318
    #[arg(long, value_name = "URL")]
    pub otlp: Option<String>,
    /// Only write a prometheus.yml that scrapes the pages
    #[arg(long)]
    pub print_scrape_config: bool,
}

/// Where to listen: a host, by name or address, and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    host: String,
    port: u16,
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || (WORDS.not_an_address)(text);
        let (host, port) = text.trim().rsplit_once(':').ok_or_else(wrong)?;
        let bare = match host.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']').filter(|host| host.parse::<Ipv6Addr>().is_ok()),
            // Without brackets nobody knows where an IPv6 address ends.
            None => Some(host)
                .filter(|host| !host.contains([':', '/', '@']) && !host.contains(char::is_whitespace)),
        };
        let host =
            bare.filter(|host| !host.is_empty() && !host.contains(char::is_control)).ok_or_else(wrong)?;
        Ok(Self { host: host.to_owned(), port: port.parse().map_err(|_| wrong())? })
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_address(f, &self.host, self.port)
    }
}

fn write_address(f: &mut dyn fmt::Write, host: &str, port: u16) -> fmt::Result {
    if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
}

impl Listen {
    /// Listens there. The error is a sentence: what is wrong, and what to do.
    pub fn bind(&self) -> Result<Bound, String> {
        let addresses: Vec<SocketAddr> = (self.host.as_str(), self.port)
            .to_socket_addrs()
            .map_err(|error| (WORDS.unknown_host)(&self.host, &error.to_string()))?
            .collect();
        let at = self.to_string();
        let bound = TcpListener::bind(&addresses[..]).and_then(|listener| {
            let local = listener.local_addr()?;
            let listen = Self { port: local.port(), ..self.clone() };
            Ok(Bound { listener, listen, loopback: local.ip().is_loopback() })
        });
        bound.map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => (WORDS.taken)(&at),
            ErrorKind::PermissionDenied => (WORDS.forbidden)(&at),
            ErrorKind::AddrNotAvailable => (WORDS.elsewhere)(&at),
            _ => (WORDS.cannot_listen)(&at, &error.to_string()),
        })
    }

    /// Host and port as a program on this machine reaches it. The error is a sentence.
    pub fn reached(&self) -> Result<String, String> {
        if self.port == 0 {
            return Err(WORDS.port_unknown.to_owned());
        }
        // All of the machine's addresses: one that it has in any case.
        let host = match self.host.parse::<IpAddr>() {
            Ok(IpAddr::V4(host)) if host.is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
            Ok(IpAddr::V6(host)) if host.is_unspecified() => Ipv6Addr::LOCALHOST.to_string(),
            _ => self.host.clone(),
        };
        Ok(Self { host, port: self.port }.to_string())
    }
}

/// An address that is listened at.
#[derive(Debug)]
pub struct Bound {
    /// Listens.
    pub listener: TcpListener,
    /// Where, with the port that the system chose where it had the choice.
    pub listen: Listen,
    /// Whether only this machine can reach it.
    pub loopback: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        for text in ["127.0.0.1:9464", "localhost:0", "[::1]:80", "0.0.0.0:65535"] {
            assert_eq!(text.parse::<Listen>().map(|at| at.to_string()).as_deref(), Ok(text));
        }
        let wrong = [
            "",
            "9464",
            ":9464",
            "localhost",
            "localhost:",
            "localhost:x",
            "::1:80",
            "[::1]",
            "[x]:1",
            "a b:1",
        ];
        for text in wrong.into_iter().chain(["http://localhost:9464", "localhost:65536", "localhost:-1"]) {
            let said = text.parse::<Listen>().expect_err(text);
            assert!(said.contains("such as 127.0.0.1:9464"), "{said}");
        }
    }

    #[test]
    fn what_cannot_be_listened_at_is_told_in_a_sentence() {
        let first = "127.0.0.1:0".parse::<Listen>().expect("an address").bind().expect("a port");
        let port = first.listen.port;
        assert!(port != 0 && first.loopback);
        let said = |text: &str| text.parse::<Listen>().expect(text).bind().expect_err(text);
        assert!(said(&format!("127.0.0.1:{port}")).contains("is taken"));
        assert!(said("nowhere.invalid:9464").contains("`nowhere.invalid` is not known"));
        // From the block for documentation (RFC 5737): nobody's.
        assert!(said("192.0.2.1:9464").contains("no address of this machine"));
    }

    #[test]
    fn a_scraper_on_this_machine_is_told_an_address_that_it_can_reach() {
        for (listen, reached) in [
            ("127.0.0.1:1", "127.0.0.1:1"),
            ("0.0.0.0:1", "127.0.0.1:1"),
            ("[::]:1", "[::1]:1"),
            ("ward:1", "ward:1"),
        ] {
            assert_eq!(listen.parse::<Listen>().and_then(|at| at.reached()).as_deref(), Ok(reached));
        }
        assert!("localhost:0".parse::<Listen>().and_then(|at| at.reached()).is_err());
    }
}
