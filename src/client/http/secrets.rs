//! Credentials and other headers of a source. Files are read anew for each request, so that
//! rotation works; nothing here is ever shown, and headers are marked as sensitive.

use std::io::Read;
use std::path::{Path, PathBuf};

use reqwest::RequestBuilder;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::client::fault::fault;
use crate::config::Source;
use crate::model::{Fault, FaultKind};
use crate::text::fault::Why;

/// Larger files hold no password.
const MAX_SECRET: u64 = 64 * 1024;

/// What one request carries beside its question.
pub(super) struct Secrets {
    basic: Option<(String, String)>,
    bearer: Option<HeaderValue>,
    headers: HeaderMap,
    has_more: bool,
}

impl Secrets {
    /// Reads the source's secret files and checks its headers.
    pub async fn read(source: &Source) -> Result<Self, Fault> {
        let mut headers = HeaderMap::new();
        if let Some(tenant) = &source.tenant {
            headers.insert(HeaderName::from_static("x-scope-orgid"), value("X-Scope-OrgID", tenant)?);
        }
        for (name, secret) in &source.headers {
            let known = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable(name))?;
            headers.insert(known, value(name, secret.expose())?);
        }
        let basic = match &source.basic {
            Some(basic) => Some((basic.user.clone(), content(&basic.password_file, "password").await?)),
            None => None,
        };
        let bearer = match &source.bearer_token_file {
            Some(path) => Some(value("Authorization", &format!("Bearer {}", content(path, "token").await?))?),
            None => None,
        };
        let has_more = !source.headers.is_empty()
            || source.cert_file.is_some()
            || !source.url.username().is_empty()
            || source.url.password().is_some();
        Ok(Self { basic, bearer, headers, has_more })
    }

    /// Whether the request carries anything that another host must not see.
    pub fn any(&self) -> bool {
        self.basic.is_some() || self.bearer.is_some() || self.has_more
    }

    /// Adds all of it to a request; the source's own headers win.
    pub fn add_to(&self, mut builder: RequestBuilder) -> RequestBuilder {
        if let Some((user, password)) = &self.basic {
            builder = builder.basic_auth(user, Some(password));
        }
        if let Some(bearer) = &self.bearer {
            let mut one = HeaderMap::new();
            one.insert(reqwest::header::AUTHORIZATION, bearer.clone());
            builder = builder.headers(one);
        }
        // Replaces equal names.
        builder.headers(self.headers.clone())
    }
}

fn value(name: &str, text: &str) -> Result<HeaderValue, Fault> {
    let mut value = HeaderValue::from_str(text).map_err(|_| unusable(name))?;
    value.set_sensitive(true);
    Ok(value)
}

fn unusable(name: &str) -> Fault {
    fault(FaultKind::Setup, &Why::Header(name))
}

/// The text of a secret file without the line end that editors add.
async fn content(path: &Path, expected: &'static str) -> Result<String, Fault> {
    let owned: PathBuf = path.to_owned();
    // Off the runtime's threads: such files lie on network shares.
    let read = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        std::fs::File::open(&owned)?.take(MAX_SECRET).read_to_string(&mut text)?;
        Ok::<_, std::io::Error>(text)
    })
    .await
    .unwrap_or_else(|_| Err(std::io::ErrorKind::Interrupted.into()));
    let shown = path.display().to_string();
    let text = read.map_err(|error| fault(FaultKind::Setup, &Why::File(&shown, &error.to_string())))?;
    let text = text.trim_end_matches(['\n', '\r']);
    if text.is_empty() {
        return Err(fault(FaultKind::Setup, &Why::FileEmpty(&shown, expected)));
    }
    Ok(text.to_owned())
}
