//! Characters into tokens.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::cursor::Cursor;
use crate::node::Pos;
use crate::problem::Fault;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token<'a> {
    End,
    Version,
    TagPrefix {
        handle: &'a str,
        prefix: Cow<'a, str>,
    },
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    SequenceStart,
    SequenceEnd,
    MappingStart,
    MappingEnd,
    /// The `-` of a block sequence.
    Item,
    /// The `,` of a flow collection.
    Comma,
    Key,
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    Tag {
        handle: &'a str,
        suffix: Cow<'a, str>,
    },
    Scalar {
        text: Cow<'a, str>,
        plain: bool,
    },
}

/// Characters that a key may have before its colon.
const KEY_LENGTH: usize = 1024;

/// Where a key may have started, on one level of flow collections.
struct SimpleKey {
    possible: bool,
    /// Whether it is an error when it turns out to be none.
    required: bool,
    /// The number of the token that would be the key.
    token: usize,
    at: usize,
    row: u32,
    column: usize,
    pos: Pos,
}

pub(crate) struct Scanner<'a> {
    pub cursor: Cursor<'a>,
    tokens: VecDeque<(Token<'a>, Pos)>,
    /// Tokens that were taken.
    taken: usize,
    max_depth: usize,
    pub flow_level: usize,
    /// The column of the innermost block collection; -1 outside of any.
    pub indent: i64,
    indents: Vec<i64>,
    pub key_allowed: bool,
    keys: Vec<SimpleKey>,
    /// Whether the first token is known to be final.
    ready: bool,
    ended: bool,
}

