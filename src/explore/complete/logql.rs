//! What can stand where in LogQL.

use super::Kind;
use super::offer::{Offer, Spot, What, Write};
use super::promql::{duration, values};
use super::token::{Before, Partial, Rules, Token, What as Is};
use crate::model::ask::Key;
use crate::text::languages::LanguagesText;
use crate::text::languages::logql::LogqlText;

pub(super) const RULES: Rules = Rules {
    quotes: &['"', '`'],
    signs: &["|=", "|~", "|>", "=~", "!~", "!=", "!>", "==", ">=", "<="],
    comment: "#",
    begins: |c| c == '_' || c.is_alphabetic(),
    goes_on: |c| c == '_' || c.is_alphanumeric(),
    quoted_words: false,
};

/// Signs of line filters that are nothing else.
const FILTERS: [&str; 4] = ["|=", "|~", "|>", "!>"];
/// Stages that a text in quotes follows.
const WITH_TEXT: [&str; 3] = ["pattern", "regexp", "line_format"];

fn is_one(token: &Token<'_>, words: &[&str]) -> bool {
    words.iter().any(|word| token.is_word(word))
}

/// What can stand at a byte of a text.
pub(super) fn spot(text: &str, at: usize, words: &LanguagesText) -> Option<Spot> {
    let before = Before::of(text, at, &RULES);
    let here = Here { before: &before, words, logql: words.logql };
    if before.partial == Partial::Comment {
        return None;
    }
    match before.top().open {
        '{' => here.matcher(),
        '[' => duration(&before, words.promql.durations, "]"),
        '(' if before.head().is_some_and(|head| is_one(head, &["by", "without", "on", "ignoring"])) => {
            (before.top().part().is_empty()).then(|| here.at(here.names(Write::Name(""))))
        }
        _ => here.pipeline(),
    }
}

/// Where a pipeline is when it comes to the cursor.
enum Place<'p, 't> {
    /// Nothing of it yet.
    Start,
    /// Behind something whole.
    Whole,
    /// Behind the sign of a line filter.
    Filter,
    /// Behind `|`, with what follows it.
    Stage(&'p Token<'t>, &'p [Token<'t>]),
}

struct Here<'b, 't> {
    before: &'b Before<'t>,
    words: &'b LanguagesText,
    logql: &'b LogqlText,
}

impl Here<'_, '_> {
    fn at(&self, offers: Vec<Offer>) -> Spot {
        let (typed, replaces) = self.before.word();
        Spot { typed: typed.to_owned(), replaces, offers }
    }

    fn list(&self, words: &[(&'static str, &'static str)], kind: Kind, then: &'static str) -> Option<Spot> {
        let is_word = matches!(self.before.partial, Partial::None | Partial::Word(_));
        is_word.then(|| self.at(vec![Offer::words(words, kind, then, 0)]))
    }

    /// Between braces.
    fn matcher(&self) -> Option<Spot> {
        let part = self.before.top().part();
        match (part, &self.before.partial) {
            ([], Partial::None | Partial::Word(_)) => {
                Some(self.at(vec![Offer::names(Key::LogLabels, Kind::Label, Write::Name("="), 0)]))
            }
            ([label], Partial::None) if label.what == Is::Word => {
                self.list(self.logql.matchers, Kind::Operator, "")
            }
            ([label, sign], _) if sign.what == Is::Sign && label.what == Is::Word => {
                if sign.text == "!" {
                    return self.half_sign(sign, self.logql.matchers);
                }
                values(self.before, sign.text, Key::LogLabelValues(label.text.into()), Kind::Value, false)
            }
            _ => None,
        }
    }

    /// A sign of which the first character is typed.
    fn half_sign(&self, sign: &Token<'_>, words: &[(&'static str, &'static str)]) -> Option<Spot> {
        (sign.end == self.before.at).then(|| Spot {
            typed: sign.text.to_owned(),
            replaces: sign.start..sign.end,
            offers: vec![Offer::words(words, Kind::Operator, "", 0)],
        })
    }

