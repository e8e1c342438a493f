//! Everything there is to know about one span, in the order in which a person asks: how it went, when, what it did.

use super::model_run::{self, ModelFact};
use super::waterfall::Waterfall;
use crate::model::{Attribute, Attributes, Span, Trace, TraceId};
use crate::pack::Level;
use crate::text::traces::{TracesText, nanos};

/// Lines of a stack trace that are told.
const STACK: usize = 12;
/// Characters of one value that are told.
const LONGEST: usize = 2000;

/// One fact, or the heading of those that follow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fact {
    /// Name, or the heading's title.
    pub name: String,
    /// Value; empty for a heading.
    pub value: String,
    /// How bad it is.
    pub level: Level,
    /// Whether it is a heading.
    pub heading: bool,
    /// The trace that it names.
    pub leads: Option<TraceId>,
}

/// The facts of a row. `at` writes a moment (unix nanoseconds) in the person's zone.
pub fn of(
    trace: &Trace,
    fall: &Waterfall,
    row: usize,
    text: &TracesText,
    at: &dyn Fn(i64) -> String,
) -> Vec<Fact> {
    let Some(place) = fall.rows.get(row) else { return Vec::new() };
    let span = &trace.spans[place.span];
    let mut facts = Facts { list: Vec::new() };
    how(&mut facts, fall, row, span, text, at);
    let run = model_run::of(&span.attributes);
    if !run.is_empty() {
        facts.heading(text.model_run);
        for (fact, key, value) in &run {
            let name =
                if *fact == ModelFact::Other { key.to_string() } else { (text.model_fact)(*fact).to_owned() };
            facts.add(name, value_text(value));
        }
    }
    let others: Vec<_> =
        span.attributes.iter().filter(|(key, _)| !run.iter().any(|(_, known, _)| *known == key)).collect();
    if !others.is_empty() {
        facts.heading(text.attributes);
        for (key, value) in others {
            facts.attribute(key, value);
        }
    }
    for event in &span.events {
        facts.heading((text.event)(&event.name, &offset(event.at, span.start)));
        let bad = &*event.name == "exception";
        for (key, value) in &event.attributes {
            facts.attribute(key, value);
            if let Some(last) = facts.list.last_mut().filter(|_| bad && !key.ends_with("stacktrace")) {
                last.level = Level::Critical;
            }
        }
    }
    for link in &span.links {
        facts.heading((text.link)(&link.trace_id.to_string()));
        facts.add(text.trace_id, link.trace_id.to_string());
        if let Some(fact) = facts.list.last_mut() {
            fact.leads = Some(link.trace_id);
        }
        facts.add(text.span_id, link.span_id.to_string());
        for (key, value) in &link.attributes {
            facts.attribute(key, value);
        }
    }
    if !span.resource.is_empty() {
        facts.heading(text.resource);
        for (key, value) in span.resource.iter() {
            facts.attribute(key, value);
        }
    }
    facts.heading(text.ids);
    facts.add(text.operation, span.name.to_string());
    facts.add(text.span_id, span.span_id.to_string());
    facts.add(text.parent_id, span.parent_id.map_or_else(|| text.none.to_owned(), |id| id.to_string()));
    facts.add(text.trace_id, trace.id.to_string());
    if !span.scope.is_empty() {
        facts.add(text.scope, span.scope.to_string());
    }
    if span.dropped > 0 {
        facts.add(text.dropped, (text.dropped_words)(span.dropped as usize));
        if let Some(fact) = facts.list.last_mut() {
            fact.level = Level::Warning;
        }
    }
    facts.list
}

