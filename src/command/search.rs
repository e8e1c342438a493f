//! Fuzzy search over the table, for the palette.

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::{COMMANDS, Command, CommandId, Context};
use crate::model::Role;

/// A match in the title counts this much more than one in the doc; it is what the person sees.
const TITLE_WEIGHT: u32 = 4;
/// A match in the name, which keymap files and habit know.
const NAME_WEIGHT: u32 = 3;
/// Added when the query is the whole title or the whole name.
const EXACT: u32 = 10_000;

/// A command that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub command: CommandId,
    /// How well; only the order means something. 0 for an empty query.
    pub score: u32,
    /// Character positions in the title that matched, ascending.
    pub title_hits: Vec<u32>,
    /// Whether it works where the search was made.
    pub available: bool,
}

/// The commands that a role may do and that match every word of the query in title, name or doc: first those that work
/// in `contexts`, best first, equals in table order. An empty query lists those that work, in table
/// order. A command that only works while text is typed is left out unless a prompt is among
/// `contexts`: the palette is itself a prompt and could never run it.
pub fn search(query: &str, contexts: &[Context], role: Role) -> Vec<Hit> {
    let words: Vec<Word> = query.split_whitespace().map(Word::new).collect();
    let whole = query.trim().to_lowercase();
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut hits: Vec<Hit> = COMMANDS
        .iter()
        .filter(|command| command.needs <= role)
        .filter(|command| {
            let typing =
                |context: &Context| matches!(context, Context::Prompt | Context::Query | Context::Dialog);
            !command.contexts.iter().all(typing) || contexts.iter().any(typing)
        })
        .filter_map(|command| {
            let available = command.available(contexts);
            if words.is_empty() && !available {
                return None;
            }
            let (mut score, title_hits) = rate(&words, command, &mut matcher)?;
            if !whole.is_empty() && (whole == command.name || whole == command.title.to_lowercase()) {
                score = score.saturating_add(EXACT);
            }
            Some(Hit { command: command.id, score, title_hits, available })
        })
        .collect();
    hits.sort_by_key(|hit| (!hit.available, std::cmp::Reverse(hit.score), hit.command));
    hits
}

/// One word of a query. In the long docs only whole runs of characters count: a scattered match in a
/// sentence means nothing.
struct Word {
    fuzzy: Atom,
    run: Atom,
}

impl Word {
    fn new(word: &str) -> Self {
        let atom = |kind| Atom::new(word, CaseMatching::Ignore, Normalization::Smart, kind, false);
        Self { fuzzy: atom(AtomKind::Fuzzy), run: atom(AtomKind::Substring) }
    }
}

