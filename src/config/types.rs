//! What a checked configuration holds.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::model::{Role, Roles, SourceId};

/// A whole configuration after all layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Sources outside any context.
    pub sources: Sources,
    /// Named sets of sources; each starts from `sources` and overrides what it names.
    pub contexts: BTreeMap<String, Sources>,
    /// The chosen context; `None` is `sources` themselves.
    pub context: Option<String>,
    /// Pack name.
    pub pack: String,
    /// Who sits there: `--operator`, `PLANTAO_OPERATOR`, the file, else the login name.
    pub operator: String,
    /// No action at all.
    pub read_only: bool,
    /// `[journal] path`; `None` is the state folder.
    pub journal: Option<PathBuf>,
    /// `[journal] audit_key_file`; `None` is the file beside the journal.
    pub audit_key: Option<PathBuf>,
    /// `[bundle] key_file`: what bundles are signed with; `None` seals them without a signature.
    pub bundle_key: Option<PathBuf>,
    /// Interface.
    pub ui: Ui,
    /// Masking.
    pub privacy: Privacy,
    /// Channels, contacts, who is on call, commands, and how `watch` is reached.
    pub acting: super::acting::Acting,
    /// Who may do what: the machine's own file alone says so.
    pub roles: Roles,
    /// Who may see what stands behind a mark: the machine's own file alone says so. `None` is nobody.
    pub reveal: Option<Reveal>,
    /// Seconds that an acknowledgement mutes before it is extended.
    pub ack_s: u32,
}

/// `[reveal]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reveal {
    /// Who has at least this role may.
    pub role: Role,
    /// Seconds that a value stays in sight.
    pub for_s: u32,
}

impl Reveal {
    /// A value stays in sight for this long, unless somebody says otherwise: long enough to be read.
    pub const FOR_S: u32 = 20;
}

/// `[privacy]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Privacy {
    /// Names of fields that are never shown, besides the usual ones.
    pub fields: Vec<String>,
    /// File with the key of all pseudonyms; `None` makes a key for each run.
    pub key_file: Option<PathBuf>,
}

impl Config {
    /// A page that is scraped has this much time between scrapes when nobody says otherwise.
    pub const PAGE_INTERVAL: Duration = Duration::from_secs(15);

    /// An acknowledgement mutes for this long, unless somebody says otherwise: soon enough that an alert which
    /// everybody has forgotten comes back.
    pub const ACK_S: u32 = 15 * 60;

    /// The sources of the chosen context.
    pub fn active(&self) -> &Sources {
        self.context.as_ref().and_then(|name| self.contexts.get(name)).unwrap_or(&self.sources)
    }
}

/// `[ui]` and its flags.
#[derive(Clone, Debug, PartialEq)]
pub struct Ui {
    /// Theme name.
    pub theme: String,
    /// Keymap name.
    pub keymap: String,
    /// No character beyond ASCII.
    pub ascii: bool,
    /// Language: `en`.
    pub lang: String,
    /// Times in UTC from the start.
    pub utc: bool,
    /// Start window, seconds.
    pub window_s: u32,
    /// Seconds between polls of what is visible.
    pub interval_s: u32,
    /// What a new critical alert does.
    pub notify: Notify,
    /// Mouse reporting.
    pub mouse: bool,
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            theme: "dark".to_owned(),
            keymap: "default".to_owned(),
            ascii: false,
            lang: "en".to_owned(),
            utc: false,
            window_s: 3600,
            interval_s: 5,
            notify: Notify::Off,
            mouse: true,
        }
    }
}

impl Notify {
    /// Its names in configuration.
    pub const NAMES: [(&'static str, Self); 3] =
        [("off", Self::Off), ("bell", Self::Bell), ("osc9", Self::Osc9)];

    /// Its name in configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Bell => "bell",
            Self::Osc9 => "osc9",
        }
    }
}

/// What a new critical alert does to the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notify {
    /// Nothing.
    #[default]
    Off,
    /// Rings the bell.
    Bell,
    /// Sends a desktop notification through the terminal (OSC 9).
    Osc9,
}

