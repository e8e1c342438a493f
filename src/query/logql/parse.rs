//! LogQL's grammar, by recursive descent: selectors and pipelines here, numbers in `parse_metric`.

use super::LogQlError;
use super::ast::{Expr, LineMatch, LogExpr, Source, Stage, Step, Unit, Unwrap};
use super::lexer::{Token, lex, wrong};
use super::pattern::Pattern;
use super::template::Template;
use crate::model::{MatchOp, Matcher};
use crate::query::units;

/// Reads a query.
pub(super) fn parse(text: &str) -> Result<Expr, LogQlError> {
    if text.len() > units::LONGEST_QUERY {
        return Err(LogQlError::Parse(format!(
            "parse error : input size too long ({} > {})",
            text.len(),
            units::LONGEST_QUERY
        )));
    }
    let mut parser = Parser { text, tokens: lex(text)?, at: 0, depth: 0 };
    let expr = parser.expr(0)?;
    match parser.peek() {
        Token::End => Ok(expr),
        _ => Err(parser.unexpected("")),
    }
}

/// Where the parser is.
pub(super) struct Parser<'t> {
    text: &'t str,
    pub(super) tokens: Vec<(Token, usize)>,
    pub(super) at: usize,
    pub(super) depth: usize,
}

/// A selector's window, where it has one: range and offset in nanoseconds, and what is unwrapped.
#[derive(Debug, Default)]
pub(super) struct Window {
    pub(super) range: Option<i64>,
    pub(super) offset: i64,
    pub(super) unwrap: Option<Unwrap>,
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    pub(super) fn peek_sign(&self) -> &'static str {
        match self.peek() {
            Token::Sign(sign) => sign,
            _ => "",
        }
    }

    pub(super) fn peek_name(&self) -> &str {
        match self.peek() {
            Token::Name(name) => name,
            _ => "",
        }
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len());
        token
    }

    fn back(&mut self, steps: usize) {
        self.at = self.at.saturating_sub(steps);
    }

    fn here(&self) -> usize {
        self.tokens.get(self.at).map_or(self.text.len(), |(_, at)| *at)
    }

    /// An error at the word that comes next.
    pub(super) fn wrong(&self, what: &str) -> LogQlError {
        wrong(self.text, self.here(), what)
    }

    /// "unexpected X, expecting Y", as Loki says it.
    pub(super) fn unexpected(&self, expecting: &str) -> LogQlError {
        let expecting = if expecting.is_empty() { String::new() } else { format!(", expecting {expecting}") };
        self.wrong(&format!("syntax error: unexpected {}{expecting}", self.peek().shown()))
    }

    /// Takes this operator if it comes next.
    pub(super) fn take(&mut self, sign: &str) -> bool {
        let found = self.peek_sign() == sign;
        if found {
            self.next();
        }
        found
    }

    pub(super) fn expect(&mut self, sign: &str) -> Result<(), LogQlError> {
        if self.take(sign) { Ok(()) } else { Err(self.unexpected(sign)) }
    }

    pub(super) fn take_name(&mut self, name: &str) -> bool {
        let found = self.peek_name() == name;
        if found {
            self.next();
        }
        found
    }

    pub(super) fn name(&mut self) -> Result<String, LogQlError> {
        match self.peek() {
            Token::Name(name) => {
                let name = name.clone();
                self.next();
                Ok(name)
            }
            _ => Err(self.unexpected("IDENTIFIER")),
        }
    }

    pub(super) fn text(&mut self) -> Result<String, LogQlError> {
        match self.peek() {
            Token::Text(text) => {
                let text = text.clone();
                self.next();
                Ok(text)
            }
            _ => Err(self.unexpected("STRING")),
        }
    }

    /// Counts a level of nesting.
    pub(super) fn deeper(&mut self) -> Result<(), LogQlError> {
        self.depth += 1;
        if self.depth > units::DEEPEST {
            return Err(self.wrong("the query nests too deeply"));
        }
        Ok(())
    }

    /// A selector, its pipeline, its window.
    pub(super) fn log(&mut self) -> Result<(LogExpr, Window), LogQlError> {
        self.deeper()?;
        let (mut log, mut window) = if self.take("(") {
            let inner = self.log()?;
            self.expect(")")?;
            inner
        } else {
            (LogExpr { matchers: self.selector()?, stages: Vec::new() }, Window::default())
        };
        loop {
            match self.peek_sign() {
                "[" => {
                    if window.range.is_some() {
                        return Err(self.unexpected(""));
                    }
                    self.next();
                    let Token::Duration(range) = *self.peek() else {
                        return Err(self.unexpected("DURATION"));
                    };
                    if range <= 0 {
                        return Err(self.wrong("a range must be longer than nothing"));
                    }
                    self.next();
                    self.expect("]")?;
                    window.range = Some(range);
                    if self.take_name("offset") {
                        let negative = self.take("-");
                        let Token::Duration(offset) = *self.peek() else {
                            return Err(self.unexpected("DURATION"));
                        };
                        self.next();
                        window.offset = if negative { -offset } else { offset };
                    }
                }
                "|=" | "|~" | "|>" | "!=" | "!~" | "!>" => log.stages.push(self.line_filter()?),
                "|" => {
                    self.next();
                    if self.peek_name() == "unwrap" {
                        if window.unwrap.is_some() {
                            return Err(self.unexpected(""));
                        }
                        self.next();
                        window.unwrap = Some(self.unwrap()?);
                    } else if let Some(unwrap) = &mut window.unwrap {
                        let filter = {
                            let mut after = std::mem::take(&mut unwrap.after);
                            after.push(self.filter(0)?);
                            after
                        };
                        unwrap.after = filter;
                    } else {
                        let stage = self.stage()?;
                        log.stages.push(stage);
                    }
                }
                _ => break,
            }
        }
        self.depth -= 1;
        Ok((log, window))
    }

    fn selector(&mut self) -> Result<Vec<Matcher>, LogQlError> {
        let start = self.here();
        self.expect("{")?;
        let mut matchers = Vec::new();
        while !self.take("}") {
            if !matchers.is_empty() {
                if self.peek_sign() != "," {
                    return Err(self.unexpected("} or ,"));
                }
                self.next();
                if self.take("}") {
                    break;
                }
            }
            if !matches!(self.peek(), Token::Name(_)) {
                return Err(self.unexpected("IDENTIFIER or }"));
            }
            matchers.push(self.matcher()?);
        }
        if !matchers.iter().any(|matcher| !accepts_empty(matcher)) {
            return Err(wrong(
                self.text,
                start,
                "queries require at least one regexp or equality matcher that does not have an \
                 empty-compatible value. For instance, app=~\".*\" does not meet this requirement, but \
                 app=~\".+\" will",
            ));
        }
        Ok(matchers)
    }

    fn matcher(&mut self) -> Result<Matcher, LogQlError> {
        let name = self.name()?;
        let op = match self.peek_sign() {
            "=" => MatchOp::Equal,
            "!=" => MatchOp::NotEqual,
            "=~" => MatchOp::Regex,
            "!~" => MatchOp::NotRegex,
            _ => return Err(self.unexpected("= or != or =~ or !~")),
        };
        self.next();
        let at = self.here();
        let value = self.text()?;
        Matcher::new(&name, op, &value)
            .map_err(|_| wrong(self.text, at, &format!("error parsing regexp: `{value}`")))
    }

    fn line_filter(&mut self) -> Result<Stage, LogQlError> {
        let sign = self.peek_sign();
        self.next();
        let negated = sign.starts_with('!');
        let mut any = Vec::new();
        loop {
            if self.peek_name() == "ip" {
                return Err(LogQlError::Unsupported("the line filter ip()".to_owned()));
            }
            let at = self.here();
            let text = self.text()?;
            let said = |what: String| wrong(self.text, at, &what);
            any.push(match sign {
                "|=" | "!=" => LineMatch::Text(text),
                "|~" | "!~" => LineMatch::Regex(units::regex(&text).map_err(said)?),
                _ => LineMatch::Pattern(Pattern::parse(&text, true).map_err(said)?),
            });
            if !self.take_name("or") {
                return Ok(Stage::Line { negated, any });
            }
        }
    }

    fn stage(&mut self) -> Result<Stage, LogQlError> {
        let name = self.peek_name().to_owned();
        let at = self.here();
        let stage = match name.as_str() {
            "json" => {
                self.next();
                let mut only = Vec::new();
                for (label, path) in self.expressions()? {
                    only.push((
                        label,
                        json_path(&path).ok_or_else(|| {
                            wrong(self.text, at, &format!("cannot parse expression [{path}]"))
                        })?,
                    ));
                }
                Stage::Json(only)
            }
            "logfmt" => {
                self.next();
                let (mut strict, mut keep_empty) = (false, false);
                while self.peek_sign() == "-" {
                    let flag = self.flag()?;
                    match flag.as_str() {
                        "strict" => strict = true,
                        "keep-empty" => keep_empty = true,
                        _ => return Err(wrong(self.text, at, &format!("unknown flag --{flag}"))),
                    }
                }
                Stage::Logfmt { strict, keep_empty, only: self.expressions()? }
            }
            "pattern" => {
                self.next();
                let text = self.text()?;
                Stage::Pattern(Pattern::parse(&text, false).map_err(|what| wrong(self.text, at, &what))?)
            }
            "regexp" => {
                self.next();
                let text = self.text()?;
                let regex = units::regex(&text).map_err(|what| wrong(self.text, at, &what))?;
                if regex.capture_names().flatten().next().is_none() {
                    return Err(wrong(self.text, at, "at least one named capture must be supplied"));
                }
                Stage::Regexp(regex)
            }
            "unpack" => {
                self.next();
                Stage::Unpack
            }
            "decolorize" => {
                self.next();
                Stage::Decolorize
            }
            "line_format" => {
                self.next();
                Stage::LineFormat(Template::parse(&self.text()?)?)
            }
            "label_format" => {
                self.next();
                Stage::LabelFormat(self.label_format()?)
            }
            "drop" | "keep" => {
                self.next();
                Stage::Select { keep: name == "keep", names: self.select()? }
            }
            "distinct" => return Err(LogQlError::Unsupported("`| distinct`".to_owned())),
            _ => Stage::Filter(self.filter(0)?),
        };
        Ok(stage)
    }

    fn flag(&mut self) -> Result<String, LogQlError> {
        self.expect("-")?;
        self.expect("-")?;
        let mut flag = self.name()?;
        while self.take("-") {
            flag = format!("{flag}-{}", self.name()?);
        }
        Ok(flag)
    }

    /// `a="x", b` of `json` and `logfmt`.
    fn expressions(&mut self) -> Result<Vec<(String, String)>, LogQlError> {
        let mut all = Vec::new();
        while matches!(self.peek(), Token::Name(_)) {
            let label = self.name()?;
            let path = if self.take("=") { self.text()? } else { label.clone() };
            all.push((label, path));
            if !self.take(",") {
                break;
            }
        }
        Ok(all)
    }

    fn label_format(&mut self) -> Result<Vec<(String, Source)>, LogQlError> {
        let mut all: Vec<(String, Source)> = Vec::new();
        loop {
            let label = self.name()?;
            if all.iter().any(|(other, _)| *other == label) {
                return Err(self.wrong(&format!(
                    "multiple label name '{label}' not allowed in a single format operation"
                )));
            }
            self.expect("=")?;
            let source = match self.peek() {
                Token::Name(from) => {
                    let from = from.clone();
                    self.next();
                    Source::Label(from)
                }
                Token::Text(_) => Source::Template(Template::parse(&self.text()?)?),
                _ => return Err(self.unexpected("IDENTIFIER or STRING")),
            };
            all.push((label, source));
            if !self.take(",") {
                return Ok(all);
            }
        }
    }

    fn select(&mut self) -> Result<Vec<(String, Option<Matcher>)>, LogQlError> {
        let mut all = Vec::new();
        loop {
            let name = self.name()?;
            if matches!(self.peek_sign(), "=" | "!=" | "=~" | "!~") {
                self.back(1);
                all.push((name, Some(self.matcher()?)));
            } else {
                all.push((name, None));
            }
            if !self.take(",") {
                return Ok(all);
            }
        }
    }

    fn unwrap(&mut self) -> Result<Unwrap, LogQlError> {
        let name = self.name()?;
        let unit = match name.as_str() {
            "duration" | "duration_seconds" => Unit::Duration,
            "bytes" => Unit::Bytes,
            _ => Unit::Number,
        };
        if unit == Unit::Number || self.peek_sign() != "(" {
            return Ok(Unwrap { label: name, unit: Unit::Number, after: Vec::new() });
        }
        self.next();
        let label = self.name()?;
        self.expect(")")?;
        Ok(Unwrap { label, unit, after: Vec::new() })
    }
}

