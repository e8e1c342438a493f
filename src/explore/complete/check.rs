//! What is plainly wrong with a query while it is typed.
//!
//! The readers of `query` know what the embedded hospital knows, which may be less than a real server does; so nothing
//! is refused here. What is wrong only because the end is missing, or because the person is just there, is no problem.

use super::token::{Before, Rules, Token, What, tokens};
use super::{logql, promql, traceql};
use crate::model::Language;
use crate::query::logql::{LogQl, LogQlError};
use crate::query::promql::{Promql, QueryError};
use crate::query::traceql::{TraceQl, TraceQlError};
use crate::text::languages::LanguagesText;
use crate::text::languages::promql::PromqlText;

/// Longest query that is looked at, in bytes: it happens at every key.
const LONGEST: usize = 16_384;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// At which character.
    pub at: usize,
    /// What, in one line.
    pub words: String,
}

/// What is plainly wrong with a text, if anything; `cursor` in characters.
pub fn problem(language: Language, text: &str, cursor: usize, words: &LanguagesText) -> Option<Problem> {
    if text.trim().is_empty() || text.len() > LONGEST {
        return None;
    }
    let cursor = text.char_indices().nth(cursor).map_or(text.len(), |(at, _)| at);
    let (at, said) = match language {
        Language::LogQl => match LogQl::parse(text) {
            Err(LogQlError::Parse(said)) => placed(text, &said)?,
            _ => return None,
        },
        Language::TraceQl => match TraceQl::parse(text) {
            Err(TraceQlError::Parse(said)) => placed(text, &said)?,
            _ => return None,
        },
        Language::PromQl => match Promql::parse(text) {
            Err(QueryError::BadData(said)) => in_promql(text, cursor, &said, words)?,
            _ => return None,
        },
    };
    if is_unfinished(language, text, at, cursor) {
        return None;
    }
    let rules = rules(language);
    let token = tokens(text, rules).into_iter().find(|token| token.start <= at && at < token.end);
    let is_call =
        |token: &Token<'_>| token.what == What::Word && text[token.end..].trim_start().starts_with('(');
    let said = match token {
        Some(token) if is_call(&token) && said.contains("IDENTIFIER") => (words.no_function)(token.text),
        _ => said,
    };
    Some(Problem { at: text.get(..at)?.chars().count(), words: said })
}

fn rules(language: Language) -> &'static Rules {
    match language {
        Language::LogQl => &logql::RULES,
        Language::TraceQl => &traceql::RULES,
        Language::PromQl => &promql::RULES,
    }
}

/// Whether the problem is only that the text ends, or that the person is at it.
fn is_unfinished(language: Language, text: &str, at: usize, cursor: usize) -> bool {
    if text[at..].trim().is_empty() {
        return true;
    }
    // Between the cursor and the problem is nothing: what is missing is being typed.
    let between = if cursor <= at { &text[cursor..at] } else { "" };
    if cursor <= at && between.trim().is_empty() {
        return true;
    }
    let tokens = tokens(text, rules(language));
    if tokens.iter().any(|token| matches!(token.what, What::Text(_, false))) {
        return true;
    }
    // The word at the cursor is not yet whole.
    tokens.iter().any(|token| {
        let is_word = matches!(token.what, What::Word | What::Number | What::Sign);
        is_word && token.start <= at && at < token.end && token.start <= cursor && cursor <= token.end
    })
}

/// Place and words of an error that names line and column: `… at line 1, col 7: syntax error: …`.
fn placed(text: &str, said: &str) -> Option<(usize, String)> {
    let (_, rest) = said.split_once("at line ")?;
    let (line, rest) = rest.split_once(", col ")?;
    let (column, words) = rest.split_once(": ")?;
    let at = byte_of(text, line.parse().ok()?, column.parse().ok()?)?;
    Some((at, words.strip_prefix("syntax error: ").unwrap_or(words).to_owned()))
}

fn byte_of(text: &str, line: usize, column: usize) -> Option<usize> {
    let mut start = 0;
    for _ in 1..line {
        start += text.get(start..)?.find('\n')? + 1;
    }
    let rest = text.get(start..)?;
    let at = rest.char_indices().nth(column.checked_sub(1)?).map_or(rest.len(), |(at, _)| at);
    Some(start + at)
}

