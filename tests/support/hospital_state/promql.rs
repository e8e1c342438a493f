//! As much PromQL as the pack's panels and rules are written in, over the model hospital.
//!
//! A form that is not known here ends the test with its own words: a panel that nobody could have
//! answered must not look like an empty one.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use plantao::model::Labels;
use regex::Regex;

use super::Scene;
use super::metrics::{self, World};

/// What an expression gives.
#[derive(Clone, Debug)]
pub enum Value {
    Scalar(f64),
    Vector(Vec<(Labels, f64)>),
}

type Vector = Vec<(Labels, f64)>;
/// Answers by scene and moment, then by expression.
type Known = HashMap<(Scene, i64), HashMap<String, Vector>>;

/// The vector of an expression at a moment. Every frame asks for much the same, so what was asked
/// once is kept.
pub fn eval(text: &str, world: World) -> Vector {
    static KNOWN: Mutex<Option<Known>> = Mutex::new(None);
    let world = world.on_grid();
    let moment = (world.scene, world.t);
    let known = |all: &Option<Known>| all.as_ref().and_then(|all| all.get(&moment)?.get(text).cloned());
    if let Some(vector) = known(&KNOWN.lock().expect("no test ends inside")) {
        return vector;
    }
    let vector = evaluated(text, world);
    let mut all = KNOWN.lock().expect("no test ends inside");
    all.get_or_insert_default().entry(moment).or_default().insert(text.to_owned(), vector.clone());
    vector
}

fn evaluated(text: &str, world: World) -> Vector {
    let mut parser = Parser { tokens: tokens(text), at: 0, world, text, quantile: false };
    let value = parser.expr(0);
    assert_eq!(parser.at, parser.tokens.len(), "all of it is read: {text}");
    match value {
        Value::Scalar(value) => vec![(Labels::default(), value)],
        Value::Vector(vector) => vector,
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Number(f64),
    /// Matchers with their braces taken off.
    Braces(String),
    /// A range with its brackets taken off.
    Brackets(String),
    Open,
    Close,
    Comma,
    Op(&'static str),
}

const OPS: [&str; 10] = ["==", "!=", ">=", "<=", ">", "<", "+", "-", "*", "/"];

fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' | ',' => {
                out.push(match first {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    _ => Token::Comma,
                });
                1
            }
            '{' => {
                let end = closing_brace(rest);
                out.push(Token::Braces(rest[1..end].to_owned()));
                end + 1
            }
            '[' => {
                let end = rest.find(']').expect("a range ends");
                out.push(Token::Brackets(rest[1..end].to_owned()));
                end + 1
            }
            c if c.is_ascii_digit() => {
                let length =
                    rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(rest.len());
                let word = &rest[..length];
                match word.parse() {
                    Ok(number) => out.push(Token::Number(number)),
                    Err(_) => out.push(Token::Word(word.to_owned())),
                }
                length
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let length = rest
                    .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))
                    .unwrap_or(rest.len());
                out.push(Token::Word(rest[..length].to_owned()));
                length
            }
            _ => {
                let op = OPS.into_iter().find(|op| rest.starts_with(op));
                let op = op.unwrap_or_else(|| panic!("no such PromQL here: {rest}"));
                out.push(Token::Op(op));
                op.len()
            }
        };
        rest = rest[length..].trim_start();
    }
    out
}

fn closing_brace(text: &str) -> usize {
    let mut quoted = false;
    let found = text.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '}' && !quoted
    });
    found.expect("matchers end").0
}

