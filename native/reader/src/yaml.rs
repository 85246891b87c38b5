//! YAML as `sigs.k8s.io/yaml` understands it, strictly.

use std::collections::HashMap;
use std::sync::Arc;

use libyaml_safer::{EventData, Mark, Parser, ScalarStyle};

use crate::gotext;
use crate::json::too_deep;
use crate::node::{Entry, Node, Pos, Value};
use crate::problem::Fault;
use crate::read::Limits;
use crate::resolve::{resolve, Resolved, Style};

/// Reads all documents of a text whose first line is `line`; after a fault nothing more is read.
pub(crate) fn parse(
    text: &str,
    line: u32,
    limits: &Limits,
    sink: &mut dyn FnMut(Result<Node, Fault>),
) {
    let mut input = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    let mut builder = Builder::new(limits);
    loop {
        let event = match parser.parse() {
            Ok(event) => event,
            Err(error) => {
                let mark = error.problem_mark().or(error.context_mark()).unwrap_or_default();
                return sink(Err(Fault::new(pos(mark, line), format!("not YAML: {error}"))));
            }
        };
        let at = pos(event.start_mark, line);
        let step = match event.data {
            EventData::StreamEnd => return,
            EventData::StreamStart { .. } => Ok(()),
            EventData::DocumentStart { .. } => {
                builder = Builder::new(limits);
                Ok(())
            }
            EventData::DocumentEnd { .. } => {
                if let Some(root) = builder.root.take() {
                    sink(root.finite());
                }
                Ok(())
            }
            EventData::Alias { anchor } => builder.alias(at, &anchor),
            EventData::Scalar { anchor, tag, value, plain_implicit, style, .. } => {
                let style = match style {
                    ScalarStyle::Plain => Style::Open,
                    _ if plain_implicit => Style::Open,
                    _ => Style::Quoted,
                };
                builder.scalar(at, anchor, tag.as_deref(), style, &value)
            }
            EventData::SequenceStart { anchor, .. } => builder.open(at, anchor, false),
            EventData::MappingStart { anchor, .. } => builder.open(at, anchor, true),
            EventData::SequenceEnd | EventData::MappingEnd => builder.close(),
        };
        if let Err(fault) = step {
            return sink(Err(fault));
        }
    }
}

fn pos(mark: Mark, first: u32) -> Pos {
    let line = u32::try_from(mark.line).unwrap_or(u32::MAX).saturating_add(first);
    let column = u32::try_from(mark.column).unwrap_or(u32::MAX).saturating_add(1);
    Pos { line, column }
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
                return Err(Fault::new(self.pos, message));
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

struct Builder<'a> {
    limits: &'a Limits,
    frames: Vec<Frame>,
    /// The latest anchor of each name, and what each anchor holds once it is complete.
    names: HashMap<String, usize>,
    anchored: Vec<Option<Built>>,
    expanded: usize,
    root: Option<Built>,
}

impl<'a> Builder<'a> {
    fn new(limits: &'a Limits) -> Builder<'a> {
        Builder {
            limits,
            frames: Vec::new(),
            names: HashMap::new(),
            anchored: Vec::new(),
            expanded: 0,
            root: None,
        }
    }

    fn anchor(&mut self, name: Option<String>) -> Option<usize> {
        let name = name?;
        self.anchored.push(None);
        self.names.insert(name, self.anchored.len() - 1);
        Some(self.anchored.len() - 1)
    }

    fn open(&mut self, pos: Pos, anchor: Option<String>, mapping: bool) -> Result<(), Fault> {
        if self.expects_key() {
            return Err(complex_key(pos));
        }
        if self.frames.len() >= self.limits.max_depth {
            return Err(Fault::new(pos, too_deep(self.limits)));
        }
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
        anchor: Option<String>,
        tag: Option<&str>,
        style: Style,
        text: &str,
    ) -> Result<(), Fault> {
        let merge = text == "<<"
            && (tag.is_none() && style == Style::Open || tag == Some("tag:yaml.org,2002:merge"));
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
        let Some(id) = self.names.get(name) else {
            let message = format!("the alias *{name} has no anchor &{name} before it; add one");
            return Err(Fault::new(pos, message));
        };
        let Some(built) = self.anchored.get(*id).cloned().flatten() else {
            let message = format!("the anchor &{name} contains itself; write the value out");
            return Err(Fault::new(pos, message));
        };
        self.expanded = self.expanded.saturating_add(built.size);
        if self.expanded > self.limits.max_alias_nodes {
            let message = format!(
                "aliases stand for more than {} values; write the document out",
                self.limits.max_alias_nodes
            );
            return Err(Fault::new(pos, message));
        }
        if self.frames.len() + built.height > self.limits.max_depth {
            return Err(Fault::new(pos, too_deep(self.limits)));
        }
        // Where a key stands a mistake is reported at the alias, elsewhere at the text itself.
        if self.expects_key() {
            return self.add(Built { pos, ..built });
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

/// An object under construction. As in go-yaml v2 what comes later wins, be it merged or written;
/// only a key that is written twice is an error.
#[derive(Default)]
struct Mapping {
    entries: Vec<Entry>,
    /// For each entry, whether it was written here (and not merged).
    written: Vec<bool>,
    /// The place of each key in `entries`, kept from the size on at which a scan would cost more.
    index: HashMap<Arc<str>, usize>,
}

const SCANNED: usize = 12;

impl Mapping {
    fn position(&self, key: &str) -> Option<usize> {
        if self.entries.len() > SCANNED {
            self.index.get(key).copied()
        } else {
            self.entries.iter().position(|entry| &*entry.key == key)
        }
    }

    fn set(&mut self, entry: Entry) -> Result<(), Fault> {
        match self.position(&entry.key) {
            Some(at) if self.written.get(at) == Some(&true) => {
                let key: String = entry.key.chars().take(80).collect();
                let message = format!("the key {key:?} is there twice; remove one of them");
                Err(Fault::new(entry.pos, message))
            }
            found => {
                self.put(found, entry, true);
                Ok(())
            }
        }
    }

    fn put(&mut self, found: Option<usize>, entry: Entry, written: bool) {
        if let Some(at) = found {
            if let (Some(old), Some(flag)) = (self.entries.get_mut(at), self.written.get_mut(at)) {
                *old = entry;
                *flag |= written;
            }
            return;
        }
        if self.entries.len() == SCANNED {
            let keys = self.entries.iter().map(|entry| entry.key.clone());
            self.index = keys.zip(0..).collect();
        }
        if self.entries.len() >= SCANNED {
            self.index.insert(entry.key.clone(), self.entries.len());
        }
        self.entries.push(entry);
        self.written.push(written);
    }

    fn merge(&mut self, node: &Node) -> Result<(), Fault> {
        match &node.value {
            Value::Object(entries) => {
                for entry in entries.iter() {
                    self.put(self.position(&entry.key), entry.clone(), false);
                }
            }
            Value::Array(items) if items.iter().all(Node::is_object) => {
                for item in items.iter().rev() {
                    self.merge(item)?;
                }
            }
            _ => {
                let message = "<< takes a mapping, or a list of mappings; give it one";
                return Err(Fault::new(node.pos, message));
            }
        }
        Ok(())
    }

    fn finish(self) -> Vec<Entry> {
        self.entries
    }
}
