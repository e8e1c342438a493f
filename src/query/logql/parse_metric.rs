//! The grammar of metric queries: operators, aggregations, functions over ranges.

use super::LogQlError;
use super::ast::{Aggregate, Binary, Compare, Expr, Grouping, Matching, Metric, Range, RangeOp};
use super::lexer::Token;
use super::parse::Parser;
use crate::query::units;

/// Binding strength and operator of a sign or word.
fn binary(sign: &str, name: &str) -> Option<(u8, Binary)> {
    Some(match (sign, name) {
        ("", "or") => (1, Binary::Or),
        ("", "and") => (2, Binary::And),
        ("", "unless") => (2, Binary::Unless),
        ("==" | "!=" | "<" | "<=" | ">" | ">=", _) => (3, Binary::Compare(Compare::of(sign)?)),
        ("+", _) => (4, Binary::Add),
        ("-", _) => (4, Binary::Subtract),
        ("*", _) => (5, Binary::Multiply),
        ("/", _) => (5, Binary::Divide),
        ("%", _) => (5, Binary::Modulo),
        ("^", _) => (6, Binary::Power),
        _ => return None,
    })
}

impl Parser<'_> {
    /// Everything that binds stronger than `least`.
    pub(super) fn expr(&mut self, least: u8) -> Result<Expr, LogQlError> {
        self.deeper()?;
        let mut left = self.primary()?;
        while let Some((strength, op)) = binary(self.peek_sign(), self.peek_name()) {
            if strength <= least {
                break;
            }
            let Expr::Metric(inner) = left else {
                return Err(self.unexpected("a metric query before an operator"));
            };
            self.next();
            let bool = self.take_name("bool");
            let matching = self.matching()?;
            // `^` binds to the right.
            let right = match self.expr(if op == Binary::Power { strength - 1 } else { strength })? {
                Expr::Metric(right) => right,
                Expr::Log(_) => {
                    return Err(self.wrong("a metric query must stand on both sides of an operator"));
                }
            };
            left = Expr::Metric(Metric::Binary {
                op,
                bool,
                matching,
                left: Box::new(inner),
                right: Box::new(right),
            });
        }
        self.depth -= 1;
        Ok(left)
    }

    fn matching(&mut self) -> Result<Matching, LogQlError> {
        let mut matching = Matching::default();
        if matches!(self.peek_name(), "on" | "ignoring") {
            matching.on = self.peek_name() == "on";
            self.next();
            matching.names = self.names()?;
            if matches!(self.peek_name(), "group_left" | "group_right") {
                matching.many = Some(self.peek_name() == "group_left");
                self.next();
                if self.peek_sign() == "(" {
                    matching.include = self.names()?;
                }
            }
        }
        Ok(matching)
    }

    fn names(&mut self) -> Result<Vec<String>, LogQlError> {
        self.expect("(")?;
        let mut names = Vec::new();
        while !self.take(")") {
            names.push(self.name()?);
            if !self.take(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(names)
    }

    fn grouping(&mut self) -> Result<Option<Grouping>, LogQlError> {
        if !matches!(self.peek_name(), "by" | "without") {
            return Ok(None);
        }
        let without = self.peek_name() == "without";
        self.next();
        Ok(Some(Grouping { without, names: self.names()? }))
    }

    fn signed_number(&mut self) -> Result<f64, LogQlError> {
        let negative = self.take("-");
        let Token::Number(value) = *self.peek() else { return Err(self.unexpected("NUMBER")) };
        self.next();
        Ok(if negative { -value } else { value })
    }

    fn primary(&mut self) -> Result<Expr, LogQlError> {
        if self.is_log_next() {
            return self.log_expr();
        }
        match self.peek().clone() {
            Token::Number(_) => Ok(Expr::Metric(Metric::Number(self.signed_number()?))),
            Token::Sign("-" | "+") => {
                if !self.take("+") {
                    return Ok(Expr::Metric(Metric::Number(self.signed_number()?)));
                }
                Ok(Expr::Metric(Metric::Number(self.signed_number()?)))
            }
            Token::Sign("(") => {
                self.next();
                let inner = self.expr(0)?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Name(name) => {
                if let Some(op) = RangeOp::of(&name) {
                    self.next();
                    return self.range(op).map(Expr::Metric);
                }
                if let Some(op) = Aggregate::of(&name) {
                    self.next();
                    return self.aggregate(op).map(Expr::Metric);
                }
                match name.as_str() {
                    "vector" => {
                        self.next();
                        self.expect("(")?;
                        let value = self.signed_number()?;
                        self.expect(")")?;
                        Ok(Expr::Metric(Metric::Vector(value)))
                    }
                    "label_replace" => {
                        self.next();
                        self.label_replace().map(Expr::Metric)
                    }
                    "approx_topk" | "variants" => Err(LogQlError::Unsupported(format!("{name}()"))),
                    _ => Err(self.unexpected("a selector, a number or a function")),
                }
            }
            _ => Err(self.unexpected("")),
        }
    }

    fn metric(&mut self) -> Result<Metric, LogQlError> {
        match self.expr(0)? {
            Expr::Metric(metric) => Ok(metric),
            Expr::Log(_) => Err(self.unexpected("a metric query, as rate(…), instead of a log query")),
        }
    }

    fn label_replace(&mut self) -> Result<Metric, LogQlError> {
        self.expect("(")?;
        let inner = Box::new(self.metric()?);
        let mut texts = Vec::new();
        for _ in 0..4 {
            self.expect(",")?;
            texts.push(self.text()?);
        }
        let mut texts = texts.into_iter();
        let mut next = || texts.next().unwrap_or_default();
        let (to, template, from, pattern) = (next(), next(), next(), next());
        let regex = units::regex(&format!("^(?s:{pattern})$"))
            .map_err(|_| self.wrong(&format!("error parsing regexp: `{pattern}`")))?;
        self.expect(")")?;
        Ok(Metric::LabelReplace { inner, to, template, from, regex })
    }

    fn range(&mut self, op: RangeOp) -> Result<Metric, LogQlError> {
        self.expect("(")?;
        let mut parameter = f64::NAN;
        if op == RangeOp::Quantile {
            parameter = self.signed_number()?;
            self.expect(",")?;
        }
        if !self.is_log_next() {
            return Err(self.unexpected("a selector"));
        }
        let (log, window) = self.log()?;
        let Some(range) = window.range else { return Err(self.unexpected("[ and a duration")) };
        match (op.wants_unwrap(), &window.unwrap) {
            (Some(false), Some(_)) => {
                return Err(self.wrong("invalid aggregation with unwrap: this function counts lines"));
            }
            (Some(true), None) => return Err(self.wrong("invalid aggregation without unwrap")),
            _ => {}
        }
        self.expect(")")?;
        let grouping = self.grouping()?;
        if grouping.is_some()
            && matches!(
                op,
                RangeOp::Count
                    | RangeOp::Rate
                    | RangeOp::Bytes
                    | RangeOp::BytesRate
                    | RangeOp::Sum
                    | RangeOp::Absent
                    | RangeOp::RateCounter
            )
        {
            return Err(self.wrong("grouping not allowed for this aggregation; put sum by (…) around it"));
        }
        Ok(Metric::Range(Range {
            op,
            log,
            unwrap: window.unwrap,
            length: range,
            offset: window.offset,
            parameter,
            grouping,
        }))
    }

    fn aggregate(&mut self, op: Aggregate) -> Result<Metric, LogQlError> {
        let mut grouping = self.grouping()?;
        self.expect("(")?;
        let mut parameter = f64::NAN;
        if matches!(op, Aggregate::Topk | Aggregate::Bottomk) {
            parameter = self.signed_number()?;
            if parameter < 1.0 {
                return Err(self.wrong("invalid parameter: it must be a whole number above 0"));
            }
            self.expect(",")?;
        }
        let inner = Box::new(self.metric()?);
        self.expect(")")?;
        if grouping.is_none() {
            grouping = self.grouping()?;
        }
        Ok(Metric::Aggregate { op, parameter, grouping: grouping.unwrap_or_default(), inner })
    }
}
