//! Events into values, strictly.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::cursor::Cursor;
use super::events::{Event, Parser};
use crate::budget::Budget;
use crate::gotext;
use crate::mapping::Mapping;
use crate::node::{Entry, Node, Pos, Value};
use crate::problem::Fault;
use crate::read::Limits;
use crate::resolve::{resolve, Resolved, Style};

/// Reads all documents of a text whose first line is `line`, from the byte `start` on, as if a line
/// started there. After a fault nothing more is read.
pub(crate) fn parse(
    text: &str,
    start: usize,
    line: u32,
    limits: &Limits,
    budget: &mut Budget,
    sink: &mut dyn FnMut(Result<Node, Fault>),
) {
    if let Some(fault) = forbidden(text, start, line) {
        return sink(Err(fault));
    }
    let (text, start) = lines(text, start);
    let mut parser = Parser::new(Cursor::new(&text, start, line), limits.max_depth);
    loop {
        match document(&mut parser, limits, budget) {
            Ok(Some(root)) => sink(Ok(root)),
            Ok(None) => return,
            Err(fault) => return sink(Err(fault)),
        }
    }
}

/// The text with the ends of lines that kubectl gives it before YAML sees it: `\r\n` is `\n`, and
/// the last line has one too.
fn lines(text: &str, start: usize) -> (Cow<'_, str>, usize) {
    if !text.contains("\r\n") && text.ends_with('\n') {
        return (Cow::Borrowed(text), start);
    }
    let (passed, rest) = text.split_at_checked(start).unwrap_or(("", text));
    let mut out = passed.replace("\r\n", "\n");
    let start = out.len();
    out.push_str(&rest.replace("\r\n", "\n"));
    if !out.ends_with('\n') {
        out.push('\n');
    }
    (Cow::Owned(out), start)
}

/// The next document, `None` at the end.
fn document(
    parser: &mut Parser<'_>,
    limits: &Limits,
    budget: &mut Budget,
) -> Result<Option<Node>, Fault> {
    budget.start();
    let mut builder = Builder::new(limits, budget);
    loop {
        let (event, at) = parser.next()?;
        match event {
            Event::End => return Ok(None),
            Event::DocumentStart => (),
            Event::DocumentEnd => match builder.root.take() {
                Some(root) => return root.finite().map(Some),
                None => return Ok(None),
            },
            Event::Alias(name) => builder.alias(at, name)?,
            Event::Scalar { anchor, tag, text, plain } => {
                let style = if plain { Style::Open } else { Style::Quoted };
                builder.scalar(at, anchor, tag.as_deref(), style, &text)?;
            }
            Event::SequenceStart { anchor } => builder.open(at, anchor, false)?,
            Event::MappingStart { anchor } => builder.open(at, anchor, true)?,
            Event::Close => builder.close()?,
        }
    }
}

/// The first character that YAML does not allow.
fn forbidden(text: &str, start: usize, line: u32) -> Option<Fault> {
    let rest = text.get(start..)?;
    let suspect = |byte: u8| {
        byte < 0x20 && !matches!(byte, 9 | 10 | 13) || matches!(byte, 0x7f | 0xc2 | 0xef)
    };
    if !rest.bytes().any(suspect) {
        return None;
    }
    let found = rest.char_indices().find(|(_, character)| {
        matches!(
            character,
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}'
                | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'
        )
    });
    let (at, character) = found?;
    let message = format!("a control character (U+{:04X}); remove it", u32::from(character));
    Some(Fault::certain(Cursor::new(text, start + at, line).pos(), message))
}

/// A value on its way into the tree.
#[derive(Clone)]
struct Built {
    pos: Pos,
    content: Content,
    /// Values inside, itself included, aliases expanded.
    size: usize,
    /// Arrays and objects inside each other.
    height: usize,
}

#[derive(Clone)]
enum Content {
    Value(Value),
    NotFinite(f64),
    /// A plain `<<`, which means merging when it is a key.
    Merge,
}

impl Built {
    fn finite(self) -> Result<Node, Fault> {
        let value = match self.content {
            Content::Value(value) => value,
            Content::Merge => Value::String("<<".into()),
            Content::NotFinite(_) => {
                let message = "infinity or not-a-number, which JSON cannot hold; quote it";
                return Err(Fault::certain(self.pos, message));
            }
        };
        Ok(Node { pos: self.pos, value })
    }
}

/// An array or object that is still open.
struct Frame {
    pos: Pos,
    anchor: Option<usize>,
    size: usize,
    height: usize,
    kind: FrameKind,
}

enum FrameKind {
    Sequence(Vec<Node>),
    Mapping { mapping: Mapping, key: Option<Key> },
}

enum Key {
    Merge,
    Name(Arc<str>, Pos),
}

struct Builder<'l> {
    limits: &'l Limits,
    budget: &'l mut Budget,
    frames: Vec<Frame>,
    /// The latest anchor of each name, and what each anchor holds once it is complete.
    names: HashMap<String, usize>,
    anchored: Vec<Option<Built>>,
    expanded: usize,
    root: Option<Built>,
}

