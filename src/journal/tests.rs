//! The journal on a real disk.

mod acks;
mod audit;
mod changes;
mod files;
mod incidents;
mod letters;
mod runs;

use chrono::TimeDelta;
use tempfile::TempDir;

use super::*;
use crate::model::records::{Actor, NewIncident, NewMember, Origin};
use crate::model::{Labels, Severity, Time};

fn at(seconds: i64) -> Time {
    "2026-11-20T06:12:00Z".parse::<Time>().expect("a time") + TimeDelta::seconds(seconds)
}

fn ana() -> Actor {
    Actor { operator: "ana".into(), os_user: "ana (1001)".into(), origin: "ssh 10.0.0.7".into() }
}

fn options(home: &TempDir) -> Options {
    Options::at(home.path().join("state").join("journal.db"))
}

fn journal(home: &TempDir) -> Journal {
    Journal::open(&options(home), at(0)).expect("a journal")
}

fn member(name: &str) -> NewMember {
    NewMember {
        fingerprint: format!("f-{name}").into(),
        labels: Labels::new([("alertname", name), ("department", "icu")]),
        severity: Severity::High,
        summary: "it is slow".into(),
        starts_at: Some(at(-60)),
    }
}

fn incident(title: &str, members: &[&str]) -> NewIncident {
    NewIncident {
        title: title.into(),
        severity: Severity::Critical,
        category: "performance".into(),
        origin: Origin::Hand,
        dedup: None,
        assignee: None,
        members: members.iter().map(|name| member(name)).collect(),
    }
}
