//! What each kind of step does.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;

use super::carry::{Carrier, Live, told as stop_told};
use super::collect::collect;
use super::command;
use super::plan::{Doing, Plan, Planned, argv};
use crate::client::post::Poster;
use crate::config::Source;
use crate::journal::JournalError;
use crate::model::ask::{Answer, Ask};
use crate::model::deed::{Order, Report, Wanted};
use crate::model::{MatchOp, Matcher, Severity};
use crate::privacy;
use crate::respond::notify::{Board, Note, What};
use crate::respond::outbox::{Hours, tell};
use crate::respond::watch::note_of;
use crate::text::run::EN as WORDS;

/// How a try ended.
pub(super) enum Ended {
    /// Done, with what it said.
    Done(String),
    /// Failed: what it said, why.
    Failed(String, String),
    /// A person stopped it: what it had said.
    Stopped(String),
}

/// Carries a step out, once, within its time.
pub(super) async fn carry_out(
    carrier: &Carrier,
    run: &str,
    plan: &Plan,
    planned: &Planned,
    limit: Duration,
    live: &mut Live<'_>,
    stopped: &mut watch::Receiver<bool>,
) -> Ended {
    // A plan of an embedded place leaves such a step out; one that came from elsewhere is no reason to do it.
    if carrier.acting.contained && planned.doing.reaches_out() {
        return Ended::Failed(String::new(), WORDS.contained.to_owned());
    }
    if let Doing::Command { command: name, argv: shown, with } = &planned.doing {
        // The arguments are made anew from this process's own configuration: what stands in the journal is what was
        // shown, and who can write there must not choose what runs with this process's rights.
        let made = carrier.acting.commands.get(name).map(|bound| argv(name, bound, with));
        return match made {
            None => Ended::Failed(String::new(), (WORDS.unbound)(name)),
            Some(Err(why)) => Ended::Failed(String::new(), why),
            Some(Ok(argv)) if argv != *shown => Ended::Failed(String::new(), (WORDS.binding_changed)(name)),
            Some(Ok(argv)) => command::run(&argv, plan.incident.as_deref(), limit, live, stopped).await,
        };
    }
    let work = async {
        match &planned.doing {
            Doing::Notify { level, message } => notify(carrier, run, plan, level, message).await,
            Doing::Http { method, url, json, bearer_token_file, expect } => {
                http(method, url, json.as_ref(), bearer_token_file.clone(), expect, limit).await
            }
            Doing::Silence { matchers, for_s, comment } => silence(carrier, matchers, *for_s, comment).await,
            Doing::Collect { window_s } => collect(carrier, run, plan, *window_s).await,
            Doing::WaitUntil { query, every_s } => wait_until(carrier, query, *every_s).await,
            Doing::Command { .. } | Doing::Confirm { .. } => Ended::Done(String::new()),
        }
    };
    tokio::select! {
        ended = work => ended,
        () = tokio::time::sleep(limit) => Ended::Failed(String::new(), (WORDS.too_long)(limit.as_secs())),
        () = stop_told(stopped) => Ended::Stopped(String::new()),
    }
}

async fn notify(carrier: &Carrier, run: &str, plan: &Plan, level: &str, message: &str) -> Ended {
    let now = carrier.hands.clock.now();
    let inner = carrier.clone();
    let (level, message, plan, run) = (level.to_owned(), message.to_owned(), plan.clone(), run.to_owned());
    let told = carrier
        .hands
        .read(move |journal| {
            let board = Board::new(&inner.acting, &inner.place);
            let pack = &inner.hands.pack;
            let incident = match &plan.incident {
                Some(id) => journal.incident(id)?,
                None => None,
            };
            let severity = incident.as_ref().map_or(Severity::High, |one| one.severity);
            let mut note = match &incident {
                Some(incident) => note_of(journal, pack, incident, What::Message, now)?,
                None => {
                    Note { event: What::Message, title: plan.title.clone(), at: Some(now), ..Note::default() }
                }
            };
            pack.response.title(&level).clone_into(&mut note.level);
            note.message.clone_from(&message);
            let receivers = board.receivers(&level, severity, now);
            // What a watcher does by itself is the first call, which the level may have had already; what a person
            // asks for is a call of its own.
            let key = match (&plan.incident, plan.automatic) {
                (Some(id), true) => format!("{id}:{level}:told"),
                _ => format!("{run}:{level}"),
            };
            journal.write(|tx| tell(tx, &board, &note, &receivers, Hours::Kept(severity), &key, now))
        })
        .await;
    match told {
        Ok(told) if told.new + told.already == 0 => {
            Ended::Failed(String::new(), WORDS.nobody_reached.to_owned())
        }
        Ok(told) => {
            carrier.letters.notify_one();
            Ended::Done(if told.new > 0 { (WORDS.told)(&told.who) } else { (WORDS.told_before)(&told.who) })
        }
        Err(error) => Ended::Failed(String::new(), error.to_string()),
    }
}

