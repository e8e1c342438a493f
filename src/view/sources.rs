//! The sources and Prometheus's scrape targets.

use super::vm::{Level, PaneState, SourceRowVm, SourcesVm, TargetRowVm};
use super::{chrome, clock, status};
use crate::model::ask::TargetHealth;
use crate::model::{Leak, SourceId};
use crate::state::State;
use crate::state::demand::SKEW_S;
use crate::store::{Health, Remote};

/// Builds the view.
pub fn build(state: &State) -> SourcesVm {
    let sources = state.all_sources();
    let cursor = state.places.sources.min(sources.len().saturating_sub(1));
    let (targets, targets_note, targets_state) = targets(state);
    SourcesVm {
        rows: sources.iter().map(|source| row(state, source)).collect(),
        cursor,
        detail: sources.get(cursor).map_or_else(Vec::new, |source| detail(state, source)),
        targets,
        targets_note,
        targets_state,
    }
}

fn row(state: &State, source: &SourceId) -> SourceRowVm {
    let text = state.setup.text.view;
    let Some(url) = state.setup.sources.get(source) else {
        return SourceRowVm {
            name: source.to_string(),
            state: PaneState::Unconfigured,
            url: String::new(),
            version: String::new(),
            latency: String::new(),
            age: String::new(),
            message: (text.source.how)(source.kind()),
        };
    };
    let store = state.shown();
    let lamp = chrome::lamp(state, source);
    let health = store.health.get(source);
    let about = store.about.get(source).and_then(Remote::value);
    let words = store.ready.get(source).and_then(Remote::value).filter(|about| about.ready == Some(false));
    let usual = i64::from(state.interval_s().max(15)) * 2;
    let age = match health.and_then(|health| health.answered_at) {
        Some(at) => {
            let age = (state.shown_now() - at).num_seconds();
            if age < usual { (text.fresh)(usual as u32) } else { (text.ago)(&clock::age(age)) }
        }
        None => text.source.never.to_owned(),
    };
    SourceRowVm {
        name: source.to_string(),
        state: lamp.state,
        url: url.clone(),
        version: about.map_or_else(String::new, |about| about.version.to_string()),
        latency: health.and_then(|health| health.took_ms).map_or_else(String::new, chrome::latency),
        age,
        message: match health {
            Some(health) if health.fault.is_some() => chrome::fault_words(state, health),
            Some(Health { clock_skew_s: Some(skew), .. }) if skew.abs() >= SKEW_S => {
                let text = &text.source;
                format!("{} {}", text.clock, (text.skew)(&clock::age(skew.abs()), *skew > 0))
            }
            _ => match (words, store.leaking_streams(source)) {
                (Some(about), _) => about.words.to_string(),
                (None, 0) => String::new(),
                (None, streams) => (state.setup.text.leaks.streams)(streams),
            },
        },
    }
}

/// Leaks by stream, the first ones with the greatest counts.
fn leaking(leaks: &[Leak]) -> Vec<(&str, Vec<&Leak>)> {
    let mut streams: Vec<(&str, Vec<&Leak>)> = Vec::new();
    for leak in leaks {
        let stream = leak.stream.as_deref().unwrap_or("");
        match streams.iter_mut().find(|(known, _)| *known == stream) {
            Some((_, of)) => of.push(leak),
            None => streams.push((stream, vec![leak])),
        }
    }
    streams
}

/// Streams that a source's detail names.
const NAMED: usize = 6;

/// A line for each stream that holds personal data.
fn leaks(state: &State, source: &SourceId) -> Vec<(String, String)> {
    let words = state.setup.text.leaks;
    let leaks = state.shown().leaks(source);
    let streams = leaking(&leaks);
    let line = |(stream, leaks): &(&str, Vec<&Leak>)| {
        let kinds: Vec<(&str, u64)> =
            leaks.iter().map(|leak| (leak.kind.as_deref().unwrap_or(""), leak.count)).collect();
        let since =
            leaks.iter().map(|leak| leak.first).min().map_or_else(String::new, |at| clock::near(state, at));
        (words.stream)(stream, &kinds, &since)
    };
    let mut lines: Vec<String> = streams.iter().take(NAMED).map(line).collect();
    if streams.len() > NAMED {
        lines.push((words.more)(streams.len() - NAMED));
    }
    let name = |at: usize| if at == 0 { words.head.to_owned() } else { String::new() };
    lines.into_iter().enumerate().map(|(at, line)| (name(at), line)).collect()
}

