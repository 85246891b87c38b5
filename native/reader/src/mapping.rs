//! Objects under construction.

use std::collections::HashMap;
use std::sync::Arc;

use crate::node::{Entry, Node, Value};
use crate::problem::Fault;

/// An object under construction. As in go-yaml v2 what comes later wins, be it merged or written;
/// only a key that is written twice is an error.
#[derive(Default)]
pub(crate) struct Mapping {
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

    /// Adds a member that is written here.
    pub fn set(&mut self, entry: Entry) -> Result<(), Fault> {
        match self.position(&entry.key) {
            Some(at) if self.written.get(at) == Some(&true) => {
                let key: String = entry.key.chars().take(80).collect();
                let message = format!("the key {key:?} is there twice; remove one of them");
                Err(Fault::certain(entry.pos, message))
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

    /// Adds the members of another object, or of several.
    pub fn merge(&mut self, node: &Node) -> Result<(), Fault> {
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

    pub fn finish(self) -> Vec<Entry> {
        self.entries
    }
}
