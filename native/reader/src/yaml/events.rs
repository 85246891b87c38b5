//! Tokens into events.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::scanner::{Scanner, Token};
use crate::node::Pos;
use crate::problem::Fault;

pub(crate) enum Event<'a> {
    End,
    DocumentStart,
    DocumentEnd,
    Alias(&'a str),
    Scalar {
        anchor: Option<&'a str>,
        tag: Option<Cow<'a, str>>,
        text: Cow<'a, str>,
        plain: bool,
    },
    SequenceStart {
        anchor: Option<&'a str>,
    },
    MappingStart {
        anchor: Option<&'a str>,
    },
    /// The end of a sequence or of a mapping.
    Close,
}

/// What is expected next.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// A document, with or without `---`.
    ImplicitDocument,
    /// A document that starts with `---`.
    Document,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockItem,
    IndentlessItem,
    BlockKey,
    BlockValue,
    FlowFirstItem,
    FlowItem,
    /// The key, the value and the end of `[key: value]`.
    PairKey,
    PairValue,
    PairEnd,
    FlowFirstKey,
    FlowKey,
    FlowValue,
    FlowNoValue,
}

/// Which nodes may stand in a place.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Flow,
    Block,
    /// Where a `-` may have the column of the key above it.
    BlockOrIndentless,
}

pub(crate) struct Parser<'a> {
    scanner: Scanner<'a>,
    state: State,
    states: Vec<State>,
    prefixes: Vec<(&'a str, Cow<'a, str>)>,
}

type Step<'a> = Result<(Event<'a>, Pos), Fault>;

impl<'a> Parser<'a> {
    pub fn new(cursor: Cursor<'a>, max_depth: usize) -> Parser<'a> {
        Parser {
            scanner: Scanner::new(cursor, max_depth),
            state: State::ImplicitDocument,
            states: Vec::new(),
            prefixes: Vec::new(),
        }
    }

    pub fn next(&mut self) -> Step<'a> {
        match self.state {
            State::ImplicitDocument => self.document(true),
            State::Document => self.document(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(Place::Block),
            State::BlockItem => self.block_item(),
            State::IndentlessItem => self.indentless_item(),
            State::BlockKey => self.block_key(),
            State::BlockValue => self.block_value(),
            State::FlowFirstItem => self.flow_item(true),
            State::FlowItem => self.flow_item(false),
            State::PairKey => self.pair_key(),
            State::PairValue => self.pair_value(),
            State::PairEnd => {
                self.state = State::FlowItem;
                Ok((Event::Close, self.scanner.peek()?.1))
            }
            State::FlowFirstKey => self.flow_key(true),
            State::FlowKey => self.flow_key(false),
            State::FlowValue => self.flow_value(),
            State::FlowNoValue => {
                let pos = self.scanner.peek()?.1;
                Ok(self.empty(State::FlowKey, pos))
            }
        }
    }

    fn pop(&mut self) {
        self.state = self.states.pop().unwrap_or(State::Document);
    }

    fn node_then(&mut self, then: State, place: Place) -> Step<'a> {
        self.states.push(then);
        self.node(place)
    }

    /// A value that is not written.
    fn empty(&mut self, then: State, pos: Pos) -> (Event<'a>, Pos) {
        self.state = then;
        let event = Event::Scalar { anchor: None, tag: None, text: Cow::Borrowed(""), plain: true };
        (event, pos)
    }

