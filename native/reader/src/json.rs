//! Strict JSON (RFC 8259), one value after the other, with places.

use std::sync::Arc;

use crate::budget::Budget;
use crate::mapping::Mapping;
use crate::node::{Entry, Node, Pos, Value};
use crate::problem::Fault;
use crate::read::Limits;

/// What a text holds before it ends or fails.
pub(crate) struct Stream {
    pub values: Vec<Node>,
    pub stop: Option<Stop>,
}

/// Why reading stopped.
pub(crate) enum Stop {
    /// Not JSON; `at` is where the value that failed starts.
    Syntax { at: usize, fault: Fault },
    /// JSON that means different things to different readers.
    Refused(Fault),
}

/// Reads the JSON values of a text whose first line is `line`.
pub(crate) fn parse(text: &str, line: u32, limits: &Limits, budget: &mut Budget) -> Stream {
    let mut parser = Parser { text, at: 0, mark: Mark { at: 0, line, column: 1 }, limits, budget };
    let mut values = Vec::new();
    loop {
        parser.space();
        if parser.at == text.len() {
            return Stream { values, stop: None };
        }
        let start = parser.at;
        parser.budget.start();
        let before = *parser.budget;
        match parser.value(0) {
            Ok(node) => values.push(node),
            Err(Failure::Syntax(message)) => {
                // The same text may be counted again, as YAML.
                *parser.budget = before;
                let fault = Fault::new(parser.pos(), format!("not JSON: {message}; correct it"));
                return Stream { values, stop: Some(Stop::Syntax { at: start, fault }) };
            }
            Err(Failure::Refused(fault)) => {
                return Stream { values, stop: Some(Stop::Refused(fault)) };
            }
        }
    }
}

enum Failure {
    Syntax(&'static str),
    Refused(Fault),
}

/// A place that was counted, from which the next one is counted on.
struct Mark {
    at: usize,
    line: u32,
    column: u32,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    mark: Mark,
    limits: &'a Limits,
    budget: &'a mut Budget,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn pos(&mut self) -> Pos {
        let passed = self.text.get(self.mark.at..self.at).unwrap_or_default();
        for character in passed.chars() {
            if character == '\n' {
                self.mark.line = self.mark.line.saturating_add(1);
                self.mark.column = 1;
            } else {
                self.mark.column = self.mark.column.saturating_add(1);
            }
        }
        self.mark.at = self.at;
        Pos { line: self.mark.line, column: self.mark.column }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Failure> {
        let pos = self.pos();
        if depth > self.limits.max_depth {
            return Err(Failure::Refused(Fault::too_deep(pos, self.limits.max_depth)));
        }
        self.budget.take(pos).map_err(Failure::Refused)?;
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Value::String(self.string()?.into()),
            Some(b'-' | b'0'..=b'9') => self.number(pos)?,
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(_) => return Err(Failure::Syntax("a value was expected here")),
            None => return Err(Failure::Syntax("the text ends where a value was expected")),
        };
        Ok(Node { pos, value })
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Failure> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(Failure::Syntax("a value was expected here"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Result<Value, Failure> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(Arc::new(items)));
        }
        loop {
            self.space();
            items.push(self.value(depth + 1)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::Array(Arc::new(items)));
                }
                _ => return Err(Failure::Syntax("a comma or ] was expected here")),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Failure> {
        self.at += 1;
        let mut members = Mapping::default();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(Arc::new(members.finish())));
        }
        loop {
            self.space();
            self.member(depth, &mut members)?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Object(Arc::new(members.finish())));
                }
                _ => return Err(Failure::Syntax("a comma or } was expected here")),
            }
        }
    }

    fn member(&mut self, depth: usize, members: &mut Mapping) -> Result<(), Failure> {
        let pos = self.pos();
        if self.peek() != Some(b'"') {
            return Err(Failure::Syntax("a key in double quotes was expected here"));
        }
        let key: Arc<str> = self.string()?.into();
        self.space();
        if self.peek() != Some(b':') {
            return Err(Failure::Syntax("a colon was expected here"));
        }
        self.at += 1;
        self.space();
        let node = self.value(depth + 1)?;
        members.set(Entry { key, pos, node }).map_err(Failure::Refused)
    }

    fn number(&mut self, pos: Pos) -> Result<Value, Failure> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            whole = false;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            whole = false;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        if whole {
            if let Ok(number) = text.parse() {
                return Ok(Value::Int(number));
            }
            if let Ok(number) = text.parse() {
                return Ok(Value::UInt(number));
            }
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Float(number)),
            _ => {
                let message = "a number that is too large; write it as a string";
                Err(Failure::Refused(Fault::new(pos, message)))
            }
        }
    }

    fn digits(&mut self) -> Result<(), Failure> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            return Err(Failure::Syntax("a digit was expected here"));
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, Failure> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            out.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => self.escape(&mut out)?,
                Some(_) => return Err(Failure::Syntax("a control character in a string")),
                None => return Err(Failure::Syntax("a string that does not end")),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), Failure> {
        self.at += 1;
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                out.push(self.unicode()?);
                return Ok(());
            }
            _ => return Err(Failure::Syntax("an escape that JSON does not know")),
        };
        self.at += 1;
        out.push(character);
        Ok(())
    }

    fn unicode(&mut self) -> Result<char, Failure> {
        let first = self.hex()?;
        let mut units = vec![first];
        let pair = self.text.as_bytes().get(self.at..self.at + 2) == Some(b"\\u");
        if (0xd800..0xdc00).contains(&first) && pair {
            self.at += 2;
            units.push(self.hex()?);
        }
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => Ok(character),
            _ => {
                let message = "half of a surrogate pair, which is no character; remove it";
                Err(Failure::Refused(Fault::new(self.pos(), message)))
            }
        }
    }

    fn hex(&mut self) -> Result<u16, Failure> {
        let digits = self.text.get(self.at..self.at + 4).unwrap_or_default();
        let valid = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match u16::from_str_radix(digits, 16) {
            Ok(unit) if valid => {
                self.at += 4;
                Ok(unit)
            }
            _ => Err(Failure::Syntax("four hexadecimal digits were expected here")),
        }
    }
}
