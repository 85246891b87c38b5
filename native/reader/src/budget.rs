//! How many values a file may still hold.

use crate::node::Pos;
use crate::problem::Fault;
use crate::read::Limits;

#[derive(Clone, Copy)]
pub(crate) struct Budget {
    limits: Limits,
    document: usize,
    file: usize,
}

impl Budget {
    pub fn new(limits: &Limits) -> Budget {
        Budget { limits: *limits, document: 0, file: 0 }
    }

    /// A document starts here.
    pub fn start(&mut self) {
        self.document = 0;
    }

    /// Counts the value at `pos`.
    pub fn take(&mut self, pos: Pos) -> Result<(), Fault> {
        self.document += 1;
        self.file += 1;
        let (whole, limit) = if self.is_spent() {
            ("file", self.limits.max_file_nodes)
        } else if self.document > self.limits.max_nodes {
            ("document", self.limits.max_nodes)
        } else {
            return Ok(());
        };
        Err(Fault::certain(pos, format!("the {whole} has more than {limit} values; split it")))
    }

    /// Whether the file holds more than it may, so that nothing more of it is read.
    pub fn is_spent(&self) -> bool {
        self.file > self.limits.max_file_nodes
    }
}
