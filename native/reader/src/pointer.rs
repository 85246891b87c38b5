//! JSON pointers (RFC 6901) into a document.

use std::borrow::Cow;

use crate::node::{Node, Pos, Value};

/// The value at a JSON pointer, or `None` when there is none.
pub fn find<'a>(root: &'a Node, pointer: &str) -> Option<&'a Node> {
    let mut node = root;
    for segment in segments(pointer) {
        node = step(node, &segment)?.0;
    }
    Some(node)
}

/// The place of the value at a JSON pointer.
///
/// Where a segment does not exist (a missing field) this is the place of the deepest ancestor that
/// does: of its key when it is the member of an object, else of its value.
pub fn place(root: &Node, pointer: &str) -> Pos {
    let mut node = root;
    let mut key = root.pos;
    for segment in segments(pointer) {
        match step(node, &segment) {
            Some((next, pos)) => (node, key) = (next, pos),
            None => return key,
        }
    }
    node.pos
}

fn segments(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(|segment| {
        if segment.contains('~') {
            Cow::Owned(segment.replace("~1", "/").replace("~0", "~"))
        } else {
            Cow::Borrowed(segment)
        }
    })
}

/// One level down: the value, and the place of its key (of itself in an array).
fn step<'a>(node: &'a Node, segment: &str) -> Option<(&'a Node, Pos)> {
    match &node.value {
        Value::Object(_) => node.entry(segment).map(|entry| (&entry.node, entry.pos)),
        Value::Array(items) => {
            let item = items.get(index(segment)?)?;
            Some((item, item.pos))
        }
        _ => None,
    }
}

fn index(segment: &str) -> Option<usize> {
    let canonical = segment == "0" || !segment.starts_with('0');
    let digits = segment.bytes().all(|byte| byte.is_ascii_digit());
    if canonical && digits {
        segment.parse().ok()
    } else {
        None
    }
}
