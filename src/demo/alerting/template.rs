//! Templates in labels and annotations: the part of Go's `text/template`, with Prometheus's functions
//! (`template/template.go` there), that rules use.
//!
//! Anything else (conditions, loops, queries) is a problem when the rules are read, never a guess.

use super::number;
use crate::model::Labels;
use crate::text::alerting::EN as WORDS;

/// A template that was read and found right.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    source: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    /// Each step gets the value of the one before as its last argument.
    Pipeline(Vec<Step>),
}

#[derive(Clone, Debug, PartialEq)]
struct Step {
    head: Head,
    arguments: Vec<Operand>,
}

#[derive(Clone, Debug, PartialEq)]
enum Head {
    Operand(Operand),
    Function(Function),
}

#[derive(Clone, Debug, PartialEq)]
enum Operand {
    Label(String),
    External(String),
    Value,
    Text(String),
    Number(f64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Function {
    Printf,
    Humanize,
    Humanize1024,
    HumanizeDuration,
    HumanizePercentage,
    Title,
    ToUpper,
    ToLower,
}

const FUNCTIONS: [(&str, Function); 8] = [
    ("printf", Function::Printf),
    ("humanize", Function::Humanize),
    ("humanize1024", Function::Humanize1024),
    ("humanizeDuration", Function::HumanizeDuration),
    ("humanizePercentage", Function::HumanizePercentage),
    ("title", Function::Title),
    ("toUpper", Function::ToUpper),
    ("toLower", Function::ToLower),
];

/// What a template is filled with.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Labels of the sample, before the rule's own.
    pub labels: &'a Labels,
    /// What Prometheus adds to what it sends.
    pub external: &'a Labels,
    /// The sample's value.
    pub value: f64,
}

/// A value on its way through a pipeline.
#[derive(Clone, Debug)]
enum Held {
    Text(String),
    Number(f64),
}

impl Held {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(value) => number::plain(*value),
        }
    }

    /// As the number-reading functions of Prometheus take it.
    fn number(&self) -> f64 {
        match self {
            Self::Text(text) => text.parse().unwrap_or(f64::NAN),
            Self::Number(value) => *value,
        }
    }
}

impl Template {
    /// Reads a template; the error says in words what is wrong.
    pub fn parse(source: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = source;
        let mut trim = false;
        loop {
            let Some(open) = rest.find("{{") else {
                push_text(&mut pieces, if trim { rest.trim_start() } else { rest });
                break;
            };
            let (before, inside) = (&rest[..open], &rest[open + 2..]);
            let close = end(inside)?;
            let (mut code, after) = (&inside[..close], &inside[close + 2..]);
            let before = if trim { before.trim_start() } else { before };
            let trims_left = code.strip_prefix('-').filter(|code| code.starts_with(char::is_whitespace));
            push_text(&mut pieces, if trims_left.is_some() { before.trim_end() } else { before });
            code = trims_left.unwrap_or(code);
            let trims_right = code.strip_suffix('-').filter(|code| code.ends_with(char::is_whitespace));
            trim = trims_right.is_some();
            code = trims_right.unwrap_or(code);
            if !code.trim_start().starts_with("/*") {
                pieces.push(Piece::Pipeline(pipeline(code)?));
            }
            rest = after;
        }
        Ok(Self { source: source.to_owned(), pieces })
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether what it says depends on the sample's value.
    pub fn reads_value(&self) -> bool {
        let of = |operand: &Operand| *operand == Operand::Value;
        self.pieces.iter().any(|piece| match piece {
            Piece::Text(_) => false,
            Piece::Pipeline(steps) => steps.iter().any(|step| {
                step.arguments.iter().any(of) || matches!(&step.head, Head::Operand(operand) if of(operand))
            }),
        })
    }

    /// The text for one sample.
    pub fn fill(&self, context: Context<'_>) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Pipeline(steps) => out.push_str(&run(steps, context)),
            }
        }
        out
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

/// Where `}}` stands, quotes skipped.
fn end(code: &str) -> Result<usize, String> {
    let (mut quote, mut escaped) = (None, false);
    for (at, c) in code.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '`') => quote = Some(c),
            (None, '}') if code[at..].starts_with("}}") => return Ok(at),
            _ => {}
        }
    }
    Err((if quote.is_some() { WORDS.open_quote } else { WORDS.open_braces }).to_owned())
}

