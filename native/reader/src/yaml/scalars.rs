//! The text of scalars.

use std::borrow::Cow;

use super::scanner::{Scanner, Token};
use crate::node::Pos;
use crate::problem::Fault;

/// Blanks and breaks between two parts of a scalar.
#[derive(Default)]
struct Gap {
    blanks: String,
    /// Whether a break was met, so that blanks no longer count.
    broken: bool,
    first_break: &'static str,
    more_breaks: String,
}

impl Gap {
    fn push_break(&mut self, text: &str) {
        if self.broken {
            self.more_breaks.push_str(text);
            return;
        }
        self.broken = true;
        self.blanks.clear();
        self.first_break = match text {
            "\u{2028}" => "\u{2028}",
            "\u{2029}" => "\u{2029}",
            _ => "\n",
        };
    }

    /// Appends what the gap stands for: one line feed is a space, more are one less.
    fn fold_into(&mut self, out: &mut String) {
        if !self.broken {
            out.push_str(&self.blanks);
        } else if self.first_break == "\n" && self.more_breaks.is_empty() {
            out.push(' ');
        } else {
            if self.first_break != "\n" {
                out.push_str(self.first_break);
            }
            out.push_str(&self.more_breaks);
        }
        *self = Gap::default();
    }
}

impl<'a> Scanner<'a> {
    pub(super) fn plain(&mut self, pos: Pos) -> Result<Token<'a>, Fault> {
        let start = self.cursor.at;
        let mut end = start;
        let mut folded: Option<String> = None;
        let mut gap = Gap::default();
        let mut gap_start = start;
        loop {
            if self.cursor.is_document_marker() || self.cursor.peek() == b'#' {
                break;
            }
            let run = self.cursor.at;
            self.skip_plain_run();
            if self.cursor.at > run {
                if gap.broken || folded.is_some() {
                    let out = folded.get_or_insert_with(|| {
                        self.cursor.text.get(start..end).unwrap_or_default().to_owned()
                    });
                    if !gap.broken {
                        gap.blanks
                            .push_str(self.cursor.text.get(gap_start..run).unwrap_or_default());
                    }
                    gap.fold_into(out);
                    out.push_str(self.cursor.since(run));
                }
                gap = Gap::default();
                end = self.cursor.at;
            }
            if !self.cursor.is_blank() && !self.cursor.is_break() {
                break;
            }
            gap_start = self.cursor.at;
            self.skip_plain_gap(pos, &mut gap)?;
            if self.flow_level == 0 && self.outside_indent() {
                break;
            }
        }
        if gap.broken {
            self.key_allowed = true;
        }
        let text = match folded {
            Some(text) => Cow::Owned(text),
            None => Cow::Borrowed(self.cursor.text.get(start..end).unwrap_or_default()),
        };
        Ok(Token::Scalar { text, plain: true })
    }

    fn outside_indent(&self) -> bool {
        i64::try_from(self.cursor.column()).unwrap_or(i64::MAX) < self.indent + 1
    }

    /// Up to a blank, a break, the end, a colon before one of these, or what ends it in a flow.
    fn skip_plain_run(&mut self) {
        let flow = self.flow_level > 0;
        loop {
            match self.cursor.peek() {
                b' ' | b'\t' | b'\n' | b'\r' | 0 => return,
                b':' if self.cursor.is_space_at(1) => return,
                b',' | b'?' | b'[' | b']' | b'{' | b'}' if flow => return,
                0xc2 | 0xe2 if self.cursor.is_break() => return,
                0..=0x7f => self.cursor.skip(1),
                _ => self.cursor.skip_character(),
            }
        }
    }

    fn skip_plain_gap(&mut self, pos: Pos, gap: &mut Gap) -> Result<(), Fault> {
        loop {
            if self.cursor.is_blank() {
                let tab = self.cursor.peek() == b'\t';
                if gap.broken && tab && self.outside_indent() {
                    return Err(Fault::new(pos, "not YAML: a tab as indentation; use spaces"));
                }
                self.cursor.skip(1);
            } else if self.cursor.is_break() {
                gap.push_break(self.cursor.skip_break());
            } else {
                return Ok(());
            }
        }
    }

    pub(super) fn quoted(&mut self, pos: Pos) -> Result<Token<'a>, Fault> {
        let quote = self.cursor.peek();
        self.cursor.skip(1);
        let start = self.cursor.at;
        let mut out = String::new();
        let mut gap = Gap::default();
        let mut simple = true;
        loop {
            if self.cursor.is_document_marker() || self.cursor.is_end() {
                return Err(Fault::new(pos, "not YAML: a quoted text that does not end; close it"));
            }
            while !self.cursor.is_space_at(0) && self.cursor.peek() != quote
                || quote == b'\'' && self.cursor.peek() == quote && self.cursor.ahead(1) == quote
            {
                let special =
                    self.cursor.peek() == quote || quote == b'"' && self.cursor.peek() == b'\\';
                if special && simple {
                    simple = false;
                    out.push_str(self.cursor.since(start));
                }
                if special && quote == b'"' && self.cursor.break_length(1) > 0 {
                    self.cursor.skip(1);
                    self.cursor.skip_break();
                    gap.broken = true;
                    break;
                }
                self.quoted_piece(pos, quote, simple, &mut out)?;
            }
            if self.cursor.peek() == quote {
                break;
            }
            if simple && !self.blanks_stay() {
                simple = false;
                out.push_str(self.cursor.since(start));
            }
            self.skip_quoted_gap(&mut gap);
            if simple {
                gap = Gap::default();
            } else {
                gap.fold_into(&mut out);
            }
        }
        let text = if simple { Cow::Borrowed(self.cursor.since(start)) } else { Cow::Owned(out) };
        self.cursor.skip(1);
        Ok(Token::Scalar { text, plain: false })
    }

    /// A run of ordinary characters, an escape or a doubled quote.
    fn quoted_piece(
        &mut self,
        pos: Pos,
        quote: u8,
        simple: bool,
        out: &mut String,
    ) -> Result<(), Fault> {
        let start = self.cursor.at;
        match self.cursor.peek() {
            b'\'' if quote == b'\'' => {
                out.push('\'');
                self.cursor.skip(2);
            }
            b'\\' if quote == b'"' => self.escape(pos, out)?,
            _ => {
                while !self.cursor.is_space_at(0)
                    && self.cursor.peek() != quote
                    && (quote != b'"' || self.cursor.peek() != b'\\')
                {
                    self.cursor.skip_character();
                }
                if !simple {
                    out.push_str(self.cursor.since(start));
                }
            }
        }
        Ok(())
    }

    /// Whether the blanks here are followed by more text on the same row.
    fn blanks_stay(&self) -> bool {
        let mut count = 0;
        while matches!(self.cursor.ahead(count), b' ' | b'\t') {
            count += 1;
        }
        self.cursor.ahead(count) != 0 && self.cursor.break_length(count) == 0
    }

    fn skip_quoted_gap(&mut self, gap: &mut Gap) {
        loop {
            if self.cursor.is_blank() {
                let start = self.cursor.at;
                self.cursor.skip_blanks();
                if !gap.broken {
                    gap.blanks.push_str(self.cursor.since(start));
                }
            } else if self.cursor.is_break() {
                gap.push_break(self.cursor.skip_break());
            } else {
                return;
            }
        }
    }

    fn escape(&mut self, pos: Pos, out: &mut String) -> Result<(), Fault> {
        let code = self.cursor.ahead(1);
        let digits = match code {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let character = if digits > 0 { self.code_point(digits) } else { simple_escape(code) };
        let message = "not YAML: an escape that cannot be read; double the backslash, or use \
                       single quotes";
        out.push(character.ok_or_else(|| Fault::new(pos, message))?);
        self.cursor.skip(2 + digits);
        Ok(())
    }

    fn code_point(&self, digits: usize) -> Option<char> {
        let start = self.cursor.at + 2;
        let text = self.cursor.text.get(start..start + digits)?;
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        char::from_u32(u32::from_str_radix(text, 16).ok()?)
    }

    /// A literal or folded block.
    pub(super) fn block(&mut self, pos: Pos) -> Result<String, Fault> {
        let literal = self.cursor.peek() == b'|';
        self.cursor.skip(1);
        let (chomp, increment) = self.block_header(pos)?;
        let mut indent = match increment {
            0 => 0,
            _ => usize::try_from(self.indent).unwrap_or(0) + increment,
        };
        let mut out = String::new();
        let mut ending = "";
        let mut breaks = String::new();
        let mut was_blank = false;
        self.block_breaks(pos, &mut indent, &mut breaks)?;
        while self.cursor.column() == indent && !self.cursor.is_end() {
            let blank = self.cursor.is_blank();
            if !literal && !was_blank && !blank && ending == "\n" {
                if breaks.is_empty() {
                    out.push(' ');
                }
            } else {
                out.push_str(ending);
            }
            out.push_str(&breaks);
            breaks.clear();
            was_blank = blank;
            let start = self.cursor.at;
            self.cursor.skip_to_break();
            out.push_str(self.cursor.since(start));
            ending = self.cursor.skip_break();
            self.block_breaks(pos, &mut indent, &mut breaks)?;
        }
        if chomp != Chomp::Strip {
            out.push_str(ending);
        }
        if chomp == Chomp::Keep {
            out.push_str(&breaks);
        }
        Ok(out)
    }

    /// What follows `|` or `>` on its line: what happens to the end, and the indentation.
    fn block_header(&mut self, pos: Pos) -> Result<(Chomp, usize), Fault> {
        let mut chomp = self.chomp();
        let mut increment = 0;
        if self.cursor.peek().is_ascii_digit() {
            increment = usize::from(self.cursor.peek() - b'0');
            self.cursor.skip(1);
            if increment == 0 {
                return Err(Fault::new(
                    pos,
                    "not YAML: a block cannot be indented by 0; use 1 to 9",
                ));
            }
            if chomp == Chomp::Clip {
                chomp = self.chomp();
            }
        }
        self.cursor.skip_blanks();
        if self.cursor.peek() == b'#' {
            self.cursor.skip_to_break();
        }
        if !self.cursor.is_break_or_end() {
            let message =
                "not YAML: text after | or >; start the block on the next line, or quote it";
            return Err(Fault::new(pos, message));
        }
        self.cursor.skip_break();
        Ok((chomp, increment))
    }

    fn chomp(&mut self) -> Chomp {
        let chomp = match self.cursor.peek() {
            b'+' => Chomp::Keep,
            b'-' => Chomp::Strip,
            _ => return Chomp::Clip,
        };
        self.cursor.skip(1);
        chomp
    }

    /// Blank lines, and the indentation of the line after them. An `indent` of 0 is found out.
    fn block_breaks(
        &mut self,
        pos: Pos,
        indent: &mut usize,
        breaks: &mut String,
    ) -> Result<(), Fault> {
        let mut widest = 0;
        loop {
            while (*indent == 0 || self.cursor.column() < *indent) && self.cursor.peek() == b' ' {
                self.cursor.skip(1);
            }
            widest = widest.max(self.cursor.column());
            if (*indent == 0 || self.cursor.column() < *indent) && self.cursor.peek() == b'\t' {
                return Err(Fault::new(
                    pos,
                    "not YAML: a tab as indentation in a block; use spaces",
                ));
            }
            if !self.cursor.is_break() {
                break;
            }
            breaks.push_str(self.cursor.skip_break());
        }
        if *indent == 0 {
            let least = usize::try_from(self.indent + 1).unwrap_or(0).max(1);
            *indent = widest.max(least);
        }
        Ok(())
    }
}

/// What happens to the breaks at the end of a block.
#[derive(Clone, Copy, PartialEq)]
enum Chomp {
    Clip,
    Strip,
    Keep,
}

fn simple_escape(code: u8) -> Option<char> {
    Some(match code {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        b' ' => ' ',
        b'"' => '"',
        b'\'' => '\'',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
