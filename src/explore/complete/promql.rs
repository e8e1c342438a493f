//! What can stand where in PromQL.

use super::Kind;
use super::offer::{Offer, Spot, What, Write};
use super::quote::{self, Quoting};
use super::token::{Before, Partial, Rules, Token, What as Is, tokens};
use crate::model::ask::Key;
use crate::text::languages::promql::PromqlText;

const METRIC: &str = "__name__";

pub(super) const RULES: Rules = Rules {
    quotes: &['"', '\'', '`'],
    signs: &["=~", "!~", "!=", "==", ">=", "<="],
    comment: "#",
    begins: |c| c == '_' || c == ':' || c.is_alphabetic(),
    goes_on: |c| c == '_' || c == ':' || c.is_alphanumeric(),
    quoted_words: false,
};

/// Words that a list of labels follows.
const LISTS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];
/// Binary operators that are words.
const BINARY: [&str; 4] = ["and", "or", "unless", "atan2"];
/// Functions that want a range; those over time besides.
const RANGES: [&str; 11] = [
    "rate",
    "increase",
    "irate",
    "delta",
    "idelta",
    "deriv",
    "predict_linear",
    "changes",
    "resets",
    "holt_winters",
    "double_exponential_smoothing",
];

fn is_one(token: &Token<'_>, words: &[&str]) -> bool {
    words.iter().any(|word| token.is_word(word))
}

/// What can stand at a byte of a text.
pub(super) fn spot(text: &str, at: usize, words: &PromqlText) -> Option<Spot> {
    let before = Before::of(text, at, &RULES);
    if before.partial == Partial::Comment {
        return None;
    }
    match before.top().open {
        '{' => matcher(&before, words),
        '[' => duration(&before, words.durations, "]"),
        _ if before.head().is_some_and(|head| is_one(head, &LISTS)) && before.top().open == '(' => {
            label_list(&before)
        }
        _ => operand_or_operator(&before, words),
    }
}

#[allow(clippy::unnecessary_wraps, reason = "an arm among others that may have nothing to offer")]
fn spot_at(before: &Before<'_>, offers: Vec<Offer>) -> Option<Spot> {
    let (typed, replaces) = before.word();
    Some(Spot { typed: typed.to_owned(), replaces, offers })
}

/// Between braces: a label, an operator, a value.
fn matcher(before: &Before<'_>, words: &PromqlText) -> Option<Spot> {
    let part = before.top().part();
    let metric = before.head().filter(|head| head.what == Is::Word).map(|head| head.text);
    match (part, &before.partial) {
        ([], Partial::Text(quote, _, closed)) => {
            let how = Quoting { open: Some(*quote), closed: *closed, regex: false, bare: false };
            let offer = Offer::names(Key::LabelValues(METRIC.into()), Kind::Metric, Write::Value(how), 0);
            spot_at(before, vec![offer])
        }
        ([], Partial::Number(_)) => None,
        ([], _) => {
            let metrics = metric.map(str::to_owned).into_iter().chain(named(&before.top().items)).collect();
            spot_at(before, labels(metrics, "="))
        }
        ([label], Partial::None) if label.name().is_some() => {
            spot_at(before, vec![Offer::words(words.matchers, Kind::Operator, "", 0)])
        }
        ([label, sign], Partial::None)
            if label.name().is_some() && sign.text == "!" && sign.end == before.at =>
        {
            let offers = vec![Offer::words(words.matchers, Kind::Operator, "", 0)];
            Some(Spot { typed: "!".to_owned(), replaces: sign.start..sign.end, offers })
        }
        ([label, sign], _) if sign.what == Is::Sign => {
            let name = label.name().filter(|name| !name.is_empty())?;
            let kind = if name == METRIC { Kind::Metric } else { Kind::Value };
            values(before, sign.text, Key::LabelValues(name.into()), kind, false)
        }
        _ => None,
    }
}

/// Values of something, in the quotes that are open or in new ones.
#[allow(clippy::unnecessary_wraps, reason = "an arm among others that may have nothing to offer")]
pub(super) fn values(before: &Before<'_>, sign: &str, key: Key, kind: Kind, bare: bool) -> Option<Spot> {
    let (how, typed, replaces) = quoting(before, sign, bare);
    Some(Spot { typed, replaces, offers: vec![Offer::names(key, kind, Write::Value(how), 0)] })
}

/// How a value at the cursor is written, what is typed of it, and what it replaces.
pub(super) fn quoting(
    before: &Before<'_>,
    sign: &str,
    bare: bool,
) -> (Quoting, String, std::ops::Range<usize>) {
    let regex = sign.ends_with('~');
    let (typed, mut replaces) = before.word();
    let mut how = Quoting { open: None, closed: false, regex, bare };
    if let Partial::Text(quote, _, closed) = before.partial {
        (how.open, how.closed) = (Some(quote), closed);
        if regex {
            let from = quote::alternative(typed);
            replaces.start += from;
            // Other alternatives behind the cursor stay.
            let behind = before.text.get(before.at..replaces.end).unwrap_or("");
            if let Some(next) = behind.find(['|', ')']) {
                replaces.end = before.at + next;
                how.closed = true;
            }
            return (how, quote::plain(typed.get(from..).unwrap_or("")), replaces);
        }
    }
    (how, quote::plain(typed), replaces)
}

