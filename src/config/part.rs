//! What one layer says, before layers are laid over each other: every value optional and with its place.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::types::{Basic, Notify, Reveal, Secret};
use crate::model::{Roles, SourceId};

/// Where somebody said something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a file, by its number at the [`super::desk::Desk`].
    File {
        /// Number of the file.
        file: usize,
        /// Bytes.
        span: Range<usize>,
    },
    /// In an environment variable.
    Env(&'static str),
    /// In a flag.
    Flag(&'static str),
}

/// A value that somebody set.
#[derive(Clone, Debug)]
pub struct Set<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub place: Place,
}

/// A value that may be set.
pub type Maybe<T> = Option<Set<T>>;

/// Lays a value over a lower one.
pub fn lay<T>(lower: &mut Maybe<T>, upper: Maybe<T>) {
    if upper.is_some() {
        *lower = upper;
    }
}

/// One layer.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// `[sources]`
    pub sources: SourcesPart,
    /// `[contexts]`
    pub contexts: BTreeMap<String, SourcesPart>,
    /// `[channels]`, `[contacts]`, `[[rota]]`, `[commands]`, `[watch]`
    pub acting: super::acting::ActingPart,
    /// Everything else
    pub values: Values,
}

/// The single values of one layer.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// `context`
    pub context: Maybe<String>,
    /// `pack`
    pub pack: Maybe<String>,
    /// `operator`
    pub operator: Maybe<String>,
    /// `read_only`
    pub read_only: Maybe<bool>,
    /// `[journal] path`
    pub journal: Maybe<PathBuf>,
    /// `[journal] audit_key_file`
    pub audit_key: Maybe<PathBuf>,
    /// `[bundle] key_file`
    pub bundle_key: Maybe<PathBuf>,
    /// `[ack] for`
    pub ack_s: Maybe<u32>,
    /// `[roles]`
    pub roles: Maybe<Roles>,
    /// `[reveal]`
    pub reveal: Maybe<Reveal>,
    /// `[ui]`
    pub ui: UiPart,
    /// `[privacy] fields`
    pub privacy_fields: Maybe<Vec<String>>,
    /// `[privacy] key_file`
    pub privacy_key_file: Maybe<PathBuf>,
}

/// `[ui]` of one layer.
#[derive(Clone, Debug, Default)]
pub struct UiPart {
    /// `theme`
    pub theme: Maybe<String>,
    /// `keymap`
    pub keymap: Maybe<String>,
    /// `lang`
    pub lang: Maybe<String>,
    /// `ascii`
    pub ascii: Maybe<bool>,
    /// `utc`
    pub utc: Maybe<bool>,
    /// `mouse`
    pub mouse: Maybe<bool>,
    /// `window`
    pub window_s: Maybe<u32>,
    /// `interval`
    pub interval_s: Maybe<u32>,
    /// `notify`
    pub notify: Maybe<Notify>,
}

/// The sources that a layer names, in its order.
#[derive(Clone, Debug, Default)]
pub struct SourcesPart(pub Vec<(SourceId, SourcePart)>);

/// One source of one layer.
#[derive(Clone, Debug)]
pub struct SourcePart {
    /// Where its table stands.
    pub place: Place,
    /// Whether a value was given that is none, which has been told: its key is then not missing.
    pub flawed: bool,
    /// `url`
    pub url: Maybe<Url>,
    /// `timeout`
    pub timeout: Maybe<Duration>,
    /// `interval`, of a page
    pub interval: Maybe<Duration>,
    /// `headers`
    pub headers: Maybe<Vec<(String, Secret)>>,
    /// `tenant`
    pub tenant: Maybe<String>,
    /// `basic`
    pub basic: Maybe<Basic>,
    /// `bearer_token_file`
    pub bearer_token_file: Maybe<PathBuf>,
    /// `ca_file`
    pub ca_file: Maybe<PathBuf>,
    /// `cert_file`
    pub cert_file: Maybe<PathBuf>,
    /// `key_file`
    pub key_file: Maybe<PathBuf>,
    /// `proxy`
    pub proxy: Maybe<Url>,
    /// `insecure_skip_verify`
    pub insecure_skip_verify: Maybe<bool>,
}

