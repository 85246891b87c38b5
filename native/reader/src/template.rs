//! Unresolved templates: `{{ … }}` that a renderer should have replaced.

use crate::node::{Node, Pos};
use crate::problem::Fault;

const ADVICE: &str = "an unresolved template ({{ … }}); render it first, for example with \
                      `helm template`, and check what comes out";

/// The fault of a text that could not be parsed: a template's, when the text holds one.
pub(crate) fn explain(text: &str, first_line: u32, fault: Fault) -> Fault {
    match place(text, first_line) {
        Some(pos) => Fault::new(pos, ADVICE),
        None => fault,
    }
}

/// A document whose very type is a template cannot be judged.
pub(crate) fn check_type(root: &Node) -> Result<(), Fault> {
    for key in ["apiVersion", "kind"] {
        if let Some(node) = root.get(key) {
            if node.text().is_some_and(|text| text.contains("{{")) {
                return Err(Fault::new(node.pos, ADVICE));
            }
        }
    }
    Ok(())
}

/// The place of the first `{{` that a `}}` closes, outside comments that fill a line.
fn place(text: &str, first_line: u32) -> Option<Pos> {
    let mut line_number = first_line;
    for line in text.split('\n') {
        if let (Some(at), false) = (line.find("{{"), line.trim_start().starts_with('#')) {
            let column = line.get(..at)?.chars().count() + 1;
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            return Some(Pos { line: line_number, column });
        }
        line_number = line_number.saturating_add(1);
    }
    None
}
