//! Refuses texts of policies that the interpreter would not survive.
//!
//! Measured on regorus 0.14.1: parsing takes time exponential in the nesting of brackets, and the
//! depth of an expression can overflow the stack, which no handler can catch.

use std::iter::Peekable;
use std::str::Chars;

/// Nesting of `[`, `{` and `(` that still parses in about a second.
const MAX_NESTING: usize = 14;
/// Operators, dots and brackets inside each other or in a row: no syntax tree is deeper.
const MAX_DEPTH: usize = 1000;

/// Where a policy nests too deeply or an expression is too long: the 1-based line, and what to say.
pub fn too_deep(source: &str) -> Option<(usize, &'static str)> {
    let mut scan = Scan::new(source);
    while scan.step() {
        if scan.levels.len() > MAX_NESTING {
            return Some((scan.line, "brackets are nested too deeply to be parsed"));
        }
        if scan.depth > MAX_DEPTH {
            return Some((scan.line, "an expression is too long; give names to its parts"));
        }
    }
    None
}

/// Reads tokens just well enough to tell where an expression goes on.
struct Scan<'a> {
    chars: Peekable<Chars<'a>>,
    line: usize,
    /// How deep the syntax tree may be here.
    depth: usize,
    /// The same, at most at this level of brackets.
    deepest: usize,
    /// The same, where this level starts.
    base: usize,
    /// `base` and `deepest` of the levels around this one.
    levels: Vec<(usize, usize)>,
    /// Whether a value has just ended: another one after it starts an expression of its own.
    after_value: bool,
}

impl<'a> Scan<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            chars: source.chars().peekable(),
            line: 1,
            depth: 0,
            deepest: 0,
            base: 0,
            levels: Vec::new(),
            after_value: false,
        }
    }

    /// Reads a token; false at the end.
    fn step(&mut self) -> bool {
        let Some(c) = self.chars.next() else { return false };
        match c {
            '\n' => self.line += 1,
            '#' => self.line += usize::from(self.chars.any(|c| c == '\n')),
            '"' => {
                self.value();
                self.string();
            }
            '`' => {
                self.value();
                let text = self.chars.by_ref().take_while(|c| *c != '`');
                self.line += text.filter(|c| *c == '\n').count();
            }
            '[' | '{' | '(' => self.open(),
            ']' | '}' | ')' => self.close(),
            ',' | ';' => self.restart(),
            // `:=`, `:` and `=`, but not `==`.
            ':' => self.restart(),
            '=' if self.chars.next_if_eq(&'=').is_none() => self.restart(),
            c if c.is_whitespace() => {}
            c if c.is_alphanumeric() || c == '_' => self.word(c),
            '<' | '>' | '!' => {
                self.chars.next_if_eq(&'=');
                self.operator();
            }
            _ => self.operator(),
        }
        true
    }

    fn word(&mut self, first: char) {
        let mut word = String::from(first);
        while let Some(c) = self.chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
            word.push(c);
        }
        if word == "in" {
            self.operator();
        } else {
            self.value();
        }
    }

    fn string(&mut self) {
        while let Some(c) = self.chars.next() {
            match c {
                '\\' => self.line += usize::from(self.chars.next() == Some('\n')),
                '"' => return,
                // An unterminated string ends with its line; the parser reports it.
                '\n' => {
                    self.line += 1;
                    return;
                }
                _ => {}
            }
        }
    }

    fn value(&mut self) {
        if self.after_value {
            self.restart();
        }
        self.after_value = true;
    }

    fn operator(&mut self) {
        self.depth += 1;
        self.after_value = false;
    }

    fn restart(&mut self) {
        self.deepest = self.deepest.max(self.depth);
        self.depth = self.base;
        self.after_value = false;
    }

    fn open(&mut self) {
        self.operator();
        self.levels.push((self.base, self.deepest));
        (self.base, self.deepest) = (self.depth, self.depth);
    }

    fn close(&mut self) {
        // What follows may hold all that was in the brackets.
        self.depth = self.depth.max(self.deepest);
        (self.base, self.deepest) = self.levels.pop().unwrap_or_default();
        self.after_value = true;
    }
}
