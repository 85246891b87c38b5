//! A position in a text that moves forward.

use crate::node::Pos;

/// Reads a text byte by byte and counts lines.
///
/// Two notions of a line are kept: rows, which end at every break that YAML knows and decide what a
/// text means, and lines, which end at line feeds and are what an editor shows.
pub(crate) struct Cursor<'a> {
    pub text: &'a str,
    pub at: usize,
    pub row: u32,
    row_start: usize,
    line: u32,
    line_start: usize,
    /// A place on this line whose column was counted, from which the next is counted on.
    counted: (usize, u32),
}

impl<'a> Cursor<'a> {
    /// At the byte `start` of a text whose first line is `line`, as if a row started there.
    pub fn new(text: &'a str, start: usize, line: u32) -> Cursor<'a> {
        let passed = text.get(..start).unwrap_or_default();
        let breaks = passed.bytes().filter(|byte| *byte == b'\n').count();
        let line_start = passed.rfind('\n').map_or(0, |at| at + 1);
        Cursor {
            text,
            at: start,
            row: 0,
            row_start: start,
            line: line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX)),
            line_start,
            counted: (line_start, 1),
        }
    }

    /// The byte here, 0 at the end. (The text holds no 0.)
    pub fn peek(&self) -> u8 {
        self.ahead(0)
    }

    /// The byte `count` bytes on, 0 behind the end.
    pub fn ahead(&self, count: usize) -> u8 {
        self.text.as_bytes().get(self.at + count).copied().unwrap_or_default()
    }

    pub fn is_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// Bytes since the start of the row. Before anything whose column matters only ASCII stands.
    pub fn column(&self) -> usize {
        self.at - self.row_start
    }

    /// The place here.
    pub fn pos(&mut self) -> Pos {
        let (from, column) = if self.counted.0 >= self.line_start && self.counted.0 <= self.at {
            self.counted
        } else {
            (self.line_start, 1)
        };
        let passed = self.since(from).chars().count();
        let column = column.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        self.counted = (self.at, column);
        Pos { line: self.line, column }
    }

    /// The text from a byte on to here.
    pub fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Moves on by bytes that hold no break.
    pub fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Moves on by one character.
    pub fn skip_character(&mut self) {
        self.at += width(self.peek());
    }

    /// Moves over the break here, and gives what it stands for in a scalar.
    pub fn skip_break(&mut self) -> &'a str {
        let length = self.break_length(0);
        if length == 0 {
            return "";
        }
        let start = self.at;
        self.at += length;
        let text = self.since(start);
        self.row = self.row.saturating_add(1);
        self.row_start = self.at;
        if text.ends_with('\n') {
            self.line = self.line.saturating_add(1);
            self.line_start = self.at;
        }
        if matches!(text, "\u{2028}" | "\u{2029}") {
            text
        } else {
            "\n"
        }
    }

    /// The length in bytes of the break `count` bytes on, 0 when there is none.
    pub fn break_length(&self, count: usize) -> usize {
        match self.ahead(count) {
            b'\n' => 1,
            b'\r' if self.ahead(count + 1) == b'\n' => 2,
            b'\r' => 1,
            0xc2 if self.ahead(count + 1) == 0x85 => 2,
            0xe2 if self.ahead(count + 1) == 0x80
                && matches!(self.ahead(count + 2), 0xa8 | 0xa9) =>
            {
                3
            }
            _ => 0,
        }
    }

    pub fn is_blank(&self) -> bool {
        matches!(self.peek(), b' ' | b'\t')
    }

    pub fn is_break(&self) -> bool {
        self.break_length(0) > 0
    }

    pub fn is_break_or_end(&self) -> bool {
        self.is_end() || self.is_break()
    }

    /// Whether a blank, a break or the end is `count` bytes on.
    pub fn is_space_at(&self, count: usize) -> bool {
        matches!(self.ahead(count), b' ' | b'\t' | 0) || self.break_length(count) > 0
    }

    pub fn skip_blanks(&mut self) {
        while self.is_blank() {
            self.at += 1;
        }
    }

    pub fn skip_to_break(&mut self) {
        while !self.is_break_or_end() {
            self.skip_character();
        }
    }

    /// Whether `---` or `...` stands here as a marker of documents.
    pub fn is_document_marker(&self) -> bool {
        self.at == self.row_start
            && matches!(
                (self.peek(), self.ahead(1), self.ahead(2)),
                (b'-', b'-', b'-') | (b'.', b'.', b'.')
            )
            && self.is_space_at(3)
    }
}

/// The bytes of the character that starts with a byte.
fn width(first: u8) -> usize {
    match first {
        0..=0xbf => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}
