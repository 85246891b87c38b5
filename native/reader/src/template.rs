//! Unresolved templates: `{{ … }}` that a renderer should have replaced.

use crate::node::{Node, Pos};
use crate::problem::Fault;

const ADVICE: &str = "an unresolved template ({{ … }}); render it first, for example with \
                      `helm template`, and check what comes out";

/// The fault of a text that could not be parsed: a template's, when the text holds one.
pub(crate) fn explain(text: &str, first_line: u32, fault: Fault) -> Fault {
    if fault.certain {
        return fault;
    }
    match place(text, first_line) {
        Some(pos) => Fault::certain(pos, ADVICE),
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

/// The place of the first `{{` that stands where a key or a value starts, so not in a text.
fn place(text: &str, first_line: u32) -> Option<Pos> {
    let mut line_number = first_line;
    for line in text.split('\n') {
        let found = line.match_indices("{{").map(|(at, _)| line.get(..at).unwrap_or_default());
        if let Some(before) = found.into_iter().find(|before| starts_value(before)) {
            let column = u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX);
            return Some(Pos { line: line_number, column });
        }
        line_number = line_number.saturating_add(1);
    }
    None
}

fn starts_value(before: &str) -> bool {
    let before = before.trim();
    before.is_empty() || !before.starts_with('#') && before.ends_with([':', '-', '[', ',', '}'])
}
