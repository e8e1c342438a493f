//! Every key, variable and flag there is: what the reader knows, what "did you mean" offers and what
//! `docs/configuration.md` must name.

/// Keys of the top table.
pub const TOP: &[&str] = &[
    "context",
    "pack",
    "operator",
    "read_only",
    "ui",
    "sources",
    "contexts",
    "journal",
    "bundle",
    "privacy",
    "roles",
    "reveal",
    "ack",
    "rota",
    "channels",
    "contacts",
    "commands",
    "watch",
];

/// Keys of `[ui]`.
pub const UI: &[&str] = &["theme", "keymap", "ascii", "lang", "utc", "window", "interval", "notify", "mouse"];

/// Keys of `[sources]`.
pub const SOURCES: &[&str] = &["prometheus", "alertmanager", "loki", "tempo", "grafana", "exposition"];

/// Keys of a server.
pub const SOURCE: &[&str] = &[
    "url",
    "timeout",
    "headers",
    "tenant",
    "basic",
    "bearer_token_file",
    "ca_file",
    "cert_file",
    "key_file",
    "proxy",
    "insecure_skip_verify",
];

/// Keys that a scraped page has besides those of a server.
pub const PAGE: &[&str] = &["name", "interval"];

/// Keys of `basic`.
pub const BASIC: &[&str] = &["user", "password_file"];

/// Keys of `[journal]`.
pub const JOURNAL: &[&str] = &["path", "audit_key_file"];

/// Keys of `[bundle]`.
pub const BUNDLE: &[&str] = &["key_file"];

/// Keys of `[roles]`.
pub const ROLES: &[&str] = &["default", "viewer", "responder", "admin", "ssh_keys"];

/// Keys of `[reveal]`.
pub const REVEAL: &[&str] = &["role", "for"];

/// Keys of `[ack]`.
pub const ACK: &[&str] = &["for"];

/// Keys of `[privacy]`.
pub const PRIVACY: &[&str] = &["fields", "key_file"];

/// Keys of `[channels.NAME]`, besides those of a server over HTTP.
pub const CHANNEL: &[&str] = &[
    "kind",
    "severities",
    "quiet",
    "text",
    "coalesce",
    "url_file",
    "routing_key_file",
    "server",
    "port",
    "tls",
    "user",
    "from",
    "to",
    "subject",
    "json",
    "form",
];

/// Keys of `[contacts.NAME]`.
pub const CONTACT: &[&str] = &["name", "email", "phone", "channels"];

/// Keys of `[[rota]]`.
pub const ROTA: &[&str] = &["level", "zone", "people", "start", "turn", "ical", "overrides"];

/// Keys of `[commands.NAME]`.
pub const COMMAND: &[&str] = &["argv", "params", "timeout", "dangerous", "idempotent"];

/// Keys of `[watch]`.
pub const WATCH: &[&str] = &["listen", "token_file", "poll", "alerts_per_second"];

/// Environment variables.
pub const ENV: &[&str] = &[
    "PLANTAO_CONFIG",
    "PLANTAO_CONTEXT",
    "PLANTAO_PROMETHEUS",
    "PLANTAO_ALERTMANAGER",
    "PLANTAO_LOKI",
    "PLANTAO_TEMPO",
    "PLANTAO_PACK",
    "PLANTAO_OPERATOR",
    "PLANTAO_READ_ONLY",
    "PLANTAO_THEME",
    "PLANTAO_KEYMAP",
    "PLANTAO_ASCII",
    "PLANTAO_LANG",
    "PLANTAO_UTC",
    "PLANTAO_WINDOW",
    "PLANTAO_INTERVAL",
    "PLANTAO_NOTIFY",
    "PLANTAO_MOUSE",
    "PLANTAO_PRIVACY_KEY",
    "PLANTAO_LOG",
];
