//! What tasks found, and how it becomes one answer.

use policylib_reader::Pos;
use serde_json::{json, Value as Json};

/// What one task found.
#[derive(Default)]
pub struct Outcome {
    pub source: usize,
    /// Whether this task was the reading of a source.
    pub read: bool,
    pub documents: usize,
    pub skipped: Vec<Json>,
    pub errors: Vec<Json>,
    pub violations: Vec<Json>,
}

impl Outcome {
    pub fn fail(&mut self, document: Option<usize>, pos: Pos, message: &str) {
        self.errors.push(json!({
            "document": document, "line": pos.line, "column": pos.column, "message": message,
        }));
    }
}

/// All outcomes as one JSON object, in the order of the `sources` and of their text; every entry
/// names its source by index. A source that was not read once is a mistake of this library, and
/// must not pass as one without violations.
pub fn merge(outcomes: Vec<Outcome>, sources: usize) -> Result<Json, String> {
    let mut reads = vec![0_usize; sources];
    let mut documents = 0;
    let (mut skipped, mut errors, mut violations) = (Vec::new(), Vec::new(), Vec::new());
    for outcome in outcomes {
        match reads.get_mut(outcome.source) {
            Some(count) => *count += usize::from(outcome.read),
            None => return Err(format!("there is no source {}", outcome.source)),
        }
        let tag = |mut entry: Json| {
            if let Json::Object(fields) = &mut entry {
                fields.insert("source".to_owned(), json!(outcome.source));
            }
            entry
        };
        documents += outcome.documents;
        skipped.extend(outcome.skipped.into_iter().map(tag));
        errors.extend(outcome.errors.into_iter().map(tag));
        violations.extend(outcome.violations.into_iter().map(tag));
    }
    if let Some(source) = reads.iter().position(|count| *count != 1) {
        return Err(format!("source {source} was not read exactly once"));
    }
    for entries in [&mut skipped, &mut errors, &mut violations] {
        entries.sort_by_cached_key(order);
    }
    Ok(json!({
        "documents": documents, "skipped": skipped, "errors": errors, "violations": violations,
    }))
}

/// Source, document (none first), line, column; then what else there is.
fn order(entry: &Json) -> ([Option<u64>; 4], String) {
    let number = |name: &str| entry.get(name).and_then(Json::as_u64);
    let place = ["source", "document", "line", "column"].map(number);
    (place, entry.to_string())
}
