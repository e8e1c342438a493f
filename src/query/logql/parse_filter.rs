//! The grammar of label filters.

use super::LogQlError;
use super::ast::{Compare, Filter, Unit};
use super::lexer::Token;
use super::parse::Parser;
use crate::model::MatchOp;
use crate::query::units;

impl Parser<'_> {
    /// A condition on labels. `or` binds least, then `and`, `,` and mere neighbourhood.
    pub(super) fn filter(&mut self, level: u8) -> Result<Filter, LogQlError> {
        if level == 2 {
            self.deeper()?;
            let filter = self.condition()?;
            self.depth -= 1;
            return Ok(filter);
        }
        let mut left = self.filter(level + 1)?;
        loop {
            let joined = if level == 0 {
                self.take_name("or")
            } else {
                self.take_name("and") || self.take(",") || self.condition_follows()
            };
            if !joined {
                return Ok(left);
            }
            let right = self.filter(level + 1)?;
            left = if level == 0 {
                Filter::Or(Box::new(left), Box::new(right))
            } else {
                Filter::And(Box::new(left), Box::new(right))
            };
        }
    }

    fn condition_follows(&self) -> bool {
        let compares = matches!(
            self.tokens.get(self.at + 1).map(|(token, _)| token),
            Some(Token::Sign("=" | "==" | "!=" | "=~" | "!~" | ">" | ">=" | "<" | "<="))
        );
        matches!(self.peek(), Token::Name(name) if name != "or" && name != "and") && compares
    }

    fn condition(&mut self) -> Result<Filter, LogQlError> {
        if self.take("(") {
            let inner = self.filter(0)?;
            self.expect(")")?;
            return Ok(inner);
        }
        let name = self.name()?;
        let sign = self.peek_sign();
        if !matches!(sign, "=" | "==" | "!=" | "=~" | "!~" | ">" | ">=" | "<" | "<=") {
            return Err(self.unexpected("a comparison"));
        }
        self.next();
        if self.peek_name() == "ip" {
            return Err(LogQlError::Unsupported("the label filter ip()".to_owned()));
        }
        let negative = self.take("-");
        let signed = |value: f64| if negative { -value } else { value };
        let number = |unit, value| {
            Compare::of(sign).map(|op| Filter::Number { name: name.clone(), unit, op, value: signed(value) })
        };
        let filter = match *self.peek() {
            Token::Text(ref text) if !negative => {
                let op = match sign {
                    "=" => MatchOp::Equal,
                    "!=" => MatchOp::NotEqual,
                    "=~" => MatchOp::Regex,
                    "!~" => MatchOp::NotRegex,
                    _ => return Err(self.unexpected("NUMBER or DURATION or BYTES")),
                };
                let regex = match op {
                    MatchOp::Regex | MatchOp::NotRegex => Some(
                        units::regex(&format!("^(?s:{text})$"))
                            .map_err(|_| self.wrong(&format!("error parsing regexp: `{text}`")))?,
                    ),
                    _ => None,
                };
                Some(Filter::Text { name: name.clone(), op, value: text.clone(), regex })
            }
            Token::Number(value) => number(Unit::Number, value),
            Token::Duration(ns) => number(Unit::Duration, ns as f64),
            Token::Bytes(bytes) => number(Unit::Bytes, bytes),
            _ => None,
        };
        let Some(filter) = filter else {
            return Err(self.unexpected("STRING or NUMBER or DURATION or BYTES"));
        };
        self.next();
        Ok(filter)
    }
}