impl<'a> Scanner<'a> {
    pub fn new(cursor: Cursor<'a>, max_depth: usize) -> Scanner<'a> {
        let mut scanner = Scanner {
            cursor,
            tokens: VecDeque::with_capacity(16),
            taken: 0,
            max_depth,
            flow_level: 0,
            indent: -1,
            indents: Vec::new(),
            key_allowed: true,
            keys: Vec::new(),
            ready: false,
            ended: false,
        };
        scanner.push_level();
        scanner
    }

    /// The next token, which stays.
    pub fn peek(&mut self) -> Result<&(Token<'a>, Pos), Fault> {
        if !self.ready {
            while !self.ended && self.needs_more()? {
                self.fetch()?;
            }
            self.ready = true;
        }
        Ok(self.tokens.front().unwrap_or(&(Token::End, Pos::START)))
    }

    /// The next token, which is gone then.
    pub fn next(&mut self) -> Result<(Token<'a>, Pos), Fault> {
        self.peek()?;
        self.ready = false;
        let Some(token) = self.tokens.pop_front() else { return Ok((Token::End, Pos::START)) };
        self.taken += 1;
        Ok(token)
    }

    /// Whether the first token may yet turn out to be a key.
    fn needs_more(&mut self) -> Result<bool, Fault> {
        if self.tokens.is_empty() {
            return Ok(true);
        }
        // The numbers grow with the level, so the search ends early.
        for level in (0..self.keys.len()).rev() {
            match self.keys.get(level) {
                Some(key) if key.token < self.taken => return Ok(false),
                Some(key) if key.possible && key.token == self.taken => {
                    return self.is_key_valid(level);
                }
                _ => (),
            }
        }
        Ok(false)
    }

    /// Whether the colon of a key may still come: on the same row, not too far on.
    fn is_key_valid(&mut self, level: usize) -> Result<bool, Fault> {
        let Some(key) = self.keys.get_mut(level) else { return Ok(false) };
        if !key.possible {
            return Ok(false);
        }
        let length = self.cursor.at.saturating_sub(key.at);
        let too_long = length > 4 * KEY_LENGTH
            || length > KEY_LENGTH && self.cursor.since(key.at).chars().count() > KEY_LENGTH;
        if key.row == self.cursor.row && !too_long {
            return Ok(true);
        }
        if key.required {
            return Err(no_colon(key.pos));
        }
        key.possible = false;
        Ok(false)
    }

    fn fetch(&mut self) -> Result<(), Fault> {
        self.skip_to_token();
        let column = self.column();
        self.unroll(column);
        let pos = self.cursor.pos();
        let next_is_space = self.cursor.is_space_at(1);
        let flow = self.flow_level > 0;
        if self.cursor.is_end() {
            return self.fetch_end(pos);
        }
        if column == 0 && self.cursor.is_document_marker() {
            return self.fetch_marker(pos);
        }
        match self.cursor.peek() {
            b'%' if column == 0 => {
                self.leave_block()?;
                let token = self.directive(pos)?;
                self.push(token, pos);
                Ok(())
            }
            b'[' => self.fetch_flow_start(Token::SequenceStart, pos),
            b'{' => self.fetch_flow_start(Token::MappingStart, pos),
            b']' => self.fetch_flow_end(Token::SequenceEnd, pos),
            b'}' => self.fetch_flow_end(Token::MappingEnd, pos),
            b',' => {
                self.drop_key()?;
                self.indicator(Token::Comma, pos, true);
                Ok(())
            }
            b'-' if next_is_space => self.fetch_item(pos),
            b'?' if flow || next_is_space => self.fetch_key(pos),
            b':' if flow || next_is_space => self.fetch_value(pos),
            b'*' | b'&' | b'!' => self.fetch_property(pos),
            b'|' | b'>' if !flow => self.fetch_block_scalar(pos),
            b'\'' | b'"' => self.fetch_scalar(pos, Scanner::quoted),
            b'-' | b'?' | b':' => self.fetch_scalar(pos, Scanner::plain),
            b'\t' => Err(Fault::new(pos, "not YAML: a tab where spaces are needed; use spaces")),
            byte @ (b'#' | b'|' | b'>' | b'%' | b'@' | b'`') => {
                let sign = char::from(byte);
                let message = format!("not YAML: no value can start with {sign}; quote it");
                Err(Fault::new(pos, message))
            }
            _ => self.fetch_scalar(pos, Scanner::plain),
        }
    }

    fn skip_to_token(&mut self) {
        loop {
            let tabs = self.flow_level > 0 || !self.key_allowed;
            while self.cursor.peek() == b' ' || tabs && self.cursor.peek() == b'\t' {
                self.cursor.skip(1);
            }
            if self.cursor.peek() == b'#' {
                self.cursor.skip_to_break();
            }
            if !self.cursor.is_break() {
                return;
            }
            self.cursor.skip_break();
            if self.flow_level == 0 {
                self.key_allowed = true;
            }
        }
    }

    fn column(&self) -> i64 {
        i64::try_from(self.cursor.column()).unwrap_or(i64::MAX)
    }

    fn push(&mut self, token: Token<'a>, pos: Pos) {
        self.tokens.push_back((token, pos));
    }

    /// Puts a token before the one with a number.
    fn insert(&mut self, number: usize, token: Token<'a>, pos: Pos) {
        let index = number.saturating_sub(self.taken).min(self.tokens.len());
        self.tokens.insert(index, (token, pos));
    }

    /// A token of one character.
    fn indicator(&mut self, token: Token<'a>, pos: Pos, key_allowed: bool) {
        self.key_allowed = key_allowed;
        self.cursor.skip(1);
        self.push(token, pos);
    }

    /// The number that the next token will have.
    fn number(&self) -> usize {
        self.taken + self.tokens.len()
    }

    fn save_key(&mut self) -> Result<(), Fault> {
        if !self.key_allowed {
            return Ok(());
        }
        self.drop_key()?;
        let required = self.flow_level == 0 && self.indent == self.column();
        let pos = self.cursor.pos();
        let key = SimpleKey {
            possible: true,
            required,
            token: self.number(),
            at: self.cursor.at,
            row: self.cursor.row,
            column: self.cursor.column(),
            pos,
        };
        if let Some(last) = self.keys.last_mut() {
            *last = key;
        }
        Ok(())
    }

    fn drop_key(&mut self) -> Result<(), Fault> {
        match self.keys.last_mut() {
            Some(key) if key.possible && key.required => Err(no_colon(key.pos)),
            Some(key) => {
                key.possible = false;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn push_level(&mut self) {
        self.keys.push(SimpleKey {
            possible: false,
            required: false,
            token: self.number(),
            at: self.cursor.at,
            row: self.cursor.row,
            column: 0,
            pos: Pos::START,
        });
    }

    /// Opens a block collection when the column is further in than the one around.
    fn roll(&mut self, column: i64, number: usize, token: Token<'a>, pos: Pos) {
        if self.flow_level == 0 && self.indent < column {
            self.indents.push(self.indent);
            self.indent = column;
            self.insert(number, token, pos);
        }
    }

    /// Closes the block collections that are further in than the column.
    fn unroll(&mut self, column: i64) {
        if self.flow_level > 0 || self.indent <= column {
            return;
        }
        let pos = self.cursor.pos();
        while self.indent > column {
            self.push(Token::BlockEnd, pos);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn leave_block(&mut self) -> Result<(), Fault> {
        self.unroll(-1);
        self.drop_key()?;
        self.key_allowed = false;
        Ok(())
    }

    fn fetch_end(&mut self, pos: Pos) -> Result<(), Fault> {
        self.leave_block()?;
        self.push(Token::End, pos);
        self.ended = true;
        Ok(())
    }

    fn fetch_marker(&mut self, pos: Pos) -> Result<(), Fault> {
        self.leave_block()?;
        let start = self.cursor.peek() == b'-';
        self.cursor.skip(3);
        self.push(if start { Token::DocumentStart } else { Token::DocumentEnd }, pos);
        Ok(())
    }

    fn fetch_flow_start(&mut self, token: Token<'a>, pos: Pos) -> Result<(), Fault> {
        self.save_key()?;
        self.push_level();
        self.flow_level += 1;
        if self.flow_level > self.max_depth {
            return Err(Fault::too_deep(pos, self.max_depth));
        }
        self.indicator(token, pos, true);
        Ok(())
    }

    fn fetch_flow_end(&mut self, token: Token<'a>, pos: Pos) -> Result<(), Fault> {
        self.drop_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            self.keys.pop();
        }
        self.indicator(token, pos, false);
        Ok(())
    }

    fn fetch_item(&mut self, pos: Pos) -> Result<(), Fault> {
        if self.flow_level == 0 {
            if !self.key_allowed {
                return Err(Fault::new(
                    pos,
                    "not YAML: a list cannot start here; indent it on a line of its own",
                ));
            }
            self.roll(self.column(), self.number(), Token::BlockSequenceStart, pos);
        }
        self.drop_key()?;
        self.indicator(Token::Item, pos, true);
        Ok(())
    }

    fn fetch_key(&mut self, pos: Pos) -> Result<(), Fault> {
        if self.flow_level == 0 {
            if !self.key_allowed {
                return Err(Fault::new(pos, "not YAML: a key cannot start here; quote the text"));
            }
            self.roll(self.column(), self.number(), Token::BlockMappingStart, pos);
        }
        self.drop_key()?;
        self.indicator(Token::Key, pos, self.flow_level == 0);
        Ok(())
    }

    fn fetch_value(&mut self, pos: Pos) -> Result<(), Fault> {
        let level = self.keys.len().saturating_sub(1);
        if self.is_key_valid(level)? {
            if let Some(key) = self.keys.get_mut(level) {
                key.possible = false;
                let (number, column, place) = (key.token, key.column, key.pos);
                self.insert(number, Token::Key, place);
                let column = i64::try_from(column).unwrap_or(i64::MAX);
                self.roll(column, number, Token::BlockMappingStart, place);
            }
            self.indicator(Token::Value, pos, false);
            return Ok(());
        }
        if self.flow_level == 0 {
            if !self.key_allowed {
                let message = "not YAML: a mapping cannot start here; quote the text, or correct \
                               the indentation";
                return Err(Fault::new(pos, message));
            }
            self.roll(self.column(), self.number(), Token::BlockMappingStart, pos);
        }
        self.indicator(Token::Value, pos, self.flow_level == 0);
        Ok(())
    }

    fn fetch_property(&mut self, pos: Pos) -> Result<(), Fault> {
        self.save_key()?;
        self.key_allowed = false;
        let token = match self.cursor.peek() {
            b'*' => Token::Alias(self.name(pos)?),
            b'&' => Token::Anchor(self.name(pos)?),
            _ => self.tag(pos)?,
        };
        self.push(token, pos);
        Ok(())
    }

    fn fetch_block_scalar(&mut self, pos: Pos) -> Result<(), Fault> {
        self.drop_key()?;
        self.key_allowed = true;
        let text = self.block(pos)?;
        self.push(Token::Scalar { text: Cow::Owned(text), plain: false }, pos);
        Ok(())
    }

    fn fetch_scalar(
        &mut self,
        pos: Pos,
        scan: fn(&mut Scanner<'a>, Pos) -> Result<Token<'a>, Fault>,
    ) -> Result<(), Fault> {
        self.save_key()?;
        self.key_allowed = false;
        let token = scan(self, pos)?;
        self.push(token, pos);
        Ok(())
    }
}

fn no_colon(pos: Pos) -> Fault {
    Fault::new(pos, "not YAML: a key without its colon; add it, or indent the text")
}