fn pipeline(code: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    for words in words(code)?.split(|word| word == "|") {
        let (first, rest) = words.split_first().ok_or(WORDS.empty_braces)?;
        let arguments = rest.iter().map(|word| operand(word)).collect::<Result<Vec<_>, _>>()?;
        let head = match FUNCTIONS.iter().find(|(name, _)| name == first) {
            Some((_, function)) => Head::Function(*function),
            None => Head::Operand(operand(first)?),
        };
        let piped = usize::from(!steps.is_empty());
        let given = arguments.len() + piped;
        let right = match head {
            Head::Operand(_) => given == 0,
            Head::Function(Function::Printf) => match arguments.first() {
                Some(Operand::Text(format)) => number::verbs(format)? == given - 1,
                _ => false,
            },
            Head::Function(_) => given == 1,
        };
        if !right {
            return Err((WORDS.arguments)(first));
        }
        steps.push(Step { head, arguments });
    }
    Ok(steps)
}

/// Splits into words, quoted texts whole.
fn words(code: &str) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    let mut chars = code.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            '|' => all.push("|".to_owned()),
            '"' | '`' => {
                let mut escaped = false;
                let close = chars.find(|(_, next)| {
                    let closes = !escaped && *next == c;
                    escaped = c == '"' && !escaped && *next == '\\';
                    closes
                });
                let (close, _) = close.ok_or(WORDS.open_quote)?;
                all.push(code[start..=close].to_owned());
            }
            _ => {
                let mut stop = code.len();
                while let Some((at, next)) = chars.peek() {
                    if next.is_whitespace() || matches!(next, '|' | '"' | '`') {
                        stop = *at;
                        break;
                    }
                    chars.next();
                }
                all.push(code[start..stop].to_owned());
            }
        }
    }
    Ok(all)
}

fn operand(word: &str) -> Result<Operand, String> {
    let unknown = || (WORDS.unknown_word)(word);
    let name = |name: &str| {
        let known = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        known.then(|| name.to_owned())
    };
    if matches!(word, "$value" | ".Value") {
        return Ok(Operand::Value);
    }
    for prefix in ["$labels.", ".Labels."] {
        if let Some(label) = word.strip_prefix(prefix) {
            return name(label).map(Operand::Label).ok_or_else(unknown);
        }
    }
    for prefix in ["$externalLabels.", ".ExternalLabels."] {
        if let Some(label) = word.strip_prefix(prefix) {
            return name(label).map(Operand::External).ok_or_else(unknown);
        }
    }
    if word.starts_with('"') {
        // Go's escapes of a quoted text are JSON's where rules use them.
        return serde_json::from_str(word).map(Operand::Text).map_err(|_| unknown());
    }
    if let Some(raw) = word.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        return Ok(Operand::Text(raw.to_owned()));
    }
    word.parse().map(Operand::Number).map_err(|_| unknown())
}

fn run(steps: &[Step], context: Context<'_>) -> String {
    let get = |operand: &Operand| match operand {
        Operand::Label(name) => Held::Text(context.labels.get(name).unwrap_or("").to_owned()),
        Operand::External(name) => Held::Text(context.external.get(name).unwrap_or("").to_owned()),
        Operand::Value => Held::Number(context.value),
        Operand::Text(text) => Held::Text(text.clone()),
        Operand::Number(value) => Held::Number(*value),
    };
    let mut piped: Option<Held> = None;
    for step in steps {
        let mut given: Vec<Held> = step.arguments.iter().map(get).collect();
        given.extend(piped.take());
        piped = Some(match &step.head {
            Head::Operand(operand) => get(operand),
            Head::Function(function) => call(*function, &given),
        });
    }
    piped.map_or_else(String::new, |held| held.text())
}

