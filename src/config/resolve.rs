//! From layers to a configuration: contexts over the base, variables and flags over what is chosen,
//! checks of keys against each other, and the origin of each value.

use std::collections::BTreeMap;

use super::desk::Desk;
use super::origin::{Origin, Origins};
use super::part::{Maybe, Part, Set, SourcePart, SourcesPart, Values, lay};
use super::types::{Config, Page, Privacy, Source, Sources, Ui};
use crate::document::did_you_mean;
use crate::model::{SourceId, SourceKind};
use crate::text::config::EN as WORDS;

/// Lays single values over lower ones.
pub fn lay_values(lower: &mut Values, mut upper: Values) {
    lay(&mut lower.context, upper.context);
    lay(&mut lower.pack, upper.pack);
    lay(&mut lower.operator, upper.operator);
    lay(&mut lower.read_only, upper.read_only);
    lay(&mut lower.journal, upper.journal);
    lay(&mut lower.audit_key, upper.audit_key);
    lay(&mut lower.bundle_key, upper.bundle_key);
    lay(&mut lower.ack_s, upper.ack_s);
    lay(&mut lower.privacy_key_file, upper.privacy_key_file);
    // What is hidden on one level stays hidden on the next.
    if let (Some(lower), Some(upper)) = (&lower.privacy_fields, &mut upper.privacy_fields) {
        let more: Vec<String> =
            lower.value.iter().filter(|name| !upper.value.contains(name)).cloned().collect();
        upper.value.extend(more);
    }
    lay(&mut lower.privacy_fields, upper.privacy_fields);
    lay(&mut lower.ui.theme, upper.ui.theme);
    lay(&mut lower.ui.keymap, upper.ui.keymap);
    lay(&mut lower.ui.lang, upper.ui.lang);
    lay(&mut lower.ui.ascii, upper.ui.ascii);
    lay(&mut lower.ui.utc, upper.ui.utc);
    lay(&mut lower.ui.mouse, upper.ui.mouse);
    lay(&mut lower.ui.window_s, upper.ui.window_s);
    lay(&mut lower.ui.interval_s, upper.ui.interval_s);
    lay(&mut lower.ui.notify, upper.ui.notify);
}

/// Lays sources over lower ones, key by key. `loud` says in a note which credentials stayed behind.
pub fn lay_sources(lower: &mut SourcesPart, upper: SourcesPart, rule: Lay, prefix: &str, desk: &mut Desk) {
    for (id, part) in upper.0 {
        let Some(known) = lower.get_mut(&id) else {
            lower.0.push((id, part));
            continue;
        };
        let who = part.url.as_ref().map(|url| (desk.origin(&url.place), url.value.clone()));
        let dropped = known.lay(part, rule.trusting);
        if let (Some((who, url)), true, false) = (who, rule.loud, dropped.is_empty()) {
            let url = Source::at(url).shown_url();
            let source = format!("{prefix}{id}");
            desk.note((WORDS.dropped)(&source, &who.to_string(), &dropped.join(", "), &url));
        }
    }
}

/// How sources are laid over lower ones.
#[derive(Clone, Copy, Debug)]
pub struct Lay {
    /// Credentials without an address of their own go to the address that the upper layer gives.
    pub trusting: bool,
    /// Say which credentials stayed behind.
    pub loud: bool,
}

impl Lay {
    /// A file over a file.
    pub const FILES: Self = Self { trusting: true, loud: true };
    /// The address of a variable or flag over files: whatever a file holds was meant for its own server.
    pub const OUTSIDE: Self = Self { trusting: false, loud: true };
}

