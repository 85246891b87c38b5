//! The tree of values that a document is read into.

use std::sync::Arc;

/// A place in a file: line and column, both 1-based, the column counted in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pos {
    pub line: u32,
    pub column: u32,
}

impl Pos {
    /// The first character of a file.
    pub const START: Pos = Pos { line: 1, column: 1 };
}

/// A value and the place where its text starts.
///
/// A value that an alias stands for keeps the place of the anchored text.
#[derive(Clone, Debug)]
pub struct Node {
    pub pos: Pos,
    pub value: Value,
}

/// What JSON can hold. Arrays and objects are shared, so an alias costs one pointer.
#[derive(Clone, Debug)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// An integer above `i64::MAX`.
    UInt(u64),
    /// Always finite.
    Float(f64),
    String(Arc<str>),
    Array(Arc<Vec<Node>>),
    /// Keys are unique; the order is that of the text.
    Object(Arc<Vec<Entry>>),
}

/// A member of an object: its key, the place of the key, and the value.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Arc<str>,
    pub pos: Pos,
    pub node: Node,
}

impl Node {
    /// The members of an object; none for any other value.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The items of an array; none for any other value.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::Array(items) => items,
            _ => &[],
        }
    }

    /// The member `key` of an object.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| &*entry.key == key)
    }

    /// The value of the member `key` of an object.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn is_object(&self) -> bool {
        matches!(self.value, Value::Object(_))
    }

    pub(crate) fn string(pos: Pos, text: &str) -> Node {
        Node { pos, value: Value::String(text.into()) }
    }

    pub(crate) fn object(pos: Pos, entries: Vec<Entry>) -> Node {
        Node { pos, value: Value::Object(Arc::new(entries)) }
    }
}
