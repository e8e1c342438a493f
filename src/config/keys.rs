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
    "privacy",
    "roles",
    "ack",
    "rota",
    "channels",
    "commands",
];

/// Tables that belong to later versions: known, but without effect here.
pub const LATER: &[&str] = &["rota", "channels", "commands"];

/// Keys of `[ui]`.
pub const UI: &[&str] = &["theme", "keymap", "ascii", "lang", "utc", "window", "interval", "notify", "mouse"];

/// Keys of `[sources]`.
pub const SOURCES: &[&str] = &["prometheus", "alertmanager", "loki", "tempo", "exposition"];

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

/// Keys of `[roles]`.
pub const ROLES: &[&str] = &["default", "viewer", "responder", "admin", "ssh_keys"];

/// Keys of `[ack]`.
pub const ACK: &[&str] = &["for"];

/// Keys of `[privacy]`.
pub const PRIVACY: &[&str] = &["fields", "key_file"];

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