/// How it went and when.
fn how(
    facts: &mut Facts,
    fall: &Waterfall,
    row: usize,
    span: &Span,
    text: &TracesText,
    at: &dyn Fn(i64) -> String,
) {
    let place = &fall.rows[row];
    let kind = (text.kind_word)(span.kind);
    facts.add(
        text.service,
        [&span.service, kind].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" · "),
    );
    facts.add(text.status, (text.status_word)(span.status).to_owned());
    if let Some(status) = facts.list.last_mut().filter(|_| place.error) {
        status.level = Level::Critical;
    }
    if !span.status_message.is_empty() {
        facts.add(text.message, cut(&span.status_message));
        if let Some(message) = facts.list.last_mut().filter(|_| place.error) {
            message.level = Level::Critical;
        }
    }
    let share = |part: i64| share_text(part, fall.duration());
    facts.add(text.duration, format!("{}{}", nanos(span.duration), share(span.duration)));
    facts.add(text.own_time, format!("{}{}", nanos(place.own), share(place.own)));
    if place.on_path {
        facts.add(text.critical_time, format!("{}{}", nanos(place.critical), share(place.critical)));
    }
    facts.add(text.start, format!("{} · {}", offset(span.start, fall.start), at(span.start)));
    facts.add(text.end, format!("{} · {}", offset(span.end(), fall.start), at(span.end())));
    if place.below > 0 {
        facts.add(text.below, (text.below_words)(place.below, place.errors_below));
    }
    let mut warn = |name: &str, value: String| {
        facts.add(name, value);
        if let Some(fact) = facts.list.last_mut() {
            fact.level = Level::Warning;
        }
    };
    if let Some((from, to)) = place.gap {
        warn(text.gap, (text.gap_words)(&nanos(to - from), &offset(from, fall.start)));
    }
    if let Some(skew) = place.skew {
        warn(text.clock, (text.skew_words)(&nanos(skew.saturating_abs()), skew > 0));
    }
    if place.detached {
        warn(text.detached, text.detached_words.to_owned());
    }
    if let Some(words) = (text.origin_long)(place.origin) {
        warn(text.place, words.to_owned());
    }
}

#[derive(Default)]
struct Facts {
    list: Vec<Fact>,
}

impl Facts {
    fn heading(&mut self, title: impl Into<String>) {
        self.list.push(Fact { name: title.into(), heading: true, ..Fact::default() });
    }

    fn add(&mut self, name: impl Into<String>, value: String) {
        self.list.push(Fact { name: name.into(), value, ..Fact::default() });
    }

    fn attribute(&mut self, key: &str, value: &Attribute) {
        let text =
            if key.ends_with("stacktrace") { stack(&value_text(value)) } else { cut(&value_text(value)) };
        self.add(key, text);
        if let Some(fact) = self.list.last_mut() {
            fact.leads = named_trace(key, value);
        }
    }
}

/// The trace that an attribute names: its name says so, and its value is a whole id.
fn named_trace(key: &str, value: &Attribute) -> Option<TraceId> {
    let Attribute::Text(text) = value else { return None };
    let named = key.to_ascii_lowercase().replace(['_', '-', '.'], "");
    (named.contains("traceid") && text.len() == 32).then(|| TraceId::parse(text)).flatten()
}

/// The value of an attribute in one text.
pub fn value_text(value: &Attribute) -> String {
    match value {
        Attribute::Text(text) => text.to_string(),
        Attribute::Int(number) => number.to_string(),
        Attribute::Float(number) => number.to_string(),
        Attribute::Bool(yes) => yes.to_string(),
        Attribute::List(all) => {
            let all: Vec<String> = all.iter().map(value_text).collect();
            format!("[{}]", all.join(", "))
        }
    }
}

/// The text attributes that have one value, by name, for links elsewhere.
pub fn scalars(attributes: &Attributes) -> impl Iterator<Item = (&str, String)> {
    let scalar = |value: &Attribute| !matches!(value, Attribute::List(_) | Attribute::Float(_));
    attributes.iter().filter(move |(_, value)| scalar(value)).map(|(key, value)| (&**key, value_text(value)))
}

/// `+12.4ms`, from a moment on.
fn offset(at: i64, from: i64) -> String {
    let part = at.saturating_sub(from);
    format!("{}{}", if part < 0 { "-" } else { "+" }, nanos(part.saturating_abs()))
}

/// ` · 64%` of the whole; nothing where there is no whole.
fn share_text(part: i64, whole: i64) -> String {
    match part as f64 * 100.0 / whole as f64 {
        _ if whole <= 0 => String::new(),
        // Something is never told as nothing.
        percent if percent > 0.0 && percent < 1.0 => " · <1%".to_owned(),
        percent => format!(" · {percent:.0}%"),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The first lines of a stack trace, where what went wrong is told, and how many there are more.
fn stack(text: &str) -> String {
    let count = text.lines().count();
    let mut lines: Vec<&str> = text.lines().take(STACK).map(str::trim_end).collect();
    let rest = format!("… +{}", count.saturating_sub(STACK));
    if count > STACK {
        lines.push(&rest);
    }
    cut(&lines.join("\n"))
}