/// The metric that a selector names as a label.
fn named(items: &[Token<'_>]) -> Option<String> {
    items.windows(3).find_map(|three| {
        let is_name = three[0].is_word(METRIC) && three[1].is_sign("=");
        three[2].name().filter(|_| is_name).map(str::to_owned)
    })
}

fn labels(metrics: Vec<String>, then: &'static str) -> Vec<Offer> {
    vec![
        Offer { what: What::LabelsOf(metrics), kind: Kind::Label, write: Write::Name(then), first: 100 },
        Offer::names(Key::LabelNames, Kind::Label, Write::Name(then), 0),
    ]
}

/// A list of labels: of every metric that the query names.
fn label_list(before: &Before<'_>) -> Option<Spot> {
    if !before.top().part().is_empty() || matches!(before.partial, Partial::Number(_)) {
        return None;
    }
    let tokens = tokens(before.text, &RULES);
    let metrics = tokens.iter().enumerate().filter_map(|(at, token)| {
        let next = tokens.get(at + 1).map(|next| next.what);
        let is_selector = matches!(next, None | Some(Is::Open('{' | '[') | Is::Close(')')));
        (token.what == Is::Word && is_selector).then(|| token.text.to_owned())
    });
    spot_at(before, labels(metrics.collect(), ""))
}

/// A length of time: what is typed decides on the units.
pub(super) fn duration(
    before: &Before<'_>,
    words: &[(&'static str, &'static str)],
    then: &'static str,
) -> Option<Spot> {
    let (mut typed, mut replaces) = match &before.partial {
        Partial::None | Partial::Number(_) | Partial::Word(_) => before.word(),
        Partial::Text(..) | Partial::Comment => return None,
    };
    // The step of a subquery stands behind a colon.
    if let Some(step) = typed.strip_prefix(':') {
        (typed, replaces.start) = (step, replaces.start + 1);
    }
    if before.top().part().last().is_some_and(|last| last.what == Is::Number) && typed.is_empty() {
        return None;
    }
    let mut offers = Vec::new();
    if !typed.is_empty() && typed.chars().all(|c| c.is_ascii_digit()) {
        let made = ["m", "s", "h", "d", "w", "ms"].map(|unit| (format!("{typed}{unit}"), ""));
        let what = What::Made(made.to_vec());
        offers.push(Offer { what, kind: Kind::Duration, write: Write::Then(then), first: 0 });
    }
    offers.push(Offer::words(words, Kind::Duration, then, 0));
    Some(Spot { typed: typed.to_owned(), replaces, offers })
}

fn operand_or_operator(before: &Before<'_>, words: &PromqlText) -> Option<Spot> {
    if matches!(before.partial, Partial::Text(..)) {
        return None;
    }
    let part = before.top().part();
    let is_number = matches!(before.partial, Partial::Number(_));
    let Some((last, earlier)) = part.split_last() else {
        return if is_number { None } else { operand(before, words) };
    };
    let is_aggregation = |token: &Token<'_>| words.aggregations.iter().any(|(word, _)| token.is_word(word));
    let keywords = |list| spot_at(before, vec![Offer::words(list, Kind::Keyword, "", 0)]);
    match last.what {
        Is::Sign if last.text == "@" => keywords(words.moments),
        Is::Word if last.is_word("offset") => duration(before, words.durations, ""),
        Is::Sign if earlier.last().is_some_and(|one| one.is_word("offset")) => {
            duration(before, words.durations, "")
        }
        _ if is_number => None,
        Is::Sign => right_side(before, words, !earlier.is_empty()),
        Is::Word if is_one(last, &BINARY) => right_side(before, words, true),
        Is::Word if last.is_word("bool") => operand(before, words),
        Is::Word if is_one(last, &LISTS) => None,
        Is::Word if is_aggregation(last) => keywords(words.grouping),
        Is::Group('(') => match earlier.split_last() {
            Some((list, before_list)) if is_one(list, &LISTS[..2]) => {
                // Before the arguments of an aggregation, or behind them.
                let is_head = before_list.last().is_some_and(is_aggregation);
                if is_head { None } else { keywords(&words.after_operand[2..]) }
            }
            Some((list, _)) if is_one(list, &LISTS[2..4]) => {
                let mut spot = operand(before, words)?;
                spot.offers.push(Offer::words(words.joining, Kind::Keyword, "", 200));
                Some(spot)
            }
            Some((list, _)) if is_one(list, &LISTS[4..]) => operand(before, words),
            Some((head, _)) if is_aggregation(head) => keywords(words.after_operand),
            _ => keywords(&words.after_operand[2..]),
        },
        _ => keywords(&words.after_operand[2..]),
    }
}

/// What a binary operator, or a sign, is followed by.
fn right_side(before: &Before<'_>, words: &PromqlText, is_binary: bool) -> Option<Spot> {
    let mut spot = operand(before, words)?;
    if is_binary {
        spot.offers.push(Offer::words(words.after_operator, Kind::Keyword, "", 150));
    }
    Some(spot)
}

fn operand(before: &Before<'_>, words: &PromqlText) -> Option<Spot> {
    let head = before.head().filter(|head| head.what == Is::Word && before.top().open == '(');
    let range = head.is_some_and(|head| RANGES.contains(&head.text) || head.text.ends_with("_over_time"));
    let metric = Offer::names(Key::LabelValues(METRIC.into()), Kind::Metric, Write::Metric { range }, 20);
    spot_at(
        before,
        vec![
            metric,
            Offer::words(words.functions, Kind::Function, "(", 0),
            Offer::words(words.aggregations, Kind::Aggregation, "(", 0),
        ],
    )
}
