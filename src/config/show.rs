//! The effective configuration as TOML, each value with its origin as a comment. No secret is in it:
//! headers appear by name only, addresses without query, files by name only.

use std::fmt::Write as _;
use std::path::Path;

use super::load::Loaded;
use super::types::{Config, Source, Sources};
use crate::model::duration;
use crate::model::role::{Role, Roles};

/// Writes the whole. What it writes loads again to the same values, but for the headers and for
/// queries of pages, which are not shown.
pub fn toml(loaded: &Loaded) -> String {
    let Loaded { config, .. } = loaded;
    let mut page = Sheet { loaded, text: String::new() };
    if let Some(context) = &config.context {
        page.line("context", "context", &text(context));
    }
    page.line("pack", "pack", &text(&config.pack));
    page.line("operator", "operator", &text(&config.operator));
    page.line("read_only", "read_only", &config.read_only.to_string());
    if config.journal.is_some() || config.audit_key.is_some() {
        page.head("[journal]");
        for (key, path) in [("path", &config.journal), ("audit_key_file", &config.audit_key)] {
            if let Some(path) = path {
                page.line(key, &format!("journal.{key}"), &file(path));
            }
        }
    }
    if let Some(path) = &config.bundle_key {
        page.head("[bundle]");
        page.line("key_file", "bundle.key_file", &file(path));
    }
    page.head("[ack]");
    page.line("for", "ack.for", &text(&exact(config.ack_s)));
    page.roles(&config.roles);
    if let Some(reveal) = config.reveal {
        page.head("[reveal]");
        page.line("role", "reveal", &text(reveal.role.as_str()));
        page.line("for", "reveal", &text(&exact(reveal.for_s)));
    }
    let privacy = &config.privacy;
    if !privacy.fields.is_empty() || privacy.key_file.is_some() {
        page.head("[privacy]");
        if !privacy.fields.is_empty() {
            let names: Vec<String> = privacy.fields.iter().map(|name| text(name)).collect();
            page.line("fields", "privacy.fields", &format!("[{}]", names.join(", ")));
        }
        if let Some(path) = &privacy.key_file {
            page.line("key_file", "privacy.key_file", &file(path));
        }
    }
    let ui = &config.ui;
    page.head("[ui]");
    page.line("theme", "ui.theme", &text(&ui.theme));
    page.line("keymap", "ui.keymap", &text(&ui.keymap));
    page.line("ascii", "ui.ascii", &ui.ascii.to_string());
    page.line("lang", "ui.lang", &text(&ui.lang));
    page.line("utc", "ui.utc", &ui.utc.to_string());
    page.line("window", "ui.window", &text(&exact(ui.window_s)));
    page.line("interval", "ui.interval", &text(&exact(ui.interval_s)));
    page.line("notify", "ui.notify", &text(ui.notify.as_str()));
    page.line("mouse", "ui.mouse", &ui.mouse.to_string());
    page.sources("", "", &config.sources);
    for (name, sources) in &config.contexts {
        let written = format!("contexts.{}.", key(name));
        if sources.is_empty() {
            page.head(&format!("[contexts.{}]", key(name)));
        }
        page.sources(&written, &format!("contexts.{name}."), sources);
    }
    page.acting();
    page.text
}

struct Sheet<'a> {
    loaded: &'a Loaded,
    text: String,
}

