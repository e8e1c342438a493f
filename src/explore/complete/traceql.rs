//! What can stand where in TraceQL.

use super::Kind;
use super::offer::{Offer, Spot, What, Write};
use super::promql::values;
use super::token::{Before, Partial, Rules, Token, What as Is};
use crate::model::ask::Key;
use crate::text::languages::Word;
use crate::text::languages::traceql::TraceqlText;

pub(super) const RULES: Rules = Rules {
    quotes: &['"', '`'],
    signs: &[
        "!>>", "!<<", "&>>", "&<<", "&&", "||", "=~", "!~", "!=", ">=", "<=", ">>", "<<", "!>", "!<", "&>",
        "&<", "&~",
    ],
    comment: "//",
    begins: |c| c == '_' || c == '.' || c.is_alphabetic(),
    goes_on: |c| !c.is_whitespace() && !"{}()[]=!<>~&|+*/^%,\"`".contains(c),
    quoted_words: true,
};

const COMPARISONS: [&str; 8] = ["=", "!=", "=~", "!~", ">", ">=", "<", "<="];
const LOGIC: [&str; 2] = ["&&", "||"];

/// What can stand at a byte of a text.
pub(super) fn spot(text: &str, at: usize, words: &TraceqlText) -> Option<Spot> {
    let before = Before::of(text, at, &RULES);
    if before.partial == Partial::Comment {
        return None;
    }
    let here = Here { before: &before, words };
    if before.frames.iter().any(|frame| frame.open == '{') {
        return here.condition();
    }
    match (before.top().open, before.head()) {
        ('(', Some(head)) if head.is_word("with") => here.words(words.hints, Kind::Keyword, ""),
        ('(', Some(head)) if head.what == Is::Word => here.arguments(head),
        _ => here.outside(),
    }
}

struct Here<'b, 't> {
    before: &'b Before<'t>,
    words: &'b TraceqlText,
}

impl Here<'_, '_> {
    fn at(&self, offers: Vec<Offer>) -> Option<Spot> {
        let (typed, replaces) = self.before.word();
        let is_word = matches!(self.before.partial, Partial::None | Partial::Word(_));
        is_word.then(|| Spot { typed: typed.to_owned(), replaces, offers })
    }

    fn words(&self, words: &[Word], kind: Kind, then: &'static str) -> Option<Spot> {
        self.at(vec![Offer::words(words, kind, then, 0)])
    }

    /// Between braces.
    fn condition(&self) -> Option<Spot> {
        let items = &self.before.top().items;
        let from = items.iter().rposition(|one| LOGIC.iter().any(|sign| one.is_sign(sign)));
        let part = &items[from.map_or(0, |at| at + 1)..];
        let is_comparison = |one: &Token<'_>| COMPARISONS.iter().any(|sign| one.is_sign(sign));
        match part {
            [] => self.field(" "),
            [not] if not.is_sign("!") => self.field(" "),
            // Half of a sign.
            [_, half] if half.end == self.before.at && (half.is_sign("!") || half.is_sign("&")) => {
                Some(Spot {
                    typed: half.text.to_owned(),
                    replaces: half.start..half.end,
                    offers: vec![
                        Offer::words(self.words.comparisons, Kind::Operator, " ", 0),
                        Offer::words(self.words.logic, Kind::Operator, " ", 0),
                    ],
                })
            }
            [.., field, sign] if is_comparison(sign) => self.value(field, sign),
            [.., sign] if sign.what == Is::Sign => self.field(" "),
            [.., _, sign, _] if is_comparison(sign) => self.words(self.words.logic, Kind::Operator, " "),
            [_] => self.words(self.words.comparisons, Kind::Operator, " "),
            _ => self.words(self.words.logic, Kind::Operator, " "),
        }
    }

    /// What every span has, scopes and attributes.
    fn field(&self, then: &'static str) -> Option<Spot> {
        let (typed, _) = self.before.word();
        let unscoped = typed.starts_with('.');
        let mut offers = vec![
            Offer::words(self.words.intrinsics, Kind::Intrinsic, then, 40),
            Offer::names(Key::TraceTags, Kind::Attribute, Write::Attribute { unscoped }, 0),
        ];
        // A scope that is typed already is no longer looked for.
        if !typed.contains('.') {
            offers.push(Offer::words(self.words.scopes, Kind::Scope, "", 70));
        }
        self.at(offers)
    }