/// Prometheus's errors name a place, a function, or nothing; then the first word or sign that cannot stand where it
/// does is looked for.
fn in_promql(text: &str, cursor: usize, said: &str, words: &LanguagesText) -> Option<(usize, String)> {
    if let Some((place, rest)) = said.split_once(": parse error: ") {
        let (line, column) = place.split_once(':')?;
        // The reader stands behind what it read, or before what it did not expect.
        let behind = byte_of(text, line.parse().ok()?, column.parse().ok()?)?;
        let tokens = tokens(text, &promql::RULES);
        let read = tokens.iter().find(|token| token.start < behind && behind <= token.end);
        let is_end = rest.starts_with("unclosed") || rest.contains("end of input");
        let at = match read {
            _ if is_end => text.len(),
            Some(token) if !rest.starts_with("unexpected") => token.start,
            _ => behind,
        };
        return Some((at, rest.to_owned()));
    }
    let said = said.strip_prefix("parse error: ").unwrap_or(said);
    let tokens = tokens(text, &promql::RULES);
    if let Some(at) = misplaced(&tokens, words.promql) {
        let token = tokens.get(at)?;
        return Some((token.start, (words.unexpected)(token.text)));
    }
    let name = said.split_once('\'').and_then(|(_, rest)| rest.split_once('\'')).map(|(name, _)| name)?;
    let at = tokens.iter().find(|token| token.is_word(name)).map(|token| token.start)?;
    // Its arguments are being typed.
    let before = Before::of(text, cursor, &promql::RULES);
    let inside =
        before.frames.iter().zip(before.frames.iter().skip(1)).any(|(outer, inner)| {
            inner.open == '(' && outer.items.last().is_some_and(|head| head.is_word(name))
        });
    if inside {
        return None;
    }
    Some((at, said.to_owned()))
}

/// What may come next.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Operand,
    Operator,
}

/// The first token that cannot stand where it does.
fn misplaced(tokens: &[Token<'_>], words: &PromqlText) -> Option<usize> {
    let is_one = |token: &Token<'_>, list: &[&str]| list.iter().any(|word| token.is_word(word));
    let mut open: Vec<char> = Vec::new();
    let mut next = Next::Operand;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let follows = tokens.get(at + 1).map(|next| next.what);
        match (token.what, next) {
            (What::Comment, _) => {}
            (What::Word, _)
                if is_one(token, &["by", "without", "on", "ignoring", "group_left", "group_right"]) =>
            {
                // The list in brackets that belongs to it, where one has begun.
                if follows == Some(What::Open('(')) {
                    at = closing(tokens, at + 1)?;
                    let is_head = at + 1 < tokens.len() && tokens[at + 1].what == What::Open('(');
                    next = if is_head || next == Next::Operand { Next::Operand } else { Next::Operator };
                }
            }
            (What::Word, Next::Operator) if is_one(token, &["and", "or", "unless", "atan2"]) => {
                next = Next::Operand;
            }
            (What::Word, Next::Operator) if token.is_word("offset") => {
                // A length of time follows, with a sign or without.
                let sign = tokens.get(at + 1).is_some_and(|one| one.is_sign("-") || one.is_sign("+"));
                at += 1 + usize::from(sign);
            }
            (What::Word, Next::Operand) if token.is_word("bool") => {}
            (What::Word, Next::Operand) => {
                let is_head = follows == Some(What::Open('('));
                let is_aggregation = words.aggregations.iter().any(|(word, _)| token.is_word(word));
                let grouped = tokens.get(at + 1).is_some_and(|one| is_one(one, &["by", "without"]));
                next = if is_head || is_aggregation && grouped { Next::Operand } else { Next::Operator };
            }
            (What::Number | What::Text(..), Next::Operand) => next = Next::Operator,
            (What::Sign, Next::Operand) if matches!(token.text, "+" | "-") => {}
            (What::Sign, Next::Operator) if !matches!(token.text, "=" | "=~" | "!~" | "!" | ";") => {
                next = Next::Operand;
            }
            (What::Open('('), Next::Operand) => open.push('('),
            (What::Open('{'), _) => {
                // What stands in braces is for the reader to say.
                at = closing(tokens, at)?;
                next = Next::Operator;
            }
            (What::Open('['), Next::Operator) => at = closing(tokens, at)?,
            (What::Comma, Next::Operator) if open.last() == Some(&'(') => next = Next::Operand,
            (What::Close(')'), _) if open.pop().is_some() => {
                let is_empty = at > 0 && tokens[at - 1].what == What::Open('(');
                if next == Next::Operand && !is_empty {
                    return Some(at);
                }
                next = Next::Operator;
            }
            _ => return Some(at),
        }
        at += 1;
    }
    None
}

