//! Saving evidence of a run's incident. What gathers and writes it is handed in: this room knows neither the questions
//! nor the file, only which window, under which name, and what is to be said of it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use chrono::TimeDelta;

use super::carry::Carrier;
use super::plan::Plan;
use super::steps::Ended;
use crate::client::Clients;
use crate::model::Time;
use crate::text::run::EN as WORDS;

/// How long after its beginning an incident is of interest: what broke first stands in the first hours.
const MOST: TimeDelta = TimeDelta::hours(2);

/// What is to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The incident, or the run where there is none: the beginning of the file's name.
    pub name: String,
    /// The run, which makes the name one of its own; the same step done again writes the same file.
    pub run: String,
    /// From when.
    pub start: Time,
    /// Until when.
    pub end: Time,
}

/// What was saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Where, how much, and its seal, in a line.
    pub words: String,
    /// What is not in it, a line each.
    pub missing: Vec<String>,
}

type Saving = Pin<Box<dyn Future<Output = Result<Saved, String>> + Send>>;

/// What saves evidence: asks these servers, and writes a file. The error says why there is none.
#[derive(Clone)]
pub struct Collector(Arc<dyn Fn(Clients, Wanted) -> Saving + Send + Sync>);

impl Collector {
    /// One that does it so.
    pub fn new<F>(save: impl Fn(Clients, Wanted) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Saved, String>> + Send + 'static,
    {
        Self(Arc::new(move |clients, wanted| Box::pin(save(clients, wanted))))
    }
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Collector").finish_non_exhaustive()
    }
}

/// The window of an incident that began then: from so long before it until now, or until its first hours are over.
fn window(began: Option<Time>, before_s: u32, now: Time) -> (Time, Time) {
    let began = began.unwrap_or(now).min(now);
    (began - TimeDelta::seconds(i64::from(before_s)), now.min(began + MOST))
}

/// Carries the step out.
pub(super) async fn collect(carrier: &Carrier, run: &str, plan: &Plan, before_s: u32) -> Ended {
    let now = carrier.hands.clock.now();
    let id = plan.incident.clone();
    let began = carrier
        .hands
        .read(move |journal| {
            let incident = id.map(|id| journal.incident(&id)).transpose()?.flatten();
            Ok(incident.map(|one| one.began_at.unwrap_or(one.opened_at)))
        })
        .await;
    let began = match began {
        Ok(began) => began,
        Err(error) => return Ended::Failed(String::new(), error.to_string()),
    };
    let (start, end) = window(began, before_s, now);
    let name = plan.incident.clone().unwrap_or_else(|| run.to_owned());
    let wanted = Wanted { name, run: run.to_owned(), start, end };
    match (carrier.collector.0)(carrier.hands.clients.clone(), wanted).await {
        Ok(Saved { words, missing }) if missing.is_empty() => Ended::Done(words),
        Ok(Saved { words, missing }) => Ended::Done((WORDS.collected_partly)(&words, &missing.join("\n"))),
        Err(why) => Ended::Failed(String::new(), why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_begins_before_the_incident_and_ends_with_its_first_hours() {
        let at = |text: &str| -> Time { text.parse().expect("a time") };
        let now = at("2026-11-22T06:12:00Z");
        let half = 30 * 60;
        assert_eq!(window(None, half, now), (at("2026-11-22T05:42:00Z"), now));
        assert_eq!(window(Some(at("2026-11-22T06:00:00Z")), half, now), (at("2026-11-22T05:30:00Z"), now));
        let old = Some(at("2026-11-21T06:00:00Z"));
        assert_eq!(window(old, half, now), (at("2026-11-21T05:30:00Z"), at("2026-11-21T08:00:00Z")));
        let skewed = Some(at("2026-11-22T07:00:00Z"));
        assert_eq!(window(skewed, half, now), (at("2026-11-22T05:42:00Z"), now), "a clock that is ahead");
    }
}