fn call(function: Function, given: &[Held]) -> Held {
    let Some(first) = given.first() else { return Held::Text(String::new()) };
    Held::Text(match function {
        Function::Printf => {
            let arguments: Vec<number::Printed> = given[1..]
                .iter()
                .map(|held| match held {
                    Held::Text(text) => number::Printed::Text(text),
                    Held::Number(value) => number::Printed::Number(*value),
                })
                .collect();
            number::printf(&first.text(), &arguments)
        }
        Function::Humanize => number::humanize(first.number()),
        Function::Humanize1024 => number::humanize1024(first.number()),
        Function::HumanizeDuration => number::humanize_duration(first.number()),
        Function::HumanizePercentage => format!("{}%", number::general(first.number() * 100.0, 4)),
        Function::Title => {
            let mut start = true;
            first
                .text()
                .chars()
                .map(|c| {
                    let shown = if start { c.to_uppercase().to_string() } else { c.to_string() };
                    start = !c.is_alphanumeric() && c != '_' && c != '\'';
                    shown
                })
                .collect()
        }
        Function::ToUpper => first.text().to_uppercase(),
        Function::ToLower => first.text().to_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(source: &str, value: f64) -> String {
        let labels = Labels::new([("department", "icu"), ("model_name", "medgemma-4b")]);
        let external = Labels::new([("hospital", "real")]);
        let template = Template::parse(source).unwrap_or_else(|wrong| panic!("{source}: {wrong}"));
        template.fill(Context { labels: &labels, external: &external, value })
    }

    /// What promtool 2.42 says for the same templates.
    #[test]
    fn templates_say_what_prometheus_says() {
        for (source, value, said) in [
            ("plain", 1.0, "plain"),
            ("{{ $labels.model_name }}: {{ $value | printf \"%.1f\" }}s", 9.7137, "medgemma-4b: 9.7s"),
            ("Thermal state: {{ $value }}", 3.0, "Thermal state: 3"),
            ("{{$value}}", 9.713_709_677_419_354, "9.713709677419354"),
            ("{{ $labels.missing }}|{{ .Labels.department | toUpper }}", 0.0, "|ICU"),
            ("{{ $value | humanize1024 }}B/s", 150_000_000.0, "143.1MiB/s"),
            ("{{ humanize $value }}", 1_234_567.0, "1.235M"),
            ("{{ humanizePercentage $value }}", 0.956_78, "95.68%"),
            ("{{ humanizeDuration $value }}", 4_000.0, "1h 6m 40s"),
            ("a {{- $value -}} b", 2.0, "a2b"),
            ("{{ printf \"%s is %.0f%%\" $labels.department $value }}", 87.5, "icu is 88%"),
            ("{{ $externalLabels.hospital | title }}", 0.0, "Real"),
            ("{{/* nothing */}}x", 0.0, "x"),
            ("{{ \"}}\" }}", 0.0, "}}"),
        ] {
            assert_eq!(filled(source, value), said, "{source}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for (source, part) in [
            ("{{ $value", "without"),
            ("{{ }}", "nothing"),
            ("{{ \"open }}", "quote"),
            ("{{ if $value }}x{{ end }}", "`if`"),
            ("{{ query \"up\" }}", "`query`"),
            ("{{ $label.x }}", "`$label.x`"),
            ("{{ $value | printf }}", "arguments"),
            ("{{ $value | printf \"%.1f %s\" }}", "arguments"),
            ("{{ $value | printf \"%z\" }}", "format"),
            ("{{ humanize }}", "arguments"),
            ("{{ $value | $value }}", "arguments"),
        ] {
            let wrong = Template::parse(source).expect_err(source);
            assert!(wrong.contains(part), "{source}: {wrong}");
        }
    }

    #[test]
    fn it_is_known_whether_the_value_matters() {
        assert!(Template::parse("{{ $value | humanize }}").is_ok_and(|t| t.reads_value()));
        assert!(Template::parse("{{ $labels.a }}").is_ok_and(|t| !t.reads_value()));
    }
}