/// The configuration of all files with variables and flags over it. Where there are problems it is
/// what could be read beside them.
pub fn resolve(mut files: Part, over: [Part; 2], login: Option<&str>, desk: &mut Desk) -> (Config, Origins) {
    let mut origins = Origins::default();
    let mut outside = SourcesPart::default();
    for part in over {
        lay_sources(&mut outside, part.sources, Lay::OUTSIDE, "", desk);
        lay_values(&mut files.values, part.values);
    }
    let context = chosen(&files, desk);
    let shared: Vec<SourceId> = files
        .contexts
        .values()
        .flat_map(|context| &context.0)
        .filter(|(_, part)| part.url.is_some())
        .map(|(id, _)| id.clone())
        .collect();

    let mut base = files.sources.clone();
    if context.is_none() {
        lay_sources(&mut base, outside.clone(), Lay::OUTSIDE, "", desk);
    }
    let needs_url = |id: &SourceId| !shared.contains(id);
    let sources = build(base, "", context.is_none(), needs_url, desk, &mut origins);

    let mut contexts = BTreeMap::new();
    for (name, part) in files.contexts {
        let active = context.as_ref() == Some(&name);
        let prefix = format!("contexts.{name}.");
        let named: Vec<SourceId> = part.0.iter().map(|(id, _)| id.clone()).collect();
        let mut whole = files.sources.clone();
        lay_sources(&mut whole, part, Lay { trusting: true, loud: active }, &prefix, desk);
        if active {
            lay_sources(&mut whole, outside.clone(), Lay::OUTSIDE, &prefix, desk);
        }
        let needs_url = |id: &SourceId| named.contains(id);
        contexts.insert(name, build(whole, &prefix, active, needs_url, desk, &mut origins));
    }

    let acting = super::acting::check(files.acting, desk, &mut origins);
    let values = files.values;
    let mut record = Record { desk, origins: &mut origins };
    let fallback = Ui::default();
    let operator = match values.operator {
        Some(set) => record.value("operator", Some(set), String::new()),
        None => match login {
            Some(login) => {
                record.origins.set("operator".to_owned(), Origin::Login);
                login.to_owned()
            }
            None => "operator".to_owned(),
        },
    };
    record.maybe("context", values.context.as_ref());
    let config = Config {
        sources,
        contexts,
        context,
        pack: record.value("pack", values.pack, "hospital".to_owned()),
        operator,
        read_only: record.value("read_only", values.read_only, false),
        journal: record.maybe("journal.path", values.journal.as_ref()),
        audit_key: record.maybe("journal.audit_key_file", values.audit_key.as_ref()),
        bundle_key: record.maybe("bundle.key_file", values.bundle_key.as_ref()),
        roles: record.maybe("roles", values.roles.as_ref()).unwrap_or_default(),
        reveal: record.maybe("reveal", values.reveal.as_ref()),
        ack_s: record.value("ack.for", values.ack_s, Config::ACK_S),
        ui: Ui {
            theme: record.value("ui.theme", values.ui.theme, fallback.theme),
            keymap: record.value("ui.keymap", values.ui.keymap, fallback.keymap),
            ascii: record.value("ui.ascii", values.ui.ascii, fallback.ascii),
            lang: record.value("ui.lang", values.ui.lang, fallback.lang),
            utc: record.value("ui.utc", values.ui.utc, fallback.utc),
            window_s: record.value("ui.window", values.ui.window_s, fallback.window_s),
            interval_s: record.value("ui.interval", values.ui.interval_s, fallback.interval_s),
            notify: record.value("ui.notify", values.ui.notify, fallback.notify),
            mouse: record.value("ui.mouse", values.ui.mouse, fallback.mouse),
        },
        privacy: Privacy {
            fields: record.value("privacy.fields", values.privacy_fields, Vec::new()),
            key_file: record.maybe("privacy.key_file", values.privacy_key_file.as_ref()),
        },
        acting,
    };
    (config, origins)
}

/// The chosen context. One that does not exist is told, and the rest is checked as if none were chosen.
fn chosen(files: &Part, desk: &mut Desk) -> Option<String> {
    let set = files.values.context.as_ref()?;
    if files.contexts.contains_key(&set.value) {
        return Some(set.value.clone());
    }
    let names: Vec<&str> = files.contexts.keys().map(String::as_str).collect();
    let help = match did_you_mean(&set.value, names.iter().copied()) {
        Some(near) => (WORDS.did_you_mean)(near),
        None if names.is_empty() => WORDS.no_contexts.to_owned(),
        None => (WORDS.known_words)(&names.join(", ")),
    };
    desk.problem(&set.place, (WORDS.unknown_context)(&set.value), Some(help));
    None
}

/// Writes down where values come from as they are taken.
struct Record<'a> {
    desk: &'a Desk,
    origins: &'a mut Origins,
}

impl Record<'_> {
    fn value<T>(&mut self, path: &str, set: Maybe<T>, default: T) -> T {
        let Some(set) = set else { return default };
        self.origins.set(path.to_owned(), self.desk.origin(&set.place));
        set.value
    }

    fn maybe<T: Clone>(&mut self, path: &str, set: Option<&Set<T>>) -> Option<T> {
        let set = set?;
        self.origins.set(path.to_owned(), self.desk.origin(&set.place));
        Some(set.value.clone())
    }
}

