//! Anchors, aliases, tags and directives.

use std::borrow::Cow;

use super::scanner::{Scanner, Token};
use crate::node::Pos;
use crate::problem::Fault;

impl<'a> Scanner<'a> {
    /// The name after `&` or `*`.
    pub(super) fn name(&mut self, pos: Pos) -> Result<&'a str, Fault> {
        self.cursor.skip(1);
        let name = self.word();
        let end =
            matches!(self.cursor.peek(), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !(end || self.cursor.is_space_at(0)) {
            let message =
                "not YAML: & and * take a name of letters, digits, - and _; quote the text";
            return Err(Fault::new(pos, message));
        }
        Ok(name)
    }

    fn word(&mut self) -> &'a str {
        let start = self.cursor.at;
        while is_word(self.cursor.peek()) {
            self.cursor.skip(1);
        }
        self.cursor.since(start)
    }

    pub(super) fn tag(&mut self, pos: Pos) -> Result<Token<'a>, Fault> {
        let token = if self.cursor.ahead(1) == b'<' {
            self.cursor.skip(2);
            let suffix = self.uri(pos, false)?;
            if self.cursor.peek() != b'>' {
                return Err(bad_tag(pos));
            }
            self.cursor.skip(1);
            Token::Tag { handle: "", suffix }
        } else {
            self.short_tag(pos)?
        };
        if !self.cursor.is_space_at(0) {
            return Err(bad_tag(pos));
        }
        Ok(token)
    }

    /// `!`, `!x`, `!!x` or `!h!x`.
    fn short_tag(&mut self, pos: Pos) -> Result<Token<'a>, Fault> {
        let start = self.cursor.at;
        let handle = self.handle();
        if handle.len() > 1 && handle.ends_with('!') {
            return Ok(Token::Tag { handle, suffix: self.uri(pos, false)? });
        }
        let after = self.uri(pos, true)?;
        let head = self.cursor.text.get(start + 1..start + handle.len()).unwrap_or_default();
        let suffix = if head.is_empty() { after } else { Cow::Owned(format!("{head}{after}")) };
        if suffix.is_empty() {
            return Ok(Token::Tag { handle: "", suffix: Cow::Borrowed("!") });
        }
        Ok(Token::Tag { handle: "!", suffix })
    }

    /// `!`, or `!word` with the `!` that may close it.
    fn handle(&mut self) -> &'a str {
        let start = self.cursor.at;
        self.cursor.skip(1);
        self.word();
        if self.cursor.peek() == b'!' {
            self.cursor.skip(1);
        }
        self.cursor.since(start)
    }

    fn uri(&mut self, pos: Pos, may_be_empty: bool) -> Result<Cow<'a, str>, Fault> {
        let start = self.cursor.at;
        let mut escaped = false;
        while is_word(self.cursor.peek()) || b";/?:@&=+$,.!~*'()[]%".contains(&self.cursor.peek()) {
            escaped |= self.cursor.peek() == b'%';
            self.cursor.skip(1);
        }
        let uri = self.cursor.since(start);
        if uri.is_empty() && !may_be_empty {
            return Err(bad_tag(pos));
        }
        if escaped {
            return unescape(uri).map(Cow::Owned).ok_or_else(|| bad_tag(pos));
        }
        Ok(Cow::Borrowed(uri))
    }

    /// `%YAML 1.1` or `%TAG !h! prefix`, up to the end of its line.
    pub(super) fn directive(&mut self, pos: Pos) -> Result<Token<'a>, Fault> {
        self.cursor.skip(1);
        let name = self.word();
        self.cursor.skip_blanks();
        let token = match name {
            "YAML" => self.version(pos)?,
            "TAG" => {
                if self.cursor.peek() != b'!' {
                    return Err(bad_directive(pos));
                }
                let handle = self.handle();
                if handle != "!" && !handle.ends_with('!') || !self.cursor.is_blank() {
                    return Err(bad_directive(pos));
                }
                self.cursor.skip_blanks();
                Token::TagPrefix { handle, prefix: self.uri(pos, false)? }
            }
            _ => return Err(bad_directive(pos)),
        };
        if !self.cursor.is_space_at(0) {
            return Err(bad_directive(pos));
        }
        self.cursor.skip_blanks();
        if self.cursor.peek() == b'#' {
            self.cursor.skip_to_break();
        }
        if !self.cursor.is_break_or_end() {
            return Err(bad_directive(pos));
        }
        self.cursor.skip_break();
        Ok(token)
    }

    fn version(&mut self, pos: Pos) -> Result<Token<'a>, Fault> {
        let start = self.cursor.at;
        while self.cursor.peek().is_ascii_digit() || self.cursor.peek() == b'.' {
            self.cursor.skip(1);
        }
        if matches!(self.cursor.since(start), "1.1" | "1.2") {
            return Ok(Token::Version);
        }
        Err(Fault::new(pos, "a version of YAML that is not 1.1 or 1.2; remove the directive"))
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

fn unescape(uri: &str) -> Option<String> {
    let mut out = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'%' {
            let [high, low, after @ ..] = after else { return None };
            let digit = |byte: u8| char::from(byte).to_digit(16);
            out.push(u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()?);
            rest = after;
        } else {
            out.push(*first);
            rest = after;
        }
    }
    String::from_utf8(out).ok()
}

fn bad_tag(pos: Pos) -> Fault {
    Fault::new(pos, "not YAML: a tag that cannot be read; quote the text, or remove the tag")
}

fn bad_directive(pos: Pos) -> Fault {
    Fault::new(pos, "not YAML: a line that starts with % and is no directive; quote or remove it")
}