fn detail(state: &State, source: &SourceId) -> Vec<(String, String)> {
    let text = state.setup.text.view;
    let words = &text.source;
    let Some(url) = state.setup.sources.get(source) else {
        return vec![(String::new(), (words.how)(source.kind()))];
    };
    let store = state.shown();
    let mut lines = vec![(words.url.to_owned(), url.clone())];
    if let Some(about) = store.about.get(source).and_then(Remote::value) {
        if !about.version.is_empty() {
            lines.push((words.version.to_owned(), about.version.to_string()));
        }
        if let Some(since) = about.since {
            lines.push((words.since.to_owned(), clock::full(state, since)));
        }
    }
    if let Some(about) = store.ready.get(source).and_then(Remote::value)
        && !about.words.is_empty()
    {
        lines.push((words.says.to_owned(), about.words.to_string()));
    }
    if let Some(health) = store.health.get(source) {
        if let Some(at) = health.answered_at {
            // The exact moment of an answer would be drawn anew with each; the minute is enough.
            lines.push((words.answered.to_owned(), clock::near(state, at)));
        }
        if let (Some(since), Some(fault)) = (health.failing_since, &health.fault) {
            lines.push((words.failing.to_owned(), clock::full(state, since)));
            lines.push((words.fault.to_owned(), status::words(state, fault)));
            let advice = (state.setup.text.fault.advice)(fault.kind);
            if !advice.is_empty() {
                lines.push((words.advice.to_owned(), advice.to_owned()));
            }
        }
        if let Some(skew) = health.clock_skew_s.filter(|skew| skew.abs() >= SKEW_S) {
            lines.push((words.clock.to_owned(), (words.skew)(&clock::age(skew.abs()), skew > 0)));
        }
    }
    lines.extend(leaks(state, source));
    lines
}

fn targets(state: &State) -> (Vec<TargetRowVm>, String, PaneState) {
    let text = state.setup.text.view;
    let remote = &state.shown().targets;
    let status = status::of(state, Some(remote), &SourceId::PROMETHEUS, state.interval_s(), false);
    let Some(list) = remote.value() else { return (Vec::new(), status.note, status.state) };
    let now = state.shown_now();
    let mut sorted: Vec<_> = list.iter().collect();
    sorted.sort_by(|a, b| (a.health, &a.job, &a.instance).cmp(&(b.health, &b.job, &b.instance)));
    let up = list.iter().filter(|target| target.health == TargetHealth::Up).count();
    let rows = sorted
        .into_iter()
        .map(|target| TargetRowVm {
            job: target.job.to_string(),
            instance: target.instance.to_string(),
            health: match target.health {
                TargetHealth::Up => "up",
                TargetHealth::Down => "down",
                TargetHealth::Unknown => "unknown",
            }
            .to_owned(),
            level: match target.health {
                TargetHealth::Up => Level::Ok,
                TargetHealth::Down => Level::Critical,
                TargetHealth::Unknown => Level::Warning,
            },
            last_scrape: target.last_scrape.map_or_else(
                || text.source.never.to_owned(),
                |at| {
                    // Scrapes come every few seconds to a minute: steps of a minute keep this still.
                    let age = (now - at).num_seconds();
                    if age < 60 { "<1m".to_owned() } else { clock::age(age / 60 * 60) }
                },
            ),
            error: target.last_error.to_string(),
        })
        .collect();
    let counted = (text.source.targets)(up, list.len());
    // Targets of a server that is silent are no news of today: that comes first, and is not cut.
    let note = match status.state {
        PaneState::Ready => format!("{counted} · {}", status.note),
        _ => format!("{} · {counted}", status.note),
    };
    (rows, note, status.state)
}