/// Whether a stream without the label satisfies it.
fn accepts_empty(matcher: &Matcher) -> bool {
    matcher.matches(&crate::model::Labels::default())
}

/// `a.b[0]["c d"]`.
fn json_path(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(open) = rest.strip_prefix('[') {
            if open.starts_with('"') {
                let (key, size) = units::quoted(open)?;
                steps.push(Step::Key(key));
                rest = open.get(size..)?.strip_prefix(']')?;
            } else {
                let close = open.find(']')?;
                steps.push(Step::Index(open[..close].parse().ok()?));
                rest = &open[close + 1..];
            }
            rest = rest.strip_prefix('.').filter(|rest| !rest.is_empty()).unwrap_or(rest);
            continue;
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let key = &rest[..end];
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'@');
        if key.is_empty() || !key.bytes().all(plain) {
            return None;
        }
        steps.push(Step::Key(key.to_owned()));
        rest = &rest[end..];
        if let Some(after) = rest.strip_prefix('.') {
            if after.is_empty() {
                return None;
            }
            rest = after;
        }
    }
    (!steps.is_empty()).then_some(steps)
}

impl Parser<'_> {
    /// A log query or a metric query.
    pub(super) fn is_log_next(&self) -> bool {
        let mut at = self.at;
        while let Some((Token::Sign("("), _)) = self.tokens.get(at) {
            at += 1;
        }
        matches!(self.tokens.get(at), Some((Token::Sign("{"), _)))
    }

    /// Wraps a log expression.
    pub(super) fn log_expr(&mut self) -> Result<Expr, LogQlError> {
        let at = self.here();
        let (log, window) = self.log()?;
        if window.range.is_some() || window.unwrap.is_some() {
            return Err(wrong(
                self.text,
                at,
                "syntax error: unexpected RANGE: a range needs a function around it, as rate(…)",
            ));
        }
        Ok(Expr::Log(log))
    }
}