async fn http(
    method: &str,
    url: &str,
    json: Option<&serde_json::Value>,
    bearer_token_file: Option<std::path::PathBuf>,
    expect: &[u16],
    limit: Duration,
) -> Ended {
    let Ok(url) = url::Url::parse(url) else {
        return Ended::Failed(String::new(), WORDS.bad_url.to_owned());
    };
    let source = Source { timeout: limit, bearer_token_file, ..Source::at(url) };
    let body = json.map(|json| json.to_string().into_bytes()).unwrap_or_default();
    match Poster::new(source).send(method, "application/json", body).await {
        Err(fault) => Ended::Failed(String::new(), fault.detail.clone()),
        Ok(posted) => {
            let said: String =
                privacy::safe(&String::from_utf8_lossy(&posted.body)).chars().take(4000).collect();
            let fine = if expect.is_empty() {
                (200..300).contains(&posted.status)
            } else {
                expect.contains(&posted.status)
            };
            let output = format!("HTTP {}\n{said}", posted.status);
            if fine { Ended::Done(output) } else { Ended::Failed(output, (WORDS.http_status)(posted.status)) }
        }
    }
}

async fn silence(carrier: &Carrier, matchers: &[(String, String)], for_s: u32, comment: &str) -> Ended {
    let made: Result<Vec<Matcher>, String> =
        matchers.iter().map(|(name, value)| Matcher::new(name, MatchOp::Equal, value)).collect();
    let matchers = match made {
        Ok(matchers) => matchers,
        Err(why) => return Ended::Failed(String::new(), why),
    };
    let now = carrier.hands.clock.now();
    let wanted = Wanted {
        matchers,
        starts_at: now,
        ends_at: now + TimeDelta::seconds(i64::from(for_s)),
        created_by: carrier.hands.actor.operator.to_string(),
        comment: comment.to_owned(),
    };
    match carrier.hands.carry_out(Order::Silence(wanted)).await {
        Report::Stands(standing, _) => {
            Ended::Done((WORDS.silenced)(&standing.id, &standing.ends_at.to_rfc3339()))
        }
        Report::Refused(why) => Ended::Failed(String::new(), why),
        _ => Ended::Done(String::new()),
    }
}

/// Looks until the query's answer is not empty; the step's time bounds it. What a source answers meanwhile is told.
async fn wait_until(carrier: &Carrier, query: &str, every_s: u32) -> Ended {
    loop {
        let at = carrier.hands.clock.now();
        match carrier.hands.clients.ask(&Ask::Instant { query: query.into(), at }).await {
            Ok(answered) => match answered.answer {
                Answer::Vector(samples) if !samples.is_empty() => {
                    let shown: BTreeMap<String, f64> =
                        samples.iter().take(5).map(|one| (one.labels.to_string(), one.value)).collect();
                    let lines: Vec<String> =
                        shown.into_iter().map(|(labels, value)| format!("{labels} {value}")).collect();
                    return Ended::Done(lines.join("\n"));
                }
                _ => {}
            },
            // A query that is wrong is not mended by waiting.
            Err(fault)
                if matches!(
                    fault.kind,
                    crate::model::FaultKind::BadQuery | crate::model::FaultKind::Setup
                ) =>
            {
                return Ended::Failed(String::new(), fault.detail.clone());
            }
            Err(fault) => tracing::debug!(detail = %fault.detail, "the condition could not be looked at"),
        }
        tokio::time::sleep(Duration::from_secs(u64::from(every_s.max(1)))).await;
    }
}

/// A journal's error as a step's.
impl From<JournalError> for Ended {
    fn from(error: JournalError) -> Self {
        Self::Failed(String::new(), error.to_string())
    }
}