fn build(
    parts: SourcesPart,
    prefix: &str,
    active: bool,
    needs_url: impl Fn(&SourceId) -> bool,
    desk: &mut Desk,
    origins: &mut Origins,
) -> Sources {
    let mut all = Sources::default();
    for (id, part) in parts.0 {
        let path = format!("{prefix}sources.{}", dotted(&id));
        if part.url.is_none() {
            if needs_url(&id) && !part.flawed {
                desk.problem(&part.place, format!("{path}: {}", (WORDS.missing)("url")), None);
            }
            continue;
        }
        check(&part, &path, active, desk);
        let Some((source, interval)) = source(part, &path, desk, origins) else { continue };
        match id {
            SourceId::Server(SourceKind::Prometheus) => all.prometheus = Some(source),
            SourceId::Server(SourceKind::Alertmanager) => all.alertmanager = Some(source),
            SourceId::Server(SourceKind::Loki) => all.loki = Some(source),
            SourceId::Server(SourceKind::Tempo) => all.tempo = Some(source),
            SourceId::Server(SourceKind::Grafana) => all.grafana = Some(source),
            SourceId::Page(name) => all.exposition.push(Page { name: name.to_string(), interval, source }),
            SourceId::Server(SourceKind::Exposition) => {}
        }
    }
    all
}

/// `prometheus`, `exposition.NAME`.
fn dotted(id: &SourceId) -> String {
    id.to_string().replace('/', ".")
}

/// Checks the keys of one source against each other.
fn check(part: &SourcePart, path: &str, active: bool, desk: &mut Desk) {
    let mut told = |place, message: String, help: Option<&str>| {
        desk.problem(place, format!("{path}: {message}"), help.map(str::to_owned));
    };
    match (&part.cert_file, &part.key_file) {
        _ if part.flawed => {}
        (Some(cert), None) => told(&cert.place, (WORDS.needs)("key_file", "cert_file"), None),
        (None, Some(key)) => told(&key.place, (WORDS.needs)("cert_file", "key_file"), None),
        _ => {}
    }
    if let (Some(basic), Some(_)) = (&part.basic, &part.bearer_token_file) {
        told(&basic.place, (WORDS.together)("basic", "bearer_token_file"), Some(WORDS.together_help));
    }
    let header = |name: &str| {
        part.headers
            .as_ref()
            .filter(|set| set.value.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)))
    };
    let authorization = header("Authorization");
    if let Some(set) = authorization {
        for (key, there) in
            [("basic", part.basic.is_some()), ("bearer_token_file", part.bearer_token_file.is_some())]
        {
            if there {
                let message = (WORDS.together)("headers.Authorization", key);
                told(&set.place, message, Some(WORDS.together_help));
            }
        }
    }
    if let (Some(set), Some(_)) = (header("X-Scope-OrgID"), &part.tenant) {
        told(&set.place, (WORDS.together)("headers.X-Scope-OrgID", "tenant"), Some(WORDS.together_help));
    }
    if !active {
        return;
    }
    if authorization.is_some() {
        desk.note((WORDS.authorization)(path));
    }
    let signs_in = authorization.is_some() || part.basic.is_some() || part.bearer_token_file.is_some();
    if let Some(url) = &part.url
        && signs_in
        && url.value.scheme() == "http"
        && !is_loopback(&url.value)
    {
        desk.note((WORDS.cleartext)(path, &Source::at(url.value.clone()).shown_url()));
    }
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn source(
    part: SourcePart,
    path: &str,
    desk: &Desk,
    origins: &mut Origins,
) -> Option<(Source, std::time::Duration)> {
    let mut record = Record { desk, origins };
    let at = |key: &str| format!("{path}.{key}");
    let fallback = Source::at(part.url.as_ref()?.value.clone());
    let source = Source {
        url: record.value(&at("url"), part.url, fallback.url),
        timeout: record.value(&at("timeout"), part.timeout, fallback.timeout),
        headers: record.value(&at("headers"), part.headers, Vec::new()),
        tenant: record.maybe(&at("tenant"), part.tenant.as_ref()),
        basic: record.maybe(&at("basic"), part.basic.as_ref()),
        bearer_token_file: record.maybe(&at("bearer_token_file"), part.bearer_token_file.as_ref()),
        ca_file: record.maybe(&at("ca_file"), part.ca_file.as_ref()),
        cert_file: record.maybe(&at("cert_file"), part.cert_file.as_ref()),
        key_file: record.maybe(&at("key_file"), part.key_file.as_ref()),
        proxy: record.maybe(&at("proxy"), part.proxy.as_ref()),
        insecure_skip_verify: record.value(&at("insecure_skip_verify"), part.insecure_skip_verify, false),
    };
    let interval = record.value(&at("interval"), part.interval, Config::PAGE_INTERVAL);
    Some((source, interval))
}