struct Parser<'t> {
    tokens: Vec<Token>,
    at: usize,
    world: World,
    text: &'t str,
    /// Inside a quantile the buckets of several series are one; the worst stands for them.
    quantile: bool,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Token {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned().unwrap_or_else(|| panic!("{} ends too early", self.text))
    }

    fn expect(&mut self, token: &Token) {
        let found = self.next();
        assert_eq!(found, *token, "in {}", self.text);
    }

    fn operator(&self) -> Option<(u8, String)> {
        let name = match self.peek()? {
            Token::Op(op) => (*op).to_owned(),
            Token::Word(word) if ["or", "and", "unless"].contains(&word.as_str()) => word.clone(),
            _ => return None,
        };
        let strength = match name.as_str() {
            "or" => 1,
            "and" | "unless" => 2,
            "+" | "-" => 4,
            "*" | "/" => 5,
            _ => 3,
        };
        Some((strength, name))
    }

    fn expr(&mut self, least: u8) -> Value {
        let mut left = self.operand();
        while let Some((strength, op)) = self.operator().filter(|(strength, _)| *strength > least) {
            self.at += 1;
            let matching = self.matching();
            let right = self.expr(strength);
            left = binary(&op, &matching, left, right);
        }
        left
    }

    /// `on (…)` or `ignoring (…)`.
    fn matching(&mut self) -> Matching {
        match self.peek() {
            Some(Token::Word(word)) if word == "on" => {
                self.at += 1;
                Matching::On(self.names())
            }
            Some(Token::Word(word)) if word == "ignoring" => {
                self.at += 1;
                Matching::Ignoring(self.names())
            }
            _ => Matching::Ignoring(Vec::new()),
        }
    }

    fn names(&mut self) -> Vec<String> {
        self.expect(&Token::Open);
        let mut names = Vec::new();
        loop {
            match self.next() {
                Token::Word(name) => names.push(name),
                Token::Comma => {}
                Token::Close => return names,
                other => panic!("{other:?} is no label name in {}", self.text),
            }
        }
    }

    fn operand(&mut self) -> Value {
        match self.next() {
            Token::Number(number) => Value::Scalar(number),
            Token::Open => {
                let inner = self.expr(0);
                self.expect(&Token::Close);
                inner
            }
            Token::Word(word) => match word.as_str() {
                "sum" | "min" | "max" | "count" => self.aggregate(&word),
                "rate" | "increase" | "avg_over_time" => self.over_time(&word),
                "histogram_quantile" => {
                    self.expect(&Token::Open);
                    self.expr(0);
                    self.expect(&Token::Comma);
                    let before = std::mem::replace(&mut self.quantile, true);
                    let inner = self.expr(0);
                    self.quantile = before;
                    self.expect(&Token::Close);
                    inner
                }
                "vector" => {
                    self.expect(&Token::Open);
                    let Value::Scalar(number) = self.expr(0) else { panic!("vector() takes a number") };
                    self.expect(&Token::Close);
                    Value::Vector(vec![(Labels::default(), number)])
                }
                name => self.selector(name),
            },
            other => panic!("{other:?} begins nothing in {}", self.text),
        }
    }

    fn aggregate(&mut self, how: &str) -> Value {
        let mut by = Vec::new();
        if self.peek() == Some(&Token::Word("by".to_owned())) {
            self.at += 1;
            by = self.names();
        }
        self.expect(&Token::Open);
        let Value::Vector(inner) = self.expr(0) else { panic!("{how} of a number in {}", self.text) };
        self.expect(&Token::Close);
        let mut groups: Vec<(Labels, Vec<f64>)> = Vec::new();
        for (labels, value) in inner {
            let key: Labels = labels.iter().filter(|(name, _)| by.iter().any(|b| b == name)).collect();
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, values)) => values.push(value),
                None => groups.push((key, vec![value])),
            }
        }
        let how = if self.quantile { "max" } else { how };
        let one = |values: Vec<f64>| match how {
            "sum" => values.iter().sum(),
            "min" => values.iter().copied().fold(f64::INFINITY, f64::min),
            "count" => values.len() as f64,
            _ => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        };
        Value::Vector(groups.into_iter().map(|(labels, values)| (labels, one(values))).collect())
    }

    fn over_time(&mut self, how: &str) -> Value {
        self.expect(&Token::Open);
        let Value::Vector(inner) = self.expr(0) else { panic!("{how} of a number in {}", self.text) };
        let Token::Brackets(range) = self.next() else { panic!("{how} has a range in {}", self.text) };
        self.offset();
        self.expect(&Token::Close);
        let factor = match (how, range.as_str()) {
            ("increase", "5m") => 300.0,
            ("increase", "1h") => 3600.0,
            ("increase", "1d") => 86_400.0,
            ("increase", other) => panic!("no increase over {other} here"),
            // A calm hour's mean: what it was before anything grew.
            ("avg_over_time", _) => 0.9,
            _ => 1.0,
        };
        let bare = |labels: &Labels| labels.without(&["__name__"]);
        Value::Vector(inner.iter().map(|(labels, value)| (bare(labels), value * factor)).collect())
    }

    fn offset(&mut self) -> i64 {
        if self.peek() != Some(&Token::Word("offset".to_owned())) {
            return 0;
        }
        self.at += 1;
        let by = self.next();
        assert_eq!(by, Token::Word("5m".to_owned()), "the one offset that is known here, in {}", self.text);
        300
    }

    fn selector(&mut self, name: &str) -> Value {
        let mut matchers = Vec::new();
        if let Some(Token::Braces(text)) = self.peek().cloned() {
            self.at += 1;
            matchers = self::matchers(&text);
        }
        let ranged = matches!(self.peek(), Some(Token::Brackets(_)));
        let world = self.world.earlier(self.offset());
        let all = if ranged { metrics::rates(name, world) } else { metrics::values(name, world) };
        let fits = |labels: &Labels| {
            matchers
                .iter()
                .all(|(label, must, wanted)| wanted.is_match(labels.get(label).unwrap_or("")) == *must)
        };
        Value::Vector(all.into_iter().filter(|(labels, _)| fits(labels)).collect())
    }
}