impl Sheet<'_> {
    fn head(&mut self, head: &str) {
        let _ = write!(self.text, "\n{head}\n");
    }

    fn line(&mut self, key: &str, path: &str, value: &str) {
        let origin = comment(&self.loaded.origin(path).to_string());
        let _ = writeln!(self.text, "{key} = {value}  # {origin}");
    }

    /// Tables whose origin is that of the whole table.
    fn acting(&mut self) {
        let loaded = self.loaded;
        let text = std::cell::RefCell::new(&mut self.text);
        super::acting::write(
            &loaded.config.acting,
            &mut |head, path| {
                let origin = comment(&loaded.origin(path).to_string());
                let _ = write!(text.borrow_mut(), "\n{head}  # {origin}\n");
            },
            &mut |line| {
                let _ = writeln!(text.borrow_mut(), "{line}");
            },
        );
    }

    /// Only where somebody has said something of roles.
    fn roles(&mut self, roles: &Roles) {
        if *roles == Roles::default() {
            return;
        }
        self.head("[roles]");
        self.line("default", "roles", &text(roles.default.as_str()));
        for (name, role) in Role::NAMES {
            let entries: Vec<String> = roles
                .listed
                .iter()
                .filter(|(listed, _)| *listed == role)
                .map(|(_, principal)| text(&principal.to_string()))
                .collect();
            if !entries.is_empty() {
                self.line(name, "roles", &format!("[{}]", entries.join(", ")));
            }
        }
        self.line("ssh_keys", "roles", &roles.ssh_keys.to_string());
    }

    fn sources(&mut self, written: &str, path: &str, sources: &Sources) {
        let servers = [
            ("prometheus", &sources.prometheus),
            ("alertmanager", &sources.alertmanager),
            ("loki", &sources.loki),
            ("tempo", &sources.tempo),
            ("grafana", &sources.grafana),
        ];
        for (name, source) in servers {
            if let Some(source) = source {
                self.head(&format!("[{written}sources.{name}]"));
                self.source(source, &format!("{path}sources.{name}"));
            }
        }
        for page in &sources.exposition {
            let at = format!("{path}sources.exposition.{}", page.name);
            self.head(&format!("[[{written}sources.exposition]]"));
            self.line("name", &format!("{at}.url"), &text(&page.name));
            self.line("interval", &format!("{at}.interval"), &text(&exact(seconds(page.interval))));
            self.source(&page.source, &at);
        }
    }

    fn source(&mut self, source: &Source, at: &str) {
        let path = |key: &str| format!("{at}.{key}");
        self.line("url", &path("url"), &text(&source.shown_url()));
        if source.url.query().is_some() {
            self.text.push_str("# the query of this address is not shown\n");
        }
        self.line("timeout", &path("timeout"), &text(&exact(seconds(source.timeout))));
        if let Some(tenant) = &source.tenant {
            self.line("tenant", &path("tenant"), &text(tenant));
        }
        if let Some(basic) = &source.basic {
            let value =
                format!("{{ user = {}, password_file = {} }}", text(&basic.user), file(&basic.password_file));
            self.line("basic", &path("basic"), &value);
        }
        let files = [
            ("bearer_token_file", &source.bearer_token_file),
            ("ca_file", &source.ca_file),
            ("cert_file", &source.cert_file),
            ("key_file", &source.key_file),
        ];
        for (key, name) in files {
            if let Some(name) = name {
                self.line(key, &path(key), &file(name));
            }
        }
        if let Some(proxy) = &source.proxy {
            self.line("proxy", &path("proxy"), &text(proxy.as_str()));
        }
        if source.insecure_skip_verify {
            self.line("insecure_skip_verify", &path("insecure_skip_verify"), "true");
        }
        for (name, _) in &source.headers {
            let origin = comment(&self.loaded.origin(&path("headers")).to_string());
            let _ = writeln!(self.text, "# headers.{name}: not shown  # {origin}");
        }
    }
}

/// A string as TOML writes it.
fn text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn file(path: &Path) -> String {
    text(&path.display().to_string())
}

/// A key as TOML writes it: bare where that can be, else quoted.
fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if bare { name.to_owned() } else { text(name) }
}

/// A comment ends with its line.
fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn seconds(duration: std::time::Duration) -> u32 {
    u32::try_from(duration.as_secs()).unwrap_or(u32::MAX)
}

/// Seconds so that they read back exactly, which [`duration::format`] alone does only up to two units.
fn exact(seconds: u32) -> String {
    let short = duration::format(i64::from(seconds));
    if duration::parse(&short) == Ok(seconds) { short } else { format!("{seconds}s") }
}

impl Config {
    /// The names of all contexts.
    pub fn context_names(&self) -> impl Iterator<Item = &str> {
        self.contexts.keys().map(String::as_str)
    }
}