/// Where the bracket that opens at `at` is closed; `None` where it is not.
fn closing(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.what {
            What::Open(_) => depth += 1,
            What::Close(_) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::languages::EN;
    use proptest::prelude::*;

    /// `¦` is the cursor, which is at the end where there is none; the problem's character and words.
    fn found(language: Language, text: &str) -> Option<(usize, String)> {
        let cursor = text.chars().position(|c| c == '¦').unwrap_or(usize::MAX);
        let text = text.replace('¦', "");
        problem(language, &text, cursor, &EN).map(|one| (one.at, one.words))
    }

    fn at(language: Language, text: &str) -> Option<usize> {
        found(language, text).map(|(at, _)| at)
    }

    fn check(language: Language, table: &[(&str, Option<usize>)]) {
        let wrong: Vec<String> = table
            .iter()
            .filter(|(text, want)| at(language, text) != *want)
            .map(|(text, want)| format!("{text}: {:?}, not {want:?}", found(language, text)))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn what_is_plainly_wrong_in_promql_is_told_with_its_place() {
        check(
            Language::PromQl,
            &[
                ("up", None),
                ("sum by (job) (rate(up[5m]))", None),
                ("up offset 5m", None),
                ("foo bar + 1", Some(4)),
                ("foo + * bar", Some(6)),
                ("* foo", Some(0)),
                ("sum(foo)) + 1", Some(8)),
                ("ratee(foo[5m]) + 1", Some(0)),
                ("rate(foo) + 1", Some(0)),
                ("sum(foo + ) + 1", Some(10)),
                ("foo[5x] + 1", Some(4)),
                ("up{a=\"ção\"} bar + 1", Some(12)),
                // Not yet at its end, or the person is just there.
                ("", None),
                ("sum(", None),
                ("sum(rate(up", None),
                ("up{", None),
                ("up{job=\"", None),
                ("up{job=\"a\", ", None),
                ("up + ", None),
                ("up off", None),
                ("rate(up¦)", None),
                ("sum(up + ¦)", None),
                ("ratee¦(up[5m])", None),
            ],
        );
    }

    #[test]
    fn what_is_plainly_wrong_in_logql_is_told_with_its_place() {
        check(
            Language::LogQl,
            &[
                ("{a=\"b\"} |= \"x\" | json | level=\"error\"", None),
                ("{a=b} | json", Some(3)),
                ("{a} | json", Some(2)),
                ("{a=\"b\"} foo | json", Some(8)),
                ("{a=\"b\"} |= x | json", Some(11)),
                ("rate({a=\"b\"}) + 1", Some(12)),
                ("", None),
                ("{", None),
                ("{a=\"b", None),
                ("{a=\"b\"} |", None),
                ("{a=\"b\"} | js", None),
                ("rate({a=\"b\"}¦)", None),
                ("{a=¦}", None),
            ],
        );
        assert_eq!(
            found(Language::LogQl, "foo({a=\"b\"}[5m]) + 1"),
            Some((0, "no function is known as foo here; the server decides".to_owned()))
        );
    }

    #[test]
    fn what_is_plainly_wrong_in_traceql_is_told_with_its_place() {
        check(
            Language::TraceQl,
            &[
                ("{ name = \"x\" } | rate() by (resource.service.name)", None),
                ("{ name x } | rate()", Some(7)),
                ("{ .a == 1 } | rate()", Some(6)),
                ("{} {} | rate()", Some(3)),
                ("{", None),
                ("{ name = ", None),
                ("{ name = ¦ }", None),
                ("{ .a = 1 && ¦}", None),
                ("{} | ra", None),
            ],
        );
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,60}|[a-z{}()\\[\\]\"'|=~!,. 0-9é]{0,40}", cursor in 0_usize..70) {
            for language in [Language::LogQl, Language::TraceQl, Language::PromQl] {
                if let Some(problem) = problem(language, &text, cursor, &EN) {
                    prop_assert!(problem.at < text.chars().count(), "{problem:?}");
                    prop_assert!(!problem.words.is_empty() && !problem.words.contains('\n'));
                }
            }
        }
    }
}