    fn document(&mut self, mut implicit: bool) -> Step<'a> {
        while self.scanner.peek()?.0 == Token::DocumentEnd {
            self.scanner.next()?;
            implicit = true;
        }
        let first = self.scanner.peek()?.1;
        let directives = self.directives()?;
        let pos = self.scanner.peek()?.1;
        match self.scanner.peek()?.0 {
            Token::End if !directives => return Ok((Event::End, pos)),
            Token::End => {
                // kubectl cuts the file at each --- first, so they belong to nothing.
                let message = "not YAML: a line that starts with % and belongs to no document; \
                               remove it";
                return Err(Fault::new(first, message));
            }
            Token::DocumentStart => {
                self.scanner.next()?;
                self.state = State::DocumentContent;
            }
            _ if implicit && !directives => self.state = State::BlockNode,
            _ => {
                let message = "not YAML: text after the end of the document; correct the \
                               indentation, or start a document with ---";
                return Err(Fault::new(pos, message));
            }
        }
        self.states.push(State::DocumentEnd);
        Ok((Event::DocumentStart, pos))
    }

    /// Reads directives; whether there were any.
    fn directives(&mut self) -> Result<bool, Fault> {
        let mut found = false;
        self.prefixes.clear();
        let mut version = false;
        while let Token::Version | Token::TagPrefix { .. } = self.scanner.peek()?.0 {
            found = true;
            let (token, pos) = self.scanner.next()?;
            let twice = match token {
                Token::TagPrefix { handle, prefix } => {
                    let twice = self.prefixes.iter().any(|(known, _)| *known == handle);
                    self.prefixes.push((handle, prefix));
                    twice
                }
                _ => std::mem::replace(&mut version, true),
            };
            if twice {
                return Err(Fault::new(pos, "not YAML: a directive twice; remove one of them"));
            }
        }
        Ok(found)
    }

    fn document_content(&mut self) -> Step<'a> {
        let (token, pos) = self.scanner.peek()?;
        let pos = *pos;
        if let Token::Version
        | Token::TagPrefix { .. }
        | Token::DocumentStart
        | Token::DocumentEnd
        | Token::End = token
        {
            self.pop();
            let then = self.state;
            return Ok(self.empty(then, pos));
        }
        self.node(Place::Block)
    }

    fn document_end(&mut self) -> Step<'a> {
        let pos = self.scanner.peek()?.1;
        self.state = State::Document;
        Ok((Event::DocumentEnd, pos))
    }

    fn node(&mut self, place: Place) -> Step<'a> {
        if let Token::Alias(name) = self.scanner.peek()?.0 {
            self.pop();
            let pos = self.scanner.next()?.1;
            return Ok((Event::Alias(name), pos));
        }
        let (anchor, tag) = self.properties()?;
        let (token, pos) = self.scanner.peek()?;
        let pos = *pos;
        let state = match token {
            Token::Item if place == Place::BlockOrIndentless => State::IndentlessItem,
            Token::Scalar { .. } => return self.scalar(anchor, tag),
            Token::SequenceStart => State::FlowFirstItem,
            Token::MappingStart => State::FlowFirstKey,
            Token::BlockSequenceStart if place != Place::Flow => State::BlockItem,
            Token::BlockMappingStart if place != Place::Flow => State::BlockKey,
            _ if anchor.is_some() || tag.is_some() => {
                self.pop();
                let event = Event::Scalar { anchor, tag, text: Cow::Borrowed(""), plain: true };
                return Ok((event, pos));
            }
            _ => {
                let message = "not YAML: a value was expected here; add it, or quote the text";
                return Err(Fault::new(pos, message));
            }
        };
        if state != State::IndentlessItem {
            self.scanner.next()?;
        }
        self.state = state;
        let event = match state {
            State::FlowFirstKey | State::BlockKey => Event::MappingStart { anchor },
            _ => Event::SequenceStart { anchor },
        };
        Ok((event, pos))
    }

    fn scalar(&mut self, anchor: Option<&'a str>, tag: Option<Cow<'a, str>>) -> Step<'a> {
        self.pop();
        let (token, pos) = self.scanner.next()?;
        let (text, plain) = match token {
            Token::Scalar { text, plain } => (text, plain),
            _ => (Cow::Borrowed(""), true),
        };
        Ok((Event::Scalar { anchor, tag, text, plain }, pos))
    }

    /// An anchor and a tag, in any order.
    fn properties(&mut self) -> Result<(Option<&'a str>, Option<Cow<'a, str>>), Fault> {
        let (mut anchor, mut tag) = (None, None);
        loop {
            match self.scanner.peek()?.0 {
                Token::Anchor(_) if anchor.is_none() => {
                    if let (Token::Anchor(name), _) = self.scanner.next()? {
                        anchor = Some(name);
                    }
                }
                Token::Tag { .. } if tag.is_none() => {
                    if let (Token::Tag { handle, suffix }, pos) = self.scanner.next()? {
                        tag = Some(self.whole_tag(handle, suffix, pos)?);
                    }
                }
                _ => return Ok((anchor, tag)),
            }
        }
    }

    fn whole_tag(
        &self,
        handle: &str,
        suffix: Cow<'a, str>,
        pos: Pos,
    ) -> Result<Cow<'a, str>, Fault> {
        if handle.is_empty() {
            return Ok(suffix);
        }
        let known = self.prefixes.iter().find(|(known, _)| *known == handle);
        let prefix = match (known, handle) {
            (Some((_, prefix)), _) => prefix,
            (None, "!") => "!",
            (None, "!!") => "tag:yaml.org,2002:",
            _ => {
                let message = format!("not YAML: no %TAG explains the tag {handle}; remove it");
                return Err(Fault::new(pos, message));
            }
        };
        Ok(Cow::Owned(format!("{prefix}{suffix}")))
    }

    fn close(&mut self) -> Step<'a> {
        let pos = self.scanner.next()?.1;
        self.pop();
        Ok((Event::Close, pos))
    }

    fn block_item(&mut self) -> Step<'a> {
        match self.scanner.peek()? {
            (Token::Item, _) => {
                let after = after(self.scanner.next()?.1);
                match self.scanner.peek()?.0 {
                    Token::Item | Token::BlockEnd => Ok(self.empty(State::BlockItem, after)),
                    _ => self.node_then(State::BlockItem, Place::Block),
                }
            }
            (Token::BlockEnd, _) => self.close(),
            (_, pos) => {
                let message = "not YAML: an item with - was expected here; correct the indentation";
                Err(Fault::new(*pos, message))
            }
        }
    }

    fn indentless_item(&mut self) -> Step<'a> {
        let (token, pos) = self.scanner.peek()?;
        let pos = *pos;
        if *token != Token::Item {
            self.pop();
            return Ok((Event::Close, pos));
        }
        let after = after(self.scanner.next()?.1);
        match self.scanner.peek()?.0 {
            Token::Item | Token::Key | Token::Value | Token::BlockEnd => {
                Ok(self.empty(State::IndentlessItem, after))
            }
            _ => self.node_then(State::IndentlessItem, Place::Block),
        }
    }

    fn block_key(&mut self) -> Step<'a> {
        match self.scanner.peek()? {
            (Token::Key, _) => {
                let pos = self.scanner.next()?.1;
                match self.scanner.peek()?.0 {
                    Token::Key | Token::Value | Token::BlockEnd => {
                        Ok(self.empty(State::BlockValue, pos))
                    }
                    _ => self.node_then(State::BlockValue, Place::BlockOrIndentless),
                }
            }
            (Token::BlockEnd, _) => self.close(),
            (_, pos) => {
                let message = "not YAML: a key was expected here; correct the indentation";
                Err(Fault::new(*pos, message))
            }
        }
    }

    fn block_value(&mut self) -> Step<'a> {
        let (token, pos) = self.scanner.peek()?;
        let pos = *pos;
        if *token != Token::Value {
            return Ok(self.empty(State::BlockKey, pos));
        }
        self.scanner.next()?;
        match self.scanner.peek()?.0 {
            Token::Key | Token::Value | Token::BlockEnd => {
                Ok(self.empty(State::BlockKey, after(pos)))
            }
            _ => self.node_then(State::BlockKey, Place::BlockOrIndentless),
        }
    }

    /// The comma before all but the first entry of a flow collection.
    fn comma(&mut self, first: bool, end: &Token<'_>) -> Result<(), Fault> {
        let (token, pos) = self.scanner.peek()?;
        if first || token == end {
            return Ok(());
        }
        if *token != Token::Comma {
            let closing = if *end == Token::SequenceEnd { ']' } else { '}' };
            let message = format!("not YAML: a comma or {closing} was expected here; add it");
            return Err(Fault::new(*pos, message));
        }
        self.scanner.next()?;
        Ok(())
    }

    fn flow_item(&mut self, first: bool) -> Step<'a> {
        self.comma(first, &Token::SequenceEnd)?;
        match self.scanner.peek()?.0 {
            Token::SequenceEnd => self.close(),
            Token::Key => {
                self.state = State::PairKey;
                Ok((Event::MappingStart { anchor: None }, self.scanner.next()?.1))
            }
            _ => self.node_then(State::FlowItem, Place::Flow),
        }
    }

    fn pair_key(&mut self) -> Step<'a> {
        let (token, pos) = self.scanner.peek()?;
        let pos = *pos;
        match token {
            Token::Value | Token::Comma | Token::SequenceEnd => {
                Ok(self.empty(State::PairValue, pos))
            }
            _ => self.node_then(State::PairValue, Place::Flow),
        }
    }

    fn pair_value(&mut self) -> Step<'a> {
        let (token, pos) = self.scanner.peek()?;
        let pos = *pos;
        if *token != Token::Value {
            return Ok(self.empty(State::PairEnd, pos));
        }
        self.scanner.next()?;
        match self.scanner.peek()?.0 {
            Token::Comma | Token::SequenceEnd => Ok(self.empty(State::PairEnd, after(pos))),
            _ => self.node_then(State::PairEnd, Place::Flow),
        }
    }

    fn flow_key(&mut self, first: bool) -> Step<'a> {
        self.comma(first, &Token::MappingEnd)?;
        match self.scanner.peek()?.0 {
            Token::MappingEnd => self.close(),
            Token::Key => {
                let pos = self.scanner.next()?.1;
                match self.scanner.peek()?.0 {
                    Token::Value | Token::Comma | Token::MappingEnd => {
                        Ok(self.empty(State::FlowValue, pos))
                    }
                    _ => self.node_then(State::FlowValue, Place::Flow),
                }
            }
            _ => self.node_then(State::FlowNoValue, Place::Flow),
        }
    }

    fn flow_value(&mut self) -> Step<'a> {
        let (token, pos) = self.scanner.peek()?;
        let pos = *pos;
        if *token != Token::Value {
            return Ok(self.empty(State::FlowKey, pos));
        }
        self.scanner.next()?;
        match self.scanner.peek()?.0 {
            Token::Comma | Token::MappingEnd => Ok(self.empty(State::FlowKey, after(pos))),
            _ => self.node_then(State::FlowKey, Place::Flow),
        }
    }
}

/// The place behind an indicator of one character.
fn after(pos: Pos) -> Pos {
    Pos { line: pos.line, column: pos.column.saturating_add(1) }
}
