//! The bytes of one file into documents.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::budget::Budget;
use crate::classify::{classify, Kind};
use crate::json::{self, Stop};
use crate::node::{Node, Pos, Value};
use crate::problem::{Fault, Problem};
use crate::split::{split, Chunk};
use crate::{template, yaml};

/// A document that was read.
#[derive(Clone, Debug)]
pub struct Document {
    /// The 0-based position in the file, of documents that are not empty and of those that failed.
    pub index: usize,
    pub root: Node,
    /// What `# Source: chart/templates/x.yaml` above the document says, as `helm template` writes.
    pub source: Option<String>,
    pub kind: Kind,
}

/// What a document may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a file.
    pub max_bytes: usize,
    /// Arrays and objects inside each other.
    pub max_depth: usize,
    /// Values of one document. A value of two bytes takes eighty in memory.
    pub max_nodes: usize,
    /// Values of all documents of a file, which are held together.
    pub max_file_nodes: usize,
    /// Values that the aliases of one document stand for, all together.
    pub max_alias_nodes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_bytes: 128 << 20,
            max_depth: 256,
            max_nodes: 2_000_000,
            max_file_nodes: 8_000_000,
            max_alias_nodes: 400_000,
        }
    }
}

/// Reads the documents of a file, in order, each on its own: a bad one hides no other.
///
/// `name` is the file's name: its extension and stem decide what is tried (see [`Kind`]). Empty
/// documents and null are left out. A root array of objects is read as these objects.
pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Vec<Result<Document, Problem>> {
    if bytes.len() > limits.max_bytes {
        let message = too_large(limits.max_bytes);
        return vec![Err(Problem { document: None, pos: Pos::START, message })];
    }
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(message) => return vec![Err(Problem { document: None, pos: Pos::START, message })],
    };
    let mut reader = Reader { name, limits, budget: Budget::new(limits), out: Vec::new() };
    for chunk in split(&text) {
        reader.chunk(&chunk);
        if reader.budget.is_spent() {
            break;
        }
    }
    reader.out
}

/// The bytes of a file; of a larger one, `limit` bytes and one more.
pub fn read_file(path: &Path, limit: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What to say of a file with more than `limit` bytes.
fn too_large(limit: usize) -> String {
    format!("the file has more than the limit of {limit} bytes; split it")
}

/// UTF-16 with its mark as UTF-8 without it; anything else as it is.
fn decode(bytes: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return Ok(Cow::Borrowed(bytes)),
    };
    let broken = "the file starts as UTF-16 and is not; save it as UTF-8";
    let (pairs, rest) = bytes.split_at(bytes.len() / 2 * 2);
    if !rest.is_empty() {
        return Err(broken.into());
    }
    let units = pairs.chunks_exact(2).skip(1).filter_map(|pair| pair.try_into().ok()).map(unit);
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.map(|text| Cow::Owned(text.into_bytes())).map_err(|_| broken.into())
}

/// The byte order mark of UTF-8.
const MARK: char = '\u{feff}';

struct Reader<'a> {
    name: &'a str,
    limits: &'a Limits,
    budget: Budget,
    out: Vec<Result<Document, Problem>>,
}

impl Reader<'_> {
    fn chunk(&mut self, chunk: &Chunk<'_>) {
        let text = match std::str::from_utf8(chunk.bytes) {
            Ok(text) => text,
            Err(error) => {
                let valid = chunk.bytes.get(..error.valid_up_to()).unwrap_or_default();
                let pos = end_of(&String::from_utf8_lossy(valid), chunk.line);
                return self
                    .fail(Fault::new(pos, "a byte that is not UTF-8; save the file as UTF-8"));
            }
        };
        let rest = text.strip_prefix(MARK).unwrap_or(text);
        // kubectl drops one mark, and not behind a separator that it keeps.
        if rest.starts_with(MARK) || chunk.marked && rest.len() < text.len() {
            let pos = Pos { line: chunk.line, column: 1 };
            return self.fail(Fault::new(pos, "a byte order mark inside the file; remove it"));
        }
        self.text(rest, chunk.line);
    }

    fn text(&mut self, text: &str, line: u32) {
        let source = source(text);
        let is_json = self.name.to_ascii_lowercase().ends_with(".json");
        if !is_json && !text.trim_start().starts_with(['{', '[']) {
            return self.yaml(text, 0, line, source);
        }
        let stream = json::parse(text, line, self.limits, &mut self.budget);
        for value in stream.values {
            self.root(value, None);
        }
        match stream.stop {
            None => (),
            Some(Stop::Refused(fault)) => self.fail(fault),
            Some(Stop::Syntax { fault, .. }) if is_json => {
                self.fail(template::explain(text, line, fault));
            }
            Some(Stop::Syntax { at, fault }) => {
                if text.get(at..).is_some_and(|rest| rest.starts_with(MARK)) {
                    return self.fail(Fault::new(
                        fault.pos,
                        "a byte order mark inside the file; remove it",
                    ));
                }
                self.yaml(text, at, line, source);
            }
        }
    }

    /// YAML from the byte `start` on.
    fn yaml(&mut self, text: &str, start: usize, line: u32, mut source: Option<String>) {
        let mut budget = self.budget;
        yaml::parse(text, start, line, self.limits, &mut budget, &mut |result| match result {
            Ok(root) => self.root(root, source.take()),
            Err(fault) => self.fail(template::explain(text, line, fault)),
        });
        self.budget = budget;
    }

    fn fail(&mut self, fault: Fault) {
        self.out.push(Err(fault.at_document(self.out.len())));
    }

    fn root(&mut self, root: Node, source: Option<String>) {
        if matches!(root.value, Value::Null) {
            return;
        }
        let mut objects = Vec::new();
        flatten(&root, &mut objects);
        if root.is_object() || objects.is_empty() {
            return self.document(root, source);
        }
        let skipped = |object: &Node| {
            matches!(classify(self.name, object.clone()).0, Kind::Skipped(_) | Kind::HelmValues)
        };
        if objects.iter().all(skipped) {
            return self.document(root, source);
        }
        for object in objects {
            self.document(object, source.clone());
        }
    }

    fn document(&mut self, root: Node, source: Option<String>) {
        if let Err(fault) = template::check_type(&root) {
            return self.fail(fault);
        }
        let (kind, root) = classify(self.name, root);
        let index = self.out.len();
        self.out.push(Ok(Document { index, root, source, kind }));
    }
}

/// The objects of arrays in arrays.
fn flatten(node: &Node, objects: &mut Vec<Node>) {
    for item in node.items() {
        if item.is_object() {
            objects.push(item.clone());
        }
        flatten(item, objects);
    }
}

/// What the comment `# Source:` above the first value says.
fn source(text: &str) -> Option<String> {
    let comments = text.lines().take_while(|line| line.is_empty() || line.starts_with('#'));
    let mut found = comments.filter_map(|line| line.strip_prefix("# Source:"));
    found.next().map(|source| source.trim().to_owned()).filter(|source| !source.is_empty())
}

/// The place just after a text that starts on `line`.
fn end_of(text: &str, line: u32) -> Pos {
    let breaks = text.bytes().filter(|byte| *byte == b'\n').count();
    let last = text.rsplit('\n').next().unwrap_or_default();
    let line = line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
    Pos { line, column: u32::try_from(last.chars().count() + 1).unwrap_or(u32::MAX) }
}
