//! Builds the HTTP client of a source: TLS by rustls with the ring provider, the system's
//! certificates and the source's own, proxy, gzip.

use std::path::Path;

use reqwest::{Certificate, Client, Identity, Proxy, Url, redirect};
use url::Host;

use crate::client::fault::fault;
use crate::config::Source;
use crate::model::{Fault, FaultKind};
use crate::text::fault::Why;

use super::failure;

/// Whether requests to `url` can meet TLS: its own scheme or a proxy's.
pub(super) fn needs_roots(source: &Source, url: &Url) -> bool {
    const PROXIES: [&str; 4] = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
    url.scheme() == "https"
        || match &source.proxy {
            Some(proxy) => proxy.scheme() != "http",
            None => !is_loopback(&source.url) && PROXIES.iter().any(|name| std::env::var_os(name).is_some()),
        }
}

/// Builds on a thread of its own: it reads files and, on first use, the system's certificates.
pub(super) async fn aside(source: &Source, with_roots: bool, upgrades: bool) -> Result<Client, Fault> {
    let source = source.clone();
    tokio::task::spawn_blocking(move || build(&source, with_roots, upgrades))
        .await
        .map_err(|_| fault(FaultKind::Setup, &Why::Setup("interrupted")))?
}

fn build(source: &Source, with_roots: bool, upgrades: bool) -> Result<Client, Fault> {
    // Fails only where a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("plantao/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .tcp_nodelay(true)
        .gzip(true);
    if upgrades {
        builder = builder.http1_only();
    }
    builder = match &source.proxy {
        Some(proxy) => builder.proxy(Proxy::all(proxy.clone()).map_err(|error| unfit(&error))?),
        // A proxy of the environment has no way to this machine's own servers.
        None if is_loopback(&source.url) => builder.no_proxy(),
        None => builder,
    };
    if with_roots {
        if let Some(path) = &source.ca_file {
            let pem = file(path)?;
            let roots = Certificate::from_pem_bundle(&pem).map_err(|_| holds_no(path, "PEM certificate"))?;
            if roots.is_empty() {
                return Err(holds_no(path, "PEM certificate"));
            }
            builder = builder.tls_certs_merge(roots);
        }
        if let Some(path) = &source.cert_file {
            let mut pem = file(path)?;
            if let Some(key) = &source.key_file {
                pem.push(b'\n');
                pem.extend(file(key)?);
            }
            let identity = Identity::from_pem(&pem)
                .map_err(|_| holds_no(path, "PEM certificate with its private key"))?;
            builder = builder.identity(identity);
        }
        builder = builder.tls_danger_accept_invalid_certs(source.insecure_skip_verify);
    } else {
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|error| unfit(&error))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn file(path: &Path) -> Result<Vec<u8>, Fault> {
    std::fs::read(path)
        .map_err(|error| fault(FaultKind::Setup, &Why::File(&path.display().to_string(), &error.to_string())))
}

fn holds_no(path: &Path, expected: &str) -> Fault {
    fault(FaultKind::Setup, &Why::FileEmpty(&path.display().to_string(), expected))
}

fn unfit(error: &reqwest::Error) -> Fault {
    fault(FaultKind::Setup, &Why::Setup(&failure::deepest(error)))
}