/// Label, whether it must match, and what.
fn matchers(text: &str) -> Vec<(String, bool, Wanted)> {
    static SHAPE: OnceLock<Regex> = OnceLock::new();
    let shape = SHAPE.get_or_init(|| Regex::new(r#"(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)""#).expect("a regex"));
    shape
        .captures_iter(text)
        .map(|found| {
            let op = &found[2];
            let wanted = if op.ends_with('~') {
                Wanted::Shape(Regex::new(&format!("^(?:{})$", &found[3])).expect("a regex"))
            } else {
                Wanted::Word(found[3].to_owned())
            };
            (found[1].to_owned(), !op.starts_with('!'), wanted)
        })
        .collect()
}

enum Wanted {
    Word(String),
    Shape(Regex),
}

impl Wanted {
    fn is_match(&self, value: &str) -> bool {
        match self {
            Self::Word(word) => word == value,
            Self::Shape(regex) => regex.is_match(value),
        }
    }
}

enum Matching {
    On(Vec<String>),
    Ignoring(Vec<String>),
}

impl Matching {
    fn key(&self, labels: &Labels) -> Labels {
        labels
            .iter()
            .filter(|(name, _)| match self {
                Self::On(names) => names.iter().any(|n| n == name),
                Self::Ignoring(names) => *name != "__name__" && !names.iter().any(|n| n == name),
            })
            .collect()
    }
}

fn binary(op: &str, matching: &Matching, left: Value, right: Value) -> Value {
    let compare = |a: f64, b: f64| match op {
        "==" => a == b,
        "!=" => a != b,
        ">=" => a >= b,
        "<=" => a <= b,
        ">" => a > b,
        _ => a < b,
    };
    let compute = |a: f64, b: f64| match op {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        _ => a / b,
    };
    let arithmetic = ["+", "-", "*", "/"].contains(&op);
    let bare = |labels: &Labels| labels.without(&["__name__"]);
    match (left, right) {
        (Value::Scalar(a), Value::Scalar(b)) => Value::Scalar(compute(a, b)),
        (Value::Scalar(a), Value::Vector(v)) => {
            Value::Vector(v.iter().map(|(labels, b)| (bare(labels), compute(a, *b))).collect())
        }
        (Value::Vector(v), Value::Scalar(b)) if arithmetic => {
            Value::Vector(v.iter().map(|(labels, a)| (bare(labels), compute(*a, b))).collect())
        }
        (Value::Vector(v), Value::Scalar(b)) => {
            Value::Vector(v.into_iter().filter(|(_, a)| compare(*a, b)).collect())
        }
        (Value::Vector(left), Value::Vector(right)) => {
            let partner = |labels: &Labels, all: &[(Labels, f64)]| {
                let key = matching.key(labels);
                all.iter().find(|(other, _)| matching.key(other) == key).map(|(_, value)| *value)
            };
            Value::Vector(match op {
                "or" => {
                    let more: Vec<_> =
                        right.into_iter().filter(|(labels, _)| partner(labels, &left).is_none()).collect();
                    left.into_iter().chain(more).collect()
                }
                "and" => left.into_iter().filter(|(labels, _)| partner(labels, &right).is_some()).collect(),
                "unless" => {
                    left.into_iter().filter(|(labels, _)| partner(labels, &right).is_none()).collect()
                }
                _ if arithmetic => left
                    .iter()
                    .filter_map(|(labels, a)| {
                        Some((matching.key(labels), compute(*a, partner(labels, &right)?)))
                    })
                    .collect(),
                _ => left
                    .into_iter()
                    .filter(|(labels, a)| partner(labels, &right).is_some_and(|b| compare(*a, b)))
                    .collect(),
            })
        }
    }
}