impl<'l> Builder<'l> {
    fn new(limits: &'l Limits, budget: &'l mut Budget) -> Builder<'l> {
        Builder {
            limits,
            budget,
            frames: Vec::new(),
            names: HashMap::new(),
            anchored: Vec::new(),
            expanded: 0,
            root: None,
        }
    }

    fn anchor(&mut self, name: Option<&str>) -> Option<usize> {
        let name = name?;
        self.anchored.push(None);
        self.names.insert(name.to_owned(), self.anchored.len() - 1);
        Some(self.anchored.len() - 1)
    }

    fn open(&mut self, pos: Pos, anchor: Option<&str>, mapping: bool) -> Result<(), Fault> {
        if self.expects_key() {
            return Err(complex_key(pos));
        }
        if self.frames.len() >= self.limits.max_depth {
            return Err(Fault::too_deep(pos, self.limits.max_depth));
        }
        self.budget.take(pos)?;
        let anchor = self.anchor(anchor);
        let kind = if mapping {
            FrameKind::Mapping { mapping: Mapping::default(), key: None }
        } else {
            FrameKind::Sequence(Vec::new())
        };
        self.frames.push(Frame { pos, anchor, size: 1, height: 1, kind });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let value = match frame.kind {
            FrameKind::Sequence(items) => Value::Array(Arc::new(items)),
            FrameKind::Mapping { mapping, .. } => Value::Object(Arc::new(mapping.finish())),
        };
        let content = Content::Value(value);
        let built = Built { pos: frame.pos, content, size: frame.size, height: frame.height };
        self.complete(frame.anchor, built)
    }

    fn scalar(
        &mut self,
        pos: Pos,
        anchor: Option<&str>,
        tag: Option<&str>,
        style: Style,
        text: &str,
    ) -> Result<(), Fault> {
        if !self.expects_key() {
            self.budget.take(pos)?;
        }
        let merge = text == "<<"
            && match tag {
                None => style == Style::Open,
                Some(tag) => matches!(tag, "!" | "tag:yaml.org,2002:merge"),
            };
        let content = if merge {
            Content::Merge
        } else {
            match resolve(tag, style, text).map_err(|message| Fault::new(pos, message))? {
                Resolved::Value(value) => Content::Value(value),
                Resolved::NotFinite(number) => Content::NotFinite(number),
            }
        };
        let anchor = self.anchor(anchor);
        self.complete(anchor, Built { pos, content, size: 1, height: 0 })
    }

    fn alias(&mut self, pos: Pos, name: &str) -> Result<(), Fault> {
        self.budget.take(pos)?;
        let Some(id) = self.names.get(name) else {
            let message = format!("the alias *{name} has no anchor &{name} before it; add one");
            return Err(Fault::new(pos, message));
        };
        let Some(built) = self.anchored.get(*id).cloned().flatten() else {
            let message = format!("the anchor &{name} contains itself; write the value out");
            return Err(Fault::certain(pos, message));
        };
        self.expanded = self.expanded.saturating_add(built.size);
        if self.expanded > self.limits.max_alias_nodes {
            let message = format!(
                "aliases stand for more than {} values; write the document out",
                self.limits.max_alias_nodes
            );
            return Err(Fault::certain(pos, message));
        }
        if self.frames.len() + built.height > self.limits.max_depth {
            return Err(Fault::too_deep(pos, self.limits.max_depth));
        }
        // Where a key stands a mistake is reported at the alias, elsewhere at the text itself.
        if self.expects_key() {
            // An alias never merges, even where it stands for <<.
            let content = match built.content {
                Content::Merge => Content::Value(Value::String("<<".into())),
                content => content,
            };
            return self.add(Built { pos, content, ..built });
        }
        self.add(built)
    }

    fn complete(&mut self, anchor: Option<usize>, built: Built) -> Result<(), Fault> {
        if let Some(slot) = anchor.and_then(|id| self.anchored.get_mut(id)) {
            *slot = Some(built.clone());
        }
        self.add(built)
    }

    fn expects_key(&self) -> bool {
        let frame = self.frames.last();
        frame.is_some_and(|frame| matches!(frame.kind, FrameKind::Mapping { key: None, .. }))
    }

    /// Puts a value where the innermost open array or object expects one.
    fn add(&mut self, built: Built) -> Result<(), Fault> {
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(built);
            return Ok(());
        };
        frame.size = frame.size.saturating_add(built.size);
        frame.height = frame.height.max(built.height + 1);
        match &mut frame.kind {
            FrameKind::Sequence(items) => items.push(built.finite()?),
            FrameKind::Mapping { mapping, key } => match key.take() {
                None => *key = Some(as_key(built)?),
                Some(Key::Merge) => mapping.merge(&built.finite()?)?,
                Some(Key::Name(key, pos)) => {
                    mapping.set(Entry { key, pos, node: built.finite()? })?;
                }
            },
        }
        Ok(())
    }
}

fn complex_key(pos: Pos) -> Fault {
    Fault::new(pos, "a mapping or a list as a key, which JSON cannot hold; use a string")
}

fn as_key(built: Built) -> Result<Key, Fault> {
    let pos = built.pos;
    let name: Arc<str> = match built.content {
        Content::Merge => return Ok(Key::Merge),
        Content::NotFinite(number) => gotext::key(number).into(),
        Content::Value(Value::String(text)) => text,
        Content::Value(Value::Bool(true)) => "true".into(),
        Content::Value(Value::Bool(false)) => "false".into(),
        Content::Value(Value::Int(number)) => number.to_string().into(),
        Content::Value(Value::Float(number)) => gotext::key(number).into(),
        Content::Value(Value::UInt(_)) => {
            return Err(Fault::new(pos, "a number above 2^63 as a key; quote it"));
        }
        Content::Value(Value::Null) => {
            return Err(Fault::new(pos, "an empty or null key; name it, or quote it"));
        }
        Content::Value(Value::Array(_) | Value::Object(_)) => return Err(complex_key(pos)),
    };
    Ok(Key::Name(name, pos))
}