/// The servers and pages of one context.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sources {
    /// Prometheus.
    pub prometheus: Option<Source>,
    /// Alertmanager.
    pub alertmanager: Option<Source>,
    /// Loki.
    pub loki: Option<Source>,
    /// Tempo.
    pub tempo: Option<Source>,
    /// Grafana, for its annotations.
    pub grafana: Option<Source>,
    /// Scraped pages.
    pub exposition: Vec<Page>,
}

/// A page that the console scrapes itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its name, unique.
    pub name: String,
    /// Time between scrapes.
    pub interval: Duration,
    /// Where and how.
    pub source: Source,
}

impl Sources {
    /// Every configured source: the servers in the order of the header, then the pages.
    pub fn all(&self) -> Vec<(SourceId, &Source)> {
        let servers = [
            (SourceId::PROMETHEUS, &self.prometheus),
            (SourceId::ALERTMANAGER, &self.alertmanager),
            (SourceId::LOKI, &self.loki),
            (SourceId::TEMPO, &self.tempo),
            (SourceId::GRAFANA, &self.grafana),
        ];
        let servers = servers.into_iter().filter_map(|(id, source)| Some((id, source.as_ref()?)));
        let pages =
            self.exposition.iter().map(|page| (SourceId::Page(page.name.as_str().into()), &page.source));
        servers.chain(pages).collect()
    }

    /// Whether nothing is configured that a view could show.
    pub fn is_empty(&self) -> bool {
        self.all().iter().all(|(id, _)| *id == SourceId::GRAFANA)
    }
}

/// How to reach one server. `Debug` shows no header value and no query of the address.
#[derive(Clone, PartialEq)]
pub struct Source {
    /// Base address; a path prefix is kept.
    pub url: Url,
    /// Deadline of a whole request.
    pub timeout: Duration,
    /// More request headers. Values are secrets until proven otherwise and never shown.
    pub headers: Vec<(String, Secret)>,
    /// `X-Scope-OrgID`.
    pub tenant: Option<String>,
    /// HTTP basic authentication.
    pub basic: Option<Basic>,
    /// File that holds a bearer token, read anew for each request so that rotation works.
    pub bearer_token_file: Option<PathBuf>,
    /// Additional certificate authority, PEM.
    pub ca_file: Option<PathBuf>,
    /// Client certificate, PEM.
    pub cert_file: Option<PathBuf>,
    /// Client key, PEM.
    pub key_file: Option<PathBuf>,
    /// Proxy address.
    pub proxy: Option<Url>,
    /// Accept any certificate.
    pub insecure_skip_verify: bool,
}

impl Source {
    /// A source of which only the address is known.
    pub fn at(url: Url) -> Self {
        Self {
            url,
            timeout: Duration::from_secs(10),
            headers: Vec::new(),
            tenant: None,
            basic: None,
            bearer_token_file: None,
            ca_file: None,
            cert_file: None,
            key_file: None,
            proxy: None,
            insecure_skip_verify: false,
        }
    }

    /// The address for a person: without user name, password and query.
    pub fn shown_url(&self) -> String {
        let mut url = self.url.clone();
        // Both fail only for addresses that cannot hold credentials.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_query(None);
        url.to_string().trim_end_matches('/').to_owned()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("url", &self.shown_url())
            .field("timeout", &self.timeout)
            .field("headers", &self.headers)
            .field("tenant", &self.tenant)
            .field("basic", &self.basic)
            .field("bearer_token_file", &self.bearer_token_file)
            .field("ca_file", &self.ca_file)
            .field("cert_file", &self.cert_file)
            .field("key_file", &self.key_file)
            .field("proxy", &self.proxy.as_ref().map(|url| (url.scheme(), url.host_str())))
            .field("insecure_skip_verify", &self.insecure_skip_verify)
            .finish()
    }
}

/// HTTP basic authentication.
#[derive(Clone, Debug, PartialEq)]
pub struct Basic {
    /// User name.
    pub user: String,
    /// File that holds the password.
    pub password_file: PathBuf,
}

/// Text that is never printed, logged or serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the request alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}
