//! The prompt in which a query is typed, its completion and its history.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::overlay::Prompt;
use super::{State, View};
use crate::explore::complete::{Completions, Known, Problem};
use crate::model::ask::{Answer, Key, MetricMeta};
use crate::model::{Fault, Labels, Language, LogField};
use crate::pack::{Pack, ReadyQuery};
use crate::store::{Remote, Store};

/// Most queries that are remembered of each language.
pub const REMEMBERED: usize = 200;
/// Completions in sight at once.
pub const ROWS: usize = 8;
/// Most characters of a query.
pub const LONGEST: usize = 8000;

/// A query being typed.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryPrompt {
    /// Language.
    pub language: Language,
    /// Text and cursor.
    pub prompt: Prompt,
    /// Whether it chooses among ready and recent queries: then the text only says which.
    pub ready: bool,
    /// Place in the history, 0 is the newest; `None` while something new is typed.
    pub recalled: Option<usize>,
    /// What was typed before the history was looked into.
    pub draft: String,
    /// What can be put at the cursor, or chosen.
    pub found: Completions,
    /// Which of them is chosen.
    pub chosen: Option<usize>,
    /// What is wrong with the text; `None` while it is right or merely unfinished.
    pub problem: Option<Problem>,
}

impl QueryPrompt {
    /// A prompt that starts with a text.
    pub fn with(language: Language, text: &str) -> Self {
        Self {
            language,
            prompt: Prompt::with(text),
            ready: false,
            recalled: None,
            draft: String::new(),
            found: Completions::default(),
            chosen: None,
            problem: None,
        }
    }

    /// First completion in sight.
    pub fn first(&self) -> usize {
        self.chosen.map_or(0, |chosen| (chosen + 1).saturating_sub(ROWS))
    }
}

/// Queries that were run, newest first; masked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histories(pub BTreeMap<Language, Vec<Arc<str>>>);

impl Histories {
    /// Those of one language, newest first.
    pub fn of(&self, language: Language) -> &[Arc<str>] {
        self.0.get(&language).map_or(&[], Vec::as_slice)
    }

    /// Keeps a query as the newest. One that was there before moves to the front; the oldest goes.
    pub fn remember(&mut self, language: Language, query: Arc<str>) {
        let list = self.0.entry(language).or_default();
        list.retain(|one| *one != query);
        list.insert(0, query);
        list.truncate(REMEMBERED);
    }
}

/// Ready queries of a language.
pub fn ready(pack: &Pack, language: Language) -> &[ReadyQuery] {
    match language {
        Language::LogQl => &pack.explore.logs,
        Language::TraceQl => &pack.explore.traces,
        Language::PromQl => &pack.explore.metrics,
    }
}

/// Language and query of the view in sight; the pack's first where the view has none of its own. `None` where the
/// view is no query's.
pub fn present(state: &State) -> Option<(Language, Arc<str>)> {
    let (language, query) = match state.view() {
        View::Logs(query) => (Language::LogQl, query),
        View::Traces(query) => (Language::TraceQl, query),
        View::Metrics(query) => (Language::PromQl, query),
        _ => return None,
    };
    if !query.is_empty() {
        return Some((language, query.clone()));
    }
    let first = ready(&state.setup.pack, language).first();
    Some((language, first.map_or("", |one| one.query.as_str()).into()))
}

/// What completion needs to know for what is being typed, with seconds between answers (0 asks once): exactly the
/// names that can stand at the cursor.
pub fn wants(state: &State, prompt: &QueryPrompt) -> Vec<(Key, u32)> {
    let known = |key: &&Key| state.has(&key.source());
    prompt.found.wants.iter().filter(known).map(|key| (key.clone(), 0)).collect()
}

/// What is known of a question that completion asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Asked<'s> {
    /// There is nobody to ask.
    Nobody,
    /// No answer has come yet.
    Waiting,
    /// There is none, and why.
    Failed(&'s Fault),
    /// There is one.
    Answered,
}

/// How it stands with a question of completion.
pub fn asked<'s>(state: &'s State, key: &Key) -> Asked<'s> {
    fn of<T>(remote: Option<&Remote<T>>) -> Asked<'_> {
        match remote {
            Some(remote) if remote.value().is_some() => Asked::Answered,
            Some(remote) => remote.last_fault().map_or(Asked::Waiting, Asked::Failed),
            None => Asked::Waiting,
        }
    }
    let store = &state.store;
    match key {
        key if !state.has(&key.source()) => Asked::Nobody,
        Key::LabelNames => of(store.names.get(&None)),
        Key::LabelValues(name) => of(store.names.get(&Some(name.clone()))),
        Key::Metadata => of(Some(&store.metadata)),
        key => of(store.explored(key)),
    }
}

/// Names as the answers that have come tell them.
#[derive(Clone, Copy, Debug)]
pub struct Learned<'s>(pub &'s Store);

/// Most series that are looked through for the labels of a metric.
const LOOKED_THROUGH: usize = 20_000;

impl Known for Learned<'_> {
    fn names(&self, key: &Key) -> Option<&[Box<str>]> {
        match key {
            Key::LabelNames => Some(self.0.names.get(&None)?.value()?),
            Key::LabelValues(name) => Some(self.0.names.get(&Some(name.clone()))?.value()?),
            key => match &**self.0.explored(key)?.value()? {
                Answer::Names(names) => Some(names),
                _ => None,
            },
        }
    }

    fn fields(&self, key: &Key) -> Option<&[LogField]> {
        match &**self.0.explored(key)?.value()? {
            Answer::LogFields(fields) => Some(fields),
            _ => None,
        }
    }

    fn metadata(&self) -> Option<&[MetricMeta]> {
        Some(self.0.metadata.value()?)
    }

    fn labels_of(&self, metric: &str) -> Vec<Box<str>> {
        let instants = self.0.instants.values().filter_map(Remote::value);
        let instants = instants.flat_map(|samples| samples.iter()).map(|one| &one.labels);
        let ranges = self.0.ranges.values().filter_map(|history| history.remote.value());
        let ranges = ranges.flat_map(|series| series.iter()).map(|one| &one.labels);
        let of_metric = |labels: &&Labels| labels.metric_name() == metric;
        let mut names: Vec<Box<str>> = Vec::new();
        for labels in instants.chain(ranges).take(LOOKED_THROUGH).filter(of_metric) {
            for (name, _) in labels.iter() {
                if name != "__name__" && names.iter().all(|one| **one != *name) {
                    names.push(name.into());
                }
            }
        }
        names.sort_unstable();
        names
    }
}
