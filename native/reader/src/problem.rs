//! Why a document could not be read.

use crate::node::Pos;

/// A document, or a whole file, that could not be read: where, what happened, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The 0-based position of the document in its file; `None` when the file itself failed.
    pub document: Option<usize>,
    pub pos: Pos,
    pub message: String,
}

/// A problem whose document is not yet numbered.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub pos: Pos,
    pub message: String,
    /// Whether this is the cause itself, and not what a template left behind.
    pub certain: bool,
}

impl Fault {
    pub fn new(pos: Pos, message: impl Into<String>) -> Fault {
        Fault { pos, message: message.into(), certain: false }
    }

    pub fn certain(pos: Pos, message: impl Into<String>) -> Fault {
        Fault { certain: true, ..Fault::new(pos, message) }
    }

    pub fn too_deep(pos: Pos, levels: usize) -> Fault {
        Fault::certain(pos, format!("nested deeper than {levels} levels; flatten it"))
    }

    pub fn at_document(self, document: usize) -> Problem {
        Problem { document: Some(document), pos: self.pos, message: self.message }
    }
}
