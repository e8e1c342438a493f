//! A silence as Alertmanager reads and writes it, raw.

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};

use super::original::Exact;
use crate::client::fault::fault;
use crate::model::alert::SilenceState;
use crate::model::deed::Wanted;
use crate::model::{Fault, FaultKind, MatchOp, Matcher, Time};
use crate::privacy::unseal;
use crate::privacy::vault::{self, Unopened};
use crate::text::fault::Why;

/// One silence. Not `Debug`: its values are raw.
#[derive(Serialize, Deserialize)]
pub(super) struct Wire {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default)]
    pub matchers: Vec<WireMatcher>,
    /// As it came: the same start, to the last digit, extends.
    #[serde(rename = "startsAt")]
    pub starts_at: String,
    #[serde(rename = "endsAt")]
    pub ends_at: String,
    #[serde(default, rename = "createdBy")]
    pub created_by: String,
    #[serde(default)]
    pub comment: String,
    #[serde(default, skip_serializing)]
    pub status: Option<WireStatus>,
}

#[derive(Deserialize)]
pub(super) struct WireStatus {
    state: SilenceState,
}

#[derive(Clone, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WireMatcher {
    name: String,
    value: String,
    #[serde(rename = "isRegex")]
    is_regex: bool,
    #[serde(default = "yes", rename = "isEqual")]
    is_equal: bool,
}

impl WireMatcher {
    /// How it compares, and with what.
    pub fn parts(&self) -> (MatchOp, &str) {
        let op = match (self.is_equal, self.is_regex) {
            (true, false) => MatchOp::Equal,
            (false, false) => MatchOp::NotEqual,
            (true, true) => MatchOp::Regex,
            (false, true) => MatchOp::NotRegex,
        };
        (op, &self.value)
    }
}

/// What Alertmanager says of one that it has taken.
#[derive(Deserialize)]
pub(super) struct Made {
    #[serde(rename = "silenceID")]
    pub silence_id: String,
}

fn yes() -> bool {
    true
}

/// A moment as Alertmanager writes it.
pub(super) fn moment(at: Time) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(super) fn read(text: &str) -> Option<Time> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())
}

impl Wire {
    /// Everything but the matchers.
    pub fn around(wanted: &Wanted) -> Self {
        Self {
            id: None,
            matchers: Vec::new(),
            starts_at: moment(wanted.starts_at),
            ends_at: moment(wanted.ends_at),
            created_by: wanted.created_by.clone(),
            comment: wanted.comment.clone(),
            status: None,
        }
    }

    /// With the matchers that a person has written, raw values behind their marks.
    pub fn of(wanted: &Wanted) -> Result<Self, Fault> {
        let matchers = wanted.matchers.iter().map(opened).collect::<Result<_, _>>()?;
        Ok(Self { matchers, ..Self::around(wanted) })
    }

    /// With equality of exactly these labels.
    pub fn exactly(exact: &Exact, wanted: &Wanted) -> Self {
        let equal = |(name, value): &(String, String)| WireMatcher {
            name: name.clone(),
            value: value.clone(),
            is_regex: false,
            is_equal: true,
        };
        Self { matchers: unseal::open(&exact.0).iter().map(equal).collect(), ..Self::around(wanted) }
    }

    /// Its labels, where it matches by equality alone.
    pub fn exact(&self) -> Option<Exact> {
        let equal = |one: &WireMatcher| one.is_equal && !one.is_regex;
        self.matchers.iter().all(equal).then(|| {
            Exact::new(self.matchers.iter().map(|one| (one.name.clone(), one.value.clone())).collect())
        })
    }

    pub fn ends_at(&self) -> Option<Time> {
        read(&self.ends_at)
    }

    pub fn is_expired(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.state == SilenceState::Expired)
    }

    /// Whether this one, which Alertmanager has, is what `wanted` would make.
    pub fn is_like(&self, wanted: &Self, now: Time) -> bool {
        let sorted = |one: &Self| {
            let mut all = one.matchers.clone();
            all.sort_unstable();
            all
        };
        let state = self.status.as_ref().map(|status| status.state);
        let planned = read(&wanted.starts_at).is_some_and(|start| start > now);
        let same_time = match state {
            Some(SilenceState::Active) => !planned,
            Some(SilenceState::Pending) => planned && read(&self.starts_at) == read(&wanted.starts_at),
            _ => false,
        };
        same_time
            && self.created_by == wanted.created_by
            && self.comment == wanted.comment
            && sorted(self) == sorted(wanted)
    }
}

/// A matcher with the raw value.
pub(super) fn opened(matcher: &Matcher) -> Result<WireMatcher, Fault> {
    let marked = |why: Unopened| {
        let why = match &why {
            Unopened::Unknown(mark) => Why::MarkUnknown(mark),
            Unopened::Outside(mark) => Why::MarkOutside(mark),
            Unopened::Several(mark) => Why::MarkSeveral(mark),
        };
        fault(FaultKind::BadQuery, &why)
    };
    let is_regex = matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex);
    let opened = vault::open_in_value(&matcher.value, is_regex).map_err(marked)?;
    Ok(WireMatcher {
        name: matcher.name.clone(),
        value: opened.value.to_string(),
        is_regex: is_regex || opened.is_regex,
        is_equal: matches!(matcher.op, MatchOp::Equal | MatchOp::Regex),
    })
}