    /// Outside of braces: a query begins, a stage, a filter, or what follows a number.
    fn pipeline(&self) -> Option<Spot> {
        let top = self.before.top();
        // A comma separates arguments, or what a stage lists.
        let of_stage = top.items.iter().rfind(|one| matches!(one.what, Is::Group('{' | '[')));
        let part =
            if of_stage.is_some_and(|one| one.what == Is::Group('{')) { &top.items } else { top.part() };
        match place(part, self.logql) {
            Place::Start => self.start(part),
            Place::Filter => None,
            Place::Whole => self.whole(part),
            Place::Stage(bar, stage) => self.stage(bar, stage),
        }
    }

    fn start(&self, part: &[Token<'_>]) -> Option<Spot> {
        if !matches!(self.before.partial, Partial::None | Partial::Word(_)) {
            return None;
        }
        let is_aggregation =
            |token: &Token<'_>| self.logql.aggregations.iter().any(|(word, _)| token.is_word(word));
        if part.last().is_some_and(is_aggregation) {
            return self.list(self.words.promql.grouping, Kind::Keyword, "");
        }
        Some(self.at(vec![
            Offer::words(self.logql.selector, Kind::Keyword, "", 200),
            Offer::words(self.logql.ranges, Kind::Function, "(", 0),
            Offer::words(self.logql.aggregations, Kind::Aggregation, "(", 0),
            Offer::words(self.logql.functions, Kind::Function, "(", 0),
        ]))
    }

    /// Behind a selector, a filter or a stage; behind a range; behind a number.
    fn whole(&self, part: &[Token<'_>]) -> Option<Spot> {
        let (last, earlier) = part.split_last()?;
        match last.what {
            Is::Group('[') => self.list(self.logql.after_range, Kind::Keyword, ""),
            Is::Word if last.is_word("offset") => duration(self.before, self.words.promql.durations, ""),
            Is::Group('(') => {
                let is_list = earlier.last().is_some_and(|head| is_one(head, &["by", "without"]));
                let is_head = is_list
                    && earlier.len() >= 2
                    && self
                        .logql
                        .aggregations
                        .iter()
                        .any(|(word, _)| earlier[earlier.len() - 2].is_word(word));
                let after = self.words.promql.after_operand;
                match (is_head, is_list) {
                    (true, _) => None,
                    (_, true) => self.list(&after[3..], Kind::Keyword, ""),
                    _ => self.list(after, Kind::Keyword, ""),
                }
            }
            Is::Number => self.list(&self.words.promql.after_operand[3..], Kind::Keyword, ""),
            // Half of `!=` or `!~`.
            _ if last.is_sign("!") => self.half_sign(last, self.logql.filters),
            _ => Some(self.at(self.next(""))),
        }
    }

    /// Filters of lines, and stages with the bar before them.
    fn next(&self, typed: &str) -> Vec<Offer> {
        let bars = self.logql.stages.iter().map(|(word, note)| (format!("| {word}"), *note)).collect();
        let filters = self.logql.filters.iter().filter(|(word, _)| word.starts_with(typed)).copied();
        vec![
            Offer {
                what: What::Words(filters.collect()),
                kind: Kind::Operator,
                write: Write::Then(""),
                first: 50,
            },
            Offer { what: What::Made(bars), kind: Kind::Stage, write: Write::Then(""), first: 0 },
        ]
    }

    fn stage(&self, bar: &Token<'_>, stage: &[Token<'_>]) -> Option<Spot> {
        let Some((first, rest)) = stage.split_first() else {
            return self.stage_begins(bar);
        };
        let is_text = matches!(self.before.partial, Partial::Text(..));
        if is_text && is_one(first, &["line_format", "label_format"]) {
            return self.template();
        }
        if is_one(first, &WITH_TEXT) {
            return if rest.is_empty() { None } else { Some(self.at(self.next(""))) };
        }
        if is_one(first, &["drop", "keep"]) {
            let wants_name = rest.is_empty() || rest.last().is_some_and(|last| last.what == Is::Comma);
            return if wants_name {
                Some(self.at(self.names(Write::Name(""))))
            } else {
                Some(self.at(self.next("")))
            };
        }
        if first.is_word("label_format") {
            return match rest.last().map(|last| last.what) {
                Some(Is::Sign) => Some(self.at(self.names(Write::Name("")))),
                Some(Is::Text(..)) => Some(self.at(self.next(""))),
                _ => None,
            };
        }
        if first.is_word("unwrap") {
            return match rest.last() {
                None => {
                    let mut offers = self.names(Write::Name(""));
                    offers.push(Offer::words(self.logql.conversions, Kind::Function, "(", 0));
                    Some(self.at(offers))
                }
                Some(_) => Some(self.at(self.next(""))),
            };
        }
        if self.logql.stages.iter().any(|(word, _)| first.is_word(word)) {
            return if is_text { None } else { Some(self.at(self.next(""))) };
        }
        self.condition(stage)
    }

    /// Right behind the bar: a stage, or a filter on a field; without a space also a filter on the line.
    fn stage_begins(&self, bar: &Token<'_>) -> Option<Spot> {
        if bar.end == self.before.at {
            let (typed, replaces) = ("|".to_owned(), bar.start..bar.end);
            return Some(Spot { typed, replaces, offers: self.next("|") });
        }
        if !matches!(self.before.partial, Partial::None | Partial::Word(_)) {
            return None;
        }
        let mut offers = self.names(Write::Name(" "));
        for (stage, note) in self.logql.stages {
            offers.push(Offer {
                what: What::Words(vec![(stage, note)]),
                kind: Kind::Stage,
                write: Write::Then(if takes(stage) { " " } else { "" }),
                first: 20,
            });
        }
        Some(self.at(offers))
    }

    /// A filter on a label or field: name, operator, value, and what joins several.
    fn condition(&self, stage: &[Token<'_>]) -> Option<Spot> {
        let from = stage.iter().rposition(|one| is_one(one, &["and", "or"]) || one.what == Is::Comma);
        let (_, part) = stage.split_at(from.map_or(0, |at| at + 1));
        match (part, &self.before.partial) {
            ([], Partial::None | Partial::Word(_)) => Some(self.at(self.names(Write::Name(" ")))),
            ([name], Partial::None) if name.what == Is::Word => {
                self.list(self.logql.comparisons, Kind::Operator, " ")
            }
            ([_, sign], _) if sign.text == "!" => self.half_sign(sign, self.logql.comparisons),
            ([name, sign], partial) if sign.what == Is::Sign => {
                if matches!(partial, Partial::Number(_)) || sign.text.starts_with(['<', '>']) {
                    return None;
                }
                let key = Key::LogLabelValues(name.text.into());
                if !self.logql.level_names.contains(&name.text) {
                    return values(self.before, sign.text, key, Kind::Value, false);
                }
                let mut spot = values(self.before, sign.text, key, Kind::Value, false)?;
                let write = spot.offers[0].write;
                let what = What::Words(self.logql.levels.to_vec());
                spot.offers.push(Offer { what, kind: Kind::Value, write, first: 0 });
                Some(spot)
            }
            ([_, _, _], Partial::None | Partial::Word(_)) => {
                let mut offers = self.next("");
                offers.push(Offer::words(self.logql.after_filter, Kind::Keyword, " ", 100));
                Some(self.at(offers))
            }
            _ => None,
        }
    }

    /// Within `{{` of a template: fields behind a dot.
    fn template(&self) -> Option<Spot> {
        let (typed, range) = self.before.word();
        let open = typed.rfind("{{").filter(|open| !typed[*open..].contains("}}"))?;
        let dot = typed[open..].rfind('.').map(|at| open + at + 1)?;
        let name = typed.get(dot..)?;
        if !name.chars().all(|c| c == '_' || c.is_alphanumeric()) {
            return None;
        }
        let offers = self.names(Write::Name(""));
        Some(Spot { typed: name.to_owned(), replaces: range.start + dot..self.before.at, offers })
    }

    /// Labels and fields that can be named: those that the query makes, those that lines have, those of streams.
    fn names(&self, write: Write) -> Vec<Offer> {
        let mut offers = Vec::new();
        let made = made(self.before);
        if !made.is_empty() {
            let what = What::Made(made.into_iter().map(|name| (name, self.words.of_query)).collect());
            offers.push(Offer { what, kind: Kind::Field, write, first: 60 });
        }
        if let Some(key) = self.fields_key() {
            offers.push(Offer { what: What::Fields(key), kind: Kind::Field, write, first: 40 });
        }
        offers.push(Offer::names(Key::LogLabels, Kind::Label, write, 0));
        offers
    }

    /// The fields of the lines that the nearest selector finds; `None` where there is none that finds any.
    fn fields_key(&self) -> Option<Key> {
        let frames = &self.before.frames;
        let mut items = frames.iter().rev().flat_map(|frame| frame.items.iter().rev());
        let selector = items.find(|one| one.what == Is::Group('{')).map(|one| one.text);
        // A list of labels stands before the selector: `sum by (…) (rate({…}[5m]))`.
        let behind = || {
            let rest = self.before.text.get(self.before.at..)?;
            let open = rest.find('{')?;
            let close = rest[open..].find('}')?;
            rest.get(open..=open + close)
        };
        let selector = selector.or_else(behind)?;
        let has_value = selector.contains(['"', '`']);
        has_value.then(|| Key::LogFields(selector.into()))
    }
}

/// Whether something follows the stage's name.
fn takes(stage: &str) -> bool {
    !matches!(stage, "json" | "logfmt" | "unpack" | "decolorize")
}

/// Where the pipeline is after these tokens.
fn place<'p, 't>(part: &'p [Token<'t>], words: &LogqlText) -> Place<'p, 't> {
    // Numbers are added and compared as in PromQL; a selector or a filter begins anew behind such a sign.
    let Some(selector) = part.iter().rposition(|one| one.what == Is::Group('{')) else {
        return match part.last() {
            None => Place::Start,
            Some(last) if last.what == Is::Sign => Place::Start,
            Some(last) if is_one(last, &["and", "or", "unless"]) => Place::Start,
            Some(last) if last.what == Is::Word && !last.is_word("offset") => Place::Start,
            Some(_) => Place::Whole,
        };
    };
    let mut at = selector + 1;
    let mut place = Place::Whole;
    while let Some(token) = part.get(at) {
        if token.is_sign("|") {
            let stage = &part[at + 1..];
            let length = stage_length(stage, words);
            at += 1 + length;
            place = if at < part.len() { Place::Whole } else { Place::Stage(token, &stage[..length]) };
            continue;
        }
        let is_filter = FILTERS.iter().chain(&["!=", "!~"]).any(|sign| token.is_sign(sign));
        place = if is_filter { Place::Filter } else { Place::Whole };
        at += 1;
    }
    place
}

/// How many tokens belong to a stage: up to the next bar or line filter. `!=` compares where a field stands before it.
fn stage_length(stage: &[Token<'_>], words: &LogqlText) -> usize {
    let is_stage =
        stage.first().is_some_and(|first| words.stages.iter().any(|(word, _)| first.is_word(word)));
    let ends = |(at, token): (usize, &Token<'_>)| {
        let is_filter = FILTERS.iter().any(|sign| token.is_sign(sign));
        let is_either = token.is_sign("!=") || token.is_sign("!~");
        let after_name = at > 0 && stage[at - 1].what == Is::Word && !(is_stage && at == 1);
        token.is_sign("|") || is_filter || is_either && !after_name || token.what == Is::Group('[')
    };
    stage.iter().enumerate().position(ends).unwrap_or(stage.len())
}

/// Fields that the query itself makes: captures of `pattern` and `regexp`.
fn made(before: &Before<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for pair in before.top().items.windows(2) {
        let Some(text) = pair[1].name().filter(|_| is_one(&pair[0], &["pattern", "regexp"])) else {
            continue;
        };
        for piece in text.split('<').skip(1) {
            let Some((name, _)) = piece.split_once('>') else { continue };
            let plain =
                !name.is_empty() && name != "_" && name.chars().all(|c| c == '_' || c.is_alphanumeric());
            if plain && names.iter().all(|one| one != name) {
                names.push(name.to_owned());
            }
        }
    }
    names
}