    fn value(&self, field: &Token<'_>, sign: &Token<'_>) -> Option<Spot> {
        let name = field.name().unwrap_or(field.text);
        let plain = name.rsplit([':', '.']).next().unwrap_or(name);
        let is_intrinsic = |word: &str| name == word || name == format!("span:{word}");
        if is_intrinsic("status") {
            return self.words(self.words.statuses, Kind::Value, " ");
        }
        if is_intrinsic("kind") {
            return self.words(self.words.kinds, Kind::Value, " ");
        }
        if matches!(plain, "duration" | "traceDuration" | "timeSinceStart") && !name.contains('.') {
            return self.duration();
        }
        if name.ends_with("childCount") && !name.contains('.') {
            return None;
        }
        // Less and greater compare numbers, of which no list helps.
        if sign.text.starts_with(['<', '>']) || matches!(self.before.partial, Partial::Number(_)) {
            return None;
        }
        let mut spot = values(self.before, sign.text, Key::TraceTagValues(name.into()), Kind::Value, true)?;
        if !matches!(self.before.partial, Partial::Text(..)) && name.contains('.') {
            spot.offers.push(Offer::words(self.words.constants, Kind::Keyword, "", 0));
        }
        Some(spot)
    }

    fn duration(&self) -> Option<Spot> {
        let (typed, replaces) = match &self.before.partial {
            Partial::None | Partial::Number(_) => self.before.word(),
            _ => return None,
        };
        let mut offers = Vec::new();
        if !typed.is_empty() && typed.chars().all(|c| c.is_ascii_digit() || c == '.') {
            let made = ["ms", "s", "m", "us", "h"].map(|unit| (format!("{typed}{unit}"), "")).to_vec();
            offers.push(Offer {
                what: What::Made(made),
                kind: Kind::Duration,
                write: Write::Then(""),
                first: 0,
            });
        }
        offers.push(Offer::words(self.words.durations, Kind::Duration, "", 0));
        Some(Spot { typed: typed.to_owned(), replaces, offers })
    }

    /// In the brackets of a function.
    fn arguments(&self, head: &Token<'_>) -> Option<Spot> {
        let part = self.before.top().part();
        if head.is_word("compare") {
            return if part.is_empty() { self.words(self.words.spans, Kind::Keyword, "") } else { None };
        }
        if !part.is_empty() || !self.words.taking.iter().any(|word| head.is_word(word)) {
            return None;
        }
        // The second argument of these is a number.
        let is_first = self.before.top().items.is_empty();
        if is_first || head.is_word("select") || head.is_word("by") { self.field("") } else { None }
    }

    /// Outside of braces.
    fn outside(&self) -> Option<Spot> {
        let items = &self.before.top().items;
        let Some(last) = items.last() else {
            return self.words(self.words.spans, Kind::Keyword, "");
        };
        match last.what {
            Is::Group('{') => self.after_spans(),
            // Half of a sign that joins two sets of spans.
            Is::Sign
                if last.end == self.before.at && last.text != "|" && self.before.partial == Partial::None =>
            {
                let bare: Vec<Word> = self.words.structural.to_vec();
                Some(Spot {
                    typed: last.text.to_owned(),
                    replaces: last.start..last.end,
                    offers: vec![Offer::words(&bare, Kind::Operator, "", 0)],
                })
            }
            Is::Sign if last.text == "|" => self.words(self.words.functions, Kind::Function, ""),
            Is::Sign if items.len() >= 2 && items[items.len() - 2].what == Is::Group('{') => {
                self.words(self.words.spans, Kind::Keyword, "")
            }
            Is::Group('(') => {
                let head = items.len().checked_sub(2).and_then(|at| items.get(at));
                let is_function = head.is_some_and(|head| head.what == Is::Word);
                if !is_function {
                    return self.after_spans();
                }
                let mut spot = self.words(self.words.after_metrics, Kind::Keyword, "")?;
                spot.offers.push(bar(self.words, 0));
                if head.is_some_and(|head| {
                    ["count", "avg", "min", "max", "sum"].iter().any(|word| head.is_word(word))
                }) {
                    spot.offers.push(Offer::words(self.words.comparisons, Kind::Operator, " ", 100));
                }
                Some(spot)
            }
            _ => None,
        }
    }

    fn after_spans(&self) -> Option<Spot> {
        self.at(vec![bar(self.words, 0), Offer::words(self.words.structural, Kind::Operator, "", 0)])
    }
}

/// Functions with the bar before them.
fn bar(words: &TraceqlText, first: u32) -> Offer {
    let made = words.functions.iter().map(|(word, note)| (format!("| {word}"), *note)).collect();
    Offer { what: What::Made(made), kind: Kind::Function, write: Write::Then(""), first }
}
