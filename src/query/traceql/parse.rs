//! TraceQL's grammar, by recursive descent.

use super::TraceQlError;
use super::ast::{Aggregate, Expr, Function, Metrics, Op, Query, Relation, Spans, Stage};
use super::field::{Field, Intrinsic};
use super::lexer::{Token, lex, wrong};
use super::value::Value;
use crate::model::{SpanKind, SpanStatus};
use crate::query::units;

/// Reads a query.
pub(super) fn parse(text: &str) -> Result<Query, TraceQlError> {
    if text.len() > units::LONGEST_QUERY {
        return Err(wrong(text, 0, "the query is too long"));
    }
    let mut parser = Parser { text, tokens: lex(text)?, at: 0, depth: 0, fields: Vec::new() };
    let first = parser.spans(0)?;
    let (stages, metrics) = parser.stages()?;
    match parser.peek() {
        Token::End => Ok(Query { first, stages, metrics, fields: parser.fields }),
        _ => Err(parser.unexpected()),
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
    fields: Vec<Field>,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn sign(&self) -> &'static str {
        match self.peek() {
            Token::Sign(sign) => sign,
            _ => "",
        }
    }

    fn next(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len());
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.sign() == sign;
        if found {
            self.next();
        }
        found
    }

    fn wrong(&self, what: &str) -> TraceQlError {
        wrong(self.text, self.tokens.get(self.at).map_or(self.text.len(), |(_, at)| *at), what)
    }

    fn unexpected(&self) -> TraceQlError {
        self.wrong(&format!("syntax error: unexpected {}", self.peek().shown()))
    }

    fn expect(&mut self, sign: &str) -> Result<(), TraceQlError> {
        if self.take(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn deeper(&mut self) -> Result<(), TraceQlError> {
        self.depth += 1;
        if self.depth > units::DEEPEST { Err(self.wrong("the query nests too deeply")) } else { Ok(()) }
    }

    /// Spansets: `||` binds least, then `&&`, then the structural operators.
    fn spans(&mut self, least: u8) -> Result<Spans, TraceQlError> {
        self.deeper()?;
        let mut left = self.spans_primary()?;
        loop {
            let sign = self.sign();
            let (strength, relation) = match sign {
                "||" => (1, None),
                "&&" => (2, None),
                ">" | "!>" => (3, Some(Relation::Child)),
                ">>" | "!>>" => (3, Some(Relation::Descendant)),
                "<" | "!<" => (3, Some(Relation::Parent)),
                "<<" | "!<<" => (3, Some(Relation::Ancestor)),
                "~" | "!~" => (3, Some(Relation::Sibling)),
                "&>>" | "&>" | "&<<" | "&<" | "&~" => {
                    return Err(TraceQlError::Unsupported(format!("the union operator {sign}")));
                }
                _ => break,
            };
            if strength <= least {
                break;
            }
            self.next();
            let (left_box, right) = (Box::new(left), Box::new(self.spans(strength)?));
            left = match relation {
                Some(relation) => Spans::Related(relation, sign.starts_with('!'), left_box, right),
                None if sign == "&&" => Spans::Both(left_box, right),
                None => Spans::Either(left_box, right),
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn spans_primary(&mut self) -> Result<Spans, TraceQlError> {
        if self.take("(") {
            let inner = self.spans(0)?;
            let (stages, metrics) = self.stages()?;
            if metrics.is_some() {
                return Err(self.wrong("a metrics function stands at the end, outside of parentheses"));
            }
            self.expect(")")?;
            return Ok(if stages.is_empty() { inner } else { Spans::Pipeline(Box::new(inner), stages) });
        }
        self.filter().map(Spans::Filter)
    }

    fn filter(&mut self) -> Result<Expr, TraceQlError> {
        self.expect("{")?;
        if self.take("}") {
            return Ok(Expr::Value(Value::Bool(true)));
        }
        let expr = self.expr(0)?;
        self.expect("}")?;
        Ok(expr)
    }

    fn stages(&mut self) -> Result<(Vec<Stage>, Option<Metrics>), TraceQlError> {
        let mut stages = Vec::new();
        while self.take("|") {
            if self.sign() == "{" {
                stages.push(Stage::Filter(self.filter()?));
                continue;
            }
            let Token::Name(name) = self.peek().clone() else { return Err(self.unexpected()) };
            if let Some(function) = Function::of(&name) {
                self.next();
                let metrics = self.metrics(function)?;
                if self.sign() == "|" {
                    return Err(TraceQlError::Unsupported("a stage after a metrics function".to_owned()));
                }
                return Ok((stages, Some(metrics)));
            }
            let start = self.at;
            self.next();
            stages.push(match name.as_str() {
                "count" => self.aggregate(Aggregate::Count, start)?,
                "avg" => self.aggregate(Aggregate::Avg, start)?,
                "max" => self.aggregate(Aggregate::Max, start)?,
                "min" => self.aggregate(Aggregate::Min, start)?,
                "sum" => self.aggregate(Aggregate::Sum, start)?,
                "select" => {
                    self.field_list()?;
                    Stage::Select
                }
                "by" => {
                    self.expect("(")?;
                    let field = self.field()?;
                    self.expect(")")?;
                    Stage::By(field)
                }
                "coalesce" => {
                    self.expect("(")?;
                    self.expect(")")?;
                    Stage::Coalesce
                }
                "compare" | "topk" | "bottomk" => {
                    return Err(TraceQlError::Unsupported(format!("{name}()")));
                }
                _ => {
                    self.at = start;
                    return Err(self.unexpected());
                }
            });
        }
        if matches!(self.peek(), Token::Name(name) if name == "with") {
            return Err(TraceQlError::Unsupported("a hint (`with`)".to_owned()));
        }
        Ok((stages, None))
    }

    fn field_list(&mut self) -> Result<Vec<Field>, TraceQlError> {
        self.expect("(")?;
        let mut fields = vec![self.field()?];
        while self.take(",") {
            fields.push(self.field()?);
        }
        self.expect(")")?;
        Ok(fields)
    }

    fn aggregate(&mut self, function: Aggregate, start: usize) -> Result<Stage, TraceQlError> {
        self.expect("(")?;
        let field = if function == Aggregate::Count { None } else { Some(self.field()?) };
        self.expect(")")?;
        let place = |at: usize| self.tokens.get(at).map_or(self.text.len(), |(_, at)| *at);
        let text = self.text.get(place(start)..place(self.at)).unwrap_or("").trim_end().to_owned();
        let op = match self.sign() {
            "=" => Op::Equal,
            "!=" => Op::NotEqual,
            "<" => Op::Less,
            "<=" => Op::LessEqual,
            ">" => Op::Greater,
            ">=" => Op::GreaterEqual,
            _ => return Err(self.unexpected()),
        };
        self.next();
        let negative = self.take("-");
        let value = match *self.peek() {
            Token::Int(number) => Value::Int(if negative { -number } else { number }),
            Token::Float(number) => Value::Float(if negative { -number } else { number }),
            Token::Duration(ns) => Value::Duration(if negative { -ns } else { ns }),
            _ => return Err(self.unexpected()),
        };
        self.next();
        Ok(Stage::Aggregate { function, field, op, value, text })
    }

    fn metrics(&mut self, function: Function) -> Result<Metrics, TraceQlError> {
        let (mut field, mut quantiles, mut by) = (None, Vec::new(), Vec::new());
        self.expect("(")?;
        if !matches!(function, Function::Rate | Function::Count) {
            field = Some(self.field()?);
        }
        while function == Function::Quantile && self.take(",") {
            let q = match *self.peek() {
                Token::Float(number) => number,
                Token::Int(number) => number as f64,
                _ => return Err(self.unexpected()),
            };
            if !(0.0..=1.0).contains(&q) {
                return Err(self.wrong("a quantile lies between 0 and 1"));
            }
            self.next();
            quantiles.push(q);
        }
        if function == Function::Quantile && quantiles.is_empty() {
            return Err(self.unexpected());
        }
        self.expect(")")?;
        if matches!(self.peek(), Token::Name(name) if name == "by") {
            self.next();
            by = self.field_list()?;
        }
        if matches!(self.peek(), Token::Name(name) if name == "with") {
            return Err(TraceQlError::Unsupported("a hint (`with`)".to_owned()));
        }
        Ok(Metrics { function, field, quantiles, by })
    }

    /// A field; it is noted as named.
    fn field(&mut self) -> Result<Field, TraceQlError> {
        let field = match self.peek().clone() {
            Token::Attribute(scope, name) => match scope.as_str() {
                "" => Field::Any(name),
                "span" => Field::Span(name),
                "resource" => Field::Resource(name),
                _ => return Err(TraceQlError::Unsupported(format!("the scope `{scope}.`"))),
            },
            Token::Name(name) => match Intrinsic::of(&name) {
                Some(intrinsic) => Field::Intrinsic(intrinsic),
                None if name.contains(':') => {
                    return Err(TraceQlError::Unsupported(format!("the intrinsic `{name}`")));
                }
                None => return Err(self.unexpected()),
            },
            _ => return Err(self.unexpected()),
        };
        self.next();
        if !self.fields.contains(&field) {
            self.fields.push(field.clone());
        }
        Ok(field)
    }

    /// A condition: `||`, `&&`, comparisons, `+ -`, `* / %`, `^`.
    fn expr(&mut self, least: u8) -> Result<Expr, TraceQlError> {
        self.deeper()?;
        let mut left = self.unary()?;
        loop {
            let sign = self.sign();
            let (strength, op) = match sign {
                "||" => (1, Op::Or),
                "&&" => (2, Op::And),
                "=" => (3, Op::Equal),
                "!=" => (3, Op::NotEqual),
                "<" => (3, Op::Less),
                "<=" => (3, Op::LessEqual),
                ">" => (3, Op::Greater),
                ">=" => (3, Op::GreaterEqual),
                "=~" | "!~" if least < 3 => {
                    self.next();
                    let Token::Text(text) = self.peek().clone() else { return Err(self.unexpected()) };
                    let regex = units::regex(&format!("^(?s:{text})$"))
                        .map_err(|_| self.wrong(&format!("error parsing regexp: `{text}`")))?;
                    self.next();
                    left = Expr::Match { negated: sign == "!~", left: Box::new(left), regex };
                    continue;
                }
                "+" => (4, Op::Add),
                "-" => (4, Op::Subtract),
                "*" => (5, Op::Multiply),
                "/" => (5, Op::Divide),
                "%" => (5, Op::Modulo),
                "^" => (6, Op::Power),
                _ => break,
            };
            if strength <= least {
                break;
            }
            self.next();
            let right = self.expr(if op == Op::Power { strength - 1 } else { strength })?;
            left = Expr::Binary(op, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, TraceQlError> {
        let negates = self.sign() == "!" || self.sign() == "-";
        if negates {
            self.deeper()?;
            let not = self.take("!") || !self.take("-");
            let inner = Box::new(self.unary()?);
            self.depth -= 1;
            return Ok(if not { Expr::Not(inner) } else { Expr::Negative(inner) });
        }
        if self.take("(") {
            let inner = self.expr(0)?;
            self.expect(")")?;
            return Ok(inner);
        }
        let value = match self.peek() {
            Token::Text(text) => Value::Text(text.as_str().into()),
            Token::Int(number) => Value::Int(*number),
            Token::Float(number) => Value::Float(*number),
            Token::Duration(ns) => Value::Duration(*ns),
            Token::Name(name) => match name.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "nil" => Value::Nil,
                "ok" => Value::Status(SpanStatus::Ok),
                "error" => Value::Status(SpanStatus::Error),
                "unset" => Value::Status(SpanStatus::Unset),
                "unspecified" => Value::Kind(SpanKind::Unspecified),
                "internal" => Value::Kind(SpanKind::Internal),
                "server" => Value::Kind(SpanKind::Server),
                "client" => Value::Kind(SpanKind::Client),
                "producer" => Value::Kind(SpanKind::Producer),
                "consumer" => Value::Kind(SpanKind::Consumer),
                _ => return self.field().map(Expr::Field),
            },
            _ => return self.field().map(Expr::Field),
        };
        self.next();
        Ok(Expr::Value(value))
    }
}