impl SourcePart {
    /// A source of which nothing is said yet.
    pub fn new(place: Place) -> Self {
        Self {
            place,
            flawed: false,
            url: None,
            timeout: None,
            interval: None,
            headers: None,
            tenant: None,
            basic: None,
            bearer_token_file: None,
            ca_file: None,
            cert_file: None,
            key_file: None,
            proxy: None,
            insecure_skip_verify: None,
        }
    }

    /// Lays `upper` over this one. What says who the person is, or that a certificate need not be
    /// checked, was meant for one server: it stays only where the address keeps scheme, host and
    /// port. Where this part names no address yet, it stays if `trusting`.
    ///
    /// Returns the keys that were dropped and not given anew.
    pub fn lay(&mut self, upper: Self, trusting: bool) -> Vec<&'static str> {
        let keep = match (&self.url, &upper.url) {
            (_, None) => true,
            (None, Some(_)) => trusting,
            (Some(old), Some(new)) => old.value.origin() == new.value.origin(),
        };
        let mut dropped = Vec::new();
        if !keep {
            dropped.extend(drop_one("headers", &mut self.headers, upper.headers.as_ref()));
            dropped.extend(drop_one("tenant", &mut self.tenant, upper.tenant.as_ref()));
            dropped.extend(drop_one("basic", &mut self.basic, upper.basic.as_ref()));
            dropped.extend(drop_one(
                "bearer_token_file",
                &mut self.bearer_token_file,
                upper.bearer_token_file.as_ref(),
            ));
            dropped.extend(drop_one("cert_file", &mut self.cert_file, upper.cert_file.as_ref()));
            dropped.extend(drop_one("key_file", &mut self.key_file, upper.key_file.as_ref()));
            dropped.extend(drop_one(
                "insecure_skip_verify",
                &mut self.insecure_skip_verify,
                upper.insecure_skip_verify.as_ref(),
            ));
        }
        // A layer that names one way to sign in replaces the other way of the layers below.
        if upper.basic.is_some() {
            self.bearer_token_file = None;
        }
        if upper.bearer_token_file.is_some() {
            self.basic = None;
        }
        self.place = upper.place;
        self.flawed |= upper.flawed;
        lay(&mut self.url, upper.url);
        lay(&mut self.timeout, upper.timeout);
        lay(&mut self.interval, upper.interval);
        lay(&mut self.headers, upper.headers);
        lay(&mut self.tenant, upper.tenant);
        lay(&mut self.basic, upper.basic);
        lay(&mut self.bearer_token_file, upper.bearer_token_file);
        lay(&mut self.ca_file, upper.ca_file);
        lay(&mut self.cert_file, upper.cert_file);
        lay(&mut self.key_file, upper.key_file);
        lay(&mut self.proxy, upper.proxy);
        lay(&mut self.insecure_skip_verify, upper.insecure_skip_verify);
        dropped
    }
}

/// Takes one value away; its key is told unless the upper layer sets it anew.
fn drop_one<T>(key: &'static str, lower: &mut Maybe<T>, upper: Option<&Set<T>>) -> Option<&'static str> {
    let was_there = lower.take().is_some();
    (was_there && upper.is_none()).then_some(key)
}

impl SourcesPart {
    /// The source of that identity.
    pub fn get_mut(&mut self, id: &SourceId) -> Option<&mut SourcePart> {
        self.0.iter_mut().find(|(known, _)| known == id).map(|(_, part)| part)
    }

    /// The source of that identity.
    pub fn get(&self, id: &SourceId) -> Option<&SourcePart> {
        self.0.iter().find(|(known, _)| known == id).map(|(_, part)| part)
    }
}
