//! The schema, as the steps that lead to it. A step that was released is never changed: what comes later is a new one.

/// The newest schema.
pub const VERSION: i64 = STEPS.len() as i64;

/// `application_id` of a journal: "plan" as a number.
pub(super) const APPLICATION: i64 = 0x706c_616e;

/// Each leads from the version of its place to the next.
pub(super) const STEPS: &[&str] = &[FIRST, LOOKED_UP];

const FIRST: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE incidents (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, severity TEXT NOT NULL, category TEXT NOT NULL, status TEXT NOT NULL,
  assignee TEXT, rule TEXT, dedup TEXT, began_at INTEGER, opened_at INTEGER NOT NULL, opened_by TEXT NOT NULL,
  acked_at INTEGER, acked_by TEXT, resolved_at INTEGER, resolved_by TEXT, resolution TEXT NOT NULL DEFAULT '',
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX incidents_dedup ON incidents (dedup) WHERE dedup IS NOT NULL AND status <> 'resolved';
CREATE INDEX incidents_opened ON incidents (opened_at);

CREATE TABLE members (
  incident TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE, fingerprint TEXT NOT NULL,
  labels TEXT NOT NULL, severity TEXT NOT NULL, summary TEXT NOT NULL, starts_at INTEGER,
  joined_at INTEGER NOT NULL, ended_at INTEGER, PRIMARY KEY (incident, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_fingerprint ON members (fingerprint);

CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, incident TEXT REFERENCES incidents (id) ON DELETE CASCADE,
  at INTEGER NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL, text TEXT NOT NULL, about TEXT NOT NULL
) STRICT;
CREATE INDEX events_incident ON events (incident, id);

CREATE TABLE acks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, fingerprint TEXT NOT NULL, labels TEXT NOT NULL,
  incident TEXT REFERENCES incidents (id) ON DELETE SET NULL, who TEXT NOT NULL, at INTEGER NOT NULL,
  why TEXT NOT NULL, until INTEGER, lease_s INTEGER NOT NULL, silence TEXT, state TEXT NOT NULL,
  error TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, ended_at INTEGER, ended_by TEXT,
  silence_left INTEGER NOT NULL DEFAULT 0, updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX acks_live ON acks (fingerprint) WHERE state <> 'ended';
CREATE INDEX acks_left ON acks (silence_left) WHERE silence_left <> 0;

CREATE TABLE runs (
  id TEXT PRIMARY KEY, playbook TEXT NOT NULL, incident TEXT REFERENCES incidents (id) ON DELETE SET NULL,
  spec TEXT NOT NULL, state TEXT NOT NULL, step INTEGER NOT NULL DEFAULT 0, who TEXT NOT NULL, at INTEGER NOT NULL,
  owner TEXT, heartbeat INTEGER, stop_by TEXT, error TEXT NOT NULL DEFAULT '', ended_at INTEGER, dedup TEXT,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX runs_dedup ON runs (dedup) WHERE dedup IS NOT NULL AND ended_at IS NULL;
CREATE INDEX runs_live ON runs (at) WHERE ended_at IS NULL;
CREATE INDEX runs_incident ON runs (incident);

CREATE TABLE run_steps (
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, at INTEGER NOT NULL, kind TEXT NOT NULL,
  title TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, started_at INTEGER,
  ended_at INTEGER, output TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '', PRIMARY KEY (run, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, dedup TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, payload TEXT NOT NULL,
  incident TEXT REFERENCES incidents (id) ON DELETE SET NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL, at INTEGER NOT NULL, owner TEXT,
  owned_until INTEGER, doubtful INTEGER NOT NULL DEFAULT 0, sent_at INTEGER, error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX outbox_due ON outbox (state, next_at);

CREATE TABLE leases (
  name TEXT PRIMARY KEY, holder TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, operator TEXT NOT NULL, os_user TEXT NOT NULL, origin TEXT NOT NULL,
  action TEXT NOT NULL, object TEXT NOT NULL, details TEXT NOT NULL, outcome TEXT NOT NULL,
  prev BLOB NOT NULL, hash BLOB NOT NULL, mac BLOB NOT NULL
) STRICT;
CREATE TABLE checkpoint (
  one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL, mac BLOB NOT NULL
) STRICT;
";

/// What is looked up in a journal of many years: the audit by time and object, letters and events by what they are of.
const LOOKED_UP: &str = "
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_object ON audit (object);
CREATE INDEX outbox_incident ON outbox (incident) WHERE incident IS NOT NULL;
CREATE INDEX events_at ON events (at);
CREATE INDEX acks_ended ON acks (ended_at) WHERE ended_at IS NOT NULL;
";