/// Score over all words with the title's matched positions; `None` when a word is found nowhere.
fn rate(words: &[Word], command: &Command, matcher: &mut Matcher) -> Option<(u32, Vec<u32>)> {
    let mut buffer = Vec::new();
    let mut total = 0u32;
    let mut hits = Vec::new();
    for word in words {
        let mut places = Vec::new();
        let title = Utf32Str::new(command.title, &mut buffer);
        let in_title = word.fuzzy.indices(title, matcher, &mut places);
        let name = Utf32Str::new(command.name, &mut buffer);
        let in_name = word.fuzzy.score(name, matcher);
        let doc = Utf32Str::new(command.doc, &mut buffer);
        let in_doc = word.run.score(doc, matcher);
        let best = [
            in_title.map(|score| u32::from(score) * TITLE_WEIGHT),
            in_name.map(|score| u32::from(score) * NAME_WEIGHT),
            in_doc.map(u32::from),
        ];
        total = total.saturating_add(best.into_iter().flatten().max()?);
        if in_title.is_some() {
            hits.append(&mut places);
        }
    }
    hits.sort_unstable();
    hits.dedup();
    Some((total, hits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALERTS: &[Context] = &[Context::Alerts, Context::Global];
    const PAGE: &[Context] = &[Context::Page, Context::Global];

    fn first(query: &str, contexts: &[Context]) -> Option<CommandId> {
        search(query, contexts, Role::Admin).first().map(|hit| hit.command)
    }

    #[test]
    fn what_a_person_types_finds_what_they_mean() {
        for (query, want) in [
            ("q", CommandId::Quit),
            ("quit", CommandId::Quit),
            ("hard", CommandId::Hardware),
            ("HARD", CommandId::Hardware),
            ("alerts", CommandId::Alerts),
            ("sort", CommandId::Sort),
            ("srt", CommandId::Sort),
            ("sort alerts", CommandId::Sort),
            ("theme", CommandId::SwitchTheme),
            ("switch ctx", CommandId::SwitchContext),
            ("time.live", CommandId::TimeNow),
            ("clipboard", CommandId::Copy),
            ("utc", CommandId::Utc),
            ("models", CommandId::Models),
        ] {
            assert_eq!(first(query, ALERTS), Some(want), "{query}: {:?}", search(query, ALERTS, Role::Admin));
        }
    }

    #[test]
    fn every_title_and_name_finds_its_own_command_first_where_it_works() {
        for command in COMMANDS {
            assert_eq!(first(command.name, command.contexts), Some(command.id), "{}", command.name);
            assert_eq!(first(command.title, command.contexts), Some(command.id), "{}", command.title);
        }
    }

    #[test]
    fn an_empty_query_lists_what_works_in_table_order() {
        for contexts in [ALERTS, PAGE, &[Context::Prompt]] {
            let listed: Vec<_> = search("  ", contexts, Role::Admin).iter().map(|hit| hit.command).collect();
            let want: Vec<_> =
                COMMANDS.iter().filter(|command| command.available(contexts)).map(|c| c.id).collect();
            assert_eq!(listed, want);
        }
    }

    #[test]
    fn what_does_not_work_here_comes_last_and_says_so() {
        let hits = search("s", PAGE, Role::Admin);
        let split = hits.iter().position(|hit| !hit.available).expect("sort does not work on a page");
        assert!(hits[split..].iter().all(|hit| !hit.available));
        assert!(hits[split..].iter().any(|hit| hit.command == CommandId::Sort));
        assert!(
            hits.iter().all(|hit| hit.command != CommandId::DeleteWord),
            "prompt commands cannot run here"
        );
    }

    #[test]
    fn a_role_finds_only_what_it_may_do() {
        let named = |role| -> Vec<CommandId> {
            search("ack", ALERTS, role).into_iter().map(|hit| hit.command).collect()
        };
        assert!(named(Role::Responder).contains(&CommandId::Ack));
        assert!(!named(Role::Viewer).contains(&CommandId::Ack));
        for command in COMMANDS.iter().filter(|command| command.needs > Role::Viewer) {
            let hits = search("", command.contexts, Role::Viewer);
            assert!(hits.iter().all(|hit| hit.command != command.id), "{}", command.name);
        }
    }

    #[test]
    fn nonsense_finds_nothing_and_signs_mean_themselves() {
        for query in ["zzzzqqq", "^quit$", "!sort", "\u{1b}[31m", "日本"] {
            assert!(search(query, ALERTS, Role::Admin).is_empty(), "{query}");
        }
    }

    #[test]
    fn hits_stand_at_the_matching_characters_of_the_title() {
        let hits = search("hrd", PAGE, Role::Admin);
        assert_eq!(hits[0].command, CommandId::Hardware);
        let title: Vec<char> = CommandId::Hardware.command().title.to_lowercase().chars().collect();
        let found: String = hits[0].title_hits.iter().map(|at| title[*at as usize]).collect();
        assert_eq!(found, "hrd");
    }

    proptest! {
        #[test]
        fn any_query_gives_a_stable_list_without_doubles(query in ".{0,24}") {
            let hits = search(&query, ALERTS, Role::Admin);
            prop_assert_eq!(&hits, &search(&query, ALERTS, Role::Admin));
            let mut ids: Vec<_> = hits.iter().map(|hit| hit.command).collect();
            ids.sort_unstable();
            ids.dedup();
            prop_assert_eq!(ids.len(), hits.len());
            for hit in &hits {
                let length = hit.command.command().title.chars().count() as u32;
                prop_assert!(hit.title_hits.iter().all(|at| *at < length));
            }
        }
    }
}
