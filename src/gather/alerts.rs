//! Which alerts fired: from the series `ALERTS`, and from Alertmanager for the present.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::asking::Asker;
use super::window::REACH_S;
use super::{Order, Spans};
use crate::model::ask::{Answer, Ask, Key};
use crate::model::evidence::AlertRecord;
use crate::model::{AlertState, Labels, Severity, SourceId, Time};
use crate::pack::Pack;
use crate::text::gather::EN as WORDS;

/// Step of the series, seconds.
const STEP_S: u32 = 30;
/// An alert that misses so many steps has ended and begun again.
const GAP_S: i64 = 3 * STEP_S as i64;
/// What the series carry besides the alert's own labels.
const OWN: [&str; 2] = ["__name__", "alertstate"];

/// An alert, with what the choice of a window needs to know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenAlert {
    /// As evidence.
    pub record: AlertRecord,
    /// Since when.
    pub starts_at: Time,
    /// Until when; `None` while it fires.
    pub ends_at: Option<Time>,
    /// How bad the field finds it.
    pub severity: Severity,
    /// Where it is.
    pub component: Option<String>,
    /// Whether it fired all along: then it is no news.
    pub standing: bool,
}

/// What fired.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// All of them, by start.
    pub alerts: Vec<SeenAlert>,
    /// Whether anybody could say.
    pub known: bool,
}

impl Seen {
    /// The alerts that are news and that somebody must look at.
    pub fn news(&self) -> impl Iterator<Item = &SeenAlert> {
        self.alerts.iter().filter(|alert| !alert.standing && alert.severity <= Severity::Medium)
    }

    /// Those of a window and its calm time, as evidence.
    pub fn of(&self, spans: &Spans) -> Vec<AlertRecord> {
        let first = spans.baselines.iter().chain([&spans.window]).map(|one| one.start).min();
        let about = |alert: &&SeenAlert| {
            alert.severity < Severity::None
                && alert.starts_at <= spans.window.end
                && alert.ends_at.is_none_or(|end| first.is_none_or(|first| end >= first))
        };
        self.alerts.iter().filter(about).map(|alert| alert.record.clone()).collect()
    }
}

/// Asks both.
pub(super) async fn gather(asker: &Asker<'_>, pack: &Pack, order: &Order) -> Seen {
    let end = order.window.map_or(order.now, |window| window.end);
    let start = order.window.map_or(end, |window| window.start) - TimeDelta::seconds(REACH_S);
    let grid = |at: Time| {
        let step = i64::from(STEP_S);
        chrono::DateTime::from_timestamp(at.timestamp().div_euclid(step) * step, 0).unwrap_or(at)
    };
    let (start, last) = (grid(start), grid(end));
    let query = "ALERTS{alertstate=\"firing\"}";
    let series = Ask::Range { query: query.into(), start, end: last, step_s: STEP_S };
    // Alertmanager knows the present alone.
    let is_present = (order.now - end).num_seconds() < 300;
    let present = async {
        if is_present && asker.has(&SourceId::ALERTMANAGER) {
            asker.ask(WORDS.alerts, Ask::Plain(Key::Alerts)).await
        } else {
            None
        }
    };
    let (series, present) = tokio::join!(asker.ask(WORDS.alerts, series), present);
    let mut seen = Seen::default();
    if let Some(Answer::Matrix(series)) = series {
        seen.known = true;
        for one in &series {
            let labels = one.labels.without(&OWN);
            let name = labels.get("alertname").unwrap_or("").to_owned();
            let moments: Vec<i64> = one.points.iter().map(|point| point.t / 1000).collect();
            for (from, to) in runs(&moments) {
                let at = |s: i64| chrono::DateTime::from_timestamp(s, 0).unwrap_or(start);
                let ends_at = (last.timestamp() - to > i64::from(STEP_S)).then(|| at(to));
                let standing = from <= start.timestamp() + i64::from(STEP_S) && ends_at.is_none();
                seen.alerts.push(alert(pack, &name, &labels, (at(from), ends_at), standing));
            }
        }
    }
    if let Some(Answer::Alerts(alerts)) = present {
        seen.known = true;
        merge(&mut seen, pack, start, alerts.iter().filter(|one| one.state != AlertState::Pending));
    }
    seen.alerts.sort_by(|a, b| {
        (a.starts_at, &a.record.name, &a.record.labels).cmp(&(b.starts_at, &b.record.name, &b.record.labels))
    });
    seen
}

/// Stretches without a gap.
fn runs(moments: &[i64]) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for &at in moments {
        match runs.last_mut() {
            Some((_, last)) if at - *last <= GAP_S => *last = at,
            _ => runs.push((at, at)),
        }
    }
    runs
}

/// Takes in what Alertmanager says: the exact start of what the series know, and what they do not.
fn merge<'a>(
    seen: &mut Seen,
    pack: &Pack,
    reach: Time,
    alerts: impl Iterator<Item = &'a crate::model::Alert>,
) {
    // Its labels hold external ones too: the series' labels are a part of them.
    let mut known: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, one) in seen.alerts.iter().enumerate().filter(|(_, one)| one.ends_at.is_none()) {
        known.entry(one.record.name.to_string()).or_default().push(at);
    }
    let mut more = Vec::new();
    for one in alerts {
        let within = |at: &&usize| {
            seen.alerts.get(**at).is_some_and(|known| {
                known
                    .record
                    .labels
                    .iter()
                    .all(|(name, value)| name == COMPONENT || one.labels.get(name) == Some(value))
            })
        };
        match known.get(one.name()).and_then(|all| all.iter().find(within)).copied() {
            Some(at) => {
                if let Some(alert) = seen.alerts.get_mut(at).filter(|alert| !alert.standing) {
                    let starts_at = one.starts_at.min(alert.starts_at + TimeDelta::seconds(GAP_S));
                    if (alert.starts_at - starts_at).num_seconds().abs() <= GAP_S {
                        (alert.starts_at, alert.record.starts_at) = (starts_at, starts_at);
                    }
                }
            }
            None => {
                let standing = one.starts_at <= reach;
                more.push(alert(pack, one.name(), &one.labels, (one.starts_at, None), standing));
            }
        }
    }
    seen.alerts.extend(more);
}

/// The label that names a component in evidence.
pub(super) const COMPONENT: &str = "service";

fn alert(
    pack: &Pack,
    name: &str,
    labels: &Labels,
    (starts_at, ends_at): (Time, Option<Time>),
    standing: bool,
) -> SeenAlert {
    let component = pack.signals.component(labels).map(str::to_owned);
    let mut own = labels.without(&["alertname"]);
    if let Some(component) = &component {
        own = own.with(COMPONENT, component);
    }
    SeenAlert {
        record: AlertRecord { name: name.into(), labels: own, starts_at, ends_at },
        starts_at,
        ends_at,
        severity: pack.severity_of(labels),
        component,
        standing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_end_where_the_series_pauses() {
        assert_eq!(runs(&[]), []);
        assert_eq!(runs(&[0, 30, 60, 300, 330]), [(0, 60), (300, 330)]);
        assert_eq!(runs(&[0, 90, 181]), [(0, 90), (181, 181)]);
    }
}
